r"""A page before it has a format: paragraphs, formulas with their reasons, tables, pictures.

`symback.page.layout_of_solutions` makes it, every document format writes it. Words are plain text and are escaped by
the format that writes them; a formula is a `Formula`, which each format has written as it needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symback.page.formula.value import NOTHING, Formula
from symback.page.image import Image
from symback.words import ENGLISH, Words


class Text(NamedTuple):
    """Words as they are; `style` is "", "strong", "emphasis" or "code"."""

    words: str
    style: str = ""


class Maths(NamedTuple):
    """A formula in a line of text."""

    formula: Formula


class Link(NamedTuple):
    """Words that lead to an address (http, https, mailto; others were made plain words before)."""

    words: str
    address: str


Inline = Text | Maths | Link
Inlines = tuple[Inline, ...]


def plain_words(inlines: Inlines) -> str:
    """Return words without their styles, formulas as they are typed: for a name, a title of a window."""
    return "".join([part.formula.latex if isinstance(part, Maths) else part.words for part in inlines])


class Paragraph(NamedTuple):
    inlines: Inlines


class Subheading(NamedTuple):
    """A heading inside a problem: Forward pass, Backward pass."""

    inlines: Inlines


class Bullets(NamedTuple):
    items: tuple[Inlines, ...]
    ordered: bool = False


class Listing(NamedTuple):
    """Text as it was typed, in letters of one width."""

    text: str


class Law(NamedTuple):
    """A law that a line uses: its name, and what it says."""

    name: str
    formula: Formula


class Equation(NamedTuple):
    r"""One line of a derivation: `left = body`, the rule, what its letters stand for.

    `left` is empty where the line goes on from the line above; `links` are the parts right of it, each after an equals
    sign (mostly one); a formula that is no equation has a `left` alone. `rule` is plain words, `letters` are formulas,
    `more` further words. `let` are the inner functions that are named in a sentence before the line: Let u = 3x. With
    `all_letters` the letters are shown however long they are. `numbers` is the last link with its numbers put in, which
    may be left out, and `value` what it is worth. A line that `is_quiet` is grey where there is colour.
    """

    left: Formula
    links: tuple[Formula, ...]
    rule: str = ""
    letters: tuple[Formula, ...] = ()
    more: tuple[str, ...] = ()
    let: tuple[Formula, ...] = ()
    all_letters: bool = False
    numbers: Formula = NOTHING
    value: Formula = NOTHING
    laws: tuple[Law, ...] = ()
    is_quiet: bool = False


class Display(NamedTuple):
    """Equations below each other, aligned at their equals signs.

    With `joins` the lines that go on from a line above may stand in one with it, where there is room.
    """

    equations: tuple[Equation, ...]
    joins: bool = False


def runs_of(equations: Sequence[Equation]) -> Iterator[tuple[Equation, ...]]:
    """Yield each equation that has a left side with the lines that go on from it."""
    start = 0
    for i, equation in enumerate(equations):
        if i > start and equation.left:
            yield tuple(equations[start:i])
            start = i
    if equations:
        yield tuple(equations[start:])


class Table(NamedTuple):
    """Rows of cells under a head.

    `turned` is the head where a line has no room for the table and its columns become rows; `courses` are numbers in
    their order, which text draws as bars below the table.
    """

    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    turned: tuple[str, ...] = ()
    courses: tuple[tuple[str, tuple[float, ...]], ...] = ()


class Figure(NamedTuple):
    """A picture as SVG, with what it shows in words, for those who cannot see it.

    One that nobody asked for `may_be_left_out`.
    """

    svg: str
    alt: str
    words: Words = ENGLISH
    may_be_left_out: bool = False


class Photo(NamedTuple):
    """An image of the author."""

    image: Image
    words: Words = ENGLISH

    @property
    def alt(self) -> str:
        """What it shows in words."""
        return self.image.alt or self.words.say("Picture")


class Room(NamedTuple):
    """Room to write on paper, so high: 4cm."""

    height: str


class Remark(NamedTuple):
    """A remark set apart: `kind` is confirmed, wrong, verified, failed, unverified, note, hint or error."""

    kind: str
    inlines: Inlines
    words: Words = ENGLISH  # those of its label


Block = Paragraph | Subheading | Bullets | Listing | Display | Table | Figure | Photo | Remark | Room
Blocks = tuple[Block, ...]


class Section(NamedTuple):
    """A problem on a page, in the parts that a reader may be shown: what is asked, hints, answers, steps."""

    id: str
    number: int
    title: Inlines
    problem: Blocks
    hints: Blocks = ()
    answers: Blocks = ()
    steps: Blocks = ()
    points: str = ""  # as it is written: "2 points"
    label: str = ""  # of a part: "a"
    parts: tuple[Section, ...] = ()  # whose blocks are among these already
    words: Words = ENGLISH
    own: Blocks = ()  # what a problem with parts says above them
    hinted: Blocks = ()  # of one with parts: what is asked, with the hints of each part beside it

    def asked(self, depth: int = 9) -> Blocks:
        """Return what is asked; room to write is in it where hints are the most that is shown."""
        return _with_room(self.problem, depth)

    def asked_with_hints(self, depth: int, room: int = 9) -> Blocks:
        """Return what is asked, and from the level `hints` on the hints: those of a part stand beside it."""
        if depth < SHOWS.index("hints"):
            return _with_room(self.problem, room)
        return _with_room(self.hinted or (*self.problem, *self.hints), room)


def _with_room(blocks: Blocks, depth: int) -> Blocks:
    return tuple(block for block in blocks if depth < SHOWS.index("answers") or not isinstance(block, Room))


class Cover(NamedTuple):
    """What a document says besides its problems; `file` names where they come from."""

    title: str
    introduction: Blocks = ()
    language: str = "en"
    show: str = "steps"
    file: str = ""
    words: Words = ENGLISH
    variant: int | None = None
    heading: Blocks = ()  # course and date, lines to be filled in by hand, how many points there are

    @property
    def opening(self) -> Blocks:
        """What stands between the title and the first problem on paper."""
        return (*self.heading, *self.introduction)


SHOWS = ("problems", "hints", "answers", "steps")  # each shows what those before it show
REVEAL = "reveal"  # everything, folded away: a learner opens it piece by piece
SHOWN = (*SHOWS, REVEAL)


def depth_of(show: str) -> int:
    """Return how much is shown; a format that cannot fold shows a learner no more than the hints.

    >>> depth_of("steps"), depth_of("reveal")
    (3, 1)
    """
    return SHOWS.index("hints" if show == REVEAL else show)


def answers_of(section: Section, show: str) -> Blocks:
    """Return the answers; what became of those in the file is said in the key alone, which shows all steps."""
    if show == "steps":
        return section.answers
    return tuple(block for block in section.answers if not isinstance(block, Remark))


def blocks_shown(section: Section, show: str) -> Blocks:
    """Return the blocks of a problem that are shown: `problems` alone, or with hints, answers, or all steps."""
    depth = SHOWS.index(show) + 1
    others = (section.answers, section.steps)[: max(0, depth - 2)]
    return (*section.asked_with_hints(depth - 1, depth - 1), *(block for part in others for block in part))
