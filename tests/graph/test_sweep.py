"""A fixed part of the sweep in every run: what a graph prints is read back, and is the gradient that JAX finds.

Of 1,000 graphs and more when slow tests are wanted; `python -m tests.graph.sweep` prints the counts and what fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace

import numpy as np
import pytest

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Apply, symbol, walk
from symback.graph.graph import Graph
from symback.graph.operations.calls import RESERVED

from .sweep.drawing import drawn
from .sweep.inputs import Drawn
from .sweep.judging import NOT_CHECKED, RIGHT, WRONG, Found, Point, bad, counted, judged, judged_text, point_of
from .sweep.marks import needs_letters
from .sweep.pairs import pairs
from .sweep.reading import Pending, read_back
from .sweep.slopes import slopes

pytest.importorskip("jax", reason="jax is not installed")


NUMBERS = [*pairs()[::160], *(drawn(seed) for seed in range(14))]
LETTERS = [*pairs(True)[70::200], *(drawn(seed, True) for seed in range(20, 26))]


def said(graph: Drawn, found: Iterable[Found]) -> str:
    """Return what is wrong with a graph, for the message of a test."""
    return "\n".join([graph.text, *(f"dL/d{one.name} = {one.text}: {one.verdict}, {one.says}" for one in found)])


@pytest.mark.parametrize("place", range(len(NUMBERS)))
def test_what_is_printed_is_the_gradient(place: int) -> None:
    graph = NUMBERS[place]
    found = judged(graph, given=place % 2 == 1, whole=place % 4 < 2)
    assert not bad(found), said(graph, bad(found))


@needs_letters
@pytest.mark.parametrize("place", range(len(LETTERS)))
def test_with_letters_for_sizes_too(place: int) -> None:
    graph = LETTERS[place]
    found = judged(graph, whole=place % 4 < 2)
    assert not bad(found), said(graph, bad(found))


# --- the long run ----------------------------------------------------------------------------------------------------

LONG = {
    "pairs": lambda: [pairs()[place] for place in range(0, len(pairs()), 9)],
    "random": lambda: [drawn(seed) for seed in range(100, 600)],
    "letters": lambda: [drawn(seed, True) for seed in range(600, 800)] + list(pairs(True)[4::18]),
}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["pairs", "random", pytest.param("letters", marks=needs_letters)])
def test_of_more_than_1000_graphs_none_is_wrong(kind: str) -> None:
    """None is wrong, and at most one formula in a hundred cannot be read back."""
    total: Counter[tuple[bool, str]] = Counter()
    for number, graph in enumerate(LONG[kind]()):
        found = judged(graph, given=kind != "letters" and number % 2 == 0)
        total += counted(found)
        wrong = [one for one in found if one.verdict == WRONG]
        assert not wrong, said(graph, wrong)
    assert total[True, NOT_CHECKED] <= 0.01 * (total[True, NOT_CHECKED] + total[True, RIGHT])
    assert total[False, NOT_CHECKED] <= 0.01 * (total[False, NOT_CHECKED] + total[False, RIGHT])


# --- the sweep itself ------------------------------------------------------------------------------------------------


def test_the_sweep_holds_every_operation() -> None:
    graphs = (*pairs()[:800], *pairs()[800::20], *(drawn(seed) for seed in range(50)))
    trees = (statement.tree for graph in graphs for statement in Graph(graph.text).statements)
    met = {node.name for tree in trees for node in walk(tree) if isinstance(node, Apply)}
    # norm may be read as the root of norm2, one-hot rows are written for class numbers
    assert {*FUNCTIONS, *RESERVED.values()} - met <= {"norm", "onehot"}


def test_a_seed_is_a_graph() -> None:
    assert drawn(5) == drawn(5)
    assert drawn(5).text != drawn(6).text
    first, again = (drawn(5, True).values(1, drawn(5, True).sizes[1]) for _ in range(2))
    assert all(np.array_equal(first[name], again[name]) for name in first)


@pytest.mark.parametrize("graph", [*(drawn(seed) for seed in range(3)), pairs()[1000]])
def test_the_program_of_jax_is_worked_out_as_jax_does(graph: Drawn) -> None:
    """What NumPy works out from JAX's program is the slope of the forward pass, by differences of two widths."""
    read, values = Graph(graph.text), graph.values(0, graph.sizes[0])
    found = slopes(read, "L", values)
    assert found.keys() == {*values, *(s.name for s in read.statements)}
    source = np.random.default_rng(1)
    ways = {name: source.uniform(-1, 1, np.shape(value)) for name, value in values.items()}

    def loss(h: float) -> float:
        return float(point_of(graph.text, {n: v + h * ways[n] for n, v in values.items()}, {}).place.values["L"])

    slope = sum(float(np.sum(found[name] * ways[name])) for name in values)
    difference = (8 * (loss(1e-4) - loss(-1e-4)) - loss(2e-4) + loss(-2e-4)) / 12e-4
    assert slope == pytest.approx(difference, rel=1e-6, abs=1e-6)


JUDGED = "X: 2x3; b: 3; H = X + b; L = sum(H^2)"


@pytest.mark.parametrize(
    ("name", "formula", "verdict"),
    [
        ("X", "2H", "right"),
        ("X", "dL/dH", "right"),
        ("X", "∂L/∂H", "right"),
        ("X", "d/dH [L]", "right"),
        ("b", "sum(2H, 0)", "right"),
        ("b", "2 sum(X, 0) + 4b", "right"),
        ("b", "sum(2H)", "wrong"),  # one number for three
        ("b", "2b", "wrong"),
        ("X", "1", "wrong"),
        ("X", "2 H t", "wrong"),  # t is no node
        ("X", "d/d(X + b) [L] * d/dX [X + b]", "pending"),
        ("X", "something(H)", "not checked"),
        ("X", "H +", "not checked"),
    ],
)
def test_what_is_said_of_a_formula(name: str, formula: str, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = np.random.default_rng(2)
    point = point_of(JUDGED, {"X": source.random((2, 3)), "b": source.random(3)}, {})
    found = judged_of(formula, name, point, monkeypatch)
    assert found.verdict == verdict, found


def judged_of(formula: str, name: str, point: Point, monkeypatch: pytest.MonkeyPatch) -> Found:
    """Return the verdict on a formula as if it had been printed as a line of the derivation by a name."""
    from .sweep import judging

    monkeypatch.setattr(judging, "in_text", lambda result: [(name, False, formula)])
    (found,) = judged_text(JUDGED, [point], ["X", "b"], whole=False)
    return found


def test_gradients_by_name_are_read() -> None:
    assert read_back("d/dh[1] [J] * x", "J", ["x", "h[1]"]).free_symbols == {symbol("gradient1"), symbol("x")}
    with pytest.raises(Pending):
        read_back("d/dh [J] * d/dx [h]", "J", ["x", "h"])


def test_a_crash_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Graph, "backprop", lambda *_, **__: SimpleNamespace())
    (found,) = judged(pairs()[0])
    assert (found.verdict, found.is_end) == (WRONG, True)
