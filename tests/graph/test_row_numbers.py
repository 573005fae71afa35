"""Numbers of rows, as in C[ix], are whole and those of a row; comparisons stand one at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symback import Graph
from symback.errors import ParseError, UsageError

TEXT = "C: 3x2; ix: 2; L = sum(C[ix]^2)"
ROWS = np.arange(6.0).reshape(3, 2)


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([0, 3], r"ix holds 3 at \[1\], and the array that it is an index of has entries 0 to 2"),
        ([-1, 0], r"ix holds -1 at \[0\]"),
        ([0, 0.5], r"ix holds 0.5 at \[1\]"),
    ],
)
def test_there_is_no_such_row(places: list[Any], said: str) -> None:
    graph, values = Graph(TEXT), {"C": ROWS, "ix": places}
    with pytest.raises(UsageError, match=said):
        graph.backprop(at=values)
    with pytest.raises(UsageError, match=said):
        graph.lambdify()(values)


def test_rows_that_are_worked_out_are_looked_at_too() -> None:
    graph = Graph("C: 3x2; x: 4; ix = [argmax(x), 0]; L = sum(C[ix]^2)")
    values = {"C": ROWS, "x": [0, 1, 2, 3]}
    with pytest.raises(UsageError, match="ix holds 3"):
        graph.backprop(at=values)


@pytest.mark.parametrize("text", ["x: 3; L = sum(1 < x < 2)", "x: 3; L = sum(x == x == x)"])
def test_a_chain_of_comparisons_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="one comparison at a time"):
        Graph(text)
