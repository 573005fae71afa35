"""Difference quotients beside the derivative: (f(x + h) - f(x))/h for a falling h, and how far each is off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy.core.expr import Expr

from symback.check import evaluate
from symback.derive import derive
from symback.errors import UsageError
from symback.question import read_question, read_values
from symback.rule import Derivation
from symback.tree import Plus, Tree, number, number_value, symbol

STEPS = tuple(Fraction(1, 10**k) for k in range(1, 7))


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One row of the table: the step h, the difference quotient, and its distance from the derivative (floats)."""

    h: float
    quotient: float
    error: float


@dataclass(frozen=True)
class DifferenceTable:
    """The table for one function and point; `exact` is the derivative there, `derivation` how it was found."""

    derivation: Derivation
    point: tuple[tuple[str, Tree], ...]
    value: float
    exact: float
    rows: tuple[DifferenceRow, ...]

    def __str__(self) -> str:
        lines = [f"{'h':>10}  {'(f(x + h) - f(x))/h':>22}  {'error':>10}"]
        lines += [f"{row.h:>10g}  {row.quotient:>22.12g}  {row.error:>10.2g}" for row in self.rows]
        return "\n".join([*lines, f"{'exact':>10}  {self.exact:>22.12g}"])


def difference_table(
    f: str | Expr, wrt: Any, at: Mapping[Any, Any], steps: Sequence[Fraction | float] = STEPS
) -> DifferenceTable:
    """Return the difference quotients of f at a point for each step h, worked out with 50 digits.

    UsageError where a variable has no value; DomainError where f has no real value near the point.

    >>> print(difference_table("x^2", "x", {"x": 3}, [0.1, 0.01]))
             h     (f(x + h) - f(x))/h       error
           0.1                     6.1         0.1
          0.01                    6.01        0.01
         exact                       6
    """
    question = read_question(f)
    (variable,) = question.variables_for(wrt)
    values = read_values(at)
    missing = [s.name for s in question.variables() if s.name not in values]
    if missing:
        raise UsageError(f"There is no value for {', '.join(missing)}.", hint="Give one with --at, as in --at x=2.")
    derivation = derive(question, variable, at=at)
    here = _point(values)
    exact = evaluate(derivation.last, here)
    value = evaluate(question.tree, here)
    rows = []
    for step in steps:
        h = number(Fraction(str(step)) if isinstance(step, float) else Fraction(step))
        moved = _point({**values, variable.name: Plus(values[variable.name], h)})
        quotient = (evaluate(question.tree, moved) - value) / evaluate(h, {})
        rows.append(DifferenceRow(float(number_value(h) or 0), float(quotient), float(abs(quotient - exact))))
    return DifferenceTable(derivation, tuple(values.items()), float(value), float(exact), tuple(rows))


def _point(values: Mapping[str, Tree]) -> dict[Any, Any]:
    return {symbol(name): evaluate(value, {}) for name, value in values.items()}


__all__ = ["DifferenceRow", "DifferenceTable", "difference_table"]
