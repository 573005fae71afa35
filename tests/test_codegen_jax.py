"""The jax backend beside the NumPy one (random graphs are held against jax in graph/test_against_jax.py)."""

from __future__ import annotations

import numpy as np
import pytest

from symback.compile.functional import JaxGradient
from symback.graph.graph import Graph

pytest.importorskip("jax")

TEXTS = {
    "network": "X: 5x3\nW: 3x4\nb: 4\nV: 4x1\ny: 5x1\nL = mse(sigmoid(X @ W + b) @ V, y)",
    "softmax": "z: 4x3\ny: 4x3\nL = cross_entropy(softmax(z), y) + sum(log_softmax(z)) + z[0, 1]^2",
    "functions": "x: 4\nL = sum(gelu(x) + erf(x) + cbrt(x) + 2^x) + trace(outer(x, x)) + norm2(x)",
    "square": "A: 4x4\nL = logdet(A @ A.T) + sum(inv(A @ A.T)) + trace(A @ A)",
    "numbers": "L = a b + sin(a/b)",
    "parts": "A: 3x2\nB: 3x2\nL = sum(concat(A, B, 1)^2) + sum(sin(A[1])) + sum(max(A, B)) + A[2, 0]",
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_jax_code(name: str, dtype: str) -> None:
    graph = Graph(TEXTS[name])
    rng = np.random.default_rng(3)
    values = {n: rng.normal(size=graph.shapes[n]) + (4 * np.eye(4) if name == "square" else 0) for n in graph.inputs}
    f, g = graph.lambdify(backend="jax", dtype=dtype), graph.lambdify()
    loss, gradients = f(values)
    assert isinstance(f.code, JaxGradient)
    tolerance = 1e-12 if dtype == "float64" else 2e-4
    assert loss == pytest.approx(g(values)[0], rel=tolerance)
    for n, gradient in g(values)[1].items():
        np.testing.assert_allclose(gradients[n], gradient, rtol=tolerance, atol=tolerance)
        assert np.asarray(gradients[n]).dtype == (dtype if np.ndim(gradient) else float)
    before = dict(values)
    f.step(values, 0.1)
    for n in gradients:
        np.testing.assert_allclose(values[n], before[n] - 0.1 * gradients[n], rtol=tolerance)


def test_jax_source_is_plain_jax() -> None:
    source = Graph("x: 3\nL = sum(tanh(x))").lambdify(backend="jax").source
    assert "jnp.tanh(v0)" in source
