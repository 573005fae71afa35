"""The table of laws, and docs/rules.md, which is made from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symback.calculus import laws
from symback.cli import rulebook
from symback.expr.rule import Rule

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"


@pytest.mark.parametrize("rule", laws.RULES, ids=lambda rule: f"{rule.name}: {rule.law}")
def test_every_example_uses_its_rule_and_is_verified(rule: Rule) -> None:
    derivation = rulebook.worked(rule)
    assert derivation is not None, f"{laws.example_of(rule)!r} does not use {rule}"
    assert derivation.verify().verdict == "verified"


def test_the_page_is_fresh() -> None:
    made = rulebook.as_markdown(rulebook.find())
    assert PAGE.read_text(encoding="utf-8") == made.rstrip("\n") + "\n", (
        "stale: symback rules --format markdown -o docs/rules.md --force"
    )


@pytest.mark.parametrize(
    ("words", "name"),
    [("power rule", "power rule"), ("Power", "power rule"), ("hyperbolic tangent", "derivative of hyperbolic tangent")],
)
def test_finding_a_rule(words: str, name: str) -> None:
    assert rulebook.find(words)[0].name == name


def test_nothing_is_found_for_nonsense() -> None:
    assert rulebook.find("no such rule") == []


def test_all_rules_are_in_the_table_once() -> None:
    assert sorted(map(repr, rulebook.find())) == sorted(map(repr, laws.RULES))
    objects = [json.loads(line) for line in rulebook.as_json(rulebook.find()).splitlines()]
    assert {(o["name"], o["law"]) for o in objects} == {(rule.name, rule.law) for rule in laws.RULES}
