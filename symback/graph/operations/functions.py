"""The kernels of elementary functions: the NumPy code of their rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from symback.expr.functions import FUNCTIONS
from symback.graph.operations.running import function_of


def has_kernel(function: str) -> bool:
    """Tell whether a function is worked out by code of its own; others are what their rows define them to be."""
    return bool(FUNCTIONS[function].numpy)


@cache
def function_kernel(function: str) -> Callable[..., Any]:
    """Return the NumPy code of a function's row as a function.

    >>> float(function_kernel("sigmoid")(0.0))
    0.5
    """
    return function_of(FUNCTIONS[function].numpy.format(x="v0"), ("v0",))
