"""Flash cards: the table reads back cell by cell, the same every time, and words stay words."""

from __future__ import annotations

import csv
import re
from html import unescape
from io import StringIO

import pytest

from symback.page.formula.latex_width import width
from symback.page.page import Cover
from symback.page.solution import Solution
from symback.page.writers import anki
from tests.page.sheets import HOSTILE, Page, section_with, sheet, squeezed

ELEMENTS = {"p", "b", "i", "code", "a", "ol", "ul", "li", "pre", "br", "table", "thead", "tbody", "tr", "th", "td",
            "h4",
            "img", "div", "span", "hr", "details", "summary"}  # fmt: skip


def read(text: str) -> tuple[dict[str, str], list[list[str]]]:
    """Return the lines at the top by name, and the rows."""
    lines = text.splitlines(keepends=True)
    head = [line[1:].rstrip("\n").partition(":") for line in lines if line.startswith("#")]
    body = "".join(line for line in lines if not line.startswith("#"))
    return {name: value for name, _, value in head}, list(csv.reader(StringIO(body), "excel-tab"))


def card(show: str, number: int = 1) -> list[str]:
    return read(sheet().render("anki", show))[1][number - 1]


def test_the_lines_at_the_top() -> None:
    head, rows = read(sheet().render("anki"))
    assert head["separator"] == "tab"
    assert head["html"] == "true"
    assert head["columns"].split("\t") == ["guid", "deck", "Front", "Back", "Tags"]
    assert (head["guid column"], head["deck column"], head["tags column"]) == ("1", "2", "5")
    assert {len(row) for row in rows} == {5}


def test_one_note_a_problem_that_was_worked() -> None:
    _, rows = read(sheet().render("anki"))
    assert [row[4] for row in rows] == ["symback gradient"] + ["symback derive"] * 3 + ["symback backprop"] * 2
    assert {row[1] for row in rows} == {"Slopes & gradients"}
    assert len({row[0] for row in rows}) == 6


def test_a_note_keeps_its_number() -> None:
    assert sheet().render("anki") == sheet().render("anki")
    assert card("steps")[0] == card("problems")[0] == anki.guid("sheets/a.toml", "Slopes & gradients", "g")
    same = anki.guid("a.toml", "Quiz, variant 1", "g")
    others = [
        ("b.toml", "Quiz, variant 1", "g"),
        ("a.toml", "Quiz, variant 2", "g"),
        ("a.toml", "Quiz, variant 1", "h"),
    ]
    assert same not in [anki.guid(*other) for other in others]
    assert same == anki.guid("folder/a.toml", "Quiz, variant 1", "g")


def test_front_asks_and_back_answers() -> None:
    front, back = card("steps")[2:4]
    assert r"\(x^2/2\)" in front
    assert "Hint" in front
    assert r"\frac{x^{2}}{2} + y^{2}" in front
    assert "sum rule" not in front
    assert r"\text{sum rule}" in back
    assert '<img src="data:image/svg+xml;base64,' in back


@pytest.mark.parametrize(
    ("show", "hint", "answer", "steps"),
    [("problems", 0, 0, 0), ("hints", 1, 0, 0), ("answers", 1, 1, 0), ("steps", 1, 1, 1)],
)
def test_what_is_shown(show: str, hint: int, answer: int, steps: int) -> None:
    front, back = card(show)[2:4]
    assert ("Hint" in front, bool(back), "sum rule" in back) == (hint, answer, steps)


def test_formulas_are_not_too_wide_for_a_telephone() -> None:
    back = card("steps", 2)[3]
    shown = re.findall(r"\\begin\{aligned\} (.*?) \\end\{aligned\}", unescape(back))
    rows = [row for formula in shown for row in formula.split(r"\\ ")]
    assert len(rows) > 10
    assert max(map(width, rows)) < anki.WIDEST + 6
    assert "overflow-x: auto" in back


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(words: str) -> None:
    section = section_with(words)
    text = anki.document(Cover(words, file=words), [anki.part(Solution("p1", words, "derive"), section, "steps")])
    _, rows = read(text)
    assert len(rows) == 1
    guid, deck, front, back, tags = rows[0]
    assert re.fullmatch(r"sbk-[0-9a-f]{16}", guid)
    assert tags == "symback derive"
    assert "::" not in deck
    for cell in (front, back):
        page = Page(cell)
        assert "\n" not in cell
        assert set(page.elements) <= ELEMENTS
        assert not page.comments
        assert {name for name, _ in page.attributes} <= {"href", "src", "alt", "style", "border", "cellpadding"}
        assert read_back(words, page)
        assert not re.search(r"\[(latex|sound:|\$)", cell)
        assert "{{" not in re.sub(r"\\[(\[].*?\\[)\]]", "", cell)
        assert_begins_no_formula(page, words)


def read_back(words: str, page: Page) -> bool:
    return squeezed(words) in squeezed(page.text)


def assert_begins_no_formula(page: Page, words: str) -> None:
    """MathJax looks for the beginnings of formulas in each piece of text, so none may stand in the author's words."""
    typed = [p for p in page.pieces if not re.match(r"\s*\\[(\[]", p) and r"\(x < y\)" not in p]
    assert not any(re.search(r"\\.|\$.|.\$", piece) for piece in typed), words
