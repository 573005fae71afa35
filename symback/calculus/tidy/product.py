"""A product taken apart into sign, number, factors above and below the line, and put together in textbook order.

The tidying rules of products and fractions all look at a node through `Product`. Textbook order: the number, constants
such as pi, letters and their powers by the alphabet, roots, exponentials, functions, bracketed sums, and last the
logarithms of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.expr.tree import (
    PI,
    Apply,
    Decimal,
    E,
    Inert,
    Let,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    number,
    number_value,
    product_of,
    symbols_of,
)

Factors = tuple[Tree, ...]


class Product(NamedTuple):
    """sign * number * above / below; the numbers are still apart: `numbers_above`, `numbers_below`."""

    negative: bool
    numbers_above: Factors
    numbers_below: Factors
    above: Factors
    below: Factors

    @property
    def coefficient(self) -> Fraction | None:
        """The number in front, without the sign; None where it divides by zero."""
        value = Fraction(1)
        for n in self.numbers_above:
            value *= _value(n)
        for n in self.numbers_below:
            if _value(n) == 0:
                return None
            value /= _value(n)
        return value

    @property
    def is_decimal(self) -> bool:
        """A decimal makes the whole number a decimal."""
        return any(isinstance(n, Decimal) for n in (*self.numbers_above, *self.numbers_below))

    @property
    def is_fraction(self) -> bool:
        return bool(self.below or self.numbers_below)


def number_of(product: Product) -> Fraction:
    """Return the number in front, without the sign, of a product that is known not to divide by zero."""
    value = product.coefficient
    assert value is not None
    return value


def _value(leaf: Tree) -> Fraction:
    value = number_value(leaf)
    assert value is not None
    return value


def take_apart(node: Tree) -> Product:
    """Return the node (product, fraction, negative, or single factor) as a `Product`, with those inside it."""
    negative = False
    parts: dict[tuple[bool, bool], list[Tree]] = {(n, b): [] for n in (True, False) for b in (True, False)}
    stack = [(node, False)]
    while stack:
        factor, below = stack.pop()
        if isinstance(factor, Times):
            stack.extend((f, below) for f in reversed(factor._args))
        elif isinstance(factor, Quotient):
            top, bottom = factor._args
            stack += [(bottom, not below), (top, below)]
        elif isinstance(factor, Neg):
            negative = not negative
            stack.append((factor._args[0], below))
        else:
            parts[isinstance(factor, (Integer, Decimal)), below].append(factor)
    return Product(
        negative,
        tuple(parts[True, False]),
        tuple(parts[True, True]),
        tuple(parts[False, False]),
        tuple(parts[False, True]),
    )


def put_together(
    coefficient: Fraction, above: Iterable[Tree], below: Iterable[Tree], negative: bool = False, decimal: bool = False
) -> Tree:
    """Return the product in textbook form: the sign, one number, the factors in order, in one fraction."""
    value = -coefficient if negative else coefficient
    front = number(abs(value), decimal)
    top: list[Tree] = in_order(above)
    bottom: list[Tree] = in_order(below)
    if isinstance(front, Quotient):
        bottom = [front._args[1], *bottom]
        front = front._args[0]
    if number_value(front) != 1 or not top:
        top = [front, *top]
    tree = product_of(top)
    if bottom:
        tree = Quotient(tree, product_of(bottom))
    return Neg(tree) if value < 0 else tree


def in_order(factors: Iterable[Tree]) -> list[Tree]:
    """Return the factors in textbook order; functions and sums stay as they came."""
    return sorted(factors, key=_place)


def is_in_order(factors: Sequence[Tree]) -> bool:
    """Tell whether the kinds of factor stand in textbook order, whatever the order of the letters."""
    kinds = [_place(f)[0] for f in factors]
    return all(a <= b for a, b in pairwise(kinds))


_ROOTS = frozenset(("sqrt", "cbrt", "root"))


def _place(factor: Tree) -> tuple[int, str]:
    base = factor
    while isinstance(base, Power):
        if base._args[0] is E or not symbols_of(base._args[0]):
            return 4, ""
        base = base._args[0]
    if base is PI or base is E:
        return 1, ""
    if isinstance(base, Symbol):
        return 2, base.name
    if isinstance(base, Let):
        return 2, base._args[0].name
    if isinstance(base, (Integer, Decimal)):
        return 0, ""
    if isinstance(base, Apply) and base.name == "abs":
        return 2, "~"  # after the letters
    if isinstance(base, Apply) and base.name == "ln" and not symbols_of(base):
        return 7, ""  # x ln 2, (x + 1) ln 10
    if isinstance(base, Apply):
        return (3, "") if base.name in _ROOTS else (5, "")
    return (6, "") if isinstance(base, (Plus, Inert)) else (5, "")
