"""The kind `backprop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problem import fields as f
from symback.problem.kind import Kind

if TYPE_CHECKING:
    from symback.problem.exercise import Exercise
    from symback.problem.sheet import Problem


class Backprop(Kind):
    """Forward and backward through a computation graph."""

    does = "Work out the gradients of a computation graph or a network."
    example = "graph = 'd = 2b; e = a + d; L = c e'"
    said_by = ("graph",)

    graph = f.Maths("The graph, one assignment a line.")
    at = f.PointsOfGraph("Values by name: numbers and arrays; a list of such tables for several forward passes.", None)
    wrt = f.Texts("The names to differentiate by (all inputs).", None)
    loss = f.Maths("The node that is differentiated (the last one).", None)
    learning_rate = f.Rate("Add a step of gradient descent with this rate.", None)
    layout = f.Layout("How a vector by a number and a matrix are laid out.", "denominator")
    exact = f.Flag("Work with fractions as far as they go.", False)
    function = f.Flag("Also write the graph as one expression.", False)
    forward_only = f.Flag("Leave the backward pass out.", False)

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problem.exercises.graphs import Backpropagation

        return Backpropagation(problem)
