"""Integrals asked on the command line and in problem files."""

import json
from pathlib import Path

import pytest

from symback import solve
from symback.page.solution import CONFIRMED, NARROWER, WRONG
from tests.running import Run


def test_a_command(symback: Run) -> None:
    found = symback("integrate", "x e^(x^2)")
    assert found.code == 0
    assert "∫ x e^(x²) dx = (1/2) ∫ e^u du" in found.out
    assert "verified: its derivative is right at 12 points" in found.out


def test_limits_on_the_command_line(symback: Run) -> None:
    found = symback("integrate", "1/x", "--from", "1", "--to", "e", "--format", "json")
    made = json.loads(found.out)
    assert made["kind"] == "integral"
    assert made["answer"]["text"] == "ln|x|"
    assert made["constant"] == "C"
    assert made["limits"] == ["1", "e"]
    assert made["value"] == {"text": "1", "sympy": "1", "latex": "1", "number": 1.0}
    assert made["verified"]["verdict"] == "verified"
    assert made["lines"][0]["reason"] == "logarithm rule"
    assert made["steps"][0]["law"] == "I(1/x) = ln(abs(x))"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("sin(x)/x",), 1, "the sine integral Si(x)"),
        (("1/x", "--from", "-1", "--to", "1"), 1, "a pole at x = 0"),
        (("1/x", "--from", "1"), 2, "needs to as well"),
        (("x y",), 2, "2 variables"),
        (("x", "--wrt", "x,y"), 2, "one variable"),
        (("∫ x",), 3, "no differential"),
    ],
)
def test_exit_codes(symback: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    found = symback("integrate", *arguments)
    assert found.code == code
    assert said in found.err


ANSWERS = [
    ("expr = '1/x'\nanswer = 'ln|x| + C'", CONFIRMED),
    ("expr = '1/x'\nanswer = 'ln|3x|'", CONFIRMED),
    ("expr = '1/x'\nanswer = 'ln x + C'", NARROWER),
    ("expr = '1/x'\nanswer = '1/x^2'", WRONG),
    ("expr = 'sin x cos x'\nanswer = '-cos(x)^2/2 + C'", CONFIRMED),
    ("expr = 'sin x cos x'\nanswer = 'sin(x)^2/2'", CONFIRMED),
    ("expr = '1/sqrt(1 - x^2)'\nanswer = '-arccos x + K'", CONFIRMED),
    ("expr = 'x^2'\nfrom = 0\nto = 3\nanswer = 9", CONFIRMED),
    ("expr = 'x^2'\nfrom = 0\nto = 3\nanswer = 8", WRONG),
    ("expr = '∫_0^1 x dx'\nanswer = '1/2'", CONFIRMED),
    ("expr = 'x^2'\nfrom = 0\nto = 1\nanswer = {antiderivative = 'x^3/3', value = '1/3'}", CONFIRMED),
]


@pytest.mark.parametrize(("keys", "verdict"), ANSWERS)
def test_answers_are_compared_up_to_a_constant(tmp_path: Path, keys: str, verdict: str) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(f"[[problem]]\nkind = 'integral'\n{keys}\n", encoding="utf-8")
    (solution,) = solve(path).solutions
    assert solution.error is None
    assert {check.verdict for check in solution.checks} == {verdict}


def test_where_a_narrower_answer_is_right(tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text("[[problem]]\nkind = 'integral'\nexpr = '1/x'\nanswer = 'ln x'\n", encoding="utf-8")
    (check,) = solve(path).solutions[0].checks
    assert check.where == "x > 0"
