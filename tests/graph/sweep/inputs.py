"""A drawn graph: its text, what it is differentiated by, and values for its inputs that keep it out of trouble."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any
_CONSTANT, _SIZE = re.compile(r"\b(?:ones|zeros|eye|unit|onehot|reshape)\([^()]*\)"), re.compile(r"\b[nmk]\b")
Shape = tuple[str, ...]  # sizes are letters while a graph is drawn: ("n", "m"), or "1"


@dataclass(frozen=True)
class Drawn:
    """A graph as text, the names to differentiate by, and the shape and the kind of every input.

    `body` is the text without shape lines; with `letters` these hold letters, and each of `sizes` says what the letters
    stand for, else there is one of them, and it is written in.
    """

    seed: int
    body: str
    wrt: tuple[str, ...]
    inputs: Mapping[str, tuple[Shape, str]]
    sizes: tuple[Mapping[str, int], ...]
    letters: bool = False

    @property
    def text(self) -> str:
        return self._with({} if self.letters else self.sizes[0])

    def with_numbers(self, sizes: Mapping[str, int]) -> str:
        """Return the text with numbers for the letters of its shape lines."""
        return self._with(sizes)

    def _with(self, sizes: Mapping[str, int]) -> str:
        shapes = {name: " x ".join(str(sizes.get(size, size)) for size in s) for name, (s, _) in self.inputs.items()}
        body = _CONSTANT.sub(lambda found: _SIZE.sub(lambda one: str(sizes.get(one[0], one[0])), found[0]), self.body)
        return "\n".join([*(f"{name}: {shape}" for name, shape in shapes.items()), body])

    def values(self, which: int, sizes: Mapping[str, int]) -> dict[str, Array]:
        """Return values for the inputs where the letters stand for these sizes, the same for the same number."""
        source = np.random.default_rng([self.seed, which])
        shapes = {name: (tuple(_length(size, sizes) for size in s), kind) for name, (s, kind) in self.inputs.items()}
        return {name: value_of(kind, source, shape, sizes) for name, (shape, kind) in shapes.items()}


def _length(size: str, sizes: Mapping[str, int]) -> int:
    return int(size) if size.isdigit() else sizes[size]


def value_of(kind: str, source: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """Return a value of a kind; `classes m` are whole numbers below the size m."""
    word, _, letter = kind.partition(" ")
    return source.integers(sizes[letter], size=shape) if word == "classes" else KINDS[kind](source, shape)


# --- values of the inputs --------------------------------------------------------------------------------------------


def positive(source: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return entries between 0.3 and 1.7, which may stand under a root and below a line."""
    return source.uniform(0.3, 1.7, shape)


def well_conditioned(source: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return a square matrix with a large diagonal."""
    return source.uniform(-0.5, 0.8, shape) + 3 * np.eye(shape[0])


def symmetric(source: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return a symmetric matrix with a large diagonal."""
    half = well_conditioned(source, shape)
    return (half + half.T) / 2


def probabilities(source: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return rows that sum to 1: one-hot ones, or ones without a 0."""
    if source.random() < 0.5:
        return np.eye(shape[-1])[source.integers(shape[-1], size=shape[:-1])]
    rows = source.uniform(0.3, 1.7, shape)
    return rows / rows.sum(axis=-1, keepdims=True)


def between(source: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return entries between 0.1 and 0.9."""
    return source.uniform(0.1, 0.9, shape)


def spread_out(source: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return entries of both signs, whose columns are hardly ever alike."""
    return source.normal(size=shape)


KINDS: dict[str, Callable[..., Array]] = {
    "positive": positive, "square": well_conditioned, "symmetric": symmetric, "probabilities": probabilities,
    "between": between, "spread out": spread_out,
}  # fmt: skip
