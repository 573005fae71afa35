"""Several forward passes as one table: values, what they share, the check, the formats."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from fractions import Fraction

import pytest

import symback
from symback.errors import ShapeError, UsageError
from symback.graph.forward_table import ForwardTable, forward_table
from symback.page import render

XOR = symback.Graph("z1 = x1 - x2; z2 = x2 - x1; h1 = step(z1); h2 = step(z2); f = h1 + h2")
CORNERS = [{"x1": a, "x2": b} for a in (0, 1) for b in (0, 1)]


def test_the_truth_table_of_exclusive_or() -> None:
    table = forward_table(XOR, CORNERS)
    assert table.columns == ("x1", "x2", "z1", "z2", "h1", "h2", "f")
    assert [values["f"] for values in table.passes] == [0, 1, 1, 0]
    assert [values["h1"] for values in table.passes] == [0, 0, 1, 0]
    assert (table.verify().verdict, table.verify().points) == ("verified", 20)


def test_what_all_passes_share_has_no_column() -> None:
    graph = symback.Graph("W: 1x2; x: 2; z = W @ x; y = k sum(z)")
    at = [{"W": [[1, 2]], "x": x, "k": 3} for x in ([0, 1], [1, 1])]
    table = forward_table(graph, at)
    assert (table.varying, list(table.common)) == (("x",), ["W", "k"])
    assert [values["y"] for values in table.passes] == [6, 9]
    assert table.verify().verdict == "unverified"  # each value comes of an array


def test_one_pass_has_all_columns() -> None:
    table = forward_table(XOR, CORNERS[1:2])
    assert (table.varying, dict(table.common)) == (("x1", "x2"), {})


def test_exact_passes_keep_fractions() -> None:
    table = forward_table(symback.Graph("y = x/3"), [{"x": 1}, {"x": 2}], exact=True)
    assert [values["y"] for values in table.passes] == [Fraction(1, 3), Fraction(2, 3)]
    assert table.verify().verdict == "verified"


def test_the_check_finds_a_wrong_value() -> None:
    table = forward_table(XOR, CORNERS)
    wrong = ({**table.passes[0], "f": 1.0}, *table.passes[1:])
    assert replace(table, passes=wrong).verify().verdict == "failed"


def test_functions_of_the_user_are_left_out_of_the_check() -> None:
    table = forward_table(symback.Graph("def q(t) = t^2; k = q(x); m = k + 1"), [{"x": 2}, {"x": 3}])
    assert (table.verify().verdict, table.verify().points) == ("verified", 2)


def test_errors() -> None:
    with pytest.raises(UsageError, match="no values"):
        forward_table(XOR, [])
    with pytest.raises(UsageError, match="no value for x2"):
        forward_table(XOR, [{"x1": 1}])
    with pytest.raises(ShapeError):
        forward_table(symback.Graph("x: 2; y = sum(x)"), [{"x": [1, 2, 3]}])


def test_pickles() -> None:
    table = forward_table(XOR, CORNERS)
    again: ForwardTable = pickle.loads(pickle.dumps(table))
    assert render(again, "json") == render(table, "json")


def test_text() -> None:
    lines = render(forward_table(XOR, CORNERS), "text", width=80).split("\n")
    assert lines[:2] == ["  z₁ = x₁ - x₂", "  z₂ = x₂ - x₁"]
    assert lines[6:8] == ["  x₁   x₂   z₁   z₂   h₁   h₂   f", "  0    0    0    0    0    0    0"]
    assert lines[-1] == "  ✓ verified: 20 values worked out a second way"


def test_a_narrow_terminal_gets_a_column_for_each_pass() -> None:
    lines = render(forward_table(XOR, CORNERS), "text", "brief", width=30, verify=False).split("\n")
    assert [line.split() for line in lines[:2]] == [
        ["pass", "1", "2", "3", "4"],
        ["x₁", "0", "0", "1", "1"],
    ]


def test_markdown_and_latex() -> None:
    table = forward_table(XOR, CORNERS)
    assert "| $x_{1}$ | $x_{2}$ | $z_{1}$ | $z_{2}$ | $h_{1}$ | $h_{2}$ | $f$ |" in render(table, "markdown")
    assert r"\begin{array}{lllllll} x_{1} & x_{2}" in render(table, "latex")


def test_many_nodes_make_a_row_each() -> None:
    graph = symback.Graph("; ".join(f"a{i + 1} = 2a{i}" for i in range(1, 11)))
    shown = render(forward_table(graph, [{"a1": 1}, {"a1": 2}]), "markdown")
    assert "| node | pass 1 | pass 2 |" in shown
    assert "| $a_{11}$ | $1024$ | $2048$ |" in shown


def test_json() -> None:
    shown = json.loads(render(forward_table(XOR, CORNERS), "json"))
    assert (shown["kind"], shown["inputs"]) == ("forward table", ["x1", "x2"])
    assert shown["passes"][1] == {"x1": 0, "x2": 1, "z1": -1, "z2": 1, "h1": 0, "h2": 1, "f": 1}
    assert shown["verified"] == {"verdict": "verified", "points": 20}
