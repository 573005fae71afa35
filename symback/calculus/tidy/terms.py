"""The terms of a sum: a number times the rest, so that like terms can be found and added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from symback.calculus.tidy.product import Product, put_together, take_apart
from symback.expr.tree import Tree


class Term(NamedTuple):
    """A term as number times the rest; terms with the same `key` are like terms."""

    coefficient: Fraction
    decimal: bool
    part: Product
    key: object


def as_term(tree: Tree) -> Term:
    """Return a term with its signed number split off."""
    part = take_apart(tree)
    value = part.coefficient
    if value is None:
        return Term(Fraction(1), False, part, tree)
    key = factors_key(part)
    return Term(-value if part.negative else value, part.is_decimal, part, key)


def factors_key(part: Product) -> object:
    """Return what makes two terms alike: the factors above and below, in whatever order."""
    if not part.below:
        if not part.above:
            return None
        if len(part.above) == 1:
            return part.above[0]
        return frozenset(Counter(part.above).items())
    return frozenset(Counter(part.above).items()), frozenset(Counter(part.below).items())


def shown(term: Term, coefficient: Fraction, decimal: bool) -> Tree:
    """Return the term with another number in front."""
    return put_together(coefficient, term.part.above, term.part.below, False, decimal)


def grouped(terms: Iterable[Tree]) -> dict[object, list[Term]]:
    """Return the terms grouped by what they are multiples of, in the order of their first appearance."""
    groups: dict[object, list[Term]] = {}
    for tree in terms:
        term = as_term(tree)
        groups.setdefault(term.key, []).append(term)
    return groups


def collect(groups: dict[object, list[Term]]) -> list[Tree]:
    """Return one term for each group of like terms, without those that add up to nothing."""
    result = []
    for group in groups.values():
        total = sum((t.coefficient for t in group), Fraction(0))
        if total:
            result.append(shown(group[0], total, any(t.decimal for t in group)))
    return result
