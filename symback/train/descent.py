"""Gradient descent: how a gradient changes the parameters.

w = w - lr g                                                plain
v = m v + g;  w = w - lr v                                  with momentum m
p = b1 p + (1 - b1) g;  q = b2 q + (1 - b2) g^2;
w = w - lr (p/(1 - b1^t))/(sqrt(q/(1 - b2^t)) + 1e-8)       Adam, in its step t
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from symback.expr.numeric import np
from symback.train.settings import Settings

Values = MutableMapping[str, Any]
Update = Callable[[Values, Values, float], None]  # parameters, which it changes, their gradients, the learning rate

B1, B2, SMALL = 0.9, 0.999, 1e-8


def update_of(settings: Settings) -> Update:
    """Return the update that the settings ask for.

    >>> values = {"w": 0.5}
    >>> update_of(Settings())(values, {"w": 0.125}, 0.1)
    >>> values
    {'w': 0.4875}
    """
    if settings.adam:
        return Adam()
    return Momentum(settings.momentum) if settings.momentum else _plain


def _plain(values: Values, gradients: Values, lr: float) -> None:
    for name, gradient in gradients.items():
        values[name] = values[name] - lr * gradient


class Momentum:
    """Steps that remember the step before."""

    def __init__(self, momentum: float) -> None:
        self.momentum = momentum
        self.steps: dict[str, Any] = {}

    def __call__(self, values: Values, gradients: Values, lr: float) -> None:
        for name, gradient in gradients.items():
            self.steps[name] = self.momentum * self.steps.get(name, 0.0) + gradient
            values[name] = values[name] - lr * self.steps[name]


class Adam:
    """Steps divided by the size of the gradients so far."""

    def __init__(self) -> None:
        self.count = 0
        self.means: dict[str, Any] = {}
        self.squares: dict[str, Any] = {}

    def __call__(self, values: Values, gradients: Values, lr: float) -> None:
        self.count += 1
        for name, gradient in gradients.items():
            self.means[name] = B1 * self.means.get(name, 0.0) + (1 - B1) * gradient
            self.squares[name] = B2 * self.squares.get(name, 0.0) + (1 - B2) * gradient * gradient
            mean, square = self.means[name] / (1 - B1**self.count), self.squares[name] / (1 - B2**self.count)
            values[name] = values[name] - lr * mean / (np.sqrt(square) + SMALL)
