"""Validation: data that are not trained on, given beside the others or drawn from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from symback.errors import UsageError
from symback.expr.numeric import np
from symback.graph.language.given_values import as_array
from symback.graph.nodes import Shape, shape_text
from symback.train.objective import count_of

Arrays = Mapping[str, Any]
STREAM = 2  # of the seed's random numbers, so that the same rows are kept out whatever else is drawn


def faults(validation: object, data: Arrays, axis: int) -> Iterator[str]:
    """Yield what is wrong with validation data, or with the part of the data that is asked for, in sentences.

    >>> list(faults({"x": [[1, 2, 3]]}, {"x": [[1, 2]], "y": [0]}, axis=0))
    ['validation has no y.', 'x is a 1x3 in validation and a 1x2 in data; only the number of examples may differ.']
    >>> list(faults(1.5, {"x": [1, 2]}, axis=0))
    ['validation must be a number between 0 and 1, or data, not 1.5.']
    """
    shapes = {name: np.shape(value) for name, value in data.items() if np.ndim(value)}
    if isinstance(validation, Mapping):
        yield from _of_arrays({name: np.shape(value) for name, value in validation.items()}, shapes, data, axis)
    elif not _is_part(validation):
        yield f"validation must be a number between 0 and 1, or data, not {str(validation)[:40]}."
    else:
        yield from _of_part(float(validation), shapes, axis)  # type: ignore[arg-type]


def _is_part(value: object) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and isfinite(value) and 0 < value < 1  # type: ignore[arg-type,operator]


def _of_arrays(given: Mapping[str, Shape], shapes: Mapping[str, Shape], data: Arrays, axis: int) -> Iterator[str]:
    """A number among the data is the same for all examples, and may be left out."""
    yield from (f"validation has no {name}." for name in shapes if name not in given)
    yield from (f"validation has {name}, and the data do not." for name in given if name not in data)
    both = {name: (shape, np.shape(data[name])) for name, shape in given.items() if name in shapes}
    for name, (shape, trained) in both.items():
        if len(shape) <= axis or shape[:axis] + shape[axis + 1 :] != trained[:axis] + trained[axis + 1 :]:
            words = f"{name} is a {shape_text(shape)} in validation and a {shape_text(trained)} in data"
            yield f"{words}; only the number of examples may differ."
    counts = {name: shape[axis] for name, (shape, _) in both.items() if len(shape) > axis}
    if len(set(counts.values())) > 1:
        yield f"validation differs in the number of examples: {', '.join(f'{n} has {k}' for n, k in counts.items())}."
    elif 0 in counts.values() or not shapes:
        yield "validation has no examples."


def _of_part(part: float, shapes: Mapping[str, Shape], axis: int) -> Iterator[str]:
    try:
        count = count_of(shapes, axis)
    except UsageError as error:
        yield error.message
        return
    kept_out = _rows(part, count)
    if kept_out == 0:
        yield f"validation = {part:g} of {count} examples is none of them."
    elif kept_out == count:
        yield f"validation = {part:g} of {count} examples leaves none to train on."


def _rows(part: float, count: int) -> int:
    return int(part * count + 0.5)


def drawn(part: float, data: Arrays, axis: int, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the data to train on, and those kept out: a part of the examples, drawn with the seed, in their order.

    >>> drawn(0.25, {"x": [10, 20, 30, 40]}, axis=0, seed=0)
    ({'x': array([10., 20., 40.])}, {'x': array([30.])})
    """
    arrays = {name: as_array(name, value, False) for name, value in data.items()}
    count = count_of({name: np.shape(value) for name, value in arrays.items() if np.ndim(value)}, axis)
    order = np.random.default_rng([seed, STREAM]).permutation(count)
    kept_out = _rows(part, count)
    halves = (np.sort(order[kept_out:]), np.sort(order[:kept_out]))
    trained, held = ({name: _taken(value, rows, axis) for name, value in arrays.items()} for rows in halves)
    return trained, held


def _taken(value: Any, rows: Any, axis: int) -> Any:
    return np.take(value, rows, axis=axis) if np.ndim(value) else value
