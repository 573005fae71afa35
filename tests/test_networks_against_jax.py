"""The usual networks beside the same networks written in jax.numpy: losses, gradients, code, derivations."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symback.graph.graph import Graph
from symback.graph.networks import attention, cnn, gru, lstm, mlp, rnn, transformer_block
from tests.marks import every

Array = Any
Values = dict[str, Any]
DATA = frozenset({"x", "X", "y", "M"})


@pytest.fixture(scope="module")
def jax() -> Iterator[ModuleType]:
    """jax at double precision, where it is installed."""
    module = pytest.importorskip("jax", reason="jax is not installed")
    precision = module.config.jax_enable_x64
    module.config.update("jax_enable_x64", True)
    module.config.update("jax_disable_most_optimizations", True)  # compiled in half the time
    yield module
    module.config.update("jax_enable_x64", precision)
    module.config.update("jax_disable_most_optimizations", False)


# --- the networks in jax ----------------------------------------------------------------------------------------------


def _sigmoid(xp: Any, z: Array) -> Array:
    return 1 / (1 + xp.exp(-z))


def _softmax(xp: Any, z: Array) -> Array:
    e = xp.exp(z - xp.max(z, axis=-1, keepdims=True))
    return e / xp.sum(e, axis=-1, keepdims=True)


def _loss(xp: Any, loss: str, z: Array, y: Array) -> Array:
    if loss == "mse":
        return xp.mean((z - y) ** 2)
    if loss == "bce":
        p = _sigmoid(xp, z)
        rows = z.shape[0] if z.ndim > 1 else z.size
        return -xp.sum(y * xp.log(p) + (1 - y) * xp.log(1 - p)) / rows
    rows = z.shape[0] if z.ndim > 1 else 1
    return -xp.sum(y * xp.log(_softmax(xp, z))) / rows


def _recurrent(step: Callable[..., tuple[Array, ...]], states: int, loss: str, each: bool) -> Callable[..., Array]:
    def of(xp: Any, p: Values) -> Array:
        x, y = p["x"], p["y"]
        now = tuple(xp.zeros((*x.shape[1:-1], p["V"].shape[0])) for _ in range(states))
        outs = []
        for entry in x:
            now = step(xp, p, entry, *now)
            outs.append(now[0] @ p["V"] + p["d"])
        if each:
            return sum(_loss(xp, loss, z, t) for z, t in zip(outs, y, strict=True)) / len(outs)
        return _loss(xp, loss, outs[-1], y)

    return of


def _lstm(xp: Any, p: Values, x: Array, h: Array, c: Array) -> tuple[Array, ...]:
    f, i, o, g = (x @ p[f"W_{k}"] + h @ p[f"U_{k}"] + p[f"b_{k}"] for k in "fiog")
    c = _sigmoid(xp, f) * c + _sigmoid(xp, i) * xp.tanh(g)
    return _sigmoid(xp, o) * xp.tanh(c), c


def _gru(xp: Any, p: Values, x: Array, h: Array) -> tuple[Array, ...]:
    z, r = (_sigmoid(xp, x @ p[f"W_{k}"] + h @ p[f"U_{k}"] + p[f"b_{k}"]) for k in "zr")
    n = xp.tanh(x @ p["W_n"] + (r * h) @ p["U_n"] + p["b_n"])
    return ((1 - z) * n + z * h,)


def _rnn(xp: Any, p: Values) -> Array:
    h: Array = 0
    loss = 0
    for x, y in zip(p["x"], p["y"], strict=True):
        h = xp.tanh(x @ p["Wx"] + (h @ p["Wh"] if np.ndim(h) else 0) + p["b"])
        loss = loss + _loss(xp, "mse", h @ p["V"] + p["c"], y) / len(p["x"])
    return loss


def _mlp(xp: Any, p: Values) -> Array:
    h = xp.tanh(p["X"] @ p["W1"] + p["b1"])
    return _loss(xp, "mse", h @ p["W2"] + p["b2"], p["y"])


def _cnn(layers: int, hidden: str, pool: int, loss: str) -> Callable[..., Array]:
    def of(xp: Any, p: Values) -> Array:
        from jax import lax

        h = p["X"] if p["X"].ndim == 4 else p["X"][None]
        for k in range(1, layers + 1):
            h = lax.conv_general_dilated(h, p[f"K{k}"], (1, 1), "VALID") + p[f"b{k}"]
            h = xp.maximum(h, 0) if hidden == "relu" else xp.tanh(h)
            size = (1, 1, pool, pool)
            h = lax.reduce_window(h, -xp.inf, lax.max, size, size, "VALID")
        flat = h.reshape((len(h), -1)) if p["X"].ndim == 4 else h.reshape(-1)
        return _loss(xp, loss, flat @ p["W"] + p["c"], p["y"])

    return of


def _looking(xp: Any, p: Values, x: Array, heads: int, mask: bool | str) -> Array:
    n, d = x.shape
    size = d // heads
    q, k, v = (x @ p[f"W_{name}"] for name in "QKV")
    seen = p["M"] > 0 if mask is True else xp.asarray(np.tri(n)) > 0 if mask else xp.ones((n, n)) > 0
    parts = []
    for head in range(heads):
        own = slice(head * size, (head + 1) * size)
        s = q[:, own] @ k[:, own].T / np.sqrt(size)
        parts.append(_softmax(xp, xp.where(seen, s, -xp.inf)) @ v[:, own])
    return xp.concatenate(parts, axis=1) @ p["W_O"] if heads > 1 else parts[0]


def _attention(heads: int, mask: bool | str, loss: str = "mse") -> Callable[..., Array]:
    return lambda xp, p: _loss(xp, loss, _looking(xp, p, p["X"], heads, mask), p["y"])


def _norm(xp: Any, x: Array, gamma: Array, beta: Array) -> Array:
    return gamma * (x - x.mean(1, keepdims=True)) / xp.sqrt(x.var(1, keepdims=True) + 1e-5) + beta


def _block(heads: int, mask: bool | str, hidden: str) -> Callable[..., Array]:
    def of(xp: Any, p: Values) -> Array:
        from jax.nn import gelu

        r = p["X"] + _looking(xp, p, _norm(xp, p["X"], p["gamma1"], p["beta1"]), heads, mask)
        z = _norm(xp, r, p["gamma2"], p["beta2"]) @ p["W1"] + p["b1"]
        h = gelu(z, approximate=False) if hidden == "gelu" else xp.maximum(z, 0)
        return _loss(xp, "mse", r + h @ p["W2"] + p["b2"], p["y"])

    return of


@dataclass(frozen=True)
class Case:
    """A network, the same in jax, and the sizes of the letters in it."""

    name: str
    graph: Callable[[], Graph]
    in_jax: Callable[..., Array]

    def __str__(self) -> str:
        return self.name


# fmt: off
CASES = [
    Case("mlp", lambda: mlp([3, 4, 2], batch=5), _mlp),
    Case("mlp, any batch", lambda: mlp([3, 4, 2], batch="n"), _mlp),
    Case("rnn", lambda: rnn(2, 3, 4, batch=3), _rnn),
    Case("lstm of one example", lambda: lstm(2, 3, 2), _recurrent(_lstm, 2, "mse", False)),
    Case("lstm", lambda: lstm(3, 4, 10, outputs=2, batch=5), _recurrent(_lstm, 2, "mse", False)),
    Case("lstm, any batch", lambda: lstm(2, 3, 3, batch="n"), _recurrent(_lstm, 2, "mse", False)),
    Case("lstm, each step", lambda: lstm(2, 3, 3, outputs=2, loss="cross_entropy", batch=4, each=True),
         _recurrent(_lstm, 2, "cross_entropy", True)),
    Case("gru of one example", lambda: gru(2, 3, 2, loss="bce"), _recurrent(_gru, 1, "bce", False)),
    Case("gru", lambda: gru(3, 4, 5, outputs=2, batch=5), _recurrent(_gru, 1, "mse", False)),
    Case("gru, each step, any batch", lambda: gru(2, 3, 2, batch="m", each=True), _recurrent(_gru, 1, "mse", True)),
    Case("cnn of one image", lambda: cnn([1, 8, 8], filters=2, outputs=3), _cnn(1, "relu", 2, "cross_entropy")),
    Case("cnn", lambda: cnn([2, 8, 8], filters=2, outputs=3, batch=4), _cnn(1, "relu", 2, "cross_entropy")),
    Case("cnn, any batch", lambda: cnn([1, 6, 6], filters=2, outputs=3, batch="n"),
         _cnn(1, "relu", 2, "cross_entropy")),
    Case("cnn of two layers", lambda: cnn([2, 12, 12], filters=[2, 3], outputs=1, hidden="tanh", loss="mse", batch=3),
         _cnn(2, "tanh", 2, "mse")),
    Case("cnn without pooling", lambda: cnn([1, 5, 5], filters=2, outputs=3, kernel=2, pool=1, loss="bce", batch=2),
         _cnn(1, "relu", 1, "bce")),
    Case("attention", lambda: attention(6, 4), _attention(1, False)),
    Case("attention with a mask", lambda: attention(6, 4, mask=True), _attention(1, True)),
    Case("attention of any length, causal", lambda: attention("n", 4, mask="causal"), _attention(1, "causal")),
    Case("attention with heads", lambda: attention(6, 4, heads=2, mask=True, loss="cross_entropy"),
         _attention(2, True, "cross_entropy")),
    Case("block of a transformer", lambda: transformer_block(4, 8, heads=2), _block(2, False, "gelu")),
    Case("block, causal, relu", lambda: transformer_block(4, 6, heads=3, inner=5, hidden="relu", mask="causal"),
         _block(3, "causal", "relu")),
    Case("block of one head with a mask", lambda: transformer_block("n", 4, mask=True), _block(1, True, "gelu")),
]
# fmt: on
QUICK = ("lstm of one example", "gru of one example", "cnn", "attention with a mask", "block of one head with a mask")
SOME = [pytest.param(case, id=case.name, marks=[] if case.name in QUICK else [pytest.mark.slow]) for case in CASES]


def values_of(graph: Graph) -> Values:
    """Return random values; targets are one-hot rows, and each row sees itself and what is before it."""
    random = np.random.default_rng(5)
    shapes = {name: tuple(map(int, graph.shapes[name])) for name in graph.inputs}
    values = {name: random.normal(0.0, 0.5, shape) for name, shape in shapes.items()}
    if "mse" not in graph.text:
        classes = shapes["y"][-1]
        values["y"] = np.eye(classes)[random.integers(0, classes, shapes["y"][:-1])]
    return values | ({"M": np.tri(shapes["M"][0])} if "M" in values else {})


def parameters_of(graph: Graph) -> list[str]:
    return [name for name in graph.inputs if name not in DATA]


@pytest.mark.slow
@pytest.mark.parametrize("case", SOME)
def test_it_is_the_network_of_jax(jax: ModuleType, case: Case) -> None:
    graph = case.graph()
    values, names = values_of(graph), parameters_of(graph)
    given = {name: value for name, value in values.items() if name not in names}

    def loss_of(parameters: Values) -> Array:
        return case.in_jax(jax.numpy, {**{n: jax.numpy.asarray(v) for n, v in given.items()}, **parameters})

    loss, gradients = jax.jit(jax.value_and_grad(loss_of))({name: jax.numpy.asarray(values[name]) for name in names})
    b = graph.backprop(at=values, wrt=names)
    assert b.check.verdict == "verified", b.check
    assert b.forward["L"] == pytest.approx(float(loss), rel=1e-12)
    for name in names:
        np.testing.assert_allclose(b.values[name], gradients[name], rtol=1e-9, atol=1e-12, err_msg=name)
    for backend, dtype, within in (("numpy", "float64", 1e-10), ("numpy", "float32", 2e-4), ("jax", "float64", 1e-10)):
        by_code, found = graph.lambdify("L", names, backend, dtype)(values)
        assert by_code == pytest.approx(float(loss), rel=within)
        for name, gradient in gradients.items():
            worst = np.max(np.abs(found[name] - gradient)) / np.max(np.abs(gradient))
            assert worst < within, f"{backend} {dtype} {name}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_its_code_for_torch_is_python(case: Case) -> None:
    graph = case.graph()
    f = graph.lambdify("L", parameters_of(graph), "torch")
    source = f.program({name: np.shape(value) for name, value in values_of(graph).items()}).source
    assert "torch." in source
    ast.parse(source)


@pytest.mark.slow
@pytest.mark.parametrize("case", every(4, [case for case in CASES if case.name != "lstm"]), ids=str)
def test_it_is_derived_without_values(case: Case) -> None:
    graph = case.graph()
    assert graph.backprop(wrt=parameters_of(graph)).check.verdict == "verified"
