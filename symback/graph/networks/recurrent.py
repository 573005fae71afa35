"""Recurrent networks, written out over their steps: one state, an LSTM, a GRU."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symback.graph.graph import Graph
from symback.graph.networks.sizes import Size, by, check_steps, checked, checked_size, output


def rnn(
    inputs: int, width: int, steps: int, outputs: int = 1, loss: str = "mse", *, batch: Size | None = None
) -> Graph:
    """Return a recurrent network, unrolled over `steps`: an output at every step, the loss averaged over them.

    Its inputs are x, with one entry x[1] to x[steps] per step, and y likewise; an entry is a vector, or a matrix with
    one row per example (then the arrays are steps x examples x numbers, and `train` needs axis=1). The state before the
    first step is 0. Wx, Wh, b are the parameters of the state h, V and c those of the outputs yhat. `batch`, a number
    or a letter, declares the shapes of x and y, so that the graph can be derived without values.

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
    inputs, width, outputs = checked("sizes", (inputs, width, outputs))
    steps, batch = check_steps(steps), checked_size("batch", batch, "xyhbVcL")
    loop = [f"for t in 2..{steps}:", "    h[t] = tanh(x[t] @ Wx + h[t-1] @ Wh + b)"] if steps > 1 else []
    lines = [
        *(_data(steps, inputs, outputs, batch, each=True) if batch is not None else ()),
        *(f"Wx: {inputs}x{width}", f"Wh: {width}x{width}", f"b: {width}", f"V: {width}x{outputs}", f"c: {outputs}"),
        "h[1] = tanh(x[1] @ Wx + b)",
        *loop,
        f"for t in 1..{steps}:",
        *_indented(output(loss, "h[t] @ V + c", "t", steps)),
    ]
    return Graph("\n".join(lines))


def lstm(
    inputs: int, width: int, steps: int, outputs: int = 1, loss: str = "mse", *,
    batch: Size | None = None, each: bool = False,
) -> Graph:  # fmt: skip
    """Return a network of long short-term memory over `steps`, with an output after the last or `each` step.

    The gates f (forget), i (input) and o (output) and the new content g each have matrices W_f, U_f and a vector b_f;
    c is the memory and h the state, both 0 before the first step. Its inputs are x, steps x inputs, and y. With
    `batch`, a number or a letter for any number, they have one row per example: x is steps x batch x inputs
    (and `train` needs axis=1 if `each` step has outputs). V and d are the parameters of the outputs yhat.

    >>> print(lstm(inputs=2, width=3, steps=4, batch="n").text)
    x: 4 x n x 2
    y: n x 1
    W_f: 2x3; U_f: 3x3; b_f: 3
    W_i: 2x3; U_i: 3x3; b_i: 3
    W_o: 2x3; U_o: 3x3; b_o: 3
    W_g: 2x3; U_g: 3x3; b_g: 3
    V: 3x1; d: 1
    h[0] = zeros(n, 3)
    c[0] = zeros(n, 3)
    for t in 1..4:
        f[t] = sigmoid(x[t] @ W_f + h[t-1] @ U_f + b_f)
        i[t] = sigmoid(x[t] @ W_i + h[t-1] @ U_i + b_i)
        o[t] = sigmoid(x[t] @ W_o + h[t-1] @ U_o + b_o)
        g[t] = tanh(x[t] @ W_g + h[t-1] @ U_g + b_g)
        c[t] = f[t]*c[t-1] + i[t]*g[t]
        h[t] = o[t]*tanh(c[t])
    yhat = h[4] @ V + d
    L = mse(yhat, y)
    """
    return _gated(_LSTM, (inputs, width, outputs), steps, loss, batch, each)


def gru(
    inputs: int, width: int, steps: int, outputs: int = 1, loss: str = "mse", *,
    batch: Size | None = None, each: bool = False,
) -> Graph:  # fmt: skip
    """Return a network of gated recurrent units over `steps`, with an output after the last or `each` step.

    The gates z (update) and r (reset) and the new content n each have matrices W_z, U_z and a vector b_z; h is the
    state, 0 before the first step. Inputs, outputs and `batch` are those of `lstm`.

    >>> print(gru(inputs=2, width=3, steps=4).text)
    x: 4x2
    y: 1
    W_z: 2x3; U_z: 3x3; b_z: 3
    W_r: 2x3; U_r: 3x3; b_r: 3
    W_n: 2x3; U_n: 3x3; b_n: 3
    V: 3x1; d: 1
    h[0] = zeros(3)
    for t in 1..4:
        z[t] = sigmoid(x[t] @ W_z + h[t-1] @ U_z + b_z)
        r[t] = sigmoid(x[t] @ W_r + h[t-1] @ U_r + b_r)
        n[t] = tanh(x[t] @ W_n + (r[t]*h[t-1]) @ U_n + b_n)
        h[t] = (1 - z[t])*n[t] + z[t]*h[t-1]
    yhat = h[4] @ V + d
    L = mse(yhat, y)
    """
    return _gated(_GRU, (inputs, width, outputs), steps, loss, batch, each)


@dataclass(frozen=True)
class _Cell:
    """The lines of one step, the names of its gates, and those of the states it hands on."""

    gates: str
    states: str
    lines: tuple[str, ...]


def _gate(name: str, function: str, state: str = "h[t-1]") -> str:
    return f"{name}[t] = {function}(x[t] @ W_{name} + {state} @ U_{name} + b_{name})"


_LSTM = _Cell(
    "fiog",
    "hc",
    (
        *(_gate(name, "sigmoid") for name in "fio"),
        _gate("g", "tanh"),
        "c[t] = f[t]*c[t-1] + i[t]*g[t]",
        "h[t] = o[t]*tanh(c[t])",
    ),
)
_GRU = _Cell(
    "zrn",
    "h",
    (
        *(_gate(name, "sigmoid") for name in "zr"),
        _gate("n", "tanh", "(r[t]*h[t-1])"),
        "h[t] = (1 - z[t])*n[t] + z[t]*h[t-1]",
    ),
)


def _gated(cell: _Cell, sizes: tuple[int, int, int], steps: int, loss: str, batch: Size | None, each: bool) -> Graph:
    """Return the network of a cell that is gone through `steps` times."""
    inputs, width, outputs = checked("sizes", sizes)
    steps, batch = check_steps(steps), checked_size("batch", batch, f"xyVdL{cell.gates}{cell.states}")
    last = output(loss, "h[t] @ V + d", "t", steps) if each else output(loss, f"h[{steps}] @ V + d")
    zeros = f"zeros({width})" if batch is None else f"zeros({batch}, {width})"
    lines = [
        *_data(steps, inputs, outputs, batch, each),
        *(f"W_{k}: {inputs}x{width}; U_{k}: {width}x{width}; b_{k}: {width}" for k in cell.gates),
        f"V: {width}x{outputs}; d: {outputs}",
        *(f"{state}[0] = {zeros}" for state in cell.states),
        f"for t in 1..{steps}:",
        *_indented(cell.lines),
        *(_indented(last) if each else last),
    ]
    return Graph("\n".join(lines))


def _data(steps: int, inputs: int, outputs: int, batch: Size | None, each: bool) -> list[str]:
    return [f"x: {by(steps, batch, inputs)}", f"y: {by(steps if each else None, batch, outputs)}"]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
