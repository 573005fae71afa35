"""Code for large arrays: fewer passes over them, and the same numbers."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from symback.compile import compile_program
from symback.compile.kernels import choose
from symback.graph.graph import Graph
from symback.graph.program import numbers
from tests.marks import every

# text, what the code holds, and what it does not
# fmt: off
CASES = [
    ("sum of products of rows", "A: 40x50; B: 40x50; L = norm2(sum(A*B, 1))", "rowdot(", "ones"),
    ("sum of squares of rows", "A: 40x50; L = sum(sin(sum(A^2, axis=-1)))", "rowdot(", ""),
    ("sum of products of columns", "A: 200x90; B: 200x90; L = norm2(sum(A*B, 0))", "coldot(", ""),
    ("small arrays as they were", "A: 4x5; B: 4x5; L = norm2(sum(A*B, 1))", "dot(", "rowdot("),
    ("a divisor of each row", "A: 40x50; s: 40x1; L = norm2(sum(A/s, 1))", "divide(b1, v3, out=b1)", ""),
    ("a number in a large product", "A: 40x50; b: 50; L = norm2((A/3)*b)", "multiply(c2, v1, out=b0)", ""),
    ("a choice", "A: 6x6; M: 6x6; L = sum(softmax(where(M > 0.5, A, -inf))^2)", "choose(", "truth("),
    ("a comparison that counts", "A: 6x6; M: 6x6; L = sum(where(M > 0.5, A, 0)*(M > 0.5))", "choose(", ""),
    ("a product that is turned", "A: 6x3; B: 6x3; L = sum(softmax(A @ B.T)^2)", "dot(", "array(v"),
]
# fmt: on


@pytest.mark.parametrize(("name", "text", "holds", "lacks"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_code_of_large_arrays(name: str, text: str, holds: str, lacks: str, dtype: str) -> None:
    graph = Graph(text)
    random = np.random.default_rng(2)
    values = {n: random.uniform(0.5, 1.5, graph.shapes[n]) for n in graph.inputs}
    if "M" in values:
        values["M"] = np.tri(6)
    program = graph.gradient_program()
    f = compile_program(program, dtype=dtype)
    loss, gradients = f(values)
    expected = numbers.run(program.nodes, values)
    within = 1e-12 if dtype == "float64" else 1e-4
    assert loss == pytest.approx(float(expected[program.loss]), rel=within)
    for n, found in gradients.items():
        wanted = np.asarray(expected[program.gradients[n]])
        assert np.max(np.abs(found - wanted)) <= within * max(1.0, float(np.max(np.abs(wanted)))), n
    assert holds in f.source
    assert not lacks or lacks not in f.source


SHAPES = [(3, 4), (4,), (3, 1), ()]


@pytest.mark.parametrize("shapes", every(2, [(shapes,) for shapes in product(SHAPES, repeat=3)]), ids=str)
def test_a_choice_of_any_shapes_into_any_place(shapes: tuple[Any, ...]) -> None:
    random = np.random.default_rng(0)
    condition, a, b = (np.asarray(random.normal(size=shape)) for shape in shapes)
    condition = np.asarray((condition > 0) * 1.0)
    wanted = np.where(condition != 0, a, b)
    places = [None, np.empty(wanted.shape), *(x for x in (a, b) if x.shape == wanted.shape)]
    for place in places:
        kept = [np.array(x) for x in (a, b)]
        assert np.array_equal(choose(condition, a, b, place), wanted)
        a[...], b[...] = kept


def test_zeros_are_finite_and_infinity_is_not() -> None:
    """Nothing is guarded against 0 times infinity in a loop that begins with zeros."""
    states = Graph("x: 3x4; W: 4x4; h[0] = zeros(4)\nfor t in 1..3:\n    h[t] = tanh(x[t] + h[t-1] @ W)\nL = sum(h[3])")
    assert not {"product", "times"} & {node.op for node in states.gradient_program("L", ["W"]).nodes}
    unbounded = Graph("x: 3; y: 3; L = sum((y*where(x > 0, x, -inf))^2)").gradient_program("L", ["x", "y"])
    assert "times" in {node.op for node in unbounded.nodes}
