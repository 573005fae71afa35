"""Bookkeeping that belongs to the line which makes it: zeros, ones, signs, and a bare number in front.

A rule of calculus leaves `1 * v + u * 0` or `cos(3x) * 3`; nobody writes that down. `cleared` names what is done about
it, one labelled rewrite at a time. What the user typed stays as it is: only arguments that are new are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import NamedTuple

from sympy.core.symbol import Symbol

from symback.calculus.tidy.fractions import (
    MULTIPLY_BY_ONE,
    MULTIPLY_BY_ZERO,
    MULTIPLY_NUMBERS,
    NUMBER_FIRST,
    ZERO_NUMERATOR,
    tidy_product,
)
from symback.calculus.tidy.powers import POWER_OF_POWER, tidy_power
from symback.calculus.tidy.product import in_order
from symback.calculus.tidy.signs import SIMPLIFY_SIGNS
from symback.calculus.tidy.sums import drop_zeros, is_zero
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    ZERO,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    is_decimal,
    number,
    number_value,
    product_of,
)

Hit = tuple[Rule, Tree]
Places = Collection[int]


def cleared(tree: Tree, new: Places, bare: Places) -> Iterator[Hit]:
    """Yield the rewrites of a node whose arguments at the places `new` were just worked out.

    `bare` are those of them that came out as a number, as the 3 of `cos(3x) * 3`; the 2 of `2x` is not bare.
    """
    if isinstance(tree, Times):
        yield from _product(tree, new, bare)
    elif isinstance(tree, Plus):
        hit = drop_zeros(tree)
        if hit is not None:
            yield hit
    elif isinstance(tree, Neg):
        inner = tree._args[0]
        if isinstance(inner, Neg) or inner is ZERO:
            yield SIMPLIFY_SIGNS, inner._args[0] if isinstance(inner, Neg) else ZERO
    elif isinstance(tree, Quotient) and is_zero(tree._args[0]) and number_value(tree._args[1]) != 0:
        yield ZERO_NUMERATOR, ZERO


class _Factor(NamedTuple):
    """A factor, whether it is new in its product, and whether it is a bare number."""

    tree: Tree
    is_new: bool
    is_bare: bool


def _product(tree: Times, new: Places, bare: Places) -> Iterator[Hit]:
    factors = [_Factor(f, i in new, i in bare) for i, f in enumerate(tree._args)]
    if any(f.is_new and is_zero(f.tree) for f in factors):
        yield MULTIPLY_BY_ZERO, ZERO
        return
    kept = [f for f in factors if not (f.is_new and f.tree is ONE)]
    if len(kept) < len(factors):
        yield MULTIPLY_BY_ONE, product_of([f.tree for f in kept])
    if len(kept) < 2:
        return
    kept, minuses = _without_signs(kept)
    if minuses:
        yield SIMPLIFY_SIGNS, _signed(product_of([f.tree for f in kept]), minuses % 2 == 1)
    hit = _number_in_front([f.tree for f in kept], [i for i, f in enumerate(kept) if f.is_bare])
    if hit is not None:
        yield hit[0], _signed(hit[1], minuses % 2 == 1)


def _without_signs(factors: list[_Factor]) -> tuple[list[_Factor], int]:
    """Take out the signs of the first factor, where it is new, and of bare numbers; say how many there were."""
    kept = list[_Factor]()
    minuses = 0
    for index, factor in enumerate(factors):
        tree = factor.tree
        is_taken = factor.is_bare or (index == 0 and factor.is_new)
        if not (is_taken and isinstance(tree, Neg) and not isinstance(tree._args[0], Plus)):
            kept.append(factor)
            continue
        minuses += 1
        inner = tree._args[0]
        parts = inner._args if isinstance(inner, Times) else (inner,)
        kept += [factor._replace(tree=part) for part in parts if part is not ONE]  # u * (-1) is -u, and not -(u * 1)
    return kept, minuses


def _signed(tree: Tree, is_negative: bool) -> Tree:
    if not is_negative:
        return tree
    return tree._args[0] if isinstance(tree, Neg) else Neg(tree)


def _number_in_front(factors: Sequence[Tree], bare: Sequence[int]) -> Hit | None:
    """Put a bare number in front, or multiply it with the number that stands there: 2(2x - 3) * 2 = 4(2x - 3)."""
    numbers = [i for i, f in enumerate(factors) if number_value(f) is not None]
    if not any(i in numbers for i in bare):
        return None
    others = [f for i, f in enumerate(factors) if i not in numbers]
    behind_fraction = any(isinstance(f, Quotient) for f in others) and numbers[0] > 0
    if behind_fraction or any(isinstance(factors[i], Quotient) for i in numbers):
        return None
    if len(numbers) == 1:
        return None if numbers[0] == 0 else (NUMBER_FIRST, product_of([factors[numbers[0]], *others]))
    return MULTIPLY_NUMBERS, _with_number([factors[i] for i in numbers], others)


def _with_number(numbers: Sequence[Tree], others: Sequence[Tree]) -> Tree:
    """Return the product of numbers in front of the other factors."""
    value = prod((number_value(n) or Fraction(0) for n in numbers), start=Fraction(1))
    front = number(abs(value), any(map(is_decimal, numbers)))
    result = product_of([*(() if front is ONE and others else (front,)), *others])
    return Neg(result) if value < 0 else result


def needs_clearing(head: type, arguments: Sequence[Tree], new: Places, bare: Places) -> bool:
    """Tell quickly whether there may be something to clear; only the arguments that are new are looked at."""
    if head is Times:
        return bool(bare) or any(isinstance(arguments[i], Neg) and (i == 0 or is_zero(arguments[i])) for i in new)
    if head is Plus:
        return any(is_zero(arguments[i]) for i in new)
    if head is Neg:
        return bool(new) and (isinstance(arguments[0], Neg) or is_zero(arguments[0]))
    return head is Quotient and 0 in new and is_zero(arguments[0])


# --- inside a greater thing -------------------------------------------------------------------------------------------


def multiplied(tree: Tree) -> Hit | None:
    """Multiply the numbers of a derivative that one writes down at once: 3 * 2x = 6x, y * 2x = 2xy."""
    if not isinstance(tree, Times):
        return None
    numbers = [f for f in tree._args if number_value(f) is not None]
    letters = [f for f in tree._args if number_value(f) is None]
    if not numbers or any(isinstance(n, (Quotient, Neg)) for n in numbers) or not all(map(_is_simple, letters)):
        return None
    if len(numbers) > 1:
        return MULTIPLY_NUMBERS, _with_number(numbers, in_order(letters))
    return None if tree._args[0] is numbers[0] else (NUMBER_FIRST, product_of([*numbers, *in_order(letters)]))


def _is_simple(factor: Tree) -> bool:
    base = factor._args[0] if isinstance(factor, Power) else factor
    return isinstance(base, Symbol)


def squared(tree: Tree) -> Iterator[tuple[tuple[int, ...], Tree, Hit]]:
    """Yield what the square below a quotient rule is written as at once, its place in it, and what stood there.

    ((x + 1)^2)^2 is (x + 1)^4, sqrt(u)^2 is u, (e^(3x))^2 is e^(6x).
    """
    if not isinstance(tree, Power) or tree._args[1] != 2:
        return
    base = tree._args[0]
    is_long = isinstance(base, Power) and isinstance(base._args[1], (Plus, Quotient, Power))
    hit = None if is_long and number_value(base._args[1]) is None else tidy_power(tree)
    if hit is None or hit[0] is not POWER_OF_POWER:
        return
    yield (), tree, hit
    exponent = hit[1]._args[1] if isinstance(hit[1], Power) else ONE
    inner = tidy_product(exponent, False, False) if isinstance(exponent, Times) else None
    if inner is not None:
        yield (1,), exponent, inner
