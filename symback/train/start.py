"""The values that training begins with: those that are given, and for the others random ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from symback.errors import UsageError
from symback.graph.graph import Graph, canonical
from symback.graph.nodes import Shape
from symback.graph.numbers import as_array, check_shape


def initial_values(graph: Graph, names: Iterable[str], given: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return a value for each parameter.

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
        raise UsageError(f"{unknown[0]} is no parameter.", hint=f"The parameters are {', '.join(names) or 'none'}.")
    streams = dict(zip(graph.inputs, np.random.SeedSequence(seed).spawn(len(graph.inputs)), strict=True))
    return {name: _value(graph, name, known.get(name), np.random.default_rng(streams[name])) for name in names}


def _value(graph: Graph, name: str, given: Any, random: np.random.Generator) -> Any:
    shape = graph.source.shapes.get(name)
    if given is None:
        return _drawn(shape or (), random)
    array = as_array(name, given, False)
    if shape is not None:
        check_shape(name, array, shape)
    return np.array(array) if np.ndim(array) else float(array)


def _drawn(shape: Shape, random: np.random.Generator) -> Any:
    if not shape:
        return float(random.uniform(-1, 1))
    if len(shape) == 1:
        return np.zeros(shape)
    limit = float(np.sqrt(6 / (shape[-2] + shape[-1])))
    return random.uniform(-limit, limit, shape)
