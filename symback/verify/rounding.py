"""Is an expression the right one with its decimals rounded, as 0.667x is for 2x/3?

The decimals are taken as unknowns and fitted to the right values at many points. The expression is a rounding where the
fit is exact, and each unknown lies within half a unit of the last digit that was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

from mpmath import matrix, mp, mpf
from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.expr.tree import Decimal, Inert, Plus, Times, Tree, number, symbol, symbols_of, walk
from symback.verify.compare import Undefined, evaluate
from symback.verify.intern_table import InternTable
from symback.verify.points import centres_of, random_points

POINTS, TRIES = 16, 120
MOST_DECIMALS = 6
TURNS = 6  # of Newton's method
EXACT = mpf(10) ** -15
STEP = mpf(10) ** -8  # of the differences, as a part of half a unit
SLACK = mpf(1) + mpf(10) ** -9
LOST = mpf(2) / 1000  # of half a unit: 0.0 does not stand for 1e-30
RIDGE = mpf(10) ** -30


def is_rounding(right: Tree, given: Tree, digits: Mapping[Fraction, int]) -> bool:
    """Tell whether decimals of the given tree, rounded to that many digits, make the whole difference.

    Decimals that the right tree holds too are exact.

    >>> from symback.syntax import parse
    >>> third = {Fraction("0.667"): 3}
    >>> is_rounding(parse("2x/3"), parse("0.667x"), third), is_rounding(parse("0.6674x"), parse("0.667x"), third)
    (True, True)
    >>> is_rounding(parse("0.66x"), parse("0.667x"), third)
    False
    """
    exact = {_value(node) for node in walk(right) if isinstance(node, Decimal)}
    halves = {v: Fraction(1, 2) / 10**count for v, count in digits.items() if v not in exact}
    loosened, unknown = _loosened(given, halves)
    if not 1 <= len(unknown) <= MOST_DECIMALS:
        return False
    zeros = [i for i, value in enumerate(_decimals(given, halves)) if not value]
    with mp.workdps(50):
        found = _fitted(right, loosened, unknown)
        if found is None or (zeros and not any(found)):  # too small for the fit, and it is no exact 0
            return False
        return not any(0 < abs(found[i]) < LOST for i in zeros)


def _decimals(tree: Tree, halves: Mapping[Fraction, Fraction]) -> list[Fraction]:
    """Return the decimals of a tree that are loosened, in the order of `_loosened`."""
    if isinstance(tree, Decimal):
        return [_value(tree)] if _value(tree) in halves else []
    return [v for a in tree._args for v in _decimals(a, halves)] if isinstance(tree, Inert) else []


def _value(node: Any) -> Fraction:
    return Fraction(int(node._args[0].p), int(node._args[0].q))


def _loosened(tree: Tree, halves: Mapping[Fraction, Fraction]) -> tuple[Tree, list[Symbol]]:
    """Return the tree with each decimal d as d + h q, where h is half a unit of its last digit, and all q.

    Each place has a q of its own: in 0.3x^2 + 0.3x the two may be rounded from different numbers.
    """
    unknown: list[Symbol] = []

    def loose(node: Basic) -> Basic:
        if isinstance(node, Decimal):
            half = halves.get(_value(node))
            if half is None:
                return node
            unknown.append(symbol(f"Q{900 + len(unknown)}"))
            return Plus(node, Times(number(half), unknown[-1]))
        return type(node)(*map(loose, node._args)) if isinstance(node, Inert) and node._args else node

    return loose(tree), unknown  # nested no deeper than what the parser reads


def _fitted(right: Tree, given: Tree, unknown: Sequence[Symbol]) -> list[Any] | None:
    """Fit the unknowns by Newton's method for least squares; None where one does not lie between -1 and 1."""
    points = _points(right, given, unknown)
    if not points:
        return None
    found = [mpf(0)] * len(unknown)
    for _ in range(TURNS):
        rows = [_row(given, unknown, found, point, value) for point, value in points]
        if None in rows:
            return None
        if max(abs(row[-1]) for row in rows if row) <= EXACT:
            return found if all(abs(q) <= SLACK for q in found) else None
        found = [q - d for q, d in zip(found, _least_squares([row for row in rows if row]), strict=True)]
        if any(abs(q) > 10 for q in found):
            return None
    return None


def _points(right: Tree, given: Tree, unknown: Sequence[Symbol]) -> list[tuple[dict[Symbol, Any], Any]]:
    """Return points at which both are real, each with the right value."""
    names = sorted(symbols_of(right) | (symbols_of(given) - set(unknown)), key=lambda s: s.name)
    forest = InternTable()
    forest.intern(given)
    good = []
    for raw in islice(random_points(len(names), centres_of(forest), Random(0)), TRIES):  # noqa: S311
        point = dict(zip(names, map(mp.make_mpf, raw), strict=True))
        value = _at(right, point)
        if value is not None and _at(given, point | dict.fromkeys(unknown, mpf(0))) is not None:
            good.append((point, value))
        if len(good) == POINTS or (good and not names):
            break
    return good if len(good) >= POINTS // 2 or not names else []


def _row(given: Tree, unknown: Sequence[Symbol], found: Sequence[Any], point: Any, value: Any) -> list[Any] | None:
    """Return the slopes by the unknowns and the difference from the right value, as parts of that value."""
    scale = max(abs(value), mpf(1))
    here = _at(given, point | dict(zip(unknown, found, strict=True)))
    row = []
    for i in range(len(unknown)):
        sides = [_at(given, point | dict(zip(unknown, _moved(found, i, way), strict=True))) for way in (1, -1)]
        if None in sides or here is None:
            return None
        row.append((sides[0] - sides[1]) / (2 * STEP * scale))
    return None if here is None else [*row, (here - value) / scale]


def _moved(found: Sequence[Any], place: int, way: int) -> list[Any]:
    return [q + way * STEP if i == place else q for i, q in enumerate(found)]


def _least_squares(rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Return the smallest solution: unknowns that do the same share what is to be done."""
    slopes = matrix([list(row[:-1]) for row in rows])
    square = slopes.T * slopes
    ridge = RIDGE * (max(square[i, i] for i in range(square.rows)) or mpf(1))
    for i in range(square.rows):
        square[i, i] += ridge
    return list(mp.lu_solve(square, slopes.T * matrix([row[-1] for row in rows])))


def _at(tree: Tree, point: Mapping[Symbol, Any]) -> Any:
    try:
        return evaluate(tree, point)
    except Undefined:
        return None
