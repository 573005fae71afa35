"""Moodle questions: well-formed, of the right type, with answers that Moodle's comparison takes, words as words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from base64 import b64decode
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import symback
from symback.page.page import Cover
from symback.page.solution import AnswerCheck, Document, Solution
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
    assert [q.get("type") for q in rest] == ["essay", "essay", "essay", "numerical", "essay", "essay"]
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


SPELLINGS = (
    "6x",
    "6 x",
    "6*x",
    "6 * x",
    "6·x",
    "6 · x",
    "6⋅x",
    "6 ⋅ x",
    "x*6",
    "x * 6",
    "x·6",
    "x · 6",
    "x⋅6",
    "x ⋅ 6",
)
PRODUCT = (
    "2x e^x + x^2 e^x", "2xe^x+x^2e^x", "2*x*e^x + x^2*e^x", "2*x*exp(x)+x^2*exp(x)", "x e^x (x + 2)", "x(x+2)e^x",
    "e^x(x^2+2x)", "(x^2 + 2x) e^x", "x^2 e^x + 2x e^x", "x**2*exp(x) + 2*x*exp(x)", "e^x x (2 + x)", "x*(x+2)*exp(x)",
    "exp(x)*(x^2+2*x)", "(2x+x²)eˣ",
)  # fmt: skip


def is_accepted(found: moodle.Answer, response: str) -> bool | None:
    """Tell whether Moodle gives points for a response; None where a person decides."""
    if found.type == "essay":
        return None
    return any(matches(text.replace("*", "\\*"), " ".join(response.split())) for text in found.texts)


def test_every_usual_spelling_of_a_short_answer_gets_points() -> None:
    found = answer(symback.derive("3x^2", "x"))
    assert found.type == "shortanswer"
    assert len(SPELLINGS) == 14
    assert [text for text in SPELLINGS if not is_accepted(found, text)] == []
    assert not any(is_accepted(found, text) for text in ("6", "x", "6y", "-6x", "6x^2", "66x", "6X"))


def test_no_right_spelling_is_refused() -> None:
    """What can be written in many ways is graded by a person."""
    found = answer(symback.derive("x^2 e^x", "x"), AnswerCheck("x", PRODUCT[0], "", "confirmed"))
    assert len(PRODUCT) == 14
    assert [is_accepted(found, text) for text in PRODUCT] == [None] * 14


@pytest.mark.parametrize(
    ("expr", "some"),
    [
        ("x^3", ("3x^2", "3x²", "3*x**2", "3 x^2", "3*x^(2)", "x^2*3")),
        ("-x^2", ("-2x", "- 2x", "-2*x", "-(2x)")),
        ("x^2 y/2", ("xy", "x y", "y*x", "yx", "x*y")),
    ],
)
def test_spellings(expr: str, some: tuple[str, ...]) -> None:
    found = answer(symback.derive(expr, "x"))
    assert [text for text in some if not is_accepted(found, text)] == []


@pytest.mark.parametrize("expr", ["x^2/3 + x", "sin x", "x^2 y z", "rate^2 x^2", "x^3/9"])
def test_no_spellings(expr: str) -> None:
    assert answer(symback.derive(expr, "x", names=["rate"])) == moodle.Answer()


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
    (_, question) = read(Document("a.toml", "A", solutions=(solved(symback.derive("3x^2", "x")),)).render("moodle"))
    patterns = [of(a, ".").strip() for a in question.findall("answer")]
    assert any(matches(pattern, "6*x") for pattern in patterns)
    assert not any(matches(pattern, "6 and more x") for pattern in patterns)


# --- several answers ----------------------------------------------------------------------------------------------


def solved(thing: Any, **more: Any) -> Solution:
    return Solution("p1", "", thing.kind, works=works(thing), **more)


def one_question(solution: Solution, **more: Any) -> ET.Element:
    return read(Document("a.toml", "A", solutions=(solution,), **more).render("moodle"))[-1]


def test_the_components_of_a_gradient_are_fields() -> None:
    part = solved(symback.gradient("x^2 + 3y", at={"x": 2, "y": 1}), label="a")
    question = one_question(Solution("p1", "One", "gradient", parts=(replace(part, id="p1a"),)))
    assert question.get("type") == "cloze"
    assert question.find("defaultgrade") is None
    text = of(question, "questiontext")
    assert r"\(\frac{\partial f}{\partial x}\) = {1:NUMERICAL:=4.0:0.0}<br>" in text
    assert r"\(\frac{\partial f}{\partial y}\) = {1:NUMERICAL:=3.0:0.0}" in text


def test_parts_are_fields_behind_their_letters() -> None:
    parts = (
        solved(symback.derive("3x^2", "x"), label="a", points=2),
        solved(symback.derive("3x^2", "x", at={"x": 1}), label="b"),
    )
    whole = Solution("p1", "Two", "derive", parts=tuple(replace(p, id=f"p1{p.label}") for p in parts))
    text = of(one_question(whole), "questiontext")
    first, second = text.index("{2:SHORTANSWER_C:=6x~=6 x~=6\\*x"), text.index("{1:NUMERICAL:=6.0:0.0}")
    assert text.index("(a)") < first < text.index("(b)") < second


def test_a_part_that_a_person_grades_makes_an_essay() -> None:
    parts = (solved(symback.derive("x^2 e^x", "x"), label="a"), solved(symback.derive("3x^2", "x"), label="b"))
    whole = Solution("p1", "Two", "derive", parts=tuple(replace(p, id=f"p1{p.label}") for p in parts))
    assert one_question(whole).get("type") == "essay"


def test_a_variant_is_in_the_category_of_its_problem() -> None:
    solution = replace(solved(symback.derive("3x^2", "x")), title="A power")
    made = Document("a.toml", "Quiz, variant 3", solutions=(solution,), variant=3)
    category, question = read(made.render("moodle"))
    assert of(category, "category") == "$course$/top/Quiz/1. A power"
    assert of(question, "name") == "A power (variant 3)"
    assert question.findtext("idnumber") == "p1-3"


def test_remarks_for_the_author_are_not_in_it() -> None:
    note = "This is the variant with a = 2; --variants draws others."
    checked = (AnswerCheck("", "6x", "6x", "confirmed"),)
    text = Document(
        "a.toml", "A", solutions=(solved(symback.derive("3x^2", "x"), checks=checked, notes=(note,)),)
    ).render("moodle")
    assert "given answer" not in text
    assert "--variants" not in text
    assert "Verified at" in text


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
