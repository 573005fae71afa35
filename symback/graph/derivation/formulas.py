"""Formulas of one graph: explicit, simplified and printed, with the names and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sympy.core.symbol import Symbol

from symback.expr.rule import Rule
from symback.expr.tree import Apply, Tree, apply, number_value, walk
from symback.graph.derivation.algebra import Algebra
from symback.graph.derivation.choices import Choices
from symback.graph.derivation.einsums import Einsums
from symback.graph.derivation.entries import Entries
from symback.graph.derivation.explicit import Shown, explicit
from symback.graph.derivation.length import Lengths
from symback.graph.derivation.names import Names
from symback.graph.derivation.rearranged import Rearranging
from symback.graph.derivation.reduce import Found, Reducer, Rewrite
from symback.graph.derivation.search import Cancelling, Search
from symback.graph.derivation.shapes import Shapes, arguments, count, is_call
from symback.graph.nodes import Shape
from symback.graph.operations.table import row_of

SYMMETRIC = Rule("transpose of a symmetric matrix", "A.T = A, where A is symmetric")
_NORMS = ("norm", "norm2")


class Formulas:
    """What is needed to work with the formulas of a graph whose named nodes have these shapes and definitions."""

    def __init__(
        self,
        shapes: Mapping[str, Shape] | Shapes,
        definitions: Mapping[str, Tree],
        normal: Iterable[str] = (),
        symmetric: Iterable[str] = (),
        shown: Shown | None = None,
    ) -> None:
        self.shapes = shapes if isinstance(shapes, Shapes) else Shapes(shapes)
        self.shown = shown or Shown(self.shapes)
        self._lengths = Lengths()
        self.symmetric = frozenset(symmetric)
        self.definitions = {name: explicit(tree, self.shapes) for name, tree in definitions.items()}
        self.shown.has_means(self._mean_calls())
        self.shown.keeps_axes |= any(len(shape) > 2 for shape in self.shapes.names.values())
        self.shown.keeps_axes |= any(_keeps_an_axis(n) for tree in definitions.values() for n in walk(tree))
        has_norms = any(is_call(node, *_NORMS) for tree in definitions.values() for node in walk(tree))
        algebra = Algebra(self.shapes, has_norms, self._means())
        rearranging, choices = Rearranging(self.shapes), Choices(self.shapes)
        rules = [
            algebra.multiplied,
            algebra.collected,
            self._symmetric,
            algebra.transposed,
            algebra.sliced,
            algebra.renamed,
            rearranging.rearranged,
            Entries(self.shapes).simplified,
            rearranging.linear,
            choices.chosen,
            choices.joined,
            Einsums(self.shapes).simplified,
        ]
        self.reducer = Reducer(self.shapes, rules)
        self.names = Names(self.shapes, self.reducer, self.definitions, normal)
        own: list[Callable[[Tree], Found | None]] = [self.names.named, self.names.factored, self.names.summed]
        self.reducer = Reducer(self.shapes, [*own, *rules])
        cancelling = Cancelling(self.shapes, self.reducer, self.length)
        self.reducer.rules += [cancelling.cancelled, cancelling.linear]
        self.search = Search(self.shapes, self.reducer, self.length, algebra)

    def _mean_calls(self) -> list[Any]:
        return [n for tree in self.definitions.values() for n in walk(tree) if is_call(n, "mean")]

    def _means(self) -> dict[Tree, int]:
        """Return the sums in the graph's means over numbered entries, and how many entries each has."""
        found: dict[Tree, int] = {}
        for mean in self._mean_calls():
            inside, *axis = arguments(mean)
            shape = self.shapes.of(inside)
            entries = number_value(count(shape if not axis else (shape[int(axis[0])],)))
            if entries is not None:
                found[apply("sum", *arguments(mean))] = int(entries)
        return found

    def explicit(self, tree: Tree) -> Tree:
        """Return a formula with its broadcasting written."""
        return explicit(tree, self.shapes)

    def length(self, tree: Tree) -> int:
        """Return how long an explicit formula is as it is printed."""
        return self._lengths(self.shown(tree))

    def steps(self, tree: Tree) -> list[Rewrite]:
        """Return the rewrites that simplify a formula: by the laws, and then by moves that make it shorter."""
        made = list(self.reducer.steps(tree))
        return made + self.search.steps(made[-1].tree if made else tree)

    def _symmetric(self, tree: Tree) -> Found | None:
        if not is_call(tree, "transpose"):
            return None
        inside: Any = arguments(tree)[0]
        if isinstance(inside, Symbol) and inside.name in self.symmetric:
            return SYMMETRIC, inside
        if is_call(inside, "inv"):
            matrix = arguments(inside)[0]
            if self.reducer.reduced(type(tree)(tree._args[0], matrix)) == matrix:
                return Rule("inverse of a symmetric matrix", "inv(A).T = inv(A), where A.T = A"), inside
        return None


def _keeps_an_axis(node: Any) -> bool:
    """Tell whether an operation is one of the table along an axis, or puts an axis of one entry in."""
    row = row_of(node.name) if isinstance(node, Apply) else None
    return row is not None and any(p.name == "axis" for p in row.parameters)
