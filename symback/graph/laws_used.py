"""Which laws of array operations the backward pass of a graph uses: of which operation, for which input."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from symback.errors import ShapeError
from symback.expr.tree import Apply, Tree, number_value, symbols_of, walk
from symback.graph.derivation.backward_laws import is_elementwise
from symback.graph.derivation.shapes import Shapes
from symback.graph.derivation.user_functions import written_out
from symback.graph.graph import Graph
from symback.graph.nodes import Shape

_CALLED = {"inv": "inverse"}  # what the table of laws that are derived by indices calls otherwise
_WITH_AXIS = frozenset(("sum", "mean", "softmax", "log_softmax", "logsumexp"))


class UsedLaw(NamedTuple):
    """A law: the operation, which input it is by, the ranks of all inputs, the axis, and a node that it is used in.

    `axis` is None where the operation is over all entries.
    """

    operation: str
    place: int
    ranks: tuple[int, ...]
    axis: int | None
    node: str


def laws_used(graph: Graph, shapes: Mapping[str, Shape], names: Collection[str]) -> tuple[UsedLaw, ...]:
    """Return the laws by which gradients get from the loss to some names, each once, in the order of the graph.

    `shapes` are those of all names, `names` are what gradients are wanted by and the nodes on the way there.

    >>> g = Graph("W: 2x3; x: 3; z = W @ x; L = sum(z)")
    >>> [law[:3] for law in laws_used(g, g.shapes, ("z", "x"))]
    [('matmul', 1, (2, 1)), ('sum', 0, (1,))]
    """
    found: dict[tuple[str, int, tuple[int, ...], int | None], UsedLaw] = {}
    of = Shapes(shapes)
    for statement in graph.statements:
        for node in walk(written_out(statement.tree, graph.functions, shapes)):
            for law in _laws_of(node, of, names, statement.name) if isinstance(node, Apply) else ():
                found.setdefault(law[:4], law)
    return tuple(found.values())


def _laws_of(node: Apply, shapes: Shapes, names: Collection[str], name: str) -> Iterator[UsedLaw]:
    arguments, axis = _parted(node)
    places = [i for i, tree in enumerate(arguments) if any(s.name in names for s in symbols_of(tree))]
    if not places or is_elementwise(node.name):
        return
    try:
        ranks = tuple(len(shapes.of(tree)) for tree in arguments)
    except ShapeError:  # an operation whose parts have no shapes of their own, as class numbers
        return
    if not any(ranks):
        return
    if axis is not None:
        axis = axis % ranks[0] if ranks[0] > 1 else None  # along the one axis of a vector is over all entries
    yield from (UsedLaw(_CALLED.get(node.name, node.name), place, ranks, axis, name) for place in places)


def _parted(node: Apply) -> tuple[tuple[Tree, ...], int | None]:
    """Return the arrays that an operation is applied to, and the axis, where it has one."""
    arguments: tuple[Tree, ...] = node.arguments
    if node.name in _WITH_AXIS and len(arguments) == 2:
        axis = number_value(arguments[1])
        return arguments[:1], None if axis is None else int(axis)
    return arguments, None
