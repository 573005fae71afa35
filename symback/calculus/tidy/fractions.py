"""Products and fractions: multiply the numbers, put them first, cancel, clear fractions within fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, prod

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.calculus.tidy.powers import (
    CANCEL,
    COMBINE_POWERS,
    NEGATIVE_POWER,
    cancel,
    combine_powers,
    negative_powers_as_fractions,
)
from symback.calculus.tidy.product import (
    Product,
    in_typed_order,
    is_in_order,
    number_of,
    put_together,
    split_number,
    take_apart,
)
from symback.calculus.tidy.signs import ABSOLUTE_VALUE, SIMPLIFY_SIGNS, absolute_values, take_signs_out, turn_sum_around
from symback.errors import DomainError
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    ZERO,
    Decimal,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    number_value,
    sum_of,
)

MULTIPLY_BY_ZERO = Rule("multiply by zero", "0 * u = 0", minor=True)
ZERO_NUMERATOR = Rule("zero divided by a quantity", "0/u = 0", minor=True)
MULTIPLY_BY_ONE = Rule("multiply by one", "1 * u = u", minor=True)
DIVIDE_BY_ONE = Rule("divide by one", "u/1 = u", minor=True)
MULTIPLY_NUMBERS = Rule("multiply numbers", "3y * 2x = 6xy", minor=True)
MULTIPLY_TERMS = Rule("multiply terms", "2x * 3x = 6x^2", minor=True)
REDUCE_FRACTION = Rule("reduce the fraction", "2/4 = 1/2", minor=True)
MULTIPLY_FRACTIONS = Rule("multiply fractions", "x * (y/z) = xy/z", minor=True)
DIVIDE_FRACTIONS = Rule("divide fractions", "x/(y/z) = xz/y", minor=True)
REMOVE_MINUS_BRACKETS = Rule("remove brackets", "-(u + v) = -u - v", minor=True)
NUMBER_FIRST = Rule("put the number first", "x^2 * 3 = 3x^2", minor=True)
REORDER = Rule("reorder factors", "sin(x) x = x sin(x)", minor=True)

Hit = tuple[Rule, Tree]


def tidy_product(node: Tree, keep_negative_powers: bool, is_line: bool) -> Hit | None:
    """Return the first rule that makes a product, fraction, negative or power simpler, and its result.

    `is_line` tells that the node is all that the line says; a sum keeps u - x(y - z) as it is.
    """
    if isinstance(node, Neg) and isinstance(node._args[0], (Neg, Plus)):
        return (SIMPLIFY_SIGNS, node._args[0]._args[0]) if isinstance(node._args[0], Neg) else None
    product = take_apart(node)
    if isinstance(node, Neg) and isinstance(node._args[0], Symbol):
        return None
    if product.coefficient is None:
        raise DomainError(
            "The expression divides by zero.", hint="Choose another point, or look at the fraction as typed."
        )
    if not product.coefficient:
        return (ZERO_NUMERATOR if isinstance(node, Quotient) else MULTIPLY_BY_ZERO), ZERO
    return (
        _combined(node, product)
        or _normal_product(node, product)
        or _labelled(CANCEL, cancel(product), node)
        or _labelled(ABSOLUTE_VALUE, absolute_values(product), node)
        or (None if keep_negative_powers else _labelled(NEGATIVE_POWER, negative_powers_as_fractions(product), node))
        or _labelled(CANCEL, cancel_numbers(product), node)
        or _labelled(SIMPLIFY_SIGNS, take_signs_out(product), node)
        or (_labelled(SIMPLIFY_SIGNS, turn_sum_around(product), node) if is_line else None)
    )


def as_fraction(node: Power) -> Hit | None:
    """Return a power such as x^(-2) as a fraction, all that there is to tidy about a power as a product."""
    result = negative_powers_as_fractions(take_apart(node))
    return None if result is None else (NEGATIVE_POWER, result)


def _labelled(rule: Rule, result: Tree | None, node: Tree) -> Hit | None:
    return None if result is None or result == node else (rule, result)


def _combined(node: Tree, product: Product) -> Hit | None:
    """Combine equal bases; the numbers are multiplied in the same breath, as one writes 2x * 3x = 6x^2."""
    result = combine_powers(product)
    if result is None or result == node:
        return None
    several = sum(number_value(n) != 1 for n in (*product.numbers_above, *product.numbers_below)) > 1
    return (MULTIPLY_TERMS if several else COMBINE_POWERS), result


def negative_sum(inner: Plus) -> Hit:
    """Take the minus into the bracket: -(y - x) = x - y, -(x + y) = -x - y."""
    terms = [t._args[0] if isinstance(t, Neg) else Neg(t) for t in inner._args]
    if len(terms) == 2 and isinstance(terms[0], Neg) and not isinstance(terms[1], Neg):
        return SIMPLIFY_SIGNS, Plus(terms[1], terms[0])
    return REMOVE_MINUS_BRACKETS, Plus(*terms)


def _normal_product(node: Tree, product: Product) -> Hit | None:
    """Bring the numbers to the front as one number, one fraction bar, one sign, factors in textbook order."""
    coefficient = product.coefficient
    assert coefficient is not None
    result = put_together(coefficient, product.above, product.below, product.negative, product.is_decimal)
    if result == node or _only_letters_differ(node, product, result):
        return None
    fraction = _one_fraction(node, product)
    if fraction is not None and fraction not in (node, result):
        return MULTIPLY_FRACTIONS, fraction
    return _name_of_change(node, product, coefficient), result


def _one_fraction(node: Tree, product: Product) -> Tree | None:
    """Return a product of fractions as one fraction, not yet reduced: (1/(2y)) * 2x = 2x/(2y)."""
    if not _has_fraction(node) or product.is_decimal or not product.numbers_below:
        return None
    top = put_together(_product_of_numbers(product.numbers_above), product.above, ())
    bottom = put_together(_product_of_numbers(product.numbers_below), product.below, ())
    fraction = Quotient(top, bottom)
    return Neg(fraction) if product.negative else fraction


def _product_of_numbers(numbers: tuple[Tree, ...]) -> Fraction:
    return prod((number_value(n) or Fraction(0) for n in numbers), start=Fraction(1))


def _has_fraction(node: Tree) -> bool:
    """Tell whether a product has a factor that is a fraction, other than a number such as 1/2."""
    return isinstance(_bare(node), Times) and any(
        isinstance(_bare(f), Quotient) and number_value(f) is None for f in _outer_factors(node)
    )


def _only_letters_differ(node: Tree, product: Product, result: Tree) -> bool:
    """Tell whether the node is in textbook form but for the order of its letters, which the user chose."""
    bare = node._args[0] if isinstance(node, Neg) else node
    if isinstance(bare, Quotient) and any(isinstance(a, (Quotient, Neg)) for a in bare._args):
        return False
    if isinstance(bare, Times) and not _is_flat(bare):
        return False
    if isinstance(bare, Quotient) and not all(_is_flat(a) for a in bare._args):
        return False
    if len(product.numbers_above) > 1 or len(product.numbers_below) > 1:
        return False
    if not is_in_order([*product.numbers_above, *product.above]) or not is_in_order(product.below):
        return False
    front, under, negative = split_number(number_of(product), product.negative, product.is_decimal)
    return bool(in_typed_order(front, under, [*product.above], [*product.below], negative) == node)


def _is_flat(tree: Tree) -> bool:
    return not isinstance(tree, Times) or not any(isinstance(a, (Times, Quotient, Neg)) for a in tree._args)


def _name_of_change(node: Tree, product: Product, coefficient: Fraction) -> Rule:
    """Name what a teacher would say happened when the product was brought into its normal form."""
    above = [n for n in product.numbers_above if number_value(n) != 1]
    below = [n for n in product.numbers_below if number_value(n) != 1]
    outer = _outer_factors(node)
    if _has_fraction(node):
        return MULTIPLY_FRACTIONS
    if len(above) > 1 or len(below) > 1 or not (above or product.above) and len(product.numbers_above) > 1:
        return MULTIPLY_NUMBERS
    if above and below and not _is_reduced(above[0], below[0], coefficient):
        return MULTIPLY_NUMBERS if isinstance(_bare(node), Times) else REDUCE_FRACTION
    if isinstance(node, Quotient) and node._args[1] is ONE:
        return DIVIDE_BY_ONE
    if product.is_fraction and any(isinstance(f, Quotient) for f in outer):
        return DIVIDE_FRACTIONS if isinstance(node, Quotient) else MULTIPLY_FRACTIONS
    if _has_a_spare_one(node, outer):
        return MULTIPLY_BY_ONE
    if any(isinstance(f, Neg) for f in outer):
        return SIMPLIFY_SIGNS
    if product.is_decimal and isinstance(_bare(node), Quotient):
        return REDUCE_FRACTION  # 1/2.5 = 0.4
    return NUMBER_FIRST if above and not _starts_with_number(node) else REORDER


def _has_a_spare_one(node: Tree, outer: Sequence[Tree]) -> bool:
    bare = _bare(node)
    if not isinstance(bare, Times) and not isinstance(node, Quotient):
        return False
    needed = isinstance(bare, Quotient) and bare._args[0] is ONE
    return len([f for f in outer if f is ONE]) > needed


def _bare(node: Tree) -> Tree:
    return node._args[0] if isinstance(node, Neg) else node


def _is_reduced(above: Tree, below: Tree, coefficient: Fraction) -> bool:
    return number_value(above) == coefficient.numerator and number_value(below) == coefficient.denominator


def _outer_factors(node: Tree) -> tuple[Tree, ...]:
    """Return the factors of a node as written, one level below the fraction bar and the sign."""
    bare = node._args[0] if isinstance(node, Neg) else node
    parts = bare._args if isinstance(bare, (Times, Quotient)) else (bare,)
    return tuple(f for p in parts for f in ((p, *p._args) if isinstance(p, Times) else (p,)))


def _starts_with_number(node: Tree) -> bool:
    while isinstance(node, (Neg, Quotient, Times)):
        node = node._args[0]
    return isinstance(node, (Integer, Decimal))


def cancel_numbers(product: Product) -> Tree | None:
    """Cancel a number against a sum whose terms all have it: (6x + 2)/4 = (3x + 1)/2, 2/(2x + 4) = 1/(x + 2)."""
    coefficient = number_of(product)
    if not product.is_fraction or product.is_decimal:
        return None
    for factors, number_across, is_above in (
        (product.above, coefficient.denominator, True),
        (product.below, coefficient.numerator, False),
    ):
        for index, factor in enumerate(factors):
            bracket, exponent = _bracket(factor)
            shared = gcd(content(bracket), number_across) if isinstance(bracket, Plus) else 1
            if shared > 1:
                left = divide_terms(bracket, shared)
                new = (*factors[:index], left if exponent == 1 else Power(left, exponent), *factors[index + 1 :])
                scale = Fraction(shared) ** int(exponent) if is_above else Fraction(1, shared) ** int(exponent)
                above, below = (new, product.below) if is_above else (product.above, new)
                return put_together(coefficient * scale, above, below, product.negative)
    return None


def _bracket(factor: Tree) -> tuple[Tree, Tree]:
    """Return a bracket and the whole power to which it is raised."""
    if isinstance(factor, Power) and isinstance(factor._args[0], Plus) and isinstance(factor._args[1], Integer):
        base, exponent = factor._args
        return base, exponent
    return factor, ONE


def content(tree: Plus) -> int:
    """Return the greatest whole number that divides every term."""
    result = 0
    for term in tree._args:
        part = take_apart(term)
        value = part.coefficient
        if value is None or value.denominator != 1 or part.is_decimal:
            return 1
        result = gcd(result, value.numerator)
        if result == 1:
            return 1
    return result or 1


def divide_terms(tree: Plus, divisor: int) -> Tree:
    """Return the sum with every term's number divided."""
    terms = []
    for term in tree._args:
        part = take_apart(term)
        terms.append(put_together(number_of(part) / divisor, part.above, part.below, part.negative, part.is_decimal))
    return sum_of(terms)
