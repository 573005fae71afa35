"""A graph from an expression: one named node per operation, in the order of evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symback.expr.tree import Apply, Decimal, Inert, Neg, Tree, fold, number_value, symbol, symbols_of
from symback.graph.language.reader import Statement


def statements_of(tree: Tree, name: str = "z") -> tuple[Statement, ...]:
    """Return the statements of a graph whose last node is the tree: n1, n2, ... for its inner operations.

    >>> from symback.syntax import parse
    >>> statements_of(parse("(a + 2b) c"), "L")[0]
    Statement(name='n1', tree=Times(2, b), line=0, column=0, text='', at=0)
    """
    taken = {s.name for s in symbols_of(tree)} | {name}
    numbered = (f"n{i}" for i in range(1, 10**9) if f"n{i}" not in taken)
    statements: list[Statement] = []

    def combine(node: Any, inner: list[Any]) -> Any:
        if not isinstance(node, Inert) or isinstance(node, Decimal) or number_value(node) is not None:
            return node
        own = type(node)(*inner)
        if node is tree:
            statements.append(Statement(name, own))
            return symbol(name)
        if isinstance(node, Neg) or not symbols_of(node):
            return own
        statements.append(Statement(next(numbered), own))
        return symbol(statements[-1].name)

    result = fold(tree, combine)
    return tuple(statements) or (Statement(name, result),)


# --- arrays ----------------------------------------------------------------------------------------------------------

_OF_ARRAYS = frozenset(
    ("matmul", "transpose", "index", "dot", "outer", "softmax", "log_softmax", "logsumexp", "cross_entropy", "trace",
     "logdet", "inv", "quadratic", "concat", "slice", "diag", "diagonal", "onehot")
)  # fmt: skip


def used_as_arrays(trees: Iterable[Tree]) -> set[str]:
    """Return the names that stand inside a function that only arrays have.

    >>> from symback.syntax.reading import parse_matrix
    >>> sorted(used_as_arrays([parse_matrix("c*dot(w, x + b)")]))
    ['b', 'w', 'x']
    """
    found: set[str] = set()
    for tree in trees:
        stack = [tree]
        while stack:
            node = stack.pop()
            if not isinstance(node, Inert):
                continue
            if _takes_an_array(node):
                found.update(symbol.name for symbol in symbols_of(node))
            else:
                stack.extend(node._args)
    return found


def _takes_an_array(node: Inert) -> bool:
    if not isinstance(node, Apply):
        return False
    return node.name in _OF_ARRAYS or node.name in ("sum", "mean") and len(node.arguments) == 2
