"""The question: the extrema of a function, over an interval, or under a constraint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.equation import as_equation
from symback.calculus.extrema.constraint import under_constraint
from symback.calculus.extrema.one import of_one
from symback.calculus.extrema.result import Extrema
from symback.calculus.extrema.several import of_several
from symback.calculus.extrema.solving import number_of
from symback.calculus.question import Question, as_number, names_in, read_question
from symback.errors import NoRule, UsageError, VerificationFailed
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Apply, Equal, Int, Lim, Neg, Tree, is_pending, symbol, symbols_of, walk, without_lets
from symback.syntax.limits import infinite
from symback.verify.somewhere import require_real

MOST_VARIABLES = 3
INFINITY = symbol("oo")
EQUATION = "Write for instance x^2 + y^2 = 25."
STEPWISE = ("floor", "ceil", "round", "mod", "sign", "step", "cases")
WITHHELD = "It is withheld. Please report it, with the function."


def extrema(
    f: str | Expr,
    wrt: Any = None,
    on: Any = None,
    subject_to: Any = None,
    *,
    names: Iterable[str] = (),
) -> Extrema:
    """Find the extrema of a function one labelled step at a time.

    `on` are the two ends of an interval, for a function of one variable; `subject_to` is an equation that the variables
    meet. Raises DomainError where there are infinitely many points, or none that meets the constraint.

    >>> [(p.at, p.type) for p in extrema("x^2 + y^2 - 2x", ["x", "y"]).points]
    [({'x': 1, 'y': 0}, 'minimum')]
    """
    question = f if isinstance(f, Question) else read_question(f, names, variables=names_in(wrt))
    question = question.with_originals(wrt)
    function = without_lets(question.tree)
    variables = _variables(question, wrt, function)
    _require_plain(function, variables)
    interval = None if on is None else read_interval(on)
    constraint = None if subject_to is None else read_constraint(subject_to, names, variables)
    if interval is not None and (len(variables) > 1 or constraint is not None):
        raise UsageError("An interval belongs to a function of one variable.", hint="Leave it out.")
    if constraint is not None:
        if len(variables) < 2:
            raise UsageError("A constraint needs two variables or more.", hint="Use an interval, as in --on 0,3.")
        found = under_constraint(question, function, variables, constraint)
    elif len(variables) == 1:
        found = of_one(question, function, variables[0], interval)
    else:
        found = of_several(question, function, variables)
    result = Extrema(
        function,
        tuple(variables),
        found.points,
        found.story,
        (*question.notes, *found.notes),
        question.source,
        question.name or "f",
        interval,
        constraint,
        found.is_complete,
        question.originals,
    )
    verdict = result.verify()
    if verdict.verdict == "failed":
        raise VerificationFailed(f"The result is not confirmed by numbers. {verdict.message}", hint=WITHHELD)
    return result


def _variables(question: Question, wrt: Any, function: Tree) -> list[Symbol]:
    found = question.variables_for(wrt) if wrt not in (None, "", (), []) else question.variables()
    if not found:
        raise UsageError("The expression has no variable.", hint="Give a function such as x^3 - 3x.")
    if len(found) > MOST_VARIABLES:
        raise UsageError(f"Extrema are found for up to {MOST_VARIABLES} variables; here are {len(found)}.",
                         hint="Name the variables with --wrt, and give numbers for the others.")  # fmt: skip
    others = symbols_of(function) - set(found)
    if others:
        names = ", ".join(sorted(str(s.name) for s in others))
        raise UsageError(f"The letter {names} has no value.", hint="Give a number in its place, or name it a variable.")
    return list(found)


def _require_plain(function: Tree, variables: Sequence[Symbol]) -> None:
    for node in walk(function):
        if isinstance(node, (Int, Lim)) or is_pending(node):
            raise UsageError("The expression is not worked out yet.", hint="Work out what stands within it first.")
        if isinstance(node, Apply) and (node.name not in FUNCTIONS or node.name in STEPWISE):
            raise NoRule(f"Extrema of a function with {node.name} are not found.", hint="Look at each piece by itself.")
    require_real(function, variables)


def read_interval(on: Any) -> tuple[Tree, Tree]:
    """Return the ends of an interval from "0,3", or from a pair of numbers.

    >>> read_interval("0,pi"), read_interval([0, "oo"])
    ((0, pi), (0, oo))
    """
    parts = on.strip("[]() ").split(",") if isinstance(on, str) else on
    if not isinstance(parts, Sequence) or len(parts) != 2:
        raise UsageError("An interval has two ends.", hint="Write --on 0,3.")
    low, high = (infinite(str(p)) or as_number(p.strip() if isinstance(p, str) else p) for p in parts)
    for end in (low, high):
        if symbols_of(end) - {INFINITY}:
            raise UsageError("The ends of an interval must be numbers.", hint="Write --on 0,3.")
    if low == INFINITY or high == Neg(INFINITY) or _is_after(low, high):
        raise UsageError("The interval ends before it begins.", hint="Write the smaller end first, as in --on 0,3.")
    return low, high


def _is_after(low: Tree, high: Tree) -> bool:
    if Neg(INFINITY) == low or high == INFINITY:
        return False
    return bool(number_of(low) >= number_of(high))


def read_constraint(given: Any, names: Iterable[str], variables: Sequence[Symbol]) -> tuple[Tree, Tree]:
    """Return both sides of a constraint, in which no other letter stands."""
    read = as_equation(given, (*names, *(v.name for v in variables)))
    others = symbols_of(Equal(read.left, read.right)) - set(variables)
    if others:
        letters = ", ".join(sorted(str(s.name) for s in others))
        raise UsageError(f"The constraint has the letter {letters} in it, which is no variable.", hint=EQUATION)
    return read.left, read.right
