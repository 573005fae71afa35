"""A table of forward passes: a row for each pass, or a column where there are many names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.render import json
from symback.render.backprop.json import plain
from symback.render.backprop.latex import value_in_latex
from symback.render.layout import INDENT
from symback.render.maths import latex, write
from symback.render.options import Options, distinct
from symback.render.page import Block, Display, Equation, Inlines, Maths, Paragraph, Table, Text
from symback.render.quantities import quantity
from symback.render.terminal import notation_for
from symback.tree import symbol

MOST_COLUMNS = 10  # of a table with a row for each pass
GAP = "   "


def blocks(table: Any, options: Options) -> Iterator[Block]:
    """Yield the inputs that all passes share, the nodes with their formulas, and the table."""
    if table.common:
        values = tuple(Equation(_name(name), (value_in_latex(value),)) for name, value in table.common.items())
        yield Paragraph((Text("In every pass:" if len(table.passes) > 1 else "The inputs:"),))
        yield Display(values)
    if options.detail != "brief":
        yield Display(tuple(Equation(_name(name), (latex(tree),)) for name, tree in table.graph.trees.items()))
    yield _table(table)


def answers(table: Any, options: Options, shown: Sequence[Block]) -> Iterator[Block]:
    """Yield the table."""
    yield _table(table)


def _name(name: str) -> str:
    return latex(symbol(name))


def _table(table: Any) -> Table:
    names = table.columns
    head: list[Inlines] = [(Maths(_name(name)),) for name in names]
    rows: list[list[Inlines]] = [[(Maths(value_in_latex(p[name])),) for name in names] for p in table.passes]
    if len(names) <= MOST_COLUMNS and len(table.passes) > 1:
        return Table(tuple(head), tuple(map(tuple, rows)))
    columns = zip(head, *rows, strict=True)
    titles: list[Inlines] = [(Text(f"pass {i}"),) for i in range(1, len(rows) + 1)]
    return Table(((Text("node"),), *(titles if len(rows) > 1 else [(Text("value"),)])), tuple(columns))


# --- text -------------------------------------------------------------------------------------------------------------


def lines(table: Any, options: Options) -> Iterator[str]:
    """Yield the lines for a terminal, without the verdict and the notes."""
    notation = notation_for(options)

    def named(name: str) -> str:
        return write(symbol(name), notation)

    for name, value in table.common.items():
        yield f"{INDENT}{named(name)} = {quantity(value)}"
    if options.detail != "brief":
        for name, tree in table.graph.trees.items():
            yield f"{INDENT}{named(name)} = {write(tree, notation)}"
    yield ""
    rows = [[named(name) for name in table.columns]]
    rows += [[quantity(values[name]) for name in table.columns] for values in table.passes]
    if sum(_widths(rows)) + len(GAP) * len(rows[0]) > options.columns or len(table.passes) == 1:
        titles = [f"pass {i}" for i in range(1, len(rows))] if len(rows) > 2 else ["value"]
        rows = [["node", *titles], *map(list, zip(*rows, strict=True))]
    widths = _widths(rows)
    for row in rows:
        yield INDENT + GAP.join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True))


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


# --- JSON -------------------------------------------------------------------------------------------------------------


def as_object(table: Any, options: Options) -> dict[str, Any]:
    """Return the passes as the object that their JSON is."""
    made: dict[str, Any] = {
        "schema": json.SCHEMA,
        "kind": "forward table",
        "input": table.graph.text,
        "notes": distinct(table.notes),
        "inputs": list(table.graph.inputs),
        "nodes": [{"name": n, "expr": json.expression(tree, True)} for n, tree in table.graph.trees.items()],
        "passes": [{name: plain(value) for name, value in values.items()} for values in table.passes],
    }
    verdict = options.verdict_on(table)
    if verdict is not None:
        made["verified"] = {"verdict": verdict.verdict, "points": verdict.points}
    return made
