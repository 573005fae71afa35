"""The operations whose laws are derived by indices: what each is, the sizes of its inputs, and the law of each input.

Matrices have capital letters. The law of an input is a matrix formula in the inputs, the value (z, Z) and the gradient
that flows in (g, G).
"""

from __future__ import annotations

from typing import NamedTuple


class Law(NamedTuple):
    """One operation on inputs of certain ranks; `axis` is None where it is over all entries, or has no axis."""

    operation: str
    ranks: tuple[int, ...]
    axis: int | None
    formula: str
    sizes: dict[str, str]  # of each input, a letter an axis
    gradients: tuple[str, ...]
    meaning: str
    rank: int = 0  # of the value
    rule: str = ""  # of calculus, that its entries are differentiated by

    @property
    def value(self) -> str:
        return "Z" if self.rank == 2 else "z"

    @property
    def upstream(self) -> str:
        return "G" if self.rank == 2 else "g"

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(self.sizes)


_A, _V = {"A": "nm"}, {"a": "n"}
_PRODUCT = "the entries of a matrix product"

# fmt: off
LAWS: tuple[Law, ...] = (
    Law("matmul", (2, 2), None, "A @ B", {"A": "nd", "B": "dm"}, ("G @ B.T", "A.T @ G"), _PRODUCT, 2),
    Law("matmul", (2, 1), None, "A @ b", {"A": "nd", "b": "d"}, ("outer(g, b)", "A.T @ g"), _PRODUCT, 1),
    Law("matmul", (1, 2), None, "a @ B", {"a": "d", "B": "dm"}, ("B @ g", "outer(a, g)"), _PRODUCT, 1),
    Law("matmul", (1, 1), None, "a @ b", {"a": "n", "b": "n"}, ("g*b", "g*a"), "the dot product"),
    Law("dot", (1, 1), None, "dot(a, b)", {"a": "n", "b": "n"}, ("g*b", "g*a"), "the dot product"),
    Law("outer", (1, 1), None, "outer(a, b)", {"a": "n", "b": "m"}, ("G @ b", "G.T @ a"),
        "the entries of an outer product", 2),
    Law("transpose", (2,), None, "A.T", _A, ("G.T",), "a transpose has rows for columns", 2),
    Law("sum", (1,), None, "sum(a)", _V, ("g*ones(n)",), "the sum of all entries"),
    Law("sum", (2,), None, "sum(A)", _A, ("g*ones(n, m)",), "the sum of all entries"),
    Law("sum", (2,), 0, "sum(A, 0)", _A, ("outer(ones(n), g)",), "the sum of each column", 1),
    Law("sum", (2,), 1, "sum(A, 1)", _A, ("outer(g, ones(m))",), "the sum of each row", 1),
    Law("mean", (1,), None, "mean(a)", _V, ("g*ones(n)/n",), "the mean of all entries"),
    Law("mean", (2,), None, "mean(A)", _A, ("g*ones(n, m)/(n*m)",), "the mean of all entries"),
    Law("mean", (2,), 0, "mean(A, 0)", _A, ("outer(ones(n), g)/n",), "the mean of each column", 1),
    Law("mean", (2,), 1, "mean(A, 1)", _A, ("outer(g, ones(m))/m",), "the mean of each row", 1),
    Law("norm2", (1,), None, "norm2(a)", _V, ("2*g*a",), "the sum of the squares of all entries", 0, "power rule"),
    Law("norm2", (2,), None, "norm2(A)", _A, ("2*g*A",), "the sum of the squares of all entries", 0, "power rule"),
    Law("softmax", (1,), None, "softmax(a)", _V, ("z*(g - sum(g*z))",), "the definition of softmax", 1,
        "quotient rule"),
    Law("softmax", (2,), None, "softmax(A)", _A, ("Z*(G - outer(sum(G*Z, 1), ones(m)))",),
        "the definition of softmax, for each row", 2, "quotient rule"),
    Law("logsumexp", (1,), None, "logsumexp(a)", _V, ("g*softmax(a)",), "the logarithm of the sum of e^a", 0,
        "logarithm rule, chain rule"),
    Law("trace", (2,), None, "trace(A)", {"A": "nn"}, ("g*eye(n)",), "the sum of the diagonal"),
    Law("inverse", (2,), None, "inv(A)", {"A": "nn"}, ("-Z.T @ G @ Z.T",),
        "an inverse times its matrix is the identity matrix", 2),
    Law("logdet", (2,), None, "logdet(A)", {"A": "nn"}, ("g*inv(A).T",), "the logarithm of the determinant"),
)
# fmt: on
