"""Problems about a working: which line is the first wrong one, and by which mistake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from symback.errors import UsageError
from symback.expr.tree import Diff, without_lets
from symback.page.solution import Listing, Part
from symback.problems.answers.rights import Answers, Right
from symback.problems.exercise import Exercise
from symback.problems.exercises.expressions import Derive
from symback.working import Working, check_working
from symback.working.made_wrong import lines_with

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem


class Checking(Exercise):
    """A working that is judged; `line` is the first wrong line, 0 where there is none, `mistake` what it is called."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.text = str(self.asked.get("working", "")).strip("\n")
        self.above = str(self.asked.get("given", "")).strip("\n")

    def question(self) -> Iterator[Part]:
        yield ("Find the first line that is wrong, and say what the mistake is:",)
        yield from self.data()

    def data(self) -> Iterator[Part]:
        if self.above:
            yield Listing(self.above)
        yield Listing(self.text)

    def things(self) -> Iterator[Working]:
        yield check_working(self.text, self.problem.symbols, self.above)

    def answers(self, things: Sequence[Any]) -> Answers:
        found: Working = things[0]
        first = next((line for line in found.lines if line.number == found.first_wrong), None)
        name = first.mistake.name if first is not None and first.mistake is not None else ""
        verdicts = {str(line.number): Right(line.verdict) for line in found.lines}
        reasons = "wrong" if any(line.label_is_wrong for line in found.lines) else "right"
        by_key = {"line": Right(found.first_wrong or 0), "mistake": Right(name), "how": Right(_how(first))}
        by_key["reasons"] = Right(reasons)
        return Answers(by_key, "line", parts={"verdicts": verdicts})


def _how(line: Any) -> str:
    """Return what is wrong with the term of a line: wrong exponents, wrong sign."""
    return line.term.how if line is not None and line.term is not None else ""


class Mistaken(Checking):
    """A derivative worked with a mistake in it, to be found."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        asked = Derive(problem)
        (variable, *more), *others = asked.groups
        if more or others or asked.order > 1:
            raise UsageError("A working with a mistake in it is of one first derivative.", hint="Leave out the others.")
        question = Diff(without_lets(asked.function.tree), variable)
        write = import_module("symback.page.maths").text  # what writes stands above what works
        first, *lines = map(write, lines_with(question, str(self.asked["mistake"])))
        self.text = "\n".join([first, *(f"= {line}" for line in lines)])
