"""Functions that the text of a graph defines, written out, or with the derivative that was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symback.expr.composites import COMPOSITES
from symback.expr.tree import Apply, Inert, Tree, fold
from symback.graph.nodes import Shape
from symback.graph.program.composite_bodies import body_of
from symback.graph.program.formula_shapes import shape_of


def replaced(tree: Tree, values: Mapping[Tree, Tree]) -> Tree:
    """Return a formula in which parts stand for others, all at once.

    >>> from symback.expr.tree import Plus, symbol
    >>> x, y = symbol("x"), symbol("y")
    >>> replaced(Plus(x, y), {x: y, y: x})
    Plus(y, x)
    """

    def combine(node: Any, inner: list[Any]) -> Any:
        if node in values:
            return values[node]
        if not isinstance(node, Inert) or all(a is b for a, b in zip(inner, node._args, strict=True)):
            return node
        return type(node)(*inner)

    return fold(tree, combine)


def written_out(tree: Tree, functions: Mapping[str, Any], shapes: Mapping[str, Shape] | None = None) -> Tree:
    """Return a formula with the bodies of functions in their place, where no derivative was given for them.

    Composites are written out too, as their rows define them for arrays of these shapes.
    """
    own = {name: d for name, d in functions.items() if d.derivative is None}
    known = shapes or {}

    def combine(node: Any, inner: list[Any]) -> Any:
        if isinstance(node, Apply) and node.name in COMPOSITES and node.name not in functions:
            inputs, body = body_of(node, [shape_of(argument, known) for argument in inner[1:]])
            return written_out(replaced(body, dict(zip(inputs, inner[1:], strict=False))), functions, known)
        if isinstance(node, Apply) and node.name in own:
            definition = own[node.name]
            body = written_out(definition.body, {n: d for n, d in functions.items() if n != node.name}, known)
            return replaced(body, definition.bound(inner[1:]))
        if not isinstance(node, Inert) or all(a is b for a, b in zip(inner, node._args, strict=True)):
            return node
        return type(node)(*inner)

    return fold(tree, combine)


def given_derivatives(functions: Mapping[str, Any]) -> dict[str, Callable[[Tree], Tree]]:
    """Return the derivatives that were given, as functions of the argument."""

    def of(definition: Any) -> Callable[[Tree], Tree]:
        body = written_out(definition.derivative, functions)
        return lambda u: replaced(body, definition.bound([u]))

    return {name: of(d) for name, d in functions.items() if d.derivative is not None}
