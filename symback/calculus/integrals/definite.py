"""A definite integral: where the integrand or its antiderivative breaks, and the limits put in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import sympy
from mpmath import mp
from sympy.core.expr import Expr
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
    Quotient,
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
FAR = tuple(mp.mpf(10) ** n for n in (3, 6, 9, 100, 1000))
NEARER = tuple(mp.mpf(10) ** -n for n in (9, 18, 30))
CLOSE = 1e-2  # as a part of a limit: a logarithm is slow


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
        top, bottom = (
            _at_end(antiderivative, variable, end, place, ends, is_cut=end in corners[1:-1])
            for end, place in ((b, ends[1]), (a, ends[0]))
        )
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


def _at_end(antiderivative: Tree, variable: Symbol, end: Tree, place: Any, ends: tuple[Any, Any], is_cut: bool) -> _End:
    """Return the antiderivative at an end, or its limit where it has no value there."""
    if not mp.isinf(place) and not is_cut:
        put_in = substituted(antiderivative, {variable: end})
        if not has_pole(put_in):
            return _End(put_in, False)
    return _End(_limit(antiderivative, variable, end, place, ends), True)


def has_pole(tree: Tree) -> bool:
    """Tell whether a number has no value: numbers alone do not see that tan(pi/2) is none.

    >>> has_pole(parse("arctan(tan(pi/2))")), has_pole(parse("ln(0)")), has_pole(parse("ln(2)"))
    (True, True, False)
    """
    functions = (node for node in walk(tree) if isinstance(node, (Apply, Quotient)))
    if any(value_of(node).has(sympy.zoo, sympy.oo, sympy.nan) for node in functions):
        return True
    try:
        evaluate(tree, {})
    except (Undefined, Beyond):
        return True
    return False


def _limit(antiderivative: Tree, variable: Symbol, end: Tree, place: Any, ends: tuple[Any, Any]) -> Tree:
    """Return the limit of an antiderivative towards an end, which numbers confirm; DomainError where it has none."""
    side = 1 if place == min(ends) else -1
    proposed = _proposed(antiderivative, variable, end, place, side)
    where = f"{variable.name} -> " + ("oo" if place == mp.inf else "-oo" if place == -mp.inf else said(place))
    if proposed is None:
        raise DomainError(f"The limit of the antiderivative for {where} was not found.", hint="Choose other limits.")
    if not proposed.is_finite:
        raise DomainError(
            f"The integral diverges: the antiderivative has no finite limit for {where}.", hint="Choose other limits."
        )
    limit = from_sympy(proposed)
    if not _tends_to(antiderivative, variable, evaluate(limit, {}), place, side):
        raise DomainError(f"The limit of the antiderivative for {where} was not found.", hint="Choose other limits.")
    return limit


def _tends_to(antiderivative: Tree, variable: Symbol, limit: Any, place: Any, side: int) -> bool:
    """Tell whether numbers confirm a limit: values come closer and closer to it, and very close at last."""
    values = Values(antiderivative, variable, {})
    with mp.workdps(40):
        places = [mp.sign(place) * x for x in FAR] if mp.isinf(place) else [place + side * h for h in NEARER]
        known = [v for v in (value_or_none(values, p) for p in places) if v is not None]
        off = [abs(v - limit) / (1 + abs(limit)) for v in known]
    comes_closer = all(b < a or b < SMALL for a, b in pairwise(off[1:]))  # the first place may not be far enough
    return len(off) > 1 and comes_closer and off[-1] < CLOSE


def _proposed(antiderivative: Tree, variable: Symbol, end: Tree, place: Any, side: int) -> Expr | None:
    """Return what SymPy says of a limit, infinite or not; None where it says nothing."""
    target = sympy.oo * int(mp.sign(place)) if mp.isinf(place) else value_of(end)
    try:
        found = sympy.limit(value_of(antiderivative), variable, target, "+" if side > 0 else "-")
    except (NotImplementedError, ValueError, TypeError, AttributeError):
        return None
    if isinstance(found, sympy.AccumBounds):
        return sympy.oo
    return found if found.is_number and not found.has(sympy.Limit) and found.is_finite is not None else None
