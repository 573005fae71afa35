r"""Worked things as a fragment of LaTeX: each display an `align*` with the reasons in a column of their own.

The fragment needs the package amsmath, and xcolor where the changed parts are marked. Long lines are broken at signs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from symback.render.equations import remarks_of
from symback.render.kinds import blocks_of_thing
from symback.render.latex_rows import block, broken, escaped, rows_of, text_in_maths
from symback.render.options import Options
from symback.render.page import Block, Display, Inline, Maths, Paragraph, Remark, Subheading, Table
from symback.render.prose import plain_words


def render(thing: Any, options: Options) -> str:
    """Return a thing as a LaTeX fragment."""
    verdict = options.verdict_on(thing)
    shown = [*blocks_of_thing(thing, options), *remarks_of(thing, verdict, options.notes)]
    return "\n".join([line for part in shown for line in _WRITERS[type(part)](part)])


def _display(display: Display) -> Iterator[str]:
    yield block("align*", rows_of(display.equations))


def _subheading(heading: Subheading) -> Iterator[str]:
    yield f"{escaped(plain_words(heading.inlines))}:"


def _paragraph(paragraph: Paragraph) -> Iterator[str]:
    yield ""
    yield escaped(plain_words(paragraph.inlines))


def _remark(remark: Remark) -> Iterator[str]:
    yield ""
    yield ("Note: " if remark.kind == "note" else "") + escaped(plain_words(remark.inlines))


def _table(table: Table) -> Iterator[str]:
    yield block("align*", [f"& {array(table)}"])


def array(table: Table) -> str:
    """Return a table as an array, which may stand in a formula."""
    head, *body = (" & ".join("".join(map(_in_maths, cell)) for cell in row) for row in (table.head, *table.rows))
    columns, below = "l" * len(table.head), r" \\ ".join(body)
    return rf"\begin{{array}}{{{columns}}} {head} \\ \hline {below} \end{{array}}"


def _in_maths(part: Inline) -> str:
    return part.latex if isinstance(part, Maths) else text_in_maths(part.words)


_WRITERS: dict[type[Block], Callable[[Any], Iterator[str]]] = {
    Display: _display,
    Subheading: _subheading,
    Paragraph: _paragraph,
    Remark: _remark,
    Table: _table,
}

__all__ = ["array", "block", "broken", "escaped", "render", "rows_of", "text_in_maths"]
