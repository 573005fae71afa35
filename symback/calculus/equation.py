"""An equation as it is given: a text, SymPy's Eq, or one that was read before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy.core.relational import Equality

from symback.errors import UsageError
from symback.syntax import Equation, read_equation
from symback.syntax.convert import from_sympy


def as_equation(given: Any, names: Iterable[str] = ()) -> Equation:
    """Return an equation with both sides as trees; ParseError where a text is none.

    >>> as_equation("x^2 + y^2 = 25").right
    25
    """
    if isinstance(given, str):
        return read_equation(given, names)
    if isinstance(given, Equality):
        return Equation(from_sympy(given.lhs), from_sympy(given.rhs))
    if isinstance(given, Equation):
        return given
    raise UsageError("An equation is a text with an equals sign, or SymPy's Eq.", hint="Write 'x^2 + y^2 = 25'.")
