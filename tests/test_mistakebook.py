"""The table of mistakes, and docs/mistakes.md, which is made from it."""

from __future__ import annotations

import json
from pathlib import Path

from symback.cli import mistakebook
from symback.working.mistakes import MISTAKES
from tests.running import Run

PAGE = Path(__file__).parent.parent / "docs" / "mistakes.md"


def test_the_page_is_fresh() -> None:
    made = mistakebook.as_markdown(mistakebook.find())
    assert PAGE.read_text(encoding="utf-8") == made.rstrip("\n") + "\n", (
        "stale: symback rules --mistakes --format markdown -o docs/mistakes.md --force"
    )


def test_finding_a_mistake() -> None:
    assert {m.name for m in mistakebook.find("minus lost")} == {"minus lost"}
    assert {m.family for m in mistakebook.find("quotient rule")} >= {"quotient rule"}
    assert mistakebook.find("no such mistake") == []


def test_the_command(symback: Run) -> None:
    code, out, _ = symback("rules", "--mistakes", "minus", "lost")
    assert code == 0
    assert "d/dx [-sin x] = cos x   right: -cos x" in out
    assert symback("rules", "--mistakes", "nonsense")[0] == 2
    objects = [json.loads(line) for line in symback("rules", "--mistakes", "--format", "json")[1].splitlines()]
    assert len(objects) == len(MISTAKES)
    assert objects[0]["family"] == "chain rule"
