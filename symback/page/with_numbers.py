"""Formulas with their numbers put in, as a textbook shows them before the value: 2w + b = 2 · 0.5 + (-3)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.errors import UsageError
from symback.expr.tree import (
    PI,
    Apply,
    Diff,
    Edge,
    Gradient,
    Inert,
    Let,
    Neg,
    Plus,
    Quotient,
    Size,
    Times,
    Tree,
    apply,
    fold,
    number_value,
    symbols_of,
    walk,
)
from symback.expr.tree import number as number_tree
from symback.page.display import BRACKETS, NUMBERS, digits, dots
from symback.page.quantities import is_array, number, parts_of_pi
from symback.verify import Undefined, evaluate

MOST_TERMS = 6  # of a sum that is shown whole
_BEGINNING = 3  # terms before the dots
_NAMES = (Symbol, Gradient, Edge)


def with_numbers(tree: Tree, values: Mapping[Tree, Any]) -> Tree | None:
    """Return a formula with numbers for its names and derivatives, to be written; None where that shows nothing.

    That is: of a name or a number alone, and of a formula with a part that is no finite number, or that divides by 0.

    >>> from symback.page.maths import unicode
    >>> from symback.expr.tree import symbol
    >>> w, b = symbol("w"), symbol("b")
    >>> unicode(with_numbers(Plus(Times(w, w), b), {w: -0.25, b: -3}))
    '-0.25 · (-0.25) + (-3)'
    """
    if isinstance(tree, _NAMES) or number_value(tree) is not None:
        return None
    found = fold(tree, lambda node, inner: _written(node, inner, values))
    is_known = found != tree and not any(isinstance(node, (*_NAMES, Diff, Let, Size)) for node in walk(found))
    return abridged(found) if is_known and not _divides_by_zero(tree, values) else None


def _divides_by_zero(tree: Tree, values: Mapping[Tree, Any]) -> bool:
    """Tell whether something below a line is 0 at the values, as in 2w^3/sqrt(w^4) at w = 0."""
    names = {s: Fraction(v) for s, v in values.items() if isinstance(s, Symbol) and not is_array(v) and isfinite(v)}
    below = (node._args[1] for node in walk(tree) if isinstance(node, Quotient))
    return any(_is_zero(part, names, values) for part in below)


def _is_zero(tree: Tree, names: Mapping[Symbol, Fraction], values: Mapping[Tree, Any]) -> bool:
    if isinstance(tree, (Gradient, Edge)):
        return values.get(tree) == 0
    if symbols_of(tree) - names.keys() or any(isinstance(n, (Gradient, Edge, Diff, Size)) for n in walk(tree)):
        return False
    try:
        return bool(evaluate(tree, names) == 0)
    except (Undefined, UsageError):
        return False


def _written(node: Basic, inner: list[Tree], values: Mapping[Tree, Any]) -> Tree:
    """Return a node with the numbers of what it is made of; a name without a number stays."""
    if isinstance(node, _NAMES):
        value = values.get(node)
        return node if value is None or is_array(value) or not isfinite(value) else _number(value)
    if isinstance(node, Times) and any(new is not old for new, old in zip(inner, node._args, strict=True)):
        return apply(NUMBERS, *inner)
    if isinstance(node, Neg):
        return Neg(_later_product(inner[0]))
    if isinstance(node, Plus):
        return Plus(inner[0], *map(_later_term, inner[1:], node._args[1:]))
    return type(node)(*inner) if isinstance(node, Inert) else node


def _number(value: Any) -> Tree:
    """Return a number as it is written elsewhere: rounded, but for fractions."""
    if isinstance(value, Fraction):
        return number_tree(value)
    in_pi = parts_of_pi(value)
    if in_pi is not None:
        tree = _over(_times_pi(abs(in_pi.numerator)), in_pi.denominator)
        return Neg(tree) if in_pi < 0 else tree
    written = number(value)
    positive = written.removeprefix("-")
    tree = digits(positive) if "e" in positive else number_tree(Fraction(positive), decimal=True)
    return Neg(tree) if written != positive else tree


def _times_pi(factor: int) -> Tree:
    return PI if factor == 1 else Times(number_tree(factor), PI)


def _over(tree: Tree, below: int) -> Tree:
    return tree if below == 1 else Quotient(tree, number_tree(below))


def _later_term(term: Tree, before: Tree) -> Tree:
    """Return a term that is not the first, whose number is negative, in brackets: 3 + (-2), 3 + (-2) · 5."""
    if isinstance(term, Neg) and not isinstance(before, Neg):
        return apply(BRACKETS, term)
    return _later_product(term)


def _later_product(term: Tree) -> Tree:
    """Return a product whose first number is negative with brackets round that: -(-2) · 5."""
    if isinstance(term, Apply) and term.name == NUMBERS and isinstance(term.arguments[0], Neg):
        return apply(NUMBERS, apply(BRACKETS, term.arguments[0]), *term.arguments[1:])
    return term


def abridged(tree: Tree) -> Tree:
    """Return a sum of more than a few terms with dots for those between the first three and the last."""
    if not isinstance(tree, Plus) or len(tree._args) <= MOST_TERMS:
        return tree
    return Plus(*tree._args[:_BEGINNING], dots(), tree._args[-1])
