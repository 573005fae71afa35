"""Hessian-vector products in generated code, beside what JAX makes of its own gradient, and what they cost."""

# ruff: noqa: N803 (matrices have capital letters)
from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symback.errors import ShapeError, UsageError
from symback.graph.graph import Graph
from symback.graph.operations import OPERATIONS
from symback.graph.operations.table import TABLE
from symback.graph.second_order import direction_of
from tests.marks import every

from .graph.sweep.slopes import run
from .graph.sweep.worth import Place, worth

Array = Any

# Graphs that hold, or whose gradients hold, every operation there is; inputs are drawn between 0.3 and 1.5.
TEXTS = {
    "arithmetic": "f = a; L = f^2 b + a b + c/a - b^3 + a^b + 2^c - a",
    "functions of numbers": "L = sin(a b) + tanh(a)^2 + sqrt(a^2 + b^2) + arctan(a/b) + e^(-a b) + ln(a) sigmoid(b)",
    "functions of entries": "x: 4; L = sum(gelu(x) + erf(x) + softplus(x) + silu(x) + elu(x) + cbrt(x) + abs(x))",
    "greatest and least": "x: 4; z: 4; L = sum(max(x, z)^2 x + min(x, z)^3)",
    "broadcasting": "X: 3x4; x: 4; z: 3x1; L = sum((X x + z/X)^2) + sum(c x^2)",
    "sums": "X: 3x4; L = sum(sum(X^2, 0)^2) + norm2(mean(X, 1)) + mean(X)^3",
    "products": "X: 3x4; w: 4; v: 3; L = (v @ X @ w)^2 + norm2(X @ w) + v @ tanh(X @ w) + sum(sin(w @ X.T))",
    "outer products": "v: 3; w: 4; X: 3x4; L = norm2(outer(v, w) - X) + dot(v, v)^2",
    "matrices": "A: 3x3; B: 3x3; L = trace(A @ B @ A) + logdet(A @ A.T + eye(3)) + sum(inv(A + 3 eye(3)) * B)",
    "diagonals": "A: 3x3; v: 3; L = norm2(diag(v^2) @ A) + sum(diagonal(A)^3) + sum(unit(1, 3) v^3)",
    "parts": "A: 3x2; B: 3x2; x: 5; L = sum(concat(A, B, 1)^3) + A[1] @ B[0] + sum(x[1:3]^3) + x[4]^3 A[2, 0]",
    "constants": "A: n x m; v: n; L = sum((A + ones(n, m))^3/n) + sum((v + zeros(n))^3)",
    "softmax": "Z: 3x4; Y: 3x4; L = cross_entropy(softmax(Z), Y) + sum(softmax(Z)^2) + sum(log_softmax(Z)^2)",
    "log-sum-exp": "Z: 3x4; L = sum(logsumexp(Z)^2)",
    "cross-entropy": "P: 3x4; Y: 3x4; L = cross_entropy(P, Y)^2",
    "written out": "z: 4; y: 4; p = softmax(z); q = sigmoid(z); L = -sum(y * ln(p)) - sum(y ln(q) + (1 - y) ln(1 - q))",
    "binary": "z: 4; y: 4; p: 4; L = bce(sigmoid(z), y)^2 + bce(p/2, y)",
    "mean squared error": "X: 3x4; w: 4; y: 3; L = mse(X @ w, y)^2",
    "class numbers": "Z: 3x4; k: 3; L = cross_entropy(softmax(Z), k)",
    "a given derivative": "def q(t) = t^2 + t; def q'(t) = 2t + 1; x: 3; L = sum(q(x)^2)",
    "a network": """X: 5x3; y: 5x4; W: 3x6; b: 6; V: 6x4; c: 4
        H = relu(X @ W + b)
        P = softmax(H @ V + c)
        L = cross_entropy(P, y) + 0.01 norm2(W)""",
    "a loop": "x: 3x2; W: 2x2; h[0]: 2\nfor t in 1..3:\n    h[t] = tanh(W @ h[t-1] + x[t])\n    L += norm2(h[t])",
    "poles": "A: 3x3; x: 3; z: 3; L = x @ sqrt(A) @ ln(z) + sum(outer(sqrt(x), 1/z) * A) + ln(x) @ ln(z)",
}
SIZES = {"n": 3, "m": 2}


def _convolved(jnp: Any, x: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return a convolution as the sum over the places of the kernel."""
    x = jnp.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows, columns = ((n - k) // stride + 1 for n, k in zip(x.shape[2:], kernel.shape[2:], strict=True))
    return sum(
        jnp.tensordot(x[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride], kernel[:, :, i, j],
                      axes=(1, 1)).transpose(0, 3, 1, 2)
        for i in range(kernel.shape[2]) for j in range(kernel.shape[3])
    )  # fmt: skip


def _windows(x: Array) -> Array:
    """Return the windows of 2 by 2, along a last axis."""
    return x.reshape(*x.shape[:-2], x.shape[-2] // 2, 2, x.shape[-1] // 2, 2).swapaxes(-3, -2).reshape(1, 2, 2, 2, 4)


# The operations on arrays that the table of the sweep does not have, each written in jax.numpy once more.
IN_JAX: dict[str, tuple[str, Any]] = {
    "products of entries": (
        "x: 4; X: 3x4; L = prod(x)^2 + sum(prod(X, 0)^2) + sum(prod(X, axis=1) * sin(X[:, 0])) + prod(X)",
        lambda jnp, x, X: jnp.prod(x) ** 2 + jnp.sum(jnp.prod(X, 0) ** 2) + jnp.prod(X, 1) @ jnp.sin(X[:, 0])
        + jnp.prod(X),
    ),
    "greatest along axes": (
        "X: 3x4; L = sum(max(X, axis=0)^3) + max(X)^2 + sum(min(X, axis=1)^3) + min(X)^3 (argmax(X[0]) + argmin(X[1]))",
        lambda jnp, X: jnp.sum(jnp.max(X, 0) ** 3) + jnp.max(X) ** 2 + jnp.sum(jnp.min(X, 1) ** 3)
        + jnp.min(X) ** 3 * (jnp.argmax(X[0]) + jnp.argmin(X[1])),
    ),
    "choices": (
        "x: 4; z: 4; L = sum(where(x > z, x^3, z^2 * x)) + sum((x >= 1) * x^2 + (z < x) * z^3)"
        "+ sum((x <= 1) * (x != z) * x^4 + (x == z) * x)",
        lambda jnp, x, z: jnp.sum(jnp.where(x > z, x**3, z**2 * x)) + jnp.sum((x >= 1) * x**2 + (z < x) * z**3)
        + jnp.sum((x <= 1) * x**4),
    ),
    "arrays rearranged": (
        "X: 3x4; Z: 2x3x4; x: 4; A = reshape(X^2, 2, 6); B = permute(Z^2, 2, 0, 1); C = Z.mT^2\n"
        "L = norm2(A) + sum(B^2 * B) + sum(C * C) + sum(flip(x^2, 0) * x) + sum(flatten(X)^3)"
        "+ sum(take(Z, 1, 1)^3 + Z[:, 0]^2)",
        lambda jnp, X, Z, x: jnp.sum(X**4) + jnp.sum(Z**6) + jnp.sum(Z**4) + jnp.sum(x[::-1] ** 2 * x)
        + jnp.sum(X**3) + jnp.sum(Z[:, 1] ** 3 + Z[:, 0] ** 2),
    ),
    "cumulated sums": (
        "X: 3x4; x: 4; L = sum(cumsum(X^2, 1)^2) + cumsum(x)^2 @ x",
        lambda jnp, X, x: jnp.sum(jnp.cumsum(X**2, 1) ** 2) + jnp.cumsum(x) ** 2 @ x,
    ),
    "stacks of matrices": (
        "A: 2x3x4; B: 2x4x2; W: 4x2; L = sum((A @ B)^2) + sum(sin(A @ W))",
        lambda jnp, A, B, W: jnp.sum((A @ B) ** 2) + jnp.sum(jnp.sin(A @ W)),
    ),
    "sums of products": (
        "A: 3x4; B: 4x2; v: 3; L = sum(einsum('ij,jk->ik', A, B)^2) + einsum('i,ij->', v, A^2)",
        lambda jnp, A, B, v: jnp.sum((A @ B) ** 2) + jnp.sum(v @ A**2),
    ),
    "determinants": (
        "A: 3x3; b: 3; B: 2x2; L = det(A + 3 eye(3))^2 + norm2(solve(A + 3 eye(3), b)) + sum(kron(A, B)^2)",
        lambda jnp, A, b, B: jnp.linalg.det(A + 3 * jnp.eye(3)) ** 2
        + jnp.sum(jnp.linalg.solve(A + 3 * jnp.eye(3), b) ** 2) + jnp.sum(jnp.kron(A, B) ** 2),
    ),
    "convolutions": (
        "X: 1x2x5x5; K: 2x2x3x3; S: 2x3x6; T: 2x3x3\n"
        "L = sum(conv2d(X, K)^2) + sum(sin(conv2d(X, K, stride=2, padding=1))) + sum(conv1d(S, T, padding=1)^2)",
        lambda jnp, X, K, S, T: jnp.sum(_convolved(jnp, X, K) ** 2)
        + jnp.sum(jnp.sin(_convolved(jnp, X, K, 2, 1)))
        + jnp.sum(_convolved(jnp, jnp.pad(S, ((0, 0), (0, 0), (1, 1)))[:, :, None], T[:, :, None]) ** 2),
    ),
    "pooling": (
        "X: 1x2x4x4; L = sum(maxpool2d(X^2)^2) + sum(meanpool2d(X^2)^2) + sum(maxpool2d(X) * meanpool2d(X))",
        lambda jnp, X: jnp.sum(jnp.max(_windows(X**2), -1) ** 2) + jnp.sum(jnp.mean(_windows(X**2), -1) ** 2)
        + jnp.sum(jnp.max(_windows(X), -1) * jnp.mean(_windows(X), -1)),
    ),
    "rows by their numbers": (
        "X: 4x3; C: 5x2; L = sum(X[[0, 2, 2]]^3) + sum([X[0]^2, X[1] * X[2]]^2) + sum(C[[1, 4]] * C[[4, 4]]^2)",
        lambda jnp, X, C: jnp.sum(X[jnp.array([0, 2, 2])] ** 3) + jnp.sum(X[0] ** 4) + jnp.sum((X[1] * X[2]) ** 2)
        + jnp.sum(C[jnp.array([1, 4])] * C[jnp.array([4, 4])] ** 2),
    ),
}  # fmt: skip
DEAR = {"products of entries"}  # of n entries, the products of all but two are n times as many
ALL = {**TEXTS, **{name: text for name, (text, _) in IN_JAX.items()}}


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


def drawn(graph: Graph, seed: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return values for the inputs of a graph, and a direction by all but class numbers."""
    random = np.random.default_rng(seed)
    shapes = {n: tuple(SIZES.get(str(d), int(d)) for d in graph.shapes[n]) for n in graph.inputs}
    values: dict[str, Any] = {n: random.uniform(0.3, 1.5, s)[()] for n, s in shapes.items()}
    classes = graph.classes()
    values |= {n: random.integers(count, size=shapes[n]) for n, count in classes.items()}
    direction = {n: random.normal(size=s)[()] for n, s in shapes.items() if n not in classes}
    return values, direction


def loss_in_jax(jax: ModuleType, graph: Graph) -> Any:
    """Return the loss of a graph as a function in jax.numpy, by a table of the tests' own."""
    own = next((function for text, function in IN_JAX.values() if text == graph.text), None)
    if own is not None:
        return lambda inputs, fixed: own(jax.numpy, **inputs)

    def loss(inputs: Any, fixed: Any) -> Any:
        place = Place(jax.numpy, {**SIZES, **fixed, **inputs}, graph.functions, graph.source.first)
        for statement in graph.statements:
            place.values[statement.name] = worth(statement.tree, place)  # type: ignore[index]
        return place.values[graph.last]

    return loss


def product_in_jax(jax: ModuleType, loss: Any, inputs: Any, direction: Any) -> Any:
    """Return the derivative along a direction of the gradient, by the program that JAX makes of both."""
    with jax.disable_jit():
        made = jax.make_jaxpr(lambda at, way: jax.jvp(jax.grad(loss), (at,), (way,))[1])(inputs, direction)
    try:
        found = run(made.jaxpr, made.consts, jax.tree.leaves((inputs, direction)))
    except (NotImplementedError, IndexError):  # what the runner of the sweep does not know
        return jax.jit(lambda at, way: jax.jvp(jax.grad(loss), (at,), (way,))[1])(inputs, direction)
    return jax.tree.unflatten(jax.tree.structure(inputs), found)


@pytest.mark.parametrize("name", every(3, ALL))
def test_the_product_is_that_of_jax(jax: ModuleType, name: str) -> None:
    graph = Graph(ALL[name])
    values, direction = drawn(graph)
    loss = loss_in_jax(jax, graph)
    inputs = {n: np.asarray(values[n], float) for n in direction}
    fixed = {n: v for n, v in values.items() if n not in direction}
    wanted = product_in_jax(jax, lambda at: loss(at, fixed), inputs, direction)
    found = graph.lambdify(wrt=list(direction)).hvp(values, direction)
    largest = max(float(np.max(np.abs(w))) for w in wanted.values())
    for n, product in found.items():
        np.testing.assert_allclose(product, wanted[n], rtol=1e-10, atol=1e-10 * largest, err_msg=n)
        assert np.shape(product) == np.shape(values[n])


def test_every_operation_is_in_the_table() -> None:
    held: set[str] = set()
    for text in ALL.values():
        graph = Graph(text)
        values, direction = drawn(graph)
        held |= {node.op for node in graph.nodes}
        shapes = {n: np.shape(v) for n, v in values.items()}
        held |= {node.op for node in graph.gradient_program(None, list(direction), shapes).nodes}
        held |= {node.op for node in graph.hvp_program(None, list(direction), shapes).nodes}
    assert {*OPERATIONS, *TABLE} - held == set()


@pytest.mark.parametrize("name", every(2, [name for name in ALL if name not in DEAR]))
def test_a_product_costs_at_most_five_gradients(name: str) -> None:
    graph = Graph(ALL[name])
    values, direction = drawn(graph)
    f = graph.lambdify(wrt=list(direction))
    shapes = {n: tuple(np.shape(v)) for n, v in graph.arrays(values).items()}
    assert f.hvp_program(shapes).operations.total <= 5 * f.program(shapes).operations.total


def test_the_products_by_unit_vectors_are_the_hessian() -> None:
    f = Graph("A: 3x3; x: 3; L = x @ A @ x").lambdify(wrt=["x"])
    matrix = np.arange(9.0).reshape(3, 3)
    rows = [f.hvp({"A": matrix, "x": np.ones(3)}, {"x": e})["x"] for e in np.eye(3)]
    np.testing.assert_array_equal(rows, matrix + matrix.T)


def test_a_direction_may_leave_names_out_and_spell_them_otherwise() -> None:
    f = Graph("x_1: 2; L = c norm2(x_1)").lambdify()
    values = {"x_1": [1, 2], "c": 3}
    rows = [({"c": 1}, [2, 4], 0), ({"x_1": [1, 0]}, [6, 0], 2), ({"x1": [0, 1]}, [0, 6], 4), ({}, [0, 0], 0)]
    for direction, by_x, by_c in rows:
        found = f.hvp(values, direction)
        assert (found["x1"].tolist(), found["c"]) == (by_x, by_c)


@pytest.mark.parametrize(
    ("direction", "error", "said"),
    [
        ({"x": [1, 2]}, ShapeError, "d(x), the direction of x, must be a vector of 3, but a vector of 2 was given."),
        ({"z": 1}, UsageError, "There is no derivative by z here."),
        ({"x": ["a", 1, 2]}, UsageError, "The value of d(x), the direction of x, is not made of numbers"),
    ],
)
def test_a_direction_that_does_not_fit(direction: Any, error: type[Exception], said: str) -> None:
    f = Graph("x: 3; L = norm2(x)").lambdify()
    with pytest.raises(error) as caught:
        f.hvp({"x": np.ones(3)}, direction)
    assert said in str(caught.value)


def test_second_derivatives_by_a_node_and_what_it_is_made_of() -> None:
    f = Graph("z = w x; L = z^2").lambdify(wrt=["w", "z"])
    with pytest.raises(UsageError, match="z is computed from w"):
        f.hvp({"w": 1, "x": 2}, {"w": 1})


def test_a_name_that_a_gradient_may_use_is_not_moved_with_it() -> None:
    """The gradient by k is u^k ln u, in which ln u is no k: it does not move."""
    f = Graph("k = ln(u); L = u^k").lambdify(wrt=["k"])
    assert f.hvp({"u": 2.0}, {"k": 1.0})["k"] == pytest.approx(2 ** np.log(2) * np.log(2) ** 2)


def test_zero_wins_over_infinity() -> None:
    f = Graph("x: 3; L = sum(sqrt(relu(x)) x)").lambdify()
    found = f.hvp({"x": [-1.0, -2.0, 4.0]}, {"x": [1.0, 1.0, 1.0]})["x"]
    np.testing.assert_allclose(found, [0, 0, 3 / 4 / 2], rtol=1e-14)


def test_no_name_of_the_author_is_in_the_source() -> None:
    f = Graph("d: 2; gradient: 2; L = sum(d^2 gradient)").lambdify(wrt=["d"])
    f.hvp({"d": [1, 2], "gradient": [3, 4]}, {"d": [1, 0]})
    code = "\n".join(line.partition("#")[0] for line in f.hvp_source.splitlines())
    assert "d(d)" in f.hvp_source
    assert "d(" not in code.replace("add(", "").replace("gradient(", "")
    assert direction_of("d") not in Graph("d: 2; L = norm2(d)").inputs


def test_numbers_alone_are_plain_python() -> None:
    f = Graph("L = w^3 x").lambdify()
    assert f.hvp({"w": 2, "x": 3}, {"w": 1}) == {"w": 36.0, "x": 12.0}
    assert "numpy" not in f.hvp_source
    assert "out=" not in f.hvp_source
    assert "∂d(L)/∂w" in f.hvp_source


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_jax_and_torch_code(jax: ModuleType, dtype: str) -> None:
    graph = Graph("X: 5x3; y: 5; w: 3; L = bce(sigmoid(X @ w + b), y)")
    values, direction = drawn(graph)
    f, g = graph.lambdify(backend="jax", dtype=dtype), graph.lambdify()
    for n, product in f.hvp(values, direction).items():
        np.testing.assert_allclose(product, g.hvp(values, direction)[n], rtol=1e-10 if dtype == "float64" else 1e-4)
    assert "jnp.exp" in f.hvp_source
    t = graph.lambdify(backend="torch", dtype=dtype)
    assert "torch.exp" in t.hvp_source
    with pytest.raises(NotImplementedError):
        t.hvp(values, direction)


def test_a_letter_needs_values() -> None:
    f = Graph("x: n; L = norm2(x)^2").lambdify()
    with pytest.raises(UsageError, match="The size n is a letter"):
        _ = f.hvp_source
    assert f.hvp({"x": [1.0, 0.0]}, {"x": [1.0, 1.0]})["x"] == pytest.approx([12.0, 4.0])
    assert "sum" in f.hvp_source or "vdot" in f.hvp_source
