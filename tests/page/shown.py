"""Blocks whose formulas are LaTeX, for tests: made from strings, and made of whatever was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symback.page.formula.value import NOTHING, Formula, typed
from symback.page.page import Equation, Maths


def equation(left: str, links: Sequence[str], rule: str = "", letters: Sequence[str] = (), more: Any = ()) -> Equation:
    """Return an equation whose formulas are given as LaTeX."""
    return Equation(_formula(left), tuple(map(typed, links)), rule, tuple(map(typed, letters)), more)


def maths(latex: str) -> Maths:
    return Maths(typed(latex))


def _formula(latex: str) -> Formula:
    return typed(latex) if latex else NOTHING


def in_latex(found: Any) -> Any:
    """Return blocks with every formula in them as the LaTeX that it is written in."""
    if isinstance(found, Formula):
        return _formula(found.latex)
    if isinstance(found, tuple) and hasattr(found, "_make"):
        return type(found)._make(map(in_latex, found))  # type: ignore[attr-defined]
    return type(found)(map(in_latex, found)) if isinstance(found, (list, tuple)) else found
