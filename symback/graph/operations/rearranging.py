"""Operations that put entries elsewhere: reshape, repeat, take, join."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import prod
from typing import Any

from symback.errors import ShapeError
from symback.expr.tree import ZERO, Tree, apply, symbol
from symback.graph.nodes import Dim, Shape, shape_text
from symback.graph.operations.row import (
    ArrayOperation,
    axis_of,
    shape_along_axis,
)
from symback.graph.sizes import size_tree


def _counted(shape: Shape) -> tuple[int, Counter[str]]:
    return prod(int(n) for n in shape if not isinstance(n, Dim)), Counter(n.letter for n in shape if isinstance(n, Dim))


def _reshape(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    own, made = shapes[0], tuple(params)
    if made.count(-1) == 1 and not any(isinstance(n, Dim) for n in (*own, *made)):
        others = prod(n for n in made if n != -1)
        if others > 0 and prod(own) % others:
            message = f"The {prod(own):,} entries of a {shape_text(own)} are not a multiple of {others:,}."
            raise ShapeError(message, hint="-1 stands for a size that follows from the others.")
        made = tuple(prod(own) // others if n == -1 and others else n for n in made)
    if not made or any(n < 1 for n in made):
        hint = "Sizes are 1 or more; one of them may be -1, if it follows from the others."
        raise ShapeError(f"A {shape_text(own)} has no such shape.", hint=hint)
    if _counted(own) != _counted(made):
        hint = "A reshape keeps all entries, in their order."
        raise ShapeError(
            f"{shape_text(own)} cannot be reshaped to {shape_text(made)}: {_entries(own, made)}.", hint=hint
        )
    return made


def _entries(own: Shape, made: Shape) -> str:
    if any(isinstance(n, Dim) for n in (*own, *made)):
        return "the numbers of entries are different"
    return f"the first has {prod(own):,} entries, the second {prod(made):,}"


def _flatten(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    own = shapes[0]
    if len(own) == 1:
        return own
    if any(isinstance(n, Dim) for n in own):
        hint = "Give the sizes as numbers to put all entries into one row."
        raise ShapeError(f"A {shape_text(own)} has as many entries as a product of letters says.", hint=hint)
    return (prod(own),)


def _permute(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    own = shapes[0]
    axes = [axis_of(own, axis) for axis in params]
    if sorted(axes) != list(range(len(own))):
        hint = "Name each axis once, as in transpose(x, 0, 2, 1)."
        raise ShapeError(f"The axes {', '.join(map(str, params))} are not those of a {shape_text(own)}.", hint=hint)
    return tuple(own[axis] for axis in axes)


def _back(shapes: Sequence[Shape], params: tuple[Any, ...]) -> str:
    axes = [axis % len(params) for axis in params]
    return f"permute(g, {', '.join(str(axes.index(k)) for k in range(len(axes)))})"


def to_the_last(axis: int, axes: int) -> tuple[int, ...] | None:
    """Return the order of axes in which one of them is the last; None where it is already.

    >>> to_the_last(0, 3), to_the_last(2, 3), turned_back((1, 2, 0))
    ((1, 2, 0), None, (2, 0, 1))
    """
    return None if axis == axes - 1 else (*(k for k in range(axes) if k != axis), axis)


def turned_back(order: tuple[int, ...]) -> tuple[int, ...]:
    """Return the order of axes that undoes another."""
    return tuple(order.index(k) for k in range(len(order)))


def _matrix_transpose(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    own = shapes[0]
    if len(own) < 2:
        raise ShapeError(f".mT turns matrices, and this is a {shape_text(own)}.", hint="A vector needs no transpose.")
    return (*own[:-2], own[-1], own[-2])


def _expand(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    axis = axis_of(shapes[0], params[0], made=1)
    return (*shapes[0][:axis], 1, *shapes[0][axis:])


def _squeeze(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    own = shapes[0]
    axis = axis_of(own, params[0])
    if own[axis] != 1:
        hint = "Only an axis of one entry can be left out."
        raise ShapeError(f"Axis {params[0]} of a {shape_text(own)} has {own[axis]} entries.", hint=hint)
    return own[:axis] + own[axis + 1 :]


def _stack(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    first = shapes[0]
    for other in shapes:
        if other != first:
            message = f"The shapes {shape_text(first)} and {shape_text(other)} cannot be stacked: they are different."
            raise ShapeError(message, hint="All parts of a list have one shape; the rows of a matrix are equally long.")
    axis = axis_of(first, params[0] if params else 0, made=1)
    return (*first[:axis], len(shapes), *first[axis:])


def _part_of_stack(shapes: Sequence[Shape], params: tuple[Any, ...]) -> str:
    axis, place = params
    return f"take(g, {place}, {axis})" if axis else f"g[{place}]"


def _take(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    own = shapes[0]
    axis = axis_of(own, params[1])
    if not -int(own[axis]) <= params[0] < int(own[axis]):
        hint = "Entries are numbered from 0, or from -1 down."
        raise ShapeError(f"Axis {axis} of a {shape_text(own)} has no entry {params[0]}.", hint=hint)
    return own[:axis] + own[axis + 1 :]


def _gather(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    own, places = shapes
    if not own:
        raise ShapeError("A number has no entries.", hint="Write an index after the name of an array, as in C[ix].")
    return (*places, *own[1:])


def _put_at(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    place, axis, *made = params
    if _take([tuple(made)], (place, axis)) != shapes[0]:
        raise ShapeError(f"A {shape_text(shapes[0])} is not an entry along axis {axis} of a {shape_text(tuple(made))}.")
    return tuple(made)


def _scatter_add(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    made = tuple(params)
    if not made or shapes[0] != (*shapes[1], *made[1:]):
        given = f"{shape_text(shapes[0])} at the places {shape_text(shapes[1])}"
        raise ShapeError(f"Rows of {given} cannot be added to a {shape_text(made)}.")
    return made


def _sum_to(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    _broadcast_to([tuple(params)], shapes[0])
    return tuple(params)


def _broadcast_to(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    own, made = shapes[0], tuple(params)
    ends = made[len(made) - len(own) :] if own else ()
    if len(own) > len(made) or any(n not in (1, m) for n, m in zip(own, ends, strict=True)):
        hint = "Axes are aligned at the right, and only an axis of one entry is repeated."
        raise ShapeError(f"A {shape_text(own)} cannot be repeated to a {shape_text(made)}.", hint=hint)
    return made


# fmt: off
ROWS = (
    ArrayOperation("reshape", "reshape", "a, *shape", _reshape, ("reshape(g, sizes(a))",),
        numpy="np.reshape({0}, {shape})", jax="jnp.reshape({0}, {shape})", torch="torch.reshape({0}, {shape})",
        exact=True,
        linear="a"),
    ArrayOperation("flatten", "flatten", "a", _flatten, ("reshape(g, sizes(a))",),
        numpy="np.reshape({0}, {shape})", jax="jnp.reshape({0}, {shape})", torch="torch.reshape({0}, {shape})",
        spellings=("ravel",), exact=True,
        linear="a"),
    ArrayOperation("permute", "axes in another order", "a, *axes", _permute, (_back,),
        numpy="np.transpose({0}, {axes})", jax="jnp.transpose({0}, {axes})", torch="torch.permute({0}, {axes})",
        text="transpose", exact=True, is_view=True,
        linear="a"),
    ArrayOperation("matrix_transpose", "transpose of each matrix", "a", _matrix_transpose, ("matrix_transpose(g)",),
        numpy="np.swapaxes({0}, -1, -2)", jax="jnp.swapaxes({0}, -1, -2)", torch="torch.transpose({0}, -1, -2)",
        text="{a.base}.mT", latex=r"{a.base}^{{\top}}",
        exact=True, is_view=True,
        linear="a"),
    ArrayOperation("expand", "an axis of one entry", "a, axis", _expand, ("squeeze(g, axis)",), made_axes=1,
        numpy="np.expand_dims({0}, {axis})", jax="jnp.expand_dims({0}, {axis})",
        torch="torch.unsqueeze(torch.as_tensor({0}), {axis})", spellings=("expand_dims", "unsqueeze"), exact=True,
        text="expand({a}, {axis})", latex=r"\operatorname{{expand}}\left({a}, {axis}\right)",
        linear="a"),
    ArrayOperation("squeeze", "an axis left out", "a, axis", _squeeze, ("expand(g, axis)",),
        numpy="np.squeeze({0}, {axis})", jax="jnp.squeeze({0}, {axis})", torch="torch.squeeze({0}, {axis})",
        text="squeeze({a}, {axis})", latex=r"\operatorname{{squeeze}}\left({a}, {axis}\right)", exact=True,
        linear="a"),
    ArrayOperation("array", "list", "*parts, axis=0", _stack, (_part_of_stack,), made_axes=1,
        numpy="stacked(({all},), axis={axis})", jax="jnp.stack(({all},), axis={axis})",
        torch="torch.stack(tuple(map(torch.as_tensor, ({all},))), dim={axis})", spellings=("stack",), exact=True,
        text="[{all}]"),
    ArrayOperation("take", "one entry along an axis", "a, place, axis", _take, ("put_at(g, place, axis, sizes(a))",),
        numpy="np.take({0}, {place}, {axis})", jax="jnp.take({0}, {place}, {axis})",
        torch="torch.select({0}, {axis}, {place})", exact=True,
        linear="a"),
    ArrayOperation("put_at", "zeros around an entry", "a, place, axis, *shape", _put_at,
        ("take(g, place, axis)",),
        numpy="put_at({0}, {place}, {axis}, {shape})",
        jax="jnp.moveaxis(jnp.moveaxis(jnp.zeros({shape}), {axis}, 0).at[{place}].set({0}), 0, {axis})",
        torch="torch.zeros({shape}, dtype=torch.{dtype}).index_copy({axis}, torch.tensor([{place}]), "
              "torch.unsqueeze(torch.as_tensor({0}), {axis}))", made_axes=1, exact=True,
        linear="a"),
    ArrayOperation("gather", "rows by their numbers", "a, b", _gather, ("scatter_add(g, b, sizes(a))", ""),
        numpy="{0}[whole({1})]", jax="{0}[jnp.int32(jnp.round({1}))]", torch="{0}[torch.round({1}).long()]",
        text="{a.under}[{b}]", latex="{a.under}_{{{b}}}",
        linear="a"),
    ArrayOperation("scatter_add", "rows added at their numbers", "a, b, *shape", _scatter_add, ("gather(g, b)", ""),
        numpy="scatter_add({0}, {1}, {shape})",
        jax="jnp.zeros({shape}).at[jnp.int32(jnp.round({1}))].add({0})",
        torch="torch.zeros({shape}, dtype=torch.{dtype}).index_put((torch.round({1}).long(),), {0}, accumulate=True)",
        linear="a"),
    ArrayOperation("flip", "entries in reverse order", "a, axis", shape_along_axis, ("flip(g, axis)",),
        numpy="np.flip({0}, {axis})", jax="jnp.flip({0}, {axis})", torch="torch.flip({0}, ({axis},))",
        spellings=("reverse",), exact=True, is_view=True,
        linear="a"),
    ArrayOperation("broadcast_to", "chain rule, summed over the repeated axes", "a, *shape", _broadcast_to,
        ("sum_to(g, sizes(a))",),
        numpy="np.broadcast_to({0}, {shape})", jax="jnp.broadcast_to({0}, {shape})",
        torch="torch.as_tensor({0}).expand({shape})", exact=True,
        linear="a"),
    ArrayOperation("sum_to", "sum over the repeated axes", "a, *shape", _sum_to,
        ("broadcast_to(g, sizes(a))",),
        numpy="sum_to({0}, {shape})", jax="jnp.sum({0}, {repeated}, keepdims=True).reshape({shape})",
        torch="torch.sum({0}, {repeated}, keepdim=True).reshape({shape})", exact=True,
        linear="a"),
    ArrayOperation("cumsum", "cumulative sum", "a, axis", shape_along_axis,
        ("flip(cumsum(flip(g, axis), axis), axis)",),
        numpy="np.cumsum({0}, {axis})", jax="jnp.cumsum({0}, {axis})", torch="torch.cumsum({0}, {axis})", exact=True,
        linear="a"),
)
# fmt: on


def _index(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return shapes[0][len(params) :]


def _between_zeros(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Tree:
    """Return what flows into an entry at its place, axis by axis."""
    found = symbol("g")
    for k in reversed(range(len(params))):
        found = apply("put_at", found, size_tree(params[k]), ZERO, *map(size_tree, shapes[0][k:]))
    return found


GENERAL = (ArrayOperation("index", "indexing", "a, *place", _index, (_between_zeros,)),)
