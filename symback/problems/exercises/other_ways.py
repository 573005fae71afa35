"""Derivatives in other ways than by the rules: the definition, logarithms, along a curve, of an inverse function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from symback.calculus.derivative import derive, in_another_way
from symback.expr.tree import Diff, Rate, Tree, number, symbol, symbols_of
from symback.page.solution import Formula, Listing, Part
from symback.problems.answers import given
from symback.problems.exercise import Exercise
from symback.problems.exercises.expressions import Derive
from symback.syntax import parse

if TYPE_CHECKING:
    from symback.problems.answers.rights import Answers
    from symback.problems.file.sheet import Problem

SAID = {
    "definition": "Use the definition: the limit of the difference quotient.",
    "logarithmic": "Use logarithmic differentiation.",
}


def way_for(problem: Problem) -> Exercise:
    """Return the problem in the way that its keys ask for."""
    if problem.asked.get("of"):
        return Along(problem)
    return Inverse(problem) if problem.asked.get("inverse") else ByStrategy(problem)


class ByStrategy(Derive):
    """A derivative by the definition or by logarithms."""

    def question(self) -> Iterator[Part]:
        yield from super().question()
        yield (SAID[self.strategy],)

    def things(self) -> Iterator[Any]:
        for group in self.groups:
            yield in_another_way(self.function, list(group), self.strategy, self.order, self.point or None)

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        within = self.asked_about()
        keys = [group[0].name for group in self.groups]
        rights: dict[str, Any] = {}
        for key, group, found in zip(keys, self.groups, things, strict=True):
            pending = Diff(within[0], group[0])
            rights[key] = Right(found.fact("value"), found.last, within=within, pending=pending)
        if self.point and len(things) == 1:
            rights["value"] = Right(things[0].fact("value"))
        alone = ("value" if self.point else keys[0]) if len(keys) == 1 else ""
        return self.named(Answers(rights, alone, read=self.read))


class Along(Exercise):
    """A derivative along a curve with a parameter."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.point = given.point(self.asked.get("at"))
        self.text = given.text(self.asked.get("expr"), "expr")
        self.by = next(iter(given.variables(self.asked.get("wrt"))), "x")
        self.of = str(self.asked["of"])
        order = self.asked.get("order", 1)
        self.order = order if isinstance(order, int) else 0

    def question(self) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        at = (" at ", *wording.point(self.point)) if self.point else ()
        yield ("Find ", self._asked(), *at, " along the curve:")
        yield Listing(self.text)

    def _asked(self) -> Tree:
        return Rate(symbol(self.of), symbol(self.by), number(max(self.order, 1)))

    def data(self) -> Iterator[Part]:
        yield Listing(self.text)
        yield Formula(self._asked())

    def things(self) -> Iterator[Any]:
        at = self.point or None
        yield derive(self.text, self.by, of=self.of, order=self.order, at=at, names=self.problem.symbols)

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        (found,) = things
        rights: dict[str, Any] = {"derivative": Right(formula=found.last)}
        if found.fact("value") is not None:
            rights["value"] = Right(found.fact("value"))
        names = tuple(s.name for s in symbols_of(found.last))
        return Answers(rights, "value" if self.point else "derivative", read=lambda text: parse(text, names))


class Inverse(Derive):
    """The derivative of an inverse function at a point."""

    def question(self) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        at = (" at ", *wording.point(self.point)) if self.point else ()
        yield from wording.about("Find the derivative of the inverse of", [self.function], at)

    def data(self) -> Iterator[Part]:
        from symback.problems import wording

        yield from wording.formulas(self.function)
        yield from self.point_sentence()

    def things(self) -> Iterator[Any]:
        yield derive(self.function, list(self.groups[0]), inverse=True, at=self.point)

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        return Answers({"value": Right(things[0].last)}, "value", read=self.read)
