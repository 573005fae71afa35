"""What sheets ask beside derivatives: show that, prose, choice, values that are given, what does not exist, by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import symback
from symback.calculus.showing import show
from symback.page.solution import Solution
from symback.problems import faults_of, read_sheets, work
from symback.problems.variants.drawing import draw


def solved(text: str, folder: Path) -> Solution:
    path = folder / "sheet.toml"
    path.write_text(f"[[problem]]\n{text}\n", encoding="utf-8")
    (solution,) = symback.solve(path)
    assert isinstance(solution, Solution)
    return solution


def faults(text: str, folder: Path) -> list[tuple[int, int, str]]:
    path = folder / "sheet.toml"
    path.write_text(f"[[problem]]\n{text}\n", encoding="utf-8")
    return [(fault.line, fault.column, fault.message) for fault in faults_of(path)]


# --- show ------------------------------------------------------------------------------------------------------------

SIGMOID = "s(x) = 1/(1 + e^-x)"


@pytest.mark.parametrize(
    ("left", "right", "where", "labels"),
    [
        ("d/dx [1/(1 + e^-x)]", "s(x)(1 - s(x))", SIGMOID, {"chain rule", "exponential rule"}),
        ("1 - s(x)", "s(-x)", SIGMOID, {"insert the functions", "common denominator"}),
        ("d/dx [tan x]", "1 + tan(x)^2", "", {"derivative of tangent"}),
        ("sin(x)^2 + cos(x)^2", "1", "", {"Pythagorean identity"}),
        ("(x + 1)^2 - (x - 1)^2", "4x", "", {"factor"}),
        ("d/dx [ln(x + sqrt(x^2 + 1))]", "1/sqrt(x^2 + 1)", "", {"logarithm rule"}),
        ("tan(x) + cot(x)", "1/(sin x cos x)", "", {"definitions of the functions", "common denominator"}),
        ("f(x + 1) - f(x)", "2x + 1", "f(x) = x^2", {"insert the functions"}),
        ("d/dx [x sin x] - x cos x", "sin x", "", {"product rule"}),
    ],
)
def test_sides_meet_in_one_verified_chain(left: str, right: str, where: str, labels: set[str]) -> None:
    found = show(left, right, where)
    assert (found.verdict.verdict, found.meets, found.verify().verdict) == ("yes", True, "verified")
    assert labels <= {step.rule.name for step in found.steps}
    assert found.last == found.right
    assert all(step.rule.name for step in found.steps)


def test_sides_that_differ_are_told_with_a_point(tmp_path: Path) -> None:
    solution = solved("left = 'd/dx [x^2]'\nright = '3x'", tmp_path)
    assert solution.answer_check == "wrong"
    assert solution.checks[0].right == "2x (at x = 1 the left side is 2, and the right side 3)"
    assert "= 3 x" not in str(solution.render("latex")).partition("Answer")[2].partition("Steps")[0]


def test_sides_that_are_equal_in_a_part_of_the_domain(tmp_path: Path) -> None:
    solution = solved("left = 'ln(x^2)'\nright = '2 ln x'", tmp_path)
    (check,) = solution.checks
    assert (check.verdict, check.where) == ("narrower", "x > 0")
    assert solution.works[0].verification.verdict == "unverified"


SOFTMAX = "graph = '''\nz: n\ny: n\np = softmax(z)\nL = cross_entropy(p, y)\n'''\nleft = 'dL/dz'\n"


@pytest.mark.parametrize(("right", "verdict"), [("p - y", "confirmed"), ("y - p", "wrong"), ("p - 2y", "wrong")])
def test_a_gradient_with_letters_for_sizes(right: str, verdict: str, tmp_path: Path) -> None:
    assert solved(f"kind = 'show'\n{SOFTMAX}right = '{right}'", tmp_path).answer_check == verdict


# --- text and choice -------------------------------------------------------------------------------------------------


def test_prose_is_shown_and_not_checked(tmp_path: Path) -> None:
    solution = solved("kind = 'text'\ntext = 'Why?'\nanswer = 'Because $x$ is *even* - a long story.'", tmp_path)
    assert (solution.answer_check, solution.checks, solution.error) == ("none", (), None)
    assert solution.render("markdown").count("Because $x$ is *even*") == 1
    assert "Because" not in solution.render("markdown", show="problems")
    assert json.loads(symback.solve(tmp_path / "sheet.toml").render("json"))["problems"][0]["kind"] == "text"


def test_the_right_option_is_worked_out(tmp_path: Path) -> None:
    options = "expr = 'x^2 sin x'\nkind = 'choice'\noptions = ['2x cos x', 'x(2 sin x + x cos x)']\n"
    assert solved(f"{options}answer = 2", tmp_path).answer_check == "confirmed"
    wrong = solved(f"{options}answer = 1", tmp_path)
    assert (wrong.answer_check, wrong.checks[0].right) == ("wrong", "option 2")


def test_wrong_options_come_from_mistakes(tmp_path: Path) -> None:
    chosen: Any = solved("kind = 'choice'\nexpr = 'x^2 sin(3x)'\ndistractors = 3", tmp_path).works[0].thing
    assert len(chosen.options) == 4
    assert [one.mistake for one in chosen.options].count("") == 1
    assert chosen.options[chosen.right - 1].mistake == ""
    assert "product of the derivatives" in [one.mistake for one in chosen.options]


CHOICE = "kind = 'choice'\n"
BOTH = (4, 12, "The options 1 and 2 are both right. Change all but one of them.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("expr = 'x^2'\noptions = ['2x', 'x + x']", BOTH),
        ("expr = 'x^2'\noptions = ['2', 'x']", (4, 12, "None of the options is right. The right one is 2x.")),
        ("options = ['2', 'x']\nanswer = [1, 2]", (4, 10, "answer names several options, and one is right.")),
        ("options = ['2', 'x']\nanswer = 3", (4, 10, "answer is the number of no option.")),
        ("options = ['2', 'x']", (1, 1, "A problem of kind choice has no right option.")),
        ("options = ['x', 'x']\nanswer = 1", (3, 17, "options[1] is there twice.")),
        ("distractors = 2", (3, 15, "distractors need an expression, whose derivative is the right option.")),
    ],
)  # fmt: skip
def test_faults_of_choices(text: str, expected: tuple[int, int, str], tmp_path: Path) -> None:
    assert expected in faults(f"{CHOICE}{text}", tmp_path)


# --- given values, and none ------------------------------------------------------------------------------------------

TABLE = "given = {f = {1 = 3}, \"f'\" = {1 = 4, 2 = '1/2'}, g = {1 = 2}, \"g'\" = {1 = 6}}\nat = {x = 1}\n"


@pytest.mark.parametrize(
    ("expr", "answer"), [("f(x) g(x)", "26"), ("f(x)/g(x)", "-5/2"), ("f(g(x))", "3"), ("x^2 f(x)", "10")]
)
def test_values_of_unknown_functions(expr: str, answer: str, tmp_path: Path) -> None:
    solution = solved(f"{TABLE}expr = '{expr}'\nanswer = '{answer}'", tmp_path)
    assert (solution.answer_check, solution.works[0].verification.verdict) == ("confirmed", "verified")
    assert "insert the given values" in [step.rule.name for step in solution.works[0].thing.steps]


def test_a_missing_value_is_named(tmp_path: Path) -> None:
    solution = solved(f"{TABLE}expr = 'g(g(x))'", tmp_path)
    assert solution.error is not None
    assert solution.error.message == "There is no value for g'(2)."


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("expr = '|x|'\nat = {x = 0}", "confirmed"),
        ("expr = '1/x'\nat = {x = 0}\nkind = 'evaluate'", "confirmed"),
        ("expr = 'x^2'\nat = {x = 0}", "wrong"),
    ],
)
def test_what_does_not_exist(text: str, verdict: str, tmp_path: Path) -> None:
    assert not faults(f"{text}\nanswer = 'does not exist'", tmp_path)
    assert solved(f"{text}\nanswer = 'does not exist'", tmp_path).answer_check == verdict


# --- parameters that are worked out, and descent by hand -------------------------------------------------------------


def test_parameters_that_are_worked_out(tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    table = "{a = {range = [2, 5]}, h = {value = '{{r}}/2'}, r = {value = '{{a}} - 1'}}"
    path.write_text(
        f"[[problem]]\nparameters = {table}\nexpr = '{{{{h}}}} x^{{{{a}}}}'\nanswer = '{{{{h}}}}*{{{{a}}}} x^{{{{r}}}}'"
    )
    (sheet,) = read_sheets(path)
    problems = [one.problems[0] for one in draw(sheet, 4)]
    assert sorted((p.values["a"], p.values["h"]) for p in problems) == [
        ("2", "1/2"),
        ("3", "1"),
        ("4", "3/2"),
        ("5", "2"),
    ]
    assert {work(problem).answer_check for problem in problems} == {"confirmed"}


def test_a_parameter_that_is_worked_out_from_itself(tmp_path: Path) -> None:
    text = "parameters = {a = {range = [2, 5]}, r = {value = '{{r}}/2'}}\nexpr = '{{r}} x^{{a}}'"
    assert faults(text, tmp_path) == [(2, 41, "The parameter r is worked out from itself.")]


def test_descent_by_hand(tmp_path: Path) -> None:
    text = "graph = 'L = mse(w x + b, y)'\ndata = {x = [1, 2], y = [2, 3]}\nparameters_start = {w = 0, b = 0}\n"
    solution = solved(f"kind = 'train'\n{text}learning_rate = 0.1\nepochs = 2\nshow = 'steps'", tmp_path)
    steps: Any = solution.works[1].thing
    assert solution.works[1].verification.verdict == "verified"
    assert [(row.epoch, row.loss) for row in steps.rows] == [(1, 6.5), (2, pytest.approx(0.65))]
    assert steps.rows[0].gradient["w"] == pytest.approx(-8)
    assert steps.rows[0].step["b"] == pytest.approx(0.5)


# --- several ways, and what is assumed -------------------------------------------------------------------------------


def test_every_way_leads_to_the_same(tmp_path: Path) -> None:
    solution = solved("ways = ['x^2 (x + 1)', 'x^3 + x^2']\nanswer = '3x^2 + 2x'", tmp_path)
    assert [(check.key, check.verdict) for check in solution.checks] == [("x", "confirmed"), ("way 2", "confirmed")]
    assert "Every way leads to the same derivative." in solution.notes
    assert solved("expr = 'x^2'\nways = ['x^3']", tmp_path).answer_check == "wrong"


@pytest.mark.parametrize(
    ("text", "without", "with_it"),
    [
        ("left = 'ln(x^2)'\nright = '2 ln x'", "narrower", "confirmed"),
        ("expr = 'x |x|'\nanswer = '2x'", "wrong", "confirmed"),
    ],
)
def test_an_assumption_rules_the_points(text: str, without: str, with_it: str, tmp_path: Path) -> None:
    assert solved(text, tmp_path).answer_check == without
    assumed = solved(f"{text}\nassume = 'x > 0'", tmp_path)
    assert assumed.answer_check == with_it
    assert {each.verification.verdict for each in assumed.works} == {"verified"}


SQUARE = "graph = '''\nC: n x n\nx: n\nL = x.T @ C @ x\n'''\nwrt = 'x'\nanswer = '2 C @ x'\n"


def test_a_matrix_may_be_assumed_symmetric(tmp_path: Path) -> None:
    assert solved(SQUARE, tmp_path).answer_check == "wrong"
    assert solved(f"{SQUARE}assume = 'C = C.T'", tmp_path).answer_check == "confirmed"


@pytest.mark.parametrize(
    ("assumed", "column", "message"),
    [
        ("['x > 1', 'x < 0']", 21, "This assumption cannot be met together with those before it."),
        ("'x is nice'", 11, "This is no assumption that is known."),
        ("'x > (1'", 15, "This bracket is never closed."),
    ],
)
def test_faults_of_assumptions(assumed: str, column: int, message: str, tmp_path: Path) -> None:
    assert faults(f"expr = 'x^2'\nassume = {assumed}", tmp_path) == [(3, column, message)]
