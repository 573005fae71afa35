"""A definite integral: where the integrand or its antiderivative breaks, and the limits put in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import sympy
from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.at_point import value_at
from symback.calculus.integrals.breaks import SMALL, SMALLER, breaks_inside, said, value_or_none
from symback.calculus.integrals.finishing import without_bars
from symback.calculus.integrals.forms import value_of
from symback.errors import DomainError
from symback.expr.rule import Move, Rule
from symback.expr.tree import (
    Apply,
    Int,
    Neg,
    Plus,
    Tree,
    at,
    put,
    substituted,
    symbol,
    symbols_of,
    walk,
)
from symback.result import text_of
from symback.syntax import parse
from symback.syntax.convert import from_sympy
from symback.verify.boundaries import Values
from symback.verify.compare import Undefined, evaluate
from symback.verify.values import Beyond

FUNDAMENTAL = Rule("fundamental theorem of calculus", "the integral of f from a to b is F(b) - F(a), where F' = f")
LIMIT = Rule("limit of the antiderivative", "at the end where the integral is improper")
INFINITY = symbol("oo")
MOST_CUTS = 12
PERIODIC = ("tan", "cot", "sec", "csc")  # functions with poles
FAR, FARTHER = mp.mpf(10) ** 6, mp.mpf(10) ** 9


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
    cuts = _cuts(breaks.jumps, antiderivative, variable)
    moves: list[Move] = []
    corners = [low, *(cuts if ends[0] < ends[1] else reversed(cuts)), high]
    if cuts:
        pieces = Plus(*(Int(integrand, variable, a, b) for a, b in pairwise(corners)))
        places = ", ".join(text_of(cut) for cut in cuts)
        rule = Rule(f"split at {variable.name} = {places}", "where the antiderivative jumps")
        moves.append(Move(rule, (), start, pieces))
    line = _put_in(moves[-1].result if moves else start, antiderivative, corners, moves)
    for path, rule, result in without_bars(line, variable):
        moves.append(Move(rule, path, at(line, path), result))
        line = put(line, path, result)
    last = value_at(line, {}, moves)
    return Worked(tuple(moves), last, ends, breaks.inside)


def _put_in(line: Tree, antiderivative: Tree, corners: list[Tree], moves: list[Move]) -> Tree:
    """Add the move that puts the corners into the antiderivative, two by two, and return the line."""
    variable = moves[0].piece._args[1] if moves else line._args[1]
    found: list[Tree] = []
    is_improper = False
    for a, b in pairwise(corners):
        ends = (number_of(a), number_of(b))
        top, bottom = (_at_end(antiderivative, variable, *end, ends) for end in ((b, ends[1]), (a, ends[0])))
        found += [top.tree, Neg(bottom.tree)]
        is_improper = is_improper or top.improper or bottom.improper
    name = f"{FUNDAMENTAL.name}, {LIMIT.name}" if is_improper else FUNDAMENTAL.name
    bound = ((f"F({variable.name})", antiderivative),)
    moves.append(Move(Rule(name, FUNDAMENTAL.law), (), line, Plus(*found), bound))
    return moves[-1].result


def _cuts(jumps: Sequence[Any], antiderivative: Tree, variable: Symbol) -> list[Tree]:
    """Return the places where an antiderivative jumps as trees; DomainError for one that cannot be written exactly."""
    cuts = []
    for place in jumps:
        cut = parse(said(place))
        if len(jumps) > MOST_CUTS or abs(evaluate(cut, {}) - place) > SMALLER:
            raise DomainError(
                f"The antiderivative that was found jumps at {variable.name} = {said(place)}.",
                hint="Split the integral there.",
            )
        cuts.append(cut)
    return cuts


def number_of(end: Tree) -> Any:
    """Return a limit as a number, infinite or not; DomainError where it is none."""
    sign = -1 if isinstance(end, Neg) else 1
    if (end._args[0] if isinstance(end, Neg) else end) == INFINITY:
        return sign * mp.inf
    if symbols_of(end):
        raise DomainError("The limits of an integral must be numbers.", hint="Write for instance --from 0 --to pi.")
    try:
        with mp.workdps(50):
            return mp.mpf(evaluate(end, {}))
    except Undefined:
        raise DomainError("A limit of the integral has no real value.", hint="Give another number.") from None


# --- the ends ---------------------------------------------------------------------------------------------------------


class _End(NamedTuple):
    tree: Tree
    improper: bool


def _at_end(antiderivative: Tree, variable: Symbol, end: Tree, place: Any, ends: tuple[Any, Any]) -> _End:
    """Return the antiderivative at an end, or its limit where it has no value there."""
    if not mp.isinf(place):
        put_in = substituted(antiderivative, {variable: end})
        if not has_pole(put_in):
            return _End(put_in, False)
    return _End(_limit(antiderivative, variable, end, place, ends), True)


def has_pole(tree: Tree) -> bool:
    """Tell whether a number has no value: numbers alone do not see that tan(pi/2) is none.

    >>> has_pole(parse("arctan(tan(pi/2))")), has_pole(parse("ln(0)")), has_pole(parse("ln(2)"))
    (True, True, False)
    """
    for node in walk(tree):
        if isinstance(node, Apply) and node.name in PERIODIC and value_of(node).has(sympy.zoo):
            return True
    try:
        evaluate(tree, {})
    except (Undefined, Beyond):
        return True
    return False


def _limit(antiderivative: Tree, variable: Symbol, end: Tree, place: Any, ends: tuple[Any, Any]) -> Tree:
    """Return the limit of an antiderivative towards an end, which numbers confirm; DomainError where it has none."""
    values = Values(antiderivative, variable, {})
    side = 1 if place == min(ends) else -1
    with mp.workdps(40):
        if mp.isinf(place):
            near = [value_or_none(values, mp.sign(place) * x) for x in (mp.mpf(2000), mp.mpf(4000), FAR, FARTHER)]
            known = [v for v in near if v is not None]
        else:
            known = [value_or_none(values, place + side * h) for h in (SMALL, SMALLER)]
        where = "oo" if place == mp.inf else "-oo" if place == -mp.inf else said(place)
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
