"""Questions in prose: their answer is the author's, shown and not checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from symback.page.solution import Part
from symback.problems.answers.answer import Checked
from symback.problems.answers.reading import given_text
from symback.problems.answers.rights import Answers
from symback.problems.exercise import Exercise
from symback.result import Result


@dataclass(frozen=True, repr=False)
class Prose(Result):
    """The words of an author as an answer: Markdown with formulas between dollar signs."""

    kind: ClassVar[str] = "text"
    words: str
    title: str = "Answer"
    notes: tuple[str, ...] = ()

    def about(self) -> str:
        """Return the words."""
        return self.words


class InWords(Exercise):
    """A question that is answered in words."""

    def question(self) -> Iterator[Part]:
        yield from ()

    data = question

    def things(self) -> Iterator[Any]:
        yield Prose("" if self.problem.answer is None else given_text(self.problem.answer))

    def answers(self, things: Sequence[Any]) -> Answers:
        return Answers()

    def check(self, given: Any, things: Sequence[Any]) -> Checked:
        """Return nothing: nobody checks words."""
        return Checked()


@dataclass(frozen=True, repr=False)
class DoesNotExist(Result):
    """What is asked for does not exist, and why."""

    kind: ClassVar[str] = "does not exist"
    why: str
    title: str = "Answer"
    notes: tuple[str, ...] = ()

    def about(self) -> str:
        """Return the reason."""
        return self.why
