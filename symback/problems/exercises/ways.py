"""A derivative found in several ways: each form of the function is derived, and the results are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from symback.calculus.derive import derive
from symback.calculus.question import read_question
from symback.expr.tree import without_lets
from symback.page.solution import CONFIRMED, NARROWER, NONE, WRONG, AnswerCheck, Part
from symback.problems.answers.answer import Checked
from symback.problems.answers.comparing import where_text
from symback.problems.answers.given import texts
from symback.problems.answers.rights import Answers
from symback.problems.exercises.expressions import Derive
from symback.verify import judge

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem

VERDICTS = {"yes": CONFIRMED, "no": WRONG, "narrower": NARROWER, "unknown": NONE}


class SeveralWays(Derive):
    """Derivatives of one function in several forms."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.texts = texts(self.asked.get("ways"), "ways")
        self.ways = [read_question(text, self.names, variables=self.variables) for text in self.texts]

    def question(self) -> Iterator[Part]:
        yield from super().question()
        yield from self._other_forms()

    def data(self) -> Iterator[Part]:
        yield from super().data()
        yield from self._other_forms()

    def _other_forms(self) -> Iterator[Part]:
        for way in self.ways:
            yield ("Do it again in the form ", way.tree, ".")

    def things(self) -> Iterator[Any]:
        yield from super().things()
        for way in self.ways:
            for group in self.groups:
                yield derive(way, list(group), order=self.order, at=self.point or None, strategy=self.strategy)

    def answers(self, things: Sequence[Any]) -> Answers:
        return super().answers(things[: len(self.groups)])

    def check(self, given: Any, things: Sequence[Any]) -> Checked:
        """Return what became of the given answer, and whether every way leads to the same derivative."""
        found = super().check(given, things)
        count = len(self.groups)
        right, others = things[:count], things[count:]
        write = import_module("symback.page.maths").text  # what writes stands above what works
        checks = []
        for i, thing in enumerate(others):
            first = right[i % count]
            within = (*self.asked_about(), without_lets(self.ways[i // count].tree))
            judged = judge(first.last, thing.last, within)
            where = where_text(judged) if judged.verdict == "narrower" else ""
            key = f"way {i // count + 2}"
            checks.append(AnswerCheck(key, write(thing.last), write(first.last), VERDICTS[judged.verdict], where))
        agree = all(check.verdict == CONFIRMED for check in checks)
        notes = ("Every way leads to the same derivative.",) if agree else ()
        return Checked((*found.checks, *checks), (*found.notes, *notes))
