"""The kind `taylor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.file import fields as f
from symback.problems.kind import Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Taylor(Kind):
    """A Taylor polynomial, with the table of derivatives and the remainder."""

    does = "Expand a function into its Taylor polynomial about a point."
    usage = """Expand EXPR into its Taylor polynomial: derivatives, their values, the table, the remainder.

    \b
    symback taylor "e^x" --about x=0 --order 4
    symback taylor "ln x" --about x=1 --order 3
    symback taylor "e^(k t)" --about t=0

    If EXPR is - or missing, each line of standard input is one problem.
    """
    example = "expr = 'e^x' and about = {x = 0}"

    expr = f.Expression("The function, as in 'e^x' or 'f(x) = ln x'.")
    about = f.Place("The point that it is expanded about, as in {x = 0}.", 0, option="The point, as in --about x=0.")
    order = f.Order("The highest derivative.", 4)

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.curves import Taylor

        return Taylor(problem)
