r"""A document as the source of a Typst sheet, which Typst sets as it is: no package, no font and no file is fetched.

What an author wrote is markup with every sign escaped, or a string; formulas are written from their tree. Each formula
has its text in words beside it, which is what PDF/UA wants.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from symback.page.fitting import fitting
from symback.page.formula import Row
from symback.page.formula.breaking import Piece, fine_pieces, terms_of, width
from symback.page.formula.read_latex import formula_of
from symback.page.formula.value import Formula
from symback.page.page import (
    Block,
    Blocks,
    Bullets,
    Cover,
    Display,
    Equation,
    Figure,
    Inline,
    Inlines,
    Link,
    Listing,
    Maths,
    Paragraph,
    Photo,
    Remark,
    Room,
    Section,
    Subheading,
    Table,
    Text,
    answers_of,
    depth_of,
    plain_words,
)  # fmt: skip
from symback.page.solution import Solution
from symback.page.writers import Format
from symback.page.writers.spoken import words_of_row
from symback.page.writers.typst_maths import typst_of_node, typst_of_row
from symback.page.writers.typst_pictures import cuts_of
from symback.page.writers.typst_words import BREAK, LONGEST_WORD, escaped, literal, printable
from symback.words import ENGLISH, Words

SHORT = 14.0  # letters: a formula that is narrower is not broken among words
LONGEST_RUNNING = 60  # characters of the title at the foot of a page
LONG = 36.0  # letters: a formula that is wider is given in units between which a line may be broken
WIDEST_TABLE = 84  # letters: in a wider one shorter words are broken too
_SPOKEN: ContextVar[Words] = ContextVar("language of what is read aloud", default=ENGLISH)  # of the part at work
FINER = 28.0  # letters: a unit that is wider is given in finer ones too


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem with as much of its solution as is shown."""
    _SPOKEN.set(section.words)
    depth = depth_of(show)
    title = words(section.title) or escaped(section.words.say("Problem"))
    points = f", points: {literal(section.points)}" if section.points else ""
    asked = _blocks(section.asked_with_hints(depth, depth), 2)
    blocks = [f"#problem({section.number or 'none'}, [{title}]{points})", *asked]
    if depth >= 2:
        blocks += _under(section.words.say("Answer"), answers_of(section, show))
    if depth >= 3:
        blocks += _under(section.words.say("Steps"), section.steps)
    return "\n\n".join(filter(None, blocks))


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the whole document, which ends with the end of a line."""
    _SPOKEN.set(cover.words)
    title = " ".join(printable(cover.title).split()) or cover.words.say("Problems")
    running = title if len(title) <= LONGEST_RUNNING else f"{title[: LONGEST_RUNNING - 1].rstrip()}…"
    titles = f"title: {literal(title)}, shown: {literal(title, break_words=True)}, running: {literal(running)}"
    language = cover.language if re.fullmatch(r"[a-z]{2,3}", cover.language) else "en"
    opening = f'#show: sheet.with({titles}, language: "{language}")'
    return "\n\n".join(filter(None, [_looks_in(cover.words), opening, *_blocks(cover.opening, 1), *parts])) + "\n"


def _looks_in(words: Words) -> str:
    """Return how the sheet looks, with the labels of its remarks in the language of the sheet."""
    looks = _looks().replace('equals = "equals"', f"equals = {literal(words.say('equals'))}", 1)
    for label in ("Error", "Note", "Hint") if words else ():
        looks = looks.replace(f"{label}:]", f"{escaped(words.say(label))}:]", 1)
    return looks


FORMAT = Format("typst", part, document)


@cache
def _looks() -> str:
    return (Path(__file__).parent / "assets" / "document.typ").read_text(encoding="utf-8").rstrip()


def _under(heading: str, blocks: Blocks) -> list[str]:
    return [f"#subheading(2, [{heading}])", *_blocks(blocks, 3)] if blocks else []


def _blocks(blocks: Blocks, level: int) -> list[str]:
    """Return blocks as paragraphs of markup; headings among them are of this level."""
    return [_block(block, level, following) for block, following in zip_longest(blocks, blocks[1:])]


def _block(block: Block, level: int, following: Block | None) -> str:
    if isinstance(block, Subheading):
        return _subheading(block, level)
    if isinstance(block, Display):
        keep = ", keep: true" if isinstance(following, Remark) else ""
        equations = [_equation(e) for e in fitting(block) if e.left.marked.strip() or e.links]
        return f"#derivation({_tuple(equations, lines=True)}{keep})"
    if isinstance(block, Paragraph) and isinstance(following, (Display, Table, Figure, Photo, Listing)):
        return f"#block(sticky: true, width: 100%)[{words(block.inlines)}]"  # a lead-in is no last line of a page
    return _WRITERS[type(block)](block)


def _subheading(heading: Subheading, level: int) -> str:
    """Return a heading, which must have words: a formula that is measured first does not count as such."""
    inside = words(heading.inlines)
    only_formulas = all(isinstance(part, Maths) for part in heading.inlines)
    return f"#subheading({level}, [{BREAK * only_formulas}{inside}])" if plain_words(heading.inlines).strip() else ""


# --- blocks -------------------------------------------------------------------------------------------------------


def _bullets(bullets: Bullets) -> str:
    items = "".join(f"\n  [{words(item)}]," for item in bullets.items)
    return f"#{'enum' if bullets.ordered else 'list'}(tight: false,{items}\n)"


def _table(table: Table) -> str:
    longest = LONGEST_WORD if _width(table) <= WIDEST_TABLE else LONGEST_WORD // 4
    rows = "".join(f"\n  {_cells(row, longest)}," for row in table.rows)
    head = [tuple(Text(part.words) if isinstance(part, Link) else part for part in cell) for cell in table.head]
    return f"#words-table({_cells(head, longest)}, ({rows}\n))"  # a head stands on several pages: no links in it


def _width(table: Table) -> int:
    """Return about how wide a table is, in letters."""
    columns = zip_longest(table.head, *table.rows, fillvalue=())
    return sum(max(len(plain_words(cell)) for cell in column) + 2 for column in columns)


def _cells(row: Iterable[Inlines], longest: int) -> str:
    return _tuple([f"room => {_cell(cell, longest)}" for cell in row])


def _cell(cell: Inlines, longest: int) -> str:
    if len(cell) == 1 and isinstance(cell[0], Maths) and (row := formula_of(cell[0].formula.marked)) is not None:
        return f"ms(room, {_units(row)}, display: true)"
    return f"[{words(cell, longest)}]"


def _figure(figure: Figure) -> str:
    said = printable(figure.alt).strip() or figure.words.say("Picture")
    cuts = ", cuts: " + _tuple([f"{cut:.4f}" for cut in places]) if (places := cuts_of(figure.svg)) else ""
    return f"#picture({literal(figure.svg)}, {literal(said)}{cuts})"


def _photo(photo: Photo) -> str:
    image = photo.image
    data = f"{literal(image.data.decode(errors='replace'))}" if image.media == "svg" else _numbers(image.data)
    kind = {"jpeg": "jpg"}.get(image.media, image.media)
    width = f", width: {image.width}" if image.width else ""
    return f'#photo({data}, "{kind}", {literal(printable(photo.alt).strip())}{width})'


def _numbers(data: bytes) -> str:
    return f"({', '.join(map(str, data))},)"


_WRITERS: dict[type[Block], Callable[[Any], str]] = {
    Paragraph: lambda block: words(block.inlines),
    Bullets: _bullets,
    Listing: lambda block: f"#listing({literal(block.text, break_words=True)})",
    Table: _table,
    Figure: _figure,
    Photo: _photo,
    Room: lambda block: f"#v({block.height})",
    Remark: lambda block: f"#remark({literal(block.kind)}, [{words(block.inlines)}])",
}


def _tuple(items: Sequence[str], lines: bool = False) -> str:
    if lines:
        return "(" + "".join(f"\n  {item}," for item in items) + "\n)"
    return f"({', '.join(items)}{',' * (len(items) == 1)})"


# --- formulas -----------------------------------------------------------------------------------------------------


def _equation(equation: Equation) -> str:
    left = _side(equation.left) if equation.left.marked.strip() else "()"
    links = _tuple([_side(link) for link in equation.links])
    reason = [f"[{escaped(said)}]" for said in equation.rule.split(", ") if said]
    reason += [f"[{_inline(Maths(letter))}]" for letter in equation.letters]
    reason += [f"[{escaped(said)}]" for said in equation.more]
    return f"(left: {left}, links: {links}, reason: {_tuple(reason)})"


def _side(formula: Formula) -> str:
    row = formula_of(formula.marked)
    return _units(row) if row is not None else f"(u($#{_code(formula.latex)}$, {literal(formula.latex)}),)"


def _units(row: Row) -> str:
    """Return a row in its units: one where it is short, else its terms, wide ones with their finer units."""
    terms = terms_of(row) if width(row) > LONG else [Piece(None, row)]
    return _tuple([_unit(term, finer=True) for term in terms])


def _unit(piece: Piece, finer: bool = False) -> str:
    sign = f", sign: ${typst_of_node(piece.sign)}$" if piece.sign else ""
    units = fine_pieces(piece.row) if finer and width(piece.row) > FINER else []
    if len(units) > 1:
        units[0] = units[0]._replace(sign=piece.sign)
        sign += f", finer: {_tuple([_unit(unit) for unit in units])}"
    said = (piece.sign, *piece.row) if piece.sign else piece.row
    return f"u(${typst_of_row(piece.row)}$, {_said(said)}{sign})"


def _said(row: Row) -> str:
    """Return what is read aloud for a row, as a string; it must not be empty."""
    say = _SPOKEN.get().say
    return literal(words_of_row(row, say).strip() or say("formula"))


def _maths(maths: Maths) -> str:
    row = formula_of(maths.formula.marked)
    if row is None:
        return f"#{_code(maths.formula.latex)};"
    if width(row) > LONG:
        return f"#ms(room, {_units(row)});"
    name = "short" if width(row) <= SHORT else "m"
    return f"#{name}(${typst_of_row(row)}$, {_said(row)});"


# --- words --------------------------------------------------------------------------------------------------------


def words(inlines: Inlines, longest: int = LONGEST_WORD) -> str:
    """Return words as Typst markup on one line; longer words than that may be broken."""
    return "".join([_inline(part, longest) for part in inlines]).strip()


def _inline(part: Inline, longest: int = LONGEST_WORD) -> str:
    if isinstance(part, Maths):
        return _maths(part)
    if isinstance(part, Link):
        return f"#link({literal(part.address)})[{escaped(part.words, longest)}];"
    if part.style == "code":
        return f"#{_code(part.words)};"
    return _STYLED.get(part.style, "{}").format(escaped(part.words, longest))


_STYLED = {"strong": "#strong[{}];", "emphasis": "#emph[{}];"}


def _code(text: str) -> str:
    return f"raw({literal(' '.join(text.split()), break_words=True)})"
