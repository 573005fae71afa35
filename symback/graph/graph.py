"""Computation graphs: text or an expression in; values, gradients, formulas and code out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

import numpy as np

from symback.errors import ShapeError, UsageError
from symback.graph import numbers
from symback.graph.backward import gradient_program, node_of
from symback.graph.build import Builder
from symback.graph.nodes import GradientProgram, Node, Program, Shape
from symback.graph.reading import Source, Statement, read_graph
from symback.graph.shape_lines import first_entries
from symback.graph.stable_program import stable_program
from symback.graph.structure import statements_of
from symback.parse import parse, read_names
from symback.tree import Apply, Inert, Let, Tree, fold, symbol, symbols_of

Values = Mapping[str, Any]


class Graph:
    """A computation graph: named nodes, each an expression in earlier ones.

    `text` holds one assignment a line (or `;`); see `symback.graph.reading`. Inputs have the shapes of their shape
    lines, else of their values, else they are numbers. Raises ParseError, ShapeError, NoRule.

    >>> g = Graph("d = 2b; e = a + d; L = c e")
    >>> g.forward({"a": 3, "b": 1, "c": -2})
    {'d': 2.0, 'e': 5.0, 'L': -10.0}
    """

    def __init__(self, text: str | Source, names: Iterable[str] = ()) -> None:
        self.source: Source = text if isinstance(text, Source) else read_graph(text, tuple(names))
        self._check()

    @classmethod
    def from_expression(cls, expression: str | Tree, name: str = "z") -> Graph:
        """Return the graph of an expression's own structure, a node for each operation.

        >>> [s.name for s in Graph.from_expression("sigma(3 + (y + 5x))").source.statements]
        ['n1', 'n2', 'n3', 'z']
        """
        tree = parse(expression) if isinstance(expression, str) else expression
        statements = statements_of(tree, name)
        own = {s.name for s in statements}
        used = dict.fromkeys(s.name for st in statements for s in sorted(symbols_of(st.tree), key=lambda s: s.name))
        return cls(Source(statements, inputs=tuple(n for n in used if n not in own)))

    def _check(self) -> None:
        """Build the graph once, so that what does not fit is said at once and not when it is first used."""
        if all(name in self.source.shapes or not self._needs_shape(name) for name in self.source.inputs):
            _ = self._built(())

    def _needs_shape(self, name: str) -> bool:
        """Tell whether an input without a shape line is used as an array, so that its values must say its shape."""
        return any(_is_used_as_array(s.tree, name) for s in self.source.statements)

    @property
    def text(self) -> str:
        """The text that the graph was read from ("" for one made from an expression)."""
        return self.source.text

    # --- what is in it --------------------------------------------------------------------------------------------

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names that are used and not defined, in the order of their first use."""
        return self.source.inputs

    @property
    def functions(self) -> Mapping[str, Any]:
        return self.source.functions

    @property
    def notes(self) -> tuple[str, ...]:
        return self.source.notes

    @property
    def statements(self) -> tuple[Statement, ...]:
        return self.source.statements

    @property
    def last(self) -> str:
        """The name of the last statement: the loss, where no other is named."""
        return self.source.statements[-1].name

    @property
    def nodes(self) -> Program:
        """The operations, in order, for the declared shapes."""
        return self._built(())[0]

    @property
    def named(self) -> dict[str, int]:
        """The number of each named node and input."""
        return self._built(())[1]

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shape of each named node and input, as far as the shape lines say."""
        nodes, named = self._built(())
        return {name: nodes[i].shape for name, i in named.items()}

    @property
    def symmetric(self) -> frozenset[str]:
        return frozenset()

    def program(self, shapes: Mapping[str, Shape] | None = None) -> tuple[Program, dict[str, int]]:
        """Return the nodes and the numbers of the named ones, for inputs of these shapes."""
        return self._built(tuple(sorted((shapes or {}).items())))

    @lru_cache(maxsize=8)  # noqa: B019
    def _built(self, shapes: tuple[tuple[str, Shape], ...]) -> tuple[Program, dict[str, int]]:
        known = {**self.source.shapes, **dict(shapes)}
        first = self.first_entries(known)
        builder = Builder(self.functions, first=first)
        named = {name: builder.input(name, known.get(name, ())) for name in self.inputs}
        environment = {symbol(name): node for name, node in named.items()}
        for statement in self.statements:
            before = len(builder.nodes)
            try:
                node = builder.lower(statement.tree, environment)
            except ShapeError as error:
                raise self.source.error(statement, error.message, error.hint) from error
            if statement.name in self.source.shapes and builder.shape(node) != self.source.shapes[statement.name]:
                raise self.source.error(statement, f"{statement.name} has another shape than its shape line says.")
            node = builder.name(node, statement.name, node >= before)
            named[statement.name] = environment[symbol(statement.name)] = node
        return tuple(builder.nodes), named

    def numeric(self, shapes: Mapping[str, Shape] | None = None) -> tuple[Program, dict[str, int]]:
        """Return the nodes as numbers and code work them out, stable, and the numbers of the named ones."""
        return self._stable(tuple(sorted((shapes or {}).items())))

    @lru_cache(maxsize=8)  # noqa: B019
    def _stable(self, shapes: tuple[tuple[str, Shape], ...]) -> tuple[Program, dict[str, int]]:
        nodes, named = self._built(shapes)
        stable, places = stable_program(nodes)
        return stable, {name: places[i] for name, i in named.items()}

    def first_entries(self, shapes: Mapping[str, Shape]) -> dict[str, Shape]:
        """Return how the first entry of each array is numbered along each axis: from 0, or from 1 where the text does so."""
        entries = self.source.entries.items()
        return {n: f for n, r in entries if n in shapes and (f := first_entries(r, shapes[n]))}

    # --- numbers --------------------------------------------------------------------------------------------------

    def arrays(self, values: Values, exact: bool = False) -> dict[str, Any]:
        """Return the values of the inputs as floats and arrays (or fractions); UsageError where one is missing."""
        given = {canonical(name): value for name, value in values.items()}
        missing = [name for name in self.inputs if name not in given]
        if missing:
            raise UsageError(
                f"There is no value for {', '.join(missing)}.", hint=f"Give one, as in --at {missing[0]}=2."
            )
        unknown = [name for name in given if name not in self.inputs]
        if unknown:
            raise UsageError(
                f"The graph has no input {', '.join(unknown)}.",
                hint=f"Its inputs are {', '.join(self.inputs) or 'none'}.",
            )
        arrays = {name: numbers.as_array(name, given[name], exact) for name in self.inputs}
        for name, array in arrays.items():
            if name in self.source.shapes:
                numbers.check_shape(name, array, self.source.shapes[name])
        return arrays

    def forward(self, values: Values, exact: bool = False) -> dict[str, Any]:
        """Return the value of every statement, in order; with `exact`, fractions as far as they go.

        Raises UsageError for a missing or unknown name, ShapeError for a value of another shape.
        """
        arrays = self.arrays(values, exact)
        nodes, named = self.numeric(shapes_of(arrays))
        results = numbers.run(nodes, arrays, exact)
        return {s.name: as_plain(results[named[s.name]]) for s in self.statements}

    def gradient_program(
        self, loss: str | None = None, wrt: Sequence[str] | None = None, shapes: Mapping[str, Shape] | None = None
    ) -> GradientProgram:
        """Return the nodes of the graph and of the gradients of the loss by the names of `wrt` (all inputs)."""
        nodes, named = self.numeric(shapes)
        names = [canonical(n) for n in wrt] if wrt is not None else list(self.inputs)
        targets = {name: node_of(named, name) for name in names}
        return gradient_program(nodes, node_of(named, canonical(loss or self.last)), targets, self.functions)

    # --- gradients and code ---------------------------------------------------------------------------------------

    def backprop(
        self,
        loss: str | None = None,
        at: Values | None = None,
        wrt: Sequence[str] | None = None,
        *,
        lr: float | None = None,
        layout: str = "denominator",
        exact: bool = False,
    ) -> Any:
        """Return the backward pass: formulas, derivations, and with `at` numbers and a gradient check.

        >>> b = Graph("d = 2b; e = a + d; L = c e").backprop(at={"a": 3, "b": 1, "c": -2}, wrt=["a", "b", "c"])
        >>> b.values
        {'a': -2.0, 'b': -4.0, 'c': 5.0}
        """
        return import_module("symback.graph.backprop").backprop(self, loss, at, wrt, lr=lr, layout=layout, exact=exact)

    def jacobian(
        self,
        of: str | None = None,
        wrt: Sequence[str] | str | None = None,
        at: Values | None = None,
        *,
        layout: str = "numerator",
    ) -> Any:
        """Return the Jacobians of a vector by nodes (all inputs), as products of matrices by the chain rule.

        >>> Graph("M: 2x3; z: 3; y = M @ z").jacobian(wrt="z").jacobians["z"]
        M
        >>> Graph("M: 2x3; z: 3; y = M @ z").jacobian(wrt="z", layout="denominator").jacobians["z"]
        Apply(transpose, M)
        """
        return import_module("symback.graph.jacobian").jacobian(self, of, wrt, at, layout=layout)

    def lambdify(
        self,
        loss: str | None = None,
        wrt: Sequence[str] | None = None,
        backend: str = "numpy",
        dtype: str = "float64",
    ) -> Any:
        """Return f(values) -> (loss, {name: gradient}); `f.source` is its straight-line source."""
        return import_module("symback.codegen").lambdify(self, loss, wrt, backend, dtype)  # codegen stands above

    # --- formulas -------------------------------------------------------------------------------------------------

    def expression(self, name: str | None = None) -> Tree:
        """Return a node as an expression in the inputs alone.

        Only for small graphs: a network written out is long. UsageError for an unknown name.
        """
        wanted = canonical(name or self.last)
        known: dict[Any, Tree] = {}
        for statement in self.statements:
            known[symbol(statement.name)] = _replaced(statement.tree, known)
        if symbol(wanted) not in known:
            node_of(dict.fromkeys((s.name for s in self.statements), 0), wanted)
        return known[symbol(wanted)]

    @cached_property
    def trees(self) -> dict[str, Tree]:
        """The right-hand side of each statement by its name."""
        return {s.name: s.tree for s in self.statements}

    def __repr__(self) -> str:
        return f"Graph({'; '.join(s.name for s in self.statements)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Graph, (self.source,))


def canonical(name: str) -> str:
    """Return the one spelling of a name: x_1 is x1; h[0] stays, being a name of the graph."""
    head, bracket, rest = name.rpartition("[")
    if (
        bracket and rest.rstrip().endswith("]") and not head.rstrip().endswith("^")
    ):  # w^[1] is a name with a superscript
        return f"{canonical(head)}[{rest.replace(' ', '')}"
    return read_names(name)[0]


def shapes_of(arrays: Mapping[str, Any]) -> dict[str, Shape]:
    """Return the shapes of values."""
    return {name: tuple(np.shape(array)) for name, array in arrays.items()}


def as_plain(value: Any) -> Any:
    """Return a NumPy number as Python's, everything else as it is."""
    if np.ndim(value) == 0 and isinstance(value, (np.generic, np.ndarray)):
        return value.item()
    return value


def _replaced(tree: Tree, known: Mapping[Any, Tree]) -> Tree:
    def replace(node: Any, inner: list[Any]) -> Any:
        if not isinstance(node, Inert) or isinstance(node, Let):
            return known.get(node, node)
        return node if all(a is b for a, b in zip(node._args, inner, strict=True)) else type(node)(*inner)

    return fold(tree, replace)


_OF_ARRAYS = frozenset(
    ("matmul", "transpose", "index", "dot", "outer", "softmax", "log_softmax", "logsumexp", "cross_entropy", "trace",
     "logdet", "inv", "quadratic", "concat")
)  # fmt: skip


def _is_used_as_array(tree: Tree, name: str) -> bool:
    """Tell whether a name stands inside a function that only arrays have."""
    stack = [(tree, False)]
    while stack:
        node, inside = stack.pop()
        if inside and node == symbol(name):
            return True
        if isinstance(node, Inert) and symbol(name) in symbols_of(node):
            within = inside or (isinstance(node, Apply) and node.name in _OF_ARRAYS)
            stack.extend((a, within) for a in node._args)
    return False


__all__ = ["Graph", "Node", "as_plain", "canonical", "shapes_of"]
