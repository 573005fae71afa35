"""Values on a graph at a few points: of its names, and of derivative signs in each of their readings.

A sign such as dc/da may mean the edge of the graph, all other names held, or the derivative through all paths; dL/dh[t]
may mean all paths or what flows back from later steps. Vectors by vectors are Jacobians.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from symback.errors import SymbackError
from symback.expr.tree import (
    Apply,
    Diff,
    Gradient,
    Inert,
    Times,
    Tree,
    apply,
    product_of,
    symbol,
    symbols_of,
    walk,
)
from symback.graph.graph import Graph
from symback.graph.program.formula_values import NotAlone, value_of
from symback.working.graph_points import AS_JACOBIAN, BY_ENTRY, EDGE, LATER, TRANSPOSED, WHOLE, Point
from symback.working.right import tidied

Array = Any
GOOD = 1e-8
LOSSES = frozenset(("L", "J", "C", "E", "loss", "cost", "Loss", "Cost"))  # whose gradient is over all paths, always
CLASH = re.compile("broadcast|mismatch|matmul|aligned|shape", re.IGNORECASE)  # what NumPy says where shapes do not fit


class Reading(NamedTuple):
    """How derivative signs are meant: those of the loss, those of other numbers, and those of vectors by vectors."""

    of_loss: str = WHOLE
    of_others: str = WHOLE
    of_vectors: str = AS_JACOBIAN


class GraphValues:
    """A graph at three points, with the derivatives of its numbers."""

    def __init__(self, graph: Graph, loss: str) -> None:
        self.graph, self.loss = graph, loss
        self.points = [Point(graph, seed) for seed in range(3)]
        self.shapes = {name: np.shape(value) for name, value in self.points[0].values.items()}

    def readings(self, tree: Tree, left: Gradient | None = None) -> Iterator[Reading]:
        """Yield the readings that the signs of a formula may have."""
        signs = [n for n in walk(tree) if isinstance(n, Gradient)]
        of_loss = [n for n in signs if n._args[0].name == self.loss]
        others = [n for n in signs if n not in of_loss and not self.shapes[n._args[0].name]]
        vectors = [n for n in signs if self.shapes[n._args[0].name]]
        of_the_loss = [WHOLE]
        of_the_loss += [LATER] if any("[" in n._args[1].name for n in of_loss) else []
        of_the_loss += [EDGE] if of_loss and self.loss not in LOSSES else []
        of_others = (WHOLE, EDGE) if others else (WHOLE,)
        of_vectors = (AS_JACOBIAN, TRANSPOSED, BY_ENTRY) if vectors else (AS_JACOBIAN,)
        yield from (Reading(*one) for one in product(of_the_loss, of_others, of_vectors))

    def lefts(self, sign: Gradient) -> Iterator[Reading]:
        """Yield the readings that a sign on the left may have."""
        of, by = (n.name for n in sign._args)
        yield Reading()
        is_used = symbol(by) in symbols_of(self.graph.trees.get(of, symbol(of)))
        if is_used and not (of == self.loss and of in LOSSES):
            yield Reading(of_loss=EDGE, of_others=EDGE)
        if of == self.loss and "[" in by and self.later_users(by):
            yield Reading(of_loss=LATER)

    def later_users(self, name: str) -> list[str]:
        """Return the nodes of later steps that use a node of a loop."""
        own = _step(name)
        users = [n for n, tree in self.graph.trees.items() if symbol(name) in symbols_of(tree)]
        return [n for n in users if (step := _step(n)) is not None and own is not None and step > own]

    def value(self, tree: Tree, reading: Reading, point: int) -> Array | None:
        """Return the value of a formula at a point; None where shapes do not fit, or it has no value."""
        try:
            found = self._value(tree, reading, point)
        except (NotAlone, SymbackError, ArithmeticError, IndexError, ValueError, TypeError, KeyError):
            return None
        return found if np.all(np.isfinite(found)) else None

    def _value(self, tree: Tree, reading: Reading, point: int) -> Array:
        here = self.points[point]
        known = dict(here.known)
        for node in walk(tree):
            if isinstance(node, Gradient):
                known[node] = self.sign(node, reading, point)
        return np.asarray(value_of(tree, known, here.functions, here.first), dtype=float)

    def same_on_paper(self, tree: Tree, reading: Reading, wanted: Sequence[Array], side_by_side: bool) -> bool:
        """Tell whether a formula has the wanted value as paper has it: vectors are columns.

        With `side_by_side`, arrays beside each other are a product of matrices.
        """
        try:
            return all(agree(self._on_paper(tree, reading, i, side_by_side), _column(w)) for i, w in enumerate(wanted))
        except (NotAlone, SymbackError, ArithmeticError, IndexError, ValueError, TypeError, KeyError):
            return False

    def _on_paper(self, tree: Tree, reading: Reading, point: int, side_by_side: bool) -> Array:
        here = self.points[point]
        known = {name: _column(value) for name, value in here.known.items()}
        known |= {n: _column(self.sign(n, reading, point)) for n in walk(tree) if isinstance(n, Gradient)}

        def value(part: Tree) -> Array:
            return np.asarray(value_of(part, known, here.functions, here.first), dtype=float)

        return value(_with_products(tree, value) if side_by_side else tree)

    def with_products(self, tree: Tree) -> Tree:
        """Return a formula in which a matrix and what stands beside it are a product of matrices."""

        def value(part: Tree) -> Array:
            return self._value(part, Reading(), 0)

        try:
            return _with_products(tree, value)
        except (NotAlone, SymbackError, ArithmeticError, IndexError, ValueError, TypeError, KeyError):
            return tree

    def clashes(self, tree: Tree, readings: Sequence[Reading]) -> bool:
        """Tell whether the shapes in a formula do not fit, whatever its signs mean."""
        return all(self._clashes(tree, reading) for reading in readings)

    def _clashes(self, tree: Tree, reading: Reading) -> bool:
        try:
            self._value(tree, reading, 0)
        except ValueError as error:
            return CLASH.search(str(error)) is not None
        except (NotAlone, SymbackError, ArithmeticError, IndexError, TypeError, KeyError):
            return False
        return False

    def sign(self, sign: Gradient, reading: Reading, point: int) -> Array:
        """Return the value of a derivative sign in a reading."""
        of, by = (n.name for n in sign._args)
        if self.shapes[of]:
            return self.points[point].jacobian(of, by, reading.of_vectors)
        how = reading.of_loss if of == self.loss else reading.of_others
        if how == LATER:
            return self.part(by, self.later_users(by), point)
        is_used = symbol(by) in symbols_of(self.graph.trees.get(of, symbol(of)))
        return self.points[point].edge(of, by) if how == EDGE and is_used else self.whole(of, by, point)

    def whole(self, of: str, by: str, point: int) -> Array:
        return self.points[point].whole(self.graph, of, by)

    def part(self, by: str, users: Sequence[str], point: int) -> Array:
        """Return the part of the gradient of the loss that flows back through some of the nodes that use a name."""
        return self.points[point].part(self.loss, by, tuple(users))

    def same(self, tree: Tree, reading: Reading, wanted: Sequence[Array]) -> bool:
        """Tell whether a formula has the wanted value at every point."""
        return all((v := self.value(tree, reading, i)) is not None and agree(v, wanted[i]) for i in range(len(wanted)))

    def local(self, of: str, by: str) -> Tree | None:
        """Return the derivative of a node's own formula by one of its names, of numbers alone."""
        tree = self.graph.trees.get(of)
        if tree is None or any(self.shapes[s.name] for s in symbols_of(tree) if s.name in self.shapes):
            return None
        try:
            return tidied(Diff(tree, symbol(by)))
        except SymbackError:
            return None


def _column(value: Array) -> Array:
    return np.reshape(value, (-1, 1)) if np.ndim(value) == 1 else np.asarray(value, dtype=float)


def _with_products(tree: Tree, value: Callable[[Tree], Array]) -> Tree:
    """Return a formula in which arrays of different shapes that stand side by side are a product of matrices."""
    if not isinstance(tree, Inert) or isinstance(tree, Gradient):
        return tree
    first = 1 if isinstance(tree, Apply) else 0
    parts = [*tree._args[:first], *(_with_products(a, value) for a in tree._args[first:])]
    if not isinstance(tree, Times):
        return type(tree)(*parts)
    made: list[Tree] = []
    for part in parts:
        shapes = [np.shape(value(p)) for p in (*made[-1:], part)]
        if len(shapes) > 1 and () not in shapes and shapes[0] != shapes[1] and max(map(len, shapes)) > 1:
            made[-1] = apply("matmul", made[-1], part)
        else:
            made.append(part)
    return product_of(made)


def agree(given: Array, wanted: Array) -> bool:
    """Tell whether two arrays are equal, shape and entries."""
    if np.shape(given) != np.shape(wanted):
        return False
    scale = 1e-12 + np.max(np.abs(wanted), initial=0.0)
    return bool(np.all(np.abs(given - wanted) <= GOOD * scale))


def _step(name: str) -> int | None:
    found = re.search(r"\[(\d+)\]$", name)
    return int(found[1]) if found else None
