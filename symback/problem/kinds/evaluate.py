"""The kind `evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problem import fields as f
from symback.problem.kind import EXPR, Kind

if TYPE_CHECKING:
    from symback.problem.exercise import Exercise
    from symback.problem.sheet import Problem


class Evaluate(Kind):
    """The value of an expression at a point."""

    example = "expr = 'x^2 + 1' and at = {x = '1/2'}"

    expr = f.Maths(EXPR)
    at = f.Point("The values of the variables, as in {x = 2, y = '1/2'}.", None)

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problem.exercises.expressions import Evaluate

        return Evaluate(problem)
