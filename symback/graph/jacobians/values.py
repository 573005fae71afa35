"""The numbers of Jacobians in three ways: from the formula, from a backward pass for each entry, from differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sympy.core.symbol import Str, Symbol

from symback.expr.functions import FUNCTIONS
from symback.expr.numeric import np, quiet, with_entry
from symback.expr.reals import Real
from symback.expr.tree import PI, Apply, E, Inert, Tree, fold, number_value
from symback.graph.backward import gradient_program
from symback.graph.graph import Graph, shapes_of
from symback.graph.nodes import Shape
from symback.graph.program import numbers
from symback.graph.program.build import Builder
from symback.graph.program.formula_values import ARITHMETIC, NotAlone, call_value, entry_value, function_value

Array = Any
STEP = 6e-6  # about the cube root of the rounding unit
KINK = 1e-3  # between slopes from the left and from the right, relative
MOST_DIFFERENCES = 64  # entries of an input beyond which differences are left out


def formula_value(
    tree: Tree,
    values: Mapping[str, Array],
    found: Mapping[Tree, Array],
    functions: Mapping[str, Callable[..., Array]] | None = None,
    first: Mapping[str, tuple[int, ...]] | None = None,
) -> Array:
    """Return the matrix that a formula on the graph's nodes is worth; vectors are columns in it.

    `found` holds the Jacobians that the formula calls by their names, and the letters for sizes; `functions` are the
    author's own; `first` says how the first entry of an array is numbered along each axis.
    """
    own = functions or {}

    def combine(node: Any, inner: list[Array]) -> Array:
        if node in found:
            return found[node]
        if type(node) in ARITHMETIC:
            return ARITHMETIC[type(node)](*inner)
        if isinstance(node, Apply):
            name, *arguments = inner
            arrays = [_as_array(a, values, given) for a, given in zip(arguments, node.arguments, strict=True)]
            if name == "index":
                return _as_column(entry_value(arrays[0], arrays[1:], (first or {}).get(str(node.arguments[0]), ())))
            return own[name](*arguments) if name in own else _called(name, arguments, arrays)
        return _leaf(node, values)

    with quiet():
        return fold(tree, combine)


def _leaf(node: Any, values: Mapping[str, Array]) -> Array:
    """Return the value of a name, a vector as a column, or of a number; NotAlone where it has none."""
    if isinstance(node, Symbol):
        return _as_column(np.asarray(values[node.name], dtype=float))
    if isinstance(node, Str):
        return node.name
    known = number_value(node)
    if known is not None:
        return Real(known)
    if node is E or node is PI:
        return Real(np.e if node is E else np.pi)
    if isinstance(node, Inert):
        raise NotAlone
    return None  # an entry of a decimal


def _as_array(value: Array, values: Mapping[str, Array], given: Tree) -> Array:
    """Return what a formula of the graph means by a value: a name as it is, any other column as a vector."""
    if isinstance(given, Symbol) and given.name in values:
        return np.asarray(values[given.name], dtype=float)
    return value[:, 0] if np.shape(value)[1:] == (1,) else value


def _called(name: str, arguments: list[Array], arrays: list[Array]) -> Array:
    """Return the value of a call: of matrices, or as one that the graph's own text may have."""
    if name in FUNCTIONS and name not in _CALLS and len(arguments) == 1:
        return function_value(name, *arguments)
    is_along_axis = name in ("sum", "mean") and len(arrays) == 2 and np.ndim(arrays[0]) == 2
    return _CALLS[name](*arguments) if name in _CALLS and not is_along_axis else _as_column(call_value(name, arrays))


def _as_column(value: Array) -> Array:
    return np.reshape(value, (-1, 1)) if np.ndim(value) == 1 else value


def _product(a: Array, b: Array) -> Array:
    """Return a @ b; a vector before a matrix, a column here, counts as a row there, as in NumPy."""
    if np.shape(a)[-1:] != np.shape(b)[:1] and np.shape(a)[:1] == np.shape(b)[:1]:
        return (a.T @ b).T
    return a @ b


def _over(operation: Callable[..., Array]) -> Callable[..., Array]:
    return lambda x, *axis: _as_column(operation(x, axis=int(axis[0]) if axis and np.shape(x)[1] > 1 else None))


def _slice(x: Array, axis: Array, low: Array, high: Array) -> Array:
    return np.take(x, range(int(low), int(high)), axis=int(axis))


# Where a vector as a column differs from the vector: all else is called as any formula of the graph calls it.
_CALLS: dict[str, Callable[..., Array]] = {
    "matmul": _product,
    "transpose": np.transpose,
    "kron": np.kron,
    "diagonal": lambda a: np.diagonal(a)[:, None],
    "slice": _slice,
    "inv": lambda a: np.linalg.inv(a),
    "sum": _over(np.sum),
    "mean": _over(np.mean),
    "max": np.maximum,
    "min": np.minimum,
}


def by_entries(graph: Graph, of: str, name: str, values: Mapping[str, Array], layout: str) -> Array:
    """Return the Jacobian by a backward pass for each entry of the vector, laid out."""
    return all_by_entries(graph, of, (name,), values, layout)[name]


def all_by_entries(
    graph: Graph, of: str, names: Iterable[str], values: Mapping[str, Array], layout: str
) -> dict[str, Array]:
    """Return the Jacobians by several nodes, by a backward pass for each entry of the vector."""
    nodes, named = graph.numeric(shapes_of(values))
    wanted = {name: named[name] for name in names}
    size = nodes[named[of]].shape
    builder = Builder(graph.functions, nodes)
    entries = [builder.add("index", (named[of],), (i,)) for i in range(size[0])] if size else [named[of]]
    rows: dict[str, list[Array]] = {name: [] for name in wanted}
    for entry in entries:
        program = gradient_program(tuple(builder.nodes), entry, wanted, graph.functions)
        results = numbers.run(program.nodes, values)
        for name, found in rows.items():
            found.append(np.asarray(results[program.gradients[name]], dtype=float))
    return {name: laid_out(found, size, nodes[named[name]].shape, layout) for name, found in rows.items()}


def by_differences(graph: Graph, of: str, name: str, values: Mapping[str, Array], layout: str) -> Array | None:
    """Return the Jacobian by an input by central differences; None for an inner node, or a large input.

    It is nan where differences from the left and from the right are not one: at a kink.
    """
    if name not in graph.inputs or np.size(values[name]) > MOST_DIFFERENCES:
        return None
    nodes, named = graph.program(shapes_of(values))
    nodes = nodes[: named[of] + 1]

    def moved(value: Array) -> Array:
        return np.asarray(numbers.run(nodes, {**values, name: value})[-1], dtype=float)

    return differences(moved, np.array(values[name], dtype=float), layout)


def differences(function: Callable[[Array], Array], at: Array, layout: str) -> Array:
    """Return the Jacobian of a function by central differences, laid out; nan at a kink."""
    columns = []
    here = np.asarray(function(at[()]))
    if here.ndim > 1:  # a matrix counts as the column of its entries, row by row
        return differences(lambda x: np.ravel(function(x)), at, layout)
    for place in np.ndindex(at.shape):
        sides = [function(with_entry(at, place, at[place] + step)) for step in (STEP, -STEP)]
        with quiet():
            sides = [(sides[0] - here) / STEP, (here - sides[1]) / STEP]
            apart = np.logical_not(np.abs(sides[0] - sides[1]) <= KINK * (1 + np.abs(sides[0])))
        columns.append(np.where(apart, np.nan, (sides[0] + sides[1]) / 2))
    rows = [_reshaped([c[i] for c in columns], at.shape) for i in np.ndindex(np.shape(here))]
    return laid_out(rows, np.shape(here), at.shape, layout)


def _reshaped(entries: list[Array], shape: Shape) -> Array:
    return np.reshape(entries, shape) if shape else entries[0]


def laid_out(rows: list[Array], size: Shape, own: Shape, layout: str) -> Array:
    """Return the gradients of the entries as one array: a number, a row or column, or a matrix.

    The derivative of a number by a matrix has the shape of the matrix (denominator layout) or is transposed; a vector
    counts as a column, so that its derivative by a number is a column in the numerator layout.
    """
    if not size and len(own) == 2:
        matrix = rows[0]
    elif not size and not own:
        return float(rows[0])
    else:
        matrix = np.reshape(rows, (size[0] if size else 1, -1)).T
    return matrix.T if layout == "numerator" else matrix
