"""Attention, and the block of a transformer."""

from __future__ import annotations

from symback.errors import UsageError
from symback.graph.graph import Graph
from symback.graph.networks.sizes import Size, by, check_function, checked, checked_size, output

_NAMES = "XyQKVSMAOLNRHW"


def attention(n: Size, d: int, *, heads: int = 1, mask: bool | str = False, loss: str = "mse") -> Graph:
    """Return scaled dot-product attention of n rows of d numbers to one another, and a loss of the result.

    Its inputs are X and y, n x d; the queries Q, keys K and values V are X times W_Q, W_K and W_V. With `mask` a row
    sees only those rows for which its row of M is above 0: M is an input, n x n, or with mask="causal" a matrix in
    which each row sees itself and those before it. Several `heads` divide the columns, and W_O combines them again.

    >>> print(attention(n=6, d=4, mask=True).text)
    X: 6x4
    y: 6x4
    M: 6x6
    W_Q: 4x4; W_K: 4x4; W_V: 4x4
    Q = X @ W_Q
    K = X @ W_K
    V = X @ W_V
    S = Q @ K.T / sqrt(4)
    A = softmax(where(M > 0, S, -inf))
    yhat = A @ V
    L = mse(yhat, y)
    """
    n, d, heads = _sizes(n, d, heads)
    shapes = [f"X: {by(n, d)}", f"y: {by(n, d)}", *_given_mask(n, mask), _matrices(d, heads)]
    return Graph("\n".join([*shapes, *_attention("X", n, d, heads, mask), *output(loss, _outcome(n, d, heads))]))


def transformer_block(
    n: Size, d: int, *, heads: int = 1, inner: int | None = None, hidden: str = "gelu",
    mask: bool | str = False, loss: str = "mse",
) -> Graph:  # fmt: skip
    """Return a block of a transformer over n rows of d numbers, and a loss of the result.

    It is layer norm and attention (see `attention`) with a residual connection, then layer norm and two fully connected
    layers with `inner` neurons (4 d) between them, again with a residual connection. gamma1, beta1, gamma2, beta2 are
    the parameters of the layer norms, W_Q, W_K, W_V, W_O those of attention, W1, b1, W2, b2 those of the layers.

    >>> print(transformer_block(n=4, d=8, heads=2, inner=16).text)
    X: 4x8
    y: 4x8
    W_Q: 8x8; W_K: 8x8; W_V: 8x8; W_O: 8x8
    gamma1: 8; beta1: 8; gamma2: 8; beta2: 8
    W1: 8x16; b1: 16; W2: 16x8; b2: 8
    mu1 = mean(X, axis=1, keepdims=True)
    v1 = mean((X - mu1)^2, axis=1, keepdims=True)
    N1 = gamma1*(X - mu1)/sqrt(v1 + 0.00001) + beta1
    Q = transpose(reshape(N1 @ W_Q, 4, 2, 4), 1, 0, 2)
    K = transpose(reshape(N1 @ W_K, 4, 2, 4), 1, 0, 2)
    V = transpose(reshape(N1 @ W_V, 4, 2, 4), 1, 0, 2)
    S = Q @ K.mT / sqrt(4)
    A = softmax(S)
    R = X + reshape(transpose(A @ V, 1, 0, 2), 4, 8) @ W_O
    mu2 = mean(R, axis=1, keepdims=True)
    v2 = mean((R - mu2)^2, axis=1, keepdims=True)
    N2 = gamma2*(R - mu2)/sqrt(v2 + 0.00001) + beta2
    H = gelu(N2 @ W1 + b1)
    yhat = R + H @ W2 + b2
    L = mse(yhat, y)
    """
    n, d, heads = _sizes(n, d, heads)
    inner = checked("inner", (4 * d if inner is None else inner,))[0]
    shapes = [
        *(f"X: {by(n, d)}", f"y: {by(n, d)}"),
        *_given_mask(n, mask),
        _matrices(d, heads),
        "; ".join(f"{name}{k}: {d}" for k in (1, 2) for name in ("gamma", "beta")),
        f"W1: {d}x{inner}; b1: {inner}; W2: {inner}x{d}; b2: {d}",
    ]
    lines = [
        *_layer_norm("X", d, 1),
        *_attention("N1", n, d, heads, mask),
        f"R = X + {_outcome(n, d, heads)}",
        *_layer_norm("R", d, 2),
        f"H = {check_function(hidden)}(N2 @ W1 + b1)",
        *output(loss, "R + H @ W2 + b2"),
    ]
    return Graph("\n".join([*shapes, *lines]))


def _layer_norm(name: str, d: int, k: int) -> list[str]:
    """Return the lines of a layer norm, from the variance over the entries of each row."""
    return [
        f"mu{k} = mean({name}, axis=1, keepdims=True)",
        f"v{k} = mean(({name} - mu{k})^2, axis=1, keepdims=True)",
        f"N{k} = gamma{k}*({name} - mu{k})/sqrt(v{k} + 0.00001) + beta{k}",
    ]


def _sizes(n: Size, d: int, heads: int) -> tuple[Size, int, int]:
    rows = checked_size("n", n, _NAMES)
    d, heads = checked("sizes", (d, heads))
    if d % heads:
        raise UsageError(f"{d} columns cannot be shared out to {heads} heads.", hint="d must be a multiple of heads.")
    return rows or 1, d, heads


def _given_mask(n: Size, mask: bool | str) -> list[str]:
    if mask not in (True, False, "causal"):
        raise UsageError(f"mask cannot be {mask!r:.60}.", hint='Choose True, False or "causal".')
    return [f"M: {by(n, n)}"] if mask is True else []


def _matrices(d: int, heads: int) -> str:
    return "; ".join(f"W_{name}: {d}x{d}" for name in ("QKVO" if heads > 1 else "QKV"))


def _attention(x: str, n: Size, d: int, heads: int, mask: bool | str) -> list[str]:
    """Return the lines from x to the weights A with which each row looks at the others, and the values V."""
    before, after = ("transpose(reshape(", f", {n}, {heads}, {d // heads}), 1, 0, 2)") if heads > 1 else ("", "")
    return [
        *(f"{name} = {before}{x} @ W_{name}{after}" for name in "QKV"),
        *([f"M = cumsum(eye({n}), axis=0)"] if mask == "causal" else []),
        f"S = Q @ K.{'mT' if heads > 1 else 'T'} / sqrt({d // heads})",
        f"A = softmax({'where(M > 0, S, -inf)' if mask else 'S'})",
    ]


def _outcome(n: Size, d: int, heads: int) -> str:
    return f"reshape(transpose(A @ V, 1, 0, 2), {n}, {d}) @ W_O" if heads > 1 else "A @ V"
