"""Functions by cases whose conditions compare the variable with numbers: their regions are intervals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from sympy.core.numbers import Rational
from sympy.core.symbol import Symbol

from symback.expr.cases import Branch, Condition, both, branches_of, comparisons_in, either, insides, truth
from symback.expr.tree import Tree, apply, symbols_of

DIGITS = 40


class Interval(NamedTuple):
    """Two joints by number, None for no end, and whether the ends belong to it."""

    first: int | None
    last: int | None
    has_first: bool = False
    has_last: bool = False


def joints_of(function: Tree, variable: Tree) -> list[Tree] | None:
    """Return the numbers that the conditions name, in order; None where a condition compares something else.

    >>> from symback.syntax import parse
    >>> joints_of(parse("cases(1, 0 <= x < 2, 3, x < 7)"), parse("x"))
    [0, 2, 7]
    """
    found: dict[Fraction, Tree] = {}
    for branch in branches_of(function):
        for comparison in comparisons_in(branch.condition):
            left, right = comparison.arguments
            other = right if left == variable else left if right == variable else None
            value = None if other is None or symbols_of(other) else _value(other)
            if value is None:
                return None
            found.setdefault(value, other)
    return [found[value] for value in sorted(found)]


def _value(tree: Tree) -> Fraction | None:
    value = tree.doit().evalf(DIGITS)
    if not (value.is_Float or value.is_Rational):
        return None
    near = Rational(value)
    return Fraction(int(near.p), int(near.q))


def owners_of(function: Tree, variable: Symbol, joints: Sequence[Tree]) -> list[int | None]:
    """Return which branch each interval between the joints belongs to; None where no case holds."""
    values = [value for value in map(_value, joints) if value is not None]
    inside = [values[0] - 1, *((a + b) / 2 for a, b in pairwise(values)), values[-1] + 1]
    return [_owner(function, {variable: Rational(p.numerator, p.denominator)}) for p in inside]


def _owner(function: Tree, at: dict[Symbol, Rational]) -> int | None:
    for place, branch in enumerate(branches_of(function)):
        if branch.condition is True or not isinstance(branch.condition, bool) and truth(branch.condition, at):
            return place
    return None


def regions(function: Tree, variable: Tree) -> dict[int, Branch]:
    """Return the branches, by their places, with conditions that hold inside of each region: as open intervals.

    Where the conditions are others, these without their boundaries.
    """
    joints = joints_of(function, variable) if isinstance(variable, Symbol) else None
    if not joints:
        return insides(function, variable)
    owners = owners_of(function, variable, joints)
    takes = [None] * len(joints)
    return {
        place: Branch(value, condition_of(place, owners, takes, joints, variable))
        for place, (value, _) in enumerate(branches_of(function))
        if place in owners
    }


def condition_of(
    branch: int, owners: Sequence[int | None], takes: Sequence[int | None], joints: Sequence[Tree], variable: Tree
) -> Condition:
    """Return where a branch holds; `takes` says which branch each joint is put to."""
    intervals = _intervals(owners, takes, branch)
    meet = all(a.last == b.first and not a.has_last and not b.has_first for a, b in pairwise(intervals))
    if len(intervals) > 1 and meet and intervals[0].first is None and intervals[-1].last is None:
        return both(*(apply("differs", variable, joints[i.last]) for i in intervals[:-1] if i.last is not None))
    return either(*(_in_interval(interval, joints, variable) for interval in intervals))


def _intervals(owners: Sequence[int | None], takes: Sequence[int | None], branch: int) -> list[Interval]:
    """Return the intervals of a branch, those that meet in a joint of its own as one."""
    found: list[Interval] = []
    for place, owner in enumerate(owners):
        if owner != branch:
            continue
        first, last = place - 1 if place else None, place if place < len(takes) else None
        has_first = first is not None and takes[first] == branch
        has_last = last is not None and takes[last] == branch
        if found and has_first and found[-1].last == first and found[-1].has_last:
            found[-1] = found[-1]._replace(last=last, has_last=has_last)
        else:
            found.append(Interval(first, last, has_first, has_last))
    return found


def _in_interval(interval: Interval, joints: Sequence[Tree], variable: Tree) -> Condition:
    first, last = interval.first, interval.last
    if first is None:
        return True if last is None else apply("at_most" if interval.has_last else "less", variable, joints[last])
    if last is None:
        return apply("at_least" if interval.has_first else "greater", variable, joints[first])
    lower = apply("at_most" if interval.has_first else "less", joints[first], variable)
    return both(lower, apply("at_most" if interval.has_last else "less", variable, joints[last]))
