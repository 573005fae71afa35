"""The laws as a table for people: `symback rules`, and docs/rules.md, which is generated from here.

Every law has its example beside it, and the worked example is derived when the page is made, never written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise

from symback.calculus import laws
from symback.calculus.derive import derive
from symback.expr.rule import Derivation, Rule
from symback.page import render

WIDEST_LAW = 56  # characters
WIDTH = 110  # characters of a line of a worked example
FOREWORD = """\
# The rules

Made by `symback rules --format markdown`. The law shown here is the law that is run. `D(u)` is the derivative of
u by x and `D(u, v)` that by v; `x` is the variable, `c` and `n` are free of it, `k` is a number, `f` a function of one
argument, every other letter stands for anything.
"""


def find(name: str = "") -> list[Rule]:
    """Return the rules of that name, else those whose name begins with it, else those that hold it in name or law."""
    wanted = name.casefold().strip()
    names = {rule: rule.name.casefold() for rule in in_order()}
    return (
        [rule for rule in names if names[rule] == wanted]
        or [rule for rule in names if names[rule].startswith(wanted)]
        or [rule for rule in names if wanted in f"{names[rule]} {rule.law}".casefold()]
    )


def in_order() -> list[Rule]:
    """Return all rules, those of one name together, where the first of them is."""
    together: dict[str, list[Rule]] = {}
    for rule in laws.RULES:
        together.setdefault(rule.name, []).append(rule)
    return [rule for rules in together.values() for rule in rules]


def as_text(rules: Sequence[Rule]) -> str:
    """Return the table as aligned columns: name, law, example; a law too wide for its column pushes its example."""
    names = [rule.name for rule in rules]
    shown = ["" if name == before else name for before, name in pairwise(["", *names])]
    first, second = max(map(len, names)), min(WIDEST_LAW, max(len(rule.law) for rule in rules))
    rows = zip(shown, rules, strict=True)
    lines = (f"{name:{first}}  {rule.law:{second}}  {laws.example_of(rule)}" for name, rule in rows)
    return "\n".join(map(str.rstrip, lines))


def as_text_with_examples(rules: Sequence[Rule]) -> str:
    """Return each rule with its law and its example worked out."""
    return "\n\n".join("\n".join(part for part in (f"{r.name}: {r.law}", worked_text(r)) if part) for r in rules)


def as_markdown(rules: Sequence[Rule]) -> str:
    """Return a page with a section for each name, and each of its laws with its example worked out."""
    parts = [FOREWORD]
    previous = ""
    for rule in rules:
        heading = "" if rule.name == previous else f"## {rule.name}\n\n"
        example = worked_text(rule)
        block = f"\n\n```text\n{example}\n```" if example else ""
        parts.append(f"{heading}`{rule.law}`{block}\n")
        previous = rule.name
    return "\n".join(parts)


def as_json(rules: Sequence[Rule]) -> str:
    """Return one object for each rule, one a line."""
    objects = (
        {"schema": 1, "name": rule.name, "law": rule.law, "example": laws.example_of(rule), "minor": rule.minor}
        for rule in rules
    )
    return "\n".join(json.dumps(thing, ensure_ascii=False) for thing in objects)


def worked_text(rule: Rule) -> str:
    """Return the rule's example as a derivation in text; empty where the example does not use the rule."""
    derivation = worked(rule)
    return "" if derivation is None else render(derivation, "text", "full", width=WIDTH, notes=False)


def worked(rule: Rule) -> Derivation | None:
    """Derive the rule's example by the first strategy that uses the rule; None where none does (a test finds that)."""
    for strategy in laws.STRATEGIES:
        derivation = derive(laws.example_of(rule), "x", strategy=strategy)
        if any(move.rule == rule for move in derivation.moves):
            return derivation
    return None
