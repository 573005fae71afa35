"""The laws of the backward pass on paper: what an operation adds to the gradient of each input, one line each.

`a` and `b` are the inputs, `z` is the value (by its name, where it has one), `g` the gradient of the loss by z, of the
shape of z. What a law gives has the shape of the input. n m k are sizes; `*` is any shape. The gradient that flows in
is a factor of every law.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Tree
from symback.graph.derivation.laws import shapes_of_letters
from symback.graph.nodes import Shape
from symback.syntax import parse_matrix


class BackwardLaw(NamedTuple):
    """A law: the operation and its title, the shapes of its inputs, and the gradients by them ("" for none)."""

    operation: str
    title: str
    shapes: str
    by: tuple[str, ...]

    @property
    def ranks(self) -> dict[str, tuple[str, ...] | None]:
        """The sizes of each input, as letters; None for any shape."""
        return shapes_of_letters(self.shapes)


def _law(operation: str, title: str, shapes: str, *by: str) -> BackwardLaw:
    return BackwardLaw(operation, title, shapes, by)


# fmt: off
BACKWARD_LAWS: tuple[BackwardLaw, ...] = (
    # operation          title                    shapes                  gradient by a              gradient by b
    _law("matmul",       "matrix product",        "a: n x k, b: k x m",   "g @ b.T",                 "a.T @ g"),
    _law("matmul",       "matrix product",        "a: n x k, b: k",       "outer(g, b)",             "a.T @ g"),
    _law("matmul",       "matrix product",        "a: k, b: k x m",       "b @ g",                   "outer(a, g)"),
    _law("matmul",       "dot product",           "a: k, b: k",           "g*b",                     "g*a"),
    _law("outer",        "outer product",         "a: n, b: m",           "g @ b",                   "g.T @ a"),
    _law("transpose",    "transpose",             "a: n x m",             "g.T"),
    _law("sum",          "sum of entries",        "a: n",                 "g*ones(n)"),
    _law("sum",          "sum of entries",        "a: n x m",             "g*ones(n, m)"),
    _law("sum",          "sum of entries",        "a: n x m x k",         "g*ones(n, m, k)"),
    _law("sum 0",        "sum of entries",        "a: n",                 "g*ones(n)"),
    _law("sum 0",        "sums of columns",       "a: n x m",             "rows(g, n)"),
    _law("sum 1",        "sums of rows",          "a: n x m",             "columns(g, m)"),
    _law("mean",         "mean of entries",       "a: n",                 "g*ones(n)/n"),
    _law("mean",         "mean of entries",       "a: n x m",             "g*ones(n, m)/(n*m)"),
    _law("mean",         "mean of entries",       "a: n x m x k",         "g*ones(n, m, k)/(n*m*k)"),
    _law("mean 0",       "mean of entries",       "a: n",                 "g*ones(n)/n"),
    _law("mean 0",       "means of columns",      "a: n x m",             "rows(g, n)/n"),
    _law("mean 1",       "means of rows",         "a: n x m",             "columns(g, m)/m"),
    _law("rows",         "chain rule, summed over the rows",    "a: m",   "sum(g, 0)"),
    _law("columns",      "chain rule, summed over the columns", "a: n",   "sum(g, 1)"),
    _law("norm2",        "squared norm",          "a: *",                 "2*g*a"),
    _law("trace",        "trace",                 "a: n x n",             "g*eye(n)"),
    _law("logdet",       "log-determinant",       "a: n x n",             "g*inv(a).T"),
    _law("inv",          "inverse matrix",        "a: n x n",             "-z.T @ g @ z.T"),
    _law("diag",         "diagonal matrix",       "a: n",                 "diagonal(g)"),
    _law("diagonal",     "diagonal",              "a: n x n",             "diag(g)"),
    _law("softmax",      "softmax",               "a: n",                 "z*(g - (g @ z)*ones(n))"),
    _law("softmax",      "softmax",               "a: n x m",             "z*(g - columns(sum(g*z, 1), m))"),
    _law("log_softmax",  "log-softmax",           "a: n",                 "g - sum(g)*softmax(a)"),
    _law("log_softmax",  "log-softmax",           "a: n x m",             "g - columns(sum(g, 1), m)*softmax(a)"),
    _law("logsumexp",    "log-sum-exp",           "a: n",                 "g*softmax(a)"),
    _law("logsumexp",    "log-sum-exp",           "a: n x m",             "columns(g, m)*softmax(a)"),
    _law("cross_entropy", "cross-entropy",        "a: n, b: n",           "-g*b/a",                  "-g*ln(a)"),
    _law("cross_entropy", "cross-entropy",        "a: n x m, b: n x m",   "-g*b/(n*a)",              "-g*ln(a)/n"),
    _law("bce",          "binary cross-entropy",  "a:, b:",
         "g*((1 - b)/(1 - a) - b/a)",                        "g*(ln(1 - a) - ln(a))"),
    _law("bce",          "binary cross-entropy",  "a: n, b: n",
         "g/n*((ones(n) - b)/(ones(n) - a) - b/a)",          "g/n*(ln(ones(n) - a) - ln(a))"),
    _law("bce",          "binary cross-entropy",  "a: n x m, b: n x m",
         "g/n*((ones(n, m) - b)/(ones(n, m) - a) - b/a)",    "g/n*(ln(ones(n, m) - a) - ln(a))"),
    _law("mse",          "mean squared error",    "a:, b:",               "2*g*(a - b)",             "2*g*(b - a)"),
    _law("mse",          "mean squared error",    "a: n, b: n",           "2*g*(a - b)/n",           "2*g*(b - a)/n"),
    _law("mse",          "mean squared error",    "a: n x m, b: n x m",   "2*g*(a - b)/(n*m)",     "2*g*(b - a)/(n*m)"),
    _law("index 1",      "indexing",              "a: n",                 "g*unit(i, n)"),
    _law("index 1",      "indexing",              "a: n x m",             "outer(unit(i, n), g)"),
    _law("index 2",      "indexing",              "a: n x m",             "g*outer(unit(i, n), unit(j, m))"),
    # elementwise: all inputs have one shape
    _law("max",          "maximum rule",          "a: *, b: *",           "g*step(a - b)",         "g - g*step(a - b)"),
    _law("min",          "minimum rule",          "a: *, b: *",           "g*step(b - a)",         "g - g*step(b - a)"),
)
# fmt: on

_NOT_ELEMENTWISE = frozenset(law.operation.split()[0] for law in BACKWARD_LAWS) - {"max", "min"}


def is_elementwise(name: str) -> bool:
    """Tell whether a function is applied entry by entry."""
    return name in FUNCTIONS and name not in _NOT_ELEMENTWISE


def law_for(operation: str, shapes: list[Shape]) -> BackwardLaw | None:
    """Return the law of an operation for inputs of these shapes; None where the table has none."""
    for law in _by_operation().get(operation, ()):
        ranks = list(law.ranks.values())
        if all(r is None or len(r) == len(s) for r, s in zip(ranks, shapes, strict=False)) and len(shapes) >= len(
            ranks
        ):
            return law
    return None


@cache
def _by_operation() -> dict[str, list[BackwardLaw]]:
    made: dict[str, list[BackwardLaw]] = {}
    for law in BACKWARD_LAWS:
        made.setdefault(law.operation, []).append(law)
    return made


@cache
def law_side(text: str) -> Tree:
    """Return the text of a gradient as a tree."""
    return parse_matrix(text, ("out",))
