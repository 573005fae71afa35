"""A product taken apart into sign, number, factors above and below the line, and put together in textbook order.

The tidying rules of products and fractions all look at a node through `Product`. Textbook order: the number, constants
such as pi, letters and their powers by the alphabet, roots, exponentials, functions, bracketed sums, and last the
logarithms of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.expr.tree import (
    ONE,
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


class Product:
    """sign * number * above / below; the numbers are still apart: `numbers_above`, `numbers_below`."""

    __slots__ = (
        "above",
        "below",
        "coefficient",
        "is_decimal",
        "is_fraction",
        "negative",
        "numbers_above",
        "numbers_below",
    )

    def __init__(
        self, negative: bool, numbers_above: Factors, numbers_below: Factors, above: Factors, below: Factors
    ) -> None:
        self.negative = negative
        self.numbers_above = numbers_above
        self.numbers_below = numbers_below
        self.above = above
        self.below = below
        self.coefficient = _coefficient(numbers_above, numbers_below)
        """The number in front, without the sign; None where it divides by zero."""
        self.is_decimal = any(isinstance(n, Decimal) for n in numbers_above + numbers_below)
        """A decimal makes the whole number a decimal."""
        self.is_fraction = bool(below or numbers_below)

    def with_factors(self, negative: bool, above: Factors) -> Product:
        """Return the product with another sign and other factors above the line."""
        return Product(negative, self.numbers_above, self.numbers_below, above, self.below)


def _coefficient(above: Factors, below: Factors) -> Fraction | None:
    value = _ONE
    for n in above:
        value = _value(n) if value is _ONE else value * _value(n)
    for n in below:
        divisor = _value(n)
        if divisor == 0:
            return None
        value /= divisor
    return value


_ONE = Fraction(1)


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
    """Return the node (product, fraction, negative, or single factor) as a `Product`, with those inside it.

    A node remembers it: the rules of tidying all ask for it.
    """
    if not isinstance(node, Inert):
        return _single(node)
    try:
        return node._taken  # type: ignore[no-any-return]
    except AttributeError:
        node._taken = taken = _taken_apart(node) if isinstance(node, _COMPOUND) else _single(node)
        return taken


_COMPOUND = (Times, Quotient, Neg)
_NUMBERS = (Integer, Decimal)


def _single(factor: Tree) -> Product:
    is_number = isinstance(factor, _NUMBERS)
    return Product(False, (factor,), (), (), ()) if is_number else Product(False, (), (), (factor,), ())


def _taken_apart(node: Tree) -> Product:
    negative = False
    numbers: tuple[list[Tree], list[Tree]] = ([], [])
    others: tuple[list[Tree], list[Tree]] = ([], [])
    stack = [(node, False)]
    while stack:
        factor, below = stack.pop()
        head = type(factor)
        if head is Times:
            stack += [(f, below) for f in factor._args[::-1]]
        elif head is Quotient:
            top, bottom = factor._args
            stack += [(bottom, not below), (top, below)]
        elif head is Neg:
            negative = not negative
            stack.append((factor._args[0], below))
        else:
            (numbers if isinstance(factor, _NUMBERS) else others)[below].append(factor)
    return Product(negative, tuple(numbers[0]), tuple(numbers[1]), tuple(others[0]), tuple(others[1]))


def put_together(
    coefficient: Fraction, above: Iterable[Tree], below: Iterable[Tree], negative: bool = False, decimal: bool = False
) -> Tree:
    """Return the product in textbook form: the sign, one number, the factors in order, in one fraction."""
    front, under, negative = split_number(coefficient, negative, decimal)
    return in_typed_order(front, under, in_order(above), in_order(below), negative)


def split_number(value: Fraction, negative: bool, decimal: bool) -> tuple[Tree, Tree | None, bool]:
    """Return a number as what stands above the line, what stands below it (None for nothing), and whether it is < 0."""
    top = value.numerator
    if top < 0:
        negative = not negative
    if value.denominator == 1 and not decimal:
        return Integer(abs(top)), None, negative and top != 0
    front = number(abs(value), decimal)
    if isinstance(front, Quotient):
        return front._args[0], front._args[1], negative and top != 0
    return front, None, negative and top != 0


def in_typed_order(front: Tree, under: Tree | None, top: list[Tree], bottom: list[Tree], negative: bool) -> Tree:
    """Return the fraction of a number and factors as they stand; a 1 in front of factors is not written."""
    if not top:
        top = [front]
    elif not _is_one(front):
        top = [front, *top]
    if under is not None:
        bottom = [under, *bottom]
    tree = product_of(top)
    if bottom:
        tree = Quotient(tree, product_of(bottom))
    return Neg(tree) if negative else tree


def _is_one(front: Tree) -> bool:
    return front is ONE or number_value(front) == 1


def in_order(factors: Iterable[Tree]) -> list[Tree]:
    """Return the factors in textbook order; functions and sums stay as they came."""
    factors = list(factors)
    return sorted(factors, key=_place) if len(factors) > 1 else factors


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
