"""Equations solved: SymPy proposes real solutions, and numbers check each of them.

A factor is solved exactly where that is known to give all solutions; else its zeros are looked for by numbers, and that
these may not be all is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import sympy
from mpmath import mp
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import form_of, polynomial, value_of
from symback.expr.tree import Decimal, Neg, Tree, number
from symback.syntax import parse
from symback.verify import Undefined, evaluate

SMALL = 1e-15
WIDEST = 50
POINTS = 2000
DIGITS = 6  # of a place that is rounded
LONGEST = 12  # operations of an exact solution that is shown
PROBLEMS = (NotImplementedError, ValueError, TypeError, AttributeError, RecursionError, ZeroDivisionError)


class Roots(NamedTuple):
    """The real zeros of a function, smallest first, and whether these are all; `rounded` where one is a decimal."""

    found: tuple[Tree, ...] = ()
    complete: bool = True
    rounded: bool = False
    period: Expr | None = None


def number_of(tree: Tree) -> Any:
    """Return the value of a number as an mpf."""
    return evaluate(tree, {})


def value_at(function: Tree, variable: Symbol, place: Any) -> Any:
    """Return the value of a function at a place, None where it has none."""
    try:
        return evaluate(function, {variable: place})
    except (Undefined, ArithmeticError, ValueError, TypeError):
        return None


def zeros(function: Tree, variable: Symbol, low: Any = None, high: Any = None) -> Roots:
    """Return the real zeros of one factor, between two numbers where these are given.

    >>> zeros(parse("x^2 - 2"), Symbol("x", real=True)).found
    (Neg(Apply(sqrt, 2)), Apply(sqrt, 2))
    """
    value = value_of(function)
    ends = (-mp.inf if low is None else low, mp.inf if high is None else high)
    as_polynomial = polynomial(value, variable)
    if as_polynomial is not None:
        return _inside(_of_polynomial(as_polynomial), ends)
    exact = _exact(value, variable, ends)
    return _numerically(function, variable, ends) if exact is None else exact


def _inside(roots: Roots, ends: tuple[Any, Any]) -> Roots:
    kept = sorted((r for r in roots.found if ends[0] <= number_of(r) <= ends[1]), key=number_of)
    return roots._replace(found=tuple(kept))


def _of_polynomial(value: sympy.Poly) -> Roots:
    if value.degree() < 1:
        return Roots()
    if not all(k.is_Rational for k in value.all_coeffs()):
        return _by_formula(value)
    found, rounded = [], False
    for root in sorted(set(value.real_roots())):
        tree, is_rounded = _shown(root)
        found.append(tree)
        rounded = rounded or is_rounded
    return Roots(tuple(found), True, rounded)


def _by_formula(value: sympy.Poly) -> Roots:
    roots = sympy.roots(value)
    real = [r for r in roots if r.is_real]
    if sum(roots.values()) < value.degree() or any(r.is_real is None for r in roots):
        return Roots(tuple(_shown(r)[0] for r in real), False)
    return Roots(tuple(_shown(r)[0] for r in real))


def _shown(root: Expr) -> tuple[Tree, bool]:
    """Return a root as it is written: exactly where that is short, else as a decimal."""
    simple = sympy.nsimplify(root) if root.is_Rational else sympy.radsimp(root) if not root.has(sympy.CRootOf) else root
    if simple.has(sympy.CRootOf) or simple.count_ops() > LONGEST or simple.has(sympy.I):
        return decimal(root.evalf(30)), True
    return form_of(simple), False


def decimal(value: Any) -> Tree:
    """Return a rounded number as a tree."""
    shown = mp.nstr(mp.mpf(str(value)), DIGITS, strip_zeros=True, min_fixed=-20, max_fixed=20)
    tree = parse(shown.lstrip("-"))
    tree = tree if isinstance(tree, Decimal) or tree.is_Integer else number(0)
    return Neg(tree) if shown.startswith("-") else tree


def is_rounded(tree: Tree) -> bool:
    """Tell whether a place is a decimal that stands for a longer number."""
    return isinstance(_bare(tree), Decimal)


def _exact(value: Expr, variable: Symbol, ends: tuple[Any, Any]) -> Roots | None:
    """Return the zeros that SymPy finds, where it knows all of them; None where it does not."""
    bounded = not (mp.isinf(ends[0]) or mp.isinf(ends[1]))
    domain = sympy.S.Reals if not bounded else sympy.Interval(*(sympy.nsimplify(str(e), [sympy.pi]) for e in ends))
    try:
        found = sympy.solveset(value, variable, domain)
    except PROBLEMS:
        return None
    if found is sympy.S.EmptySet:
        return Roots()
    if isinstance(found, sympy.FiniteSet) and len(found) < 40:
        shown = [_shown(root) for root in found if root.is_real]
        trees = [tree for tree, _ in shown if abs(_number_or_one(value, variable, tree)) < 1e-9]
        if len(trees) == len(found):
            return _inside(Roots(tuple(trees), True, any(rounded for _, rounded in shown)), ends)
    return None


def _number_or_one(value: Expr, variable: Symbol, root: Tree) -> float:
    try:
        return float(abs(value.subs(variable, root.doit()).evalf(20)))
    except PROBLEMS:
        return 1.0


def _numerically(function: Tree, variable: Symbol, ends: tuple[Any, Any]) -> Roots:
    """Return the places where a function changes its sign, by numbers: perhaps not all of its zeros."""
    low, high = max(ends[0], -WIDEST), min(ends[1], WIDEST)
    step = (mp.mpf(high) - low) / POINTS
    places = [low + step * (k + mp.mpf("0.0137")) for k in range(POINTS)]
    heights = [(p, value_at(function, variable, p)) for p in places]
    found = []
    for (a, u), (b, v) in pairwise(heights):
        if u is not None and v is not None and u * v < 0:
            root = _bisected(function, variable, a, b, u)
            if root is not None:
                found.append(_recognised(root))
    return Roots(tuple(found), False, any(isinstance(_bare(f), Decimal) for f in found))


def _bare(tree: Tree) -> Tree:
    return tree._args[0] if isinstance(tree, Neg) else tree


def _bisected(function: Tree, variable: Symbol, a: Any, b: Any, u: Any) -> Any:
    with mp.workdps(30):
        for _ in range(90):
            middle = (a + b) / 2
            height = value_at(function, variable, middle)
            if height is None:
                return None
            if height == 0:
                return middle
            a, b = (middle, b) if height * u > 0 else (a, middle)
        height = value_at(function, variable, a)
    return a if height is not None and abs(height) < 1e-9 else None


def _recognised(root: Any) -> Tree:
    """Return a number by name where it is plainly one: 1/2, pi/4, e; else as a decimal."""
    for unit in (sympy.Integer(1), sympy.pi, sympy.E, sympy.sqrt(2), sympy.log(2)):
        ratio = root / mp.mpf(str(unit.evalf(30)))
        for below in range(1, 13):
            above = mp.nint(ratio * below)
            if abs(ratio * below - above) < 1e-18:
                return form_of(sympy.Rational(int(above), below) * unit)
    return decimal(root)


def solutions(equations: Sequence[Expr], unknowns: Sequence[Symbol]) -> tuple[list[dict[Symbol, Expr]], bool, bool]:
    """Return the real solutions of a system, whether there are infinitely many, and whether these are surely all."""
    try:
        found = sympy.solve(list(equations), list(unknowns), dict=True)
    except PROBLEMS:
        return [], False, False
    real, endless = [], False
    for solution in found:
        if any(v.free_symbols for v in solution.values()) or len(solution) < len(unknowns):
            endless = endless or all(v.is_real is not False for v in solution.values())
            continue
        if all(_is_real(v) for v in solution.values()) and _fits(equations, solution):
            real.append(solution)
    complete = all(e.is_polynomial(*unknowns) for e in equations)
    return real, endless, complete


def _is_real(value: Expr) -> bool:
    number_found = value.evalf(30)
    return bool(number_found.is_number and abs(sympy.im(number_found)) < SMALL and number_found.is_finite is not False)


def _fits(equations: Sequence[Expr], solution: dict[Symbol, Expr]) -> bool:
    """Tell whether numbers confirm a solution."""
    numbers = {s: sympy.re(v.evalf(30)) for s, v in solution.items()}
    return all(abs(complex(e.subs(numbers).evalf(20))) < 1e-9 for e in equations)


def shown(value: Expr) -> Tree:
    """Return a coordinate as it is written."""
    return _shown(sympy.nsimplify(value) if value.is_Rational else value)[0]
