"""The parts of a product: their values, steps, and refusals that name both shapes."""

from __future__ import annotations

from typing import NamedTuple

from symback.expr.tree import Tree
from symback.products.arrays import Array


class Step(NamedTuple):
    """One operation: what is worked out, its result, and for a small one the sum that each entry is, row by row."""

    tree: Tree
    operands: tuple[Array, ...]
    result: Array
    sums: tuple[Tree, ...] = ()


Words = tuple[str | Tree, ...]  # plain words, and expressions between them


class Refused(Exception):
    """Two shapes do not fit; `words` name both."""

    def __init__(self, *words: str | Tree) -> None:
        super().__init__(*words)
        self.words: Words = words


class Worked(NamedTuple):
    """A part of the expression: as it is written, and its value."""

    tree: Tree
    array: Array

    @property
    def is_number(self) -> bool:
        return not self.array.shape

    @property
    def is_vector(self) -> bool:
        return len(self.array.shape) == 1


def counted(count: int, what: str) -> str:
    """Return a number of things in words.

    >>> counted(1, "column"), counted(3, "entry")
    ('1 column', '3 entries')
    """
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{count} {what if count == 1 else plural}"


def misfit(whole: Tree, left: Worked, right: Worked, reason: str) -> Refused:
    """Return the refusal of an operation on two parts, which names what both are."""
    shapes = (left.tree, f" is a {left.array.words}, ", right.tree, f" is a {right.array.words}")
    return Refused(whole, " does not exist: ", *shapes, f"; {reason}.")
