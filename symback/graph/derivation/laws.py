"""The laws by which formulas of arrays are simplified, from left to right: each a line with the shapes of its letters.

A letter stands for any formula of its shape: n m k are sizes, `c:` a number, `u: n` a vector, `A: n x m` a matrix, and
`x: *` an array of any shape, the same wherever x occurs. `rows(v, n)` is the matrix of n rows v, `columns(u, m)` the
one of m columns u. In `c*x` the letter c takes all numbers of a product, in `A*rows(v, n)` the letter A all other
factors. The first law that fits is used.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from symback.expr.tree import Apply, Tree, symbols_of
from symback.syntax import parse_matrix

ANY = "*"


class ArrayLaw(NamedTuple):
    """A law: its name, its line, and the shapes of its letters."""

    name: str
    law: str
    shapes: str

    @property
    def sides(self) -> tuple[Tree, Tree]:
        """The left and the right side as trees."""
        return _sides(self.law)

    @property
    def ranks(self) -> dict[str, tuple[str, ...] | None]:
        """The sizes of each letter, as letters; None for any shape."""
        return shapes_of_letters(self.shapes)


# fmt: off
_TRANSPOSES = (
    ("transpose of a transpose",       "(A.T).T = A",                                  "A: n x m"),
    ("transpose of a product",         "(A @ B).T = B.T @ A.T",                        "A: n x m, B: m x k"),
    ("transpose of an outer product",  "outer(u, v).T = outer(v, u)",                  "u: n, v: m"),
    ("transpose of the identity",      "eye(n).T = eye(n)",                            ""),
    ("transpose of a diagonal matrix", "diag(u).T = diag(u)",                          "u: n"),
    ("transpose of ones",              "ones(n, m).T = ones(m, n)",                    ""),
    ("transpose of zeros",             "zeros(n, m).T = zeros(m, n)",                  ""),
    ("transpose of equal rows",        "rows(v, n).T = columns(v, n)",                 "v: m"),
    ("transpose of equal columns",     "columns(u, m).T = rows(u, m)",                 "u: n"),
    ("number out of a transpose",      "(c*A).T = c*A.T",                              "c:, A: n x m"),
    ("inverse of a transpose",         "inv(A.T) = inv(A).T",                          "A: n x n"),
)
_REPEATED = (
    ("equal rows",                     "rows(ones(m), n) = ones(n, m)",                ""),
    ("equal columns",                  "columns(ones(n), m) = ones(n, m)",             ""),
    ("equal rows",                     "rows(zeros(m), n) = zeros(n, m)",              ""),
    ("equal columns",                  "columns(zeros(n), m) = zeros(n, m)",           ""),
    ("a column repeated once",         "columns(sum(A, 1), 1) = A",                    "A: n x 1"),
    ("a row repeated once",            "rows(sum(A, 0), 1) = A",                       "A: 1 x m"),
    ("a column repeated once",         "columns(squeeze(A, 1), 1) = A",                "A: n x 1"),
    ("a row repeated once",            "rows(squeeze(A, 0), 1) = A",                   "A: 1 x m"),
    ("sum of one entry",               "sum(columns(u, 1), 1) = u",                    "u: n"),
    ("sum of one entry",               "sum(rows(v, 1), 0) = v",                       "v: m"),
    ("number out of equal rows",       "rows(c*v, n) = c*rows(v, n)",                  "c:, v: m"),
    ("number out of equal columns",    "columns(c*u, m) = c*columns(u, m)",            "c:, u: n"),
    ("outer product with ones",        "outer(u, ones(m)) = columns(u, m)",            "u: n"),
    ("outer product with ones",        "outer(ones(n), v) = rows(v, n)",               "v: m"),
    ("diagonal matrix",                "eye(n)*rows(v, n) = diag(v)",                  "v: n"),
    ("diagonal matrix",                "eye(n)*columns(u, n) = diag(u)",               "u: n"),
    ("identity matrix",                "diag(ones(n)) = eye(n)",                       ""),
    ("number out of a diagonal matrix", "diag(c*u) = c*diag(u)",                       "c:, u: n"),
)
_PRODUCTS = (
    ("product with zeros",             "zeros(n, m) @ A = zeros(n, k)",                "A: m x k"),
    ("product with zeros",             "A @ zeros(m, k) = zeros(n, k)",                "A: n x m"),
    ("product with zeros",             "zeros(n, m) @ u = zeros(n)",                   "u: m"),
    ("product with zeros",             "A @ zeros(m) = zeros(n)",                      "A: n x m"),
    ("product with zeros",             "u @ zeros(n) = 0",                             "u: n"),
    ("product with zeros",             "outer(u, zeros(m)) = zeros(n, m)",             "u: n"),
    ("product with zeros",             "outer(zeros(n), v) = zeros(n, m)",             "v: m"),
    ("identity matrix",                "eye(n) @ A = A",                               "A: n x m"),
    ("identity matrix",                "A @ eye(m) = A",                               "A: n x m"),
    ("identity matrix",                "eye(n) @ u = u",                               "u: n"),
    ("inverse matrix",                 "inv(A) @ A = eye(n)",                          "A: n x n"),
    ("inverse matrix",                 "A @ inv(A) = eye(n)",                          "A: n x n"),
    ("inverse matrix",                 "inv(A) @ (A @ B) = B",                         "A: n x n, B: n x m"),
    ("inverse matrix",                 "A @ (inv(A) @ B) = B",                         "A: n x n, B: n x m"),
    ("number out of a product",        "(c*A) @ B = c*(A @ B)",                        "c:, A: n x m, B: m x k"),
    ("number out of a product",        "A @ (c*B) = c*(A @ B)",                        "c:, A: n x m, B: m x k"),
    ("number out of a product",        "(c*A) @ u = c*(A @ u)",                        "c:, A: n x m, u: m"),
    ("number out of a product",        "A @ (c*u) = c*(A @ u)",                        "c:, A: n x m, u: m"),
    ("number out of a product",        "(c*u) @ v = c*(u @ v)",                        "c:, u: n, v: n"),
    ("number out of a product",        "u @ (c*v) = c*(u @ v)",                        "c:, u: n, v: n"),
    ("number out of a product",        "outer(c*u, v) = c*outer(u, v)",                "c:, u: n, v: m"),
    ("number out of a product",        "outer(u, c*v) = c*outer(u, v)",                "c:, u: n, v: m"),
    ("a vector is a column",           "u @ A = A.T @ u",                              "u: n, A: n x m"),
    ("sums of rows",                   "A @ ones(m) = sum(A, 1)",                      "A: n x m"),
    ("sum of entries",                 "u @ ones(n) = sum(u)",                         "u: n"),
    ("sum of entries",                 "ones(n) @ u = sum(u)",                         "u: n"),
    ("sums of rows",                   "A @ ones(m, k) = columns(sum(A, 1), k)",       "A: n x m"),
    ("sums of columns",                "ones(k, n) @ A = rows(sum(A, 0), k)",          "A: n x m"),
    ("sum of entries",                 "ones(k, n) @ u = sum(u)*ones(k)",              "u: n"),
    ("product with equal columns",     "A @ columns(u, k) = columns(A @ u, k)",        "A: n x m, u: m"),
    ("product with equal rows",        "A @ rows(v, m) = outer(sum(A, 1), v)",         "A: n x m, v: k"),
    ("product with equal columns",     "columns(u, n) @ A = outer(u, sum(A, 0))",      "A: n x m, u: k"),
    ("product with equal rows",        "rows(v, k) @ A = rows(A.T @ v, k)",            "A: n x m, v: n"),
    ("product with equal columns",     "columns(u, m) @ v = sum(v)*u",                 "u: n, v: m"),
    ("product with equal rows",        "rows(u, k) @ v = (u @ v)*ones(k)",             "u: n, v: n"),
    ("product with an outer product",  "outer(u, v) @ A = outer(u, A.T @ v)",          "u: k, v: n, A: n x m"),
    ("product with an outer product",  "A @ outer(u, v) = outer(A @ u, v)",            "A: n x m, u: m, v: k"),
    ("product with an outer product",  "outer(u, v) @ w = (v @ w)*u",                  "u: n, v: m, w: m"),
    ("product with a diagonal matrix", "diag(u) @ v = u*v",                            "u: n, v: n"),
    ("brackets of a product",          "(A @ B) @ u = A @ (B @ u)",                    "A: n x m, B: m x k, u: k"),
    ("brackets of a product",          "(A @ B) @ C = A @ (B @ C)",                    "A: n x m, B: m x k, C: k x j"),
)
_SUMS = (
    ("sum of ones",                    "sum(ones(n)) = n",                             ""),
    ("sum of ones",                    "sum(ones(n, m)) = n*m",                        ""),
    ("sum of ones",                    "sum(ones(n, m), 0) = n*ones(m)",               ""),
    ("sum of ones",                    "sum(ones(n, m), 1) = m*ones(n)",               ""),
    ("sum of zeros",                   "sum(zeros(n)) = 0",                            ""),
    ("sum of zeros",                   "sum(zeros(n, m)) = 0",                         ""),
    ("sum of zeros",                   "sum(zeros(n, m), 0) = zeros(m)",               ""),
    ("sum of zeros",                   "sum(zeros(n, m), 1) = zeros(n)",               ""),
    ("sum of equal rows",              "sum(rows(v, n), 0) = n*v",                     "v: m"),
    ("sum of equal rows",              "sum(rows(v, n), 1) = sum(v)*ones(n)",          "v: m"),
    ("sum of equal rows",              "sum(rows(v, n)) = n*sum(v)",                   "v: m"),
    ("sum of equal columns",           "sum(columns(u, m), 1) = m*u",                  "u: n"),
    ("sum of equal columns",           "sum(columns(u, m), 0) = sum(u)*ones(m)",       "u: n"),
    ("sum of equal columns",           "sum(columns(u, m)) = m*sum(u)",                "u: n"),
    ("number out of a sum",            "sum(c*x) = c*sum(x)",                          "c:, x: *"),
    ("number out of a sum",            "sum(c*A, 0) = c*sum(A, 0)",                    "c:, A: n x m"),
    ("number out of a sum",            "sum(c*A, 1) = c*sum(A, 1)",                    "c:, A: n x m"),
    ("sum of sums",                    "sum(sum(A, 0)) = sum(A)",                      "A: n x m"),
    ("sum of sums",                    "sum(sum(A, 1)) = sum(A)",                      "A: n x m"),
    ("sum of a transpose",             "sum(A.T) = sum(A)",                            "A: n x m"),
    ("sum of a transpose",             "sum(A.T, 0) = sum(A, 1)",                      "A: n x m"),
    ("sum of a transpose",             "sum(A.T, 1) = sum(A, 0)",                      "A: n x m"),
    ("factor out of a sum",            "sum(A*rows(v, n), 0) = sum(A, 0)*v",           "A: n x m, v: m"),
    ("factor out of a sum",            "sum(A*columns(u, m), 1) = sum(A, 1)*u",        "A: n x m, u: n"),
    ("sum of products",                "sum(A*rows(v, n), 1) = A @ v",                 "A: n x m, v: m"),
    ("sum of products",                "sum(A*columns(u, m), 0) = A.T @ u",            "A: n x m, u: n"),
    ("sum of products",                "sum(A*rows(v, n)) = sum(A, 0) @ v",            "A: n x m, v: m"),
    ("sum of products",                "sum(A*columns(u, m)) = sum(A, 1) @ u",         "A: n x m, u: n"),
    ("sum of products",                "sum(u*v) = u @ v",                             "u: n, v: n"),
    ("sum of an outer product",        "sum(outer(u, v)) = sum(u)*sum(v)",             "u: n, v: m"),
    ("sum of an outer product",        "sum(outer(u, v), 0) = sum(u)*v",               "u: n, v: m"),
    ("sum of an outer product",        "sum(outer(u, v), 1) = sum(v)*u",               "u: n, v: m"),
    ("sum of a diagonal matrix",       "sum(diag(u)) = sum(u)",                        "u: n"),
    ("sum of a diagonal matrix",       "sum(diag(u), 0) = u",                          "u: n"),
    ("sum of a diagonal matrix",       "sum(diag(u), 1) = u",                          "u: n"),
    ("sum of the identity",            "sum(eye(n)) = n",                              ""),
    ("sum of the identity",            "sum(eye(n), 0) = ones(n)",                     ""),
    ("sum of the identity",            "sum(eye(n), 1) = ones(n)",                     ""),
    ("sum of a unit vector",           "sum(unit(i, n)) = 1",                          ""),
)
_DIAGONALS = (
    ("diagonal of an outer product",   "diagonal(outer(u, v)) = u*v",                  "u: n, v: n"),
    ("diagonal of a transpose",        "diagonal(A.T) = diagonal(A)",                  "A: n x n"),
    ("diagonal of the identity",       "diagonal(eye(n)) = ones(n)",                   ""),
    ("diagonal of a diagonal matrix",  "diagonal(diag(u)) = u",                        "u: n"),
    ("diagonal of equal rows",         "diagonal(rows(v, n)) = v",                     "v: n"),
    ("diagonal of equal columns",      "diagonal(columns(u, n)) = u",                  "u: n"),
    ("diagonal of ones",               "diagonal(ones(n, n)) = ones(n)",               ""),
    ("diagonal of zeros",              "diagonal(zeros(n, n)) = zeros(n)",             ""),
    ("number out of a diagonal",       "diagonal(c*A) = c*diagonal(A)",                "c:, A: n x n"),
    ("trace of a transpose",           "trace(A.T) = trace(A)",                        "A: n x n"),
    ("trace of the identity",          "trace(eye(n)) = n",                            ""),
    ("trace of ones",                  "trace(ones(n, n)) = n",                        ""),
    ("trace of zeros",                 "trace(zeros(n, n)) = 0",                       ""),
    ("number out of a trace",          "trace(c*A) = c*trace(A)",                      "c:, A: n x n"),
    ("trace of an outer product",      "trace(outer(u, v)) = u @ v",                   "u: n, v: n"),
    ("trace of a diagonal matrix",     "trace(diag(u)) = sum(u)",                      "u: n"),
    ("trace of equal rows",            "trace(rows(v, n)) = sum(v)",                   "v: n"),
    ("trace of equal columns",         "trace(columns(u, n)) = sum(u)",                "u: n"),
)
# fmt: on

LAWS: tuple[ArrayLaw, ...] = tuple(
    ArrayLaw(*row) for row in (*_TRANSPOSES, *_REPEATED, *_PRODUCTS, *_SUMS, *_DIAGONALS)
)


@cache
def _sides(law: str) -> tuple[Tree, Tree]:
    left, right = law.split(" = ")
    return parse_matrix(left), parse_matrix(right)


@cache
def shapes_of_letters(text: str) -> dict[str, tuple[str, ...] | None]:
    """Read the shapes of letters, as in `c:, u: n, A: n x m, x: *`; None stands for any shape."""
    made: dict[str, tuple[str, ...] | None] = {}
    for part in filter(None, text.split(", ")):
        letter, _, sizes = part.partition(":")
        made[letter] = None if sizes.strip() == ANY else tuple(filter(None, sizes.strip().split(" x ")))
    return made


@cache
def laws_by_head() -> dict[str, tuple[ArrayLaw, ...]]:
    """Return the laws by the head of their left side: a function's name, or the kind of node."""
    made: dict[str, list[ArrayLaw]] = {}
    for law in LAWS:
        made.setdefault(head_of(law.sides[0]), []).append(law)
    return {head: tuple(rows) for head, rows in made.items()}


def head_of(tree: Tree) -> str:
    """Return a function's name, or the name of the kind of node."""
    return tree.name if isinstance(tree, Apply) else type(tree).__name__


def letters_of(law: ArrayLaw) -> frozenset[str]:
    """Return the letters of a law, sizes among them."""
    return frozenset(s.name for side in law.sides for s in symbols_of(side))
