"""Gradients as fast code: a gradient program becomes straight-line source, checked, and run as a function of named values.

The way of a program: `expand` (small, stable operations), `sums` and `loops` (what a loop repeats, at once), `rate` (the
learning rate where it costs least), `lower` and `buffers` (memory), and then source: `arrays` for NumPy, `scalars` for
numbers alone, `functional` for jax and torch. `source` checks and executes it, `compiled` calls it.
"""

from __future__ import annotations

from collections.abc import Sequence

from symback.codegen.compiled import ArrayGradient, CompiledGradient, Operations, ScalarGradient
from symback.codegen.expand import GradientProgram
from symback.codegen.functional import JaxGradient, TorchGradient
from symback.errors import UsageError

__all__ = ["CompiledGradient", "Operations", "compile_program"]

DTYPES = ("float64", "float32")
BACKENDS: dict[str, type[CompiledGradient]] = {"numpy": ArrayGradient, "jax": JaxGradient, "torch": TorchGradient}


def compile_program(
    program: GradientProgram, inputs: Sequence[str] = (), backend: str = "numpy", dtype: str = "float64"
) -> CompiledGradient:
    """Return the loss and gradients of a program as a function of `{name: value}`.

    For numpy a program of numbers alone becomes `math` code. `inputs` fixes nothing: what is needed is what the program
    reads. UsageError for a backend or a number type that there is not.
    """
    if dtype not in DTYPES:
        raise UsageError(f"There is no number type {dtype!r} here.", hint=f"Take one of {', '.join(DTYPES)}.")
    if backend not in BACKENDS:
        raise UsageError(f"There is no backend {backend!r}.", hint=f"Take one of {', '.join(BACKENDS)}.")
    if backend == "numpy" and not any(node.shape for node in program.nodes):
        return ScalarGradient(program, dtype)
    return BACKENDS[backend](program, dtype)
