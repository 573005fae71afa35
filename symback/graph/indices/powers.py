"""What comes out of a power: numbers, factors that all terms share, roots of numbers."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from symback.graph.indices.budget import NotCovered, spend
from symback.graph.indices.canonical import canonical
from symback.graph.indices.forms import Base, Call, Constant, Factor, Form, Product, Term, Whole

LARGEST_ROOT = 10_000  # the largest factor that is looked for in a number under a root


class Outside(NamedTuple):
    """A number and the powers that stand before a bracket."""

    coefficient: Fraction
    factors: tuple[Factor, ...]


def is_positive(base: Base) -> bool:
    """Tell whether a base is above 0, so that (u v)^q = u^q v^q for every q."""
    if isinstance(base, Whole):
        return base.operation == "softmax"
    return isinstance(base, Constant) or isinstance(base, Call) and base.function in ("power", "sigmoid")


def content(form: Form, exponent: Fraction) -> tuple[Outside, Form]:
    """Return what all terms share, and the form without it.

    Under a root only what is above 0 comes out; a sign comes out of whole powers, so that the first term has plus.
    """
    is_whole = exponent.denominator == 1
    number = _common_number(form)
    if is_whole and begins_with_minus(form):
        number = -number
    shared = _common_factors(form, is_whole)
    if number == 1 and not shared:
        return Outside(number, ()), form
    return Outside(number, tuple(shared.items())), Form(_without(term, number, shared) for term in form.terms)


def begins_with_minus(form: Form) -> bool:
    """Tell the sign of a form by the term that comes first whatever the indices are called."""
    return bool(form) and min(form.terms, key=_plain_key).coefficient < 0


def _plain_key(term: Term) -> tuple[list[str], str]:
    return sorted(base.kind for base, _ in term.factors), term.key


def _common_number(form: Form) -> Fraction:
    coefficients = [term.coefficient for term in form.terms]
    return Fraction(gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients)))


def _common_factors(form: Form, is_whole: bool) -> dict[Base, Fraction]:
    shared: dict[Base, Fraction] | None = None
    for term in form.terms:
        own = {b: e for b, e in term.factors if (is_whole or is_positive(b)) and b.free.isdisjoint(term.bound)}
        if shared is None:
            shared = own
        else:
            shared = {b: _nearer(e, own[b]) for b, e in shared.items() if b in own and e * own[b] > 0}
    return shared or {}


def _nearer(a: Fraction, b: Fraction) -> Fraction:
    return min(a, b) if a > 0 else max(a, b)


def _without(term: Term, number: Fraction, shared: dict[Base, Fraction]) -> Term:
    left = ((base, exponent - shared.get(base, Fraction(0))) for base, exponent in term.factors)
    return canonical(Product(term.coefficient / number, term.bound, tuple(f for f in left if f[1])))


def root_of_number(number: Fraction, exponent: Fraction) -> tuple[Fraction, tuple[Factor, ...]]:
    """Return number^exponent as a rational number and primes with exponents between 0 and 1."""
    if exponent.denominator == 1:
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
