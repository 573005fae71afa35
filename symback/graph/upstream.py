"""A backward pass that begins at a node whose gradient is given: dL/dz = G, of a loss L that is not in the graph.

All losses with this gradient have the same gradients before the node, and L = sum(G * z) is one of them. It is what is
worked out and checked; nothing of it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from symback.errors import UsageError
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import Gradient, symbol, symbols_of
from symback.graph.backprop import Backprop
from symback.graph.graph import Graph
from symback.graph.nodes import Shape

GIVEN = Rule("given gradient", "dL/dz = G")
_ARRAYS, _NUMBERS = ("G", "U", "D"), ("g", "u", "d")


class Upstream(NamedTuple):
    """The gradient of a loss by a node, and the letter that it has in formulas."""

    loss: str
    node: str
    letter: str


def letter_for(graph: Graph, node: str) -> str:
    """Return a letter that the graph does not have: a capital one for an array."""
    taken = {*graph.inputs, *graph.trees, *graph.sizes, *graph.functions}
    letters = _ARRAYS if graph.shapes[node] else _NUMBERS
    return next((one for one in letters if one not in taken), "upstream")


def with_loss(graph: Graph, given: Upstream, names: Mapping[str, Any], symbols: Iterable[str] = ()) -> Graph:
    """Return the graph with a loss whose gradient by the node is the letter.

    Raises UsageError where the node or the loss cannot be meant.

    >>> g = Graph("x: n; z = 3x")
    >>> with_loss(g, Upstream("L", "z", "G"), {}).statements[-1].name
    'L'
    """
    if given.node not in graph.trees:
        raise UsageError(f"The graph has no node {given.node}.", hint=f"Its nodes are {', '.join(graph.trees)}.")
    taken = {*graph.inputs, *graph.trees, *graph.sizes}
    for name in (given.loss, given.letter):
        if name in taken:
            message = f"{name} is in the graph, and cannot be the name of something that is given."
            raise UsageError(message, hint="Choose another name.")
    shape = graph.shapes[given.node]
    line = f"\n{given.letter}: {_spelled(shape)}" if shape else ""
    product = f"{given.letter} * {given.node}"
    loss = f"sum({product})" if shape else product
    return Graph(f"{graph.text}{line}\n{given.loss} = {loss}", names, symbols=(*symbols, given.loss, given.letter))


def _spelled(shape: Shape) -> str:
    return " x ".join(f"({size})" if " " in str(size) else str(size) for size in shape)


def backprop_from(
    graph: Graph, given: Upstream, at: Mapping[str, Any] | None, wrt: Sequence[str], **options: Any
) -> Backprop:
    """Return the backward pass of a graph that `with_loss` made; UsageError where a name is used past the node."""
    needed = names_before(graph, given)
    for name in wrt:
        _require_no_way_past(graph, given, name, needed)
    found: Backprop = graph.backprop(given.loss, at, wrt, **options)
    start, letter = Gradient(symbol(given.loss), symbol(given.node)), symbol(given.letter)
    derivations = dict(found.derivations)
    if old := derivations.get(given.node):
        moves = (Move(GIVEN, (), start, letter),)
        derivations[given.node] = Derivation(start, moves, letter, old.variables, name=old.name, names=old.names)
    updates = {name: new for name, new in found.updates.items() if name != given.letter}
    return replace(found, derivations=derivations, updates=updates, shows_loss=False)


def names_before(graph: Graph, given: Upstream) -> set[str]:
    """Return the node and all names that it depends on."""
    needed, stack = {given.node}, [given.node]
    while stack:
        tree = graph.trees.get(stack.pop())
        new = {s.name for s in symbols_of(tree)} - needed if tree is not None else set()
        needed |= new
        stack += new
    return needed


def _require_no_way_past(graph: Graph, given: Upstream, name: str, needed: set[str]) -> None:
    """Raise UsageError where a name leads to other nodes than those before the node whose gradient is given."""
    if name not in needed:
        raise UsageError(f"{given.node} does not depend on {name}.", hint="Name what it depends on.")
    seen, stack = {given.node, given.loss}, [name] if name != given.node else []
    while stack:
        own = symbol(stack.pop())
        users = [n for n, tree in graph.trees.items() if n not in seen and own in symbols_of(tree)]
        past = next((user for user in users if user not in needed), "")
        if past:
            message = f"{past} depends on {name} too, and the gradient that is given is that by {given.node}."
            raise UsageError(message, hint=f"Leave {past} out of the graph, or give the gradient by it.")
        seen.update(users)
        stack += users
