"""The law of each operation on arrays, with the expressions of the nodes for its letters and numbers for shapes."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from sympy.core.numbers import Integer

from symback.functions import FUNCTIONS
from symback.graph.arrays_on_paper import transposed, without_ones
from symback.graph.backward import law_text, law_tree
from symback.graph.graph import Graph
from symback.graph.nodes import Node, Program, shape_text
from symback.graph.operations import OPERATIONS
from symback.graph.rules_on_paper import GIVEN_DERIVATIVE
from symback.match import fill, joined_product
from symback.tree import ONE, Apply, Inert, Quotient, Times, Tree, apply, fold, number, symbol


class Laws:
    """The nodes of a graph as they are called on paper, and the law of each."""

    def __init__(self, graph: Graph, nodes: Program, named: Mapping[str, int]) -> None:
        self.graph = graph
        self.nodes = nodes
        self._names = {i: name for name, i in reversed(list(named.items()))}

    def _title(self, user: Node) -> str:
        if user.op == "call":
            return GIVEN_DERIVATIVE
        row = FUNCTIONS.get(user.op)
        return row.rule_name if row else "exponential rule" if user.op == "exp" else OPERATIONS[user.op].title

    def _shown_law(self, user: Node, place: int) -> str:
        text = law_text(user, place, [self.nodes[i].shape for i in user.inputs])
        shapes = " and ".join(shape_text(self.nodes[i].shape) for i in user.inputs)
        return f"grad {'ab'[place] if place < 2 else 'input'} = {text.replace('g', 'grad z', 1)}   ({shapes})"

    def _law(self, user: Node, place: int, upstream: Tree) -> Tree:
        """Return the law of an operation's input with the expressions of the nodes for its letters."""
        labels = [self._label(self.nodes[i]) for i in user.inputs]
        if user.op == "call":
            definition = self.graph.functions[user.params[0]]
            local = fill(definition.derivative, {definition.parameter: labels[0]}, labels[0])
            return joined_product([upstream, local])
        if user.op == "concat":
            return apply("slice", upstream, Integer(place))
        template = law_tree(law_text(user, place, [self.nodes[i].shape for i in user.inputs]))
        bound = {"a": labels[0], "z": self._label(user), "out": self._label(user), "g": upstream}
        if len(labels) > 1:
            bound["b"] = labels[1]
        return self._without_shapes(fill(template, bound, labels[0]), user)

    def _without_shapes(self, tree: Tree, user: Node) -> Tree:
        """Replace what a law says of shapes by numbers: count(a) by 6, spread(g) of a number by g."""
        shape = self.nodes[user.inputs[0]].shape
        axis = user.params[0] if user.op in ("sum", "mean") and user.params else None
        spreads = len(shape) > 1 and (axis is not None or user.op not in ("sum", "mean"))
        counts = {
            "count": prod(shape) if axis is None else shape[axis],
            "rows": shape[0] if shape else 1,
            "samples": prod(shape[:-1]),
        }

        def combine(node: Any, inner: list[Any]) -> Any:
            if not isinstance(node, Inert):
                return node
            if isinstance(node, Times):
                return without_ones(Times(*inner))
            if isinstance(node, Quotient) and inner[1] == ONE:
                return inner[0]
            name = node.name if isinstance(node, Apply) else ""
            if name in counts:
                return Integer(counts[name])
            if name == "spread":
                return apply("spread", inner[1], number(-1 if axis is None else axis)) if spreads else inner[1]
            if name == "scatter":
                return apply("scatter", inner[1], *(Integer(i) for i in user.params))
            if name == "ratio":
                return Quotient(inner[1], inner[2])
            if name == "eye":
                return apply("eye", Integer(shape[0]))
            return node if all(a is b for a, b in zip(node._args, inner, strict=True)) else type(node)(*inner)

        return without_ones(fold(tree, combine))

    def _label(self, node: Node) -> Tree:
        if node.id in self._names:
            return symbol(self._names[node.id])
        if node.op == "one_hot":
            return self._label(self.nodes[node.inputs[0]])
        if node.op == "constant" and node.value is not None:
            return number(node.value)
        if node.op == "matmul" and [len(self.nodes[i].shape) for i in node.inputs] == [1, 2]:
            row, matrix = (self._label(self.nodes[i]) for i in node.inputs)
            return apply("matmul", transposed(matrix), row)  # a vector is a column on paper
        return node.tree if node.tree is not None else symbol(f"node{node.id}")
