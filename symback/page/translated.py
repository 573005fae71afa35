r"""A page in another language: its words from a table, its numbers with another decimal sign.

A sentence is looked up as a whole, with its formulas as single characters, so that they may come in another order.
What an author wrote is never given to this; neither is text in letters of one width, which is somebody's input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from symback.page.computed import Array
from symback.page.fitting import fitting
from symback.page.formula.value import Expression, Formula, Matrix, Plain, Spelled
from symback.page.notation import Notation
from symback.page.page import (
    Block,
    Blocks,
    Bullets,
    Display,
    Equation,
    Figure,
    Inline,
    Inlines,
    Listing,
    Maths,
    Paragraph,
    Photo,
    Remark,
    Room,
    Subheading,
    Table,
    Text,
)
from symback.words import Words

_FIRST = 0xE000  # what stands for the first formula of a sentence
_SPLIT = re.compile("([\ue000-\uf8ff])")
_IN_MATHS = re.compile(r"\\text\{([^{}\\]*)\}|(?<![\w.])(\d+)\.(\d+)(?!\w*\.\d)(?!em|pt|mm|cm|ex)")
_WORDS_OF_PICTURES = re.compile(r"(?<=>)[^<>]*[A-Za-z0-9][^<>]*(?=</(?:text|title|desc|tspan)>)")


def translated(blocks: Iterable[Block], words: Words) -> Blocks:
    """Return blocks in the language of a table of words."""
    return tuple(_WRITERS[type(block)](block, words) for block in blocks) if words else tuple(blocks)


def with_own_words(blocks: Iterable[Block], words: Words) -> Blocks:
    """Return what is asked: a list in it holds an author's options, of which the formulas alone are translated."""
    return tuple(
        block._replace(items=tuple(tuple(_kept(part, words) for part in item) for item in block.items))
        if isinstance(block, Bullets)
        else _WRITERS[type(block)](block, words)
        for block in blocks
    )


def _kept(part: Inline, words: Words) -> Inline:
    return Maths(formula(part.formula, words)) if isinstance(part, Maths) else part


def line(inlines: Inlines, words: Words) -> Inlines:
    """Return a sentence in the language of a table of words."""
    if not words:
        return inlines
    kept: list[Inline] = []
    said = ""
    for part in inlines:
        if isinstance(part, Text) and not part.style:
            said += part.words
        else:
            said += chr(_FIRST + len(kept))
            kept.append(_part(part, words))
    return tuple(_parted(words.say(said), kept))


def _parted(said: str, kept: list[Inline]) -> Iterable[Inline]:
    for piece in _SPLIT.split(said):
        if piece:
            yield kept[ord(piece) - _FIRST] if _SPLIT.fullmatch(piece) else Text(piece)


def _part(part: Inline, words: Words) -> Inline:
    if isinstance(part, Maths):
        return Maths(formula(part.formula, words))
    if isinstance(part, Text) and part.style != "code":
        return part._replace(words=words.say(part.words))
    return part


# --- formulas -----------------------------------------------------------------------------------------------------


class InWords(NamedTuple):
    """An expression whose words and numbers are those of a language."""

    inner: Expression
    words: Words

    def write(self, notation: Notation) -> str:
        return in_maths(self.inner.write(notation), notation.name == "latex", self.words)


class ArrayInWords(Array):
    """An array with the decimal sign of a language; where that is a comma, semicolons part the entries."""

    __slots__ = ("words",)

    def __init__(self, value: Any, words: Words) -> None:
        super().__init__(value)
        self.words = words

    def write(self, notation: Notation) -> str:
        written = super().write(notation)
        if self.words.decimal == ",":
            written = written.replace(", ", "; ")
        return in_maths(written, notation.name == "latex", self.words)


def formula(shown: Formula, words: Words) -> Formula:
    """Return a formula with the words and the decimal sign of a language."""
    return Formula(*(_of_formula(part, words) for part in shown.parts))


def _of_formula(part: Any, words: Words) -> Any:
    match part:
        case Expression():
            return InWords(part, words)
        case Matrix():
            rows = tuple(tuple(formula(cell, words) for cell in row) for row in part.rows)
            return part._replace(rows=rows, between=part.between if words.decimal == "." else "; ")
        case Array():
            return ArrayInWords(part.value, words)
        case Plain():
            return Plain(formula(part.formula, words))
        case Spelled():
            plain = [in_maths(written, False, words) for written in (part.text, part.unicode)]
            text, unicode = plain
            return Spelled(text, unicode, in_maths(part.latex, True, words))
    return part


def in_maths(written: str, latex: bool, words: Words) -> str:
    r"""Return a written formula with the words and the decimal sign of a language.

    >>> from symback.words import words_of
    >>> print(in_maths(r"2.5 x & \text{otherwise}", True, words_of("de")))
    2{,}5 x & \text{sonst}
    """
    if not latex:
        return words.numbers(written)

    def said(found: re.Match[str]) -> str:
        if found[1] is not None:
            return rf"\text{{{words.say(found[1])}}}"
        return f"{found[2]}{{{words.decimal}}}{found[3]}" if words.decimal != "." else found[0]

    return _IN_MATHS.sub(said, written)


# --- blocks -------------------------------------------------------------------------------------------------------


def _equation(equation: Equation, words: Words) -> Equation:
    made: dict[str, Any] = {
        name: formula(value, words) if isinstance(value, Formula) else tuple(formula(one, words) for one in value)
        for name, value in equation._asdict().items()
        if isinstance(value, Formula) or (isinstance(value, tuple) and value and isinstance(value[0], Formula))
    }
    return equation._replace(
        **made,
        rule=rules(equation.rule, words),
        more=tuple(words.say(one) for one in equation.more),
        laws=tuple(
            law._replace(name=words.say(law.name), formula=formula(law.formula, words)) for law in equation.laws
        ),
    )


def rules(names: str, words: Words) -> str:
    """Return the names of rules, with commas between them."""
    return words.say(names)


def _table(table: Table, words: Words) -> Table:
    return table._replace(
        head=tuple(line(cell, words) for cell in table.head),
        rows=tuple(tuple(line(cell, words) for cell in row) for row in table.rows),
        turned=tuple(words.say(one) for one in table.turned),
        courses=tuple((words.say(name), values) for name, values in table.courses),
    )


def _figure(figure: Figure, words: Words) -> Figure:
    drawn = _WORDS_OF_PICTURES.sub(lambda found: words.say_if_known(found[0]), figure.svg)
    return figure._replace(svg=drawn, alt=words.say(figure.alt), words=words)


_WRITERS: dict[type, Callable[[Any, Words], Any]] = {
    Paragraph: lambda block, words: Paragraph(line(block.inlines, words)),
    Subheading: lambda block, words: Subheading(line(block.inlines, words)),
    Bullets: lambda block, words: block._replace(items=tuple(line(item, words) for item in block.items)),
    Listing: lambda block, words: block,
    Room: lambda block, words: block,
    Photo: lambda block, words: block._replace(words=words),
    Display: lambda block, words: Display(tuple(_equation(e, words) for e in fitting(block))),
    Table: _table,
    Figure: _figure,
    Remark: lambda block, words: block._replace(inlines=line(block.inlines, words), words=words),
}
