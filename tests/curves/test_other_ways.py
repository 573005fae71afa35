"""Derivatives by the definition, by logarithms, along curves with a parameter, and of inverse functions."""

import json
from pathlib import Path

import pytest
import sympy

import symback
from symback import solve
from symback.calculus.curves.by_definition import CANCEL, DEFINITION, KNOWN
from symback.errors import DomainError, NoRule, SymbackError, UsageError
from symback.page.maths import text
from symback.page.solution import CONFIRMED, WRONG
from tests.running import Run

# --- the definition ---------------------------------------------------------------------------------------------------

BY_DEFINITION = [  # the function, its derivative, and the rules after the definition
    ("5", "0", "collect like terms | zero divided by h | h -> 0"),
    ("x", "1", "expand | collect like terms | cancel h | h -> 0"),
    ("x^2", "2x", "expand | collect like terms | factor out h | cancel h | h -> 0 | drop zeros"),
    ("-x^2", "-2x", "expand | collect like terms | factor out h | cancel h | h -> 0 | drop zeros"),
    ("1/x", "-1/x^2", "common denominator | simplify | cancel h | h -> 0 | drop zeros | combine powers"),
    ("sqrt(x)", "1/(2sqrt(x))", "multiply by the conjugate | simplify | cancel h | h -> 0 | *"),
    ("sin x", "cos x", "addition formula | split the fraction | limits of the parts | known limit | *"),
    ("e^x", "e^x", "law of exponents | factor out | limits of the parts | known limit | multiply by one"),
    ("ln x", "1/x", "logarithm of a quotient | divide | known limit"),
]


@pytest.mark.parametrize(("function", "answer", "rules"), BY_DEFINITION)
def test_by_the_definition(function: str, answer: str, rules: str) -> None:
    found = symback.derive(function, "x", strategy="definition")
    assert text(found.last) == answer
    assert found.verify().verdict == "verified"
    said = [step.rule.name for step in found.steps]
    expected = [DEFINITION.name, *rules.split(" | ")]
    if expected[-1] == "*":
        assert said[: len(expected) - 1] == expected[:-1]
    elif function not in ("1/x", "sqrt(x)"):
        assert said == expected


MORE = ["x^3 - 2x + 1", "(x + 1)^2", "a x^2", "3/x", "1/x^2", "x/(x + 1)", "1/(x^2 + 1)", "sqrt(2x + 1)", "5 sqrt(x)",
        "1/sqrt(x)", "cos x", "cos(2x)", "-3 sin x", "2^x", "e^(3x + 1)", "e^(-x)", "2 ln x",
        "ln(2x + 1)", "x^8"]  # fmt: skip


@pytest.mark.parametrize("function", MORE)
def test_more_functions_by_the_definition(function: str) -> None:
    found = symback.derive(function, "x", strategy="definition")
    assert found.verify().verdict == "verified"
    assert sympy.simplify(found.answer - symback.derive(function, "x").answer) == 0
    names = {step.rule.name for step in found.steps}
    assert names & {CANCEL.name, KNOWN.name}


@pytest.mark.parametrize("function", ["x^x", "tan x", "sin x + x", "x sin x", "|x|", "arctan x", "e^(x^2)"])
def test_what_is_not_done_by_the_definition(function: str) -> None:
    with pytest.raises(NoRule, match="not differentiated by the definition"):
        symback.derive(function, "x", strategy="definition")


def test_another_letter_where_h_is_taken() -> None:
    assert "lim k→0" in str(symback.derive("h x^2", "x", strategy="definition"))


# --- logarithms -------------------------------------------------------------------------------------------------------

BY_LOGARITHMS = [
    ("x^x", "x^x (ln x + 1)", False),
    ("x^(sin x)", "x^(sin x) (cos x ln x + sin(x)/x)", False),
    ("(sin x)^x", "(sin x)^x (ln(sin x) + x cos(x)/sin x)", False),
    ("(x+1)^2 sqrt(x-1)/x", "((x + 1)^2 sqrt(x-1)/x) (2/(x + 1) + 1/(2(x - 1)) - 1/x)", False),
    ("x^2 (x+1)^3/(x-2)", "(x^2 (x + 1)^3/(x - 2)) (2/x + 3/(x + 1) - 1/(x - 2))", True),
    ("x e^x sqrt(x+1)", "x e^x sqrt(x+1) (1/x + 1 + 1/(2(x + 1)))", True),
    ("-x^3 (x + 1)", "-x^3 (x + 1)(3/x + 1/(x + 1))", True),
    ("sqrt(x) e^(2x)", "sqrt(x) e^(2x) (1/(2x) + 2)", False),
]


@pytest.mark.parametrize(("function", "answer", "has_bars"), BY_LOGARITHMS)
def test_by_logarithms(function: str, answer: str, has_bars: bool) -> None:
    found = symback.derive(function, "x", strategy="logarithmic")
    assert text(found.last) == answer
    assert found.verify().verdict == "verified"
    assert ("ln|y|" in str(found)) is has_bars
    assert bool(found.notes) is has_bars
    names = [step.rule.name for step in found.steps]
    order = ["take the logarithm", "differentiate both sides", "multiply by y", "put in y"]
    assert [name for name in names if name in order] == order


def test_the_value_at_a_point() -> None:
    found = symback.derive("x^x", "x", strategy="logarithmic", at={"x": 2})
    assert found.value == 4 + 4 * sympy.log(2)


LOGARITHMIC_REFUSED: list[tuple[str, dict[str, object], type[SymbackError], str]] = [
    ("x^2 + x", {}, NoRule, "logarithm of a sum"),
    ("x^x", {"order": 2}, UsageError, "first derivative"),
    ("x y", {}, UsageError, "2 variables"),
]


@pytest.mark.parametrize(("function", "more", "error", "said"), LOGARITHMIC_REFUSED)
def test_what_is_not_done_by_logarithms(
    function: str, more: dict[str, object], error: type[SymbackError], said: str
) -> None:
    with pytest.raises(error, match=said):
        symback.derive(function, strategy="logarithmic", **more)  # type: ignore[call-overload]


# --- curves with a parameter ------------------------------------------------------------------------------------------

CURVES = [
    ("x = t^2; y = t^3 - t", "(3t^2 - 1)/(2t)", "(3t^2 + 1)/(4t^3)"),
    ("x = a cos t; y = b sin t", "-b cot(t)/a", "-b csc^2(t)/(a^2 sin t)"),
    ("x = t - sin t, y = 1 - cos t", "sin(t)/(1 - cos t)", "-1/(1 - cos t)^2"),
    ("x = t^2; y = t^3", "3t/2", "3/(4t)"),
    ("x = 2u; y = u^2", "u", "1/2"),
]


@pytest.mark.parametrize(("curve", "first", "second"), CURVES)
def test_along_a_curve(curve: str, first: str, second: str) -> None:
    found = symback.derive(curve, "x", of="y")
    assert text(found.last) == first
    assert found.verify().verdict == "verified"
    again = symback.derive(curve, "x", of="y", order=2)
    assert text(again.last) == second
    assert again.verify().verdict == "verified"


def test_a_point_of_a_curve() -> None:
    found = symback.derive("x = t^2; y = t^3 - t", "x", of="y", order=2, at={"t": 2})
    assert found.value == sympy.Rational(13, 32)
    assert [text(c) for c in found.fact("coordinates")] == ["4", "6"]


PARAMETRIC_REFUSED: list[tuple[str, dict[str, object], type[SymbackError], str]] = [
    ("x = t^2; y = t^3", {"at": {"t": 0}}, DomainError, "dx/dt is 0 there"),
    ("x = 3; y = t", {}, NoRule, "does not change"),
    ("x = t^2", {}, UsageError, "no equation for y"),
    ("x = t^2; y = x t", {}, UsageError, "stands in the equation"),
    ("x = t^2; y = t", {"order": 3}, UsageError, "not order 3"),
    ("x = t^2; y = t", {"at": {"x": 4}}, UsageError, "by its parameter"),
]


@pytest.mark.parametrize(("curve", "more", "error", "said"), PARAMETRIC_REFUSED)
def test_curves_that_are_refused(curve: str, more: dict[str, object], error: type[SymbackError], said: str) -> None:
    with pytest.raises(error, match=said):
        symback.derive(curve, "x", of="y", **more)  # type: ignore[call-overload]


# --- inverse functions ------------------------------------------------------------------------------------------------

INVERSES: list[tuple[str, dict[str, object], str]] = [
    ("x^3 + x", {"y": 10}, "1/13"),
    ("x + e^x", {"y": 1}, "1/2"),
    ("x^2", {"y": 4, "x": 2}, "1/4"),
    ("x^2", {"y": 4, "x": -2}, "-1/4"),
    ("sin x", {"y": "1/2", "x": "pi/6"}, "2/sqrt(3)"),
    ("ln x", {"y": 0}, "1"),
    ("x^5 + 2x + 1", {"y": 4}, "1/7"),
]


@pytest.mark.parametrize(("function", "at", "value"), INVERSES)
def test_inverse_functions(function: str, at: dict[str, object], value: str) -> None:
    found = symback.derive(function, "x", inverse=True, at=at)
    assert text(found.last) == value
    assert found.verify().verdict == "verified"


INVERSES_REFUSED: list[tuple[str, dict[str, object], type[SymbackError], str]] = [
    ("x^2", {"y": 4}, DomainError, "x = -2 and x = 2"),
    ("x^2", {"y": -1}, DomainError, "No place was found"),
    ("x^3", {"y": 0}, DomainError, "slope of f is 0"),
    ("x^3 + x", {"x": 2}, UsageError, "variable of the function"),
    ("x^3 + x", {"y": 10, "x": 1}, DomainError, "is 2 at x = 1, not 10"),
    ("x^5 + x", {"y": 1}, DomainError, "no number that was recognized"),
]


@pytest.mark.parametrize(("function", "at", "error", "said"), INVERSES_REFUSED)
def test_inverses_that_are_refused(function: str, at: dict[str, object], error: type[SymbackError], said: str) -> None:
    with pytest.raises(error, match=said):
        symback.derive(function, "x", inverse=True, at=at)


# --- commands and files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("x^2", "--strategy", "definition"), "2x"),
        (("x^x", "--strategy", "logarithmic"), "x^x (ln x + 1)"),
        (("x = t^2; y = t^3 - t", "--of", "y", "--wrt", "x"), "(3t^2 - 1)/(2t)"),
        (("x^3 + x", "--inverse", "--at", "y=10"), "1/13"),
    ],
)
def test_commands(symback: Run, arguments: tuple[str, ...], answer: str) -> None:
    found = symback("derive", *arguments, "--format", "json")
    made = json.loads(found.out)
    assert (made["kind"], made["answer"]["text"]) == ("derivative", answer)
    assert made["verified"]["verdict"] == "verified"


def test_a_command_that_is_refused(symback: Run) -> None:
    found = symback("derive", "x^x", "--strategy", "definition")
    assert found.code == 1
    assert "not differentiated by the definition" in found.err
    assert symback("derive", "x^2", "--strategy", "euler").code == 2


ANSWERS = [
    ("expr = 'x^2'\nstrategy = 'definition'\nanswer = '2x'", CONFIRMED),
    ("expr = 'x^2'\nstrategy = 'definition'\nanswer = 'x'", WRONG),
    ("expr = 'x^x'\nstrategy = 'logarithmic'\nanswer = 'x^x (1 + ln x)'", CONFIRMED),
    ("expr = 'x = t^2; y = t^3 - t'\nof = 'y'\nwrt = 'x'\nanswer = '(3t^2 - 1)/(2t)'", CONFIRMED),
    ("expr = 'x = t^2; y = t^3 - t'\nof = 'y'\nwrt = 'x'\nat = {t = 1}\nanswer = 1", CONFIRMED),
    ("expr = 'x^3 + x'\ninverse = true\nat = {y = 10}\nanswer = '1/13'", CONFIRMED),
]


@pytest.mark.parametrize(("keys", "verdict"), ANSWERS)
def test_answers_in_files(tmp_path: Path, keys: str, verdict: str) -> None:
    file = tmp_path / "sheet.toml"
    file.write_text(f"[[problem]]\nkind = 'derive'\n{keys}\n")
    [solution] = solve(file).solutions
    assert solution.error is None
    assert solution.answer_check == verdict


@pytest.mark.parametrize(
    ("function", "value", "place"), [("sin x", "1/2", "x=pi/6"), ("x^3 - 3x", "0", "x=sqrt(3)"), ("x^2", "4", "x=2")]
)
def test_the_hint_for_an_inverse_is_one_of_the_places_exactly(function: str, value: str, place: str) -> None:
    with pytest.raises(DomainError) as caught:
        symback.derive(function, "x", inverse=True, at={"y": value})
    assert caught.value.hint.endswith(f",{place}.")
