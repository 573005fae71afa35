"""Does the derivative exist at the very point that was asked for, and is it what the formula gives there?

Off its kinks a formula was checked at random points; |x| at 0 or ln x at -1 has the formula's value all the same. Here
the function and the formula are looked at on both sides of the point. No rule of calculus is used but this one: where a
function is continuous and its derivative has a limit, the derivative exists and is that limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from importlib import import_module
from typing import Any

from mpmath import mp, mpf
from sympy.core.symbol import Symbol

from symback.expr.cases import is_cases
from symback.expr.tree import Diff, Tree, number_value, substituted, symbols_of
from symback.verify.compare import Huge, Undefined, evaluate

DIGITS = 60
GUARD = 30  # digits more, so that a point such as pi is not rounded again
STEPS = (mpf(10) ** -6, mpf(10) ** -8)  # distances from the point relative to it, well above the step of differences
SAME = mpf(10) ** -25
ELSEWHERE = ("0.7318", "-0.6127", "1.9391")  # for variables that the point leaves open

Point = Mapping[Symbol, Any]


class Finding(Enum):
    """What there is at a point."""

    FINE = "what was asked for"
    FROM_ONE_SIDE = "a derivative from one side only"
    NO_DERIVATIVE = "no derivative"
    NO_VALUE = "no real value"
    UNKNOWN = "nothing that could be told"


def look_at(start: Tree, formula: Tree, values: Mapping[Symbol, Tree]) -> Finding:
    """Tell what a first line, whose formula is known, has at a point: a value, or where it is pending a derivative.

    Where numbers become too large, nothing is said against it.
    """
    fixed = fixed_numbers(values, start)
    start, formula = substituted(start, fixed), substituted(formula, fixed)
    try:
        with mp.workdps(DIGITS + GUARD):
            return _look_at(_passes(start), start, formula, values)
    except Huge:
        return Finding.FINE


def fixed_numbers(values: Mapping[Symbol, Tree], start: Tree) -> dict[Symbol, Tree]:
    """Return the values that are plain numbers, of letters not differentiated by: x^n is a root for n = 1/3."""
    variables = {by for _, by in _passes(start)}
    return {s: v for s, v in values.items() if s not in variables and number_value(v) is not None}


def _look_at(
    passes: Sequence[tuple[Tree, Symbol]], start: Tree, formula: Tree, values: Mapping[Symbol, Tree]
) -> Finding:
    function = passes[0][0] if passes else start
    point = _numbers(values, function)
    if point is None:
        return Finding.FINE  # no real values were found for the variables that are left open
    centre = _value(function, point)
    if centre is None or not passes:
        return Finding.FINE if centre is not None else Finding.NO_VALUE
    if is_cases(function) and len(passes) == 1:
        return _of_cases(function, passes[0][1], formula, values)
    found = [_limits(function, passes[0][1], point, centre)]
    found += [_limits(inner, by, point, None) for inner, by in passes[1:]]
    found.append(_limits(formula, passes[-1][1], point, _value(formula, point)))
    return next((f for f in (Finding.NO_DERIVATIVE, Finding.FROM_ONE_SIDE) if f in found), Finding.FINE)


def _of_cases(function: Tree, variable: Symbol, formula: Tree, values: Mapping[Symbol, Tree]) -> Finding:
    """Tell whether the difference quotients of a function by cases come to the value of the formula."""
    joints = import_module("symback.verify.joints")  # it needs all of SymPy
    joint = joints.joint_at(function, variable, values)
    value = _value(formula, _numbers(values, formula) or {})
    if joint is None:
        return Finding.FINE if value is not None else Finding.NO_DERIVATIVE
    if joint.kind is joints.Kind.UNKNOWN:
        return Finding.UNKNOWN
    if joint.kind is not joints.Kind.SMOOTH or value is None:
        return Finding.NO_DERIVATIVE
    second = import_module("symback.verify.second_look")  # it looks at points too
    opinion = second.second_look(function, formula, variable, values, formula).opinion
    if opinion is second.Opinion.UNKNOWN:
        return Finding.UNKNOWN
    return Finding.FINE if opinion is second.Opinion.CONFIRMED else Finding.NO_DERIVATIVE


def _passes(start: Tree) -> list[tuple[Tree, Symbol]]:
    """Return what is differentiated, the function first, and the variable of each pass."""
    passes = []
    while isinstance(start, Diff):
        passes.append((start._args[0], start._args[1]))
        start = start._args[0]
    return passes[::-1]


def _numbers(values: Mapping[Symbol, Tree], function: Tree) -> Point | None:
    """Return the point in numbers, with a value somewhere for each variable that it leaves open."""
    point = {name: _value(tree, {}) for name, tree in values.items() if not symbols_of(tree)}
    if None in point.values():
        return None
    left_open = [s for s in symbols_of(function) if s not in point]
    if not left_open:
        return point
    trials = ({**point, **dict.fromkeys(left_open, mpf(text))} for text in ELSEWHERE)
    return next((trial for trial in trials if _value(function, trial) is not None), None)


def _value(tree: Tree, point: Point) -> Any:
    try:
        return evaluate(tree, point, DIGITS)
    except Huge:
        raise
    except Undefined:
        return None


def _limits(tree: Tree, by: Symbol, point: Point, centre: Any) -> Finding:
    """Tell whether a tree comes to its value at the point, or to one value where that is not known, from both sides."""
    here = point.get(by)
    if here is None:
        return Finding.FINE
    sides = [[_value(tree, {**point, by: here + sign * h * (abs(here) or 1)}) for h in STEPS] for sign in (1, -1)]
    right, left = ([v for v in side if v is not None] for side in sides)
    if centre is None and isinstance(tree, Diff):
        return Finding.FINE if _approach(right, left) else Finding.NO_DERIVATIVE
    known = [side for side in (right, left) if len(side) == len(STEPS)]
    if centre is None or not known or not all(_approach(side, [centre] * len(STEPS)) for side in known):
        return Finding.NO_DERIVATIVE
    return Finding.FINE if len(known) == 2 else Finding.FROM_ONE_SIDE


def _approach(a: list[Any], b: list[Any]) -> bool:
    """Tell whether the distance between two sequences of values falls with the distance from the point."""
    if len(a) < 2 or len(b) < 2:
        return True  # not real on one side, which is for the function itself to say
    far, near = abs(a[0] - b[0]), abs(a[1] - b[1])
    return bool(near <= far / 2 or near <= SAME * max(abs(a[1]), abs(b[1])))
