"""Several forward passes through a graph as one table, such as the truth table of a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, ClassVar

from symback.content import ByContent
from symback.errors import SymbackError, UsageError
from symback.expr.numeric import np
from symback.expr.tree import Apply, symbols_of, walk
from symback.graph.graph import Graph, as_plain
from symback.graph.undefined import require_values
from symback.result import Result

GOOD = 1e-9  # the relative error that rounding in float64 explains


@dataclass(frozen=True, eq=False, repr=False)
class ForwardTable(Result, ByContent):
    """The values of all nodes in several passes.

    `common` are the inputs that are the same in all passes, `varying` the names of the others; each of `passes` holds
    the values of inputs and nodes by name.
    """

    kind: ClassVar[str] = "forward table"
    title: ClassVar[str] = "Forward pass"
    graph: Graph
    varying: tuple[str, ...]
    common: Mapping[str, Any] = field(default_factory=dict)
    passes: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names that have a column: inputs that vary, and the nodes."""
        return (*self.varying, *(statement.name for statement in self.graph.statements))

    def verify(self) -> Any:
        """Work each number out of those it is made of a second way, with 50 digits; arrays are not looked at."""
        check = import_module("symback.verify")
        points = 0
        for values in self.passes:
            for name, second in _second_values(self.graph, values, check):
                if abs(float(values[name]) - second) > GOOD * (1 + abs(second)):
                    return check.Verification("failed", points, f"{name} comes out otherwise the second way.")
                points += 1
        if not points:
            return check.Verification("unverified", 0, "Arrays are not worked out a second way.")
        said = "1 value" if points == 1 else f"{points} values"
        return check.Verification("verified", points, f"Verified: {said} worked out a second way.")

    def about(self) -> str:
        """Return how many passes there are, and of what."""
        passes = "1 pass" if len(self.passes) == 1 else f"{len(self.passes)} passes"
        return f"{passes}, {', '.join(self.columns)}"


def forward_table(graph: Graph, at: Sequence[Mapping[str, Any]], exact: bool = False) -> ForwardTable:
    """Return the forward passes of a graph for several tables of values.

    Raises UsageError and ShapeError as `Graph.forward` does, and UsageError where there is no table.

    >>> table = forward_table(Graph("z = w (x + y)"), [{"w": 2, "x": 0, "y": 1}, {"w": 2, "x": 1, "y": 1}])
    >>> table.varying, [values["z"] for values in table.passes]
    (('x',), [2.0, 4.0])
    """
    if not at:
        raise UsageError("There are no values.", hint="Give a table of values for each pass.")
    inputs = [graph.arrays(values, exact) for values in at]
    first = inputs[0]
    same = [name for name in graph.inputs if all(np.array_equal(i[name], first[name]) for i in inputs[1:])]
    varying = tuple(name for name in graph.inputs if name not in same) if len(inputs) > 1 else graph.inputs
    common = {name: as_plain(first[name]) for name in graph.inputs if name not in varying}
    forward = [graph.forward(values, exact) for values in inputs]
    for values, found in zip(inputs, forward, strict=True):
        require_values(graph, values, found, graph.last)
    passes = tuple(
        {**{name: as_plain(value) for name, value in values.items()}, **found}
        for values, found in zip(inputs, forward, strict=True)
    )
    return ForwardTable(graph, varying, common, passes, graph.notes)


def _second_values(graph: Graph, values: Mapping[str, Any], check: Any) -> Iterator[tuple[str, float]]:
    """Yield each number that can be worked out of other numbers by the evaluator of the checks."""
    for name, tree in graph.trees.items():
        if any(isinstance(node, Apply) and node.name in graph.functions for node in walk(tree)):
            continue  # the evaluator does not know what the user defined
        known = {s: values[s.name] for s in symbols_of(tree) if s.name in values}
        if np.ndim(values[name]) or len(known) < len(symbols_of(tree)) or any(map(np.ndim, known.values())):
            continue
        try:
            yield name, float(check.evaluate(tree, known))
        except (SymbackError, OverflowError, KeyError, TypeError, ValueError):
            continue  # a function of arrays, or no finite value


__all__ = ["ForwardTable", "forward_table"]
