"""Products of vectors and matrices: exact results, the sum of each entry, refusals with both shapes, the formats."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symback.errors import DomainError, ParseError, SymbackError, TooLarge, UsageError
from symback.page import render
from symback.page.maths import text
from symback.products import Products, products

VECTORS = {"x": [1, 4, 5, 8], "w": [4, 3, 1, 1], "y": [9, 2, 7, 8]}
MATRICES: dict[str, Any] = {
    "W": [[1, 2, 3], [4, 8, 9], [9, 3, 2], [8, 3, 1]],
    "X": [[4, 8], [7, 2], [6, 9]],
    "Y": [[5, 2], [6, 2], [8, 1], [9, 1]],
    "a": [4, 3, 1],
    "A": [[1, 2], [-3, 4]],
}
GIVEN = VECTORS | MATRICES


def one(expression: str, values: dict[str, Any] | None = None) -> Any:
    found = products(values or GIVEN, expression)
    assert found.verify().verdict == "verified", found.verify().message
    return found.products[0]


# Cases 25 and 26, and what else can be written; each result was worked out by NumPy once.
RESULTS: list[tuple[str, Any]] = [
    ("x w", 29),
    ("w . y", 57),
    ("x · y", 116),
    ("dot(y, x)", 116),
    ("x^T w", 29),
    ("W X", [[36, 39], [126, 129], [69, 96], [59, 79]]),
    ("W @ X", [[36, 39], [126, 129], [69, 96], [59, 79]]),
    ("W*X", [[36, 39], [126, 129], [69, 96], [59, 79]]),
    ("W a", [13, 49, 47, 42]),
    ("X Y^T", [[36, 40, 40, 44], [39, 46, 58, 65], [48, 54, 57, 63]]),
    ("x W", [126, 73, 57]),
    ("x^T W", [126, 73, 57]),
    ("a a^T", [[16, 12, 4], [12, 9, 3], [4, 3, 1]]),
    ("outer(a, w)", [[16, 12, 4, 4], [12, 9, 3, 3], [4, 3, 1, 1]]),
    ("2W a - 3x", [23, 86, 79, 60]),
    ("A^2", [[-5, 10], [-15, 10]]),
    ("A^3", [[-35, 30], [-45, 10]]),
    ("-A + A/2", [[Fraction(-1, 2), -1], [Fraction(3, 2), -2]]),
    ("(x - y)^T (x - y)", 72),
    ("norm2(x - y)", 72),
    ("trace(A)", 5),
    ("sum(A)", 4),
    ("2*3^2", 18),
    ("A^T", [[1, -3], [2, 4]]),
]


@pytest.mark.parametrize(("expression", "result"), RESULTS)
def test_results_are_exact(expression: str, result: Any) -> None:
    assert one(expression).result.values == result


def test_each_entry_has_its_sum() -> None:
    (step,) = one("W X").steps
    assert text(step.sums[0]) == "1 * 4 + 2 * 7 + 3 * 6"
    assert text(step.sums[-1]) == "8 * 8 + 3 * 2 + 1 * 9"
    assert len(step.sums) == 8


def test_a_negative_factor_stands_in_brackets() -> None:
    assert text(one("A A").steps[0].sums[0]) == "1 * 1 + 2 * (-3)"


def test_a_difference_is_written_as_one() -> None:
    assert [text(s) for s in one("A - A").steps[0].sums] == ["1 - 1", "2 - 2", "-3 - (-3)", "4 - 4"]


def test_a_large_result_has_no_sums() -> None:
    five = [[i + j for j in range(5)] for i in range(5)]
    (step,) = one("B B", {"B": five}).steps
    assert step.sums == ()
    assert step.result.values == (np.array(five) @ np.array(five)).tolist()


def test_every_operation_is_a_step() -> None:
    product = one("X Y^T x")
    assert [text(step.tree) for step in product.steps] == ["Y.T", "X @ Y.T", "X @ Y.T @ x"]
    assert product.result.shape == (3,)


REFUSED = [
    ("X Y", "X @ Y does not exist: X is a 3x2 matrix, Y is a 4x2 matrix; the first has 2 columns, the second 4 rows."),
    ("a W", "a @ W does not exist: a is a vector of 3 entries, W is a 4x3 matrix; "
            "the first has 3 entries, the second 4 rows."),
    ("x . a", "dot(x, a) does not exist: x is a vector of 4 entries, a is a vector of 3 entries; "
              "a dot product needs as many entries on both sides."),
    ("A + W", "A + W does not exist: A is a 2x2 matrix, W is a 4x3 matrix; a sum needs two of one shape."),
    ("x + x^T", "x + x.T does not exist: x is a vector of 4 entries, x.T is a row of 4 entries; "
                "a sum needs two of one shape."),
    ("W^2", "W^2 does not exist: W is a 4x3 matrix, and only square matrices have powers."),
    ("x/A", "x/A does not exist: nothing is divided by a 2x2 matrix."),
    ("trace(X)", "trace(X) does not exist: X is a 3x2 matrix and not square."),
    ("1 + A", "1 + A does not exist: 1 is a number, A is a 2x2 matrix; a sum needs two of one shape."),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "why"), REFUSED)
def test_shapes_that_do_not_fit_are_an_answer(expression: str, why: str) -> None:
    product = one(expression)
    assert product.result is None
    assert product.refusal_text == why


def test_what_came_before_a_refusal_is_kept() -> None:
    product = one("W X a")
    assert [text(step.tree) for step in product.steps] == ["W @ X"]
    assert "4x2" in product.refusal_text
    assert "vector of 3 entries" in product.refusal_text


def test_decimals_stay_decimals_and_fractions_fractions() -> None:
    values = {"u": [Decimal("0.5"), 2], "v": ["1/3", 0.25], "n": [1, 2]}
    assert text(one("u n", values).result.entries[0].tree) == "4.5"
    assert text(one("u n", values).steps[0].sums[0]) == "0.5 * 1 + 2 * 2"
    assert [text(e.tree) for e in one("3v", values).result.entries] == ["1", "0.75"]
    assert one("u v", values).result.values == Fraction(2, 3)


ERRORS = [
    ({}, "Z A", UsageError, "Z has no value."),
    ({}, "inv(A)", UsageError, "inv is not worked out here."),
    ({}, "sin(x)", UsageError, "sin is not worked out here."),
    ({}, "pi A", UsageError, "Only products"),
    ({}, "A^100", UsageError, "A power of a matrix has an exponent from 1 to 10."),
    ({}, "A^x", UsageError, "An exponent is not a whole number."),
    ({}, "A/0", DomainError, "A divisor is 0."),
    ({}, "2^1000 A", DomainError, "A power is too large"),
    ({}, "A +", ParseError, "no right-hand side"),
    ({}, "", ParseError, ""),
    ({"B": [[1, 2], [3]]}, "B", UsageError, "The rows of B are not equally long."),
    ({"B": [1, [2]]}, "B", UsageError, "The rows of B are not equally long."),
    ({"B": []}, "B", UsageError, "B is empty."),
    ({"B": [[]]}, "B", UsageError, "B is empty."),
    ({"B": [[[1]]]}, "B", UsageError, "B must hold whole numbers"),
    ({"B": ["x"]}, "B", UsageError, "B must hold whole numbers"),
    ({"B": [True]}, "B", UsageError, "B must hold whole numbers"),
    ({"B": [Decimal("NaN")]}, "B", UsageError, "B must hold whole numbers"),
    ({"B": [Decimal("1e999999999")]}, "B", UsageError, "B must hold whole numbers"),
    ({"B": [10**500]}, "B", UsageError, "not a number of more than 400 digits"),
    ({"B": [0] * 10_001}, "B", TooLarge, "more than 10,000 entries"),
    ({"2": [1]}, "x", ParseError, ""),
]


@pytest.mark.parametrize(("more", "expression", "kind", "said"), ERRORS)
def test_errors_say_what_is_wrong(more: dict[str, Any], expression: str, kind: type[SymbackError], said: str) -> None:
    with pytest.raises(kind) as caught:
        products(GIVEN | more, expression)
    assert said in caught.value.message


HUNDRED = [[1] * 100] * 100


@pytest.mark.slow
def test_a_large_product_is_worked_out() -> None:
    assert products({"B": HUNDRED}, "B B").products[0].result is not None


@pytest.mark.slow
def test_larger_products_are_refused_in_time() -> None:
    with pytest.raises(TooLarge):
        products({"B": HUNDRED}, "B B B")


def test_a_product_by_juxtaposition_needs_no_note() -> None:
    assert products(GIVEN, ["X Y^T", "x^T W", "W^T x"]).notes == ()


# --- the check --------------------------------------------------------------------------------------------------------


def _with_first_entry(found: Products, value: int) -> Products:
    product = found.products[0]
    assert product.result is not None
    entries = (product.result.entries[0]._replace(value=Fraction(value)), *product.result.entries[1:])
    return replace(found, products=(product._replace(result=product.result._replace(entries=entries)),))


def test_the_check_finds_a_wrong_entry() -> None:
    assert _with_first_entry(products(GIVEN, "W X"), 37).verify().verdict == "failed"


def test_the_check_finds_a_wrong_sum() -> None:
    found = products(GIVEN, "W X")
    product = found.products[0]
    wrong = product.steps[0]._replace(sums=(product.steps[0].sums[1], *product.steps[0].sums[1:]))
    verdict = replace(found, products=(product._replace(steps=(wrong,)),)).verify()
    assert (verdict.verdict, verdict.message) == ("failed", "A sum of W X is not its entry.")


def test_the_check_finds_a_wrong_refusal() -> None:
    found = products(GIVEN, "W X")
    refused = found.products[0]._replace(result=None, refusal=("no",))
    assert replace(found, products=(refused,)).verify().verdict == "failed"


# --- formats ----------------------------------------------------------------------------------------------------------


def test_pickles() -> None:
    found = products(GIVEN, ["W X", "X Y"])
    again = pickle.loads(pickle.dumps(found))
    assert render(again, "json") == render(found, "json")


def test_text_shows_entries_and_matrix() -> None:
    lines = render(products(MATRICES, ["A A", "X Y"]), "text", width=80).split("\n")
    assert lines[0] == "  (A @ A)[1, 1] = 1 · 1 + 2 · (-3) = -5"
    assert "  A @ A = ⎡  -5  10 ⎤" in lines
    assert any(line.startswith("  X @ Y does not exist: X is a 3x2 matrix, Y is a 4x2 matrix;") for line in lines)
    assert lines[-1] == "  ✓ verified: 4 entries worked out a second way"


def test_brief_leaves_the_entries_out() -> None:
    assert "[1, 1]" not in render(products(MATRICES, "A A"), "text", "brief")


def test_a_number_stands_in_one_line() -> None:
    assert "  dot(x, w) = 1 · 4 + 4 · 3 + 5 · 1 + 8 · 1 = 29\n" in render(products(VECTORS, "x w"), "text", width=80)


def test_no_line_is_wider_than_the_terminal() -> None:
    twelve = {"u": list(range(1000, 1012)), "v": [[i * 1000 + j for j in range(4)] for i in range(4)]}
    shown = render(products(twelve, ["u u", "v v", "v"]), "text", width=60)
    assert max(map(len, shown.split("\n"))) <= 60


@pytest.mark.parametrize("format_", ["latex", "markdown"])
def test_latex_has_entries_matrix_and_shapes(format_: str) -> None:
    shown = render(products(MATRICES, ["X A", "X Y"]), format_)
    assert r"\left(X A\right)_{11} &= 4 \cdot 1 + 8 \cdot \left(-3\right) = -20" in shown
    assert r"\begin{pmatrix} -20 & 40 \\ 1 & 22 \\ -21 & 48 \end{pmatrix}" in shown
    assert r"(3 \times 2)\,(2 \times 2) = 3 \times 2" in shown
    assert "$X Y$ does not exist: $X$ is a 3x2 matrix, $Y$ is a 4x2 matrix" in shown


def test_json_has_values_steps_and_the_refusal() -> None:
    shown = json.loads(render(products(MATRICES | {"c": [0.5, "1/3"]}, ["X A", "X Y", "3c"]), "json"))
    assert shown["kind"] == "matrix"
    assert shown["verified"]["verdict"] == "verified"
    first, second, third = shown["products"]
    assert first["value"] == [[-20, 40], [1, 22], [-21, 48]]
    assert first["steps"][0]["entries"][0] == "4 * 1 + 8 * (-3)"
    assert second["refused"].startswith("X @ Y does not exist")
    assert third["value"] == [1.5, 1]
    assert shown["values"]["c"] == [0.5, "1/3"]


def test_a_large_matrix_is_abridged() -> None:
    big = [[i + j for j in range(40)] for i in range(40)]
    shown = render(products({"B": big}, "2B"), "text", width=100)
    lines = shown.split("\n")
    assert "⎡  0   2   4  …   74   76   78 ⎤" in lines[0]
    assert [line.count("…") for line in lines[:8]] == [1, 1, 1, 7, 1, 1, 1, 0]
