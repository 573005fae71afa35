"""Formulas on the nodes of a graph, compared by their values at random points: of letters, vectors and matrices alike.

Two formulas that differ as expressions may be one on a graph, as d + a and e are where e = a + d; so the nodes take the
values that they have in a forward pass, and both formulas are worked out there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from symback.errors import ParseError, SymbackError
from symback.expr.numeric import generator, np, quiet
from symback.expr.tree import Gradient, Inert, Tree, fold, size, symbol, symbols_of
from symback.graph.backprop import Backprop
from symback.graph.derivation.normal import labels_of
from symback.graph.graph import Graph
from symback.graph.hessians.result import ArrayHessian
from symback.graph.hessians.values import by_backward_passes
from symback.graph.jacobians.result import ArrayJacobian
from symback.graph.jacobians.values import by_entries, formula_value
from symback.graph.language.reader import Statement, parse_expression
from symback.graph.nodes import Shape
from symback.graph.program import numbers
from symback.graph.sizes import letters_of

Values = dict[str, Any]

POINTS, FEWEST = 12, 6
GOOD = 1e-7  # the relative error that rounding in float64 explains, after some dozens of operations
GIVEN = "the given answer"  # a name that nobody can type
IDENTITY = "I"


# --- reading ----------------------------------------------------------------------------------------------------------


def reader(graph: Graph, loss: str = "", matrices: bool = False) -> Callable[[str], Tree]:
    """Return how expressions on a graph's nodes are read; dL/dh is the gradient by the node h.

    Letters for sizes are numbers there. With `matrices`, as in Jacobians, I is the identity.
    """
    names = tuple(dict.fromkeys((*graph.inputs, *(s.name for s in graph.statements), *graph.source.names)))
    names += (IDENTITY,) * (matrices and IDENTITY not in names)
    gradients = {gradient_name(i): name for i, name in enumerate(graph.trees)} if loss else {}

    def read(text: str) -> Tree:
        for new, name in gradients.items():
            pattern = rf"[d∂]{re.escape(loss)}\s*/\s*[d∂]{re.escape(name)}(?![\w\[^])"
            text = re.sub(pattern, f" {new} ", text)
        tree = parse_expression(text, (*names, *gradients), graph.functions, graph.sizes)
        unknown = sorted(s.name for s in symbols_of(tree) if s.name not in {*names, *gradients})
        if unknown:
            raise ParseError(f"The graph has no {unknown[0]}.", text, 0, len(text))
        return tree

    return read


def gradient_name(number: int) -> str:
    """Return the name under which the gradient by a node stands in a formula."""
    return f"gradient{number}"


# --- points -----------------------------------------------------------------------------------------------------------


def random_points(graph: Graph, shapes: Mapping[str, Shape], labels: Sequence[str] = ()) -> Iterator[Values]:
    """Yield values for the inputs of a graph, of several sizes: of both signs, and (for logarithms) positive ones.

    Matrices are symmetric where the text says so, and class numbers are whole; the entries of `labels`, or those of
    each row, sum to 1.
    """
    shapes = {name: shapes[name] for name in graph.inputs}
    random = generator(0, shapes.values())
    classes = graph.classes(shapes)
    for k in range(4 * POINTS):
        scale = (0.5, 1.0, 2.0)[k % 3]
        low = -scale if k % 2 else scale / 10
        point: Values = {name: random.uniform(low, scale, shape) for name, shape in shapes.items()}
        point |= {name: random.integers(0, count, shapes[name]) * 1.0 for name, count in classes.items()}
        point = {name: (a + a.T) / 2 if name in graph.symmetric else a for name, a in point.items()}
        yield point | {name: _shares(point[name]) for name in labels}


def _shares(array: Any) -> Any:
    """Return an array whose entries, or those of each row, sum to 1."""
    return np.abs(array) / np.sum(np.abs(array), axis=-1, keepdims=True)


def compared(given: Callable[[Values], Any], right: Callable[[Values], Any], points: Iterator[Values]) -> str:
    """Tell whether two functions have the same values: "yes", "no", or "unknown" where too few points are good."""
    good = 0
    for point in points:
        try:
            with quiet():
                first, second = (np.asarray(function(point), dtype=float) for function in (given, right))
        except (SymbackError, ArithmeticError, IndexError, ValueError):
            continue
        if not np.all(np.isfinite(second)):
            continue
        if not _agree(first, second):
            return "no"
        good += 1
        if good == POINTS or not point:
            return "yes"
    return "yes" if good >= FEWEST else "unknown"


def _agree(given: Any, right: Any) -> bool:
    if given.shape not in (right.shape, ()):
        return False
    scale = 1 + np.max(np.abs(right), initial=0.0)
    return bool(np.all(np.abs(given - right) <= GOOD * scale))


# --- gradients --------------------------------------------------------------------------------------------------------


def same_gradient(b: Backprop, name: str, labels: Sequence[str] = ()) -> Callable[[Tree], str]:
    """Return what tells whether a formula on the nodes is the gradient of the loss by a node.

    `labels` are assumed to sum to 1.
    """

    def same(tree: Tree) -> str:
        formulas = _Formulas(b, name, tuple(labels))
        if len(b.shapes[name]) == 2 and _same_as(formulas, formulas.of_columns(tree)) == "yes":
            return "yes"  # on paper vectors are columns: a gradient by a matrix is (p - y) x^T
        try:
            return _same_as(formulas, formulas.function(tree))
        except SymbackError:
            return "no"  # shapes that do not fit

    return same


def same_entry(b: Backprop, name: str, place: tuple[int, ...]) -> Callable[[Tree], str]:
    """Return what tells whether a formula on the nodes is an entry of the gradient of the loss by a node."""

    def same(tree: Tree) -> str:
        formulas = _Formulas(b, name)

        def entry(point: Values) -> Any:
            return np.asarray(formulas.gradient(point))[place]

        try:
            return compared(formulas.function(tree), entry, random_points(b.graph, b.shapes))
        except SymbackError:
            return "no"  # shapes that do not fit

    return same


def _same_as(formulas: _Formulas, given: Callable[[Values], Any]) -> str:
    """Tell whether a function is the gradient, or the formula that is shown for it."""
    b, name = formulas.b, formulas.name
    found = compared(given, formulas.gradient, random_points(b.graph, b.shapes, formulas.labels))
    if found == "yes":
        return found
    labels = labels_of(b.graph.trees, b.graph.inputs, b.shapes)  # those of a cross-entropy: their entries sum to 1
    if labels and compared(given, formulas.gradient, random_points(b.graph, b.shapes, labels)) == "yes":
        return "yes"
    try:  # the formula that is shown may rest on what random values do not keep, such as labels that sum to 1
        shown = formulas.function(_with_names(b, b.gradients.get(name, b.derivations[name].last)))
    except SymbackError:
        return found
    return "yes" if compared(given, shown, random_points(b.graph, b.shapes, formulas.labels)) == "yes" else found


class _Formulas:
    """Formulas on the nodes of a graph as functions of its inputs, beside the gradient by one node."""

    def __init__(self, b: Backprop, name: str, labels: tuple[str, ...] = ()) -> None:
        self.b, self.name, self.labels = b, name, labels
        self.nodes = tuple(b.graph.trees)
        shapes = {n: b.shapes[n] for n in b.graph.inputs}
        self.program = b.graph.gradient_program(b.loss, tuple(dict.fromkeys((name, *self.nodes))), shapes)

    def gradient(self, point: Values) -> Any:
        """Return the gradient itself, laid out."""
        found = numbers.run(self.program.nodes, point)[self.program.gradients[self.name]]
        return np.transpose(found) if self.b.layout == "numerator" and np.ndim(found) == 2 else found

    def function(self, tree: Tree) -> Callable[[Values], Any]:
        """Return the value of a formula as a function of the inputs; SymbackError where shapes do not fit."""
        used = [i for i in range(len(self.nodes)) if symbol(gradient_name(i)) in symbols_of(tree)]
        graph = self._extended(tree, used)

        def value(point: Values) -> Any:
            results = numbers.run(self.program.nodes, point) if used else []
            known = {gradient_name(i): results[self.program.gradients[self.nodes[i]]] for i in used}
            return graph.forward({**point, **known})[GIVEN]

        return value

    def of_columns(self, tree: Tree) -> Callable[[Values], Any]:
        """Return the value of a formula of matrices as a function of the inputs; vectors are columns in it."""
        sizes = {size(length): float(length) for length in letters_of(self.b.shapes.values()).values()}

        def value(point: Values) -> Any:
            results = numbers.run(self.program.nodes, point)
            known = {gradient_name(i): results[self.program.gradients[n]] for i, n in enumerate(self.nodes)}
            return formula_value(tree, {**point, **self.b.graph.forward(point), **known}, sizes)

        return value

    def _extended(self, tree: Tree, used: list[int]) -> Graph:
        """Return the graph with a formula as one more node; gradients in the formula are inputs."""
        source, shapes = self.b.graph.source, self.b.shapes
        known = {**{n: shapes[n] for n in self.b.graph.inputs if shapes[n]}, **source.shapes}
        known |= {gradient_name(i): shapes[self.nodes[i]] for i in used}
        inputs = (*source.inputs, *map(gradient_name, used))
        statements = (*source.statements, Statement(GIVEN, tree))
        return Graph(replace(source, statements=statements, inputs=inputs, shapes=known))


def _with_names(b: Backprop, tree: Tree) -> Tree:
    """Return a formula with a name for each gradient by a node that stands in it."""
    numbers_of = {symbol(name): i for i, name in enumerate(b.graph.trees)}

    def combine(node: Any, inner: list[Any]) -> Any:
        if isinstance(node, Gradient) and inner[1] in numbers_of:
            return symbol(gradient_name(numbers_of[inner[1]]))
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, combine)


# --- Jacobians --------------------------------------------------------------------------------------------------------


def same_hessian(found: ArrayHessian, pair: tuple[str, str]) -> Callable[[Tree], str]:
    """Return what tells whether a formula of matrices is a block of second derivatives; vectors are columns in it."""
    names = tuple(dict.fromkeys(pair))
    sizes = {size(length): float(length) for length in letters_of(found.shapes.values()).values()}

    def same(tree: Tree) -> str:
        def right(point: Values) -> Any:
            return np.atleast_2d(by_backward_passes(found.graph, found.loss, names, point)[pair])

        def given(point: Values) -> Any:
            known = {IDENTITY: np.eye(right(point).shape[0]), **point, **found.graph.forward(point)}
            return np.atleast_2d(formula_value(tree, known, sizes))

        verdict = compared(given, right, random_points(found.graph, found.shapes))
        return verdict if verdict == "yes" else compared(given, right, points_with_labels(found))

    return same


def points_with_labels(found: ArrayHessian) -> Iterator[Values]:
    """Yield points at which what the formulas take to sum to 1, the labels of a cross-entropy, does so."""
    for point in random_points(found.graph, found.shapes):
        yield point | {name: _shares(point[name]) for name in found.labels}


def same_jacobian(found: ArrayJacobian, name: str) -> Callable[[Tree], str]:
    """Return what tells whether a formula of matrices is the Jacobian by a node; vectors are columns in it."""
    sizes = {size(length): float(length) for length in letters_of(found.shapes.values()).values()}

    def same(tree: Tree) -> str:
        def right(point: Values) -> Any:
            return np.atleast_2d(by_entries(found.graph, found.of, name, point, found.layout))

        def given(point: Values) -> Any:
            known = {IDENTITY: np.eye(right(point).shape[0]), **point, **found.graph.forward(point)}
            return formula_value(tree, known, sizes)

        return compared(given, right, random_points(found.graph, found.shapes))

    return same
