"""Every operation followed by everything that sums, averages or spreads it: small graphs, one after another.

The faults of random graphs were mostly of two operations: one that makes an array, and one after it that lets a
gradient in which is the same for all its entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

from symback.graph.operations.calls import RESERVED

from .inputs import Drawn
from .operations import BROADCAST, ELEMENTWISE, FUNCTIONS, OF_LOSS

SIZES = ({"n": 3, "m": 4, "k": 2}, {"n": 2, "m": 5, "k": 4})  # for letters
NUMBERS = ({"n": 3, "m": 4, "k": 2}, {"n": 1, "m": 3, "k": 2}, {"n": 2, "m": 1, "k": 3}, {"n": 2, "m": 2, "k": 1})

# fmt: off
SHAPES = {  # of the names that the operations below use
    "c": (), "g": (), "x": ("n",), "u": ("n",), "z": ("m",), "X": ("n", "m"), "Y": ("n", "m"),
    "Z": ("m", "k"), "C": ("n", "1"), "R": ("1", "m"), "A": ("n", "n"), "B": ("n", "n"), "P": ("n", "m"),
    "i": ("n",),
}
KINDS = {"A": "square", "P": "probabilities", "i": "classes m"}
NUMBER = (  # operations whose value is a number
    "sum(X)", "mean(X)", "sum(x)", "mean(x)", "dot(x, u)", "x @ u", "x @ X @ z", "norm2(X)", "norm(x)", "norm(X)",
    "logsumexp(x)", "trace(B)", "trace(X @ Y.T)", "trace(B @ B)", "trace(B.T @ A @ B)", "logdet(A)", "trace(inv(A))",
    "quadratic(x, B)", "mse(X, Y)", "mse(x, u)", "bce(sigmoid(X), P)", "cross_entropy(softmax(X), P)",
    "cross_entropy(softmax(X), i)", "cross_entropy(sigmoid(X), P)",
    "sum(log_softmax(X))", "x[0]", "X[0, 0]", "max(c, g)", "c^g", "c g", "c/g",
    "x @ inv(A) @ u",
)
VECTOR = (  # of n entries
    "X @ z", "z @ X.T", "B.T @ x", "sum(X, 1)", "sum(X, -1)", "mean(X, 1)", "logsumexp(X)", "softmax(x)",
    "log_softmax(x)", "x/norm(x)", "x - mean(x)", "inv(A) @ x", "sum(X.T, 0)", "B[0]", "c x", "x + c", "x u", "x/u",
    "x^c", "c^x", "max(x, u)", "max(x, c)", "min(c, x)",
)
MATRIX = (  # of n by m entries
    "X", "X + Y", "X - Y", "X * Y", "X/Y", "X^Y", "(Z @ Z.T @ X.T).T", "B @ X", "X @ Z @ Z.T", "outer(x, z)",
    "softmax(X)", "log_softmax(X)", "X - mean(X, 0)", "X + z", "X - z", "z * X", "X/z", "X + C", "X - C", "X * C",
    "X + R", "X - R", "C + R", "C - R", "C * R", "C/R", "X + c", "c - X", "max(X, c)", "max(X, z)", "X^c", "inv(A) @ X",
    "concat(X, X)", "X.T",
)
NEWER = (  # one for each group, used where the language has the function
    ("logdet(X @ X.T + eye(n))", "x @ diag(u) @ x", "unit(0, n) @ x", "sum(x) + sum(zeros(n))"),
    ("diagonal(B)", "X[:, 0]", "ones(n) * x", "B @ ones(n)", "sum(concat(X, X)[0:1], 0) @ X.T"),
    ("diag(x) @ X", "X * outer(x, ones(m))", "X + outer(ones(n), z)", "concat(X, X)[0:2] @ X.T @ X"),
)
AFTER_NUMBER = ("{0}", "g {0}", "sum(X + {0})", "sum({0} - u)", "mean({0} u)", "sum(u/(2 + {0}))", *OF_LOSS)
AFTER_VECTOR = (
    "sum({0})", "mean({0})", "c sum({0})", "mean({0})^2", "norm2({0})", "sum(c + {0})", "sum(Y.T + {0})",
    "sum(Y.T - {0})", "mean({0} * u)", "sum({0} * {0})", "sum({0} - mean({0}))", "{0}[0]", "logsumexp({0})",
    "sum(c {0}, 0)", "sum(outer({0}, z))", "sum(B @ {0})", "sum(concat({0}, u))",
)
AFTER_MATRIX = (
    "sum({0})", "mean({0})", "c sum({0})", "norm2({0})", "sum(sum({0}, 0))", "sum(sum({0}, 1))", "norm2(mean({0}, 0))",
    "sum(mean({0}, 1)^2)", "sum({0} + c)", "sum(c - {0})", "trace({0} @ {0}.T)", "trace({0}.T @ {0})", "sum({0}.T)",
    "mean({0}.T)^2", "sum({0} - mean({0}, 0))", "sum({0}[0])", "sum(logsumexp({0}))", "sum(softmax({0})^2)",
)
# fmt: on
GROUPS = (
    (tuple(way.format("c") for way in ELEMENTWISE), AFTER_NUMBER),
    (tuple(way.format("x") for way in ELEMENTWISE), AFTER_VECTOR),
    (tuple(way.format("X") for way in ELEMENTWISE), AFTER_MATRIX),
    (tuple(way.format("X", "z") for way in BROADCAST), AFTER_MATRIX),
    (tuple(way.format("c", "X") for way in BROADCAST), AFTER_MATRIX),
    (NUMBER, AFTER_NUMBER),
    (VECTOR, AFTER_VECTOR),
    (MATRIX, AFTER_MATRIX),
    *zip(NEWER, (AFTER_NUMBER, AFTER_VECTOR, AFTER_MATRIX), strict=True),
)


@cache
def pairs(letters: bool = False) -> tuple[Drawn, ...]:
    """Return all of the small graphs; the first of them are of all groups, so that every part of the list has some."""
    each = [list(_of(operations, after)) for operations, after in GROUPS]
    bodies = [one for several in zip_longest(*each) for one in several if one]
    return tuple(_drawn(number, body, letters) for number, body in enumerate(dict.fromkeys(bodies)))


def _of(operations: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    """Yield each operation with each thing after it, both going round: neighbours differ in both."""
    read = [operation for operation in operations if is_read(operation)]
    for shift in range(len(after)):
        for number, operation in enumerate(read):
            yield _body(operation, after[(number + shift) % len(after)], (number + shift) % 3 == 0)


def is_read(operation: str) -> bool:
    """Tell whether the language has the functions and the slices of an operation."""
    words = {word for one in NEWER for text in one for word in re.findall(r"[a-z]+(?=\()", text)} - RESERVED.keys()
    return ("slice" in RESERVED or ":" not in operation) and not words & set(re.findall(r"[a-z]+(?=\()", operation))


def _body(operation: str, after: str, named: bool) -> str:
    """Return the lines of a graph; every third one gives what comes in between a name."""
    if named:
        return f"h = {operation}\nL = {after.format('h', 'g')}"
    alone = re.fullmatch(r"[A-Za-z]|[a-z_]+[(][^()]*[)]", operation)
    return f"L = {after.format(operation if alone else f'({operation})', 'g')}"


def _drawn(number: int, body: str, letters: bool) -> Drawn:
    words = set(re.findall(r"[A-Za-z]\w*", body))
    used = {name: (shape, KINDS.get(name, "positive")) for name, shape in SHAPES.items() if name in words}
    head = [line for line in FUNCTIONS if re.findall(r"\w+", line)[1] in words]
    sizes = SIZES if letters else (NUMBERS[number % len(NUMBERS)],)
    wrt = tuple(name for name, (_, kind) in used.items() if kind not in ("probabilities", "classes m"))
    return Drawn(number, "\n".join([*head, body]), wrt, used, sizes, letters)
