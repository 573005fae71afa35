"""Fractions whose parts are sums: cancelling in every term, and fractions inside fractions."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from sympy.core.numbers import Integer

from symback.calculus.tidy.powers import as_factors, as_power, base_key
from symback.calculus.tidy.product import Product, number_of, put_together, take_apart
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    number,
    number_value,
    product_of,
    sum_of,
)

CLEAR_FRACTIONS = Rule("clear the fractions inside", "(1/x + y)/z = (1 + xy)/(xz)", minor=True)


def cancel_in_every_term(node: Quotient) -> Tree | None:
    """Cancel powers that stand in every term above and below: (x^2 y + x)/x^3 = (xy + 1)/x^2."""
    numerator, denominator = node._args
    if not isinstance(numerator, Plus):
        return None
    below = take_apart(denominator)
    if below.negative or below.below or not below.above:
        return None
    terms = [take_apart(t) for t in numerator._args]
    shared = _shared_power(terms, below)
    if shared is None:
        return None
    base, exponent = shared
    divided = [_divided(t, base, exponent) for t in terms]
    bottom = _divided(below, base, exponent)
    return sum_of(divided) if bottom is ONE else Quotient(sum_of(divided), bottom)


def _shared_power(terms: list[Product], below: Product) -> tuple[Tree, Fraction] | None:
    for factor in below.above:
        power = as_power(factor)
        if power.number is None or power.number <= 0:
            continue
        lowest = power.number
        for term in terms:
            lowest = min(lowest, _exponent_of(term, power.base))
            if lowest <= 0:
                break
        if lowest > 0:
            return power.base, lowest
    return None


def _exponent_of(term: Product, base: Tree) -> Fraction:
    total = Fraction(0)
    for factor in term.above:
        power = as_power(factor)
        if base_key(power.base) == base_key(base):
            if power.number is None:
                return Fraction(0)
            total += power.number
    if any(base_key(as_power(f).base) == base_key(base) for f in term.below):
        return Fraction(0)
    return total


def _divided(term: Product, base: Tree, exponent: Fraction) -> Tree:
    """Return the term divided by base^exponent, everything else as it was."""
    total, rooted = Fraction(0), False
    others: list[Tree] = []
    place = None
    for factor in term.above:
        power = as_power(factor)
        if base_key(power.base) == base_key(base) and power.number is not None:
            total += power.number
            rooted = rooted or power.rooted
            place = len(others) if place is None else place
        else:
            others.append(factor)
    left = as_factors(base, number(total - exponent), rooted)
    others[place or 0 : place or 0] = left
    numbers = [n for n in term.numbers_above if number_value(n) != 1]
    return _as_written(term, [*numbers, *others])


def _as_written(term: Product, top: list[Tree]) -> Tree:
    bottom = [*term.numbers_below, *term.below]
    tree = product_of(top)
    if bottom:
        tree = Quotient(tree, product_of(bottom))
    return Neg(tree) if term.negative else tree


def clear_fractions(node: Quotient) -> Tree | None:
    """Multiply above and below by what the terms above are divided by: (1/x + y)/z = (1 + xy)/(xz)."""
    numerator, denominator = node._args
    factors = _factors(numerator)
    for index, factor in enumerate(factors):
        cleared = _cleared(factor) if isinstance(factor, Plus) else None
        if cleared is not None:
            terms, multiplier = cleared
            top = product_of([*factors[:index], terms, *factors[index + 1 :]])
            return Quotient(top, product_of([*multiplier, *_factors(denominator)]))
    return None


def clear_fractions_below(node: Quotient) -> Tree | None:
    """Multiply above and below by what the terms of a bracket below are divided by: 1/(1 + x/a) = a/(a + x)."""
    numerator, denominator = node._args
    factors = _factors(denominator)
    for index, factor in enumerate(factors):
        power = as_power(factor)
        exponent = power.number
        if not isinstance(power.base, Plus) or exponent is None or exponent.denominator != 1 or exponent < 1:
            continue
        cleared = _cleared(power.base)
        others = {base_key(as_power(f).base) for f in factors if f is not factor}
        if cleared is not None and not any(isinstance(f, Plus) and base_key(f) not in others for f in cleared[1]):
            terms, multiplier = cleared
            raised = [Power(f, power.exponent) if exponent > 1 else f for f in multiplier]
            below = terms if exponent == 1 else Power(terms, power.exponent)
            bottom = product_of([*factors[:index], below, *factors[index + 1 :]])
            top = [f for f in _factors(numerator) if f is not ONE]
            return Quotient(product_of([*raised, *top]), bottom)
    return None


def _cleared(bracket: Plus) -> tuple[Tree, list[Tree]] | None:
    """Return the sum times its common denominator, and that denominator's factors; None without fractions."""
    terms = [take_apart(t) for t in bracket._args]
    if not any(t.is_fraction for t in terms) or any(t.coefficient is None for t in terms):
        return None
    scale = lcm(*(number_of(t).denominator for t in terms if not t.is_decimal))
    common: dict[Tree, tuple[Fraction, bool]] = {}
    for term in terms:
        for base, exponent, rooted in _denominator_powers(term):
            if exponent is None:
                return None
            known, was_rooted = common.get(base, (Fraction(0), False))
            common[base] = max(known, exponent), rooted or was_rooted
    if scale == 1 and not common:
        return None
    multiplier = [f for base, (e, rooted) in common.items() for f in as_factors(base, number(e), rooted)]
    front: list[Tree] = [Integer(scale)] if scale > 1 else []
    return sum_of([_multiplied(t, scale, common) for t in terms]), [*front, *multiplier]


def _factors(tree: Tree) -> tuple[Tree, ...]:
    return tree._args if isinstance(tree, Times) else (tree,)


def _denominator_powers(term: Product) -> list[tuple[Tree, Fraction | None, bool]]:
    totals: dict[Tree, tuple[Fraction | None, bool]] = {}
    for factor in term.below:
        power = as_power(factor)
        known, rooted = totals.get(power.base, (Fraction(0), False))
        exponent = None if known is None or power.number is None else known + power.number
        totals[power.base] = exponent, rooted or power.rooted
    return [(base, exponent, rooted) for base, (exponent, rooted) in totals.items()]


def _multiplied(term: Product, scale: int, common: dict[Tree, tuple[Fraction, bool]]) -> Tree:
    """Return a term times the common denominator, with what it was divided by already cancelled."""
    own = {base: exponent for base, exponent, _ in _denominator_powers(term)}
    extra: list[Tree] = []
    for base, (exponent, rooted) in common.items():
        left = exponent - (own.get(base) or 0)
        extra += as_factors(base, number(left), rooted)
    return put_together(number_of(term) * scale, [*term.above, *extra], (), term.negative, term.is_decimal)
