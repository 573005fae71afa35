"""Two sequences along which a function tends to different things, so that it has no limit: x sin x, cos(1/x)/x.

On the places where sin u = 1, with u growing beyond all bounds, sin u is 1: what is left has a limit of its own. Where
another value of sin u leads to another limit there is none. The places are solved for, and values there are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import sympy
from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import form_of, tidied, value_of
from symback.errors import SymbackError
from symback.expr.tree import (
    ONE,
    TWO,
    Apply,
    E,
    Inert,
    Lim,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    is_free_of,
    number,
    number_value,
    symbol,
    symbols_of,
    walk,
    weight_of,
)  # fmt: skip
from symback.verify.limits import comes_to_along, one_sided, sides_of

WAVES = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))
HALF = Fraction(1, 2)
QUARTERS = (Fraction(1), Fraction(0), Fraction(3), Fraction(2), HALF)  # the angles that are tried, in right angles
COUNTERS = ("n", "k", "m")
INNER_MOST = 4
SINGULAR = {"tan": "cos", "cot": "sin", "sec": "cos", "csc": "sin"}
STEPS = (Fraction(-1), Fraction(-1, 2), Fraction(0), Fraction(1, 2), Fraction(1))
MOST_WAVES = 2
NOTHING = 1e-9


@dataclass(frozen=True)
class Along:
    """A sequence: its places, written with n, the value of a swinging function there, the limit of what is left."""

    places: Tree
    counter: Symbol
    wave: Tree
    value: Tree
    limit: Any


def two_sequences(start: Lim, worked: Callable[[Lim], Any]) -> tuple[Along, Along] | None:
    """Return two sequences with different limits; None where none are found. `worked` finds a limit."""
    found: list[Along] = []
    for along in _sequences(start, worked):
        other = next((one for one in found if _differ(one.limit, along.limit)), None)
        if other is not None:
            return other, along
        found.append(along)
    return None


def _sequences(start: Lim, worked: Callable[[Lim], Any]) -> Iterator[Along]:
    body, variable, target = start._args[:3]
    side, swinging = sides_of(start)[-1], waves_of(start)
    if not swinging:
        return
    wave = min(swinging, key=weight_of)
    inner = wave.arguments[0]
    counter = next(symbol(name) for name in COUNTERS if name != variable.name)
    for quarters in QUARTERS:
        values = {node: _value(node, inner, quarters) for node in swinging}
        places = _solved(inner, variable, _angle(quarters, counter, one_sided(inner, variable, target, side, {}).value))
        if None in values.values() or places is None:
            continue
        left = tidied(_replaced(body, values))
        one = start if len(sides_of(start)) == 1 else Lim(body, variable, target, ONE)
        try:
            limit = worked(Lim(left, *one._args[1:]))
        except SymbackError:
            continue
        if limit.exists and not limit.is_by_sides and comes_to_along(one, places, counter, limit.last):
            yield Along(places, counter, wave, values[wave], limit)


def waves_of(start: Lim) -> list[Apply]:
    """Return the sines and their like whose argument grows beyond all bounds."""
    body, variable, side = start._args[0], start._args[1], sides_of(start)[-1]
    if symbols_of(body) - {variable}:
        return []
    waves = [n for n in walk(body) if isinstance(n, Apply) and n.name in WAVES and not is_free_of(n, variable)]
    return [n for n in dict.fromkeys(waves) if _grows(n.arguments[0], start, side)]


def has_poles_near(start: Lim) -> bool:
    """Tell whether a function may have poles as close to the place as one likes, as 1/sin x has far out.

    Numbers that are drawn never meet them. What a bar is over must keep away from 0 whatever the waves in it are.
    """
    waves = waves_of(start)
    if any(wave.name not in ("sin", "cos") for wave in waves):
        return True
    return any(_may_vanish(tree, waves, start) for node in walk(start._args[0]) for tree in _dangerous(node))


def _dangerous(node: Any) -> Iterator[Tree]:
    """Yield what must not be 0."""
    if isinstance(node, Quotient):
        yield node._args[1]
    elif isinstance(node, Power):
        exponent = number_value(node._args[1])
        if exponent is None or exponent < 0:
            yield node._args[0]
    elif isinstance(node, Apply) and node.name in ("ln", *SINGULAR):
        yield node.arguments[0] if node.name == "ln" else apply(SINGULAR[node.name], node.arguments[0])


def _may_vanish(tree: Tree, waves: list[Apply], start: Lim) -> bool:
    inside = [node for node in dict.fromkeys(walk(tree)) if node in waves]
    if not inside:
        return False
    if len(inside) > MOST_WAVES:
        return True
    found = []
    for values in product(STEPS, repeat=len(inside)):
        one = _replaced(tree, dict(zip(inside, map(number, values), strict=True)))
        found.append(one_sided(one, start._args[1], start._args[2], sides_of(start)[-1], {}).value)
    return None in found or len({mp.sign(value) for value in found}) > 1 or min(map(abs, found)) < NOTHING


def _grows(inner: Tree, start: Lim, side: int) -> bool:
    found = one_sided(inner, start._args[1], start._args[2], side, {})
    return found.is_known and bool(mp.isinf(found.value))


def _angle(quarters: Fraction, counter: Symbol, towards: Any) -> Tree:
    """Return the angles of a sequence, such as pi/2 + 2 pi n, growing or falling beyond all bounds."""
    turns = Times(TWO, sympy.pi, counter)
    turns = turns if towards > 0 else Neg(turns)
    return Plus(form_of(_radians(quarters)), turns) if quarters else turns


def _radians(quarters: Fraction) -> Any:
    return sympy.pi * sympy.Rational(quarters.numerator, 2 * quarters.denominator)


def _value(wave: Apply, inner: Tree, quarters: Fraction) -> Tree | None:
    """Return sin(m u) at an angle u; None where the argument is no whole multiple of u, or there is no value."""
    ratio = sympy.simplify(value_of(wave.arguments[0]) / value_of(inner))
    if not ratio.is_Integer:
        return None
    found = getattr(sympy, wave.name)(ratio * _radians(quarters))
    return form_of(found) if found.is_finite else None


def _replaced(body: Tree, values: dict[Apply, Tree | None]) -> Tree:
    def written(node: Any, inner: list[Any]) -> Any:
        made = type(node)(*inner) if isinstance(node, Inert) and inner else node
        return values.get(node, made) if isinstance(node, Apply) else made

    return fold(body, written)


def _solved(inner: Tree, variable: Symbol, value: Tree) -> Tree | None:
    """Return the variable where a function of it has a value, undoing one operation after the other."""
    for _ in range(INNER_MOST):
        if inner == variable:
            return tidied(value)
        step = _undone(inner, variable, value)
        if step is None:
            return None
        inner, value = step
    return None


def _undone(inner: Tree, x: Symbol, value: Tree) -> tuple[Tree, Tree] | None:
    if isinstance(inner, Neg):
        return inner._args[0], Neg(value)
    if isinstance(inner, Quotient):
        top, bottom = inner._args
        return (bottom, Quotient(top, value)) if is_free_of(top, x) else (top, Times(bottom, value))
    if isinstance(inner, (Plus, Times)):
        rest = [a for a in inner._args if is_free_of(a, x)]
        parts = [a for a in inner._args if not is_free_of(a, x)]
        if len(parts) != 1 or len(rest) != 1:
            return None
        return parts[0], Plus(value, Neg(rest[0])) if isinstance(inner, Plus) else Quotient(value, rest[0])
    if isinstance(inner, Power) and inner._args[0] == E:
        return inner._args[1], apply("ln", value)
    if isinstance(inner, Power) and (exponent := number_value(inner._args[1])) is not None:
        root = apply("sqrt", value) if exponent == 2 else Power(value, number(1 / exponent))
        return inner._args[0], root
    if isinstance(inner, Apply) and inner.name in ("sqrt", "ln", "cbrt"):
        undo = {"sqrt": Power(value, TWO), "cbrt": Power(value, number(3)), "ln": Power(E, value)}
        return inner._args[1], undo[inner.name]
    return None


def _differ(a: Any, b: Any) -> bool:
    from symback.verify import same_value

    if a.is_infinite or b.is_infinite:
        return bool(a.last != b.last)
    return same_value(a.last, b.last) == "no"
