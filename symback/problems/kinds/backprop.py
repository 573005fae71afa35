"""The kind `backprop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.file import fields as f
from symback.problems.kind import ASSUME, Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Backprop(Kind):
    """Forward and backward through a computation graph."""

    does = "Work out the gradients of a computation graph or a network."
    usage = """Work out the gradients of a graph, forward and backward, one labelled step at a time.

    \b
    symback backprop "d = 2b; e = a + d; L = c e" --at a=3,b=1,c=-2
    symback backprop "z = W @ x + b; L = sum(z^2)" --at "W=[[1,0],[2,1]]; x=[1,2]; b=[0,1]" --wrt W,b
    symback backprop network.txt --values weights.npz --lr 0.1
    symback backprop "c = a+b; d = b+1; e = c d" --at a=2,b=1 -o graph.svg

    A graph has one assignment per line, or several separated by semicolons. `-` reads it from standard input.
    """
    takes = "graph"
    details = ("brief", "normal", "full", "proof")
    details_say = "brief shows the gradients alone, full one step per line; proof derives the laws by indices."
    writes = ("svg", "dot")
    picture = "graph"
    draws = True
    example = "graph = 'd = 2b; e = a + d; L = c e'"
    said_by = ("graph",)

    graph = f.Graph("The graph, one assignment per line.")
    at = f.PointsOfGraph(
        "Values by name: numbers and arrays; a list of such tables for several forward passes.",
        None,
        option='Values: --at a=3,b=1 or --at "x=[1,2]; W=[[1,0],[0,1]]".',
    )
    loss = f.Name("The node to differentiate (default: the last).", None)
    wrt = f.Texts("The nodes to differentiate by (default: all inputs).", None)
    learning_rate = f.Rate("Show a step of gradient descent with this learning rate.", None, spelled="lr")
    layout = f.Layout(
        "denominator: a gradient has the shape of what it is taken by; numerator: it is transposed.", "denominator"
    )
    given = f.Arrays(
        "The gradient of a loss that is not in the graph: {'dL/dz' = [1, -2]}, or a letter for it.", {}, option=None
    )
    exact = f.Flag("Keep fractions as fractions.", False)
    function = f.Flag("Also write the graph as one expression.", False, option=None)
    assume = f.Assumptions(ASSUME, (), option=None)
    forward_only = f.Flag("Leave the backward pass out.", False, option=None)

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        if problem.asked.get("given"):
            from symback.problems.exercises.upstream import FromGradient

            return FromGradient(problem)
        from symback.problems.exercises.graphs import Backpropagation

        return Backpropagation(problem)
