"""Which inputs a step of gradient descent changes."""

from __future__ import annotations

import pytest

from symback.graph.graph import Graph
from symback.graph.trained import trained


@pytest.mark.parametrize(
    ("text", "changed", "data"),
    [
        ("L = (w x + b - y)^2", "w b", "x and y"),
        ("L = (w*x1 + v*x2 - y1)^2", "w v", "x1, x2 and y1"),
        ("X: 4x2; W: 2x3; b: 3; Y: 4x3; L = mse(X @ W + b, Y)", "W b", "X and Y"),
        ("z: 3; k: 3; L = cross_entropy(softmax(z), k)", "z", "k"),
        ("h[1] = tanh(w x[1] + u h[0]); L = (h[1] - t)^2", "w u", "x, h[0] and t"),
        ("L = (theta x - y_{true})^2 + lambda theta^2", "theta", "x, y_true and lambda"),
        ("d = 2b; e = a + d; L = c e", "b a c", ""),
        ("L = (x - 3)^2 + y^2", "x y", ""),
        ("L = (alpha - 1)^2", "alpha", ""),
    ],
)
def test_data_are_left_alone(text: str, changed: str, data: str) -> None:
    names, notes = trained(Graph(text), None)
    assert " ".join(names) == changed
    assert [note.split(" taken as data")[0].removesuffix(" are").removesuffix(" is") for note in notes] == (
        [data] if data else []
    )


def test_what_is_named_is_changed() -> None:
    assert trained(Graph("L = (w x - y)^2"), ["x", "L"]) == (("x",), ())
