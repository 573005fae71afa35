r"""A document as Markdown of the kind that GitHub shows: formulas between dollar signs, pictures as data.

Words of authors are escaped so that they read back as they were; a formula holds no < and no >, which a viewer could
take for a tag, and stands in one piece.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Any

from symback.page.fitting import fitting
from symback.page.latex_rows import rows_of, with_portable_marks
from symback.page.markdown import formula_in_cell, formulas
from symback.page.page import (
    Block,
    Blocks,
    Bullets,
    Cover,
    Display,
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
)  # fmt: skip
from symback.page.prose import cleaned
from symback.page.solution import Solution
from symback.page.writers import Format

LABELS = {
    "confirmed": "✓ ", "wrong": "✗ ", "verified": "✓ ", "failed": "✗ ", "unverified": "? ",
}  # fmt: skip
WORDS = {"note": "Note", "hint": "Hint", "error": "Error"}


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem with as much of its solution as is shown."""
    depth = depth_of(show)
    points = f" ({section.points})" if section.points else ""
    title = f" {words_in_markdown(section.title)}" if section.title else ""
    heading = f"{section.number}.{title}" if section.number else title.strip() or section.words.say("Problem")
    blocks = [f"## {heading}{points}", *map(block_in_markdown, section.asked_with_hints(depth))]
    if depth >= 2:
        blocks += _under(section.words.say("Answer"), answers_of(section, show))
    if depth >= 3:
        blocks += _under(section.words.say("Steps"), section.steps)
    return "\n\n".join(filter(None, blocks))


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the whole document, which ends with the end of a line."""
    blocks = [f"# {escaped(cover.title)}", *map(block_in_markdown, cover.opening), *parts]
    return "\n\n".join(filter(None, blocks)) + "\n"


FORMAT = Format("markdown", part, document)


def _under(heading: str, blocks: Blocks) -> list[str]:
    return [f"### {heading}", *map(block_in_markdown, blocks)] if blocks else []


# --- blocks -------------------------------------------------------------------------------------------------------


def block_in_markdown(block: Block) -> str:
    """Return a block as Markdown."""
    return _WRITERS[type(block)](block)


def _display(display: Display) -> str:
    rows = rows_of(fitting(display), write=with_portable_marks)
    if len(rows) == 1 and rows[0].startswith("& "):
        return f"$$\n{_without_angles(rows[0][2:])}\n$$"
    return formulas([_without_angles(row) for row in rows])


def _bullets(bullets: Bullets) -> str:
    marks = (f"{i}." if bullets.ordered else "-" for i in range(1, len(bullets.items) + 1))
    return "\n".join(f"{mark} {words_in_markdown(item)}" for mark, item in zip(marks, bullets.items, strict=True))


def _listing(listing: Listing) -> str:
    text = cleaned(listing.text).rstrip("\n")
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    return f"{fence}text\n{text}\n{fence}"


def _table(table: Table) -> str:
    lines = ([words_in_markdown(cell, _in_cell) for cell in row] for row in (table.head, *table.rows))
    rows = [f"| {' | '.join(cells)} |" for cells in lines]
    return "\n".join([rows[0], "|" + "---|" * len(table.head), *rows[1:]])


def _figure(figure: Figure) -> str:
    """Return a picture that was asked for; its data would be a long line in notes that others read."""
    if figure.may_be_left_out:
        return ""
    data = b64encode(figure.svg.encode()).decode()
    return f"![{escaped(figure.alt)}](data:image/svg+xml;base64,{data})"


def _photo(photo: Photo) -> str:
    return f"![{escaped(photo.alt)}]({photo.image.address})"


def _remark(remark: Remark) -> str:
    word = WORDS.get(remark.kind)
    label = f"**{escaped(remark.words.say(word))}:** " if word else LABELS[remark.kind]
    return f"> {label}{words_in_markdown(remark.inlines)}"


def _subheading(heading: Subheading) -> str:
    return f"**{words_in_markdown(heading.inlines)}**"


def _paragraph(paragraph: Paragraph) -> str:
    return words_in_markdown(paragraph.inlines).strip()


_WRITERS: dict[type[Block], Callable[[Any], str]] = {
    Paragraph: _paragraph,
    Subheading: _subheading,
    Bullets: _bullets,
    Listing: _listing,
    Display: _display,
    Table: _table,
    Figure: _figure,
    Photo: _photo,
    Remark: _remark,
    Room: lambda room: "",
}

# --- words --------------------------------------------------------------------------------------------------------

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~&!])")
_BEGINS = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")


def escaped(words: str) -> str:
    r"""Return words for Markdown, in one line, so that they read back as they are.

    >>> print(escaped("1. x_1 <b>"))
    1\. x\_1 \<b\>
    """
    line = _SPECIAL.sub(r"\\\1", " ".join(cleaned(words).split(" "))).replace("\n", " ").replace("\t", " ")
    return _BEGINS.sub(_harmless, line)


def _harmless(found: re.Match[str]) -> str:
    """Return the beginning of a line that would make it an item or a heading, as words."""
    mark = found[2]
    return f"{found[1]}{mark}\\" if mark[0].isdigit() else f"{found[1]}\\{mark}"


def _formula(latex: str) -> str:
    return f"${_without_angles(latex)}$"


def _in_cell(latex: str) -> str:
    return formula_in_cell(_without_angles(latex))


def _without_angles(latex: str) -> str:
    """Return a formula without the signs that begin and end a tag of HTML."""
    return latex.replace("<", r"\lt ").replace(">", r"\gt ")


def words_in_markdown(inlines: Inlines, formula: Callable[[str], str] = _formula) -> str:
    """Return the words and formulas of a line as Markdown."""
    written: list[str] = []
    styled = False
    for i, part in enumerate(inlines):
        if isinstance(part, Maths):
            written.append(formula(part.formula.latex))
        elif isinstance(part, Link):
            written.append(f"[{escaped(part.words)}]({_address(part.address)})")
        elif part.style == "code":
            written.append(_code(part.words))
        else:
            following = inlines[i + 1] if i + 1 < len(inlines) else None
            marks = _MARKS.get(part.style, "") if not styled else ""
            written.append(_styled(part.words, marks, "".join(written)[-1:], _first_sign(following)))
        styled = isinstance(part, Text) and bool(_MARKS.get(part.style))
    return "".join(written)


_MARKS = {"strong": "**", "emphasis": "*"}


def _first_sign(part: Inline | None) -> str:
    """Return with what a part begins, as far as it matters to a mark of emphasis before it."""
    return "" if part is None else (escaped(part.words)[:1] if isinstance(part, Text) else "$")


def _styled(words: str, marks: str, before: str, after: str) -> str:
    """Return words between marks of emphasis, where Markdown takes them as such between these neighbours."""
    inner = escaped(words.strip())
    start, stop = len(words) - len(words.lstrip()), len(words.rstrip())
    opens = start or not before or not before.isalnum() or inner[:1].isalnum()
    closes = stop < len(words) or not after or not after.isalnum() or inner[-1:].isalnum()
    if not marks or not inner or not (opens and closes):
        return escaped(words)
    return f"{words[:start]}{marks}{inner}{marks}{words[stop:]}"


def _address(address: str) -> str:
    """Return an address with everything that could end it as %xx."""
    return re.sub(r"[\s<>()\\\"'`|]", lambda found: f"%{ord(found[0]):02X}", cleaned(address))


def _code(words: str) -> str:
    """Return words in letters of one width, between more backticks than stand in them."""
    line = " ".join(cleaned(words).split())
    ticks = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    blank = " " if "`" in (line[:1], line[-1:]) else ""
    return f"{ticks}{blank}{line}{blank}{ticks}" if line else ""
