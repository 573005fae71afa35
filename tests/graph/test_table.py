# ruff: noqa: N803  (arrays have the names that they have in the text)
"""The table of operations: every row has every column, and each row is right in formulas, numbers and all code."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from symback import Graph
from symback.expr.tree import Apply, walk
from symback.graph.operations import OPERATIONS
from symback.graph.operations.row import ArrayOperation
from symback.graph.operations.table import GENERAL, TABLE
from tests.marks import every

jax = pytest.importorskip("jax")
jnp = pytest.importorskip("jax.numpy")

# What only gradients hold, and where the graphs below meet it.
OF_GRADIENTS = frozenset((
    "scatter_add", "put_at", "take", "squeeze", "broadcast_to", "sum_to", "prod_of_others", "at_max", "at_min",
    "conv2d_inputs", "conv2d_kernel", "conv1d_inputs", "conv1d_kernel", "maxpool2d_inputs", "meanpool2d_inputs",
    "maxpool2d_at",
))  # fmt: skip


def _conv(x: Any, k: Any, stride: int = 1, padding: int = 0) -> Any:
    around = ((padding, padding), (padding, padding))
    return jax.lax.conv_general_dilated(x, k, (stride, stride), around)


def _pool(x: Any, size: int, stride: int, start: float, of: Any) -> Any:
    window, steps = ((1,) * (x.ndim - 2) + (n, n) for n in (size, stride))
    return jax.lax.reduce_window(x, start, of, window, steps, "VALID")


# fmt: off
# An operation: a graph that uses it, whose last line is the loss, and the loss in jax.numpy.
CASES: list[tuple[str, str, Any]] = [
    ("cumsum", "x: 4; L = sum(cumsum(x)^2)", lambda x: jnp.sum(jnp.cumsum(x) ** 2)),
    ("cumsum", "X: 2x1x3; L = sum(cumsum(X, axis=-1)^2)", lambda X: jnp.sum(jnp.cumsum(X, -1) ** 2)),
    ("flip", "X: 3x2; W: 3x2; L = sum(flip(X, axis=0) * W * X)", lambda X, W: jnp.sum(jnp.flip(X, 0) * W * X)),
    ("max_along", "X: 3x4; L = sum(max(X, axis=1)^3)", lambda X: jnp.sum(jnp.max(X, 1) ** 3)),
    ("max_along", "X: 2x3x2; L = sum(max(X, axis=1, keepdims) * X)",
     lambda X: jnp.sum(jnp.max(X, 1, keepdims=True) * X)),
    ("min_along", "X: 3x1; L = min(X)^2 + sum(min(X, axis=0)^3)",
     lambda X: jnp.min(X) ** 2 + jnp.sum(jnp.min(X, 0) ** 3)),
    ("prod", "x: 3; L = prod(x)^2", lambda x: jnp.prod(x) ** 2),
    ("prod", "X: 2x3; L = sum(prod(X, axis=1)^2)", lambda X: jnp.sum(jnp.prod(X, 1) ** 2)),
    ("argmax", "X: 2x3; L = sum(argmax(X, axis=1)) + sum(X^2)", lambda X: jnp.sum(jnp.argmax(X, 1)) + jnp.sum(X**2)),
    ("argmin", "x: 3; L = argmin(x) * sum(x^2)", lambda x: jnp.argmin(x) * jnp.sum(x**2)),
    ("reshape", "x: 6; A: 3x2; L = sum((reshape(x, 2, 3) @ A)^2)", lambda x, A: jnp.sum((x.reshape(2, 3) @ A) ** 2)),
    ("flatten", "X: 2x3; w: 6; L = (flatten(X) @ w)^2", lambda X, w: (X.ravel() @ w) ** 2),
    ("permute", "X: 2x3x4; W: 4x2x3; L = sum(transpose(X, 2, 0, 1)^2 * W)",
     lambda X, W: jnp.sum(jnp.transpose(X, (2, 0, 1)) ** 2 * W)),
    ("matrix_transpose", "X: 2x3x4; L = sum((X @ X.mT)^2)", lambda X: jnp.sum((X @ X.mT) ** 2)),
    ("expand", "x: 3; L = sum((expand(x, 1) - expand(x, 0))^3 * [[1, 2, 3], [0, 1, 5], [2, 2, 0]])",
     lambda x: jnp.sum((x[:, None] - x[None]) ** 3 * jnp.array([[1.0, 2, 3], [0, 1, 5], [2, 2, 0]]))),
    ("expand", "X: 2x3; Y: 2x4x3; L = sum((expand(X, 1) - Y)^3)", lambda X, Y: jnp.sum((X[:, None] - Y) ** 3)),
    ("squeeze", "X: 2x1x3; L = sum(squeeze(X, 1)^3)", lambda X: jnp.sum(X[:, 0] ** 3)),
    ("array", "x: 3; a:; L = sum([x[0], a x[1], 2]^2 * [1, 2, 3])",
     lambda x, a: jnp.sum(jnp.stack([x[0], a * x[1], 2]) ** 2 * jnp.array([1.0, 2, 3]))),
    ("array", "x: 2; y: 2; L = sum((stack(x, y, axis=1) @ [[1, 2], [3, 4]])^2)",
     lambda x, y: jnp.sum((jnp.stack([x, y], 1) @ jnp.array([[1.0, 2], [3, 4]])) ** 2)),
    ("gather", "C: 4x2; ix: 5; W: 5x2; L = sum(C[ix]^2 * W)",
     lambda C, ix, W: jnp.sum(C[jnp.int32(ix)] ** 2 * W)),
    ("gather", "C: 3x2; L = sum(C[[2, 0, 2]]^3)", lambda C: jnp.sum(C[jnp.array([2, 0, 2])] ** 3)),
    ("take", "x: 2; y: 2; z: 2; L = sum(stack(x, y, z, axis=1)^2 * [[1, 2, 3], [4, 5, 6]])",
     lambda x, y, z: jnp.sum(jnp.stack([x, y, z], 1) ** 2 * jnp.array([[1.0, 2, 3], [4, 5, 6]]))),
    ("put_at", "X: 2x3x4; L = sum(X[1]^2) + X[0, 1, 2]^3 + sum(X[-1, 0])",
     lambda X: jnp.sum(X[1] ** 2) + X[0, 1, 2] ** 3 + jnp.sum(X[-1, 0])),
    ("broadcast_to", "X: 2x3x4; b: 4; c: 3x1; L = sum((X*c + b)^2)", lambda X, b, c: jnp.sum((X * c + b) ** 2)),
    ("greater", "x: 4; L = sum((x > 0.1) * x^2)", lambda x: jnp.sum((x > 0.1) * x**2)),
    ("less", "x: 4; a:; L = sum((x < a) * x^2) + a", lambda x, a: jnp.sum((x < a) * x**2) + a),
    ("at_least", "x: 4; L = sum(where(x >= 0, x, x^2))", lambda x: jnp.sum(jnp.where(x >= 0, x, x**2))),
    ("at_most", "x: 4; y: 4; L = sum(where(x <= y, x y, -y))", lambda x, y: jnp.sum(jnp.where(x <= y, x * y, -y))),
    ("equal", "x: 4; L = sum((x == x[0]) * x^3)", lambda x: jnp.sum((x == x[0]) * x**3)),
    ("differs", "X: 2x3; L = sum((X != 0) * X^3)", lambda X: jnp.sum((X != 0) * X**3)),
    ("where", "S: 3x3; M: 3x3; V: 3x2; L = sum((softmax(where(M > 0, S, -inf)) @ V)^2)",
     lambda S, M, V: jnp.sum((jax.nn.softmax(jnp.where(M > 0, S, -jnp.inf)) @ V) ** 2)),
    ("bmm", "A: 2x3x4; B: 2x4x2; L = sum((A @ B)^2)", lambda A, B: jnp.sum((A @ B) ** 2)),
    ("bmm", "A: 2x3x4; B: 4x2; L = sum((A @ B)^2)", lambda A, B: jnp.sum((A @ B) ** 2)),
    ("einsum", 'A: 2x3; B: 3x4; L = sum(einsum("ij,jk->ki", A, B)^2)',
     lambda A, B: jnp.sum(jnp.einsum("ij,jk->ki", A, B) ** 2)),
    ("einsum", 'A: 2x3; v: 4; w: 2; L = sum(einsum("ij,k,i->k", A, v, w)^2)',
     lambda A, v, w: jnp.sum(jnp.einsum("ij,k,i->k", A, v, w) ** 2)),
    ("det", "A: 3x3; L = det(A)^2", lambda A: jnp.linalg.det(A) ** 2),
    ("solve", "A: 3x3; b: 3; L = sum(solve(A, b)^2)", lambda A, b: jnp.sum(jnp.linalg.solve(A, b) ** 2)),
    ("solve", "A: 2x2; B: 2x3; L = sum(solve(A, B)^2)", lambda A, B: jnp.sum(jnp.linalg.solve(A, B) ** 2)),
    ("kron", "A: 2x3; B: 2x1; L = sum(kron(A, B)^2 * kron(A, B))", lambda A, B: jnp.sum(jnp.kron(A, B) ** 3)),
    ("conv2d", "x: 2x3x6x5; K: 2x3x3x2; L = sum(conv2d(x, K)^2)", lambda x, K: jnp.sum(_conv(x, K) ** 2)),
    ("conv2d", "x: 1x1x5x5; K: 2x1x3x3; L = sum(conv2d(x, K, stride=2, padding=1)^2)",
     lambda x, K: jnp.sum(_conv(x, K, 2, 1) ** 2)),
    ("conv2d", "x: 1x2x6x6; K: 1x2x3x3; L = sum(conv2d(x, K, stride=2)^2)", lambda x, K: jnp.sum(_conv(x, K, 2) ** 2)),
    ("conv2d", "x: 5x4; K: 2x3; L = sum(conv2d(x, K)^2)",
     lambda x, K: jnp.sum(_conv(x[None, None], K[None, None]) ** 2)),
    ("conv1d", "x: 2x3x7; K: 2x3x3; L = sum(conv1d(x, K, stride=2, padding=1)^2)",
     lambda x, K: jnp.sum(jax.lax.conv_general_dilated(x, K, (2,), ((1, 1),)) ** 2)),
    ("conv1d", "x: 6; K: 3; L = sum(conv1d(x, K)^2)", lambda x, K: jnp.sum(jnp.correlate(x, K, "valid") ** 2)),
    ("maxpool2d", "x: 2x1x4x6; L = sum(maxpool2d(x, 2)^2)",
     lambda x: jnp.sum(_pool(x, 2, 2, -jnp.inf, jax.lax.max) ** 2)),
    ("maxpool2d", "x: 5x5; L = sum(maxpool2d(x, 3, stride=2)^2)",
     lambda x: jnp.sum(_pool(x, 3, 2, -jnp.inf, jax.lax.max) ** 2)),
    ("meanpool2d", "x: 1x2x5x4; L = sum(meanpool2d(x, 2, stride=1)^2)",
     lambda x: jnp.sum((_pool(x, 2, 1, 0.0, jax.lax.add) / 4) ** 2)),
    # operations that have laws of their own for vectors and matrices: along any axis of any array
    ("sum", "X: 2x3x4; L = sum(sum(X, axis=1)^2) + sum(sum(X, axis=(0, 2))^3)",
     lambda X: jnp.sum(jnp.sum(X, 1) ** 2) + jnp.sum(jnp.sum(X, (0, 2)) ** 3)),
    ("mean", "X: 2x3x4; L = sum((X - mean(X, axis=-1, keepdims))^3)",
     lambda X: jnp.sum((X - jnp.mean(X, -1, keepdims=True)) ** 3)),
    ("softmax", "X: 2x3x4; L = sum(softmax(X)^2)", lambda X: jnp.sum(jax.nn.softmax(X) ** 2)),
    ("softmax", "X: 3x4; L = sum(softmax(X, axis=0)^3)", lambda X: jnp.sum(jax.nn.softmax(X, 0) ** 3)),
    ("log_softmax", "X: 2x3x4; L = sum(log_softmax(X, axis=1)^2)", lambda X: jnp.sum(jax.nn.log_softmax(X, 1) ** 2)),
    ("logsumexp", "X: 2x3x4; L = sum(logsumexp(X, axis=0)^2) + sum(logsumexp(X))",
     lambda X: jnp.sum(jax.scipy.special.logsumexp(X, 0) ** 2) + jnp.sum(jax.scipy.special.logsumexp(X, -1))),
    ("index", "X: 2x3x4; L = sum(X[1]^2)", lambda X: jnp.sum(X[1] ** 2)),
]
# fmt: on
# compiling for JAX takes most of the time: every third graph in each run, the others with the slow tests
EACH = every(5, CASES)


def values_of(graph: Graph, seed: int = 3) -> dict[str, Any]:
    """Return random values, whole numbers of rows and a mask among them."""
    rng = np.random.default_rng(seed)
    values = {name: rng.normal(size=graph.shapes[name]) for name in graph.inputs}
    if "ix" in values:
        values["ix"] = rng.integers(0, 4, size=graph.shapes["ix"]).astype(float)
    if "M" in values:
        values["M"] = np.tril(np.ones(graph.shapes["M"]))
    return values


@pytest.mark.parametrize(("name", "text", "loss"), EACH)
def test_it_is_right_in_formulas_numbers_and_code(name: str, text: str, loss: Any) -> None:
    graph = Graph(text)
    values = values_of(graph)
    names = [n for n in graph.inputs if n != "ix"]
    with jax.enable_x64(True):
        given = {n: jnp.asarray(v) for n, v in values.items()}
        wanted = jax.grad(lambda own: loss(**{**given, **own}))({n: given[n] for n in names})
        right = {n: np.asarray(w) for n, w in wanted.items()}
    found = graph.backprop(at=values)
    assert found.check.verdict == "verified", found.check.message
    for n in names:
        np.testing.assert_allclose(np.asarray(found.values[n], float), right[n], rtol=1e-9, atol=1e-9)
    for backend, dtype in (("numpy", "float64"), ("numpy", "float32"), ("jax", "float64")):
        _, gradients = graph.lambdify(wrt=names, backend=backend, dtype=dtype)(values)
        close = 1e-9 if dtype == "float64" else 1e-3
        for n in names:
            scale = 1 + np.max(np.abs(right[n]))
            np.testing.assert_allclose(gradients[n], right[n], rtol=close, atol=close * scale)
    assert "def gradient" in graph.lambdify(wrt=names, backend="torch").source


@pytest.mark.parametrize(("name", "text", "loss"), CASES[::5])
def test_without_values_formulas_are_checked_at_random_ones(name: str, text: str, loss: Any) -> None:
    assert Graph(text).backprop().check.verdict == "verified"


# --- the columns -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", TABLE.values(), ids=lambda row: row.name)
def test_a_row_has_every_column(row: ArrayOperation) -> None:
    """A name, what its law is called, how it is called, shapes, laws, and code for every backend."""
    assert row.name
    assert row.title
    assert row.signature
    assert callable(row.shape)
    assert row.numpy
    assert row.jax
    assert row.torch
    least, most = row.arrays
    assert row.has_many or len(row.laws) in (0, least), f"{row.name} has {least} arrays"
    assert bool(row.math) <= (least == most)


def test_every_operation_is_met() -> None:
    """Each row is called in a graph above, or met in its gradient."""
    called = {name for name, _, _ in CASES}
    trees = [tree for _, text, _ in CASES for tree in Graph(text).backprop().gradients.values()]
    in_gradients = {node.name.partition("[")[0] for tree in trees for node in walk(tree) if isinstance(node, Apply)}
    assert (TABLE.keys() | GENERAL.keys()) - called <= OF_GRADIENTS
    assert OF_GRADIENTS & in_gradients, "the gradients hold operations of their own"


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_basic_operation_has_a_kernel_and_a_title(name: str) -> None:
    row = OPERATIONS[name]
    assert row.title
    assert callable(row.shape)
    assert callable(row.kernel)


# --- a new row -------------------------------------------------------------------------------------------------------

NEW = """
from symback.graph.operations.row import ArrayOperation, shape_along_axis
from symback.graph.operations.table import add
add(ArrayOperation(
    "differences", "differences of neighbours", "a, axis",
    lambda shapes, params: tuple(n - (i == params[0]) for i, n in enumerate(shapes[0])),
    ("undone(g, axis, sizes(a))",),
    numpy="np.diff({0}, axis={axis})", jax="jnp.diff({0}, axis={axis})", torch="torch.diff({0}, dim={axis})"))
add(ArrayOperation(
    "undone", "sum of neighbours, the other way", "a, axis, *shape", lambda shapes, params: tuple(params[1:]),
    ("differences(-g, axis)",),
    numpy="-np.diff({0}, axis={axis}, prepend=0, append=0)", jax="-jnp.diff({0}, axis={axis}, prepend=0, append=0)",
    torch="-torch.diff({0}, dim={axis})"))
import numpy as np
from symback import Graph, render
"""


def run(body: str) -> str:
    """Run a program in which an operation has been added by its rows."""
    done = subprocess.run(
        [sys.executable, "-c", NEW + dedent(body)], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_new_operation_is_one_row() -> None:
    """Calls, shapes, steps, numbers, the check and the code know an operation from its row."""
    said = run("""
        graph = Graph("X: 3x4; Y = differences(X, axis=1); L = sum(Y^2)")
        values = {"X": np.arange(12.0).reshape(3, 4) ** 2}
        found = graph.backprop(at=values)
        print(render(found, "text"))
        print(found.check.verdict, graph.backprop().check.verdict)
        right = np.zeros((3, 4))
        change = 2 * np.diff(values["X"], axis=1)
        right[:, 1:] += change
        right[:, :-1] -= change
        for backend in ("numpy", "jax"):
            _, gradients = graph.lambdify(wrt=["X"], backend=backend)(values)
            print(backend, bool(np.allclose(gradients["X"], right)))
        print("torch", "torch.diff" in graph.lambdify(wrt=["X"], backend="torch").source)
    """)
    assert "differences of neighbours" in said
    assert said.count("verified") >= 2
    for backend in ("numpy", "jax", "torch"):
        assert f"{backend} True" in said
