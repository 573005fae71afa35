"""The case that holds, if the conditions have only numbers."""

from __future__ import annotations

from symback.errors import DomainError
from symback.expr.cases import chosen, is_cases, truth
from symback.expr.rule import Rule
from symback.expr.tree import Tree

CHOOSE = Rule("choose the case that holds", "cases(u, p, v) = u where p holds, v where it does not", minor=True)


def choose_case(node: Tree) -> tuple[Rule, Tree] | None:
    """Return what is left of a function by cases whose conditions are decided; DomainError where no case holds."""
    if not is_cases(node):
        return None
    left = chosen(node, truth)
    if left is not None and is_cases(left) and not left.arguments:
        raise DomainError("There is no real value: no case holds.", hint="Choose another point.")
    return None if left is None else (CHOOSE, left)
