"""The check of formulas by numbers: every line of every derivation is evaluated with arrays and compared.

It knows no laws. Gradients have the values of the program, whose own check are differences of the loss; what is still
to be derived in a line, an edge or a derivative, is worked out by differences.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sympy.core.symbol import Str, Symbol

from symback.expr.functions import FUNCTIONS
from symback.expr.numeric import np, quiet, some_places, with_entry
from symback.expr.rule import Derivation, Move
from symback.expr.tree import (
    Apply,
    Diff,
    Edge,
    Gradient,
    Inert,
    Plus,
    Size,
    Times,
    Tree,
    fold,
    is_pending,
    symbol,
    symbols_of,
    walk,
)
from symback.graph.derivation.points import Point
from symback.graph.derivation.user_functions import replaced
from symback.graph.graph import Graph, shapes_of
from symback.graph.language.definitions import Definition
from symback.graph.program import numbers
from symback.graph.program.formula_values import NotAlone, product, value_of

Array = Any
GOOD = 1e-6  # the relative error that rounding in float64 explains
ROUNDING = 1e-11  # of the terms that a formula is made of, which may cancel
BY_DIFFERENCES = 1e-4  # what differences of second order with a step of STEP are worth
STEP = 1e-5
KINK = 1e-2  # slopes to both sides that are further apart are those of a kink
MOST_LINES = 60  # of a derivation that are worked out whole; of longer ones each move is, at its place
MOST_PENDING = 24  # moves of a long derivation before all is derived, of which so many are looked at
MOST_MOVED = 8  # entries of an array by which an edge is worked out
WORK = 200_000  # entries that are worked out for that; of a large array fewer are moved
INNER = symbol("inner function")
JUMPS = frozenset(row.name for row in FUNCTIONS.values() if row.kinks and row.derivative == "0")


class Verdict(NamedTuple):
    """What was found of the formulas: the worst relative error, what was wrong and what could not be worked out.

    `lost` says that what is wrong, or a part of it, has no finite value, where the gradient has one.
    """

    worst: float = 0.0
    formulas: int = 0
    wrong: str = ""
    unchecked: tuple[str, ...] = ()
    lost: bool = False


class Judge:
    """The values of a graph at one point, and the verdicts on formulas there."""

    def __init__(self, graph: Graph, trees: Mapping[str, Tree], loss: str, point: Point, names: list[str]) -> None:
        self.trees = trees
        self.point = point
        self.program = program = graph.gradient_program(loss, names, shapes_of(point.values))
        results = numbers.run(program.nodes, {n: np.asarray(v, dtype=float)[()] for n, v in point.values.items()})
        forward = graph.forward(point.values)
        self.gradients = {name: np.asarray(results[i], dtype=float) for name, i in program.gradients.items()}
        self.known: dict[Tree, Array] = {symbol(n): np.asarray(v) for n, v in {**point.values, **forward}.items()}
        self.known |= {Gradient(symbol(loss), symbol(n)): g for n, g in self.gradients.items()}
        self.known[Gradient(symbol(loss), symbol(loss))] = np.asarray(1.0)
        self.first = graph.first_entries({n: np.shape(v) for n, v in point.values.items()})
        self.known |= {Size(Str(letter)): float(n) for letter, n in point.sizes.items()}
        self.functions = functions_of(graph)
        self.classes = frozenset(graph.classes(shapes_of(point.values)))
        self.has_given = any(d.derivative is not None for d in graph.functions.values())
        self.is_finite = bool(np.all(np.isfinite(results[program.loss])))
        self.results = results
        self._terms: dict[Tree, Array] = {}  # most terms of a line are those of the line before
        self._slopes: dict[Tree, Array] = {}

    def verdict(self, name: str, derivation: Derivation, whole: bool = True) -> Verdict:
        """Judge a derivation: its last line, and all lines before it (`whole`) at this point."""
        worst = 0.0
        count = 0
        lines = self._lines(derivation) if whole else iter([(derivation.last, self.gradients[name], False)])
        for tree, wanted, is_piece in lines:
            if (self.has_given or name in self.classes) and is_pending(tree):
                continue  # differences know nothing of a derivative that was given, nor of class numbers
            try:
                with quiet():
                    found, within = self._found(tree)
            except NotAlone:
                return Verdict(worst, count, "", (name,))
            except (ValueError, TypeError, IndexError):  # shapes that do not fit
                return Verdict(worst, count, name)
            error = _error(found, wanted, within, is_piece)
            if not error <= (GOOD if within < BY_DIFFERENCES else BY_DIFFERENCES):
                return Verdict(worst, count, name, lost=self._is_lost(tree, found, wanted))
            count += 1
            worst = max(worst, error if within < BY_DIFFERENCES else 0.0)
        return Verdict(worst, count)

    def _is_lost(self, tree: Tree, found: Array, wanted: Array) -> bool:
        parts = [found, *(self.known[node] for node in walk(tree) if node in self.known)]
        return bool(np.all(np.isfinite(wanted))) and not all(np.all(np.isfinite(part)) for part in parts)

    def _lines(self, derivation: Derivation) -> Iterator[tuple[Tree, Array, bool]]:
        """Yield what is to be compared: whole lines, or of a long derivation the pieces that its moves exchange."""
        wanted = self.gradients[derivation.variables[0].name]
        if len(derivation.moves) <= MOST_LINES:
            yield from ((line, wanted, False) for line in dict.fromkeys(derivation.lines()[1:]))
            return
        pending = [i for i, move in enumerate(derivation.moves) if i and is_pending(move.piece)]
        skipped = set(pending) - set(pending[:: 1 + len(pending) // MOST_PENDING])
        for i, move in enumerate(derivation.moves):
            if i and i not in skipped:
                yield from self._exchanged(move)
        yield derivation.lines()[max(pending, default=0) + 1], wanted, False
        yield derivation.last, wanted, False

    def _exchanged(self, move: Move) -> Iterator[tuple[Tree, Array, bool]]:
        if self.has_given and is_pending(move.piece):
            return
        try:
            yield move.result, self._found(move.piece)[0], True
        except NotAlone:
            return

    # --- values -------------------------------------------------------------------------------------------------------

    def _found(self, tree: Tree) -> tuple[Array, float]:
        """Return the value of a formula, and how exact it is: relative to it, as far as differences are in it."""
        if not isinstance(tree, Plus):
            return self._term(tree), BY_DIFFERENCES if is_pending(tree) else 0.0
        terms = [self._term(term) for term in tree._args]
        if any(map(is_pending, tree._args)):
            return sum(terms), BY_DIFFERENCES
        return sum(terms), ROUNDING * max(np.max(np.abs(t), initial=0.0) for t in terms)

    def _term(self, tree: Tree) -> Array:
        known = self._terms.get(tree)
        if known is None:
            known = self._terms[tree] = self._worked_out(tree)
        return known

    def _worked_out(self, tree: Tree) -> Array:
        if not is_pending(tree):
            return self._value(tree)
        if isinstance(tree, Plus):
            return sum(self._term(term) for term in tree._args)
        if isinstance(tree, Times) and isinstance(tree._args[-1], Edge):
            return self._contracted(*tree._args)
        return self._with_differences(tree)

    def _value(self, tree: Tree, known: Mapping[Tree, Array] | None = None) -> Array:
        unknown = [s for s in symbols_of(tree) if s not in (known or self.known)]
        if unknown:
            raise ValueError(f"{unknown[0]} is not a node of the graph")
        return value_of(tree, known or self.known, self.functions, self.first)

    def _with_differences(self, tree: Tree) -> Array:
        """Return the value of a formula of numbers, derivatives in it by differences."""
        for node in walk(tree):
            if isinstance(node, (Diff, Edge)) and node not in self._slopes:
                self._slopes[node] = self._slope(*self._function(node))
        return value_of(tree, ChainMap(self._slopes, self.known), self.functions, self.first)

    def _function(self, node: Any) -> tuple[Tree, Symbol, float]:
        """Return the formula that a derivative is of, its variable, and the value of that.

        A derivative by an inner function, d/d(3x) [sin(3x)], is one by a letter that stands for it.
        """
        inner, variable = node._args
        if isinstance(node, Edge) and isinstance(inner, Symbol):
            inner = self.trees.get(inner.name, inner)
        at = self._value(variable)
        if np.ndim(at):
            raise NotAlone
        if not isinstance(variable, Symbol):
            inner, variable = replaced(inner, {variable: INNER}), INNER
        return inner, variable, float(at)

    def _slope(self, formula: Tree, variable: Symbol, at: float) -> Array:
        """Return the slope by differences; nan where a part of the formula jumps within the step."""
        h = STEP * max(1.0, abs(at))
        points = [{**self.known, variable: np.asarray(at + d)} for d in (h, -h)]
        sides = [self._value(formula, point) for point in points]
        return np.nan * sides[0] if self._jumps(formula, points) else (sides[0] - sides[1]) / (2 * h)

    def _jumps(self, formula: Tree, points: Sequence[Mapping[Tree, Array]]) -> bool:
        """Tell whether a part of the formula, such as floor(u), jumps between points: then differences tell nothing."""
        parts = [part for part in walk(formula) if isinstance(part, Apply) and part.name in JUMPS]
        values = ([self._value(part, point) for point in points] for part in parts)
        return any(np.any(first != other) for first, *others in values for other in others)

    def _contracted(self, *factors: Tree) -> Array:
        """Return the sum over all entries of g times their derivatives by some entries of v; nan for the others.

        At a kink, as where two entries are the greatest, there is no slope that a difference could tell.
        """
        *before, edge = factors
        inner, v = edge._args
        formula = self.trees.get(inner.name, inner) if isinstance(inner, Symbol) else inner
        g = product(*(self._value(f) for f in before))
        at = np.asarray(self.known[v], dtype=float)
        result = np.zeros(at.shape) + np.nan
        largest = max(np.size(self.known.get(s, 0)) for s in (*symbols_of(formula), v))
        formula, known = self._apart(formula, v)
        here = np.asarray(self._value(formula, known))
        for place in some_places(at.shape, max(1, min(MOST_MOVED, WORK // max(largest, np.size(g))))):
            h = STEP * max(1.0, abs(float(at[place])))
            points = [{**known, v: with_entry(at, place, at[place] + step)} for step in (h, -h)]
            sides = [np.asarray(self._value(formula, point)) for point in points]
            right, left = (float(np.sum(g * ((a - b) / h))) for a, b in ((sides[0], here), (here, sides[1])))
            is_kink = abs(right - left) > KINK * max(1e-4, abs(right), abs(left)) or self._jumps(formula, points)
            result = with_entry(result, place, np.nan if is_kink else (right + left) / 2)
        return result

    def _apart(self, formula: Tree, v: Symbol) -> tuple[Tree, dict[Tree, Array]]:
        """Return a formula of v with names for the parts that do not hold it, which need be worked out but once."""
        known = dict(self.known)

        def combine(node: Any, inner: list[Any]) -> Any:
            return type(node)(*map(named, inner)) if isinstance(node, Inert) and v in symbols_of(node) else node

        def named(part: Any) -> Any:
            if not isinstance(part, Inert) or v in symbols_of(part) or part in known:
                return part
            name = symbol(f"part {len(known)}")
            known[name] = self._value(part)
            return name

        return fold(formula, combine), known


def _error(found: Array, wanted: Array, within: float, is_piece: bool) -> float:
    """Return the relative error of a value: infinite for another shape, and for nan beside a number."""
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    if found.shape != wanted.shape:
        if not is_piece:
            return math.inf
        found, wanted = np.broadcast_arrays(found, wanted)
    looked_at = np.isfinite(wanted) if within < BY_DIFFERENCES else np.isfinite(wanted) & np.isfinite(found)
    with quiet():  # infinities are not looked at
        apart = np.abs(found - wanted)
    scale = 1e-3 + np.max(np.abs(wanted), initial=0.0, where=looked_at)
    worst = np.max(apart, initial=0.0, where=looked_at)
    if np.isnan(worst):
        return math.inf  # max(0, nan) would be 0
    return float(max(0.0, worst - (within if within < BY_DIFFERENCES else 0.0)) / scale)


def functions_of(graph: Graph) -> dict[str, Callable[..., Array]]:
    """Return the functions of the author's, and with a prime the derivatives that were given."""
    made: dict[str, Callable[..., Array]] = {}

    def of(definition: Definition, body: Tree) -> Callable[..., Array]:
        return lambda *us: value_of(body, definition.bound(us), made) + 0 * sum(us)

    for name, definition in graph.functions.items():
        made[name] = of(definition, definition.body)
        if definition.derivative is not None:
            made[name + "'"] = of(definition, definition.derivative)
    return made
