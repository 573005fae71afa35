"""Worked problems as plain documents: what is asked, the works, the checks; nothing here knows how it is shown.

A document is a sheet of problems with their solutions. Everything is frozen and can be pickled, because a solution is
made in a worker process and shown in another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

from symback.content import ByContent
from symback.errors import SymbackError
from symback.expr.tree import Tree
from symback.page.heading import NONE as NONE_ABOVE
from symback.page.heading import Heading as Heading
from symback.page.image import Image
from symback.result import Result
from symback.words import ENGLISH, Words

Sentence = tuple[str | Tree, ...]  # plain words, and expressions between them

CONFIRMED, WRONG, NONE = "confirmed", "wrong", "none"
NARROWER, UNREADABLE = "narrower", "unreadable"


class Formula(NamedTuple):
    """An expression that stands on a line of its own, with the name of the function it defines where there is one.

    Derivatives in it are partial ones where `several` variables occur, which a name such as z does not show.
    """

    tree: Tree
    name: str = ""
    several: bool = False


class Listing(NamedTuple):
    """A text as it was typed, such as a graph with loops."""

    text: str


class Definitions(NamedTuple):
    """A graph by the formulas of its nodes, the shapes of its nodes, and the arrays whose values are not given."""

    graph: Any
    shapes: Mapping[str, tuple[int, ...]]
    open: tuple[str, ...] = ()


class Values(NamedTuple):
    """Values that are given, by name: expressions, lists of them, or lists of lists; a table for each pass."""

    tables: tuple[Mapping[str, Any], ...]


class Options(NamedTuple):
    """What there is to choose from, counted from 1: Markdown of the author, or expressions."""

    items: tuple[str | Tree, ...]


class Chart(NamedTuple):
    """A table of values: what each column holds, and the rows; None where nothing is given."""

    head: tuple[Tree, ...]
    rows: tuple[tuple[Tree | None, ...], ...]


Part = Sentence | Formula | Listing | Definitions | Values | Options | Chart


class Work(NamedTuple):
    """A worked thing, such as a `Derivation` or a `Backprop`, with the verdict of its check (None: it has none)."""

    thing: Any
    verification: Any = None


class AnswerCheck(NamedTuple):
    """What became of one answer given in the file: `key` names it, `right` is the right one, both as text.

    `where` says under which conditions one that is narrower is right; `reason` why one cannot be read.
    """

    key: str
    given: str
    right: str
    verdict: str
    where: str = ""
    reason: str = ""


class Picture(NamedTuple):
    """A picture: `graph`, `contour` or `loss`; it is drawn from the thing when shown.

    One that nobody asked for `may_be_left_out`, where it cannot be drawn or a format has no room for it.
    """

    kind: str
    thing: Any
    alt: str
    may_be_left_out: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Solution(Result, ByContent):
    """One problem, worked: the author's words and what is asked, hints, the works with their checks, pictures.

    `text` and `hints` are Markdown with formulas between dollar signs. A problem that could not be worked has an
    `error` and no works. `parts` are solutions with a `label` each, a or i, and ids such as p3a; their problem has no
    works of its own, and in `checks` those of all parts, under keys such as a.x.
    """

    id: str
    title: str
    kind: str
    number: int = 1
    points: float | None = None
    text: str = ""
    task: tuple[Part, ...] = ()
    hints: tuple[str, ...] = ()
    works: tuple[Work, ...] = ()
    checks: tuple[AnswerCheck, ...] = ()
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()
    error: SymbackError | None = None
    detail: str = "normal"
    marks: bool = True  # whether pages mark what each step changed
    asked: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    parts: tuple[Solution, ...] = ()
    words: Words = ENGLISH
    space: str = ""
    images: tuple[Image, ...] = ()
    rubric: tuple[tuple[str, float], ...] = ()

    def leaves(self) -> tuple[Solution, ...]:
        """Return the parts that have none themselves; of a problem without parts itself."""
        return tuple(leaf for part in self.parts for leaf in part.leaves()) if self.parts else (self,)

    @property
    def answer_check(self) -> str:
        """Whether the given answers are right: `confirmed`, `wrong`, or `none` where none was given or decided.

        `narrower` where some are right only in a part of the domain, and the others are right.
        """
        verdicts = {check.verdict for check in self.checks}
        if WRONG in verdicts:
            return WRONG
        if verdicts == {CONFIRMED}:
            return CONFIRMED
        return NARROWER if NARROWER in verdicts and verdicts <= {CONFIRMED, NARROWER} else NONE

    def render(self, format: str = "markdown", show: str = "steps") -> Any:
        """Return the solution as a document of its own in a format, as text (as bytes for pdf)."""
        own = Document("", self.title, solutions=(self,), language=self.words.code, words=self.words)
        return own.render(format, show)

    def about(self) -> str:
        """Return the name of the problem, its title and its kind."""
        return f"{self.id}, {self.title}, {self.kind}"


@dataclass(frozen=True, eq=False, repr=False)
class Document(Result, ByContent):
    """A sheet of worked problems: the file they come from, its title and introduction (Markdown), the solutions.

    It can be gone through as the sequence of its solutions.
    """

    kind: ClassVar[str] = "document"
    file: str
    title: str
    text: str = ""
    solutions: tuple[Solution, ...] = ()
    language: str = "en"
    words: Words = ENGLISH
    heading: Heading = NONE_ABOVE
    variant: int | None = None

    def __len__(self) -> int:
        return len(self.solutions)

    def __iter__(self) -> Iterator[Solution]:
        return iter(self.solutions)

    def __getitem__(self, place: int) -> Solution:
        return self.solutions[place]

    def render(self, format: str = "markdown", show: str = "steps") -> Any:
        """Return the document in a format, as text (as bytes for pdf)."""
        return import_module("symback.page.writers").write(self, format, show)

    def about(self) -> str:
        """Return the title, and how many problems there are."""
        count = len(self.solutions)
        return f"{self.title or self.file}, {count} problem{'s' * (count != 1)}"
