"""Convolutions and pooling: what a layer of a convolutional network works out, and what flows back through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symback.errors import ShapeError
from symback.graph.nodes import Dim, Shape, shape_text
from symback.graph.operations.row import ArrayOperation

_PLACES = "samples x channels x rows x columns, and the kernel filters x channels x rows x columns"


def _conv2d(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    x, kernel = shapes
    stride, padding = params
    what = f"A convolution of {shape_text(x)} with {shape_text(kernel)}"
    if (len(x), len(kernel)) not in ((4, 4), (3, 4), (2, 2)):
        raise ShapeError(f"{what} does not exist.", hint=f"The input is {_PLACES}; or both are matrices.")
    if len(x) > 2 and x[-3] != kernel[1]:
        message = f"{what} does not exist: {x[-3]} channels of the input and {kernel[1]} of the kernel are different."
        raise ShapeError(message, hint=f"The input is {_PLACES}.")
    places = tuple(_moved(what, n, k, stride, padding) for n, k in zip(x[-2:], kernel[-2:], strict=True))
    return (*x[:-3], *(kernel[:1] if len(x) > 2 else ()), *places)


def _conv1d(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    x, kernel = shapes
    what = f"A convolution of {shape_text(x)} with {shape_text(kernel)}"
    if (len(x), len(kernel)) not in ((3, 3), (2, 3), (1, 1)):
        hint = (
            "The input is samples x channels x length, and the kernel filters x channels x length; or both are vectors."
        )
        raise ShapeError(f"{what} does not exist.", hint=hint)
    if len(x) > 1 and x[-2] != kernel[1]:
        message = f"{what} does not exist: {x[-2]} channels of the input and {kernel[1]} of the kernel are different."
        raise ShapeError(message, hint="The channels are the axis before the last.")
    return (*x[:-2], *(kernel[:1] if len(x) > 1 else ()), _moved(what, x[-1], kernel[-1], *params))


def _moved(what: str, n: int, k: int, stride: int, padding: int) -> int:
    """Return how many places a window of k has along n entries with so much padding on both sides."""
    if isinstance(n, Dim) or isinstance(k, Dim):
        raise ShapeError(f"{what} needs rows and columns that are numbers.", hint="Give these sizes as numbers.")
    if stride < 1 or padding < 0:
        raise ShapeError(f"{what}: the stride is at least 1 and the padding at least 0.")
    if n + 2 * padding < k:
        around = f" with {padding} on both sides" if padding else ""
        hint = "The kernel must fit into the input; padding makes the input larger."
        raise ShapeError(f"{what} does not exist: {k} entries do not fit into {n}{around}.", hint=hint)
    return (n + 2 * padding - k) // stride + 1


def _pool(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    (x,) = shapes
    size, stride = params
    what = f"Pooling of {shape_text(x)} with windows of {size}x{size}"
    if len(x) < 2:
        raise ShapeError(f"{what} does not exist.", hint="The last two axes are rows and columns.")
    return (*x[:-2], *(_moved(what, n, size, stride or size, 0) for n in x[-2:]))


def _same(found: Shape, g: Shape, made: Shape) -> Shape:
    """Return the shape that something flows back to; ShapeError where what flows in has not the shape of the result."""
    if found != g:
        raise ShapeError(
            f"A {shape_text(g)} does not flow back to a {shape_text(made)}: the result is a {shape_text(found)}."
        )
    return made


def _to_inputs(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    made = tuple(params[2:])
    return _same(_conv2d([made, shapes[1]], params[:2]), shapes[0], made)


def _to_kernel(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    made = tuple(params[2:])
    return _same(_conv2d([shapes[0], made], params[:2]), shapes[1], made)


def _to_line(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    made = tuple(params[2:])
    return _same(_conv1d([made, shapes[1]], params[:2]), shapes[0], made)


def _to_line_kernel(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    made = tuple(params[2:])
    return _same(_conv1d([shapes[0], made], params[:2]), shapes[1], made)


def _to_pooled(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    made = shapes[1] if len(shapes) > 1 else tuple(params[2:])
    return _same(_pool([made], params[:2]), shapes[0], made)


def _pool_of_second(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return _pool(shapes[1:], params)


_ONE_STEP = "({stride},), (({padding}, {padding}),)"


def _is_plain(shapes: Sequence[Shape], params: tuple[Any, ...]) -> bool:
    """Tell whether a kernel that is a matrix goes over a matrix place by place, so that books have a law for it."""
    _, kernel = shapes
    stride, padding = params
    return len(kernel) == 2 and kernel[0] == kernel[1] > padding and stride == 1


def _by_inputs(shapes: Sequence[Shape], params: tuple[Any, ...]) -> str:
    """Return the full convolution with the kernel turned round, or the operation that does as much for any other."""
    if not _is_plain(shapes, params):
        return "conv2d_inputs(g, b, stride, padding, sizes(a))"
    return f"conv2d(g, flip(flip(b, 0), 1), 1, {shapes[1][0] - 1 - params[1]})"


def _by_kernel(shapes: Sequence[Shape], params: tuple[Any, ...]) -> str:
    """Return the convolution of the inputs with what flows in, or the operation that does as much for any other."""
    if not _is_plain(shapes, params):
        return "conv2d_kernel(a, g, stride, padding, sizes(b))"
    return f"conv2d(a, g, 1, {params[1]})" if params[1] else "conv2d(a, g)"


_STEPS = "({stride}, {stride})"
_AROUND = "(({padding}, {padding}), ({padding}, {padding}))"
_CONV = f"lax.conv_general_dilated({{0}}, {{1}}, {_STEPS}, {_AROUND})"

# fmt: off
ROWS = (
    # z[o, i, j] = sum over c, k, l of a[c, i + k, j + l] b[o, c, k, l]: the kernel is not flipped
    ArrayOperation("conv2d", "convolution", "a, b, stride=1, padding=0", _conv2d,
        (_by_inputs, _by_kernel),
        numpy="conv2d({0}, {1}, {stride}, {padding})",
        jax=_CONV,
        torch="torch.nn.functional.conv2d({0}, {1}, stride={stride}, padding={padding})",
        latex=r"{a.factor} \star {b.factor}",
        linear="ab"),
    ArrayOperation("conv2d_inputs", "convolution, back to its inputs", "a, b, stride=1, padding=0, *shape", _to_inputs,
        ("conv2d(g, b, stride, padding)", "conv2d_kernel(g, a, stride, padding, sizes(b))"),
        numpy="conv2d_inputs({0}, {1}, {stride}, {padding}, {shape})",
        jax="lax.conv_general_dilated({0}, jnp.flip({1}, (2, 3)).swapaxes(0, 1), (1, 1), {around_g}, "
            "({stride}, {stride}))",
        torch="torch.nn.grad.conv2d_input({shape}, {1}, {0}, stride={stride}, padding={padding})",
        linear="ab"),
    ArrayOperation("conv2d_kernel", "convolution, back to its kernel", "a, b, stride=1, padding=0, *shape", _to_kernel,
        ("conv2d_inputs(b, g, stride, padding, sizes(a))", "conv2d(a, g, stride, padding)"),
        numpy="conv2d_kernel({0}, {1}, {stride}, {padding}, {shape})",
        jax="lax.conv_general_dilated({0}.swapaxes(0, 1), {1}.swapaxes(0, 1), (1, 1), {around_x}, None, "
            "({stride}, {stride})).swapaxes(0, 1)",
        torch="torch.nn.grad.conv2d_weight({0}, {shape}, {1}, stride={stride}, padding={padding})", linear="ab"),
    ArrayOperation("conv1d", "convolution", "a, b, stride=1, padding=0", _conv1d,
        ("conv1d_inputs(g, b, stride, padding, sizes(a))", "conv1d_kernel(a, g, stride, padding, sizes(b))"),
        numpy="conv1d({0}, {1}, {stride}, {padding})",
        jax=f"lax.conv_general_dilated({{0}}, {{1}}, {_ONE_STEP})",
        torch="torch.nn.functional.conv1d({0}, {1}, stride={stride}, padding={padding})", linear="ab",
        latex=r"{a.factor} \star {b.factor}"),
    ArrayOperation("conv1d_inputs", "convolution, back to its inputs", "a, b, stride, padding, *shape", _to_line,
        ("conv1d(g, b, stride, padding)", "conv1d_kernel(g, a, stride, padding, sizes(b))"),
        numpy="conv1d_inputs({0}, {1}, {stride}, {padding}, {shape})",
        jax="lax.conv_general_dilated({0}, jnp.flip({1}, 2).swapaxes(0, 1), (1,), {around_g}, ({stride},))",
        torch="torch.nn.grad.conv1d_input({shape}, {1}, {0}, stride={stride}, padding={padding})", linear="ab"),
    ArrayOperation("conv1d_kernel", "convolution, back to its kernel", "a, b, stride, padding, *shape", _to_line_kernel,
        ("conv1d_inputs(b, g, stride, padding, sizes(a))", "conv1d(a, g, stride, padding)"),
        numpy="conv1d_kernel({0}, {1}, {stride}, {padding}, {shape})",
        jax="lax.conv_general_dilated({0}.swapaxes(0, 1), {1}.swapaxes(0, 1), (1,), {around_x}, None, "
            "({stride},)).swapaxes(0, 1)",
        torch="torch.nn.grad.conv1d_weight({0}, {shape}, {1}, stride={stride}, padding={padding})", linear="ab"),
    ArrayOperation("maxpool2d", "max pooling", "a, size=2, stride=0", _pool,
        ("maxpool2d_inputs(g, a, size, stride)",),
        numpy="maxpool2d({0}, {size}, {step})",
        jax="lax.reduce_window({0}, -jnp.inf, lax.max, ({ones}{size}, {size}), ({ones}{step}, {step}), {valid})",
        torch="torch.nn.functional.max_pool2d({0}, {size}, {step})",
        spellings=("max_pool2d", "maxpool"),
        text="maxpool2d({a}, {size}{options})", latex=r"\operatorname{{maxpool2d}}\left({a}, {size}{options}\right)",
        at_kinks="where several entries of a window are the greatest, the first one has the derivative"),
    ArrayOperation("maxpool2d_inputs", "max pooling, back to its inputs", "a, b, size, stride=0", _to_pooled,
        ("maxpool2d_at(g, b, size, stride)", ""),
        numpy="maxpool2d_inputs({0}, {1}, {size}, {step})",
        jax="jax.vjp(lambda x: lax.reduce_window(x, -jnp.inf, lax.max, ({ones}{size}, {size}), "
            "({ones}{step}, {step}), {valid}), {1})[1]({0})[0]",
        torch="torch.autograd.functional.vjp(lambda x: torch.nn.functional.max_pool2d(x, {size}, {step}), "
              "{1}, {0})[1]",
        text="maxpool2d_inputs({a}, {b}, {size}{options})",
        latex=r"\operatorname{{maxpool2d-inputs}}\left({a}, {b}, {size}{options}\right)", linear="a"),
    ArrayOperation("maxpool2d_at", "entries where others are the greatest", "a, b, size, stride", _pool_of_second,
        ("maxpool2d_inputs(g, b, size, stride)", ""),
        numpy="maxpool2d_at({0}, {1}, {size}, {step})",
        jax="jax.jvp(lambda x: lax.reduce_window(x, -jnp.inf, lax.max, ({ones}{size}, {size}), "
            "({ones}{step}, {step}), {valid}), ({1},), ({0},))[1]",
        torch="torch.autograd.functional.jvp(lambda x: torch.nn.functional.max_pool2d(x, {size}, {step}), "
              "{1}, {0})[1]", linear="a"),
    ArrayOperation("meanpool2d", "mean pooling", "a, size=2, stride=0", _pool,
        ("meanpool2d_inputs(g, size, stride, sizes(a))",),
        numpy="meanpool2d({0}, {size}, {step})",
        jax="lax.reduce_window({0}, 0.0, lax.add, ({ones}{size}, {size}), ({ones}{step}, {step}), {valid}) / {area}",
        torch="torch.nn.functional.avg_pool2d({0}, {size}, {step})",
        spellings=("mean_pool2d", "avg_pool2d", "avgpool2d", "avgpool", "meanpool"),
        text="meanpool2d({a}, {size}{options})",
        latex=r"\operatorname{{meanpool2d}}\left({a}, {size}{options}\right)",
        linear="a"),
    ArrayOperation("meanpool2d_inputs", "mean pooling, back to its inputs", "a, size, stride=0, *shape", _to_pooled,
        ("meanpool2d(g, size, stride)",),
        numpy="meanpool2d_inputs({0}, {size}, {step}, {shape})",
        jax="jax.vjp(lambda x: lax.reduce_window(x, 0.0, lax.add, ({ones}{size}, {size}), "
            "({ones}{step}, {step}), {valid}) / {area}, jnp.zeros({shape}, {0}.dtype))[1]({0})[0]",
        torch="torch.autograd.functional.vjp(lambda x: torch.nn.functional.avg_pool2d(x, {size}, {step}), "
              "torch.zeros({shape}, dtype={0}.dtype), {0})[1]",
        text="meanpool2d_inputs({a}, {size}{options})",
        latex=r"\operatorname{{meanpool2d-inputs}}\left({a}, {size}{options}\right)", linear="a"),
)
# fmt: on
