"""Where an integrand or its antiderivative breaks: poles, jumps, gaps, and the places that are looked at for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import polynomial, value_of
from symback.errors import DomainError
from symback.expr.tree import (
    ONE,
    PI,
    Apply,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    number,
    number_value,
    symbols_of,
    walk,
)
from symback.verify.boundaries import Values
from symback.verify.values import Beyond

POINTS = 240  # at which signs are looked at
SMALL, SMALLER, SMALLEST = (mp.mpf(10) ** -n for n in (9, 18, 30))
NEAR = mp.mpf(10) ** -5
_JUMPING = ("floor", "ceil", "round")
HALF = Quotient(ONE, number(2))
_ZEROS = {"tan": "cos", "sec": "cos", "cot": "sin", "csc": "sin", "coth": "sinh", "csch": "sinh"}
CHOOSE = "Choose limits between which the integrand is defined."


class Breaks(NamedTuple):
    """Places between limits: all that are looked at, and those where the antiderivative alone jumps."""

    inside: tuple[Any, ...] = ()
    jumps: tuple[Any, ...] = ()


def breaks_inside(integrand: Tree, antiderivative: Tree, variable: Symbol, ends: tuple[Any, Any]) -> Breaks:
    """Return the places between the ends that are looked at; DomainError for a pole or a gap among them."""
    low, high = sorted(ends)
    if low == high:
        return Breaks()
    f, big_f = (Values(tree, variable, {}) for tree in (integrand, antiderivative))
    with mp.workdps(40):
        places = sorted({p for t in (integrand, antiderivative) for p in places_of(t, variable, low, high)})
        inside = [p for p in places if low + SMALLER < p < high - SMALLER]
        _require_values(f, [low, *inside, high], variable.name)
        jumps = [place for place in inside if _jumps(big_f, f, place, variable)]
        apart = [b for a, b in pairwise([low, *jumps]) if b - a > SMALLER]  # a place may be found twice
    return Breaks(tuple(inside), tuple(apart))


def barriers(integrand: Tree, antiderivative: Tree, variable: Symbol, widest: Any) -> Iterator[Any]:
    """Yield the places over which no integral may reach: poles, jumps of the antiderivative, ends of the domain."""
    f, big_f = (Values(tree, variable, {}) for tree in (integrand, antiderivative))
    with mp.workdps(40):
        for place in sorted({p for t in (integrand, antiderivative) for p in places_of(t, variable, -widest, widest)}):
            try:
                is_open = all(value_or_none(f, place + side * SMALL) is not None for side in (-1, 1))
                if not is_open or _jumps(big_f, f, place, variable):
                    yield place
            except DomainError:
                yield place


def _require_values(f: Values, edges: list[Any], name: str) -> None:
    for a, b in pairwise(edges):
        for part in (mp.mpf(1) / 7, mp.mpf(1) / 2, mp.mpf(5) / 6):
            place = between(a, b, part)
            if value_or_none(f, place) is None:
                raise DomainError(
                    f"The integrand has no real value at {name} = {said(place)}, which lies between the limits.",
                    hint=CHOOSE,
                )


def between(a: Any, b: Any, part: Any) -> Any:
    if mp.isinf(a) and mp.isinf(b):
        return 2 * part - 1
    if mp.isinf(b):
        return a + part / (1 - part)
    return b - (1 - part) / part if mp.isinf(a) else a + part * (b - a)


def _jumps(big_f: Values, f: Values, place: Any, variable: Symbol) -> bool:
    """Tell whether an antiderivative jumps at a place where its integrand does not; DomainError for a pole or a gap."""
    near = [[value_or_none(big_f, place + side * h * (1 + abs(place))) for h in (SMALL, SMALLER)] for side in (-1, 1)]
    if any(v is None for side in near for v in side):
        raise DomainError(
            f"The integrand has no real value near {variable.name} = {said(place)}, which lies between the limits.",
            hint=CHOOSE,
        )
    left, right = near[0][1], near[1][1]
    is_settled = all(_settles(big_f, place, side, *values) for side, values in zip((-1, 1), near, strict=True))
    if is_settled and abs(left - right) <= NEAR * (1 + abs(left)):
        return False
    heights = [value_or_none(f, place + side * SMALL) for side in (-1, 1)]
    if is_settled and all(h is not None and abs(h) < 1 / NEAR for h in heights):
        return True
    raise DomainError(
        f"The integrand has a pole at {variable.name} = {said(place)}, which lies between the limits.",
        hint="The integral does not exist; look at each side of the pole by itself.",
    )


def _settles(big_f: Values, place: Any, side: int, far: Any, close: Any) -> bool:
    """Tell whether values towards a place come to rest: at once, or as slowly as those of a cube root."""
    if abs(close - far) <= NEAR * (1 + abs(close)):
        return True
    closest = value_or_none(big_f, place + side * SMALLEST * (1 + abs(place)))
    return closest is not None and abs(closest - close) <= NEAR * (1 + abs(close))


def places_of(tree: Tree, variable: Symbol, low: Any, high: Any) -> Iterator[Any]:
    """Yield where a denominator, the argument of a logarithm or the like is 0."""
    done = set()
    for node in walk(tree):
        for part in _suspects(node):
            if part not in done and variable in symbols_of(part):
                done.add(part)
                yield from _zeros(part, variable, low, high)


def _suspects(node: Any) -> Iterator[Tree]:
    if isinstance(node, Quotient):
        yield node._args[1]
    elif isinstance(node, Power):
        value = number_value(node._args[1])
        if value is None or value < 0 or value.denominator > 1:
            yield node._args[0]
    elif isinstance(node, Apply) and node.arguments:
        argument = node.arguments[0]
        if node.name in _ZEROS:
            yield apply(_ZEROS[node.name], argument)
        elif node.name in _JUMPING:
            yield apply("sin", Times(PI, argument) if node.name != "round" else Times(PI, Plus(argument, HALF)))
        elif node.name in ("max", "min"):
            yield Plus(argument, Neg(node.arguments[1]))
        elif node.name in ("ln", "log", "abs", "sign", "arccot", "arcsch", "sqrt", "cbrt", "root", "step", "relu"):
            yield argument
        elif node.name in ("arcsec", "arccsc", "artanh", "arcoth", "arcsin", "arccos", "arcosh", "arsech"):
            yield from (Plus(argument, ONE), Plus(argument, Neg(ONE)))


def _zeros(part: Tree, variable: Symbol, low: Any, high: Any) -> Iterator[Any]:
    """Yield the zeros of a part: exact ones of a polynomial, else where the sign changes or the value almost is 0."""
    found = polynomial(value_of(part), variable)
    if found is not None and found.degree() > 0 and all(k.is_Rational for k in found.all_coeffs()):
        yield from (mp.mpf(str(r.evalf(40))) for r in set(found.real_roots()))
        return
    values = Values(part, variable, {})
    places = list(_grid(low, high))
    heights = [value_or_none(values, p) for p in places]
    for i, ((a, u), (b, v)) in enumerate(pairwise(zip(places, heights, strict=True))):
        if u is None or v is None:
            continue
        if u == 0:
            yield a
        elif u * v < 0:
            yield _bisected(values, a, b, u)
        elif i and heights[i - 1] is not None and abs(heights[i - 1]) >= abs(u) <= abs(v):
            place = _lowest(values, places[i - 1], b)
            if abs(value_or_none(values, place) or 1) < SMALL:
                yield place


def _grid(low: Any, high: Any) -> Iterator[Any]:
    """Yield places from end to end; towards infinity they lie further and further apart."""
    for k in range(1, POINTS):
        yield between(low, high, (mp.mpf(k) + mp.mpf("0.0137")) / POINTS)


def _bisected(values: Values, a: Any, b: Any, u: Any) -> Any:
    for _ in range(110):
        middle = (a + b) / 2
        found = value_or_none(values, middle)
        if found is None or found == 0:
            return middle
        a, b = (middle, b) if found * u > 0 else (a, middle)
    return a


def _lowest(values: Values, a: Any, b: Any) -> Any:
    for _ in range(120):
        u, v = a + (b - a) / 3, b - (b - a) / 3
        a, b = (a, v) if abs(value_or_none(values, u) or 0) < abs(value_or_none(values, v) or 0) else (u, b)
    return (a + b) / 2


def value_or_none(values: Values, place: Any) -> Any:
    try:
        return values(place)
    except (Beyond, ArithmeticError, ValueError):
        return None


def said(place: Any) -> str:
    """Return a place as people write it: 1/2, pi/2, or a decimal number."""
    place = mp.mpf(place)
    for unit, name in ((mp.mpf(1), ""), (mp.pi, "pi"), (mp.sqrt(2), "sqrt(2)"), (mp.e, "e")):
        ratio = place / unit
        for below in range(1, 13):
            above = mp.nint(ratio * below)
            if abs(ratio * below - above) < mp.mpf(10) ** -10:
                return _fraction(int(above), below, name)
    return str(mp.nstr(place, 6))


def _fraction(above: int, below: int, name: str) -> str:
    if not above:
        return "0"
    sign, above = ("-" if above < 0 else ""), abs(above)
    top = f"{above}{name}" if not name or above > 1 else name
    return f"{sign}{top}/{below}" if below > 1 else f"{sign}{top}"


WIDEST = mp.mpf(12)  # how far from 0 jumps are looked for


def jump_of(integrand: Tree, antiderivative: Tree, variable: Symbol) -> str:
    """Return where an antiderivative jumps though its integrand is bounded there; empty where no jump is seen.

    >>> from symback.syntax import parse
    >>> jump_of(parse("floor(x)"), parse("x floor(x)"), parse("x")) != ""
    True
    """
    if symbols_of(integrand) - {variable}:
        return ""
    f, big_f = (Values(tree, variable, {}) for tree in (integrand, antiderivative))
    with mp.workdps(40):
        for place in sorted(set(places_of(antiderivative, variable, -WIDEST, WIDEST)), key=abs):
            near = [value_or_none(big_f, place + side * SMALL) for side in (-1, 1)]
            heights = [value_or_none(f, place + side * SMALL) for side in (-1, 1)]
            is_bounded = all(h is not None and abs(h) < 1 / NEAR for h in heights)
            if None not in near and is_bounded and abs(near[0] - near[1]) > NEAR * (1 + abs(near[0])):
                return said(place)
    return ""
