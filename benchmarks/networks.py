"""A step of training (loss, gradients, update) beside NumPy by hand, jax and autograd; and the cost of building code.

Every peer computes the same step, checked before it is timed, and is called until it is warm. jax and autograd are
measured where they are installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks import Row, by_hand, take_turns
from symback.compile import compile_program
from symback.graph.graph import Graph

RATE = 1e-3
PASS = 0.05  # seconds of one pass of one peer


@dataclass(frozen=True)
class Case:
    """One network: as a graph, by hand, and as a loss; and the bounds to keep beside NumPy and beside jax."""

    name: str
    text: str
    weights: tuple[str, ...]
    by_hand: by_hand.Step
    loss: by_hand.Loss
    bounds: tuple[float, float]
    numbers: bool = False  # the graph holds numbers; NumPy and jax hold them in arrays
    scan: by_hand.Loss | None = None


def layered(sizes: Sequence[int], batch: int, act: str, loss: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of a net of layers, and the names of its weights."""
    shapes = [f"X: {batch}x{sizes[0]}", f"y: {batch}x{sizes[-1]}"]
    lines, names, before = [], [], "X"
    for k, (m, n) in enumerate(pairwise(sizes), 1):
        shapes += [f"W{k}: {m}x{n}", f"b{k}: {n}"]
        names += [f"W{k}", f"b{k}"]
        linear = f"{before} @ W{k} + b{k}"
        lines.append(f"h{k} = {act}({linear})" if k < len(sizes) - 1 else f"z = {linear}")
        before = f"h{k}"
    return "\n".join([*shapes, *lines, f"L = {loss}"]), tuple(names)


def in_numbers(sizes: Sequence[int]) -> tuple[str, tuple[str, ...]]:
    """Return the text of a net written out weight by weight, x1, x2 its inputs and y its target."""
    lines, names = [], []
    before = [f"x{i}" for i in range(1, sizes[0] + 1)]
    for k, n in enumerate(sizes[1:], 1):
        last = k == len(sizes) - 1
        now = []
        for j in range(1, n + 1):
            own = [f"w{k}{j:02}{i:02}" for i in range(1, len(before) + 1)]
            names += [*own, f"b{k}{j:02}"]
            linear = " + ".join([*(f"{w} {x}" for w, x in zip(own, before, strict=True)), f"b{k}{j:02}"])
            now.append("z" if last else f"h{k}{j:02}")
            lines.append(f"{now[-1]} = {linear}" if last else f"{now[-1]} = tanh({linear})")
        before = now
    return "\n".join([*lines, "L = (z - y)^2"]), tuple(names)


STEPS, BATCH, WIDE, INPUTS = 50, 16, 32, 8
RECURRENT = f"""
X: {STEPS}x{BATCH}x{INPUTS}
Y: {STEPS}x{BATCH}x1
h[0]: {BATCH}x{WIDE}
Wx: {INPUTS}x{WIDE}
Wh: {WIDE}x{WIDE}
b: {WIDE}
V: {WIDE}x1
c: 1
for t in 1..{STEPS}:
    h[t] = tanh(X[t-1] @ Wx + h[t-1] @ Wh + b)
    L += mse(h[t] @ V + c, Y[t-1])
"""


def cases() -> list[Case]:
    """Return the five networks of the table."""
    net = partial(layered, act="tanh", loss="mse(z, y)")
    classifier = partial(layered, act="relu", loss="cross_entropy(softmax(z), y)")
    plain, relu = (by_hand.tanh_net, by_hand.tanh_loss), (by_hand.relu_classifier, by_hand.relu_loss)
    return [
        Case("2-3-1, batch 1, numbers", *in_numbers([2, 3, 1]), *plain, (0.15, 0.25), numbers=True),
        Case("2-16-16-1, batch 32", *net([2, 16, 16, 1], 32), *plain, (0.80, 1.0)),
        Case("784-128-10 softmax, batch 64", *classifier([784, 128, 10], 64), *relu, (1.03, 1.5)),
        Case("784-512-512-10 softmax, batch 256", *classifier([784, 512, 512, 10], 256), *relu, (1.03, 1.5)),
        Case(
            "RNN 32 wide, 50 steps, batch 16",
            *(RECURRENT, ("Wx", "Wh", "b", "V", "c")),
            *(by_hand.recurrent, by_hand.recurrent_loss),
            (0.50, 1.0),
            scan=by_hand.scanned_loss,
        ),
    ]


# --- values ----------------------------------------------------------------------------------------------------------


def values_of(shapes: dict[str, tuple[int, ...]], weights: Sequence[str], dtype: str) -> dict[str, Any]:
    """Return random values: weights small, rows of y one-hot where there are classes."""
    random = np.random.default_rng(7)
    values = {n: (random.normal(size=s) * (0.1 if n in weights else 1.0)).astype(dtype) for n, s in shapes.items()}
    if "y" in shapes and shapes["y"][-1] > 1:
        values["y"] = np.eye(shapes["y"][-1], dtype=dtype)[random.integers(0, shapes["y"][-1], shapes["y"][0])]
    return values


def given(case: Case, dtype: str) -> tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]:
    """Return the values for the graph, the same in arrays for the peers, and the peers' names of the weights."""
    if not case.numbers:
        values = values_of(Graph(case.text).shapes, case.weights, dtype)
        values = {n: values[n] for n in Graph(case.text).inputs}
        return values, {n: v.copy() for n, v in values.items()}, case.weights
    text, names = layered([2, 3, 1], 1, "tanh", "mse(z, y)")
    arrays = values_of({n: s for n, s in Graph(text).shapes.items() if n in Graph(text).inputs}, names, dtype)
    numbers = {"x1": float(arrays["X"][0, 0]), "x2": float(arrays["X"][0, 1]), "y": float(arrays["y"][0, 0])}
    for name in case.weights:
        layer, unit = int(name[1]), int(name[2:4]) - 1
        entry = arrays[f"b{layer}"][unit] if name[0] == "b" else arrays[f"W{layer}"][int(name[4:]) - 1, unit]
        numbers[name] = float(entry)
    return numbers, arrays, names


# --- peers -----------------------------------------------------------------------------------------------------------

Peer = Callable[[], float]  # one step; returns the loss before it


def of_jax(loss: by_hand.Loss, values: dict[str, Any], names: Sequence[str]) -> Peer:
    """Return a jitted step of jax, its weights given back to it."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    held = {n: jax.numpy.asarray(values[n]) for n in names}
    data = {n: jax.numpy.asarray(v) for n, v in values.items() if n not in held}

    def step(weights: Any, data: Any) -> Any:
        value, gradients = jax.value_and_grad(partial(loss, jax.numpy))(weights, data)
        return value, {n: w - RATE * gradients[n] for n, w in weights.items()}

    jitted = jax.jit(step, donate_argnums=0)
    state = [held]

    def run() -> float:
        value, state[0] = jitted(state[0], data)
        jax.block_until_ready(state[0])
        return float(value)

    return run


def of_autograd(loss: by_hand.Loss, values: dict[str, Any], names: Sequence[str]) -> Peer:
    """Return a step of autograd."""
    library, module = import_module("autograd"), import_module("autograd.numpy")
    weights = {n: values[n].copy() for n in names}
    data = {n: v for n, v in values.items() if n not in weights}
    both = library.value_and_grad(partial(loss, module))

    def run() -> float:
        value, gradients = both(weights, data)
        for n, gradient in gradients.items():
            weights[n] -= RATE * gradient
        return float(value)

    return run


def peers_of(case: Case, dtype: str) -> dict[str, Peer]:
    """Return a step of each library, all on the same values; AssertionError where they do not agree."""
    values, arrays, names = given(case, dtype)
    f = compile_program(Graph(case.text).gradient_program("L", case.weights), dtype=dtype)
    own = {n: v.copy() for n, v in arrays.items()}
    peers: dict[str, Peer] = {"symback": lambda: f.step(values, RATE), "numpy": lambda: case.by_hand(own, RATE)}
    if find_spec("jax"):
        peers["jax"] = of_jax(case.loss, arrays, names)
        if case.scan:
            peers["jax scan"] = of_jax(case.scan, arrays, names)
    if find_spec("autograd"):
        peers["autograd"] = of_autograd(case.loss, arrays, names)
    for _ in range(5):
        losses = [peer() for peer in peers.values()]
        np.testing.assert_allclose(losses, losses[0], rtol=1e-10 if dtype == "float64" else 1e-3)
    return peers


def timed(peer: Peer) -> Callable[[], float]:
    """Return a task that steps for a while and returns the seconds of one step."""
    start = perf_counter()
    for _ in range(3):
        peer()
    repeats = max(1, int(PASS * 3 / (perf_counter() - start)))

    def task() -> float:
        start = process_time()
        for _ in range(repeats):
            peer()
        return (process_time() - start) / repeats

    return task


# --- the table -------------------------------------------------------------------------------------------------------


def rows(passes: int = 15) -> Iterator[Row]:
    """Measure, and yield the lines of the table."""
    for case in cases():
        for dtype in ("float64", "float32"):
            peers = peers_of(case, dtype)
            times = take_turns({name: timed(peer) for name, peer in peers.items()}, passes)
            own = times.pop("symback").least
            # jax is the faster of its two loops
            both = [times.pop(name).least for name in ("jax", "jax scan") if name in times]
            microseconds = f"{own * 1e6:.1f} µs"
            what = f"step: {case.name}, {dtype}"
            yield Row(what, own / times["numpy"].least, f"NumPy by hand ({microseconds})", case.bounds[0])
            if both:
                yield Row(what, own / min(both), "jax.jit", case.bounds[1])
            if "autograd" in times:
                yield Row(what, own / times["autograd"].least, "autograd")
    yield from costs()


def costs() -> Iterator[Row]:
    """Yield what does not depend on the machine's clock, and how long it takes to build code."""
    for case in cases():
        operations = compile_program(Graph(case.text).gradient_program("L", case.weights)).operations
        yield Row(f"operations: {case.name}", operations.ratio, "those of the loss alone", 3.0)
    text, names = in_numbers([2, 16, 16, 1])
    graph = Graph(text)
    least = min(building(graph, names) for _ in range(25))
    yield Row(f"build: 2-16-16-1 in {len(names)} numbers, gradient and code", least * 1000, "milliseconds", 50.0)
    half, whole = (min(building(repeated(n), ["x"], f"e{n}") for _ in range(7)) for n in (100, 200))
    yield Row("growth: e = e sin(e), n = 200, gradient and code", whole / half, "the same, n = 100", 2.4)


def building(graph: Graph, names: Sequence[str], loss: str = "L") -> float:
    """Return the CPU seconds to differentiate a graph, write its code and call it once."""
    values = dict.fromkeys(graph.inputs, 0.5)
    start = process_time()
    compile_program(graph.gradient_program(loss, names))(values)
    return process_time() - start


def repeated(n: int) -> Graph:
    """e1 = x sin(x), e2 = e1 sin(e1), ..."""
    lines = ["e1 = x sin(x)", *(f"e{k + 1} = e{k} sin(e{k})" for k in range(1, n))]
    return Graph("\n".join(lines))


def kernel() -> str:
    """Return which BLAS NumPy calls, and for which processor its kernel was written; it is never chosen here."""
    if not find_spec("threadpoolctl"):
        build = np.show_config(mode="dicts")["Build Dependencies"]["blas"]  # type: ignore[call-overload]
        return f"BLAS: {build['name']} {build['version']} (threadpoolctl would say which kernel)"
    pools = import_module("threadpoolctl").threadpool_info()
    words = [
        f"{p['internal_api']} {p['version']}, kernel {p.get('architecture')}, {p['num_threads']} thread" for p in pools
    ]
    return f"BLAS: {'; '.join(words) or 'none'}"
