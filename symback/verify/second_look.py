"""A second judge of a derivative that is a limit of difference quotients; it shares nothing with the one that found it.

Where a function is continuous, and the formula of its derivative comes to one number from every side on which there is
one, that number is the derivative. Where the formula comes to none, as that of x^2 sin(1/x), quotients at distances
that are drawn must settle on the number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

from mpmath import mp, mpf
from sympy.core.symbol import Symbol

from symback.errors import UsageError
from symback.expr.tree import Diff, Tree, substituted, symbols_of
from symback.verify.approach import NOISE, Approach, Trend, approach
from symback.verify.at_a_point import fixed_numbers
from symback.verify.compare import Huge, Undefined, evaluate
from symback.verify.values import Beyond

DIGITS = 260
OPEN = ("0.4142", "-1.7321", "2.2361")  # for letters that have no value
SMALLEST = mpf(10) ** -140  # what is smaller could be what rounding leaves
SEEDS = (5, 17)

Values = Mapping[Symbol, Tree]
Point = dict[Symbol, Any]


class Opinion(Enum):
    """What the second judge says of a value."""

    CONFIRMED = "it is the derivative"
    REFUTED = "it is not"
    UNKNOWN = "it cannot be told"


class Seen(NamedTuple):
    """An opinion, and whether there is but one side on which the function is real."""

    opinion: Opinion
    one_sided: bool = False


def second_look(function: Tree, formula: Tree, by: Symbol, values: Values, found: Tree, off: float = 0) -> Seen:
    """Judge a value that was found for the derivative of a function at a point, by its formula elsewhere.

    The value may be off by so much, as a part of itself.

    >>> from symback.syntax import parse
    >>> from symback.expr.tree import ONE, ZERO, symbol
    >>> x = symbol("x")
    >>> [second_look(parse("sqrt(x^4)"), parse("2x^3/sqrt(x^4)"), x, {x: ZERO}, v).opinion.name for v in (ZERO, ONE)]
    ['CONFIRMED', 'REFUTED']
    """
    fixed = fixed_numbers(values, Diff(function, by))
    function, formula = substituted(function, fixed), substituted(formula, fixed)
    left_open = sorted(symbols_of(function) | symbols_of(formula), key=lambda s: s.name)
    left_open = [s for s in left_open if s not in values]
    trials = OPEN if left_open else OPEN[:1]
    seen = [_look(function, formula, by, values, found, dict.fromkeys(left_open, text), off) for text in trials]
    worst = max(seen, key=lambda s: (s.opinion is Opinion.UNKNOWN, s.opinion is Opinion.REFUTED))
    return worst._replace(one_sided=any(s.one_sided for s in seen))


def _look(
    function: Tree,
    formula: Tree,
    by: Symbol,
    values: Values,
    found: Tree,
    others: Mapping[Symbol, str],
    off: float,
) -> Seen:
    with mp.workdps(DIGITS):
        try:
            point = {s: mpf(text) for s, text in others.items()}
            point |= {s: evaluate(tree, {}, DIGITS) for s, tree in values.items()}
            wanted = evaluate(found, point, DIGITS)
            centre = evaluate(function, point, DIGITS)
        except (Undefined, UsageError):
            return Seen(Opinion.UNKNOWN)
        if 0 < abs(wanted) < SMALLEST:
            return Seen(Opinion.UNKNOWN)
        return _weighed(_Side(function, by, point, centre), _Side(formula, by, point, None), wanted, off * abs(wanted))


class _Side(NamedTuple):
    """A tree beside the point; with a centre, its difference quotients."""

    tree: Tree
    by: Symbol
    point: Point
    centre: Any

    def along(self, sign: int) -> Callable[[Any], Any]:
        """Return the values, or quotients, as a function of the distance to one side."""
        here = self.point[self.by]
        unit = sign * max(abs(here), 1)

        def value(h: Any) -> Any:
            try:
                there = evaluate(self.tree, {**self.point, self.by: here + h * unit}, DIGITS)
            except Huge:
                raise Beyond from None
            except Undefined:
                return None
            return there if self.centre is None else (there - self.centre) / (h * unit)

        return value


def _weighed(function: _Side, formula: _Side, wanted: Any, off: Any) -> Seen:
    """Judge by the formula first, then by quotients."""
    continuous = _Side(function.tree, function.by, function.point, None)
    values = [approach(continuous.along(sign)) for sign in (-1, 1)]
    real = [sign for sign, side in zip((-1, 1), values, strict=True) if side.trend is not Trend.NOT_REAL]
    one_sided = len(real) == 1
    limits = [side for side in values if side.settles]
    if not real or len(limits) < len(real) or not all(side.comes_to(function.centre) for side in limits):
        return Seen(Opinion.UNKNOWN, one_sided)
    for side in (formula, function):
        found = [approach(side.along(sign), seed) for sign in real for seed in SEEDS]
        if all(one.settles for one in found):
            return Seen(_opinion(found, wanted, off), one_sided)
    return Seen(Opinion.UNKNOWN, one_sided)


def _opinion(found: list[Approach], wanted: Any, off: Any) -> Opinion:
    agree = all(abs(side.value - wanted) <= max(NOISE, off + 10 * side.error) for side in found)
    return Opinion.CONFIRMED if agree else Opinion.REFUTED
