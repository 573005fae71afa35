"""Operations along an axis: sums, products, greatest entries, softmax."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symback.errors import ShapeError
from symback.graph.nodes import Shape
from symback.graph.operations.row import (
    ArrayOperation,
    shape_along_axis,
    shape_without_axis,
)


def _reduced(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return shape_without_axis(shapes, params) if params else ()


def _kept(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return shape_along_axis(shapes, params) if params else shapes[0]


def _last(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    if not shapes[0]:
        raise ShapeError("softmax and logsumexp need a vector or a matrix, not a scalar.")
    return shapes[0]


def _without_last(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return shape_without_axis([_last(shapes, params)], params or (-1,))


def _repeated(shapes: Sequence[Shape], params: tuple[Any, ...]) -> str:
    """Return what flows into a result, for each entry that it was made of."""
    return "broadcast_to(expand(g, axis), sizes(a))" if params else "g*ones(sizes(a))"


def _times(local: str, local_of_all: str) -> Callable[..., str]:
    def law(shapes: Sequence[Shape], params: tuple[Any, ...]) -> str:
        return f"{_repeated(shapes, params)}*{local}" if params else f"g*{local_of_all}"

    return law


def _other_pairs(shapes: Sequence[Shape], params: tuple[Any, ...]) -> str:
    """Return the law of the products of all others: the sum over i of g_i times the product of all but i and j.

    Row i holds a with 1 in place of its entry i, and its products of others are those of all but two.
    """
    if not params:
        return f"reshape({_over_pairs('flatten(a)', 'flatten(g)', 'count(a)', 0, 1)}, sizes(a))"
    return _over_pairs("a", "g", "length(a, axis)", params[0], len(shapes[0]))


def _over_pairs(a: str, g: str, n: str, axis: int, axes: int) -> str:
    same = f"reshape(eye({n}), {', '.join([*['1'] * axis, n, n, *['1'] * (axes - axis - 1)])})"
    others = f"prod_of_others(where({same}, 1, expand({a}, {axis})), {axis + 1})"
    return f"sum(expand({g}, {axis + 1})*{others}*(1 - {same}), {axis})"


def _mean(shapes: Sequence[Shape], params: tuple[Any, ...]) -> str:
    return _repeated(shapes, params) + ("/length(a, axis)" if params else "/count(a)")


# fmt: off
ROWS = (
    ArrayOperation("prod", "product of entries", "a, axis?", _reduced,
        (_times("prod_of_others(a, axis)", "prod_of_others(a)"),),
        numpy="np.prod({0}, {axis})", jax="jnp.prod({0}, {axis})", torch="torch.prod({0}, {axis})",
        latex=r"\prod"),
    ArrayOperation("prod_of_others", "product of all other entries", "a, axis?", _kept, (_other_pairs,),
        numpy="prod_of_others({0}, {axis})",
        jax="jax.vjp(lambda x: jnp.prod(x, {axis}), {0})[1](jnp.ones({reduced}))[0]",
        torch="torch.autograd.functional.vjp(lambda x: torch.prod(x, {axis}), {0}, torch.ones({reduced}))[1]"),
    ArrayOperation("max_along", "greatest entry", "a, axis?", _reduced, (_times("at_max(a, axis)", "at_max(a)"),),
        numpy="np.max({0}, {axis})", jax="jnp.max({0}, {axis})", torch="torch.amax({0}, {axis})",
        latex=r"\max", text="max", at_kinks="where several entries are the greatest, they share the derivative"),
    ArrayOperation("min_along", "least entry", "a, axis?", _reduced, (_times("at_min(a, axis)", "at_min(a)"),),
        numpy="np.min({0}, {axis})", jax="jnp.min({0}, {axis})", torch="torch.amin({0}, {axis})",
        latex=r"\min", text="min", at_kinks="where several entries are the least, they share the derivative"),
    ArrayOperation("at_max", "1 at the greatest entry", "a, axis?", _kept, ("",),
        numpy="at_max({0}, {axis})",
        jax="({0} == jnp.max({0}, {axis}, keepdims=True)) / "
            "jnp.sum({0} == jnp.max({0}, {axis}, keepdims=True), {axis}, keepdims=True)",
        torch="({0} == torch.amax({0}, {axis}, keepdim=True)) / "
              "torch.sum({0} == torch.amax({0}, {axis}, keepdim=True), {axis}, keepdim=True)", is_at_least_0=True),
    ArrayOperation("at_min", "1 at the least entry", "a, axis?", _kept, ("",),
        numpy="at_min({0}, {axis})",
        jax="({0} == jnp.min({0}, {axis}, keepdims=True)) / "
            "jnp.sum({0} == jnp.min({0}, {axis}, keepdims=True), {axis}, keepdims=True)",
        torch="({0} == torch.amin({0}, {axis}, keepdim=True)) / "
              "torch.sum({0} == torch.amin({0}, {axis}, keepdim=True), {axis}, keepdim=True)", is_at_least_0=True),
    ArrayOperation("argmax", "place of the greatest entry", "a, axis?", _reduced, ("",),
        numpy="truth(np.argmax({0}, {axis}))", jax="jnp.argmax({0}, {axis}) * 1.0",
        torch="torch.argmax({0}, {axis}) * 1.0", latex=r"\operatorname{argmax}", is_at_least_0=True),
    ArrayOperation("argmin", "place of the least entry", "a, axis?", _reduced, ("",),
        numpy="truth(np.argmin({0}, {axis}))", jax="jnp.argmin({0}, {axis}) * 1.0",
        torch="torch.argmin({0}, {axis}) * 1.0", latex=r"\operatorname{argmin}", is_at_least_0=True),
)
GENERAL = (
    ArrayOperation("sum", "sum of entries", "a, axis?", _reduced, (_repeated,),
        numpy="np.sum({0}, {axis})", jax="jnp.sum({0}, {axis})", torch="torch.sum({0}, {axis})", exact=True),
    ArrayOperation("mean", "mean of entries", "a, axis?", _reduced, (_mean,),
        numpy="np.mean({0}, {axis})", jax="jnp.mean({0}, {axis})", torch="torch.mean({0}, {axis})", exact=True),
    ArrayOperation("softmax", "softmax", "a, axis=-1", _last,
        ("z*(g - broadcast_to(expand(sum(g*z, axis), axis), sizes(a)))",)),
    ArrayOperation("log_softmax", "log-softmax", "a, axis=-1", _last,
        ("g - broadcast_to(expand(sum(g, axis), axis), sizes(a))*softmax(a, axis)",)),
    ArrayOperation("logsumexp", "log-sum-exp", "a, axis=-1", _without_last,
        ("broadcast_to(expand(g, axis), sizes(a))*softmax(a, axis)",)),
)
# fmt: on
