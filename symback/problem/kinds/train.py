"""The kind `train`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symback.problem import fields as f
from symback.problem.kind import Kind
from symback.problem.values import Refused

if TYPE_CHECKING:
    from symback.problem.exercise import Exercise
    from symback.problem.sheet import Problem


class Train(Kind):
    """Gradient descent on a network; an input without data is a parameter."""

    does = "Train a network that a TOML file describes, by gradient descent."
    example = "graph = 'L = mse(w x + b, y)' and data = {x = [1, 2], y = [2, 3]}"
    said_by = ("graph", "data")

    graph = f.Maths("The graph, ending with the loss.")
    data = f.Data("A table of arrays, or the name of a .csv or .npz file beside the sheet.", None)
    validation = f.Validation("Data that are not trained on, or the part of the data that is kept out.", None)
    constants = f.Arrays("Values that stay as they are.", None)
    parameters_start = f.Arrays("Initial values of parameters; the others are drawn.", None)
    loss = f.Maths("The node to make small (the last one).", None)
    accuracy = f.Accuracy("The node that predicts, for the accuracy; false for none.", None)
    labels = f.Maths("What is right, by its name (what the loss compares with).", None)
    method = f.Choice("After how many examples.", "full", words=("full", "stochastic", "mini-batch"))
    batch = f.Positive("The examples of a mini-batch.", 32)
    learning_rate = f.Rate("The step along the gradient.", None)
    momentum = f.Points("The part of the last step that is added, from 0 up to, not, 1.", None)
    adam = f.Flag("Use the method Adam.", False)
    epochs = f.Whole("The most passes through the data.", 100)
    tolerance = f.Points("By how much the loss has to fall.", None)
    patience = f.Positive("In how many epochs it has to fall.", 50)
    best = f.Flag("Keep the parameters of the epoch with the least loss.", False)
    seed = f.Whole("Random seed for initial values and shuffling.", 0)
    axis = f.Whole("The axis of the data along which the examples stand.", 0)

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        if given.get("momentum", 0) >= 1:
            yield Refused("must be below 1", path=("momentum",))
        if given.get("adam") and given.get("momentum"):
            yield Refused("has a momentum of its own", "Leave one of adam and momentum out.", ("adam",))

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problem.exercises.training import Training

        return Training(problem)
