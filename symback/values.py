"""The value of an expression at a point, as a derivation: the values are put in, and the number is worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy.core.expr import Expr

from symback.derive import value_at
from symback.domain import check_value, point_of
from symback.errors import UsageError
from symback.question import notes_on_unused, read_question, read_values, without_lets
from symback.rule import Derivation, Move
from symback.tree import symbol


def evaluate(expr: str | Expr, at: Mapping[Any, Any] | None = None, *, names: Iterable[str] = ()) -> Derivation:
    """Work out an expression at a point, one labelled step at a time; `.approximate` is the value as a float.

    UsageError where a variable has no value, DomainError where the expression has no real value there.

    >>> value = evaluate("x^2 + ln y", {"x": 3, "y": 2})
    >>> value.answer
    log(2) + 9
    >>> round(value.approximate, 4)
    9.6931
    """
    question = read_question(expr, names)
    values = read_values(at or {})
    missing = [s.name for s in question.variables() if s.name not in values]
    if missing:
        raise UsageError(
            f"There is no value for {', '.join(missing)}.", hint=f"Give one with --at, as in --at {missing[0]}=2."
        )
    start = without_lets(question.tree)
    check_value(start, point_of({symbol(name): value for name, value in values.items()}))
    moves: list[Move] = []
    last = value_at(start, values, moves)
    point = tuple((symbol(name), value) for name, value in values.items())
    notes = (*question.notes, *notes_on_unused(values, start))
    return Derivation(start, tuple(moves), last, notes=notes, name=question.name, source=question.source, point=point)
