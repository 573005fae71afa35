"""What every kind of problem has once it is read: a task, results that are worked out, right answers, pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symback.expr.tree import Tree
    from symback.page.solution import Part, Picture
    from symback.problems.answers.answer import Checked
    from symback.problems.answers.rights import Answers
    from symback.problems.file.sheet import Problem


class Exercise(ABC):
    """A problem that has been read; everything after reading is asked of it, in this order."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.asked = problem.asked

    def task(self) -> Iterable[Part]:
        """Return what is asked.

        Where the author's text asks already, the formulas and values follow it, and nothing is asked a second time.
        """
        return self.data() if self.problem.text.strip() else self.question()

    @abstractmethod
    def question(self) -> Iterable[Part]:
        """Return the question in words, with all that is given."""

    @abstractmethod
    def data(self) -> Iterable[Part]:
        """Return what is given alone: formulas, graphs, values."""

    @abstractmethod
    def things(self) -> Iterable[Any]:
        """Work everything out."""

    def verification(self, thing: Any) -> Any:
        """Return the verdict of a thing's check, None where it has none."""
        return thing.verify()

    @abstractmethod
    def answers(self, things: Sequence[Any]) -> Answers:
        """Return the right answers by the keys that a given answer may have."""

    def check(self, given: Any, things: Sequence[Any]) -> Checked:
        """Return what became of the answer that the author gives; None is no answer."""
        from symback.problems.answers.answer import Checked, check_answers, that_it_exists  # commands do
        from symback.problems.answers.rights import says_no_value  # without them

        if given is None:
            return Checked()
        answers = self.answers(things)
        return that_it_exists(given, answers) if says_no_value(given) else check_answers(given, answers)

    def picture(self, kind: str, things: Sequence[Any]) -> Picture:
        """Return a picture of what was worked out; UsageError where there is none of that kind."""
        from symback.errors import UsageError

        hint = (
            "graph goes with an expression or a graph, contour with a function of two variables, loss with train, "
            "curve with extrema."
        )
        raise UsageError(f"A problem of the kind {self.problem.kind} has no picture {kind!r}.", hint=hint)


def unicode(tree: Tree) -> str:
    """Return an expression for words that are read aloud; what writes it is in a higher layer."""
    return str(import_module("symback.page.maths").unicode(tree))
