"""Between trees and SymPy's values, for the moves that propose another form of an integrand.

A proposal is only believed once numbers confirm it: each becomes a step of the derivation, and every step is checked.
"""

from __future__ import annotations

from functools import lru_cache

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.engine import differentiate, tidy
from symback.errors import SymbackError
from symback.expr.tree import (
    ONE,
    TWO,
    Diff,
    Int,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    is_free_of,
    product_of,
    sum_of,
)
from symback.syntax.convert import from_sympy, to_sympy

LARGEST = 90  # operations of a value that is worked on
MOST_DEGREE = 14


@lru_cache(maxsize=20_000)
def value_of(tree: Tree) -> Expr:
    """Return the evaluated SymPy expression of a tree."""
    return to_sympy(tree)


@lru_cache(maxsize=20_000)
def form_of(value: Expr) -> Tree:
    """Return a value as a tree in textbook form, with its brackets closed."""
    tree = from_sympy(value)
    try:
        return tidy(tree, [], (), expand=False)
    except SymbackError:
        return tree


@lru_cache(maxsize=20_000)
def tidied(tree: Tree) -> Tree:
    """Return a tree in textbook form, with its brackets closed; as it is where that fails."""
    try:
        return tidy(tree, [], (), expand=False)
    except SymbackError:
        return tree


@lru_cache(maxsize=20_000)
def derivative_of(tree: Tree, variable: Symbol) -> Tree:
    """Return the derivative of a tree, tidied; SymbackError where there is no rule for it."""
    return tidy(differentiate(Diff(tree, variable), []), [], (), expand=False)


def is_small(value: Expr) -> bool:
    """Tell whether a value is short enough to be worked on."""
    return bool(value.count_ops() <= LARGEST)


def polynomial(value: Expr, variable: Symbol) -> sympy.Poly | None:
    """Return a value as a polynomial in the variable; None where it is none, or of a high degree."""
    powers = (p for p in value.atoms(sympy.Pow) if p.base.has(variable))
    if any(not p.exp.is_Integer or not 0 <= p.exp <= MOST_DEGREE for p in powers):
        return None
    try:
        found = sympy.Poly(value, variable)
    except sympy.PolynomialError:
        return None
    return None if found.free_symbols_in_domain & {variable} or found.degree() > MOST_DEGREE else found


def integral(value: Expr, variable: Symbol) -> Tree:
    """Return the integral of a value, constants in front of the sign."""
    constant, rest = value.as_independent(variable, as_Add=False)
    return multiple(form_of(constant), Int(form_of(rest), variable))


def multiple(constant: Tree, tree: Tree) -> Tree:
    """Return a constant times a tree: 1 is left out, and a minus stands in front."""
    if constant == ONE:
        return tree
    if isinstance(constant, Neg):
        return Neg(multiple(constant._args[0], tree))
    return Times(*_factors(constant), tree)


def _factors(tree: Tree) -> tuple[Tree, ...]:
    return tree._args if isinstance(tree, Times) else (tree,)


def terms_of(value: Expr) -> list[Expr]:
    """Return the terms of a value in the order in which SymPy prints them."""
    return list(value.as_ordered_terms())


def as_sum(values: list[Expr]) -> Tree:
    """Return the sum of some values, each in textbook form."""
    return sum_of([form_of(v) for v in values])


def square_form(value: Expr) -> Tree:
    """Return a value as a square where letters in it stand as squares: (a/b)^2 for a^2/b^2."""
    root = sympy.sqrt(sympy.factor(value)).replace(sympy.Abs, lambda u: u)
    is_square = root.free_symbols and not any(not p.exp.is_Integer for p in root.atoms(sympy.Pow))
    return Power(form_of(root), TWO) if is_square else form_of(value)


def fraction(top: list[Tree], bottom: list[Tree]) -> Tree:
    """Return the quotient of two products."""
    return Quotient(product_of(top), product_of(bottom)) if bottom else product_of(top)


def split_constants(tree: Tree, variable: Symbol) -> tuple[Tree, Tree]:
    """Return the constant factors of a tree, and what is left.

    >>> from symback.expr.tree import symbol
    >>> split_constants(Quotient(Times(symbol("a"), symbol("x")), ONE), symbol("x"))
    (a, x)
    """
    negative = False
    while isinstance(tree, Neg):
        negative, tree = not negative, tree._args[0]
    top, bottom = tree._args if isinstance(tree, Quotient) else (tree, ONE)
    if isinstance(top, Neg):
        negative, top = not negative, top._args[0]
    above, left = _parted(top, variable)
    below, under = _parted(bottom, variable)
    constant = fraction(above, below)
    if not above and not below and not negative:
        return ONE, tree
    constant = Neg(constant) if negative else constant
    return constant, fraction(left, under)


def _parted(tree: Tree, variable: Symbol) -> tuple[list[Tree], list[Tree]]:
    factors = [f for f in _flat(tree) if f != ONE]
    return [f for f in factors if is_free_of(f, variable)], [f for f in factors if not is_free_of(f, variable)]


def _flat(tree: Tree) -> list[Tree]:
    return [part for f in tree._args for part in _flat(f)] if isinstance(tree, Times) else [tree]


def factors_of(tree: Tree) -> list[Tree]:
    """Return the factors of a tree; those below a fraction bar as one over them."""
    if isinstance(tree, Quotient):
        top, bottom = tree._args
        above = [f for f in _flat(top) if f != ONE]
        return [*above, *(Quotient(ONE, f) for f in _flat(bottom))]
    return _flat(tree)


def joined(factors: list[Tree]) -> Tree:
    """Return the product of factors, with those that are one over something below one bar."""
    below = [f._args[1] for f in factors if isinstance(f, Quotient) and f._args[0] == ONE]
    above = [f for f in factors if not (isinstance(f, Quotient) and f._args[0] == ONE)]
    return fraction(above, below)


def terms(tree: Tree) -> list[Tree]:
    """Return the terms of a tree, with brackets within it opened."""
    if isinstance(tree, Plus):
        return [t for a in tree._args for t in terms(a)]
    if isinstance(tree, Neg) and isinstance(tree._args[0], Plus):
        return [t._args[0] if isinstance(t, Neg) else Neg(t) for t in terms(tree._args[0])]
    return [tree]
