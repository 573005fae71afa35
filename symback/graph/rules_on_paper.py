"""What the steps of a backward pass are called, each with the equation that it is."""

from __future__ import annotations

from collections.abc import Iterable

from symback.graph.nodes import Shape
from symback.rule import Rule

SEED = Rule("seed", "dL/dL = 1")
ALREADY_FOUND = Rule("already found", "dL/dc stands above")
CHAIN_RULE = Rule("chain rule", "dL/dv = dL/dc * dc/dv")
MULTIVARIABLE_CHAIN_RULE = Rule("multivariable chain rule", "dL/dv = dL/dc1 * dc1/dv + dL/dc2 * dc2/dv")
LOCAL_DERIVATIVE = Rule("local derivative", "dc/dv is the derivative of c's own formula")
OWN_VALUE = Rule("the node's own value", "f(u) = c, where c = f(u)", minor=True)
GIVEN_DERIVATIVE = "given derivative"
SUMMED = "dL/dv = sum of dL/dc_i * dc_i/dv"
CHAIN_RULE_OVER_ENTRIES = Rule("chain rule, summed over the entries", SUMMED)
CHAIN_RULE_OVER_ROWS = Rule("chain rule, summed over the rows", SUMMED)
CHAIN_RULE_OVER_COLUMNS = Rule("chain rule, summed over the columns", SUMMED)
SPREAD = Rule("spread over the entries", "every entry has the same gradient", minor=True)
NO_PATH = Rule("no path", "dL/dv = 0, since L does not depend on v")


def chain_rule_summed(own: Shape) -> Rule:
    """Return the chain rule for an array of this shape that is spread: over the rows, or a column over the columns."""
    if len(own) == 2 and own[1] == 1:
        return CHAIN_RULE_OVER_COLUMNS
    return CHAIN_RULE_OVER_ROWS if own else CHAIN_RULE_OVER_ENTRIES


def with_titles(rule: Rule, titles: Iterable[str]) -> Rule:
    """Return a rule that is named together with others which were used in the same step."""
    return Rule(", ".join(dict.fromkeys((rule.name, *titles))), rule.law)
