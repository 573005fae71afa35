"""Graphs and values as a problem gives them: formulas, shapes in words, matrices, a table of passes."""

from __future__ import annotations

from typing import Any

import pytest

import symback
from symback.page.layout_of_solutions import section_of
from symback.page.page import Blocks, Display, Listing, Paragraph, Table, Text
from symback.page.solution import Part, Solution, Values
from symback.problems.wording_of_arrays import arrays, graph
from symback.syntax import parse

from .shown import equation, in_latex, maths


def shown(*task: Part) -> Blocks:
    return in_latex(section_of(Solution("p", "", "backprop", task=task)).problem)  # type: ignore[no-any-return]


def equations(*task: Part) -> list[tuple[str, ...]]:
    found = [e for block in shown(*task) if isinstance(block, Display) for e in block.equations]
    return [(e.left.latex, *(link.latex for link in e.links)) for e in found]


def given(text: str, **values: Any) -> Part:
    return graph(symback.Graph(text), values)


def test_a_graph_is_its_formulas() -> None:
    assert equations(given("d = 2b; e = a + d; L = c e")) == [("d", "2 b"), ("e", "a + d"), ("L", "c e")]
    assert equations(given("w_{11}^{[1]} = 2 x_1")) == [("w_{11}^{[1]}", "2 x_{1}")]


def test_elementwise_products_have_their_sign() -> None:
    assert equations(given("y = a b", a=[1, 2], b=[3, 4])) == [("y", r"a \odot b")]
    assert equations(given("y = a b", a=1, b=2)) == [("y", "a b")]


def test_functions_of_the_author() -> None:
    text = "def psi(t) = 1/(1 + 3^-t)\ndef psi'(t) = ln(3) psi(t) (1 - psi(t))\nL = psi(x)"
    assert [left for left, *_ in equations(given(text))] == [
        r"\psi\left(t\right)", r"\psi'\left(t\right)", "L",
    ]  # fmt: skip


def test_shapes_are_told_of_arrays_without_values() -> None:
    text = "W: 3x2; x: 2; c: 1\ny = W @ x"
    *_, sentence = shown(given(text))
    words = (Text(" is a 3×2 matrix"), maths("x"), Text(" a vector of 2 entries"))
    assert sentence == Paragraph((Text("Here "), maths("W"), words[0], Text(" and "), *words[1:], Text(".")))
    assert len(shown(given(text, W=[[1, 2]] * 3, x=[1, 2]))) == 1


@pytest.mark.parametrize(
    "text",
    ["x: 3\nh[0] = 0\nfor t in 1..3: h[t] = tanh(h[t-1] + x[t-1])\nL = h[3]", "# a line\nL = x",
     "; ".join(f"a{i + 1} = 2a{i}" for i in range(17))],
)  # fmt: skip
def test_programs_stay_as_they_were_typed(text: str) -> None:
    assert shown(given(text)) == (Listing(text),)


def test_values_are_vectors_and_matrices() -> None:
    values = arrays({"x": [1, "1/2"], "W_1": [[1, 0], [0, "0.50"]], "c": -2})
    assert equations(values) == [
        ("x", r"\left(1, \frac{1}{2}\right)"),
        ("W_{1}", r"\begin{pmatrix} 1 & 0 \\ 0 & 0.5 \end{pmatrix}"),
        ("c", "-2"),
    ]


def test_large_values_are_told_by_their_shape() -> None:
    values = arrays({"x": [0] * 61, "W": [[0] * 11] * 2, "T": [[[1]]]})
    assert [value for _, value in equations(values)] == [
        r"\text{an array of 61 entries}", r"\text{an array of 2×11}", r"\text{an array of 1×1×1}",
    ]  # fmt: skip


def test_passes_are_a_table_and_what_they_share_stands_before_it() -> None:
    common, table = shown(arrays({"x": 0, "w": 2}, {"x": 1, "w": 2}))
    assert common == Display((equation("w", ("2",)),))
    assert table == Table(((maths("x"),),), (((maths("0"),),), ((maths("1"),),)))


def test_many_names_stand_below_each_other() -> None:
    names = [f"x_{i}" for i in range(11)]
    passes = [dict.fromkeys(names, parse(str(number))) for number in (1, 2)]
    (table,) = shown(Values(tuple(passes)))
    assert isinstance(table, Table)
    assert table.head == ((), (Text("pass 1"),), (Text("pass 2"),))
    assert len(table.rows) == 11
