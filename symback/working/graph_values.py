"""Values on a graph at a few points: of its names, and of derivative signs in each of their readings.

A sign such as dc/da may mean the edge of the graph, all other names held, or the derivative through all paths; dL/dh[t]
may mean all paths or what flows back from later steps. Vectors by vectors are Jacobians.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from symback.errors import SymbackError
from symback.functions import FUNCTIONS
from symback.graph import numbers
from symback.graph.formula_values import NotAlone, value_of
from symback.graph.graph import Graph
from symback.graph.jacobians.values import by_entries
from symback.graph.reading import Source, Statement
from symback.graph.sizes import letters_of
from symback.tree import (
    Apply,
    Diff,
    Gradient,
    Inert,
    Times,
    Tree,
    apply,
    fold,
    product_of,
    size,
    substituted,
    symbol,
    symbols_of,
    walk,
)
from symback.working.right import tidied

Array = Any
GOOD = 1e-8
LOSSES = frozenset(("L", "J", "C", "E", "loss", "cost", "Loss", "Cost"))  # whose gradient is over all paths, always
WHOLE, EDGE, LATER = "whole", "edge", "later"
AS_JACOBIAN, TRANSPOSED, BY_ENTRY = "jacobian", "transposed", "by entry"
ELSEWHERE = "elsewhere"  # a name with the value of another one, as an input that only some statements use
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
        self.points = [_Point(graph, seed) for seed in range(3)]
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


class _Point:
    """One point: the values of all names, and derivatives there."""

    def __init__(self, graph: Graph, seed: int) -> None:
        self.graph = graph
        self.inputs = _inputs(graph, seed)
        self.values: dict[str, Array] = {**self.inputs, **graph.forward(self.inputs)}
        self._known: dict[Any, Array] = {}

    @cached_property
    def known(self) -> dict[Tree, Array]:
        """The values of names and of letters for sizes."""
        sizes = {size(n): float(n) for n in letters_of(self.graph.sized(self.graph.samples()).values()).values()}
        return {**{symbol(name): np.asarray(v, dtype=float) for name, v in self.values.items()}, **sizes}

    @cached_property
    def functions(self) -> Mapping[str, Any]:
        """The author's own functions, as they are worked out."""
        found: dict[str, Any] = {}
        for name, own in self.graph.functions.items():
            variable = symbol(own.parameter)
            slope = own.derivative if own.derivative is not None else tidied(Diff(own.body, variable))
            for key, body in ((name, own.body), (name + "'", slope)):
                found[key] = lambda t, body=body, variable=variable: value_of(body, {variable: t})
        return found

    @cached_property
    def first(self) -> Mapping[str, Any]:
        """How the first entry of each array is numbered along each axis."""
        return self.graph.first_entries({name: np.shape(value) for name, value in self.inputs.items()})

    def whole(self, graph: Graph, of: str, by: str) -> Array:
        key = (WHOLE, of, by)
        if key not in self._known:
            self._known[key] = _gradient(graph, of, by, self.inputs)
        return self._known[key]

    def edge(self, of: str, by: str) -> Array:
        key = (EDGE, of, by)
        if key not in self._known:
            self._known[key] = _gradient(_alone(self.graph, of), of, by, self._used(of))
        return self._known[key]

    def part(self, loss: str, by: str, users: tuple[str, ...]) -> Array:
        key = (LATER, by, users)
        if key not in self._known:
            other = ELSEWHERE
            graph = _renamed(self.graph, by, other, users, np.shape(self.values[by]))
            self._known[key] = _gradient(graph, loss, other, {**self.inputs, other: self.values[by]})
        return self._known[key]

    def jacobian(self, of: str, by: str, how: str) -> Array:
        key = (how, of, by)
        if key not in self._known:
            self._known[key] = self._jacobian(of, by, how)
        return self._known[key]

    def _jacobian(self, of: str, by: str, how: str) -> Array:
        if how == BY_ENTRY:
            tree = self.graph.trees.get(of, symbol(of))
            if np.shape(self.values[of]) != np.shape(self.values[by]) or not _is_by_entry(tree):
                raise ValueError(of)
            return _gradient(_summed(self.graph, of), "total", by, self._used(of))
        if np.ndim(self.values[of]) != 1 or np.ndim(self.values[by]) > 1:
            raise ValueError(of)
        layout = "numerator" if how == AS_JACOBIAN else "denominator"
        return np.squeeze(by_entries(self.graph, of, by, self.inputs, layout))

    def _used(self, of: str) -> dict[str, Array]:
        return {s.name: self.values[s.name] for s in symbols_of(self.graph.trees[of])}


def _gradient(graph: Graph, of: str, by: str, inputs: Mapping[str, Array]) -> Array:
    shapes = {name: np.shape(value) for name, value in inputs.items()}
    program = graph.gradient_program(of, (by,), shapes)
    return np.asarray(numbers.run(program.nodes, inputs)[program.gradients[by]], dtype=float)


def _alone(graph: Graph, of: str) -> Graph:
    """Return the graph of one node by itself, the names that it uses being inputs."""
    tree = graph.trees[of]
    names = tuple(sorted(s.name for s in symbols_of(tree)))
    source = Source((Statement(of, tree),), functions=graph.source.functions, inputs=names, shapes=_of(graph, names))
    return Graph(source)


def _summed(graph: Graph, of: str) -> Graph:
    alone = _alone(graph, of)
    total = Statement("total", apply("sum", symbol(of)))
    return Graph(replace(alone.source, statements=(*alone.source.statements, total)))


def _of(graph: Graph, names: Sequence[str]) -> dict[str, Any]:
    known = graph.shapes
    return {name: known[name] for name in names if known.get(name)}


def _renamed(graph: Graph, name: str, other: str, users: Sequence[str], shape: tuple[int, ...]) -> Graph:
    """Return the graph in which some nodes use an input of another name in the place of a name."""
    swap = {symbol(name): symbol(other)}
    source = graph.source
    statements = tuple(replace(s, tree=substituted(s.tree, swap)) if s.name in users else s for s in source.statements)
    shapes = {**source.shapes, **({other: shape} if shape else {})}
    return Graph(replace(source, statements=statements, inputs=(*source.inputs, other), shapes=shapes))


def _is_by_entry(tree: Tree) -> bool:
    """Tell whether a formula works entry by entry."""
    return all(not isinstance(n, Apply) or n.name in FUNCTIONS for n in walk(tree))


# --- points ----------------------------------------------------------------------------------------------------------


def _inputs(graph: Graph, seed: int) -> dict[str, Array]:
    """Return values for the inputs of a graph: positive ones first, then of both signs; labels sum to 1."""
    generator = np.random.default_rng(seed)
    shapes = {name: tuple(map(int, shape)) for name, shape in graph.sized(graph.samples()).items()}
    low = (0.2, -1.1, 0.3)[seed]
    found: dict[str, Any] = {name: generator.uniform(low, 1.2, shapes[name])[()] for name in graph.inputs}
    for name, count in graph.classes(graph.sized(graph.samples())).items():
        found[name] = generator.integers(count, size=shapes[name]) * 1.0
    for name in _labels(graph):
        if np.ndim(found[name]) and name not in graph.classes():
            found[name] = np.abs(found[name]) / np.sum(np.abs(found[name]), axis=-1, keepdims=True)
    return {name: (a + a.T) / 2 if name in graph.symmetric else a for name, a in found.items()}


def _labels(graph: Graph) -> set[str]:
    """Return the inputs that are what a cross-entropy compares with: each row sums to 1."""
    found: set[str] = set()

    def look(node: Any, inner: list[Any]) -> None:
        if isinstance(node, Apply) and node.name == "cross_entropy" and hasattr(node._args[-1], "name"):
            found.add(node._args[-1].name)

    for tree in graph.trees.values():
        fold(tree, look)
    return found & set(graph.inputs)
