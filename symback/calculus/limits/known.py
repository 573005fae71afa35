"""Products and quotients of functions that vanish like their argument, rewritten for the known limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import sympy
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import form_of, value_of
from symback.calculus.limits.algebra import inside
from symback.calculus.limits.laws import REWRITE_KNOWN
from symback.calculus.limits.work import Work
from symback.expr.tree import (
    ONE,
    TWO,
    ZERO,
    Apply,
    E,
    Neg,
    Path,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    is_free_of,
    number_value,
    product_of,
)  # fmt: skip

LIKE_THEIR_ARGUMENT = frozenset(("sin", "tan", "arcsin", "arctan", "sinh", "tanh"))


class Small(NamedTuple):
    """A factor that vanishes like a power of its argument: sin u like u, 1 - cos u like u^2."""

    tree: Tree
    inner: Tree
    order: int


def rewrite(work: Work, path: Path, body: Tree) -> bool:
    """Write sin(3x)/(5x) as 3/5 · sin(3x)/(3x), where powers and known limits cancel."""
    if work.target != ZERO or not isinstance(body, (Quotient, Times)):
        return False
    known, power, others, constant = [], 0, [], sympy.Integer(1)
    for factor, sign in _factors(body, 1, work.variable):
        small = _small(factor, work.variable)
        if small is not None:
            scale, degree = _monomial(small.inner, work.variable)
            power += sign * small.order * degree
            constant *= scale ** (sign * small.order)
            known.append(_known(small, sign))
        elif (found := _monomial_or_none(factor, work.variable)) is not None:
            constant *= found[0] ** sign
            power += sign * found[1]
        else:
            others.append((factor, sign))
    if not known or power < 0 or not all(work.tendency(f).kind == "finite" for f, _ in others):
        return False
    top = [f for f, sign in others if sign > 0]
    bottom = [f for f, sign in others if sign < 0]
    rest = [Quotient(product_of(top), product_of(bottom))] if bottom else top
    front = constant * work.variable**power
    number = [] if front == 1 else [form_of(front)]
    result = product_of([*number, *known, *rest])
    if result == body:
        return False
    work.apply(REWRITE_KNOWN, inside(path), result)
    return True


def _factors(tree: Tree, sign: int, variable: Symbol) -> Iterator[tuple[Tree, int]]:
    """Yield the factors of a product or quotient, each with 1 above the bar and -1 below; powers one by one."""
    if isinstance(tree, Times):
        for factor in tree._args:
            yield from _factors(factor, sign, variable)
    elif isinstance(tree, Quotient) and number_value(tree) is None:
        yield from _factors(tree._args[0], sign, variable)
        yield from _factors(tree._args[1], -sign, variable)
    elif isinstance(tree, Power) and number_value(tree._args[1]) in (2, 3, 4) and _small(tree._args[0], variable):
        for _ in range(int(number_value(tree._args[1]) or 0)):
            yield tree._args[0], sign
    elif tree != ONE:
        yield tree, sign


def _monomial_or_none(tree: Tree, variable: Symbol) -> tuple[sympy.Expr, int] | None:
    value = value_of(tree)
    constant, rest = value.as_independent(variable, as_Add=False)
    base, exponent = rest.as_base_exp() if rest != 1 else (variable, sympy.Integer(0))
    return (constant, int(exponent)) if base == variable and exponent.is_Integer else None


def _monomial(tree: Tree, variable: Symbol) -> tuple[sympy.Expr, int]:
    found = _monomial_or_none(tree, variable)
    assert found is not None
    return found


def _small(tree: Tree, variable: Symbol) -> Small | None:
    """Return a factor with its argument where it is one of those in the table, with a multiple of a power inside."""
    inner, order = _inner_of(tree)
    if inner is None or is_free_of(inner, variable):
        return None
    found = _monomial_or_none(inner, variable)
    return Small(tree, inner, order) if found is not None and found[1] > 0 else None


def _inner_of(tree: Tree) -> tuple[Tree | None, int]:
    if isinstance(tree, Apply) and tree.name in LIKE_THEIR_ARGUMENT:
        return tree._args[1], 1
    if isinstance(tree, Apply) and tree.name == "ln" and isinstance(tree._args[1], Plus):
        terms = tree._args[1]._args
        if len(terms) == 2 and ONE in terms:
            return terms[1 - terms.index(ONE)], 1
    if isinstance(tree, Plus) and len(tree._args) == 2:
        first, second = tree._args
        if isinstance(first, Power) and first._args[0] == E and second == Neg(ONE):
            return first._args[1], 1
        if first == ONE and isinstance(second, Neg) and _is_cosine(second._args[0]):
            return second._args[0]._args[1], 2
        if _is_cosine(first) and second == Neg(ONE):
            return first._args[1], 2
    return None, 0


def _is_cosine(tree: Tree) -> bool:
    return isinstance(tree, Apply) and tree.name == "cos"


def _known(small: Small, sign: int) -> Tree:
    below = small.inner if small.order == 1 else Power(small.inner, TWO)
    return Quotient(small.tree, below) if sign > 0 else Quotient(below, small.tree)
