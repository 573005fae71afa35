"""Every exercise in problems/ is derived by each of its variables, and verified."""

from __future__ import annotations

from pathlib import Path

import pytest

import symback

LINES = [
    line
    for file in sorted((Path(__file__).parent.parent / "problems").glob("*.txt"))
    for line in file.read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("line", LINES)
def test_every_problem_is_worked_and_verified(line: str) -> None:
    for derivation in symback.gradient(line).entries[0]:
        assert derivation.verify().verdict == "verified"
