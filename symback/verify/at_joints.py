"""The derivative of a function by cases at its joints: those where it exists are put to the regions beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mpmath import mp
from sympy.core.symbol import Symbol

from symback.errors import DomainError
from symback.expr import intervals
from symback.expr.cases import (
    Branch,
    both,
    branches_of,
    cases_of,
    comparisons_in,
    insides,
    is_cases,
    truth,
    without_cases,
)
from symback.expr.tree import Tree, apply, number, symbols_of, walk
from symback.verify.approach import NOISE
from symback.verify.boundaries import DIGITS, Values
from symback.verify.joints import (
    ELSEWHERE,
    Joint,
    Kind,
    joint_at,
    joints_of,
    letters_of,
    looked_at,
    short,
)
from symback.verify.recognise import constants_in, recognised, rounded
from symback.verify.said_of_joints import said_at
from symback.verify.values import Beyond


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
        trial = letters_of(function, variable, turn)
        joints = looked_at(function, variable, conditions, trial)
        if not all(_is_slope(whole, variable, trial, joint) for joint in joints.found):
            return False
    return True


def _is_slope(tree: Tree, variable: Symbol, letters: Mapping[Symbol, Any], joint: Joint) -> bool:
    with mp.workdps(DIGITS):
        try:
            value = Values(tree, variable, letters)(joint.place)
        except Beyond:
            return False
        return value is not None and bool(abs(value - joint.left) <= max(10 * joint.error, NOISE))


def _by_intervals(
    function: Tree, values: Sequence[Tree], variable: Symbol, found: Sequence[Joint], joints: Sequence[Tree]
) -> Tree:
    """Return the derivative by intervals, where each smooth joint belongs to a side that has its slope."""
    owners = intervals.owners_of(function, variable, joints)
    of_inside = dict(zip(intervals.regions(function, variable), values, strict=True))
    letters = letters_of(function, variable, 0)
    takes: list[int | None] = []  # for each joint the branch it is put to
    alone: list[Branch] = []  # a slope that no formula beside it gives
    for place, joint in enumerate(found):
        sides = [o for o in (owners[place], owners[place + 1]) if o is not None and joint.kind is Kind.SMOOTH]
        fitting = [o for o in sides if _is_slope(of_inside[o], variable, letters, joint)]
        takes.append(fitting[0] if fitting else None)
        slope = slope_of(joint, function) if sides and not fitting and not letters else None
        if slope is not None:
            alone.append(Branch(slope, apply("equal", variable, joints[place])))
    branches = [
        Branch(value, intervals.condition_of(i, owners, takes, joints, variable)) for i, value in of_inside.items()
    ]
    if len(alone) == takes.count(None) and None not in owners:  # a derivative everywhere
        branches[-1] = branches[-1]._replace(condition=True)
        return cases_of([*alone, *branches])
    return cases_of([*branches, *alone])


def slope_of(joint: Joint, function: Tree) -> Tree | None:
    """Return the slope at a joint as one would write it, None where there is none, or it is no such number."""
    if joint.kind is not Kind.SMOOTH:
        return None
    near = short(joint.left, joint.error)
    return recognised(joint.left, constants_in(function)) if near is None else number(near)


def with_the_point(line: Tree, functions: Sequence[Tree], variable: Tree, known: Mapping[Symbol, Tree]) -> Tree:
    """Return a derivative by cases with the slope at a point that it leaves out, the limit of difference quotients.

    `functions` are what was differentiated, one for each order. DomainError where the function has no derivative there.
    """
    at_point = without_cases(line, lambda condition: truth(condition, {s: v.doit() for s, v in known.items()}))
    if not any(is_cases(node) and not node.arguments for node in walk(at_point)):
        return line
    joint = joint_at(functions[-1], variable, known)
    if joint is None or joint.kind is Kind.HOLE:
        return line
    slope = slope_of(joint, functions[-1]) or (rounded(joint.left) if joint.kind is Kind.SMOOTH else None)
    if slope is None:
        point = ", ".join(f"{s.name} = {known[s].doit()}" for s in known)
        what = "No derivative is known" if joint.kind is Kind.UNKNOWN else "There is no derivative"
        raise DomainError(f"{what} at {point}.", hint=said_at(joint, point, len(functions)))
    here = both(*(apply("equal", s, value) for s, value in known.items() if s in symbols_of(functions[-1])))
    return cases_of([Branch(slope, here), *branches_of(line)])
