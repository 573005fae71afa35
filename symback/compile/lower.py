"""The last rewriting before array code: what BLAS does faster, and views that make an operation elementwise."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from symback.compile.lines import Line, Program, Shape, Writer, copy, rewrite, size

LEAST = 1 << 10  # entries; of fewer, a product and its sum are as fast as one sum of products


def lower(program: Program) -> Program:
    """Return the program with outer products as elementwise ones, and sums over rows as products with ones."""
    return rewrite(program, partial(_lowered, program.uses()))


def _lowered(uses: Sequence[int], w: Writer, line: Line, inputs: tuple[int, ...]) -> int:
    """Return a line in lower operations; `uses` says how often each line of the program is used."""
    if line.op == "outer":
        return w.put("multiply", w.reshape(inputs[0], (line.shape[0], 1)), inputs[1], shape=line.shape)
    is_only_use = bool(inputs) and uses[line.inputs[0]] == 1
    if line.op == "sum" and line.shape:
        products = _sum_of_products(w, line, inputs[0]) if is_only_use else None
        return _sum(w, inputs[0], line.params, line.shape) if products is None else products
    if line.op == "transpose" and is_only_use:
        return _transposed(w, line, inputs[0])
    if line.op == "index" and not line.shape:
        return _entry(w, line, inputs[0])
    return copy(w, line, inputs)


def _sum_of_products(w: Writer, line: Line, a: int) -> int | None:
    """Return sum(a*b, axis) of large arrays in one pass, along the last or the first axis; None for any other sum."""
    inner = w.lines[a]
    axes = len(inner.shape)
    names = {(axes - 1,): ("rowdot", LEAST), (0,): ("coldot", 16 * LEAST)}
    if inner.op not in ("multiply", "square") or line.params not in names or axes < 2:
        return None
    name, least = names[line.params]
    if size(inner.shape) < least or any(w.shape(i) != inner.shape for i in inner.inputs):
        return None
    return w.put(name, inner.inputs[0], inner.inputs[-1], shape=line.shape)


def _transposed(w: Writer, line: Line, a: int) -> int:
    """Return (A @ B).T as B.T @ A.T, which needs no copy where it is a result."""
    inner = w.lines[a]
    if inner.op != "matmul" or any(len(w.shape(i)) != 2 for i in inner.inputs):
        return copy(w, line, (a,))
    left, right = inner.inputs
    return w.put("matmul", w.transpose(right), w.transpose(left), shape=line.shape)


def _sum(w: Writer, a: int, axes: tuple[int, ...], kept: Shape) -> int:
    """A sum over the first axes is ones @ A, over the last ones A @ ones; BLAS does both at memory speed."""
    shape = w.shape(a)
    count, rest = size(shape) // size(kept), size(kept)
    ones = w.put("ones", shape=(count,))
    if axes == tuple(range(len(axes))):
        return w.reshape(w.put("matmul", ones, w.reshape(a, (count, rest)), shape=(rest,)), kept)
    if axes == tuple(range(len(shape) - len(axes), len(shape))):
        return w.reshape(w.put("matmul", w.reshape(a, (rest, count)), ones, shape=(rest,)), kept)
    return w.put("sum", a, shape=kept, params=axes)


def _entry(w: Writer, line: Line, a: int) -> int:
    """An entry of a stack is read from its array, of a view from what it is a view of."""
    inner = w.lines[a]
    if inner.op == "index":
        return w.put("index", inner.inputs[0], shape=(), params=(*inner.params, *line.params))
    return w.put("index", a, shape=(), params=line.params)
