"""What the steps of a backward pass are called, each with the equation that it is."""

from __future__ import annotations

from collections.abc import Iterable

from symback.expr.rule import Rule

SEED = Rule("seed", "dL/dL = 1")
ALREADY_FOUND = Rule("already found", "dL/dc stands above")
CHAIN_RULE = Rule("chain rule", "dL/dv = dL/dc * dc/dv")
MULTIVARIABLE_CHAIN_RULE = Rule("multivariable chain rule", "dL/dv = dL/dc1 * dc1/dv + dL/dc2 * dc2/dv")
LOCAL_DERIVATIVE = Rule("local derivative", "dc/dv is the derivative of c's own formula")
OWN_VALUE = Rule("the node's own value", "f(u) = c, where c = f(u)", minor=True)
GIVEN_DERIVATIVE = "given derivative"
NO_PATH = Rule("no path", "dL/dv = 0, since L does not depend on v")


def with_titles(rule: Rule, titles: Iterable[str]) -> Rule:
    """Return a rule that is named together with others which were used in the same step."""
    return Rule(", ".join(dict.fromkeys((rule.name, *titles))), rule.law)
