"""Judge a given expression against the right one: yes, no, narrower (right only in a part of the domain), or unknown.

Points are chosen where the *question* is real, so sqrt(x)/sqrt(x) is right for the derivative of x only where x > 0,
and 1/sqrt(x) * 1/(2 sqrt x) is simply right for that of ln sqrt x, though 1/(2x) is real for x < 0 too.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from importlib import import_module
from time import process_time
from typing import Literal, NamedTuple

from sympy.core.symbol import Symbol

from symback.expr.cases import has_cases
from symback.expr.tree import Apply, Plus, Tree, number, substituted
from symback.verify.compare import BUDGET, Outcome, compare
from symback.verify.where import Condition, where_real

Verdict = Literal["yes", "no", "narrower", "unknown"]


class Judged(NamedTuple):
    """A verdict on a given expression; `where` are the conditions under which one that is narrower is right.

    It is empty where no short condition says it. `note` says what is wrong at a joint of functions by cases.
    """

    verdict: Verdict
    where: tuple[Condition, ...] = ()
    note: str = ""


def judge(
    right: Tree,
    given: Tree,
    within: Sequence[Tree] = (),
    seed: int = 0,
    budget: float = BUDGET,
    pending: Tree | None = None,
) -> Judged:
    """Judge a given expression against the right one, at points where all of `within` is real.

    Where one of them has cases, their joints are looked at too; `pending` is the derivative that is asked for.

    >>> from symback.syntax import parse
    >>> judge(parse("1/(2x)"), parse("1/sqrt(x) * 1/(2sqrt(x))"), within=[parse("ln sqrt x")])
    Judged(verdict='yes', where=(), note='')
    >>> judge(parse("x"), parse("sqrt(x)^2")).verdict
    'narrower'

    A domain that is floor(n) alone says that n is a whole number.

    >>> judge(parse("cos(n pi)"), parse("(-1)^n"), within=[parse("floor(n)")]).verdict
    'yes'
    """
    whole = [one.arguments[0] for one in within if _is_whole(one)]
    if whole:
        others = [one for one in within if not _is_whole(one)]
        return _at_whole_numbers(whole, right, given, others, seed, budget)
    found = _at_random(right, given, within, seed, budget)
    return found if found.verdict == "no" else _with_joints(found, right, given, pending)


WHOLE = (2, 3, 1, 4, -1, 5, 0, -2, 7)  # the whole numbers that are tried
FEWEST_WHOLE = 4


def _is_whole(tree: Tree) -> bool:
    return isinstance(tree, Apply) and tree.name == "floor" and isinstance(tree.arguments[0], Symbol)


def _at_whole_numbers(
    whole: Sequence[Tree], right: Tree, given: Tree, within: Sequence[Tree], seed: int, budget: float
) -> Judged:
    """Judge with whole numbers put in for some letters: what is wrong for one of them is wrong."""
    found: list[Judged] = []
    for i in range(len(WHOLE)):
        values = {letter: number(Fraction(WHOLE[(i + 4 * k) % len(WHOLE)])) for k, letter in enumerate(whole)}
        sides = [substituted(tree, values) for tree in (right, given, *within)]
        found.append(_at_random(sides[0], sides[1], sides[2:], seed, budget))
        if found[-1].verdict == "no":
            return found[-1]
    known = [one for one in found if one.verdict != "unknown"]
    if len(known) < FEWEST_WHOLE:
        return Judged("unknown")
    return next((one for one in known if one.verdict == "narrower"), known[0])


def _with_joints(found: Judged, right: Tree, given: Tree, pending: Tree | None) -> Judged:
    """Return a verdict with what is found at the joints of functions by cases: the worst of it."""
    if not (has_cases(right) or has_cases(given)):
        return found
    joints = import_module("symback.verify.claimed_joints")  # it needs all of SymPy
    faults = list(joints.faults_at_joints(right, given, pending))
    wrong = [f for f in faults if f.claim in (joints.Claim.NO_SLOPE, joints.Claim.ANOTHER_SLOPE)]
    if wrong:
        return Judged("no", note=wrong[0].said())
    if any(f.claim is joints.Claim.UNKNOWN for f in faults):
        return found._replace(verdict="unknown", note=joints.Claim.UNKNOWN.value)
    left_out: tuple[Condition, ...] = tuple((f.place[0], " != ", f.place[1]) for f in faults if f.place is not None)
    return found._replace(verdict="narrower", where=(*found.where, *dict.fromkeys(left_out))) if left_out else found


def _at_random(right: Tree, given: Tree, within: Sequence[Tree], seed: int, budget: float) -> Judged:
    """Judge by values at random points, none of which is a joint."""
    deadline = process_time() + budget
    domain = _all_real([*within, right])
    outcome = compare([(right, given)], seed=seed, budget=budget, within=domain)
    if outcome.different:
        return Judged("no")
    if outcome.missing:
        return _narrower(domain, right, given, seed, max(deadline - process_time(), budget / 4))
    return Judged("unknown" if outcome.reason or outcome.unchecked else "yes")


def _narrower(domain: Tree, right: Tree, given: Tree, seed: int, budget: float) -> Judged:
    """Judge an expression that has no value at some points of the domain, by those at which it has one."""
    both = _all_real([domain, given])
    outcome = compare([(right, given)], seed=seed, budget=budget, within=both)
    if outcome.different or outcome.points == 0:
        return Judged("no")
    if _is_settled(outcome):
        return Judged("narrower", where_real(domain, given, seed))
    return Judged("unknown")


def _is_settled(outcome: Outcome) -> bool:
    return not (outcome.reason or outcome.unchecked or outcome.missing)


def _all_real(trees: Sequence[Tree]) -> Tree:
    """Return a tree that is real where all of these are."""
    different = tuple(dict.fromkeys(trees))
    return Plus(*different) if len(different) > 1 else different[0]


def same_value(a: Tree, b: Tree, seed: int = 0, budget: float = BUDGET) -> Verdict:
    """Tell whether the second tree has the value of the first wherever the first is real.

    The verdict is "yes", "no", "narrower" (yes, but only in a part of that domain) or "unknown" (numbers cannot tell).
    """
    return judge(a, b, seed=seed, budget=budget).verdict
