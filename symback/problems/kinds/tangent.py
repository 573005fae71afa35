"""The kind `tangent`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.file import fields as f
from symback.problems.kind import Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Tangent(Kind):
    """The tangent of a function or of a curve at a point: a line, or a plane."""

    does = "Find the tangent line or plane at a point, and what it approximates."
    usage = """Find the tangent of EXPR at a point: a line, or the plane of a function of two variables.

    \b
    symback tangent "x^2" --at x=2
    symback tangent "x^2" --at x=2 --normal
    symback tangent "sqrt(x)" --at x=4 --near x=4.1     the linear approximation and its error
    symback tangent "x^2 y" --at x=1,y=2
    symback tangent "x^2 + y^2 = 25" --at x=3,y=4       a curve that an equation gives

    If EXPR is - or missing, each line of standard input is one problem.
    """
    example = "expr = 'x^2' and at = {x = 2}"

    expr = f.Expression("The function, as in 'x^2' or 'x^2 y', or an equation such as 'x^2 + y^2 = 25'.")
    at = f.Point("Where it is touched, as in {x = 2}.", option="Where it is touched: --at x=2 or --at x=1,y=2.")
    normal = f.Flag("The normal too, which is the answer then.", False)
    near = f.Point(
        "A point near it, at which tangent and function are compared.",
        None,
        option="A point near it, at which tangent and function are compared: --near x=2.1.",
    )

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.curves import Tangent

        return Tangent(problem)
