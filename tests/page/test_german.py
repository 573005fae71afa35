"""A German sheet with every kind of problem: no English word of ours is left on its page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import symback
from symback.page.solution import Document
from symback.page.writers import write
from symback.problems import registry
from symback.words import words_of
from tests.page.sheets import Page

SHEET = Path(__file__).parent / "deutsch.toml"
GERMAN = words_of("de")
_WORD = re.compile(r"(?<![\w{\\-])[A-Za-z]{3,}(?![\w}])")
_OF_FORMATS = {"text", "begin", "end", "aligned"}  # words of Markdown and LaTeX


@cache
def sheet() -> Document:
    found = symback.solve(SHEET)
    assert isinstance(found, Document)
    return found


def english() -> set[str]:
    """Return the words of the table's keys that are in none of its German sentences, nor in the author's."""
    theirs = " ".join((*GERMAN.entries.values(), SHEET.read_text(encoding="utf-8")))
    german = {word.lower() for word in re.findall("[A-Za-zäöüÄÖÜß]+", theirs)}
    return {word.lower() for key in GERMAN.entries for word in _WORD.findall(key)} - german - _OF_FORMATS


def test_the_sheet_has_every_kind() -> None:
    kinds = {registry.ALSO_CALLED.get(s.kind, s.kind) for s in sheet().solutions}
    assert kinds == set(registry.names())
    assert [s.title for s in sheet().solutions if s.error is not None] == []


@pytest.mark.parametrize("show", ["steps", "reveal"])
def test_no_english_word_is_left(show: str) -> None:
    GERMAN.missed.clear()
    page = str(write(sheet(), "html", show))
    assert list(GERMAN.missed) == []
    text = Page(page.partition('<body id="top">')[2]).text
    named = re.findall(r'(?:alt|aria-label|title)="([^"]*)"', page)
    words = {word.lower() for said in (text, *named) for word in _WORD.findall(said)}
    assert len(words) > 100
    assert words & english() == set()
