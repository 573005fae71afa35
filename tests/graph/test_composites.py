"""The composites: each is what its row says in values, formulas, code and checks, and a new one is one row."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from textwrap import dedent
from typing import Any, NamedTuple

import numpy as np
import pytest

from symback.errors import ParseError, SymbackError
from symback.expr.composites import COMPOSITES
from symback.graph import Graph
from symback.page import render
from tests.marks import every

jax = pytest.importorskip("jax")
jax.config.update("jax_enable_x64", True)
jnp = jax.numpy

Draw = Callable[[np.random.Generator, tuple[int, ...]], Any]


def anything(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return random.normal(0, 1.5, shape)


def chances(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return random.uniform(0.05, 1, shape)


def signs(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return random.choice([-1.0, 1.0], shape)


def classes(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return random.integers(0, 3, shape) * 1.0


class Row(NamedTuple):
    """A call, the shapes of its inputs, what it is in jax.numpy, whether it is proved for all sizes, what is drawn."""

    call: str
    shapes: str
    same: Callable[..., Any]
    is_proved: bool = True
    drawn: Draw = anything


def _huber(delta: float) -> Callable[..., Any]:
    def of(a: Any, b: Any) -> Any:
        r = jnp.abs(a - b)
        return jnp.mean(jnp.where(r <= delta, r**2 / 2, delta * (r - delta / 2)))

    return of


def _normal(x: Any, axis: Any, eps: float = 1e-5) -> Any:
    return (x - jnp.mean(x, axis, keepdims=True)) / jnp.sqrt(jnp.var(x, axis, keepdims=True) + eps)


def _images(g: Any) -> Any:
    return g[:, None, None]


def _of_classes(a: Any, y: Any) -> Any:
    return -jnp.mean(jnp.take_along_axis(a, y.astype(int)[..., None], -1))


def _rms(x: Any, g: Any = 1.0, eps: float = 1e-5) -> Any:
    return g * x / jnp.sqrt(jnp.mean(x**2, -1, keepdims=True) + eps)


# fmt: off
ROWS = (
    Row("mae(a, b)", "a: n; b: n", lambda a, b: jnp.mean(jnp.abs(a - b))),
    Row("mae(a, b)", "a: m x n; b: m x n", lambda a, b: jnp.mean(jnp.abs(a - b))),
    Row("huber(a, b)", "a: n; b: n", _huber(1)),
    Row("huber(a, b, delta=0.5)", "a: m x n; b: m x n", _huber(0.5)),
    Row("huber(a, b, 2)", "a: k x m x n; b: k x m x n", _huber(2), False),
    Row("hinge(a, b)", "a: n; b: n", lambda a, b: jnp.mean(jnp.maximum(1 - a * b, 0)), drawn=signs),
    Row("nll(a, y)", "a: n; y: n", lambda a, y: -jnp.sum(y * a)),
    Row("nll(a, y)", "a: m x n; y: m x n", lambda a, y: -jnp.mean(jnp.sum(y * a, -1))),
    Row("nll(log_softmax(a), y)", "a: m x 3; y: m", lambda a, y: _of_classes(jax.nn.log_softmax(a), y), drawn=classes),
    Row("nll(a, y)", "a: m x n x 3; y: m x n", _of_classes, False, classes),
    Row("entropy(p)", "p: n", lambda p: -jnp.sum(p * jnp.log(p)), drawn=chances),
    Row("entropy(p)", "p: m x n", lambda p: -jnp.sum(p * jnp.log(p)), drawn=chances),
    Row("kl(p, q)", "p: n; q: n", lambda p, q: jnp.sum(p * jnp.log(p / q)), drawn=chances),
    Row("var(x)", "x: n", jnp.var),
    Row("var(x)", "x: m x n", jnp.var),
    Row("var(x, axis=0)", "x: n", jnp.var),
    Row("var(x, axis=0)", "x: m x n", lambda x: jnp.var(x, 0)),
    Row("var(x, 1)", "x: m x n", lambda x: jnp.var(x, 1)),
    Row("var(x, axis=-1, keepdims)", "x: m x n", lambda x: jnp.var(x, -1, keepdims=True)),
    Row("var(x, axis=1)", "x: k x m x n", lambda x: jnp.var(x, 1), False),
    Row("var(x, axis=(0, 2))", "x: k x m x n", lambda x: jnp.var(x, (0, 2)), False),
    Row("var(x, axis=(-2, -1), keepdims)", "x: k x m x n", lambda x: jnp.var(x, (-2, -1), keepdims=True), False),
    Row("std(x)", "x: 3", jnp.std),
    Row("std(x, axis=0)", "x: 3 x n", lambda x: jnp.std(x, 0)),
    Row("std(x, axis=1, keepdims)", "x: k x 2 x n", lambda x: jnp.std(x, 1, keepdims=True), False),
    Row("cosine(a, b)", "a: 3; b: 3", lambda a, b: a @ b / jnp.sqrt(a @ a) / jnp.sqrt(b @ b)),
    Row("layernorm(x)", "x: n", lambda x: _normal(x, -1)),
    Row("layernorm(x, g, b)", "x: n; g: n; b: n", lambda x, g, b: g * _normal(x, -1) + b),
    Row("layernorm(x)", "x: m x n", lambda x: _normal(x, -1)),
    Row("layernorm(x, g, b)", "x: m x n; g: n; b: n", lambda x, g, b: g * _normal(x, -1) + b, False),
    Row("layernorm(x, eps=0.1)", "x: m x n", lambda x: _normal(x, -1, 0.1)),
    Row("layernorm(x, gamma=g)", "x: k x m x n; g: n", lambda x, g: g * _normal(x, -1), False),
    Row("rmsnorm(x)", "x: n", _rms),
    Row("rmsnorm(x, g)", "x: m x n; g: n", _rms),
    Row("rmsnorm(x, g, 0.5)", "x: k x m x n; g: n", lambda x, g: _rms(x, g, 0.5), False),
    Row("batchnorm(x)", "x: m x n", lambda x: _normal(x, 0)),
    Row("batchnorm(x, g, b)", "x: m x n; g: n; b: n", lambda x, g, b: g * _normal(x, 0) + b, False),
    Row("batchnorm(x, beta=b)", "x: k x m x n; b: m", lambda x, b: _normal(x, (0, 2)) + b[:, None], False),
    Row("batchnorm(x, g, b)", "x: k x m x 2 x n; g: m; b: m",
        lambda x, g, b: _images(g) * _normal(x, (0, 2, 3)) + _images(b), False),
    Row("clip(x, -1, 2)", "x: n", lambda x: jnp.clip(x, -1, 2)),
    Row("clip(x, lo, hi)", "x: m x n; lo: n; hi: m x n", lambda x, lo, hi: jnp.minimum(jnp.maximum(x, lo), hi)),
    Row("vec(A)", "A: 2 x 3", lambda a: a.T.reshape(-1), False),
    Row("vec(A)", "A: 1 x 2", lambda a: a.T.reshape(-1), False),
    Row("frobenius(A)", "A: m x n", lambda a: jnp.sqrt(jnp.sum(a**2))),
    Row("‖A‖_F", "A: m x n", lambda a: jnp.sqrt(jnp.sum(a**2))),
)
# fmt: on
NAMES = [f"{row.call} {row.shapes}" for row in ROWS]


def with_sizes(row: Row, sizes: dict[str, int]) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the inputs of a row, numbers in the place of letters."""
    found = {}
    for line in row.shapes.split("; "):
        name, _, shape = line.partition(": ")
        found[name] = tuple(sizes[size] if size in sizes else int(size) for size in shape.split(" x "))
    return found


def graph_of(row: Row, shapes: dict[str, tuple[int, ...]], of_result: tuple[int, ...]) -> str:
    """Return a graph whose loss sees every entry of the result."""
    lines = [f"{name}: {' x '.join(map(str, shape))}" for name, shape in {**shapes, "w": of_result}.items() if shape]
    return "\n".join([*lines, f"L = sum(w*{row.call})"])


def shape_of(row: Row, shapes: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(jax.eval_shape(row.same, *(jax.ShapeDtypeStruct(s, float) for s in shapes.values())).shape)


def values_of(row: Row, shapes: dict[str, tuple[int, ...]], seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    first, *others = shapes
    given = {first: (chances if row.drawn is chances else anything)(random, shapes[first])}
    return given | {name: row.drawn(random, shapes[name]) for name in others}


def test_every_row_has_a_case() -> None:
    assert {re.match(r"\w*", row.call)[0] for row in ROWS} >= set(COMPOSITES)  # type: ignore[index]


@pytest.mark.parametrize("size", every(3, [2, 1, 3]))
@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_values_gradients_and_code_are_those_of_jax(row: Row, size: int) -> None:
    shapes = with_sizes(row, {"k": 3 if size == 2 else size, "m": 2 if size == 1 else size, "n": 3 if size == 2 else 2})
    values = values_of(row, shapes, size)
    of_result = shape_of(row, shapes)
    values["w"] = np.random.default_rng(9).normal(0, 1, of_result)
    graph = Graph(graph_of(row, shapes, of_result))

    places = tuple(i for i, name in enumerate(shapes) if not (row.drawn is classes and name == "y"))
    both = jax.jit(jax.value_and_grad(lambda *x: jnp.sum(values["w"] * row.same(*x)), places))
    wanted, slopes = both(*map(jnp.asarray, (values[name] for name in shapes)))
    assert float(graph.forward(values)["L"]) == pytest.approx(float(wanted), abs=1e-9)
    names = list(shapes)
    ways = [graph.lambdify()(values)[1], *([graph.lambdify(backend="jax")(values)[1]] if size == 2 else [])]
    in_32_bits = graph.lambdify(dtype="float32")(values)[1]
    for place, slope in zip(places, slopes, strict=True):
        for way in ways:
            assert np.asarray(way[names[place]]) == pytest.approx(np.asarray(slope), rel=1e-7, abs=1e-9)
        assert np.asarray(in_32_bits[names[place]]) == pytest.approx(np.asarray(slope), rel=1e-3, abs=1e-3)


LONG = [row for row in ROWS if row.shapes.count(" x ") > 1 or "norm(x" in row.call and " x " in row.shapes]


def _marked(rows: Sequence[Row]) -> list[Any]:
    return [pytest.param(r, id=f"{r.call} {r.shapes}", marks=pytest.mark.slow if r in LONG else ()) for r in rows]


@pytest.mark.parametrize("row", _marked(ROWS))
def test_the_formulas_are_checked(row: Row) -> None:
    shapes = with_sizes(row, {"k": 2, "m": 2, "n": 3})
    values = values_of(row, shapes, 5)
    shape = shape_of(row, shapes)
    values["w"] = np.random.default_rng(9).normal(0, 1, shape)
    b = Graph(graph_of(row, shapes, shape)).backprop(at=values)
    assert b.check.verdict == "verified", b.check.message


@pytest.mark.parametrize("row", _marked([row for row in ROWS if row.call != "vec(A)"]))
def test_with_letters_for_sizes(row: Row) -> None:
    shapes = with_sizes(row, {"k": 3, "m": 4, "n": 5})
    shape = shape_of(row, shapes)
    weights = " x ".join({3: "k", 4: "m", 5: "n"}.get(n, str(n)) if n not in (1, 2) else str(n) for n in shape)
    lines = [*row.shapes.split("; "), *([f"w: {weights}"] if shape else []), f"L = sum(w*{row.call})"]
    if any(letter in row.shapes for letter in " kmn") and not re.search(r"\b3\b", row.shapes):
        b = Graph("\n".join(lines)).backprop()
        assert b.check.verdict == "verified", b.check.message
        assert set(b.check.proved) == {*shapes, *(["w"] if "w" in b.graph.inputs else [])} or not row.is_proved


# --- what is printed -------------------------------------------------------------------------------------------------

# fmt: off
PRINTED = (  # a graph, the gradient by its first input
    ("z: 3; y: 3; L = mae(z, y)", "sign(z - y)/3"),
    ("z: 3; y: 3; L = hinge(z, y)", "-(step(1 - z * y) * y)/3"),
    ("z: m x n; y: m; L = nll(log_softmax(z), y)", "(softmax(z) - onehot(y, n))/m"),
    ("p: 3; L = entropy(p)", "-ln p - 1"),
    ("p: 3; q: 3; L = kl(p, q)", "ln p + 1 - ln q"),
    ("x: n; L = var(x)", "2(x - mean(x))/n"),
    ("x: m x n; L = sum(var(x, axis=0))", "2(x - mean(x, 0))/m"),
    ("A: m x n; L = frobenius(A)", "A/L"),
    ("a: n; b: n; L = cosine(a, b)", "b/(norm(a) norm(b)) - La/norm2(a)"),
    ("x: n; L = sum(clip(x, -1, 2))", "step(2 - max(x, -1)) * step(x + 1)"),
)
# fmt: on


@pytest.mark.parametrize(("text", "printed"), PRINTED)
def test_the_gradient_is_the_textbooks(text: str, printed: str) -> None:
    assert f"= {printed}  " in render(Graph(text).backprop(), "text", unicode=False, width=200)


def test_a_note_says_what_it_is_made_of() -> None:
    notes = Graph("x: m x n; L = sum(var(x, axis=0)) + var(x) + nll(x, x)").notes
    assert "var(x, axis), the variance, is mean((x - mean(x, axis, keepdims))^2, axis)." in notes
    assert "var(x), the variance, is mean((x - mean(x))^2)." in notes
    assert any("with class numbers it is -mean(sum(onehot(y, classes)*a, axis=-1))" in note for note in notes)


# --- what is large, and what is at an end ----------------------------------------------------------------------------

# fmt: off
FAR = (  # a graph, its values, the loss and the gradient by the first input, None where only finite is asked for
    ("x: 3; w: 3; L = sum(w*layernorm(x))", {"x": [1e6, -3e6, 1e8], "w": [1.0, 2.0, 3.0]}, None, None),
    ("x: 2; w: 2; L = sum(w*layernorm(x))", {"x": [1e150, -1e150], "w": [1.0, 3.0]}, -2.0, None),
    ("x: 3; w: 3; L = sum(w*layernorm(x))", {"x": [5.0, 5.0, 5.0], "w": [1.0, 2.0, 3.0]}, 0.0, None),
    ("x: 2x3; L = sum(batchnorm(x)^3)", {"x": [[1e6, 2.0, 3.0], [-1e6, 2.0, 1e100]]}, None, None),
    ("x: 3; L = sum(rmsnorm(x))", {"x": [0.0, 0.0, 0.0]}, 0.0, [1e2 * 10**0.5] * 3),
    ("z: 2; y: 2; L = huber(z, y)", {"z": [1e6, -0.5], "y": [0.0, 0.0]}, (1e6 - 0.5 + 0.125) / 2, [0.5, -0.25]),
    ("z: 2; y: 2; L = huber(z, y)", {"z": [1e300, 1.0], "y": [0.0, 0.0]}, 5e299, [0.5, 0.5]),
    ("z: 2x2; y: 2; L = nll(log_softmax(z), y)", {"z": [[800.0, -800.0], [0.0, 0.0]], "y": [1, 0]},
     (1600 + math.log(2)) / 2, [[0.5, -0.5], [-0.25, 0.25]]),
    ("p: 3; L = entropy(p)", {"p": [0.0, 0.5, 0.5]}, math.log(2), [math.inf, math.log(2) - 1, math.log(2) - 1]),
    ("L = entropy(p)", {"p": 0.0}, 0.0, math.inf),
    ("z: 2; L = entropy(softmax(z))", {"z": [800.0, -800.0]}, 0.0, [0.0, 0.0]),
    ("q: 2; p: 2; L = kl(p, q)", {"q": [1.0, 0.0], "p": [1.0, 0.0]}, 0.0, [-1.0, 0.0]),
)
# fmt: on


@pytest.mark.parametrize(("text", "values", "loss", "slope"), FAR, ids=lambda one: one if isinstance(one, str) else "")
@pytest.mark.parametrize("way", ["numbers", "numpy", "jax"])
def test_what_is_large_or_at_an_end_has_its_value(way: str, text: str, values: Any, loss: Any, slope: Any) -> None:
    graph = Graph(text)
    at = {name: np.asarray(value, dtype=float) for name, value in values.items()}
    if way == "numbers":
        found, gradients = graph.forward(at)["L"], graph.backprop(at=at).values
    else:
        found, gradients = graph.lambdify(backend=way)(at)
    first = np.asarray(gradients[next(iter(values))])
    assert np.isfinite(found)
    assert loss is None or float(found) == pytest.approx(loss, abs=1e-12)
    assert np.all(np.isfinite(first)) if slope is None else first == pytest.approx(np.asarray(slope), abs=1e-12)


def test_at_its_bounds_clip_takes_the_slope_of_the_bound() -> None:
    b = Graph("x: 4; L = sum(clip(x, -1, 2))").backprop(at={"x": [-1.0, 0.0, 2.0, 3.0]})
    assert list(b.values["x"]) == [0, 1, 0, 0]
    assert any("min(u, v) has no derivative where u = v" in note for note in b.notes)


# --- calls -----------------------------------------------------------------------------------------------------------

# fmt: off
SAME = (  # two ways to write one call
    ("layernorm(x, g, 0, 0.1)", "layernorm(x, eps=0.1, gamma=g)"), ("layer_norm(x)", "layernorm(x, 1, 0)"),
    ("var(x, 0)", "var(x, axis=0)"), ("var(x, dim=0, keepdim=True)", "var(x, axis=0, keepdims)"),
    ("var(x, axis=0, keepdims=False)", "variance(x, 0)"), ("huber(x, g)", "huber_loss(x, g, delta=1)"),
    ("clamp(x, 0, 1)", "clip(x, 0, 1)"), ("norm(x)", "frobenius(x)"), ("sum(x, axis=(-2, -1))", "sum(x)"),
)
REFUSED = (
    ("L = var(axis=0)", "var is of no array"), ("L = layernorm(x, 2, gamma=3)", "layernorm has two values for gamma"),
    ("L = layernorm(x, axis=0)", "layernorm has no axis"), ("L = layernorm(x, 1, 2, 3, 4)", "layernorm takes 4 values"),
    ("L = mae(x)", "mae takes 2 values"), ("L = huber(x, delta=2)", "huber takes 2 values, but 1 is given"),
)
# fmt: on


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_to_write_a_call(one: str, other: str) -> None:
    values = {"x": np.arange(4.0).reshape(2, 2) ** 2, "g": np.array([[1.0, 3.0], [0.5, 2.0]])}
    losses = [Graph(f"x: 2x2; g: 2x2; L = sum(({text})^2) + 0*sum(g)").forward(values)["L"] for text in (one, other)]
    assert losses[0] == losses[1]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_a_call_must_not_be(text: str, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        Graph(f"x: 2x2; {text}")


def test_a_parameter_may_be_called_as_an_array_of_the_graph() -> None:
    graph = Graph("x: m x n; gamma: n; beta: n; L = sum(layernorm(x, gamma=gamma, beta=beta)^2)")
    assert graph.backprop().check.verdict == "verified"


def test_names_of_the_author_come_first() -> None:
    assert Graph("x: 3; var = mean(x^2); L = var(x[0] + 1)").forward({"x": [1.0, 2.0, 3.0]})["L"] == pytest.approx(
        28 / 3
    )
    assert Graph("def std(t) = 2t\nL = std(x)").forward({"x": 3.0})["L"] == 6
    assert Graph("L = k l (x + 1)").inputs == ("k", "l", "x")


def test_a_loss_compares_what_has_one_shape() -> None:
    for name in ("mae", "nll", "huber"):
        with pytest.raises(SymbackError, match="The shapes 3 and 2 cannot be compared"):
            Graph(f"z: 3; y: 2; L = {name}(z, y)").backprop()
    with pytest.raises(SymbackError, match="there are classes 0 to 2"):
        Graph("z: 2x3; y: 2; L = nll(z, y)").forward({"z": np.zeros((2, 3)), "y": [0, 3]})


def test_a_new_one_is_one_row() -> None:
    program = dedent("""
        from symback.expr.composites import Composite, add
        add(Composite("logcosh", "log-cosh loss", "a, b, scale=1", "mean(ln(cosh(scale*(a - b))))", is_loss=True))
        import numpy as np
        from symback import Graph, render
        b = Graph("z: n; y: n\\nL = logcosh(z, y)").backprop()
        print(render(b, "text"), b.check.verdict, b.check.proved)
        graph, values = Graph("z: 2; y: 2; L = logcosh(z, y)"), {"z": np.array([1.0, 800.0]), "y": np.zeros(2)}
        loss, gradients = graph.lambdify()(values)
        print(np.allclose(gradients["z"], np.tanh(values["z"])/2), np.isfinite(loss))
        print(Graph("z: 2; y: 2; L = logcosh(z, y, scale=0)").forward(values)["L"] == 0)
        for backend in ("jax", "torch"):
            print(backend, "log1p" in graph.lambdify(backend=backend).source)
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    for words in ("sinh(z - y)", "verified ('z', 'y')", "True True\nTrue", "jax True", "torch True", "log-cosh loss"):
        assert words in done.stdout
