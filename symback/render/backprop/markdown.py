"""Backpropagation in Markdown: a table for the forward pass, aligned formulas for the gradients and the update."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from symback.render.backprop.latex import Display, check_said, displays, graph_displays, value_in_latex, writer
from symback.render.backprop.story import forward_rows
from symback.render.latex_rows import block
from symback.render.options import Options, kind_of


def parts(thing: Any, options: Options, escaped: Callable[[str], str]) -> Iterator[str]:
    """Yield the paragraphs of a graph or a backpropagation, without the notes."""
    if kind_of(thing) == "graph":
        yield from map(_formulas, graph_displays(thing, options))
        return
    forward, *others = displays(thing, options)
    yield f"**{forward.heading}**"
    yield "\n".join(_table(thing))
    for display in others:
        yield f"**{display.heading}**"
        yield _formulas(display)
    for sentence in check_said(thing):
        sign = {"verified": "✓ ", "failed": "✗ "}.get(thing.check.verdict, "")
        yield escaped(sign + sentence)


def _formulas(display: Display) -> str:
    return f"$$\n{block('aligned', display.rows)}\n$$"


def _table(b: Any) -> Iterator[str]:
    written = writer(b)
    rows = list(forward_rows(b))
    valued = any(row.value is not None for row in rows)
    yield "| node | formula | value |" if valued else "| node | formula |"
    yield "|---|---|---|" if valued else "|---|---|"
    for row in rows:
        cells = [written(row.symbol), written(row.formula)]
        cells += [value_in_latex(row.value) if row.value is not None else ""] if valued else []
        yield "| " + " | ".join(f"${_in_cell(cell)}$" if cell else "" for cell in cells) + " |"


def _in_cell(latex: str) -> str:
    r"""Return a formula without |, which ends a cell of a table, and without \\, which Markdown reads as one there."""
    return latex.replace(r" \\ ", r" \cr ").replace(r"\|", r"\Vert ").replace("|", r"\vert ")
