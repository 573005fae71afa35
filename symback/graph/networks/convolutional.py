"""A network of convolutions."""

from __future__ import annotations

from collections.abc import Sequence

from symback.errors import UsageError
from symback.graph.graph import Graph
from symback.graph.networks.sizes import MOST_LAYERS, Size, by, check_function, checked, checked_size, output


def cnn(
    image: Sequence[int], filters: int | Sequence[int], outputs: int, *, kernel: int = 3, pool: int = 2,
    hidden: str = "relu", loss: str = "cross_entropy", batch: Size | None = None,
) -> Graph:  # fmt: skip
    """Return a network of convolutions for images of channels x rows x columns, and one dense layer at the end.

    Each layer moves its `filters`, `kernel` rows and columns of every channel, over the image, adds one number per
    filter, applies `hidden`, and keeps the largest entry of each square of `pool` x `pool` (1 keeps all). A list of
    `filters` has one number per layer. K1, b1 and so on are the parameters, W and c those of the outputs yhat. Its
    inputs are X and y (one-hot for cross_entropy); with `batch`, a number or a letter, there are that many of both.

    >>> print(cnn([1, 8, 8], filters=2, outputs=3, batch=4).text)
    X: 4x1x8x8
    y: 4x3
    K1: 2x1x3x3; b1: 2x1x1
    W: 18x3; c: 3
    Z1 = conv2d(X, K1) + b1
    H1 = relu(Z1)
    P1 = maxpool2d(H1, 2)
    F = reshape(P1, 4, 18)
    yhat = softmax(F @ W + c)
    L = cross_entropy(yhat, y)
    """
    shape, counts = _image(image), checked("filters", (filters,) if isinstance(filters, int) else filters)
    kernel, pool, outputs = (
        checked(what, (size,))[0] for what, size in (("kernel", kernel), ("pool", pool), ("outputs", outputs))
    )
    check_function(hidden)
    batch = checked_size("batch", batch, "XyWcFL")
    if not 1 <= len(counts) <= MOST_LAYERS:
        raise UsageError(f"A network has from 1 to {MOST_LAYERS} layers of filters.", hint="Write filters=[8, 16].")
    shapes, lines, before = [], [], "X"
    for k, count in enumerate(counts, 1):
        shapes.append(f"K{k}: {by(count, shape[0], kernel, kernel)}; b{k}: {count}x1x1")
        lines += [f"Z{k} = conv2d({before}, K{k}) + b{k}", f"H{k} = {hidden}(Z{k})"]
        before = f"H{k}" if pool == 1 else f"P{k}"
        lines += [f"{before} = maxpool2d(H{k}, {pool})"] if pool > 1 else []
        shape = (count, *(_left(k, size, kernel, pool) for size in shape[1:]))
    entries = shape[0] * shape[1] * shape[2]
    flat = f"flatten({before})" if batch is None else f"reshape({before}, {batch}, {entries})"
    text = [
        f"X: {by(batch, *image)}",
        f"y: {by(batch, outputs)}",
        *shapes,
        f"W: {entries}x{outputs}; c: {outputs}",
        *lines,
        f"F = {flat}",
        *output(loss, "F @ W + c"),
    ]
    return Graph("\n".join(text))


def _image(image: Sequence[int]) -> tuple[int, ...]:
    if len(image) != 3:
        raise UsageError("An image has channels, rows and columns.", hint="Write cnn([1, 28, 28], ...).")
    return checked("sizes of an image", image)


def _left(layer: int, size: int, kernel: int, pool: int) -> int:
    """Return how many rows or columns a layer leaves; UsageError where it leaves none."""
    left = (size - kernel + 1) // pool
    if left < 1:
        message = (
            f"Layer {layer} leaves nothing of {size} rows or columns: its kernel has {kernel}, and it pools {pool}."
        )
        raise UsageError(message, hint="Take a larger image, fewer layers, or a smaller kernel or pool.")
    return left
