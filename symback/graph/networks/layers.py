"""A network of fully connected layers."""

from __future__ import annotations

from collections.abc import Sequence

from symback.errors import UsageError
from symback.graph.graph import Graph
from symback.graph.networks.sizes import MOST_LAYERS, Size, by, check_function, checked, checked_size, output


def mlp(sizes: Sequence[int], hidden: str = "tanh", loss: str = "mse", *, batch: Size | None = None) -> Graph:
    """Return a network of fully connected layers: `sizes` are the numbers of inputs, hidden neurons and outputs.

    Its inputs are X and y with one row per example (y may be class numbers for cross_entropy); W1, b1, W2, b2 and so on
    are the parameters, yhat the outputs, L the loss. `hidden` is any function of one number. `loss` is mse with linear
    outputs, bce with sigmoid outputs, or cross_entropy with softmax. `batch`, a number or a letter, declares the shapes
    of X and y, so that the graph can be derived without values.

    >>> print(mlp([2, 3, 1], hidden="relu").text)
    W1: 2x3
    b1: 3
    W2: 3x1
    b2: 1
    h1 = relu(X @ W1 + b1)
    yhat = h1 @ W2 + b2
    L = mse(yhat, y)
    """
    sizes = checked("sizes", sizes)
    if not 2 <= len(sizes) <= MOST_LAYERS:
        raise UsageError(f"A network has from 2 to {MOST_LAYERS} sizes.", hint="Write mlp([2, 3, 1]).")
    check_function(hidden)
    batch = checked_size("batch", batch, "XyL")
    data = [f"X: {by(batch, sizes[0])}", f"y: {by(batch, sizes[-1])}"] if batch is not None else []
    layers = range(1, len(sizes))
    shapes = [line for k in layers for line in (f"W{k}: {sizes[k - 1]}x{sizes[k]}", f"b{k}: {sizes[k]}")]
    inner = [f"h{k} = {hidden}({_layer(k)})" for k in layers[:-1]]
    return Graph("\n".join([*data, *shapes, *inner, *output(loss, _layer(layers[-1]))]))


def _layer(k: int) -> str:
    return f"{f'h{k - 1}' if k > 1 else 'X'} @ W{k} + b{k}"
