"""Difference quotients beside the derivative: (f(x + h) - f(x))/h for a falling h, and how far each is off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from mpmath import mp
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.derive import derive
from symback.calculus.question import Question, names_in, read_question, read_values
from symback.errors import UsageError
from symback.expr.rule import Derivation
from symback.expr.tree import Plus, Tree, number, symbol
from symback.hints import mention
from symback.result import Result
from symback.verify import Undefined, evaluate
from symback.verify.compare import unknown_functions

STEPS = tuple(Fraction(1, 10**k) for k in range(1, 7))
DIGITS = 50


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One row of the table: the step h, the difference quotient, and its distance from the derivative (floats)."""

    h: float
    quotient: float
    error: float


@dataclass(frozen=True, repr=False)
class DifferenceTable(Result):
    """The table for one function and point; `exact` is the derivative there, `derivation` how it was found."""

    kind: ClassVar[str] = "differences"
    title: ClassVar[str] = "Derivative"
    derivation: Derivation
    variable: Symbol
    variables: tuple[Symbol, ...]
    point: tuple[tuple[Symbol, Tree], ...]
    value: float
    exact: float
    rows: tuple[DifferenceRow, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes of the derivation."""
        return self.derivation.notes

    def verify(self) -> Any:
        """Check the derivation; see `symback.verify.verify`."""
        return self.derivation.verify()

    def about(self) -> str:
        """Return the derivative, and how many differences there are."""
        return f"{len(self.rows)} differences, {self.derivation.about()}"


def difference_table(
    f: str | Expr,
    wrt: Any = None,
    at: Mapping[Any, Any] | None = None,
    steps: Sequence[Fraction | float] = STEPS,
    *,
    strategy: str = "textbook",
    names: Iterable[str] = (),
) -> DifferenceTable:
    """Return the difference quotients of f at a point for each step h, computed with 50 digits.

    A step at which f has no real value is left out. UsageError if a variable has no value or there are several to
    differentiate by; DomainError if f has no real value near the point.

    >>> print(difference_table("x^2", "x", {"x": 3}, [0.1, 0.01]))
      d/dx [x²] = 2x       power rule   n = 2
                = 2 · 3    substitute   x = 3
                = 6        multiply numbers
    <BLANKLINE>
      h       (f(x + h) - f(x))/h   error
      0.1     6.1                   0.1
      0.01    6.01                  0.01
      exact   6
      ✓ verified at 12 points
    """
    question = read_question(f, names, variables=names_in(wrt)).posed().with_originals(wrt, at)
    variable = _only(question.passes(wrt))
    question = question._replace(asked=())
    unknown = unknown_functions(question.tree)
    if unknown:
        hint = f"Define it, as in y = {unknown[0]}(2x); {unknown[0]}(x) = x^2."
        raise UsageError(f"{unknown[0]} is not known, so there are no numbers to compare.", hint=hint)
    values = _complete(question, variable, read_values(at or {}))
    derivation = derive(question, variable, at=values, strategy=strategy)
    with mp.workdps(DIGITS):
        exact, value = evaluate(derivation.last, _point(values)), evaluate(question.tree, _point(values))
        rows = tuple(_rows(question.tree, variable.name, values, exact, steps))
    variables = tuple(question.variables())
    return DifferenceTable(derivation, variable, variables, derivation.point, float(value), float(exact), rows)


def _rows(
    tree: Tree, variable: str, values: Mapping[str, Tree], exact: Any, steps: Sequence[Fraction | float]
) -> Iterator[DifferenceRow]:
    here = evaluate(tree, _point(values))
    for step in steps:
        h = Fraction(str(step)) if isinstance(step, float) else Fraction(step)
        moved = _point({**values, variable: Plus(values[variable], number(h))})
        with suppress(Undefined):
            quotient = (evaluate(tree, moved) - here) / evaluate(number(h), {})
            yield DifferenceRow(float(h), float(quotient), float(abs(quotient - exact)))


def _only(variables: Sequence[Symbol]) -> Symbol:
    if len(variables) > 1:
        names = ", ".join(v.name for v in variables)
        raise UsageError(
            f"A difference quotient is by one variable, not by {names}.", hint=f"Give one with {mention('wrt')}."
        )
    return variables[0]


def _complete(question: Question, variable: Symbol, values: dict[str, Tree]) -> dict[str, Tree]:
    missing = [s.name for s in dict.fromkeys((*question.variables(), variable)) if s.name not in values]
    if missing:
        raise UsageError(
            f"There is no value for {', '.join(missing)}.", hint=f"Give one with {mention('at', f'{missing[0]}=2')}."
        )
    return values


def _point(values: Mapping[str, Tree]) -> dict[Any, Any]:
    return {symbol(name): evaluate(value, {}) for name, value in values.items()}


__all__ = ["DifferenceRow", "DifferenceTable", "difference_table"]
