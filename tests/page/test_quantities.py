"""Numbers that were computed, as people write them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symback.page.computed import number_in_latex, value_in_latex
from symback.page.quantities import is_abridged, quantity, short_quantity
from symback.page.text_arrays import value_lines


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-2.0, "-2"),
        (0.125, "0.125"),
        (0.4875, "0.4875"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.3333333333"),
        (-0.0, "0"),
        (2e-11, "2e-11"),
        (1e300, "1e300"),
        (123456789.0, "123456789"),
        (float("nan"), "nan"),
        (float("-inf"), "-∞"),
        (Fraction(-1, 3), "-1/3"),
        (np.float64(0.5), "0.5"),
        ([1.0, -0.5], "[1, -0.5]"),
        (np.array([[1, 0], [0, 1 / 3]]), "[[1, 0], [0, 0.33333]]"),
        (np.array(2.0), "2"),
    ],
)
def test_quantity(value: Any, text: str) -> None:
    assert quantity(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0123456, "0.01235"),
        (np.zeros((2, 2)), "[[0, 0], [0, 0]]"),
        (np.zeros((3, 2)), "3×2"),
        (np.zeros(5), "5 entries"),
        ("2(y - 1)", "2(y - 1)"),
        (Fraction(1, 3), "1/3"),
        (Fraction(10**20, 3), "3.333e19"),
    ],
)
def test_short_quantity(value: Any, text: str) -> None:
    assert short_quantity(value) == text


def test_matrices_in_a_terminal() -> None:
    assert value_lines(np.array([[1, -0.5], [10, 0.25]])) == ["⎡  1  -0.5 ⎤", "⎣ 10  0.25 ⎦"]
    assert value_lines(np.array([[1.0], [2.0], [3.0]]), unicode=False) == ["[ 1 ]", "[ 2 ]", "[ 3 ]"]
    assert value_lines(np.zeros((0, 3))) == ["[] 0x3"]


def test_large_arrays_are_abridged_and_say_so() -> None:
    matrix = np.arange(784.0 * 128).reshape(784, 128)
    assert is_abridged(matrix)
    lines = value_lines(matrix)
    assert len(lines) == 7
    assert lines[0].endswith("⎤  784x128")
    assert "…" in lines[3]
    assert value_in_latex(matrix).endswith(r"\end{pmatrix}_{784 \times 128}")
    assert value_lines(np.arange(100.0)) == ["[ 0  1  2  …  97  98  99 ]  100"]


def test_three_axes() -> None:
    assert value_lines(np.arange(8.0).reshape(2, 2, 2)) == ["⎡ [0, 1]  [2, 3] ⎤", "⎣ [4, 5]  [6, 7] ⎦"]


@pytest.mark.parametrize(
    ("value", "latex"),
    [
        (Fraction(-1, 3), r"-\frac{1}{3}"),
        (2e-11, r"2 \cdot 10^{-11}"),
        ([1.0, 2.5], r"\left(1, 2.5\right)"),
        (np.eye(2), r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}"),
        (float("inf"), r"\infty"),
    ],
)
def test_values_in_latex(value: Any, latex: str) -> None:
    assert value_in_latex(value) == latex


def test_left_out_entries_in_latex() -> None:
    assert number_in_latex("…") == r"\cdots"
