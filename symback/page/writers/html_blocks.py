"""The blocks of a page as HTML: paragraphs, derivations, tables, pictures, remarks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from symback.page.fitting import fitting
from symback.page.formula.value import Formula
from symback.page.page import (
    Block,
    Blocks,
    Bullets,
    Display,
    Equation,
    Figure,
    Law,
    Listing,
    Maths,
    Paragraph,
    Photo,
    Remark,
    Room,
    Subheading,
    Table,
    Text,
)  # fmt: skip
from symback.page.writers.html_letters import coloured
from symback.page.writers.html_pictures import inline_svg
from symback.page.writers.html_pieces import ROOM
from symback.page.writers.html_words import flow, line, text, widest_piece, width
from symback.words import ENGLISH, Words

NARROW_LEFT = 5.0  # ems: a left side that stands beside its equals sign even on a telephone
WIDEST_LEFT = 14.0  # ems: beside a wider one there is no room for a line of formulas
ROOM_BESIDE = 31.0  # ems of a page less the column of reasons, for the left side and the formulas
PAGE = 44.0  # ems of the page, for a formula
SMALLEST = 0.7  # how small a formula is set on a screen, at the least, so that it fits
EQUALS, INDENT, INSET = 1.4, 1.3, 1.2  # ems: an equals sign, a line below its left side, what is set apart
SCREEN = 16.8  # ems: the width of a telephone that is 360 pixels wide
WIDEST_PICTURE = 520.0  # pixels: one that fits there when it is drawn smaller
CELL = 1.6  # ems around what stands in a cell of a table

REMARKS: dict[str, tuple[str, str]] = {
    "confirmed": ("✓", "Answer"),
    "wrong": ("×", "Answer"),
    "verified": ("✓", "Check"),
    "failed": ("×", "Check"),
    "unverified": ("?", "Check"),
    "note": ("i", "Note"),
    "hint": ("→", "Hint"),
    "error": ("!", "Error"),
}  # the sign and the word of each kind: its colour says nothing that these do not say


def blocks(shown: Blocks, name: str, words: Words = ENGLISH) -> str:
    """Return blocks one below the other; `name` begins the names inside their pictures, which must differ.

    What is read aloud for parts that scroll is said in the language of `words`.
    """
    written = "\n".join([_block(block, f"{name}-{i}") for i, block in enumerate(shown, 1)])
    return _SCROLLED.sub(lambda found: f' aria-label="{text(words.say(found[1]))}"', written) if words else written


_SCROLLED = re.compile(' aria-label="(long formula|table|picture)"')


def _block(block: Block, name: str) -> str:
    if isinstance(block, Figure):
        return _figure(block, name)
    return _WRITERS[type(block)](block)


def _paragraph(paragraph: Paragraph) -> str:
    return f"<p>{line(paragraph.inlines)}</p>"


def _subheading(heading: Subheading) -> str:
    return f"<h3>{line(heading.inlines)}</h3>"


def _bullets(bullets: Bullets) -> str:
    element = "ol" if bullets.ordered else "ul"
    items = "".join([f"<li>{line(item)}</li>" for item in bullets.items])
    return f"<{element}>{items}</{element}>"


def _listing(listing: Listing) -> str:
    return f"<pre><code>{text(listing.text)}</code></pre>"


def _remark(remark: Remark) -> str:
    sign, word = REMARKS[remark.kind]
    said = text(remark.words.say(word))
    label = f'<strong class="label"><span class="sign" aria-hidden="true">{sign}</span> {said}:</strong>'
    return f'<p class="remark {remark.kind}">{label} {line(remark.inlines)}</p>'


# --- derivations --------------------------------------------------------------------------------------------------


class _Grid(NamedTuple):
    """How the lines of a display stand: the width of the left sides in ems, and where they are.

    `form` is `beside` their lines, on a narrow page `apart` from them, or always `alone`, above them.
    """

    left: float
    form: str

    @property
    def room(self) -> float:
        """What a telephone has for a formula, in ems."""
        return round(SCREEN - EQUALS - INSET - (self.left if self.form == "beside" else INDENT), 1)


def _display(display: Display) -> str:
    equations = fitting(display)
    if len(equations) == 1 and not equations[0].links and not _has_reason(equations[0]):
        return f'<div class="formula"{_scrolling(ROOM, equations[0].left)}>{flow(equations[0].left.marked)}</div>'
    left = max((width(equation.left.marked) for equation in equations if equation.links), default=0.0)
    grid = _Grid(left, _form(equations, left))
    reasons = "" if any(map(_has_reason, equations)) else " bare"
    lines = "\n".join([_line(equation, grid) for equation in equations])
    return f'<div class="lines {grid.form}{reasons}" style="--left:{left:.1f}">\n{lines}\n</div>'


def _form(equations: Sequence[Equation], left: float) -> str:
    if left <= NARROW_LEFT:
        return "beside"
    if left > WIDEST_LEFT or left + max(widest_piece(link.marked) for e in equations for link in e.links) > PAGE:
        return "alone"
    return "apart"


def _has_reason(equation: Equation) -> bool:
    return bool(equation.rule or equation.letters or equation.more)


def _line(equation: Equation, grid: _Grid) -> str:
    is_long = grid.left + sum([width(link.marked) + EQUALS for link in equation.links]) > ROOM_BESIDE
    parts = []
    if equation.left:
        name = "left" if equation.links else "left whole"
        parts.append(f'<div class="{name}"{_scrolling(ROOM, equation.left)}>{flow(equation.left.marked)}</div>')
    if equation.links:
        links = "".join([flow(link.marked, grid.room, after_equals=True) for link in equation.links])
        parts.append(f'<div class="body"{_scrolling(grid.room, *equation.links)}>{links}</div>')
    if _has_reason(equation):
        parts.append(f'<div class="why">{_why(equation)}</div>')
    inside = coloured("".join(parts), equation.letters) if equation.laws else "".join(parts)
    return f'<div class="line{" long" if is_long else ""}{" quiet" if equation.is_quiet else ""}">{inside}</div>'


def _scrolling(room: float, *formulas: Formula) -> str:
    too_wide = any(widest_piece(formula.marked, room, narrow=True) * SMALLEST > room for formula in formulas)
    return _reached("long formula") if too_wide else ""


def _reached(name: str) -> str:
    """Return what makes a part that is wider than a telephone reachable from the keyboard, to be scrolled there."""
    return f' tabindex="0" role="group" aria-label="{name}"'


def _why(equation: Equation) -> str:
    """Return the reason of a line, which opens the laws that it names."""
    said = _reason(equation)
    if not equation.laws:
        return said
    laws = "".join(map(_law, equation.laws))
    return f'<details class="law"><summary>{said}</summary>{laws}</details>'


def _law(law: Law) -> str:
    return f'<div><span class="rule">{text(law.name)}</span> {flow(law.formula.marked)}</div>'


def _reason(equation: Equation) -> str:
    rule = [_rule(equation.rule)] if equation.rule else []
    *first, last = [*rule, *(flow(letter.marked) for letter in equation.letters), *map(_rule, equation.more)]
    return " ".join([*(f'<span class="letters">{part},</span>' for part in first), last])


def _rule(words: str) -> str:
    return f'<span class="rule">{text(words)}</span>'


# --- tables and pictures ------------------------------------------------------------------------------------------


def _table(table: Table) -> str:
    wide = sum(max(map(_cell_width, column), default=0.0) + CELL for column in _columns(table))
    head = "".join([f'<th scope="col">{line(cell)}</th>' if cell else "<td></td>" for cell in table.head])
    rows = "\n".join(["<tr>" + "".join([f"<td>{line(cell)}</td>" for cell in row]) + "</tr>" for row in table.rows])
    body = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    reached = _reached("table") if wide > SCREEN else ""
    return f'<div class="sheet" style="--w:{wide:.1f}"{reached}>{body}</div>'


def _columns(table: Table) -> Iterator[list[Any]]:
    rows = [table.head, *table.rows]
    for i in range(max(map(len, rows), default=0)):
        yield [row[i] for row in rows if i < len(row)]


def _cell_width(cell: Sequence[Any]) -> float:
    return sum(width(part.formula.marked) if isinstance(part, Maths) else 0.5 * len(part.words) for part in cell)


def _figure(figure: Figure, name: str) -> str:
    drawn = inline_svg(figure.svg, figure.alt, name)
    if not drawn:
        return _paragraph(Paragraph((Text(figure.alt, "emphasis"),)))
    size = _WIDTH.search(drawn)
    reached = _reached("picture") if size and float(size[1]) > WIDEST_PICTURE else ""
    return f'<figure><div class="panel"{reached}>{drawn}</div></figure>'


def _photo(photo: Photo) -> str:
    image = photo.image
    width = f";width:{image.width}" if image.width else ""
    style = f"display:block;max-width:100%;margin:0 auto{width}"
    return f'<figure><img src="{image.address}" alt="{text(photo.alt)}" style="{style}"></figure>'


_WIDTH = re.compile(r"--width:([\d.]+)")


_WRITERS: dict[type[Block], Callable[[Any], str]] = {
    Paragraph: _paragraph,
    Subheading: _subheading,
    Bullets: _bullets,
    Listing: _listing,
    Display: _display,
    Table: _table,
    Remark: _remark,
    Photo: _photo,
    Room: lambda room: f'<div class="room" style="height:{room.height}"></div>',
}
