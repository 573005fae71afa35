"""The laws of Jacobians: what an operation between vectors and matrices multiplies the Jacobian by its value with.

`a` and `b` are the inputs, `z` is the value. n m k are sizes. Of an operation that is done entry by entry the Jacobian
is the diagonal matrix of its derivatives, which are those of the backward pass where 1 flows in.
"""

from __future__ import annotations

from symback.graph.derivation.backward_laws import BackwardLaw

# fmt: off
# What gives a vector: the derivative of z by a and by b, a row for each entry of z. By a matrix, whose entries are
# counted row by row, it is the kron(A, u.T) of z = A @ a @ u, or the kron(u.T, A) of z = A @ a.T @ u.
OF_VECTORS = tuple(BackwardLaw(*row) for row in (
    # operation     title             shapes                dz/da, dz/db
    ("matmul",      "matrix product", "a: n x k, b: k",     ("kron(eye(n), b.T)", "a")),
    ("matmul",      "matrix product", "a: k, b: k x m",     ("b.T", "kron(a.T, eye(m))")),
    ("sum 0",       "sums of columns", "a: n x m",          ("kron(ones(n).T, eye(m))",)),
    ("sum 1",       "sums of rows",   "a: n x m",           ("kron(eye(n), ones(m).T)",)),
    ("mean 0",      "means of columns", "a: n x m",         ("kron(ones(n).T, eye(m)/n)",)),
    ("mean 1",      "means of rows",  "a: n x m",           ("kron(eye(n)/m, ones(m).T)",)),
    ("index 1",     "indexing",       "a: n x m",           ("kron(unit(i, n).T, eye(m))",)),
    ("softmax",     "softmax",        "a: n",               ("diag(z) - outer(z, z)",)),
    ("log_softmax", "log-softmax",    "a: n",               ("eye(n) - outer(ones(n), softmax(a))",)),
))

# What gives a matrix: for y = p @ z @ u the derivative of y by a and by b, and for y = p @ z.T @ u the same.
OF_MATRICES = {is_turned: tuple(BackwardLaw(*row) for row in rows) for is_turned, rows in (
    (False, (
        # operation   title              shapes                  dy/da, dy/db where y = p @ z @ u
        ("matmul",    "matrix product",  "a: n x k, b: k x m",   ("kron(p, (b @ u).T)", "kron(p @ a, u.T)")),
        ("transpose", "transpose",       "a: n x m",             ("kron(u.T, p)",)),
        ("outer",     "outer product",   "a: n, b: m",           ("(b @ u)*p", "outer(p @ a, u)")),
        ("diag",      "diagonal matrix", "a: n",                 ("p @ diag(u)",)),
        ("rows",      "equal rows",      "a: m",                 ("outer(p @ ones(n), u)",)),
        ("columns",   "equal columns",   "a: n",                 ("sum(u)*p",)),
    )),
    (True, (
        # operation   title              shapes                  dy/da, dy/db where y = p @ z.T @ u
        ("matmul",    "matrix product",  "a: n x k, b: k x m",   ("kron(u.T, p @ b.T)", "kron((a.T @ u).T, p)")),
        ("transpose", "transpose",       "a: n x m",             ("kron(p, u.T)",)),
        ("outer",     "outer product",   "a: n, b: m",           ("outer(p @ b, u)", "(a @ u)*p")),
        ("diag",      "diagonal matrix", "a: n",                 ("p @ diag(u)",)),
        ("rows",      "equal rows",      "a: m",                 ("sum(u)*p",)),
        ("columns",   "equal columns",   "a: n",                 ("outer(p @ ones(m), u)",)),
    )),
)}
# fmt: on


def law_for(laws: tuple[BackwardLaw, ...], operation: str, axes: list[int]) -> BackwardLaw | None:
    """Return the law of an operation for inputs of that many axes; None where the table has none.

    >>> law_for(OF_VECTORS, "softmax", [1]).by
    ('diag(z) - outer(z, z)',)
    """
    for law in laws:
        own = [len(sizes or ()) for sizes in law.ranks.values()]
        if law.operation == operation and own == axes[: len(own)]:
            return law
    return None
