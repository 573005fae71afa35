"""The kind `directional`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.file import fields as f
from symback.problems.kind import AT, AT_TYPED, EXPR, WRT, WRT_TYPED, Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Directional(Kind):
    """The slope of a function in a direction."""

    does = "Find the slope of a function in a direction."
    usage = """Find the slope of EXPR in a direction.

    \b
    symback directional "x^2/2 + y^2" --direction 3,4
    symback directional "x^2/2 + y^2" --direction -1/2,1 --at x=-0.8,y=0.4
    """
    writes = ("svg",)
    picture = "contour"
    example = "expr = 'x^2/2 + y^2' and direction = [3, 4]"
    said_by = ("expr", "direction")

    expr = f.Expression(EXPR)
    direction = f.Direction(
        "The direction, as in [3, 4] or ['1/2', 1].", option="The direction, as in --direction 3,4."
    )
    wrt = f.Texts(WRT, None, option=WRT_TYPED)
    at = f.Point(AT, None, option=AT_TYPED)

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.tables import Slope

        return Slope(problem)
