"""Points of a curve that an equation gives, found by numbers: whether one is on it, and others that are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from time import process_time
from typing import Any

from mpmath import mp
from sympy.core.symbol import Symbol

from symback.errors import DomainError
from symback.expr.tree import Diff, Neg, Plus, Tree, symbol, symbols_of
from symback.verify import Undefined
from symback.verify import evaluate as evaluated
from symback.verify.intern_table import InternTable
from symback.verify.program import LEVELS, SEARCH, Level, Program
from symback.verify.values import Beyond, is_finite

SAME = mp.mpf(10) ** -25  # of the larger side
ZERO = mp.mpf(10) ** -12
SIZES = tuple(mp.mpf(k) / 8 + mp.mpf("0.0137") for k in range(-64, 65, 2))
TRIES = 40
BUDGET = 0.5  # seconds


def evaluate(tree: Tree, known: Mapping[Symbol, Any]) -> Any:
    """Return the value of a tree with all 50 digits of what it is given."""
    with mp.workdps(60):
        return evaluated(tree, known)


def numbers(point: Mapping[Symbol, Tree]) -> dict[Symbol, Any]:
    """Return the values of a point as numbers of 50 digits; DomainError for one that has none."""
    found = {}
    for name, value in point.items():
        try:
            found[name] = evaluate(value, {})
        except Undefined:
            raise DomainError(f"The value of {name.name} is not a real number.", hint="Give another one.") from None
    return found


def require_on_the_curve(left: Tree, right: Tree, point: Mapping[Symbol, Tree]) -> None:
    """Raise DomainError with the values of both sides where a point is not on the curve."""
    known = numbers(point)
    where = ", ".join(f"{s.name} = {value.doit()}" for s, value in point.items())
    sides = []
    for side, which in ((left, "left"), (right, "right")):
        try:
            sides.append(evaluate(side, known))
        except Undefined:
            raise DomainError(
                f"The {which} side of the equation has no real value at {where}.", hint="Choose another point."
            ) from None
    with mp.workdps(50):
        is_off = abs(sides[0] - sides[1]) > SAME * (1 + max(map(abs, sides)))
    if is_off:
        first, second = (said(side) for side in sides)
        raise DomainError(
            f"The point {where} is not on the curve: the left side is {first}, the right side is {second}.",
            hint="Choose a point whose values make both sides equal.",
        )


def said(number: Any) -> str:
    """Return a number as people write it: whole where it is whole."""
    whole = mp.nint(number)
    return str(int(whole)) if abs(number - whole) < ZERO else mp.nstr(number, 8)


def near_misses(left: Tree, right: Tree, missing: Sequence[str], point: Mapping[Symbol, Tree]) -> str:
    """Return a hint with the values that a missing letter may have; empty where none was found."""
    if len(missing) != 1:
        return ""
    name = symbol(missing[0])
    found = sorted(roots_along(Plus(left, Neg(right)), name, numbers(point)))
    if not found:
        return ""
    values = " or ".join(f"{name.name} = {said(v)}" for v in found[:4])
    return f"On the curve lies {values}."


def roots_along(function: Tree, name: Symbol, known: Mapping[Symbol, Any]) -> list[Any]:
    """Return numbers at which a function of one letter is 0, the others being known."""
    rough, fine = (_heights(function, name, known, level) for level in (SEARCH, LEVELS[0]))
    found: list[Any] = []
    with mp.workdps(60):
        before, low = None, SIZES[0]
        for place in SIZES:
            here = rough(place)
            if before is not None and here is not None and before * here < 0:
                root = _bisected(fine, low, place, before)
                near = fine(root)
                if near is not None and abs(near) < ZERO:
                    found.append(root)
            before, low = here, place
    return found


def _heights(function: Tree, name: Symbol, known: Mapping[Symbol, Any], level: Level) -> Callable[[Any], Any]:
    """Return what works a function out along one letter, None where it has no value."""
    table = InternTable()
    program = Program(table, [table.intern(function)])

    def height(place: Any) -> Any:
        given = {**known, name: place}
        try:
            (value,) = program.values([given[s]._mpf_ for s in program.symbols], level)
        except (Beyond, ArithmeticError, ValueError):
            return None
        return mp.make_mpf(value) if is_finite(value) else None

    return height


def _bisected(height: Any, low: Any, high: Any, first: Any) -> Any:
    for _ in range(170):
        middle = (low + high) / 2
        here = height(middle)
        if here is None or here == 0:
            return middle
        low, high = (middle, high) if here * first > 0 else (low, middle)
    return low


def points_on(left: Tree, right: Tree, of: Symbol, wanted: int, seed: int = 0) -> Iterator[dict[Symbol, Any]]:
    """Yield points on a curve, found along one letter for random values of the others."""
    rng = Random(seed)  # noqa: S311
    others = sorted(symbols_of(Plus(left, right)) - {of}, key=lambda s: s.name)
    count, deadline = 0, process_time() + BUDGET
    for turn in range(TRIES):
        if process_time() > deadline:
            return
        scale = (1, 3, 0.4)[turn % 3]
        known = {s: mp.mpf(rng.uniform(0.1, 2) * scale * (rng.choice((1, -1)) if turn % 2 else 1)) for s in others}
        for root in roots_along(Plus(left, Neg(right)), of, known):
            yield {**known, of: root}
            count += 1
            if count >= wanted:
                return


def slope_fault(left: Tree, right: Tree, of: Symbol, by: Symbol, point: Mapping[Symbol, Tree]) -> str:
    """Return why an equation has no derivative at a point, in words; empty where it has one.

    The derivative by the letter must not be 0 there: the tangent is vertical, or the curve crosses itself.
    """
    function = Plus(left, Neg(right))
    if not symbols_of(function) <= point.keys():
        return ""
    known = numbers(point)
    try:
        below = evaluate(Diff(function, of), known)
        above = evaluate(Diff(function, by), known) if by in point else mp.mpf(1)
    except Undefined:
        return "a side of the equation has no derivative there"
    if abs(below) > ZERO:
        return ""
    if abs(above) > ZERO:
        return "the divisor is 0 there, and the tangent is vertical"
    return "divisor and numerator are both 0 there, where the curve is singular"
