"""Tidying to the textbook form, one labelled rewrite at a time: `tidy_once(node, place)` names the next one.

Each file holds one idea: `product` takes a product apart and puts it together in order, `terms` like terms, `powers`
bases and exponents, `fractions` products and fractions, `compound` fractions inside fractions, `signs` signs and
absolute values, `polynomials` exact division, `sums` collecting and expanding, `trigonometry` identities of sine and
cosine, `values` what everybody knows by heart, `choices` the case that holds.
"""

from __future__ import annotations

from enum import IntEnum, auto

from sympy.core.numbers import Integer

from symback.calculus.tidy.choices import choose_case
from symback.calculus.tidy.compound import CLEAR_FRACTIONS, cancel_in_every_term, clear_fractions, clear_fractions_below
from symback.calculus.tidy.degrees import are_monomials
from symback.calculus.tidy.fractions import (
    MULTIPLY_BY_ZERO,
    ZERO_NUMERATOR,
    Hit,
    as_fraction,
    negative_sum,
    tidy_product,
)
from symback.calculus.tidy.polynomials import FACTOR, factor_numerator
from symback.calculus.tidy.powers import CANCEL, tidy_power
from symback.calculus.tidy.product import take_apart
from symback.calculus.tidy.signs import SIMPLIFY_SIGNS, number_out_of, sign_of_numerator
from symback.calculus.tidy.sums import (
    EXPAND,
    FACTOR_OUT,
    change_base,
    collected,
    drop_zeros,
    expand_sum,
    factor_bracket_of,
    factor_brackets,
    factor_out,
    factor_out_above,
    is_zero,
    tidy_sum,
)
from symback.calculus.tidy.trigonometry import COMPLEMENT, complement, ratio
from symback.calculus.tidy.values import known_value
from symback.expr.rule import Rule
from symback.expr.tree import (
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


class Place(IntEnum):
    """Where a node is, which decides whether its brackets may be multiplied out."""

    LINE = auto()  # the line itself
    OPEN = auto()  # its terms and factors
    NUMERATOR = auto()  # above a fraction bar: cancelled first, expanded afterwards
    BELOW = auto()  # below a fraction bar: as the user wrote it, but for identities
    CLOSED = auto()  # in an exponent, in a function: as the user wrote it

    @property
    def is_closed(self) -> bool:
        return self in (Place.BELOW, Place.CLOSED)


def place_below(node: Tree, place: Place, index: int) -> Place:
    """Return the place of a node's argument."""
    if place is Place.BELOW:
        return Place.BELOW if isinstance(node, (Times, Power)) or _is_root(node) else Place.CLOSED
    if isinstance(node, Quotient) and place is not Place.CLOSED:
        return Place.BELOW if index == 1 else Place.NUMERATOR
    if isinstance(node, Times) and place is Place.NUMERATOR:
        return Place.OPEN
    if not isinstance(node, (Plus, Times, Neg)):
        return Place.CLOSED
    return Place.OPEN if place is Place.LINE else place


def _is_root(node: Tree) -> bool:
    return isinstance(node, Apply) and node.name == "sqrt"


def zero_at_once(node: Tree) -> Hit | None:
    """Return 0 for a product with a factor 0, drop the zeros of a sum, choose a case, before anything else is done."""
    head = type(node)
    if head is Plus:
        return drop_zeros(node)
    if head is Times:
        return (MULTIPLY_BY_ZERO, ZERO) if any(map(is_zero, node._args)) else None
    if head is Apply:
        return choose_case(node)
    if head is Quotient and is_zero(node._args[0]) and number_value(node._args[1]) != 0:
        return ZERO_NUMERATOR, ZERO
    return None


def cancel_at_once(node: Tree) -> Hit | None:
    """Cancel what is in every term of a numerator before the terms are worked out, while it can be seen."""
    if isinstance(node, Quotient):
        result = cancel_in_every_term(node)
        return None if result is None else (CANCEL, result)
    return None


def tidy_once(node: Tree, place: Place, keep_negative_powers: bool, is_factor: bool = False) -> tuple[Hit, bool] | None:
    """Return the next rule for a node whose arguments are tidy, its result, and whether it happened in the numerator.

    None where the node is in textbook form. `is_factor` tells that the node is a factor of a product that comes next.
    """
    if isinstance(node, (Integer, Decimal, Let)) or not isinstance(node, Inert):
        return None
    hit = _tidy_here(node, place, keep_negative_powers, is_factor)
    if hit is not None:
        return hit, False
    if isinstance(node, Quotient):
        return _tidy_numerator(node, place)
    return None


def _tidy_here(node: Tree, place: Place, keep_negative_powers: bool, is_factor: bool) -> Hit | None:
    if isinstance(node, Plus):
        return tidy_sum(node) or _complement(node, place) or _expanded(node, place, is_factor)
    if isinstance(node, Apply):
        return known_value(node) or number_out_of(node)
    if isinstance(node, Power):
        hit = known_value(node) or tidy_power(node)
        return hit if hit or keep_negative_powers else as_fraction(node)
    if place is Place.LINE and isinstance(node, Neg) and isinstance(node._args[0], Plus):
        return negative_sum(node._args[0])
    if isinstance(node, Neg) and node._args[0] is ZERO:
        return (SIMPLIFY_SIGNS, ZERO) if place is Place.LINE else None  # in a sum it is dropped with the other zeros
    if isinstance(node, (Times, Quotient, Neg)):
        hit = tidy_product(node, keep_negative_powers, place is Place.LINE)
        return hit or _ratio(node, place, is_factor) or _expanded(node, place) or _factored_bracket(node, place)
    return None


def _complement(node: Plus, place: Place) -> Hit | None:
    result = None if place is Place.CLOSED else complement(node)
    return None if result is None else (COMPLEMENT, result)


def _ratio(node: Tree, place: Place, is_factor: bool) -> Hit | None:
    return None if place.is_closed else ratio(take_apart(node), not is_factor)


def _expanded(node: Tree, place: Place, is_factor: bool = False) -> Hit | None:
    """Multiply brackets out, or take a common bracket out: in a whole line, or in all terms of a sum together."""
    if place is Place.BELOW:
        return _collected_below(node)
    if isinstance(node, Quotient) or not (place is Place.LINE or (place is Place.OPEN and isinstance(node, Plus))):
        return None
    if not isinstance(node, Plus):
        result = None if weight_of(node) > LONGEST_REWORKED else expand_sum(node)
        return None if result is None else (EXPAND, result)
    return change_base(node) or _of_sum(node, is_factor)


def _collected_below(node: Tree) -> Hit | None:
    """Multiply brackets below a bar out where like terms then make it shorter: 1 + 3(2x + 1) is 6x + 4."""
    result = expand_sum(node) if isinstance(node, Plus) else None
    return (EXPAND, result) if result is not None and weight_of(collected(result)) < weight_of(node) else None


def _of_sum(node: Plus, is_factor: bool) -> Hit | None:
    """Return a sum multiplied out, or as a product of brackets, whichever is the shorter.

    An exponential comes out of a factor together with all else that its product takes out (`_factored_bracket`).
    """
    result = expand_sum(node)
    brackets = factor_brackets(node, exponentials=not is_factor)
    if brackets is not None and (result is None or weight_of(brackets.simplified) < weight_of(collected(result))):
        return FACTOR_OUT, brackets.tree
    if result is None:
        return None
    if not are_monomials(result._args if isinstance(result, Plus) else (result,)):
        factored = factor_out(node)
        if factored is not None:
            return FACTOR_OUT, factored
    return EXPAND, result


def _factored_bracket(node: Tree, place: Place) -> Hit | None:
    """Take what all terms of a bracket have in common out of it: y(2x e^x + x^2 e^x) = xy e^x (x + 2)."""
    product = node._args[0] if isinstance(node, Neg) else node
    if place not in (Place.LINE, Place.NUMERATOR) or not isinstance(product, Times):
        return None
    if not any(isinstance(f, Plus) for f in product._args):
        return None
    factored = factor_bracket_of(node)
    if factored is None or (place is Place.NUMERATOR and expand_sum(node) is not None):
        return None
    return FACTOR_OUT, factored


def _tidy_numerator(node: Quotient, place: Place) -> tuple[Hit, bool] | None:
    """Work on a fraction whose parts are tidy: fractions inside it, factors that only dividing shows, brackets."""
    if place.is_closed or weight_of(node) > LONGEST_REWORKED:
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
    if isinstance(node._args[0], Plus):
        expanded = expand_sum(node._args[0])
        if expanded is not None:
            return (EXPAND, expanded), True
    elif isinstance(node._args[0], Times):  # a product stays one: 4(x - 1)/(x + 1)^3
        opened = factor_bracket_of(node._args[0])
        if opened is not None:
            return (FACTOR_OUT, opened), True
    turned = sign_of_numerator(node)
    return None if turned is None else ((SIMPLIFY_SIGNS, turned), False)
