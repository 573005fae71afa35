"""Where a graph has no value: ln 0, 1/0, tan(pi/2), the root of a negative number. The node is named, with the reason.

Numbers are floats, in which 1/0 is infinite and 0/0 is nan; neither is a value on paper. An infinite entry is none of
these where the text writes it, as a mask does, or where a value holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from symback.errors import DomainError
from symback.expr.functions import FUNCTIONS
from symback.expr.numeric import np
from symback.expr.tree import symbols_of
from symback.graph.graph import Graph, shapes_of
from symback.graph.nodes import Node, Program
from symback.graph.operations.table import TABLE
from symback.graph.program import numbers

Array = Any
_SIGNS = {"add": " + ", "subtract": " - ", "multiply": " · "}
LONGEST = 60  # letters of a node that are shown


class _Fault(NamedTuple):
    """An operation without a value, its operands at that entry, and whether the result is only too large for floats."""

    node: Node
    operands: tuple[float, ...]
    is_overflow: bool


def require_values(graph: Graph, values: Mapping[str, Array], forward: Mapping[str, Array], loss: str) -> None:
    """Raise DomainError where a node has no value, or where the loss is too large for floats.

    `values` are those of the inputs, `forward` those of the nodes. A node that is too large is let pass where the loss
    is finite: it is worked out in another form then.
    """
    without = [s for s in graph.statements if not _is_finite(forward[s.name])]
    if not without:
        return
    arrays = {name: np.asarray(value, dtype=float)[()] for name, value in values.items()}
    nodes, named = graph.program(shapes_of(arrays))
    results = numbers.run(nodes, arrays)
    for statement in without:
        fault = next(_faults(nodes, results, named[statement.name]), None)
        if fault is not None and not (fault.is_overflow and _is_finite(forward[loss])):
            raise _error(statement, fault, arrays)


def _is_finite(value: Array) -> bool:
    return bool(np.all(np.isfinite(np.asarray(value, dtype=float))))


def _faults(nodes: Program, results: Sequence[Array], last: int) -> Iterator[_Fault]:
    """Yield the operations below a node that have no value though their operands have one."""
    needed = {last}
    for node in reversed(nodes[: last + 1]):
        if node.id in needed:
            needed.update(node.inputs)
    for node in nodes[: last + 1]:
        if node.id not in needed or not node.inputs:
            continue
        operands = [results[i] for i in node.inputs]
        is_new = np.isnan(results[node.id])
        if all(map(_is_finite, operands)):
            is_new = is_new | np.isinf(results[node.id])
        elif any(np.any(np.isnan(o)) for o in operands):
            continue
        if np.any(is_new):
            place = tuple(map(int, np.argwhere(is_new)[0])) if np.ndim(is_new) else ()
            yield _fault(node, operands, results[node.id], place)


def _entry(value: Array, place: tuple[int, ...]) -> float:
    """Return an entry of an array, or a number: it stands for every entry, and needs no NumPy."""
    return float(value[place]) if np.ndim(value) else float(value)


def _fault(node: Node, operands: Sequence[Array], result: Array, place: tuple[int, ...]) -> _Fault:
    shape = np.shape(result)
    is_by_entry = all(np.shape(o) in ((), shape) for o in operands)
    at = tuple(_entry(o, place) for o in operands) if is_by_entry else ()
    has_domain = bool(FUNCTIONS[node.op].domain) if node.op in FUNCTIONS else node.op in ("logdet", "det", "inverse")
    by_zero = bool(at) and (node.op == "divide" and at[1] == 0 or node.op == "power" and at[0] == 0)
    return _Fault(node, at, bool(np.isinf(_entry(result, place))) and not (has_domain or by_zero))


# --- words -----------------------------------------------------------------------------------------------------------


def _error(statement: Any, fault: _Fault, arrays: Mapping[str, Array]) -> DomainError:
    written = import_module("symback.page.maths").text(statement.tree)  # page stands above this file
    what = f"{statement.name} = {written}" if len(written) <= LONGEST else statement.name
    used = sorted({s.name for s in symbols_of(statement.tree)})
    point = ", ".join(f"{name} = {_number(arrays[name])}" for name in used if np.ndim(arrays.get(name, ())) == 0)
    where = f" at {point}" if point else " at these values"
    return DomainError(f"{what} has no value{where}: {_reason(fault)}.", hint="Choose values for which it has one.")


def _reason(fault: _Fault) -> str:
    op, at = fault.node.op, fault.operands
    if fault.is_overflow:
        return "it is too large for a float, which goes up to about 1.8e308"
    if op == "divide" and at and at[1] == 0:
        return "it divides by zero"
    if op == "power" and at:
        return (
            f"0 has no power {_number(at[1])}" if at[0] == 0 else f"{_number(at[0])} has no real power {_number(at[1])}"
        )
    if op in FUNCTIONS and at:
        domain = re.sub(r"\bx\b", "u", FUNCTIONS[op].domain)
        return f"{op}(u) has none for u = {_number(at[0])}" + f", its domain is: {domain}" * bool(domain)
    if op == "logdet":
        return "the determinant is 0"
    if op in _SIGNS and at:
        return f"{_SIGNS[op].join(map(_number, at))} has none"
    return "a part of it is infinite" if op not in TABLE else f"the {TABLE[op].title} of infinite numbers has none"


def _number(value: Array) -> str:
    return f"{float(value):.6g}".replace("inf", "∞")
