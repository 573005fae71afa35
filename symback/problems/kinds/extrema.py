"""The kind `extrema`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.file import fields as f
from symback.problems.kind import Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Extrema(Kind):
    """Minima, maxima and saddle points, step by step; the answer has one list of points for each type."""

    does = "Find minima, maxima and saddle points, one labelled step at a time."
    usage = """Find minima, maxima and saddle points of EXPR, one labelled step at a time.

    \b
    symback extrema "x^3 - 3x"
    symback extrema "x^2 - 4x + 1" --on 0,3              on a closed interval
    symback extrema "x^3 + y^3 - 3x y"                   by the Hessian matrix
    symback extrema "x y" --subject-to "x^2 + y^2 = 8"   by a Lagrange multiplier

    If EXPR is - or missing, each line of standard input is one problem.
    """
    example = "expr = 'x^3 - 3x'"

    expr = f.Expression("The function, as in 'x^3 - 3x' or 'f(x, y) = x^2 + y^2'.")
    wrt = f.Texts("The variables, where the function has other letters too.", None, option="The variables: --wrt x,y.")
    on = f.Interval(
        "The ends of an interval, as in [0, 3] or '0, pi'.", None, option="A closed interval, as in --on 0,3."
    )
    subject_to = f.Equation(
        "A constraint, as in 'x^2 + y^2 = 25'.", None, option="A constraint, as in --subject-to 'x^2 + y^2 = 25'."
    )

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.extrema import FindExtrema

        return FindExtrema(problem)
