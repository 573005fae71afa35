"""Identities of sine and cosine that make an answer shorter: sin(x)/cos(x) = tan(x), 1 - cos(x)^2 = sin(x)^2."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symback.rule import Rule
from symback.tidy.powers import as_factors, as_power
from symback.tidy.product import Product, number_of, put_together
from symback.tidy.terms import as_term
from symback.tree import TWO, Apply, Plus, Power, Tree, apply, sum_of

QUOTIENT_IDENTITY = Rule("quotient identity", "sin(u)/cos(u) = tan(u), cos(u)/sin(u) = cot(u)", minor=True)
RECIPROCAL_IDENTITY = Rule("reciprocal identity", "1/cos(u)^2 = sec(u)^2, 1/sin(u)^2 = csc(u)^2", minor=True)
COMPLEMENT = Rule("Pythagorean identity", "1 - cos(u)^2 = sin(u)^2, 1 - sin(u)^2 = cos(u)^2", minor=True)

_OTHER = {"sin": "cos", "cos": "sin"}
_RATIO = {"sin": "tan", "cos": "cot"}  # of the function above to the other one below
_RECIPROCAL = {"cos": "sec", "sin": "csc"}


def ratio(product: Product) -> tuple[Rule, Tree] | None:
    """Write sine over cosine as tangent, cosine over sine as cotangent, and one over a square of them as a square."""
    for top in product.above:
        over = as_power(top)
        if not _is_sine_or_cosine(over.base) or over.number is None:
            continue
        partner = apply(_OTHER[over.base.name], over.base._args[1])
        for bottom in product.below:
            if as_power(bottom).base == partner and as_power(bottom).exponent == over.exponent:
                new = as_factors(apply(_RATIO[over.base.name], over.base._args[1]), over.exponent, over.rooted)
                above = [f for g in product.above for f in (new if g is top else (g,))]
                return QUOTIENT_IDENTITY, _rebuilt(product, above, [f for f in product.below if f is not bottom])
    return _reciprocal(product)


def _reciprocal(product: Product) -> tuple[Rule, Tree] | None:
    if product.above or len(product.below) != 1:
        return None
    below = as_power(product.below[0])
    if not _is_sine_or_cosine(below.base) or below.number != 2:
        return None
    square = Power(apply(_RECIPROCAL[below.base.name], below.base._args[1]), TWO)
    return RECIPROCAL_IDENTITY, _rebuilt(product, [square], ())


def _rebuilt(product: Product, above: Iterable[Tree], below: Iterable[Tree]) -> Tree:
    return put_together(number_of(product), above, below, product.negative, product.is_decimal)


def _is_sine_or_cosine(tree: Tree) -> bool:
    return isinstance(tree, Apply) and tree.name in _OTHER


def complement(node: Plus) -> Tree | None:
    """Write 1 - cos(u)^2 in a sum as sin(u)^2, and 1 - sin(u)^2 as cos(u)^2."""
    terms = [as_term(t) for t in node._args]
    constants = {term.coefficient: i for i, term in enumerate(terms) if term.key is None}
    for index, term in enumerate(terms):
        function = _squared(term.part)
        place = constants.get(-term.coefficient)
        if function is None or place is None:
            continue
        square = Power(apply(_OTHER[function.name], function._args[1]), TWO)
        new = put_together(Fraction(-term.coefficient), [square], (), False, term.decimal)
        return sum_of([new if i == place else t for i, t in enumerate(node._args) if i != index])
    return None


def _squared(part: Product) -> Apply | None:
    """Return the sine or cosine whose square, but for a number, the term is."""
    if part.below or len(part.above) != 1:
        return None
    power = as_power(part.above[0])
    return power.base if power.number == 2 and _is_sine_or_cosine(power.base) else None
