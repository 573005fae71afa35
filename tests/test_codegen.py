"""Generated code against differences, against the graph's own numbers, and at the ends of the number line."""

from __future__ import annotations

import ast
import math
import pickle
import threading
import warnings
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symback.compile import compile_program
from symback.compile.compiled import ArrayGradient, ScalarGradient
from symback.compile.functional import TorchGradient
from symback.compile.notes import harmless
from symback.compile.source import UnsafeSource, check
from symback.errors import ShapeError, UsageError
from symback.graph.graph import Graph

RNG = np.random.default_rng(5)


def values_of(graph: Graph, scale: float = 1.0, low: float | None = None) -> dict[str, Any]:
    """Return random values of the declared shapes."""
    made = {name: scale * RNG.normal(size=graph.shapes[name]) for name in graph.inputs}
    return made if low is None else {name: low + np.abs(v) for name, v in made.items()}


def slope(f: Any, values: Mapping[str, Any], name: str) -> np.ndarray:
    """Return the gradient by central differences."""
    base = np.asarray(values[name], float)
    result = np.zeros(base.shape)
    for place in np.ndindex(base.shape):
        sides = []
        for h in (1e-6, -1e-6):
            moved = base.copy()
            moved[place] += h
            sides.append(f({**values, name: moved})[0])
        result[place] = (sides[0] - sides[1]) / 2e-6
    return result


# Graphs, one an operation or a way of the code; all inputs are differentiated by.
GRAPHS = {
    "arithmetic": "L = (a b - c/d)^2 + a^3/b - d^-2",
    "network": "X: 5x3\nW: 3x4\nb: 4\nV: 4x1\ny: 5x1\nL = mse(tanh(X @ W + b) @ V, y)",
    "sigmoid": "X: 5x3\nW: 3x2\nL = sum(sigmoid(X @ W)^2)",
    "activations": "x: 7\nL = sum(silu(x) + gelu(x) + elu(x) + softplus(x) + leaky_relu(x) + relu(x)^2 + abs(x))",
    "functions": "x: 4\nL = sum(sin(x) cos(x) + arctan(x) + sinh(x) - cosh(x) tanh(x) + e^-x + arsinh(x) + cbrt(x))",
    "rarer functions": "x: 4\nL = sum(sec(x) + erf(x) + arccot(x) + sech(x) + tan(x))",
    "roots": "p: 3\nL = sum(sqrt(p) + ln(p) + p^p + 2^p + p^(1/3) + log(p, 3) + p^-3 + p^-0.5)",
    "softmax": "z: 4x3\nw: 4x3\nL = sum(softmax(z) * w) + sum(log_softmax(z) * w) + sum(logsumexp(z))",
    "softmax of a vector": "z: 5\nw: 5\nL = dot(softmax(z), w) + logsumexp(z w)",
    "cross-entropy": "z: 4x3\ny: 4x3\nL = cross_entropy(softmax(z), y)",
    "logits": "z: 4\ny: 4\nL = bce(sigmoid(z), y)",
    "outer": "a: 3\nb: 4\nA: 3x4\nL = sum(outer(a, b) * A) + norm2(a) + dot(a, A @ b)",
    "broadcasting": "A: 3x4\nr: 4\nc: 3x1\ns:\nL = sum((A + r) * c * s + r) + mean(A, 0) @ r + sum(sum(A c, 1)^2)",
    "maximum": "A: 3x4\nB: 3x4\nL = sum(max(A, B) - min(A, 2B))",
    "square matrices": "A: 3x3\nb: 3\nL = logdet(A @ A.T) + trace(A @ A) + sum(inv(A @ A.T + 1)) + quadratic(b, A)",
    "parts": "A: 3x2\nB: 3x2\nL = sum(concat(A, B, 1)^2) + A[0, 1] B[2, 0] + sum(sin(A[1]))",
    "views": "A: 3x4\nL = sum((A.T @ A)^2) + sum((A @ A.T) * (A @ A.T).T)",
    "unused": "a: 2\nb: 3\nL = sum(a a)",
    "product": "a: 3\nb: 3\nL = sum(a * b)",
    "same gradient": "a: 3\nb: 3\nL = sum((a + b)^2)",
}


@pytest.mark.parametrize("name", GRAPHS)
def test_gradients_are_slopes(name: str) -> None:
    graph = Graph(GRAPHS[name])
    values = values_of(graph, low=0.3 if name in ("roots", "logits", "cross-entropy") else None)
    f = graph.lambdify()
    loss, gradients = f(values)
    assert loss == pytest.approx(graph.forward(values)["L"], rel=1e-12)
    assert list(gradients) == list(graph.inputs)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, slope(f, values, name), rtol=2e-6, atol=2e-7)
        assert np.shape(gradient) == graph.shapes[name]
    again = f(values)
    assert again[0] == loss
    assert all(np.array_equal(again[1][n], gradients[n]) for n in gradients)


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_step_goes_down_the_gradient(name: str, dtype: str) -> None:
    graph = Graph(GRAPHS[name])
    drawn = values_of(graph, low=0.3 if name in ("roots", "logits", "cross-entropy") else None)
    values = {n: np.asarray(v, dtype) if np.ndim(v) else float(v) for n, v in drawn.items()}
    f = graph.lambdify(dtype=dtype)
    loss, gradients = f(values)
    stepped = {n: np.array(v) if np.ndim(v) else v for n, v in values.items()}
    arrays = dict(stepped)
    assert f.step(stepped, 0.01) == pytest.approx(loss, rel=1e-5)
    for n, gradient in gradients.items():
        rtol = 1e-11 if dtype == "float64" else 1e-4
        np.testing.assert_allclose(stepped[n], values[n] - 0.01 * gradient, rtol=rtol, atol=rtol)
        if np.ndim(values[n]):
            assert stepped[n] is arrays[n], "changed in place"
            assert stepped[n].dtype == dtype


LOOP = """
X: 7x4x3
Y: 7x4x1
h[0]: 4x5
Wx: 3x5
Wh: 5x5
b: 5
V: 5x1
for t in 1..7:
    h[t] = tanh(X[t-1] @ Wx + h[t-1] @ Wh + b)
    L += mse(h[t] @ V, Y[t-1])
"""

VECTORS = """
X: 6x3
h[0]: 4
Wx: 4x3
Wh: 4x4
for t in 1..6:
    g[t] = sigmoid(Wx @ X[t-1] + Wh @ h[t-1])
    h[t] = g[t] * h[t-1] + (1 - g[t]) * tanh(Wx @ X[t-1])
L = norm2(h[6]) + sum(h[3])
"""


@pytest.mark.parametrize("text", [LOOP, VECTORS], ids=["batch", "vectors"])
def test_loops(text: str) -> None:
    graph = Graph(text)
    f = graph.lambdify()
    values = values_of(graph, 0.5)
    loss, gradients = f(values)
    assert loss == pytest.approx(graph.forward(values)["L"], rel=1e-12)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, slope(f, values, name), rtol=1e-5, atol=1e-8)
    assert f.step(dict(values), 0.1) == pytest.approx(loss, rel=1e-12)


def test_a_loop_is_done_in_few_products() -> None:
    """All x[t] @ Wx are one product, and so are the weights' gradients: what is left are two products a step."""
    source = Graph(LOOP).lambdify("L", ["Wx", "Wh", "b", "V"]).source
    assert source.count("dot(") <= 2 * 7 + 8
    assert source.count("concatenate(") == 0


# --- the ends of the number line -------------------------------------------------------------------------------------

ENDS = [0.0, -0.0, 1e-300, -1e-300, 40.0, -40.0, 750.0, -750.0, 1e300, -1e300]
STABLE = [
    "sigmoid(x)",
    "tanh(x)",
    "softplus(x)",
    "relu(x)",
    "silu(x)",
    "abs(x)",
    "bce(sigmoid(x), 1)",
    "bce(sigmoid(x), 0)",
]


@pytest.mark.parametrize("text", STABLE)
@pytest.mark.parametrize("shape", [(), (3,)])
def test_large_numbers_are_harmless(text: str, shape: tuple[int, ...]) -> None:
    if "bce" in text and shape:
        text = text.replace("1)", "x*0 + 1)").replace(" 0)", " x*0)")
    graph = Graph(f"x: {shape[0]}\nL = sum({text})" if shape else f"L = {text}")
    f = graph.lambdify()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for x in ENDS:
            loss, gradients = f({"x": np.full(shape, x) if shape else x})
            if not ("silu" in text and abs(x) > 1e299):
                assert np.isfinite(loss), (text, x)
                assert np.all(np.isfinite(gradients["x"])), (text, x)
        loss, gradients = f({"x": np.full(shape, math.nan) if shape else math.nan})
    assert math.isnan(loss), "nan stays nan"
    assert np.all(np.isnan(gradients["x"]) | (gradients["x"] == 0))


def test_the_tail_of_the_sigmoid_keeps_its_digits() -> None:
    exact = 1 / (1 + math.exp(40))
    assert Graph("L = sigmoid(x)").lambdify()({"x": -40})[0] == pytest.approx(exact, rel=1e-14)
    array, _ = Graph("x: 1\nL = sum(sigmoid(x))").lambdify()({"x": [-40]})
    assert array == pytest.approx(exact, rel=1e-14)


def test_softmax_and_cross_entropy_of_large_logits() -> None:
    f = Graph("z: 2x3\ny: 2x3\nL = cross_entropy(softmax(z), y)").lambdify(wrt=["z"])
    loss, gradients = f({"z": [[1000, 1001, -1000], [1e300, -1e300, 0]], "y": [[0, 1, 0], [1, 0, 0]]})
    assert loss == pytest.approx(math.log1p(math.exp(-1)) / 2)
    np.testing.assert_allclose(gradients["z"][1], 0)


@pytest.mark.parametrize("shape", ["", "2"])
def test_entropies_at_0_and_1(shape: str) -> None:
    f = Graph(f"p: {shape}\ny: {shape}\nL = bce(p, y)").lambdify(wrt=[])
    ends = [0.0, 1.0] if shape else 1.0
    assert f({"p": ends, "y": ends})[0] == 0


def test_ieee_answers_where_math_raises() -> None:
    f = Graph("L = ln(x) + 1/y").lambdify()
    loss, gradients = f({"x": 0, "y": 1})
    assert loss == -math.inf
    assert gradients["x"] == math.inf
    assert f({"x": -1, "y": 1})[0] != f({"x": -1, "y": 1})[0]
    assert f({"x": 1, "y": 0})[0] == math.inf
    assert Graph("L = e^x").lambdify()({"x": 750})[0] == math.inf


def test_integers_are_floats() -> None:
    graph = Graph("x: 2\nL = sum(x^3)")
    loss, gradients = graph.lambdify()({"x": np.array([3_000_000, 1])})
    assert loss == pytest.approx(2.7e19)
    assert gradients["x"].dtype == float
    assert Graph("L = x^3").lambdify()({"x": Fraction(1, 2)}) == (0.125, {"x": 0.75})


def test_a_constant_gradient_has_the_shape_of_its_input() -> None:
    _, gradients = Graph("x: 2x3\nL = 3 sum(x)").lambdify()({"x": np.ones((2, 3))})
    np.testing.assert_array_equal(gradients["x"], np.full((2, 3), 3.0))


# --- calls -----------------------------------------------------------------------------------------------------------


def test_shapes_are_checked_first() -> None:
    f = Graph("W: 3x2\nx: 2\nL = sum(W @ x)").lambdify()
    with pytest.raises(ShapeError, match="W"):
        f({"W": np.ones((2, 3)), "x": [1, 2]})
    with pytest.raises(UsageError, match="x"):
        f({"W": np.ones((3, 2))})
    with pytest.raises((UsageError, ShapeError)):
        f({"W": np.ones((3, 2)), "x": ["a", "b"]})
    with pytest.raises(UsageError, match="float16"):
        Graph("L = x").lambdify(dtype="float16")


def test_names_never_collide() -> None:
    """A user's e, pi, exp, v0 or lr is a number like any other."""
    f = Graph("L = e * pi + exp(lr) v0", names=("e", "pi", "lr", "v0")).lambdify()
    loss, gradients = f({"e": 2, "pi": 3, "lr": 0, "v0": 5})
    assert loss == 11
    assert gradients == {"e": 3.0, "pi": 2.0, "lr": 5.0, "v0": 1.0}
    values = {"e": 2.0, "pi": 3.0, "lr": 0.0, "v0": 5.0}
    f.step(values, 0.5)
    assert values == {"e": 0.5, "pi": 2.0, "lr": -2.5, "v0": 4.5}


def test_results_belong_to_the_caller() -> None:
    f = Graph("a: 3\nb: 3\nL = sum(a b) + sum((a + b)^2)").lambdify()
    values = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([4.0, 5.0, 6.0])}
    _, first = f(values)
    kept = {n: g.copy() for n, g in first.items()}
    _, second = f({n: 2 * v for n, v in values.items()})
    for n, gradient in first.items():
        np.testing.assert_array_equal(gradient, kept[n])
        assert not np.shares_memory(gradient, second[n])
        assert not np.shares_memory(gradient, values[n])
    assert not np.shares_memory(first["a"], first["b"])


def test_a_step_uses_the_old_values() -> None:
    values = {"a": np.array([1.0]), "b": np.array([10.0])}
    Graph("a: 1\nb: 1\nL = sum(a * b)").lambdify().step(values, 0.1)
    assert values["a"] == pytest.approx([0.0])
    assert values["b"] == pytest.approx([9.9])


def test_what_cannot_be_changed_in_place_is_replaced() -> None:
    fixed = np.array([1.0, 2.0])
    fixed.flags.writeable = False
    values: dict[str, Any] = {"a": fixed, "b": [1, 2], "c": 1}
    Graph("a: 2\nb: 2\nc:\nL = sum(a b) c").lambdify().step(values, 0.5)
    np.testing.assert_allclose(values["a"], [0.5, 1.0])
    np.testing.assert_allclose(values["b"], [0.5, 1.0])
    assert values["c"] == -1.5
    np.testing.assert_array_equal(fixed, [1, 2])


def test_only_inputs_take_steps() -> None:
    with pytest.raises(UsageError, match="z"):
        Graph("z = 2x; L = z^2").lambdify(wrt=["z"]).step({"x": 1.0}, 0.1)


def test_threads_do_not_share_buffers() -> None:
    f = Graph("X: 40x30\nW: 30x20\nL = sum(tanh(X @ W)^2)").lambdify(wrt=["W"])
    inputs = [{"X": RNG.normal(size=(40, 30)), "W": RNG.normal(size=(30, 20))} for _ in range(4)]
    right = [f(v)[1]["W"] for v in inputs]
    wrong: list[int] = []

    def work(k: int) -> None:
        wrong.extend(k for _ in range(100) if not np.array_equal(f(inputs[k])[1]["W"], right[k]))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_code_is_pickled_as_its_program() -> None:
    for text in ("L = x^2", "x: 2\nL = norm2(x)"):
        f = compile_program(Graph(text).gradient_program())
        values = {"x": np.array([3.0, 1.0]) if ":" in text else 3.0}
        f(values)
        again = pickle.loads(pickle.dumps(f))
        assert again(values)[0] == f(values)[0]


# --- source ----------------------------------------------------------------------------------------------------------


def test_source_is_readable() -> None:
    f = Graph("L = (w x - y)^2").lambdify(wrt=["w"])
    assert f.source == (
        "def gradient(v0, v1, v2):\n"
        "    v4 = v0*v1 - v2\n"
        "    v6 = v4*v4                                            # L = v4^2\n"
        "    v8 = 2.0*v4*v1                                        # ∂L/∂w = v7 * x\n"
        "    return v6, (v8, )\n"
    )


@pytest.mark.parametrize("name", GRAPHS)
def test_comments_change_nothing(name: str) -> None:
    code = compile_program(Graph(GRAPHS[name]).gradient_program()).code
    assert ast.dump(ast.parse(code.text)) == ast.dump(ast.parse(code.code))


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "v1 = __import__('os')",
        "v1 = v0.__class__",
        "v1 = open(v0)",
        "v1 = [x for x in v0]",
        "v1 = lambda: 0",
        "v1 = 'text'",
        "while 1: v1 = 0",
        "v1 = v0 ** v2",
        "v1 = (lambda: 0) + 1",
        "v1 = v0 + exp(v0, out=open)",
        "v1 = v0[open]",
        "@open\ndef step(v1):\n    return v1",
        "def step(v1=open):\n    return v1",
        "def step(v1) -> open:\n    return v1",
        "v1: open = 1",
        "v1 = v0 if open else v2",
        "v1 = v0 < open",
        "v1 = f'{v0}'",
        "v1 = 1j",
        "del v1",
    ],
)
def test_only_arithmetic_is_executed(code: str) -> None:
    with pytest.raises(UnsafeSource):
        check(code, {"tanh": math.tanh})


def test_comments_hold_no_code() -> None:
    assert "\n" not in harmless("x\nimport os\r\x0b\u2028")


def test_kinds_of_code() -> None:
    assert isinstance(compile_program(Graph("L = x^2").gradient_program()), ScalarGradient)
    assert isinstance(compile_program(Graph("x: 2\nL = norm2(x)").gradient_program()), ArrayGradient)


@pytest.mark.parametrize("name", GRAPHS)
def test_torch_source_is_python(name: str) -> None:
    f = compile_program(Graph(GRAPHS[name]).gradient_program(), backend="torch")
    assert isinstance(f, TorchGradient)
    assert ast.parse(f.source)
    with pytest.raises(NotImplementedError):
        f({})


# --- cost ------------------------------------------------------------------------------------------------------------


def test_a_gradient_costs_at_most_three_losses() -> None:
    for text in (LOOP, GRAPHS["network"], GRAPHS["arithmetic"]):
        graph = Graph(text)
        assert graph.lambdify(wrt=[n for n in graph.inputs if n not in "Xy"]).operations.ratio <= 3


def test_repeated_use_stays_linear() -> None:
    lengths = []
    for n in (100, 200):
        lines = ["e0 = x"] + [f"e{k + 1} = e{k} * sin(e{k})" for k in range(n)]
        f = Graph("\n".join(lines)).lambdify(f"e{n}")
        assert math.isfinite(f({"x": 1.3})[0])
        lengths.append(len(f.source))
    assert lengths[1] < 2.2 * lengths[0]
