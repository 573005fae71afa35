"""Gradient descent by hand, a row an epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.expr.tree import symbol
from symback.page import json, maths
from symback.page.computed import computed
from symback.page.formula.value import name
from symback.page.kinds import Kind, Object
from symback.page.options import Options
from symback.page.page import Block, Inlines, Maths, Table, Text


def _blocks(steps: Any, options: Options) -> Iterator[Block]:
    names = list(steps.rows[0].parameters) if steps.rows else []
    head: list[Inlines] = [(Text("epoch"),)]
    for own in names:
        shown = maths.unicode(symbol(own))
        loss = maths.unicode(symbol(steps.loss))
        head += [(Maths(name(own)),), (Text(f"∂{loss}/∂{shown}"),), (Text(f"step of {shown}"),)]
    rows = [_row(row, names) for row in steps.rows]
    yield Table((*head, (Maths(name(steps.loss)),)), tuple(rows))


def _row(row: Any, names: Sequence[str]) -> tuple[Inlines, ...]:
    cells: list[Inlines] = [(Text(str(row.epoch)),)]
    for own in names:
        cells += [(Maths(computed(part[own])),) for part in (row.parameters, row.gradient, row.step)]
    return (*cells, (Maths(computed(row.loss)),))


def _answers(steps: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    yield from ()


def _data(steps: Any, options: Options) -> Object:
    rows = [
        {
            "epoch": row.epoch,
            "parameters": _plain(row.parameters),
            "gradient": _plain(row.gradient),
            "step": _plain(row.step),
            "loss": row.loss,
        }
        for row in steps.rows
    ]
    return {"schema": json.SCHEMA, "kind": steps.kind, "notes": list(steps.notes), "loss": steps.loss, "rows": rows}


def _plain(values: Any) -> Object:
    return {own: value.tolist() if hasattr(value, "tolist") else value for own, value in values.items()}


KIND = Kind(_blocks, _answers, _data)
