"""Variants: which values there are, that no two are alike, that a seed always draws the same, what is rejected."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from symback.errors import UsageError
from symback.page.solution import AnswerCheck, Solution
from symback.problems import FileFaults, Problem, Sheet, draw, faults_of, read_sheets, working
from symback.problems.file.parameters import Parameter, combination, combinations, in_range, value_of, written
from symback.problems.variants.conditions import condition_of, holds
from symback.problems.variants.drawing import MOST_DRAWS, shuffled
from tests.problems.writing import Write

SHEET = """\
title = "Powers"
[[problem]]
title = "The power {{n}}"
kind = "derive"
text = "Differentiate ${{a}}x^{{n}}$; the number is {{a}}."
hints = ["Take {{a}} out."]
expr = '{{a}}x^{{n}} - {{a}}'
wrt = "x"
at = {x = '{{a}}'}
answer = '{{a}}*{{n}} x^({{n}} - 1)'
parameters = {a = {range = [-2, 2], not = [0]}, n = {choice = [2, 3]}}
[[problem]]
kind = "derive"
expr = 'x^2'
[[problem]]
id = "graph"
kind = "backprop"
graph = '''
d = {{m}}b
L = d^2'''
answer.formula = {b = '{{m}}*2d'}
parameters = {m = {range = [1, 3]}}
"""


def read(path: Path) -> Sheet:
    (sheet,) = read_sheets(path)
    return sheet


def drawn(sheet: Sheet) -> list[tuple[tuple[str, str], ...]]:
    return [tuple(problem.values.items()) for problem in sheet.problems]


# --- values ----------------------------------------------------------------------------------------------------------


def parameter(low: Any, high: Any, step: Any = 1, excluded: tuple[Any, ...] = ()) -> Parameter:
    given = [value_of(value) for value in (low, high, step, *excluded)]
    values = [value for value in given if value]
    decimal = any("." in value.text for value in values[:3])
    return in_range("a", values[:2], values[2], values[3:], decimal)


@pytest.mark.parametrize(
    ("made", "values"),
    [
        (parameter(2, 5), "2 3 4 5"),
        (parameter(-1, 4, 2), "-1 1 3"),
        (parameter(1, 6, 1, (1, 3, 6, 99)), "2 4 5"),
        (parameter("1/2", "5/2", "1/2"), "1/2 1 3/2 2 5/2"),
        (parameter(Decimal("0.1"), Decimal("0.5"), Decimal("0.2")), "0.1 0.3 0.5"),
        (parameter(0, 1, Decimal("0.25"), (Decimal("0.50"),)), "0 0.25 0.75 1"),
        (parameter("1/3", 1, Decimal("0.5")), "1/3 5/6"),
        (parameter(3, 3), "3"),
    ],
)
def test_the_values_of_a_range(made: Parameter, values: str) -> None:
    assert " ".join(made.value(i).text for i in range(made.count)) == values


def test_choices_are_numbers_and_words(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('[[problem]]\nkind = "derive"\nexpr = "{{f}} x"\nparameters.f.choice = ["sin", "1/2", 3, "sin"]\n')
    assert sorted(sheet.problems[0].values["f"] for sheet in draw(read(path), 3)) == ["1/2", "3", "sin"]


def test_every_combination_has_a_number() -> None:
    parameters = [replace(parameter(1, 2), name="a"), replace(parameter(5, 7), name="b")]
    assert combinations(parameters) == 6
    pairs = [tuple(value.text for value in combination(parameters, i).values()) for i in range(6)]
    assert sorted(pairs) == sorted(itertools.product("12", "567"))


@pytest.mark.parametrize("number", ["-7/4", "1/1000", "3", "-1/8", "123456789/1000"])
def test_decimals_are_exact(number: str) -> None:
    found = value_of(number)
    assert found is not None
    assert found.number is not None
    assert Decimal(written(found.number, decimal=True)) == Decimal(found.number.numerator) / found.number.denominator


def test_a_range_of_a_googol_costs_nothing() -> None:
    huge = parameter(0, 10**100)
    assert huge.count == 10**100 + 1
    assert len(set(itertools.islice(shuffled(huge.count, Random(1)), 100))) == 100


def test_shuffling_draws_everything_once() -> None:
    assert sorted(shuffled(100, Random(1))) == list(range(100))
    assert list(shuffled(100, Random(1))) != list(range(100))


# --- sheets ----------------------------------------------------------------------------------------------------------


def test_values_stand_in_every_text(write: Write) -> None:
    for sheet in draw(read(write(SHEET)), 8):
        first, second, third = sheet.problems
        a, n = first.values["a"], first.values["n"]
        coefficient = {"1": "", "-1": "-"}.get(a, a)
        assert (first.title, first.hints) == (f"The power {n}", (f"Take {a} out.",))
        assert first.text == f"Differentiate ${coefficient}x^{n}$; the number is {a}."
        sign = f"+ {a[1:]}" if a[0] == "-" else f"- {a}"
        assert first.asked == {"expr": f"{coefficient}x^{n} {sign}", "wrt": "x", "at": {"x": a}}
        assert first.answer == (f"{a}*{n} x^({n} - 1)" if a != "1" else f"{n} x^({n} - 1)").replace("-1*", "-")
        assert (first.parameters, first.reject) == ((), ())
        assert (second.values, second.asked) == ({}, {"expr": "x^2"})
        m = third.values["m"]
        assert third.asked["graph"] == f"d = {'' if m == '1' else m}b\nL = d^2"
        assert [working.work(problem).error for problem in sheet.problems] == [None] * 3


def test_all_variants_differ_and_each_problem_runs_through_its_values(write: Write) -> None:
    made = list(draw(read(write(SHEET)), 24))
    assert [sheet.variant for sheet in made] == list(range(1, 25))
    assert len({tuple(drawn(sheet)) for sheet in made}) == 24
    for first in range(0, 24, 8):
        assert len({drawn(sheet)[0] for sheet in made[first : first + 8]}) >= 6


def test_no_more_variants_than_there_are(write: Write) -> None:
    with pytest.raises(UsageError, match=r"There are 24 variants of .*sheet.toml that differ, and no more\."):
        next(draw(read(write(SHEET)), 25))


def test_with_conditions_it_is_found_while_drawing(write: Write) -> None:
    sheet = read(write(SHEET + "reject = ['{{m}} = 2']\n"))
    made = draw(sheet, 17)
    assert len({tuple(drawn(next(made))) for _ in range(16)}) == 16
    with pytest.raises(UsageError, match="There are 16 variants"):
        next(made)


def test_a_sheet_without_parameters_is_its_only_variant(write: Write) -> None:
    sheet = read(write("[[problem]]\nkind = 'derive'\nexpr = 'x'\n"))
    (only,) = draw(sheet, 1)
    assert replace(only, variant=None) == sheet
    with pytest.raises(UsageError, match="has no parameters"):
        next(draw(sheet, 2))


def test_the_same_seed_draws_the_same_however_many_are_made(write: Write) -> None:
    sheet = read(write(SHEET))
    ten = list(draw(sheet, 10, seed=7))
    assert list(draw(sheet, 10, seed=7)) == ten
    assert list(draw(sheet, 3, seed=7)) == ten[:3]
    assert list(draw(sheet, 24, seed=7))[:10] == ten
    assert list(draw(sheet, 10, seed=8)) != ten


def test_a_problem_draws_the_same_whatever_stands_beside_it(write: Write) -> None:
    alone = SHEET[: SHEET.index("[[problem]]")] + SHEET[SHEET.index('[[problem]]\nid = "graph"') :]
    graphs = [[sheet.problems[-1].values for sheet in draw(read(write(text)), 3)] for text in (SHEET, alone)]
    assert graphs[0] == graphs[1]


def test_draws_do_not_hang_on_the_seed_of_hashing(write: Write) -> None:
    program = (
        "import sys; from symback.problems import *; s, = read_sheets(sys.argv[1]);"
        "print([p.values for v in draw(s, 6, 3) for p in v.problems])"
    )
    path = str(write(SHEET))
    runs = [
        subprocess.run(
            [sys.executable, "-c", program, path],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != ""


def test_a_sheet_that_is_read_has_the_first_values_and_says_so(write: Write) -> None:
    sheet = read(write(SHEET))
    (first,) = draw(sheet, 1, seed=0)
    assert sheet.variant is None
    assert [problem.values for problem in sheet.problems] == [problem.values for problem in first.problems]
    note = "This is the variant with a = {a}, n = {n}; --variants draws others."
    assert sheet.problems[0].notes == (note.format(**sheet.problems[0].values),)
    assert sheet.problems[1].notes == ()
    assert sheet.template is not None
    assert sheet.template.problems[0].asked["expr"] == "{{a}}x^{{n}} - {{a}}"
    assert list(draw(sheet.template, 5)) == list(draw(sheet, 5))
    assert first.template is None


# --- conditions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("{{a}} = {{b}}", {"a": 2, "b": 2}, True),
        ("{{a}} = {{b}}", {"a": 2, "b": 3}, False),
        ("{{a}} != {{b}}", {"a": 2, "b": 3}, True),
        ("{{a}} = 0.5", {"a": "1/2"}, True),
        ("{{a}}^2 = 4{{b}}", {"a": -4, "b": 4}, True),
        ("{{a}}^2 < 4{{b}}", {"a": -4, "b": 4}, False),
        ("{{a}}^2 <= 4{{b}}", {"a": -4, "b": 4}, True),
        ("{{a}} ≥ {{b}}", {"a": "1/3", "b": "1/4"}, True),
        ("{{a}} - {{b}} > 0", {"a": 1, "b": -1}, True),
        ("sqrt({{a}}) = 2", {"a": 4}, True),
        ("sqrt({{a}}) < 1.5", {"a": 2}, True),
        ("sqrt({{a}})^2 = 2", {"a": 2}, True),
        ("{{f}} = sin", {"f": "sin"}, True),
        ("{{f}} = cos", {"f": "sin"}, False),
        ("{{f}} = x + x", {"f": "2x"}, True),
    ],
)
def test_conditions_on_the_values(text: str, values: dict[str, Any], expected: bool) -> None:
    found = {name: value for name, given in values.items() if (value := value_of(given))}
    problem = Problem("p1", 1, "", "derive", asked={"expr": "x"})
    assert holds(condition_of(text), problem, found) is expected


def test_values_that_are_rejected_are_drawn_again(write: Write) -> None:
    sheet = read(write(SHEET + "reject = ['{{m}} < 2', '{{m}} = 3']\n"))
    assert {made.problems[2].values["m"] for made in draw(sheet, 8)} == {"2"}


GRADIENT = """\
[[problem]]
kind = "gradient"
expr = '{{a}}x^2 + {{b}}x + y'
at = {x = 1, y = 0}
parameters = {a = {range = [-2, 2]}, b = {range = [-2, 2]}}
"""


def test_a_condition_on_the_answer_at_a_point(write: Write) -> None:
    sheet = read(write(GRADIENT + "reject = ['value.x = 0', 'answer.x = 2x + 2']\n"))
    for made in draw(sheet, 15):
        a, b = (int(text) for text in made.problems[0].values.values())
        assert 2 * a + b != 0
        assert (a, b) != (1, 2)


def test_a_condition_on_the_only_answer(write: Write) -> None:
    text = (
        "[[problem]]\nkind = 'derive'\nexpr = 'x^2 + {{a}}x'\nat.x = 1\nparameters.a.range = [-3, 0]\nreject = '%s'\n"
    )
    for condition, left in (("value = 0", {"-3", "-1", "0"}), ("answer = 2x", {"-3", "-2", "-1"}),
                            ("value != 0", {"-2"})):  # fmt: skip
        sheet = read(write(text % condition))
        assert {made.problems[0].values["a"] for made in draw(sheet, len(left))} == left
        with pytest.raises(UsageError, match="and no more"):
            list(draw(sheet, len(left) + 1))


def test_everything_is_rejected(write: Write) -> None:
    path = write(SHEET + "reject = '{{m}} > 0'\n")
    (fault,) = faults_of(path)
    assert (fault.line, fault.message) == (
        15,
        "Problem graph cannot be made: all 3 combinations of its values are rejected.",
    )
    assert fault.hint == "Widen a range, or weaken '{{m}} > 0'."
    with pytest.raises(FileFaults, match="all 3 combinations"):
        read_sheets(path)


def test_a_thousand_draws_and_no_more(write: Write) -> None:
    path = write(SHEET.replace("[1, 3]", "[1, 1000000]") + "reject = '{{m}} > 1'\n")
    with pytest.raises(FileFaults, match=f"{MOST_DRAWS} draws in a row were rejected"):
        read_sheets(path)


def test_a_condition_on_an_answer_that_there_is_not(write: Write) -> None:
    (fault,) = faults_of(write(GRADIENT + "reject = 'answer.z = 0'\n"))
    assert (fault.line, fault.message) == (
        1,
        "The condition 'answer.z = 0' of problem p1 cannot be tried: "
        "The answer for z belongs to nothing; the keys are x, y, value.",
    )


def test_what_cannot_be_worked_is_drawn_again_where_its_answer_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    from symback.errors import DomainError

    def work(problem: Problem) -> Solution:
        failed = DomainError("There is no value.") if problem.values["a"] == "0" else None
        return Solution("p1", "", "derive", error=failed, checks=(AnswerCheck("", "0", "1", "wrong"),))

    monkeypatch.setattr(working, "work", work)
    text = "[[problem]]\nkind = 'derive'\nexpr = '1/({{a}}x)'\nparameters.a.range = [0, %d]\nreject = 'answer = 0'\n"
    assert {made.problems[0].values["a"] for made in draw(read(write(text % 3)), 3)} == {"1", "2", "3"}
    with pytest.raises(FileFaults, match="rejected, the last one because it cannot be worked: There is no value"):
        read_sheets(write(text % 0))
