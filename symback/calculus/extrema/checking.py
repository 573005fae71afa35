"""The check of extrema by numbers: the slopes at each point are 0, and the values around it say its type.

No derivative by rule is used: slopes are differences, and types are judged by values at random points nearby. Under a
constraint these points are moved onto it first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from random import Random
from typing import Any

from mpmath import mp
from sympy.core.symbol import Symbol

from symback.expr.tree import Diff, Neg, Plus, Tree, without_lets
from symback.verify import Verification, evaluate
from symback.verify.intern_table import InternTable
from symback.verify.program import LEVELS, Program
from symback.verify.values import is_finite

AROUND = 24  # points near each
SIZES = (1e-3, 1e-2)
FLAT = 1e-12
MOST_OFF = 1e-5  # of a rounded place, as a part of the slope
STEPS_TO_CONSTRAINT = 6


def verify_points(found: Any) -> Verification:
    """Check all points of a result."""
    function = without_lets(found.function)
    for point in found.points:
        here = {symbol: _number(tree) for symbol, tree in point.place}
        value = _value(function, here)
        if value is None or abs(value - _number(point.value_tree)) > MOST_OFF * (1 + abs(value)):
            return Verification("failed", 0, f"The value at {_said(here)} is another one.")
        judged = _type_is_right(found, function, here, value, point.type)
        if judged is not True:
            verdict = "failed" if judged is False else "unverified"
            said = "is not" if judged is False else "could not be confirmed to be"
            return Verification(verdict, 0, f"The point {_said(here)} {said} a {point.type}.")  # type: ignore[arg-type]
    undecided = [point for point in found.points if point.type == "undecided"]
    if undecided:
        here = {symbol: _number(tree) for symbol, tree in undecided[0].place}
        return Verification("unverified", 0, f"Of what type the point {_said(here)} is, stays undecided.")
    count = len(found.points)
    message = f"Verified: {count} point{'s' * (count != 1)} by the values around" if count else "Verified by numbers"
    return Verification("verified", max(count, 1), f"{message}{' each' * (count > 1)}.")


def _number(tree: Tree) -> Any:
    return evaluate(tree, {})


def _said(here: dict[Symbol, Any]) -> str:
    return ", ".join(f"{s.name} = {float(v):.6g}" for s, v in here.items())


@lru_cache(maxsize=64)
def _program(function: Tree) -> Program:
    """Return the operations of a function, which is worked out at hundreds of points."""
    forest = InternTable()
    return Program(forest, [forest.intern(function)], whole_powers=True)


def _value(function: Tree, place: dict[Symbol, Any]) -> Any:
    program = _program(function)
    try:
        (value,) = program.values([mp.mpf(place[s])._mpf_ for s in program.symbols], LEVELS[0])
    except (ArithmeticError, ValueError):
        return None
    return mp.make_mpf(value) if is_finite(value) else None


def _type_is_right(found: Any, function: Tree, here: dict[Symbol, Any], value: Any, kind: str) -> bool | None:
    """Tell whether values around a point agree with its type; None where there are too few."""
    if kind == "undecided":
        return True
    above = below = 0
    for place in _places(found, here):
        other = _value(function, place)
        if other is None:
            continue
        above += other > value - FLAT * abs(value)
        below += other < value + FLAT * abs(value)
    if above + below < AROUND // 4:
        return None
    if kind == "minimum":
        return above >= AROUND // 4 and not _strictly(below, above)
    if kind == "maximum":
        return below >= AROUND // 4 and not _strictly(above, below)
    return above > 0 and below > 0


def _strictly(wrong: int, right: int) -> bool:
    """Tell whether values lie on the wrong side too; those that are equal count on both."""
    return wrong > 0 and wrong != right and wrong > right // 3


def _places(found: Any, here: dict[Symbol, Any]) -> Iterator[dict[Symbol, Any]]:
    """Yield random points near a point, within the interval or on the constraint."""
    rng = Random(1)  # noqa: S311
    if found.constraint is None and len(here) > 1:
        yield from _along_axes(here)
    low, high = (None, None) if found.interval is None else (_end(end) for end in found.interval)
    for turn in range(AROUND):
        size = SIZES[turn % len(SIZES)]
        steps = [(2 * rng.random() - 1) * size for _ in here]
        place = {s: v + step * max(1, abs(v)) for (s, v), step in zip(here.items(), steps, strict=True)}
        if found.constraint is not None:
            moved = _onto(found.constraint, place, list(here))
            if moved is None:
                continue
            place = moved
        (first, *_) = place.values()
        if (low is not None and first < low) or (high is not None and first > high):
            continue
        yield place


def _along_axes(here: dict[Symbol, Any]) -> Iterator[dict[Symbol, Any]]:
    """Yield points beside a point along each axis and each diagonal: x^2 - y^4 is smaller there alone."""
    for turn, size in enumerate(SIZES * 2):
        for symbol in here:
            yield {s: v + (size if turn % 2 else -size) * (s == symbol) for s, v in here.items()}
        signs = [1 if (turn >> i) % 2 else -1 for i in range(len(here))]
        yield {s: v + size * sign for (s, v), sign in zip(here.items(), signs, strict=True)}


def _end(tree: Tree) -> Any:
    text = str(tree)
    if "oo" in text:
        return -mp.inf if text.startswith("Neg") else mp.inf
    return _number(tree)


def _onto(constraint: tuple[Tree, Tree], place: dict[Symbol, Any], symbols: Sequence[Symbol]) -> Any:
    """Move a point onto a constraint by steps along its gradient, which are differences."""
    left, right = constraint
    difference = Plus(left, Neg(right))
    for _ in range(STEPS_TO_CONSTRAINT):
        height = _value(difference, place)
        slopes = [_value(Diff(difference, s), place) for s in symbols]
        if height is None or None in slopes:
            return None
        size = sum(s * s for s in slopes)
        if not size:
            return None
        place = {s: place[s] - height * k / size for s, k in zip(symbols, slopes, strict=True)}
    return place
