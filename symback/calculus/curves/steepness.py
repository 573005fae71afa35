"""Whether a graph is vertical at a point: its difference quotient grows beyond all bounds, on each side that it has."""

from __future__ import annotations

import itertools
from typing import Any

from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.curves.curve_points import evaluate
from symback.errors import SymbackError
from symback.expr.tree import Tree, symbols_of

STEPS = (6, 12, 18)  # powers of ten
GROWS = 3  # times from one step to the next at least
FAR = 40


def is_steep(function: Tree, variable: Symbol, place: Tree) -> bool:
    """Tell whether the difference quotient of a function grows beyond all bounds at a point.

    >>> from symback.syntax import parse
    >>> x = parse("x")
    >>> is_steep(parse("cbrt(x)"), x, parse("0")), is_steep(parse("abs(x)"), x, parse("0"))
    (True, False)
    """
    if symbols_of(function) - {variable} or symbols_of(place):
        return False
    sides = [quotients for side in (1, -1) if (quotients := _quotients(function, variable, place, side))]
    return bool(sides) and all(map(_grows, sides))


def _quotients(function: Tree, variable: Symbol, place: Tree, side: int) -> list[Any]:
    """Return the difference quotients of one side; none where the function has no values there."""
    try:
        with mp.workdps(60):
            a = evaluate(place, {})
            height = evaluate(function, {variable: a})
            found = []
            for power in STEPS:
                h = side * mp.mpf(10) ** -power
                found.append(abs((evaluate(function, {variable: a + h}) - height) / h))
            return found
    except SymbackError:
        return []


def _grows(quotients: list[Any]) -> bool:
    return all(later > GROWS * before and later < mp.mpf(10) ** FAR for before, later in itertools.pairwise(quotients))
