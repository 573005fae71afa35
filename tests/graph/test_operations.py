"""The law of every operation against central differences, at random shapes and values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from symback.errors import ShapeError
from symback.expr.functions import FUNCTIONS
from symback.graph.backward import gradient_program
from symback.graph.graph import Graph
from symback.graph.nodes import GradientProgram, Shape
from symback.graph.operations import MATMUL_LAWS, OPERATIONS, broadcast_shape, laws_of
from symback.graph.program import numbers
from symback.graph.program.build import Builder

SEEDS = range(6)
Random = np.random.Generator
Array = Any


@dataclass(frozen=True)
class Case:
    """How to draw the inputs of an operation: their shapes, their range, and the params that go with them."""

    shapes: Callable[[Random], Sequence[Shape]]
    low: float = -2.0
    high: float = 2.0
    params: Callable[[Random, Sequence[Shape]], tuple[Any, ...]] = lambda random, shapes: ()


# --- shapes ----------------------------------------------------------------------------------------------------------


def _sizes(random: Random, axes: int) -> Shape:
    return tuple(random.integers(1, 5, size=axes).tolist())


def _any(random: Random) -> Sequence[Shape]:
    return [_sizes(random, int(random.integers(0, 4)))]


def _array(random: Random) -> Sequence[Shape]:
    return [_sizes(random, int(random.integers(1, 3)))]


def _two_alike(random: Random) -> Sequence[Shape]:
    return [*_array(random)] * 2


def _vectors(random: Random) -> Sequence[Shape]:
    return [_sizes(random, 1), _sizes(random, 1)]


def _square(random: Random) -> Sequence[Shape]:
    return [2 * _sizes(random, 1)]


def _broadcast(random: Random) -> Sequence[Shape]:
    """Return two shapes that fit by NumPy's rule: one has axes that are missing, or 1."""
    whole = _sizes(random, int(random.integers(0, 4)))
    part = tuple(1 if random.random() < 0.4 else n for n in whole)[int(random.integers(0, len(whole) + 1)) :]
    return [whole, part] if random.random() < 0.5 else [part, whole]


def _joined(random: Random) -> Sequence[Shape]:
    first = _array(random)[0]
    return [(int(random.integers(1, 4)), *first[1:]) for _ in range(3)]


def _axis(random: Random, shapes: Sequence[Shape]) -> tuple[Any, ...]:
    """Return one axis, counted from the front or the back, or none."""
    axes = len(shapes[0])
    return [(), *((axis,) for axis in range(-axes, axes))][random.integers(0, 2 * axes + 1)]


def _entry(random: Random, shapes: Sequence[Shape]) -> tuple[Any, ...]:
    shape = shapes[0][: random.integers(1, len(shapes[0]) + 1)]
    return tuple(int(random.integers(-n, n)) for n in shape)


# fmt: off
CASES: dict[str, Case] = {
    "add": Case(_broadcast), "subtract": Case(_broadcast), "multiply": Case(_broadcast), "negate": Case(_any),
    "divide": Case(_broadcast, 0.5, 2.0), "power": Case(_broadcast, 0.3, 2.0), "exp": Case(_any),
    "maximum": Case(_broadcast), "minimum": Case(_broadcast), "hypot": Case(_broadcast),
    "transpose": Case(_array), "sum": Case(_array, params=_axis), "mean": Case(_array, params=_axis),
    "dot": Case(lambda random: [_sizes(random, 1)] * 2), "outer": Case(_vectors), "norm2": Case(_any),
    "softmax": Case(_array), "log_softmax": Case(_array), "logsumexp": Case(_array),
    "cross_entropy": Case(_two_alike, 0.1, 0.9), "softmax_cross_entropy": Case(_two_alike),
    "bce": Case(_two_alike, 0.1, 0.9), "sigmoid_bce": Case(_two_alike), "mse": Case(_two_alike),
    "diag": Case(lambda random: [_sizes(random, 1)]), "diagonal": Case(_square),
    "concat": Case(_joined, params=lambda random, shapes: (0,)), "index": Case(_array, params=_entry),
    "trace": Case(_square), "logdet": Case(_square, 0.5, 2.0), "inverse": Case(_square, 0.5, 2.0),
    "xlogy": Case(_two_alike, 0.1, 0.9),
}
# Function rows that are not defined, or not smooth, on all of -2 to 2.
RANGES: dict[str, tuple[float, float]] = {
    "tan": (-1.2, 1.2), "cot": (0.4, 2.6), "sec": (-1.2, 1.2), "csc": (0.4, 2.6), "arcsin": (-0.9, 0.9),
    "arccos": (-0.9, 0.9), "arccot": (-2.0, -0.2), "arcsec": (-3.0, -1.2), "arccsc": (-3.0, -1.2), "coth": (-2.0, -0.4),
    "csch": (-2.0, -0.4), "arcosh": (1.2, 3.0), "artanh": (-0.9, 0.9), "arcoth": (-3.0, -1.2), "arsech": (0.2, 0.9),
    "arcsch": (-2.0, -0.3), "ln": (0.2, 3.0), "sqrt": (0.2, 3.0), "cbrt": (-3.0, -0.2),
}
# fmt: on
ROWS = [row.name for row in FUNCTIONS.values() if row.arity == 1]
KINKS = 0.02  # the distance of every entry to 0, and between the entries of two inputs


def test_every_law_has_a_case() -> None:
    own = {
        "input",
        "constant",
        "call",
        "broadcast",
        "reduce",
        "scatter",
        "slice",
        "one_hot",
        "eye",
        "ones",
        "zeros",
        "unit",
        "size",
        "matmul",
        "identity",
        "ratio",
        "times",
        "product",
        "times_outer",
        "instead",
    }
    assert OPERATIONS.keys() - own == CASES.keys()


# --- one operation as a graph ----------------------------------------------------------------------------------------


def program_of(op: str, shapes: Sequence[Shape], params: tuple[Any, ...]) -> GradientProgram:
    """Return the gradients of sum(weights * op(inputs)), which sees every entry of the law."""
    builder = Builder()
    inputs = [builder.input(f"a{place}", shape) for place, shape in enumerate(shapes)]
    node = builder.add(op, inputs, params)
    weights = builder.input("weights", builder.shape(node))
    loss = (
        builder.add("sum", (builder.add("multiply", (weights, node)),))
        if builder.shape(node)
        else builder.add("multiply", (weights, node))
    )
    return gradient_program(tuple(builder.nodes), loss, {f"a{place}": node for place, node in enumerate(inputs)})


def drawn(random: Random, shapes: Sequence[Shape], low: float, high: float) -> dict[str, Array]:
    """Return values away from 0, and two inputs away from one another, where functions may have kinks."""
    while True:
        values = {f"a{place}": np.asarray(random.uniform(low, high, shape)) for place, shape in enumerate(shapes)}
        clear = [np.min(np.abs(value)) > KINKS for value in values.values()]
        if len(shapes) == 2 and shapes[0] and shapes[1] and _compares(shapes):
            clear.append(np.min(np.abs(values["a0"] - values["a1"])) > KINKS)
        if all(clear):
            return values


def _compares(shapes: Sequence[Shape]) -> bool:
    try:
        broadcast_shape(shapes)
    except ShapeError:
        return False
    return True


def check(op: str, shapes: Sequence[Shape], params: tuple[Any, ...], values: dict[str, Array], random: Random) -> None:
    program = program_of(op, shapes, params)
    weights = next(node.shape for node in program.nodes if node.name == "weights")
    given = {**values, "weights": random.uniform(0.5, 1.5, weights)}
    results = numbers.run(program.nodes, given)
    for name in values:
        found = results[program.gradients[name]]
        assert np.shape(found) == values[name].shape, f"{op} of {shapes}: the gradient has another shape"
        assert found == pytest.approx(slopes(program, given, name), rel=2e-6, abs=2e-6), f"{op} of {shapes}, {params}"


def slopes(program: GradientProgram, given: dict[str, Array], name: str) -> Array:
    """Return the central differences of the loss, entry by entry."""
    result = np.zeros(np.shape(given[name]))
    forward = program.nodes[: program.loss + 1]
    for place in np.ndindex(result.shape):
        sides = []
        for h in (1e-5, -1e-5):
            moved = np.array(given[name])
            moved[place] += h
            sides.append(numbers.run(forward, {**given, name: moved})[program.loss])
        result[place] = (sides[0] - sides[1]) / 2e-5
    return result


# --- the tests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("op", CASES)
def test_laws_are_slopes(op: str, seed: int) -> None:
    random, case = np.random.default_rng([seed, len(op)]), CASES[op]
    shapes = case.shapes(random)
    values = drawn(random, shapes, case.low, case.high)
    if op in ("logdet", "inverse"):  # away from singular matrices
        values["a0"] += 4 * np.eye(len(values["a0"]))
    check(op, shapes, case.params(random, shapes), values, random)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axes", MATMUL_LAWS, ids=str)
def test_laws_of_the_matrix_product_are_slopes(axes: tuple[int, int], seed: int) -> None:
    random = np.random.default_rng([seed, *axes])
    rows, inner, columns = _sizes(random, 3)
    shapes = [(rows, inner)[2 - axes[0] :], (inner, columns)[: axes[1]]]
    check("matmul", shapes, (), drawn(random, shapes, -2, 2), random)


@pytest.mark.parametrize("seed", SEEDS[:3])
@pytest.mark.parametrize("name", ROWS)
def test_derivatives_of_functions_are_slopes(name: str, seed: int) -> None:
    random = np.random.default_rng([seed, len(name)])
    shapes = _any(random)
    low, high = RANGES.get(name, (-2.0, 2.0))
    check(name, shapes, (), drawn(random, shapes, low, high), random)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_parts_of_a_concatenation_along_any_axis(axis: int) -> None:
    random = np.random.default_rng(axis + 1)
    shapes = [(2, 3), (2, 3), (2, 3)]
    check("concat", shapes, (axis,), drawn(random, shapes, -2, 2), random)


def test_functions_of_one_number_have_no_law_of_their_own_here() -> None:
    """Their derivatives are the rows of functions.py, so that there is one table of them."""
    assert not {row for row in ROWS if row in OPERATIONS}


def test_class_numbers_are_one_hot_rows() -> None:
    z = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]])
    graph = "z: 2x3\ny: {}\nL = cross_entropy(softmax(z), y)"
    by_number = Graph(graph.format("2")).backprop(at={"z": z, "y": [1, 2]}, wrt=["z"])
    by_row = Graph(graph.format("2x3")).backprop(at={"z": z, "y": [[0, 1, 0], [0, 0, 1]]}, wrt=["z"])
    assert by_number.forward == by_row.forward
    assert np.array_equal(by_number.values["z"], by_row.values["z"])


@pytest.mark.parametrize("first", [0, 1])
def test_an_entry_of_an_array_gets_its_own_gradient(first: int) -> None:
    """Entries count from 0, or from 1 where the text takes them from 1 up to the last."""
    graph = Graph("x: 3\nL = " + " + ".join(f"{k + 2} x[{first + k}]^2" for k in range(3)))
    assert graph.backprop(at={"x": [1, 2, 3]}).values["x"].tolist() == [4, 12, 24]


def test_a_given_derivative_is_used_as_given() -> None:
    graph = Graph("def psi(t) = t^3\ndef psi'(t) = 5\nx: 2\nL = sum(2 psi(x))")
    b = graph.backprop(at={"x": [1, 2]})
    assert b.forward["L"] == 18
    assert b.values["x"].tolist() == [10, 10]


@pytest.mark.parametrize(
    ("op", "shapes"),
    [("matmul", [(2, 3), (2, 3)]), ("add", [(2, 3), (2,)]), ("dot", [(2,), (3,)]), ("mse", [(2,), (2, 1)]),
     ("outer", [(2, 2), (2,)]), ("trace", [(2, 3)]), ("softmax", [()]), ("concat", [(2, 3), (2, 2)])],
)  # fmt: skip
def test_shapes_that_do_not_fit_are_named(op: str, shapes: Sequence[Shape]) -> None:
    builder = Builder()
    inputs = [builder.input(f"a{place}", shape) for place, shape in enumerate(shapes)]
    with pytest.raises(ShapeError, match="x".join(map(str, shapes[0])) or "scalar"):
        builder.add(op, inputs)


def test_the_laws_of_vectors_and_matrices_differ() -> None:
    assert laws_of("matmul", [(3, 2), (2,)]) == ("outer(g, b)", "a.T @ g")
