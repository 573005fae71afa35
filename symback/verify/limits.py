"""The check of limits: what a function comes to is read off its values near the place, from each side.

No law of limits is used. A line has a value once each limit in it is replaced by what the numbers come to; a step
inside of a limit must leave the values near the place as they are. Letters take several values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from mpmath import libmp, mp
from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.expr.rule import Move
from symback.expr.tree import (
    ONE,
    Apply,
    E,
    Inert,
    Lim,
    Neg,
    Path,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    put,
    symbol,
    symbols_of,
    walk,
)  # fmt: skip
from symback.verify.approach import Trend, approach
from symback.verify.boundaries import DIGITS, Values
from symback.verify.compare import Undefined, evaluate
from symback.verify.slow import slow_approach
from symback.verify.values import Beyond
from symback.verify.verification import Verification

INFINITY = symbol("oo")
STEP = 660  # so that differences are much finer than the smallest distance from the place
SAME = mp.mpf(10) ** -12  # as a part of the value
SAME_NEAR = mp.mpf(10) ** -25
DISTANCES = tuple(Fraction(n, 10**k) for k in (2, 3, 4) for n in (113, 271, 577))  # up to about 5, for x - a
FINE = tuple(Fraction(n, 10**k) for k in (5, 7, 9) for n in (113, 271, 577))
SAMPLES = (Fraction(731, 1000), Fraction(2413, 1000), Fraction(-1287, 1000), Fraction(-377, 1000), Fraction(3617, 1000))
BY_LOGARITHMS = {"arsinh": ONE, "arcosh": Neg(ONE)}  # arsinh u = ln(u + sqrt(u^2 + 1))
FAR = DISTANCES[3:]
CLOSE = mp.mpf(10) ** -3
FEWEST = 3
FEWEST_POINTS = 2
NOT_REAL = (Beyond, libmp.ComplexResult, ZeroDivisionError, ValueError, OverflowError, TypeError)

Letters = Mapping[Symbol, Fraction]


class Side(NamedTuple):
    """What a function does on one side of a place: the trend, and the number or infinity that it comes to."""

    trend: Trend
    value: Any = None
    error: Any = mp.mpf(0)

    @property
    def is_known(self) -> bool:
        return self.value is not None

    def agrees(self, other: Side) -> bool:
        """Tell whether both come to the same number, or to the same infinity."""
        if not self.is_known or not other.is_known:
            return False
        if mp.isinf(self.value) or mp.isinf(other.value):
            return bool(self.value == other.value)
        room = max(10 * (self.error + other.error), SAME * max(1, abs(self.value)))
        return bool(abs(self.value - other.value) <= room)


UNKNOWN = Side(Trend.UNKNOWN)


def letters_of(*trees: Tree, variable: Symbol) -> list[Symbol]:
    """Return the letters of trees that are not the variable, by name."""
    found = frozenset[Symbol]().union(*(symbols_of(tree) for tree in trees)) - {variable, INFINITY}
    return sorted(found, key=lambda s: str(s.name))


def points_of(letters: Sequence[Symbol]) -> list[dict[Symbol, Fraction]]:
    """Return some values for letters; one empty point where there are none."""
    turns = range(len(SAMPLES) if letters else 1)
    return [{s: SAMPLES[(turn + 2 * i) % len(SAMPLES)] for i, s in enumerate(letters)} for turn in turns]


def points_for(start: Lim) -> list[dict[Symbol, Fraction]]:
    """Return values for the letters of a limit, those at which its function is real where there are such."""
    body, variable, target = start._args[:3]
    points = points_of(letters_of(start, variable=variable))
    real = [p for p in points if all(_is_real(body, variable, target, side, p) for side in sides_of(start))]
    return real if len(real) >= FEWEST_POINTS else points


def _is_real(body: Tree, variable: Symbol, target: Tree, side: int, letters: Letters) -> bool:
    return one_sided(body, variable, target, side, letters).trend is not Trend.NOT_REAL


def sides_of(limit: Lim) -> tuple[int, ...]:
    """Return the sides from which a variable tends: -1, 1, or both; at infinity there is one."""
    target = limit._args[2]
    if target == INFINITY:
        return (-1,)
    if target == Neg(INFINITY):
        return (1,)
    return (limit.side,) if limit.side else (-1, 1)


def place_of(target: Tree, letters: Letters) -> Any:
    """Return what the variable tends to as a number of many digits, or as an infinity."""
    if target == INFINITY:
        return mp.inf
    if target == Neg(INFINITY):
        return -mp.inf
    return evaluate(target, letters, DIGITS * 2)


def beside(place: Any, side: int, distance: Any) -> Any:
    """Return a number at a distance from a place; at infinity, one over the distance."""
    if mp.isinf(place):
        return mp.sign(place) / distance
    return place + side * distance


def one_sided(tree: Tree, variable: Symbol, target: Tree, side: int, letters: Letters) -> Side:
    """Return what a function comes to from one side.

    >>> from symback.syntax import parse
    >>> x = parse("x")
    >>> one_sided(parse("1/x"), x, parse("0"), -1, {}).value
    mpf('-inf')
    """
    return _one_sided(tree, variable, target, side, tuple(letters.items()))


@lru_cache(maxsize=4096)
def _one_sided(tree: Tree, variable: Symbol, target: Tree, side: int, letters: tuple[Any, ...]) -> Side:
    with mp.workdps(DIGITS + 180):
        try:
            place = place_of(target, dict(letters))
            function = Values(_by_exponentials(tree), variable, dict(letters), STEP)
            found = approach(lambda h: function(beside(place, side, h)))
            if found.trend is Trend.UNKNOWN or (found.trend is Trend.GROWS and _has_logarithms(tree)):
                slow = _slow_side(_by_exponentials(tree), variable, place, side, dict(letters))
                if slow.is_known or found.trend is Trend.UNKNOWN:
                    return slow
        except (Undefined, *NOT_REAL):
            return UNKNOWN
        if found.trend is Trend.GROWS:
            return _infinite(function, place, side)
    return Side(found.trend, found.value, found.error) if found.settles else Side(found.trend)


def _has_logarithms(tree: Tree) -> bool:
    """Tell whether a logarithm is in a function, which may outgrow what wins in the end for very long."""
    return any(isinstance(node, Apply) and node.name == "ln" for node in walk(tree))


def _slow_side(tree: Tree, variable: Symbol, place: Any, side: int, letters: Letters) -> Side:
    found = slow_approach(tree, lambda h: beside(place, side, h), variable, letters)
    if found.trend is Trend.GROWS:
        return Side(found.trend, mp.inf * mp.sign(found.value))
    return Side(found.trend, found.value, found.error)


def _by_exponentials(tree: Tree) -> Tree:
    """Return a tree with u^v, where v varies, as e^(v ln u): so it has a value for the largest v."""

    def written(node: Basic, inner: list[Any]) -> Any:
        if isinstance(node, Power) and node._args[0] != E and symbols_of(node._args[1]):
            return Power(E, Times(inner[1], apply("ln", inner[0])))
        if isinstance(node, Apply) and node.name in BY_LOGARITHMS:
            return apply("ln", Plus(inner[1], apply("sqrt", Plus(Times(inner[1], inner[1]), BY_LOGARITHMS[node.name]))))
        return type(node)(*inner) if isinstance(node, Inert) and inner else node

    return fold(tree, written)


def _infinite(function: Callable[[Any], Any], place: Any, side: int) -> Side:
    """Return the infinity that a function grows to, by the sign of its values."""
    for power in (40, 12, 4):
        try:
            found = function(beside(place, side, mp.mpf(10) ** -power))
        except NOT_REAL:
            continue
        if found:
            return Side(Trend.GROWS, mp.inf * mp.sign(found))
    return UNKNOWN


def limit_by_numbers(limit: Lim, letters: Letters) -> Side:
    """Return what numbers say of a limit; where the sides differ nothing is known of it."""
    body, variable, target = limit._args[:3]
    found = [one_sided(body, variable, target, side, letters) for side in sides_of(limit)]
    if all(found[0].agrees(other) for other in found):
        return max(found, key=lambda one: one.error)
    return UNKNOWN


# --- the value of a line ----------------------------------------------------------------------------------------------


def value_of_line(line: Tree, letters: Letters) -> Side:
    """Return the value of a line in which limits stand, each taken by numbers; infinities are values too."""
    worst = [mp.mpf(0)]

    def combine(node: Basic, inner: list[Any]) -> Any:
        if isinstance(node, Lim):
            found = limit_by_numbers(node, letters)
            worst.append(found.error)
            return found.value if found.is_known else mp.nan
        if not isinstance(node, Inert) or not _has_limits(node):
            return mp.inf if node == INFINITY else _number(node, letters)
        return _combined(node, inner)

    with mp.workdps(60):
        try:
            value = fold(line, combine)
        except NOT_REAL:
            return UNKNOWN
    return UNKNOWN if mp.isnan(value) else Side(Trend.SETTLES, value, max(worst) * max(1, abs(value)))


def _has_limits(tree: Tree) -> bool:
    return any(isinstance(node, Lim) or node == INFINITY for node in walk(tree))


def _number(node: Basic, letters: Letters) -> Any:
    if isinstance(node, (Inert, Symbol)) or getattr(node, "is_number", False):
        try:
            return evaluate(node, letters)
        except (Undefined, *NOT_REAL):
            return mp.nan
        except Exception:
            return mp.nan
    return mp.nan


def _combined(node: Inert, inner: list[Any]) -> Any:
    if isinstance(node, Plus):
        return mp.fsum(inner)
    if isinstance(node, Times):
        return mp.fprod(inner)
    if isinstance(node, Neg):
        return -inner[0]
    if isinstance(node, Quotient):
        return inner[0] / inner[1]
    if isinstance(node, Power):
        return mp.power(*inner) if inner[0] != mp.e else mp.exp(inner[1])
    if isinstance(node, Apply) and len(inner) == 2 and not mp.isinf(inner[1]):
        return evaluate(Apply(node._args[0], symbol("u")), {symbol("u"): inner[1]})
    return mp.nan


# --- steps ------------------------------------------------------------------------------------------------------------


def verify_limit(start: Tree, moves: Sequence[Move], last: Tree) -> Verification:
    """Check every line of a limit, and its answer, by numbers from each side."""
    target = _first_limit(start)._args[2]
    unverified = ""
    for letters in points_for(_first_limit(start)):
        verdict = _verified_at(start, moves, last, letters)
        if verdict.verdict == "failed":
            return verdict
        unverified = unverified or (verdict.message if verdict.verdict != "verified" else "")
    if unverified:
        return Verification("unverified", 0, unverified)
    sides = {sides_of(node) for node in walk(start) if isinstance(node, Lim)}
    both = "from both sides" if (-1, 1) in sides else "far out" if INFINITY in symbols_of(target) else "from that side"
    return Verification("verified", 12, f"Verified: the values {both} come to it.")


def _first_limit(line: Tree) -> Lim:
    return next(node for node in walk(line) if isinstance(node, Lim))


class _Values:
    """The values of the lines of a limit, each worked out once."""

    def __init__(self, lines: Sequence[Tree], moves: Sequence[Move], letters: Letters) -> None:
        self.lines, self.moves, self.letters = lines, moves, letters
        self.known: dict[int, Side] = {}

    def __getitem__(self, index: int) -> Side:
        """Return what a line comes to; steps inside of a limit, which are checked too, do not change that."""
        if index not in self.known:
            found = value_of_line(self.lines[index], self.letters)
            is_inside = index < len(self.moves) and _limit_around(self.lines[index], self.moves[index].path) is not None
            self.known[index] = self[index + 1] if is_inside and not found.is_known else found
        return self.known[index]


def _verified_at(start: Tree, moves: Sequence[Move], last: Tree, letters: Letters) -> Verification:
    lines = [start]
    for move in moves:
        lines.append(put(lines[-1], move.path, move.result))
    values = _Values(lines, moves, letters)
    first, answer = values[0], value_of_line(last, letters)
    if not first.is_known or not answer.is_known:
        return Verification("unverified", 0, "Not verified: numbers could not tell what the values come to.")
    if not first.agrees(answer):
        return Verification("failed", 0, "The values do not come to this answer.")
    for index, (move, (before, _)) in enumerate(zip(moves, pairwise(lines), strict=True)):
        found = _step(move, before, letters)
        if found is None:
            found = values[index].agrees(values[index + 1]) if values[index + 1].is_known else None
        if found is False:
            return Verification("failed", 0, f"Step {index + 1} changes the value.", index)
        if found is None:
            return Verification("unverified", 0, f"Step {index + 1} could not be checked by numbers.")
    return Verification("verified", 1, "Verified.")


def _step(move: Move, line: Tree, letters: Letters) -> bool | None:
    """Tell whether a step inside of a limit leaves the values near the place as they are; None where it is no such."""
    limit = _limit_around(line, move.path)
    if limit is None:
        return None
    return equal_near(move.piece, move.result, limit, letters)


def _limit_around(line: Tree, path: Path) -> Lim | None:
    found, node = None, line
    for index in path:
        found = node if isinstance(node, Lim) and index == 0 else found
        node = node._args[index]
    return found


def equal_near(left: Tree, right: Tree, limit: Lim, letters: Letters) -> bool | None:
    """Tell whether two functions are equal near the place of a limit; None where that cannot be told."""
    _, variable, target = limit._args[:3]
    with mp.workdps(DIGITS):
        place = place_of(target, letters)
        functions = [Values(tree, variable, letters, STEP) for tree in (left, right)]
        good = 0
        for side in sides_of(limit):
            for distance in FINE if not mp.isinf(place) else DISTANCES:
                where = beside(place, side, mp.mpf(distance.numerator) / distance.denominator)
                try:
                    a, b = (function(where) for function in functions)
                except NOT_REAL:
                    continue
                if a is None:
                    continue
                if b is None or abs(a - b) > SAME_NEAR * max(abs(a), mp.mpf(10) ** -200):
                    return False
                good += 1
    return True if good >= FEWEST else None


def values_beside(tree: Tree, limit: Lim, side: int, letters: Letters) -> list[Any]:
    """Return some values of a function close to the place of a limit; None for those that are not real."""
    _, variable, target = limit._args[:3]
    found = []
    with mp.workdps(DIGITS):
        place = place_of(target, letters)
        function = Values(tree, variable, letters, STEP)
        for distance in FINE if not mp.isinf(place) else FAR:
            try:
                found.append(function(beside(place, side, mp.mpf(distance.numerator) / distance.denominator)))
            except NOT_REAL:
                continue
    return found


# The numbers of the places that are looked at: the first for which all can be worked out.
ALONG = ((10**5, 10**8, 10**12, 10**16), (10**3, 10**5, 10**7, 10**9), (2, 4, 7, 11))


def comes_to_along(limit: Lim, places: Tree, counter: Symbol, value: Tree) -> bool:
    """Tell whether a function comes to a value, which may be infinite, along places that tend to where the limit is."""
    with mp.workdps(DIGITS):
        to, wanted = place_of(limit._args[2], {}), place_of(value, {})
        at, found = _values_along(limit, places, counter)
        sides = [x - to if not mp.isinf(to) else -x for x in at]
        is_there = all(mp.sign(side) == sides_of(limit)[0] for side in sides) and _nears(at, to)
        return bool(found) and is_there and _nears(found, wanted)


def _values_along(limit: Lim, places: Tree, counter: Symbol) -> tuple[list[Any], list[Any]]:
    """Return some places and the values there; none where they cannot be worked out."""
    where, function = Values(places, counter, {}, STEP), Values(limit._args[0], limit._args[1], {}, STEP)
    for numbers in ALONG:
        try:
            at = [where(mp.mpf(n)) for n in numbers]
            found = [function(x) for x in at]
        except NOT_REAL:
            continue
        if None not in (*at, *found):
            return at, found
    return [], []


def _nears(values: Sequence[Any], to: Any) -> bool:
    """Tell whether numbers come closer and closer to one, or grow towards an infinity."""
    if mp.isinf(to):
        return all(mp.sign(v) == mp.sign(to) for v in values) and all(abs(b) > abs(a) for a, b in pairwise(values))
    far = [abs(v - to) for v in values]
    return far[-1] < CLOSE and all(b <= a or b < SAME_NEAR for a, b in pairwise(far))


def verify_two_sequences(start: Lim, along: Sequence[tuple[Tree, Symbol, Tree]]) -> Verification:
    """Check that a function comes to different values along two sequences of places."""
    one = start if len(sides_of(start)) == 1 else Lim(*start._args[:3], ONE)
    with mp.workdps(DIGITS):
        first, second = (place_of(value, {}) for _, _, value in along)
    if first == second or not all(comes_to_along(one, *sequence) for sequence in along):
        return Verification("failed", 0, "The values along the two sequences do not come to what is said.")
    return Verification("verified", 12, "Verified: the values along the two sequences come to different ends.")


def verify_does_not_exist(start: Lim) -> Verification:
    """Check that numbers say so too: the sides differ, or the values of one never settle."""
    body, variable, target = start._args[:3]
    for letters in points_for(start):
        found = [one_sided(body, variable, target, side, letters) for side in sides_of(start)]
        if any(side.trend is Trend.SWINGS for side in found):
            continue
        if not all(side.is_known for side in found):
            return Verification("unverified", 0, "Not verified: numbers could not tell what the values come to.")
        if found[0].agrees(found[-1]):
            return Verification("failed", 0, "The values of both sides come to one number.")
    return Verification("verified", 12, "Verified: the values do not come to one number.")
