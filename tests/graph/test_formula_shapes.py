"""The shape of a formula follows from the formula, with numbers and with letters for sizes."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Integer

from symback.expr.tree import Gradient, Plus, Quotient, Times, Tree, apply, size, symbol
from symback.graph.language.reader import parse_expression
from symback.graph.nodes import Dim, Shape
from symback.graph.program.formula_shapes import shape_of

n, m, k = Dim("n", 3), Dim("m", 4), Dim("k", 5)
N, M, K = map(size, (n, m, k))
SHAPES: dict[str, Shape] = {
    "A": (m, n), "B": (n, k), "S": (n, n), "x": (n,), "y": (m,), "c": (m,), "L": (), "P": (2, 3), "v": (3,),
}  # fmt: skip
A, S, x, y, L, P, v = (symbol(name) for name in ("A", "S", "x", "y", "L", "P", "v"))
ZERO, ONE, TWO = map(Integer, (0, 1, 2))


@pytest.mark.parametrize(
    ("typed", "shape"),
    [
        ("A @ B", (m, k)), ("A @ x", (m,)), ("A.T @ y", (n,)), ("A @ A", None), ("A + x", (m, n)), ("A + y", None),
        ("outer(y, x)", (m, n)), ("sum(A, 0)", (n,)), ("sum(A, 1)", (m,)), ("sum(A)", ()), ("mean(A, 0)", (n,)),
        ("x/norm(x)", (n,)), ("A + 0.5", (m, n)), ("x/0.25", (n,)), ("inv(S)", (n, n)), ("trace(S)", ()),
        ("trace(A)", None), ("softmax(A)", (m, n)),
        ("logsumexp(A)", (m,)), ("A[0]", (n,)), ("A[0, 1]", ()), ("x[0, 1]", None), ("concat(v, v)", (6,)),
        ("concat(x, x)", (Dim("2n", 8),)), ("2x/3", (n,)),
        ("max(A, 0)", (m, n)), ("quadratic(x, S)", ()), ("dot(x, y)", None),
    ],
)  # fmt: skip
def test_what_can_be_typed(typed: str, shape: Shape | None) -> None:
    assert shape_of(parse_expression(typed, list(SHAPES)), SHAPES) == shape


ONLY_IN_GRADIENTS: list[tuple[Tree, Shape | None]] = [
    (apply("ones", N), (n,)),
    (apply("ones", N, Integer(3)), (n, 3)),
    (apply("zeros", M, N), (m, n)),
    (apply("eye", N), (n, n)),
    (apply("diag", x), (n, n)),
    (apply("diag", A), None),
    (apply("diagonal", S), (n,)),
    (apply("diagonal", x), None),
    (apply("unit", TWO, N), (n,)),
    (apply("onehot", symbol("c"), K), (m, k)),
    (apply("slice", x, ZERO, ZERO, M), (m,)),
    (apply("slice", A, ONE, ONE, Integer(3)), (m, 2)),
    (apply("slice", A, Integer(2), ONE, Integer(3)), None),
    (apply("slice", x, ZERO, N, Plus(N, M)), (m,)),
    (apply("slice", x, ZERO, M, N), (Dim("n - m", 1),)),
    (Times(Gradient(L, x), N), (n,)),
    (Quotient(apply("ones", M, N), Times(M, N)), (m, n)),
    (apply("matmul", apply("eye", M), A), (m, n)),
    (apply("f", A), (m, n)),
]


@pytest.mark.parametrize(("tree", "shape"), ONLY_IN_GRADIENTS)
def test_what_gradients_bring_in(tree: Tree, shape: Shape | None) -> None:
    assert shape_of(tree, SHAPES) == shape


ARRAYS = {"P": np.arange(6.0).reshape(2, 3) + 1, "v": np.array([1.0, 2.0, 4.0])}


@pytest.mark.parametrize("typed", ["P @ v", "P.T", "sum(P, 0)", "P + v", "outer(v, v)", "v/norm(v)", "ln P"])
def test_it_is_the_shape_of_the_value(typed: str) -> None:
    from symback.graph.program.formula_values import value_of

    tree = parse_expression(typed, ["P", "v"])
    assert shape_of(tree, SHAPES) == np.shape(value_of(tree, {symbol(k): a for k, a in ARRAYS.items()}))
