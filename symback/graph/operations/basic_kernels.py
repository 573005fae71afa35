"""The kernels of the basic operations: what NumPy computes for each, with floats or exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from symback.errors import DomainError
from symback.expr.numeric import np, numpy
from symback.graph.nodes import Shape
from symback.graph.operations.guarded import times

Array = Any
Params = tuple[Any, ...]


def unknown(*inputs: Array) -> Array:
    """Refuse to work out what is given: an input, or a constant."""
    raise AssertionError("inputs and constants are given, not worked out")


def same(x: Array, *others: Array) -> Array:
    """Return the first input."""
    return x


def second(x: Array, y: Array) -> Array:
    """Return the second input."""
    return y


def power(base: Array, exponent: Array) -> Array:
    """Return a power; of a fraction it is exact where the exponent is whole."""
    if isinstance(exponent, Fraction) and exponent.denominator == 1 and is_exact(base):
        return base ** int(exponent)
    base, exponent = np.asarray(base, dtype=float), np.asarray(exponent, dtype=float)
    found = odd_root(float(exponent)) if np.ndim(exponent) == 0 and np.any(base < 0) else None
    return (np.power(base, exponent) if found is None else _real_power(base, found))[()]


LARGEST_INDEX = 99  # of a root that is recognised by its exponent


def odd_root(exponent: float) -> Fraction | None:
    """Return an exponent such as 1/3 or -4/5 as a fraction, None for one that gives no odd root.

    >>> odd_root(0.2), odd_root(0.5), odd_root(3.0)
    (Fraction(1, 5), None, None)
    """
    if not np.isfinite(exponent):
        return None
    found = Fraction(exponent).limit_denominator(LARGEST_INDEX)
    return found if found.denominator > 1 and found.denominator % 2 and float(found) == exponent else None


def _real_power(base: Array, exponent: Fraction) -> Array:
    """Return a power with an odd root in it, which is real for a negative base: (-8)^(2/3) = 4."""
    root = np.cbrt(base) if exponent.denominator == 3 else np.copysign(np.abs(base) ** (1 / exponent.denominator), base)
    return root ** float(exponent.numerator)


def is_exact(x: Array) -> bool:
    """Tell whether a value is a fraction, or an array of fractions."""
    return isinstance(x, Fraction) or bool(np.ndim(x)) and x.dtype == object


# --- softmax and losses ----------------------------------------------------------------------------------------------


def softmax(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def log_softmax(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def logsumexp(z: Array) -> Array:
    top = np.max(z, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(z - top), axis=-1)) + top[..., 0]


def times_log(y: Array, p: Array) -> Array:
    """Return y ln p, which is 0 where y and p are 0."""
    return times(y, np.log(p))


def _samples(x: Array) -> int:
    return math.prod(np.shape(x)[:-1])


def _rows(x: Array) -> int:
    return np.shape(x)[0] if np.ndim(x) else 1


def cross_entropy(p: Array, y: Array) -> Array:
    return -np.sum(times_log(y, p)) / _samples(p)


def softmax_cross_entropy(z: Array, y: Array, p: Array = None) -> Array:
    return -np.sum(y * log_softmax(z)) / _samples(z)


def bce(p: Array, y: Array) -> Array:
    return -np.sum(times_log(y, p) + times_log(1 - y, 1 - p)) / _rows(p)


def sigmoid_bce(z: Array, y: Array, p: Array = None) -> Array:
    return np.sum(np.logaddexp(0, z) - y * z) / _rows(z)


def mse(a: Array, b: Array) -> Array:
    return np.sum(np.square(np.subtract(a, b))) / np.size(a)


def norm2(x: Array) -> Array:
    return np.sum(np.square(x))


# --- arrays ---------------------------------------------------------------------------------------------------------


def summed(x: Array, params: Params, shape: Shape) -> Array:
    return np.sum(x, axis=params[0] if params else None)


def mean(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    count = np.shape(x)[params[0]] if params else np.size(x)
    return np.sum(x, axis=params[0] if params else None) / count


def broadcast(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    return np.broadcast_to(x if params[1] is None else np.expand_dims(x, params[1]), shape)


def reduce(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    """Sum over the axes along which an array of `shape` was broadcast to the shape of x."""
    own = np.ndim(x)
    x = np.sum(x, axis=tuple(range(own - len(shape)))) if own > len(shape) else x
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 and np.shape(x)[i] != 1)
    return np.sum(x, axis=stretched, keepdims=True) if stretched else x


def scatter(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    result = np.zeros(shape, dtype=object if is_exact(x) else float)
    result[params[0]] = x
    return result


def part(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    axis, start, stop = params
    return np.take(x, range(start, stop), axis=axis)


def inverse(matrix: Array) -> Array:
    try:
        return np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        raise DomainError("A matrix has no inverse at these values.", hint="Give values at which it has one.") from None


def one_hot(labels: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    return np.eye(params[0])[np.rint(numpy().asarray(labels, dtype=float)).astype(int)]


def concat(*parts: Array, params: Params, shape: Shape) -> Array:
    return np.concatenate(parts, axis=params[0])


def entry(x: Array, params: Params, shape: Shape) -> Array:
    return np.asarray(x)[params] if params else x


def logdet(a: Array) -> Array:
    return np.linalg.slogdet(a)[1]


def diagonal(a: Array) -> Array:
    return np.array(np.diagonal(a))


def times_outer(a: Array, b: Array) -> Array:
    return times(np.asarray(a)[:, None], b)


# --- arrays of constants ---------------------------------------------------------------------------------------------


def eye(params: Params, shape: Shape) -> Array:
    return np.eye(params[0])


def ones(params: Params, shape: Shape) -> Array:
    return np.ones(shape)


def zeros(params: Params, shape: Shape) -> Array:
    return np.zeros(shape)


def unit(params: Params, shape: Shape) -> Array:
    return np.eye(params[1])[params[0]]


def size(params: Params, shape: Shape) -> Array:
    return float(params[0])
