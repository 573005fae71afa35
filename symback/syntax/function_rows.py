"""The rows of the table of functions, read: each is written with x for its argument."""

from __future__ import annotations

from functools import cache

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Tree, symbol
from symback.syntax import parse

ARGUMENT = symbol("x")  # of the rows of functions


@cache
def definition_of(function: str) -> Tree:
    """Return what a function of x is defined to be, by other functions.

    >>> definition_of("relu")
    Apply(max, x, 0)
    """
    return parse(FUNCTIONS[function].definition)


@cache
def switches_of(function: str) -> tuple[Tree, ...]:
    """Return what is 0 at the kinks of a function of x, and has another sign on each side of them.

    >>> switches_of("relu"), switches_of("hardtanh")
    ((x,), (Plus(x, 1), Plus(x, Neg(1))))
    """
    return tuple(map(parse, FUNCTIONS[function].switches))
