"""Algebra inside of a limit: factors that cancel, common denominators, the degree of a term.

SymPy proposes factors and quotients; every proposal becomes a step, and is compared by numbers near the place.
"""

from __future__ import annotations

from fractions import Fraction

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import form_of, polynomial, value_of
from symback.calculus.limits.laws import (
    CANCEL,
    COMMON,
    EXPAND,
    FACTOR,
    SINES,
)  # fmt: skip
from symback.calculus.limits.work import Work
from symback.expr.tree import (
    ONE,
    Apply,
    Inert,
    Neg,
    Path,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    at,
    fold,
    is_free_of,
    number_value,
    product_of,
    walk,
)  # fmt: skip

INSIDE = 0  # the argument of a limit that is its function


def inside(path: Path) -> Path:
    """Return the place of the function of the limit at a path."""
    return (*path, INSIDE)


def over(top: Tree, bottom: Tree) -> Tree:
    """Return a quotient; what is over 1 is itself."""
    return top if bottom == ONE else Quotient(top, bottom)


# --- rational functions -----------------------------------------------------------------------------------------------


def factor_and_cancel(work: Work, path: Path, body: Tree) -> bool:
    """A quotient of polynomials with a common factor that is 0 at the place."""
    if work.is_far or not isinstance(body, Quotient) or not has_form(work, body, "zero"):
        return False
    parts = [polynomial(value_of(part), work.variable) for part in body._args]
    if any(part is None for part in parts):
        return False
    top, bottom = parts
    common = common_factor(top, bottom)
    if common is None:
        return False
    expanded = Quotient(*(_expanded(tree, part) for tree, part in zip(body._args, parts, strict=True)))
    if expanded != body and any(_is_open(tree) for tree in body._args):
        work.apply(EXPAND, inside(path), expanded)
    left, right = (factored(part, common, work.variable) for part in parts)
    shared = factors_of(common.as_expr(), work.variable)
    cancelled(work, path, shared, left, right)
    return True


def common_factor(top: sympy.Poly, bottom: sympy.Poly) -> sympy.Poly | None:
    """Return the common factor of two polynomials, with the sign of what stands below; None where there is none."""
    common = sympy.gcd(top, bottom)
    if common.degree() < 1:
        return None
    ratio = sympy.div(bottom, common)[0].LC()
    return -common if ratio.is_negative else common


def cancelled(work: Work, path: Path, shared: list[Tree], left: list[Tree], right: list[Tree]) -> None:
    """Write both parts of a quotient with their common factors, and cancel these."""
    written = _fraction([*shared, *left], [*shared, *right])
    if written != at(work.line, inside(path)):
        work.apply(FACTOR, inside(path), written)
    work.apply(CANCEL, inside(path), _fraction(left, right), (("w", product_of(shared)),))


def _fraction(top: list[Tree], bottom: list[Tree]) -> Tree:
    """Return a quotient of products, with one minus before it where the factors -1 leave one."""
    minus = Neg(ONE)
    negative = (top.count(minus) + bottom.count(minus)) % 2 == 1
    parts = [product_of([f for f in factors if f != minus]) for factors in (top, bottom)]
    result = over(*parts)
    return Neg(result) if negative else result


def has_form(work: Work, body: Quotient, kind: str) -> bool:
    return all(work.tendency(part).kind == kind for part in body._args)


def _is_open(tree: Tree) -> bool:
    """Tell whether a polynomial is written with brackets that are not its factors."""
    terms = tree._args if isinstance(tree, Plus) else ()
    return any(isinstance(node, Plus) for term in terms for node in walk(term))


def _expanded(tree: Tree, value: sympy.Poly) -> Tree:
    return form_of(value.as_expr()) if _is_open(tree) else tree


def factored(value: sympy.Poly, common: sympy.Poly, variable: Symbol) -> list[Tree]:
    rest = sympy.cancel(value.as_expr() / common.as_expr())
    return [] if rest == 1 else factors_of(rest, variable)


def factors_of(value: Expr, variable: Symbol) -> list[Tree]:
    """Return the factors of a polynomial, a minus as the factor -1 at the front."""
    tree = ordered(form_of(sympy.factor(value)), variable)
    minus = [Neg(ONE)] if isinstance(tree, Neg) else []
    tree = tree._args[0] if isinstance(tree, Neg) else tree
    return [*minus, *(f for f in (tree._args if isinstance(tree, Times) else (tree,)) if f != ONE)]


def ordered(tree: Tree, variable: Symbol) -> Tree:
    """Return a tree with the terms that hold the variable first in each sum: x - a for -a + x."""

    def sort(node: Tree, inner: list[Tree]) -> Tree:
        if isinstance(node, Plus) and any(number_value(t) is None and is_free_of(t, variable) for t in inner):
            return Plus(*sorted(inner, key=lambda t: -(degree(t, variable) or Fraction(0))))
        return type(node)(*inner) if isinstance(node, Inert) and inner else node

    return fold(tree, sort)


def one_fraction(work: Work, path: Path, body: Tree) -> bool:
    """Bring fractions within the parts of a quotient, or the terms of a sum, to one denominator."""
    fractions = [n for n in walk(body) if isinstance(n, Quotient) and n is not body]
    is_sum = isinstance(body, Plus) and any(not is_free_of(n._args[1], work.variable) for n in fractions)
    is_compound = isinstance(body, Quotient) and any(
        isinstance(part, Plus) and any(isinstance(n, Quotient) and number_value(n) is None for n in walk(part))
        for part in body._args
    )
    if work.is_far or not (is_sum or is_compound):
        return False
    top, bottom = _over_one_bar(body)
    if bottom == 1:
        return False
    result = Quotient(ordered(form_of(sympy.expand(top)), work.variable), form_of(sympy.factor(bottom)))
    work.apply(COMMON, inside(path), result)
    return True


def _over_one_bar(tree: Tree) -> tuple[Expr, Expr]:
    """Return numerator and denominator of a sum of fractions, or of a quotient of such sums, not yet cancelled."""
    if isinstance(tree, Quotient):
        (a, b), (c, d) = (_over_one_bar(part) for part in tree._args)
        shared = sympy.gcd(b, d)
        return a * sympy.cancel(d / shared), c * sympy.cancel(b / shared)
    if not isinstance(tree, Plus):
        top, bottom = sympy.fraction(sympy.together(value_of(tree)))
        return top, bottom
    parts = [sympy.fraction(sympy.together(value_of(term))) for term in tree._args]
    least = sympy.lcm_list([bottom for _, bottom in parts])
    return sympy.Add(*(top * sympy.cancel(least / bottom) for top, bottom in parts)), least


def in_sines(work: Work, path: Path, body: Tree) -> bool:
    """Write tan, cot, sec and csc by sine and cosine."""
    names = {node.name for node in walk(body) if isinstance(node, Apply)}
    if not names & {"tan", "cot", "sec", "csc"} or not isinstance(body, Plus):
        return False

    def written(node: Tree, inner: list[Tree]) -> Tree:
        if isinstance(node, Apply) and node.name in _SINES:
            top, bottom = (apply(n, inner[1]) if n else ONE for n in _SINES[node.name])
            return Quotient(top, bottom)
        return type(node)(*inner) if isinstance(node, Inert) and inner else node

    work.apply(SINES, inside(path), fold(body, written))
    return True


_SINES = {"tan": ("sin", "cos"), "cot": ("cos", "sin"), "sec": ("", "cos"), "csc": ("", "sin")}


def joined(tree: Tree, factor: Tree) -> Tree:
    if tree == ONE:
        return factor
    return Times(*(tree._args if isinstance(tree, Times) else (tree,)), factor)


def degree(tree: Tree, variable: Symbol) -> Fraction | None:
    """Return the power of the variable that a root or polynomial grows like; None where it is none.

    >>> from symback.syntax import parse
    >>> degree(parse("sqrt(4x^2 + 1) - 3"), parse("x"))
    Fraction(1, 1)
    """
    if is_free_of(tree, variable):
        return Fraction(0)
    if tree == variable:
        return Fraction(1)
    if isinstance(tree, Neg):
        return degree(tree._args[0], variable)
    if isinstance(tree, Plus):
        found = [degree(t, variable) for t in tree._args]
        return None if None in found else max(f for f in found if f is not None)
    if isinstance(tree, Times):
        found = [degree(t, variable) for t in tree._args]
        return None if None in found else sum((f for f in found if f is not None), Fraction(0))
    if isinstance(tree, Power):
        inner, exponent = degree(tree._args[0], variable), number_value(tree._args[1])
        return None if inner is None or exponent is None or exponent <= 0 else inner * exponent
    if isinstance(tree, Apply) and tree.name in ("sqrt", "cbrt"):
        inner = degree(tree.arguments[0], variable)
        return None if inner is None else inner / (2 if tree.name == "sqrt" else 3)
    return None
