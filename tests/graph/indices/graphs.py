"""A small reader of graphs with letters for sizes: `A: m x n; y: n normal; L = sum(A @ y)`, and of formulas on them."""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from sympy.core.basic import Basic
from sympy.core.symbol import Str, Symbol

from symback.expr.tree import Apply, Gradient, Inert, Size, Tree, fold, symbol
from symback.graph.nodes import Dim, Shape
from symback.syntax.reading import parse_matrix

SAMPLES = (3, 4, 5, 7, 6, 8, 9, 11)


class Graph(NamedTuple):
    statements: dict[str, Tree]
    shapes: dict[str, Shape]
    symmetric: frozenset[str]
    normal: frozenset[str]
    sizes: dict[str, Dim]

    @property
    def loss(self) -> str:
        return list(self.statements)[-1]

    def tree(self, text: str) -> Tree:
        """Read a formula; `grad(v)` is the gradient of the loss by v, a letter of a size is that size."""
        names = [*self.statements, *self.shapes, *self.sizes]
        return fold(parse_matrix(text, names), self._with_sizes)

    def _with_sizes(self, node: Basic, inner: list[Basic]) -> Tree:
        if isinstance(node, Symbol) and node.name in self.sizes:
            return Size(Str(node.name))
        if isinstance(node, Apply) and node.name == "grad":
            return Gradient(symbol(self.loss), inner[1])
        return type(node)(*inner) if isinstance(node, Inert) else node


def read(text: str) -> Graph:
    samples = (SAMPLES[k] if k < len(SAMPLES) else 4 + k for k in count())
    graph = Graph({}, {}, frozenset(), frozenset(), {})
    symmetric, normal = set(), set()
    lines = [line.strip() for line in text.split(";") if line.strip()]
    for line in (line for line in lines if ":" in line):
        names, _, words = line.partition(":")
        *sizes, last = [*words.replace("symmetric", " s").replace("normal", " p").split(), ""]
        marks = {word for word in (*sizes, last) if word in ("s", "p")}
        for word in sizes:
            if word not in ("x", "s", "p") and not word.isdigit() and word not in graph.sizes:
                graph.sizes[word] = Dim(word, next(samples))
        shape = tuple(int(w) if w.isdigit() else graph.sizes[w] for w in sizes if w not in ("x", "s", "p"))
        for name in names.split(","):
            graph.shapes[name.strip()] = shape
            symmetric |= {name.strip()} if "s" in marks else set()
            normal |= {name.strip()} if "p" in marks else set()
    equations = [line.partition("=") for line in lines if ":" not in line]
    graph.statements.update((left.strip(), symbol("x")) for left, _, _ in equations)
    graph.statements.update((left.strip(), graph.tree(right)) for left, _, right in equations)
    return graph._replace(symmetric=frozenset(symmetric), normal=frozenset(normal))
