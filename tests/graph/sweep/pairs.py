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
    "i": ("n",), "S": ("k", "n", "m"), "D": ("k", "m", "n"), "V": ("2", "3", "5", "5"), "K": ("2", "3", "2", "2"),
}
KINDS = {"A": "square", "P": "probabilities", "i": "classes m"}
NUMBER = (  # operations whose value is a number
    "sum(X)", "mean(X)", "sum(x)", "mean(x)", "dot(x, u)", "x @ u", "x @ X @ z", "norm2(X)", "norm(x)", "norm(X)",
    "logsumexp(x)", "trace(B)", "trace(X @ Y.T)", "trace(B @ B)", "trace(B.T @ A @ B)", "logdet(A)", "trace(inv(A))",
    "quadratic(x, B)", "mse(X, Y)", "mse(x, u)", "bce(sigmoid(X), P)", "cross_entropy(softmax(X), P)",
    "cross_entropy(softmax(X), i)", "cross_entropy(sigmoid(X), P)",
    "sum(log_softmax(X))", "x[0]", "X[0, 0]", "max(c, g)", "c^g", "c g", "c/g",
    "x @ inv(A) @ u", "prod(x)", "max(X)", "min(x)", "det(A)", 'einsum("pq,pq->", X, Y)', "solve(A, x)[0]", "x[-1]",
    "[c, g, 2][1]", "sum(where(X > Y, X^2, z))", "S[1, 0, 0]", 'einsum("pp->", B)', "norm2(kron(X, C))",
)
VECTOR = (  # of n entries
    "X @ z", "z @ X.T", "B.T @ x", "sum(X, 1)", "sum(X, -1)", "mean(X, 1)", "logsumexp(X)", "softmax(x)",
    "log_softmax(x)", "x/norm(x)", "x - mean(x)", "inv(A) @ x", "sum(X.T, 0)", "B[0]", "c x", "x + c", "x u", "x/u",
    "x^c", "c^x", "max(x, u)", "max(x, c)", "min(c, x)", "max(X, axis=1)", "min(X, axis=1)", "prod(X, axis=1)",
    "cumsum(x)", "flip(x)", "where(x > u, x, c)", "solve(A, x)", 'einsum("pq,q->p", X, z)', "squeeze(C, 1)", "z[i]",
    "flatten(C)", "reshape(C, n)", "sum(S, axis=(0, 2))", "logsumexp(X.T, axis=0)", "softmax(x, axis=0)", "(x < u) * x",
    "max(S[0], axis=1)", "sum(D, axis=1)[0]", 'einsum("pqr,r->q", S, z)',
)
MATRIX = (  # of n by m entries
    "X", "X + Y", "X - Y", "X * Y", "X/Y", "X^Y", "(Z @ Z.T @ X.T).T", "B @ X", "X @ Z @ Z.T", "outer(x, z)",
    "softmax(X)", "log_softmax(X)", "X - mean(X, 0)", "X + z", "X - z", "z * X", "X/z", "X + C", "X - C", "X * C",
    "X + R", "X - R", "C + R", "C - R", "C * R", "C/R", "X + c", "c - X", "max(X, c)", "max(X, z)", "X^c", "inv(A) @ X",
    "concat(X, X)", "X.T", "X - max(X, axis=1, keepdims)", "X/sum(X, axis=1, keepdims)",
    "X - mean(X, axis=0, keepdims)", "X/norm(X, axis=1, keepdims)", "softmax(X, axis=0)", "log_softmax(X, axis=0)",
    "cumsum(X, axis=0)", "flip(X, axis=1)", "where(X > Y, X, z)", "(X >= Y) * X", "expand(x, 1) * X", "Z[i] @ Z.T",
    'einsum("pq,qr->pr", X, Z) @ Z.T', "S[0]", "sum(S, axis=0)", "max(S, axis=0)", "mean(D.mT, axis=0)", "solve(A, X)",
    "X * prod(X, axis=0, keepdims)", "min(X, axis=0, keepdims) - X", "logsumexp(X, axis=1, keepdims) * X",
)
BATCH = (  # of k by n by m entries
    "S", "S + X", "S * z", "S - C", "S/X", "S @ D @ X", "S @ Z @ Z.T", "D.mT", "softmax(S, axis=1)", "softmax(S)",
    "log_softmax(S, axis=0)", "S - mean(S, axis=2, keepdims)", "S/sum(S, axis=(0, 2), keepdims)", "sin(S)",
    "transpose(D, 0, 2, 1)", "cumsum(S, axis=0)", "flip(S, axis=2)", "where(S > X, S, X)", "(S < Y) * S",
    'einsum("pqr,rs->pqs", S, Z) @ Z.T', "max(S, axis=0, keepdims) * S", "expand(X, 0) * S", "S * expand(x, 1)",
    "logsumexp(S, axis=1, keepdims) + S", "S * prod(S, axis=2, keepdims)", "(S @ D).mT @ S", "S^2 - c S",
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
    "sum(c {0}, 0)", "sum(outer({0}, z))", "sum(B @ {0})", "sum(concat({0}, u))", "max({0})", "prod({0})",
    "norm2(cumsum({0}))", "sum(flip({0}) * u)", "norm2(expand({0}, 1) - X)", "sum([{0}, u])", "sum({0} * (u > 0.9))",
    "norm2(expand({0}, 1) + S)",
)
AFTER_MATRIX = (
    "sum({0})", "mean({0})", "c sum({0})", "norm2({0})", "sum(sum({0}, 0))", "sum(sum({0}, 1))", "norm2(mean({0}, 0))",
    "sum(mean({0}, 1)^2)", "sum({0} + c)", "sum(c - {0})", "trace({0} @ {0}.T)", "trace({0}.T @ {0})", "sum({0}.T)",
    "mean({0}.T)^2", "sum({0} - mean({0}, 0))", "sum({0}[0])", "sum(logsumexp({0}))", "sum(softmax({0})^2)",
    "sum(max({0}, axis=0))", "norm2(cumsum({0}, axis=1))", "sum(where({0} > 0.3, {0}, 0)^2)", "norm2(flatten({0}))",
    "norm2({0} - mean({0}, axis=1, keepdims))", "det({0}.T @ {0} + eye(m))", "sum(expand({0}, 0) * S)",
    "sum({0}[:, 0])", "norm2(max({0}, axis=1, keepdims))", "sum(softmax({0}, axis=0)^2)", "norm2({0} @ D)",
    "norm2([{0}, Y])", "sum(stack({0}, Y, axis=1) * expand({0}, 1))",
)
AFTER_BATCH = (
    "sum({0})", "norm2({0})", "mean({0})^2", "sum(max({0}, axis=0))", "norm2(sum({0}, axis=(0, 2)))", "sum({0} @ D)",
    "norm2(sum({0}, 1))", "norm2({0}[0])", "sum({0}.mT * D)", "norm2(mean({0}, axis=2))", "norm2({0} @ Z)",
    "sum(softmax({0}, axis=1)^2)", "sum(({0} > 0.5) * {0})", "norm2({0}[:, 0])", "norm2({0} - X)", "sum(z * {0})",
    "norm2({0} - mean({0}, axis=1, keepdims))", "sum({0} * expand(X, 0))", "sum(logsumexp({0}))", "norm2(flatten({0}))",
)
PICTURES = (  # of samples, channels, rows, columns
    "norm2(conv2d(V, K))", "norm2(conv2d(V, K, stride=2, padding=1))", "sum(sin(conv2d(V, K)))", "max(conv2d(V, K))",
    "norm2(maxpool2d(V, 2))", "norm2(maxpool2d(V, 3, stride=1))", "norm2(meanpool2d(conv2d(V, K), 2))",
    "sum(meanpool2d(V, 3, stride=2)^3)", "norm2(conv2d(V, K)/sum(conv2d(V, K), axis=(0, 2, 3), keepdims))",
    "mean(maxpool2d(conv2d(V, K, padding=1), 2) * meanpool2d(conv2d(V, K, padding=1), 2))",
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
    (BATCH, AFTER_BATCH),
    (PICTURES, ("{0}", "g {0}", "ln(1 + {0}^2)")),
    *zip(NEWER, (AFTER_NUMBER, AFTER_VECTOR, AFTER_MATRIX), strict=True),
)


@cache
def pairs(letters: bool = False) -> tuple[Drawn, ...]:
    """Return all of the small graphs; the first of them are of all groups, so that every part of the list has some."""
    each = [list(_of(operations, after)) for operations, after in GROUPS]
    bodies = [one for several in zip_longest(*each) for one in several if one]
    if letters:  # sizes that are products of letters are not part of the language
        bodies = [one for one in bodies if "flatten(" not in one and "kron(" not in one]
    return tuple(_drawn(number, body, letters) for number, body in enumerate(dict.fromkeys(bodies)))


def _of(operations: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    """Yield each operation with each thing after it, both going round: neighbours differ in both."""
    read = [operation for operation in operations if is_read(operation)]
    for shift in range(len(after)):
        for number, operation in enumerate(read):
            following = after[(number + shift) % len(after)]
            if operation == "X.T":  # whose sizes are the other way round
                following = following.replace("{0}.T @ {0} + eye(m)", "{0} @ {0}.T + eye(m)")
            yield _body(operation, following, (number + shift) % 3 == 0)


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
