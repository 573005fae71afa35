"""Activations and steps of functions.py against JAX's own: values and slopes, near 0 and far away, in every code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symback.graph import Graph

jax = pytest.importorskip("jax")
jax.config.update("jax_enable_x64", True)

SAME: dict[str, Callable[..., Any]] = {
    "relu": jax.nn.relu,
    "leaky_relu": jax.nn.leaky_relu,
    "elu": jax.nn.elu,
    "selu": jax.nn.selu,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False),
    "silu": jax.nn.silu,
    "mish": jax.nn.mish,
    "softplus": jax.nn.softplus,
    "softsign": jax.nn.soft_sign,
    "hardtanh": jax.nn.hard_tanh,
    "floor": jax.numpy.floor,
    "ceil": jax.numpy.ceil,
    "round": jax.numpy.round,
}
PLACES = (-1e12, -800.0, -3.6, -1.2, -0.4, -1e-9, 1e-9, 0.3, 0.9, 1.7, 2.6, 30.0, 800.0)
WEIGHTS = tuple(1.0 + k / 7 for k in range(len(PLACES)))


@pytest.fixture(scope="module")
def wanted() -> dict[str, tuple[Any, Any]]:
    """The values and slopes of all of them at all places, compiled at once."""
    x = jax.numpy.asarray(PLACES)

    def both(f: Callable[..., Any]) -> tuple[Any, Any]:
        return f(x), jax.vmap(jax.grad(f))(x)

    found = jax.jit(lambda: {name: both(f) for name, f in SAME.items()})()
    return {name: (np.asarray(value), np.asarray(slope)) for name, (value, slope) in found.items()}


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("way", ["graph", "numpy", "float32", "jax", "math"])
def test_values_and_slopes_near_and_far(way: str, name: str, wanted: dict[str, tuple[Any, Any]]) -> None:
    value, slope = wanted[name]
    exact = {"rel": 1e-3, "abs": 1e-6} if way == "float32" else {"rel": 1e-9, "abs": 1e-15}
    if way == "math":
        code = Graph(f"L = {name}(x)").lambdify()
        for x, y, dy in zip(PLACES, value, slope, strict=True):
            found, gradients = code({"x": x})
            assert (found, gradients["x"]) == (pytest.approx(y, **exact), pytest.approx(dy, **exact)), x
        return
    graph, at = Graph(f"x: {len(PLACES)}; w: {len(PLACES)}; y = {name}(x); L = w @ y"), {"x": PLACES, "w": WEIGHTS}
    if way == "graph":
        assert graph.forward(at)["y"] == pytest.approx(value, **exact)
        found = graph.backprop(at=at).values["x"]
    else:
        options = {"float32": {"dtype": "float32"}, "jax": {"backend": "jax"}}.get(way, {})
        found = graph.lambdify(**options)(at)[1]["x"]
    assert np.asarray(found) == pytest.approx(slope * WEIGHTS, **exact)


@pytest.mark.parametrize("name", SAME)
def test_formulas_are_checked_and_proved_for_all_sizes(name: str) -> None:
    b = Graph(f"W: m x n; x: n\nL = sum({name}(W @ x)^2)").backprop()
    assert b.check.verdict == "verified"
    assert set(b.check.proved) == {"W", "x"}
