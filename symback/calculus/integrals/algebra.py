"""Algebra first: tidying, expanding, a fraction term by term, powers for roots, the bar over a sum of squares."""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.engine import tidy
from symback.calculus.integrals.forms import as_sum, form_of, is_small, terms_of, value_of
from symback.calculus.integrals.plan import Plan
from symback.calculus.integrals.search import Room, Search
from symback.expr.rule import Move, Rule
from symback.expr.tree import Int, Plus, Tree, walk
from symback.syntax.convert import from_sympy

SIMPLIFY = Rule("simplify", "an equal expression that is shorter")
EXPAND = Rule("expand", "u*(v + w) = u*v + u*w")
SPLIT = Rule("split the fraction", "(u + v)/w = u/w + v/w")
POWERS = Rule("combine powers", "u^n * u^k = u^(n + k)")
EXPAND_POWER = Rule("power of a sum", "c^(u + v) = c^u * c^v")
HYPERBOLIC = Rule("definition of the hyperbolic functions", "sinh(x) = (e^x - e^(-x))/2, cosh(x) = (e^x + e^(-x))/2")
MOST_TERMS = 4
RATIONALISE = Rule("root of a fraction", "sqrt(u/v) = u/sqrt(u*v)")


def algebra(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield plans that begin with another form of the integrand."""
    value = value_of(integrand)
    if not is_small(value):
        return
    seen = {integrand}
    for rule, form in forms(integrand, value, variable):
        if form in seen:
            continue
        seen.add(form)
        plan = search.plan(rule, Int(form, variable), variable, room.less(), ())
        if plan is not None:
            yield plan


def forms(integrand: Tree, value: Expr, variable: Symbol) -> Iterator[tuple[Rule, Tree]]:
    """Yield other forms of an integrand, each with what is done."""
    moves: list[Move] = []
    tidied = tidy(integrand, moves, (), expand=False)
    if moves:
        names = list(dict.fromkeys(m.rule.name for m in moves))
        yield (moves[0].rule if len(names) == 1 else SIMPLIFY), tidied
    top, bottom = sympy.fraction(value)
    if top.is_Add and bottom.has(variable):
        yield SPLIT, as_sum([t / bottom for t in top.as_ordered_terms()])
    expanded = sympy.expand(value, power_base=False, power_exp=False, log=False)
    if expanded != value and is_small(expanded):
        yield EXPAND, as_sum(terms_of(expanded)) if expanded.is_Add else form_of(expanded)
    opened = sympy.expand(top)
    if bottom.has(variable) and opened.is_Add and opened != top:
        yield SPLIT, as_sum([t / bottom for t in opened.as_ordered_terms()])
    yield from _roots_of_fractions(value, variable)
    if value.is_Mul or value.is_Pow:
        yield POWERS, from_sympy(value)
    yield from _of_exponentials(value)


def _roots_of_fractions(value: Expr, variable: Symbol) -> Iterator[tuple[Rule, Tree]]:
    """Yield sqrt(u/v) as u/sqrt(u v)."""
    for root in value.atoms(sympy.Pow):
        if root.exp.is_Rational and root.exp.q == 2 and abs(root.exp.p) == 1 and root.has(variable):
            top, bottom = sympy.fraction(root.base if root.exp.p > 0 else 1 / root.base)
            if bottom.has(variable):
                product = sympy.sqrt(sympy.expand(top * bottom))
                yield RATIONALISE, form_of(value.xreplace({root: top / product}))


def _of_exponentials(value: Expr) -> Iterator[tuple[Rule, Tree]]:
    joined = sympy.powsimp(value)
    if joined != value:
        yield POWERS, form_of(joined)
    opened = sympy.expand_power_exp(value)
    if opened != value:
        yield EXPAND_POWER, form_of(opened)


def hyperbolic(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield the plan that writes hyperbolic functions by e^x."""
    value = value_of(integrand)
    if not is_small(value) or not value.atoms(*_HYPERBOLIC):
        return
    plain = sympy.expand(value.rewrite(sympy.exp))
    form = as_sum(terms_of(plain)) if plain.is_Add else form_of(plain)
    plan = search.plan(HYPERBOLIC, Int(form, variable), variable, room.less()) if is_small(plain) else None
    if plan is not None:
        yield plan


_HYPERBOLIC = (sympy.sinh, sympy.cosh, sympy.tanh, sympy.sech, sympy.csch, sympy.coth)


def powers_of_x(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield the plan that writes an integrand as a few powers of x: (x^2 + 1)/x, (x - 1)(x + 2)."""
    value = value_of(integrand)
    if not is_small(value) or not any(isinstance(node, Plus) for node in walk(integrand)):
        return
    opened = sympy.expand(value)
    found = opened.as_ordered_terms()
    parts = [t.as_independent(variable, as_Add=False)[1].as_base_exp() for t in found]
    if not 1 < len(found) <= MOST_TERMS or any(b not in (variable, 1) or e.has(variable) for b, e in parts):
        return
    is_fraction = sympy.fraction(value)[1].has(variable)
    plan = search.plan(SPLIT if is_fraction else EXPAND, Int(as_sum(found), variable), variable, room.less())
    if plan is not None:
        yield plan
