"""Extrema on the command line, in Python and in problem files: lines, objects, answers, one clear error each."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
import sympy

import symback
from symback import solve
from symback.calculus.extrema.checking import verify_points
from symback.calculus.extrema.story import Equate, Grid, Say
from symback.errors import DomainError, NoRule, ParseError, SymbackError, UsageError
from symback.expr.tree import TWO
from symback.page.maths import text
from symback.page.solution import CONFIRMED, WRONG
from tests.running import Run


def test_a_command(symback: Run) -> None:
    found = symback("extrema", "x^3 - 3x")
    assert found.code == 0
    for line in ("= 3(x - 1)(x + 1)", "factor", "from   x - 1 = 0", "(-1, 1)", "decreasing", "Minimum: at x = 1"):
        assert line in found.out
    assert "verified: 2 points by the values around each" in found.out


def test_an_object(symback: Run) -> None:
    made = json.loads(symback("extrema", "x^2 - 4x + 1", "--on", "0,3", "--format", "json").out)
    assert made["kind"] == "extrema"
    assert [(p["at"], p["value"], p["type"]) for p in made["points"]] == [
        ({"x": "0"}, "1", "maximum"), ({"x": "2"}, "-3", "minimum"), ({"x": "3"}, "-2", "maximum"),
    ]  # fmt: skip
    assert made["points"][1]["global"] is True
    assert made["on"] == ["0", "3"]
    assert made["derivations"][0]["lines"][-1]["reason"] == "factor"


def test_a_multiplier(symback: Run) -> None:
    found = symback("extrema", "x y", "--subject-to", "x^2 + y^2 = 8")
    assert found.code == 0
    for line in ("y = 2λx", "f_x = λ g_x", "(2, 2) with λ = 1/2", "The largest value is 4"):
        assert line in found.out


def test_a_system_is_solved_by_putting_in() -> None:
    found = symback.extrema("x^3 + y^3 - 3x y")
    rows = [(text(a), text(b), str(why)) for part in found.story if isinstance(part, Equate) for a, b, why in part.rows]
    assert ("y", "x^2", "from the first equation") in rows
    assert ("3x(x - 1)(x^2 + x + 1)", "0", "put into the second equation") in rows
    (grid,) = (part for part in found.story if isinstance(part, Grid))
    assert grid.rows[0][-1] == ("D < 0: saddle",)
    assert grid.rows[1][-1] == ("D > 0, f_xx > 0: minimum",)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("x^2 - y^4", "in the direction (1, 0) the values are larger, in the direction (0, 1) smaller: a saddle"),
        ("x^3 + y^2", "in the direction (1, 0) the values go from smaller to larger: a saddle"),
        ("x^4 + y^4", "are even powers of one sign, so no value is smaller"),
        ("x^2 + x y^2", "nothing else decides it for certain"),
    ],
)
def test_what_decides_where_the_test_says_nothing(function: str, said: str) -> None:
    sentences = ["".join(map(str, part.words)) for part in symback.extrema(function).story if isinstance(part, Say)]
    assert any(said in sentence for sentence in sentences)


def test_a_place_that_is_rounded_is_said() -> None:
    found = symback.extrema("x^4 - 3x^2 + x", "x")
    assert [round(float(p.at["x"]), 4) for p in found.points] == [-1.3008, 0.1699, 1.1309]
    assert found.notes == ("A place that is no short exact number is rounded.",)


def test_zeros_found_by_numbers_are_said() -> None:
    found = symback.extrema("x sin x", "x", on=(0, 6))
    assert not found.is_complete
    assert "there may be others" in found.notes[0]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("x^2", "--on", "3,1"), 2, "ends before it begins"),
        (("x^2 + y^2", "--on", "0,1"), 2, "belongs to a function of one variable"),
        (("x^2", "--on", "3"), 2, "two ends"),
        (("x + y", "--subject-to", "x^2 + y^2 = -1"), 1, "No point meets the constraint"),
        (("x + y", "--subject-to", "x^2 + y^2"), 3, "needs an equals sign"),
        (("5",), 2, "no variable"),
        (("sin x sin y",), 1, "infinitely many"),
        (("0 x + 1",), 1, "constant"),
    ],
)
def test_exit_codes(symback: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    found = symback("extrema", *arguments)
    assert found.code == code
    assert said in found.err


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda: symback.extrema("(x - y)^2"), DomainError, "infinitely many"),
        (lambda: symback.extrema("x y", subject_to="y^2 = x^3"), DomainError, "all of its slopes are 0"),
        (lambda: symback.extrema("x y", subject_to="z = 1"), UsageError, "no variable"),
        (lambda: symback.extrema("floor(x)"), NoRule, "floor"),
        (lambda: symback.extrema("|x| + |y|"), DomainError, "do not exist everywhere"),
        (lambda: symback.extrema("sqrt(x^2 + y^2)"), DomainError, "do not exist everywhere"),
        (lambda: symback.extrema("x^2 + max(y, -y)"), DomainError, "do not exist everywhere"),
        (lambda: symback.extrema("x + sqrt(y)"), DomainError, "do not exist everywhere"),
        (lambda: symback.extrema("x^(2/3) + y^(2/3)"), DomainError, "do not exist everywhere"),
        (lambda: symback.extrema("|x| + y", subject_to="x^2 + y^2 = 1"), DomainError, "slopes of f do not exist"),
        (lambda: symback.extrema("x + y", subject_to="|x| + |y| = 1"), DomainError, "slopes of g do not exist"),
        (lambda: symback.extrema("a x^2", "x"), UsageError, "has no value"),
        (lambda: symback.extrema("x", on=("a", 1)), UsageError, "must be numbers"),
        (lambda: symback.extrema("x^2", subject_to="x = 1"), UsageError, "two variables"),
        (lambda: symback.extrema("w + x + y + z"), UsageError, "up to 3"),
    ],
)
def test_questions_that_have_no_answer(ask: object, error: type[SymbackError], said: str) -> None:
    with pytest.raises(error) as caught:
        ask()  # type: ignore[operator]
    assert said in f"{caught.value} {caught.value.hint}"


def test_results_are_frozen_hashable_and_pickle() -> None:
    found = symback.extrema("x^2 - 4x", "x")
    copy = pickle.loads(pickle.dumps(found))
    assert copy == found
    assert hash(copy) == hash(found)
    assert repr(found) == "<Extrema: x^2 - 4x, 1 point>"


def test_the_check_sees_a_wrong_type_and_a_wrong_value() -> None:
    found = symback.extrema("x^2 - 4x", "x")
    (point,) = found.points
    for wrong in (replace(point, type="maximum"), replace(point, type="neither"), replace(point, value_tree=TWO)):
        assert verify_points(replace(found, points=(wrong,))).verdict == "failed"


ANSWERS = [
    ("expr = 'x^3 - 3x'\nanswer = {minima = 1, maxima = -1}", CONFIRMED),
    ("expr = 'x^3 - 3x'\nanswer = {minima = -1}", WRONG),
    ("expr = 'x^2 - 4x + 1'\non = [0, 3]\nanswer = {least = -3, greatest = 1}", CONFIRMED),
    ("expr = 'x^3 + y^3 - 3x y'\nanswer = {minima = [1, 1], saddles = [0, 0], minimum_value = -1}", CONFIRMED),
    ("expr = 'x + y'\nsubject_to = 'x^2 + y^2 = 2'\nanswer = {maxima = [1, 1], greatest = 2}", CONFIRMED),
    ("expr = 'x + y'\nsubject_to = 'x^2 + y^2 = 2'\nanswer = {greatest = 3}", WRONG),
]


@pytest.mark.parametrize(("keys", "verdict"), ANSWERS)
def test_answers(tmp_path: Path, keys: str, verdict: str) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(f"[[problem]]\nkind = 'extrema'\n{keys}\n", encoding="utf-8")
    (solution,) = solve(path).solutions
    assert solution.error is None
    assert {check.verdict for check in solution.checks} == {verdict}


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("expr = 'x^3 - 3x'\npicture = 'curve'", ("maximum (-1, 2)", "minimum (1, -2)")),
        ("expr = 'x y'\nsubject_to = 'x^2 + y^2 = 8'\npicture = 'contour'", ("with the constraint x² + y² = 8",)),
    ],
)
def test_pictures(tmp_path: Path, keys: str, words: tuple[str, ...]) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(f"[[problem]]\nkind = 'extrema'\n{keys}\n", encoding="utf-8")
    page = symback.render(solve(path), "html")
    assert "<svg" in page
    for said in words:
        assert said in page


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("|x - 1| + |x + 2|", "f'(x) is 0 only on whole intervals, which the table shows."),
        ("|x|", "f'(x) is nowhere 0."),
    ],
)
def test_a_derivative_without_single_zeros(function: str, said: str) -> None:
    assert said in str(symback.extrema(function))


def test_a_constraint_is_read_like_any_equation() -> None:
    for written in ("x^2 + y^2 = 2", r"\(x^2 + y^2 = 2\)", "2 = x^2 + y^2"):
        found = symback.extrema("x y", ["x", "y"], subject_to=written)
        assert len(found.points) == 4
    with pytest.raises(ParseError, match="two equals signs"):
        symback.extrema("x y", ["x", "y"], subject_to="x = y = 1")


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("x sqrt(4 - x^2)", -2, 2),
        ("sqrt(x) + sqrt(1 - x)", 1, sympy.sqrt(2)),
        ("arcsin(x)", -sympy.pi / 2, sympy.pi / 2),
    ],
)
def test_the_ends_of_the_domain_count_too(asked: str, least: object, most: object) -> None:
    found = symback.extrema(asked, "x")
    best = {p.type: p.value for p in found.points if p.is_global}
    assert best == {"minimum": least, "maximum": most}
    assert found.verify().verdict == "verified"


@pytest.mark.parametrize("asked", ["x + sqrt(x)", "1/sqrt(1 - x^2)", "x^3 - 3x"])
def test_no_largest_value_is_claimed_where_the_domain_has_an_open_end(asked: str) -> None:
    assert not any(p.is_global and p.type == "maximum" for p in symback.extrema(asked, "x").points)


@pytest.mark.parametrize(
    ("asked", "signs"),
    [
        ("x^3 - 3x", ["-6 < 0 maximum", "6 > 0 minimum"]),
        ("x^4", ["0 the test tells nothing"]),
        ("x e^(-x)", ["-e^-1 < 0 maximum"]),
        ("x sqrt(x + 1)", []),
    ],
)
def test_the_second_derivative_stands_beside_the_table_of_signs(asked: str, signs: list[str]) -> None:
    found = symback.extrema(asked, "x")
    tables = [part for part in found.story if isinstance(part, Grid) and part.head[2] == ("second derivative test",)]
    rows = [row for table in tables for row in table.rows]
    assert [f"{text(value)}{sign} {said}" for _, (value, sign), (said,) in rows] == signs


def test_three_variables_on_a_sphere() -> None:
    found = symback.extrema("x y z", ["x", "y", "z"], subject_to="x^2 + y^2 + z^2 = 3")
    types = [p.type for p in found.points]
    assert [types.count(kind) for kind in ("minimum", "maximum", "saddle")] == [4, 4, 6]
    assert {p.value for p in found.points if p.is_global} == {-1, 1}
    assert found.verify().verdict == "verified"
