"""`symback init` and `symback words` as a person uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

import symback
from symback.words import faults_of_table, text_of
from tests.running import Run


@pytest.mark.parametrize(("language", "answer"), [("en", "### Answer"), ("de", "### Ergebnis")])
def test_the_first_sheet_shows_parts_variants_and_a_graph(
    symback: Run, tmp_path: Path, language: str, answer: str
) -> None:
    path = tmp_path / "week.toml"
    code, out, err = symback("init", str(path), "--language", language)
    assert (code, err) == (0, "")
    assert out.endswith(f"look at it with: symback solve {path} --out out\n")
    document = solve(path)
    parts, variants, graph = document
    assert [part.label for part in parts.parts] == ["a", "b"]
    assert [one.answer_check for one in document] == ["confirmed"] * 3
    assert "--variants" in variants.notes[0]
    assert graph.pictures
    assert answer in document.render("markdown")


def solve(path: Path) -> symback.Document:
    found = symback.solve(path)
    assert not isinstance(found, tuple)
    return found


def test_a_file_is_not_replaced(symback: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text("mine")
    code, _, err = symback("init", str(path))
    assert (code, err) == (2, f"Error: {path} exists; --force replaces it.\n")
    assert path.read_text() == "mine"
    assert symback("init", str(path), "--force")[0] == 0
    assert symback("init", str(tmp_path / "a.txt"))[0] == 2


def test_the_table_of_words(symback: Run) -> None:
    import tomllib

    code, out, _ = symback("words")
    assert (code, out) == (0, text_of("de"))
    assert list(faults_of_table(tomllib.loads(out))) == []
