"""`symback check`: what it reads, what it prints, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symback import solve
from tests.running import Run

WORKING = "f = x^2 sin x\ndf/dx = 2x sin x + x^2 cos x\n= x(2 sin x + cos x)\n"


def test_a_file(symback: Run, tmp_path: Path) -> None:
    path = tmp_path / "working.txt"
    path.write_text(WORKING, encoding="utf-8")
    code, out, err = symback("check", str(path))
    assert (code, err) == (1, "")
    assert out.splitlines()[-1] == "1 mistake in 3 lines: line 3"
    assert "✗ line 3: " in out
    assert "right: line 3  = x(2 sin x + x cos x)" in out
    assert "right:" not in symback("check", str(path), "--no-answer")[1]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["d/dx [x^3]", "3x^2"], 0),
        (["d/dx [x^3]", "3x"], 1),
        (["d/dx [x^3]", "3x^2 +", "3x^2"], 3),
        (["f = x^2", "2x"], 0),
        (["f = x^2", "2x", "--strict"], 1),
        (["nothere.txt"], 2),
        ([""], 2),
    ],
)
def test_exit_codes(symback: Run, lines: list[str], code: int) -> None:
    assert symback("check", *lines)[0] == code


def test_a_line_that_cannot_be_read_is_drawn(symback: Run) -> None:
    code, out, err = symback("check", "d/dx [x^3]", "= 3x^2 +", "= 3x^2")
    assert code == 3
    assert err.splitlines()[:3] == ["line 2:", "3x^2 +", "     ^"]
    assert out.splitlines()[-1] == "no mistakes in 3 lines; line 2 cannot be read"


def test_a_graph_is_given(symback: Run, tmp_path: Path) -> None:
    graph = tmp_path / "graph.txt"
    graph.write_text("W: 3x2\nx: 2\nz = W @ x\nL = sum(z^2)\n", encoding="utf-8")
    code, out, _ = symback("check", "dL/dx = W @ dL/dz", "--given", str(graph))
    assert code == 1
    assert "transpose left out" in out


def test_json(symback: Run) -> None:
    code, out, _ = symback("check", "d/dx [sin(x^2)]", "= cos(x^2)", "--format", "json")
    found = json.loads(out)
    assert code == 1
    assert (found["kind"], found["first_wrong"], found["answer"]["text"]) == ("check", 2, "2x cos(x^2)")
    line = found["lines"][1]
    assert line["verdict"] == "wrong"
    assert line["mistake"]["name"] == "forgot the inner derivative"
    assert line["mistake"]["bindings"]["u"] == "x^2"
    assert (line["term"]["given"]["text"], line["term"]["right"]["text"]) == ("cos(x^2)", "2x cos(x^2)")


def test_the_sheet_of_what_documents_claim() -> None:
    sheet = solve(Path(__file__).parent.parent / "problems" / "11-what-documents-claim.toml")
    assert {s.answer_check for s in sheet} == {"confirmed"}
