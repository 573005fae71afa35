"""One point of a graph: values of its inputs and nodes, and of derivatives there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Apply, Diff, Tree, apply, fold, size, substituted, symbol, symbols_of, walk
from symback.graph.graph import Graph
from symback.graph.jacobians.values import by_entries
from symback.graph.language.reader import Source, Statement
from symback.graph.program import numbers
from symback.graph.program.formula_values import value_of
from symback.graph.sizes import letters_of
from symback.working.right import tidied

Array = Any
WHOLE, EDGE, LATER = "whole", "edge", "later"
AS_JACOBIAN, TRANSPOSED, BY_ENTRY = "jacobian", "transposed", "by entry"
ELSEWHERE = "elsewhere"  # a name with the value of another one, as an input that only some statements use


class Point:
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
            found[name] = lambda *us, own=own: value_of(own.body, own.bound(us))
            if len(own.parameters) == 1:
                slope = own.derivative if own.derivative is not None else tidied(Diff(own.body, symbol(own.parameter)))
                found[name + "'"] = lambda u, own=own, slope=slope: value_of(slope, own.bound([u]))
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
