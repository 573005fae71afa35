"""The networks of `networks` as a person writes them: gradients in NumPy by hand, and losses for jax and autograd.

A step by hand is loss, gradients and update, plain NumPy without tricks; `rate` times the gradient is taken off in
place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Values = Mapping[str, Any]
Step = Callable[[Values, float], float]
Loss = Callable[[Any, Values, Values], Any]  # of (numpy-like module, weights, data)


def tanh_net(values: Values, rate: float) -> float:
    """A net with tanh in its hidden layers and the mean squared error; layers W1, b1, W2, b2, ..."""
    x, y = values["X"], values["y"]
    layers = [(values[f"W{k}"], values[f"b{k}"]) for k in range(1, len(values) // 2)]
    hidden = [x]
    for w, b in layers[:-1]:
        hidden.append(np.tanh(hidden[-1] @ w + b))
    d = hidden[-1] @ layers[-1][0] + layers[-1][1] - y
    loss = np.mean(d**2)
    d = 2 * d / d.size
    gradients = []
    for k in reversed(range(len(layers))):
        gradients.append((hidden[k].T @ d, d.sum(axis=0)))
        if k:
            d = (d @ layers[k][0].T) * (1 - hidden[k] ** 2)
    for (w, b), (gw, gb) in zip(layers, reversed(gradients), strict=True):
        w -= rate * gw
        b -= rate * gb
    return float(loss)


def relu_classifier(values: Values, rate: float) -> float:
    """A net with relu in its hidden layers and the cross-entropy of a softmax, for one-hot rows."""
    x, y = values["X"], values["y"]
    layers = [(values[f"W{k}"], values[f"b{k}"]) for k in range(1, len(values) // 2)]
    hidden = [x]
    for w, b in layers[:-1]:
        hidden.append(np.maximum(hidden[-1] @ w + b, 0))
    z = hidden[-1] @ layers[-1][0] + layers[-1][1]
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    s = e.sum(axis=1, keepdims=True)
    loss = -np.sum(y * (z - np.log(s))) / len(x)
    d = (e / s - y) / len(x)
    gradients = []
    for k in reversed(range(len(layers))):
        gradients.append((hidden[k].T @ d, d.sum(axis=0)))
        if k:
            d = (d @ layers[k][0].T) * (hidden[k] > 0)
    for (w, b), (gw, gb) in zip(layers, reversed(gradients), strict=True):
        w -= rate * gw
        b -= rate * gb
    return float(loss)


def recurrent(values: Values, rate: float) -> float:
    """A recurrent net, a mean squared error at every step."""
    x, y = values["X"], values["Y"]
    wx, wh, b, v, c = (values[n] for n in ("Wx", "Wh", "b", "V", "c"))
    states, errors, loss = [values["h[0]"]], [], 0.0
    for t in range(len(x)):
        states.append(np.tanh(x[t] @ wx + states[-1] @ wh + b))
        errors.append(states[-1] @ v + c - y[t])
        loss += np.mean(errors[-1] ** 2)
    gwx, gwh, gb, gv, gc = (np.zeros_like(w) for w in (wx, wh, b, v, c))
    back = np.zeros_like(states[0])
    for t in reversed(range(len(x))):
        e = 2 * errors[t] / errors[t].size
        gv += states[t + 1].T @ e
        gc += e.sum(axis=0)
        d = (back + e @ v.T) * (1 - states[t + 1] ** 2)
        gwx += x[t].T @ d
        gwh += states[t].T @ d
        gb += d.sum(axis=0)
        back = d @ wh.T
    for w, g in ((wx, gwx), (wh, gwh), (b, gb), (v, gv), (c, gc)):
        w -= rate * g
    return float(loss)


# --- the losses alone, for libraries that differentiate --------------------------------------------------------------


def tanh_loss(m: Any, weights: Values, data: Values) -> Any:
    """The loss of `tanh_net`; m is jax.numpy or autograd.numpy."""
    hidden = data["X"]
    count = len(weights) // 2
    for k in range(1, count):
        hidden = m.tanh(hidden @ weights[f"W{k}"] + weights[f"b{k}"])
    return m.mean((hidden @ weights[f"W{count}"] + weights[f"b{count}"] - data["y"]) ** 2)


def relu_loss(m: Any, weights: Values, data: Values) -> Any:
    """The loss of `relu_classifier`."""
    hidden = data["X"]
    count = len(weights) // 2
    for k in range(1, count):
        hidden = m.maximum(hidden @ weights[f"W{k}"] + weights[f"b{k}"], 0)
    z = hidden @ weights[f"W{count}"] + weights[f"b{count}"]
    z = z - m.max(z, axis=1, keepdims=True)
    return -m.sum(data["y"] * (z - m.log(m.sum(m.exp(z), axis=1, keepdims=True)))) / len(data["X"])


def recurrent_loss(m: Any, weights: Values, data: Values) -> Any:
    """The loss of `recurrent`, its loop written out."""
    state, loss = data["h[0]"], 0.0
    for x, y in zip(data["X"], data["Y"], strict=True):
        state = m.tanh(x @ weights["Wx"] + state @ weights["Wh"] + weights["b"])
        loss = loss + m.mean((state @ weights["V"] + weights["c"] - y) ** 2)
    return loss


def scanned_loss(m: Any, weights: Values, data: Values) -> Any:
    """The same as jax's own loop, which is what a jax user writes."""
    from jax import lax

    def step(state: Any, given: tuple[Any, Any]) -> tuple[Any, Any]:
        x, y = given
        state = m.tanh(x @ weights["Wx"] + state @ weights["Wh"] + weights["b"])
        return state, m.mean((state @ weights["V"] + weights["c"] - y) ** 2)

    _, losses = lax.scan(step, data["h[0]"], (data["X"], data["Y"]))
    return m.sum(losses)
