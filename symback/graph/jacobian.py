"""Jacobians of vectors on a graph: the chain rule with matrices, in numerator or denominator layout.

In the numerator layout the Jacobian of y by x has a row for each entry of y, and the factors of the chain rule stand in
the order of the composition, dy/dc @ dc/dx. In the denominator layout it is transposed, and so is the order. A matrix x
counts as the row of its entries, row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from symback.errors import ShapeError, UsageError
from symback.graph.backward import node_of
from symback.graph.gradient_check import GradientCheck
from symback.graph.graph import Graph, canonical, shapes_of
from symback.graph.jacobian_on_paper import LAYOUTS, Chain
from symback.graph.jacobian_values import by_differences, by_entries, formula_value
from symback.graph.nodes import Shape, shape_text
from symback.rule import Derivation
from symback.tree import Tree

GOOD = 1e-6  # as for gradients: the worst relative error that rounding in float64 explains
MOST_ENTRIES = 256  # of the vector that is differentiated


@dataclass(frozen=True, eq=False)
class ArrayJacobian:
    """The Jacobians of a vector by nodes of its graph: formulas, derivations, and with `at` the matrices.

    `check` compares the formulas, at the point or at a random one, with the backward pass of each entry, and that with
    differences.
    """

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

    def __str__(self) -> str:
        return str(import_module("symback.render").render(self, "text"))

    def _repr_latex_(self) -> str:
        return str(import_module("symback.render").render(self, "latex"))


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
    nodes, named = graph.program(shapes_of(arrays))
    target = canonical(of or graph.last)
    chosen = _chosen(graph, wrt)
    shape = nodes[node_of(named, target)].shape
    if len(shape) > 1 or (shape and shape[0] > MOST_ENTRIES):
        raise ShapeError(
            f"{target} is a {shape_text(shape)}; a Jacobian is taken of a vector of at most {MOST_ENTRIES} entries.",
            hint="Take a row or an entry of it, as in y = Z[0].",
        )
    own = {name: nodes[node_of(named, name)].shape for name in chosen}
    if not shape and wrt is None:
        chosen = tuple(name for name in chosen if len(own[name]) < 2)
    if not shape and any(len(own[name]) == 2 for name in chosen):
        raise ShapeError(
            f"{target} is a number, and its derivative by a matrix is a matrix: the gradient of backpropagation.",
            hint="Ask for it with symback backprop, or Graph.backprop.",
        )
    paper = Chain(graph, nodes, named, target, layout)
    derivations = {name: paper.derivation(name) for name in paper.order(chosen)}
    shapes = {name: nodes[i].shape for name, i in named.items()}
    point = arrays if at is not None else _random_point(graph, shapes)
    matrices = {name: by_entries(graph, target, name, point, layout) for name in chosen}
    differences = {name: by_differences(graph, target, name, point, layout) for name in chosen}
    check = _check(derivations, matrices, differences, {**point, **graph.forward(point)})
    notes = (*graph.notes, _layout_note(target, layout), *_vectorised_notes(chosen, shapes, shape))
    return ArrayJacobian(
        graph,
        target,
        chosen,
        layout,
        {name: derivations[name].last for name in chosen},
        {name: d for name, d in derivations.items() if name in chosen or d.moves},
        shapes,
        matrices if at is not None else {},
        check,
        notes,
    )


def _chosen(graph: Graph, wrt: Sequence[str] | str | None) -> tuple[str, ...]:
    if wrt is None:
        return graph.inputs
    return tuple(canonical(name) for name in ((wrt,) if isinstance(wrt, str) else wrt))


def _layout_note(of: str, layout: str) -> str:
    line = {"numerator": "row", "denominator": "column"}[layout]
    return f"In {layout} layout a Jacobian has a {line} for each entry of {of}."


def _vectorised_notes(chosen: Sequence[str], shapes: Mapping[str, Shape], shape: Shape) -> list[str]:
    matrices = [name for name in chosen if len(shapes[name]) == 2 and shape]
    return [f"The entries of {name} are counted row by row." for name in matrices]


# --- the check --------------------------------------------------------------------------------------------------------


def _random_point(graph: Graph, shapes: Mapping[str, Shape]) -> dict[str, Any]:
    """Return values for a check where none were given: positive, so that logarithms and roots exist."""
    generator = np.random.default_rng(0)
    point = {name: generator.uniform(0.5, 1.5, shapes[name]) for name in graph.inputs}
    return {name: (a + a.T) / 2 if name in graph.symmetric else a for name, a in point.items()}


def _check(
    derivations: Mapping[str, Derivation],
    matrices: Mapping[str, Any],
    differences: Mapping[str, Any],
    values: Mapping[str, Any],
) -> GradientCheck:
    """Compare the formulas with the backward pass of every entry, and that with differences."""
    worst, points = 0.0, 0
    known: dict[Tree, Any] = {}
    for name, derivation in derivations.items():
        known[derivation.start] = formula_value(derivation.last, values, known)
        if name not in matrices:
            continue
        found = np.asarray(matrices[name], dtype=float)
        for other in (known[derivation.start], differences[name]):
            if other is not None:
                apart = np.broadcast_to(other, found.shape) - found
                worst = max(worst, float(np.max(np.abs(apart) / (1 + np.abs(found)), initial=0.0)))
                points += found.size
    if not np.isfinite(worst):
        return GradientCheck("unverified", worst, points, "The Jacobian is not finite at this point.")
    verdict = "verified" if worst <= GOOD else "failed"
    return GradientCheck(verdict, worst, points, f"{SAID[verdict]} worst error {worst:.1g}")


SAID = {
    "verified": "formulas, backward passes and differences agree:",
    "failed": "formulas, backward passes and differences differ:",
}
