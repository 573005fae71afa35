"""Verify a derivation: its last line against its first, and every single step, at the same random points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from sympy.core.symbol import Symbol

from symback.expr.rule import Derivation, Move
from symback.expr.tree import Diff, Tree, at, put, symbol
from symback.verify.at_a_point import Finding, look_at
from symback.verify.compare import Outcome, compare, unknown_functions

BUDGET = 2.0  # seconds
BUDGET_PER_STEP = 0.001  # seconds more for each step of a derivation of thousands
MOST_STEPS = 300  # of a longer derivation so many steps are checked, evenly spread
SUBSTITUTION = "substitute"
LIMIT = "limit of the difference quotient"
ROUNDED = f"{LIMIT}, rounded"
ROUNDED_OFF = 1e-9  # as a part of the value
OUTSIDE = (Finding.NO_VALUE, Finding.NO_DERIVATIVE)
ONE_SIDED = "; at the point itself from one side only, because the function ends there."


class Verification(NamedTuple):
    """The verdict on a derivation, the number of points it rests on, and a sentence that says so.

    `failed_step` is the index of the step that is wrong, None where only the whole is known to be. `outside` tells that
    no step is wrong, but the function has no value or no derivative at the point that was asked for.
    """

    verdict: Literal["verified", "failed", "unverified"]
    points: int = 0
    message: str = ""
    failed_step: int | None = None
    outside: bool = False


_BADNESS = {"verified": 0, "unverified": 1, "failed": 2}


def verify(derivation: Derivation, budget: float | None = None) -> Verification:
    """Check a derivation by numbers alone, within a time budget in seconds; no rule of calculus is used."""
    moves = derivation.moves
    budget = max(BUDGET, len(moves) * BUDGET_PER_STEP) if budget is None else budget
    misplaced = _misplaced(derivation)
    if misplaced is not None:
        return Verification("failed", 0, "The steps do not lead from line to line.", misplaced)
    cut = next((i for i, move in enumerate(moves) if move.rule.name in (SUBSTITUTION, LIMIT, ROUNDED)), len(moves))
    formula = moves[cut].piece if cut < len(moves) else derivation.last
    if cut < len(moves) and moves[cut].rule.name in (LIMIT, ROUNDED):
        return _worst([*_up_to(derivation, formula, cut, budget), _limit(moves[cut])])
    values = dict(derivation.point) or (_values(moves[cut]) if cut < len(moves) else {})
    stretches = _up_to(derivation, formula, cut, budget)
    unknown = unknown_functions(derivation.last)
    if unknown and not derivation.variables:
        return Verification("unverified", 0, f"Not checked: {' and '.join(unknown)} may be any function.")
    found = look_at(derivation.start, formula, values) if values else Finding.FINE
    if found in OUTSIDE:
        stretches.append(_outside(derivation.start, found))
    elif cut < len(moves):
        stretches.append(_stretch(formula, derivation.last, moves[cut:], cut, _values(moves[cut]), budget / 2))
    verdict = _worst(stretches)
    if found is Finding.UNKNOWN and verdict.verdict == "verified":
        return Verification("unverified", 0, "Not verified: numbers could not tell what there is at this point.")
    if found is Finding.FROM_ONE_SIDE and verdict.verdict == "verified":
        return verdict._replace(message=verdict.message.rstrip(".") + ONE_SIDED)
    return verdict


def _up_to(derivation: Derivation, formula: Tree, cut: int, budget: float) -> list[Verification]:
    """Verify the steps before the values are put in, where there are any."""
    if not cut and derivation.moves:
        return []
    return [_stretch(derivation.start, formula, derivation.moves[:cut], 0, {}, budget / 2)]


def _limit(move: Move) -> Verification:
    """Verify a limit of the difference quotient by a second judge, which does not know the quotients that found it.

    The step names the function, the variable at its value, and others.
    """
    from symback.verify.second_look import Opinion, second_look  # few derivations come to a limit

    (_, function), (variable, _), *_ = move.bound
    values = {symbol(name): value for name, value in move.bound[1:]}
    off = ROUNDED_OFF if move.rule.name == ROUNDED else 0
    opinion, is_one_sided = second_look(function, move.piece, symbol(variable), values, move.result, off)
    if opinion is Opinion.REFUTED:
        return Verification("failed", 0, "The difference quotient does not come to this value.")
    if opinion is Opinion.UNKNOWN:
        return Verification("unverified", 0, "Not verified: the limit could not be found in a second way.")
    one_sided = ONE_SIDED.rstrip(".") if is_one_sided else ""
    return Verification("verified", 1, f"Verified at 1 point{one_sided}.")


def _outside(start: Tree, found: Finding) -> Verification:
    what = "function" if isinstance(start, Diff) else "expression"
    return Verification("failed", 0, f"The {what} has {found.value} at this point.", None, True)


def verify_table(table: Any) -> Verification:
    """Check a gradient, Jacobian or Hessian: every derivation, and whether the derivatives exist at its point."""
    point = dict(table.point)
    for row, values in zip(table.entries, table.values, strict=False):
        for derivation, value in zip(row, values, strict=True):
            if any(move.rule.name in (LIMIT, ROUNDED) for move in value.moves):
                continue  # that step is checked by itself
            found = look_at(derivation.start, derivation.last, point)
            if found in OUTSIDE:
                return _outside(derivation.start, found)
    return verify_all(table.derivations())


def verify_all(derivations: Iterable[Derivation], budget: float | None = None) -> Verification:
    """Check several derivations: the verdict is the worst of all, the points the fewest."""
    return _worst([verify(d, budget) for d in derivations])


def _worst(found: Sequence[Verification]) -> Verification:
    if not found:
        return Verification("unverified", 0, "There is nothing to verify.")
    worst = max(found, key=lambda v: _BADNESS[v.verdict])
    if worst.verdict != "verified":
        return worst
    return min(found, key=lambda v: (v.points == 1, v.points))


def _values(move: Move) -> dict[Symbol, Tree]:
    """Return the point of a substitution: its bindings name the variables."""
    return {symbol(name): value for name, value in move.bound}


def _misplaced(derivation: Derivation) -> int | None:
    """Return the first step whose piece does not stand where it says; long derivations are not looked at."""
    if len(derivation.moves) > MOST_STEPS:
        return None
    line = derivation.start
    for index, move in enumerate(derivation.moves):
        try:
            if at(line, move.path) != move.piece:
                return index
        except IndexError:
            return index
        line = put(line, move.path, move.result)
    return None if line == derivation.last else len(derivation.moves) - 1


def _stretch(
    first: Tree, last: Tree, moves: Sequence[Move], offset: int, values: dict[Symbol, Tree], budget: float
) -> Verification:
    """Verify some steps in a row, with the given variables at their values and all others anywhere."""
    every = max(1, -(-len(moves) // MOST_STEPS))
    chosen = range(0, len(moves), every)
    outcome = compare([(first, last), *((moves[i].piece, moves[i].result) for i in chosen)], values, budget=budget)
    if outcome.different:
        return _failure(outcome, [i + offset for i in chosen])
    if outcome.unchecked and not outcome.reason:
        step = chosen[outcome.unchecked[0] - 1] + offset + 1
        return Verification("unverified", outcome.points, f"Step {step} could not be checked by numbers.")
    if outcome.reason:
        return Verification("unverified", outcome.points, f"Not verified: {outcome.reason}.")
    only = f"; {len(chosen)} of {len(moves)} steps checked one by one" if every > 1 else ""
    points = "1 point" if outcome.points == 1 else f"{outcome.points} points"
    return Verification("verified", outcome.points, f"Verified at {points}{only}.")


def _failure(outcome: Outcome, indices: list[int]) -> Verification:
    steps = [i for i in outcome.different if i > 0]
    if not steps:
        return Verification("failed", outcome.points, "The last line is not equal to the first.")
    index = indices[steps[0] - 1]
    return Verification("failed", outcome.points, f"Step {index + 1} changes the value.", index)
