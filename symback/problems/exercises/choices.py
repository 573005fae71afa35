"""One right option among several: chosen by the author, or worked out, and beside it what mistakes lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from math import prod
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from symback.errors import SymbackError, UsageError
from symback.expr.tree import (
    Diff,
    Inert,
    Neg,
    Plus,
    Power,
    Times,
    Tree,
    fold,
    is_decimal,
    number,
    number_value,
    without_lets,
)
from symback.page.solution import CONFIRMED, WRONG, AnswerCheck, Options, Part
from symback.problems.answers.answer import Checked, check_answers
from symback.problems.answers.rights import Answers, Right
from symback.problems.exercise import Exercise
from symback.problems.exercises.expressions import Derive
from symback.result import Result
from symback.working.made_wrong import wrong_answers

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem


class Option(NamedTuple):
    """An option: words or an expression, and the mistake that leads there, "" where none is known."""

    shown: str | Tree
    mistake: str = ""
    says: str = ""


@dataclass(frozen=True, repr=False)
class Chosen(Result):
    """The options of a question, and which is right, counted from 1."""

    kind: ClassVar[str] = "choice"
    options: tuple[Option, ...]
    right: int
    title: str = "Choice"
    notes: tuple[str, ...] = ()

    def about(self) -> str:
        """Return how many options there are, and which is right."""
        return f"option {self.right} of {len(self.options)}"


class OneOfSeveral(Exercise):
    """A question with one right option."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.derive = Derive(problem) if self.asked.get("expr") is not None else None
        if self.derive is not None and len(self.derive.groups) > 1:
            raise UsageError("A choice asks for one derivative.", hint="Name one variable in wrt.")
        given = self.asked.get("options", ())
        self.given = (given,) if isinstance(given, str) else tuple(given)
        self.derivation: Any = next(iter(self.derive.things())) if self.derive is not None else None
        self.chosen = self._chosen()

    def _chosen(self) -> Chosen:
        if self.derive is None:
            return Chosen(tuple(map(Option, self.given)), int(self.problem.answer))
        if not self.given:
            return self._made(self.derive)
        shown = [self.derive.read(text) for text in self.given]
        if getattr(self.problem, "values", None):  # x^(n - 1) with 7 put in for n
            shown = list(map(with_numbers_together, shown))
        return Chosen(tuple(map(Option, shown)), self._only_right(self.derive))

    def _only_right(self, derive: Derive) -> int:
        """Return which of the given options is right; UsageError where none is, or several are."""
        answers = derive.answers([self.derivation])
        verdicts = [check_answers(text, answers).checks[0].verdict for text in self.given]
        right = [i for i, verdict in enumerate(verdicts, 1) if verdict == CONFIRMED]
        if len(right) == 1:
            return right[0]
        if right:
            numbers = " and ".join(map(str, right))
            raise UsageError(f"The options {numbers} are both right.", hint="Change all but one of them.")
        written = import_module("symback.page.maths").text(self.derivation.last)  # what writes stands above
        raise UsageError("None of the options is right.", hint=f"The right one is {written}.")

    def _made(self, derive: Derive) -> Chosen:
        """Return options made by mistakes around the right one, in an order that stays the same."""
        (variable, *_), count = derive.groups[0], int(self.asked.get("distractors") or 0)
        if derive.order > 1 or derive.point:
            raise UsageError("Distractors are made for a first derivative.", hint="Leave order and at out.")
        right = self.derivation.last
        wrong = wrong_answers(Diff(without_lets(derive.function.tree), variable), right, count)
        if len(wrong) < count:
            message = f"Only {len(wrong)} mistakes lead to an answer of their own here, and {count} are asked for."
            raise UsageError(message, hint="Ask for fewer distractors, or write the options yourself.")
        made = [Option(right), *(Option(tree, *said) for tree, *said in wrong)]
        Random(f"{self.problem.id} {derive.function.source}").shuffle(made)  # noqa: S311
        return Chosen(tuple(made), next(i for i, one in enumerate(made, 1) if not one.mistake))

    def question(self) -> Iterator[Part]:
        yield from self.derive.question() if self.derive is not None else ()
        yield self.listed

    def data(self) -> Iterator[Part]:
        yield self.listed

    @property
    def listed(self) -> Options:
        """The options as they are printed."""
        return Options(tuple(option.shown for option in self.chosen.options))

    def things(self) -> Iterator[Any]:
        yield self.chosen
        if self.derivation is not None:
            yield self.derivation

    def answers(self, things: Sequence[Any]) -> Answers:
        return Answers({"option": Right(self.chosen.right)}, "option")

    def check(self, given: Any, things: Sequence[Any]) -> Checked:
        """Return whether the option that the author names is right; of words nobody knows."""
        if self.derive is None or given is None:
            return Checked()
        verdict = CONFIRMED if given == self.chosen.right else WRONG
        return Checked((AnswerCheck("", f"option {given}", f"option {self.chosen.right}", verdict),))


def with_numbers_together(tree: Tree) -> Tree:
    """Return an expression in which numbers beside each other are worked out, as people write it.

    >>> from symback.syntax import parse
    >>> with_numbers_together(parse("7x^(7 - 1)")), with_numbers_together(parse("3*2 x^(2 - 1) + (4 - 4)"))
    (Times(7, Power(x, 6)), Times(6, x))
    """
    return fold(tree, _together)


def _together(node: Any, inner: list[Any]) -> Any:
    if not inner:
        return node
    values = [None if is_decimal(one) else number_value(one) for one in inner]
    match node:
        case Plus() | Times():
            return _joined(type(node), inner, values)
        case Neg() if values[0] is not None:
            return number(-values[0])
        case Power() if values[1] == 1:
            return inner[0]
    return type(node)(*inner) if isinstance(node, Inert) else node


def _joined(kind: type[Plus | Times], inner: list[Any], values: list[Fraction | None]) -> Any:
    """Return a sum or a product with its numbers as one: before the others in a product, behind them in a sum."""
    known = [value for value in values if value is not None]
    others = [one for one, value in zip(inner, values, strict=True) if value is None]
    if len(known) < 2 and not (known and known[0] == (1 if kind is Times else 0)):
        return kind(*inner)
    one = sum(known, Fraction(0)) if kind is Plus else prod(known, start=Fraction(1))
    if kind is Times and one == 0:
        return number(one)
    kept = [] if others and one == (1 if kind is Times else 0) else [number(one)]
    made = [*kept, *others] if kind is Times else [*others, *kept]
    return kind(*made) if len(made) > 1 else made[0]


def options_are_wrong(problem: Any) -> str:
    """Return what is wrong with options whose right one is worked out, "" where nothing is."""
    try:
        OneOfSeveral(problem)
    except SymbackError as error:
        return f"{error.message} {error.hint or ''}".strip()
    return ""
