"""What comes out of a power: numbers, factors that all terms share, roots of numbers."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from symback.graph.indices.budget import NotCovered, spend
from symback.graph.indices.forms import E_FORM, ONE, Base, Bracket, Call, Constant, Factor, Form, Product, Term, Whole

LARGEST_EXPONENT = 200  # of a number other than 1 and -1
LARGEST_ROOT = 10_000  # the largest factor that is looked for in a number under a root

ODD = frozenset(
    ("sin", "tan", "csc", "cot", "arcsin", "arctan", "arccot", "arccsc", "sinh", "tanh", "coth", "csch", "arsinh",
     "artanh", "arcoth", "arcsch", "erf", "cbrt")
)  # fmt: skip
EVEN = frozenset(("cos", "sec", "cosh", "sech"))


class Outside(NamedTuple):
    """A number and the powers that stand before a bracket."""

    coefficient: Fraction
    factors: tuple[Factor, ...]


def is_positive(base: Base) -> bool:
    """Tell whether a base is above 0, so that (u v)^q = u^q v^q for every q."""
    if isinstance(base, Whole):
        return base.operation == "softmax"
    return isinstance(base, Constant) or isinstance(base, Call) and base.function in ("power", "sigmoid")


def content(form: Form, exponent: Fraction) -> tuple[Outside, tuple[Product, ...]]:
    """Return what comes out of a power of a form, and the terms without it: no fractions, nothing that all share.

    Under a root only what is above 0 comes out; a sign comes out of whole powers, so that the first term has plus.
    """
    is_whole = exponent.denominator == 1
    number = _common_number(form)
    if is_whole and begins_with_minus(form):
        number = -number
    shared = _common_factors(form, is_whole)
    return Outside(number, tuple(shared.items())), tuple(_without(term, number, shared) for term in form.terms)


def begins_with_minus(form: Form) -> bool:
    """Tell the sign of a form by the term that comes first, for any names of the indices."""
    return bool(form) and min(form.terms, key=_plain_key).coefficient < 0


def _plain_key(term: Term) -> tuple[list[str], str]:
    return sorted(base.kind for base, _ in term.factors), term.key


def _common_number(form: Form) -> Fraction:
    coefficients = [term.coefficient for term in form.terms]
    return Fraction(gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients)))


def _common_factors(form: Form, is_whole: bool) -> dict[Base, Fraction]:
    """Return the lowest exponent that each base has in a term, 0 where it does not stand there."""
    outside = [
        {b: e for b, e in term.factors if (is_whole or is_positive(b)) and b.free.isdisjoint(term.bound)}
        for term in form.terms
    ]
    lowest = {base: min(own.get(base, Fraction(0)) for own in outside) for base in set().union(*outside)}
    return {base: exponent for base, exponent in lowest.items() if exponent}


def _without(term: Term, number: Fraction, shared: dict[Base, Fraction]) -> Product:
    apart = tuple((base, -exponent) for base, exponent in shared.items())
    return Product(term.coefficient / number, term.bound, (*term.factors, *apart))


def is_single(form: Form) -> bool:
    """Tell whether a form is one term without a sum."""
    return len(form.terms) == 1 and not form.terms[0].bound


def bracket(form: Form, exponent: Fraction) -> tuple[Factor, ...]:
    """Return what is left of a bracket: nothing for 1, a power of its only factor, or a bracket."""
    if form == ONE:
        return ()
    term = form.terms[0]
    if is_single(form) and term.coefficient == 1 and len(term.factors) == 1:
        base, e = term.factors[0]
        if e.numerator % 2:  # (x^3)^(1/2) is x^(3/2), but (x^2)^(1/2) is |x|
            return ((base, e * exponent),)
    return ((Bracket(form), exponent),)


def is_negative(form: Form) -> bool:
    """Tell whether a form is below 0 for any names."""
    term = form.terms[0] if is_single(form) else None
    return term is not None and term.coefficient < 0 and all(is_positive(base) for base, _ in term.factors)


def is_power_of_e(factor: Factor) -> bool:
    """Tell whether a factor is a power of e."""
    base = factor[0]
    return base == E_FORM.terms[0].factors[0][0] or (
        isinstance(base, Call) and base.function == "power" and base.arguments[0] == E_FORM
    )


def exponent_of_e(base: Base) -> Form:
    """Return the exponent of a base that is a power of e."""
    return base.arguments[1] if isinstance(base, Call) else ONE


def root_of_number(number: Fraction, exponent: Fraction) -> tuple[Fraction, tuple[Factor, ...]]:
    """Return number^exponent as a rational number and primes with exponents between 0 and 1."""
    if exponent.denominator == 1:
        if abs(exponent) > LARGEST_EXPONENT and abs(number) != 1:
            raise NotCovered("a large power of a number")
        return number ** int(exponent), ()
    if number < 0:
        raise NotCovered("a root of a negative number")
    result, factors = Fraction(1), []
    for value, sign in ((number.numerator, 1), (number.denominator, -1)):
        for prime, count in _primes(value):
            total = sign * count * exponent
            whole_part = total.numerator // total.denominator
            result *= Fraction(prime) ** whole_part
            if total != whole_part:
                factors.append((Constant(str(prime)), total - whole_part))
    return result, tuple(factors)


def _primes(value: int) -> list[tuple[int, int]]:
    found, divisor = [], 2
    while value > 1 and divisor * divisor <= value:
        spend(divisor % 50 == 0)
        count = 0
        while value % divisor == 0:
            value, count = value // divisor, count + 1
        if count:
            found.append((divisor, count))
        divisor += 1
        if divisor > LARGEST_ROOT:
            raise NotCovered("a root of a large number")
    return [*found, (value, 1)] if value > 1 else found
