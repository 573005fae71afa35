"""Which laws of arrays a backward pass uses, of which operation and for which input."""

from __future__ import annotations

import pytest

from symback.graph.graph import Graph
from symback.graph.laws_used import laws_used


@pytest.mark.parametrize(
    ("text", "wrt", "laws"),
    [
        ("W: 2x3; x: 3; z = W @ x; L = sum(z)", ["W", "x"], "matmul 0 21 in z, matmul 1 21 in z, sum 0 1 in L"),
        ("W: 2x3; x: 3; z = W @ x; L = sum(z)", ["x"], "matmul 1 21 in z, sum 0 1 in L"),  # W is not on the way
        ("A: 2x3; B: 3x2; L = trace(A @ B)", ["B"], "trace 0 2 in L, matmul 1 22 in L"),
        ("X: 4x3; m = mean(X, 0); L = sum(m^2)", ["X"], "mean 0 2 axis 0 in m, sum 0 1 in L"),
        ("X: 4x3; m = mean(X, -1); L = sum(m^2)", ["X"], "mean 0 2 axis 1 in m, sum 0 1 in L"),
        ("x: 3; L = sum(x, 0)", ["x"], "sum 0 1 in L"),  # along the only axis is over all entries
        ("A: n x n; L = logdet(A.T) + norm2(inv(A))", ["A"],
         "logdet 0 2 in L, transpose 0 2 in L, norm2 0 2 in L, inverse 0 2 in L"),
        ("W: 2x2; h[0]: 2; for t in 1..3: h[t] = tanh(W @ h[t-1])\nL = sum(h[3])", ["W"],
         "matmul 0 21 in h[1], matmul 1 21 in h[2], sum 0 1 in L"),
        ("a: 3; b: 3; s = softmax(a); L = dot(s, b)", ["a"], "softmax 0 1 in s, dot 0 11 in L"),
        ("x: 3; def f(u) = u^2\nL = sum(f(x))", ["x"], "sum 0 1 in L"),
        ("d = 2b; L = d^2", ["b"], ""),
        ("x: 3; y: 3; u = sum(y); v = sum(x); L = v^2", ["x"], "sum 0 1 in v"),  # the loss holds no y
    ],
)  # fmt: skip
def test_laws(text: str, wrt: list[str], laws: str) -> None:
    b = Graph(text).backprop(wrt=wrt)
    found = [
        f"{law.operation} {law.place} {''.join(map(str, law.ranks))}"
        f"{'' if law.axis is None else f' axis {law.axis}'} in {law.node}"
        for law in laws_used(b.graph, b.shapes, tuple(b.derivations))
    ]
    assert found == (laws.split(", ") if laws else [])
