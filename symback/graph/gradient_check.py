"""The gradient check: the gradients of a program beside central differences of its own loss."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symback.graph import numbers
from symback.graph.nodes import GradientProgram

LARGEST_CHECKED = 200  # entries of each input; of larger arrays so many are checked, evenly spread
LEAST_CHECKED = 4
WORK = 2_000_000  # entries worked out for each input's check; a large network is checked at fewer places
GOOD = 1e-6  # the worst relative error that rounding in float64 explains
STEP = 6e-6  # about the cube root of the rounding unit


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The verdict, the worst relative error, and the number of entries that were compared."""

    verdict: str
    worst_error: float
    points: int
    message: str = ""


def check_gradients(program: GradientProgram, values: Mapping[str, Any], names: Sequence[str]) -> GradientCheck:
    """Compare each gradient with (L(x + h) - L(x - h))/2h in float64, entry by entry.

    "unverified" where the loss is not finite, or where a kink lies so near that the two sides differ.
    """
    arrays = {name: np.array(value, dtype=float) for name, value in values.items()}
    found = numbers.run(program.nodes, arrays)
    base = float(found[program.loss])
    if not np.isfinite(base):
        return GradientCheck("unverified", float("nan"), 0, "The loss is not finite at this point.")
    size = sum(math.prod(node.shape) for node in program.nodes[: program.loss + 1])
    most = max(LEAST_CHECKED, min(LARGEST_CHECKED, WORK // max(size, 1)))
    worst, points, kinks = 0.0, 0, 0
    for name in names:
        gradient = np.broadcast_to(np.asarray(found[program.gradients[name]], dtype=float), arrays[name].shape)
        for place in _places(arrays[name].shape, most):
            slopes = _slopes(program, arrays, name, place, base)
            if abs(slopes[1] - slopes[2]) > 1e-3 * (1 + abs(slopes[0])):
                kinks += 1
                continue
            worst = max(worst, abs(slopes[0] - gradient[place]) / (1 + abs(slopes[0])))
            points += 1
    if not points:
        return GradientCheck("unverified", worst, 0, "There is nothing to compare." if not kinks else _AT_KINKS)
    verdict = "verified" if worst <= GOOD else "failed"
    return GradientCheck(verdict, float(worst), points, _AT_KINKS if kinks else "")


_AT_KINKS = "At a kink the two sides differ, so nothing is compared there."


def _places(shape: tuple[int, ...], most: int) -> list[tuple[int, ...]]:
    count = math.prod(shape)
    chosen = range(count) if count <= most else np.linspace(0, count - 1, most).astype(int)
    return [tuple(int(i) for i in np.unravel_index(k, shape)) if shape else () for k in chosen]


def _slopes(
    program: GradientProgram, arrays: dict[str, Any], name: str, place: tuple[int, ...], base: float
) -> tuple[float, float, float]:
    """Return the central slope and the slopes to the right and to the left."""
    original = float(arrays[name][place])
    h = STEP * max(1.0, abs(original))
    moved = {}
    for sign in (1, -1):
        shifted = arrays[name].copy()
        shifted[place] = original + sign * h
        moved[sign] = float(numbers.run(program.nodes[: program.loss + 1], {**arrays, name: shifted})[program.loss])
    return (moved[1] - moved[-1]) / (2 * h), (moved[1] - base) / h, (base - moved[-1]) / h
