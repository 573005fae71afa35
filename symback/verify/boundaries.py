"""Where the two sides of a comparison are equal along a variable: the places of the joints of a function by cases.

Boundaries that are polynomials, and those of one function that has an inverse, such as e^x = 2, are found exactly and
all of them. Of others those are found at which the difference changes its sign, as numbers of many digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise, product
from typing import Any, NamedTuple

import sympy
from mpmath import libmp, mp
from sympy.core.symbol import Symbol

from symback.expr.tree import Apply, Neg, Plus, Tree
from symback.verify.intern_table import InternTable
from symback.verify.program import Level, Program
from symback.verify.values import Beyond, from_fraction, is_finite

DIGITS = 220
STEP = 200  # of the differences of a pending derivative
LARGEST_DEGREE = 6
MOST_BARS = 3
LONGEST = 80  # operations: a longer condition is not expanded
SIZES = (*(k / 8 for k in range(81)), *(15.0 * 1.5**k for k in range(12)))
ASIDE = 0.0123  # so that no zero is hit
MOST_SCANNED = 3


class Places(NamedTuple):
    """Where the sides are equal, as exact SymPy numbers or as mpf; `complete` where these are all places."""

    found: tuple[Any, ...]
    complete: bool


def places_of(comparison: Apply, variable: Symbol, letters: Mapping[Symbol, Any]) -> Places:
    """Return where both sides are equal along a variable, with numbers for the other letters."""
    exact = _roots(comparison, variable, letters)
    if exact is not None:
        return Places(tuple(exact), True)
    return Places(_scanned(comparison, variable, letters), False)


def _roots(comparison: Apply, variable: Symbol, letters: Mapping[Symbol, Any]) -> list[Any] | None:
    """Return where both sides are equal, as exact numbers; None where that cannot be told for certain."""
    left, right = (side.doit() for side in comparison.arguments)
    values = {s: sympy.Rational(v.numerator, v.denominator) for s, v in letters.items()}
    difference = (left - right).xreplace(values)
    found: dict[Any, None] = {}
    for smooth in _without_bars(difference):
        roots = _polynomial_roots(smooth, variable)
        roots = _inverse_roots(smooth, variable) if roots is None else roots
        if roots is None:
            return None
        found.update(dict.fromkeys(r for r in roots if smooth == difference or _is_root(difference, variable, r)))
    return list(found)


def _without_bars(difference: Any) -> list[Any]:
    """Return |u| - 1 as u - 1 and -u - 1, whose zeros hold those of it."""
    sizes = sorted(difference.atoms(sympy.Abs), key=str)
    if not sizes or len(sizes) > MOST_BARS or any(size.args[0].has(sympy.Abs) for size in sizes):
        return [difference]
    signs = product((1, -1), repeat=len(sizes))
    return [difference.xreplace({size: s * size.args[0] for s, size in zip(row, sizes, strict=True)}) for row in signs]


def _is_root(difference: Any, variable: Symbol, root: Any) -> bool:
    return bool(abs(difference.xreplace({variable: root}).evalf(40)) < 1e-30)


def _polynomial_roots(difference: Any, variable: Symbol) -> list[Any] | None:
    powers = (p.exp for p in difference.atoms(sympy.Pow) if p.has(variable))
    if difference.count_ops() > LONGEST or any(not e.is_Integer or e > LARGEST_DEGREE for e in powers):
        return None
    try:
        polynomial = sympy.Poly(difference, variable)
        if not 1 <= polynomial.degree() <= LARGEST_DEGREE:
            return [] if polynomial.degree() == 0 else None
        if polynomial.degree() == 1:
            return [-polynomial.nth(0) / polynomial.nth(1)]
        return list(polynomial.real_roots())
    except (sympy.PolynomialError, NotImplementedError, ValueError, TypeError, AttributeError):
        return None


_INVERSES: dict[Any, Callable[[Any], Any]] = {sympy.exp: sympy.log, sympy.log: sympy.exp}


def _inverse_roots(difference: Any, variable: Symbol) -> list[Any] | None:
    """Return where a e^u + b, or a ln u + b, is 0, for a polynomial u: where u is ln(-b/a), or e^(-b/a)."""
    factor, rest = difference.as_independent(variable, as_Add=True)[::-1]
    size, inner = factor.as_independent(variable, as_Add=False)
    value = -rest / size
    if inner.is_Pow and not inner.base.has(variable) and inner.base.is_positive:  # 2^x = c
        value = sympy.log(value) / sympy.log(inner.base) if value.is_positive else None
        return [] if value is None else _polynomial_roots(inner.exp - value, variable)
    turned = _INVERSES.get(inner.func)
    if turned is None:
        return None
    if turned is sympy.log and not value.is_positive:
        return [] if value.is_nonpositive else None
    return _polynomial_roots(inner.args[0] - turned(value), variable)


# --- by numbers -------------------------------------------------------------------------------------------------------


def _scanned(comparison: Apply, variable: Symbol, letters: Mapping[Symbol, Any]) -> tuple[Any, ...]:
    """Return where the difference of the sides changes its sign, those next to 0 first."""
    left, right = comparison.arguments
    difference = Values(Plus(left, Neg(right)), variable, letters)
    with mp.workdps(DIGITS):
        scanned = sorted({sign * size + ASIDE for size in SIZES for sign in (-1, 1)})
        values = [(mp.mpf(x), _tried(difference, mp.mpf(x))) for x in scanned]
        changes = [(a, b) for (a, u), (b, v) in pairwise(values) if u is not None and v is not None and u * v < 0]
        changes.sort(key=lambda ends: abs(sum(ends)))
        found = (_zero(difference, *ends) for ends in changes[:MOST_SCANNED])
        return tuple(place for place in found if place is not None)


def _tried(function: Callable[[Any], Any], x: Any) -> Any:
    try:
        return function(x)
    except (Beyond, libmp.ComplexResult, ZeroDivisionError):
        return None


def _zero(function: Callable[[Any], Any], low: Any, high: Any) -> Any:
    """Return the zero between two numbers, None where the sign changes without one."""
    try:
        place = mp.findroot(function, (low, high), solver="illinois", maxsteps=120, verify=False)
        return place if abs(function(place)) < mp.mpf(10) ** (-DIGITS // 2) else None
    except (Beyond, libmp.ComplexResult, ZeroDivisionError, TypeError, ValueError):
        return None


class Values:
    """A tree compiled once, and worked out along the variable; a pending derivative by differences of 2^-step."""

    def __init__(self, tree: Tree, variable: Symbol, letters: Mapping[Symbol, Any], step: int = STEP) -> None:
        forest = InternTable()
        self.level = Level(DIGITS, step)
        self.program = Program(forest, [forest.intern(tree)])
        self.tree, self.variable, self.letters = tree, variable, letters

    def __call__(self, place: Any) -> Any:
        """Return the value, None where there is none; raises Beyond."""
        bits = self.level.bits(0)
        known = {**self.letters, self.variable: place}
        point = [_raw(known[s], bits) for s in self.program.symbols]
        (value,) = self.program.values(point, self.level)
        return mp.make_mpf(value) if is_finite(value) else None


def _raw(value: Any, bits: int) -> Any:
    return value._mpf_ if hasattr(value, "_mpf_") else from_fraction(value, bits)
