"""A checked working: every line with its verdict, what is wrong with it, and the mistake by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import ClassVar, NamedTuple

from symback.content import ByContent
from symback.errors import ParseError, SymbackError
from symback.expr.tree import Path, Tree
from symback.result import Result
from symback.working.facts import LINE, MISSING, TOO_MANY, Fact

RIGHT, WRONG, FOLLOWS, MENDED = "right", "wrong", "follows", "mended"
NARROWER, ROUNDED, UNKNOWN = "narrower", "rounded", "unknown"
GIVEN, UNREADABLE = "given", "unreadable"  # what is not judged
BADNESS = {v: i for i, v in enumerate((GIVEN, RIGHT, ROUNDED, MENDED, NARROWER, FOLLOWS, UNKNOWN, WRONG, UNREADABLE))}


LONGEST_FACT = 240  # characters of the two terms


class Named(NamedTuple):
    """A mistake that alone explains a line: its name, its law, what its letters stand for, and what a teacher says."""

    name: str
    law: str
    bindings: tuple[tuple[str, Tree], ...]
    says: str


@dataclass(frozen=True)
class Line:
    """A line of a working.

    `left` is what stands left of the first sign, where there is something, `parts` are the expressions behind it with
    the sign before each. `wrong` is the number of the part that is wrong. `possible` are the mistakes that explain it,
    where there is not just one; `why` says more about a verdict: the condition of a narrower line, why one is unknown.
    """

    number: int
    text: str
    verdict: str
    left: Tree | None = None
    parts: tuple[tuple[str, Tree], ...] = ()
    term: Fact | None = None
    mistake: Named | None = None
    possible: tuple[str, ...] = ()
    family: str = ""
    why: str = ""
    wrong: int = 0
    question: int = 0  # which of the answers belongs to it, from 1; 0 for none
    follows: int = 0  # the number of the line from which it follows
    label: str = ""  # the reason that stands behind the line
    label_is_wrong: str = ""  # why that reason is none
    remark: str = ""
    error: ParseError | None = None

    @property
    def fact(self) -> str:
        """What is wrong with which term, as a sentence without a full stop; empty where nothing is."""
        return "" if self.term is None else sentence(self.term, _unicode)

    @property
    def right(self) -> str:
        """The line as it should be, as text that reads back; empty where it is right or nothing is known."""
        return "" if self.term is None else str(import_module("symback.page.maths").text(self.term.line))

    @property
    def place(self) -> Path | None:
        """Where the wrong term stands in the wrong part."""
        return None if self.term is None else self.term.place


def _unicode(tree: Tree) -> str:
    return str(import_module("symback.page.maths").unicode(tree, len(tree.free_symbols) > 1))


def sentence(fact: Fact, written: Callable[[Tree], str]) -> str:
    """Return a fact in words: 2xy³ should be 2x²y²: wrong exponents."""
    given = "" if fact.given is None else written(fact.given)
    right = "" if fact.right is None else written(fact.right)
    if fact.how == MISSING:
        return f"the term {right} is missing"
    if fact.how == TOO_MANY:
        return f"the term {given} is too many"
    if len(given) + len(right) > LONGEST_FACT:
        return "this should be another expression"
    return f"{given} should be {right}" + (f": {fact.how}" if fact.how != LINE else "")


def or_unreadable(blank: Line, read: Callable[[], Line]) -> Line:
    """Return a line as it is read; one that cannot be read keeps its error, and the others are checked all the same."""
    try:
        return read()
    except ParseError as error:
        return replace(blank, verdict=UNREADABLE, error=error)
    except SymbackError as error:
        said = ParseError(error.message, blank.text, 0, len(blank.text), hint=error.hint)
        return replace(blank, verdict=UNREADABLE, error=said)


@dataclass(frozen=True, eq=False, repr=False)
class Working(Result, ByContent):
    """A working as it was judged: its lines, and the right answer of each question in it.

    >>> from symback.working import check_working
    >>> check_working("d/dx [x^2 sin x]\\n= 2x sin x").lines[1].fact
    'the term x² cos x is missing'
    """

    kind: ClassVar[str] = "check"
    title: ClassVar[str] = "A working, checked"
    tells_verdict: ClassVar[bool] = True
    lines: tuple[Line, ...]
    answers: tuple[tuple[Tree | None, Tree], ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()
    show_answer: bool = True

    @property
    def first_wrong(self) -> int | None:
        """The number of the first wrong line, None where there is none."""
        return next((line.number for line in self.lines if line.verdict == WRONG), None)

    @property
    def mistakes(self) -> int:
        """How many lines are wrong by themselves."""
        return self.count(WRONG)

    def count(self, *verdicts: str) -> int:
        """Return how many lines have one of these verdicts."""
        return sum(line.verdict in verdicts for line in self.lines)

    @property
    def answer(self) -> Tree | None:
        """The right answer of the question in which the first wrong line stands, else of the last question."""
        found = self.answers_of_wrong()[:1] or self.answers[-1:]
        return found[0][1] if found else None

    def answers_of_wrong(self) -> tuple[tuple[Tree | None, Tree], ...]:
        """Return the right answers of the questions in which a line is wrong, in order."""
        wrong = {line.question for line in self.lines if line.verdict == WRONG}
        return tuple(dict.fromkeys(found for i, found in enumerate(self.answers, 1) if i in wrong))

    def exit_code(self, strict: bool = False) -> int:
        """Return 0 where all is right, 1 where a line is wrong (`strict`: or unknown), 3 where one cannot be read."""
        if self.count(UNREADABLE):
            return 3
        return 1 if self.count(WRONG, *((UNKNOWN,) if strict else ())) else 0

    def about(self) -> str:
        """Return what came of it, in a few words."""
        return self.summary()

    def summary(self) -> str:
        """Return how many mistakes there are in how many lines, and where: 1 mistake in 4 lines: line 3."""
        wrong = [line.number for line in self.lines if line.verdict == WRONG]
        lines = f"{len(self.lines)} line{'s' * (len(self.lines) != 1)}"
        said = f"{len(wrong) or 'no'} mistake{'s' * (len(wrong) != 1)} in {lines}"
        if wrong:
            said += f": line{'s' * (len(wrong) > 1)} {', '.join(map(str, wrong))}"
        labels = [str(line.number) for line in self.lines if line.label_is_wrong]
        said += f"; the reason of line {', '.join(labels)} is wrong" if labels else ""
        others = [*_others(self, UNKNOWN, "not judged"), *_others(self, UNREADABLE, "cannot be read")]
        return "; ".join([said, *others])


def _others(working: Working, verdict: str, said: str) -> Iterator[str]:
    found = [str(line.number) for line in working.lines if line.verdict == verdict]
    if found:
        yield f"line{'s' * (len(found) > 1)} {', '.join(found)} {said}"


def worst(lines: Iterable[Line]) -> Line:
    """Return the worst of the verdicts on parts of a line, the first where several are as bad."""
    return max(lines, key=lambda line: BADNESS[line.verdict])
