"""Letters for sizes, as rows: how they are written, what they stand for, and what does not fit."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import symback
from symback.errors import ParseError, ShapeError, SymbackError, UsageError
from symback.expr.tree import dump
from symback.graph.gradient_check import check_gradients
from symback.graph.graph import Graph
from symback.graph.language.reader import parse_expression, read_graph
from symback.graph.nodes import Dim, shape_text
from symback.graph.program import numbers
from symback.graph.sizes import FIRST, SECOND, samples, total, valued
from symback.problems.answers.on_graphs import random_points

# --- how sizes are written -------------------------------------------------------------------------------------------

# what is typed, the shapes in words
WRITTEN = [
    ("W: m x n; x: n", {"W": "m×n", "x": "n"}),
    ("W: mxn", {"W": "m×n"}),
    ("W: m×n", {"W": "m×n"}),
    ("W: m * n", {"W": "m×n"}),
    ("W: (m, n); x: (n,)", {"W": "m×n", "x": "n"}),
    ("W: [m, n]", {"W": "m×n"}),
    (r"W: m \times n", {"W": "m×n"}),
    ("X: n x 3; Y: 3xn; Z: nx3", {"X": "n×3", "Y": "3×n", "Z": "n×3"}),
    ("x in R^n; y in R^3; s in R", {"x": "n", "y": "3", "s": "scalar"}),
    ("W in R^(m x n)", {"W": "m×n"}),
    ("W in R^{m x n}; V in R^{mxn}", {"W": "m×n", "V": "m×n"}),
    ("W ∈ ℝ^{m×n}; x ∈ ℝ^n", {"W": "m×n", "x": "n"}),
    ("W ∈ ℝᵐˣⁿ; x ∈ ℝⁿ; y ∈ ℝ³", {"W": "m×n", "x": "n", "y": "3"}),
    (r"W \in \mathbb{R}^{m \times n}; x \in \R^n", {"W": "m×n", "x": "n"}),
    ("x, y: n", {"x": "n", "y": "n"}),
    ("x, y in R^n", {"x": "n", "y": "n"}),
    ("W: d_in x d_out; x: hidden", {"W": "d_in×d_out", "x": "hidden"}),
    ("A: n x n symmetric", {"A": "n×n"}),
    ("A ∈ ℝ^{n×n} symmetric; B: 3x3, symmetric", {"A": "n×n", "B": "3x3"}),
    ("X: a x b x c", {"X": "a×b×c"}),
    ("x: R; y: 2", {"x": "R", "y": "2"}),
]


@pytest.mark.parametrize(("typed", "shapes"), WRITTEN)
def test_shapes_as_they_are_written(typed: str, shapes: dict[str, str]) -> None:
    assert {name: shape_text(shape) for name, shape in read_graph(typed + "; q = 1").shapes.items()} == shapes


def test_symmetric_matrices_are_remembered() -> None:
    source = read_graph("A, B: n x n symmetric; C: n x n; q = 1")
    assert source.symmetric == {"A", "B"}
    assert pickle.loads(pickle.dumps(source)) == source


def test_samples_differ_and_come_in_the_order_of_the_text() -> None:
    g = Graph("W: m x n; x: n; b: m; y: k; L = sum(W @ x + b) + sum(y)")
    assert g.sizes == ("m", "n", "k")
    assert g.samples() == {"m": 3, "n": 4, "k": 5}
    assert g.samples(second=True) == {"m": 5, "n": 3, "k": 6}
    letters = [f"l{i}" for i in range(12)]
    first, second = samples(letters), samples(letters, SECOND)
    for row, found in ((FIRST, first), (SECOND, second)):
        assert tuple(found.values())[: len(row)] == row
        assert len(set(found.values())) == 12
    assert all(first[letter] != second[letter] for letter in letters)


@pytest.mark.parametrize(
    ("typed", "least"),
    [
        ("x: n; y = x[10]", 11),
        ("x: n; y = x[-9]", 9),
        ("x: n; for t in 1..6: h[t] = x[t]", 7),
        ("x: n; y = x[2:8]", 9),
        ("X: n x d; y = X[:, 1]", 3),
        ("x: n; h = 2x; y = h[7]", 8),
    ],
)
def test_an_axis_has_the_entries_that_the_text_takes(typed: str, least: int) -> None:
    assert read_graph(typed).shapes[typed[0]][0].__index__() == least


# --- letters in formulas ---------------------------------------------------------------------------------------------

EXPRESSIONS = [
    ("x: n; L = sum(x)/n", "Quotient(Apply(sum, x), Size(n))"),
    ("x: n; y = x + ones(n)", "Plus(x, Apply(ones, Size(n)))"),
    ("W: m x n; y = W - zeros(m, n)", "Plus(W, Neg(Apply(zeros, Size(m), Size(n))))"),
    ("A: n x n; y = I_n @ A", "Apply(matmul, Apply(eye, Size(n)), A)"),
    ("A: n x n; y = eye(n) @ A", "Apply(matmul, Apply(eye, Size(n)), A)"),
    ("W: m x n; L = sum(W)/(m n)", "Quotient(Apply(sum, W), Times(Size(m), Size(n)))"),
    ("W: m x n; L = sum(W)/(mn)", "Quotient(Apply(sum, W), Times(Size(m), Size(n)))"),
    ("x: hidden; L = 2sum(x)/hidden", "Quotient(Times(2, Apply(sum, x)), Size(hidden))"),
    ("x: n; y = x[1:n]", "Apply(slice, x, 0, 1, Size(n))"),
    ("x: n; y = x[1:]", "Apply(slice, x, 0, 1, Size(n))"),
    ("x: n; y = x[:-1]", "Apply(slice, x, 0, 0, Plus(Size(n), Neg(1)))"),
    ("x: 5; y = x[-3:-1]", "Apply(slice, x, 0, 2, 4)"),
    ("X: n x d; y = X[:, 0]", "Apply(index, Apply(transpose, X), 0)"),
    ("X: n x d; y = X[1:3, 0]", "Apply(index, Apply(transpose, Apply(slice, X, 0, 1, 3)), 0)"),
    ("X: 3x3; y = I_3 @ X", "Apply(matmul, Apply(eye, 3), X)"),
    ("V = I_2 R", "Times(I2, R)"),  # a current
    ("I: 2x2; X: 2x2; y = I_2 @ X", "Apply(matmul, I2, X)"),
    ("y: n; Z: n x k; L = sum(onehot(y, k) * Z)", "Apply(sum, Times(Apply(onehot, y, Size(k)), Z))"),
]


@pytest.mark.parametrize(("typed", "tree"), EXPRESSIONS)
def test_letters_in_formulas(typed: str, tree: str) -> None:
    (statement,) = read_graph(typed).statements
    assert dump(statement.tree) == tree


def test_a_formula_is_read_back() -> None:
    assert dump(parse_expression("x/n + ones(n)", ["x"], sizes=["n"])) == (
        "Plus(Quotient(x, Size(n)), Apply(ones, Size(n)))"
    )


@pytest.mark.parametrize(
    ("sizes", "less", "expected"),
    [
        (("n", "m"), (), "m + n"),
        (("n", "n"), (), "2n"),
        (("n", 2), (), "n + 2"),
        (("n",), (1,), "n - 1"),
        (("n", "m"), ("n",), "m"),
        (("n",), ("n",), "0"),
        ((2, 3), (1,), "4"),
    ],
)
def test_sums_of_sizes(sizes: tuple[Any, ...], less: tuple[Any, ...], expected: str) -> None:
    known = {"m": 3, "n": 4}
    dims = [[Dim(s, known[s]) if isinstance(s, str) else s for s in part] for part in (sizes, less)]
    found = total(*dims)
    assert str(found) == expected
    assert int(found) == sum(map(int, dims[0])) - sum(map(int, dims[1]))
    if isinstance(found, Dim) and " " in expected:
        assert valued(expected, known) == int(found)


# --- numbers for letters ---------------------------------------------------------------------------------------------

NUMBERS = [
    (
        "W: m x n; x: n; b: m; L = sum((W @ x + b)^2)/m",
        {"W": [[1, 2], [3, 4], [5, 6]], "x": [1, 2], "b": [1, 1, 1]},
        168,
    ),
    ("x: n; L = n^2 + sum(x)", {"x": [1, 2]}, 7),
    ("x: n; y: m; z = concat(x, y); L = sum(z * ones(m + n))/(m + n)", {"x": [1, 2], "y": [3, 4, 5]}, 3),
    ("x: n; L = sum(x[1:n]) + sum(x[:-1])", {"x": [1, 2, 3]}, 8),
    ("X: n x d; L = sum(X[:, 0] * X[:, -1])", {"X": [[1, 2, 3], [4, 5, 7]]}, 31),
    ("X: n x d; L = sum(X[1:, :2]^2) + sum(unit(1, n) @ X)", {"X": [[1, 2, 3], [4, 5, 7]]}, 57),
    ("L = sum(X[:, 0]^2)", {"X": [[1, 2], [4, 5]]}, 17),
    ("v: n; L = sum(diag(v) @ v) + sum(diagonal(outer(v, v)))", {"v": [1, 2, 3]}, 28),
    ("A: n x n symmetric; x: n; L = x.T @ A @ x", {"A": [[2, 1], [1, 3]], "x": [1, 2]}, 18),
    ("Z: n x k; y: n; L = sum(onehot(y, k) * Z)", {"Z": [[1, 2, 3], [4, 5, 6]], "y": [2, 0]}, 7),
    ("z: m; W: m x n; x: n; z = W @ x; L = sum(z)", {"W": [[1, 2]], "x": [3, 4]}, 11),
    ("x: n; L = sum(zeros(n) + eye(n) @ x)", {"x": [1, 2]}, 3),
]


@pytest.mark.parametrize(("typed", "values", "loss"), NUMBERS)
def test_letters_take_the_sizes_of_the_values(typed: str, values: dict[str, Any], loss: float) -> None:
    g = Graph(typed)
    assert g.forward(values)["L"] == pytest.approx(loss)
    assert g.forward(values, exact=True)["L"] == loss
    wrt = [name for name in g.inputs if name not in g.classes({n: np.shape(v) for n, v in values.items()})]
    found, gradients = g.lambdify(wrt=wrt)(values)
    program = g.gradient_program(shapes={name: np.shape(value) for name, value in values.items()})
    results = numbers.run(program.nodes, g.arrays(values))
    assert found == pytest.approx(loss)
    for name in wrt:
        assert np.allclose(gradients[name], results[program.gradients[name]])
    assert check_gradients(program, g.arrays(values), wrt).verdict == "verified"


@pytest.mark.parametrize("typed", [typed for typed, _, _ in NUMBERS if ":" in typed[:3]])
@pytest.mark.parametrize("second", [False, True])
def test_gradients_at_both_rows_of_samples(typed: str, second: bool) -> None:
    g = Graph(typed)
    shapes = g.sized(g.samples(second))
    program = g.gradient_program(shapes=shapes)
    point = next(random_points(g, shapes))
    names = [name for name in g.inputs if name not in g.classes(shapes)]
    assert check_gradients(program, point, names).verdict == "verified"
    assert {name: np.shape(point[name]) for name in point} == {n: tuple(map(int, s)) for n, s in shapes.items()}


def test_the_rows_of_samples_are_two_programs() -> None:
    g = Graph("W: m x n; x: n; L = sum(W @ x)/n")
    first, second = (g.program(g.sized(g.samples(row)))[0] for row in (False, True))
    assert [tuple(map(int, node.shape)) for node in first[:2]] == [(3, 4), (4,)]
    assert [tuple(map(int, node.shape)) for node in second[:2]] == [(5, 3), (3,)]
    assert [int(node.params[0]) for node in (*first, *second) if node.op == "size"] == [4, 3]


# --- what does not fit -----------------------------------------------------------------------------------------------

CLASHES = [
    # the text, a part of the message, a part of the hint, what the caret stands under
    ("W: m x n; V: k x n; Z = W @ V", "m×n and k×n does not exist: n and k are different.",
     "W is m×n (W: m x n), V is k×n (V: k x n).", "Z = W @ V"),
    ("W: 3x2; V: 3x2; Z = W @ V", "3x2 and 3x2 does not exist: 2 and 3 are different.",
     "W is 3x2 (W: 3x2), V is 3x2 (V: 3x2).", "Z = W @ V"),
    ("W: m x n\nV: k x n\nZ = W.T @ V.T", "n×m and n×k does not exist: m and n are different.",
     "W is m×n (line 1), V is k×n (line 2).", "Z = W.T @ V.T"),
    ("x: n; y: m; z = x + y", "n and m cannot be combined entry by entry: n and m are different.",
     "x is n (x: n), y is m (y: m).", "z = x + y"),
    ("X: n x 3; y: 4; z = X * y", "n×3 and 4 cannot be combined entry by entry: 3 and 4 are different.",
     "X is n×3 (X: n x 3), y is 4 (y: 4).", "z = X * y"),
    ("x: n; y: 3; z = x + y", "n and 3 are different.", "x is n (x: n)", "z = x + y"),
    ("W: m x n; x: n; h = W @ x; z = h + x", "m and n are different.", "h is m, x is n (x: n).", "z = h + x"),
    ("x: n; y: m; z = dot(x, y)", "have no dot product", "x is n (x: n), y is m (y: m).", "z = dot(x, y)"),
    ("A: m x n; z = trace(A)", "A square matrix is needed, not a m×n.", "A is m×n (A: m x n).", "z = trace(A)"),
    ("x: n; z: m; z = 2x", "z is n, but its shape line says m.", "Change", "z = 2x"),
    ("x: n; y = x[0:m]; m = 2", "The index holds m", "Write an index", "x[0:m]"),
    ("x: n; W: m x m; y = x[0:m]", "no slice from 0 up to m of n entries", "x is n (x: n).", "y = x[0:m]"),
    ("x: 3; y = x[1:5]", "no slice from 1 up to 5 of 3 entries", "x is 3 (x: 3).", "y = x[1:5]"),
    ("x: n; y = unit(9, n)", "no unit vector 9 of n entries", "numbered from 0", "y = unit(9, n)"),
    ("x: n; y = ones(sum(x))", "A size must be a whole number or a letter for one.", "Write", "y = ones(sum(x))"),
    ("x: n; y = x[5000]", "no entry x[5000]: x has the shape n.", "write a number for it", "x[5000]"),
    ("A: m x n; z = diag(A)", "diag needs a vector, not a m×n.", "A is m×n (A: m x n).", "z = diag(A)"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "message", "hint", "place"), CLASHES)
def test_what_does_not_fit_is_named_with_its_places(typed: str, message: str, hint: str, place: str) -> None:
    with pytest.raises(ParseError) as caught:
        Graph(typed)
    error = caught.value
    assert message in error.message
    assert hint in error.hint
    assert typed[error.at : error.end] == place


REFUSED = [
    ("W: m x n; x: n; L = sum(W @ x)", {"W": [[1, 2, 3]], "x": [1, 2, 3, 4]}, ShapeError, "n is 3 in W and 4 in x"),
    ("A: n x n; L = trace(A)", {"A": [[1, 2, 3], [4, 5, 6]]}, ShapeError, "n is 2 and 3 in its value"),
    ("x: n; L = sum(x)", {"x": [[1, 2]]}, ShapeError, "x has the shape n, but its value has the shape 1x2"),
    ("X: n x 3; L = sum(X)", {"X": [[1, 2]]}, ShapeError, "X has the shape n×3, but its value has the shape 1x2"),
    ("A: n x n symmetric; L = trace(A)", {"A": [[1, 2], [3, 4]]}, UsageError, r"2 at \[0, 1\] and 3 at \[1, 0\]"),
    ("x: n; L = sum(x)/n", {"x": [1], "n": 1}, UsageError, "no input n"),
]


@pytest.mark.parametrize(("typed", "values", "error", "said"), REFUSED)
def test_values_that_do_not_fit(typed: str, values: dict[str, Any], error: type[SymbackError], said: str) -> None:
    g = Graph(typed)
    for call in (g.forward, lambda v: g.backprop(at=v), g.lambdify()):
        with pytest.raises(error, match=said):
            call(values)


def test_almost_symmetric_is_symmetric() -> None:
    g = Graph("A: n x n symmetric; L = trace(A)")
    assert g.forward({"A": [[1, 0.1 + 0.2], [0.3, 1]]})["L"] == 2
    assert g.jacobian("L", [], at={"A": [[1, 2], [2, 1]]}).values == {}


def test_code_has_numbers_for_its_sizes() -> None:
    f = Graph("x: n; L = sum(x^2)/n").lambdify()
    with pytest.raises(UsageError, match="The size n is a letter"):
        _ = f.source
    assert f({"x": [1.0, 3.0]})[0] == 5
    assert f({"x": [1.0, 1.0, 1.0]})[0] == 1


# --- training --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("graph", "settings"),
    [
        ("X: N x n; w: n; y: N; L = sum((X @ w - y)^2)/N", {}),
        ("X: N x n; w: n; y: N; L = sum((X @ w - y)^2)/N", {"method": "mini-batch", "batch": 5}),
        ("x: n; w: n; y:; L = (x @ w - y)^2", {}),
    ],
)
def test_parameters_take_the_sizes_of_the_data(graph: str, settings: dict[str, Any]) -> None:
    inputs = np.random.default_rng(0).normal(size=(20, 3))
    data = {graph[0]: inputs, "y": inputs @ [1.0, 2.0, 3.0]}
    assert np.allclose(symback.train(graph, data, lr=0.1, epochs=200, **settings).parameters["w"], [1, 2, 3], atol=1e-3)


def test_a_size_that_follows_from_no_data() -> None:
    with pytest.raises(UsageError, match="The size k of W follows from no value"):
        symback.train("x: n; W: k x n; L = sum((W @ x)^2)", {"x": [[1.0, 2.0]]})
