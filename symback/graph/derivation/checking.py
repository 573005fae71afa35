"""The verdict on a backward pass: its numbers by differences, and every formula that is shown by numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from symback.expr.numeric import NOT_CHECKED, can_draw, np
from symback.expr.rule import Derivation
from symback.expr.tree import Tree
from symback.graph.derivation.judge import Judge, Verdict
from symback.graph.derivation.points import Point, random_points
from symback.graph.gradient_check import (
    GradientCheck,
    check_along_a_line,
    check_gradients,
    has_infinite,
    infinite_factor,
)
from symback.graph.graph import Graph
from symback.graph.indices.judge import Judge as ByIndices
from symback.graph.nodes import Dim, Shape

NO_POINT = "The formulas are not checked: no values were found where the loss is finite."
ELSEWHERE = 7  # a seed for a second look
BESIDE = 1 + 1e-6
HALVES = tuple(0.5**k for k in range(1, 13))
AT_RANDOM = "at random values"
STEPS_OF_PROOFS = 7_000  # about 0.15 s; what takes longer is not said to be proved
AT_TWO_SIZES = "at random values of two sets of sizes"


class Checking:
    """What is checked: a graph, its statements as trees, and the derivations by name."""

    def __init__(
        self,
        graph: Graph,
        trees: Mapping[str, Tree],
        loss: str,
        derivations: Mapping[str, Derivation],
        shapes: Mapping[str, Shape],
        normal: Sequence[str],
    ) -> None:
        self.graph, self.trees, self.loss, self.derivations = graph, trees, loss, derivations
        self.shapes = {name: shapes[name] for name in graph.inputs}
        self.has_letters = any(isinstance(d, Dim) for shape in self.shapes.values() for d in shape)
        self.normal = normal
        self.names = list(derivations)

    def check(self, chosen: Sequence[str], arrays: Mapping[str, Any] | None, sizes: Mapping[str, int]) -> GradientCheck:
        """Return the verdict at the values that are given, or at random ones.

        "failed" where a number or a formula is wrong, "unverified" where one could not be worked out.
        """
        if not can_draw(node.shape for node in self.graph.program(self.shapes)[0]):
            return GradientCheck("unverified", float("nan"), 0, NOT_CHECKED)
        found = self._at_values(Point(arrays, sizes), chosen) if arrays is not None else self._at_random(chosen)
        return self._with_proofs(found, chosen) if self.has_letters and found.verdict == "verified" else found

    def _at_random(self, chosen: Sequence[str]) -> GradientCheck:
        judges = list(map(self._judge, random_points(self.graph, self.shapes, self.loss, self.normal)))
        if not judges:
            return GradientCheck("unverified", float("nan"), 0, NO_POINT)
        first, *others = judges
        found = self._worst([self._numbers(first, chosen), *(self._numbers(j, chosen, at_once=True) for j in others)])
        for judge in judges:
            found = self._with_formulas(found, judge, whole=True)
        return replace(found, where=AT_TWO_SIZES if others else AT_RANDOM)

    def _at_values(self, point: Point, chosen: Sequence[str]) -> GradientCheck:
        """Return the verdict at given values; where they are special, lines are judged at random values as well."""
        judge = self._judge(point)
        numbers = self._numbers(judge, chosen)
        found = self._with_formulas(numbers, judge, whole=True, elsewhere=False)
        if found.verdict == numbers.verdict != "unverified":
            return found
        found = self._with_formulas(numbers, judge, whole=False, elsewhere=False)
        for other in random_points(self.graph, self.shapes, self.loss, self.normal):
            found = self._with_formulas(found, self._judge(other), whole=True)
        return found

    def _judge(self, point: Point) -> Judge:
        return Judge(self.graph, self.trees, self.loss, point, list(dict.fromkeys([*self.names, *self.graph.inputs])))

    def _with_proofs(self, check: GradientCheck, chosen: Sequence[str]) -> GradientCheck:
        """Say which of the formulas that were asked for are proved for all sizes, by indices."""
        of = ByIndices(
            self.trees,
            self.shapes,
            self.loss,
            frozenset(self.graph.symmetric),
            frozenset(self.normal),
            self.graph.functions,
            self.graph.first_entries(self.shapes),
        )
        formulas = {name: d.last for name, d in self.derivations.items() if name in chosen}
        proved = of.proved(formulas, STEPS_OF_PROOFS)
        names = dict.fromkeys(chosen)
        return replace(
            check,
            proved=tuple(name for name in names if name in proved),
            unproved=tuple(name for name in names if name not in proved),
        )

    def _is_right_elsewhere(self, name: str, derivation: Derivation) -> bool:
        points = random_points(self.graph, self.shapes, self.loss, self.normal, first_seed=ELSEWHERE)
        judges = list(map(self._judge, points))
        return bool(judges) and not any(judge.verdict(name, derivation).wrong for judge in judges)

    def _is_rounded_away(self, name: str, derivation: Derivation, judge: Judge) -> bool:
        """Tell whether a right formula has no finite value here because of rounding alone: ln(1 - p) where p is 1.

        What is 0/0 at a point has a value right beside it; what rounding took away has one only far from there.
        """
        beside, *nearer = (self._verdict_at(factor, name, derivation, judge) for factor in (BESIDE, *HALVES))
        is_right = any(not (v.wrong or v.unchecked) for v in nearer)
        return beside.lost and is_right and self._is_right_elsewhere(name, derivation)

    def _verdict_at(self, factor: float, name: str, derivation: Derivation, judge: Judge) -> Verdict:
        """Return the verdict on a formula at a multiple of all values; those that sum to 1 stay as they are."""
        kept = frozenset((*self.normal, *judge.classes))
        values = {n: v if n in kept else np.asarray(v, dtype=float) * factor for n, v in judge.point.values.items()}
        return self._judge(Point(values, judge.point.sizes)).verdict(name, derivation, whole=False)

    def _numbers(self, judge: Judge, chosen: Sequence[str], at_once: bool = False) -> GradientCheck:
        """Check the gradients; a given derivative that is not the true one is no failure."""
        check = (check_along_a_line if at_once else check_gradients)(judge.program, judge.point.values, chosen)
        given = [d.name for d in self.graph.functions.values() if d.derivative is not None]
        if check.verdict == "failed" and given:
            message = f"The derivative given for {', '.join(given)} is used as it is given; the true gradient differs."
            return replace(check, verdict="unverified", message=message)
        return check

    def _worst(self, checks: Sequence[GradientCheck]) -> GradientCheck:
        order = ("failed", "unverified", "verified")
        worst = min(checks, key=lambda c: order.index(c.verdict))
        errors = [c.worst_error for c in checks]
        error = next((e for e in errors if e != e), max(errors))  # one that is no number stays
        return replace(worst, worst_error=error, points=sum(c.points for c in checks))

    def _with_formulas(self, check: GradientCheck, judge: Judge, whole: bool, elsewhere: bool = True) -> GradientCheck:
        if check.verdict == "failed":
            return check
        if not judge.is_finite:
            return check
        for name, derivation in self.derivations.items():
            verdict = judge.verdict(name, derivation, whole)
            if verdict.wrong and elsewhere and self._is_right_elsewhere(name, derivation):
                continue  # rounding: where a sigmoid is 1 to all digits, 1 - p is 0
            if verdict.lost and not elsewhere and self._is_rounded_away(name, derivation, judge):
                message = f"The formula by {name} was not checked: at these values a part of it is rounded away."
                check = replace(check, verdict="unverified", message=message)
                continue
            is_last = not whole  # of two looks at values that may be special
            if verdict.wrong and is_last and has_infinite(judge.results) and self._is_right_elsewhere(name, derivation):
                raise infinite_factor(name, "its formula has another value than the chain rule")
            if verdict.wrong:
                message = f"The formula by {verdict.wrong} does not give the gradient."
                return replace(check, verdict="failed", message=message)
            if verdict.unchecked and check.verdict == "verified":
                message = f"The formula by {verdict.unchecked[0]} was not checked."
                check = replace(check, verdict="unverified", message=message)
            check = replace(check, worst_error=max(check.worst_error, verdict.worst))
        return check
