"""What the reader of a graph's text must know of the operations: their names, and how they are called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from symback.graph.nodes import Shape
from symback.graph.operations.basic import OPERATIONS, OTHER_CALLS
from symback.graph.operations.row import ArrayOperation
from symback.graph.operations.table import TABLE, WORDS
from symback.syntax.arrays import ALONG_AN_AXIS, ALONG_THE_LAST, Arrays, Call

# What text calls otherwise than the table does, and what it writes with other operations.
_SPELLINGS = {"logsoftmax": "log_softmax", "crossentropy": "cross_entropy", "inverse": "inv", "concatenate": "concat",
              "one_hot": "onehot"}  # fmt: skip
BASIC_CALLS: dict[str, tuple[int, int]] = {
    **{name: row.takes for name, row in OPERATIONS.items() if row.takes is not None}, **OTHER_CALLS,
}  # fmt: skip
RESERVED: dict[str, str] = {name: name for name in (*BASIC_CALLS, *ALONG_AN_AXIS, *ALONG_THE_LAST)} | _SPELLINGS


def arrays(functions: Mapping[str, tuple[str, ...]] | None = None, shapes: Mapping[str, Shape] | None = None) -> Arrays:
    """Return what a text about arrays may use: functions with their parameters, shapes by name, and all operations."""
    return Arrays(functions or {}, shapes or {}, _calls(tuple(TABLE)), WORDS, RESERVED)


@cache
def _calls(names: tuple[str, ...]) -> Mapping[str, Call]:
    """Return how the operations of these rows, and the basic ones, are called."""
    calls = {name: Call(name, *counts) for name, counts in BASIC_CALLS.items() if name != "concat"}
    return MappingProxyType(calls | {name: _call(TABLE[name]) for name in names})


def _call(row: ArrayOperation) -> Call:
    is_along = any(p.name == "axis" and p.is_optional for p in row.parameters)
    parameters = () if is_along else tuple((p.name, p.default) for p in row.parameters)
    least, most = (1, 3) if is_along else row.counts
    return Call(row.name, least, most, parameters, is_along, row.has_many, row.arrays[0])
