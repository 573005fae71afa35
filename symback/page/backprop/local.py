"""The local derivatives of a backward pass: the derivative of each consumer of a node by it, where both are numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symback.expr.numeric import np
from symback.expr.tree import Tree, symbol
from symback.graph.derivation.judge import functions_of
from symback.graph.derivation.local import Locals
from symback.graph.derivation.reach import Reach
from symback.graph.derivation.user_functions import written_out
from symback.graph.program.formula_values import NotAlone, value_of


class LocalDerivatives:
    """The derivatives ∂c/∂v of the chain rule, for the graph of a backward pass."""

    def __init__(self, b: Any) -> None:
        self.shapes = b.shapes
        trees = {name: written_out(tree, b.graph.functions, b.shapes) for name, tree in b.graph.trees.items()}
        self.reach = Reach(trees, b.loss)
        self.locals = Locals(trees, b.graph.functions)

    def of(self, name: str) -> dict[str, Tree]:
        """Return the derivatives of the consumers of a node by the node, of those that are numbers.

        >>> import symback
        >>> found = LocalDerivatives(symback.Graph("e = a^2; L = c e").backprop())
        >>> found.of("a"), found.of("c")
        ({'e': Times(2, a)}, {'L': e})
        """
        consumers = [c for c in self.reach.consumers(name) if not self.shapes.get(c) and self.locals.is_of_numbers(c)]
        return {c: self._last(c, name) for c in consumers} if not self.shapes.get(name) else {}

    def _last(self, consumer: str, name: str) -> Tree:
        *_, (_, tree, _) = self.locals.steps(consumer, symbol(name))
        return tree


def value_at(tree: Tree, values: Mapping[Tree, Any], graph: Any) -> Any:
    """Return what a formula is worth, None where that needs something that has no value.

    Entries of arrays are numbered as in the text of the graph: x[1] may be the first.
    """
    first = graph.first_entries({str(name): np.shape(value) for name, value in values.items()})
    try:
        return value_of(tree, values, functions_of(graph), first)
    except (NotAlone, ValueError):
        return None
