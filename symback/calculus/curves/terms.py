"""Terms of a polynomial about a point: x - a, and its multiples as they are written."""

from __future__ import annotations

from sympy.core.symbol import Symbol

from symback.expr.tree import ONE, Neg, Plus, Quotient, Times, Tree, number_value, product_of


def difference(variable: Symbol, value: Tree) -> Tree:
    """Return x - a, x + 1 for a = -1, and x for a = 0."""
    if number_value(value) == 0:
        return variable
    return Plus(variable, value._args[0] if isinstance(value, Neg) else Neg(value))


def multiple(m: Tree, what: Tree) -> list[Tree]:
    """Return the term m * what, none for m = 0."""
    value = number_value(m)
    if value == 0:
        return []
    if isinstance(m, Neg):
        return [Neg(term) for term in multiple(m._args[0], what)]
    if value == 1:
        return [what]
    if isinstance(m, Quotient) and value is not None:
        top = [f for f in (m._args[0], what) if f != ONE]
        return [Quotient(product_of(top), m._args[1])] if not isinstance(what, Plus) else [Times(m, what)]
    if isinstance(m, Times):
        return [Times(*m._args, what)]
    return [Times(m, what)]
