"""A rule by its name: its laws as formulas, each with an example worked."""

from __future__ import annotations

from typing import Any

from symback.calculus import laws
from symback.calculus.derive import derive
from symback.errors import SymbackError
from symback.expr.rule import Rule
from symback.page.formula.value import formula
from symback.page.kinds import blocks_of
from symback.page.options import Options
from symback.page.page import Display, Equation
from symback.page.writers.html_blocks import blocks
from symback.page.writers.html_words import text
from symback.syntax.reading import parse_law

Object = dict[str, Any]
MOST = 2  # laws of one name that are shown


def rule(given: Object) -> Object:
    """Return the laws of a rule by its `name`, and the `law` itself where it is known, as HTML; examples with it.

    >>> found = rule({"name": "product rule"})
    >>> found["name"], len(found["laws"]) > 1
    ('product rule', True)
    """
    name, law = str(given.get("name", ""))[:200], str(given.get("law", ""))[:500]
    found = [one for one in laws.RULES if one.name == name and (not law or one.law == law)]
    found = found or [one for one in laws.RULES if one.name == name]
    shown = [{"law": typeset(one.law), "example": _example(one, i)} for i, one in enumerate(found[:MOST])]
    if not shown and law:
        shown = [{"law": typeset(law), "example": ""}]
    return {"name": name, "laws": shown}


def typeset(law: str) -> str:
    """Return a law as a formula, as HTML; one that is said in words stays as it is.

    >>> "<math" in typeset("D(u*v) = D(u)*v + u*D(v)"), typeset("o stands for u")
    (True, '<p>o stands for u</p>')
    """
    left, equals, right = law.partition(" = ")
    try:
        trees = [formula(parse_law(side)) for side in (left, right)] if equals else []
    except (SymbackError, ValueError, TypeError):
        trees = []
    return blocks((Display((Equation(trees[0], (trees[1],)),)),), "law") if trees else f"<p>{text(law)}</p>"


def _example(one: Rule, number: int) -> str:
    for strategy in laws.STRATEGIES:
        try:
            worked = derive(laws.example_of(one), "x", strategy=strategy)
        except SymbackError:
            continue
        if any(move.rule == one for move in worked.moves):
            return blocks(tuple(blocks_of(worked, Options("full", verify=False))), f"example-{number}")
    return ""
