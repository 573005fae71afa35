"""The kind `gradient`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.file import fields as f
from symback.problems.kind import AT, AT_TYPED, EXPR, WRT, WRT_TYPED, Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Gradient(Kind):
    """All first partial derivatives of a function."""

    does = "Find all first partial derivatives of a function."
    usage = """Find all first partial derivatives of EXPR.

    \b
    symback gradient "x y^2 + 3x^2 z"
    symback gradient "x y^2 + 3x^2 z" --wrt x,y --at x=1,y=0,z=2
    symback gradient "x^2 + 3y^2" --at x=1,y=1 -o contour.svg
    """
    writes = ("svg",)
    picture = "contour"
    example = "expr = 'x^2 y'"

    expr = f.Expression(EXPR)
    wrt = f.Texts(WRT, None, option=WRT_TYPED)
    at = f.Point(AT, None, option=AT_TYPED)
    layout = f.Layout("denominator: a column; numerator: a row.", "denominator")

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.tables import Gradient

        return Gradient(problem)
