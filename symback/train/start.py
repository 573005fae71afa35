"""The values that training begins with: those that are given, and for the others random ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from symback.errors import UsageError
from symback.expr.numeric import np
from symback.graph.graph import Graph, canonical
from symback.graph.language.given_values import as_array, check_shape
from symback.graph.nodes import Dim, Shape
from symback.graph.sizes import Taken, filled, take
from symback.train.random_numbers import uniform

Stream = tuple[int, int]  # a seed, and the number of an input: each has random numbers of its own


def initial_values(
    graph: Graph, names: Iterable[str], given: Mapping[str, Any], seed: int, sizes: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Return a value for each parameter; `sizes` are what letters in shapes stand for.

    Drawn are: matrices uniformly between -r and r, r = sqrt(6/(rows + columns)) (Glorot and Bengio, 2010), so that
    signals keep their size; numbers between -1 and 1; vectors, the usual shape of a bias, are 0. What is drawn for a
    parameter does not depend on which others are given.

    >>> initial_values(Graph("y = w x + b"), ["w", "b"], {"b": 1}, seed=0)
    {'w': 0.8858751057657588, 'b': 1.0}
    """
    known = {canonical(name): value for name, value in given.items()}
    names = tuple(names)
    unknown = [name for name in known if name not in names]
    if unknown:
        raise UsageError(f"{unknown[0]} is not a parameter.", hint=f"The parameters are {', '.join(names) or 'none'}.")
    streams = {name: stream for stream, name in enumerate(graph.inputs)}
    shapes = {name: filled(shape, sizes or {}) for name, shape in graph.source.shapes.items()}
    return {n: _value(n, shapes.get(n), known.get(n), (seed, streams[n])) for n in names}


def letters(graph: Graph, data: Mapping[str, Any], others: Mapping[str, Any], axis: int) -> dict[str, int]:
    """Return what the letters in shapes stand for: in data, which may have an axis more, and in other values.

    The number of examples may be a letter; a smaller batch has a smaller one.
    """
    taken: dict[str, Taken] = {}
    for name, value in (*data.items(), *others.items()):
        declared, shape = graph.source.shapes.get(name, ()), np.shape(as_array(name, value, False))
        if name in data and len(shape) == len(declared) + 1:
            shape = shape[:axis] + shape[axis + 1 :]
        take(taken, name, declared, shape)
    return {letter: found.size for letter, found in taken.items()}


def _value(name: str, shape: Shape | None, given: Any, stream: Stream) -> Any:
    if given is None:
        unknown = [str(size) for size in shape or () if isinstance(size, Dim)]
        if unknown:
            hint = f"Give a value for {name}, or data or constants that say it."
            raise UsageError(f"The size {unknown[0]} of {name} follows from no value.", hint=hint)
        return _drawn(shape or (), *stream)
    array = as_array(name, given, False)
    if shape is not None:
        check_shape(name, array, shape)
    return np.array(array) if np.ndim(array) else float(array)


def _drawn(shape: Shape, seed: int, stream: int) -> Any:
    if not shape:
        return uniform(seed, stream, -1, 1)
    if len(shape) == 1:
        return np.zeros(shape)
    limit = float(np.sqrt(6 / (shape[-2] + shape[-1])))
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(stream,)))
    return random.uniform(-limit, limit, shape)
