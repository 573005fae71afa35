"""What functions do that plain values cannot tell, because they are too slow or too steep: 1/ln x, ln(ln x), e^x/x^100.

They are worked out as far out as 10^(10^9). No precision bears a loss there: x + 1 is x. So each number has with it how
many of its bits are right, and what has too few, as sqrt(x^2 + 1) - x has, is not judged. The sine of such a number is
not known: any numbers from -1 to 1 stand for it, and what settles whatever they are does settle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import Any, NamedTuple

from mpmath import mp
from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.expr.tree import Apply, E, Inert, Neg, Plus, Power, Quotient, Times, Tree, fold, number_value, walk
from symback.verify.approach import Approach, Trend, judged
from symback.verify.compare import Undefined, evaluate
from symback.verify.values import LARGEST_ANGLE, LARGEST_EXPONENT, Beyond

BITS = 300
GOOD_BITS = 60  # that a value must have
# Powers of ten, whose inverses are the distances. Where the slow ones can be worked out they decide: a power of x wins
# against one of ln x very late.
SLOW = (10, 10**3, 10**5, 10**7, 10**9)
STEEP = ((2, 3, 4, 5, 6, 7), (5, 6, 7, 8, 9, 10))
SAMPLES = 3
GOOD = mp.mpf(10) ** -6

# How many times as large as that of u the relative error of f(u) is, at most.
CONDITION: Mapping[str, Callable[[Any, Any], Any]] = {
    "ln": lambda u, value: 1 / abs(value),
    "sqrt": lambda u, value: 1,
    "cbrt": lambda u, value: 1,
    "arctan": lambda u, value: 1,
    "tanh": lambda u, value: 1,
    "abs": lambda u, value: 1,
    "sin": lambda u, value: abs(u / value),
    "cos": lambda u, value: abs(u / value),
}
VALUES: Mapping[str, Callable[[Any], Any]] = {
    "ln": mp.ln, "sqrt": mp.sqrt, "cbrt": mp.cbrt, "arctan": mp.atan, "tanh": mp.tanh, "abs": abs, "sin": mp.sin,
    "cos": mp.cos,
}  # fmt: skip


class Number(NamedTuple):
    """A number, and the bits of it that are right."""

    value: Any
    good: float = BITS


def slow_approach(tree: Tree, place: Callable[[Any], Any], variable: Symbol, letters: Mapping[Symbol, Any]) -> Approach:
    """Tell what a tree does where `place` gives the variable for a distance; only what settles or grows is told.

    >>> from symback.syntax import parse
    >>> slow_approach(parse("ln(ln(x))"), lambda h: 1 / h, parse("x"), {}).trend.name
    'GROWS'
    >>> slow_approach(parse("1/ln(ln(x))"), lambda h: 1 / h, parse("x"), {}).trend.name
    'UNKNOWN'
    """
    rng = Random(0)  # noqa: S311
    with mp.workprec(BITS):
        for powers in (SLOW, *STEEP):
            try:
                rows = [[_value(tree, place(_distance(n, rng)), variable, letters, rng) for _ in range(SAMPLES)]
                        for n in powers]  # fmt: skip
            except (Beyond, Undefined, ArithmeticError, ValueError, TypeError):
                continue
            found = judged(rows, GOOD)
            told = (Trend.SETTLES,) if _swings(tree) else (Trend.SETTLES, Trend.GROWS)
            if found.trend in told:
                return found._replace(value=rows[-1][0] if found.trend is Trend.GROWS else found.value)
    return Approach(Trend.UNKNOWN)


def _swings(tree: Tree) -> bool:
    return any(isinstance(node, Apply) and node.name in ("sin", "cos") for node in walk(tree))


def _distance(power: int, rng: Random) -> Any:
    return mp.mpf(10) ** (-power * (1 + mp.mpf(rng.getrandbits(100)) / 2**104))


def _value(tree: Tree, place: Any, variable: Symbol, letters: Mapping[Symbol, Any], draw: Random) -> Any:
    found = fold(tree, partial(_worked, known={variable: Number(place)}, letters=letters, draw=draw))
    if found.good < GOOD_BITS:
        raise Beyond
    return found.value


def _worked(
    node: Basic, inner: list[Number], known: Mapping[Any, Number], letters: Mapping[Symbol, Any], draw: Random
) -> Number:
    if node in known:
        return known[node]
    if not isinstance(node, Inert):
        is_value = isinstance(node, Symbol) or getattr(node, "is_number", False)
        return Number(evaluate(node, letters) if is_value else mp.zero)
    if isinstance(node, Plus):
        return _sum(inner)
    if isinstance(node, Neg):
        return inner[0]._replace(value=-inner[0].value)
    if isinstance(node, Times):
        return _checked(mp.fprod(n.value for n in inner), min(n.good for n in inner) - len(inner))
    if isinstance(node, Quotient):
        return _checked(inner[0].value / inner[1].value, min(n.good for n in inner) - 1)
    if isinstance(node, Power):
        return _power(node, *inner)
    if isinstance(node, Apply) and node.name in VALUES and len(inner) == 2:
        return _function(node.name, inner[1], draw)
    raise Beyond


def _sum(terms: list[Number]) -> Number:
    """Add; what cancels is lost."""
    total = mp.fsum(t.value for t in terms)
    if not total:
        raise Beyond
    lost = [mp.mag(t.value) - t.good for t in terms if t.value]
    return _checked(total, mp.mag(total) - max(lost) - 1)


def _power(node: Power, base: Number, exponent: Number) -> Number:
    size = mp.mag(exponent.value) if exponent.value else 0
    if node._args[0] == E:
        if size > LARGEST_EXPONENT:
            raise Beyond
        return _checked(mp.exp(exponent.value), exponent.good - max(size, 0) - 1)
    fixed = number_value(node._args[1])
    if fixed is None or size > LARGEST_EXPONENT or (base.value <= 0 and fixed.denominator != 1):
        raise Beyond
    return _checked(mp.power(base.value, exponent.value), base.good - max(size, 0) - 1)


def _function(name: str, inner: Number, draw: Random) -> Number:
    if name in ("sin", "cos") and inner.value and mp.mag(inner.value) > LARGEST_ANGLE:
        return Number(mp.mpf(draw.choice((-1, 1, draw.uniform(-1, 1)))))
    if name in ("ln", "sqrt", "cbrt") and inner.value <= 0:
        raise Beyond
    value = VALUES[name](inner.value)
    if not value:
        raise Beyond
    return _checked(value, inner.good - max(mp.mag(CONDITION[name](inner.value, value)), 0) - 1)


def _checked(value: Any, good: Any) -> Number:
    if not mp.isfinite(value):
        raise Beyond
    return Number(value, float(min(good, BITS)))
