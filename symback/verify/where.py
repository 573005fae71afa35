"""Where two expressions both have a value, in the words of a condition: x > 0, -1 < x < 1, sin x > 0.

In one variable the ends of the intervals are found by halving, and said where they are numbers that one would write.
Otherwise it looks for a condition on the argument of a root, a logarithm or an inverse function that separates the
points at which the given expression has a value from those at which it has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, combinations, islice, pairwise
from random import Random
from typing import NamedTuple

from mpmath import libmp, mp

from symback.expr.tree import PI, Apply, Diff, Neg, Power, Quotient, Times, Tree, apply, number, number_value, walk
from symback.verify.intern_table import InternTable
from symback.verify.points import Point, centres_of, random_points
from symback.verify.program import SEARCH, Program
from symback.verify.values import Beyond, is_finite

Condition = tuple[Tree | str, ...]  # trees with relations between them: (x, " > ", 0)

SAMPLES = 240
HALVINGS = 60
MOST_ENDS = 2  # of the intervals that are said
LARGEST_UNDER = 100  # of a fraction that one would write
SAME = Fraction(1, 10**12)
SHORT = 4  # digits of an end that is no such number


class _Sample(NamedTuple):
    """A point of the domain, and whether the given expression has a value there."""

    point: Point
    is_real: bool


def where_real(domain: Tree, given: Tree, seed: int = 0) -> tuple[Condition, ...]:
    """Return the conditions, all of which hold where the domain and the given expression are real; () if not found.

    >>> from symback.syntax import parse
    >>> where_real(parse("x"), parse("ln x"))
    ((x, ' > ', 0),)
    """
    try:
        look = _Look(_derived(domain), _derived(given))
        samples = look.samples(seed)
        if all(s.is_real for s in samples) or not any(s.is_real for s in samples):
            return ()
        found = _interval(look, samples) if len(look.symbols) == 1 else ()
        return found or _by_arguments(_derived(given), look, samples)
    except Beyond:
        return ()


def _derived(tree: Tree) -> Tree:
    """Return the function of a pending derivative, which has values where that is real: its quotients end before."""
    while isinstance(tree, Diff):
        tree = tree._args[0]
    return tree


class _Look:
    """The two expressions, compiled together to see where they have values."""

    def __init__(self, domain: Tree, given: Tree) -> None:
        self._forest = InternTable()
        self._program = Program(self._forest, [self._forest.intern(domain), self._forest.intern(given)])
        self.symbols = self._program.symbols

    def at(self, point: Point) -> bool | None:
        """Tell whether the given expression has a value; None where the domain ends."""
        try:
            domain, given = map(is_finite, self._program.values(point, SEARCH))
        except Beyond:
            return None
        return given if domain else None

    def samples(self, seed: int) -> list[_Sample]:
        points = random_points(len(self.symbols), centres_of(self._forest), Random(seed))  # noqa: S311
        looked = ((point, self.at(point)) for point in islice(points, SAMPLES))
        return [_Sample(point, real) for point, real in looked if real is not None]

    def values(self, trees: Sequence[Tree], point: Point) -> list[float]:
        """Return values of other trees at the point."""
        program = Program(self._forest, [self._forest.intern(tree) for tree in trees])
        place = dict(zip(self.symbols, point, strict=True))
        found = program.values([place[s] for s in program.symbols], SEARCH)
        return [float(libmp.to_float(v)) if is_finite(v) else float("nan") for v in found]


# --- one variable ----------------------------------------------------------------------------------------------------


def _interval(look: _Look, samples: Sequence[_Sample]) -> tuple[Condition, ...]:
    """Return the condition for one interval, or nothing where there are more of them."""
    (x,) = look.symbols
    ordered = sorted(samples, key=lambda s: float(libmp.to_float(s.point[0])))
    ends = [_end(look, a, b) for a, b in pairwise(ordered) if a.is_real is not b.is_real]
    if len(ends) > MOST_ENDS:
        return ()
    said = [_number(end) for end in ends]
    if len(said) == 1:
        return ((x, " < " if ordered[0].is_real else " > ", said[0]),)
    if ordered[0].is_real:
        size = said[1] if _is_negative_of(*said) else None
        return ((apply("abs", x), " > ", size),) if size is not None else ()
    return ((said[0], " < ", x, " < ", said[1]),)


def _is_negative_of(low: Tree, high: Tree) -> bool:
    return low == Neg(high) or (number_value(low) or 0) == -(number_value(high) or 0) != 0


def _end(look: _Look, a: _Sample, b: _Sample) -> Fraction:
    """Return where the values end between two points, by halving, as seen from the one that has a value."""
    inside, outside = (a.point[0], b.point[0]) if a.is_real else (b.point[0], a.point[0])
    for _ in range(HALVINGS):
        middle = libmp.mpf_shift(libmp.mpf_add(inside, outside, 200, "n"), -1)
        if look.at((middle,)):
            inside = middle
        else:
            outside = middle
    return Fraction(*map(int, libmp.to_rational(inside)))


def _number(end: Fraction) -> Tree:
    """Return the number that one would write: a short fraction, a root, a part of π, else a decimal of four digits."""
    for factor, tree in ((Fraction(1), None), (Fraction(*map(int, libmp.to_rational(mp.pi._mpf_))), PI)):
        part = _short(end / factor)
        if part is not None:
            return number(part) if tree is None else _times(part, tree)
    square = _short(end * end)
    if square is not None:
        root = apply("sqrt", number(square))
        return root if end > 0 else Neg(root)
    return number(Fraction(f"{float(end):.{SHORT}g}"), decimal=True)


def _short(value: Fraction) -> Fraction | None:
    """Return the short fraction that a value is, None where it is none."""
    short = value.limit_denominator(LARGEST_UNDER)
    return short if abs(value - short) < max(SAME, SAME * abs(short)) else None


def _times(part: Fraction, tree: Tree) -> Tree:
    size = abs(part)
    above = tree if size.numerator == 1 else Times(number(size.numerator), tree)
    whole = above if size.denominator == 1 else Quotient(above, number(size.denominator))
    return Neg(whole) if part < 0 else whole


# --- conditions on arguments -----------------------------------------------------------------------------------------

_POSITIVE = (0.0, float("inf"))
_RANGES: dict[str, tuple[float, float]] = {
    "sqrt": _POSITIVE, "ln": _POSITIVE, "log": _POSITIVE, "root": _POSITIVE,
    "arcsin": (-1.0, 1.0), "arccos": (-1.0, 1.0), "artanh": (-1.0, 1.0), "arcosh": (1.0, float("inf")),
}  # fmt: skip


def _by_arguments(given: Tree, look: _Look, samples: Sequence[_Sample]) -> tuple[Condition, ...]:
    """Return the fewest conditions that hold together where the expression has a value, and nowhere else."""
    wanted = list(dict.fromkeys(_arguments(given)))
    if not wanted:
        return ()
    values = [look.values([tree for tree, _, _ in wanted], s.point) for s in samples]
    holds = [[low < row[i] < high for row in values] for i, (_, low, high) in enumerate(wanted)]
    real = [s.is_real for s in samples]
    needed = [i for i in range(len(wanted)) if all(h or not r for h, r in zip(holds[i], real, strict=True))]
    needed.sort(key=lambda i: len(str(wanted[i][0])))
    for count in (1, 2, 3):
        for some in combinations(needed, count):
            if [all(holds[i][k] for i in some) for k in range(len(real))] == real:
                return tuple(_between(*wanted[i]) for i in some)
    return ()


def _arguments(given: Tree) -> Iterator[tuple[Tree, float, float]]:
    """Yield what is inside a function that has no value everywhere, with the range in which it has one."""
    for node in walk(given):
        if isinstance(node, Apply) and node.name in _RANGES:
            yield (node._args[1], *_RANGES[node.name])
        elif isinstance(node, Power):
            base, exponent = node._args
            value = number_value(exponent)
            if value is None or value.denominator % 2 == 0:
                yield (base, *_POSITIVE)


def _between(tree: Tree, low: float, high: float) -> Condition:
    least, most = (number(Fraction(v)) if abs(v) < float("inf") else None for v in (low, high))
    if most is None:
        return (tree, " > ", least or number(0))
    return (least or number(0), " < ", tree, " < ", most)


def parts_of(conditions: Sequence[Condition]) -> tuple[Tree | str, ...]:
    """Return conditions as one row of trees and words, joined by "and"."""
    return tuple(chain.from_iterable((*(() if i == 0 else (" and ",)), *c) for i, c in enumerate(conditions)))
