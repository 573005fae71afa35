"""Numbers that hold e and logarithms, made exact: e^(ln 2 + ln 3) = 2 * 3, ln(e sqrt(e)) = 1 + 1/2."""

from __future__ import annotations

from collections.abc import Iterator

from sympy.core.numbers import Integer

from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    TWO,
    Apply,
    E,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    number_value,
    product_of,
    sum_of,
)

LOGARITHM_OF_PRODUCT = Rule("logarithm of a product", "ln(e^v*u) = v + ln(u)", minor=True)
LOGARITHM_OF_QUOTIENT = Rule("logarithm of a quotient", "ln(e^v/u) = v - ln(u)", minor=True)
LOGARITHM_OF_RECIPROCAL = Rule("logarithm of a reciprocal", "ln(1/u) = -ln(u)", minor=True)
POWER_OF_SUM = Rule("power of a sum", "e^(ln(u) + v) = u*e^v", minor=True)

Hit = tuple[Rule, Tree]
Factor = tuple[Tree, bool]  # and whether it stands below the line


def of_logarithms(node: Tree) -> Hit | None:
    """Return ln of a number with powers of e as a sum, and e to a sum with logarithms as a product."""
    if isinstance(node, Apply):
        return _logarithm(node._args[1]) if node.name == "ln" else None
    return _power(node._args[1])


def _logarithm(inside: Tree) -> Hit | None:
    terms: list[Tree] = []
    rest: list[Factor] = []
    for factor, below in _factors(inside):
        exponent = _exponent_of_e(factor)
        if exponent is None:
            rest.append((factor, below))
        else:
            terms.append(Neg(exponent) if below else exponent)
    if not terms:
        return _of_reciprocal(inside)
    terms += _logarithms_of(rest)
    terms.sort(key=lambda term: isinstance(term, Neg))
    return LOGARITHM_OF_QUOTIENT if isinstance(inside, Quotient) else LOGARITHM_OF_PRODUCT, sum_of(terms)


def _of_reciprocal(inside: Tree) -> Hit | None:
    """Return -ln 3 for ln(1/3); ln(2/3) stays."""
    if isinstance(inside, Quotient) and inside._args[0] is ONE:
        return LOGARITHM_OF_RECIPROCAL, Neg(apply("ln", inside._args[1]))
    return None


def _logarithms_of(rest: list[Factor]) -> list[Tree]:
    """Return ln(2/5) for what is left, but -ln 5 for 1/5."""
    if rest and all(below for _, below in rest):
        return [Neg(apply("ln", product_of([factor for factor, _ in rest])))]
    return [apply("ln", _product(rest))] if rest else []


def _power(exponent: Tree) -> Hit | None:
    if not isinstance(exponent, Plus):
        return None
    factors: list[Factor] = []
    rest: list[Tree] = []
    for term in exponent._args:
        base = _power_of_logarithm(term._args[0] if isinstance(term, Neg) else term)
        if base is None:
            rest.append(term)
        else:
            factors.append((base, isinstance(term, Neg)))
    if not factors:
        return None
    left = [(Power(E, sum_of(rest)), False)] if rest else []
    if len(rest) == 1 and isinstance(rest[0], Neg):
        left = [(Power(E, rest[0]._args[0]), True)]
    return POWER_OF_SUM, _product([*factors, *left])


def _factors(tree: Tree) -> Iterator[Factor]:
    """Yield the factors of a product or quotient; those of a numerator first."""
    above, below = tree._args if isinstance(tree, Quotient) else (tree, ONE)
    for part, is_below in ((above, False), (below, True)):
        yield from (
            (factor, is_below) for factor in (part._args if isinstance(part, Times) else (part,)) if factor != 1
        )


def _exponent_of_e(factor: Tree) -> Tree | None:
    """Return 1 for e, 2 for e^2, 1/2 for sqrt(e); None for what is no power of e."""
    if factor is E:
        return ONE
    if isinstance(factor, Power) and factor._args[0] is E:
        return factor._args[1]
    if isinstance(factor, Apply) and factor._args[1] is E and factor.name in ("sqrt", "cbrt"):
        return Quotient(ONE, TWO if factor.name == "sqrt" else Integer(3))
    return None


def _power_of_logarithm(term: Tree) -> Tree | None:
    """Return 2 for ln 2, 2^3 for 3 ln 2; None for what is no logarithm of a positive number."""
    if isinstance(term, Apply) and term.name == "ln" and (number_value(term._args[1]) or 0) > 0:
        return term._args[1]
    if isinstance(term, Times) and len(term._args) == 2 and number_value(term._args[0]) is not None:
        base = _power_of_logarithm(term._args[1])
        return None if base is None else Power(base, term._args[0])
    return None


def _product(factors: list[Factor]) -> Tree:
    above = product_of([factor for factor, below in factors if not below] or [ONE])
    under = [factor for factor, below in factors if below]
    return Quotient(above, product_of(under)) if under else above
