"""A number of many digits as one would write it: a fraction, a root, a part of pi, of e, or of what a function holds.

What is none of these is a decimal, rounded, and said to be one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

from mpmath import mp, mpf
from sympy.core.numbers import Integer

from symback.expr.tree import (
    PI,
    Apply,
    E,
    Neg,
    Plus,
    Power,
    Quotient,
    Tree,
    apply,
    number,
    product_of,
    symbols_of,
    walk,
)
from symback.verify.compare import Undefined, evaluate, unknown_functions

LARGEST_PART = 1000  # of a fraction
SAME = mpf(10) ** -25
VERY_SAME = mpf(10) ** -50
SHOWN = 10  # digits of a decimal
MOST_UNITS = 6
LONGEST_UNIT = 12  # nodes


def constants_in(tree: Tree) -> list[Tree]:
    """Return the constants in a tree that are no fractions, such as sqrt 3 and ln 2, of which a value may be a part.

    >>> from symback.syntax import parse
    >>> constants_in(parse("sqrt(3) x + ln(2) x^2"))
    [Apply(sqrt, 3), Apply(ln, 2)]
    """
    found = (
        node
        for node in walk(tree)
        if isinstance(node, (Apply, Power, Plus)) and not symbols_of(node) and not unknown_functions(node)
    )
    short = (node for node in found if sum(1 for _ in walk(node)) <= LONGEST_UNIT)
    return list(dict.fromkeys(short))[:MOST_UNITS]


def recognised(value: Any, units: Sequence[Tree] = ()) -> Tree | None:
    """Return a number as a fraction, a root of one, or a part of pi, e or products of units; None for another."""
    if not value:
        return Integer(0)
    singles = [(unit,) for unit in units]
    products = [(PI,), (E,), *combinations_with_replacement([*units, PI, E], 2)]
    ways = (_roots(value, (1,)), _parts(value, singles), _roots(value, (2, 3)), _parts(value, products))
    return next((tree for way in ways for tree in way), None)


def rounded(value: Any, digits: int = SHOWN) -> Tree:
    """Return a number as a decimal of so many digits."""
    return number(Fraction(mp.nstr(value, digits)), decimal=True)


def _roots(value: Any, degrees: Sequence[int]) -> Iterator[Tree]:
    for degree in degrees:
        found = _fraction(abs(value) ** degree)
        if found is not None:
            tree = number(found) if degree == 1 else apply("sqrt" if degree == 2 else "cbrt", number(found))
            yield Neg(tree) if value < 0 else tree


def _parts(value: Any, units: Sequence[Sequence[Tree]]) -> Iterator[Tree]:
    for unit in units:
        part = _part(value, unit)
        if part is not None:
            yield _times(part, unit)


def _part(value: Any, unit: Sequence[Tree]) -> Fraction | None:
    try:
        size = mp.fprod(evaluate(u, {}, 60) for u in unit)
    except Undefined:
        return None
    if abs(size) < SAME:
        return None
    part = _fraction(abs(value / size))
    return None if part is None else part if value / size > 0 else -part


def _fraction(value: Any) -> Fraction | None:
    """Return the short fraction that a positive number is: to the more digits, the longer the fraction is."""
    whole = int(mp.floor(value))
    near = whole + Fraction(str(mp.nstr(value - whole, 40, strip_zeros=False))).limit_denominator(LARGEST_PART)
    length = near.numerator * near.denominator
    same = SAME if length < 10**18 else VERY_SAME if length < 10**40 else 0
    return near if abs(value - mpf(near.numerator) / near.denominator) <= same * value else None


def _times(part: Fraction, unit: Sequence[Tree]) -> Tree:
    top = product_of([n for n in (Integer(abs(part.numerator)),) if n != 1] + list(unit))
    tree = top if part.denominator == 1 else Quotient(top, Integer(part.denominator))
    return Neg(tree) if part < 0 else tree
