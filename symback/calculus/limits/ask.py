"""The question: the limit of an expression where a variable tends to a number or grows, from both sides or from one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mpmath import mp
from sympy.core.expr import Expr

from symback.calculus.engine import tidy
from symback.calculus.limits.algebra import factor_and_cancel, in_sines, one_fraction
from symback.calculus.limits.conjugates import conjugate
from symback.calculus.limits.direct import by_laws, constant, constant_out, put_in, settle, squeeze
from symback.calculus.limits.growth import growth, same_exponent
from symback.calculus.limits.hospital import hospital
from symback.calculus.limits.infinite import infinite
from symback.calculus.limits.known import rewrite
from symback.calculus.limits.largest import divide, factor_out, join_logarithms
from symback.calculus.limits.pieces import on_this_side
from symback.calculus.limits.posing import posed, require_plain
from symback.calculus.limits.result import Limit
from symback.calculus.limits.rewriting import as_exponential, as_quotient, in_exponentials, simpler
from symback.calculus.limits.sequences import has_poles_near, two_sequences, waves_of
from symback.calculus.limits.work import Stuck, Work, run
from symback.calculus.question import Question, names_in, read_question
from symback.calculus.tidy.surds import with_simple_roots
from symback.errors import DomainError, NoRule, VerificationFailed
from symback.expr.rule import Rule, next_line
from symback.expr.tree import (
    ONE,
    Apply,
    Inert,
    Lim,
    Neg,
    Power,
    Tree,
    walk,
)
from symback.result import text_of
from symback.verify.approach import Trend
from symback.verify.limits import INFINITY, Side, letters_of, one_sided, points_for, sides_of

METHODS = (
    constant,
    put_in,
    on_this_side,
    settle,
    squeeze,
    infinite,
    same_exponent,
    growth,
    constant_out,
    factor_and_cancel,
    rewrite,
    divide,
    conjugate,
    one_fraction,
    join_logarithms,
    in_exponentials,
    factor_out,
    as_quotient,
    hospital,
    by_laws,
    as_exponential,
    in_sines,
    simpler,
)
POWER_OF_ONE = Rule("power of one", "1^n = 1", minor=True)
SWINGING = {
    "sin": "run through all numbers from -1 to 1",
    "cos": "run through all numbers from -1 to 1",
    "tan": "run through all numbers",
    "cot": "run through all numbers",
}
WITHHELD = "It is withheld. Please report it, with the function."
LEFT, RIGHT = "left", "right"


def limit(
    f: str | Expr,
    x: str | Expr | None = None,
    to: Any = None,
    side: str | None = None,
    *,
    names: Iterable[str] = (),
) -> Limit:
    """Find a limit one labelled step at a time.

    `f` is text in symback's language, a SymPy expression or a tree; a limit sign in it says all that follows. `x` is
    the variable, `to` a number, a text or SymPy's oo, `side` is "left" or "right".

    Raises DomainError where the function is not defined beside the place, NoRule where no way is found, and
    VerificationFailed where numbers contradict what was found.

    >>> limit("(x^2 - 4)/(x - 2)", "x", 2).answer
    4
    >>> limit("lim x->oo (1 + 1/x)^x").answer
    E
    """
    question = f if isinstance(f, Question) else read_question(f, names, variables=names_in(x))
    question = question.with_originals(x)
    start, question = posed(question, x, to, side)
    require_plain(start)
    found = _worked(start, question)
    verdict = found.verify()
    if verdict.verdict == "failed":
        raise VerificationFailed(f"The result is not confirmed by numbers. {verdict.message}", hint=WITHHELD)
    return found


# --- the work ---------------------------------------------------------------------------------------------------------


def _worked(start: Lim, question: Question) -> Limit:
    sides = {side: _by_numbers(start, side) for side in sides_of(start)}
    _require_defined(start, sides)
    if all(found[0].trend is Trend.SWINGS for found in sides.values()) and _only_swings(sides):
        return _swinging(start, question)
    waves = waves_of(start)
    if waves and not all(side.trend is Trend.SETTLES for found in sides.values() for side in found):
        along = two_sequences(start, lambda limit: _worked(limit, question._replace(notes=())))
        if along is not None:
            return _result(start, question, exists=False, why="two sequences lead to different limits", along=along)
    if len(sides) == 2 and not _agree(sides):
        return _by_sides(start, question)
    if waves and has_poles_near(start):
        hint = "Cancel what can be cancelled first."
        raise NoRule("The function may have poles as close to the place as one likes.", hint=hint)
    try:
        return _two_sided(start, question)
    except Stuck:
        if len(sides) == 2:
            try:
                return _by_sides(start, question)
            except (NoRule, Stuck):
                pass
    raise NoRule(
        "The limit was not found by the laws of limits, algebra, known limits and L'Hôpital's rule.",
        hint="Try another form of the function.",
    )


def _only_swings(sides: Mapping[int, list[Side]]) -> bool:
    return all(side.trend is Trend.SWINGS for found in sides.values() for side in found)


def _by_numbers(start: Lim, side: int) -> list[Side]:
    body, variable, target = start._args[:3]
    return [one_sided(body, variable, target, side, point) for point in points_for(start)]


def _agree(sides: Mapping[int, list[Side]]) -> bool:
    return all(a.agrees(b) or a.trend == b.trend and not a.is_known for a, b in zip(*sides.values(), strict=True))


def _require_defined(start: Lim, sides: Mapping[int, list[Side]]) -> None:
    """Raise DomainError where the function has no values beside the place."""
    missing = [side for side, found in sides.items() if all(one.trend is Trend.NOT_REAL for one in found)]
    if not missing:
        return
    name, place = start._args[1].name, text_of(start._args[2])
    if start._args[2] in (INFINITY, Neg(INFINITY)):
        raise DomainError(
            f"The function has no real values for {name} -> {place}.", hint="Choose a place where it is defined."
        )
    if len(missing) == len(sides):
        where = "on either side of" if len(sides) == 2 else f"to the {_named(missing[0])} of"
        raise DomainError(
            f"The function has no real values {where} {name} = {place}.", hint="Choose a place where it is defined."
        )
    other = _named(-missing[0])
    raise DomainError(
        f"The function has no real values to the {_named(missing[0])} of {name} = {place}.",
        hint=f"Ask for the limit from the {other}: --side {other}.",
    )


def _named(side: int) -> str:
    return RIGHT if side > 0 else LEFT


def _two_sided(start: Lim, question: Question) -> Limit:
    """Work a limit out in one chain of lines; Stuck where that does not lead to the end."""
    work = Work(start, letters_of(start, variable=start._args[1]))
    run(work, METHODS)
    if INFINITY not in work.line.free_symbols:
        _work_out(work)
    return _result(start, question, tuple(work.moves), work.line)


def _work_out(work: Work) -> None:
    """Work the value out; all its arithmetic is one line."""
    done = len(work.moves)
    line = next_line(work.moves)
    _without_powers_of_one(work)
    work.line = with_simple_roots(tidy(work.line, work.moves, (), True), work.moves)
    work.moves[done:] = [replace(move, line=line) for move in work.moves[done:]]


def _without_powers_of_one(work: Work) -> None:
    stack: list[tuple[Tree, tuple[int, ...]]] = [(work.line, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, Power) and node._args[0] == ONE:
            work.apply(POWER_OF_ONE, path, ONE)
        elif isinstance(node, Inert):
            stack.extend((a, (*path, i)) for i, a in enumerate(node._args))


def _result(start: Lim, question: Question, moves: Any = (), last: Any = None, **more: Any) -> Limit:
    return Limit(
        start,
        moves,
        start if last is None else last,
        notes=question.notes,
        source=question.source,
        originals=question.originals,
        **more,
    )


def _by_sides(start: Lim, question: Question) -> Limit:
    """Work each side out by itself, and say what that means for the limit."""
    body, variable, target = start._args[:3]
    silent = question._replace(notes=())
    left, right = (_worked(Lim(body, variable, target, s), silent) for s in (Neg(ONE), ONE))
    same = left.exists and right.exists and _are_one(left, right)
    if same:
        return _result(start, question, last=left.last, left=left, right=right)
    return _result(start, question, left=left, right=right, exists=False, why=_why(left, right))


def _are_one(left: Limit, right: Limit) -> bool:
    from symback.verify import same_value

    if left.is_infinite or right.is_infinite:
        return bool(left.last == right.last)
    return same_value(left.last, right.last) == "yes"


def _why(left: Limit, right: Limit) -> str:
    for side, name in ((left, LEFT), (right, RIGHT)):
        if not side.exists:
            return f"from the {name} there is no limit"
    return "the one-sided limits differ"


def _swinging(start: Lim, question: Question) -> Limit:
    """Say why values that swing without end have no limit; NoRule where it cannot be said."""
    body, variable, target = start._args[:3]
    for node in walk(body):
        if isinstance(node, Apply) and node.name in SWINGING:
            found = _by_numbers(Lim(node.arguments[0], *start._args[1:]), sides_of(start)[-1])
            if all(side.is_known and mp.isinf(side.value) for side in found):
                towards = f"for {variable.name} -> {text_of(target)} the values of {text_of(node)}"
                why = f"{towards} {SWINGING[node.name]} again and again"
                return _result(start, question, exists=False, why=why)
    raise NoRule(
        "The values of the function swing without end, and come to no number.",
        hint="There is no limit there.",
    )
