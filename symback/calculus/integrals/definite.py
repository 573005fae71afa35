"""A definite integral: where the integrand or its antiderivative breaks, and the limits put in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import sympy
from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.at_point import value_at
from symback.calculus.integrals.finishing import without_bars
from symback.calculus.integrals.forms import polynomial, value_of
from symback.errors import DomainError
from symback.expr.rule import Move, Rule
from symback.expr.tree import (
    ONE,
    PI,
    Apply,
    Int,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    at,
    number,
    number_value,
    put,
    substituted,
    symbol,
    symbols_of,
    walk,
)
from symback.syntax.convert import from_sympy
from symback.verify.boundaries import Values
from symback.verify.compare import Undefined, evaluate
from symback.verify.values import Beyond

FUNDAMENTAL = Rule("fundamental theorem of calculus", "the integral of f from a to b is F(b) - F(a), where F' = f")
LIMIT = Rule("limit of the antiderivative", "at the end where the integral is improper")
INFINITY = symbol("oo")
POINTS = 240  # at which signs are looked at
SMALL, SMALLER = mp.mpf(10) ** -9, mp.mpf(10) ** -18
FAR, FARTHER = mp.mpf(10) ** 6, mp.mpf(10) ** 9
NEAR = mp.mpf(10) ** -5
_JUMPING = ("floor", "ceil", "round")
HALF = Quotient(ONE, number(2))
_ZEROS = {"tan": "cos", "sec": "cos", "cot": "sin", "csc": "sin", "coth": "sinh", "csch": "sinh"}


class Worked(NamedTuple):
    """The moves to the value of a definite integral, the last line, and the places inside where something happens."""

    moves: tuple[Move, ...]
    last: Tree
    ends: tuple[Any, Any]
    breaks: tuple[Any, ...]


def work_out(start: Int, antiderivative: Tree) -> Worked:
    """Return the value of an integral between limits; DomainError where there is none, which names the place."""
    integrand, variable, low, high = start._args
    ends = (number_of(low), number_of(high))
    breaks = breaks_inside(integrand, antiderivative, variable, ends)
    top, bottom = (
        _at_end(antiderivative, variable, end, place, ends) for end, place in ((high, ends[1]), (low, ends[0]))
    )
    line: Tree = Plus(top.tree, Neg(bottom.tree))
    bound = (("F(x)".replace("x", variable.name), antiderivative),)
    moves = [Move(FUNDAMENTAL, (), start, line, bound)]
    for at_end in (top, bottom):
        if at_end.improper:
            moves[0] = Move(Rule(f"{FUNDAMENTAL.name}, {LIMIT.name}", FUNDAMENTAL.law), (), start, line, bound)
    for path, rule, result in without_bars(line, variable):
        moves.append(Move(rule, path, at(line, path), result))
        line = put(line, path, result)
    last = value_at(line, {}, moves)
    return Worked(tuple(moves), last, ends, tuple(breaks))


def number_of(end: Tree) -> Any:
    """Return a limit as a number, infinite or not; DomainError where it is none."""
    sign = -1 if isinstance(end, Neg) else 1
    if (end._args[0] if isinstance(end, Neg) else end) == INFINITY:
        return sign * mp.inf
    if symbols_of(end):
        raise DomainError("The limits of an integral must be numbers.", hint="Write for instance --from 0 --to pi.")
    try:
        return mp.mpf(evaluate(end, {}))
    except Undefined:
        raise DomainError("A limit of the integral has no real value.", hint="Give another number.") from None


# --- places where something happens -----------------------------------------------------------------------------------


def breaks_inside(integrand: Tree, antiderivative: Tree, variable: Symbol, ends: tuple[Any, Any]) -> list[Any]:
    """Return the places between the ends that are looked at; DomainError for a pole, a jump or a gap among them."""
    low, high = sorted(ends)
    if low == high:
        return []
    f, big_f = (Values(tree, variable, {}) for tree in (integrand, antiderivative))
    with mp.workdps(40):
        places = sorted({p for t in (integrand, antiderivative) for p in _places(t, variable, low, high)})
        inside = [p for p in places if low < p < high]
        edges = [low, *inside, high]
        _require_values(f, edges, variable.name)
        for place in inside:
            _require_no_break(big_f, f, place, variable)
    return inside


def _require_values(f: Values, edges: list[Any], name: str) -> None:
    for a, b in pairwise(edges):
        for part in (mp.mpf(1) / 7, mp.mpf(1) / 2, mp.mpf(5) / 6):
            place = _between(a, b, part)
            if _value(f, place) is None:
                raise DomainError(
                    f"The integrand has no real value at {name} = {_said(place)}, which lies between the limits.",
                    hint="Choose limits between which the integrand is defined.",
                )


def _between(a: Any, b: Any, part: Any) -> Any:
    if mp.isinf(a) and mp.isinf(b):
        return 2 * part - 1
    if mp.isinf(b):
        return a + part / (1 - part)
    return b - (1 - part) / part if mp.isinf(a) else a + part * (b - a)


def _require_no_break(big_f: Values, f: Values, place: Any, variable: Symbol) -> None:
    near = [[_value(big_f, place + side * h * (1 + abs(place))) for h in (SMALL, SMALLER)] for side in (-1, 1)]
    if any(v is None for side in near for v in side):
        raise DomainError(
            f"The integrand has no real value near {variable.name} = {_said(place)}, which lies between the limits.",
            hint="Choose limits between which the integrand is defined.",
        )
    (far_left, left), (far_right, right) = near
    if abs(left - far_left) > NEAR * (1 + abs(left)) or abs(right - far_right) > NEAR * (1 + abs(right)):
        raise DomainError(
            f"The integrand has a pole at {variable.name} = {_said(place)}, which lies between the limits.",
            hint="The integral does not exist; look at each side of the pole by itself.",
        )
    if abs(left - right) > NEAR * (1 + abs(left)):
        heights = [_value(f, place + side * SMALL) for side in (-1, 1)]
        if all(h is not None and abs(h) < 1 / NEAR for h in heights):
            raise DomainError(
                f"The antiderivative that was found jumps at {variable.name} = {_said(place)}.",
                hint="Split the integral there.",
            )
        raise DomainError(
            f"The integrand has a pole at {variable.name} = {_said(place)}, which lies between the limits.",
            hint="The integral does not exist; look at each side of the pole by itself.",
        )


def _places(tree: Tree, variable: Symbol, low: Any, high: Any) -> Iterator[Any]:
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
    heights = [_value(values, p) for p in places]
    for i, ((a, u), (b, v)) in enumerate(pairwise(zip(places, heights, strict=True))):
        if u is None or v is None:
            continue
        if u == 0:
            yield a
        elif u * v < 0:
            yield _bisected(values, a, b, u)
        elif i and heights[i - 1] is not None and abs(heights[i - 1]) >= abs(u) <= abs(v):
            place = _lowest(values, places[i - 1], b)
            if abs(_value(values, place) or 1) < SMALL:
                yield place


def _grid(low: Any, high: Any) -> Iterator[Any]:
    """Yield places from end to end; towards infinity they lie further and further apart."""
    for k in range(1, POINTS):
        yield _between(low, high, (mp.mpf(k) + mp.mpf("0.0137")) / POINTS)


def _bisected(values: Values, a: Any, b: Any, u: Any) -> Any:
    for _ in range(110):
        middle = (a + b) / 2
        found = _value(values, middle)
        if found is None or found == 0:
            return middle
        a, b = (middle, b) if found * u > 0 else (a, middle)
    return a


def _lowest(values: Values, a: Any, b: Any) -> Any:
    for _ in range(120):
        u, v = a + (b - a) / 3, b - (b - a) / 3
        a, b = (a, v) if abs(_value(values, u) or 0) < abs(_value(values, v) or 0) else (u, b)
    return (a + b) / 2


def _value(values: Values, place: Any) -> Any:
    try:
        return values(place)
    except (Beyond, ArithmeticError, ValueError):
        return None


def _said(place: Any) -> str:
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
        for place in sorted(set(_places(antiderivative, variable, -WIDEST, WIDEST)), key=abs):
            near = [_value(big_f, place + side * SMALL) for side in (-1, 1)]
            heights = [_value(f, place + side * SMALL) for side in (-1, 1)]
            is_bounded = all(h is not None and abs(h) < 1 / NEAR for h in heights)
            if None not in near and is_bounded and abs(near[0] - near[1]) > NEAR * (1 + abs(near[0])):
                return _said(place)
    return ""


# --- the ends ---------------------------------------------------------------------------------------------------------


class _End(NamedTuple):
    tree: Tree
    improper: bool


def _at_end(antiderivative: Tree, variable: Symbol, end: Tree, place: Any, ends: tuple[Any, Any]) -> _End:
    """Return the antiderivative at an end, or its limit where it has no value there."""
    if not mp.isinf(place):
        put_in = substituted(antiderivative, {variable: end})
        try:
            evaluate(put_in, {})
            return _End(put_in, False)
        except (Undefined, Beyond):
            pass
    return _End(_limit(antiderivative, variable, end, place, ends), True)


def _limit(antiderivative: Tree, variable: Symbol, end: Tree, place: Any, ends: tuple[Any, Any]) -> Tree:
    """Return the limit of an antiderivative towards an end, which numbers confirm; DomainError where it has none."""
    values = Values(antiderivative, variable, {})
    side = 1 if place == min(ends) else -1
    with mp.workdps(40):
        if mp.isinf(place):
            near = [_value(values, mp.sign(place) * x) for x in (mp.mpf(2000), mp.mpf(4000), FAR, FARTHER)]
            known = [v for v in near if v is not None]
        else:
            known = [_value(values, place + side * h) for h in (SMALL, SMALLER)]
        where = "oo" if place == mp.inf else "-oo" if place == -mp.inf else _said(place)
        if len(known) < 2 or None in known or abs(known[-1] - known[-2]) > 1e-3 * (1 + abs(known[-2])):
            raise DomainError(
                f"The integral diverges: the antiderivative has no finite limit for {variable.name} -> {where}.",
                hint="Choose other limits.",
            )
        proposed = _proposed(antiderivative, variable, end, place, side)
        if abs(evaluate(proposed, {}) - known[-1]) > 1e-3 * (1 + abs(known[-1])):
            raise DomainError(f"The limit for {variable.name} -> {where} was not found.", hint="Choose other limits.")
    return proposed


def _proposed(antiderivative: Tree, variable: Symbol, end: Tree, place: Any, side: int) -> Tree:
    target = sympy.oo * int(mp.sign(place)) if mp.isinf(place) else value_of(end)
    try:
        found = sympy.limit(value_of(antiderivative), variable, target, "+" if side > 0 else "-")
        if found.is_number and found.is_finite:
            return from_sympy(found)
    except (NotImplementedError, ValueError, TypeError, AttributeError):
        pass
    raise DomainError("The limit of the antiderivative was not found.", hint="Choose other limits.")
