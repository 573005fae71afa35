"""The kind `evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.file import fields as f
from symback.problems.kind import ASSUME, AT_TYPED, EXPR, GIVEN, Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Evaluate(Kind):
    """The value of an expression at a point."""

    does = "Work out the value of an expression at a point."
    usage = """Work out the value of EXPR at a point, exactly and as a decimal number.

    \b
    symback evaluate "x^2 + 1" --at x=1/2
    symback evaluate "-(y ln p + (1-y) ln(1-p))" --at y=0,p=0.886
    """
    example = "expr = 'x^2 + 1' and at = {x = '1/2'}"

    expr = f.Expression(EXPR)
    at = f.Point("The values of the variables, as in {x = 2, y = '1/2'}.", None, option=AT_TYPED)
    given = f.Given(GIVEN, None, option=None)
    assume = f.Assumptions(ASSUME, (), option=None)

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.expressions import Evaluate

        return Evaluate(problem)
