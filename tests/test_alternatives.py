"""The other usual ways to a derivative: each by its own rules, verified, and with the same last line."""

from __future__ import annotations

import json

import pytest

import symback
from symback.calculus.alternatives import alternatives
from symback.errors import UsageError
from symback.page.maths import text

WAYS = [
    # typed, the ways by name, the rules of the last way that the first way does not use
    ("(x + 1)/x^2", ("Divided term by term first", "As a product"), {"write as a product", "product rule"}),
    ("(x^2 + 1)(x - 3)", ("Multiplied out first",), {"multiply out"}),
    ("3/x^2", ("By the quotient rule",), {"quotient rule"}),
    ("x/(x + 1)", ("As a product",), {"write as a product", "product rule", "chain rule"}),
    ("(2x + 1)^2", ("Multiplied out first",), {"multiply out"}),
    ("sin(x)/x^3", ("As a product",), {"product rule"}),
    ("e^x/(x^2 + 1)^2", ("As a product",), {"product rule"}),
    ("(x^3 - 2x)/x", ("Divided term by term first", "As a product"), {"product rule"}),
    ("a x/(x + b)", ("As a product",), {"product rule"}),
]
NONE = ["x^2", "sin x", "x^2 sin x", "x y", "5", "(x + 1)^30", "f(x)"]


@pytest.mark.parametrize(("typed", "names", "rules"), WAYS, ids=[row[0] for row in WAYS])
def test_the_other_ways(typed: str, names: tuple[str, ...], rules: set[str]) -> None:
    found = alternatives(typed, "x")
    assert tuple(way.name for way in found.ways) == names
    first = {step.rule.name for step in found.derivation.steps}
    last = {step.rule.name for step in found.ways[-1].result.steps}
    assert rules <= last
    assert rules - first
    for way in found.ways:
        assert way.result.verify().verdict == "verified"
        assert text(way.result.last) == text(found.derivation.last)
        assert way.result.start == found.derivation.start
        assert way.result.lines()[-1] == way.result.last


@pytest.mark.parametrize("typed", NONE)
def test_where_there_is_one_way(typed: str) -> None:
    found = alternatives(typed, "x")
    assert found.ways == ()
    assert found.notes[-1] == "There is no other usual way."


def test_the_first_step_of_a_way_is_a_line_of_its_own() -> None:
    [way] = alternatives("x/(x + 1)").ways
    assert [text(line) for line in way.result.lines()[:2]] == ["d/dx [x/(x + 1)]", "d/dx [x(x + 1)^-1]"]
    assert way.result.steps[0].rule.name == "write as a product"


def test_many_factors_are_worked_by_logarithms_too() -> None:
    found = alternatives("x^2 e^x sin(x)/(x + 1)", "x")
    [way] = [way for way in found.ways if way.name == "By logarithmic differentiation"]
    assert way.result.verify().verdict == "verified"
    shown = symback.render(found, "text").split("By logarithmic differentiation:")[1]
    assert "take the logarithm" in shown
    assert "logarithm of a product" in shown


def test_at_a_point_the_first_way_has_the_value() -> None:
    found = alternatives("3/x^2", "x", {"x": 2})
    assert text(found.derivation.last) == "-3/4"
    assert [text(way.result.last) for way in found.ways] == ["-6/x^3"]


def test_shown_below_the_first_way() -> None:
    shown = symback.render(alternatives("3/x^2"), "text")
    before, after = shown.split("By the quotient rule:")
    assert "write as a power" in before
    assert "quotient rule" in after
    made = json.loads(symback.render(alternatives("3/x^2"), "json"))
    assert [way["way"] for way in made["alternatives"]] == ["By the quotient rule"]
    assert made["alternatives"][0]["answer"] == made["answer"]


def test_more_than_one_derivative_has_no_alternatives() -> None:
    with pytest.raises(UsageError, match="first derivative"):
        alternatives("x^2 y", ["x", "y"])
