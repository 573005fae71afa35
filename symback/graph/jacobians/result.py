"""Jacobians of vectors on a graph: the chain rule with matrices, in numerator or denominator layout.

In the numerator layout the Jacobian of y by x has a row for each entry of y, and the factors of the chain rule stand in
the order of the composition, dy/dc @ dc/dx. In the denominator layout it is transposed, and so is the order. A matrix x
counts as the row of its entries, row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from symback.content import ByContent
from symback.errors import ShapeError, UsageError
from symback.expr.rule import Derivation
from symback.expr.tree import Tree
from symback.graph.backward import node_of
from symback.graph.derivation.points import Point
from symback.graph.graph import Graph, canonical, shapes_of
from symback.graph.jacobians.checking import Checking
from symback.graph.jacobians.layout import LAYOUTS
from symback.graph.jacobians.paper import JacobianPaper
from symback.graph.jacobians.values import all_by_entries
from symback.graph.nodes import Dim, Shape, shape_text
from symback.graph.undefined import require_values
from symback.result import Result

MOST_ENTRIES = 256  # of the vector that is differentiated


@dataclass(frozen=True, eq=False, repr=False)
class ArrayJacobian(Result, ByContent):
    """The Jacobians of a vector by nodes of its graph: formulas, derivations, and with `at` the matrices.

    `check` compares the formulas, at the point or at a random one, with the backward pass of each entry, and that with
    differences.
    """

    kind: ClassVar[str] = "array jacobian"
    title: ClassVar[str] = "Jacobian"
    graph: Graph
    of: str
    wrt: tuple[str, ...]
    layout: str
    jacobians: Mapping[str, Tree]
    derivations: Mapping[str, Derivation]
    shapes: Mapping[str, Shape]
    values: Mapping[str, Any] = field(default_factory=dict)
    check: Any = None
    notes: tuple[str, ...] = ()

    def verify(self) -> Any:
        """Return the check, with its verdict and what it says."""
        return self.check

    def about(self) -> str:
        """Return what is differentiated, and by what."""
        return f"{self.of} by {', '.join(self.wrt)}"


def jacobian(
    graph: Graph,
    of: str | None = None,
    wrt: Sequence[str] | str | None = None,
    at: Mapping[str, Any] | None = None,
    *,
    layout: str = "numerator",
) -> ArrayJacobian:
    """Return the Jacobians of a vector or number by nodes of its graph; see `Graph.jacobian`.

    Raises UsageError for unknown names or layouts, ShapeError for a matrix, NoRule where there is no law.
    """
    if layout not in LAYOUTS:
        raise UsageError(f"There is no layout {layout!r}.", hint="Choose numerator or denominator.")
    arrays = graph.arrays(at) if at is not None else {}
    actual = shapes_of(arrays)
    nodes, named = graph.program({name: shape for name, shape in actual.items() if name not in graph.source.shapes})
    target = canonical(of or graph.last)
    node_of(named, target)
    shapes = {name: nodes[i].shape for name, i in named.items()}
    chosen = _chosen(graph, target, shapes, wrt)
    for name in chosen:
        node_of(named, name)
    paper = JacobianPaper(graph, shapes, target, layout)
    if at is not None:
        require_values(graph, arrays, graph.forward(arrays), target)
    derivations = {name: paper.derivation(name) for name in paper.order(chosen)}
    sizes = {d.letter: n for k, a in actual.items() for d, n in zip(shapes[k], a, strict=True) if isinstance(d, Dim)}
    checking = Checking(graph, paper.trees, target, layout, derivations, shapes)
    check = checking.check(chosen, Point(arrays, sizes) if at is not None else None)
    notes = (*graph.notes, _layout_note(target, layout), *_vectorised_notes(chosen, shapes, shapes[target]))
    return ArrayJacobian(
        graph,
        target,
        chosen,
        layout,
        {name: derivations[name].last for name in chosen},
        {name: d for name, d in derivations.items() if name in chosen or d.moves},
        shapes,
        all_by_entries(graph, target, chosen, arrays, layout) if at is not None else {},
        check,
        notes,
    )


def _chosen(graph: Graph, of: str, shapes: Mapping[str, Shape], wrt: Sequence[str] | str | None) -> tuple[str, ...]:
    """Return the names by which Jacobians are taken; ShapeError where they are not matrices."""
    shape = shapes[of]
    if len(shape) > 1 or (shape and shape[0] > MOST_ENTRIES):
        raise ShapeError(
            f"{of} is a {shape_text(shape)}; a Jacobian is taken of a vector of at most {MOST_ENTRIES} entries.",
            hint="Take a row or an entry of it, as in y = Z[0].",
        )
    if wrt is None:
        return tuple(name for name in graph.inputs if shape or len(shapes[name]) < 2)
    names = tuple(canonical(name) for name in ((wrt,) if isinstance(wrt, str) else wrt))
    if not shape and any(len(shapes[name]) == 2 for name in names if name in shapes):
        raise ShapeError(
            f"{of} is a number, and its derivative by a matrix is a matrix: the gradient of backpropagation.",
            hint="Ask for it with symback backprop, or Graph.backprop.",
        )
    return names


def _layout_note(of: str, layout: str) -> str:
    line = {"numerator": "row", "denominator": "column"}[layout]
    return f"In {layout} layout a Jacobian has a {line} for each entry of {of}."


def _vectorised_notes(chosen: Sequence[str], shapes: Mapping[str, Shape], shape: Shape) -> list[str]:
    matrices = [name for name in chosen if len(shapes[name]) == 2 and shape]
    return [f"The entries of {name} are counted row by row." for name in matrices]
