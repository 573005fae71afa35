"""Implicit differentiation: 65 equations with their derivatives and reasons, in order of the usual exercises.

The answers are compared as text, and once more with SymPy's -F_x/F_y, which shares nothing with the steps.
"""

import json
import random
from pathlib import Path

import pytest
import sympy

import symback
from symback import solve
from symback.calculus.curves import implicit
from symback.errors import DomainError, NoRule, ParseError, SymbackError, UsageError
from symback.page.lines import reason_of, shown
from symback.page.maths import text
from symback.page.solution import CONFIRMED, WRONG
from symback.verify import Verification
from tests.running import Run

# of the table: the equation, dy/dx, and what is said beside each line after "differentiate both sides"
ROWS = [line.split("\t") for line in (Path(__file__).parent / "implicit.tsv").read_text().splitlines()]


@pytest.mark.parametrize(("equation", "answer", "reasons"), ROWS)
def test_first_derivatives(equation: str, answer: str, reasons: str) -> None:
    found = implicit(equation, "x")
    assert text(found.last) == answer
    assert found.verify().verdict == "verified"
    lines = shown(found.chains()[0].derivation)
    said = [", ".join((*reason_of(line).names, *reason_of(line).more)) for line in lines[1:]]
    assert said == ["differentiate both sides", *reasons.split(" | ")]
    assert _differs_from_partials(found) < 1e-9


def _differs_from_partials(found: symback.Implicit) -> float:
    """Return how far an answer is from -F_x/F_y as SymPy has it, at some points."""
    left, right = (side.doit() for side in found.equation._args)
    x, y = found.by, found.of
    truth = -sympy.diff(left - right, x) / sympy.diff(left - right, y)
    rng = random.Random(3)
    worst = 0.0
    for _ in range(4):
        point = {s: rng.uniform(0.3, 0.8) for s in found.equation.free_symbols}
        worst = max(worst, abs(complex((found.answer - truth).subs(point).evalf())))
    return worst


def test_every_line_is_an_equation_and_the_steps_lead_from_one_to_the_next() -> None:
    found = implicit("x^3 + y^3 = 6x y", "x")
    assert [str(text(line)) for line in found.lines()][-3:] == [
        "(3y^2 - 6x) y'(x) = 6y - 3x^2",
        "y'(x) = (6y - 3x^2)/(3y^2 - 6x)",
        "y'(x) = (2y - x^2)/(y^2 - 2x)",
    ]
    for before, after in zip(found.steps, found.steps[1:], strict=False):
        assert before.after == after.before


def _random_equation(rng: random.Random) -> str:
    """Return an equation of two or three terms of each kind, which always holds y."""
    terms = ["x^2", "y^2", "x y", "x^3 y", "x y^3", "sin(x y)", "e^(x y)", "ln(x + y)", "y sin x", "x cos y",
             "sqrt(x y)", "x/y", "tan(x + y)", "e^y", "(x + 2y)^3", "arctan y", "y ln x"]  # fmt: skip
    chosen = rng.sample(terms, rng.randint(2, 3))
    numbers = [rng.choice(["", "2", "3", "5"]) for _ in chosen]
    left = " + ".join(f"{n}({t})" if n else t for n, t in zip(numbers, chosen, strict=True))
    return f"{left} + y = {rng.choice(['1', 'x', 'x^2', 'y^2 + 4', 'x y'])}"


@pytest.mark.parametrize("seed", range(20))
def test_random_equations_against_partial_derivatives(seed: int) -> None:
    found = implicit(_random_equation(random.Random(seed)), "x")
    is_empty = any(note.startswith("No point with real values") for note in found.notes)
    assert found.verify().verdict == ("unverified" if is_empty else "verified")
    assert _differs_from_partials(found) < 1e-8


SECOND = [
    ("x^2 + y^2 = 25", "-25/y^3"),
    ("x^2 - y^2 = 1", "-1/y^3"),
    ("x^3 + y^3 = 6x y", "16xy/(2x - y^2)^3"),
    ("x^2/a^2 + y^2/b^2 = 1", "-b^4/(a^2y^3)"),
    ("x^4 + y^4 = 16", "-48x^2/y^7"),
    ("x y = 1", "2y/x^2"),
    ("e^y = x", "-e^(-2y)"),
    ("x y + sin y = 1", "y(2(x + cos y) + y sin y)/(x + cos y)^3"),
]


@pytest.mark.parametrize(("equation", "answer"), SECOND)
def test_second_derivatives(equation: str, answer: str) -> None:
    found = implicit(equation, "x", order=2)
    assert text(found.last) == answer
    assert found.verify().verdict == "verified"


def test_a_second_derivative_uses_the_equation() -> None:
    found = implicit("x^2 + y^2 = 25", "x", order=2, at={"x": 3, "y": 4})
    rules = [step.rule.name for step in found.steps]
    assert rules.index("put in dy/dx") < rules.index("use the equation") < rules.index("substitute")
    assert found.value == sympy.Rational(-25, 64)
    assert found.fact("derivatives")[0] == found.answers[0]


POINTS = [
    ("x^2 + y^2 = 25", {"x": 3, "y": 4}, "-3/4"),
    ("x^3 + y^3 = 6x y", {"x": 3, "y": 3}, "-1"),
    ("x^2 + x y + y^2 = 7", {"x": 1, "y": 2}, "-4/5"),
    ("e^(x y) = 1", {"x": 0, "y": 1}, None),
    ("y = x^2", {"x": 3}, "6"),
    ("sin(x y) = 1/2", {"x": "pi/6", "y": 1}, "-6/pi"),
]


@pytest.mark.parametrize(("equation", "at", "value"), POINTS)
def test_values_at_a_point(equation: str, at: dict[str, object], value: str | None) -> None:
    if value is None:
        with pytest.raises(DomainError, match=r"vertical|singular"):
            implicit(equation, "x", at=at)
        return
    found = implicit(equation, "x", at=at)
    assert found.value == sympy.sympify(value)
    assert found.verify().verdict == "verified"


RATES = [
    ("x^2 + y^2 = 25", None, {"x": 3, "y": 4}, {"x": 2}, "-3/2"),
    ("V = 4/3 pi r^3", None, {"r": 5}, {"r": 2}, "200*pi"),
    ("V = 4/3 pi r^3", "r", {"r": 5}, {"V": 100}, "1/pi"),
    ("A = a b", None, {"a": 3, "b": 4}, {"a": 1, "b": 2}, "10"),
    ("z^2 = x^2 + y^2", "z", {"x": 3, "y": 4, "z": 5}, {"x": 6, "y": 8}, "10"),
]


@pytest.mark.parametrize(("equation", "of", "at", "rates", "value"), RATES)
def test_related_rates(
    equation: str, of: str | None, at: dict[str, object], rates: dict[str, object], value: str
) -> None:
    found = implicit(equation, "t", of, at=at, rates=rates)
    assert found.value == sympy.sympify(value)
    assert found.verify().verdict == "verified"


REFUSED: list[tuple[str, dict[str, object], type[SymbackError], str]] = [
    ("x^2 = 25", {}, UsageError, "no letter beside x"),
    ("x^2 + y^2", {}, ParseError, "needs an equals sign"),
    ("x^2 = y = 3", {}, ParseError, "two equals signs"),
    ("x^2 + y^2 =", {}, ParseError, "right side of the equation is empty"),
    ("x^2 + y^2 = 1", {"of": "z"}, UsageError, "z does not occur"),
    ("x^2 + y^2 = 1", {"of": "x"}, UsageError, "function of itself"),
    ("x^2 + y^2 = 25", {"at": {"x": 3, "y": 5}}, DomainError, "left side is 34, the right side is 25"),
    ("x^2 + y^2 = 25", {"at": {"x": 3}}, UsageError, "no value for y"),
    ("x^2 + y^2 = 25", {"at": {"x": 5, "y": 0}}, DomainError, "the tangent is vertical"),
    ("x^3 + y^3 = 6x y", {"at": {"x": 0, "y": 0}}, DomainError, "the curve is singular"),
    ("ln y = x", {"at": {"x": 0, "y": -1}}, DomainError, "no real value"),
    ("x - y = x - y", {}, NoRule, "not determined"),
    ("x = t", {}, UsageError, "rate is given for x"),
    ("f(y) = x", {}, UsageError, "function f is not known"),
    ("a b = c x", {}, UsageError, "3 letters beside x"),
    ("y' = x", {}, ParseError, "prime"),
    ("y'(x) = x y", {}, UsageError, "derivative stands in"),
]


@pytest.mark.parametrize(("equation", "more", "error", "said"), REFUSED)
def test_refusals(equation: str, more: dict[str, object], error: type[SymbackError], said: str) -> None:
    more = {**more, "rates": {"x": 1}} if "rate is" in said else more
    with pytest.raises(error, match=said):
        implicit(equation, "x", **more)  # type: ignore[arg-type]


def test_a_point_that_lacks_a_value_proposes_those_on_the_curve() -> None:
    with pytest.raises(UsageError) as caught:
        implicit("x^2 + y^2 = 25", "x", at={"x": 3})
    assert caught.value.hint == "On the curve lies y = -4 or y = 4."


def test_a_wrong_step_is_found_by_numbers() -> None:
    found = implicit("x^2 + y^2 = 25", "x")
    wrong = symback.parse("x/y")
    bad = found.__class__(found.pieces, wrong, found.asked, equation=found.equation, by=found.by,
                          functions=found.functions, answers=(wrong,))  # fmt: skip
    verdict = bad.verify()
    assert verdict == Verification("failed", verdict.points, "The answer is not -F_x/F_y.", 0)


def test_an_empty_curve_is_noted() -> None:
    assert "No point with real values was found on this curve." in implicit("x^2 + y^2 = -1", "x").notes


def test_a_command(symback: Run) -> None:
    found = symback("implicit", "x^2 + y^2 = 25", "--wrt", "x", "--at", "x=3,y=4", "--format", "json")
    assert found.code == 0
    made = json.loads(found.out)
    assert made["kind"] == "implicit"
    assert made["answer"] == {"text": "-x/y", "sympy": "-x/y", "latex": r"-\frac{x}{y}"}
    assert (made["value"]["text"], made["value"]["number"]) == ("-3/4", -0.75)
    assert made["point"] == {"x": "3", "y": "4"}
    assert made["verified"] == {"verdict": "verified", "points": 12}
    assert made["lines"][0]["reason"] == "differentiate both sides"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("x^2 + y^2", "--wrt", "x"), 3),
        (("x^2 = 4", "--wrt", "x"), 2),
        (("x y = 1", "--wrt", "x,y"), 2),
        (("x y = 1",), 2),
        (("x^2 + y^2 = 25", "--wrt", "x", "--at", "x=3,y=5"), 1),
    ],
)
def test_exit_codes(symback: Run, arguments: tuple[str, ...], code: int) -> None:
    assert symback("implicit", *arguments).code == code


ANSWERS = [
    ("answer = '-x/y'", CONFIRMED),
    ("answer = 'x/y'", WRONG),
    ("order = 2\nanswer = '-25/y^3'", CONFIRMED),
    ("order = 2\nanswer = '-(x^2 + y^2)/y^3'", CONFIRMED),
    ("at = {x = 3, y = 4}\nanswer = '-3/4'", CONFIRMED),
    ("at = {x = 3, y = 4}\nanswer = {derivative = '-x/y', value = -0.75}", CONFIRMED),
    ("at = {x = 3, y = 4}\nanswer = '3/4'", WRONG),
]


@pytest.mark.parametrize(("keys", "verdict"), ANSWERS)
def test_answers_in_files(tmp_path: Path, keys: str, verdict: str) -> None:
    file = tmp_path / "sheet.toml"
    file.write_text(f"[[problem]]\nkind = 'implicit'\nexpr = 'x^2 + y^2 = 25'\nwrt = 'x'\n{keys}\n")
    [solution] = solve(file).solutions
    assert solution.error is None
    assert solution.answer_check == verdict


def test_an_equation_of_sympy() -> None:
    x, y = sympy.symbols("x y")
    assert implicit(sympy.Eq(x**2 + y**2, 25), x).answer == implicit("x^2 + y^2 = 25", "x").answer
    with pytest.raises(UsageError, match="equals sign"):
        implicit(x**2 + y**2, x)


def test_an_equation_that_no_point_fulfils_is_not_verified() -> None:
    found = implicit("x^2 + y^2 = -1", "x")
    assert text(found.last) == "-x/y"
    assert found.verify() == Verification("unverified", 0, "No point with real values was found on this curve.")
