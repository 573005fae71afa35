"""Several roots of one linear expression: u is the root of which all of them are powers, x is written by u."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

import sympy
from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import form_of, is_small, polynomial, value_of
from symback.calculus.integrals.plan import Plan
from symback.calculus.integrals.search import Room, Search
from symback.calculus.integrals.substitution import in_the_letter
from symback.expr.tree import Apply, Inert, Let, Power, Tree, apply, fold, number, number_value, walk

LARGEST_INDEX = 12


def radicals(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield the plan by u = sqrt(kx + c), or by a root of a higher index."""
    found = {r for r in map(_root, walk(integrand)) if r is not None and r[1].denominator > 1}
    bases = {base for base, _ in found}
    if len(bases) != 1:
        return
    (base,) = bases
    index = lcm(*(exponent.denominator for _, exponent in found))
    of_x = polynomial(value_of(base), variable)
    if of_x is None or of_x.degree() != 1 or index > LARGEST_INDEX:
        return
    letter = search.new_letter()
    inner = _root_of(base, index)
    of_letter = form_of((letter**index - of_x.nth(0)) / of_x.LC())
    written = _written(integrand, base, index, letter, variable, of_letter)
    value = sympy.cancel(value_of(written) * index * letter ** (index - 1) / of_x.LC())
    if value.has(variable) or not is_small(value):
        return
    plan = in_the_letter(search, value, Let(letter, inner), variable, room)
    if plan is not None:
        yield plan


def mixed_radicals(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield the plan by a common root where there are roots of several indices."""
    indices = {r[1].denominator for r in map(_root, walk(integrand)) if r is not None}
    if len(indices - {1}) > 1:
        yield from radicals(search, integrand, variable, room)


def _root(node: Basic) -> tuple[Tree, Fraction] | None:
    """Return the base and the exponent of a root or a power."""
    if isinstance(node, Apply) and node.name in ("sqrt", "cbrt", "root"):
        index = {"sqrt": Fraction(2), "cbrt": Fraction(3)}.get(node.name) or number_value(node._args[-1])
        return None if not index else (node._args[1], 1 / index)
    if isinstance(node, Power):
        exponent = number_value(node._args[1])
        return None if exponent is None else (node._args[0], exponent)
    return None


def _root_of(base: Tree, index: int) -> Tree:
    name = {2: "sqrt", 3: "cbrt"}.get(index)
    return apply(name, base) if name else apply("root", base, number(index))


def _written(tree: Tree, base: Tree, index: int, letter: Symbol, variable: Symbol, of_letter: Tree) -> Tree:
    """Return a tree with every power of the base as a power of the letter, and the variable by the letter."""

    def replace(node: Basic, inner: list[Basic]) -> Basic:
        found = _root(node)
        if found is not None and found[0] == base:
            return Power(letter, number(int(found[1] * index)))
        if node == variable:
            return of_letter
        return type(node)(*inner) if isinstance(node, Inert) and inner else node

    return fold(tree, replace)
