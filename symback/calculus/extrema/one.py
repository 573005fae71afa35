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
from symback.calculus.extrema.places import TINY, factors, is_zero_of, places_of
from symback.calculus.extrema.result import Point
from symback.calculus.extrema.second import has_roots, second_derivative_test
from symback.calculus.extrema.signs import SignTable
from symback.calculus.extrema.solving import Roots, is_rounded, number_of, value_at, zeros
from symback.calculus.extrema.story import Equate, Part, Say, Words, Work, listed
from symback.calculus.integrals.forms import form_of, value_of
from symback.calculus.question import Question
from symback.errors import DomainError, SymbackError
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import (
    ZERO,
    Apply,
    Diff,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    is_free_of,
    product_of,
    symbol,
    walk,
)  # fmt: skip

FACTOR = Rule("factor", "u*v + u*w = u*(v + w)")
INFINITY = symbol("oo")


class Found(NamedTuple):
    points: tuple[Point, ...]
    story: tuple[Part, ...]
    is_complete: bool
    notes: tuple[str, ...]


def of_one(question: Question, function: Tree, variable: Symbol, interval: tuple[Tree, Tree] | None) -> Found:
    """Return the extrema of a function of one variable, over an interval or wherever it is defined."""
    derived = derive(question._replace(tree=function), variable)
    plain, slope = derived.last, _factored(derived, variable)
    name = question.name or "f"
    story: list[Part] = [Work(f"{name}'({variable.name})", slope)]
    if is_free_of(slope.last, variable) and slope.last == ZERO:
        raise DomainError("The function is constant, so every point is an extremum.", hint="Give another function.")
    ends, period, notes = _ends(function, variable, interval)
    roots = _roots(function, slope.last, variable, ends, story, name)
    places = places_of(function, slope.last, variable, roots, ends)
    rows = SignTable(function, slope.last, variable, places, ends)
    if not roots.found:
        flat = "0 only on whole intervals, which the table shows" if rows.has_constant else "nowhere 0"
        story.append(Say((f"{name}'({variable.name}) is {flat}.",)))
    story += rows.parts(name)
    story += second_derivative_test(question, plain, variable, rows.places, name)
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
        tree = _in_factors(slope.last, variable)
    except (SymbackError, NotImplementedError, sympy.PolynomialError):
        return slope
    if tree == slope.last or len(list(factors(tree))) <= len(list(factors(slope.last))):
        return slope
    move = Move(FACTOR, (), slope.last, tree)
    return Derivation(
        slope.start, (*slope.moves, move), tree, slope.variables, slope.notes, slope.name, slope.source,
        originals=slope.originals,
    )  # fmt: skip


def _in_factors(slope: Tree, variable: Symbol) -> Tree:
    """Return a derivative in factors; what stands under a root stays as it is."""
    top, bottom = sympy.fraction(sympy.together(value_of(slope)))
    if not has_roots(slope, variable):
        return _without_minus(form_of(sympy.factor(top / bottom)))
    top = sympy.factor_terms(sympy.expand(top))
    return _without_minus(form_of((sympy.factor(top) if top.is_polynomial(variable) else top) / bottom))


def _without_minus(tree: Tree) -> Tree:
    """Return (1 - x) e^(-x) for -e^(-x) (x - 1): a minus goes into a difference, which is then turned round."""
    if not isinstance(tree, Neg):
        return tree
    inner = tree._args[0]
    top = inner._args[0] if isinstance(inner, Quotient) else inner
    parts = top._args if isinstance(top, Times) else (top,)
    turned = next((p for p in parts if _is_difference(p)), None)
    if turned is None:
        return tree
    first, second = turned._args
    made = product_of([Plus(second._args[0], Neg(first)) if p is turned else p for p in parts])
    return Quotient(made, inner._args[1]) if isinstance(inner, Quotient) else made


def _is_difference(tree: Tree) -> bool:
    return (
        isinstance(tree, Plus)
        and len(tree._args) == 2
        and isinstance(tree._args[1], Neg)
        and not isinstance(tree._args[0], Neg)
    )


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


def _roots(function: Tree, slope: Tree, variable: Symbol, ends: tuple[Any, Any], story: list[Part], name: str) -> Roots:
    """Return where the derivative is 0, each factor by itself."""
    found: dict[Tree, None] = {}
    complete, rounded = True, False
    rows: list[tuple[Tree, Tree, str | Tree]] = []
    for factor in dict.fromkeys(factors(slope)):
        if is_free_of(factor, variable) or isinstance(factor, Power):  # u^v, as e^x, is never 0
            continue
        roots = zeros(factor, variable, *(None if mp.isinf(e) else e for e in ends))
        complete, rounded = complete and roots.complete, rounded or roots.rounded
        real = [r for r in roots.found if is_zero_of(slope, function, variable, number_of(r))]
        found.update(dict.fromkeys(real))
        rows += [(variable, root, factor) for root in real]
    sign = f"{name}'({variable.name}) = 0"
    if rows:
        story.append(Say((f"{sign} where a factor is 0:" if len({why for _, _, why in rows}) > 1 else f"{sign}:",)))
        story.append(Equate(tuple(rows)))
    return Roots(tuple(sorted(found, key=number_of)), complete, rounded)


# --- values, and what they say ----------------------------------------------------------------------------------------


def _values(
    question: Question, function: Tree, variable: Symbol, points: tuple[Point, ...], name: str
) -> Iterator[Part]:
    for point in points:
        ((_, tree),) = point.place
        if is_rounded(tree):
            continue
        worked: Derivation = work_out(question._replace(tree=function, name="", notes=()), {variable.name: tree})
        yield Work(name, worked, tree)


def _with_global(point: Point, points: tuple[Point, ...], rows: SignTable, closed: bool, period: Tree | None) -> Point:
    """Return a point with the mark that its value is the smallest or largest of all, where that is sure."""
    if point.type not in ("minimum", "maximum"):
        return point
    whole = rows.is_whole
    value = number_of(point.value_tree)
    better = [number_of(p.value_tree) for p in points]
    is_best = value <= min(better) + TINY if point.type == "minimum" else value >= max(better) - TINY
    if not (whole and is_best):
        return point
    bounded = (closed and not any(map(mp.isinf, rows.ends))) or period is not None or rows.is_compact
    return Point(point.place, point.value_tree, point.type, bounded or _turns_once(rows, point.type))


def _turns_once(rows: SignTable, kind: str) -> bool:
    """Tell whether a function first falls and then rises, for a minimum, or the other way round; or never turns."""
    signs = [row.sign for row in rows.rows if row.defined]
    turns = [a for a, b in pairwise(signs) if a != b]
    return turns in ([], [-1 if kind == "minimum" else 1]) and 0 not in signs


def _conclusions(
    points: tuple[Point, ...], variable: Symbol, rows: SignTable, interval: Any, period: Tree | None, name: str
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
    if interval is None and rows.is_compact:
        ends = ("[", rows.domain[0], ", ", rows.domain[1], "]")
        so = " and defined there alone: it has a smallest and a largest value."
        yield Say((f"{name} is continuous on ", *ends, so))
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
