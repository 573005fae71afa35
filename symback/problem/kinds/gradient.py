"""The kind `gradient`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problem import fields as f
from symback.problem.kind import AT, EXPR, WRT, Kind

if TYPE_CHECKING:
    from symback.problem.exercise import Exercise
    from symback.problem.sheet import Problem


class Gradient(Kind):
    """All first partial derivatives of a function."""

    example = "expr = 'x^2 y'"

    expr = f.Maths(EXPR)
    wrt = f.Texts(WRT, None)
    at = f.Point(AT, None)
    layout = f.Layout("denominator: a column; numerator: a row.", "denominator")

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problem.exercises.tables import Gradient

        return Gradient(problem)
