"""Extrema of a function of one variable: its derivative, where that is 0 or does not exist, the table of signs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import sympy
from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.derive import derive
from symback.calculus.evaluate import evaluate as work_out
from symback.calculus.extrema.result import Point
from symback.calculus.extrema.solving import Roots, decimal, is_rounded, number_of, value_at, zeros
from symback.calculus.extrema.story import Equate, Grid, Part, Say, Words, Work, listed
from symback.calculus.integrals.forms import form_of, value_of
from symback.calculus.question import Question
from symback.errors import DomainError, SymbackError
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import (
    ONE,
    PI,
    ZERO,
    Apply,
    Diff,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    is_free_of,
    number_value,
    symbol,
    walk,
)  # fmt: skip
from symback.result import text_of

FACTOR = Rule("factor", "u*v + u*w = u*(v + w)")
INFINITY = symbol("oo")
KINKED = ("abs", "sign", "cbrt", "sqrt", "root", "ln", "log", "relu", "arcsin", "arccos")
JUMPING = ("floor", "ceil", "round", "mod")
ZEROS_OF = {"tan": "cos", "sec": "cos", "cot": "sin", "csc": "sin"}
TINY = mp.mpf(10) ** -9


class Place(NamedTuple):
    """A place on the axis: where it is, why it is looked at, and whether the function has a value there."""

    tree: Tree
    number: Any
    why: str  # "zero", "no slope", "end", "gap"

    @property
    def is_candidate(self) -> bool:
        return self.why != "gap"


class Found(NamedTuple):
    points: tuple[Point, ...]
    story: tuple[Part, ...]
    is_complete: bool
    notes: tuple[str, ...]


def of_one(question: Question, function: Tree, variable: Symbol, interval: tuple[Tree, Tree] | None) -> Found:
    """Return the extrema of a function of one variable, over an interval or wherever it is defined."""
    slope = _factored(derive(question._replace(tree=function), variable), variable)
    name = question.name or "f"
    story: list[Part] = [Work(f"{name}'({variable.name})", slope)]
    if is_free_of(slope.last, variable) and slope.last == ZERO:
        raise DomainError("The function is constant, so every point is an extremum.", hint="Give another function.")
    ends, period, notes = _ends(function, variable, interval)
    roots = _roots(slope.last, variable, ends, story, name)
    places = _places(function, slope.last, variable, roots, ends)
    rows = _Table(function, slope.last, variable, places, ends)
    story += rows.parts(name)
    points = rows.points(interval is not None)
    story += _values(question, function, variable, points, name)
    points = tuple(_with_global(p, points, rows, interval is not None, period) for p in points)
    story += list(_conclusions(points, variable, rows, interval, period, name))
    if not roots.complete:
        notes = (*notes, "The zeros of the derivative were looked for by numbers; there may be others.")
    if roots.rounded:
        notes = (*notes, "A place that is no short exact number is rounded.")
    return Found(points, tuple(story), roots.complete, notes)


# --- the derivative ---------------------------------------------------------------------------------------------------


def _factored(slope: Derivation, variable: Symbol) -> Derivation:
    """Return the derivation with its last line factored, where that makes factors visible."""
    try:
        value = sympy.factor(sympy.together(value_of(slope.last)))
        tree = form_of(value)
    except (SymbackError, NotImplementedError, sympy.PolynomialError):
        return slope
    if tree == slope.last or len(list(_factors(tree))) <= len(list(_factors(slope.last))):
        return slope
    move = Move(FACTOR, (), slope.last, tree)
    return Derivation(
        slope.start, (*slope.moves, move), tree, slope.variables, slope.notes, slope.name, slope.source,
        originals=slope.originals,
    )  # fmt: skip


def _factors(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, Neg):
        yield from _factors(tree._args[0])
    elif isinstance(tree, Times):
        for factor in tree._args:
            yield from _factors(factor)
    elif isinstance(tree, Quotient) or isinstance(tree, Power) and (number_value(tree._args[1]) or 0) > 0:
        yield from _factors(tree._args[0])
    else:
        yield tree


def _ends(
    function: Tree, variable: Symbol, interval: tuple[Tree, Tree] | None
) -> tuple[tuple[Any, Any], Tree | None, tuple[str, ...]]:
    """Return between which numbers to look: those of the interval, or of one period."""
    if interval is not None:
        return (_number(interval[0]), _number(interval[1])), None, ()
    if not any(isinstance(n, Apply) and n.name in ("sin", "cos", "tan", "cot", "sec", "csc") for n in walk(function)):
        return (-mp.inf, mp.inf), None, ()
    try:
        period = sympy.periodicity(value_of(function), variable)
    except (NotImplementedError, ValueError, TypeError, AttributeError):
        period = None
    if period is None or period.free_symbols or period == 0:
        return (-mp.inf, mp.inf), None, ()
    tree = form_of(period)
    low = _start_of_period(function, variable, number_of(tree))
    return (low, low + number_of(tree)), tree, ()


def _start_of_period(function: Tree, variable: Symbol, period: Any) -> Any:
    """Return where a period begins: a place at which nothing happens."""
    slope = Diff(function, variable)
    for part in (0, -1 / mp.mpf(4), -1 / mp.mpf(8), -1 / mp.mpf(3), -1 / mp.mpf(6)):
        low = period * part
        if abs(value_at(slope, variable, low) or 0) > TINY:
            return low
    return mp.mpf(0)


def _number(end: Tree) -> Any:
    if end in (INFINITY, Neg(INFINITY)):
        return mp.inf if end == INFINITY else -mp.inf
    return number_of(end)


def _roots(slope: Tree, variable: Symbol, ends: tuple[Any, Any], story: list[Part], name: str) -> Roots:
    """Return where the derivative is 0, each factor by itself."""
    found: dict[Tree, None] = {}
    complete, rounded = True, False
    rows: list[tuple[Tree, Tree, str]] = []
    for factor in dict.fromkeys(_factors(slope)):
        if is_free_of(factor, variable) or isinstance(factor, Power):  # u^v, as e^x, is never 0
            continue
        roots = zeros(factor, variable, *(None if mp.isinf(e) else e for e in ends))
        complete, rounded = complete and roots.complete, rounded or roots.rounded
        real = [r for r in roots.found if _is_zero_of(slope, variable, number_of(r))]
        found.update(dict.fromkeys(real))
        rows += [(variable, root, f"from {text_of(factor)} = 0{', rounded' * is_rounded(root)}") for root in real]
    sign = f"{name}'({variable.name}) = 0"
    if rows:
        story.append(Say((f"{sign} where a factor is 0:" if len({why for _, _, why in rows}) > 1 else f"{sign}:",)))
        story.append(Equate(tuple(rows)))
    else:
        story.append(Say((f"{name}'({variable.name}) is nowhere 0.",)))
    return Roots(tuple(sorted(found, key=number_of)), complete, rounded)


def _is_zero_of(slope: Tree, variable: Symbol, place: Any) -> bool:
    """Tell whether a derivative has a value at a zero of one of its factors, and no jump as sign(x) has."""
    return value_at(slope, variable, place) is not None and not _has_kink(slope, variable, place)


# --- the places -------------------------------------------------------------------------------------------------------


def _places(function: Tree, slope: Tree, variable: Symbol, roots: Roots, ends: tuple[Any, Any]) -> list[Place]:
    """Return all places that part the axis: zeros of the derivative, kinks, gaps, and the ends."""
    found: list[Place] = [Place(r, number_of(r), "zero") for r in roots.found]
    for suspect in dict.fromkeys(_suspects(function, slope, variable)):
        for tree in zeros(suspect, variable, *(None if mp.isinf(e) else e for e in ends)).found:
            place = number_of(tree)
            if any(abs(place - known.number) < TINY * (1 + abs(place)) for known in found):
                continue
            has_value = value_at(function, variable, place) is not None and _is_defined(function, variable, tree)
            has_slope = value_at(slope, variable, place) is not None and not _has_kink(slope, variable, place)
            if not has_value:
                found.append(Place(tree, place, "gap"))
            elif not has_slope:
                found.append(Place(tree, place, "no slope"))
    return sorted(found, key=lambda p: p.number)


def _is_defined(function: Tree, variable: Symbol, place: Tree) -> bool:
    """Tell whether a function has a value at a place by exact arithmetic too."""
    value = value_of(function).subs(variable, place.doit())
    return not value.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo)


def _has_kink(slope: Tree, variable: Symbol, place: Any) -> bool:
    near = [value_at(slope, variable, place + side * TINY) for side in (-1, 1)]
    return None in near or abs(near[0] - near[1]) > 1e-4 * (1 + abs(near[0]))


def _suspects(function: Tree, slope: Tree, variable: Symbol) -> Iterator[Tree]:
    """Yield what is 0 where a function or its derivative may have no value."""
    for tree in (function, slope):
        for node in walk(tree):
            if not isinstance(node, Inert) or is_free_of(node, variable):
                continue
            if isinstance(node, Quotient):
                yield from (f for f in _factors(node._args[1]) if not is_free_of(f, variable))
            elif isinstance(node, Power):
                value = number_value(node._args[1])
                if not is_free_of(node._args[0], variable) and (value is None or value < 0 or value.denominator > 1):
                    yield node._args[0]
            elif isinstance(node, Apply):
                yield from _of_function(node, variable)


def _of_function(node: Apply, variable: Symbol) -> Iterator[Tree]:
    argument = node.arguments[0]
    if node.name in ("max", "min"):
        yield Plus(argument, Neg(node.arguments[1]))
    elif node.name in ZEROS_OF:
        yield apply(ZEROS_OF[node.name], argument)
    elif node.name in JUMPING:
        yield apply("sin", Times(PI, argument))
    elif node.name in ("arcsin", "arccos"):
        yield from (Plus(argument, ONE), Plus(argument, Neg(ONE)))
    elif node.name in KINKED and not is_free_of(argument, variable):
        yield argument


# --- the table of signs -----------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """An interval of the table: its ends, the sign of the derivative there, whether the function is defined."""

    low: Any
    high: Any
    low_tree: Tree
    high_tree: Tree
    sign: int
    defined: bool


class _Table:
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
        if not _is_defined(self.function, self.variable, tree):
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


# --- values, and what they say ----------------------------------------------------------------------------------------


def _values(
    question: Question, function: Tree, variable: Symbol, points: tuple[Point, ...], name: str
) -> Iterator[Part]:
    for point in points:
        ((_, tree),) = point.place
        if is_rounded(tree):
            continue
        worked: Derivation = work_out(question._replace(tree=function, name="", notes=()), {variable.name: tree})
        yield Work(f"{name}({text_of(tree)})", worked)


def _with_global(point: Point, points: tuple[Point, ...], rows: _Table, closed: bool, period: Tree | None) -> Point:
    """Return a point with the mark that its value is the smallest or largest of all, where that is sure."""
    if point.type not in ("minimum", "maximum"):
        return point
    whole = rows.is_whole
    value = number_of(point.value_tree)
    better = [number_of(p.value_tree) for p in points]
    is_best = value <= min(better) + TINY if point.type == "minimum" else value >= max(better) - TINY
    if not (whole and is_best):
        return point
    bounded = (closed and not any(map(mp.isinf, rows.ends))) or period is not None
    return Point(point.place, point.value_tree, point.type, bounded or _turns_once(rows, point.type))


def _turns_once(rows: _Table, kind: str) -> bool:
    """Tell whether a function first falls and then rises, for a minimum, or the other way round; or never turns."""
    signs = [row.sign for row in rows.rows if row.defined]
    turns = [a for a, b in pairwise(signs) if a != b]
    return turns in ([], [-1 if kind == "minimum" else 1]) and 0 not in signs


def _conclusions(
    points: tuple[Point, ...], variable: Symbol, rows: _Table, interval: Any, period: Tree | None, name: str
) -> Iterator[Part]:
    if period is not None:
        yield Say((f"{name} has the period ", period, f": all of this repeats for {variable.name} + k · ", period,
                   " with whole numbers k."))  # fmt: skip
    for kind, title in (
        ("minimum", "Minimum"),
        ("maximum", "Maximum"),
        ("neither", "Neither"),
        ("undecided", "Undecided"),
    ):
        of_kind = [p for p in points if p.type == kind]
        if of_kind:
            yield Say((f"{title}: ", *listed([_said_of(p) for p in of_kind]), "."))
    for kind, said in (("minimum", "smallest"), ("maximum", "largest")):
        best = [p for p in points if p.is_global and p.type == kind]
        if best:
            where = listed([(f"{variable.name} = ", p.place[0][1]) for p in best])
            on = " on the interval" if interval is not None else ""
            yield Say((f"The {said} value{on} is ", best[0].value_tree, ", at ", *where, "."))
    if not points:
        yield Say((f"{name} has no extremum.",))


def _said_of(point: Point) -> Words:
    ((variable, tree),) = point.place
    return (f"at {variable.name} = ", tree, " with the value ", point.value_tree)
