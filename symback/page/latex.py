r"""Worked things as a fragment of LaTeX: each display an `align*` with the reasons in a column of their own.

The fragment needs the package amsmath, and where the changed parts are marked xcolor. Long lines are broken at signs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from symback.page.fitting import fitting
from symback.page.kinds import page_of
from symback.page.latex_escapes import escaped, text_in_maths
from symback.page.latex_rows import block, rows_of, with_marks
from symback.page.options import Options
from symback.page.page import Block, Bullets, Display, Inline, Inlines, Maths, Paragraph, Remark, Subheading, Table

# What a step changed, and what the next one takes.
CHANGED = r"""\providecommand{\changed}[1]{\textcolor{blue}{\underline{#1}}}
\providecommand{\taken}[1]{\underbrace{\textcolor{brown}{#1}}}"""


def render(result: Any, options: Options) -> str:
    """Return a result as a LaTeX fragment."""
    display = _marked_display if options.mark else _display
    writers = _WRITERS | {Display: display}
    lines = [line for part in page_of(result, options._replace(pictures=False)) for line in writers[type(part)](part)]
    return "\n".join([CHANGED, *lines] if options.mark else lines)


def _display(display: Display) -> Iterator[str]:
    yield block("align*", rows_of(fitting(display)))


def _marked_display(display: Display) -> Iterator[str]:
    yield block("align*", rows_of(fitting(display), write=with_marks))


def _subheading(heading: Subheading) -> Iterator[str]:
    yield f"{_words(heading.inlines)}:"


def _paragraph(paragraph: Paragraph) -> Iterator[str]:
    yield ""
    yield _words(paragraph.inlines)


def _bullets(bullets: Bullets) -> Iterator[str]:
    name = "enumerate" if bullets.ordered else "itemize"
    yield rf"\begin{{{name}}}"
    yield from (rf"\item {_words(item)}" for item in bullets.items)
    yield rf"\end{{{name}}}"


def _remark(remark: Remark) -> Iterator[str]:
    yield ""
    yield ("Note: " if remark.kind == "note" else "") + _words(remark.inlines)


def _table(table: Table) -> Iterator[str]:
    yield block("align*", [f"& {array(table)}"])


def array(table: Table) -> str:
    """Return a table as an array, which may stand in a formula."""
    head, *body = (" & ".join("".join(map(_in_maths, cell)) for cell in row) for row in (table.head, *table.rows))
    columns, below = "l" * len(table.head), r" \\ ".join(body)
    return rf"\begin{{array}}{{{columns}}} {head} \\ \hline {below} \end{{array}}"


def _words(inlines: Inlines) -> str:
    return "".join(f"${p.formula.latex}$" if isinstance(p, Maths) else escaped(p.words) for p in inlines)


def _in_maths(part: Inline) -> str:
    return part.formula.latex if isinstance(part, Maths) else text_in_maths(part.words)


_WRITERS: dict[type[Block], Callable[[Any], Iterator[str]]] = {
    Subheading: _subheading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Remark: _remark,
    Table: _table,
}
