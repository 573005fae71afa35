r"""Authors' words as blocks of a page: Markdown with formulas between dollar signs.

What an author writes is data. HTML stays as words, links lead to http, https and mailto only, pictures are their words,
control and bidirectional characters are dropped, and a formula that holds more than mathematics is shown as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import unquote

from symback.page.dollars import by_itself, in_line, maths_or_code, with_formulas
from symback.page.formula.subset import safe_latex
from symback.page.formula.value import typed
from symback.page.image import Image
from symback.page.page import (
    Block,
    Blocks,
    Bullets,
    Display,
    Equation,
    Inline,
    Inlines,
    Link,
    Listing,
    Maths,
    Paragraph,
    Photo,
    Table,
    Text,
)  # fmt: skip

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

NO_IMAGES: Mapping[str, Image] = MappingProxyType({})
ADDRESSES = ("http:", "https:", "mailto:")
_STYLES = {"strong_open": "strong", "em_open": "emphasis"}
_PLAIN = re.compile(r"[^\\`*_{}\[\]<>#|$~&!\n\r]*")  # words that Markdown takes as they are ...
_BEGINS = re.compile(r"\s{0,3}(?:[-+=]|\d{1,9}[.)])|\s{4}")  # ... unless they begin so


def blocks_of_markdown(text: str, images: Mapping[str, Image] = NO_IMAGES) -> Blocks:
    r"""Return Markdown as blocks; `images` are those that it may show, by the names of their files.

    >>> blocks_of_markdown("Find *all* slopes of $x^2$.")[0].inlines[1:4:2]
    (Text(words='all', style='emphasis'), Maths(formula=Formula('x^2')))
    """
    text = cleaned(text)
    if not text.strip():
        return ()
    if _PLAIN.fullmatch(text) and not _BEGINS.match(text):
        return (Paragraph((Text(" ".join(text.split())),)),)
    return tuple(_blocks(_parser().parse(text), images))


def inlines_of_markdown(text: str) -> Inlines:
    """Return Markdown as the words of one paragraph: a hint, an item; what is several paragraphs is joined."""
    return _joined([_words_of(block) for block in blocks_of_markdown(text)])


def inlines_of_title(text: str) -> Inlines:
    r"""Return a title, whose words are no Markdown; formulas may stand between dollar signs.

    >>> inlines_of_title("The *slope* of $x_1^2$")
    (Text(words='The *slope* of ', style=''), Maths(formula=Formula('x_1^2')))
    """
    text = " ".join(cleaned(text).split())
    if "$" not in text:
        return (Text(text),) if text else ()
    return tuple(with_formulas(text))


# --- characters ---------------------------------------------------------------------------------------------------

# C0 and C1 but for the ends of lines and tabs; marks of no width; bidirectional marks; tags; halves of characters.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")


def cleaned(text: str) -> str:
    r"""Return a text without characters that are not seen but change what is: controls, bidirectional marks.

    >>> cleaned("a\u202eb\x1b[31m\r\nc")
    'ab[31m\nc'
    """
    return UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


# --- the parser ---------------------------------------------------------------------------------------------------


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("html_block").disable("html_inline")
    parser.inline.ruler.before("escape", "formula", in_line)
    parser.block.ruler.before("fence", "display", by_itself, {"alt": ["paragraph", "blockquote", "list"]})
    return parser


# --- blocks -------------------------------------------------------------------------------------------------------


def _blocks(tokens: Sequence[Token], images: Mapping[str, Image] = NO_IMAGES) -> Iterator[Block]:
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _end(tokens, at)
        inside = tokens[at + 1 : end]
        if token.type in ("bullet_list_open", "ordered_list_open"):
            yield Bullets(tuple(_items(inside)), token.type == "ordered_list_open")
        elif token.type == "table_open":
            yield _table(inside)
        elif token.type == "blockquote_open":
            yield from _blocks(inside, images)
        else:
            yield from _block(token, inside, images)
        at = end + 1


def _block(token: Token, inside: Sequence[Token], images: Mapping[str, Image]) -> Iterator[Block]:
    if token.type == "paragraph_open":
        yield from _with_images(inside[0].children or (), images)
    elif token.type == "heading_open":
        words = _inlines(inside[0].children or ())
        yield Paragraph(tuple(part._replace(style="strong") if isinstance(part, Text) else part for part in words))
    elif token.type in ("fence", "code_block"):
        yield Listing(token.content.rstrip("\n"))
    elif token.type == "display":
        yield _displayed(token.content)


def _with_images(tokens: Sequence[Token], images: Mapping[str, Image]) -> Iterator[Block]:
    """Yield a paragraph; an image that is there stands by itself between the words around it."""
    start = 0
    for i, token in enumerate(tokens):
        image = images.get(unquote(str(token.attrGet("src")))) if token.type == "image" else None
        if image is not None:
            yield from _paragraph(_inlines(tokens[start:i]))
            yield Photo(image)
            start = i + 1
    yield from _paragraph(_inlines(tokens[start:]))


def _paragraph(inlines: Inlines) -> Iterator[Block]:
    if inlines:
        yield Paragraph(inlines)


def _displayed(latex: str) -> Block:
    shown = safe_latex(latex)
    return Display((Equation(typed(shown), ()),)) if shown else Listing(f"$${latex.strip()}$$")


def _end(tokens: Sequence[Token], at: int) -> int:
    """Return where the block that opens at a token closes; a block of one token closes where it is."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += tokens[i].nesting
        if depth == 0:
            return i
    return len(tokens) - 1


def _items(tokens: Sequence[Token]) -> Iterator[Inlines]:
    """Yield the items of a list, those of lists inside it behind the item that they stand in."""
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        parts: list[Inlines] = []
        inner: list[Inlines] = []
        for block in _blocks(tokens[at + 1 : end]):
            if isinstance(block, Bullets):
                inner += block.items
            else:
                parts.append(_words_of(block))
        yield _joined(parts)
        yield from inner
        at = end + 1


def _table(tokens: Sequence[Token]) -> Table:
    rows: list[tuple[Inlines, ...]] = []
    row: list[Inlines] = []
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append(_inlines(token.children or ()))
        elif token.type == "tr_close":
            rows.append(tuple(row))
    return Table(rows[0], tuple(rows[1:]))


def _words_of(block: Block) -> Inlines:
    """Return a block as words in a line."""
    if isinstance(block, Paragraph):
        return block.inlines
    if isinstance(block, Listing):
        return (Text(" ".join(block.text.split()), "code"),)
    if isinstance(block, Display):
        return tuple(Maths(equation.left) for equation in block.equations)
    if isinstance(block, Bullets):
        return _joined(block.items)
    return _joined([cell for row in (block.head, *block.rows) for cell in row]) if isinstance(block, Table) else ()


def _joined(parts: Sequence[Inlines]) -> Inlines:
    joined: list[Inline] = []
    for part in filter(None, parts):
        if joined:
            joined.append(Text(" "))
        joined.extend(part)
    return tuple(joined)


# --- words --------------------------------------------------------------------------------------------------------


def _inlines(tokens: Sequence[Token]) -> Inlines:
    return tuple(_merged(_words(tokens)))


def _words(tokens: Sequence[Token]) -> Iterator[Inline]:
    styles = [""]
    address, inside = "", ""
    for token in tokens:
        if token.type == "link_open":
            address, inside = str(token.attrGet("href") or ""), ""
            if not address.lower().startswith(ADDRESSES):
                address = ""
        elif token.type == "link_close" and address:
            yield Link(inside or address, address)
            address = ""
        elif token.type in _STYLES:
            styles.append(_STYLES[token.type])
        elif token.nesting < 0 and token.type != "link_close":
            styles.pop()
        elif address:
            inside += _plain(token)
        elif token.type == "formula":
            yield maths_or_code(token.content)
        else:
            yield Text(_plain(token), "code" if token.type == "code_inline" else styles[-1])


def _plain(token: Token) -> str:
    """Return the words of a token: an end of a line is a blank, a picture what it shows."""
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _merged(parts: Iterator[Inline]) -> Iterator[Inline]:
    """Yield the parts, neighbours of one style as one."""
    last: Inline | None = None
    for part in parts:
        if isinstance(last, Text) and isinstance(part, Text) and last.style == part.style:
            last = Text(last.words + part.words, last.style)
            continue
        if last is not None and last != Text(""):
            yield last
        last = part
    if last is not None and last != Text(""):
        yield last
