"""What the rows of composites say, as trees."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sympy.core.symbol import Symbol

from symback.composites import COMPOSITES
from symback.parse import parse_matrix
from symback.tree import Apply, Tree, symbol, walk


@cache
def body_of(composite: str) -> tuple[tuple[Symbol, ...], Tree]:
    """Return the inputs of a composite and what it is in terms of them.

    >>> body_of("mae")
    ((a, b), Apply(mean, Apply(abs, Plus(a, Neg(b)))))
    """
    row = COMPOSITES[composite]
    return tuple(map(symbol, row.inputs)), parse_matrix(row.definition, row.inputs)


def composites_used(statements: Iterable[Any]) -> tuple[str, ...]:
    """Say what the composites of a graph are made of: `mae(a, b), the mean absolute error, is mean(abs(a - b)).`"""
    names = {n.name for s in statements for n in walk(s.tree) if isinstance(n, Apply) and n.name in COMPOSITES}
    rows = [row for name, row in COMPOSITES.items() if name in names]
    return tuple(f"{row.name}({', '.join(row.inputs)}), the {row.title}, is {row.definition}." for row in rows)
