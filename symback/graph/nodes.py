"""The nodes of a graph: one operation each, in order, by number."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symback.tree import Tree

Shape = tuple[int, ...]


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
    """Return a shape as people write it: `3x2`, `2`, `scalar`."""
    return "x".join(map(str, shape)) if shape else "scalar"
