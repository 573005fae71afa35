"""Integration by parts: u is a logarithm, an inverse function, algebraic, trigonometric or exponential; v' the rest."""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import (
    derivative_of,
    factors_of,
    form_of,
    is_small,
    joined,
    multiple,
    polynomial,
    tidied,
    value_of,
)
from symback.calculus.integrals.laws import PARTS
from symback.calculus.integrals.plan import Plan, steps_of
from symback.calculus.integrals.search import Room, Search
from symback.expr.tree import ONE, Apply, Int, Neg, Plus, Power, Times, Tree, is_free_of

LOGARITHM, INVERSE, ALGEBRAIC, TRIGONOMETRIC, EXPONENTIAL = range(5)
_OF_FUNCTION = {
    **dict.fromkeys(("ln", "log"), LOGARITHM),
    **dict.fromkeys(("arcsin", "arccos", "arctan", "arccot", "arcsec", "arccsc", "arsinh", "arcosh", "artanh",
                     "arcoth", "arsech", "arcsch", "erf"), INVERSE),
    **dict.fromkeys(("sqrt", "cbrt", "root"), ALGEBRAIC),
}  # fmt: skip


def by_parts(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield plans by parts."""
    if room.parts <= 0 or not is_small(value_of(integrand)):
        return
    for u, slope in choices(integrand, variable):
        plan = _parts(search, integrand, u, slope, variable, room)
        if plan is not None:
            yield plan


def choices(integrand: Tree, variable: Symbol) -> Iterator[tuple[Tree, Tree]]:
    """Yield u and v', the choice by LIATE first."""
    factors = factors_of(integrand)
    ranks = [rank(f, variable) for f in factors]
    first = min(ranks)
    whole = [f for f, r in zip(factors, ranks, strict=True) if r == first == ALGEBRAIC and _is_polynomial(f, variable)]
    if whole and first == ALGEBRAIC:
        rest = [f for f in factors if f not in whole]
        if rest:
            yield joined(whole), joined(rest)
    for factor in sorted(factors, key=lambda f: rank(f, variable)):
        if len(factors) == 1 and rank(factor, variable) == EXPONENTIAL:
            continue
        rest = list(factors)
        rest.remove(factor)
        yield factor, joined(rest)
    for factor in factors:
        if isinstance(factor, Power) and factor._args[0] == variable and value_of(factor._args[1]).is_Integer:
            rest = list(factors)
            rest.remove(factor)
            yield form_of(value_of(factor) / variable), joined([variable, *rest])


def rank(tree: Tree, variable: Symbol) -> int:
    """Return the place of a factor in LIATE."""
    while isinstance(tree, Power) and is_free_of(tree._args[1], variable):
        tree = tree._args[0]
    if isinstance(tree, Apply):
        return _OF_FUNCTION.get(tree.name, TRIGONOMETRIC)
    if isinstance(tree, Power):
        return EXPONENTIAL
    return ALGEBRAIC


def _is_polynomial(tree: Tree, variable: Symbol) -> bool:
    return polynomial(value_of(tree), variable) is not None


def _parts(search: Search, integrand: Tree, u: Tree, slope: Tree, variable: Symbol, room: Room) -> Plan | None:
    again = 1 if _is_polynomial(u, variable) else 0
    v = _antiderivative(search, slope, variable, Room(min(room.moves - 1, 4), min(room.parts - 1, 2 * again)))
    if v is None:
        return None
    left = value_of(v) * value_of(derivative_of(u, variable))
    left = _simpler(left, variable)
    if left.count_ops() > 3 * value_of(integrand).count_ops() + 12:
        return None
    product = tidied(Times(*_as_factors(u), *_as_factors(v)))
    constant, rest = left.as_independent(variable, as_Add=False)
    last = Neg(multiple(form_of(constant), Int(form_of(rest), variable)))
    if isinstance(last._args[0], Neg):
        last = last._args[0]._args[0]
    plan = search.plan(PARTS, Plus(product, last), variable, room.less(1), (("u", u), ("v", v)))
    return None if plan is None else search.solved_for(plan, integrand, variable)


def _simpler(value: sympy.Expr, variable: Symbol) -> sympy.Expr:
    """Return a product with what cancels cancelled, where it is a rational function."""
    if value.is_rational_function(variable):
        return sympy.cancel(value)
    return value


def _as_factors(tree: Tree) -> tuple[Tree, ...]:
    return tree._args if isinstance(tree, Times) else (tree,)


def _antiderivative(search: Search, slope: Tree, variable: Symbol, room: Room) -> Tree | None:
    """Return v, whose steps are not shown."""
    if slope == ONE:
        return variable
    plan = search.solve(slope, variable, room)
    if plan is None or any(0 < p.loop <= len(search.doing) for p in plan.everything()):
        return None
    return form_of(value_of(steps_of(Int(slope, variable), plan)[1]))
