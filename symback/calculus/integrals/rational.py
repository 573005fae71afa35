"""Rational functions: divide, partial fractions, split the numerator, complete the square."""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.algebra import EXPAND
from symback.calculus.integrals.forms import as_sum, form_of, is_small, polynomial, square_form, value_of
from symback.calculus.integrals.laws import LOGARITHM
from symback.calculus.integrals.plan import Plan
from symback.calculus.integrals.search import Room, Search
from symback.expr.rule import Rule
from symback.expr.tree import ONE, Int, Neg, Plus, Power, Quotient, Times, Tree, apply, number, sum_of

DIVIDE = Rule("divide with remainder", "u/v = q + r/v")
CANCEL = Rule("cancel", "(u*w)/(v*w) = u/v")
PARTIAL_FRACTIONS = Rule("partial fractions", "a fraction as a sum of simpler ones, one for each factor below")
SPLIT_NUMERATOR = Rule("split the numerator", "(u + v)/w = u/w + v/w, where u is a multiple of D(w)")
COMPLETE_SQUARE = Rule("complete the square", "x^2 + 2*c*x + k = (x + c)^2 + k - c^2")
TAKE_OUT = Rule("take the number out", "1/(c*x^2 + k) = 1/c * 1/(x^2 + k/c)")


def rational(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield plans for a rational function."""
    value = value_of(integrand)
    if not is_small(value) or not value.is_rational_function(variable):
        return
    for rule, result in _moves(value, variable):
        plan = search.plan(rule, result, variable, room.less())
        if plan is not None:
            yield plan


def _moves(value: Expr, variable: Symbol) -> Iterator[tuple[Rule, Tree]]:
    together = sympy.together(value)
    top, bottom = (polynomial(part, variable) for part in sympy.fraction(sympy.cancel(together)))
    if top is None or bottom is None:
        return
    reduced = top.as_expr() / bottom.as_expr()
    if sympy.fraction(together)[1].as_poly(variable).degree() > bottom.degree():
        yield CANCEL, Int(form_of(sympy.factor(reduced)), variable)
    if bottom.degree() == 0:
        yield EXPAND, Int(as_sum(list(sympy.expand(reduced).as_ordered_terms())), variable)
        return
    if top.degree() >= bottom.degree():
        quotient, rest = sympy.div(top, bottom)
        whole = list(quotient.as_expr().as_ordered_terms())
        yield DIVIDE, Int(as_sum([*whole, rest.as_expr() / bottom.as_expr()] if rest != 0 else whole), variable)
        return
    parts = sympy.apart(reduced, variable)
    if parts.is_Add and len(parts.args) > 1:
        yield PARTIAL_FRACTIONS, Int(as_sum(list(parts.as_ordered_terms())), variable)
        return
    yield from _over_a_power(top, bottom, variable)
    yield from _with_roots(reduced, bottom, variable)


def _over_a_power(top: sympy.Poly, bottom: sympy.Poly, variable: Symbol) -> Iterator[tuple[Rule, Tree]]:
    """Yield moves for a numerator over a power of one quadratic that has no factors."""
    content, factors = sympy.factor_list(bottom)
    if len(factors) != 1 or factors[0][0].degree() != 2:
        return
    base, power = factors[0]
    top = sympy.Poly(top.as_expr() / content, variable)
    a, b, c = base.all_coeffs()
    if top.degree() == 1:
        p, q = top.all_coeffs()
        half = p / (2 * a)
        rest = q - half * b
        if rest == 0 and power == 1:
            log = apply("ln", apply("abs", form_of(base.as_expr())))
            yield LOGARITHM, log if half == 1 else Times(form_of(half), log)
        elif rest != 0:
            under = base.as_expr() ** power
            yield SPLIT_NUMERATOR, _split(half, base, rest, under, variable)
        return
    if top.degree() == 0 and b != 0:
        inside = _square(a, b, c, variable)
        under = Power(inside, number(power)) if power > 1 else inside
        factor = top.as_expr() / a**power
        yield COMPLETE_SQUARE, _times(form_of(factor), Int(Quotient(ONE, under), variable))
    elif top.degree() == 0 and a != 1:
        inside = sum_of([Power(variable, number(2)), square_form(c / a)])
        under = Power(inside, number(power)) if power > 1 else inside
        yield TAKE_OUT, _times(form_of(top.as_expr() / a**power), Int(Quotient(ONE, under), variable))


def _split(half: Expr, base: sympy.Poly, rest: Expr, under: Expr, variable: Symbol) -> Tree:
    slope = form_of(base.diff(variable).as_expr())
    first = _times(form_of(half), Int(Quotient(slope, form_of(under)), variable))
    second = Int(Quotient(ONE, form_of(under)), variable)
    return Plus(first, _times(form_of(rest), second))


def _times(constant: Tree, tree: Tree) -> Tree:
    if constant == ONE:
        return tree
    if isinstance(constant, Neg):
        return Neg(_times(constant._args[0], tree))
    return Times(*(constant._args if isinstance(constant, Times) else (constant,)), tree)


def _square(a: Expr, b: Expr, c: Expr, variable: Symbol) -> Tree:
    """Return x^2 + (b/a) x + c/a as a square and a number."""
    shift = b / (2 * a)
    left = square_form(sympy.together(c / a - shift**2))
    inner = form_of(variable + shift)
    return sum_of([Power(inner, number(2)), left])


def _with_roots(value: Expr, bottom: sympy.Poly, variable: Symbol) -> Iterator[tuple[Rule, Tree]]:
    """Yield partial fractions of what x^4 + p x^2 + q is below, with square roots in its factors."""
    if bottom.degree() != 4 or not all(k.is_Rational for k in bottom.all_coeffs()):
        return
    _, b, c, d, e = bottom.monic().all_coeffs()
    if b or d or e <= 0:
        return
    middle = sympy.sqrt(e)
    inner = sympy.sqrt(sympy.nsimplify(2 * middle - c))
    if not inner.is_real or inner == 0:
        return
    factors = [variable**2 + s * inner * variable + middle for s in (1, -1)]
    unknown = sympy.symbols("k0:4")
    top = (unknown[0] * variable + unknown[1]) * factors[1] + (unknown[2] * variable + unknown[3]) * factors[0]
    numerator = value * bottom.as_expr() / bottom.LC()
    equations = sympy.Poly(sympy.expand(top - sympy.cancel(numerator)), variable).all_coeffs()
    found = sympy.linsolve(equations, unknown)
    for k in found:
        parts = [
            sympy.radsimp(k[0]) * variable + sympy.radsimp(k[1]),
            sympy.radsimp(k[2]) * variable + sympy.radsimp(k[3]),
        ]
        yield PARTIAL_FRACTIONS, Int(as_sum([p / f for p, f in zip(parts, factors, strict=True)]), variable)
