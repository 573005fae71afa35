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
from importlib import import_module
from typing import Any, NamedTuple

import sympy
from mpmath import libmp, mp, mpf
from sympy.core.symbol import Symbol

from symback import intervals
from symback.cases import Branch, branches_of, cases_of, comparisons_in, insides
from symback.check.compare import evaluate
from symback.check.forest import Forest
from symback.check.program import Level, Program
from symback.check.values import Beyond, from_fraction, is_finite
from symback.convert import from_sympy
from symback.errors import DomainError
from symback.tree import Apply, Tree, apply, is_free_of, number, symbols_of

MOST_JOINTS = 8
LARGEST_DEGREE = 6
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
    conditions = [c for b in branches_of(function) for c in comparisons_in(b.condition)]
    boundaries = [c for c in dict.fromkeys(conditions) if not is_free_of(c, variable)]
    letters = symbols_of(function) - {variable}
    turns = range(len(ELSEWHERE) if letters else 1)
    results = [_looked_at(function, variable, boundaries, _letters(function, variable, turn)) for turn in turns]
    if not letters or not any(symbols_of(c) - {variable} for c in boundaries):
        return _joined(results)
    return _for_all(results)


def _letters(function: Tree, variable: Symbol, turn: int) -> dict[Symbol, Fraction]:
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


def _looked_at(function: Tree, variable: Symbol, boundaries: Sequence[Apply], letters: Mapping[Symbol, Any]) -> Joints:
    roots: dict[Any, None] = {}
    complete = True
    for comparison in boundaries:
        found = _roots(comparison, variable, letters)
        complete = complete and found is not None
        roots.update(dict.fromkeys(found or ()))
    if len(roots) > MOST_JOINTS:
        return Joints((), False)
    values = _Values(function, variable, letters)
    with mp.workdps(DIGITS):
        joints = [_joint(root, values) for root in roots]
        ordered = sorted((j for j in joints if j is not None), key=lambda j: j.place)
    return Joints(tuple(ordered), complete and len(ordered) == len(roots))


def _roots(comparison: Apply, variable: Symbol, letters: Mapping[Symbol, Any]) -> list[Any] | None:
    """Return where both sides are equal, as exact numbers; None where that cannot be told for certain."""
    left, right = (side.doit() for side in comparison.arguments)
    values = {s: sympy.Rational(v.numerator, v.denominator) for s, v in letters.items()}
    try:
        polynomial = sympy.Poly((left - right).xreplace(values), variable)
        if not 1 <= polynomial.degree() <= LARGEST_DEGREE:
            return [] if polynomial.degree() == 0 else None
        if polynomial.degree() == 1:
            return [-polynomial.nth(0) / polynomial.nth(1)]
        return list(dict.fromkeys(polynomial.real_roots()))
    except (sympy.PolynomialError, NotImplementedError, ValueError, TypeError, AttributeError):
        return None


class _Values:
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
    """Return what there is at one point along a variable; None where a letter has no value, or one is too large."""
    if not isinstance(variable, Symbol) or variable not in point or symbols_of(function) - point.keys():
        return None
    with mp.workdps(DIGITS):
        try:
            numbers = {name: evaluate(tree, {}, DIGITS) for name, tree in point.items()}
        except DomainError:
            return None
        place = numbers.pop(variable)
        return _looked_at_place(point[variable], place, _Values(function, variable, numbers))


def _joint(root: Any, values: _Values) -> Joint | None:
    number_of = root.evalf(DIGITS)
    if not number_of.is_Float and not number_of.is_Rational:
        return None
    place = mp.mpf(number_of.p) / number_of.q if number_of.is_Rational else mp.make_mpf(number_of._mpf_)
    if isinstance(root, sympy.Rational):
        place = mp.mpf(root.p) / root.q
    return _looked_at_place(None if root.has(sympy.CRootOf) else from_sympy(root), place, values)


def _looked_at_place(at: Tree | None, place: Any, values: _Values) -> Joint | None:
    for near, nearer, tolerance in TRIES:
        try:
            return Joint(at, place, *_finding(values, place, near, nearer, tolerance))
        except (Beyond, libmp.ComplexResult, ZeroDivisionError):
            continue
    return None


def _finding(values: _Values, at: Any, near: Any, nearer: Any, tolerance: Any) -> tuple[Kind, Any, Any]:
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


# --- the derivative at the joints -------------------------------------------------------------------------------------


def closed(function: Tree, derived: Tree, variable: Symbol) -> Tree:
    """Return the derivative found inside of the regions, with the joints where it exists put to the regions beside.

    `derived` holds the derivatives of the branches that have an inside, in their order.
    """
    joints = joints_of(function, variable)
    smooth = [joint for joint in joints.found if joint.kind is Kind.SMOOTH]
    if not smooth or not joints.complete:
        return derived
    values = [branch.value for branch in branches_of(derived)]
    named = intervals.joints_of(function, variable)
    if named and len(named) == len(joints.found):
        return _by_intervals(function, values, variable, joints.found, named)
    if len(smooth) < len(joints.found):
        return derived
    same = len(insides(function, variable)) == len(branches_of(function))
    whole = cases_of([Branch(v, b.condition) for v, b in zip(values, branches_of(function), strict=False)])
    return whole if same and _gives_slopes(whole, variable, function) else derived


def _gives_slopes(whole: Tree, variable: Symbol, function: Tree) -> bool:
    """Tell whether the derivative with the joints has the slope of the function there, for other letters too."""
    conditions = [c for b in branches_of(function) for c in comparisons_in(b.condition)]
    for turn in range(len(ELSEWHERE) if symbols_of(function) - {variable} else 1):
        trial = _letters(function, variable, turn)
        joints = _looked_at(function, variable, conditions, trial)
        if not all(_is_slope(whole, variable, trial, joint) for joint in joints.found):
            return False
    return True


def _is_slope(tree: Tree, variable: Symbol, letters: Mapping[Symbol, Any], joint: Joint) -> bool:
    with mp.workdps(DIGITS):
        try:
            value = _Values(tree, variable, letters)(joint.place)
        except Beyond:
            return False
        return value is not None and bool(abs(value - joint.left) <= mpf(10) ** -5 * (1 + abs(joint.left)))


def _by_intervals(
    function: Tree, values: Sequence[Tree], variable: Symbol, found: Sequence[Joint], joints: Sequence[Tree]
) -> Tree:
    """Return the derivative by intervals, where each smooth joint belongs to a side that has its slope."""
    owners = intervals.owners_of(function, variable, joints)
    of_inside = dict(zip(intervals.regions(function, variable), values, strict=True))
    letters = _letters(function, variable, 0)
    takes: list[int | None] = []  # for each joint the branch it is put to
    alone: list[Branch] = []  # a slope that no formula beside it gives
    for place, joint in enumerate(found):
        sides = [o for o in (owners[place], owners[place + 1]) if o is not None and joint.kind is Kind.SMOOTH]
        fitting = [o for o in sides if _is_slope(of_inside[o], variable, letters, joint)]
        takes.append(fitting[0] if fitting else None)
        slope = short(joint.left) if sides and not fitting and not letters else None
        if slope is not None:
            alone.append(Branch(number(slope), apply("equal", variable, joints[place])))
    branches = [
        Branch(value, intervals.condition_of(i, owners, takes, joints, variable)) for i, value in of_inside.items()
    ]
    if len(alone) == takes.count(None) and None not in owners:  # a derivative everywhere
        branches[-1] = branches[-1]._replace(condition=True)
        return cases_of([*alone, *branches])
    return cases_of([*branches, *alone])


# --- what is said -----------------------------------------------------------------------------------------------------


def said_of(function: Tree, variable: Symbol, subject: str) -> list[str]:
    """Return a sentence for each joint: whether the function is continuous there, and whether the slopes agree."""
    joints = joints_of(function, variable)
    boundaries = [c for b in branches_of(function) for c in comparisons_in(b.condition) if not is_free_of(c, variable)]
    has_letters = bool(symbols_of(function) - {variable})
    if not joints.complete or joints.for_all_letters:
        return _said_of_all(joints, list(dict.fromkeys(boundaries)), subject)
    return [_said(joint, variable, subject, has_letters) for joint in joints.found]


def _said_of_all(joints: Joints, boundaries: Sequence[Apply], subject: str) -> list[str]:
    where = " or ".join(dict.fromkeys(" = ".join(map(_text, c.arguments)) for c in boundaries))
    if not where:
        return []
    if not joints.complete:
        return [f"Where {where} {subject} is not looked at: the derivative holds elsewhere."]
    return [f"Where {where} {_finding_said(joints.found[0], subject, has_letters=True)}"]


def said_at(joint: Joint, point: str) -> str:
    """Return the sentence about one point."""
    return f"At {point} {_finding_said(joint, 'the function', has_letters=False)}"


def _said(joint: Joint, variable: Symbol, subject: str, has_letters: bool) -> str:
    place = f"{float(joint.place):.6g} (rounded)" if joint.at is None else _text(joint.at)
    return f"At {variable.name} = {place} {_finding_said(joint, subject, has_letters)}"


def _finding_said(joint: Joint, subject: str, has_letters: bool) -> str:
    left, right = (None if v is None or has_letters else _shown(v) for v in (joint.left, joint.right))
    is_continuous = f"{subject} is continuous"
    if joint.kind is Kind.HOLE:
        return f"{subject} has no value."
    if joint.kind is Kind.EDGE:
        return f"{subject} is defined on one side only: no derivative there."
    if joint.kind is Kind.JUMP:
        if left is not None and left == right:
            return f"{subject} has another value than its limit {left}: no derivative there."
        return f"{subject} jumps{'' if left is None else f' from {left} to {right}'}: no derivative there."
    if joint.kind is Kind.STEEP:
        return f"{is_continuous}, but has no finite slope: no derivative there."
    if joint.kind is Kind.CORNER:
        slopes = "the slopes" if left is None else f"the slopes {left} and {right}"
        return f"{is_continuous}, but {slopes} differ: no derivative there."
    if left is None:
        return f"{is_continuous} and the slopes agree."
    return f"{is_continuous}, and the slopes {left} and {right} agree: the derivative is {left}."


def _text(tree: Tree) -> str:
    """Return a tree as it is typed."""
    maths = import_module("symback.render.maths")  # render stands above this file
    return str(maths.text(tree))


def _shown(value: Any) -> str:
    near = short(value)
    return f"about {float(value):.6g}" if near is None else str(near)
