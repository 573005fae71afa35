"""An expression as a graph of one node, so that what runs graphs, and writes code for them, takes expressions too."""

from __future__ import annotations

from collections.abc import Iterable

from symback.expr.tree import Tree
from symback.graph.graph import Graph
from symback.graph.language.reader import Source, Statement

RESULT = "the result"  # with a blank, which no variable has in its name


def graph_of(tree: Tree, arguments: Iterable[str]) -> Graph:
    """Return an expression as a graph whose inputs are the arguments in their order; NoRule for unknown functions.

    >>> import symback
    >>> graph_of(symback.parse("x z"), ["x", "z"]).forward({"x": 2, "z": 3})[RESULT]
    6.0
    """
    return Graph(Source((Statement(RESULT, tree),), inputs=tuple(arguments)))
