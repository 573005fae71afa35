"""Operations written in smaller ones: one row an operation, in a form that neither overflows nor loses digits.

`expand` turns the nodes of a gradient program into a `Program`. What is left are the operations that the tables of
`arrays`, `scalars` and `functional` can write.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

from symback.compile.lines import Line, Program, Shape, Writer, broadcast, size
from symback.graph.operations.table import TABLE

HALF = Fraction(1, 2)


class Node(Protocol):
    """What is read of a node of a graph."""

    @property
    def op(self) -> str: ...
    @property
    def inputs(self) -> tuple[int, ...]: ...
    @property
    def shape(self) -> Shape: ...
    @property
    def name(self) -> str: ...
    @property
    def params(self) -> tuple[Any, ...]: ...
    @property
    def value(self) -> Fraction | None: ...


class GradientProgram(Protocol):
    """The nodes of a graph followed by those of its gradients."""

    @property
    def nodes(self) -> Sequence[Node]: ...
    @property
    def loss(self) -> int: ...
    @property
    def gradients(self) -> Mapping[str, int]: ...


def expand(program: GradientProgram, scalar: bool = False) -> Program:
    """Return the program in small operations; `scalar` keeps the functions that scalar code has its own form for."""
    w = Writer()
    new: list[int] = []
    for node in program.nodes:
        line = Line(node.op, tuple(new[i] for i in node.inputs), tuple(node.shape), node.params, node.value)
        done = _written(w, line, node.name, scalar)
        if node.name:
            w.names.setdefault(done, node.name)
        new.append(done)
    loss = program.nodes[program.loss].name or "L"
    for name, i in program.gradients.items():
        w.names.setdefault(new[i], f"∂{loss}/∂{name}")
    return w.finish(new[program.loss], {name: new[i] for name, i in program.gradients.items()})


def _written(w: Writer, line: Line, name: str, scalar: bool) -> int:
    if line.op == "input":
        return w.put("input", shape=line.shape, params=(name,))
    row = ROWS.get(line.op) or (None if scalar else ARRAY_ROWS.get(line.op))
    if row is not None:
        return row(w, line, *line.inputs)
    if line.op in DEFINITIONS:
        return DEFINITIONS[line.op](w, *line.inputs)
    if line.op in TABLE:
        return w.put(line.op, *line.inputs, shape=line.shape, params=line.params)
    if line.op in KEPT:
        return w.put(line.op, *line.inputs, shape=line.shape, params=line.params)
    return w.each(line.op, *line.inputs)


# operations that are not elementwise, kept as they are
KEPT = {"matmul", "outer", "concat", "slice", "scatter", "trace", "logdet", "inverse", "one_hot", "eye"}


# --- constants, powers -----------------------------------------------------------------------------------------------


def _constant(w: Writer, line: Line) -> int:
    if line.value is not None:
        value: Fraction | float = line.value
    else:
        value = {"e": math.e, "pi": math.pi, "inf": math.inf}[line.params[0]]
    return w.spread(w.number(value), line.shape)


def _power(w: Writer, line: Line, a: int, b: int) -> int:
    base, exponent = w.bare(a), w.value(w.bare(b))
    if w.value(base) == math.e:
        return w.spread(w.each("exp", b), line.shape)
    if exponent is None:
        return w.each("power", a, b)
    if exponent in (-HALF, -1, -2, -3, -4):
        return w.spread(w.divide(w.number(1), _raised(w, a, -exponent)), line.shape)
    return w.spread(_raised(w, a, exponent), line.shape)


def _raised(w: Writer, a: int, exponent: Fraction | float) -> int:
    """Small whole powers are products: they cost a tenth of a general power."""
    if exponent == HALF:
        return w.each("sqrt", a)
    if exponent in (1, 2, 3, 4):
        square = w.multiply(a, a) if exponent != 1 else a
        return {1: a, 2: square, 3: w.multiply(square, a), 4: w.multiply(square, square)}[int(exponent)]
    if isinstance(exponent, Fraction) and exponent.denominator % 2 and exponent.denominator > 1:
        return _with_odd_root(w, a, exponent)
    return w.each("power", a, w.number(exponent))


def _with_odd_root(w: Writer, a: int, exponent: Fraction) -> int:
    """Return a power such as x^(2/3), whose root is real for negative numbers too: x^(-1/3) is 1/cbrt(x)."""
    if exponent < 0:
        return w.divide(w.number(1), _with_odd_root(w, a, -exponent))
    if exponent.denominator == 3:
        return _raised(w, w.each("cbrt", a), Fraction(exponent.numerator))
    size = w.each("power", w.each("abs", a), w.number(exponent))
    return w.multiply(w.each("sign", a), size) if exponent.numerator % 2 else size


# --- sums and products -----------------------------------------------------------------------------------------------


def _sum(w: Writer, line: Line, a: int) -> int:
    return w.total(a, line.params or None)


def _mean(w: Writer, line: Line, a: int) -> int:
    total = w.total(a, line.params or None)
    return w.divide(total, w.number(size(w.shape(a)) // size(line.shape)))


def _reduce(w: Writer, line: Line, a: int) -> int:
    """Sum over the axes along which a value of this shape was broadcast."""
    shape, target = w.shape(a), line.shape
    lead = len(shape) - len(target)
    axes = [*range(lead), *(lead + i for i, n in enumerate(target) if n == 1 and shape[lead + i] != 1)]
    return w.reshape(w.total(a, axes) if axes else a, target)


def _broadcast(w: Writer, line: Line, a: int) -> int:
    """Spread a value over a shape; with an axis, over that axis, which the value does not have."""
    axis = line.params[1] if len(line.params) > 1 and isinstance(line.params[0], tuple) else None
    shape = w.shape(a)
    if axis is not None and len(shape) < len(line.shape):
        a = w.reshape(a, (*shape[:axis], 1, *shape[axis:]))
    if broadcast((w.shape(a), line.shape)) != line.shape:
        raise ValueError(f"{shape} cannot be broadcast to {line.shape}")
    return w.spread(a, line.shape)


def _dot(w: Writer, line: Line, a: int, b: int) -> int:
    return w.put("vdot", a, b, shape=()) if w.shape(a) else w.multiply(a, b)


def _norm2(w: Writer, line: Line, a: int) -> int:
    return _dot(w, line, a, a)


def _matmul(w: Writer, line: Line, a: int, b: int) -> int:
    if not line.shape:
        return _dot(w, line, a, b)
    return w.put("matmul", a, b, shape=line.shape)


def _index(w: Writer, line: Line, a: int) -> int:
    place = tuple(int(i) % n for i, n in zip(line.params, w.shape(a), strict=False))
    return w.put("index", a, shape=line.shape, params=place)


def _scatter(w: Writer, line: Line, a: int) -> int:
    index, shape = line.params
    place = tuple(int(i) % n for i, n in zip(index, shape, strict=False))
    return w.put("scatter", a, shape=line.shape, params=(place,))


def _transpose(w: Writer, line: Line, a: int) -> int:
    return w.transpose(a)


def _reshape(w: Writer, line: Line, a: int) -> int:
    return w.reshape(a, line.shape)


def _repeated(w: Writer, line: Line, a: int) -> int:
    return w.spread(a, line.shape)


def _sum_to(w: Writer, line: Line, a: int) -> int:
    return _reduce(w, line, a)


def _call(w: Writer, line: Line, u: int, result: int) -> int:
    return result


def _product(w: Writer, line: Line, a: int, b: int) -> int:
    """A matrix product in whose sums 0 wins over infinity."""
    if not line.shape:
        return w.total(w.each("times", a, b))
    return w.put("product", a, b, shape=line.shape)


def _times_outer(w: Writer, line: Line, a: int, b: int) -> int:
    return w.each("times", w.reshape(a, (*w.shape(a), 1)), b)


# --- arrays of constants, diagonals ----------------------------------------------------------------------------------


def _size(w: Writer, line: Line) -> int:
    return w.number(int(line.params[0]))


def _ones(w: Writer, line: Line) -> int:
    return w.spread(w.number(1), line.shape)


def _zeros(w: Writer, line: Line) -> int:
    return w.spread(w.number(0), line.shape)


def _unit(w: Writer, line: Line) -> int:
    return w.put("scatter", w.number(1), shape=line.shape, params=((line.params[0],),))


def _diag(w: Writer, line: Line, a: int) -> int:
    return w.multiply(w.put("eye", shape=line.shape, params=line.shape[:1]), a)


def _diagonal(w: Writer, line: Line, a: int) -> int:
    shape = w.shape(a)
    return w.total(w.multiply(a, w.put("eye", shape=shape, params=shape[:1])), [1])


# --- softmax: exponentials of differences from the greatest entry, none above 1 --------------------------------------


def _exponentials(w: Writer, z: int) -> tuple[int, int, int, int]:
    """Return the greatest entry of each row, the differences from it, their exponentials and the sums of those."""
    column = (*w.shape(z)[:-1], 1)
    peak = w.put("amax", z, shape=column)
    difference = w.subtract(z, peak)
    powers = w.each("exp", difference)
    return peak, difference, powers, w.reshape(w.total(powers, [-1]), column)


def _softmax(w: Writer, line: Line, z: int) -> int:
    _, _, powers, sums = _exponentials(w, z)
    return w.divide(powers, sums)


def _log_softmax(w: Writer, line: Line, z: int) -> int:
    _, difference, _, sums = _exponentials(w, z)
    return w.subtract(difference, w.each("ln", sums))


def _logsumexp(w: Writer, line: Line, z: int) -> int:
    peak, _, _, sums = _exponentials(w, z)
    return w.reshape(w.add(w.each("ln", sums), peak), line.shape)


# --- losses ----------------------------------------------------------------------------------------------------------


def _per_row(w: Writer, total: int, shape: Shape, vector: int) -> int:
    """Divide by the number of rows of a matrix; a vector counts as `vector` rows."""
    rows = shape[0] if len(shape) == 2 else vector
    return w.divide(total, w.number(rows))


def _mse(w: Writer, line: Line, a: int, b: int) -> int:
    difference = w.subtract(a, b)
    return w.divide(_norm2(w, line, difference), w.number(size(w.shape(difference))))


def _cross_entropy(w: Writer, line: Line, p: int, y: int) -> int:
    total = w.total(w.each("xlogy", y, p))
    return _per_row(w, w.each("negate", total), w.shape(p), 1)


def _softmax_cross_entropy(w: Writer, line: Line, z: int, y: int, *p: int) -> int:
    total = w.put("vdot", y, _log_softmax(w, line, z), shape=())
    return _per_row(w, w.each("negate", total), w.shape(z), 1)


def _bce(w: Writer, line: Line, p: int, y: int) -> int:
    one = w.number(1)
    both = w.add(w.each("xlogy", y, p), w.each("xlogy", w.subtract(one, y), w.subtract(one, p)))
    return _per_row(w, w.each("negate", w.total(both)), w.shape(p), size(w.shape(p)))


def _sigmoid_bce(w: Writer, line: Line, z: int, y: int, *p: int) -> int:
    """softplus(z) - z y, the large parts taken off each other before the small one is added."""
    large = w.subtract(w.each("maximum", z, w.number(0)), w.multiply(z, y))
    return _per_row(w, w.total(w.add(large, _remainder(w, z))), w.shape(z), size(w.shape(z)))


def _remainder(w: Writer, x: int) -> int:
    """ln(1 + e^-|x|), which with max(x, 0) makes softplus(x)"""
    return w.each("log1p", w.each("exp", w.each("negate", w.each("abs", x))))


# fmt: off
ROWS: dict[str, Callable[..., int]] = {
    "identity": lambda w, line, a: a, "constant": _constant, "power": _power, "call": _call,
    "instead": lambda w, line, a, *rest: a, "product": _product, "times_outer": _times_outer,
    "sum": _sum, "mean": _mean, "reduce": _reduce, "broadcast": _broadcast,
    "dot": _dot, "norm2": _norm2, "matmul": _matmul,
    "size": _size, "ones": _ones, "zeros": _zeros, "unit": _unit, "diag": _diag, "diagonal": _diagonal,
    "index": _index, "scatter": _scatter, "transpose": _transpose, "reshape": _reshape,
    **dict.fromkeys(("flatten", "expand", "squeeze"), _reshape), "broadcast_to": _repeated, "sum_to": _sum_to,
    "softmax": _softmax, "log_softmax": _log_softmax, "logsumexp": _logsumexp,
    "mse": _mse, "cross_entropy": _cross_entropy, "softmax_cross_entropy": _softmax_cross_entropy,
    "bce": _bce, "sigmoid_bce": _sigmoid_bce,
}

Build = Callable[..., int]


def _inverse_of(op: str) -> Build:
    return lambda w, x: w.divide(w.number(1), w.each(op, x))


def _at_inverse(op: str) -> Build:
    return lambda w, x: w.each(op, w.divide(w.number(1), x))


def _step(w: Writer, line: Line, x: int) -> int:
    """The relu that is there already, cut at 1 and rounded up: nan stays nan, and ten times as fast as `np.sign`."""
    relu = w.each("maximum", x, w.number(0))
    return w.each("ceil", w.each("minimum", relu, w.number(1)))


def _sigmoid(w: Writer, line: Line, x: int) -> int:
    return w.divide(w.number(1), w.add(w.each("exp", w.each("negate", x)), w.number(1)))


def _root(w: Writer, x: int, degree: int) -> int:
    """The root of a negative number exists where the degree is odd."""
    n = w.value(w.bare(degree))
    if not isinstance(n, Fraction) or n.denominator != 1 or n % 2 == 0:
        return w.each("power", x, w.divide(w.number(1), degree))
    return _with_odd_root(w, x, 1 / n)


def _gelu(w: Writer, x: int) -> int:
    bell = w.each("erf", w.multiply(w.number(math.sqrt(0.5)), x))
    return w.multiply(w.multiply(w.number(HALF), x), w.add(bell, w.number(1)))


def _elu(w: Writer, x: int) -> int:
    zero = w.number(0)
    return w.add(w.each("maximum", x, zero), w.each("expm1", w.each("minimum", x, zero)))


def _selu(w: Writer, x: int) -> int:
    zero, scale, below = w.number(0), w.number(1.0507009873554805), w.number(1.7580993408473769)
    negative = w.multiply(below, w.each("expm1", w.each("minimum", x, zero)))
    return w.add(w.multiply(scale, w.each("maximum", x, zero)), negative)


def _mish(w: Writer, x: int) -> int:
    softplus = w.add(_remainder(w, x), w.each("maximum", x, w.number(0)))
    return w.multiply(x, w.each("tanh", softplus))


def _hardtanh(w: Writer, x: int) -> int:
    return w.each("maximum", w.each("minimum", x, w.number(1)), w.number(-1))


# functions that are short for others, in every kind of code
DEFINITIONS: dict[str, Build] = {
    "sec": _inverse_of("cos"), "csc": _inverse_of("sin"), "cot": _inverse_of("tan"),
    "sech": _inverse_of("cosh"), "csch": _inverse_of("sinh"), "coth": _inverse_of("tanh"),
    "arccot": _at_inverse("arctan"), "arcsec": _at_inverse("arccos"), "arccsc": _at_inverse("arcsin"),
    "arcoth": _at_inverse("artanh"), "arsech": _at_inverse("arcosh"), "arcsch": _at_inverse("arsinh"),
    "log": lambda w, x, base: w.divide(w.each("ln", x), w.each("ln", base)),
    "max": lambda w, a, b: w.each("maximum", a, b),
    "min": lambda w, a, b: w.each("minimum", a, b),
    "where": lambda w, c, a, b: w.each("choose", c, a, b),
    "root": _root, "gelu": _gelu, "elu": _elu, "selu": _selu, "mish": _mish, "hardtanh": _hardtanh,
    "softsign": lambda w, x: w.divide(x, w.add(w.number(1), w.each("abs", x))),
}

# functions that scalar code has a shorter form for; all of them leave nan as nan
ARRAY_ROWS: dict[str, Callable[..., int]] = {
    "sigmoid": _sigmoid,
    "silu": lambda w, line, x: w.multiply(x, _sigmoid(w, line, x)),
    "softplus": lambda w, line, x: w.add(_remainder(w, x), w.each("maximum", x, w.number(0))),
    "relu": lambda w, line, x: w.each("maximum", x, w.number(0)),
    "step": _step,
    "leaky_relu": lambda w, line, x: w.each("maximum", x, w.multiply(w.number(Fraction(1, 100)), x)),
}
# fmt: on
