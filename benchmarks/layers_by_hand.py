"""The layers of `layers` as a person writes them: losses with all gradients in NumPy by hand, and losses for jax.

By hand: what a good engineer writes in plain NumPy. A convolution is one matrix product of all windows; the gates of an
LSTM are one matrix, its inputs are multiplied at once, and so are the gradients of its weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

Array = Any
Values = Mapping[str, Any]
Gradients = dict[str, Any]
ByHand = Callable[[Values], tuple[Any, Gradients]]
Loss = Callable[[Any, Values], Any]  # of (jax.numpy, values)
EPSILON = 1e-5


def convolution(p: Values) -> tuple[Any, Gradients]:
    """Filters over images of one channel, the greatest of each 2x2 square, and the mean squared error."""
    x, k, b, t = p["X"], p["K"], p["b"], p["T"]
    n, c, h, w = x.shape
    o, _, rows, columns = k.shape
    oh, ow = h - rows + 1, w - columns + 1
    windows = sliding_window_view(x, (rows, columns), axis=(2, 3)).transpose(0, 2, 3, 1, 4, 5)
    flat = windows.reshape(n * oh * ow, c * rows * columns)
    matrix = k.reshape(o, -1)
    z = flat @ matrix.T
    z += b
    squares = z.reshape(n, oh // 2, 2, ow // 2, 2, o)
    pooled = squares.max(axis=(2, 4), keepdims=True)
    d = pooled.reshape(n, oh // 2, ow // 2, o).transpose(0, 3, 1, 2) - t
    loss = np.vdot(d, d) / d.size
    d *= 2 / d.size
    dz = (squares == pooled) * d.transpose(0, 2, 3, 1)[:, :, None, :, None, :]
    dz = dz.reshape(n * oh * ow, o)
    back = (dz @ matrix).reshape(n, oh, ow, c, rows, columns).transpose(0, 3, 4, 5, 1, 2)
    dx = np.zeros_like(x)
    for i in range(rows):
        for j in range(columns):
            dx[:, :, i : i + oh, j : j + ow] += back[:, :, i, j]
    return loss, {"X": dx, "K": (dz.T @ flat).reshape(k.shape), "b": dz.sum(axis=0)}


def attention(p: Values) -> tuple[Any, Gradients]:
    """One head with a mask, and the mean squared error."""
    q, k, v, t = p["Q"], p["K"], p["V"], p["T"]
    scale = q.dtype.type(1 / np.sqrt(q.shape[1]))
    s = q @ k.T
    s *= scale
    s[p["M"] == 0] = -np.inf
    s -= s.max(axis=1, keepdims=True)
    np.exp(s, out=s)
    s /= s.sum(axis=1, keepdims=True)
    d = s @ v - t
    loss = np.vdot(d, d) / d.size
    d *= 2 / d.size
    ds = d @ v.T
    ds -= np.einsum("ij,ij->i", ds, s)[:, None]
    ds *= s
    ds *= scale
    return loss, {"Q": ds @ k, "K": ds.T @ q, "V": s.T @ d}


def layer_norm(p: Values) -> tuple[Any, Gradients]:
    """Rows moved to the mean 0 and the variance 1, scaled and moved, and the mean squared error."""
    x, gamma, beta, t = p["X"], p["gamma"], p["beta"], p["T"]
    n = x - x.mean(axis=1, keepdims=True)
    scale = 1 / np.sqrt(np.einsum("ij,ij->i", n, n) / n.shape[1] + x.dtype.type(EPSILON))[:, None]
    n *= scale
    d = n * gamma
    d += beta
    d -= t
    loss = np.vdot(d, d) / d.size
    d *= 2 / d.size
    by_gamma, by_beta = np.einsum("ij,ij->j", d, n), d.sum(axis=0)
    d *= gamma
    along = np.einsum("ij,ij->i", d, n)[:, None] / n.shape[1]
    d -= d.mean(axis=1, keepdims=True)
    n *= along
    d -= n
    d *= scale
    return loss, {"X": d, "gamma": by_gamma, "beta": by_beta}


GATES = "fiog"


def lstm(p: Values) -> tuple[Any, Gradients]:
    """A network of long short-term memory, the mean squared error after the last step."""
    x, y = p["x"], p["y"]
    steps, batch, inputs = x.shape
    w, u, b = (np.concatenate([p[f"{name}_{k}"] for k in GATES], axis=-1) for name in "WUb")
    width = len(u)
    before = (x.reshape(-1, inputs) @ w + b).reshape(steps, batch, 4 * width)
    h, c = (np.zeros((steps + 1, batch, width), x.dtype) for _ in "hc")
    gates, tanhs = np.empty_like(before), np.empty((steps, batch, width), x.dtype)
    for s in range(steps):
        a = h[s] @ u
        a += before[s]
        gates[s, :, : 3 * width] = 1 / (1 + np.exp(-a[:, : 3 * width]))
        gates[s, :, 3 * width :] = np.tanh(a[:, 3 * width :])
        f, i, o, g = np.split(gates[s], 4, axis=1)
        c[s + 1] = f * c[s] + i * g
        tanhs[s] = np.tanh(c[s + 1])
        h[s + 1] = o * tanhs[s]
    e = h[-1] @ p["V"] + p["d"] - y
    loss = np.vdot(e, e) / e.size
    e *= 2 / e.size
    dh, dc = e @ p["V"].T, np.zeros((batch, width), x.dtype)
    da = np.empty_like(gates)
    for s in reversed(range(steps)):
        f, i, o, g = np.split(gates[s], 4, axis=1)
        dc += dh * o * (1 - tanhs[s] ** 2)
        by_f, by_i, by_o, by_g = np.split(da[s], 4, axis=1)
        by_f[:] = dc * c[s] * f * (1 - f)
        by_i[:] = dc * g * i * (1 - i)
        by_o[:] = dh * tanhs[s] * o * (1 - o)
        by_g[:] = dc * i * (1 - g * g)
        dh = da[s] @ u.T
        dc *= f
    flat = da.reshape(-1, 4 * width)
    by_w, by_u = x.reshape(-1, inputs).T @ flat, h[:-1].reshape(-1, width).T @ flat
    parts = {"W": by_w, "U": by_u, "b": flat.sum(axis=0)}
    found = {
        f"{n}_{k}": part for n, by in parts.items() for k, part in zip(GATES, np.split(by, 4, axis=-1), strict=True)
    }
    return loss, {**found, "V": h[-1].T @ e, "d": e.sum(axis=0), "x": (flat @ w.T).reshape(x.shape)}


# --- the losses alone, for jax ---------------------------------------------------------------------------------------


def convolution_loss(m: Any, p: Values) -> Any:
    """The loss of `convolution`."""
    from jax import lax

    z = lax.conv_general_dilated(p["X"], p["K"], (1, 1), "VALID") + p["b"][:, None, None]
    pooled = lax.reduce_window(z, -m.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
    return m.mean((pooled - p["T"]) ** 2)


def attention_loss(m: Any, p: Values) -> Any:
    """The loss of `attention`."""
    from jax.nn import softmax

    s = m.where(p["M"] > 0, p["Q"] @ p["K"].T / np.sqrt(p["Q"].shape[1]).astype(p["Q"].dtype), -m.inf)
    return m.mean((softmax(s, axis=1) @ p["V"] - p["T"]) ** 2)


def layer_norm_loss(m: Any, p: Values) -> Any:
    """The loss of `layer_norm`."""
    x = p["X"]
    n = (x - m.mean(x, axis=1, keepdims=True)) / m.sqrt(m.var(x, axis=1, keepdims=True) + EPSILON)
    return m.mean((p["gamma"] * n + p["beta"] - p["T"]) ** 2)


def lstm_loss(m: Any, p: Values) -> Any:
    """The loss of `lstm`, with jax's own loop, which is what a jax user writes."""
    from jax import lax
    from jax.nn import sigmoid

    w, u, b = (m.concatenate([p[f"{name}_{k}"] for k in GATES], axis=-1) for name in "WUb")

    def step(state: Any, before: Any) -> tuple[Any, None]:
        h, c = state
        f, i, o, g = m.split(before + h @ u, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * m.tanh(g)
        return (sigmoid(o) * m.tanh(c), c), None

    zeros = m.zeros((p["x"].shape[1], len(u)), p["x"].dtype)
    (h, _), _ = lax.scan(step, (zeros, zeros), p["x"] @ w + b)
    return m.mean((h @ p["V"] + p["d"] - p["y"]) ** 2)
