"""The nodes of a graph: one operation each, in order, by number."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symback.expr.tree import Tree


class Dim(int):
    """A size that is a letter, as n in `x: n`; its value is a sample, so that whatever needs a number can be run.

    It equals only the same letter: a sample never makes n fit what happens to be as long.

    >>> Dim("n", 3) == Dim("n", 4), Dim("n", 3) == 3, Dim("n", 3) == Dim("m", 3)
    (True, False, False)
    """

    letter: str

    def __new__(cls, letter: str, sample: int) -> Dim:
        made = super().__new__(cls, sample)
        made.letter = letter
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dim) and self.letter == other.letter

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(("size", self.letter))

    def __repr__(self) -> str:
        return self.letter

    __str__ = __repr__

    def __reduce__(self) -> tuple[object, ...]:
        return (Dim, (self.letter, int(self)))


Shape = tuple[int, ...]  # each size a number, or a Dim


@dataclass(frozen=True, slots=True)
class Node:
    """One operation: `id` is its position in the program, `inputs` are earlier positions.

    `name` is the user's name for it ("" for inner nodes), `params` what the operation needs besides its inputs (an
    axis, a shape), `value` the number of a constant, `tree` the node as an expression in named nodes, for labels.
    """

    id: int
    op: str
    inputs: tuple[int, ...]
    shape: Shape
    name: str = ""
    params: tuple[Any, ...] = ()
    value: Fraction | None = None
    tree: Tree | None = None


Program = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class GradientProgram:
    """The nodes of a graph followed by those of its gradients; `loss` and `gradients` say which are the results."""

    nodes: Program
    loss: int
    gradients: dict[str, int]


def shape_text(shape: Shape) -> str:
    """Return a shape as people write it: `3x2`, `2`, `m×n`, `scalar`."""
    if not any(isinstance(size, Dim) for size in shape):
        return "x".join(map(str, shape)) if shape else "scalar"
    sums = len(shape) > 1  # as in (m + n)×k
    return "×".join(f"({size})" if sums and " " in str(size) else str(size) for size in shape)
