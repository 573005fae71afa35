"""The verdict on Hessians: every line by numbers, against a backward pass of the backward pass and differences.

The formulas were derived on the graph with its gradients as nodes; the backward passes are those of the graph itself,
so that a formula of a gradient that is right only as a number, and not as a function, cannot hide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symback.expr.numeric import NOT_CHECKED, can_draw, np
from symback.graph.derivation.checking import Checking as LineChecking
from symback.graph.derivation.points import Point, random_points
from symback.graph.gradient_check import GradientCheck
from symback.graph.graph import Graph
from symback.graph.hessians.blocks import Derived
from symback.graph.hessians.values import by_backward_passes, by_differences, gradient_values
from symback.graph.jacobians.checking import COMPARED, GOOD, Checking, Look, Tally, where_of
from symback.graph.jacobians.values import formula_value
from symback.graph.nodes import Shape
from symback.graph.program.formula_values import NotAlone

Array = Any
NUMBERS = "backward passes and differences"


@dataclass(frozen=True)
class HessianChecking:
    """What is checked: the blocks of a graph's Hessian, with the derivations that led to them."""

    graph: Graph
    loss: str
    wrt: Sequence[str]
    shapes: Mapping[str, Shape]
    labels: Sequence[str]
    derived: Derived

    def check(self, given: Point | None) -> GradientCheck:
        """Return the verdict at the values that are given, and at random ones."""
        inputs = {name: self.shapes[name] for name in self.graph.inputs}
        if not can_draw(node.shape for node in self.graph.program(inputs)[0]):
            return GradientCheck("unverified", float("nan"), 0, NOT_CHECKED)
        points = list(random_points(self.graph, inputs, self.loss, self.labels))
        tally = Tally()
        for point in points:
            self._compare(point, tally, is_whole=True)
        if given is not None:
            self._compare(given, tally, is_whole=not points)
        self._compare_lines_of_numbers(tally)
        where = where_of(inputs) if given is None else ""
        return tally.check(where, COMPARED if self.derived.blocks else NUMBERS, "Hessian")

    def _compare(self, point: Point, tally: Tally, is_whole: bool) -> None:
        exact = by_backward_passes(self.graph, self.loss, self.wrt, point.values)
        for (first, second), block in exact.items():
            tally.is_finite &= bool(np.all(np.isfinite(block)))
            slopes = by_differences(self.graph, self.loss, (first, second), point.values)
            if slopes is not None:
                tally.add(np.where(np.isnan(slopes), block, slopes), block, GOOD)
        if self.derived.extended is not None:
            self._compare_gradients(point, tally)
            for first in self.derived.firsts:
                self._compare_blocks(first, point, exact, tally, is_whole)

    def _compare_gradients(self, point: Point, tally: Tally) -> None:
        """Compare the nodes that are called gradients with the gradients."""
        assert self.derived.extended is not None
        called = self.derived.extended.called
        nodes = self.derived.extended.graph.forward(point.values)
        for name, gradient in gradient_values(self.graph, self.loss, list(called), point.values).items():
            tally.add(nodes[called[name]], gradient, GOOD)

    def _compare_blocks(
        self, first: str, point: Point, exact: Mapping[tuple[str, str], Array], tally: Tally, is_whole: bool
    ) -> None:
        """Compare the lines of the Jacobian of one gradient, and the blocks that were made of it."""
        look = Look(self._of_gradient(first), point, tally)
        if not self.derived.is_of_numbers:
            look.compare([], is_whole)
        for pair, tree in self.derived.blocks.items():
            if self.derived.source_of(pair)[0] != first:
                continue
            try:
                own = formula_value(tree, look.values, look.known, look.checking.functions, look.first)
                tally.add(own, exact[pair], GOOD)
            except NotAlone:
                tally.unchecked = " and ".join(dict.fromkeys(pair))
            except (ValueError, TypeError, IndexError, KeyError):  # shapes that do not fit
                tally.wrong = np.inf

    def _of_gradient(self, first: str) -> Checking:
        """Return what checks the lines of the Jacobians of one gradient, on the graph that has it as a node."""
        extended = self.derived.extended
        assert extended is not None
        own = {second: d for (name, second), d in self.derived.derivations.items() if name == first}
        return Checking(extended.graph, extended.statements, extended.called[first], "numerator", own, extended.shapes)

    def _compare_lines_of_numbers(self, tally: Tally) -> None:
        """Judge the gradients' lines, and where all nodes are numbers those of the Hessian, as in backpropagation."""
        extended = self.derived.extended
        if extended is None:
            return
        lines = [LineChecking(self.graph, extended.trees, self.loss, extended.derivations, self.shapes, self.labels)]
        if self.derived.is_of_numbers:
            for first in self.derived.firsts:
                own = {second: d for (name, second), d in self.derived.derivations.items() if name == first}
                of = extended.called[first]
                lines.append(LineChecking(extended.graph, extended.statements, of, own, extended.shapes, ()))
        for one in lines:
            found = one.check([], None, {})
            if found.verdict == "failed":
                tally.wrong = np.inf
            elif found.verdict == "unverified" and found.points:
                tally.unchecked = " and ".join(self.wrt)
