"""The program that code is written from: one small operation a line, in order, each value computed once.

It starts as the nodes of a gradient program and is rewritten by passes (`expand`, `sums`, `loops`, `rate`), each a
function from a `Program` to a `Program`. A `Writer` builds one: it keeps equal lines once and folds what is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

Shape = tuple[int, ...]
Number = Fraction | float
LARGE = 1 << 10  # entries of an array over which a pass takes longer than a call


class Line(NamedTuple):
    """One operation on earlier lines; `params` holds an axis, an index or a shape, `value` the number of a constant."""

    op: str
    inputs: tuple[int, ...]
    shape: Shape
    params: tuple[Any, ...] = ()
    value: Number | None = None


@dataclass(frozen=True)
class Program:
    """A straight-line program: `names` are the user's names of lines, for comments; `outputs` are gradients by name."""

    lines: tuple[Line, ...]
    loss: int
    outputs: Mapping[str, int]
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def results(self) -> tuple[int, ...]:
        return (self.loss, *self.outputs.values())

    @property
    def inputs(self) -> tuple[int, ...]:
        """The lines that read a given value, in order."""
        return tuple(i for i, line in enumerate(self.lines) if line.op == "input")

    def uses(self) -> list[int]:
        """Return how often each line is used, by others and as a result."""
        count = [0] * len(self.lines)
        for line in self.lines:
            for i in line.inputs:
                count[i] += 1
        for i in self.results:
            count[i] += 1
        return count


def broadcast(shapes: Iterable[Shape]) -> Shape:
    """Return the common shape of an elementwise operation; the shapes are known to fit.

    >>> broadcast([(3, 1), (4,), ()])
    (3, 4)
    """
    distinct = set(shapes)
    if len(distinct) == 1:
        return distinct.pop()
    result: list[int] = []
    for shape in distinct:
        result[:0] = [1] * (len(shape) - len(result))
        for axis in range(1, len(shape) + 1):
            if shape[-axis] != 1:
                result[-axis] = shape[-axis]
    return tuple(result)


def size(shape: Shape) -> int:
    """Return the number of entries."""
    entries = 1
    for n in shape:
        entries *= n
    return entries


class Writer:
    """Builds a program line by line; the same line asked for twice is one line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.names: dict[int, str] = {}
        self.loss: int | None = None  # the line of the loss, once it is written: what follows is the backward pass
        self._known: dict[Line, int] = {}

    def put(
        self, op: str, *inputs: int, shape: Shape, params: tuple[Any, ...] = (), value: Number | None = None
    ) -> int:
        """Return the id of this line, new or known."""
        return self._kept(Line(op, inputs, shape, params, value))

    def _kept(self, line: Line) -> int:
        known = self._known.get(line)
        if known is None:
            known = self._known[line] = len(self.lines)
            self.lines.append(line)
        return known

    def shape(self, i: int) -> Shape:
        return self.lines[i].shape

    def number(self, value: Number | int) -> int:
        """Return the constant of that value, a scalar."""
        return self.put("constant", shape=(), value=Fraction(value) if isinstance(value, int) else value)

    def value(self, i: int) -> Number | None:
        """Return the number of a scalar constant, None for any other line."""
        return self.lines[i].value

    def spread(self, i: int, shape: Shape) -> int:
        """Return the line broadcast to a shape."""
        if self.shape(i) == shape:
            return i
        line = self.lines[i]
        return self.put("broadcast", line.inputs[0] if line.op == "broadcast" else i, shape=shape)

    def bare(self, i: int) -> int:
        """Return what an elementwise operation may take instead of a broadcast value: the value itself."""
        line = self.lines[i]
        return line.inputs[0] if line.op == "broadcast" else i

    def each(self, op: str, *inputs: int, params: tuple[Any, ...] = ()) -> int:
        """Return an elementwise operation, computed on the smallest shapes and spread to the shape of its inputs."""
        for i in inputs:
            if self.lines[i].shape:
                return self._of_arrays(op, inputs, params)
        fold = FOLDS.get(op)
        done = fold(self, *inputs) if fold else None
        return self._kept(Line(op, inputs, (), params)) if done is None else done

    def _of_arrays(self, op: str, inputs: tuple[int, ...], params: tuple[Any, ...]) -> int:
        shape = broadcast(map(self.shape, inputs))
        bare = [self.bare(i) for i in inputs]
        small = broadcast(map(self.shape, bare))
        fold = FOLDS.get(op)
        done = fold(self, *bare) if fold else None
        if done is None:
            done = self.put(op, *bare, shape=small, params=params)
        return self.spread(done, shape)

    # the four operations that passes write most
    def add(self, a: int, b: int) -> int:
        return self.each("add", a, b)

    def multiply(self, a: int, b: int) -> int:
        return self.each("multiply", a, b)

    def subtract(self, a: int, b: int) -> int:
        return self.each("subtract", a, b)

    def divide(self, a: int, b: int) -> int:
        return self.each("divide", a, b)

    def transpose(self, i: int) -> int:
        """Return the transposed matrix, a view."""
        line = self.lines[i]
        if len(line.shape) < 2:
            return i
        return line.inputs[0] if line.op == "transpose" else self.put("transpose", i, shape=line.shape[::-1])

    def reshape(self, i: int, shape: Shape) -> int:
        """Return the entries in another shape, in the same order."""
        line = self.lines[i]
        if line.shape == shape:
            return i
        if self.shape(self.bare(i)) == ():  # one number in all places
            return self.spread(self.bare(i), shape)
        return self.put("reshape", line.inputs[0] if line.op == "reshape" else i, shape=shape)

    def total(self, i: int, axes: Sequence[int] | None = None) -> int:
        """Return the sum over some axes, or over all."""
        shape = self.shape(i)
        axes = tuple(sorted(a % len(shape) for a in axes)) if axes is not None else tuple(range(len(shape)))
        if not axes:
            return i
        kept = tuple(n for a, n in enumerate(shape) if a not in axes)
        bare = self.bare(i)
        if bare != i and self.shape(bare) == ():
            count = self.number(size(shape) // size(kept))
            return self.spread(self.multiply(count, bare), kept)
        line = self.lines[i]
        if line.op == "negate":
            return self.each("negate", self.total(line.inputs[0], axes))
        if line.op == "multiply" and self.value(line.inputs[0]) is not None:
            return self.multiply(line.inputs[0], self.total(line.inputs[1], axes))
        if kept and line.op == "multiply" and (multiple := self._multiple(line)) is not None:
            number, product = multiple
            return self.multiply(number, self.total(product, axes))
        if kept and line.op in ("multiply", "divide") and self._is_same_along(line.inputs[1], axes, shape):
            factor = self.reshape(line.inputs[1], tuple(n for a, n in enumerate(shape) if a not in axes))
            return self.each(line.op, self.total(self.spread(line.inputs[0], shape), axes), factor)
        if not kept and line.op in ("multiply", "square") and all(self.shape(j) == shape for j in line.inputs):
            return self.put("vdot", line.inputs[0], line.inputs[-1], shape=())
        return self.put("sum", i, shape=kept, params=axes)

    def _multiple(self, line: Line) -> tuple[int, int] | None:
        """Return c and a*b of the large product (c*a)*b, None where no factor is such a multiple."""
        for k, j in enumerate(line.inputs):
            inner = self.lines[j]
            if inner.op == "multiply" and self.value(inner.inputs[0]) is not None and size(inner.shape) >= LARGE:
                return inner.inputs[0], self.multiply(inner.inputs[1], line.inputs[1 - k])
        return None

    def _is_same_along(self, i: int, axes: Sequence[int], shape: Shape) -> bool:
        """Tell whether an array is repeated along these axes of a shape, and along no other, so that it is a factor."""
        return self.shape(i) == tuple(1 if a in axes else n for a, n in enumerate(shape))

    def finish(self, loss: int, outputs: Mapping[str, int]) -> Program:
        """Return the program of the lines that the results need."""
        return alive(Program(tuple(self.lines), loss, outputs, self.names))


def alive(program: Program) -> Program:
    """Return the program without the lines that no result needs."""
    needed = [False] * len(program.lines)
    for i in program.results:
        needed[i] = True
    for i in range(len(program.lines) - 1, -1, -1):
        if needed[i]:
            for j in program.lines[i].inputs:
                needed[j] = True
    if all(needed):
        return program
    return renumber(program, [i for i, wanted in enumerate(needed) if wanted])


def renumber(program: Program, order: Sequence[int]) -> Program:
    """Return the program with its lines in that order (each after its inputs)."""
    new = {old: i for i, old in enumerate(order)}
    lines = []
    for i in order:
        line = program.lines[i]
        lines.append(Line(line.op, tuple([new[j] for j in line.inputs]), line.shape, line.params, line.value))
    outputs = {name: new[i] for name, i in program.outputs.items()}
    names = {new[i]: name for i, name in program.names.items() if i in new}
    return Program(tuple(lines), new[program.loss], outputs, names)


Rewriting = Callable[[Writer, Line, tuple[int, ...]], int]


def rewrite(program: Program, rule: Rewriting) -> Program:
    """Return the program with every line written anew by the rule, which is given the new ids of the line's inputs."""
    writer = Writer()
    new: list[int] = []
    for i, line in enumerate(program.lines):
        new.append(rule(writer, line, tuple(new[j] for j in line.inputs)))
        if i in program.names:
            writer.names.setdefault(new[i], program.names[i])
    return writer.finish(new[program.loss], {name: new[i] for name, i in program.outputs.items()})


def copy(writer: Writer, line: Line, inputs: tuple[int, ...]) -> int:
    """The rule that changes nothing."""
    return writer.put(line.op, *inputs, shape=line.shape, params=line.params, value=line.value)


# --- what is known before anything runs ------------------------------------------------------------------------------


def _add(w: Writer, a: int, b: int) -> int | None:
    x, y = w.value(a), w.value(b)
    if x is not None and y is not None:
        return w.number(x + y)
    if x == 0 and w.shape(b) == broadcast((w.shape(a), w.shape(b))):
        return b
    if y == 0:
        return a
    return None


def _subtract(w: Writer, a: int, b: int) -> int | None:
    x, y = w.value(a), w.value(b)
    if x is not None and y is not None:
        return w.number(x - y)
    if y == 0:
        return a
    return w.each("negate", b) if x == 0 else None


def _multiply(w: Writer, a: int, b: int) -> int | None:
    x, y = w.value(a), w.value(b)
    if x is not None and y is not None:
        return w.number(x * y)
    if y is not None:
        return w.multiply(b, a)
    if x is None:
        return w.put("square", a, shape=w.shape(a)) if a == b else _into_the_smaller(w, a, b)
    if x == 1:
        return b
    if x == -1:
        return w.each("negate", b)
    inner = w.lines[b]
    if inner.op == "multiply" and (known := w.value(inner.inputs[0])) is not None:
        return w.multiply(w.number(x * known), inner.inputs[1])
    return w.multiply(w.number(-x), inner.inputs[0]) if inner.op == "negate" else None


def _into_the_smaller(w: Writer, a: int, b: int) -> int | None:
    """Return (c*a)*b as a*(c*b) where a is large and b small: a pass over a is saved."""
    for large, small in ((a, b), (b, a)):
        line = w.lines[large]
        if line.op == "multiply" and size(line.shape) >= max(LARGE, 8 * size(w.shape(small))):
            number, rest = line.inputs
            if w.value(number) is not None:
                return w.multiply(rest, w.multiply(number, small))
    return None


def _divide(w: Writer, a: int, b: int) -> int | None:
    x, y = w.value(a), w.value(b)
    if y is None or y == 0:
        return None
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return w.number(x / y)
    # a product is faster than a quotient, but of one number the quotient is the rounding that people expect: 3/10 = 0.3
    exact = isinstance(y, Fraction) and (y.numerator * y.denominator).bit_count() == 1
    return w.multiply(w.number(1 / y), a) if exact or w.shape(a) else None


def _negate(w: Writer, a: int) -> int | None:
    x = w.value(a)
    if x is not None:
        return w.number(-x)
    line = w.lines[a]
    if line.op == "multiply" and (known := w.value(line.inputs[0])) is not None:
        return w.multiply(w.number(-known), line.inputs[1])
    if line.op == "subtract":
        return w.subtract(line.inputs[1], line.inputs[0])
    return line.inputs[0] if line.op == "negate" else None


def _sqrt(w: Writer, a: int) -> int | None:
    x = w.value(a)
    return w.number(math.sqrt(x)) if x is not None and x >= 0 else None


def _times(w: Writer, a: int, b: int) -> int | None:
    """Where a factor is a number other than 0, nothing is to win."""
    return w.multiply(a, b) if w.value(a) or w.value(b) else None


def _ratio(w: Writer, a: int, b: int) -> int | None:
    return w.divide(a, b) if w.value(a) or w.value(b) else None


FOLDS: dict[str, Callable[..., int | None]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "negate": _negate,
    "sqrt": _sqrt,
    "times": _times,
    "ratio": _ratio,
}
