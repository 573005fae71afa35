"""Arrays by their entries: a shape, and the form of the entry at the indices of its axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from symback.graph.indices.algebra import moved, summed, times
from symback.graph.indices.budget import NotCovered
from symback.graph.indices.canonical import fresh
from symback.graph.indices.forms import ONE, Form, Index, axes, axis
from symback.graph.indices.sizes import size_form


class Tensor(NamedTuple):
    """The entries of an array; each size is a number or a letter, as text."""

    shape: tuple[str, ...]
    form: Form


def number(form: Form) -> Tensor:
    """Return an array without axes."""
    return Tensor((), form)


def at(tensor: Tensor, indices: Sequence[Index]) -> Form:
    """Return the entry of an array at other indices than its axes'."""
    moves = {old: new for old, new in zip(axes(tensor.shape), indices, strict=True) if old != new}
    return moved(tensor.form, moves)


def fresh_index(size: str) -> Index:
    """Return an index for an axis that is to be summed over."""
    return fresh(size) if size != "1" else axis(1, size)


def broadcast(tensors: Sequence[Tensor]) -> tuple[str, ...]:
    """Return the shape that arrays have together; NotCovered where sizes differ."""
    shape: list[str] = []
    for place in range(1, max((len(t.shape) for t in tensors), default=0) + 1):
        sizes = {t.shape[-place] for t in tensors if len(t.shape) >= place} - {"1"}
        if len(sizes) > 1:
            raise NotCovered("sizes that do not fit")
        shape.append(sizes.pop() if sizes else "1")
    return tuple(reversed(shape))


def elementwise(function: Callable[..., Form], *tensors: Tensor) -> Tensor:
    """Return a function of the entries that stand at one place."""
    return Tensor(broadcast(tensors), function(*(t.form for t in tensors)))


def sum_over(tensor: Tensor, axis_number: int | None) -> Tensor:
    """Return the sum over one axis, or over all."""
    rank = len(tensor.shape)
    gone = range(rank) if axis_number is None else (place_of(axis_number, rank),)
    shape = tuple(size for k, size in enumerate(tensor.shape) if k not in gone)
    stay = iter(axes(shape))
    indices = [fresh_index(size) if k in gone else next(stay) for k, size in enumerate(tensor.shape)]
    return Tensor(shape, summed(at(tensor, indices), (indices[k] for k in gone)))


def count_over(tensor: Tensor, axis_number: int | None) -> Form:
    """Return how many entries a mean over an axis, or over all, has."""
    sizes = tensor.shape if axis_number is None else (tensor.shape[place_of(axis_number, len(tensor.shape))],)
    return times(ONE, *map(size_form, sizes))


def place_of(axis_number: int, rank: int) -> int:
    """Return an axis counted from the first; NotCovered where there is none."""
    if not -rank <= axis_number < rank:
        raise NotCovered("an axis that is not there")
    return axis_number % rank


def matrix_product(a: Tensor, b: Tensor) -> Tensor:
    """Return sum_k a_ik b_kj; a vector has no i, or no j."""
    if not (1 <= len(a.shape) <= 2 and 1 <= len(b.shape) <= 2) or a.shape[-1] != b.shape[0]:
        raise NotCovered("a matrix product that does not exist")
    shape = a.shape[:-1] + b.shape[1:]
    indices, inner = axes(shape), fresh_index(b.shape[0])
    left = at(a, (*indices[: len(a.shape) - 1], inner))
    right = at(b, (inner, *indices[len(a.shape) - 1 :]))
    return Tensor(shape, summed(times(left, right), (inner,)))


def square_size(tensor: Tensor) -> str:
    """Return the size of a square matrix; NotCovered for anything else."""
    if len(tensor.shape) != 2 or tensor.shape[0] != tensor.shape[1]:
        raise NotCovered("a matrix that is not square")
    return tensor.shape[0]
