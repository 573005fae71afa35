"""Every exercise in problems/ is worked, verified, and its given answer confirmed; every worked case is among them.

Comments above a problem say what is asked of its solution: `# case 21` (its number among the worked cases), `# labels:`
(rules that must be used), `# verdict:` (that of the check, where it cannot be "verified").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import symback
from symback.page.solution import CONFIRMED, Solution
from symback.problems import Problem, read_sheets, solve, work

FOLDER = Path(__file__).parent.parent / "problems"
SHEETS = sorted(FOLDER.glob("[0-9]*.toml"))
HOMEWORK = ("values-of-functions", "softmax-homework")  # in the manner of sheets that are handed out, with parts
LINES = [line for file in sorted(FOLDER.glob("*.txt")) for line in file.read_text(encoding="utf-8").splitlines()]
CASES = range(1, 38)
NOT_GIVEN = {"Two sigmoids learn one example"}  # a training that is there to be watched


def remarks(path: Path) -> list[dict[str, list[str]]]:
    """Return the comments directly above each problem of a sheet: {"case": ["21"], "labels": ["chain rule", ...]}."""
    found, above = [], {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"# (case|labels|verdict):? (.*)", line):
            above.setdefault(match[1], []).extend(match[2].split(", "))
        elif line == "[[problem]]":
            found.append(above)
            above = {}
    return found


def derivations(thing: Any) -> Iterator[Any]:
    """Yield every derivation of a worked thing."""
    held = getattr(thing, "derivations", None)
    if held is not None:
        yield from held() if callable(held) else held.values()
    elif hasattr(thing, "steps"):
        yield thing


def labels(solution: Solution) -> set[str]:
    """Return the names of all rules that a solution uses."""
    return {step.rule.name for w in solution.works for d in derivations(w.thing) for step in d.steps}


@pytest.mark.parametrize("line", LINES)
def test_every_line_is_worked_and_verified(line: str) -> None:
    for derivation in symback.gradient(line).entries[0]:
        assert derivation.verify().verdict == "verified"


def test_every_worked_case_is_a_problem() -> None:
    found = [int(number) for sheet in SHEETS for above in remarks(sheet) for number in above.get("case", ())]
    assert set(found) == set(CASES)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_every_problem_belongs_to_a_case(path: Path) -> None:
    (sheet,) = read_sheets(path)
    assert [bool(above.get("case")) for above in remarks(path)] == [True] * len(sheet.problems)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_every_problem_is_worked_verified_and_confirmed(path: Path) -> None:
    (sheet,) = read_sheets(path)
    for problem, above in zip(sheet.problems, remarks(path), strict=True):
        check(problem, work(problem), above)


def check(problem: Problem, solution: Solution, above: dict[str, list[str]]) -> None:
    """Compare a solution with what the file says of it."""
    where = f"{problem.file}: {problem.title}"
    assert solution.error is None, f"{where}: {solution.error}"
    verdicts = {each.verification.verdict for each in solution.works if each.verification is not None}
    assert verdicts <= set(above.get("verdict", ["verified"])), where
    wrong = [each for each in solution.checks if each.verdict != CONFIRMED]
    assert not wrong, where
    assert (solution.answer_check == CONFIRMED) is (problem.title not in NOT_GIVEN), where
    assert set(above.get("labels", ())) <= labels(solution), where


def test_variants_are_worked_and_their_answers_follow_the_numbers() -> None:
    documents = solve(FOLDER / "variants.toml", variants=8, seed=7)
    asked = [tuple(str(solution.asked) for solution in document.solutions) for document in documents]
    assert len(set(asked)) == 8
    for solution in (solution for document in documents for solution in document.solutions):
        assert solution.error is None
        assert solution.answer_check == CONFIRMED
        assert {each.verification.verdict for each in solution.works} == {"verified"}


@pytest.mark.parametrize("name", HOMEWORK)
def test_every_part_of_a_homework_is_worked_verified_and_confirmed(name: str) -> None:
    document = solve(FOLDER / f"{name}.toml")
    leaves = [leaf for solution in document.solutions for leaf in solution.leaves()]
    assert [leaf.error for leaf in leaves] == [None] * len(leaves)
    works = [each for leaf in leaves for each in leaf.works if each.verification]
    assert {each.verification.verdict for each in works if each.thing.kind != "forward table"} == {"verified"}
    assert {check.verdict for leaf in leaves for check in leaf.checks} == {CONFIRMED}
    assert all(leaf.checks for leaf in leaves if leaf.kind not in ("text", "choice"))


def test_the_problems_in_the_lecture_notes_are_confirmed() -> None:
    document = solve(FOLDER / "notes.md")
    assert [solution.answer_check for solution in document.solutions] == [CONFIRMED, CONFIRMED]
