"""The numbers of Hessians in two ways: a backward pass of the backward pass, and differences of gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symback.expr.numeric import np, with_entry
from symback.graph.backward import gradients
from symback.graph.graph import Graph, shapes_of
from symback.graph.jacobians.values import MOST_DIFFERENCES, differences, laid_out
from symback.graph.program import numbers
from symback.graph.program.build import Builder
from symback.graph.program.stable_program import as_written
from symback.graph.second_order import direction_of

Array = Any
Pair = tuple[str, str]


def by_backward_passes(graph: Graph, loss: str, wrt: Sequence[str], values: Mapping[str, Array]) -> dict[Pair, Array]:
    """Return the second derivatives by each pair of names: a row for each entry of the first, one run a row.

    Each row is the Hessian times a direction that moves one entry; so no formula and no difference is needed.
    """
    program = graph.hvp_program(loss, wrt, shapes_of(values))
    shapes = {name: program.nodes[i].shape for name, i in program.gradients.items()}
    found: dict[Pair, Array] = {}
    for first in wrt:
        rows: dict[str, list[Array]] = {second: [] for second in wrt}
        for place in np.ndindex(shapes[first]):
            moved = {direction_of(name): np.zeros(shape) for name, shape in shapes.items()}
            moved[direction_of(first)] = with_entry(moved[direction_of(first)], place, 1.0)
            results = numbers.run(program.nodes, {**values, **moved})
            for second, row in rows.items():
                row.append(np.asarray(results[program.gradients[second]], dtype=float))
        for second, row in rows.items():
            found[first, second] = laid_out(row, shapes[first], shapes[second], "numerator")
    return found


def gradient_values(graph: Graph, loss: str, wrt: Sequence[str], values: Mapping[str, Array]) -> dict[str, Array]:
    """Return the gradients of the loss."""
    program = graph.gradient_program(loss, wrt, shapes_of(values))
    results = numbers.run(program.nodes, values)
    return {name: np.asarray(results[i], dtype=float) for name, i in program.gradients.items()}


def by_differences(graph: Graph, loss: str, pair: Pair, values: Mapping[str, Array]) -> Array | None:
    """Return the second derivatives by a pair of names, by central differences of the gradient; nan at kinks.

    None where the second is a large array, or the loss does not depend on the first. A node that is no input is moved
    by hand, in the formulas as they were written.
    """
    first, second = pair
    nodes, named = graph.numeric(shapes_of(values))
    is_inner = second not in graph.inputs
    nodes = as_written(nodes, named[second]) if is_inner else nodes
    here = numbers.run(nodes, values)[named[second]]
    if np.size(here) > MOST_DIFFERENCES:
        return None
    builder = Builder(graph.functions, nodes)
    builder.keep_apart(named[second])
    gradient = gradients(builder, nodes, named[loss], [named[first]]).get(named[first])
    if gradient is None:
        return None

    def moved(value: Array) -> Array:
        return np.asarray(
            numbers.run(tuple(builder.nodes), values, fixed={named[second]: value})[gradient], dtype=float
        )

    return differences(moved, np.array(here, dtype=float), "numerator")
