"""Second derivatives on nodes: the backward pass of a backward pass.

The Hessian H times a direction d is the gradient of the number sum(grad * d), in which d is constant; so the laws of
the first derivatives are all that is needed, and a product costs a few gradients however large H is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symback.errors import UsageError
from symback.graph.backward import gradients
from symback.graph.nodes import GradientProgram, Node, Program, Shape
from symback.graph.program.build import Builder, pruned


def direction_of(name: str) -> str:
    """Return the name of the input that holds the direction of a node, its differential; nobody can type such a name.

    >>> direction_of("w")
    'd(w)'
    """
    return f"d({name})"


def hvp_program(
    nodes: Program, loss: int, wrt: Mapping[str, int], functions: Mapping[str, object] | None = None
) -> GradientProgram:
    """Return the program of H @ d: inputs `d(w)` beside those of the graph, and by name the product's part.

    Its loss is the slope along the direction, d(L). UsageError where one node of `wrt` is computed from another.
    """
    refuse_dependent(nodes, wrt)
    builder = Builder(functions, nodes)
    for i in wrt.values():
        builder.keep_apart(i)
    found = gradients(builder, nodes, loss, wrt.values())
    directions = {name: builder.input(direction_of(name), nodes[i].shape) for name, i in wrt.items()}
    slope = _slope(builder, [(found[i], directions[name]) for name, i in wrt.items() if i in found])
    slope = builder.name(slope, direction_of(nodes[loss].name or "L"), is_new=False)
    again = gradients(builder, tuple(builder.nodes), slope, wrt.values())
    ids = {name: again[i] if i in again else _zeros(builder, nodes[i].shape) for name, i in wrt.items()}
    program, places = pruned(builder.nodes, [slope, *ids.values()])
    return GradientProgram(program, places[slope], {name: places[i] for name, i in ids.items()})


def _slope(builder: Builder, pairs: Sequence[tuple[int, int]]) -> int:
    """Return the node of the sum of all entries of gradients times directions."""
    total: int | None = None
    for gradient, direction in pairs:
        term = builder.add("multiply", (gradient, direction))
        term = builder.add("sum", (term,)) if builder.shape(term) else term
        total = term if total is None else builder.add("add", (total, term))
    return builder.constant(0) if total is None else total


def _zeros(builder: Builder, shape: Shape) -> int:
    zero = builder.constant(0)
    return builder.add("broadcast", (zero,), (shape, None)) if shape else zero


def refuse_dependent(nodes: Sequence[Node], wrt: Mapping[str, int]) -> None:
    """Raise UsageError where a node is computed from another one: neither could be moved while the other stays."""
    names = {i: name for name, i in wrt.items()}
    within: list[frozenset[int]] = []  # the wanted nodes that each node is computed from
    for node in nodes:
        before = frozenset().union(*(within[i] | ({i} & names.keys()) for i in node.inputs))
        if node.id in names and before:
            other = names[min(before)]
            raise UsageError(
                f"{names[node.id]} is computed from {other}, so there are no second derivatives by both.",
                hint="Ask for one of them at a time.",
            )
        within.append(before)
