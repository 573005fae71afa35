"""The kind `derive`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symback.problem import fields as f
from symback.problem.kind import AT, EXPR, WRT, Kind
from symback.problem.values import Refused

if TYPE_CHECKING:
    from symback.problem.exercise import Exercise
    from symback.problem.sheet import Problem


class Derive(Kind):
    """A derivative, step by step."""

    example = "expr = '3x^2 y'"
    said_by = ("expr",)

    expr = f.Maths(EXPR)
    wrt = f.Texts(f"{WRT} ['x', 'y'] asks for one derivative each, ['x,y'] for the mixed one.", None)
    order = f.Order("How often to differentiate.", 1)
    at = f.Point(AT, None)
    strategy = f.Choice(
        "literal uses the rule that the written form asks for.", "textbook", words=("textbook", "literal")
    )
    differences = f.Flag("Add a table of difference quotients at the point.", False)

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        if given.get("differences") and not given.get("at"):
            yield Refused("needs a point", "Add at, as in at = {x = 2}.", ("differences",))
        if given.get("differences") and given.get("order", 1) > 1:
            yield Refused("belongs to a first derivative", "Leave order or differences out.", ("differences",))

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problem.exercises.expressions import Derive

        return Derive(problem)
