"""STACK questions: well-formed, right answers in Maxima's language, a test that expects all points."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest

import symback
from symback.page.solution import Document, Solution
from symback.page.writers import maxima
from tests.page.sheets import sheet, works


def questions(*solutions: Solution, **more: Any) -> list[ET.Element]:
    made = Document("a.toml", "Quiz", solutions=solutions, **more)
    return [q for q in ET.fromstring(made.render("stack")) if q.get("type") != "category"]


def solved(thing: Any, **more: Any) -> Solution:
    return Solution("p1", "A title", thing.kind, works=works(thing), **more)


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        ("3x^2 e^(2x) + ln x", "3*x^2*exp(2*x) + log(x)"),
        ("0.5x + 1/3", "(1/2)*x + 1/3"),
        ("arctan(x)/|x|", "atan(x)/abs(x)"),
        ("pi e^x", "%pi*exp(x)"),
        ("sqrt(x) + max(x, 2)", "sqrt(x) + max(x, 2)"),
        ("f(x)", None),
        ("gamma x", None),
    ],
)
def test_expressions_for_maxima(expr: str, text: str | None) -> None:
    assert maxima.written(symback.parse(expr)) == text


@pytest.mark.parametrize(
    ("thing", "variables", "test", "kind"),
    [
        (symback.derive("x^2 e^x", "x"), "ta1: x*exp(x)*(x + 2);", "AlgEquiv", "algebraic"),
        (symback.derive("x^2", "x", at={"x": 3}), "ta1: 6;", "AlgEquiv", "algebraic"),
        (symback.gradient("x^2 y"), "ta1: matrix([2*x*y], [x^2]);", "AlgEquiv", "matrix"),
        (symback.hessian("x^2 y"), "ta1: matrix([2*y, 2*x], [2*x, 0]);", "AlgEquiv", "matrix"),
        (symback.integrate("2x", "x"), "ta1: x^2 + c;", "Int", "algebraic"),
        (symback.integrate("2x", "x", limits=(0, 3)), "ta1: 9;", "AlgEquiv", "algebraic"),
    ],
    ids=["product", "value", "gradient", "hessian", "antiderivative", "integral"],
)
def test_what_is_asked(thing: Any, variables: str, test: str, kind: str) -> None:
    (question,) = questions(solved(thing))
    assert question.get("type") == "stack"
    assert question.findtext("questionvariables/text") == variables
    assert question.findtext("prt/node/answertest") == test
    assert question.findtext("input/type") == kind
    assert "[[input:ans1]] [[validation:ans1]]" in (question.findtext("questiontext/text") or "")
    assert question.findtext("specificfeedback/text") == "[[feedback:prt1]]"
    assert question.findtext("qtest/testinput/value") == "ta1"
    assert question.findtext("qtest/expected/expectedscore") == "1.0000000"


def test_our_steps_are_the_feedback() -> None:
    (question,) = questions(solved(symback.derive("x^2 e^x", "x")))
    assert "product rule" in (question.findtext("generalfeedback/text") or "")


def test_several_gradients_have_a_field_each() -> None:
    thing = symback.Graph("d = 2b; L = c d").backprop(at={"b": 1, "c": -2}, wrt=["b", "c"])
    (question,) = questions(solved(thing))
    assert question.findtext("questionvariables/text") == "ta1: -4;\nta2: 2;"
    assert [float(one.text or 0) for one in question.findall("prt/value")] == [0.5, 0.5]
    assert r"\(\frac{\partial L}{\partial c}\) = [[input:ans2]]" in (question.findtext("questiontext/text") or "")


def test_parts_have_their_fields_and_points() -> None:
    parts = (
        replace(solved(symback.derive("x^2", "x"), label="a", points=3), id="p1a"),
        replace(solved(symback.derive("x^3", "x"), label="b"), id="p1b"),
    )
    (question,) = questions(Solution("p1", "Two", "derive", parts=parts))
    text = question.findtext("questiontext/text") or ""
    assert text.index("(a)") < text.index("[[input:ans1]]") < text.index("(b)") < text.index("[[input:ans2]]")
    assert question.findtext("defaultgrade") == "4"


def test_what_maxima_cannot_say_is_an_essay() -> None:
    (question,) = questions(solved(symback.derive("x f(x)", "x")))
    assert question.get("type") == "essay"


def test_a_variant_has_its_number_as_its_seed() -> None:
    made = Document("a.toml", "Quiz, variant 3", solutions=(solved(symback.derive("x^2", "x")),), variant=3)
    assert "<deployedseed>3</deployedseed>" in made.render("stack")


def test_a_sheet_of_every_sort_is_well_formed() -> None:
    kinds = [one.get("type") for one in ET.fromstring(sheet().render("stack"))]
    assert kinds == ["category", "stack", "stack", "stack", "stack", "essay", "stack"]
