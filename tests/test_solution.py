"""Worked sheets in Python: `symback.solve`, a document as the sequence of its solutions, and their renderings."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import symback
from symback.errors import UsageError
from symback.page.solution import Document, Solution
from symback.page.writers import FORMATS

SHEET = """
title = "Slopes"
[[problem]]
id = "line"
title = "A line"
kind = "derive"
expr = '3x + 1'
wrt = "x"
answer = '3'
[[problem]]
title = "A slip"
kind = "derive"
expr = 'x^2'
wrt = "x"
answer = 'x'
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "slopes.toml"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_a_file_is_a_document_of_solutions(sheet: Path) -> None:
    document = symback.solve(sheet)
    assert isinstance(document, Document)
    assert (document.title, len(document), document[0].id) == ("Slopes", 2, "line")
    assert [solution.answer_check for solution in document] == ["confirmed", "wrong"]
    assert str(document[0].works[0].thing.answer) == "3"
    assert symback.solve(str(sheet)).title == "Slopes"


def test_a_folder_is_a_tuple_of_documents(sheet: Path) -> None:
    assert [document.title for document in symback.solve(sheet.parent)] == ["Slopes"]


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "json", "html", "typst", "notebook"])
def test_documents_and_solutions_are_rendered(sheet: Path, form: str) -> None:
    document = symback.solve(sheet)
    whole, one = symback.render(document, form), symback.render(document[0], form)
    assert "A line" in whole
    assert "A slip" in whole
    assert "A line" in one
    assert "A slip" not in one


def test_what_is_shown(sheet: Path) -> None:
    document = symback.solve(sheet)
    assert "power rule" in document.render()
    assert "power rule" not in document.render(show="problems")
    assert str(document) == document.render("markdown")
    assert "A line" in str(document[0])


def test_no_such_format(sheet: Path) -> None:
    with pytest.raises(UsageError) as error:
        symback.render(symback.solve(sheet), "docx")
    assert set(FORMATS) <= set(error.value.hint.removeprefix("Choose one of: ").rstrip(".").split(", "))


def test_pickled(sheet: Path) -> None:
    document = symback.solve(sheet)
    again: Document = pickle.loads(pickle.dumps(document))
    assert again.render() == document.render()
    assert isinstance(again[0], Solution)
