"""The joints of a function by cases: is it continuous there, and do the slopes of both sides agree?

Numbers decide, by the difference quotients of the function itself; no rule of calculus is used. The boundaries of
conditions that are polynomials in the variable are all found, others are not looked at. Where other letters stand in a
condition, several values are tried for them, and what is said holds for all of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import sympy
from mpmath import libmp, mp, mpf
from sympy.core.symbol import Symbol

from symback.cases import branches_of, comparisons_in
from symback.check.compare import evaluate, unknown_functions
from symback.check.forest import Forest
from symback.check.program import Level, Program
from symback.check.values import Beyond, from_fraction, is_finite
from symback.convert import from_sympy
from symback.errors import DomainError
from symback.tree import Apply, Tree, is_free_of, symbols_of

MOST_JOINTS = 24
LARGEST_DEGREE = 6
MOST_BARS = 3
LONGEST = 80  # operations: a longer condition is not expanded
DIGITS = 220
# Two distances from the joint, and how well limits must agree: far below rounding first, then where sin(1/x) still is
# a number.
TRIES = ((mpf(10) ** -30, mpf(10) ** -60, mpf(10) ** -6), (mpf(10) ** -8, mpf(10) ** -15, mpf(10) ** -6))
ELSEWHERE = (Fraction(7318, 10007), Fraction(-16127, 10007), Fraction(19391, 10007))  # for other letters


class Kind(Enum):
    """What there is at a joint."""

    JUMP = "the function jumps"
    CORNER = "the slopes differ"
    STEEP = "no finite slope"
    EDGE = "defined on one side only"
    HOLE = "not defined"
    SMOOTH = "the slopes agree"


_BADNESS = list(Kind)


class Joint(NamedTuple):
    """A boundary: where it is (None where that is no number with a short form), and what was found on both sides."""

    at: Tree | None
    place: Any
    kind: Kind
    left: Any = None
    right: Any = None


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
        found = _roots(comparison, variable, letters)
        complete = complete and found is not None
        roots.update(dict.fromkeys(found or ()))
    if len(roots) > MOST_JOINTS:
        return Joints((), False)
    values = Values(function, variable, letters)
    with mp.workdps(DIGITS):
        joints = [_joint(root, values) for root in roots]
        ordered = sorted((j for j in joints if j is not None), key=lambda j: j.place)
    return Joints(tuple(ordered), complete and len(ordered) == len(roots))


def _roots(comparison: Apply, variable: Symbol, letters: Mapping[Symbol, Any]) -> list[Any] | None:
    """Return where both sides are equal, as exact numbers; None where that cannot be told for certain."""
    left, right = (side.doit() for side in comparison.arguments)
    values = {s: sympy.Rational(v.numerator, v.denominator) for s, v in letters.items()}
    difference = (left - right).xreplace(values)
    found: dict[Any, None] = {}
    for smooth in _without_bars(difference):
        roots = _polynomial_roots(smooth, variable)
        if roots is None:
            return None
        found.update(dict.fromkeys(r for r in roots if smooth == difference or _is_root(difference, variable, r)))
    return list(found)


def _without_bars(difference: Any) -> list[Any]:
    """Return |u| - 1 as u - 1 and -u - 1, whose zeros hold those of it."""
    sizes = sorted(difference.atoms(sympy.Abs), key=str)
    if not sizes or len(sizes) > MOST_BARS or any(size.args[0].has(sympy.Abs) for size in sizes):
        return [difference]
    signs = product((1, -1), repeat=len(sizes))
    return [difference.xreplace({size: s * size.args[0] for s, size in zip(row, sizes, strict=True)}) for row in signs]


def _is_root(difference: Any, variable: Symbol, root: Any) -> bool:
    return bool(abs(difference.xreplace({variable: root}).evalf(40)) < 1e-30)


def _polynomial_roots(difference: Any, variable: Symbol) -> list[Any] | None:
    powers = (p.exp for p in difference.atoms(sympy.Pow) if p.has(variable))
    if difference.count_ops() > LONGEST or any(not e.is_Integer or e > LARGEST_DEGREE for e in powers):
        return None
    try:
        polynomial = sympy.Poly(difference, variable)
        if not 1 <= polynomial.degree() <= LARGEST_DEGREE:
            return [] if polynomial.degree() == 0 else None
        if polynomial.degree() == 1:
            return [-polynomial.nth(0) / polynomial.nth(1)]
        return list(polynomial.real_roots())
    except (sympy.PolynomialError, NotImplementedError, ValueError, TypeError, AttributeError):
        return None


class Values:
    """A tree compiled once, and worked out along the variable."""

    def __init__(self, tree: Tree, variable: Symbol, letters: Mapping[Symbol, Any]) -> None:
        forest = Forest()
        self.program = Program(forest, [forest.intern(tree)])
        self.variable, self.letters = variable, letters

    def __call__(self, place: Any) -> Any:
        """Return the value, None where there is none; raises Beyond."""
        bits = int(DIGITS * 3.33)
        known = {**self.letters, self.variable: place}
        point = [_raw(known[s], bits) for s in self.program.symbols]
        (value,) = self.program.values(point, Level(DIGITS, 100))
        return mp.make_mpf(value) if is_finite(value) else None


def _raw(value: Any, bits: int) -> Any:
    return value._mpf_ if hasattr(value, "_mpf_") else from_fraction(value, bits)


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
        return _looked_at_place(point[variable], place, Values(function, variable, numbers))


def _joint(root: Any, values: Values) -> Joint | None:
    number_of = root.evalf(DIGITS)
    if not number_of.is_Float and not number_of.is_Rational:
        return None
    place = mp.mpf(number_of.p) / number_of.q if number_of.is_Rational else mp.make_mpf(number_of._mpf_)
    if isinstance(root, sympy.Rational):
        place = mp.mpf(root.p) / root.q
    return _looked_at_place(None if root.has(sympy.CRootOf) else from_sympy(root), place, values)


def _looked_at_place(at: Tree | None, place: Any, values: Values) -> Joint | None:
    for near, nearer, tolerance in TRIES:
        try:
            return Joint(at, place, *_finding(values, place, near, nearer, tolerance))
        except (Beyond, libmp.ComplexResult, ZeroDivisionError):
            continue
    return None


def _finding(values: Values, at: Any, near: Any, nearer: Any, tolerance: Any) -> tuple[Kind, Any, Any]:
    here = values(at)
    left, right = ([values(at + sign * h) for h in (near, nearer)] for sign in (-1, 1))
    if here is None:
        return Kind.HOLE, None, None
    if None in left or None in right:
        return Kind.EDGE, None, None
    if any(abs(side[1] - here) > tolerance * (1 + abs(here)) for side in (left, right)):
        return Kind.JUMP, left[1], right[1]
    slopes = [[(v - here) / (sign * h) for v, h in zip(side, (near, nearer), strict=True)]
              for sign, side in ((-1, left), (1, right))]  # fmt: skip
    if any(abs(far - close) > tolerance * (1 + abs(close)) for far, close in slopes):
        return Kind.STEEP, None, None
    (_, one), (_, other) = slopes
    agree = abs(one - other) <= tolerance * (1 + abs(one))
    return (Kind.SMOOTH if agree else Kind.CORNER), one, other


# --- numbers as people write them -------------------------------------------------------------------------------------


def short(value: Any) -> Fraction | None:
    """Return a number as a short fraction, where it is one to many digits."""
    near = Fraction(int(mp.nint(value * 10**40)), 10**40).limit_denominator(1000)
    close = abs(value - mp.mpf(near.numerator) / near.denominator) <= mpf(10) ** -9 * (1 + abs(value))
    return near if close else None
