"""`symback solve` as a teacher runs it: exit codes, what is said, documents and their JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.batch.sheets import sheet, tree
from tests.running import Run

GOOD = """
title = "Slopes"
[[problem]]
id = "line"
title = "A line"
kind = "derive"
expr = '3x + 1'
answer = '3'
points = 2
hints = ["The slope."]
"""
SLIP = GOOD.replace("answer = '3'", "answer = '3x'")
BROKEN = GOOD + "\n[[problem]]\nid = 'hard'\nkind = 'derive'\nexpr = 'q(x)!'\n"
CHAIN = """
[[problem]]
kind = "backprop"
graph = "d = 2b; e = a + d; L = c e"
at = {a = 3, b = 1, c = -2}
wrt = ["a", "b", "c"]
learning_rate = 0.1
answer = {a = -2, b = -4, c = 5}
"""


def written(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def solved(symback: Run, tmp_path: Path, text: str, *options: str) -> dict[str, Any]:
    """Return the JSON that a sheet becomes."""
    symback("solve", written(tmp_path / "a.toml", text), "--out", str(tmp_path / "out"), "--format", "json", *options)
    found: dict[str, Any] = json.loads((tmp_path / "out" / "a.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (GOOD, 0, "1 problem in 1 file, 1 given answer confirmed; 1 document written"),
        (SLIP, 1, "a.toml: line (A line): the answer 3x for x is wrong; it is 3\n"),
        (BROKEN, 4, "a.toml: hard"),
        ("title = 3", 3, "title must be a text"),
        ("[[problem", 3, "a.toml:1"),
    ],
)
def test_exit_codes(symback: Run, tmp_path: Path, text: str, code: int, said: str) -> None:
    path = written(tmp_path / "a.toml", text)
    found = symback("solve", path, "--out", str(tmp_path / "out"))
    assert (found.code, found.out) == (code, "")
    assert said in found.err


def test_one_problem_that_fails_stops_no_other(symback: Run, tmp_path: Path) -> None:
    text = GOOD + "\n[[problem]]\nid = 'kink'\nkind = 'derive'\nexpr = '|x|'\nat = {x = 0}\n"
    path = written(tmp_path / "a.toml", text)
    found = symback("solve", path, "--out", str(tmp_path / "out"), "--format", "markdown")
    assert found.code == 4
    assert "a.toml: kink" in found.err
    shown = (tmp_path / "out" / "a.md").read_text(encoding="utf-8")
    assert "A line" in shown
    assert "has no derivative" in shown


def test_a_wrong_answer_is_marked_in_the_document(symback: Run, tmp_path: Path) -> None:
    path = written(tmp_path / "a.toml", SLIP)
    symback("solve", path, "--out", str(tmp_path / "out"), "--format", "markdown,html")
    for name in ("a.md", "a.html"):
        shown = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "is wrong; the right one is" in shown


def test_the_json_of_a_sheet(symback: Run, tmp_path: Path) -> None:
    found = solved(symback, tmp_path, GOOD + CHAIN)
    assert (found["schema"], found["title"]) == (1, "Slopes")
    assert found["file"].endswith("a.toml")
    line, chain = found["problems"]
    assert (line["id"], line["title"], line["answer_check"], line["kind"]) == (
        "line",
        "A line",
        "confirmed",
        "derivative",
    )
    assert line["answer"]["text"] == "3"
    assert line["steps"][0]["rule"] == "sum rule"
    assert (chain["id"], chain["kind"], chain["answer_check"]) == ("p2", "backprop", "confirmed")
    assert {name: g["value"] for name, g in chain["gradients"].items()} == {"a": -2.0, "b": -4.0, "c": 5.0}
    assert chain["update"]["a"] == pytest.approx(3.2)


@pytest.mark.parametrize("check", ["wrong", "none"])
def test_what_became_of_an_answer(symback: Run, tmp_path: Path, check: str) -> None:
    text = SLIP if check == "wrong" else GOOD.replace("answer = '3'", "")
    assert solved(symback, tmp_path, text)["problems"][0]["answer_check"] == check


@pytest.mark.parametrize(
    ("show", "hint", "answer", "steps"),
    [("problems", 0, 0, 0), ("hints", 1, 0, 0), ("answers", 1, 1, 0), ("steps", 1, 1, 1)],
)
def test_how_much_is_shown(symback: Run, tmp_path: Path, show: str, hint: int, answer: int, steps: int) -> None:
    path = written(tmp_path / "a.toml", GOOD)
    symback("solve", path, "--out", str(tmp_path / "out"), "--format", "markdown", "--show", show)
    shown = (tmp_path / "out" / "a.md").read_text(encoding="utf-8")
    assert ("The slope." in shown, "### Answer" in shown, "sum rule" in shown) == (hint, answer, steps)
    assert "(2 points)" in shown


def test_a_folder_has_an_index(symback: Run, tmp_path: Path) -> None:
    written(tmp_path / "in" / "a.toml", GOOD)
    written(tmp_path / "in" / "more" / "b.toml", GOOD)
    found = symback("solve", str(tmp_path / "in"), "--out", str(tmp_path / "out"))
    assert found.code == 0
    assert {"index.html", "a.html", "more/b.html"} <= set(tree(tmp_path / "out"))


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--format", "docx"), "Unknown document format 'docx'"), (("--variants", "0"), "0 is not in the range")],
)
def test_commands_that_are_not_understood(symback: Run, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    found = symback("solve", written(tmp_path / "a.toml", GOOD), "--out", str(tmp_path / "out"), *options)
    assert found.code == 2
    assert said in found.err
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("*.html"))


def test_nothing_to_read(symback: Run, tmp_path: Path) -> None:
    found = symback("solve", str(tmp_path / "none.toml"), "--out", str(tmp_path / "out"))
    assert found.code == 3
    assert "none.toml" in found.err


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_corrupt_file_among_many(symback: Run, tmp_path: Path, count: int) -> None:
    """Many files, one of them half a file with bytes that are no text: the others are worked all the same."""
    for number in range(count):
        sheet(tmp_path / "in" / f"s{number:03}.toml", 1, number)
    (tmp_path / "in" / "s050.toml").write_bytes(b'title = "half\n[[prob\xff\xfe\x00')
    found = symback("solve", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--format", "markdown")
    assert found.code == 4
    assert "s050.toml" in found.err
    assert f"{count - 1} problems" in found.err
    documents = {name for name in tree(tmp_path / "out") if name.endswith(".md")}
    assert documents == {f"s{number:03}.md" for number in range(count) if number != 50}


def test_answers_that_belong_to_nothing_or_cannot_be_decided(symback: Run, tmp_path: Path) -> None:
    text = GOOD.replace("answer = '3'", "answer = {q = '3'}") + (
        "[[problem]]\nkind = 'derive'\nexpr = 'e^(-x^2-2000)'\nanswer = '2x e^(-x^2-2000)'\n"
    )
    found = symback("solve", written(tmp_path / "a.toml", text), "--out", str(tmp_path / "out"))
    assert found.code == 1
    assert "the answer 3 for q belongs to nothing that is asked" in found.err
    assert "1 could not be checked" in found.err
