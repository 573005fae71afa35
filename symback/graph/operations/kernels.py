"""The kernels that NumPy has no one name for; the rows of operations call them in their NumPy code."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from symback.errors import DomainError
from symback.expr.numeric import PLAIN, np, numpy
from symback.expr.reals import FUNCTIONS

Array = Any


def truth(condition: Array) -> Array:
    """Return 1 where a comparison holds and 0 where it does not."""
    return np.asarray(condition, dtype=float)[()]


def whole(x: Array) -> Array:
    """Return numbers that are whole as integers."""
    return np.rint(numpy().asarray(x, dtype=float)).astype(np.int64)


def erf(x: Array) -> Array:
    """Return the error function of every entry."""
    return FUNCTIONS["erf"](x) if type(x) in PLAIN else np.vectorize(math.erf, otypes=[float])(x)[()]


# --- parts -----------------------------------------------------------------------------------------------------------


def stacked(parts: Sequence[Array], axis: int) -> Array:
    """Return arrays of one shape as one array with an axis more."""
    return np.stack([numpy().asarray(part) for part in parts], axis=axis)


def put_at(part: Array, place: int, axis: int, shape: Sequence[int]) -> Array:
    """Return zeros with a part at one place along an axis."""
    part = numpy().asarray(part)
    result = np.zeros(shape, dtype=part.dtype)
    np.moveaxis(result, axis, 0)[place] = part
    return result


def scatter_add(rows: Array, places: Array, shape: Sequence[int]) -> Array:
    """Return zeros to which each row is added at its place along the first axis."""
    rows = numpy().asarray(rows)
    result = np.zeros(shape, dtype=rows.dtype)
    numpy().add.at(result, whole(places), rows)
    return result


def sum_to(x: Array, shape: Sequence[int]) -> Array:
    """Return the sum over the axes along which an array of this shape was repeated."""
    x = numpy().asarray(x)
    x = np.sum(x, axis=tuple(range(x.ndim - len(shape)))) if x.ndim > len(shape) else x
    repeated = tuple(i for i, n in enumerate(shape) if n == 1 and x.shape[i] != 1)
    return np.sum(x, axis=repeated, keepdims=True) if repeated else x


# --- along an axis ---------------------------------------------------------------------------------------------------


def prod_of_others(x: Array, axis: int | None = None) -> Array:
    """Return for each entry the product of all others along an axis (or of all), without a division."""
    x = numpy().asarray(x)
    if axis is None:
        return prod_of_others(x.reshape(-1), 0).reshape(x.shape)
    x = np.moveaxis(x, axis, 0)
    one = np.ones_like(x[:1])
    before = np.cumprod(np.concatenate([one, x[:-1]]), axis=0)
    after = np.cumprod(np.concatenate([one, x[:0:-1]]), axis=0)[::-1]
    return np.moveaxis(before * after, 0, axis)


def at_max(x: Array, axis: int | None = None) -> Array:
    """Return 1 at the greatest entry along an axis, shared out where several are the greatest, and 0 elsewhere."""
    x = numpy().asarray(x)
    is_greatest = (x == np.max(x, axis=axis, keepdims=True)).astype(x.dtype)
    return is_greatest / np.sum(is_greatest, axis=axis, keepdims=True)


def at_min(x: Array, axis: int | None = None) -> Array:
    """Return 1 at the least entry along an axis, shared out where several are the least, and 0 elsewhere."""
    return at_max(-numpy().asarray(x), axis)


# --- matrices --------------------------------------------------------------------------------------------------------


def solve(a: Array, b: Array) -> Array:
    """Return the x of a @ x = b; DomainError where the matrix is singular."""
    a, b = numpy().asarray(a), numpy().asarray(b)
    try:
        return np.linalg.solve(a, b[:, None])[:, 0] if b.ndim == 1 else np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        hint = "Give values at which it has an inverse."
        raise DomainError("The matrix of solve is singular at these values.", hint=hint) from None


def einsum(*operands: Array) -> Array:
    """Return the einsum of arrays, each followed by the numbers of its axes, and those of the result at the end."""
    made = list(map(_listed, operands))
    if len(operands) < 6:  # one or two arrays
        return numpy().asarray(np.einsum(*made, optimize=len(operands) > 3))
    letters = tuple(o for o in operands if isinstance(o, tuple))
    shapes = tuple(np.shape(o) for o in operands if not isinstance(o, tuple))
    return numpy().asarray(np.einsum(*made, optimize=_order(letters, shapes)))


@lru_cache(maxsize=256)
def _order(letters: tuple[tuple[int, ...], ...], shapes: tuple[tuple[int, ...], ...]) -> Any:
    """Return in which order many arrays are multiplied; to find it takes longer than to do it."""
    given: list[Any] = [
        part for axes, shape in zip(letters, shapes, strict=False) for part in (np.empty(shape), list(axes))
    ]
    return np.einsum_path(*given, list(letters[-1]), optimize="greedy")[0]


def _listed(operand: Array) -> Array:
    return list(operand) if isinstance(operand, tuple) else operand


# --- convolutions and pooling: arrays of samples, channels, rows, columns --------------------------------------------


def _windows(x: Array, size: tuple[int, int], stride: int) -> Array:
    """Return a view of all windows: samples, channels, places, places, rows, columns."""
    return np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))[:, :, ::stride, ::stride]


def _padded(x: Array, padding: int) -> Array:
    if not padding:
        return x
    n, c, h, w = x.shape
    made = np.zeros((n, c, h + 2 * padding, w + 2 * padding), x.dtype)
    made[:, :, padding:-padding, padding:-padding] = x
    return made


def _columns(x: Array, size: tuple[int, int], stride: int) -> Array:
    """Return the windows of a sample as the columns of a matrix: samples, entries of a window, places."""
    n, c, _, _ = x.shape
    windows = _windows(x, size, stride)
    oh, ow = windows.shape[2:4]
    columns = np.empty((n, c, *size, oh, ow), x.dtype)
    for i in range(size[0]):
        for j in range(size[1]):
            columns[:, :, i, j] = windows[:, :, :, :, i, j]
    return columns.reshape(n, c * size[0] * size[1], oh * ow)


def _as_samples(x: Array, axes: int = 4) -> Array:
    x = numpy().asarray(x)
    return x.reshape((1,) * (axes - x.ndim) + x.shape)


def conv2d(x: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return the products of a kernel with every window, summed: no flip of the kernel, as in neural networks."""
    own = np.ndim(x)
    x, kernel = _as_samples(x), _as_samples(kernel)
    x = _padded(x, padding)
    o, _, kh, kw = kernel.shape
    n, _, h, w = x.shape
    columns = _columns(x, (kh, kw), stride)
    made = np.matmul(kernel.reshape(o, -1), columns)
    made = made.reshape(n, o, (h - kh) // stride + 1, (w - kw) // stride + 1)
    return made.reshape(made.shape[4 - own :])


def conv2d_inputs(g: Array, kernel: Array, stride: int, padding: int, shape: Sequence[int]) -> Array:
    """Return what flows back to the inputs: each window gets the kernel times its entry of g."""
    g, kernel = _as_samples(g), _as_samples(kernel)
    n, c, h, w = (1,) * (4 - len(shape)) + tuple(shape)
    o, _, kh, kw = kernel.shape
    oh, ow = g.shape[2:]
    columns = np.matmul(kernel.reshape(o, -1).T, g.reshape(n, o, oh * ow)).reshape(n, c, kh, kw, oh, ow)
    made = _overlapped(columns, (n, c, h + 2 * padding, w + 2 * padding), stride)
    return made[:, :, padding : padding + h, padding : padding + w].reshape(shape)


def _overlapped(columns: Array, shape: Sequence[int], stride: int) -> Array:
    """Add windows up at their places."""
    made = np.zeros(shape, columns.dtype)
    kh, kw, oh, ow = columns.shape[2:]
    for i in range(kh):
        for j in range(kw):
            made[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += columns[:, :, i, j]
    return made


def conv2d_kernel(x: Array, g: Array, stride: int, padding: int, shape: Sequence[int]) -> Array:
    """Return what flows back to the kernel: every window times its entry of g, summed over places and samples."""
    x, g = _padded(_as_samples(x), padding), _as_samples(g)
    _, _, kh, kw = (1,) * (4 - len(shape)) + tuple(shape)
    n, o, oh, ow = g.shape
    columns = _columns(x, (kh, kw), stride)[:, :, : oh * ow]
    made = np.matmul(g.reshape(n, o, oh * ow), columns.transpose(0, 2, 1)).sum(axis=0)
    return made.reshape(shape)


def conv1d(x: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return the convolution along the last axis: the one of arrays with a single row."""
    own = np.ndim(x)
    made = conv2d(_as_row(_padded_row(x, padding)), _as_row(kernel), stride)
    return made[:, :, 0].reshape((made.shape[0], made.shape[1], made.shape[3])[3 - own :])


def _as_row(x: Array) -> Array:
    x = _as_samples(x, 3)
    return x[:, :, None, :]


def _padded_row(x: Array, padding: int) -> Array:
    x = _as_samples(x, 3)
    return np.pad(x, ((0, 0), (0, 0), (padding, padding))) if padding else x


def conv1d_inputs(g: Array, kernel: Array, stride: int, padding: int, shape: Sequence[int]) -> Array:
    """Return what flows back to the inputs of a convolution along one axis."""
    n, c, length = (1,) * (3 - len(shape)) + tuple(shape)
    made = conv2d_inputs(_as_row(g), _as_row(kernel), stride, 0, (n, c, 1, length + 2 * padding))
    return made[:, :, 0, padding : padding + length].reshape(shape)


def conv1d_kernel(x: Array, g: Array, stride: int, padding: int, shape: Sequence[int]) -> Array:
    """Return what flows back to the kernel of a convolution along one axis."""
    o, c, k = (1,) * (3 - len(shape)) + tuple(shape)
    made = conv2d_kernel(_as_row(_padded_row(x, padding)), _as_row(g), stride, 0, (o, c, 1, k))
    return made.reshape(shape)


def _pieces(x: Array, size: int, stride: int) -> Array:
    x = numpy().asarray(x)
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(x.ndim - 2, x.ndim - 1))
    return windows[..., ::stride, ::stride, :, :]


def maxpool2d(x: Array, size: int, stride: int) -> Array:
    """Return the greatest entry of every window of the last two axes."""
    windows = _pieces(x, size, stride)
    made = windows[..., 0, 0].copy()
    for i in range(size):
        for j in range(size):
            np.maximum(made, windows[..., i, j], out=made)
    return made


def maxpool2d_inputs(g: Array, x: Array, size: int, stride: int) -> Array:
    """Return what flows back through a maximum of windows: to the first of the greatest entries of each."""
    x, g = numpy().asarray(x), numpy().asarray(g)
    windows, greatest = _pieces(x, size, stride), maxpool2d(x, size, stride)
    open_ = np.ones(greatest.shape, bool)
    made = np.zeros(x.shape, g.dtype)
    oh, ow = greatest.shape[-2:]
    for i in range(size):
        for j in range(size):
            here = open_ & (windows[..., i, j] == greatest)
            open_ &= ~here
            made[..., i : i + stride * oh : stride, j : j + stride * ow : stride] += g * here
    return made


def maxpool2d_at(v: Array, x: Array, size: int, stride: int) -> Array:
    """Return the entry of v where x is the first of the greatest in its window: the adjoint of `maxpool2d_inputs`."""
    v, x = numpy().asarray(v), numpy().asarray(x)
    windows, own, greatest = _pieces(x, size, stride), _pieces(v, size, stride), maxpool2d(x, size, stride)
    open_ = np.ones(greatest.shape, bool)
    made = np.zeros(greatest.shape, v.dtype)
    for i in range(size):
        for j in range(size):
            here = open_ & (windows[..., i, j] == greatest)
            open_ &= ~here
            made += own[..., i, j] * here
    return made


def meanpool2d(x: Array, size: int, stride: int) -> Array:
    """Return the mean of every window of the last two axes."""
    windows = _pieces(x, size, stride)
    made = windows[..., 0, 0].copy()
    for place in range(1, size * size):
        made += windows[..., place // size, place % size]
    made *= made.dtype.type(1 / (size * size))
    return made


def meanpool2d_inputs(g: Array, size: int, stride: int, shape: Sequence[int]) -> Array:
    """Return what flows back through a mean of windows: an equal part to each entry."""
    g = numpy().asarray(g)
    made = np.zeros(shape, g.dtype)
    part = g * g.dtype.type(1 / (size * size))
    oh, ow = g.shape[-2:]
    for i in range(size):
        for j in range(size):
            made[..., i : i + stride * oh : stride, j : j + stride * ow : stride] += part
    return made


NAMES: dict[str, Any] = {
    f.__name__: f
    for f in (
        truth, whole, erf, einsum, stacked, put_at, scatter_add, sum_to, prod_of_others, at_max, at_min, solve,
        conv2d, conv2d_inputs, conv2d_kernel,
        conv1d, conv1d_inputs, conv1d_kernel, maxpool2d, maxpool2d_inputs, maxpool2d_at, meanpool2d, meanpool2d_inputs,
    )
}  # fmt: skip
