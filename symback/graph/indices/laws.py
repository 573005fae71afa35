"""The laws of a product that need no other form: equal bases, brackets, indices that only one factor has, or none."""

from __future__ import annotations

from fractions import Fraction

from symback.graph.indices.budget import NotCovered
from symback.graph.indices.forms import (
    Base,
    Bracket,
    Call,
    Constant,
    Delta,
    Entry,
    Factor,
    Index,
    Part,
    Pending,
    Product,
    Whole,
)
from symback.graph.indices.sizes import size_form


def merged(product: Product) -> Product:
    """Return the product with equal bases taken together."""
    coefficient, bound, factors = product
    exponents: dict[Base, Fraction] = {}
    for base, exponent in factors:
        exponents[base] = exponents[base] + exponent if base in exponents else exponent
    for base, exponent in list(exponents.items()):
        if isinstance(base, Constant) and base.name.isdigit():  # a prime under a root
            whole_part = exponent.numerator // exponent.denominator
            coefficient *= Fraction(int(base.name)) ** whole_part
            exponents[base] = exponent - whole_part
        elif isinstance(base, (Delta, Part)) and exponent:
            if exponent < 0:
                raise NotCovered("a division by the identity matrix")
            exponents[base] = Fraction(1)
        elif exponent >= 1 and _is_step(base):
            exponents[base] = Fraction(1)
    return Product(coefficient, bound, tuple(factor for factor in exponents.items() if factor[1]))


def _is_step(base: Base) -> bool:
    return isinstance(base, Call) and base.function == "step"


def multiplied_out(product: Product) -> list[Pending] | None:
    """Multiply a bracket out whose exponent has become a positive whole number."""
    coefficient, bound, factors = product
    for base, exponent in factors:
        if isinstance(base, Bracket) and exponent.denominator == 1 and exponent > 0:
            rest = tuple(factor for factor in factors if factor[0] is not base)
            return [Pending(Product(coefficient, bound, rest), (base.form,) * int(exponent))]
    return None


def without_unused(product: Product) -> list[Pending] | None:
    """Sum over an index that is in no factor (its size), or in probabilities alone (1)."""
    coefficient, bound, factors = product
    for index in bound:
        holders = [(base, exponent) for base, exponent in factors if index in base.free]
        if holders and (len(holders) > 1 or not _sums_to_one(holders[0], index)):
            continue
        rest = tuple(factor for factor in factors if factor not in holders)
        others = tuple(i for i in bound if i != index)
        return [Pending(Product(coefficient, others, rest), () if holders else (size_form(index.size),))]
    return None


def _sums_to_one(factor: Factor, index: Index) -> bool:
    base, exponent = factor
    if exponent != 1:
        return False
    if isinstance(base, Entry):
        return base.is_normal and base.indices[-1] == index and base.indices.count(index) == 1
    if isinstance(base, Part):
        return base.outer == index  # each entry of a part is one of the whole
    return (
        isinstance(base, Whole)
        and base.operation == "softmax"
        and base.indices == (index,)
        and index not in base.body.free
    )
