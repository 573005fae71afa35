"""The kind `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.file import fields as f
from symback.problems.kind import ASSUME, GRAPH, Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Show(Kind):
    """Two sides of an equation, worked until they meet."""

    example = "left = 'd/dx [x^2]' and right = 'x + x'"
    said_by = ("left", "right")

    left = f.Side("The left side, as in 'd/dx [1/(1 + e^-x)]'; on a graph a gradient such as 'dL/dz'.")
    right = f.Side("The right side, as in 's(x)(1 - s(x))'.")
    where = f.Where("Definitions of functions in both sides, as in 's(x) = 1/(1 + e^-x)'.", "")
    graph = f.Graph(GRAPH, None)
    at = f.PointsOfGraph("Values of the graph's inputs.", None)
    assume = f.Assumptions(ASSUME, ())

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        if problem.asked.get("graph") is not None:
            from symback.problems.exercises.shows_of_graphs import GradientIs

            return GradientIs(problem)
        from symback.problems.exercises.shows import ShowThat

        return ShowThat(problem)
