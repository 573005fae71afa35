r"""A page before it has a format: paragraphs, formulas with their reasons, tables, pictures.

`symback.render.layout_of_solutions` makes it, every document format writes it. Words are plain text and are escaped by
the format that writes them; formulas are LaTeX in the subset that `symback.render.maths` and authors' `$...$` use.
"""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """Words as they are; `style` is "", "strong", "emphasis" or "code"."""

    words: str
    style: str = ""


class Maths(NamedTuple):
    """A formula in a line of text."""

    latex: str


class Link(NamedTuple):
    """Words that lead to an address (http, https, mailto; others were made plain words before)."""

    words: str
    address: str


Inline = Text | Maths | Link
Inlines = tuple[Inline, ...]


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


class Equation(NamedTuple):
    r"""One line of a derivation: `left = body`, the rule, what its letters stand for.

    `left` is empty where the line goes on from the line above; `links` are the parts right of it, each after an equals
    sign (mostly one); a formula that is no equation has a `left` alone. `rule` is plain words, `letters` are formulas,
    `more` further words.
    """

    left: str
    links: tuple[str, ...]
    rule: str = ""
    letters: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


class Display(NamedTuple):
    """Equations below each other, aligned at their equals signs."""

    equations: tuple[Equation, ...]


class Table(NamedTuple):
    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]


class Figure(NamedTuple):
    """A picture as SVG, with what it shows in words, for those who cannot see it."""

    svg: str
    alt: str


class Remark(NamedTuple):
    """A remark set apart: `kind` is confirmed, wrong, verified, failed, unverified, note, hint or error."""

    kind: str
    inlines: Inlines


Block = Paragraph | Subheading | Bullets | Listing | Display | Table | Figure | Remark
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


class Cover(NamedTuple):
    """What a document says besides its problems; `file` names where they come from."""

    title: str
    introduction: Blocks = ()
    language: str = "en"
    show: str = "steps"
    file: str = ""


SHOWS = ("problems", "hints", "answers", "steps")  # each shows what those before it show


def blocks_shown(section: Section, show: str) -> Blocks:
    """Return the blocks of a problem that are shown: `problems` alone, or with hints, answers, or all steps."""
    depth = SHOWS.index(show) + 1
    parts = (section.problem, section.hints, section.answers, section.steps)
    return tuple(block for part in parts[:depth] for block in part)
