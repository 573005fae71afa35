"""Tidying to the textbook form, one labelled rewrite at a time: `tidy_once(node, place)` names the next one.

Each file holds one idea: `product` takes a product apart and puts it together in order, `terms` like terms, `powers`
bases and exponents, `fractions` products and fractions, `compound` fractions inside fractions, `signs` signs and
absolute values, `polynomials` exact division, `sums` collecting and expanding, `trigonometry` identities of sine and
cosine, `values` what everybody knows by heart, `choices` the case that holds.
"""

from __future__ import annotations

from enum import Enum, auto

from sympy.core.numbers import Integer

from symback.rule import Rule
from symback.tidy.choices import choose_case
from symback.tidy.compound import CLEAR_FRACTIONS, cancel_in_every_term, clear_fractions, clear_fractions_below
from symback.tidy.fractions import MULTIPLY_BY_ZERO, ZERO_NUMERATOR, Hit, negative_sum, tidy_product
from symback.tidy.polynomials import FACTOR, factor_numerator
from symback.tidy.powers import CANCEL, tidy_power
from symback.tidy.product import in_order, take_apart
from symback.tidy.signs import SIMPLIFY_SIGNS, sign_of_numerator
from symback.tidy.sums import (
    EXPAND,
    FACTOR_OUT,
    ZEROS,
    are_monomials,
    drop_zeros,
    expand_sum,
    factor_out,
    factor_out_above,
    tidy_sum,
)
from symback.tidy.trigonometry import COMPLEMENT, complement, ratio
from symback.tidy.values import known_value
from symback.tree import (
    ZERO,
    Apply,
    Decimal,
    Inert,
    Let,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    number_value,
    weight_of,
)

__all__ = ["Place", "Rule", "place_below", "tidy_once", "zero_at_once"]


# A fraction or product longer than this on paper is left in the form the rules gave it: reworking its brackets would
# not make it readable, and could make it grow without end.
LONGEST_REWORKED = 160


class Place(Enum):
    """Where a node is, which decides whether its brackets may be multiplied out."""

    LINE = auto()  # the line itself
    OPEN = auto()  # its terms and factors
    NUMERATOR = auto()  # above a fraction bar: cancelled first, expanded afterwards
    CLOSED = auto()  # below a bar, in an exponent, in a function: as the user wrote it


def place_below(node: Tree, place: Place, index: int) -> Place:
    """Return the place of a node's argument."""
    if isinstance(node, Quotient):
        return Place.CLOSED if index == 1 or place is Place.CLOSED else Place.NUMERATOR
    if isinstance(node, Times) and place is Place.NUMERATOR:
        return Place.OPEN
    if not isinstance(node, (Plus, Times, Neg)):
        return Place.CLOSED
    return Place.OPEN if place is Place.LINE else place


def zero_at_once(node: Tree) -> Hit | None:
    """Return 0 for a product with a factor 0, drop the zeros of a sum, choose a case, before anything else is done."""
    if isinstance(node, Apply):
        return choose_case(node)
    if isinstance(node, Plus):
        return drop_zeros(node)
    if isinstance(node, Times) and any(a in ZEROS for a in node._args):
        return MULTIPLY_BY_ZERO, ZERO
    if isinstance(node, Quotient) and node._args[0] in ZEROS and number_value(node._args[1]) != 0:
        return ZERO_NUMERATOR, ZERO
    return None


def cancel_at_once(node: Tree) -> Hit | None:
    """Cancel what is in every term of a numerator before the terms are worked out, while it can be seen."""
    if isinstance(node, Quotient):
        result = cancel_in_every_term(node)
        return None if result is None else (CANCEL, result)
    return None


def tidy_once(node: Tree, place: Place, keep_negative_powers: bool) -> tuple[Hit, bool] | None:
    """Return the next rule for a node whose arguments are tidy, its result, and whether it happened in the numerator.

    None where the node is in textbook form.
    """
    if isinstance(node, (Integer, Decimal, Let)) or not isinstance(node, Inert):
        return None
    hit = _tidy_here(node, place, keep_negative_powers)
    if hit is not None:
        return hit, False
    if isinstance(node, Quotient):
        return _tidy_numerator(node, place)
    return None


def _tidy_here(node: Tree, place: Place, keep_negative_powers: bool) -> Hit | None:
    if isinstance(node, Plus):
        return tidy_sum(node) or _complement(node, place) or _expanded(node, place)
    if isinstance(node, Apply):
        return known_value(node)
    if isinstance(node, Power):
        hit = known_value(node) or tidy_power(node)
        return hit or tidy_product(node, keep_negative_powers, False)
    if place is Place.LINE and isinstance(node, Neg) and isinstance(node._args[0], Plus):
        return negative_sum(node._args[0])
    if isinstance(node, Neg) and node._args[0] == ZERO:
        return (SIMPLIFY_SIGNS, ZERO) if place is Place.LINE else None  # in a sum it is dropped with the other zeros
    if isinstance(node, (Times, Quotient, Neg)):
        hit = tidy_product(node, keep_negative_powers, place is Place.LINE)
        return hit or _ratio(node, place) or _expanded(node, place) or _factored_bracket(node, place)
    return None


def _complement(node: Plus, place: Place) -> Hit | None:
    result = None if place is Place.CLOSED else complement(node)
    return None if result is None else (COMPLEMENT, result)


def _ratio(node: Tree, place: Place) -> Hit | None:
    product = take_apart(node)
    return ratio(product) if place is not Place.CLOSED and product.below else None


def _expanded(node: Tree, place: Place) -> Hit | None:
    """Multiply brackets out: those of a whole line, or of all terms of a sum together."""
    if isinstance(node, Quotient) or not (place is Place.LINE or (place is Place.OPEN and isinstance(node, Plus))):
        return None
    if not isinstance(node, Plus) and weight_of(node) > LONGEST_REWORKED:
        return None
    result = expand_sum(node)
    if result is None:
        return None
    if isinstance(node, Plus) and not are_monomials(result._args if isinstance(result, Plus) else (result,)):
        factored = factor_out(node)
        if factored is not None:
            return FACTOR_OUT, factored
    return EXPAND, result


def _factored_bracket(node: Tree, place: Place) -> Hit | None:
    """Take what all terms of a line's bracket have in common out of it: y(2x e^x + x^2 e^x) = xy e^x (x + 2)."""
    if place is not Place.LINE:
        return None
    product = node._args[0] if isinstance(node, Neg) else node
    for index, factor in enumerate(product._args if isinstance(product, Times) else ()):
        factored = factor_out(factor) if isinstance(factor, Plus) else None
        if factored is not None:
            result = Times(*in_order([*product._args[:index], *factored._args, *product._args[index + 1 :]]))
            return FACTOR_OUT, Neg(result) if isinstance(node, Neg) else result
    return None


def _tidy_numerator(node: Quotient, place: Place) -> tuple[Hit, bool] | None:
    """Work on a fraction whose parts are tidy: fractions inside it, factors that only dividing shows, brackets."""
    if place is Place.CLOSED or weight_of(node) > LONGEST_REWORKED:
        return None
    cancelled = cancel_in_every_term(node)
    if cancelled is not None:
        return (CANCEL, cancelled), False
    cleared = clear_fractions(node) or clear_fractions_below(node)
    if cleared is not None:
        return (CLEAR_FRACTIONS, cleared), False
    factored = factor_numerator(node)
    if factored is not None:
        return (FACTOR, factored._args[0]), True
    common = factor_out_above(node)
    if common is not None:
        return (FACTOR_OUT, common), True
    expanded = expand_sum(node._args[0])
    if expanded is not None:
        return (EXPAND, expanded), True
    turned = sign_of_numerator(node)
    return None if turned is None else ((SIMPLIFY_SIGNS, turned), False)
