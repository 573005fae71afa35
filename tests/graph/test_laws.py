"""The laws of arrays, line by line: both sides at random sizes, 1 and 2 among them, and what a changed line does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sympy.core.symbol import Symbol

from symback.errors import SymbackError
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Tree, apply, symbol, symbols_of
from symback.graph.derivation import backward_laws
from symback.graph.derivation.backward_laws import BACKWARD_LAWS, BackwardLaw, is_elementwise, law_side
from symback.graph.derivation.laws import LAWS, ArrayLaw, laws_by_head, letters_of
from symback.graph.derivation.matching import rewritten
from symback.graph.derivation.shapes import Shapes
from symback.graph.graph import Graph
from symback.graph.program.formula_values import value_of
from tests.graph.test_mutants import mutants_of

SIZES = ((3, 4, 5, 2), (1, 3, 2, 4), (2, 1, 3, 5), (2, 2, 1, 3), (1, 1, 1, 1))  # of n, m, k and j
STEP = 1e-6


def drawn(ranks: dict[str, tuple[str, ...] | None], letters: frozenset[str], sizes: tuple[int, ...], rank: int) -> Any:
    """Return values for the letters of a law, sizes among them; `*` is drawn with so many axes."""
    random = np.random.default_rng(sum(sizes) + rank)
    known = {**dict(zip("nmkj", sizes, strict=True)), "i": 0, "1": 1}
    values: dict[Tree, Any] = {symbol(n): float(known[n]) for n in letters - ranks.keys()}
    for letter, shape in ranks.items():
        actual = sizes[:rank] if shape is None else tuple(known[s] for s in shape)
        value = random.uniform(0.3, 1.2, actual)
        values[symbol(letter)] = value + 1.5 * np.eye(actual[0]) if _is_square(actual) else value
    return values


def _is_square(shape: tuple[int, ...]) -> bool:
    return len(shape) == 2 and shape[0] == shape[1]


def both_sides(law: ArrayLaw, right: Tree) -> Iterator[tuple[Any, Any]]:
    for sizes, rank in itertools.product(SIZES, (1, 2) if None in law.ranks.values() else (2,)):
        values = drawn(law.ranks, letters_of(law), sizes, rank)
        yield value_of(law.sides[0], values), value_of(right, values)


def is_equal(pairs: Iterator[tuple[Any, Any]]) -> bool:
    return all(np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=1e-11) for a, b in pairs)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.law)
def test_both_sides_are_equal_at_all_sizes(law: ArrayLaw) -> None:
    assert is_equal(both_sides(law, law.sides[1]))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.law)
def test_a_law_is_run_as_it_is_written(law: ArrayLaw) -> None:
    """Its left side, with names for its letters, becomes its right side, unless a law above it has made it simpler."""
    sizes = {"n": 3, "m": 4, "k": 5, "j": 2, "1": 1}
    names = {k: (3,) if r is None else tuple(sizes[s] for s in r) for k, r in law.ranks.items()}
    left, right = (with_sizes(side, sizes | {"i": 0}) for side in law.sides)
    shapes = Shapes(names)
    found = rewritten(law, left, shapes)
    assert found is not None
    assert shapes.of(found[0]) == shapes.of(left)
    assert found[0] == right or law.law.startswith("u @ ones") or symbols_of(right) <= symbols_of(left)


def with_sizes(tree: Tree, sizes: dict[str, int]) -> Tree:
    from sympy.core.numbers import Integer

    from symback.graph.derivation.user_functions import replaced

    return replaced(tree, {symbol(n): Integer(value) for n, value in sizes.items() if n.isalpha()})


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.law)
def test_a_changed_law_is_no_longer_equal(law: ArrayLaw) -> None:
    """A sign, a transpose or a factor more or less shows in the numbers: nothing here is equal by chance."""
    right = law.law.split(" = ")[1]
    for kind, text in mutants_of(right):
        if text.replace("ones(n, n)", "") == right.replace("ones(n, n)", "") or _is_nothing(right):
            continue
        try:
            pairs = list(both_sides(law, law_side(text)))
        except (SymbackError, ValueError, KeyError, np.linalg.LinAlgError):
            continue  # a change that nobody can work out
        assert not is_equal(iter(pairs)), (kind, text)


def _is_nothing(right: str) -> bool:
    return right == "0" or "zeros" in right


def test_every_head_has_its_laws() -> None:
    assert sum(map(len, laws_by_head().values())) == len(LAWS)


# --- laws of the backward pass ---------------------------------------------------------------------------------------


def forward_of(law: BackwardLaw) -> Tree:
    """Return the operation of a law, applied to its letters."""
    name, *axis = law.operation.split()
    inputs: list[Tree] = [symbol(letter) for letter in law.ranks]
    if name == "index":
        inputs += [symbol("i"), symbol("j")][: int(axis[0])]
    elif name in ("rows", "columns"):
        inputs.append(symbol("n" if name == "rows" else "m"))
    elif axis:
        inputs.append(value_symbol(axis[0]))
    return apply(name, *inputs)


def value_symbol(axis: str) -> Tree:
    from sympy.core.numbers import Integer

    return Integer(int(axis))


def slopes(tree: Tree, values: dict[Tree, Any], g: Any, letter: Symbol) -> Any:
    """Return the sum over all entries of g times the slope of an operation, by each entry of one input."""
    at = np.asarray(values[letter], dtype=float)
    result = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        sides = []
        for step in (STEP, -STEP):
            moved = at.copy()
            moved[place] += step
            sides.append(value_of(tree, {**values, letter: moved[()]}))
        result[place] = np.sum(g * (np.asarray(sides[0]) - np.asarray(sides[1]))) / (2 * STEP)
    return result


def by_law_and_by_differences(law: BackwardLaw, texts: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
    tree = forward_of(law)
    letters = frozenset("nmkij")
    for sizes, rank in itertools.product(SIZES[:4], (0, 1, 2) if None in law.ranks.values() else (2,)):
        values = drawn(law.ranks, letters, sizes, rank)
        if law.operation == "bce":
            values |= {symbol(letter): 0.1 + 0.3 * values[symbol(letter)] % 0.8 for letter in law.ranks}
        values[symbol("i")], values[symbol("j")] = 0.0, 0.0
        z = value_of(tree, values)
        g = np.random.default_rng(1).uniform(0.3, 1.2, np.shape(z))
        known = {**values, symbol("g"): g, symbol("z"): z}
        for letter, text in zip(law.ranks, texts, strict=False):
            yield value_of(law_side(text), known), slopes(tree, values, g, symbol(letter))


@pytest.mark.parametrize("law", BACKWARD_LAWS, ids=lambda law: f"{law.operation}: {law.shapes}")
def test_laws_of_the_backward_pass_agree_with_differences(law: BackwardLaw) -> None:
    for found, wanted in by_law_and_by_differences(law, law.by):
        assert np.shape(found) == np.shape(wanted)
        assert np.allclose(found, wanted, rtol=1e-5, atol=1e-6)


MUTANTS = [
    (law, place, text) for law in BACKWARD_LAWS for place, one in enumerate(law.by) for _, text in mutants_of(one)
]
GRAPHS = {  # a graph for each law, by its operation and shapes
    "a: n x k, b: k x m": "a: 2x3; b: 3x4; z = a @ b; L = sum(sin(z))",
    "a: n x k, b: k": "a: 2x3; b: 3; z = a @ b; L = sum(sin(z))",
    "a: k, b: k x m": "a: 3; b: 3x2; z = a @ b; L = sum(sin(z))",
    "a: k, b: k": "a: 3; b: 3; z = a @ b; L = sin(z)",
}
BY_OPERATION = {
    "outer": "a: 2; b: 3; z = outer(a, b); L = sum(sin(z))", "transpose": "a: 2x3; z = a.T; b: 3x2; L = sum(sin(z)*b)",
    "norm2": "a: 3; z = norm2(a); L = sin(z)",
    "trace": "a: 3x3; z = trace(a); L = sin(z)",
    "logdet": "a: 3x3; z = logdet(a); L = sin(z)", "inv": "a: 3x3; z = inv(a); b: 3x3; L = sum(sin(z)*b)",
    "diag": "a: 3; z = diag(a); b: 3x3; L = sum(sin(z)*b)",
    "diagonal": "a: 3x3; z = diagonal(a); b: 3; L = sum(sin(z)*b)",
    "rows": "a: 3; b: 2x3; z = a + b; L = sum(sin(z)*b)", "columns": "a: 2x1; b: 2x3; z = a + b; L = sum(sin(z)*b)",
    "max": "a: 3; b: 3; z = max(a, b); L = sum(sin(z))", "min": "a: 3; b: 3; z = min(a, b); L = sum(sin(z))",
}  # fmt: skip
_SHAPES = {"a:, b:": ("a:", "b:"), "a: n": ("a: 3", "b: 3"), "a: n x m": ("a: 2x3", "b: 2x3"),
           "a: n, b: n": ("a: 3", "b: 3"),
           "a: n x m, b: n x m": ("a: 2x3", "b: 2x3"), "a: n x m x k": ("a: 2x3x2", "b: 2x3x2")}  # fmt: skip


def graph_of(law: BackwardLaw) -> str:
    """Return a graph in which a law is used, with something after it and a gradient that is not 1."""
    if law.operation == "matmul":
        return GRAPHS[law.shapes]
    if law.operation in BY_OPERATION:
        return BY_OPERATION[law.operation]
    name, *axis = law.operation.split()
    a, b = _SHAPES[law.shapes]
    if name == "index":
        return f"{a}; z = a[{', '.join('1' * int(axis[0]))}]; L = sum(sin(z))".replace(
            "sum(sin(z))", "sin(z)" if law.shapes == "a: n" or axis == ["2"] else "sum(sin(z))"
        )
    if name in ("cross_entropy", "bce", "mse"):
        return f"{a}; {b}; J = {name}(a, b); L = J^2"
    call = f"{name}(a{', ' + axis[0] if axis else ''})"
    shape = law.shapes
    is_number = name in ("sum", "mean") and (not axis or shape == "a: n") or name == "logsumexp" and shape == "a: n"
    return f"{a}; z = {call}; L = sin(z)" if is_number else f"{a}; z = {call}; L = sum(sin(z)*z)"


@pytest.mark.parametrize(("law", "place", "text"), MUTANTS, ids=lambda one: str(getattr(one, "operation", one)))
def test_a_changed_law_on_paper_is_noticed(
    law: BackwardLaw, place: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = (*law.by[:place], text, *law.by[place + 1 :])
    try:
        if all(
            np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-5, atol=1e-6)
            for a, b in by_law_and_by_differences(law, texts)
        ):
            pytest.skip("the same law in other words")
    except (SymbackError, ValueError, KeyError, np.linalg.LinAlgError):
        pass
    source = graph_of(law)
    assert Graph(source).backprop().check.verdict == "verified"
    changed = tuple(one._replace(by=texts) if one is law else one for one in BACKWARD_LAWS)
    monkeypatch.setattr(backward_laws, "BACKWARD_LAWS", changed)
    backward_laws._by_operation.cache_clear()
    try:
        verdict = Graph(source).backprop().check.verdict
    except (SymbackError, AssertionError, ValueError):
        verdict = "failed"  # a formula without a shape is none
    finally:
        monkeypatch.undo()
        backward_laws._by_operation.cache_clear()
    assert verdict == "failed", (law.title, text)


def test_functions_are_elementwise() -> None:
    assert is_elementwise("sin")
    assert not is_elementwise("softmax")
    assert all(is_elementwise(row.name) for row in FUNCTIONS.values())
