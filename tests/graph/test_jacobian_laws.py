"""The laws of Jacobians, each proved by numbers at random shapes, and that a changed law is caught."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sympy.core.symbol import Str

from symback.expr.tree import Apply, Size, Tree, apply, number, symbol
from symback.graph.derivation.backward_laws import BackwardLaw
from symback.graph.jacobians.laws import OF_MATRICES, OF_VECTORS
from symback.graph.jacobians.values import differences, formula_value
from symback.graph.program.formula_values import value_of
from symback.syntax import parse_matrix

Values = dict[str, Any]
SIZES = [{"n": 3, "k": 4, "m": 2}, {"n": 2, "k": 1, "m": 5}, {"n": 1, "k": 2, "m": 1}]
CASES = [(law, sizes) for law in OF_VECTORS for sizes in SIZES]
THROUGH = [(law, turned, sizes) for turned, laws in OF_MATRICES.items() for law in laws for sizes in SIZES]


def names(case: Any) -> str:
    return case.operation if isinstance(case, BackwardLaw) else str(case)


def operation(law: BackwardLaw, sizes: dict[str, int]) -> Tree:
    """Return what a law is of, as a formula in a and b."""
    name, *axis = law.operation.split()
    inputs: list[Tree] = [symbol(letter) for letter in law.ranks]
    if name == "index":
        return apply("index", *inputs, number(0))
    if name in ("rows", "columns"):
        return apply(name, *inputs, number(sizes["n" if name == "rows" else "m"]))
    return apply(name, *inputs, *(number(int(i)) for i in axis))


def drawn(law: BackwardLaw, sizes: dict[str, int]) -> Values:
    random = np.random.default_rng(1)
    return {a: random.uniform(0.3, 1.7, [sizes[s] for s in shape or ()]) for a, shape in law.ranks.items()}


def filled(text: str, sizes: dict[str, int]) -> tuple[Tree, dict[Tree, Any]]:
    """Return a law as a tree, and the values of its sizes and of the first place."""
    known: dict[Tree, Any] = {symbol(letter): float(size) for letter, size in sizes.items()}
    known |= {Size(Str(letter)): float(size) for letter, size in sizes.items()}
    return parse_matrix(text), known | {symbol("i"): 0.0}


def between(law: BackwardLaw, letter: str, values: Values, sizes: dict[str, int]) -> tuple[Any, Any]:
    """Return the derivative of z by a letter by differences, and what the law says."""
    formula = operation(law, sizes)

    def z(moved: Any) -> Any:
        known = {symbol(a): v for a, v in {**values, letter: moved}.items()}
        return np.asarray(value_of(formula, known), dtype=float)

    tree, known = filled(law.by["ab".index(letter)], sizes)
    said = formula_value(tree, {**values, "z": z(values[letter])}, known)
    return differences(z, values[letter], "numerator"), said


@pytest.mark.parametrize(("law", "sizes"), CASES, ids=names)
def test_each_law_between_vectors_agrees_with_differences(law: BackwardLaw, sizes: dict[str, int]) -> None:
    values = drawn(law, sizes)
    for letter in list(values)[: len(law.by)]:
        wanted, said = between(law, letter, values, sizes)
        assert np.shape(said) == np.shape(wanted)
        assert said == pytest.approx(wanted, abs=1e-6)


def through(law: BackwardLaw, turned: bool, letter: str, values: Values, sizes: dict[str, int]) -> tuple[Any, Any]:
    """Return the derivative of p @ z @ u by a letter by differences, and what the law says."""
    formula = operation(law, sizes)
    random = np.random.default_rng(2)

    def z(moved: Any) -> Any:
        known = {symbol(a): v for a, v in {**values, letter: moved}.items()}
        found = np.asarray(value_of(formula, known), dtype=float)
        return found.T if turned else found

    rows, columns = z(values[letter]).shape
    p, u = random.uniform(0.3, 1.7, (3, rows)), random.uniform(0.3, 1.7, columns)
    tree, known = filled(law.by["ab".index(letter)], sizes)
    said = formula_value(tree, {**values, "p": p, "u": u}, known)
    return differences(lambda moved: p @ z(moved) @ u, values[letter], "numerator"), said


@pytest.mark.parametrize(("law", "turned", "sizes"), THROUGH, ids=names)
def test_each_law_through_matrices_agrees_with_differences(
    law: BackwardLaw, turned: bool, sizes: dict[str, int]
) -> None:
    values = drawn(law, sizes)
    for letter in list(values)[: len(law.by)]:
        wanted, said = through(law, turned, letter, values, sizes)
        assert np.broadcast_to(said, np.shape(wanted)) == pytest.approx(wanted, abs=1e-6)


def mutants(text: str) -> Iterator[str]:
    """Yield a law with a sign, a factor, a transpose or an order changed."""
    yield f"-({text})"
    yield f"2*({text})"
    tree = parse_matrix(text)
    if isinstance(tree, Apply) and tree.name == "kron":
        inner = text.removeprefix("kron(").removesuffix(")")
        depth = [inner[:i].count("(") - inner[:i].count(")") for i in range(len(inner))]
        comma = next(i for i, c in enumerate(inner) if c == "," and depth[i] == 0)
        yield f"kron({inner[comma + 1 :]}, {inner[:comma]})"


@pytest.mark.parametrize("law", OF_VECTORS, ids=names)
def test_a_changed_law_is_caught(law: BackwardLaw) -> None:
    sizes = SIZES[0]
    values = drawn(law, sizes)
    for letter, text in zip("ab", law.by, strict=False):
        for mutant in mutants(text):
            changed = law._replace(by=tuple(mutant if t == text else t for t in law.by))
            wanted, said = between(changed, letter, values, sizes)
            assert np.shape(said) != np.shape(wanted) or not np.allclose(said, wanted, atol=1e-6)
