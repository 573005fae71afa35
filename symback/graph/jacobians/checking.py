"""The verdict on Jacobians: each line by numbers, against a backward pass for each entry, and that by differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sympy.core.symbol import Str, Symbol

from symback.expr.numeric import NOT_CHECKED, can_draw, np, quiet
from symback.expr.rule import Derivation
from symback.expr.tree import Edge, Gradient, Size, Tree, symbol, walk
from symback.graph.derivation.checking import AT_RANDOM, AT_TWO_SIZES
from symback.graph.derivation.judge import functions_of
from symback.graph.derivation.points import Point, random_points
from symback.graph.gradient_check import GradientCheck
from symback.graph.graph import Graph
from symback.graph.jacobians.values import all_by_entries, by_differences, differences, formula_value
from symback.graph.nodes import Dim, Shape
from symback.graph.program.formula_values import NotAlone, value_of

Array = Any
GOOD = 1e-6  # as for gradients: the worst relative error that rounding in float64 explains
BY_DIFFERENCES = 1e-4  # of a line in which something is still to be derived
MOST_LINES = 60  # of a derivation that are worked out; of longer ones the last line is
COMPARED = "formulas, backward passes and differences"
SAID = {"verified": "agree", "failed": "differ"}
NO_POINT = "The formulas are not checked: no values were found at which the graph is finite."


class Checking:
    """What is checked: the derivations of the Jacobians of a node of a graph by others, in a layout."""

    def __init__(
        self,
        graph: Graph,
        trees: Mapping[str, Tree],
        of: str,
        layout: str,
        derivations: Mapping[str, Derivation],
        shapes: Mapping[str, Shape],
    ) -> None:
        self.graph, self.trees, self.of, self.layout = graph, trees, of, layout
        self.derivations = derivations
        self.shapes = {name: shapes[name] for name in graph.inputs}
        self.functions = functions_of(graph)

    def check(self, chosen: Sequence[str], given: Point | None) -> GradientCheck:
        """Return the verdict at the values that are given, and of all lines at random ones."""
        if not can_draw(node.shape for node in self.graph.program(self.shapes)[0]):
            return GradientCheck("unverified", float("nan"), 0, NOT_CHECKED)
        points = list(random_points(self.graph, self.shapes, self.of, ()))
        tally = Tally()
        for point in points:
            Look(self, point, tally).compare(chosen, is_whole=True)
        if given is not None:
            Look(self, given, tally).compare(chosen, is_whole=not points)
        return tally.check("" if given is not None else where_of(self.shapes))


def where_of(shapes: Mapping[str, Shape]) -> str:
    """Say at which values inputs of these shapes are checked where none are given."""
    has_letters = any(isinstance(d, Dim) for shape in shapes.values() for d in shape)
    return AT_TWO_SIZES if has_letters else AT_RANDOM


class Tally:
    """What was compared so far."""

    def __init__(self) -> None:
        self.worst, self.wrong, self.points = 0.0, 0.0, 0
        self.unchecked = ""
        self.is_finite = True

    def add(self, found: Array, wanted: Array, within: float) -> None:
        """Compare a matrix with the one it should be; what is not known to be finite is left out."""
        found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
        try:
            found = np.broadcast_to(found if found.size > 1 else found[(0,) * found.ndim], wanted.shape)
        except ValueError:
            self.wrong = np.inf
            return
        looked_at = np.isfinite(wanted)
        scale = 1 + np.max(np.abs(wanted), initial=0.0, where=looked_at)
        with quiet():  # infinities are not looked at
            error = float(np.max(np.abs(found - wanted) / scale, initial=0.0, where=looked_at))
        self.points += int(np.sum(looked_at))
        if not error <= within:
            self.wrong = max(self.wrong, error) if np.isfinite(error) else np.inf
        elif within == GOOD:
            self.worst = max(self.worst, error)

    def check(self, where: str, compared: str = COMPARED, what: str = "Jacobian") -> GradientCheck:
        """Return the verdict: what was compared of which derivatives, and at which values."""
        verdict, worst, message = "verified", self.worst, ""
        if self.wrong:
            verdict, worst = "failed", self.wrong
        elif not self.points:
            verdict, message = "unverified", NO_POINT
        elif not self.is_finite:
            verdict, message = "unverified", f"The {what} is not finite at this point."
        elif self.unchecked:
            verdict, message = "unverified", f"The formula by {self.unchecked} was not checked."
        message = message or f"{compared} {SAID[verdict]}{where and f' {where}'}: worst error {worst:.1g}"
        return GradientCheck(verdict, worst, self.points, message, where)


class Look:
    """The graph at one point: the values of its nodes, and of its Jacobians by all that are derived."""

    def __init__(self, of: Checking, point: Point, tally: Tally) -> None:
        self.checking, self.point, self.tally = of, point, tally
        graph, layout = of.graph, of.layout
        self.matrices = all_by_entries(graph, of.of, list(of.derivations), point.values, layout)
        self.values = {**point.values, **graph.forward(point.values)}
        self.sizes: dict[Tree, Array] = {Size(Str(letter)): float(n) for letter, n in point.sizes.items()}
        self.first = graph.first_entries({n: np.shape(a) for n, a in point.values.items()})
        self.named = {symbol(name): np.asarray(value) for name, value in self.values.items()}
        self.known = self.sizes | {Gradient(symbol(of.of), symbol(n)): m for n, m in self.matrices.items()}

    def compare(self, chosen: Sequence[str], is_whole: bool) -> None:
        """Compare differences and formulas, of a derivation that is looked at as a whole all lines."""
        of = self.checking
        for name in chosen:
            matrix = np.asarray(self.matrices[name], dtype=float)
            self.tally.is_finite &= bool(np.all(np.isfinite(matrix)))
            slopes = by_differences(of.graph, of.of, name, self.point.values, of.layout)
            if slopes is not None:
                self.tally.add(np.where(np.isnan(slopes), matrix, slopes), matrix, GOOD)
        for name, derivation in of.derivations.items():
            for line in self._lines(derivation, is_whole):
                self._compare_line(name, line)

    def _lines(self, derivation: Derivation, is_whole: bool) -> list[Tree]:
        is_short = is_whole and len(derivation.moves) <= MOST_LINES
        return list(dict.fromkeys(derivation.lines()[1:])) if is_short else [derivation.last]

    def _compare_line(self, name: str, line: Tree) -> None:
        edges = [node for node in walk(line) if isinstance(node, Edge)]
        try:
            known = self.known | {edge: self._edge(edge) for edge in edges}
            found = formula_value(line, self.values, known, self.checking.functions, self.first)
        except NotAlone:
            self.tally.unchecked = name
        except (ValueError, TypeError, IndexError, KeyError):  # shapes that do not fit
            self.tally.wrong = np.inf
        else:
            self.tally.add(found, self.matrices[name], BY_DIFFERENCES if edges else GOOD)

    def _edge(self, edge: Edge) -> Array:
        """Return the Jacobian of a part of a formula by a name in it, by differences."""
        inner, v = edge._args
        formula = self.checking.trees.get(inner.name, inner) if isinstance(inner, Symbol) else inner
        known = self.named | self.sizes

        def moved(value: Array) -> Array:
            return np.asarray(value_of(formula, {**known, v: value}, self.checking.functions, self.first), dtype=float)

        return differences(moved, np.array(self.named[v], dtype=float), self.checking.layout)
