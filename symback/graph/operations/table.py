"""The table of operations on arrays, and what of a row is asked for: its call, its kernel, its code, its law.

`add` puts a new row into it; nothing else is to be written for a new operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.errors import ShapeError
from symback.expr.tree import Apply, Inert, Tree, apply, number_value, product_of
from symback.graph.nodes import Shape
from symback.graph.operations import along_axes, choosing, convolution, products, rearranging
from symback.graph.operations.row import ARRAYS, ArrayOperation, axis_of
from symback.graph.operations.running import function_of
from symback.graph.sizes import size_tree
from symback.syntax import parse_matrix

ROWS: tuple[ArrayOperation, ...] = (
    *along_axes.ROWS, *rearranging.ROWS, *choosing.ROWS, *products.ROWS, *convolution.ROWS,
)  # fmt: skip
TABLE: dict[str, ArrayOperation] = {row.name: row for row in ROWS}
# Operations that formulas and code treat in their own ways for vectors and matrices: the laws for any number of axes.
GENERAL: dict[str, ArrayOperation] = {row.name: row for row in (*along_axes.GENERAL, *rearranging.GENERAL)}
WORDS: dict[str, str] = {s: row.name for row in ROWS for s in (row.name, *row.spellings)}


def add(row: ArrayOperation) -> None:
    """Add an operation: calls, shapes, steps, numbers, checks and code know it from its row."""
    TABLE[row.name] = row
    WORDS.update((s, row.name) for s in (row.name, *row.spellings))


def row_of(name: str) -> ArrayOperation | None:
    """Return the row of a function, also of one with a parameter in its name, as einsum[ij,jk->ik]."""
    return TABLE.get(name.partition("[")[0])


# --- calls -----------------------------------------------------------------------------------------------------------


def arrays_of(row: ArrayOperation, arguments: Sequence[Any]) -> int:
    """Return how many of the arguments of a call are arrays."""
    return len(arguments) if row.has_many else row.arrays[1]


def parameters_of(row: ArrayOperation, name: str, given: Sequence[int], shapes: Sequence[Shape]) -> tuple[Any, ...]:
    """Return the parameters of a call in the order of the row, defaults put in and axes counted from 0.

    `given` are the values after the arrays; ShapeError where one is missing.
    """
    if row.has_many:
        return _in_name(row, name, shapes)
    values: list[Any] = list(given)
    for place, parameter in enumerate(row.parameters[len(values) :], len(values)):
        if parameter.takes_rest or parameter.is_optional:
            break
        values.append(_default(row, place, shapes))
    return tuple(_counted(row, place, value, shapes) for place, value in enumerate(values))


def _in_name(row: ArrayOperation, name: str, shapes: Sequence[Shape]) -> tuple[Any, ...]:
    inside = name.partition("[")[2].removesuffix("]")
    if row.name == "einsum":
        return (inside,)
    return (axis_of(shapes[0], int(inside or 0), row.made_axes),)


def _default(row: ArrayOperation, place: int, shapes: Sequence[Shape]) -> int:
    parameter = row.parameters[place]
    if parameter.default is not None:
        return parameter.default
    if parameter.name == "axis" and len(shapes[0]) == 1 and not row.made_axes:
        return 0
    raise ShapeError(
        f"{row.called} needs its {parameter.name}.", hint=f"Write it, as in {row.called}(x, {parameter.name}=0)."
    )


def _counted(row: ArrayOperation, place: int, value: Any, shapes: Sequence[Shape]) -> Any:
    name = row.parameters[min(place, len(row.parameters) - 1)].name
    return axis_of(shapes[0], value, row.made_axes) if name in ("axis", "axes") else value


# --- code ------------------------------------------------------------------------------------------------------------


def fields_of(row: ArrayOperation, params: tuple[Any, ...], shape: Shape, shapes: Sequence[Shape]) -> dict[str, Any]:
    """Return what the templates of code put in, by name: parameters, shapes, and what follows from them."""
    fields: dict[str, Any] = {"shape": _tuple(shape), "comma_axis": ""}
    for place, parameter in enumerate(row.parameters):
        rest = params[place:]
        if parameter.takes_rest:
            fields[parameter.name] = _tuple(rest) if parameter.name != "shape" else _tuple(shape)
        else:
            fields[parameter.name] = rest[0] if rest else None
    if fields.get("axis") is not None:
        fields["comma_axis"] = f", {fields['axis']}"
    return fields | {name: make(fields, shape, shapes) for name, make in _MADE.items() if name in _needed(row)}


def _tuple(sizes: Sequence[Any]) -> str:
    return f"({''.join(f'{int(n)}, ' for n in sizes)})"


@cache
def _needed(row: ArrayOperation) -> frozenset[str]:
    texts = row.numpy + row.jax + row.torch + row.math
    return frozenset(name for name in _MADE if f"{{{name}}}" in texts)


def _subscripts(fields: Mapping[str, Any], shape: Shape, shapes: Sequence[Shape]) -> str:
    inputs, result = products.einsum_parts(fields["spec"])
    letters = sorted({*"".join(inputs)})
    numbered = [_tuple([letters.index(c) for c in part]) for part in (*inputs, result)]
    return ", ".join([f"{{{i}}}, {axes}" for i, axes in enumerate(numbered[:-1])] + numbered[-1:])


def _places(kernel: Shape) -> int:
    """Return where the axes begin, from the end, along which a kernel goes: filters and channels stand before them."""
    return -(len(kernel) - 2 if len(kernel) > 2 else len(kernel))


def _around_g(fields: Mapping[str, Any], shape: Shape, shapes: Sequence[Shape]) -> str:
    """Return the padding with which a convolution of g with the turned kernel gives what flows back to the inputs."""
    s, p, last = fields["stride"], fields["padding"], _places(shapes[1])
    ends = zip(shape[last:], shapes[0][last:], shapes[1][last:], strict=True)
    return f"({''.join(f'({k - 1 - p}, {n - (o - 1) * s - 1 + p}), ' for n, o, k in ends)})"


def _around_x(fields: Mapping[str, Any], shape: Shape, shapes: Sequence[Shape]) -> str:
    s, p, last = fields["stride"], fields["padding"], _places(shape)
    ends = zip(shape[last:], shapes[0][last:], shapes[1][last:], strict=True)
    return f"({''.join(f'({p}, {k + (o - 1) * s - n - p}), ' for k, n, o in ends)})"


def _repeated_axes(fields: Mapping[str, Any], shape: Shape, shapes: Sequence[Shape]) -> str:
    own = shapes[0]
    lead = len(own) - len(shape)
    return _tuple([*range(lead), *(lead + i for i, n in enumerate(shape) if n == 1 and own[lead + i] != 1)])


_MADE: dict[str, Callable[[Mapping[str, Any], Shape, Sequence[Shape]], Any]] = {
    "subscripts": _subscripts,
    "around_g": _around_g,
    "around_x": _around_x,
    "repeated": _repeated_axes,
    "reduced": lambda fields, shape, shapes: _tuple(
        () if fields["axis"] is None else [n for i, n in enumerate(shape) if i != fields["axis"]]
    ),
    "step": lambda fields, shape, shapes: fields["stride"] or fields["size"],
    "area": lambda fields, shape, shapes: fields["size"] ** 2,
    "ones": lambda fields, shape, shapes: "1, " * (len(shape) - 2),
    "valid": lambda fields, shape, shapes: _tuple(()) if not shape else f"({'(0, 0), ' * len(shape)})",
}


def code_of(
    template: str, row: ArrayOperation, params: tuple[Any, ...], shape: Shape, shapes: Sequence[Shape],
    operands: Sequence[str], **more: str,
) -> str:  # fmt: skip
    """Return the code of an operation on operands that are called so."""
    fields = fields_of(row, params, shape, shapes)
    if "subscripts" in fields:
        fields["subscripts"] = fields["subscripts"].format(*operands)
    return template.format(*operands, all=", ".join(operands), **fields, **more)


@lru_cache(maxsize=4096)
def kernel_of(name: str, params: tuple[Any, ...], shape: Shape, shapes: tuple[Shape, ...]) -> Callable[..., Any]:
    """Return the NumPy code of an operation as a function of its arrays."""
    row = TABLE[name]
    operands = [f"v{i}" for i in range(len(shapes))]
    text = code_of(row.numpy, row, params, shape, shapes, operands)
    return function_of(text, operands)


# --- laws ------------------------------------------------------------------------------------------------------------


@cache
def _law_tree(text: str) -> Tree:
    words = {p.name for row in (*TABLE.values(), *GENERAL.values()) for p in row.parameters}
    return parse_matrix(text, words)


def law_of(
    row: ArrayOperation, place: int, params: tuple[Any, ...], shapes: Sequence[Shape], given: Mapping[str, Tree]
) -> tuple[Tree, str] | None:
    """Return the gradient by the array at a place, and the law that says so; None where nothing flows to it.

    `given` are the trees of g, z and the arrays by their letters, a b c or p0 p1 ...
    """
    law = row.law(place, shapes, params)
    if law == "":
        return None
    template = _law_tree(law) if isinstance(law, str) else law
    own = dict(zip(letters_of(row, len(shapes)), shapes, strict=True))
    own["z"] = row.shape(shapes, params)
    names = {p.name: size_tree(v) for p, v in zip(row.parameters, params, strict=False) if isinstance(v, int)}
    return _filled(template, {**names, **given}, own), law if isinstance(law, str) else "einsum"


def letters_of(row: ArrayOperation, count: int) -> list[str]:
    """Return what the arrays of an operation are called in its laws: a b c, or p0 p1 ..."""
    return [f"p{i}" for i in range(count)] if row.has_many else list(ARRAYS[:count])


def _filled(node: Any, given: Mapping[str, Tree], shapes: Mapping[str, Shape]) -> Any:
    if isinstance(node, Symbol):
        return given.get(node.name, node)
    if not isinstance(node, Inert):
        return node
    if isinstance(node, Apply):
        return _call(node, given, shapes)
    return type(node)(*(_filled(part, given, shapes) for part in node._args))


def _call(node: Apply, given: Mapping[str, Tree], shapes: Mapping[str, Shape]) -> Tree:
    if node.name == "count":
        return product_of([size_tree(n) for n in shapes[str(node.arguments[0])]] or [Integer(1)])
    if node.name == "length":
        array, axis = node.arguments
        return size_tree(shapes[str(array)][int(number_value(given[str(axis)]) or 0)])
    arguments: list[Tree] = []
    for argument in node.arguments:
        if isinstance(argument, Apply) and argument.name == "sizes":
            arguments.extend(map(size_tree, shapes[str(argument.arguments[0])]))
        elif not (isinstance(argument, Symbol) and argument.name in _PARAMETERS and argument.name not in given):
            arguments.append(_filled(argument, given, shapes))
    if node.name in ("ones", "zeros") and not arguments:
        return Integer(int(node.name == "ones"))  # of a number
    return apply(node.name, *arguments)


_PARAMETERS = frozenset(p.name for row in ROWS for p in row.parameters)


__all__ = ["TABLE", "add", "arrays_of", "code_of", "kernel_of", "law_of", "parameters_of", "row_of"]
