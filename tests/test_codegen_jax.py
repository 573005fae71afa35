"""Generated code against jax.grad on random graphs, and the jax backend itself."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symback.codegen.functional import JaxGradient
from symback.graph.graph import Graph

jax = pytest.importorskip("jax")
jnp = jax.numpy

Shape = tuple[int, ...]
Term = tuple[str, Callable[[dict[str, Any]], Any], Shape]

UNARY: dict[str, Callable[[Any], Any]] = {
    "sin": jnp.sin, "cos": jnp.cos, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "softplus": jax.nn.softplus,
    "arctan": jnp.arctan, "abs": jnp.abs, "relu": jax.nn.relu, "silu": jax.nn.silu,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False), "elu": jax.nn.elu,
}  # fmt: skip
ROWS: dict[str, Callable[[Any], Any]] = {
    "softmax": lambda z: jax.nn.softmax(z, -1), "log_softmax": lambda z: jax.nn.log_softmax(z, -1)
}  # fmt: skip


class RandomGraph:
    """Statements on shared values of several shapes, as text for a graph and as functions of jax."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311
        m, n, k = self.random.choice([(3, 4, 2), (1, 3, 3)])  # few shapes: jax compiles for each
        self.shapes: dict[str, Shape] = {
            "A": (m, n), "B": (m, n), "C": (n, k), "p": (n,), "q": (n,), "r": (m, 1), "s": (), "t": ()
        }  # fmt: skip
        if self.random.random() < 0.2:
            self.shapes = dict.fromkeys("ABCp", ())  # numbers alone
        self.pool: list[Term] = [(name, lambda e, name=name: e[name], s) for name, s in self.shapes.items()]
        self.lines: list[str] = []
        self.steps: list[tuple[str, Callable[[dict[str, Any]], Any]]] = []
        for i in range(self.random.randint(3, 12)):
            text, make, shape = self.term()
            self.lines.append(f"z{i} = {text}")
            self.steps.append((f"z{i}", make))
            self.pool.append((f"z{i}", lambda e, name=f"z{i}": e[name], shape))
        used = self.pool[-3:] + self.random.sample(self.pool, 2)
        self.lines.append("L = " + " + ".join(f"mean(sin({t}))" if s else f"sin({t})" for t, _, s in used))
        self.steps.append(("L", lambda e: sum(jnp.mean(jnp.sin(make(e))) for _, make, _ in used)))

    @property
    def text(self) -> str:
        declared = [f"{name}: {'x'.join(map(str, s))}" for name, s in self.shapes.items()]
        return "\n".join([*declared, *self.lines])

    def term(self) -> Term:
        """Return an operation on values of the pool."""
        while True:
            kind = self.random.choice(
                ["unary", "unary", "binary", "binary", "matmul", "rows", "sum", "transpose", "power"]
            )
            made: Term | None = getattr(self, f"_{kind}")()
            if made is not None:
                return made

    def _pick(self) -> Term:
        return self.random.choice(self.pool[-6:] if self.random.random() < 0.5 else self.pool)

    def _unary(self) -> Term:
        text, make, shape = self._pick()
        name = self.random.choice(list(UNARY))
        return f"{name}({text})", lambda e: UNARY[name](make(e)), shape

    def _binary(self) -> Term | None:
        (a, left, s), (b, right, t) = self._pick(), self._pick()
        try:
            shape = np.broadcast_shapes(s, t)
        except ValueError:
            return None
        return self.random.choice([
            (f"{a} + {b}", lambda e: left(e) + right(e), shape),
            (f"{a} - 2{b}", lambda e: left(e) - 2 * right(e), shape),
            (f"{a} * {b}", lambda e: left(e) * right(e), shape),
            (f"{a} / (2 + sin({b}))", lambda e: left(e) / (2 + jnp.sin(right(e))), shape),
            (f"max({a}, {b} + 1/7)", lambda e: jnp.maximum(left(e), right(e) + 1 / 7), shape),
        ])  # fmt: skip

    def _matmul(self) -> Term | None:
        (a, left, s), (b, right, t) = self._pick(), self._pick()
        if not s or not t or s[-1] != t[0]:
            return None
        return f"{a} @ {b}", lambda e: left(e) @ right(e), (*s[:-1], *t[1:])

    def _rows(self) -> Term | None:
        text, make, shape = self._pick()
        if not shape:
            return None
        name = self.random.choice(list(ROWS))
        return f"{name}({text})", lambda e: ROWS[name](make(e)), shape

    def _sum(self) -> Term | None:
        text, make, shape = self._pick()
        if len(shape) < 2:
            return None
        axis = self.random.randint(0, 1)
        name, function = self.random.choice([("sum", jnp.sum), ("mean", jnp.mean)])
        return f"{name}({text}, {axis})", lambda e: function(make(e), axis), (shape[1 - axis],)

    def _transpose(self) -> Term | None:
        text, make, shape = self._pick()
        return (f"{text}.T", lambda e: make(e).T, shape[::-1]) if len(shape) == 2 else None

    def _power(self) -> Term:
        text, make, shape = self._pick()
        n = self.random.choice([2, 3])
        return f"{text}^{n}/(1 + {text}^2)", lambda e: make(e) ** n / (1 + make(e) ** 2), shape

    def loss(self, values: dict[str, Any]) -> Any:
        """Evaluate with jax."""
        environment = dict(values)
        for name, make in self.steps:
            environment[name] = make(environment)
        return environment["L"]


@pytest.mark.parametrize("block", range(10))
def test_random_graphs(block: int) -> None:
    """30 graphs a block; a relative error of 1e-9 at most, beside the greatest entry of the gradients."""
    for seed in range(30 * block, 30 * block + 30):
        graph = RandomGraph(seed)
        rng = np.random.default_rng(seed)
        values = {name: rng.normal(size=shape) for name, shape in graph.shapes.items()}
        read = Graph(graph.text)
        f = read.lambdify(wrt=read.inputs)
        loss, gradients = f({n: values[n] for n in read.inputs})
        with jax.enable_x64(True), jax.disable_jit():
            expected, right = jax.value_and_grad(graph.loss)(values)
        assert loss == pytest.approx(float(expected), rel=1e-9, abs=1e-12), graph.text
        largest = max(1.0, *(float(np.abs(g).max()) for g in right.values()))
        for name, gradient in gradients.items():
            np.testing.assert_allclose(gradient, right[name], rtol=1e-9, atol=1e-10 * largest, err_msg=graph.text)


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
