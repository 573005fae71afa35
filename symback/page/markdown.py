"""Worked things as Markdown: display formulas with the reasons beside the lines, as GitHub and notebooks show them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from symback.page.fitting import fitting
from symback.page.kinds import page_of
from symback.page.latex_rows import block, rows_of, with_portable_marks
from symback.page.options import Options
from symback.page.page import (
    Block,
    Bullets,
    Display,
    Inlines,
    Maths,
    Paragraph,
    Remark,
    Subheading,
    Table,
    plain_words,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~])")
_SIGNS = {"verified": "✓ ", "failed": "✗ "}


def render(result: Any, options: Options) -> str:
    """Return a result as Markdown."""
    shown = page_of(result, options._replace(pictures=False))
    if result.kind == "backprop":
        shown = _with_table(result, shown, options)
    writers = _WRITERS | {Display: _marked_display} if options.mark else _WRITERS
    return "\n\n".join([writers[type(part)](part) for part in shown])


def _with_table(b: Any, blocks: Iterator[Block], options: Options) -> Iterator[Block]:
    """Return the blocks of a backpropagation with a table for the forward pass, which Markdown writes well."""
    from symback.page.backprop.blocks import forward_table

    heading, _forward = next(blocks), next(blocks)
    return chain((heading, forward_table(b, options)), blocks)


def escaped(text: str) -> str:
    r"""Return words for Markdown: every character that means something there is written as itself.

    >>> print(escaped("x_1 * |y|"))
    x\_1 \* \|y\|
    """
    return _SPECIAL.sub(r"\\\1", "".join(c for c in text if c.isprintable()))


def _display(display: Display) -> str:
    return formulas(rows_of(fitting(display)))


def _marked_display(display: Display) -> str:
    return formulas(rows_of(fitting(display), write=with_portable_marks))


def formulas(rows: list[str]) -> str:
    """Return rows below each other, aligned."""
    return f"$$\n{block('aligned', rows)}\n$$"


def _subheading(heading: Subheading) -> str:
    return f"**{_words(heading.inlines)}**"


def _paragraph(paragraph: Paragraph) -> str:
    return _words(paragraph.inlines)


def _bullets(bullets: Bullets) -> str:
    marks = (f"{i}." if bullets.ordered else "-" for i in range(1, len(bullets.items) + 1))
    return "\n".join(f"{mark} {_words(item)}" for mark, item in zip(marks, bullets.items, strict=True))


def _words(inlines: Inlines) -> str:
    return "".join(f"${p.formula.latex}$" if isinstance(p, Maths) else escaped(p.words) for p in inlines)


def _remark(remark: Remark) -> str:
    said = plain_words(remark.inlines)
    if remark.kind == "note":
        return f"> note: {escaped(said)}"
    said = said[:1].lower() + said[1:].rstrip(".")
    return escaped(_SIGNS.get(remark.kind, "") + said)


def table(shown: Table, inlines: Callable[[Inlines], str]) -> str:
    """Return a table as GitHub has them; `inlines` writes what stands in a cell."""
    rows = [f"| {' | '.join(map(inlines, row))} |" for row in (shown.head, *shown.rows)]
    return "\n".join([rows[0], "|" + "---|" * len(shown.head), *rows[1:]])


def _table(shown: Table) -> str:
    return table(shown, _in_cell)


def _in_cell(inlines: Inlines) -> str:
    cells = (formula_in_cell(p.formula.latex) if isinstance(p, Maths) else escaped(p.words) for p in inlines)
    return "".join(cells)


def formula_in_cell(latex: str) -> str:
    r"""Return a formula without |, which ends a cell of a table, and without \\, which Markdown reads as one there.

    >>> print(formula_in_cell(r"\left|x\right|"))
    $\left\vert x\right\vert $
    """
    plain = latex.replace(r" \\ ", r" \cr ").replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return f"${plain}$"


_WRITERS: dict[type[Block], Callable[[Any], str]] = {
    Display: _display,
    Subheading: _subheading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Remark: _remark,
    Table: _table,
}
