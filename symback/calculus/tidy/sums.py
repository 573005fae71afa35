"""Sums: drop zeros, remove brackets, collect like terms, expand where the result is no longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from symback.calculus.tidy.degrees import are_monomials, in_reading_order
from symback.calculus.tidy.powers import (
    Factor,
    as_factors,
    as_power,
    base_key,
    cancel,
    is_exponential,
    merged,
    powers_by_base,
)
from symback.calculus.tidy.product import Product, number_of, put_together, take_apart
from symback.calculus.tidy.terms import Term, as_term, collect, factors_key, grouped
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    ZERO,
    Apply,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    number,
    product_of,
    sum_of,
    symbols_of,
    weight_of,
)

DROP_ZEROS = Rule("drop zeros", "u + 0 = u", minor=True)
REMOVE_BRACKETS = Rule("remove brackets", "u - (v - w) = u - v + w", minor=True)
ADD_NUMBERS = Rule("add numbers", "2 + 3 = 5", minor=True)
ADD_FRACTIONS = Rule("add fractions", "x/u + y/u = (x + y)/u", minor=True)
COLLECT = Rule("collect like terms", "2x + 3x = 5x", minor=True)
FACTOR_OUT = Rule("factor out", "u v + u w = u(v + w)", minor=True)
EXPAND = Rule("expand", "(x + 1)(x - 1) = x^2 - x + x - 1", minor=True)
CHANGE_BASE = Rule("change of base", "log(u, v) = ln(u)/ln(v)", minor=True)
PYTHAGORAS = Rule("Pythagorean identity", "sin(u)^2 + cos(u)^2 = 1", minor=True)

MOST_TERMS = 40  # an expansion with more terms is not what a textbook prints
Hit = tuple[Rule, Tree]


def is_zero(tree: Tree) -> bool:
    """Tell whether a tree is 0 or -0."""
    return tree is ZERO or (isinstance(tree, Neg) and tree._args[0] is ZERO)


def tidy_sum(node: Plus) -> Hit | None:
    """Return the first rule that makes a sum simpler (short of expanding products), and its result."""
    terms = node._args
    if any(isinstance(t, Plus) or (isinstance(t, Neg) and isinstance(t._args[0], Plus)) for t in terms):
        return REMOVE_BRACKETS, sum_of(_without_brackets(terms))
    return drop_zeros(node) or _collect(node) or _pythagoras(node) or _add_fractions(node)


def drop_zeros(node: Plus) -> Hit | None:
    """Leave out the terms 0 and -0 of a sum."""
    kept = [t for t in node._args if not is_zero(t)]
    return None if len(kept) == len(node._args) else (DROP_ZEROS, sum_of(kept))


def _without_brackets(terms: tuple[Tree, ...]) -> list[Tree]:
    flat: list[Tree] = []
    for term in terms:
        if isinstance(term, Plus):
            flat += term._args
        elif isinstance(term, Neg) and isinstance(term._args[0], Plus):
            flat += [t._args[0] if isinstance(t, Neg) else Neg(t) for t in term._args[0]._args]
        else:
            flat.append(term)
    return flat


def _collect(node: Plus) -> Hit | None:
    groups = grouped(node._args)
    if len(groups) == len(node._args):
        return None
    collected = collect(groups)
    only_numbers = all(key is None or len(group) == 1 for key, group in groups.items())
    return (ADD_NUMBERS if only_numbers else COLLECT), in_reading_order(collected)


def _pythagoras(node: Plus) -> Hit | None:
    """Replace sin(u)^2 + cos(u)^2, with the same factor on both, by that factor."""
    found: dict[object, tuple[str, int, Term]] = {}
    for index, tree in enumerate(node._args):
        for position, factor in enumerate((term := as_term(tree)).part.above):
            if not (isinstance(factor, Power) and factor._args[1] == 2 and isinstance(factor._args[0], Apply)):
                continue
            function = factor._args[0]
            if function.name not in ("sin", "cos"):
                continue
            others = (*term.part.above[:position], *term.part.above[position + 1 :])
            rest = Product(False, (), (), others, term.part.below)
            key = (function._args[1], term.coefficient, factors_key(rest))
            other = found.get(key)
            if other is not None and other[0] != function.name:
                merged = put_together(term.coefficient, others, term.part.below, False, term.decimal)
                kept = [merged if i == other[1] else t for i, t in enumerate(node._args) if i != index]
                return PYTHAGORAS, sum_of(kept)
            found[key] = (function.name, index, term)
    return None


def _add_fractions(node: Plus) -> Hit | None:
    """Add fractions with the same denominator where there is nothing else, or the sum then cancels: 1/s - x^2/s."""
    groups: dict[object, list[int]] = {}
    parts = [take_apart(t) for t in node._args]
    for index, part in enumerate(parts):
        if part.below:
            groups.setdefault(base_key(Plus(*part.below, ONE)), []).append(index)
    for indices in groups.values():
        if len(indices) < 2 or any(parts[i].numbers_below for i in indices):
            continue
        tops = [put_together(number_of(p), p.above, (), p.negative, p.is_decimal) for p in (parts[i] for i in indices)]
        below = parts[indices[0]].below
        fraction = Quotient(in_reading_order(tops), product_of(below))
        if len(indices) == len(parts) or cancel(take_apart(fraction)) is not None:
            kept = [fraction if i == indices[0] else t for i, t in enumerate(node._args) if i not in indices[1:]]
            return ADD_FRACTIONS, sum_of(kept)
    return None


# --- expanding ------------------------------------------------------------------------------------------------------


def expand_sum(node: Tree) -> Tree | None:
    """Return the sum with its products of brackets multiplied out, where collecting then leaves something no longer.

    A product alone is multiplied out only if it is a polynomial in one letter without powers of brackets: 6(2x - 1)^2
    and 2(x - y) stay as they are.
    """
    terms = node._args if isinstance(node, Plus) else (node,)
    expanded: list[Tree] = []
    new: list[Tree] = []
    for term in terms:
        product = _expand_term(term)
        new += product or ()
        expanded += (term,) if product is None else product
        if len(expanded) > max(MOST_TERMS, 2 * len(terms)):
            return None
    if not new or (len(terms) == 1 and _has_power_of_bracket(node)):
        return None
    return _if_worth_it(node, expanded, new)


def _has_power_of_bracket(node: Tree) -> bool:
    return any(isinstance(f, Power) and isinstance(f._args[0], Plus) for f in take_apart(node).above)


def _if_worth_it(node: Tree, expanded: list[Tree], new: list[Tree]) -> Tree | None:
    left = collected(sum_of(expanded))
    size = len(left._args) if isinstance(left, Plus) else 1
    if size == len(expanded) and not _is_polynomial_in_one_letter(new):
        return None
    return sum_of(expanded) if weight_of(left) <= weight_of(node) else None


def collected(node: Tree) -> Tree:
    """Return what is left of a sum when its like terms are added."""
    left = sum_of(collect(grouped(node._args))) if isinstance(node, Plus) else node
    while isinstance(left, Plus) and (hit := _pythagoras(left)):
        left = hit[1]
    return left


def _is_polynomial_in_one_letter(terms: list[Tree]) -> bool:
    return are_monomials(terms) and len(frozenset().union(*map(symbols_of, terms))) < 2


class Factored(NamedTuple):
    """A sum as a product, and how it reads when the last bracket is simplified."""

    tree: Tree
    simplified: Tree


def factor_brackets(node: Plus, exponentials: bool = True) -> Factored | None:
    """Return the sum as a product where all terms share a bracket or an exponential, if that is shorter; else None.

    6(2x + 1)^2 (x^2 + 1)^2 + 4x(2x + 1)^3 (x^2 + 1) = 2(2x + 1)^2 (x^2 + 1)(3(x^2 + 1) + 2x(2x + 1)), and
    2x e^(3x) + 3x^2 e^(3x) = x e^(3x) (2 + 3x).
    """
    if not (_has_bracket(node._args[0]) or (exponentials and _has_exponential(node._args[0]))):
        return None
    terms = [take_apart(t) for t in node._args]
    if any(not t.coefficient for t in terms):
        return None
    common = _common_powers([_by_base(t.above) for t in terms], fractions=True)
    usual = [p for p in common.values() if isinstance(p.base, Plus) or (exponentials and is_exponential(Power(*p[:2])))]
    if not usual:
        return None
    front = _common_number(terms)
    rest = [_with_number(t, number_of(t) / front, _divided(t.above, common)) for t in terms]
    bracket = in_reading_order([part for r in rest for part in (r._args if isinstance(r, Plus) else (r,))])
    expanded = expand_sum(bracket)
    short = collected(bracket if expanded is None else expanded)
    factors = [f for p in common.values() for f in as_factors(*p)]
    tree, simplified = (put_together(front, [*factors, b], ()) for b in (bracket, short))
    return Factored(tree, simplified) if weight_of(simplified) < weight_of(node) else None


def _with_number(term: Product, value: Fraction, above: Sequence[Tree]) -> Tree:
    return put_together(value, above, term.below, term.negative, term.is_decimal)


def _common_number(terms: Sequence[Product]) -> Fraction:
    """Return the number that may stand in front of a sum: 6 and 4 have 2, 1/2 and 4/3 have 1/6; 1 for decimals."""
    if any(t.is_decimal for t in terms):
        return Fraction(1)
    numbers = [number_of(t) for t in terms]
    return Fraction(gcd(*(n.numerator for n in numbers)), lcm(*(n.denominator for n in numbers)))


def factor_bracket_of(node: Tree) -> Tree | None:
    """Return a product with what all terms of a bracket in it have in common before that bracket.

    2(4x y^3 + 2y) = 4y(2x y^2 + 1); a number alone comes out of three terms or more, 5(x^2 + 1)^4 (6x + 2) stays.
    """
    product = take_apart(node)
    if product.below or product.coefficient is None or len(product.above) + len(product.numbers_above) < 2:
        return None
    for index, factor in enumerate(product.above):
        opened = _opened(factor) if isinstance(factor, Plus) else None
        if opened is not None:
            front, factors = opened
            above = [*product.above[:index], *factors, *product.above[index + 1 :]]
            return put_together(number_of(product) * front, above, (), product.negative, product.is_decimal)
    return None


def _opened(bracket: Plus) -> tuple[Fraction, list[Tree]] | None:
    """Return the number and the factors that a bracket is the product of, None where it has nothing in front."""
    factored = factor_out(bracket)
    *common, rest = (bracket,) if factored is None else factored._args
    if not isinstance(rest, Plus):
        return Fraction(1), [*common, rest]
    terms = [take_apart(t) for t in rest._args]
    front = Fraction(1) if any(not t.coefficient for t in terms) else _common_number(terms)
    if front.denominator != 1 or (not common and (front == 1 or len(terms) < 3)):
        front = Fraction(1)
    if not common and front == 1:
        return None
    return front, [*common, sum_of([_with_number(t, number_of(t) / front, t.above) for t in terms])]


def change_base(node: Plus) -> Hit | None:
    """Write a logarithm to a base by natural ones where another term has them: ln(x)/ln(2) + log_2(x)."""
    terms = [take_apart(t) for t in node._args]
    if not any(isinstance(f, Apply) and f.name == "log" for t in terms for f in t.above):
        return None
    for index, term in enumerate(terms):
        for place, factor in enumerate(term.above):
            if not (isinstance(factor, Apply) and factor.name == "log"):
                continue
            over, under = (apply("ln", a) for a in factor.arguments)
            if any(over in t.above and under in t.below for t in terms):
                above = (*term.above[:place], over, *term.above[place + 1 :])
                if term.coefficient is None:
                    return None
                new = put_together(number_of(term), above, (*term.below, under), term.negative, term.is_decimal)
                return CHANGE_BASE, Plus(*node._args[:index], new, *node._args[index + 1 :])
    return None


def factor_out(node: Plus) -> Tree | None:
    """Return the sum with the powers of every term before a bracket, x e^x - x^2 = x(e^x - x); None without any."""
    terms = [take_apart(t) for t in node._args]
    if any(t.coefficient is None for t in terms):
        return None
    common = _common_powers([_by_base(t.above) for t in terms])
    if not common:
        return None
    rest = [put_together(number_of(t), _divided(t.above, common), t.below, t.negative, t.is_decimal) for t in terms]
    bracket = [part for r in rest for part in (r._args if isinstance(r, Plus) else (r,))]
    return Times(*(f for p in common.values() for f in as_factors(*p)), in_reading_order(bracket))


def _by_base(factors: Sequence[Tree]) -> dict[object, Factor]:
    return {key: merged(powers) for key, powers in powers_by_base(factors).items()}


def _common_powers(terms: list[dict[object, Factor]], fractions: bool = False) -> dict[object, Factor]:
    """Return the highest power of each base that is in every term; with `fractions` of negative exponents too."""
    common: dict[object, Factor] = {}
    for key, first in terms[0].items():
        powers = [t[key] for t in terms if key in t]
        numbers = [p.number for p in powers if p.number is not None and not p.rooted]
        if len(powers) < len(terms):
            continue
        if all(p.exponent == first.exponent for p in powers):
            common[key] = first
        elif len(numbers) == len(powers) and (fractions or min(numbers) > 0):
            common[key] = powers[numbers.index(min(numbers))]
    return common


def _divided(factors: Sequence[Tree], common: Mapping[object, Factor]) -> list[Tree]:
    """Return the factors less the common powers."""
    left: list[Tree] = []
    for key, power in _by_base(factors).items():
        taken = common.get(key)
        if taken is None:
            left += as_factors(power.base, power.exponent, power.rooted)
        elif taken.exponent != power.exponent:
            left += as_factors(power.base, number((power.number or 0) - (taken.number or 0)), False)
    return left


def factor_out_above(node: Quotient) -> Tree | None:
    """Return a numerator with its common factors in front, as it is usual for brackets and exponentials.

    (3(x + 1)^2 x - 2(x + 1)^3)/(x - 1) has (x + 1)^2, (x e^x - 2e^x)/x^3 has e^x; any other factor comes in front where
    what is left then cancels: (sec x tan x + sec^2 x)/(sec x + tan x) has sec x.
    """
    numerator, denominator = node._args
    if not isinstance(numerator, Plus):
        return None
    factored = factor_out(numerator)
    if factored is None:
        return _factored_with_brackets(numerator)
    *common, rest = factored._args
    below = {base_key(as_power(f).base) for f in take_apart(denominator).below or take_apart(denominator).above}
    is_usual = any(isinstance(as_power(f).base, Plus) or is_exponential(f) for f in common) or (
        any(map(_has_bracket, numerator._args)) and expand_sum(numerator) is None
    )
    return factored if is_usual or base_key(rest) in below else None


def _has_bracket(term: Tree) -> bool:
    """Tell whether a power of a bracket is a factor of a term."""
    return any(isinstance(f, (Plus, Power)) and isinstance(as_power(f).base, Plus) for f in take_apart(term).above)


def _has_exponential(term: Tree) -> bool:
    return any(map(is_exponential, take_apart(term).above))


def _factored_with_brackets(numerator: Plus) -> Tree | None:
    """Return a numerator with what its terms have in common, inside their brackets too, in front.

    u(3t^2 v + 3t^3 w) + 2t^3 z = t^2 (3u(v + t w) + 2t z).
    """
    opened = [factor_bracket_of(t) or t for t in numerator._args]
    return factor_out(Plus(*opened)) if any(a is not b for a, b in zip(opened, numerator._args, strict=True)) else None


def _expand_term(tree: Tree) -> list[Tree] | None:
    """Return the terms of a product of brackets, each multiplied together, or None where there is nothing to expand."""
    part = take_apart(tree)
    if part.below or part.coefficient is None or (part.coefficient.denominator != 1 and not part.is_decimal):
        return None
    brackets = [b for f in part.above for b in _brackets(f)]
    if not brackets:
        return None
    count = 1
    for bracket in brackets:
        count *= len(bracket._args)
        if count > MOST_TERMS:
            return None
    others = tuple(f for f in part.above if not _brackets(f))
    value = -part.coefficient if part.negative else part.coefficient
    partial: list[tuple[Fraction, bool, tuple[Tree, ...], tuple[Tree, ...]]] = [(value, part.is_decimal, others, ())]
    for bracket in brackets:
        inner = [take_apart(t) for t in bracket._args]
        if any(p.coefficient is None for p in inner):
            return None
        partial = [
            (
                v * (-p.coefficient if p.negative else p.coefficient) if p.coefficient else v,
                d or p.is_decimal,
                (*factors, *p.above),
                (*below, *p.below),
            )
            for v, d, factors, below in partial
            for p in inner
        ]
    return [_cancelled(put_together(v, _powers_combined(f), _powers_combined(b), False, d)) for v, d, f, b in partial]


def _cancelled(term: Tree) -> Tree:
    """Return an expanded term with what stands above and below the bar cancelled: x^2 (2/x^2) is 2."""
    product = take_apart(term)
    return (cancel(product) or term) if product.below else term


def _brackets(factor: Tree) -> list[Plus]:
    """Return a bracketed sum, or twice that of a square; nothing for any other factor."""
    if isinstance(factor, Plus):
        return [factor]
    if isinstance(factor, Power) and isinstance(factor._args[0], Plus) and factor._args[1] == 2:
        return [factor._args[0]] * 2
    return []


def _powers_combined(factors: tuple[Tree, ...]) -> list[Tree]:
    """Return the factors with numeric powers of one base combined, so that an expanded term reads x^3, not x^2 x."""
    result: list[Tree] = []
    for powers in powers_by_base(factors).values():
        power = merged(powers)
        result += as_factors(power.base, power.exponent, power.rooted)
    return result
