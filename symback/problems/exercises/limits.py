"""Problems about limits: a number, an infinity, or the words that there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from symback.calculus.limits.ask import limit
from symback.calculus.limits.posing import posed, read_to
from symback.calculus.limits.result import DOES_NOT_EXIST
from symback.expr.tree import symbols_of
from symback.page.solution import Formula, Part
from symback.problems.exercises.expressions import AboutExpression
from symback.result import text_of

if TYPE_CHECKING:
    from symback.problems.answers.rights import Answers
    from symback.problems.file.sheet import Problem


class FindLimit(AboutExpression):
    """The limit of an expression."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        name, place = read_to(self.asked["to"]) if "to" in self.asked else ("", None)
        self.limit, self.function = posed(self.function, name, place, self.asked.get("side"))

    def question(self) -> Iterator[Part]:
        yield ("Find the limit",)
        yield from self.data()

    def data(self) -> Iterator[Part]:
        yield Formula(self.limit)

    def things(self) -> Iterator[Any]:
        yield limit(self.function._replace(tree=self.limit))

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        (found,) = things
        if not found.exists:
            right = Right(DOES_NOT_EXIST)
        elif found.is_infinite:
            right = Right(text_of(found.last))
        else:
            right = Right(formula=found.last) if symbols_of(found.last) else Right(found.last)
        return Answers({"limit": right}, "limit", read=self.read)
