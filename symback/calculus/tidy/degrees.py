"""The order in which a polynomial is read: by falling degree, then by the alphabet."""

from __future__ import annotations

from collections.abc import Sequence

from sympy.core.symbol import Symbol

from symback.calculus.tidy.product import take_apart
from symback.expr.tree import ONE, Neg, Plus, Power, Tree, number_value, sum_of


def in_reading_order(terms: list[Tree]) -> Tree:
    """Return the sum of collected terms: polynomials by falling degree, and `1 - x^2` rather than `-x^2 + 1`."""
    degrees = [degree_of(t) for t in terms]
    if all(d is not None for d in degrees):
        order = sorted(range(len(terms)), key=lambda i: degrees[i] or (), reverse=True)
        terms = [terms[i] for i in by_degree(order, degrees)]
    if len(terms) == 2 and isinstance(terms[0], Neg) and not isinstance(terms[1], Neg):
        terms = [terms[1], terms[0]]
    return sum_of(terms)


def by_degree(order: list[int], degrees: list[tuple[int, tuple[tuple[str, int], ...]] | None]) -> list[int]:
    """Sort by total degree, then by the powers of the letters in the order of the alphabet: x^3 y before x^2 y^2."""
    names = sorted({name for d in degrees if d for name, _ in d[1]})

    def place(i: int) -> tuple[int, ...]:
        degree = degrees[i]
        assert degree is not None
        powers = dict(degree[1])
        return (-degree[0], *(-powers.get(n, 0) for n in names))

    return sorted(order, key=place)


def are_monomials(terms: Sequence[Tree]) -> bool:
    """Tell whether every term is a number times whole powers of letters."""
    return all(degree_of(t) is not None for t in terms)


def degree_of(term: Tree) -> tuple[int, tuple[tuple[str, int], ...]] | None:
    """Return the total degree and the powers of a monomial in letters, or None for any other term."""
    part = take_apart(term)
    if part.below:
        return None
    powers: list[tuple[str, int]] = []
    for factor in part.above:
        base, exponent = factor._args if isinstance(factor, Power) else (factor, ONE)
        value = number_value(exponent)
        if not isinstance(base, Symbol) or value is None or value.denominator != 1 or value < 0:
            return None
        powers.append((base.name, int(value)))
    return sum(n for _, n in powers), tuple(powers)


def leading(bracket: Plus) -> Tree:
    """Return the term that is read first: by the alphabet where all have the same degree, else the first."""
    degrees = [degree_of(t) for t in bracket._args]
    if len({d and d[0] for d in degrees}) > 1 or None in degrees:
        return bracket._args[0]
    return bracket._args[by_degree(list(range(len(degrees))), degrees)[0]]
