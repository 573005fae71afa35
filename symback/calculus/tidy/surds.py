"""Exact numbers made of fractions, square roots and pi: when are two of them equal, and what comes out of a root.

A table of known values is looked up by these: arcsin(sqrt(2)/2), arcsin(1/sqrt 2) and arcsin(sqrt(1/2)) are one row.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt, lcm

from sympy.core.basic import Basic
from sympy.core.numbers import Integer

from symback.expr.rule import Move, Rule, next_line
from symback.expr.tree import (
    PI,
    TWO,
    Apply,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    number_value,
    product_of,
    sum_of,
    weight_of,
)

SIMPLIFY_ROOTS = Rule("simplify the roots", "2/sqrt(2) = sqrt(2)", minor=True)

Surd = dict[
    tuple[int, int], Fraction
]  # by power of pi and number under the root: 2 + sqrt(3)/4 is {(0, 1): 2, (0, 3): 1/4}
LARGEST = 10**12  # a larger number is not taken apart
MOST_DIVISORS = 10**4
MOST_TERMS = 8


def surd(tree: Tree) -> Surd | None:
    """Return a number as a sum of fractions times square roots and powers of pi; None for any other, and decimals.

    >>> from symback.syntax import parse
    >>> surd(parse("1/sqrt(8)")) == surd(parse("sqrt(2)/4"))
    True
    """
    return fold(tree, _surd_of_node)


def key_of(tree: Tree) -> frozenset[tuple[tuple[int, int], Fraction]] | None:
    """Return what two equal surds have in common; None for what is no surd."""
    found = surd(tree)
    return None if found is None else frozenset(found.items())


def _surd_of_node(node: Basic, inner: list[Surd | None]) -> Surd | None:
    if isinstance(node, Integer):
        return _plain(Fraction(int(node)))
    if node is PI:
        return {(1, 1): Fraction(1)}
    if isinstance(node, Apply):
        return _root(inner[1]) if node.name == "sqrt" else None
    known = [value for value in inner if value is not None]
    if not isinstance(node, Inert) or not known or len(known) < len(inner):
        return None
    if isinstance(node, Plus):
        return _sum(known)
    if isinstance(node, Neg):
        return _scaled(known[0], Fraction(-1))
    if isinstance(node, Times):
        return _product(known)
    if isinstance(node, Quotient):
        inverse = _inverse(known[1])
        return None if inverse is None else _product([known[0], inverse])
    return _power(known[0], number_value(node._args[1])) if isinstance(node, Power) else None


def _plain(value: Fraction) -> Surd:
    return {(0, 1): value} if value else {}


def _sum(terms: list[Surd]) -> Surd:
    total: Surd = {}
    for term in terms:
        for unit, value in term.items():
            total[unit] = total.get(unit, Fraction(0)) + value
    return {unit: value for unit, value in total.items() if value}


def _scaled(value: Surd, by: Fraction) -> Surd:
    return {unit: by * part for unit, part in value.items()}


def _product(factors: list[Surd]) -> Surd | None:
    result = _plain(Fraction(1))
    for factor in factors:
        terms = []
        for (pi, root), value in result.items():
            for (other_pi, other_root), other in factor.items():
                if root * other_root > LARGEST:
                    return None
                outside, left = taken_out(root * other_root, 2)
                terms.append({(pi + other_pi, left): value * other * outside})
        result = _sum(terms)
        if len(result) > MOST_TERMS:
            return None
    return result


def _inverse(value: Surd) -> Surd | None:
    """Return one over a single term: 1/(c sqrt(n) pi) = sqrt(n)/(c n pi)."""
    if len(value) != 1:
        return None
    ((pi, root), part) = next(iter(value.items()))
    return {(-pi, root): 1 / (part * root)}


def _power(base: Surd, exponent: Fraction | None) -> Surd | None:
    if exponent == Fraction(1, 2):
        return _root(base)
    if exponent is None or exponent.denominator != 1 or not 0 < exponent <= MOST_TERMS:
        return None
    return _product([base] * int(exponent))


def _root(value: Surd | None) -> Surd | None:
    """Return the square root of a fraction that is not negative."""
    if value is None or not value.keys() <= {(0, 1)}:
        return None
    under = value.get((0, 1), Fraction(0))
    if under <= 0 or under.numerator * under.denominator > LARGEST:
        return {} if under == 0 else None
    outside, left = taken_out(under.numerator * under.denominator, 2)
    return {(0, left): Fraction(outside, under.denominator)}


def taken_out(n: int, degree: int) -> tuple[int, int]:
    """Return what comes out of the root of a whole number above 0, and what stays in it.

    >>> taken_out(50, 2), taken_out(54, 3)
    ((5, 2), (3, 2))
    """
    outside, divisor = 1, 2
    whole = isqrt(n) if degree == 2 else round(n ** (1 / degree))
    if whole**degree == n:
        return whole, 1
    while divisor**degree <= n and divisor <= MOST_DIVISORS:
        while n % divisor**degree == 0:
            n //= divisor**degree
            outside *= divisor
        divisor += 1
    return outside, n


# --- the shortest form of a number with roots -------------------------------------------------------------------------


def with_simple_roots(line: Tree, moves: list[Move]) -> Tree:
    """Write a number with roots in its usual form where that is shorter, as a step: 2/sqrt(2) = sqrt(2)."""
    found = None if number_value(line) is not None or not isinstance(line, Inert) else surd(line)
    usual = None if found is None else _as_tree(found)
    if usual is None or weight_of(usual) >= weight_of(line):
        return line
    moves.append(Move(SIMPLIFY_ROOTS, (), line, usual, line=next_line(moves)))
    return usual


def _as_tree(value: Surd) -> Tree | None:
    """Return a surd over one denominator: (sqrt(6) - sqrt(2))/4; None where pi stands below the line."""
    if any(pi < 0 for pi, _ in value):
        return None
    bottom = lcm(*(part.denominator for part in value.values()))
    order = sorted(value, key=lambda unit: (value[unit] < 0, -unit[0], unit[1] > 1, -unit[1]))
    terms = [_term(unit, int(value[unit] * bottom)) for unit in order]
    if bottom == 1:
        return sum_of(terms)
    if len(terms) == 1 and isinstance(terms[0], Neg):
        return Neg(Quotient(terms[0]._args[0], Integer(bottom)))
    return Quotient(sum_of(terms), Integer(bottom))


def _term(unit: tuple[int, int], times: int) -> Tree:
    pi, root = unit
    factors: list[Tree] = [Integer(abs(times))] if abs(times) != 1 or unit == (0, 1) else []
    if pi:
        factors.append(PI if pi == 1 else Power(PI, TWO if pi == 2 else Integer(pi)))
    if root != 1:
        factors.append(apply("sqrt", Integer(root)))
    return Neg(product_of(factors)) if times < 0 else product_of(factors)
