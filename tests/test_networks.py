"""The usual networks: their text, their shapes, and that they learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symback.errors import UsageError
from symback.graph.graph import Graph
from symback.graph.networks import attention, cnn, gru, lstm, mlp, rnn, transformer_block
from symback.train import train


def random_values(graph: Graph, seed: int = 0, **data: Any) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    shapes = {name: graph.source.shapes.get(name, ()) for name in graph.inputs if name not in data}
    return {**{name: random.normal(size=shape) for name, shape in shapes.items()}, **data}


@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid", "gelu", "softplus"])
@pytest.mark.parametrize("loss", ["mse", "bce", "cross_entropy"])
def test_a_network_has_the_gradients_that_it_should(hidden: str, loss: str) -> None:
    graph = mlp([4, 5, 3, 2], hidden=hidden, loss=loss)
    random = np.random.default_rng(1)
    values = random_values(graph, X=random.normal(size=(6, 4)), y=np.eye(2)[random.integers(0, 2, 6)])
    b = graph.backprop(at=values, wrt=["W1", "b1", "W2", "b2", "W3", "b3"])
    assert b.check.verdict == "verified"
    assert {name: np.shape(value) for name, value in b.values.items()} == {
        "W1": (4, 5), "b1": (5,), "W2": (5, 3), "b2": (3,), "W3": (3, 2), "b3": (2,),
    }  # fmt: skip


def test_the_network_of_the_front_page() -> None:
    graph = mlp([784, 128, 10], hidden="relu", loss="cross_entropy")
    random = np.random.default_rng(0)
    values = random_values(graph, X=random.normal(size=(64, 784)), y=random.integers(0, 10, 64))
    values |= {name: values[name] / 20 for name in ("W1", "W2")}
    loss, gradients = graph.lambdify("L", wrt=["W1", "b2"])(values)
    assert loss == pytest.approx(graph.forward(values)["L"])
    assert gradients["W1"].shape == (784, 128)


@pytest.mark.parametrize("steps", [1, 2, 5])
@pytest.mark.parametrize("batch", [(), (3,)])
def test_a_recurrent_network_over_vectors_and_over_batches(steps: int, batch: tuple[int, ...]) -> None:
    graph = rnn(inputs=2, width=4, steps=steps, outputs=3)
    random = np.random.default_rng(2)
    x, y = random.normal(size=(steps, *batch, 2)), random.normal(size=(steps, *batch, 3))
    values = random_values(graph, x=x, y=y)
    h = np.zeros((*batch, 4))
    loss = 0.0
    for t in range(steps):
        h = (
            np.tanh(x[t] @ values["Wx"] + h @ values["Wh"] + values["b"])
            if t
            else np.tanh(x[0] @ values["Wx"] + values["b"])
        )
        loss += float(np.mean((h @ values["V"] + values["c"] - y[t]) ** 2)) / steps
    b = graph.backprop(at=values, wrt=["Wx", "b", "V"])
    assert b.forward["L"] == pytest.approx(loss)
    assert b.check.verdict == "verified"


def test_a_recurrent_network_remembers() -> None:
    """Each output is the input two steps before."""
    x = np.random.default_rng(3).normal(size=(8, 40, 1))
    y = np.concatenate([np.zeros((2, 40, 1)), x[:-2]])
    history = train(rnn(inputs=1, width=8, steps=8), {"x": x, "y": y}, adam=True, lr=0.02, epochs=600)
    assert history.losses[-1] < 0.03 * history.losses[0]


def test_a_network_names_what_it_cannot_be() -> None:
    for wrong in ([3], [2, 0, 1], [2, 1.5], [2] * 200):
        with pytest.raises(UsageError):
            mlp(wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="hidden"):
        mlp([2, 3, 1], hidden="nothing")
    with pytest.raises(UsageError, match="max"):
        mlp([2, 3, 1], hidden="max")
    with pytest.raises(UsageError, match="loss"):
        rnn(1, 2, 3, loss="hinge")
    with pytest.raises(UsageError, match="steps"):
        rnn(1, 2, 10_000)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: lstm(2, 0, 3), "sizes must be whole numbers"),
        (lambda: lstm(2, 3, 0), "steps must be whole numbers"),
        (lambda: lstm(2, 3, 3, batch="h"), "h is the name of something else"),
        (lambda: lstm(2, 3, 3, batch="batch"), "batch must be a whole number or a letter"),
        (lambda: gru(2, 3, 3, batch="n"), "n is the name of something else"),
        (lambda: gru(2, 3, 3, batch=2.5), "batch must be whole numbers"),
        (lambda: gru(2, 3, 3, loss="hinge"), "loss cannot be 'hinge'"),
        (lambda: cnn([8, 8], 2, 3), "channels, rows and columns"),
        (lambda: cnn([1, 8, 8], [], 3), "layers of filters"),
        (lambda: cnn([1, 8, 8], 2, 3, kernel=9), "Layer 1 leaves nothing of 8 rows"),
        (lambda: cnn([1, 8, 8], [2, 2], 3), "Layer 2 leaves nothing of 3 rows"),
        (lambda: cnn([1, 8, 8], 2, 3, hidden="max"), "hidden cannot be 'max'"),
        (lambda: attention(6, 4, heads=3), "4 columns cannot be shared out to 3 heads"),
        (lambda: attention(6, 4, mask="tail"), "mask cannot be 'tail'"),
        (lambda: attention("Q", 4), "Q is the name of something else"),
        (lambda: transformer_block(4, 8, inner=0), "inner must be whole numbers"),
        (lambda: transformer_block(4, 8, loss="none"), "loss cannot be 'none'"),
    ],
)
def test_sizes_and_words_that_no_network_has(wrong: Callable[[], Graph], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        wrong()


def test_a_gated_network_of_any_batch_remembers() -> None:
    """It tells whether the first of its five inputs was positive."""
    random = np.random.default_rng(4)
    x = random.normal(size=(40, 5, 1)).transpose(1, 0, 2)
    y = (x[0] > 0) * 1.0
    history = train(gru(1, 6, steps=5, loss="bce", batch="B"), {"x": x, "y": y}, adam=True, lr=0.03, epochs=120)
    assert history.losses[-1] < 0.1 < 0.5 < history.losses[0]
