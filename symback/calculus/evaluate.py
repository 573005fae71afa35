"""The value of an expression at a point, as a derivation: the values are inserted, and the number is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy.core.expr import Expr

from symback.calculus.at_point import value_at
from symback.calculus.derive import derivatives_worked_out, insert_functions
from symback.calculus.question import Question, notes_on_unused, read_question, read_values
from symback.errors import UsageError
from symback.expr.rule import Derivation, Move
from symback.expr.tree import Tree, is_pending, symbol, without_lets
from symback.hints import mention
from symback.verify.domain import check_value, point_of


def evaluate(expr: str | Expr, at: Mapping[Any, Any] | None = None, *, names: Iterable[str] = ()) -> Derivation:
    """Work out an expression at a point, one labelled step at a time; `.approximate` is the value as a float.

    UsageError if a variable has no value, DomainError if the expression has no real value there.

    >>> value = evaluate("x^2 + ln y", {"x": 3, "y": 2})
    >>> value.answer
    log(2) + 9
    >>> round(value.approximate, 4)
    9.6931
    """
    values = read_values(at or {})
    question = read_question(expr, names, variables=values).with_originals(at)
    missing = [s.name for s in question.variables() if s.name not in values]
    if missing:
        raise UsageError(
            f"There is no value for {', '.join(missing)}.", hint=f"Give one with {mention('at', f'{missing[0]}=2')}."
        )
    known = {symbol(name): value for name, value in values.items()}
    moves: list[Move] = []
    start, line = _formula(question, moves, known)
    check_value(line, point_of(known))
    last = value_at(line, values, moves)
    notes = (*question.notes, *notes_on_unused(values, question.tree))
    return Derivation(
        start,
        tuple(moves),
        last,
        notes=notes,
        name=question.name,
        source=question.source,
        point=tuple(known.items()),
        originals=question.originals,
    )


def _formula(question: Question, moves: list[Move], known: Mapping[Tree, Tree]) -> tuple[Tree, Tree]:
    """Return the first line, and the formula that the values are put into: functions put in, derivatives worked out."""
    start = question.tree if question.called is None else question.called
    if is_pending(question.tree):
        insert_functions(question, moves)
        return start, derivatives_worked_out(question, moves, known)
    line = without_lets(question.tree)
    if question.called is None:
        return line, line
    insert_functions(question._replace(tree=line), moves)
    return start, line
