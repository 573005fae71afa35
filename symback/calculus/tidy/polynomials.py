"""Polynomials in one letter with numbers for coefficients: exact division, to see a common factor of a fraction."""

from __future__ import annotations

from fractions import Fraction

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.calculus.tidy.powers import as_power
from symback.calculus.tidy.product import put_together, take_apart
from symback.expr.rule import Rule
from symback.expr.tree import ONE, Plus, Power, Quotient, Times, Tree, number_value, sum_of

FACTOR = Rule("factor", "x^2 - 1 = (x - 1)(x + 1)", minor=True)
LARGEST_DEGREE = 12

Coefficients = list[Fraction]  # of x^0, x^1, ...


def factor_numerator(node: Quotient) -> Tree | None:
    """Return the fraction with a bracket from below split off above, where it divides the numerator exactly."""
    numerator, denominator = node._args
    if not isinstance(numerator, Plus):
        return None
    above = coefficients(numerator)
    if above is None:
        return None
    letter, dividend = above
    for factor in denominator._args if isinstance(denominator, Times) else (denominator,):
        bracket = as_power(factor).base
        below = coefficients(bracket) if isinstance(bracket, Plus) else None
        if below is None or below[0] != letter:
            continue
        quotient = divide(dividend, below[1])
        if quotient is not None:
            other = polynomial(letter, quotient)
            return Quotient(bracket if other is ONE else Times(bracket, other), denominator)
    return None


def coefficients(tree: Plus) -> tuple[Symbol, Coefficients] | None:
    """Return the letter and the coefficients of a polynomial in one letter, or None."""
    letter: Symbol | None = None
    result = [Fraction(0)] * (LARGEST_DEGREE + 1)
    for term in tree._args:
        part = take_apart(term)
        value = part.coefficient
        if value is None or part.below or part.is_decimal or len(part.above) > 1:
            return None
        degree = 0
        if part.above:
            factor = part.above[0]
            base, exponent = factor._args if isinstance(factor, Power) else (factor, ONE)
            power = number_value(exponent)
            if (
                not isinstance(base, Symbol)
                or power is None
                or power.denominator != 1
                or not 0 < power <= LARGEST_DEGREE
            ):
                return None
            if letter is not None and base != letter:
                return None
            letter, degree = base, int(power)
        result[degree] += -value if part.negative else value
    while len(result) > 1 and result[-1] == 0:
        result.pop()
    return None if letter is None or len(result) < 2 else (letter, result)


def divide(dividend: Coefficients, divisor: Coefficients) -> Coefficients | None:
    """Return the quotient where the division leaves no remainder, else None."""
    remainder = list(dividend)
    quotient: Coefficients = []
    while len(remainder) >= len(divisor):
        lead = remainder[-1] / divisor[-1]
        quotient.append(lead)
        shift = len(remainder) - len(divisor)
        for i, c in enumerate(divisor):
            remainder[shift + i] -= lead * c
        remainder.pop()
    return quotient[::-1] if quotient and not any(remainder) else None


def polynomial(letter: Symbol, values: Coefficients) -> Tree:
    """Return the polynomial as a tree, highest power first."""
    terms = []
    for degree in range(len(values) - 1, -1, -1):
        if values[degree]:
            power = [] if degree == 0 else [letter if degree == 1 else Power(letter, Integer(degree))]
            terms.append(put_together(abs(values[degree]), power, (), values[degree] < 0))
    return sum_of(terms)
