"""The true gradients of a graph by its inputs and by each of its named nodes, found with JAX.

JAX differentiates; the program of the gradient that it makes is then run with NumPy, primitive by primitive, because
compiling it takes ten times as long as all the rest of a graph. A primitive that is not in the table is run by JAX.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from symback.graph.graph import Graph

from .inputs import Drawn
from .worth import Place, given_slope, worth

Array = Any
LARGEST = 3000.0
AWAY = 1e-3  # distance to every kink


def forward(graph: Graph, values: Mapping[str, Array], kinks: list[float] | None = None) -> dict[str, Array]:
    """Return the values of the inputs and of every named node, worked out with NumPy."""
    place = Place(np, dict(values), graph.functions, graph.source.first, kinks)
    for statement in graph.statements:
        place.values[statement.name] = np.asarray(worth(statement.tree, place))  # type: ignore[index]
    return dict(place.values)


def is_tame(drawn: Drawn, which: int, sizes: Mapping[str, int]) -> bool:
    """Tell whether a drawn graph can be worked out away from kinks and without large numbers.

    A graph with letters is tried with numbers in their place, so that it need not be read with letters.
    """
    kinks: list[float] = []
    graph = Graph(drawn.with_numbers(sizes))
    try:
        with np.errstate(divide="raise", invalid="raise", over="ignore", under="ignore"):
            found = forward(graph, drawn.values(which, sizes), kinks)
    except FloatingPointError:  # ln 0 inside: nobody else has a slope there
        return False
    loss, largest = found[graph.last], max(float(np.max(np.abs(x), initial=0)) for x in found.values())
    return np.shape(loss) == () and largest < LARGEST and min(kinks, default=1.0) > AWAY  # false for nan too


def slopes(graph: Graph, loss: str, values: Mapping[str, Array]) -> dict[str, Array]:
    """Return the gradient of the loss by every input and every named node, over all paths.

    A node is moved by adding to it what is differentiated by, 0. Whole numbers are classes, and stay as they are.
    """
    import jax

    known = forward(graph, values)
    classes = {name: value for name, value in values.items() if np.asarray(value).dtype.kind == "i" and np.ndim(value)}
    inputs = {name: np.asarray(value, dtype=float) for name, value in values.items() if name not in classes}
    nothing = {s.name: np.zeros(np.shape(known[s.name])) for s in graph.statements}
    precision = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        with jax.disable_jit():
            program = jax.make_jaxpr(jax.grad(_moved(jax, graph, loss, classes), (0, 1)))(inputs, nothing)
        found = run(program.jaxpr, program.consts, jax.tree.leaves((inputs, nothing)))
    finally:
        jax.config.update("jax_enable_x64", precision)
    by_input, by_node = jax.tree.unflatten(jax.tree.structure((inputs, nothing)), found)
    return {**by_input, **by_node}


def _moved(jax: Any, graph: Graph, loss: str, classes: Mapping[str, Array]) -> Callable[..., Array]:
    given = {name: _with_given_slope(jax, graph, name) for name, f in graph.functions.items() if f.derivative}

    def function(inputs: Mapping[str, Array], added: Mapping[str, Array]) -> Array:
        place = Place(jax.numpy, {**classes, **inputs}, graph.functions, graph.source.first, calls=given)
        for statement in graph.statements:
            place.values[statement.name] = worth(statement.tree, place) + added[statement.name]  # type: ignore[index]
        return place.values[loss]

    return function


def _with_given_slope(jax: Any, graph: Graph, name: str) -> Callable[[Array], Array]:
    """Return a function of the author's with the derivative that the text gives it."""
    place = Place(jax.numpy, {}, graph.functions)
    definition = graph.functions[name]
    slope = given_slope(name, place)
    made = jax.custom_jvp(
        lambda x: worth(definition.body, Place(jax.numpy, {definition.parameter: x}, place.functions))
    )
    made.defjvp(lambda at, moved: (made(at[0]), slope(at[0]) * moved[0]))
    return made


# --- running a program of JAX with NumPy -----------------------------------------------------------------------------


def run(program: Any, constants: list[Any], inputs: list[Array]) -> list[Array]:
    """Return the results of a program of JAX (a jaxpr), worked out with NumPy."""
    values: dict[Any, Array] = dict(zip((*program.constvars, *program.invars), (*constants, *inputs), strict=True))

    def value(atom: Any) -> Array:
        return atom.val if hasattr(atom, "val") else values[atom]

    with np.errstate(all="ignore"):
        for line in program.eqns:
            found = _worked_out(line, [value(atom) for atom in line.invars])
            values |= zip(line.outvars, found, strict=True)
    return [np.asarray(value(atom)) for atom in program.outvars]


def _worked_out(line: Any, inputs: list[Array]) -> list[Array]:
    name, params = line.primitive.name, line.params
    if name in PLAIN:
        return [PLAIN[name](*inputs)]
    if name == "split":
        return np.split(inputs[0], np.cumsum(params["sizes"])[:-1], axis=params["axis"])
    if name in WITH_PARAMETERS:
        return [WITH_PARAMETERS[name](params, *inputs)]
    inner = params.get("call_jaxpr") or params.get("jaxpr")
    if inner is not None:  # a program within the program: a function with a derivative of its own, a compiled part
        return run(inner.jaxpr, inner.consts, inputs)
    found = line.primitive.bind(*map(np.asarray, inputs), **params)
    return list(found) if line.primitive.multiple_results else [found]


def _product(params: Any, a: Array, b: Array) -> Array:
    (left, right), (batch, _) = params["dimension_numbers"]
    if not batch:
        return np.tensordot(a, b, axes=(left, right))
    other = params["dimension_numbers"][1][1]
    letters = [chr(97 + i) for i in range(np.ndim(a))]
    second = [chr(97 + np.ndim(a) + i) for i in range(np.ndim(b))]
    for one, two in (*zip(left, right, strict=True), *zip(batch, other, strict=True)):
        second[two] = letters[one]
    kept = [letters[i] for i in batch] + [c for c in letters if c not in {letters[i] for i in (*left, *batch)}]
    kept += [c for i, c in enumerate(second) if i not in (*right, *other)]
    return np.einsum(f"{''.join(letters)},{''.join(second)}->{''.join(kept)}", a, b)


def _broadcast(params: Any, x: Array, *_: Any) -> Array:
    shape = params["shape"]
    kept = dict(zip(params["broadcast_dimensions"], np.shape(x), strict=True))
    return np.broadcast_to(np.reshape(x, [kept.get(axis, 1) for axis in range(len(shape))]), shape)


def _slice(params: Any, x: Array) -> Array:
    strides = params["strides"] or (1,) * np.ndim(x)
    return x[tuple(map(slice, params["start_indices"], params["limit_indices"], strides))]


def _reshaped(params: Any, x: Array) -> Array:
    """Return an array in another shape; JAX may ask for its axes in another order first."""
    order = params.get("dimensions")
    return np.reshape(x if order is None else np.transpose(x, order), params["new_sizes"])


def _padded(params: Any, x: Array, value: Array) -> Array:
    widths = params["padding_config"]
    for axis, (low, high, inner) in enumerate(widths):
        apart = np.full((*x.shape[:axis], (x.shape[axis] - 1) * (inner + 1) + 1, *x.shape[axis + 1 :]), float(value))
        apart[(slice(None),) * axis + (slice(None, None, inner + 1),)] = x
        kept = slice(max(-low, 0), apart.shape[axis] - max(-high, 0))
        around = [(max(low, 0), max(high, 0)) if i == axis else (0, 0) for i in range(x.ndim)]
        x = np.pad(apart[(slice(None),) * axis + (kept,)], around, constant_values=float(value))
    return x


PLAIN: dict[str, Callable[..., Array]] = {
    "add": np.add, "add_any": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "neg": np.negative,
    "pow": np.power, "sqrt": np.sqrt, "rsqrt": lambda x: 1 / np.sqrt(x), "cbrt": np.cbrt, "square": np.square,
    "exp": np.exp, "log": np.log, "log1p": np.log1p, "expm1": np.expm1,
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh,
    "erf": np.vectorize(math.erf, otypes=[float]), "max": np.maximum, "min": np.minimum, "abs": np.abs,
    "sign": np.sign, "gt": np.greater, "lt": np.less, "ge": np.greater_equal, "le": np.less_equal, "eq": np.equal,
    "ne": np.not_equal, "and": np.logical_and, "or": np.logical_or, "not": np.logical_not,
    "copy": np.copy, "stop_gradient": np.copy, "is_finite": np.isfinite,
    "select_n": lambda which, *cases: np.where(which, cases[1], cases[0]),
}  # fmt: skip
WITH_PARAMETERS: dict[str, Callable[..., Array]] = {
    "integer_pow": lambda p, x: np.power(x, float(p["y"])),
    "reduce_sum": lambda p, x: np.sum(x, axis=p["axes"]),
    "reduce_max": lambda p, x: np.max(x, axis=p["axes"]),
    "broadcast_in_dim": _broadcast,
    "reshape": _reshaped,
    "squeeze": lambda p, x: np.squeeze(x, axis=p["dimensions"]),
    "transpose": lambda p, x: np.transpose(x, p["permutation"]),
    "dot_general": _product,
    "convert_element_type": lambda p, x: np.asarray(x, dtype=p["new_dtype"]),
    "slice": _slice,
    "pad": _padded,
    "concatenate": lambda p, *parts: np.concatenate(parts, axis=p["dimension"]),
}
