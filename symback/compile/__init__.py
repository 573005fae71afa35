"""Gradients as fast code: a gradient program becomes straight-line source, checked, and run on values given by name.

The way of a program: `expand` (small, stable operations), `sums` and `loops` (what a loop repeats, at once), `rate`
(the learning rate where it costs least), `lower` and `buffers` (memory), and then source: `arrays` for NumPy,
`scalars` for numbers alone, `functional` for jax and torch. `source` checks and executes it, `compiled` calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from symback.compile.compiled import ArrayGradient, CompiledGradient, Operations, ScalarGradient
from symback.compile.expand import GradientProgram
from symback.compile.functional import JaxGradient, TorchGradient
from symback.compile.of_graph import GraphGradient
from symback.errors import UsageError
from symback.graph.graph import Graph

__all__ = ["CompiledGradient", "GraphGradient", "Operations", "compile_program", "lambdify"]

DTYPES = ("float64", "float32")
BACKENDS: dict[str, type[CompiledGradient]] = {"numpy": ArrayGradient, "jax": JaxGradient, "torch": TorchGradient}


def compile_program(program: GradientProgram, backend: str = "numpy", dtype: str = "float64") -> CompiledGradient:
    """Return the loss and gradients of a program as a function of `{name: value}`.

    For numpy a program of numbers alone becomes `math` code. UsageError for a backend or a number type that does not
    exist.
    """
    _refuse_unknown(backend, dtype)
    if backend == "numpy" and not any(node.shape for node in program.nodes):
        return ScalarGradient(program, dtype)
    return BACKENDS[backend](program, dtype)


def lambdify(
    graph: Graph,
    loss: str | None = None,
    wrt: Sequence[str] | None = None,
    backend: str = "numpy",
    dtype: str = "float64",
) -> GraphGradient:
    """Return f(values) -> (loss, {name: gradient}) for a graph, for values of any shape that fits it.

    >>> f = lambdify(Graph("L = (w x - y)^2"), wrt=["w"])
    >>> f({"w": 2, "x": 3, "y": 5})
    (1.0, {'w': 6.0})
    >>> print(f.source.splitlines()[0])
    def gradient(v0, v1, v2):
    """
    _refuse_unknown(backend, dtype)
    return GraphGradient(graph, loss, wrt, partial(compile_program, backend=backend, dtype=dtype))


def _refuse_unknown(backend: str, dtype: str) -> None:
    if dtype not in DTYPES:
        raise UsageError(f"There is no number type {dtype!r} here.", hint=f"Take one of {', '.join(DTYPES)}.")
    if backend not in BACKENDS:
        raise UsageError(f"There is no backend {backend!r}.", hint=f"Take one of {', '.join(BACKENDS)}.")
