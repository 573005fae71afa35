"""One over a quadratic whose coefficients are letters: what its integral is depends on the discriminant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.assumptions import ABOVE, Assumed, positive_first
from symback.calculus.integrals.forms import form_of, is_small, multiple, polynomial, tidied, value_of
from symback.calculus.integrals.laws import POSITIVE, holds
from symback.calculus.integrals.plan import Plan
from symback.calculus.integrals.search import Room, Search
from symback.expr.rule import Rule
from symback.expr.tree import TWO, Neg, Plus, Quotient, Times, Tree, apply, number, symbols_of
from symback.result import text_of

ARCTANGENT = Rule(
    "integral of one over a quadratic",
    "I(1/(a*x^2 + b*x + c)) = 2*arctan((2*a*x + b)/sqrt(4*a*c - b^2))/sqrt(4*a*c - b^2)",
)
LOGARITHM = Rule(
    "integral of one over a quadratic",
    "I(1/(a*x^2 + b*x + c)) = ln(abs((2*a*x + b - sqrt(b^2 - 4*a*c))/(2*a*x + b + sqrt(b^2 - 4*a*c))))"
    "/sqrt(b^2 - 4*a*c)",
)


def one_over_quadratic(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield the plan for 1/(a x^2 + b x + c) with a letter among a, b and c, where it has no factors."""
    found = _quadratic(integrand, variable)
    if found is None or found.middle == 0 or _is_square(-found.less):
        return
    is_positive = holds(POSITIVE, form_of(found.less))
    if is_positive is False:
        yield Plan(LOGARITHM, multiple(found.above, found.logarithm()))
        return
    assumed = () if is_positive else (Assumed(form_of(found.less), ABOVE, 0),)
    yield Plan(ARCTANGENT, multiple(found.above, found.arctangent()), assumed=assumed)


def other_cases(integrand: Tree, variable: Symbol, assumed: Assumed) -> tuple[str, ...]:
    """Return what the integral of one over a quadratic is where what is assumed of its letters does not hold."""
    found = _quadratic(integrand, variable)
    if found is None or _is_square(-found.less):
        return ()
    sign = sympy.cancel(value_of(assumed.tree) / found.less)
    if not sign.is_number:
        return ()
    other = found.logarithm() if sign > 0 else found.arctangent()
    cases = (("is less than 0", other), ("is 0", found.double()))
    said = text_of(assumed.tree)
    return tuple(
        f"Where {said} {words}, the integral is {text_of(tidied(multiple(found.above, case)))} + C."
        for words, case in cases
    )


class _Quadratic(NamedTuple):
    """A constant over a x^2 + b x + c: `inner` is a x + b/2, `less` is a c - (b/2)^2, both whole by `times`."""

    above: Tree
    middle: Expr
    inner: Tree
    less: Expr
    times: int

    def arctangent(self) -> Tree:
        """Return the integral where there are no zeros."""
        root = apply("sqrt", positive_first(self.less))
        return Quotient(self._multiple(apply("arctan", Quotient(self.inner, root))), root)

    def logarithm(self) -> Tree:
        """Return the integral where there are two zeros."""
        root = apply("sqrt", positive_first(-self.less))
        terms = self.inner._args if isinstance(self.inner, Plus) else (self.inner,)
        fraction = Quotient(Plus(*terms, Neg(root)), Plus(*terms, root))
        log = apply("ln", apply("abs", fraction))
        return Quotient(log, root if self.times == 2 else Times(TWO, root))

    def double(self) -> Tree:
        """Return the integral where there is one zero."""
        return Neg(Quotient(number(self.times), self.inner))

    def _multiple(self, tree: Tree) -> Tree:
        return tree if self.times == 1 else Times(number(self.times), tree)


def _quadratic(integrand: Tree, variable: Symbol) -> _Quadratic | None:
    """Return a constant over a quadratic with a letter in it; None for any other integrand."""
    value = value_of(integrand)
    if not symbols_of(integrand) - {variable} or not is_small(value):
        return None
    above, below = sympy.fraction(sympy.together(value))
    if below.as_poly(variable) is not None and below.as_poly(variable).LC().could_extract_minus_sign():
        above, below = -above, -below
    found = polynomial(below, variable)
    if above.has(variable) or found is None or found.degree() != 2 or below.free_symbols == {variable}:
        return None
    a, b, c = found.all_coeffs()
    times = sympy.factor_terms(b / 2).as_coeff_Mul()[0].q
    inner = form_of(sympy.expand(times * (a * variable + b / 2)))
    return _Quadratic(form_of(above), b, inner, sympy.expand(times**2 * (a * c - b * b / 4)), int(times))


def _is_square(value: Expr) -> bool:
    """Tell whether a root of a value can be drawn, so that the quadratic has factors without roots."""
    root = sympy.sqrt(sympy.factor(value))
    return not any(p.exp.is_Rational and p.exp.q == 2 for p in root.atoms(sympy.Pow) if p.free_symbols)
