"""Given answers beside right ones: other forms, rounded numbers, arrays; what belongs to nothing or cannot be read."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import pi
from typing import Any

import numpy as np
import pytest

from symback.calculus.question import read_question
from symback.problems.answers.answer import check_answers
from symback.problems.answers.comparing import right_text
from symback.problems.answers.reading import given_text
from symback.problems.answers.rights import REFUSED, Answers, Right, rights_of
from symback.problems.file.sheet import Problem
from symback.problems.working import work
from symback.syntax import parse

D = Decimal


def verdict_on(given: Any, right: Any) -> str:
    (check,) = check_answers(given, Answers({"x": right}, "x")).checks
    return check.verdict


def formula(text: str) -> Right:
    return Right(formula=parse(text))


def value(text: str) -> Right:
    return Right(parse(text))


FORMULAS = [
    ("2x", "2x", "confirmed"),
    ("x + x", "2x", "confirmed"),
    ("2*x", "2x", "confirmed"),
    (r"2 \cdot x", "2x", "confirmed"),
    ("(x+1)^2", "x^2 + 2x + 1", "confirmed"),
    ("sin^2 x", "1 - cos^2 x", "confirmed"),
    ("x^-1", "1/x", "confirmed"),
    ("n x^(n-1)", "n x^(n-1)", "confirmed"),
    ("|x|/x", "sign x", "confirmed"),
    ("3x", "2x", "wrong"),
    ("x", "|x|", "wrong"),
    ("1/(x sqrt(x^2-1))", "1/(|x| sqrt(x^2-1))", "wrong"),
    ("x^2 + 1e-9", "x^2", "wrong"),
    ("2", "2x", "wrong"),
    ("2y", "2x", "wrong"),
    ("0", "0", "confirmed"),
    ("1/(sqrt(-x^2-1))", "2x", "wrong"),
]


@pytest.mark.parametrize(("given", "right", "verdict"), FORMULAS)
def test_expressions_are_compared_by_their_values(given: str, right: str, verdict: str) -> None:
    assert verdict_on(given, formula(right)) == verdict


def test_a_number_may_be_a_formula() -> None:
    assert verdict_on(3, formula("3")) == "confirmed"
    assert verdict_on(D("-0.5"), formula("-0.5")) == "confirmed"
    assert verdict_on(4, formula("3")) == "wrong"


NUMBERS = [
    (2, "2", "confirmed"),
    (2, "2.1715568", "wrong"),  # a whole number is exact
    (D("2.17"), "2.1715568", "confirmed"),
    (D("2.18"), "2.1715568", "wrong"),
    (D("2.172"), "2.1715568", "confirmed"),
    (D("2.1715568"), "2.1715568", "confirmed"),
    (D("2.17155680"), "2.1715568", "confirmed"),
    (D("2.17155681"), "2.1715568", "wrong"),
    (D("0.33"), "1/3", "confirmed"),
    (D("0.3"), "1/3", "confirmed"),
    (D("0.34"), "1/3", "wrong"),
    ("1/3", "1/3", "confirmed"),
    ("2/6", "1/3", "confirmed"),
    ("0.33", "1/3", "confirmed"),
    ("−0.33", "-1/3", "confirmed"),
    (D("1e-3"), "0.00123", "confirmed"),
    (D("1.3e-3"), "0.00123", "wrong"),
    ("1e-3", "0.00123", "confirmed"),
    (D("6.02e23"), "602214076*10^15", "confirmed"),
    (D("0.125"), "1/8", "confirmed"),
    (D("0.12"), "1/8", "confirmed"),  # half way: up and down are both right
    (D("0.13"), "1/8", "confirmed"),
    (D("0.11"), "1/8", "wrong"),
    (D("14.78"), "2e^2", "confirmed"),
    (D("14.77"), "2e^2", "wrong"),
    ("2e^2", "2e^2", "confirmed"),
    ("e^2 + e^2", "2e^2", "confirmed"),
    ("ln(4)/2", "ln 2", "confirmed"),
    ("ln 3", "ln 2", "wrong"),
    (D("0.70710678118654752440"), "sqrt(2)/2", "confirmed"),
    (D("0.70710678118654752441"), "sqrt(2)/2", "wrong"),
    (0, "0", "confirmed"),
    (D("0.0"), "0.04", "confirmed"),
    (D("0.000"), "0.0002", "confirmed"),
    (D("-0.00"), "-0.004", "confirmed"),
    (D("0.0"), "10^-30", "wrong"),  # no digit of it is written
    (D("0.000"), "e^-40", "wrong"),
    (0, "10^-30", "wrong"),
    ("0", "e^-100", "wrong"),
    ("0", "10^-45", "wrong"),
    ("e^-101", "e^-100", "wrong"),
    ("e^-100", "(1/e)^100", "confirmed"),
    ("0", "sqrt(2)^2 - 2", "confirmed"),
    ("0", "sin pi", "confirmed"),
    (D("0.0"), "sqrt(2)^2 - 2", "confirmed"),
    (D("5."), "5.3", "wrong"),  # no decimals are written
    (D("5.0"), "5.03", "confirmed"),
    ("x", "2", "wrong"),
    ("2x - 2x + 2", "2", "confirmed"),
]


@pytest.mark.parametrize(("given", "right", "verdict"), NUMBERS)
def test_numbers_are_exact_or_rounded_to_their_digits(given: Any, right: str, verdict: str) -> None:
    assert verdict_on(given, value(right)) == verdict


FLOATS = [
    (D("-0.625"), -0.625, "confirmed"),
    ("-5/8", -0.625, "confirmed"),
    (D("0.63"), 0.625, "confirmed"),
    (1, 0.1 * 3 + 0.7, "confirmed"),
    (0, 1e-17, "confirmed"),
    (0, 1e-30, "wrong"),
    (0, 1e-10, "wrong"),
    ("0", -3.7e-44, "wrong"),
    (D("0.00"), 1e-30, "wrong"),
    (D("0.0"), 1e-17, "confirmed"),
    ("10^-30", 1e-30, "confirmed"),
    ("2*10^-30", 1e-30, "wrong"),
    ("6 ln 3", 6 * 1.0986122886681098, "confirmed"),
    ("pi", pi, "confirmed"),
    (D("3.14"), pi, "confirmed"),
    (D("3.15"), pi, "wrong"),
    ("22/7", pi, "wrong"),
    (3, pi, "wrong"),
    (1, np.float64(1.0), "confirmed"),
    (D("1.2e-12"), 1.23e-12, "confirmed"),
    (D("1.3e-12"), 1.23e-12, "wrong"),
]


@pytest.mark.parametrize(("given", "right", "verdict"), FLOATS)
def test_values_worked_out_in_floats(given: Any, right: float, verdict: str) -> None:
    assert verdict_on(given, Right(right)) == verdict


def test_what_is_not_finite_cannot_be_decided() -> None:
    found = check_answers(1, Answers({"x": Right(float("nan"))}, "x"))
    assert [c.verdict for c in found.checks] == ["none"]
    assert found.notes == ("The answer for x could be neither confirmed nor refuted by numbers.",)


def test_an_expression_that_is_nowhere_real_cannot_be_decided() -> None:
    assert verdict_on("x sqrt(-1 - x^2)", formula("sqrt(-1-x^2) + x^2")) == "none"


def test_the_same_text_needs_no_numbers() -> None:
    assert verdict_on("sqrt(-1-x^2)", formula("sqrt(-1-x^2)")) == "confirmed"


def test_formula_and_value_of_one_key() -> None:
    right = Right(parse("6"), parse("2x"))
    assert [verdict_on(given, right) for given in ("2x", "6", 6, D("6.0"), "x + 3", 7)] == [
        "confirmed", "confirmed", "confirmed", "confirmed", "wrong", "wrong",
    ]  # fmt: skip


def test_a_value_with_letters_is_the_formula_with_some_values_put_in() -> None:
    right = Right(parse("4y"), parse("2x y"))
    assert [verdict_on(given, right) for given in ("4y", "2x y", "2y x", "3y")] == [
        "confirmed", "confirmed", "confirmed", "wrong",
    ]  # fmt: skip


# --- arrays -----------------------------------------------------------------------------------------------------------

MATRIX = [[value("1"), value("1/3")], [value("0.5"), value("sqrt 2")]]
ARRAYS = [
    ([[1, D("0.33")], [D("0.5"), D("1.41")]], "confirmed"),
    ("[[1, 1/3], [1/2, sqrt(2)]]", "confirmed"),
    ("((1, 1/3), (1/2, sqrt(2)))", "confirmed"),
    ([[1, D("0.33")], [D("0.5"), D("1.42")]], "wrong"),
    ([[1, D("0.33")]], "wrong"),
    ([[1], [2]], "wrong"),
    ([1, 2, 3, 4], "wrong"),
    (1, "wrong"),
    ("x", "wrong"),
    ([[[1], 2], [3, 4]], "wrong"),
]


@pytest.mark.parametrize(("given", "verdict"), ARRAYS)
def test_arrays_entry_by_entry(given: Any, verdict: str) -> None:
    assert verdict_on(given, MATRIX) == verdict


def test_a_row_or_column_needs_no_second_brackets() -> None:
    assert verdict_on([1, 2], [[value("1"), value("2")]]) == "confirmed"
    assert verdict_on([1, 2], [[value("1")], [value("2")]]) == "confirmed"
    assert verdict_on([[1], [2]], [[value("1"), value("2")]]) == "wrong"


def test_numpy_arrays_and_exact_ones() -> None:
    assert verdict_on([1, D("0.5")], rights_of(np.array([1.0, 0.5]))) == "confirmed"
    assert verdict_on(["1/3", 0], rights_of([Fraction(1, 3), Fraction(0)])) == "confirmed"


def test_an_array_has_a_formula_too() -> None:
    right = Right(rights_of(np.array([1.0, 2.0])), parse("x"), lambda tree: "yes" if tree == parse("x") else "no")
    assert [verdict_on(given, right) for given in ([1, 2], "[1, 2]", "x", "y", [1, 3], 3)] == [
        "confirmed", "confirmed", "confirmed", "wrong", "wrong", "wrong",
    ]  # fmt: skip
    assert right_text(right, as_formula=False) == "[1, 2]"
    assert right_text(right, as_formula=True) == "x"


def test_refused_products() -> None:
    assert verdict_on("refused", Right(REFUSED)) == "confirmed"
    assert verdict_on("Refused", Right(REFUSED)) == "confirmed"
    assert verdict_on([[1]], Right(REFUSED)) == "wrong"
    assert verdict_on("refused", [[value("1")]]) == "wrong"
    assert verdict_on("refused", value("1")) == "wrong"


# --- keys -------------------------------------------------------------------------------------------------------------

SEVERAL = Answers(
    {"x": formula("2x"), "y": formula("3y^2")},
    in_order=("x", "y"),
    parts={"value": {"x": value("4"), "y": value("12")}},
)


def test_a_table_names_what_its_answers_are_for() -> None:
    found = check_answers({"y": "3y^2", "x": "x", "value": {"x": 4, "y": 11}}, SEVERAL)
    assert [(c.key, c.verdict) for c in found.checks] == [
        ("y", "confirmed"), ("x", "wrong"), ("value.x", "confirmed"), ("value.y", "wrong"),
    ]  # fmt: skip
    assert [c.right for c in found.checks] == ["3y^2", "2x", "4", "12"]


def test_a_list_is_in_order() -> None:
    found = check_answers(["2x", "3y^2"], SEVERAL)
    assert [(c.key, c.verdict) for c in found.checks] == [("x", "confirmed"), ("y", "confirmed")]


UNMATCHED = [
    ({"z": "1"}, "The answer for z belongs to nothing; the keys are x, y, value."),
    ({"value": {"z": 1}}, "The answer for value.z belongs to nothing; the keys are x, y."),
    (["2x"], "The answer has 1 entry, but there are 2: x, y."),
    ("2x", "The answer does not say what it is for; its keys may be x, y, value."),
    ({"x": [1, 2]}, "The answer for x is a list, where one number or expression is needed."),
]


@pytest.mark.parametrize(("given", "note"), UNMATCHED)
def test_what_nothing_belongs_to_is_wrong_with_a_note(given: Any, note: str) -> None:
    found = check_answers(given, SEVERAL)
    assert {c.verdict for c in found.checks} == {"wrong"}
    assert found.notes == (note,)


UNREADABLE = [
    ("2x +", "The sum has no right-hand side (at '+')."),
    ("2x.", "A dot is allowed only inside a number (at '.')."),
    ("wrong", "wrong is not a known name (at 'wrong')."),
    (True, "true is no number, expression or list."),
    ({"a": 1}, "{a = 1} is no number, expression or list."),
    (None, "None is no number, expression or list."),
    (D("NaN"), "the number is not finite, or too large."),
    (D("1e999999999"), "the number is not finite, or too large."),
    ("1e-999999999", "the number is not finite, or too large."),
]


@pytest.mark.parametrize(("given", "reason"), UNREADABLE)
def test_what_cannot_be_read_is_no_wrong_answer(given: Any, reason: str) -> None:
    answers = replace(SEVERAL, read=lambda text: read_question(text).tree)
    (check,) = check_answers({"x": given}, answers).checks
    assert (check.verdict, check.reason, check.right) == ("unreadable", reason, "2x")


CLAIMS = [
    ("f'(x) = 2x", "confirmed"),
    ("y' = 2x", "confirmed"),
    ("dy/dx = 2x", "confirmed"),
    ("df/dx = x + x", "confirmed"),
    (r"\frac{dy}{dx} = 2x", "confirmed"),
    (r"\frac{\partial f}{\partial x}=2x", "confirmed"),
    ("∂f/∂x = 2x", "confirmed"),
    ("f_x = 2x", "confirmed"),
    ("d/dx f(x) = 2x", "confirmed"),
    (r"$f^{\prime}(x) = 2x$", "confirmed"),
    ("D_x f = 2x", "confirmed"),
    ("f'(x) = 3x", "wrong"),
    ("f_y = 2x", "wrong"),
    ("dx/dt = 2x", "wrong"),
    ("f''(x) = 2x", "wrong"),
    ("d²y/dx² = 2x", "wrong"),
]


@pytest.mark.parametrize(("given", "verdict"), CLAIMS)
def test_an_answer_may_say_what_it_is_for(given: str, verdict: str) -> None:
    answers = Answers({"x": formula("2x")}, "x", order=1, read=lambda text: read_question(text).tree)
    (check,) = check_answers(given, answers).checks
    assert check.verdict == verdict


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ("d/dx [x^2] = 2x", "confirmed"),
        (r"\frac{d}{dx}\left(x^2\right) = 2x", "confirmed"),
        ("d/dx (x x) = x + x", "confirmed"),
        ("d/dx [x^3] = 2x", "wrong"),
        ("d/dt [x^2] = 2x", "wrong"),
        ("d/dx [x^2] = 3x", "wrong"),
    ],
)
def test_an_answer_may_name_the_function(given: str, verdict: str) -> None:
    right = Right(formula=parse("2x"), within=(parse("x^2"),))
    answers = Answers({"x": right}, "x", order=1, read=lambda text: read_question(text).tree)
    assert [check.verdict for check in check_answers(given, answers).checks] == [verdict]


def test_a_claim_about_something_else_is_told() -> None:
    answers = Answers({"x": formula("2x")}, "x", order=1)
    assert [check_answers(text, answers).notes for text in ("dy/dt = 2x", "f''(x) = 2x")] == [
        ("The answer for x is given as a derivative by t, where one by x is asked.",),
        ("The answer for x is given as a derivative of order 2, where order 1 is asked.",),
    ]


PLACES = [
    ("f'(3) = 6", "confirmed"),
    ("f'(x) = 6", "confirmed"),
    ("f'(2) = 6", "wrong"),
    ("f^{(1)}(3) = 6", "confirmed"),
]


@pytest.mark.parametrize(("given", "verdict"), PLACES)
def test_an_answer_may_say_at_which_point_it_is(given: str, verdict: str) -> None:
    answers = Answers({"x": value("6")}, "x", order=1, arguments=("x",), point={"x": parse("3")})
    checked = check_answers(given, answers)
    assert [(check.verdict, check.right) for check in checked.checks] == [(verdict, "6")]
    wrong = ("The answer for x is given for 2, where the one for 3 is asked.",)
    assert checked.notes == (wrong if verdict == "wrong" else ())


# fmt: off
ASKED = [  # what is asked, the answer, its verdict, what is said
    ("f(x) = x^2", {}, "g'(x) = 2x", "wrong", "is given as the derivative of g, where the name in the question is f."),
    ("f(x) = x^2", {}, r"\frac{dg}{dx} = 2x", "wrong",
     "is given as the derivative of g, where the name in the question is f."),
    ("f(x) = x^2", {}, "D_x g = 2x", "wrong", "is given as the derivative of g, where the name in the question is f."),
    ("f(x) = x^2", {}, "h_x = 2x", "wrong", "is given as the derivative of h, where the name in the question is f."),
    ("f(x) = x^2", {}, "f(x) = 2x", "wrong", "is given as f itself, where its derivative is asked."),
    ("f(x) = x^2", {}, "f'(x) = 2x", "confirmed", ""), ("f(x) = x^2", {}, "f_x = 2x", "confirmed", ""),
    ("f(x) = x^2", {}, "y' = 2x", "confirmed", ""), ("y = x^2", {}, "f'(x) = 2x", "confirmed", ""),
    ("x^2", {}, "g'(x) = 2x", "confirmed", ""), ("f(x) = x", {}, "d/dx x = 1", "confirmed", ""),
    ("f(x) = x^2", {}, "f'(3) = 2x", "wrong", "is given for 3, where the one for every x is asked."),
    ("f(x) = x^2", {"x": 3}, "f'(3) = 6", "confirmed", ""),
    ("f(x) = x^2", {"x": 3}, r"\left.\frac{df}{dx}\right|_{x=3} = 6", "confirmed", ""),
    ("f(x) = x^2", {"x": 3}, r"\frac{df}{dx}\bigg|_{x=3}=6", "confirmed", ""),
    ("f(x) = x^2", {"x": 3}, r"f'(x)\Big\rvert_{x = 3} = 6", "confirmed", ""),
    ("f(x) = x^2", {"x": 3}, "dy/dx|_{x=3} = 6", "confirmed", ""),
    ("f(x) = x^2", {"x": 3}, "dy/dx|_x=3 = 2*3 = 6", "confirmed", ""),
    ("f(x) = x^2", {"x": 3}, "dy/dx at x = 3 = 6", "confirmed", ""),
    ("f(x) = x^2", {"x": 3}, r"f'(x)|_{x=2} = 6", "wrong", "is given for x = 2, where the one for 3 is asked."),
    ("f(x) = x^2", {"x": "sqrt(2)"}, "f'(sqrt(2)) = 2sqrt(2)", "confirmed", ""),
    ("f(x, y) = x^2 y", {}, "f_x = 2xy", "confirmed", ""),
    ("f(x, y) = x^2 y", {}, "f_x = 2xy, f_y = x^2", "confirmed confirmed", ""),
    ("f(x, y) = x^2 y", {}, ["f_y = x^2", "f_x = 2xy"], "confirmed confirmed", ""),
    ("f(x, y) = x^2 y", {}, "f_y = 2xy", "wrong", ""),
    ("f(x, y) = x^2 y", {}, "g_x = 2xy", "wrong",
     "is given as the derivative of g, where the name in the question is f."),
    ("f(x, y) = x^2 y", {"x": 1, "y": 2}, "f_x(1, 2) = 4", "confirmed", ""),
    ("f(x, y) = x^2 y", {"x": 1, "y": 2}, r"\frac{\partial f}{\partial x}(1,2) = 4", "confirmed", ""),
    ("f(x, y) = x^2 y", {"x": 1, "y": 2}, "f_x|_{x=1, y=2} = 4", "confirmed", ""),
    ("f(x, y) = x^2 y", {"x": 1, "y": 2}, "f_x|_{(x, y) = (1, 2)} = 4", "confirmed", ""),
    ("f(x, y) = x^2 y", {"x": 1, "y": 2}, "f_x(2, 2) = 4", "wrong",
     "is given for 2, 2, where the one for x = 1, y = 2 is asked."),
    ("f(x, y) = x^2 y", {"x": 1, "y": 2}, "f_x|_{(2,1)} = 4", "wrong",
     "is given for 2, 1, where the one for x = 1, y = 2 is asked."),
    ("x^2", {}, "dy/dx = 2x = 2*x", "confirmed", ""), ("x^2", {}, "2x = x + x = x*2", "confirmed", ""),
    ("x^2", {}, "dy/dx = 2x = 3x", "wrong", "is a chain, in which 3x is wrong."),
    ("x^2", {}, "dy/dx = 2x + 1 = 2x", "wrong", "is a chain, in which 2x + 1 is wrong."),
    ("x^2", {}, "x^2 = 2x", "wrong", "is a chain, in which x^2 is wrong."),
    ("f(x) = x^2", {}, "f'(x) = dy/dx = 2x", "confirmed", ""), ("f(x) = x^2", {}, "2x = f'(x)", "confirmed", ""),
    ("f(x) = x^2", {}, "f'(x) = g'(x) = 2x", "wrong",
     "is given as the derivative of g, where the name in the question is f."),
    ("x^2", {}, "2x = 2x =", "unreadable", ""), ("10^-30 x^2", {}, "0.0x", "wrong", ""),
    ("cbrt(x^3 ln(2) sin(1))", {"x": 0}, "cbrt(ln(2) sin(1))", "confirmed", ""),
    ("cbrt(x^3 ln(2) sin(1))", {"x": 0}, "0.8355", "confirmed", ""),
    ("cbrt(x^3 ln(2) sin(1))", {"x": 0}, "0.8356", "wrong", ""),
    ("2/3 x", {}, "f'(x) = 2/3 ≈ 0.667", "confirmed", ""),
    ("2/3 x", {}, "f'(x) = 2/3 ≈ 0.666", "wrong", "is a chain, in which 0.666 is wrong."),
    ("x^2", {}, "2x = e^(ln x) * 2", "narrower", "is a chain, in which e^(ln x) * 2 is narrower."),
    ("x^2", {}, "2x if x < 0 else 2x", "confirmed", ""), ("x^2", {}, "cases(2x, x <= 0, x + x)", "confirmed", ""),
]
# fmt: on


@pytest.mark.parametrize(("asked", "at", "given", "verdict", "said"), ASKED)
def test_the_left_side_and_chains(asked: str, at: dict[str, Any], given: Any, verdict: str, said: str) -> None:
    wrt = ["x", "y"] if "(x, y)" in asked else ["x"]
    fields = {"expr": asked, "wrt": wrt} | ({"at": at} if at else {})
    solution = work(Problem("p", 1, "", "derive", asked=fields, answer=given))
    assert " ".join(check.verdict for check in solution.checks) == verdict
    assert [note.partition(" is ")[2] for note in solution.notes if "answer" in note] == ([said[3:]] if said else [])


def test_the_value_of_another_function_or_at_another_point() -> None:
    for given, verdict in (("f(2) = 4", "confirmed"), ("f(3) = 4", "wrong"), ("g(2) = 4", "wrong"),
                           ("f'(2) = 4", "wrong"), ("f(2) = 2^2 = 4", "confirmed")):  # fmt: skip
        fields = {"expr": "f(x) = x^2", "at": {"x": 2}}
        solution = work(Problem("p", 1, "", "evaluate", asked=fields, answer=given))
        assert [check.verdict for check in solution.checks] == [verdict]


JOINED, JUMPING, CORNER = "cases(x^2, x < 1, 2x - 1)", "cases(x^2, x < 1, x^2 + 5)", "cases(x, x < 1, 2x - 1)"
SWINGING = "cases(x^2 sin(1/x), x != 0, 0)"
# fmt: off
AT_JOINTS = [  # the function, the answer, its verdict, where it is right or what is said
    (JOINED, "cases(2x, x <= 1, 2)", "confirmed", ""), (JOINED, "cases(2x, x < 1, 2)", "confirmed", ""),
    (JOINED, "cases(2x, x < 1, 2, x > 1)", "narrower", "x != 1"),
    (JOINED, "cases(2x, x < 1, 2, x > 1, 3)", "wrong", "gives another slope at x = 1."),
    (JUMPING, "2x", "wrong", "gives a slope at x = 1, where there is no derivative."),
    (JUMPING, "cases(2x, x < 1, 2x, x > 1)", "confirmed", ""), (JUMPING, "cases(2x, x != 1)", "confirmed", ""),
    (JUMPING, "cases(2x, x <= 1, 2x)", "wrong", "gives a slope at x = 1, where there is no derivative."),
    (CORNER, "cases(1, x <= 1, 2)", "wrong", "gives a slope at x = 1, where there is no derivative."),
    (CORNER, "cases(1, x < 1, 2)", "wrong", "gives a slope at x = 1, where there is no derivative."),
    (CORNER, "cases(1, x < 1, 2, x > 1)", "confirmed", ""),
    ("|x|", "cases(1, x > 0, -1, x < 0)", "confirmed", ""), ("|x|", "sign x", "confirmed", ""),
    ("|x|", "cases(1, x >= 0, -1)", "wrong", "gives a slope at x = 0, where there is no derivative."),
    ("x|x|", "cases(2x, x >= 0, -2x)", "confirmed", ""), ("x|x|", "cases(2x, x > 0, -2x, x < 0)", "narrower", "x != 0"),
    ("x^2", "cases(2x, x != 3, 7)", "wrong", "gives another slope at x = 3."),
    ("x^2", "cases(2x, x != 3, 6)", "confirmed", ""), ("x^2", "cases(2x, x != 3)", "narrower", "x != 3"),
    ("x^2", "cases(2x, x^2 < 2, x + x)", "confirmed", ""),
    ("x^2", "cases(2x, x^2 != 2, 1)", "wrong", "gives another slope at x = -sqrt(2)."),
    ("cbrt(x^3)", "cases(1, x != 0)", "narrower", "x != 0"), ("cbrt(x^3)", "cases(1, x < 0, 1)", "confirmed", ""),
    (SWINGING, "cases(2x sin(1/x) - cos(1/x), x != 0, 0)", "confirmed", ""),
    (SWINGING, "cases(2x sin(1/x) - cos(1/x), x != 0)", "narrower", "x != 0"),
    (SWINGING, "cases(2x sin(1/x) - cos(1/x), x != 0, 1)", "wrong", "gives another slope at x = 0."),
    ("cases(x^2, e^x < 2, x^3)", "cases(2x, e^x <= 2, 3x^2)", "wrong",
     "gives a slope at x = ln 2, where there is no derivative."),
    ("cases(sin x, sin x > 0, 0)", "cases(cos x, sin x > 0, 0)", "wrong",
     "gives a slope at x = 0, where there is no derivative."),
    ("max(x, 1)", "cases(0, x < 1, 1)", "wrong", "gives a slope at x = 1, where there is no derivative."),
    ("ln x", "cases(1/x, x > 0)", "confirmed", ""), ("ln x", "cases(1/x, x > 1, 1/x)", "confirmed", ""),
    ("y|x|", "cases(y, x > 0, -y)", "wrong", "gives a slope at x = 0, where there is no derivative."),
    ("max(x, y)", "cases(1, x > y, 0)", "wrong", "gives a slope at x = y, where there is no derivative."),
    ("max(x, y)", "cases(1, x > y, 0, x < y)", "confirmed", ""),
    ("x^2", "cases(2x, x + e^x < 2, 2x)", "none", "could not be checked at the joints."),
]
# fmt: on


@pytest.mark.parametrize(("asked", "given", "verdict", "said"), AT_JOINTS)
def test_an_answer_by_cases_at_its_joints(asked: str, given: str, verdict: str, said: str) -> None:
    solution = work(Problem("p", 1, "", "derive", asked={"expr": asked, "wrt": "x"}, answer=given))
    (check,) = solution.checks
    notes = [note.removeprefix("The answer for x ") for note in solution.notes if note.startswith("The answer")]
    assert (check.verdict, check.where or " ".join(notes)) == (verdict, said)


@pytest.mark.parametrize(
    ("given", "verdict"), [("cases(2, x > 0, -2)", "wrong"), ("cases(2, x > 0, -2, x < 0)", "confirmed")]
)
def test_a_second_derivative_by_cases(given: str, verdict: str) -> None:
    asked = {"expr": "x|x|", "wrt": "x", "order": 2}
    (check,) = work(Problem("p", 1, "", "derive", asked=asked, answer=given)).checks
    assert check.verdict == verdict


def test_partial_derivatives_by_cases() -> None:
    given = ["cases(y, x > 0, -y)", "|x|"]
    solution = work(Problem("p", 1, "", "gradient", asked={"expr": "y|x|", "wrt": ["x", "y"]}, answer=given))
    assert [check.verdict for check in solution.checks] == ["wrong", "confirmed"]


ROUNDED = [
    ("0.667x", "2x/3", "confirmed"),
    ("0.67x", "2x/3", "confirmed"),
    ("0.66x", "2x/3", "wrong"),
    ("0.333x^2 + 0.143x", "x^2/3 + x/7", "confirmed"),
    ("0.333x^2 + 0.144x", "x^2/3 + x/7", "wrong"),
    ("0.693*2^x", "ln(2) 2^x", "confirmed"),
    ("e^(0.333x)", "e^(x/3)", "confirmed"),
    ("0.667x + 0.001", "2x/3", "wrong"),
    ("0.3x + 0.3", "x/3 + 0.28", "confirmed"),  # two roundings of their own
    ("0.3x^2 + 0.3x", "0.27x^2 + 0.34x", "confirmed"),
    ("0.3x^2 + 0.3x", "0.27x^2 + 0.36x", "wrong"),
    ("0.667x", "2x/3 + 0.0001 sin x", "wrong"),
    ("0.50x", "0.46x", "wrong"),
    ("0.5x", "0.46x", "confirmed"),  # as 0.5 is for 0.46
    ("1.1^x ln 1.2", "1.1^x ln 1.1", "wrong"),
]


@pytest.mark.parametrize(("given", "right", "verdict"), ROUNDED)
def test_decimals_inside_an_expression_may_be_rounded(given: str, right: str, verdict: str) -> None:
    assert verdict_on(given, formula(right)) == verdict


def test_right_in_a_part_of_the_domain() -> None:
    (check,) = check_answers("2 e^(ln x)", Answers({"x": formula("2x")}, "x")).checks
    assert (check.verdict, check.where) == ("narrower", "x > 0")
    within = Right(formula=parse("1/(2x)"), within=(parse("ln sqrt x"),))
    assert verdict_on("1/sqrt x * 1/(2 sqrt x)", within) == "confirmed"


def test_nothing_is_confirmed_of_an_unknown_function() -> None:
    found = check_answers(D("1.98"), Answers({"value": value("f(2)")}, "value"))
    assert [check.verdict for check in found.checks] == ["none"]
    assert found.notes == ("The answer for value could not be checked: nothing is known of the function.",)
    assert verdict_on("f(2) + f(2)", value("2f(2)")) == "confirmed"


def test_no_answer_no_check() -> None:
    assert check_answers(None, SEVERAL) == ((), ())


# --- texts ------------------------------------------------------------------------------------------------------------


def test_given_answers_are_shown_as_typed() -> None:
    assert given_text([["2x", 1], [D("0.50"), D("1E+3")]]) == "[[2x, 1], [0.50, 1e3]]"


def test_right_answers_read_back() -> None:
    right = [[Right(formula=parse("x^2 e^(3x)"))], [Right(-0.625)], [Right(Fraction(-5, 8))]]
    assert right_text(right, as_formula=False) == "[[x^2 e^(3x)], [-0.625], [-5/8]]"
    assert verdict_on(right_text(right, as_formula=False), right) == "confirmed"


def test_beside_a_wrong_decimal_stands_a_decimal() -> None:
    (check,) = check_answers(D("2.18"), Answers({"x": value("-ln 0.114")}, "x")).checks
    assert (check.right, check.verdict) == ("2.171556831", "wrong")
    (check,) = check_answers("ln 2", Answers({"x": value("-ln 0.114")}, "x")).checks
    assert check.right == "-ln 0.114"


def test_a_wrong_answer_says_how_it_was_read() -> None:
    answers = Answers({"x": Right(formula=parse("x cos y"))}, "x")
    checked = check_answers("cos y x", answers)
    assert [check.verdict for check in checked.checks] == ["wrong"]
    assert checked.notes == (
        "In the answer cos y x: x belongs to the argument of cos; write cos(...) with brackets to end it before.",
    )
