"""The limit of the difference quotient at a point: the derivative where its formula is 0/0, as for sqrt(x^4) at 0.

No rule of calculus is used: (f(x + h) - f(x))/h is evaluated for smaller and smaller h on both sides. The quotients
must settle, both sides on one number, and the number must be one that can be written exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mpmath import mp, mpf
from sympy.core.symbol import Symbol

from symback.errors import UsageError
from symback.expr.tree import Diff, Tree, substituted, symbols_of
from symback.verify.at_a_point import fixed_numbers
from symback.verify.compare import Huge, Undefined, evaluate, unknown_functions
from symback.verify.recognise import constants_in, recognised

DIGITS = 420
GUARD = 30  # digits more, so that a point such as pi is not rounded again
STEPS = tuple(mpf(10) ** -n for n in (60, 90, 120))
SETTLED = mpf(10) ** -25
VANISHES = mpf(10) ** -8  # from one step to the next, of quotients that come to 0
NOISE = mpf(10) ** -250  # what rounding leaves of nothing
ELSEWHERE = ("0.7318", "-0.6127", "1.9391")  # for letters that have no value

Point = Mapping[Symbol, Any]


class Limit(NamedTuple):
    """What the quotients do: their limits on the left and on the right (None: not real there), as trees.

    `value` is the derivative, None where there is none, and `why` then says so. `number` is what the quotients come to
    from both sides, where that cannot be written exactly.
    """

    left: Tree | None = None
    right: Tree | None = None
    value: Tree | None = None
    why: str = ""
    number: Any = None

    @property
    def is_one_sided(self) -> bool:
        """Whether the function is real on one side of the point only."""
        return self.value is not None and (self.left is None or self.right is None)


def limit_at(function: Tree, by: Symbol, values: Mapping[Symbol, Tree]) -> Limit:
    """Return what the difference quotient of a function does at a point, where it can be said.

    Letters that have no value are tried at several: the limit must be the same number for all of them.

    >>> from symback.syntax import parse
    >>> from symback.expr.tree import symbol
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
    units = constants_in(function)
    limits = [None if value is None else recognised(value, units) for value in numbers]
    found = [limit for side, limit in zip((left, right), limits, strict=True) if side]
    if None in found:
        return Limit(why=_about(numbers), number=_common(numbers))
    if len(found) == 2 and found[0] != found[1]:
        left_said, right_said = (_said(value) for value in numbers)
        return Limit(limits[0], limits[1], why=f"the slope is {left_said} on one side and {right_said} on the other")
    return Limit(limits[0], limits[1], found[0])


def _common(numbers: Sequence[Any]) -> Any:
    """Return the number of both sides, None where one has none, or they differ."""
    left, right = numbers
    if left is None or right is None or abs(left - right) > SETTLED * (1 + abs(left)):
        return None
    return left


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
    if abs(third) <= max(NOISE, VANISHES * abs(second)) and abs(second) <= max(NOISE, VANISHES * abs(first)):
        return mpf(0)
    if abs(near) <= SETTLED * abs(third) * SETTLED:
        return third
    if abs(near) > abs(far) / 100:
        return None
    return third - near * near / (near - far)
