"""Usual networks in one line: graphs whose text is written for you, and can be read as any other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symback.errors import UsageError
from symback.functions import FUNCTIONS, SPELLINGS
from symback.graph.graph import Graph

# Each loss: what becomes of the last layer's values z on the way to it, and the loss of the outcome yhat.
LOSSES = {
    "mse": ("{z}", "mse(yhat, y)"),
    "bce": ("sigmoid({z})", "bce(yhat, y)"),
    "cross_entropy": ("softmax({z})", "cross_entropy(yhat, y)"),
}
LARGEST = 1_000_000
MOST_LAYERS, MOST_STEPS = 100, 1000


def mlp(sizes: Sequence[int], hidden: str = "tanh", loss: str = "mse") -> Graph:
    """Return a network of fully connected layers: `sizes` are the numbers of inputs, hidden neurons and outputs.

    Its inputs are X, a row an example, and y, a row each (or, for cross_entropy, class numbers); W1, b1, W2, b2 and so
    on are the parameters, yhat the outputs, L the loss. `hidden` is any function of one number. `loss` is mse with
    linear outputs, bce with sigmoid ones, or cross_entropy with softmax.

    >>> print(mlp([2, 3, 1], hidden="relu").text)
    W1: 2x3
    b1: 3
    W2: 3x1
    b2: 1
    h1 = relu(X @ W1 + b1)
    yhat = h1 @ W2 + b2
    L = mse(yhat, y)
    """
    sizes = _checked("sizes", sizes)
    if not 2 <= len(sizes) <= MOST_LAYERS:
        raise UsageError(f"A network has from 2 to {MOST_LAYERS} sizes.", hint="Write mlp([2, 3, 1]).")
    _check_choice("hidden", hidden, [name for name, row in SPELLINGS.items() if FUNCTIONS[row].arity == 1])
    _check_choice("loss", loss, LOSSES)
    layers = range(1, len(sizes))
    shapes = [line for k in layers for line in (f"W{k}: {sizes[k - 1]}x{sizes[k]}", f"b{k}: {sizes[k]}")]
    inner = [f"h{k} = {hidden}({_layer(k)})" for k in layers[:-1]]
    output, error = LOSSES[loss]
    last = [f"yhat = {output.format(z=_layer(layers[-1]))}", f"L = {error}"]
    return Graph("\n".join([*shapes, *inner, *last]))


def _layer(k: int) -> str:
    return f"{f'h{k - 1}' if k > 1 else 'X'} @ W{k} + b{k}"


def rnn(inputs: int, width: int, steps: int, outputs: int = 1, loss: str = "mse") -> Graph:
    """Return a recurrent network, written out over `steps`: an output at every step, the loss averaged over them.

    Its inputs are x, an entry x[1] to x[steps] for each step, and y alike; an entry is a vector, or a matrix with a row
    an example (then the arrays are steps x examples x numbers, and `train` wants axis=1). The state before the first
    step is 0. Wx, Wh, b are the parameters of the state h, V and c those of the outputs yhat.

    >>> print(rnn(inputs=2, width=3, steps=4).text)
    Wx: 2x3
    Wh: 3x3
    b: 3
    V: 3x1
    c: 1
    h[1] = tanh(x[1] @ Wx + b)
    for t in 2..4:
        h[t] = tanh(x[t] @ Wx + h[t-1] @ Wh + b)
    for t in 1..4:
        yhat[t] = h[t] @ V + c
        L += mse(yhat[t], y[t])/4
    """
    _check_choice("loss", loss, LOSSES)
    inputs, width, outputs, steps = _checked("sizes", (inputs, width, outputs, steps))
    if steps > MOST_STEPS:
        raise UsageError(f"A network is written out over at most {MOST_STEPS} steps.")
    output, error = LOSSES[loss]
    loop = [f"for t in 2..{steps}:", "    h[t] = tanh(x[t] @ Wx + h[t-1] @ Wh + b)"] if steps > 1 else []
    of_step = error.replace("yhat", "yhat[t]").replace("y)", "y[t])")
    lines = [
        *(f"Wx: {inputs}x{width}", f"Wh: {width}x{width}", f"b: {width}", f"V: {width}x{outputs}", f"c: {outputs}"),
        "h[1] = tanh(x[1] @ Wx + b)",
        *loop,
        f"for t in 1..{steps}:",
        f"    yhat[t] = {output.format(z='h[t] @ V + c')}",
        f"    L += {of_step}/{steps}",
    ]
    return Graph("\n".join(lines))


def _checked(what: str, sizes: Sequence[int]) -> tuple[int, ...]:
    """Return the sizes; UsageError where one is not a whole number above 0."""
    for size in sizes:
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= LARGEST:
            raise UsageError(f"The {what} must be whole numbers from 1 to {LARGEST:,}, not {str(size)[:40]!r}.")
    return tuple(sizes)


def _check_choice(what: str, name: str, choices: Iterable[str]) -> None:
    names = tuple(choices)
    if name not in names:
        raise UsageError(f"{what} cannot be {name!r:.60}.", hint=f"Choose one of {', '.join(names)}.")
