"""The numbers of a program, node by node: floats and arrays, or exact fractions where every operation allows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

from symback.errors import DomainError
from symback.expr.numeric import np, quiet
from symback.expr.reals import Real
from symback.graph.language.given_values import ROW, check_classes, exact_array
from symback.graph.language.given_values import as_array as as_array
from symback.graph.language.given_values import check_shape as check_shape
from symback.graph.language.given_values import require_finite as require_finite
from symback.graph.nodes import Node, Program
from symback.graph.operations import OPERATIONS
from symback.graph.operations.functions import function_kernel
from symback.graph.operations.table import TABLE, kernel_of

Array = Any


def run(
    program: Program, values: Mapping[str, Array], exact: bool = False, fixed: Mapping[int, Array] | None = None
) -> list[Array]:
    """Return the value of every node; `values` holds an array or number for each input by name.

    A node of `fixed` has the value given there, whatever it would be worked out to.
    """
    results: list[Array] = []
    fixed = fixed or {}
    with quiet():
        for node in program:
            if node.op == "one_hot":
                check_classes(program[node.inputs[0]].name, results[node.inputs[0]], node.params[0])
            elif node.op == "gather":
                rows, places = node.inputs
                check_classes(program[places].name, results[places], np.shape(results[rows])[0], ROW)
            results.append(fixed[node.id] if node.id in fixed else _value(node, results, values, exact))
    return results


def rerun(nodes: Program, results: Sequence[Array]) -> list[Array]:
    """Return the results with these nodes worked out again, in order; all that they do not depend on stays."""
    again = list(results)
    with quiet():
        for node in nodes:
            again[node.id] = _value(node, again, {}, False)
    return again


def _value(node: Node, results: list[Array], values: Mapping[str, Array], exact: bool) -> Array:
    if node.op == "input":
        return values[node.name]
    if node.op == "constant":
        if node.value is None:
            return Real({"e": np.e, "pi": np.pi, "inf": np.inf}[node.params[0]])
        return node.value if exact else _as_float(node.value)
    inputs = [results[i] for i in node.inputs]
    if exact and is_exact(node.op):
        with suppress(ZeroDivisionError):  # fractions know no infinity, floats do
            return _worked_out(node, inputs, True)
    if exact:
        inputs = [np.asarray(i, dtype=float)[()] for i in inputs]
    return _worked_out(node, inputs, False)


def _as_float(value: Fraction) -> Real:
    try:
        return Real(value)
    except OverflowError:
        raise DomainError(
            "A number of the graph is too large: its numbers are floats, up to about 1.8e308.",
            hint="Use a smaller number, or derive the expression by itself, where numbers are exact.",
        ) from None


def _worked_out(node: Node, inputs: Sequence[Array], exact: bool) -> Array:
    row = OPERATIONS.get(node.op)
    if row is None:
        return _of_table(node, inputs)
    found = row.kernel(*inputs, params=node.params, shape=node.shape) if row.with_params else row.kernel(*inputs)
    return exact_array(found) if exact and not inputs else found


def _of_table(node: Node, inputs: Sequence[Array]) -> Array:
    """Return the value of an operation of the table, or of an elementary function, which has its own row."""
    if node.op not in TABLE:
        return function_kernel(node.op)(*inputs)
    return kernel_of(node.op, node.params, node.shape, tuple(map(np.shape, inputs)))(*inputs)


def is_exact(op: str) -> bool:
    """Tell whether an operation on fractions gives fractions."""
    row = OPERATIONS.get(op) or TABLE.get(op)
    return row.exact if row is not None else op in _EXACT_FUNCTIONS


_EXACT_FUNCTIONS = frozenset(("abs",))
