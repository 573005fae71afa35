"""Bases and exponents: combining powers, cancelling factors, powers of powers, negative powers as fractions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from sympy.core.numbers import Integer

from symback.calculus.tidy.numbers import exact_root
from symback.calculus.tidy.product import Product, put_together
from symback.calculus.tidy.terms import collect, grouped
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    ZERO,
    Apply,
    E,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    is_decimal,
    number,
    number_value,
    product_of,
    sum_of,
    symbols_of,
)

COMBINE_POWERS = Rule("combine powers", "x^2 * x = x^3", minor=True)
CANCEL = Rule("cancel common factors", "x^2 y/x = x y", minor=True)
NEGATIVE_POWER = Rule("write a negative power as a fraction", "x^(-2) = 1/x^2", minor=True)
POWER_OF_POWER = Rule("power of a power", "(x^2)^3 = x^6", minor=True)
POWER_OF_PRODUCT = Rule("power of a product", "(2x)^2 = 4x^2", minor=True)
EXPONENT_ONE = Rule("exponent one", "x^1 = x", minor=True)
BASE_ONE = Rule("power of one", "1^x = 1", minor=True)
EXPONENT_ZERO = Rule("exponent zero", "x^0 = 1", minor=True)
NUMBER_POWER = Rule("work out the power", "2^3 = 8", minor=True)

_ROOT_DEGREE = {"sqrt": 2, "cbrt": 3}
LARGEST_POWER = 10**15  # a power with more digits reads better as a power


class Factor(NamedTuple):
    """A factor as base and exponent; `rooted` tells that it was written with a root sign, so that it is again."""

    base: Tree
    exponent: Tree
    rooted: bool = False

    @property
    def number(self) -> Fraction | None:
        return number_value(self.exponent)


def as_power(factor: Tree) -> Factor:
    """Return base and exponent of a factor: x^3, sqrt(x) = x^(1/2), (sqrt x)^3 = x^(3/2), (x^2)^3 = x^6.

    Only whole outer exponents are multiplied in, because (x^2)^(1/2) is |x|.
    """
    if isinstance(factor, Power):
        inner, outer = factor._args
        if isinstance(outer, Integer) and not isinstance(inner, (Power, Apply)):
            return Factor(inner, outer)  # x^3, as most are
    elif not isinstance(factor, Apply):
        return Factor(factor, ONE)
    base: Tree = factor
    exponent: Tree = ONE
    rooted = False
    while isinstance(base, (Power, Apply)):
        outer = number_value(exponent)
        if isinstance(base, Power) and outer is not None and outer.denominator == 1:
            inner = base._args[1]
            value = number_value(inner)
            if outer != 1 and value is None:
                return Factor(base, exponent, rooted)
            exponent = inner if value is None else number(value * outer, is_decimal(inner))
            base = base._args[0]
        elif _root_degree(base) and outer is not None and outer.denominator == 1:
            exponent = number(outer / _root_degree(base))
            base, rooted = base._args[1], True
        else:
            break
    return Factor(base, exponent, rooted)


def _root_degree(tree: Tree) -> int:
    """Return n for the nth root of something that has no other way to be read (square and cube roots), else 0."""
    return _ROOT_DEGREE.get(tree.name, 0) if isinstance(tree, Apply) else 0


def as_factors(base: Tree, exponent: Tree, rooted: bool) -> list[Tree]:
    """Return the factors that show base^exponent: x, x^3, x^2 sqrt(x); none for the exponent 0."""
    value = number_value(exponent)
    if value is None:
        return [Power(base, exponent)]
    if rooted and value < 0:
        return [Quotient(ONE, product_of(as_factors(base, number(-value), True)))]
    if rooted and value.denominator in (2, 3):
        whole, rest = divmod(value, 1)
        if whole and isinstance(base, Plus):
            return [Power(base, exponent)]  # (x + 1)^(3/2), but x sqrt(x)
        root = apply("sqrt" if value.denominator == 2 else "cbrt", base)
        shown = root if rest.numerator == 1 else Power(root, Integer(rest.numerator))
        return [*as_factors(base, number(whole), False), shown]
    if value == 0:
        return []
    return [base] if value == 1 else [Power(base, exponent)]


def base_key(base: Tree) -> object:
    """Return what two equal bases have in common: x + 1 and 1 + x are the same base."""
    return frozenset(Counter(base._args).items()) if isinstance(base, Plus) else base


def combine_powers(product: Product) -> Tree | None:
    """Return the product with equal bases above the line combined, and equal bases below; None where there are none."""
    above, below = _combined(product.above), _combined(product.below)
    if above is None and below is None:
        return None
    return _rebuilt(product, product.above if above is None else above, product.below if below is None else below)


def _rebuilt(product: Product, above: tuple[Tree, ...] | list[Tree], below: tuple[Tree, ...] | list[Tree]) -> Tree:
    coefficient = product.coefficient
    assert coefficient is not None
    return put_together(coefficient, above, below, product.negative, product.is_decimal)


def _combined(factors: tuple[Tree, ...]) -> list[Tree] | None:
    if len(factors) < 2:
        return None
    groups: dict[object, list[tuple[Tree, Factor]]] = {}
    for factor in factors:
        power = as_power(factor)
        groups.setdefault(base_key(power.base), []).append((factor, power))
    if len(groups) == len(factors):
        return None
    shown: list[Tree] = []
    changed = False
    for members in groups.values():
        new = _one_base([power for _, power in members]) if len(members) > 1 else None
        old = [factor for factor, _ in members]
        if new is None or (set(new) == set(old) and len(new) == len(old)):
            shown += old
        else:
            shown += new
            changed = True
    return shown if changed else None


def _one_base(powers: list[Factor]) -> list[Tree] | None:
    """Return powers of one base as one power: e^x e^(2x) is e^(3x); e^x e^(e^x) stays, it would get no shorter."""
    power = merged(powers)
    is_exponential = power.number is None and not symbols_of(power.base)
    if is_exponential and _terms(power.exponent) >= sum(_terms(p.exponent) for p in powers):
        return None
    return as_factors(power.base, power.exponent, power.rooted)


def _terms(exponent: Tree) -> int:
    return len(exponent._args) if isinstance(exponent, Plus) else 1


def add_exponents(exponents: list[Tree]) -> Tree:
    """Return the sum of exponents, like terms collected."""
    values = [number_value(e) for e in exponents]
    if all(v is not None for v in values):
        return number(sum(v for v in values if v is not None), any(map(is_decimal, exponents)))
    flat = [part for e in exponents for part in (e._args if isinstance(e, Plus) else (e,))]
    return sum_of(collect(grouped(flat)))


def cancel(product: Product) -> Tree | None:
    """Return the fraction with factors that stand above and below the line cancelled, or None."""
    if not product.above or not product.below:
        return None
    product = _with_opposites_turned(product)
    above, below = _by_base(product.above), _by_base(product.below)
    common = [key for key in above if key in below]
    if not common:
        return None
    top, bottom = list(product.above), list(product.below)
    for key in common:
        over, under = above[key], below[key]
        up, down = _difference(over.base, over, under)
        top = _replaced(top, key, up)
        bottom = _replaced(bottom, key, down)
    return _rebuilt(product, top, bottom)


def _with_opposites_turned(product: Product) -> Product:
    """Write a bracket above as minus the same bracket below: (x - 1)/(1 - x) has -(1 - x) above."""
    brackets = {base_key(f.base): f.base for f in map(as_power, product.below) if isinstance(f.base, Plus)}
    if not brackets:
        return product
    above, negative = list(product.above), product.negative
    for index, factor in enumerate(above):
        power = as_power(factor)
        opposite = brackets.get(base_key(_negated(power.base))) if isinstance(power.base, Plus) else None
        exponent = power.number
        if opposite is not None and exponent is not None and exponent.denominator == 1:
            above[index] = opposite if exponent == 1 else Power(opposite, power.exponent)
            negative ^= exponent % 2 == 1
    return product.with_factors(negative, tuple(above))


def _negated(bracket: Plus) -> Plus:
    return Plus(*(t._args[0] if isinstance(t, Neg) else Neg(t) for t in bracket._args))


def _by_base(factors: tuple[Tree, ...]) -> dict[object, Factor]:
    return {key: merged(powers) for key, powers in powers_by_base(factors).items()}


def powers_by_base(factors: Iterable[Tree]) -> dict[object, list[Factor]]:
    """Return the factors as powers, those of one base together."""
    groups: dict[object, list[Factor]] = {}
    for factor in factors:
        power = as_power(factor)
        groups.setdefault(base_key(power.base), []).append(power)
    return groups


def merged(powers: Sequence[Factor]) -> Factor:
    """Return powers of one base as a single power."""
    if len(powers) == 1:
        return powers[0]
    return Factor(powers[0].base, add_exponents([p.exponent for p in powers]), any(p.rooted for p in powers))


def _difference(base: Tree, over: Factor, under: Factor) -> tuple[list[Tree], list[Tree]]:
    rooted = over.rooted or under.rooted
    a, b = over.number, under.number
    if a is None or b is None:
        if over.exponent == under.exponent:
            return [], []
        negative = Neg(under.exponent)
        return as_factors(base, add_exponents([over.exponent, negative]), False), []
    decimal = is_decimal(over.exponent) or is_decimal(under.exponent)
    if a >= b:
        return as_factors(base, number(a - b, decimal), rooted), []
    return [], as_factors(base, number(b - a, decimal), rooted)


def _replaced(factors: list[Tree], key: object, new: list[Tree]) -> list[Tree]:
    """Return the factors with those of the base replaced, the new ones in place of the first."""
    result: list[Tree] = []
    placed = False
    for factor in factors:
        if base_key(as_power(factor).base) != key:
            result.append(factor)
        elif not placed:
            result += new
            placed = True
    return result


def negative_powers_as_fractions(product: Product) -> Tree | None:
    """Return the product with powers such as x^(-2) moved across the line; exponentials e^(-x) stay as they are."""
    up = [f for f in product.above if _is_negative_power(f)]
    down = [f for f in product.below if _is_negative_power(f)]
    if not up and not down:
        return None
    above = [f for f in product.above if f not in up] + [_inverse(f) for f in down]
    below = [f for f in product.below if f not in down] + [_inverse(f) for f in up]
    return _rebuilt(product, above, below)


def _is_negative_power(factor: Tree) -> bool:
    if not isinstance(factor, Power) or factor._args[0] is E or not symbols_of(factor._args[0]):
        return False
    value = number_value(factor._args[1])
    return value is not None and value < 0


def has_negative_power(node: Tree) -> bool:
    """Tell whether a factor, or one of the factors of a product, is a power such as x^(-2)."""
    return any(map(_is_negative_power, node._args)) if isinstance(node, Times) else _is_negative_power(node)


def _inverse(factor: Tree) -> Tree:
    base, exponent = factor._args
    value = number_value(exponent)
    assert value is not None
    return base if value == -1 else Power(base, number(-value, is_decimal(exponent)))


def tidy_power(node: Power) -> tuple[Rule, Tree] | None:
    """Return the rule and the result where a power can be written more simply."""
    base, exponent = node._args
    value = number_value(exponent)
    if value is None:
        return (BASE_ONE, ONE) if base is ONE else None
    if value == 1:
        return EXPONENT_ONE, base
    if value == 0:  # x^0 is 1 for x = 0 too; a 0^0 that was written is refused before anything is worked out
        return EXPONENT_ZERO, ONE
    number_base = number_value(base)
    if number_base is not None:
        worked_out = _number_power(number_base, value, is_decimal(base))
        return None if worked_out is None else (NUMBER_POWER, worked_out)
    if value.denominator != 1:
        return None
    return _whole_power(node, base, int(value))


def _whole_power(node: Power, base: Tree, n: int) -> tuple[Rule, Tree] | None:
    if isinstance(base, Power) or _root_degree(base):
        return _power_of_power(node, base, n)
    if isinstance(base, Neg):
        inner = Power(base._args[0], node._args[1])
        return POWER_OF_PRODUCT, inner if n % 2 == 0 else Neg(inner)
    if isinstance(base, Times) and _is_monomial(base):
        return POWER_OF_PRODUCT, Times(*(Power(f, node._args[1]) for f in base._args))
    if isinstance(base, Quotient) and n > 0:
        top, bottom = base._args
        return POWER_OF_PRODUCT, Quotient(Power(top, node._args[1]), Power(bottom, node._args[1]))
    return None


def _power_of_power(node: Power, base: Tree, n: int) -> tuple[Rule, Tree] | None:
    if isinstance(base, Power) and number_value(base._args[1]) is None:
        inner = base._args[1]
        return POWER_OF_POWER, Power(
            base._args[0],
            Neg(inner) if n == -1 else Times(Integer(n), inner) if n > 0 else Neg(Times(Integer(-n), inner)),
        )
    power = as_power(node)
    if power.rooted and (power.number is None or power.number < 0):
        return None  # a negative power of a root becomes a fraction first
    shown = product_of(as_factors(power.base, power.exponent, power.rooted))
    return None if shown == node else (POWER_OF_POWER, shown)


def _is_monomial(product: Times) -> bool:
    return not any(isinstance(f, Plus) for f in product._args)


def _number_power(base: Fraction, exponent: Fraction, decimal: bool) -> Tree | None:
    """Return the exact value of a power of numbers, or None where it has none or is too long to read."""
    if exponent.denominator != 1:
        return _exact_root(base, exponent, decimal)
    n = int(exponent)
    if base == 0:
        return ZERO if n > 0 else None
    size = max(abs(base.numerator), base.denominator)
    if size > 1 and abs(n) * (size.bit_length() - 1) > LARGEST_POWER.bit_length():
        return None
    return number(base**n, decimal)


def _exact_root(base: Fraction, exponent: Fraction, decimal: bool) -> Tree | None:
    """Return a power such as (-8)^(2/3) = 4, where the root is exact; an odd root of a negative number is real."""
    if max(abs(base.numerator), base.denominator) > LARGEST_POWER or abs(exponent) > 100 or exponent.denominator > 100:
        return None
    root = exact_root(base, exponent.denominator)
    return None if root is None else _number_power(root, Fraction(exponent.numerator), decimal)


def is_exponential(factor: Tree) -> bool:
    """Tell whether a factor is a power of a constant, such as e^x or 2^x."""
    return isinstance(factor, Power) and not symbols_of(factor._args[0]) and bool(symbols_of(factor._args[1]))
