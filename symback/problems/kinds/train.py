"""The kind `train`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symback.problems.file import fields as f
from symback.problems.file.values import Refused
from symback.problems.kind import Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Train(Kind):
    """Gradient descent on a network; an input without data is a parameter."""

    does = "Train a network that a TOML file describes, by gradient descent."
    usage = """Train the network that the TOML file FILE describes.

    \b
    symback train xor.toml
    symback train xor.toml --epochs 2000 -o trained.json
    symback train xor.toml -o curve.svg
    symback train xor.toml -o weights.npz

    FILE has the keys of a problem of the kind train: KEYS. An input without data is a parameter. A progress bar is
    shown when stderr is a terminal. Ctrl-C stops the training; the parameters reached so far are printed and written.
    """
    takes = "file"
    options = ("epochs", "seed")
    details_say = "brief leaves out the parameters."
    writes = ("svg", "npz")
    example = "graph = 'L = mse(w x + b, y)' and data = {x = [1, 2], y = [2, 3]}"
    said_by = ("graph", "data")

    graph = f.Graph("The graph, ending with the loss.")
    data = f.Data("A table of arrays, or the name of a .csv or .npz file beside the sheet.", None)
    validation = f.Validation("Data that are not trained on, or the part of the data that is kept out.", None)
    constants = f.Data("Values that stay as they are.", None)
    parameters_start = f.Data("Initial values of parameters; the others are drawn.", None)
    loss = f.Name("The node to minimise (default: the last).", None)
    accuracy = f.Accuracy("The node that predicts, for the accuracy; false for none.", None)
    labels = f.Name("The node with the right labels (default: the one in the loss).", None)
    method = f.Choice(
        "After how many examples the parameters change.", "full", words=("full", "stochastic", "mini-batch")
    )
    batch = f.Positive("How many examples a mini-batch has.", 32)
    learning_rate = f.Rate("The step along the gradient: a number, or a formula in the epoch t.", None)
    momentum = f.Points("The part of the last step that is added: from 0 to below 1.", None)
    adam = f.Flag("Use the method Adam.", False)
    epochs = f.Whole("Maximum number of epochs.", 100, option="Maximum number of epochs (default: as FILE says).")
    tolerance = f.Points("Stop when the loss has improved by less than this in `patience` epochs.", None)
    patience = f.Positive("See tolerance.", 50)
    best = f.Flag("Keep the parameters of the epoch with the least loss.", False)
    seed = f.Whole(
        "Random seed for initial values and shuffling.",
        0,
        option="Random seed for initial values and shuffling (default: as FILE says).",
    )
    axis = f.Whole("The axis of the data that counts the examples.", 0)

    show = f.Choice(
        "steps: a table of parameters, gradient, step and loss for each epoch.", None, words=("steps",), option=None
    )

    @classmethod
    def help(cls) -> str:
        return cls.usage.replace("KEYS", ", ".join(cls.fields))

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        if given.get("momentum", 0) >= 1:
            yield Refused("must be below 1", path=("momentum",))
        if given.get("adam") and given.get("momentum"):
            yield Refused("has a momentum of its own", "Leave one of adam and momentum out.", ("adam",))

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.training import Training

        return Training(problem)
