"""What an answer by cases says at its joints: a slope where there is no derivative, another one, or none.

Random points never fall on a joint, so these are looked at one by one, with exact numbers put in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from importlib import import_module
from typing import Any, NamedTuple

from mpmath import mp, mpf
from sympy.core.symbol import Symbol
from sympy.polys.rootoftools import CRootOf

from symback.errors import UsageError
from symback.expr.cases import comparisons_in, has_cases, is_cases, truth, without_cases
from symback.expr.tree import Apply, Diff, Inert, Tree, number, substituted, symbols_of, walk
from symback.syntax.convert import from_sympy
from symback.verify.at_a_point import Finding, look_at
from symback.verify.boundaries import places_of
from symback.verify.compare import Undefined, evaluate
from symback.verify.joints import Kind, joint_at, letters_of
from symback.verify.quotient import limit_at
from symback.verify.recognise import recognised

SAME = mpf(10) ** -20
MOST_PLACES = 12

Values = Mapping[Symbol, Tree]


class Claim(Enum):
    """What is wrong with an answer at a joint."""

    NO_SLOPE = "gives a slope at {place}, where there is no derivative."
    ANOTHER_SLOPE = "gives another slope at {place}."
    LEFT_OUT = "leaves {place} out."
    UNKNOWN = "could not be checked at the joints."


class AtJoint(NamedTuple):
    """What is wrong at a joint, and where that is: a variable and its value, or two sides that are equal."""

    claim: Claim
    place: tuple[Tree, Tree] | None = None

    def said(self) -> str:
        """Return the end of a sentence about the answer."""
        return self.claim.value.format(place=self.shown())

    def shown(self) -> str:
        """Return the place as it is typed: x = 1."""
        text = import_module("symback.page.maths").text  # page stands above this file
        return " = ".join(map(text, self.place or ()))


def faults_at_joints(right: Tree, given: Tree, pending: Tree | None) -> Iterator[AtJoint]:
    """Yield what is wrong with a given expression at the joints of it and of the right one.

    `pending` is the derivative that is asked for; without it, only places are compared where the right one has a value.
    """
    if not (has_cases(right) or has_cases(given)):
        return
    by = pending._args[1] if isinstance(pending, Diff) else None
    for condition in dict.fromkeys((*_comparisons(given), *_comparisons(right))):
        letters = sorted(symbols_of(condition), key=lambda s: (s != by, s.name))
        if not letters:
            continue
        others = letters_of(Inert(right, given, pending or right), letters[0], 0)
        places, complete = _places(condition, letters[0], others)
        if not complete and condition not in _comparisons(right):
            yield AtJoint(Claim.UNKNOWN)
        for place in places:
            sides = tuple(condition.arguments) if len(letters) > 1 else (letters[0], place)
            found = _at(right, given, pending, {letters[0]: place, **{s: number(v) for s, v in others.items()}})
            yield from (AtJoint(claim, sides) for claim in found)


def _places(condition: Apply, variable: Symbol, others: Mapping[Symbol, Any]) -> tuple[list[Tree], bool]:
    """Return where both sides are equal, as trees, and whether these are all places."""
    found = places_of(condition, variable, others)
    trees = [_tree(place) for place in found.found[:MOST_PLACES]]
    known = [tree for tree in trees if tree is not None]
    return known, found.complete and len(known) == len(found.found)


def _tree(place: Any) -> Tree | None:
    if isinstance(place, mpf):
        return recognised(place)
    return None if place.has(CRootOf) else from_sympy(place)


def _comparisons(tree: Tree) -> list[Apply]:
    conditions = (c for node in walk(tree) if is_cases(node) for c in node.arguments[1::2])
    return [found for condition in conditions for found in comparisons_in(condition)]


def _at(right: Tree, given: Tree, pending: Tree | None, values: Values) -> Iterator[Claim]:
    claimed = value_there(given, values)
    slope = value_there(right, values) if pending is None else _slope(right, pending, values)
    if isinstance(slope, Claim):
        yield slope
    elif slope is None:
        if claimed is not None and pending is not None:
            yield Claim.NO_SLOPE
    elif claimed is None:
        yield Claim.LEFT_OUT
    elif abs(claimed - slope) > SAME * (1 + abs(slope)):
        yield Claim.ANOTHER_SLOPE


def _slope(right: Tree, pending: Tree, values: Values) -> Any:
    """Return the derivative at a point, None where there is none, Claim.UNKNOWN where that cannot be told."""
    here = value_there(right, values)
    if here is not None and look_at(pending, right, values) in (Finding.FINE, Finding.FROM_ONE_SIDE):
        return here
    function, by = pending._args
    if isinstance(function, Diff):
        return None if here is not None else Claim.UNKNOWN
    if value_there(function, values) is None:
        return None
    joint = joint_at(function, by, values)
    if joint is not None and joint.kind is not Kind.UNKNOWN:
        return joint.left if joint.kind is Kind.SMOOTH else None
    found = limit_at(function, by, values)
    if found.value is not None:
        return value_there(found.value, values)
    return None if found.why else Claim.UNKNOWN


def value_there(tree: Tree, values: Values) -> Any:
    """Return the value of a tree at exact values, None where there is none; conditions are decided exactly."""
    exact = {s: v.doit() for s, v in values.items()}
    decided = without_cases(tree, lambda condition: truth(condition, exact))
    if any(is_cases(node) for node in walk(decided)):
        return None
    with mp.workdps(60):
        try:
            return evaluate(substituted(decided, values), {}, 60)
        except (Undefined, UsageError):
            return None
