"""Rules of `where`, which chooses entry by entry: what is the same in both cases, and what a condition is worth.

where(c, u, u) = u          where(x > 0, ones, zeros) = x > 0          where(c, k*u, zeros) = k*where(c, u, zeros)
"""

from __future__ import annotations

from fractions import Fraction

from symback.expr.rule import Rule
from symback.expr.tree import Plus, Tree, apply
from symback.graph.derivation.product import Product, product, written
from symback.graph.derivation.reduce import Found
from symback.graph.derivation.shapes import Shapes, arguments, is_call
from symback.graph.operations.choosing import COMPARISONS

SAME = Rule("the same in both cases", "where(c, u, u) = u", minor=True)
CONDITION = Rule("a comparison is 1 or 0", "where(x > 0, 1, 0) = (x > 0)")
CHOSEN_TWICE = Rule("one condition twice", "where(c, where(c, u, v), w) = where(c, u, w)")
NUMBER_OUT = Rule("number out of a choice", "where(c, k*u, k*v) = k*where(c, u, v)")
IN_ONE = Rule("two choices in one", "where(c, u, 0) + where(c, 0, v) = where(c, u, v)")
_OPPOSITE = {"greater": "at_most", "less": "at_least", "at_least": "less", "at_most": "greater",
             "equal": "differs", "differs": "equal"}  # fmt: skip
MOST_TERMS = 8


class Choices:
    """The rules, for formulas of known shapes."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes

    def chosen(self, tree: Tree) -> Found | None:
        """Simplify a choice."""
        if not is_call(tree, "where"):
            return None
        condition, first, second = arguments(tree)
        if first == second:
            return SAME, first
        p, q = product(first, self.shapes), product(second, self.shapes)
        return self._of_condition(condition, p, q) or self._nested(tree) or self._number_out(condition, p, q)

    def _of_condition(self, condition: Tree, p: Product, q: Product) -> Found | None:
        """Return a comparison for its choice between ones and zeros."""
        if not is_call(condition, *COMPARISONS.values()) or self.shapes.of(condition) != p.shape:
            return None
        if _is_one(p) and q.number == 0:
            return CONDITION, condition
        if _is_one(q) and p.number == 0:
            return CONDITION, apply(_OPPOSITE[condition._args[0].name], *arguments(condition))
        return None

    def _nested(self, tree: Tree) -> Found | None:
        condition, first, second = arguments(tree)
        if is_call(first, "where") and arguments(first)[0] == condition:
            return CHOSEN_TWICE, apply("where", condition, arguments(first)[1], second)
        if is_call(second, "where") and arguments(second)[0] == condition:
            return CHOSEN_TWICE, apply("where", condition, first, arguments(second)[2])
        return None

    def _number_out(self, condition: Tree, p: Product, q: Product) -> Found | None:
        """Take out the number that both cases have; where one of them is 0, that of the other."""
        if not p.number or not q.number:
            own = p if p.number else q
        else:
            own = p
            if (p.number, p.scalars) != (q.number, q.scalars):
                return None
        if not p.shape or (own.number == 1 and not own.scalars):
            return None
        outside = own.copy()
        cases = []
        for case in (p, q):
            if case.number:
                case.number, case.scalars, case.decimal = Fraction(1), {}, False
            cases.append(written(case))
        outside.arrays = {}
        outside.put(apply("where", condition, *cases), Fraction(1), False)
        return NUMBER_OUT, written(outside)

    def joined(self, tree: Tree) -> Found | None:
        """Write the sum of two choices, one of each case, as one choice."""
        if not isinstance(tree, Plus) or len(tree._args) > MOST_TERMS:
            return None
        terms = list(tree._args)
        for i, one in enumerate(terms):
            for k in range(i + 1, len(terms)):
                made = self._in_one(one, terms[k])
                if made is not None:
                    rest = [t for place, t in enumerate(terms) if place not in (i, k)]
                    return IN_ONE, Plus(*rest[:i], made, *rest[i:]) if rest else made
        return None

    def _in_one(self, one: Tree, other: Tree) -> Tree | None:
        if not is_call(one, "where") or not is_call(other, "where"):
            return None
        (c, u, v), (d, w, x) = arguments(one), arguments(other)
        if c != d:
            return None
        if is_call(v, "zeros") and is_call(w, "zeros"):
            return apply("where", c, u, x)
        return apply("where", c, w, v) if is_call(u, "zeros") and is_call(x, "zeros") else None


def _is_one(p: Product) -> bool:
    return p.number == 1 and not p.scalars and not p.arrays
