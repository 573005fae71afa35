"""The derivations of laws by indices: every line is true for random numbers, and three are as on the board."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symback.errors import NoRule
from symback.graph.indices.forms import Index
from symback.graph.indices.known_laws import LAWS, Law
from symback.graph.indices.proofs import Proof, proof_by_forms, proof_of
from symback.graph.indices.steps import Matrix, Products
from symback.graph.operations import OPERATIONS
from symback.syntax.reading import parse_matrix
from tests.graph.indices.numeric import of_product, value

CASES = [
    pytest.param(law, place, id=f"{law.formula} by {name}")
    for law in LAWS
    for place, name in enumerate(law.sizes)
]  # fmt: skip


def slopes(function: Any, at: Any) -> Any:
    """Return the derivatives of an array by the entries of another, whose axes come last."""
    step, columns = 1e-6, []
    for place in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[place] += step
        down[place] -= step
        columns.append((function(up) - function(down)) / (2 * step))
    return np.stack([np.asarray(c) for c in columns], axis=-1).reshape((*np.shape(columns[0]), *at.shape))


def arrays_for(law: Law, place: int, sizes: dict[str, int], seed: int) -> dict[str, Any]:
    """Return values of the inputs, of the value and of the gradients that a proof names."""
    random = np.random.default_rng(seed)
    arrays: dict[str, Any] = {n: random.normal(size=[sizes[s] for s in axes]) for n, axes in law.sizes.items()}
    if law.operation in ("inverse", "logdet"):
        arrays["A"] = arrays["A"] + 3 * np.eye(sizes["n"])
        arrays["det A"] = np.linalg.det(arrays["A"])
        arrays["C"] = arrays["det A"] * np.linalg.inv(arrays["A"]).T
        arrays["ddet A/dA"] = slopes(np.linalg.det, arrays["A"])
    formula, name = parse_matrix(law.formula, law.inputs), law.inputs[place]
    arrays[law.value] = np.asarray(value(formula, arrays, sizes))
    arrays[law.upstream] = random.normal(size=arrays[law.value].shape)
    slope = slopes(lambda a: value(formula, {**arrays, name: a}, sizes), arrays[name])
    arrays[f"d{law.value}/d{name}"] = slope
    arrays[f"dL/d{name}"] = np.tensordot(arrays[law.upstream], slope, arrays[law.value].ndim)
    return arrays


def free(products: Products) -> set[Index]:
    return {i for p in products for base, _ in p.factors for i in base.free if i not in p.bound}


def worth(side: Products | Matrix, order: list[Index], arrays: dict[str, Any], sizes: dict[str, int]) -> Any:
    if isinstance(side, Matrix):
        assert sorted(side.indices) == order
        found = np.broadcast_to(value(side.tree, arrays, sizes), [sizes[i.size] for i in side.indices])
        return np.transpose(found, [side.indices.index(i) for i in order])
    return sum((of_product(p, order, arrays, sizes) for p in side), np.zeros([sizes[i.size] for i in order]))


@pytest.mark.parametrize(("law", "place"), CASES)
def test_each_line_is_true(law: Law, place: int) -> None:
    proof: Proof = proof_by_forms(law.operation, place, law.ranks, law.axis)
    for seed in range(3):
        n, m, d = np.random.default_rng(seed).permutation([2, 3, 4])
        sizes = {"n": int(n), "m": int(m), "d": int(d)}
        arrays = arrays_for(law, place, sizes, seed)
        for line in proof.lines:
            right = set() if isinstance(line.right, Matrix) else free(line.right)
            order = sorted(free(line.left) | right)
            left = worth(line.left, order, arrays, sizes)
            assert np.allclose(left, worth(line.right, order, arrays, sizes), rtol=1e-5, atol=1e-6), line


@pytest.mark.parametrize(("law", "place"), CASES)
def test_a_proof_ends_with_the_law(law: Law, place: int) -> None:
    *_, last = proof_of(law.operation, place, law.ranks, law.axis)
    assert last.reason == "read as a formula of arrays"
    assert last.unicode.startswith("= ")
    assert law.operation in OPERATIONS


# fmt: off
SHOWN = {
    ("matmul", 0, (2, 2)): [
        ("z_ij = Σ_k a_ik b_kj", "the entries of a matrix product"),
        ("∂z_ij/∂a_pq = Σ_k δ_ip δ_kq b_kj", "an entry has the derivative 1 by itself, and 0 by every other"),
        ("= δ_ip b_qj", "a delta takes its index"),
        ("∂L/∂a_pq = Σ_ij g_ij ∂z_ij/∂a_pq", "chain rule; G is the gradient by Z"),
        ("= Σ_ij g_ij δ_ip b_qj", "the local derivative put in"),
        ("= Σ_j g_pj b_qj", "a delta takes its index"),
        ("= (G @ Bᵀ)_pq", "read as a formula of arrays"),
    ],
    ("softmax", 0, (1,)): [
        ("z_i = e^(a_i)/(Σ_j e^(a_j))", "the definition of softmax"),
        ("∂z_i/∂a_p = δ_ip e^(a_i)/(Σ_j e^(a_j)) - e^(a_p) e^(a_i)/(Σ_j e^(a_j))^2",
         "quotient rule; an entry has the derivative 1 by itself, and 0 by every other"),
        ("= δ_ip z_i - z_p z_i", "the value of softmax by its name"),
        ("∂L/∂a_p = Σ_i g_i ∂z_i/∂a_p", "chain rule; g is the gradient by z"),
        ("= Σ_i g_i δ_ip z_i - Σ_i g_i z_p z_i", "the local derivative put in"),
        ("= g_p z_p - Σ_i g_i z_p z_i", "a delta takes its index"),
        ("= (z ⊙ (g - sum(g ⊙ z)))_p", "read as a formula of arrays"),
    ],
    ("logdet", 0, (2,)): [
        ("z = ln(det A)", "the logarithm of the determinant"),
        ("det A = Σ_i a_pi c_pi", "expansion along row p; the cofactors c hold no entry of that row"),
        ("∂det A/∂a_pq = Σ_i δ_iq c_pi", "an entry has the derivative 1 by itself, and 0 by every other"),
        ("= c_pq", "a delta takes its index"),
        ("∂z/∂a_pq = c_pq/(det A)", "chain rule, logarithm rule"),
        ("= (A^-1)_qp", "Cramer's rule: the inverse has the transposed cofactors over the determinant"),
        ("∂L/∂a_pq = g ∂z/∂a_pq", "chain rule; g is the gradient by z"),
        ("= g (A^-1)_qp", "the local derivative put in"),
        ("= (g inv(A)ᵀ)_pq", "read as a formula of arrays"),
    ],
}
# fmt: on


@pytest.mark.parametrize("question", SHOWN, ids=str)
def test_lines_are_as_on_the_board(question: tuple[str, int, tuple[int, ...]]) -> None:
    assert [(line.unicode, line.reason) for line in proof_of(*question)] == SHOWN[question]


def test_notations() -> None:
    line = proof_of("matmul", 0, (2, 2))[1]
    assert line.text == "dz_ij/da_pq = sum_k delta_ip delta_kq b_kj"
    assert line.latex == r"\frac{\partial z_{ij}}{\partial a_{pq}} = \sum_{k} \delta_{ip} \delta_{kq} b_{kj}"


@pytest.mark.parametrize("question", [("concat", 0, (1, 1)), ("matmul", 2, (2, 2)), ("trace", 0, (1,))])
def test_what_is_not_derived_says_so(question: tuple[str, int, tuple[int, ...]]) -> None:
    with pytest.raises(NoRule, match="not derived by indices"):
        proof_of(*question)
