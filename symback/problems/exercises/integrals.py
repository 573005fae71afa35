"""Problems about integrals: an antiderivative, which is right up to a constant, or a value between limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from symback.calculus.integrals import integrate
from symback.calculus.integrals.ask import posed, read_limit
from symback.expr.tree import Diff, Int, Tree, without_lets
from symback.page.solution import Formula, Part
from symback.problems.exercises.expressions import AboutExpression
from symback.verify import Judged, judge

if TYPE_CHECKING:
    from symback.problems.answers.rights import Answers
    from symback.problems.file.sheet import Problem


class Integrate(AboutExpression):
    """The integral of an expression, between limits or not."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        wrt = self.asked.get("wrt")
        by = wrt if isinstance(wrt, str) or not wrt else wrt[0]
        low, high = self.asked.get("from"), self.asked.get("to")
        limits = None if low is None or high is None else (read_limit(low), read_limit(high))
        self.function, self.variable, self.limits = posed(self.function, by, limits)

    @property
    def integral(self) -> Int:
        """What is asked for."""
        return Int(self.function.tree, self.variable, *(self.limits or ()))

    def question(self) -> Iterator[Part]:
        yield ("Find the integral" if self.limits is None else "Work out the integral",)
        yield from self.data()

    def data(self) -> Iterator[Part]:
        yield Formula(self.integral)

    def things(self) -> Iterator[Any]:
        yield integrate(self.function, self.variable, self.limits)

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        (found,) = things
        within = (without_lets(self.function.tree),)
        rights: dict[str, Any] = {"antiderivative": Right(formula=found.antiderivative, same=self._same, within=within)}
        if found.definite is not None:
            rights["value"] = Right(found.definite.last)
        return Answers(rights, "antiderivative" if found.definite is None else "value", read=self.read)

    def _same(self, given: Tree) -> Judged:
        """Judge an antiderivative by its derivative: it is right up to a constant."""
        integrand = without_lets(self.function.tree)
        return judge(integrand, Diff(without_lets(given), self.variable), [integrand])
