"""The few array functions that NumPy has no name for, and the names that generated NumPy source may use."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symback.graph.operations.guarded import product, ratio, times
from symback.graph.operations.kernels import NAMES as OF_ROWS

Array = NDArray[Any]
_erf = np.frompyfunc(math.erf, 1, 1)


def erf(x: Array, out: Array | None = None) -> Any:
    """Return the error function of every entry."""
    values = np.asarray(_erf(x)).astype(np.asarray(x).dtype)
    if out is None:
        return values[()]
    out[...] = values
    return out


def xlogy(x: Array, y: Array, out: Array | None = None) -> Any:
    """Return x ln y, which is 0 for x = 0 and y = 0: the limit that entropies need."""
    return times(x, np.log(y), out)


def choose(condition: Array, a: Array, b: Array, out: Array | None = None) -> Any:
    """Return the entries of a where a condition is not 0, and those of b elsewhere."""
    holds = np.not_equal(condition, 0) if condition.dtype != bool else condition
    if out is None:
        return np.where(holds, a, b)[()]
    if out is a:
        _put(out, np.logical_not(holds), b)
    else:
        if out is not b:
            np.copyto(out, b)
        _put(out, holds, a)
    return out


def _put(out: Array, holds: Array, values: Array) -> None:
    """Put values where a condition holds; putmask is faster than copyto, and repeats nothing but a number."""
    if holds.shape == out.shape and values.shape in (out.shape, ()):
        np.putmask(out, holds, values)
    else:
        np.copyto(out, values, where=holds)


_vecdot = getattr(np, "vecdot", partial(np.einsum, "...i,...i->..."))  # NumPy 1 has no vecdot


def rowdot(a: Array, b: Array, out: Array | None = None) -> Any:
    """Return the sums of products along the last axis."""
    return _vecdot(a, b, out=out)


def coldot(a: Array, b: Array, out: Array | None = None) -> Any:
    """Return the sums of products along the first axis."""
    return np.einsum("i...,i...->...", a, b, out=out)


def logdet(a: Array) -> Any:
    """Return ln |det A|, as the graph's own numbers do; -inf for a singular matrix."""
    return np.linalg.slogdet(a)[1]


def inverse(a: Array) -> Array:
    """Return the inverse matrix; nan in all entries where there is none."""
    try:
        return np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return np.full_like(a, np.nan)


def one_hot(labels: Array, classes: int) -> Array:
    """Return rows with a 1 at the place of each label, a whole number from 0."""
    rows: Array = (labels[..., None] == np.arange(classes)).astype(labels.dtype)
    return rows


# fmt: off
_UFUNCS = (
    "add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "hypot", "negative", "absolute", "sign",
    "ceil", "floor", "rint", "square", "sqrt", "cbrt", "exp", "log", "log1p", "expm1", "sin", "cos", "tan",
    "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh",
)
# fmt: on


def names(dtype: str) -> dict[str, Any]:
    """Return what generated source may call, for arrays of that type."""
    kind = np.dtype(dtype)
    made: dict[str, Callable[..., Any]] = {
        name: partial(getattr(np, name), dtype=kind) for name in ("empty", "zeros", "ones", "eye", "array")
    }
    own: dict[str, Callable[..., Any]] = {
        f.__name__: f for f in (erf, xlogy, choose, rowdot, coldot, times, ratio, product, logdet, inverse, one_hot)
    }
    common = {name: getattr(np, name) for name in (*_UFUNCS, "dot", "matmul", "vdot", "trace", "concatenate", "copyto")}
    reductions = {"total": np.add.reduce, "greatest": np.maximum.reduce}
    of_rows = {**OF_ROWS, "np": np, "truth": partial(np.asarray, dtype=kind), "stacked": partial(np.stack, dtype=kind)}
    others = {"float": float, "inf": math.inf, "quiet": np.errstate(all="ignore")}
    return {**of_rows, **common, **reductions, **made, **own, **others}
