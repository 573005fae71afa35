"""A table of difference quotients: h, (f(x + h) - f(x))/h, and how far that is from the derivative."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symback.expr.tree import Neg, Plus, Quotient, Tree, apply, symbol
from symback.page.computed import number_formula
from symback.page.equations import derivation_blocks
from symback.page.formula.value import formula
from symback.page.maths import text
from symback.page.options import Options
from symback.page.page import Block, Maths, Table, Text

COLUMNS = ("h", "quotient", "error")


def quotient(table: Any) -> Tree:
    """Return what the second column holds: (f(x + h, y) - f(x, y))/h."""
    name, h = table.derivation.name or "f", symbol("h")
    here = list(table.variables)
    moved = [Plus(v, h) if v == table.variable else v for v in here]
    return Quotient(Plus(apply(name, *moved), Neg(apply(name, *here))), h)


def blocks(table: Any, options: Options) -> Iterator[Block]:
    """Yield a derivation and below it the table of difference quotients, the derivative itself the last."""
    yield from derivation_blocks(table.derivation, options)
    head = ((Maths(formula(symbol("h"))),), (Maths(formula(quotient(table))),), (Text("error"),))
    rows = [
        ((_number(f"{row.h:g}"),), (_number(f"{row.quotient:.12g}"),), (_number(f"{row.error:.2g}"),))
        for row in table.rows
    ]
    yield Table(head, (*rows, ((Text("exact"),), (_number(f"{table.exact:.12g}"),), ())))


def _number(written: str) -> Maths:
    return Maths(number_formula(written))


def as_object(table: Any) -> dict[str, Any]:
    """Return the table as the object that its JSON is."""
    return {
        "quotient": text(quotient(table)),
        "rows": [dict(zip(COLUMNS, (row.h, row.quotient, row.error), strict=True)) for row in table.rows],
        "exact": table.exact,
    }
