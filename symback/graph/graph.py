"""Computation graphs: text or an expression in; values, gradients, formulas and code out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import FrozenInstanceError
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any, ClassVar

from symback.errors import ShapeError, SymbackError, UsageError
from symback.expr.numeric import np
from symback.expr.tree import Inert, Let, Tree, fold, symbol, symbols_of
from symback.graph.backward import gradient_program, node_of
from symback.graph.language.clashes import reminded
from symback.graph.language.given_values import as_array, check_classes, check_shape, check_symmetric, numbered
from symback.graph.language.loops import MAX_STATEMENTS
from symback.graph.language.reader import Source, Statement, read_graph
from symback.graph.language.shape_lines import first_entries
from symback.graph.language.structure import statements_of, used_as_arrays
from symback.graph.nodes import Dim, GradientProgram, Node, Program, Shape
from symback.graph.program import numbers
from symback.graph.program.composite_bodies import composites_used
from symback.graph.program.of_text import built, declared_shapes
from symback.graph.program.stable_program import stable_program
from symback.graph.second_order import hvp_program
from symback.graph.sizes import FIRST, SECOND, Taken, filled, samples
from symback.hints import mention
from symback.result import Result
from symback.syntax import parse, read_names
from symback.syntax.source import MAX_CHARACTERS

Values = Mapping[str, Any]
Key = tuple[tuple[str, Shape, tuple[int, ...]], ...]


class Graph(Result):
    """A computation graph: named nodes, each an expression in earlier ones.

    `text` holds one assignment per line (or `;`); see `symback.graph.language.reader`. The shape of an input is
    that of its shape line, else that of its value; otherwise it is a number. `names` are names of several letters,
    or values by name, which declare names and shapes; `symbols` are more names. `max_characters` and
    `max_statements` raise the limits on the text and on the number of statements after loops are unrolled. Raises
    ParseError, ShapeError, NoRule, UsageError.

    >>> g = Graph("d = 2b; e = a + d; L = c e")
    >>> g.forward({"a": 3, "b": 1, "c": -2})
    {'d': 2.0, 'e': 5.0, 'L': -10.0}
    >>> Graph("y = x + eps", {"x": 1, "eps": 0.1}).inputs, Graph("W: m x n; x: n; y = W @ x").shapes["y"]
    (('x', 'eps'), (m,))
    """

    kind: ClassVar[str] = "graph"
    title: ClassVar[str] = "Graph"
    tells_verdict: ClassVar[bool] = True
    source: Source

    def __init__(
        self,
        text: str | Source,
        names: Iterable[str] | Values = (),
        *,
        symbols: Iterable[str] = (),
        max_characters: int = MAX_CHARACTERS,
        max_statements: int = MAX_STATEMENTS,
    ) -> None:
        if isinstance(text, Source):
            source = text
        else:
            given = given_shapes(names) if isinstance(names, Mapping) else {}
            known = (*symbols, *(() if isinstance(names, Mapping) else names))
            source = read_graph(text, known, given, max_characters, max_statements)
        object.__setattr__(self, "source", source)
        self._check()

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse, as a frozen dataclass does: what was worked out of a graph would no longer be true."""
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Graph) and self.source == other.source

    def __hash__(self) -> int:
        return hash((self.source.text, self.source.inputs))

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
        """Build the graph once, so that what does not fit is said at once and not when it is first used.

        An input without a shape line that is used as an array has its shape from its values: then there is no telling.
        """
        known = self.source.shapes.keys() | self.source.given.keys()
        open_inputs = [name for name in self.source.inputs if name not in known]
        if not open_inputs or used_as_arrays(self.trees.values()).isdisjoint(open_inputs):
            try:
                _ = self._built(())
            except SymbackError as error:
                raise reminded(error, self.source.notes) from None

    @property
    def text(self) -> str:
        """The text that the graph was read from ("" for one made from an expression)."""
        return self.source.text

    # --- what is in it --------------------------------------------------------------------------------------------

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names that are used but not defined, in the order of their first use."""
        return self.source.inputs

    @property
    def functions(self) -> Mapping[str, Any]:
        """The functions that the text defines, by name."""
        return self.source.functions

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should know about how the text was read."""
        return (*self.source.notes, *composites_used(self.statements))

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The assignments, in order, with loops unrolled."""
        return self.source.statements

    @property
    def last(self) -> str:
        """The name of the last statement: the loss, unless another is named."""
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
        """The matrices that the text says are symmetric."""
        return self.source.symmetric

    @property
    def sizes(self) -> tuple[str, ...]:
        """The letters that are sizes, in the order of the text."""
        return self.source.sizes

    def samples(self, second: bool = False) -> dict[str, int]:
        """Return the numbers used for the letters when something must be computed: one of two sets.

        >>> g = Graph("W: m x n; x: n; y = W @ x")
        >>> g.samples(), g.samples(second=True)
        ({'m': 3, 'n': 4}, {'m': 5, 'n': 3})
        """
        return samples(self.sizes, SECOND if second else FIRST, self.source.least)

    def sized(self, sizes: Mapping[str, int]) -> dict[str, Shape]:
        """Return the shapes of all inputs with other numbers for their letters, which they keep.

        >>> g = Graph("W: m x n; x: n; y = W @ x")
        >>> [tuple(map(int, shape)) for shape in g.sized({"m": 5, "n": 2}).values()], g.sized({"m": 5, "n": 2})["W"]
        ([(5, 2), (2,)], (m, n))
        """
        letters = {letter: Dim(letter, size) for letter, size in sizes.items()}
        return {name: filled(shape, letters) for name, shape in declared_shapes(self.source).items()}

    def program(self, shapes: Mapping[str, Shape] | None = None) -> tuple[Program, dict[str, int]]:
        """Return the nodes and the numbers of the named ones, for inputs of these shapes.

        Letters get their numbers from the shapes, and stay letters without one.
        """
        return self._built(_key(shapes))

    @lru_cache(maxsize=8)  # noqa: B019
    def _built(self, shapes: Key) -> tuple[Program, dict[str, int]]:
        return built(self.source, {name: shape for name, shape, _ in shapes})

    def numeric(self, shapes: Mapping[str, Shape] | None = None) -> tuple[Program, dict[str, int]]:
        """Return the nodes in the stable form that numbers and code use, and the numbers of the named ones."""
        return self._stable(_key(shapes))

    @lru_cache(maxsize=8)  # noqa: B019
    def _stable(self, shapes: Key) -> tuple[Program, dict[str, int]]:
        nodes, named = self._built(shapes)
        stable, places = stable_program(nodes)
        return stable, {name: places[i] for name, i in named.items()}

    def first_entries(self, shapes: Mapping[str, Shape]) -> dict[str, Shape]:
        """Return how the first entry of each array is numbered along each axis: from 0, or from 1 as the text does."""
        entries = self.source.entries.items()
        return {n: f for n, r in entries if n in shapes and (f := first_entries(r, shapes[n]))}

    # --- numbers --------------------------------------------------------------------------------------------------

    def arrays(self, values: Values, exact: bool = False) -> dict[str, Any]:
        """Return the values of the inputs as floats and arrays (or fractions); UsageError if one is missing."""
        given = {canonical(name): value for name, value in values.items()}
        missing = [name for name in self.inputs if name not in given]
        if missing:
            raise UsageError(
                f"There is no value for {', '.join(missing)}.",
                hint=f"Give one, as in {mention('at', f'{missing[0]}=2')}.",
            )
        unknown = [name for name in given if name not in self.inputs]
        if unknown:
            size = next(
                (f" {name} is a size, which follows from the other values." for name in self.sizes if name in unknown),
                "",
            )
            raise UsageError(
                f"The graph has no input {', '.join(unknown)}.",
                hint=f"Its inputs are {', '.join(self.inputs) or 'none'}.{size}",
            )
        arrays = {name: as_array(name, given[name], exact) for name in self.inputs}
        taken: dict[str, Taken] = {}
        for name, array in arrays.items():
            if name in self.source.shapes:
                check_shape(name, array, self.source.shapes[name], taken)
            if name in self.source.symmetric:
                check_symmetric(name, array)
        for name, (most, what) in numbered(self.program(shapes_of(arrays))[0]).items():
            check_classes(name, arrays[name], most, what)
        return arrays

    def classes(self, shapes: Mapping[str, Shape] | None = None) -> dict[str, int]:
        """Return the inputs that hold class or row numbers, each with the number of classes or rows.

        >>> Graph("z: 4x3; y: 4; L = cross_entropy(softmax(z), y)").classes()
        {'y': 3}
        """
        nodes, _ = self.program(shapes)
        return {name: one.most for name, one in numbered(nodes).items()}

    def forward(self, values: Values, exact: bool = False) -> dict[str, Any]:
        """Return the value of every statement, in order; with `exact`, as fractions where possible.

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
        try:
            return gradient_program(nodes, node_of(named, canonical(loss or self.last)), targets, self.functions)
        except ShapeError as error:
            raise reminded(error, self.source.notes) from None

    def hvp_program(
        self, loss: str | None = None, wrt: Sequence[str] | None = None, shapes: Mapping[str, Shape] | None = None
    ) -> GradientProgram:
        """Return the nodes of the Hessian of the loss by `wrt` (all inputs) times a direction; see `second_order`."""
        nodes, named = self.numeric(shapes)
        names = [canonical(n) for n in wrt] if wrt is not None else list(self.inputs)
        targets = {name: node_of(named, name) for name in names}
        return hvp_program(nodes, node_of(named, canonical(loss or self.last)), targets, self.functions)

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
        return import_module("symback.graph.jacobians.result").jacobian(self, of, wrt, at, layout=layout)

    def hessian(
        self,
        loss: str | None = None,
        wrt: Sequence[str] | str | None = None,
        at: Values | None = None,
    ) -> Any:
        """Return the second derivatives of a number by vectors and numbers (all such inputs), one block per pair.

        >>> h = Graph("A: n x n; x: n; L = x @ A @ x").hessian(wrt="x")
        >>> h.hessians["x", "x"] == h.hessians["x"], h.hessians["x"]
        (True, Plus(Apply(transpose, A), A))
        """
        return import_module("symback.graph.hessians.result").hessian(self, loss, wrt, at)

    def lambdify(
        self,
        loss: str | None = None,
        wrt: Sequence[str] | None = None,
        backend: str = "numpy",
        dtype: str = "float64",
    ) -> Any:
        """Return f(values) -> (loss, {name: gradient}); `f.source` is its straight-line source."""
        return import_module("symback.compile").lambdify(self, loss, wrt, backend, dtype)  # codegen stands above

    # --- formulas -------------------------------------------------------------------------------------------------

    def expression(self, name: str | None = None) -> Tree:
        """Return a node as an expression in the inputs alone.

        Only for small graphs, because the expression of a network is very long. UsageError for an unknown name.
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

    def about(self) -> str:
        """Return the names of the nodes."""
        return "; ".join(s.name for s in self.statements)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Graph, (self.source,))


def _key(shapes: Mapping[str, Shape] | None) -> Key:
    """Return shapes as a key, with their numbers: a letter equals itself whatever its sample."""
    return tuple((name, shape, tuple(map(int, shape))) for name, shape in sorted((shapes or {}).items()))


@lru_cache(maxsize=10_000)
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
    return value.item() if np.ndim(value) == 0 and hasattr(value, "item") else value


def _replaced(tree: Tree, known: Mapping[Any, Tree]) -> Tree:
    def replace(node: Any, inner: list[Any]) -> Any:
        if not isinstance(node, Inert) or isinstance(node, Let):
            return known.get(node, node)
        return node if all(a is b for a, b in zip(node._args, inner, strict=True)) else type(node)(*inner)

    return fold(tree, replace)


def given_shapes(values: Values) -> dict[str, Shape]:
    """Return the shapes of values by canonical name; UsageError for what is no array of numbers."""
    return {(key := canonical(name)): tuple(np.shape(as_array(key, value, False))) for name, value in values.items()}


__all__ = ["Graph", "Node", "as_plain", "canonical", "given_shapes", "shapes_of"]
