"""Is a given number the right one? Exactly, as far as the right one is known, or rounded to the digits written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, NamedTuple

from mpmath.libmp import to_rational

from symback.expr.tree import number_value
from symback.verify import Undefined, evaluate

NEAR, NEAR_FLOAT = Fraction(1, 10**40), Fraction(1, 10**9)  # how far off a value may be, as a part of itself
NOISE = Fraction(1, 10**14)  # what rounding may leave in floats where the value is 0
NO_NOISE = Fraction(1, 10**18)  # a float that is smaller was worked out so, and is not what rounding leaves
MORE_DIGITS = 200  # to tell a small number from 0
LEAST = Fraction(1, 1000)  # of the last unit of 0.00: what is smaller is not a number that one would round to that


class Known(NamedTuple):
    """A number, and how far it may be off."""

    value: Fraction
    off: Fraction = Fraction(0)


def known(value: Any) -> Known | None:
    """Return a number of any kind as a fraction, and how far off it may be; None where it is not finite.

    >>> known(3)
    Known(value=Fraction(3, 1), off=Fraction(0, 1))
    """
    if isinstance(value, (int, Fraction, Decimal)):
        return Known(Fraction(value))
    if isinstance(value, float) or not hasattr(value, "_args"):
        return _of_float(Fraction(float(value))) if isfinite(value) else None
    exact = number_value(value)
    return Known(exact) if exact is not None else _worked_out(value)


def _of_float(value: Fraction) -> Known:
    return Known(value, abs(value) * NEAR_FLOAT + (NOISE if not 0 < abs(value) < NO_NOISE else 0))


def _worked_out(tree: Any) -> Known | None:
    """Return the value of a tree; one that gets smaller with more digits is 0."""
    try:
        value = _digits(tree, 50)
        if abs(value) < NEAR and abs(_digits(tree, MORE_DIGITS)) < NEAR**4:
            return Known(Fraction(0), NEAR)
    except Undefined:
        return None
    return Known(value, abs(value) * NEAR)


def _digits(tree: Any, digits: int) -> Fraction:
    return Fraction(*map(int, to_rational(evaluate(tree, {}, digits)._mpf_)))


def is_same(right: Known, given: Known) -> bool:
    """Tell whether two numbers are equal as far as they are known."""
    return abs(right.value - given.value) <= max(right.off, given.off)


def is_rounded(right: Known, given: Decimal) -> bool:
    """Tell whether a decimal is the right number rounded to the digits that are written.

    >>> is_rounded(Known(Fraction(1, 3)), Decimal("0.33")), is_rounded(Known(Fraction(1, 3)), Decimal("0.34"))
    (True, False)

    0.000 stands for 0.0002, but not for 1e-30: no digit of that is written.

    >>> is_rounded(Known(Fraction("0.0002")), Decimal("0.000")), is_rounded(Known(Fraction("1e-30")), Decimal("0.000"))
    (True, False)
    """
    exponent = int(given.as_tuple().exponent)
    unit = Fraction(10) ** exponent
    if is_same(right, Known(Fraction(given))):
        return True
    if exponent == 0 or (not given and abs(right.value) < unit * LEAST):
        return False  # 5. has no decimals
    return abs(right.value - Fraction(given)) <= unit / 2 + right.off + abs(right.value) * NEAR
