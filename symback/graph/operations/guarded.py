"""Products and quotients in which 0 wins over infinity; see `graph.zero_wins` for where they are used, and why."""

from __future__ import annotations

from typing import Any

from symback.expr.numeric import PLAIN, np

Array = Any


def times(a: Array, b: Array, out: Array | None = None) -> Array:
    """Return a*b, and 0 for 0 times infinity."""
    found = np.multiply(a, b) if out is None else np.multiply(a, b, out=out)
    if not _has_nan(found):
        return found
    is_given = np.logical_not(np.isnan(np.asarray(a, dtype=float)) | np.isnan(np.asarray(b, dtype=float)))
    return _put(np.where(np.isnan(found) & is_given, 0.0, found)[()], out)


def ratio(a: Array, b: Array, out: Array | None = None) -> Array:
    """Return a/b, and 0 for 0/0, which is 0 times the infinite 1/0."""
    found = np.divide(a, b) if out is None else np.divide(a, b, out=out)
    if not _has_nan(found):
        return found
    return _put(np.where((np.asarray(a) == 0) & (np.asarray(b) == 0), 0.0, found)[()], out)


def product(a: Array, b: Array, out: Array | None = None) -> Array:
    """Return the matrix product a @ b, with 0 for 0 times infinity in each of its sums."""
    found = np.matmul(a, b, out=out)
    return (
        _put(_product_by_parts(np.asarray(a, dtype=float), np.asarray(b, dtype=float)), out)
        if _has_nan(found)
        else found
    )


def _product_by_parts(a: Array, b: Array) -> Array:
    """Multiply the finite parts, and count in each sum what is infinite, by its sign, and what is not a number."""
    infinite = [np.where(np.isinf(x), np.sign(x), 0.0) for x in (a, b)]
    left, right = (np.where(np.isfinite(x), x, 0.0) for x in (a, b))
    signs = [np.sign(np.where(np.isnan(x), 0.0, x)) for x in (a, b)]
    many = np.abs(infinite[0]) @ np.abs(signs[1]) + np.abs(signs[0]) @ np.abs(infinite[1])
    many = many - np.abs(infinite[0]) @ np.abs(infinite[1])  # counted twice
    balance = infinite[0] @ signs[1] + signs[0] @ infinite[1] - infinite[0] @ infinite[1]
    lost = np.isnan(a).astype(float) @ np.ones_like(right) + np.ones_like(left) @ np.isnan(b).astype(float)
    without = left @ right
    with_infinity = np.where(np.abs(balance) == many, np.inf * np.sign(balance), np.nan)  # all of one sign, or nan
    return np.where(lost > 0, np.nan, np.where(many > 0, with_infinity, without))[()]


def _has_nan(x: Array) -> bool:
    """Tell whether there is nan in an array: the greatest entry is found in one pass, and keeps nan."""
    if type(x) in PLAIN:
        return bool(x != x)
    array = np.asarray(x)
    return array.dtype != object and bool(np.isnan(np.max(array, initial=-np.inf)))


def _put(result: Array, out: Array | None) -> Array:
    if out is None:
        return result
    out[...] = result
    return out
