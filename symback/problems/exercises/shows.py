"""Two sides that are to be shown equal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from symback.calculus.question import read_question
from symback.calculus.showing import Identity, show
from symback.page.solution import CONFIRMED, NARROWER, NONE, WRONG, AnswerCheck, Part
from symback.problems import wording
from symback.problems.answers.answer import Checked
from symback.problems.answers.comparing import where_text
from symback.problems.answers.given import texts
from symback.problems.answers.rights import Answers, Right
from symback.problems.assumptions import domains_of, sentence
from symback.problems.exercise import Exercise

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem

VERDICTS = {"yes": CONFIRMED, "no": WRONG, "narrower": NARROWER, "unknown": NONE}


class ShowThat(Exercise):
    """An identity of expressions."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.left, self.right = (str(self.asked[key]) for key in ("left", "right"))
        self.where = str(self.asked.get("where", ""))
        self.assumed = texts(self.asked.get("assume"), "assume")
        within = domains_of(self.assumed, problem.symbols)
        self.found: Identity = show(self.left, self.right, self.where, problem.symbols, within)

    def question(self) -> Iterator[Part]:
        yield ("Show that ", self.found.start, " = ", self.found.right, ".")
        yield from self._definitions()

    def data(self) -> Iterator[Part]:
        yield (self.found.start, " = ", self.found.right)
        yield from self._definitions()

    def _definitions(self) -> Iterator[Part]:
        for text in filter(str.strip, re.split(r"[;\n]", self.where)):
            found = read_question(text.strip(), self.problem.symbols)
            if found.name:
                yield ("Here ", wording.called(found), " = ", found.tree, ".")
        yield from sentence(self.assumed)

    def things(self) -> Iterator[Identity]:
        yield self.found

    def verification(self, thing: Any) -> Any:
        """Return the verdict on the steps; that the sides differ is said of them, and is no wrong step."""
        return None if thing.verdict.verdict == "no" else thing.verify()

    def answers(self, things: Sequence[Any]) -> Answers:
        return Answers({"right": Right(formula=self.found.right)}, "right")

    def check(self, given: Any, things: Sequence[Any]) -> Checked:
        """Return whether the right side is what the left one is."""
        found = self.found
        write = import_module("symback.page.maths").text  # what writes stands above what works
        notes = (f"The sides differ: {found.differs}.",) if found.differs else ()
        right = f"{write(found.last)} ({found.differs})" if found.differs else write(found.right)
        verdict = VERDICTS[found.verdict.verdict]
        where = where_text(found.verdict) if verdict == NARROWER else ""
        return Checked((AnswerCheck("", f"{self.left} = {self.right}", right, verdict, where, found.differs),), notes)
