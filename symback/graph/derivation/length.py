"""How long a formula is on paper: one for each name, number, sign, function and pair of brackets."""

from __future__ import annotations

from typing import Any

from sympy.core.symbol import Symbol

from symback.expr.tree import Decimal, Gradient, Inert, Neg, Plus, Power, Quotient, Tree

GRADIENT = 4  # a name that a reader has to look up: what it stands for is better where that is as short
_IN_BRACKETS = (Plus,)


class Lengths:
    """Lengths of formulas, each part worked out once."""

    def __init__(self) -> None:
        self._known: dict[Tree, int] = {}

    def __call__(self, tree: Tree) -> int:
        """Return the length of a formula.

        >>> from symback.syntax import parse
        >>> Lengths()(parse("2(p - y)")), Lengths()(parse("2p - 2y"))
        (5, 5)
        """
        if not isinstance(tree, Inert) or isinstance(tree, Decimal):
            return 2 if isinstance(tree, Symbol) and "[" in tree.name else 1  # h[3] is longer than h
        known = self._known.get(tree)
        if known is None:
            known = self._known[tree] = _length(tree, [self(part) for part in tree._args])
        return known


def _length(node: Any, inner: list[int]) -> int:
    if isinstance(node, Gradient):
        return GRADIENT
    if isinstance(node, Plus):
        return sum(inner) + len(inner) - 1 - sum(isinstance(t, Neg) for t in node._args[1:])
    brackets = sum(isinstance(a, _IN_BRACKETS) for a in node._args)
    if isinstance(node, (Neg, Quotient)):
        return sum(inner) + 1 + brackets
    if isinstance(node, Power) or type(node).__name__ == "Times":
        return sum(inner) + brackets
    return sum(inner) + (brackets if node._args[0].name == "matmul" else 0)  # the function's name is among the parts
