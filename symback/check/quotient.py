"""The limit of the difference quotient at a point: the derivative where its formula is 0/0, as for sqrt(x^4) at 0.

No rule of calculus is used: (f(x + h) - f(x))/h is evaluated for smaller and smaller h on both sides. The quotients
must settle, both sides on one number, and the number must be one that can be written exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from mpmath import mp, mpf
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.check.at_a_point import fixed_numbers
from symback.check.compare import Huge, Undefined, evaluate, unknown_functions
from symback.errors import UsageError
from symback.tree import PI, Diff, E, Neg, Quotient, Tree, apply, number, product_of, substituted, symbols_of

DIGITS = 420
GUARD = 30  # digits more, so that a point such as pi is not rounded again
STEPS = tuple(mpf(10) ** -n for n in (60, 90, 120))
SETTLED = mpf(10) ** -25
ELSEWHERE = ("0.7318", "-0.6127", "1.9391")  # for letters that have no value
LARGEST_PART = 1000  # of a fraction that is recognised

Point = Mapping[Symbol, Any]


class Limit(NamedTuple):
    """What the quotients do: their limits on the left and on the right (None: not real there), as trees.

    `value` is the derivative, None where there is none, and `why` then says so.
    """

    left: Tree | None = None
    right: Tree | None = None
    value: Tree | None = None
    why: str = ""

    @property
    def is_one_sided(self) -> bool:
        """Whether the function is real on one side of the point only."""
        return self.value is not None and (self.left is None or self.right is None)


def limit_at(function: Tree, by: Symbol, values: Mapping[Symbol, Tree]) -> Limit:
    """Return what the difference quotient of a function does at a point, where it can be said.

    Letters that have no value are tried at several: the limit must be the same number for all of them.

    >>> from symback.parse import parse
    >>> from symback.tree import symbol
    >>> limit_at(parse("cbrt(x^3)"), symbol("x"), {symbol("x"): parse("0")}).value
    1
    """
    if by not in values:
        return Limit()
    function = substituted(function, fixed_numbers(values, Diff(function, by)))
    left_open = [s for s in symbols_of(function) if s not in values]
    trials = ELSEWHERE if left_open else ELSEWHERE[:1]
    found = [_limit_with(function, by, values, dict.fromkeys(left_open, mpf(text))) for text in trials]
    if not all(other == found[0] for other in found):
        return Limit()
    return found[0] if found[0].value is not None or not unknown_functions(function) else Limit()


def _limit_with(function: Tree, by: Symbol, values: Mapping[Symbol, Tree], others: Point) -> Limit:
    with mp.workdps(DIGITS + GUARD):
        try:
            point = {**others, **{name: evaluate(value, {}, DIGITS) for name, value in values.items()}}
            return _judged(function, by, point, evaluate(function, point, DIGITS))
        except (Undefined, UsageError):
            return Limit()


def _judged(function: Tree, by: Symbol, point: Point, centre: Any) -> Limit:
    left, right = (_quotients(function, by, point, centre, sign) for sign in (-1, 1))
    known = [side for side in (left, right) if side]
    if not known:
        return Limit()
    if any(map(_grows, known)):
        return Limit(why="the difference quotient grows beyond all bounds")
    numbers = [_limit(side) if side else None for side in (left, right)]
    limits = [_recognised(value) for value in numbers]
    found = [limit for side, limit in zip((left, right), limits, strict=True) if side]
    if None in found:
        return Limit(why=_about(numbers))
    if len(found) == 2 and found[0] != found[1]:
        left_said, right_said = (_said(value) for value in numbers)
        return Limit(limits[0], limits[1], why=f"the slope is {left_said} on one side and {right_said} on the other")
    return Limit(limits[0], limits[1], found[0])


def _about(numbers: Sequence[Any]) -> str:
    """Say what the quotients come to where that is no number that can be written exactly."""
    shown = list(dict.fromkeys(_said(value) for value in numbers if value is not None))
    if not shown:
        return ""
    return f"the difference quotient comes to about {' and '.join(shown)}, and the formula has no value there"


def _said(value: Any) -> str:
    return str(mp.nstr(value, 6)).removesuffix(".0")


def _quotients(function: Tree, by: Symbol, point: Point, centre: Any, sign: int) -> Sequence[Any]:
    """Return the quotients on one side; none where the function is not real there."""
    found = []
    for step in STEPS:
        h = sign * step * max(abs(point[by]), 1)
        try:
            found.append((evaluate(function, {**point, by: point[by] + h}, DIGITS) - centre) / h)
        except Huge:
            raise
        except Undefined:
            return ()
    return found


def _grows(quotients: Sequence[Any]) -> bool:
    first, second, third = map(abs, quotients)
    return bool(third > 2 * second > 4 * first and third > 1)


def _limit(quotients: Sequence[Any]) -> Any:
    """Return what the quotients come to, None where they do not settle; a power of h is taken out of the last."""
    first, second, third = quotients
    far, near = second - first, third - second
    if abs(near) <= SETTLED * (1 + abs(third)) * SETTLED:
        return third
    if abs(near) > abs(far) / 100:
        return None
    return third - near * near / (near - far)


def _recognised(value: Any) -> Tree | None:
    """Return a number as a fraction, a root of one, or a part of pi; None where it is none of them."""
    if value is None:
        return None
    if abs(value) < SETTLED:
        return Integer(0)
    size = abs(value)
    for degree, name in ((1, ""), (2, "sqrt"), (3, "cbrt")):
        found = _fraction(size**degree)
        if found is not None:
            tree = number(found) if not name else apply(name, number(found))
            return Neg(tree) if value < 0 else tree
    for unit, size_of_unit in ((PI, mp.pi), (E, mp.e)):
        part = _fraction(size / size_of_unit)
        if part is not None:
            return _times(part if value > 0 else -part, unit)
    return None


def _fraction(value: Any) -> Fraction | None:
    """Return the short fraction that a number is, to 25 digits."""
    whole = int(mp.floor(value))
    near = Fraction(str(mp.nstr(value - whole, 40, strip_zeros=False))).limit_denominator(LARGEST_PART)
    return whole + near if abs(value - whole - mpf(near.numerator) / near.denominator) < SETTLED * (1 + value) else None


def _times(part: Fraction, unit: Tree) -> Tree:
    top = product_of([n for n in (Integer(abs(part.numerator)),) if n != 1] + [unit])
    tree = top if part.denominator == 1 else Quotient(top, Integer(part.denominator))
    return Neg(tree) if part < 0 else tree
