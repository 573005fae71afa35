"""A table of forward passes: a row for each pass, or a column where there are many names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.page import json
from symback.page.backprop.json import plain
from symback.page.computed import computed
from symback.page.formula.value import formula, name
from symback.page.options import Options, distinct
from symback.page.page import Block, Display, Equation, Inlines, Maths, Paragraph, Table, Text

MOST_COLUMNS = 10  # of a table with a row for each pass


def blocks(table: Any, options: Options) -> Iterator[Block]:
    """Yield the inputs that all passes share, the nodes with their formulas, and the table."""
    if table.common:
        values = tuple(Equation(name(own), (computed(value),)) for own, value in table.common.items())
        yield Paragraph((Text("In every pass:" if len(table.passes) > 1 else "The inputs:"),))
        yield Display(values)
    if options.detail != "brief":
        yield Display(tuple(Equation(name(own), (formula(tree),)) for own, tree in table.graph.trees.items()))
    yield _table(table)


def answers(table: Any, options: Options, shown: Sequence[Block]) -> Iterator[Block]:
    """Yield the table."""
    yield _table(table)


def _table(table: Any) -> Table:
    names = table.columns
    head: list[Inlines] = [(Maths(name(own)),) for own in names]
    rows: list[list[Inlines]] = [[(Maths(computed(p[own])),) for own in names] for p in table.passes]
    numbers = list(map(str, range(1, len(rows) + 1)))
    if len(names) <= MOST_COLUMNS and len(rows) > 1:
        return Table(tuple(head), tuple(map(tuple, rows)), ("pass", *numbers))
    titles = ("node", *([f"pass {number}" for number in numbers] if len(rows) > 1 else ["value"]))
    return Table(tuple((Text(title),) for title in titles), tuple(zip(head, *rows, strict=True)))


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
