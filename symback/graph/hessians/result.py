"""Hessians of a graph: second derivatives of its loss by vectors and numbers, as formulas with numbers and a check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from symback.content import ByContent
from symback.errors import NoRule, ShapeError, UsageError
from symback.expr.rule import Derivation
from symback.expr.tree import Tree
from symback.graph.backprop import assumed_notes, given_derivative_notes, kink_notes
from symback.graph.backward import node_of
from symback.graph.derivation.normal import labels_of, sum_to_one
from symback.graph.derivation.points import Point
from symback.graph.graph import Graph, canonical, shapes_of
from symback.graph.hessians.blocks import Derived, derived
from symback.graph.hessians.checking import HessianChecking
from symback.graph.hessians.values import Pair, by_backward_passes
from symback.graph.nodes import Dim, Shape, shape_text
from symback.graph.second_order import refuse_dependent
from symback.graph.undefined import require_values
from symback.hints import mention
from symback.result import Result

MOST_ENTRIES = 256  # of an array by which second derivatives are taken


class Blocks(dict[Pair, Any]):
    """What there is for each pair of names; one name stands for the pair of it with itself.

    >>> Blocks({("x", "x"): 2, ("x", "y"): 0})["x"]
    2
    """

    def __missing__(self, key: Any) -> Any:
        if isinstance(key, str) and (key, key) in self:
            return self[key, key]
        raise KeyError(key)


@dataclass(frozen=True, eq=False, repr=False)
class ArrayHessian(Result, ByContent):
    """The second derivatives of a loss.

    `hessians[x, y]` is a formula with a row for each entry of x and a column for each entry of y; `hessians[x]` is that
    by x twice. `gradients` are the formulas that were differentiated, by what they are taken by; `called` are their
    names in `derivations`, and `gradient_derivations` the steps to them. With `at` there are `values`, also where no
    formula was found; `missing` says why there is none.
    """

    kind: ClassVar[str] = "array hessian"
    title: ClassVar[str] = "Hessian"
    graph: Graph
    loss: str
    wrt: tuple[str, ...]
    hessians: Mapping[Any, Tree]
    gradients: Mapping[str, Tree]
    called: Mapping[str, str]
    derivations: Mapping[str, Derivation]
    gradient_derivations: Mapping[str, Derivation]
    shapes: Mapping[str, Shape]
    values: Mapping[Any, Any] = field(default_factory=dict)
    check: Any = None
    notes: tuple[str, ...] = ()
    missing: Mapping[Pair, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()  # what is taken to sum to 1

    def verify(self) -> Any:
        """Return the check, with its verdict and what it says."""
        return self.check

    def about(self) -> str:
        """Return what is differentiated, and by what."""
        return f"{self.loss} by {', '.join(self.wrt)}"


def hessian(
    graph: Graph,
    loss: str | None = None,
    wrt: Sequence[str] | str | None = None,
    at: Mapping[str, Any] | None = None,
) -> ArrayHessian:
    """Return the second derivatives of a loss by nodes of its graph; see `Graph.hessian`.

    Raises UsageError for unknown names, ShapeError for matrices, NoRule where there is no formula and no values.
    """
    arrays = graph.arrays(at) if at is not None else {}
    actual = shapes_of(arrays)
    nodes, named = graph.program({name: shape for name, shape in actual.items() if name not in graph.source.shapes})
    target = canonical(loss or graph.last)
    node_of(named, target)
    shapes = {name: nodes[i].shape for name, i in named.items()}
    chosen = _chosen(graph, target, shapes, wrt)
    refuse_dependent(nodes, {name: named[name] for name in chosen})
    labels = [n for n in labels_of(graph.trees, graph.inputs, shapes) if sum_to_one(n, arrays) and n not in chosen]
    if at is not None:
        require_values(graph, arrays, graph.forward(arrays), target)
    found = derived(graph, shapes, target, chosen, labels)
    if at is None and not found.blocks:
        raise NoRule(
            next(iter(found.missing.values())), hint=f"Give values with {mention('at')}: then the numbers are found."
        )
    sizes = {d.letter: n for k, a in actual.items() for d, n in zip(shapes[k], a, strict=True) if isinstance(d, Dim)}
    checking = HessianChecking(graph, target, chosen, shapes, labels, found)
    check = checking.check(Point(arrays, sizes) if at is not None else None)
    values = Blocks(by_backward_passes(graph, target, chosen, arrays)) if at is not None else Blocks()
    extended = found.extended
    return ArrayHessian(
        graph,
        target,
        chosen,
        Blocks(found.blocks),
        {} if extended is None else {name: extended.gradients[name] for name in chosen},
        {} if extended is None else extended.called,
        _in_order(found, target),
        {} if extended is None else extended.derivations,
        shapes if extended is None else extended.shapes,
        values,
        check,
        tuple(_notes(graph, nodes, shapes, chosen, labels, found, at)),
        found.missing,
        tuple(labels),
    )


def _chosen(graph: Graph, of: str, shapes: Mapping[str, Shape], wrt: Sequence[str] | str | None) -> tuple[str, ...]:
    """Return the names to differentiate by; ShapeError for a loss that is not a number, and for matrices."""
    if shapes[of]:
        hint = "Take its sum or mean; the derivative of a vector is found by symback jacobian, or Graph.jacobian."
        raise ShapeError(f"A Hessian is that of a number, but {of} is a {shape_text(shapes[of])}.", hint=hint)
    if wrt is None:
        classes = graph.classes({name: shapes[name] for name in graph.inputs})
        names = tuple(name for name in graph.inputs if len(shapes[name]) < 2 and name not in classes)
        if not names:
            raise UsageError("The graph has no input that is a vector or a number.", hint=_OF_A_MATRIX)
        return names
    names = tuple(dict.fromkeys(canonical(name) for name in ((wrt,) if isinstance(wrt, str) else wrt)))
    for name in names:
        node_of(dict.fromkeys(shapes, 0), name)
        if len(shapes[name]) > 1:
            raise ShapeError(
                f"{name} is a {shape_text(shapes[name])}, and its Hessian has four axes.", hint=_OF_A_MATRIX
            )
        if shapes[name] and shapes[name][0] > MOST_ENTRIES:
            message = f"{name} has {shapes[name][0]} entries; a Hessian is taken by at most {MOST_ENTRIES}."
            raise ShapeError(message, hint="A product of the Hessian and a vector is found by lambdify(...).hvp.")
    return names


_OF_A_MATRIX = (
    f"Take vectors and numbers, as in {mention('wrt', 'b')}; lambdify(...).hvp multiplies by a Hessian of matrices."
)


def _in_order(found: Derived, loss: str) -> dict[str, Derivation]:
    """Return the derivations as they are read: the gradients, then each block with what leads to it."""
    first = {} if found.extended is None else found.extended.summaries(loss)
    rest = {f"{x}, {y}": d for (x, y), d in (*found.derivations.items(), *found.turned.items())}
    return first | {name: derivation for name, derivation in rest.items() if derivation.moves}


def _notes(
    graph: Graph,
    nodes: Sequence[Any],
    shapes: Mapping[str, Shape],
    chosen: Sequence[str],
    labels: Sequence[str],
    found: Derived,
    at: Any,
) -> Iterator[str]:
    yield from (*graph.notes, *kink_notes(nodes), *given_derivative_notes(graph))
    yield from assumed_notes(labels, found.extended.derivations if found.extended else {}, at)
    if any(shapes[name] for name in chosen) and len(chosen) > 1:
        yield "A block by x and then by y has a row for each entry of x and a column for each entry of y."
    if found.turned:
        yield "The blocks by two names in either order are each other's transpose; both are checked."
    for said in dict.fromkeys(found.missing.values()):
        pairs = ", ".join(f"{x} and {y}" for (x, y), why in found.missing.items() if why == said)
        yield f"There is no formula by {pairs}: {said}"
