"""A whole training beside one that is written by hand: a classifier of rows like small pictures, in mini-batches.

Both go through the same rows in the same order, from the same weights, and after every epoch both work out the loss and
the accuracy over all rows; their losses are compared before anything is timed. What symback does once, to differentiate
the graph and to write its code, is part of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

import numpy as np

from benchmarks import Row, take_turns
from symback.graph.graph import Graph
from symback.graph.networks import mlp
from symback.train import train

ROWS, SIZES, BATCH, EPOCHS, RATE = 1797, (64, 32, 10), 32, 60, 0.1
Values = dict[str, Any]


def digits(seed: int = 0) -> tuple[Any, Any]:
    """Return rows of 64 numbers and their classes: ten blurred pictures, with noise."""
    random = np.random.default_rng(seed)
    pictures = random.uniform(0, 1, size=(SIZES[-1], SIZES[0]))
    classes = random.integers(0, SIZES[-1], size=ROWS)
    return pictures[classes] + random.normal(scale=0.6, size=(ROWS, SIZES[0])), classes


def order_of_rows(seed: int) -> Any:
    """Return the random numbers that shuffle the rows of each epoch, as `symback.train` draws them."""
    return np.random.default_rng([seed, 1])


# --- by hand ---------------------------------------------------------------------------------------------------------


def measured(values: Values, x: Any, classes: Any) -> tuple[float, float]:
    """Return the cross-entropy and the accuracy over all rows."""
    z = np.maximum(x @ values["W1"] + values["b1"], 0) @ values["W2"] + values["b2"]
    z -= z.max(axis=1, keepdims=True)
    losses = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(x)), classes]
    return float(losses.mean()), float(np.mean(z.argmax(axis=1) == classes))


def step(values: Values, x: Any, classes: Any) -> None:
    """Take a step of gradient descent on some rows: plain NumPy without tricks."""
    w1, b1, w2, b2 = (values[name] for name in ("W1", "b1", "W2", "b2"))
    hidden = np.maximum(x @ w1 + b1, 0)
    z = hidden @ w2 + b2
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    d = e / e.sum(axis=1, keepdims=True)
    d[np.arange(len(x)), classes] -= 1
    d /= len(x)
    back = (d @ w2.T) * (hidden > 0)
    w2 -= RATE * (hidden.T @ d)
    b2 -= RATE * d.sum(axis=0)
    w1 -= RATE * (x.T @ back)
    b1 -= RATE * back.sum(axis=0)


def trained_by_hand(start: Values, x: Any, classes: Any, seed: int = 0) -> list[tuple[float, float]]:
    """Train, and return the loss and the accuracy before each epoch and after the last."""
    values = {name: value.copy() for name, value in start.items()}
    random = order_of_rows(seed)
    course = []
    for _ in range(EPOCHS):
        course.append(measured(values, x, classes))
        order = random.permutation(len(x))
        for at in range(0, len(x), BATCH):
            rows = order[at : at + BATCH]
            step(values, x[rows], classes[rows])
    return [*course, measured(values, x, classes)]


# --- the table -------------------------------------------------------------------------------------------------------

SETTINGS: dict[str, Any] = {
    "method": "mini-batch",
    "batch": BATCH,
    "lr": RATE,
    "epochs": EPOCHS,
    "patience": EPOCHS + 1,
}


def trained(graph: Graph, start: Values, data: Values) -> Any:
    """Train with symback."""
    return train(graph, data, start, **SETTINGS)


def rows(passes: int = 5) -> Iterator[Row]:
    """Measure, and yield the lines of the table."""
    x, classes = digits()
    text = mlp(SIZES, hidden="relu", loss="cross_entropy").text
    data = {"X": x, "y": classes}
    start = dict(train(Graph(text), data, epochs=0).parameters)
    history = trained(Graph(text), start, data)
    by_hand = trained_by_hand(start, x, classes)
    np.testing.assert_allclose(history.losses, [loss for loss, _ in by_hand], rtol=1e-8)
    np.testing.assert_allclose(history.accuracies, [right for _, right in by_hand])
    times = take_turns(
        {
            "symback": seconds(lambda: trained(Graph(text), start, data)),
            "by hand": seconds(lambda: trained_by_hand(start, x, classes)),
        },
        passes,
    )
    own = times["symback"].least
    name = f"train: {'-'.join(map(str, SIZES))}, {ROWS:,} rows, batches of {BATCH}, {EPOCHS} epochs"
    yield Row(name, own / times["by hand"].least, f"NumPy by hand, with the same losses ({own:.2f} s)", 1.3)


def seconds(work: Callable[[], object]) -> Callable[[], float]:
    """Return a task that works once and returns its CPU seconds."""

    def task() -> float:
        start = process_time()
        work()
        return process_time() - start

    return task
