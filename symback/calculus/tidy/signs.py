"""Signs and absolute values: -x(y - z) = x(z - y), x sign(x) = |x|."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symback.calculus.tidy.degrees import degree_of, in_reading_order, leading
from symback.calculus.tidy.powers import as_factors, as_power
from symback.calculus.tidy.product import Product, number_of, put_together, take_apart
from symback.expr.rule import Rule
from symback.expr.tree import Apply, Neg, Plus, Quotient, Tree, apply, number, sum_of

ABSOLUTE_VALUE = Rule("absolute value and sign", "x sign(x) = |x|, x/|x| = sign(x), sign(x)/|x| = 1/x", minor=True)
ABSOLUTE_PRODUCT = Rule("absolute value of a product", "|2x| = 2|x|, sign(2x) = sign(x)", minor=True)
SIMPLIFY_SIGNS = Rule("simplify signs", "x * (-y) = -xy", minor=True)


def number_out_of(node: Apply) -> tuple[Rule, Tree] | None:
    """Take the number out of an absolute value or a sign: |-2x| = 2|x|, sign(-2x) = -sign(x)."""
    if node.name not in ("abs", "sign"):
        return None
    product = take_apart(node._args[1])
    value = product.coefficient
    if not value or not (product.above or product.below) or (value == 1 and not product.negative):
        return None
    inner = apply(node.name, put_together(Fraction(1), product.above, product.below))
    if node.name == "abs":
        return ABSOLUTE_PRODUCT, put_together(value, [inner], (), decimal=product.is_decimal)
    return ABSOLUTE_PRODUCT, Neg(inner) if product.negative else inner


def sign_of_numerator(node: Quotient) -> Tree | None:
    """Take the sign out of a numerator whose terms are all negative: (-x - 3)/y = -(x + 3)/y."""
    numerator, denominator = node._args
    if isinstance(numerator, Plus) and all(isinstance(t, Neg) for t in numerator._args):
        return Neg(Quotient(Plus(*(t._args[0] for t in numerator._args)), denominator))
    return None


def turn_sum_around(product: Product) -> Tree | None:
    """Take the minus into a difference, -x(y - z) = x(z - y), or into a bracket that begins with one.

    A difference that stands by falling degree stays: -8(4x - 1).
    """
    for index, factor in enumerate(product.above if product.negative else ()):
        if isinstance(factor, Plus) and (isinstance(leading(factor), Neg) or _is_loose_difference(factor)):
            turned = [t._args[0] if isinstance(t, Neg) else Neg(t) for t in factor._args]
            bracket = sum_of(turned[::-1]) if len(turned) == 2 else in_reading_order(turned)
            above = (*product.above[:index], bracket, *product.above[index + 1 :])
            return put_together(number_of(product), above, product.below, False, product.is_decimal)
    return None


def _is_loose_difference(bracket: Plus) -> bool:
    """Tell whether a bracket is a difference that reads as well the other way round: y - z, y - a x, y - sin x."""
    if len(bracket._args) != 2 or isinstance(bracket._args[0], Neg) or not isinstance(bracket._args[1], Neg):
        return False
    first, second = (degree_of(t) for t in bracket._args)
    return first is None or second is None or first[0] <= second[0]


def take_signs_out(product: Product) -> Tree | None:
    """Take the minus out of a bracket whose terms all have one: x(-y - z) = -x(y + z)."""
    for index, factor in enumerate(product.above):
        if isinstance(factor, Plus) and all(isinstance(t, Neg) for t in factor._args):
            turned = Plus(*(t._args[0] for t in factor._args))
            above = (*product.above[:index], turned, *product.above[index + 1 :])
            return put_together(number_of(product), above, product.below, not product.negative, product.is_decimal)
    return None


# A quantity beside its own sign or absolute value: what is above, below; what it becomes above, below.
_SIGN_LAWS = (
    (("u", "sign"), (), ("abs",), ()),
    (("abs", "sign"), (), ("u",), ()),
    (("u",), ("abs",), ("sign",), ()),
    (("abs",), ("u",), ("sign",), ()),
    (("sign",), ("abs",), (), ("u",)),
    (("sign",), ("u",), (), ("abs",)),
)


def absolute_values(product: Product) -> Tree | None:
    """Combine a quantity with its own sign or absolute value: x sign(x) = |x|, x/|x| = sign(x), sign(x)/|x| = 1/x."""
    for factor in (*product.above, *product.below):
        if not isinstance(factor, Apply) or factor.name not in ("sign", "abs"):
            continue
        u = factor._args[1]
        trees = {"u": u, "sign": apply("sign", u), "abs": apply("abs", u)}
        for over, under, new_over, new_under in _SIGN_LAWS:
            top = _without(product.above, [trees[n] for n in over])
            bottom = _without(product.below, [trees[n] for n in under])
            if top is not None and bottom is not None:
                top, bottom = top + [trees[n] for n in new_over], bottom + [trees[n] for n in new_under]
                return put_together(number_of(product), top, bottom, product.negative, product.is_decimal)
    return None


def _without(factors: Sequence[Tree], removed: Sequence[Tree]) -> list[Tree] | None:
    """Return the factors less those removed (x^2 less x is x), where all of them are there."""
    left = list(factors)
    for gone in removed:
        for index, factor in enumerate(left):
            power = as_power(factor)
            if power.base == gone and not power.rooted and power.number is not None and power.number >= 1:
                left[index : index + 1] = as_factors(gone, number(power.number - 1), False)
                break
        else:
            return None
    return left
