"""Roots of quadratics: a polynomial times a root by undetermined coefficients, and the square completed below it."""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.assumptions import ABOVE, Assumed
from symback.calculus.integrals.forms import form_of, is_small, multiple, polynomial, square_form, value_of
from symback.calculus.integrals.laws import POSITIVE, holds
from symback.calculus.integrals.plan import Plan
from symback.calculus.integrals.rational import COMPLETE_SQUARE, TAKE_OUT
from symback.calculus.integrals.search import Room, Search
from symback.expr.rule import Rule
from symback.expr.tree import ONE, Int, Neg, Plus, Power, Quotient, Tree, apply, number, sum_of

UNDETERMINED = Rule(
    "undetermined coefficients",
    "I(p/sqrt(q)) = u*sqrt(q) + c*I(1/sqrt(q)) for a quadratic q, u by comparing coefficients",
)
MOST_DEGREE = 6


def roots(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield plans for an integrand with the root of a quadratic."""
    value = value_of(integrand)
    if not is_small(value):
        return
    quadratics = {p.base for p in value.atoms(sympy.Pow) if p.exp.is_Rational and p.exp.q == 2 and p.base.has(variable)}
    if len(quadratics) != 1:
        return
    base = polynomial(quadratics.pop(), variable)
    if base is None or base.degree() != 2:
        return
    leading = base.LC() * (-1 if base.LC().could_extract_minus_sign() else 1)
    is_known = holds(POSITIVE, form_of(leading))
    assumed = () if is_known else (Assumed(form_of(leading), ABOVE, 0),)
    for rule, result in _moves(value, base, variable):
        plan = search.plan(rule, result, variable, room.less(), assumed=assumed)
        if plan is not None:
            yield plan


def _moves(value: Expr, base: sympy.Poly, variable: Symbol) -> Iterator[tuple[Rule, Tree]]:
    root = sympy.sqrt(base.as_expr())
    if sympy.cancel(value * root).has(variable):
        yield from _undetermined(value, base, variable)
        return
    a, b, c = base.all_coeffs()
    sign = -1 if a.could_extract_minus_sign() else 1
    scale = sympy.sqrt(sign * a)
    if b != 0:
        left = sympy.together(sign * (c / a - (b / (2 * a)) ** 2))
        inside, rule = _completed(sign, b / (2 * a), left, variable), COMPLETE_SQUARE
    elif abs(a) != 1:
        inside, rule = _completed(sign, sympy.Integer(0), sign * c / a, variable), TAKE_OUT
    else:
        return
    factor = form_of(sympy.cancel(value * root) / scale)
    yield rule, multiple(factor, Int(Quotient(ONE, apply("sqrt", inside)), variable))


def _completed(sign: int, shift: Expr, left: Expr, variable: Symbol) -> Tree:
    square = Power(form_of(variable + shift), number(2))
    if sign > 0:
        return sum_of([square, square_form(left)])
    return Plus(square_form(left), Neg(square))


def _undetermined(value: Expr, base: sympy.Poly, variable: Symbol) -> Iterator[tuple[Rule, Tree]]:
    """Yield N(x) q^k plus multiples of the integrals of 1/sqrt(q) and 1/(x sqrt(q))."""
    q = base.as_expr()
    root = sympy.sqrt(q)
    rational = sympy.cancel(sympy.powsimp(value * root))
    top, bottom = (polynomial(part, variable) for part in sympy.fraction(rational))
    if top is None or bottom is None:
        return
    times, lowest = 0, 0
    rest = bottom
    while sympy.rem(rest, base) == 0 and times < 3 and rest.degree() > 0:
        rest, times = sympy.quo(rest, base), times + 1
    while rest.degree() > 0 and rest.nth(0) == 0 and lowest < 5:
        rest, lowest = sympy.quo(rest, sympy.Poly(variable, variable)), lowest + 1
    if rest.degree() > 0 or top.degree() > MOST_DEGREE + 2 * times:
        return
    highest = max(top.degree() - bottom.degree(), 0) + 2 * times
    exponents = range(-lowest + 1 if lowest else 0, highest + 1)
    unknown = sympy.symbols(f"k0:{len(exponents)}")
    last, over = sympy.symbols("m0 m1")
    numerator = sum(k * variable**e for k, e in zip(unknown, exponents, strict=True))
    guess = numerator * q ** (1 - times)
    # (guess / sqrt(q))' sqrt(q) = guess' - guess q'/(2q)
    slope = sympy.diff(guess, variable) - guess * sympy.diff(q, variable) / (2 * q)
    equation = sympy.together(slope + last + (over / variable if lowest else 0) - rational)
    coefficients = sympy.Poly(sympy.expand(sympy.fraction(equation)[0]), variable).all_coeffs()
    letters = (*unknown, last, *((over,) if lowest else ()))
    for found in sympy.linsolve(coefficients, letters):
        known = dict(zip(letters, found, strict=True))
        free = {s: sympy.Integer(0) for s in letters}
        known = {k: v.xreplace(free) for k, v in known.items()}
        yield UNDETERMINED, _result(numerator.xreplace(known), q, times, known[last], known.get(over), variable)


def _result(top: Expr, q: Expr, times: int, last: Expr, over: Expr | None, variable: Symbol) -> Tree:
    root = apply("sqrt", form_of(q))
    terms = []
    if top != 0:
        terms.append(form_of(sympy.factor_terms(sympy.cancel(top)) * q ** sympy.Rational(1 - 2 * times, 2)))
    if last != 0:
        terms.append(multiple(form_of(last), Int(Quotient(ONE, root), variable)))
    if over:
        under = form_of(variable * sympy.sqrt(q))
        terms.append(multiple(form_of(over), Int(Quotient(ONE, under), variable)))
    return sum_of(terms)
