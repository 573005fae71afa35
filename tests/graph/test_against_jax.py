"""Gradients of a few hundred random graphs, held against jax and against central differences.

Both the reference interpreter and the generated code are held to it. A graph is drawn line by line: each line has a
text, read by the graph's own language, and the same operation as a Python function, written down here a second time.
What is drawn stays away from kinks, poles and nearly singular matrices, where the two sides may differ by convention or
in the last digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import prod
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symback.compile import compile_program
from symback.expr.functions import FUNCTIONS
from symback.graph.gradient_check import check_gradients
from symback.graph.graph import Graph
from symback.graph.nodes import GradientProgram, Shape
from symback.graph.operations import OPERATIONS
from symback.graph.operations.functions import function_kernel
from symback.graph.program import numbers

GRAPHS = 300
SEEDS = [pytest.param(seed, marks=[pytest.mark.slow] if seed % 12 else []) for seed in range(GRAPHS)]  # slow together
RELATIVE = 1e-9  # worst entry of a gradient, relative to its largest
AWAY = 0.05  # distance to every kink
SIZES = (1, 2, 3, 4)

Array = Any
Function = Callable[..., Array]  # (numpy or jax.numpy, *operands)


@pytest.fixture(scope="module")
def jax() -> Iterator[ModuleType]:
    """jax at double precision, where it is installed."""
    module = pytest.importorskip("jax", reason="jax is not installed")
    precision = module.config.jax_enable_x64
    module.config.update("jax_enable_x64", True)
    module.config.update("jax_disable_most_optimizations", True)  # compiled in half the time
    yield module
    module.config.update("jax_enable_x64", precision)
    module.config.update("jax_disable_most_optimizations", False)


# --- the operations, each as text and as a function ------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """An operation as text, with {0} and {1} for its operands, and as a function; where it is good to use."""

    text: str
    function: Function
    good: Callable[..., bool] = lambda *operands: True


def _all_away(x: Array) -> bool:
    return bool(np.all(np.abs(x) > AWAY))


def _between_jumps(x: Array) -> bool:
    return _all_away(np.sin(2 * np.pi * x) / 6)


_SELU, _SELU_BELOW = 1.0507009873554805, 1.7580993408473769


def _sigmoid(xp: Any, x: Array) -> Array:
    return 1 / (1 + xp.exp(-x))


def _erf(xp: Any, x: Array) -> Array:
    if xp is np:
        return function_kernel("erf")(x)
    from jax.scipy.special import erf

    return erf(x)


def _log_softmax(xp: Any, z: Array) -> Array:
    return z - xp.log(xp.sum(xp.exp(z), axis=-1, keepdims=True))


def _samples(x: Array) -> int:
    return prod(np.shape(x)[:-1])


def _rows(x: Array) -> int:
    return int(np.shape(x)[0])


# fmt: off
ELEMENTWISE = (
    Way("sin({0})", lambda xp, a: xp.sin(a)),
    Way("cos({0})", lambda xp, a: xp.cos(a)),
    Way("tan({0})", lambda xp, a: xp.tan(a), lambda a: _all_away(np.cos(a) / 4)),
    Way("cot({0})", lambda xp, a: xp.cos(a) / xp.sin(a), lambda a: _all_away(np.sin(a) / 4)),
    Way("sec({0})", lambda xp, a: 1 / xp.cos(a), lambda a: _all_away(np.cos(a) / 4)),
    Way("csc({0})", lambda xp, a: 1 / xp.sin(a), lambda a: _all_away(np.sin(a) / 4)),
    Way("arcsin(0.9 sin({0}))", lambda xp, a: xp.arcsin(0.9 * xp.sin(a))),
    Way("arccos(0.9 sin({0}))", lambda xp, a: xp.arccos(0.9 * xp.sin(a))),
    Way("arctan({0})", lambda xp, a: xp.arctan(a)),
    Way("arccot({0})", lambda xp, a: xp.arctan(1 / a), _all_away),
    Way("arcsec(1.2 + {0}^2)", lambda xp, a: xp.arccos(1 / (1.2 + a**2))),
    Way("arccsc(1.2 + {0}^2)", lambda xp, a: xp.arcsin(1 / (1.2 + a**2))),
    Way("sinh({0})", lambda xp, a: xp.sinh(a), lambda a: bool(np.all(np.abs(a) < 3))),
    Way("cosh({0})", lambda xp, a: xp.cosh(a), lambda a: bool(np.all(np.abs(a) < 3))),
    Way("tanh({0})", lambda xp, a: xp.tanh(a)),
    Way("coth({0})", lambda xp, a: 1 / xp.tanh(a), lambda a: _all_away(a / 4)),
    Way("sech({0})", lambda xp, a: 1 / xp.cosh(a)),
    Way("csch({0})", lambda xp, a: 1 / xp.sinh(a), lambda a: _all_away(a / 4)),
    Way("arsinh({0})", lambda xp, a: xp.arcsinh(a)),
    Way("arcosh(1.2 + {0}^2)", lambda xp, a: xp.arccosh(1.2 + a**2)),
    Way("artanh(0.9 sin({0}))", lambda xp, a: xp.arctanh(0.9 * xp.sin(a))),
    Way("arcoth(1.2 + {0}^2)", lambda xp, a: xp.arctanh(1 / (1.2 + a**2))),
    Way("arsech(1/(1.2 + {0}^2))", lambda xp, a: xp.arccosh(1.2 + a**2)),
    Way("arcsch({0})", lambda xp, a: xp.arcsinh(1 / a), lambda a: _all_away(a / 4)),
    Way("ln(0.3 + {0}^2)", lambda xp, a: xp.log(0.3 + a**2)),
    Way("log_2(0.3 + {0}^2)", lambda xp, a: xp.log2(0.3 + a**2)),
    Way("sqrt(0.3 + {0}^2)", lambda xp, a: xp.sqrt(0.3 + a**2)),
    Way("cbrt({0})", lambda xp, a: xp.cbrt(a), lambda a: _all_away(a / 4)),
    Way("abs({0})", lambda xp, a: xp.abs(a), _all_away),
    Way("sign({0}) {0}", lambda xp, a: xp.sign(a) * a, _all_away),
    Way("step({0}) {0}^2", lambda xp, a: xp.where(a > 0, a**2, 0.0), _all_away),
    Way("erf({0})", _erf),
    Way("sigmoid({0})", _sigmoid),
    Way("relu({0})", lambda xp, a: xp.maximum(a, 0.0), _all_away),
    Way("leaky_relu({0})", lambda xp, a: xp.where(a > 0, a, 0.01 * a), _all_away),
    Way("elu({0})", lambda xp, a: xp.where(a > 0, a, xp.exp(a) - 1), _all_away),
    Way("gelu({0})", lambda xp, a: a * (1 + _erf(xp, a / 2**0.5)) / 2),
    Way("silu({0})", lambda xp, a: a * _sigmoid(xp, a)),
    Way("softplus({0})", lambda xp, a: xp.log(1 + xp.exp(a)), lambda a: bool(np.all(a < 9))),
    Way("selu({0})", lambda xp, a: xp.where(a > 0, _SELU * a, _SELU_BELOW * (xp.exp(a) - 1)), _all_away),
    Way("mish({0})", lambda xp, a: a * xp.tanh(xp.log(1 + xp.exp(a))), lambda a: bool(np.all(a < 9))),
    Way("softsign({0})", lambda xp, a: a / (1 + xp.abs(a)), _all_away),
    Way("hardtanh({0})", lambda xp, a: xp.clip(a, -1.0, 1.0), lambda a: _all_away(np.abs(a) - 1)),
    Way("floor({0}) {0}", lambda xp, a: xp.floor(a) * a, _between_jumps),
    Way("ceil({0}) {0}", lambda xp, a: xp.ceil(a) * a, _between_jumps),
    Way("round({0}) {0}", lambda xp, a: xp.round(a) * a, _between_jumps),
    Way("e^({0})", lambda xp, a: xp.exp(a), lambda a: bool(np.all(a < 3))),
    Way("2^({0})", lambda xp, a: 2.0**a, lambda a: bool(np.all(a < 4))),
    Way("{0}^3", lambda xp, a: a * a * a),
    Way("{0}^-2", lambda xp, a: 1 / (a * a), lambda a: _all_away(a / 6)),
    Way("({0}^2 + 0.4)^0.7", lambda xp, a: (a * a + 0.4) ** 0.7),
    Way("-{0}", lambda xp, a: -a),
    Way("2{0} - 1/3", lambda xp, a: 2 * a - 1 / 3),
    Way("psi({0})", lambda xp, a: 1 / (1 + 3.0**-a)),
)

BROADCAST = (
    Way("{0} + {1}", lambda xp, a, b: a + b),
    Way("{0} - {1}", lambda xp, a, b: a - b),
    Way("{0} * {1}", lambda xp, a, b: a * b),
    Way("{0} / {1}", lambda xp, a, b: a / b, lambda a, b: _all_away(b / 6)),
    Way("({0}^2 + 0.5)^({1})", lambda xp, a, b: (a**2 + 0.5) ** b, lambda a, b: bool(np.all(np.abs(b) < 3))),
    Way("max({0}, {1})", lambda xp, a, b: xp.maximum(a, b), lambda a, b: _all_away(a - b)),
    Way("min({0}, {1})", lambda xp, a, b: xp.minimum(a, b), lambda a, b: _all_away(a - b)),
    Way("{0}*{1} + {0}/(1 + {1}^2)", lambda xp, a, b: a * b + a / (1 + b**2)),
)

ARRAYS = (  # of a vector or a matrix
    Way("({0}).T", lambda xp, a: xp.transpose(a)),
    Way("sum({0})", lambda xp, a: xp.sum(a)),
    Way("sum({0}, 0)", lambda xp, a: xp.sum(a, axis=0)),
    Way("mean({0})", lambda xp, a: xp.mean(a)),
    Way("mean({0}, 0)", lambda xp, a: xp.mean(a, axis=0)),
    Way("sum({0}, -1)", lambda xp, a: xp.sum(a, axis=-1)),
    Way("norm2({0})", lambda xp, a: xp.sum(a * a)),
    Way("norm({0})", lambda xp, a: xp.sqrt(xp.sum(a * a)), _all_away),
    Way("softmax({0})", lambda xp, a: xp.exp(_log_softmax(xp, a))),
    Way("log_softmax({0})", _log_softmax),
    Way("logsumexp({0})", lambda xp, a: xp.log(xp.sum(xp.exp(a), axis=-1))),
    Way("concat({0}, sin({0}))", lambda xp, a: xp.concatenate([a, xp.sin(a)], axis=0)),
)
MATRICES = (
    Way("mean({0}, 1)", lambda xp, a: xp.mean(a, axis=1)),
    Way("sum({0}, 1)", lambda xp, a: xp.sum(a, axis=1)),
    Way("concat(cos({0}), {0}, 1)", lambda xp, a: xp.concatenate([xp.cos(a), a], axis=1)),
    Way("({0}).T @ ({0})", lambda xp, a: a.T @ a),
    Way("trace(({0}) @ ({0}).T)", lambda xp, a: xp.sum(a * a)),
)
PRODUCTS = (
    Way("({0}) @ ({1})", lambda xp, a, b: a @ b, lambda a, b: a.ndim and b.ndim and a.shape[-1] == b.shape[0]),
    Way("({0}) @ ({1}).T", lambda xp, a, b: a @ b.T, lambda a, b: a.ndim == b.ndim == 2 and a.shape[1] == b.shape[1]),
    Way("dot({0}, {1})", lambda xp, a, b: xp.sum(a * b), lambda a, b: a.ndim == 1 and a.shape == b.shape),
    Way("outer({0}, {1})", lambda xp, a, b: a[:, None] * b, lambda a, b: a.ndim == b.ndim == 1),
    Way("quadratic({0}, {1})", lambda xp, a, b: a @ b @ a, lambda a, b: a.ndim == 1 and b.shape == 2 * a.shape),
    Way("concat({0}, {1})", lambda xp, a, b: xp.concatenate([a, b]), lambda a, b: a.ndim and a.shape[1:] == b.shape[1:]
        and a.ndim == b.ndim),
)
SQUARES = (
    Way("trace({0})", lambda xp, a: xp.trace(a)),
    Way("logdet({0})", lambda xp, a: xp.linalg.slogdet(a)[1], lambda a: np.linalg.cond(a) < 20),
    Way("inv({0})", lambda xp, a: xp.linalg.inv(a), lambda a: np.linalg.cond(a) < 20),
)
LOSSES = (  # of a vector or a matrix, and a target of the same shape with entries between 0 and 1
    Way("mse({0}, {1})", lambda xp, a, y: xp.mean((a - y) ** 2)),
    Way("bce(sigmoid({0}), {1})", lambda xp, a, y: _bce(xp, _sigmoid(xp, a), y),
        lambda a, y: bool(np.all(np.abs(a) < 8))),
    Way("bce(0.1 + 0.8 sigmoid({0}), {1})", lambda xp, a, y: _bce(xp, 0.1 + 0.8 * _sigmoid(xp, a), y)),
    Way("cross_entropy(softmax({0}), {1})", lambda xp, a, y: -xp.sum(y * _log_softmax(xp, a)) / _samples(a)),
    Way("cross_entropy(sigmoid({0}), {1})", lambda xp, a, y: -xp.sum(y * xp.log(_sigmoid(xp, a))) / _samples(a),
        lambda a, y: bool(np.all(np.abs(a) < 8))),
    Way("sum(({0} - {1})^2)", lambda xp, a, y: xp.sum((a - y) ** 2)),
    Way("norm2({0}) + mean({0} * {1})", lambda xp, a, y: xp.sum(a * a) + xp.mean(a * y)),
)
# fmt: on


def _bce(xp: Any, p: Array, y: Array) -> Array:
    return -xp.sum(y * xp.log(p) + (1 - y) * xp.log(1 - p)) / _rows(p)


# --- drawing a graph -------------------------------------------------------------------------------------------------


@dataclass
class Drawn:
    """A graph under construction: its lines, and the value of every name."""

    random: np.random.Generator
    lines: list[str] = field(default_factory=list)
    steps: list[tuple[str, Function, tuple[str, ...]]] = field(default_factory=list)
    values: dict[str, Array] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def input(self, shape: Shape, low: float = -2.0, high: float = 2.0) -> str:
        name = f"x{next(self.numbers)}"
        self.values[name] = np.asarray(self.random.uniform(low, high, shape))
        self.lines.append(f"{name}: {'x'.join(map(str, shape))}")
        self.inputs.append(name)
        return name

    def line(self, way: Way, *operands: str) -> str | None:
        """Add a line, unless its value would be beyond what a comparison of digits can bear."""
        given = [self.values[o] for o in operands]
        if not way.good(*given):
            return None
        with np.errstate(all="ignore"):
            value = np.asarray(way.function(np, *given))
        if not np.all(np.isfinite(value)) or np.max(np.abs(value)) > 30 or value.size > 200 or value.ndim > 2:
            return None
        name = f"v{next(self.numbers)}"
        self.values[name] = value
        self.lines.append(f"{name} = {way.text.format(*operands)}")
        self.steps.append((name, way.function, operands))
        return name

    def pick(self, names: Sequence[str]) -> str:
        """Return one of the names, the later ones more often: depth; any one again and again: sharing."""
        at = int(len(names) * self.random.beta(2, 1))
        return names[min(at, len(names) - 1)]

    def loss(self, xp: Any, inputs: dict[str, Array]) -> Array:
        """Return the loss, worked out with numpy or with jax."""
        values = dict(inputs)
        for name, function, operands in self.steps:
            values[name] = function(xp, *(values[o] for o in operands))
        return values["L"]


def drawn(seed: int) -> Drawn:
    """Return the random graph of a seed: 2 to 5 inputs, 3 to 40 lines, one loss."""
    random = np.random.default_rng(seed)
    graph = Drawn(random, lines=["def psi(t) = 1/(1 + 3^-t)"])
    for _ in range(random.integers(2, 6)):
        graph.input(tuple(random.choice(SIZES, size=random.choice(3, p=(0.2, 0.3, 0.5))).tolist()))
    for _ in range(3 + 37 * seed // GRAPHS):
        _draw_line(graph)
    _draw_loss(graph)
    return graph


def _draw_line(graph: Drawn) -> None:
    for _ in range(50):
        name, other = graph.pick(list(graph.values)), graph.pick(list(graph.values))
        kinds = _kinds(graph.values[name], graph.values[other])
        ways, arity = kinds[graph.random.integers(len(kinds))]
        way = ways[graph.random.integers(len(ways))]
        if graph.line(way, *(name, other)[:arity]):
            return


def _kinds(a: Array, b: Array) -> list[tuple[tuple[Way, ...], int]]:
    """Return the operations that two values allow; the good ones among products are found by trying."""
    kinds: list[tuple[tuple[Way, ...], int]] = [(ELEMENTWISE, 1)]
    if _fit(a.shape, b.shape):
        kinds.append((BROADCAST, 2))
    if a.ndim:
        kinds += [(ARRAYS, 1), (PRODUCTS, 2), (_entries(a), 1)]
    if a.ndim == 2:
        kinds += [(MATRICES, 1)]
    if a.ndim == 2 and a.shape[0] == a.shape[1]:
        kinds += [(SQUARES, 1)]
    return kinds


def _fit(a: Shape, b: Shape) -> bool:
    return all(m == n or 1 in (m, n) for m, n in zip(reversed(a), reversed(b), strict=False))


def _entries(a: Array) -> tuple[Way, ...]:
    last = a.shape[0] - 1
    ways = [Way("{0}[0]", lambda xp, a: a[0]), Way(f"{{0}}[{last}]", lambda xp, a: a[last])]
    if a.ndim == 2:
        ways.append(Way(f"{{0}}[{last}, 0]", lambda xp, a: a[last, 0]))
    return tuple(ways)


def _draw_loss(graph: Drawn) -> None:
    """Add up the losses of up to three values, those that nothing uses first."""
    used = {o for _, _, operands in graph.steps for o in operands}
    ends = [name for name, _, _ in graph.steps if name not in used][-3:] or [graph.inputs[0]]
    parts = []
    for name in ends:
        if not graph.values[name].ndim:
            parts.append(name)
            continue
        target = graph.input(graph.values[name].shape, 0.0, 1.0)
        parts.append(next(filter(None, (graph.line(w, name, target) for w in _shuffled(graph, LOSSES))), ""))
    total = Way("", lambda xp, *terms: sum(terms[1:], terms[0]))
    terms = [part for part in parts if part] or [graph.line(Way("sum({0})", lambda xp, a: xp.sum(a)), ends[0]) or ""]
    graph.lines.append("L = " + " + ".join(terms))
    graph.steps.append(("L", total.function, tuple(terms)))


def _shuffled(graph: Drawn, ways: tuple[Way, ...]) -> Iterator[Way]:
    yield from (ways[i] for i in graph.random.permutation(len(ways)))


# --- the tests -------------------------------------------------------------------------------------------------------


def worst(found: Array, true: Array, overall: float) -> float:
    """Return the worst difference relative to the largest entry, or to all gradients where this one cancels out."""
    scale = max(float(np.max(np.abs(true))), 1e-4 * overall)
    difference = float(np.max(np.abs(np.asarray(found) - np.asarray(true))))
    return difference / scale if scale else difference


def largest(gradients: dict[str, Array]) -> float:
    return max(float(np.max(np.abs(g))) for g in gradients.values())


def of_symback(graph: Drawn) -> tuple[GradientProgram, dict[str, Array]]:
    """Return the gradient program of a drawn graph, and the values of its inputs."""
    read = Graph("\n".join(graph.lines))
    inputs = {name: graph.values[name] for name in graph.inputs if name in read.inputs}
    return read.gradient_program("L", list(inputs)), inputs


def worked_out(program: GradientProgram, inputs: dict[str, Array]) -> tuple[float, dict[str, Array]]:
    results = numbers.run(program.nodes, inputs)
    return results[program.loss], {name: results[node] for name, node in program.gradients.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_gradients_are_those_of_jax(jax: ModuleType, seed: int) -> None:
    graph = drawn(seed)
    program, inputs = of_symback(graph)
    loss, true = jax.jit(jax.value_and_grad(lambda given: graph.loss(jax.numpy, given)))(inputs)
    for found_loss, found in (worked_out(program, inputs), compile_program(program)(inputs)):
        assert found_loss == pytest.approx(float(loss), rel=RELATIVE, abs=1e-12)
        for name, gradient in found.items():
            assert np.shape(gradient) == np.shape(true[name])
            error = worst(gradient, true[name], largest(true))
            assert error <= RELATIVE, f"dL/d{name} is off by {error:.1e}:\n" + "\n".join(graph.lines)


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.slow if seed >= GRAPHS // 3 else ()) for seed in range(GRAPHS)]
)
def test_gradients_are_slopes(seed: int) -> None:
    """Needs no jax: the slope of the loss along a random direction, by central differences of two widths."""
    graph = drawn(seed)
    program, inputs = of_symback(graph)
    _, gradients = worked_out(program, inputs)
    directions = {name: graph.random.uniform(-1, 1, np.shape(value)) for name, value in inputs.items()}
    slope = sum(float(np.sum(gradients[name] * directions[name])) for name in inputs)

    def difference(h: float) -> float:
        sides = [graph.loss(np, {n: v + t * directions[n] for n, v in inputs.items()}) for t in (h, -h)]
        return float(sides[0] - sides[1]) / (2 * h)

    extrapolated = (4 * difference(1e-4) - difference(2e-4)) / 3
    assert slope == pytest.approx(extrapolated, rel=1e-6, abs=1e-6 * largest(gradients)), "\n".join(graph.lines)


@pytest.mark.parametrize("seed", range(0, GRAPHS, 3))
def test_gradients_by_inner_nodes_are_slopes(seed: int) -> None:
    """Each named node is moved by itself, and the loss is worked out anew from there."""
    graph = drawn(seed)
    inner = [name for name, _, _ in graph.steps if name != "L"]
    read = Graph("\n".join(graph.lines))
    at = {name: graph.values[name] for name in read.inputs}
    program = read.gradient_program("L", inner, {name: np.shape(value) for name, value in at.items()})
    check = check_gradients(program, at, inner)
    assert check.verdict != "failed", check.worst_error


@pytest.mark.slow
def test_the_graphs_hold_every_operation() -> None:
    """Every operation that a text can name occurs among the graphs; the others only gradients need."""
    met = {node.op for seed in range(GRAPHS) for node in of_symback(drawn(seed))[0].nodes}
    elementwise = {row.name for row in FUNCTIONS.values() if row.arity == 1}
    elsewhere = {"call", "one_hot", "hypot"}  # test_operations, test_stable_forms
    elsewhere |= {"ones", "zeros", "unit", "size", "diag", "diagonal"}  # the sweep
    assert (OPERATIONS.keys() | elementwise) - met <= elsewhere
