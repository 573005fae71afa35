"""Last resorts: t = tan(x/2) for fractions of sines and cosines."""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import form_of, is_small, value_of
from symback.calculus.integrals.plan import Plan
from symback.calculus.integrals.search import Room, Search
from symback.calculus.integrals.substitution import in_the_letter
from symback.calculus.integrals.trigonometry import in_sines
from symback.expr.tree import Let, Tree, apply


def half_angle(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield the plan by u = tan(x/2), which makes a fraction of sines and cosines rational."""
    value = in_sines(value_of(integrand))
    angles = {a.args[0] for a in value.atoms(sympy.sin, sympy.cos) if a.has(variable)}
    if len(angles) != 1 or not is_small(value) or not _is_over_a_sum(value):
        return
    (angle,) = angles
    letter = search.new_letter()
    square = 1 + letter**2
    made = {sympy.sin(angle): 2 * letter / square, sympy.cos(angle): (1 - letter**2) / square}
    found = sympy.cancel(value.xreplace(made) * 2 / square / sympy.diff(angle, variable))
    if found.has(variable) or not found.is_rational_function(letter):
        return
    inner = apply("tan", form_of(angle / 2))
    plan = in_the_letter(search, found, Let(letter, inner), variable, room)
    if plan is not None:
        yield plan


def _is_over_a_sum(value: Expr) -> bool:
    """Tell whether a sum of sines and cosines stands below the bar: other fractions have nicer ways."""
    return any(f.is_Add or (f.is_Pow and f.base.is_Add) for f in sympy.Mul.make_args(sympy.fraction(value)[1]))
