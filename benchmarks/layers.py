"""The loss of a layer with all its gradients, beside NumPy by hand and jax.jit, which compute the same.

What they find is compared before anything is timed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks import Row, layers_by_hand, take_turns
from symback.compile import compile_program
from symback.graph.graph import Graph
from symback.graph.networks import lstm

PASS = 0.05  # seconds of one pass of one peer
BY_HAND, BY_JAX = 1.05, 1.0  # what is kept at most
Task = Callable[[], Any]


@dataclass(frozen=True)
class Case:
    """One layer: as a graph, by hand, and as a loss; what it is not differentiated by."""

    name: str
    graph: Graph
    by_hand: layers_by_hand.ByHand
    loss: layers_by_hand.Loss
    data: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """What it is differentiated by."""
        return [name for name in self.graph.inputs if name not in self.data]


def cases() -> list[Case]:
    """Return the layers of the table."""
    by = layers_by_hand
    convolution = """
    X: 8x1x28x28; K: 8x1x3x3; b: 8; T: 8x8x13x13
    Z = conv2d(X, K) + reshape(b, 8, 1, 1)
    P = maxpool2d(Z, 2)
    L = mse(P, T)"""
    attention = """
    Q: 64x32; K: 64x32; V: 64x32; M: 64x64; T: 64x32
    S = Q @ K.T / sqrt(32)
    A = softmax(where(M > 0, S, -inf))
    O = A @ V
    L = mse(O, T)"""
    layer_norm = """
    X: 256x512; gamma: 512; beta: 512; T: 256x512
    mu = mean(X, axis=1, keepdims=True)
    v = mean((X - mu)^2, axis=1, keepdims=True)
    N = (X - mu)/sqrt(v + 0.00001)
    Y = gamma*N + beta
    L = mse(Y, T)"""
    return [
        Case("convolution 8x1x28x28, 8 filters 3x3, 2x2 max pooling", Graph(convolution), by.convolution,
             by.convolution_loss, ("T",)),
        Case("attention 64x64, 32 wide, causal", Graph(attention), by.attention, by.attention_loss, ("M", "T")),
        Case("LSTM 32 wide, 50 steps, batch 16", lstm(8, 32, 50, batch=16), by.lstm, by.lstm_loss, ("y",)),
        Case("layer norm 256x512", Graph(layer_norm), by.layer_norm, by.layer_norm_loss, ("T",)),
    ]  # fmt: skip


def values_of(case: Case, dtype: str) -> dict[str, Any]:
    """Return random values: weights small, and a mask of what is before."""
    random = np.random.default_rng(7)
    shapes = {name: case.graph.shapes[name] for name in case.graph.inputs}
    small = {name for name, shape in shapes.items() if name[0] in "WUV" and len(shape) == 2 and name != "V"}
    values = {n: random.normal(size=s) * (0.2 if n in small else 1.0) for n, s in shapes.items()}
    if "M" in values:
        values["M"] = np.tri(len(values["M"]))
    return {name: value.astype(dtype) for name, value in values.items()}


def peers_of(case: Case, dtype: str) -> dict[str, Task]:
    """Return the loss with its gradients by each library, on the same values; AssertionError where they differ."""
    values, names = values_of(case, dtype), case.names
    f = compile_program(case.graph.gradient_program("L", names), dtype=dtype)
    peers: dict[str, Task] = {"symback": lambda: f(values), "numpy": lambda: case.by_hand(values)}
    if find_spec("jax"):
        peers["jax"] = of_jax(case, values)
    found = {name: peer() for name, peer in peers.items()}
    loss, gradients = found["numpy"]
    within = 1e-9 if dtype == "float64" else 2e-3
    for other_loss, others in found.values():
        np.testing.assert_allclose(other_loss, loss, rtol=within)
        for name in names:
            scale = np.max(np.abs(gradients[name]))
            np.testing.assert_allclose(others[name], gradients[name], rtol=0, atol=within * scale, err_msg=name)
    return peers


def of_jax(case: Case, values: dict[str, Any]) -> Task:
    """Return jax's own loss and gradients, compiled."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    arrays = {name: jax.numpy.asarray(value) for name, value in values.items()}
    own = {name: arrays[name] for name in case.names}
    data = {name: arrays[name] for name in case.data}
    both = jax.jit(jax.value_and_grad(lambda own, data: case.loss(jax.numpy, {**own, **data})))
    return lambda: jax.block_until_ready(both(own, data))


def timed(peer: Task) -> Callable[[], float]:
    """Return a task that calls a peer for a while and returns the seconds of one call."""
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


def rows(passes: int = 15) -> Iterator[Row]:
    """Measure, and yield the lines of the table."""
    for case in cases():
        for dtype in ("float64", "float32"):
            peers = peers_of(case, dtype)
            times = take_turns({name: timed(peer) for name, peer in peers.items()}, passes)
            own = times["symback"].least
            what = f"layer: {case.name}, {dtype}"
            yield Row(what, own / times["numpy"].least, f"NumPy by hand ({own * 1e6:.1f} µs)", BY_HAND)
            if "jax" in times:
                yield Row(what, own / times["jax"].least, "jax.jit", BY_JAX)


def report() -> Iterator[str]:
    """Say what stands in the way where jax.jit is faster."""
    yield (
        "Layers beside jax.jit: an LSTM of 50 steps is some 2,400 calls of NumPy, each of which costs about a "
        "microsecond beside its work, where jax runs one compiled loop; layer norm is some thirty operations, most of "
        "them a pass over its megabyte, where jax fuses several into one. Both are faster than NumPy by hand."
    )
