"""What the operations of the table are worth, by an arithmetic of its own: nothing here asks the table of symback.

What only gradients hold is worked out entry by entry, with NumPy; the rest with NumPy or with jax.numpy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

import numpy as np

Array = Any


def _whole(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(int(size) for size in sizes)


def _axis(axis: tuple[Any, ...]) -> int | None:
    return int(axis[0]) if axis else None


def _places(ix: Array) -> Array:
    return np.rint(np.asarray(ix, dtype=float)).astype(int)


# --- entries elsewhere -----------------------------------------------------------------------------------------------


def _put_at(xp: Any, part: Array, place: float, axis: float, *shape: float) -> Array:
    whole = np.zeros(_whole(shape))
    whole[(slice(None),) * int(axis) + (int(place),)] = part
    return whole


def _scatter_add(xp: Any, rows: Array, ix: Array, *shape: float) -> Array:
    whole, places = np.zeros(_whole(shape)), _places(ix)
    for at in np.ndindex(places.shape):
        whole[places[at]] += rows[at]
    return whole


def _sum_to(xp: Any, x: Array, *shape: float) -> Array:
    whole = np.zeros(_whole(shape))
    for at in np.ndindex(np.shape(x)):
        kept = at[len(at) - len(shape) :]
        whole[tuple(0 if n == 1 else i for i, n in zip(kept, whole.shape, strict=True))] += x[at]
    return whole


def _cumsum(xp: Any, x: Array, *axis: float) -> Array:
    along = _axis(axis) or 0
    sums = [xp.sum(xp.take(x, np.arange(i + 1), axis=along), axis=along) for i in range(np.shape(x)[along])]
    return xp.stack(sums, axis=along)


def _flip(xp: Any, x: Array, *axis: float) -> Array:
    along = _axis(axis) or 0
    return xp.take(x, np.arange(np.shape(x)[along])[::-1], axis=along)


def _stack(axis: int) -> Callable[..., Array]:
    return lambda xp, *parts: xp.stack([xp.asarray(part, dtype=float) for part in parts], axis=axis)


# --- along an axis ---------------------------------------------------------------------------------------------------


def _at(best: Callable[..., Array]) -> Callable[..., Array]:
    def at(xp: Any, x: Array, *axis: float) -> Array:
        found = np.asarray(x == best(x, axis=_axis(axis), keepdims=True), dtype=float)
        return found / np.sum(found, axis=_axis(axis), keepdims=True)

    return at


def _prod(xp: Any, x: Array, *axis: float) -> Array:
    along = _axis(axis)
    if along is None:
        x, along = xp.reshape(x, (-1,)), 0
    return reduce(lambda a, b: a * b, [xp.take(x, i, axis=along) for i in range(np.shape(x)[along])])


def _prod_of_others(xp: Any, x: Array, *axis: float) -> Array:
    along, made = _axis(axis), np.ones(np.shape(x))
    for at in np.ndindex(made.shape):
        line = np.ravel(x) if along is None else x[(*at[:along], slice(None), *at[along + 1 :])]
        made[at] = np.prod(np.delete(line, np.ravel_multi_index(at, made.shape) if along is None else at[along]))
    return made


def _logsumexp(xp: Any, x: Array, *axis: float, keep: bool = False) -> Array:
    top = np.max(x) if xp is np else 0.0  # the graphs of the sweep stay small; tables of large values use NumPy
    return top + xp.log(xp.sum(xp.exp(x - top), axis=int(axis[0]) if axis else -1, keepdims=keep))


def _log_softmax(xp: Any, x: Array, *axis: float) -> Array:
    return x - _logsumexp(xp, x, *axis, keep=True)


def _softmax(xp: Any, x: Array, *axis: float) -> Array:
    return xp.exp(_log_softmax(xp, x, *axis))


def gap(best: int) -> Callable[..., Array]:
    """Return how far the greatest (or the least) entry is from the next, which is 0 at a kink."""

    def apart(x: Array, *axis: float) -> Array:
        ordered = np.sort(x, axis=_axis(axis)) if axis else np.sort(np.ravel(x))
        along = _axis(axis) or 0
        if ordered.shape[along] < 2:
            return np.ones(1)
        first, second = (np.take(ordered, i, axis=along) for i in ((-1, -2) if best > 0 else (0, 1)))
        return first - second

    return apart


# --- products --------------------------------------------------------------------------------------------------------


def _kron(xp: Any, a: Array, b: Array) -> Array:
    return xp.concatenate([xp.concatenate([a[i, j] * b for j in range(a.shape[1])], axis=1) for i in range(a.shape[0])])


def _batches(x: Array, kernel: Array) -> tuple[Array, Array, tuple[int, ...]]:
    """Return an input as samples x channels x rows x columns, its kernel, and which axes were put in."""
    if np.ndim(x) == 2:
        return x[None, None], kernel[None, None], (0, 1)
    return (x[None], kernel, (0,)) if np.ndim(x) == 3 else (x, kernel, ())


def _spots(shape: tuple[int, ...], size: tuple[int, int], stride: int) -> Iterator[tuple[int, int, slice, slice]]:
    """Yield each place in a window, and the entries along both axes that stand at it in all windows."""
    rows, columns = ((n - k) // stride for n, k in zip(shape[-2:], size, strict=True))
    for p in range(size[0]):
        for q in range(size[1]):
            yield p, q, slice(p, p + rows * stride + 1, stride), slice(q, q + columns * stride + 1, stride)


def _conv2d(xp: Any, x: Array, kernel: Array, stride: float = 1, padding: float = 0) -> Array:
    x, kernel, added = _batches(x, kernel)
    pad = int(padding)
    x = xp.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    parts = [
        xp.sum(x[:, None, :, rows, columns] * kernel[None, :, :, p, q, None, None], axis=2)
        for p, q, rows, columns in _spots(x.shape, kernel.shape[2:], int(stride))
    ]
    return xp.squeeze(sum(parts[1:], parts[0]), axis=added)


def _conv2d_inputs(xp: Any, g: Array, kernel: Array, stride: float, padding: float, *shape: float) -> Array:
    made = np.zeros(_whole(shape))
    whole, kernel, added = _batches(made, kernel)
    g = np.reshape(g, (whole.shape[0], kernel.shape[0], *np.shape(g)[-2:]))
    pad = int(padding)
    whole = np.pad(whole, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for p, q, rows, columns in _spots(whole.shape, kernel.shape[2:], int(stride)):
        whole[:, :, rows, columns] += np.sum(g[:, :, None] * kernel[None, :, :, p, q, None, None], axis=1)
    inner = whole[:, :, pad : whole.shape[2] - pad, pad : whole.shape[3] - pad]
    return np.squeeze(inner, axis=added)


def _conv2d_kernel(xp: Any, x: Array, g: Array, stride: float, padding: float, *shape: float) -> Array:
    x, kernel, _ = _batches(x, np.zeros(_whole(shape)))
    g = np.reshape(g, (x.shape[0], kernel.shape[0], *np.shape(g)[-2:]))
    pad = int(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for p, q, rows, columns in _spots(x.shape, kernel.shape[2:], int(stride)):
        kernel[:, :, p, q] = np.sum(g[:, :, None] * x[:, None, :, rows, columns], axis=(0, 3, 4))
    return np.reshape(kernel, _whole(shape))


def _windows(xp: Any, x: Array, size: float, stride: float) -> Array:
    """Return the entries of each window of pooling along a new first axis."""
    step = int(stride) or int(size)
    spots = _spots(np.shape(x), (int(size), int(size)), step)
    return xp.stack([x[..., rows, columns] for _, _, rows, columns in spots])


def _maxpool2d_inputs(xp: Any, g: Array, x: Array, size: float, stride: float = 0) -> Array:
    whole, step = np.zeros(np.shape(x)), int(stride) or int(size)
    first = np.argmax(_windows(np, x, size, stride), axis=0)
    for number, (_, _, rows, columns) in enumerate(_spots(np.shape(x), (int(size), int(size)), step)):
        whole[..., rows, columns] += np.where(first == number, g, 0)
    return whole


def _meanpool2d_inputs(xp: Any, g: Array, size: float, stride: float, *shape: float) -> Array:
    whole, step = np.zeros(_whole(shape)), int(stride) or int(size)
    for _, _, rows, columns in _spots(whole.shape, (int(size), int(size)), step):
        whole[..., rows, columns] += g / int(size) ** 2
    return whole


# fmt: off
CALLS: dict[str, Callable[..., Array]] = {
    "transpose": lambda xp, a, *axes: xp.transpose(a, _whole(axes) or None),
    "matmul": lambda xp, a, b: xp.matmul(a, b),
    "matrix_transpose": lambda xp, a: xp.einsum("...ij->...ji", a),
    "reshape": lambda xp, a, *shape: xp.reshape(a, _whole(shape)),
    "flatten": lambda xp, a: xp.reshape(a, (-1,)),
    "expand": lambda xp, a, axis: xp.expand_dims(a, int(axis)),
    "squeeze": lambda xp, a, axis: xp.squeeze(a, axis=int(axis)),
    "broadcast_to": lambda xp, a, *shape: a * np.ones(_whole(shape)),
    "take": lambda xp, a, place, axis: a[(slice(None),) * int(axis) + (int(place),)],
    "put_at": _put_at, "scatter_add": _scatter_add, "sum_to": _sum_to, "cumsum": _cumsum, "flip": _flip,
    "gather": lambda xp, a, ix: a[_places(ix)],
    "array": _stack(0), **{f"array[{axis}]": _stack(axis) for axis in range(4)},
    "max_along": lambda xp, a, *axis: xp.max(a, axis=_axis(axis)),
    "min_along": lambda xp, a, *axis: xp.min(a, axis=_axis(axis)),
    "at_max": _at(np.max), "at_min": _at(np.min),
    "prod": _prod, "prod_of_others": _prod_of_others,
    "softmax": _softmax, "log_softmax": _log_softmax, "logsumexp": _logsumexp,
    "greater": lambda xp, a, b: xp.where(a > b, 1.0, 0.0), "less": lambda xp, a, b: xp.where(a < b, 1.0, 0.0),
    "at_least": lambda xp, a, b: xp.where(a >= b, 1.0, 0.0), "at_most": lambda xp, a, b: xp.where(a <= b, 1.0, 0.0),
    "equal": lambda xp, a, b: xp.where(a == b, 1.0, 0.0), "differs": lambda xp, a, b: xp.where(a != b, 1.0, 0.0),
    "where": lambda xp, c, a, b: xp.where(c != 0, a, b),
    "inf": lambda xp: math.inf,
    "kron": _kron,
    "conv2d": _conv2d, "conv2d_inputs": _conv2d_inputs, "conv2d_kernel": _conv2d_kernel,
    "maxpool2d": lambda xp, x, size=2, stride=0: xp.max(_windows(xp, x, size, stride), axis=0),
    "meanpool2d": lambda xp, x, size=2, stride=0: xp.mean(_windows(xp, x, size, stride), axis=0),
    "maxpool2d_inputs": _maxpool2d_inputs, "meanpool2d_inputs": _meanpool2d_inputs,
}

KINKS: dict[str, Callable[..., Array]] = {
    **dict.fromkeys(("greater", "less", "at_least", "at_most", "equal", "differs"), lambda a, b: a - b),
    "max_along": gap(1), "min_along": gap(-1),
    "maxpool2d": lambda x, size=2, stride=0: gap(1)(_windows(np, x, size, stride), 0),
}
# fmt: on


def einsum(name: str) -> Callable[..., Array]:
    """Return the einsum whose letters stand in its name, summed up entry by entry of all letters."""
    spec = name.partition("[")[2].removesuffix("]")
    left, arrow, right = spec.partition("->")
    inputs = left.split(",")
    if not arrow:
        letters = "".join(inputs)
        right = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    order = [*right, *sorted({*"".join(inputs)} - {*right})]

    def value(xp: Any, *parts: Array) -> Array:
        made: Array = 1.0
        for own, part in zip(inputs, parts, strict=True):
            made = made * _aligned(xp, part, own, order)
        shape = {
            c: n for own, part in zip(inputs, parts, strict=True) for c, n in zip(own, np.shape(part), strict=True)
        }
        made = made * np.ones([shape[c] for c in order])
        return xp.sum(made, axis=tuple(range(len(right), len(order))))

    return value


def _aligned(xp: Any, part: Array, own: str, order: list[str]) -> Array:
    """Return an array with an axis for each letter of the order; of a letter that stands twice it has the diagonal."""
    while len(set(own)) < len(own):
        at = next(i for i, c in enumerate(own) if c in own[:i])
        first = own.index(own[at])
        eye = np.expand_dims(np.eye(part.shape[at]), tuple(i for i in range(len(own)) if i not in (first, at)))
        part, own = xp.sum(part * eye, axis=at), own[:at] + own[at + 1 :]
    part = xp.transpose(part, [own.index(c) for c in order if c in own]) if own else part
    missing = tuple(i for i, c in enumerate(order) if c not in own)
    return xp.expand_dims(part, missing) if missing else part
