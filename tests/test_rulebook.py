"""The table of laws, and docs/rules.md, which is made from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from symback.calculus import laws
from symback.cli import rulebook
from symback.cli.rulebook import Entry

DOCS = Path(__file__).parent.parent / "docs"
ENTRIES = [*rulebook.derivatives(), *rulebook.integrals(), *rulebook.limits()]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.rule.name}: {entry.law}")
def test_every_example_uses_its_rule_and_is_verified(entry: Entry) -> None:
    result = entry.work(entry)
    assert result is not None, f"{entry.example!r} does not use {entry.rule}"
    assert result.verify().verdict == "verified"


@pytest.mark.parametrize(
    ("page", "option", "find"),
    [
        ("rules.md", "", rulebook.find),
        ("integral-rules.md", " --integrals", rulebook.find_integrals),
        ("limit-rules.md", " --limits", rulebook.find_limits),
    ],
)
def test_the_page_is_fresh(page: str, option: str, find: Callable[[], list[Entry]]) -> None:
    made = rulebook.as_markdown(find())
    assert (DOCS / page).read_text(encoding="utf-8") == made.rstrip("\n") + "\n", (
        f"stale: symback rules{option} --format markdown -o docs/{page} --force"
    )


@pytest.mark.parametrize(
    ("words", "name"),
    [("power rule", "power rule"), ("Power", "power rule"), ("hyperbolic tangent", "derivative of hyperbolic tangent")],
)
def test_finding_a_rule(words: str, name: str) -> None:
    assert rulebook.find(words)[0].rule.name == name


def test_finding_a_rule_of_integration() -> None:
    assert {entry.rule.name for entry in rulebook.find_integrals("parts")} == {"integration by parts"}
    [law] = [entry for entry in rulebook.find_integrals("power rule") if entry.example == "x^3"]
    assert law.law == "I(x^n) = x^(n + 1)/(n + 1), n != -1"


def test_finding_a_law_of_limits() -> None:
    assert len(rulebook.find_limits("squeeze theorem")) == 4
    assert "lim ln(u)^a/u^b = 0" in rulebook.find_limits("powers outgrow logarithms")[0].law


def test_nothing_is_found_for_nonsense() -> None:
    assert rulebook.find("no such rule") == []


def test_all_rules_are_in_the_table_once() -> None:
    assert sorted(repr(entry.rule) for entry in rulebook.find()) == sorted(map(repr, laws.RULES))
    objects = [json.loads(line) for line in rulebook.as_json(rulebook.find()).splitlines()]
    assert {(o["name"], o["law"]) for o in objects} == {(rule.name, rule.law) for rule in laws.RULES}
