"""The joints of a function by cases: is it continuous there, and do the slopes of both sides agree?

Numbers decide, by the difference quotients of the function itself; no rule of calculus is used. Where other letters
stand in a condition, several values are tried for them, and what is said holds for all of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import sympy
from mpmath import libmp, mp, mpf
from sympy.core.symbol import Symbol

from symback.errors import DomainError
from symback.expr.cases import branches_of, comparisons_in, has_cases, is_cases, truth, without_cases
from symback.expr.tree import Apply, Tree, is_free_of, symbols_of, walk
from symback.syntax.convert import from_sympy
from symback.verify.approach import NOISE, Approach, Trend, approach
from symback.verify.boundaries import DIGITS, Values, places_of
from symback.verify.compare import evaluate, unknown_functions
from symback.verify.recognise import recognised
from symback.verify.values import Beyond

MOST_JOINTS = 24
EXACT = mpf(10) ** -18
ONE_PLACE = ("equal", "differs")
ELSEWHERE = (Fraction(7318, 10007), Fraction(-16127, 10007), Fraction(19391, 10007))  # for other letters


class Kind(Enum):
    """What there is at a joint."""

    JUMP = "the function jumps"
    CORNER = "the slopes differ"
    STEEP = "no finite slope"
    EDGE = "defined on one side only"
    HOLE = "not defined"
    NO_LIMIT = "no limit"
    UNKNOWN = "not known"
    SMOOTH = "the slopes agree"


_BADNESS = list(Kind)


class Joint(NamedTuple):
    """A boundary: where it is (None where that is no number with a short form), what is on both sides, how exactly."""

    at: Tree | None
    place: Any
    kind: Kind
    left: Any = None
    right: Any = None
    error: Any = 0


class Joints(NamedTuple):
    """The boundaries of a function by cases; `complete` where these are all of them."""

    found: tuple[Joint, ...]
    complete: bool
    for_all_letters: bool = False  # other letters stand in the conditions: `found` is what one choice of them gives


@lru_cache(maxsize=256)
def joints_of(function: Tree, variable: Symbol) -> Joints:
    """Return what there is at the joints of a function by cases along a variable, from left to right."""
    if unknown_functions(function):
        return Joints((), False)
    conditions = [c for b in branches_of(function) for c in comparisons_in(b.condition)]
    boundaries = [c for c in dict.fromkeys(conditions) if not is_free_of(c, variable)]
    letters = symbols_of(function) - {variable}
    turns = range(len(ELSEWHERE) if letters else 1)
    results = [looked_at(function, variable, boundaries, letters_of(function, variable, turn)) for turn in turns]
    if not letters or not any(symbols_of(c) - {variable} for c in boundaries):
        return _joined(results)
    return _for_all(results)


def letters_of(function: Tree, variable: Symbol, turn: int) -> dict[Symbol, Fraction]:
    """Return values for the other letters, one choice of them for each turn."""
    letters = sorted(symbols_of(function) - {variable}, key=lambda s: str(s.name))
    return {s: ELSEWHERE[(turn + k) % len(ELSEWHERE)] + Fraction(k, 3) for k, s in enumerate(letters)}


def _joined(results: Sequence[Joints]) -> Joints:
    """Return what all trials found at the same places: where they differ, the worst of it."""
    if len({len(result.found) for result in results}) > 1:
        return Joints((), False)
    worst = [
        min(found, key=lambda j: _BADNESS.index(j.kind)) for found in zip(*(r.found for r in results), strict=True)
    ]
    return Joints(tuple(worst), all(r.complete for r in results))


def _for_all(results: Sequence[Joints]) -> Joints:
    complete = all(r.complete and r.found for r in results)
    every = [joint for result in results for joint in result.found]
    kinds = {joint.kind for joint in every}
    one = tuple(joint._replace(at=None) for joint in results[0].found)
    return Joints(one, complete and len(kinds) == 1, True)


def looked_at(function: Tree, variable: Symbol, boundaries: Sequence[Apply], letters: Mapping[Symbol, Any]) -> Joints:
    roots: dict[Any, None] = {}
    complete = True
    for comparison in boundaries:
        places = places_of(comparison, variable, letters)
        complete = complete and places.complete
        if places.complete or comparison.name not in ONE_PLACE:  # numbers do not hit the place of x + e^x = 2 itself
            roots.update(dict.fromkeys(places.found))
    if len(roots) > MOST_JOINTS:
        return Joints((), False)
    values = Values(function, variable, letters)
    with mp.workdps(DIGITS):
        joints = [_joint(root, values) for root in roots]
        ordered = sorted((j for j in joints if j is not None), key=lambda j: j.place)
    return Joints(tuple(ordered), complete and len(ordered) == len(roots))


def joint_at(function: Tree, variable: Tree, point: Mapping[Symbol, Tree]) -> Joint | None:
    """Return what there is at one point along a variable; None where a letter or function is open, or too large."""
    if not isinstance(variable, Symbol) or variable not in point or symbols_of(function) - point.keys():
        return None
    if unknown_functions(function):
        return None
    with mp.workdps(DIGITS):
        try:
            numbers = {name: evaluate(tree, {}, DIGITS) for name, tree in point.items()}
        except DomainError:
            return None
        place = numbers.pop(variable)
        decided = _decided(function, {s: v.doit() for s, v in point.items()})
        return _looked_at_place(point[variable], place, Values(function, variable, numbers), decided)


def _joint(root: Any, values: Values) -> Joint | None:
    if isinstance(root, mpf):
        return _looked_at_place(recognised(root), root, values)
    number_of = root.evalf(DIGITS)
    if not number_of.is_Float and not number_of.is_Rational:
        return None
    place = mp.mpf(number_of.p) / number_of.q if number_of.is_Rational else mp.make_mpf(number_of._mpf_)
    if isinstance(root, sympy.Rational):
        place = mp.mpf(root.p) / root.q
    at = None if root.has(sympy.CRootOf) else from_sympy(root)
    if at is None:
        return _looked_at_place(at, place, values)
    exact = {s: sympy.Rational(v.numerator, v.denominator) for s, v in values.letters.items()}
    return _looked_at_place(at, place, values, _decided(values.tree, {**exact, values.variable: root}))


def _decided(function: Tree, exact: Mapping[Symbol, Any]) -> Tree | None:
    """Return what a function by cases is at a place, by exact numbers; None where these do not tell."""
    decided = without_cases(function, lambda condition: truth(condition, exact))
    return None if any(is_cases(node) and node.arguments for node in walk(decided)) else decided


def _looked_at_place(at: Tree | None, place: Any, values: Values, decided: Tree | None = None) -> Joint | None:
    here = values if decided is None else Values(decided, values.variable, values.letters)
    try:
        centre = None if decided is not None and has_cases(decided) else here(place)
    except (Beyond, libmp.ComplexResult, ZeroDivisionError):
        return None
    return Joint(at, place, *_finding(values, place, centre))


def _finding(values: Values, at: Any, here: Any) -> tuple[Kind, Any, Any, Any]:
    if here is None:
        return Kind.HOLE, None, None, None
    sides = [approach(lambda h, s=sign: values(at + s * h)) for sign in (-1, 1)]  # type: ignore[misc]
    trends = {side.trend for side in sides}
    if Trend.NOT_REAL in trends:
        return Kind.EDGE, None, None, None
    if trends - {Trend.SETTLES}:
        return (Kind.UNKNOWN if Trend.UNKNOWN in trends else Kind.NO_LIMIT), None, None, None
    if any(not side.comes_to(here) for side in sides):
        return Kind.JUMP, *_values_of(sides)
    slopes = [approach(lambda h, s=sign: (values(at + s * h) - here) / (s * h)) for sign in (-1, 1)]  # type: ignore[misc]
    if any(not slope.settles for slope in slopes):
        steep = any(slope.trend in (Trend.GROWS, Trend.SWINGS) for slope in slopes)
        return (Kind.STEEP if steep else Kind.UNKNOWN), None, None, None
    agree = abs(slopes[0].value - slopes[1].value) <= max(NOISE, *(10 * slope.error for slope in slopes))
    return (Kind.SMOOTH if agree else Kind.CORNER), *_values_of(slopes)


def _values_of(sides: Sequence[Approach]) -> tuple[Any, Any, Any]:
    return sides[0].value, sides[1].value, max(side.error for side in sides)


# --- numbers as people write them -------------------------------------------------------------------------------------


def short(value: Any, error: Any = 0) -> Fraction | None:
    """Return a number as a short fraction, where it is one as far as it is known."""
    with mp.workdps(DIGITS):
        exact = error <= EXACT * abs(value)
        near = Fraction(int(mp.nint(value * 10**40)), 10**40).limit_denominator(1000 if exact else 12)
        off = abs(value - mp.mpf(near.numerator) / near.denominator)
        return near if off <= (EXACT * abs(value) if exact else 10 * error) else None
