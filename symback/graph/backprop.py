"""The backward pass as a person writes it: for each node a short derivation, symbols first and then numbers.

Nodes are taken in reverse order. The gradient by a node is the sum over its consumers of the gradient by the consumer
times the derivative of that edge; a gradient that was found already is put in where it is short, and keeps its name where
it is long, so that nothing is ever written out into one huge formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symback.errors import UsageError
from symback.functions import FUNCTIONS
from symback.graph import numbers
from symback.graph.gradient_check import GradientCheck, check_gradients
from symback.graph.graph import Graph, as_plain, canonical, shapes_of
from symback.graph.nodes import GradientProgram, Shape
from symback.graph.on_paper import Paper
from symback.rule import Derivation
from symback.tree import Tree

LAYOUTS = ("denominator", "numerator")


@dataclass(frozen=True, eq=False)
class Backprop:
    """The result of a backward pass.

    `gradients` are formulas on the graph's own nodes; `values`, `forward`, `updates` and `check` are filled with `at`.
    In the denominator layout a gradient has the shape of what it is taken by; the numerator layout transposes it.
    """

    graph: Graph
    loss: str
    wrt: tuple[str, ...]
    gradients: Mapping[str, Tree]
    derivations: Mapping[str, Derivation]
    values: Mapping[str, Any] = field(default_factory=dict)
    forward: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    updates: Mapping[str, Any] = field(default_factory=dict)
    node_values: Mapping[str, Any] = field(default_factory=dict)
    lr: float | None = None
    check: GradientCheck | None = None
    notes: tuple[str, ...] = ()
    layout: str = "denominator"


def backprop(
    graph: Graph,
    loss: str | None = None,
    at: Mapping[str, Any] | None = None,
    wrt: Sequence[str] | None = None,
    *,
    lr: float | None = None,
    layout: str = "denominator",
    exact: bool = False,
) -> Backprop:
    """Return the backward pass of a graph; see `Graph.backprop`.

    Raises UsageError for unknown names or layouts, ShapeError where the loss is not a number.
    """
    if layout not in LAYOUTS:
        raise UsageError(f"There is no layout {layout!r}.", hint="Choose denominator or numerator.")
    arrays = graph.arrays(at, exact) if at is not None else {}
    shapes = shapes_of(arrays)
    nodes, named = graph.program(shapes)
    target = canonical(loss or graph.last)
    chosen = tuple(canonical(n) for n in wrt) if wrt is not None else graph.inputs
    every = tuple(dict.fromkeys((*chosen, *(s.name for s in graph.statements))))
    program = graph.gradient_program(target, every, shapes)
    paper = Paper(graph, nodes, named, target)
    derivations = {name: paper.derivation(name) for name in paper.order(chosen)}
    result: dict[str, Any] = {"shapes": {name: nodes[i].shape for name, i in named.items()}}
    if at is not None:
        result |= _numbers(graph, program, arrays, chosen, every, lr, layout, exact)
    return Backprop(
        graph,
        target,
        chosen,
        {name: _laid_out(derivations[name].last, result["shapes"][name], layout) for name in chosen},
        derivations,
        lr=lr,
        notes=(*graph.notes, *_kink_notes(nodes), *paper.notes),
        layout=layout,
        **result,
    )


def _laid_out(tree: Tree, shape: Shape, layout: str) -> Tree:
    from symback.tree import apply

    return apply("transpose", tree) if layout == "numerator" and len(shape) == 2 else tree


def _numbers(
    graph: Graph,
    program: GradientProgram,
    arrays: Mapping[str, Any],
    chosen: Sequence[str],
    every: Sequence[str],
    lr: float | None,
    layout: str,
    exact: bool,
) -> dict[str, Any]:
    results = numbers.run(program.nodes, arrays, exact)
    found = {name: as_plain(results[program.gradients[name]]) for name in every}
    values = {name: np.transpose(found[name]) if layout == "numerator" and np.ndim(found[name]) == 2 else found[name]
              for name in chosen}
    updates = {}
    if lr is not None:
        rate = numbers.as_array("lr", lr, exact)
        updates = {name: as_plain(arrays[name] - rate * found[name]) for name in chosen if name in arrays}
    return {
        "values": values,
        "forward": graph.forward(arrays, exact),
        "inputs": {name: as_plain(a) for name, a in arrays.items()},
        "updates": updates,
        "node_values": found,
        "check": check_gradients(program, arrays, [n for n in chosen if n in arrays]),
    }


def _kink_notes(nodes: Sequence[Any]) -> list[str]:
    used = dict.fromkeys(n.op for n in nodes)
    notes = []
    for op in used:
        if op in ("maximum", "minimum"):
            notes.append(f"{op[:3]}(u, v) has no derivative where u = v; there v's derivative is taken.")
        elif op in FUNCTIONS and FUNCTIONS[op].kinks and FUNCTIONS[op].at_kink:
            at_kink = FUNCTIONS[op].at_kink
            notes.append(f"{op}(u) has no derivative where u = 0; by convention {at_kink} is taken there.")
    return notes
