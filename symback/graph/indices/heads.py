"""The heads of formulas on arrays, by their entries: one row a head, proof-read against the textbook's definition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from symback.graph.indices.algebra import call, power, summed, times, whole
from symback.graph.indices.budget import NotCovered
from symback.graph.indices.forms import (
    ONE,
    POSITION,
    ZERO,
    Delta,
    Form,
    Index,
    axes,
    axis,
    power_of,
)
from symback.graph.indices.parts import part
from symback.graph.indices.sizes import size_difference, size_sum
from symback.graph.indices.sums import difference, total
from symback.graph.indices.tensors import (
    Tensor,
    at,
    count_over,
    fresh_index,
    matrix_product,
    number,
    place_of,
    square_size,
    sum_over,
)

Numbers: TypeAlias = Sequence[str | None]  # each argument as a size or a whole number, None where it is neither
Head: TypeAlias = Callable[[Sequence[Tensor], Numbers], Tensor]


def _whole_number(text: str | None) -> int:
    if text is None or not text.lstrip("-").isdigit():
        raise NotCovered("an axis or a place that is no number")
    return int(text)


def _size(text: str | None) -> str:
    if text is None:
        raise NotCovered("a size that is none")
    return text


# --- sums and products ----------------------------------------------------------------------------------------------


def _sum(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    return sum_over(given[0], _whole_number(numbers[1]) if len(given) > 1 else None)


def _mean(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    axis_number = _whole_number(numbers[1]) if len(given) > 1 else None
    divided = power(count_over(given[0], axis_number), -1)
    found = _sum(given, numbers)
    return Tensor(found.shape, times(divided, found.form))


def _outer(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    a, b = given
    shape = a.shape + b.shape
    if len(shape) != 2 or len(a.shape) != 1:
        raise NotCovered("an outer product of other than vectors")
    i, j = axes(shape)
    return Tensor(shape, times(at(a, (i,)), at(b, (j,))))


def _matmul(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    return matrix_product(*given)


# --- matrices -------------------------------------------------------------------------------------------------------


def _transpose(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    shape = given[0].shape[::-1]
    return Tensor(shape, at(given[0], axes(shape)[::-1]))


def _trace(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    k = fresh_index(square_size(given[0]))
    return number(summed(at(given[0], (k, k)), (k,)))


def _diag(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    (n,) = given[0].shape if len(given[0].shape) == 1 else (_size(None),)
    i, j = axes((n, n))
    return Tensor((n, n), times(at(given[0], (i,)), _delta(i, j)))


def _diagonal(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    n = square_size(given[0])
    return Tensor((n,), at(given[0], (axis(1, n), axis(1, n))))


def _delta(i: Index, j: Index) -> Form:
    return ONE if i == j else power_of(Delta(i, j))


def _inverse(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    n = square_size(given[0])
    if n == "1":
        return Tensor(given[0].shape, power(given[0].form, -1))
    return Tensor((n, n), whole("inv", axes((n, n)), given[0].form, axes((n, n))))


def _logdet(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    n = square_size(given[0])
    return number(whole("logdet", axes((n, n)), given[0].form, ()) if n != "1" else call("ln", given[0].form))


def _of_numbers(value: Form) -> Head:
    return lambda given, numbers: Tensor(tuple(map(_size, numbers)), value)


def _eye(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    n = _size(numbers[0])
    return Tensor((n, n), _delta(*axes((n, n))))


# --- softmax --------------------------------------------------------------------------------------------------------


def _softmax(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    last = _last(given[0])
    return Tensor(given[0].shape, whole("softmax", (last,), given[0].form, (last,)))


def _logsumexp(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    shape = given[0].shape[:-1]
    last = fresh_index(given[0].shape[-1]) if _last(given[0]) else None
    body = at(given[0], (*axes(shape), last)) if last else ZERO
    return Tensor(shape, whole("logsumexp", (last,), body, ()) if last else ZERO)


def _log_softmax(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    z, total_of = given[0], _logsumexp(given, numbers)
    return Tensor(z.shape, difference(z.form, at(total_of, axes(z.shape)[:-1])))


def _last(tensor: Tensor) -> Index:
    if not tensor.shape or tensor.shape[-1] == "1":
        raise NotCovered("softmax of a number")
    return axis(1, tensor.shape[-1])


# --- axes of one entry, entries repeated ----------------------------------------------------------------------------


def _expand(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    array = given[0]
    place = place_of(_whole_number(numbers[1]), len(array.shape) + 1)
    shape = (*array.shape[:place], "1", *array.shape[place:])
    indices = axes(shape)
    return Tensor(shape, at(array, (*indices[:place], *indices[place + 1 :])))


def _squeeze(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    return sum_over(given[0], _whole_number(numbers[1]))


def _broadcast_to(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    return Tensor(tuple(map(_size, numbers[1:])), given[0].form)


# --- parts ----------------------------------------------------------------------------------------------------------


def _position(text: str | None, size: str) -> Index:
    place = _whole_number(text)
    if size.isdigit() and not -int(size) <= place < int(size):
        raise NotCovered("an entry that is not there")
    return Index(POSITION, place % int(size) if size.isdigit() else place, size)


def _index(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    array, places = given[0], numbers[1:]
    if len(places) > len(array.shape):
        raise NotCovered("an entry that is not there")
    shape = array.shape[len(places) :]
    fixed = (_position(place, size) for place, size in zip(places, array.shape, strict=False))
    return Tensor(shape, at(array, (*fixed, *axes(shape))))


def _slice(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    array = given[0]
    place = place_of(_whole_number(numbers[1]), len(array.shape))
    start, stop = _size(numbers[2]), _size(numbers[3])
    shape = (*array.shape[:place], size_difference(stop, start), *array.shape[place + 1 :])
    inner, outer = axes(shape)[place], fresh_index(array.shape[place])
    entry = at(array, (*axes(shape)[:place], outer, *axes(shape)[place + 1 :]))
    return Tensor(shape, summed(times(entry, power_of(part(start, inner, outer))), (outer,)))


def _concat(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    with_axis = len(given) > 1 and numbers[-1] is not None and not given[-1].shape
    arrays = given[:-1] if with_axis else given
    place = place_of(_whole_number(numbers[-1]) if with_axis else 0, len(arrays[0].shape))
    shape = list(arrays[0].shape)
    shape[place] = size_sum(*(a.shape[place] for a in arrays))
    start, forms = "0", []
    for array in arrays:
        if (*array.shape[:place], *array.shape[place + 1 :]) != (*shape[:place], *shape[place + 1 :]):
            raise NotCovered("arrays that cannot be joined")
        forms.append(_put(array, place, start, axes(tuple(shape))))
        start = size_sum(start, array.shape[place])
    return Tensor(tuple(shape), total(forms))


def _put(array: Tensor, place: int, start: str, indices: Sequence[Index]) -> Form:
    inner = fresh_index(array.shape[place])
    entry = at(array, (*indices[:place], inner, *indices[place + 1 :]))
    return summed(times(entry, power_of(part(start, inner, indices[place]))), (inner,))


def _unit(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    n = _size(numbers[1])
    return Tensor((n,), _delta(_position(numbers[0], n), axis(1, n)))


# --- counts ---------------------------------------------------------------------------------------------------------


def _samples(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    return number(times(ONE, *(count_over(given[0], k) for k in range(len(given[0].shape) - 1))))


def _rows(given: Sequence[Tensor], numbers: Numbers) -> Tensor:
    return number(count_over(given[0], 0) if given[0].shape else ONE)


HEADS: dict[str, Head] = {
    "sum": _sum, "mean": _mean, "outer": _outer, "matmul": _matmul,
    "transpose": _transpose, "trace": _trace, "diag": _diag, "diagonal": _diagonal, "inv": _inverse, "logdet": _logdet,
    "ones": _of_numbers(ONE), "zeros": _of_numbers(ZERO), "eye": _eye,
    "softmax": _softmax, "logsumexp": _logsumexp, "log_softmax": _log_softmax,
    "expand": _expand, "squeeze": _squeeze, "broadcast_to": _broadcast_to,
    "index": _index, "slice": _slice, "concat": _concat, "unit": _unit,
    "samples": _samples, "rows": _rows,
}  # fmt: skip

# What is made of other heads, and the functions with kinks by the step of their argument: right beside the kink.
COMPOSITES: dict[str, str] = {
    "norm2": "sum(a^2)",
    "norm": "sum(a^2)^(1/2)",
    "dot": "sum(a*b)",
    "quadratic": "a @ b @ a",
    "mse": "mean((a - b)^2)",
    "cross_entropy": "-sum(b*ln(a))/samples(a)",
    "bce": "-sum(b*ln(a) + (1 - b)*ln(1 - a))/rows(a)",
    "sqrt": "a^(1/2)",
    "root": "a^(1/b)",
    "log": "ln(a)/ln(b)",
    "mod": "a - b*floor(a/b)",
    "max": "b + (a - b)*step(a - b)",
    "min": "a - (a - b)*step(a - b)",
    "sign": "2*step(a) - 1",
    "abs": "a*(2*step(a) - 1)",
    "relu": "a*step(a)",
    "leaky_relu": "a*(1 + 99*step(a))/100",
    "greater": "step(a - b)",
    "less": "step(b - a)",
    "at_least": "1 - step(b - a)",
    "at_most": "1 - step(a - b)",
    "where": "c + (b - c)*a",
}
CONDITIONS = frozenset(("greater", "less", "at_least", "at_most"))  # 1 or 0, as the first input of where must be
OF_ONE_SHAPE = frozenset(("dot", "mse", "cross_entropy", "bce"))
