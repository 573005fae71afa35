"""The kind `directional`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problem import fields as f
from symback.problem.kind import AT, EXPR, WRT, Kind

if TYPE_CHECKING:
    from symback.problem.exercise import Exercise
    from symback.problem.sheet import Problem


class Directional(Kind):
    """The slope of a function in a direction."""

    example = "expr = 'x^2/2 + y^2' and direction = [3, 4]"
    said_by = ("expr", "direction")

    expr = f.Maths(EXPR)
    direction = f.Direction("The direction, as in [3, 4] or ['1/2', 1].")
    wrt = f.Texts(WRT, None)
    at = f.Point(AT, None)

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problem.exercises.tables import Slope

        return Slope(problem)
