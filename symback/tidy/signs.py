"""Signs and absolute values: -x(y - z) = x(z - y), x sign(x) = |x|."""

from __future__ import annotations

from collections.abc import Sequence

from symback.rule import Rule
from symback.tidy.powers import as_factors, as_power
from symback.tidy.product import Product, number_of, put_together
from symback.tree import Apply, Neg, Plus, Quotient, Tree, apply, number

ABSOLUTE_VALUE = Rule("absolute value and sign", "x sign(x) = |x|, x/|x| = sign(x), sign(x)/|x| = 1/x", minor=True)
SIMPLIFY_SIGNS = Rule("simplify signs", "x * (-y) = -xy", minor=True)


def sign_of_numerator(node: Quotient) -> Tree | None:
    """Take the sign out of a numerator whose terms are all negative: (-x - 3)/y = -(x + 3)/y."""
    numerator, denominator = node._args
    if isinstance(numerator, Plus) and all(isinstance(t, Neg) for t in numerator._args):
        return Neg(Quotient(Plus(*(t._args[0] for t in numerator._args)), denominator))
    return None


def turn_sum_around(product: Product) -> Tree | None:
    """Take the sign into a difference: -x(y - z) = x(z - y)."""
    if not product.negative:
        return None
    for index, factor in enumerate(product.above):
        if isinstance(factor, Plus) and len(factor._args) == 2:
            first, second = factor._args
            if isinstance(second, Neg) and not isinstance(first, Neg):
                turned = Plus(second._args[0], Neg(first))
                above = (*product.above[:index], turned, *product.above[index + 1 :])
                return put_together(number_of(product), above, product.below, False, product.is_decimal)
    return None


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
