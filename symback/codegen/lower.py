"""The last rewriting before array code: what BLAS does faster, and views that make an operation elementwise."""

from __future__ import annotations

from symback.codegen.lines import Line, Shape, Straight, Writer, copy, rewrite, size


def lower(program: Straight) -> Straight:
    """Return the program with outer products as elementwise ones, and sums over rows as products with ones."""
    return rewrite(program, _lowered)


def _lowered(w: Writer, line: Line, inputs: tuple[int, ...]) -> int:
    if line.op == "outer":
        return w.put("multiply", w.reshape(inputs[0], (line.shape[0], 1)), inputs[1], shape=line.shape)
    if line.op == "sum" and line.shape:
        return _sum(w, inputs[0], line.params, line.shape)
    if line.op == "index" and not line.shape:
        return _entry(w, line, inputs[0])
    return copy(w, line, inputs)


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
