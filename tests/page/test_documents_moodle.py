"""Moodle questions: well-formed, of the right type, with answers that Moodle's comparison takes, words as words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from base64 import b64decode
from fractions import Fraction
from typing import Any

import pytest

import symback
from symback.page.page import Cover
from symback.page.solution import AnswerCheck, Solution
from symback.page.writers import moodle
from tests.page.sheets import HOSTILE, Page, section_with, sheet, squeezed, works
from tests.page.test_documents_anki import ELEMENTS, assert_begins_no_formula, read_back

ORDER = ["name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber"]


def read(text: str) -> list[ET.Element]:
    """Return the questions, the category first."""
    return list(ET.fromstring(text))


def questions(show: str = "steps") -> list[ET.Element]:
    return read(sheet().render("moodle", show))


def of(element: ET.Element, path: str) -> str:
    return element.findtext(f"{path}/text") or ""


def test_the_file() -> None:
    first, *rest = questions()
    assert first.get("type") == "category"
    assert of(first, "category") == "$course$/top/Slopes & gradients"
    assert r"\(e^x\)" in of(first, "info")
    assert [q.get("type") for q in rest] == ["essay", "shortanswer", "essay", "numerical", "essay", "essay"]
    assert [q.findtext("idnumber") for q in rest] == ["g", "one", "two", "at", "net", "graph"]
    assert all([e.tag for e in q][: len(ORDER)] == ORDER for q in rest)
    assert sheet().render("moodle") == sheet().render("moodle")


def test_points_and_hints() -> None:
    gradient, product = questions()[1:3]
    assert (gradient.findtext("defaultgrade"), product.findtext("defaultgrade")) == ("2", "1")
    assert [Page(h.findtext("text") or "").text.strip() for h in gradient.findall("hint")] == [
        r"Use the power rule on \(x^2/2\).",
        "And once more.",
    ]


@pytest.mark.parametrize(
    ("show", "hints", "answer", "steps"),
    [("problems", 0, 0, 0), ("hints", 2, 0, 0), ("answers", 2, 1, 0), ("steps", 2, 1, 1)],
)
def test_what_a_student_sees(show: str, hints: int, answer: int, steps: int) -> None:
    gradient = questions(show)[1]
    feedback = of(gradient, "generalfeedback")
    assert (len(gradient.findall("hint")), r"\nabla f" in feedback, "sum rule" in feedback) == (hints, answer, steps)
    assert "sum rule" in of(gradient, "graderinfo")


def test_a_picture_is_a_file_of_its_text() -> None:
    for element in ("generalfeedback", "graderinfo"):
        inside = questions()[1].find(element)
        assert inside is not None
        files = {file.get("name"): file.text or "" for file in inside.findall("file")}
        (name,) = re.findall(r'src="@@PLUGINFILE@@/([^"]*)"', inside.findtext("text") or "")
        assert b64decode(files[name]).startswith(b"<svg ")


# --- answers ------------------------------------------------------------------------------------------------------


def answer(thing: Any, *checks: AnswerCheck) -> moodle.Answer:
    return moodle.answer_of(Solution("p1", "", "derive", works=works(thing), checks=checks))


@pytest.mark.parametrize(
    ("thing", "number", "tolerance"),
    [
        (symback.derive("x^2", "x", at={"x": 3}), 6, 0),
        (symback.derive("x^5", "x", at={"x": 4}), 1280, 0),
        (symback.derive("e^x", "x", at={"x": 1}), 2.71828182846, 0.005),
        (symback.derive("ln x", "x", at={"x": 3}), 0.333333333333, 0.0005),
        (symback.directional("x^2 + y^2", ["x", "y"], (3, 4), at={"x": 1, "y": 2}), 4.4, 0),
        (symback.Graph("d = 2b; L = c d").backprop(at={"b": 1, "c": -2}, wrt=["b"]), -4, 0),
        (symback.Graph("L = c/3").backprop(at={"c": Fraction(1)}, wrt=["c"], exact=True), 0.333333333333, 0.0005),
        (symback.evaluate("x/8", {"x": 5}), 0.625, 0),
    ],
)
def test_numbers(thing: Any, number: float, tolerance: float) -> None:
    assert answer(thing) == moodle.Answer("numerical", number, tolerance)


def test_expressions() -> None:
    given = AnswerCheck("x", "(6x + 6x^2) y e^(2x)", "", "confirmed")
    wrong = AnswerCheck("x", "7", "", "wrong")
    found = answer(symback.derive("3x^2y e^(2x)", "x"), given, wrong)
    assert found.type == "shortanswer"
    assert {"6xy e^(2x) (x + 1)", "6*x*y*exp(2*x)*(x + 1)", given.given} <= set(found.texts)
    assert "7" not in found.texts
    assert answer(symback.derive("3x^2 y", "x")).texts == ("6xy", "6*x*y")


@pytest.mark.parametrize(
    "thing",
    [
        symback.gradient("x y"),
        symback.derive(" + ".join(f"{k} sin({k} x)" for k in range(2, 14)), "x"),
        symback.Graph("L = a b").backprop(at={"a": 1, "b": 2}),
        symback.Graph("L = sum(x^2)").backprop(at={"x": [1, 2]}, wrt=["x"]),
    ],
    ids=["gradient", "long", "two gradients", "array"],
)
def test_everything_else_is_an_essay(thing: Any) -> None:
    assert answer(thing) == moodle.Answer()


def matches(pattern: str, response: str) -> bool:
    """Compare as Moodle does: an asterisk stands for any text but behind a backslash."""
    pieces = re.split(r"(?<!\\)\*+", pattern)
    return re.fullmatch(".*".join(re.escape(piece.replace(r"\*", "*")) for piece in pieces), response) is not None


def test_an_asterisk_is_an_asterisk() -> None:
    patterns = [of(a, ".").strip() for a in questions()[2].findall("answer")]
    assert any(matches(pattern, "6*x*y*e^(2*x)*(x + 1)") for pattern in patterns)
    assert not any(matches(pattern, "6*x*y*e^(2*x)*(x + 1) and more*x*(x + 1)") for pattern in patterns)


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(words: str) -> None:
    solution = Solution("p1", words, "derive", works=works(symback.gradient("x y")))
    section = section_with(words)._replace(id=words)
    category, question = read(moodle.document(Cover(words, section.problem), [moodle.part(solution, section, "steps")]))
    assert squeezed(of(category, "category")) == "$course$/top/" + (squeezed(words).replace("/", "//") or "symback")
    assert squeezed(of(question, "name")) == squeezed(words)
    assert (question.findtext("idnumber") or "")[:80] == squeezed(words)[:80]
    assert len(question.findtext("idnumber") or "") <= 100
    for element in ("questiontext", "generalfeedback", "hint", "graderinfo"):
        page = Page(of(question, element))
        assert set(page.elements) <= ELEMENTS
        assert not page.comments
        assert read_back(words, page)
        assert_begins_no_formula(page, words)
