"""Rules of rearranged arrays, choices, lists and einsums: what a formula becomes, and that both have one value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symback.expr.tree import Tree, symbol
from symback.graph.derivation.formulas import Formulas
from symback.graph.derivation.shapes import Shapes
from symback.graph.language.reader import parse_expression
from symback.graph.operations.table import ROWS, kernel_of
from symback.graph.program.formula_values import value_of
from symback.page.maths import text

SHAPES: dict[str, tuple[int, ...]] = {
    "c": (), "k": (), "x": (6,), "y": (6,), "u": (2,), "v": (3,), "A": (2, 3), "B": (3, 2), "S": (2, 2), "F": (1, 3),
    "C": (2, 1), "Z": (2, 3, 4), "Y": (2, 4, 3), "w": (4,), "Q": (1, 3, 1), "ix": (2,), "V": (3, 3),
}  # fmt: skip

# fmt: off
SIMPLER = (
    ("reshape(reshape(x, 2, 3), 3, 2)", "reshape(x, 3, 2)"),
    ("reshape(flatten(A), 2, 3)", "A"),
    ("reshape(A, 2, 3)", "A"),
    ("flatten(x)", "x"),
    ("flatten(reshape(x, 3, 2))", "x"),
    ("transpose(transpose(Z, 1, 2, 0), 2, 0, 1)", "Z"),
    ("transpose(transpose(Z, 1, 0, 2), 0, 2, 1)", "transpose(Z, 1, 2, 0)"),
    ("transpose(A, 1, 0)", "A.T"),
    ("transpose(Z, 0, 1, 2)", "Z"),
    ("Z.mT.mT", "Z"),
    ("A.mT", "A.T"),
    ("(Z @ Y).mT", "Y.mT @ Z.mT"),
    ("flip(flip(A, 1), 1)", "A"),
    ("flip(flip(A, 1), 0)", "flip(flip(A, axis=1), axis=0)"),
    ("squeeze(expand(Z, 1), 1)", "Z"),
    ("expand(squeeze(Q, 2), 2)", "Q"),
    ("squeeze(expand(x, 1), 1)", "x"),
    ("expand(squeeze(C, 1), 1)", "C"),
    ("squeeze(expand(Q, 1), 3)", "expand(squeeze(Q, 2), 1)"),
    ("sum_to(broadcast_to(u, 3, 2), 2)", "3u"),
    ("sum_to(broadcast_to(w, 2, 3, 4), 4)", "6w"),
    ("sum_to(Z, 4)", "sum(Z, axis=(0, 1))"),
    ("sum_to(Z, 1, 3, 1)", "sum(Z, axis=(0, 2), keepdims)"),
    ("sum_to(A, 3)", "sum(A, 0)"),
    ("sum_to(A, 2, 3)", "A"),
    ("broadcast_to(broadcast_to(v, 2, 3), 4, 2, 3)", "broadcast_to(v, 4, 2, 3)"),
    ("broadcast_to(c, 2, 3)", "c ones(2, 3)"),
    ("broadcast_to(A, 2, 3)", "A"),
    ("broadcast_to(C, 2, 3) * A", "CA"),
    ("sum(broadcast_to(v, 2, 3))", "2 sum(v)"),
    ("sum(broadcast_to(Q, 2, 3, 4), 2)", "4 outer(ones(2), sum(squeeze(Q, 2), 0))"),
    ("sum(broadcast_to(w, 2, 3, 4), 0)", "2 outer(ones(3), w)"),
    ("reshape(ones(6), 2, 3)", "ones(2, 3)"),
    ("reshape(zeros(6), 2, 3)", "zeros(2, 3)"),
    ("cumsum(2x)", "2 cumsum(x)"),
    ("cumsum(c*x/k)", "c cumsum(x)/k"),
    ("cumsum(zeros(6))", "zeros(6)"),
    ("flip(-x)", "-flip(x)"),
    ("(2Z) @ (c Y)", "2cZ @ Y"),
    ("kron(2A, 3B)", "6 kron(A, B)"),
    ("solve(V, 3v)", "3 solve(V, v)"),
    ("sum(2Z, 1)", "2 sum(Z, 1)"),
    ("conv2d(2A, 3S)", "6 conv2d(A, S)"),
    ("gather(2x, ix)", "2 x[ix]"),
    ("put_at(c, 1, 0, 3)", "c unit(1, 3)"),
    ("put_at(v, 1, 0, 2, 3)", "outer(unit(1, 2), v)"),
    ("put_at(u, 1, 1, 2, 3)", "outer(u, unit(1, 3))"),
    # choices
    ("where(c > 0, A, A)", "A"),
    ("where(x > 0, ones(6), zeros(6))", "(x > 0)"),
    ("where(x > y, zeros(6), ones(6))", "(x <= y)"),
    ("where(x > 0, 2x, zeros(6))", "2 where(x > 0, x, 0)"),
    ("where(x > 0, 2c*x, 2c*y)", "2c where(x > 0, x, y)"),
    ("where(x > 0, 2x, 3y)", "where(x > 0, 2x, 3y)"),
    ("where(x > 0, where(x > 0, x, y), c*y)", "where(x > 0, x, cy)"),
    ("where(x > 0, x, 0) + where(x > 0, 0, y)", "where(x > 0, x, y)"),
    # lists
    ("[c, k][1]", "k"),
    ("(2 * [c, k])[0]", "2c"),
    ("([[c, 1], [0, k]] @ u)[0]", "u @ [c, 1]"),
    ("[u, [c, k]][1]", "[c, k]"),
    ("sin([c, k])[1]", "sin k"),
    ("take(stack(u, 2u, axis=1), 1, 1)", "2u"),
    ("outer(2u, v)[1]", "2 outer(u, v)[1]"),
    # einsums
    ('einsum("ij,jk->ik", A, B)', "A @ B"),
    ('einsum("ij,kj->ik", A, V)', "A @ V.T"),
    ('einsum("ji,jk->ki", A, A)', "A.T @ A"),
    ('einsum("ij,j->i", A, v)', "A @ v"),
    ('einsum("j,ij->i", v, A)', "A @ v"),
    ('einsum("i,j->ij", u, v)', "outer(u, v)"),
    ('einsum("i,j->ji", u, v)', "outer(v, u)"),
    ('einsum("i,i->", x, y)', "x @ y"),
    ('einsum("i,i->i", x, y)', "xy"),
    ('einsum("ij->i", A)', "sum(A, 1)"),
    ('einsum("ij->j", A)', "sum(A, 0)"),
    ('einsum("ij->ji", A)', "A.T"),
    ('einsum(",i,i->i", c, x, x)', "cx^2"),
    ('einsum("ii->", V)', 'einsum("ii->", V)'),
    ('einsum("bij,bjk->bik", 2Z, Y)', '2 einsum("bij,bjk->bik", Z, Y)'),
)
# fmt: on


def values() -> dict[Tree, Any]:
    random = np.random.default_rng(5)
    drawn: dict[Tree, Any] = {symbol(name): random.normal(size=shape) for name, shape in SHAPES.items()}
    return drawn | {symbol("ix"): np.array([1.0, 3.0]), symbol("V"): random.normal(size=(3, 3)) + 3 * np.eye(3)}


@pytest.mark.parametrize(("typed", "wanted"), SIMPLER, ids=lambda one: one)
def test_a_formula_becomes_simpler_and_keeps_its_value(typed: str, wanted: str) -> None:
    tree = parse_expression(typed, SHAPES, shapes=SHAPES)
    formulas = Formulas(Shapes(SHAPES), {})
    formulas.shown.keeps_axes = True
    found = formulas.shown(formulas.reducer.reduced(formulas.explicit(tree)))
    assert text(found) == wanted
    before, after = (np.asarray(value_of(one, values())) for one in (tree, found))
    assert before.shape == after.shape or "ones" not in wanted
    assert np.allclose(before, after)


# --- what a row says to be linear ------------------------------------------------------------------------------------

LINEAR: dict[str, tuple[tuple[tuple[int, ...], ...], tuple[Any, ...]]] = {
    "reshape": (((2, 3),), (3, 2)), "flatten": (((2, 3),), ()), "permute": (((2, 3, 4),), (2, 0, 1)),
    "matrix_transpose": (((2, 3, 4),), ()), "expand": (((2, 3),), (1,)), "squeeze": (((2, 1),), (1,)),
    "take": (((2, 3),), (1, 1)), "put_at": (((2,), ), (1, 1, 2, 3)), "gather": (((4, 2), (3,)), ()),
    "scatter_add": (((3, 2), (3,)), (4, 2)), "flip": (((2, 3),), (1,)), "broadcast_to": (((3,),), (2, 3)),
    "sum_to": (((2, 3),), (3,)), "cumsum": (((2, 3),), (1,)), "bmm": (((2, 3, 4), (2, 4, 3)), ()),
    "einsum": (((2, 3), (3, 4)), ("ij,jk->ik",)), "solve": (((3, 3), (3,)), ()), "kron": (((2, 2), (2, 3)), ()),
    "conv2d": (((5, 5), (2, 2)), (1, 0)), "conv2d_inputs": (((4, 4), (2, 2)), (1, 0, 5, 5)),
    "conv2d_kernel": (((5, 5), (4, 4)), (1, 0, 2, 2)), "maxpool2d_inputs": (((2, 2), (4, 4)), (2, 0)),
    "conv1d": (((5,), (2,)), (1, 0)), "conv1d_inputs": (((4,), (2,)), (1, 0, 5)),
    "conv1d_kernel": (((5,), (4,)), (1, 0, 2)), "maxpool2d_at": (((4, 4), (4, 4)), (2, 0)),
    "meanpool2d": (((4, 4),), (2, 0)), "meanpool2d_inputs": (((2, 2),), (2, 0, 4, 4)),
}  # fmt: skip


@pytest.mark.parametrize("row", [row for row in ROWS if row.linear], ids=lambda row: row.name)
def test_a_row_that_is_linear_adds_and_multiplies(row: Any) -> None:
    shapes, params = LINEAR[row.name]
    random = np.random.default_rng(2)
    arrays = [random.normal(size=shape) for shape in shapes]
    if row.name in ("gather", "scatter_add"):
        arrays[1] = np.array([1.0, 3.0, 1.0])
    kernel = kernel_of(row.name, params, row.shape(shapes, params), shapes)
    for place in row.linear_places(len(shapes)):
        other = random.normal(size=shapes[place])
        both = [[*arrays[:place], one, *arrays[place + 1 :]] for one in (other, 3 * arrays[place] + other)]
        assert np.allclose(kernel(*both[1]), 3 * kernel(*arrays) + kernel(*both[0]))
