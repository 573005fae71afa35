"""A table of difference quotients: h, (f(x + h) - f(x))/h, and how far that is from the derivative."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symback.render.maths import write
from symback.render.notation import LATEX, TEXT, Notation
from symback.tree import Neg, Plus, Quotient, Tree, apply, symbol

COLUMNS = ("h", "quotient", "error")


def quotient(table: Any) -> Tree:
    """Return what the second column holds: (f(x + h, y) - f(x, y))/h."""
    name, h = table.derivation.name or "f", symbol("h")
    here = list(table.variables)
    moved = [Plus(v, h) if v == table.variable else v for v in here]
    return Quotient(Plus(apply(name, *moved), Neg(apply(name, *here))), h)


def cells(table: Any) -> list[tuple[str, str, str]]:
    """Return the rows of the table as texts, the derivative itself the last."""
    rows = [(f"{row.h:g}", f"{row.quotient:.12g}", f"{row.error:.2g}") for row in table.rows]
    return [*rows, ("", f"{table.exact:.12g}", "")]


def lines(table: Any, notation: Notation = TEXT, indent: str = "  ") -> Iterator[str]:
    """Yield the lines of the table as text, aligned."""
    rows = [("h", write(quotient(table), notation), "error"), *cells(table)]
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, second, third in rows:
        label = first or "exact"
        yield f"{indent}{label:<{max(wide[0], 5)}}   {second:<{wide[1]}}   {third}"


def array(table: Any) -> str:
    """Return the table as a LaTeX array."""
    head = rf"h & {write(quotient(table), LATEX)} & \text{{error}} \\ \hline"
    body = r" \\ ".join(f"{_power(h) or _EXACT} & {value} & {_power(error)}" for h, value, error in cells(table))
    return rf"\begin{{array}}{{lll}} {head} {body} \end{{array}}"


_EXACT = r"\text{exact}"


def _power(number: str) -> str:
    mantissa, _, exponent = number.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else number


def as_object(table: Any) -> dict[str, Any]:
    """Return the table as the object that its JSON is."""
    return {
        "quotient": write(quotient(table), TEXT),
        "rows": [dict(zip(COLUMNS, (row.h, row.quotient, row.error), strict=True)) for row in table.rows],
        "exact": table.exact,
    }
