"""The table of signs: where a function of one variable rises and falls, and so what each place is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import sympy
from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.evaluate import evaluate as work_out
from symback.calculus.extrema.places import TINY, Place, is_defined
from symback.calculus.extrema.result import Point
from symback.calculus.extrema.solving import decimal, is_rounded, number_of, value_at
from symback.calculus.extrema.story import Grid, Part, Say, Words
from symback.calculus.integrals.forms import form_of
from symback.errors import DomainError
from symback.expr.tree import (
    Neg,
    Tree,
    symbol,
)  # fmt: skip

INFINITY = symbol("oo")


class _Row(NamedTuple):
    """An interval of the table: its ends, the sign of the derivative there, whether the function is defined."""

    low: Any
    high: Any
    low_tree: Tree
    high_tree: Tree
    sign: int
    defined: bool


class SignTable:
    """The signs of the derivative between the places."""

    def __init__(
        self, function: Tree, slope: Tree, variable: Symbol, places: list[Place], ends: tuple[Any, Any]
    ) -> None:
        self.function, self.slope, self.variable = function, slope, variable
        self.ends = ends
        self.places = [p for p in places if ends[0] < p.number < ends[1]]
        self.edges = [p for p in places if p.number in ends or min(abs(p.number - e) for e in ends) < TINY]
        marks = [
            (ends[0], _end_tree(ends[0])),
            *((p.number, p.tree) for p in self.places),
            (ends[1], _end_tree(ends[1])),
        ]
        self.rows = [self._row(a, b) for a, b in pairwise(marks)]

    def _row(self, low: tuple[Any, Tree], high: tuple[Any, Tree]) -> _Row:
        places = [_between(low[0], high[0], part) for part in (0.31, 0.52, 0.77)]
        values = [value_at(self.function, self.variable, p) for p in places]
        slopes = [value_at(self.slope, self.variable, p) for p in places]
        defined = None not in values
        signs = {int(mp.sign(s)) if s is not None else 0 for s in slopes} if defined else {0}
        if len(signs) > 1:
            raise DomainError(
                "Not all places where the derivative is 0 were found.", hint="Ask for a shorter interval with --on."
            )
        return _Row(low[0], high[0], low[1], high[1], signs.pop(), defined)

    @property
    def has_constant(self) -> bool:
        """Whether the function is constant on one of the intervals."""
        return any(row.defined and row.sign == 0 for row in self.rows)

    def parts(self, name: str) -> Iterator[Part]:
        """Yield the table of signs."""
        lettered = f"({self.variable.name})"
        for place in self.places:
            if place.why == "no slope":
                words: Words = (f"{name}'{lettered} does not exist at {self.variable.name} = ", place.tree)
                yield Say((*words, f", where {name} has a value."))
            elif place.why == "gap":
                yield Say((f"{name} has no value at {self.variable.name} = ", place.tree, "."))
        rows = []
        for row in self.rows:
            said = _behaviour(row)
            sign = "not defined" if not row.defined else {1: "+", -1: "-", 0: "0"}[row.sign]
            rows.append(((*_interval(row),), (sign,), (said,)))
        yield Grid(((self.variable,), (f"{name}'{lettered}",), (name + lettered,)), tuple(rows))

    @property
    def is_whole(self) -> bool:
        """Whether the function is defined on one interval alone, without gaps inside."""
        defined = [row.defined for row in self.rows]
        inside = [p for p, (a, b) in zip(self.places, pairwise(self.rows), strict=True) if a.defined and b.defined]
        return all(p.is_candidate for p in inside) and sum(a != b for a, b in pairwise([False, *defined, False])) == 2

    @property
    def domain(self) -> tuple[Tree, Tree]:
        """The ends of the interval on which the function is defined, where it is one."""
        defined = [row for row in self.rows if row.defined]
        return defined[0].low_tree, defined[-1].high_tree

    @property
    def is_compact(self) -> bool:
        """Whether the function is continuous on an interval with both ends, and defined nowhere else."""
        rows = [row for row in self.rows if row.defined]
        if not self.is_whole or len(rows) == len(self.rows):
            return False
        beside = list(zip(self.rows, self.rows[1:], self.places, strict=False))
        edges = [p for a, b, p in beside if a.defined != b.defined and p.is_candidate]
        inside = [(p, a, b) for a, b, p in beside if a.defined or b.defined]
        return len(edges) == 2 and all(self._is_continuous(p, a, b) for p, a, b in inside)

    def points(self, closed: bool) -> tuple[Point, ...]:
        """Return the candidates with their types by the signs beside them."""
        found = []
        for left, right, place in zip(self.rows, self.rows[1:], self.places, strict=False):
            if place.is_candidate:
                kind = _type_of(left, right)
                if kind and self._is_continuous(place, left, right):
                    found.append(self._point(place.tree, kind))
        if closed:
            found = [*self._end(0), *found, *self._end(-1)]
        return tuple(found)

    def _is_continuous(self, place: Place, left: _Row, right: _Row) -> bool:
        if place.why == "zero":
            return True
        here = value_at(self.function, self.variable, place.number)
        near = [
            value_at(self.function, self.variable, place.number + side * mp.mpf(10) ** -24)
            for side, row in ((-1, left), (1, right))
            if row.defined
        ]
        return here is not None and all(v is not None and abs(v - here) < 1e-4 * (1 + abs(here)) for v in near)

    def _point(self, tree: Tree, kind: str) -> Point:
        value = work_out(self.function, {self.variable.name: tree}).last
        value = decimal(number_of(value)) if is_rounded(tree) else value
        return Point(((self.variable, tree),), value, kind)

    def _end(self, side: int) -> list[Point]:
        """Return an end of the interval, where it is one and the function has a value there."""
        end, row = (self.ends[side], self.rows[side])
        if mp.isinf(end) or not row.defined or not row.sign:
            return []
        tree = row.low_tree if side == 0 else row.high_tree
        if not is_defined(self.function, self.variable, tree):
            return []
        rises = row.sign > 0
        return [self._point(tree, "minimum" if rises == (side == 0) else "maximum")]


def _end_tree(end: Any) -> Tree:
    if mp.isinf(end):
        return INFINITY if end > 0 else Neg(INFINITY)
    for unit in (sympy.Integer(1), sympy.pi, sympy.E, sympy.sqrt(2)):
        ratio = end / mp.mpf(str(unit.evalf(40)))
        for below in range(1, 13):
            above = mp.nint(ratio * below)
            if abs(ratio * below - above) < 1e-14:
                return form_of(sympy.Rational(int(above), below) * unit)
    return decimal(end)


def _between(low: Any, high: Any, part: float) -> Any:
    if mp.isinf(low) and mp.isinf(high):
        return mp.mpf(2 * part - 1)
    if mp.isinf(high):
        return low + mp.mpf(part) * 2
    return high - 2 * (1 - mp.mpf(part)) if mp.isinf(low) else low + mp.mpf(part) * (high - low)


def _behaviour(row: _Row) -> str:
    if not row.defined:
        return "not defined"
    return {1: "increasing", -1: "decreasing", 0: "constant"}[row.sign]


def _interval(row: _Row) -> Words:
    return ("(", row.low_tree, ", ", row.high_tree, ")")


def _type_of(left: _Row, right: _Row) -> str:
    """Return the type of a place between two intervals; at the edge of the domain there is one."""
    if not left.defined and not right.defined:
        return ""
    if not left.defined:
        return {1: "minimum", -1: "maximum"}.get(right.sign, "")
    if not right.defined:
        return {1: "maximum", -1: "minimum"}.get(left.sign, "")
    if not left.sign or not right.sign:
        return "undecided"
    if left.sign == right.sign:
        return "neither"
    return "minimum" if left.sign < 0 else "maximum"
