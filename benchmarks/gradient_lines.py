"""Claims about gradients, made wrong on purpose: is each of them called wrong, and how often is the repair named?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sympy.core.symbol import Symbol

from benchmarks import Row
from symback.expr.match import negated
from symback.expr.tree import TWO, Apply, Gradient, Inert, Neg, Plus, Quotient, Times, Tree, apply, put, sum_of
from symback.graph.graph import Graph
from symback.page.maths import text
from symback.problems.answers.on_graphs import reader, same_gradient
from symback.working import check_working
from symback.working.graph_lines import GraphLines
from symback.working.rows_of_text import Piece, rows_of

LAYERS = """\
X: 4x3
W1: 3x5
b1: 5
W2: 5x2
y: 4x2
z1 = X @ W1 + b1
a1 = {activation}(z1)
z2 = a1 @ W2
L = mse(z2, y)"""
CLASSES = """\
X: 6x3
W: 3x4
b: 4
y: 6x4
z = X @ W + b
p = softmax(z)
L = cross_entropy(p, y)"""
NEURONS = "s = w x + b; o = sigmoid(s); t = v o + c; L = (t - y)^2"
STEPS = "h1 = w h0 + x1; h2 = w h1 + x2; h3 = w h2 + x3; L = (h1 - y1)^2 + (h2 - y2)^2 + (h3 - y3)^2"
PATHS = "u = a b; v = a + c; p = u v; q = tanh(v); L = p + q"
VECTOR = "W: 3x5; x: 5; t: 3; z = W @ x; a = sigmoid(z); L = sum((a - t)^2)"
LINES = (
    *((LAYERS.replace("{activation}", name), lines) for name, lines in (
        ("sigmoid", ("dL/dz2 = (z2 - y)/4", "dL/dW2 = a1.T @ dL/dz2", "dL/da1 = dL/dz2 @ W2.T",
                     "dL/dz1 = dL/da1 * a1 * (1 - a1)", "dL/dW1 = X.T @ dL/dz1")),
        ("tanh", ("dL/dz1 = (1 - a1^2) * (dL/dz2 @ W2.T)", "dL/db1 = sum(dL/dz1, 0)")),
    )),
    (CLASSES, ("dL/dz = (p - y)/6", "dL/dW = X.T @ dL/dz", "dL/dX = dL/dz @ W.T")),
    (NEURONS, ("dL/dt = 2(t - y)", "dL/dv = dL/dt * o", "dL/ds = dL/dt * v * o * (1 - o)", "dL/dw = dL/ds * x")),
    (STEPS, ("dL/dh2 = 2(h2 - y2) + w dL/dh3", "dL/dw = dL/dh1 h0 + dL/dh2 h1 + dL/dh3 h2")),
    (PATHS, ("dL/dv = dL/dp * u + dL/dq * (1 - q^2)", "dL/da = dL/du * b + dL/dv")),
    (VECTOR, ("dL/da = 2(a - t)", "dL/dz = dL/da * a * (1 - a)", "dL/dW = outer(dL/dz, x)", "dL/dx = W.T @ dL/dz")),
)  # fmt: skip


class Wrong(NamedTuple):
    """A claim that is wrong: the graph, and the claim as a line."""

    graph: str
    line: str


def wrong_lines() -> Iterator[Wrong]:
    """Yield every right line with one thing changed at one place, where that changes its value."""
    for graph_text, lines in LINES:
        graph = Graph(graph_text)
        b = graph.backprop()
        for line in lines:
            reading = GraphLines(rows_of(line)[0], graph_text, ())
            left, right = line.split("=", 1)
            same = same_gradient(b, left.strip().removeprefix("dL/d"))
            read = reader(graph, "L")
            for tree in dict.fromkeys(_changed(reading._read(Piece("=", right.strip(), 0)), graph)):
                if tree is not None and same(read(text(tree))) == "no":
                    yield Wrong(graph_text, f"{left.strip()} = {text(tree)}")


def _changed(tree: Tree, graph: Graph) -> Iterator[Tree | None]:
    yield from (negated(tree), Times(TWO, tree), Quotient(tree, TWO))
    stack: list[tuple[tuple[int, ...], Tree]] = [((), tree)]
    while stack:
        path, node = stack.pop()
        for new in _other(node, graph):
            yield put(tree, path, new) if path else new
        if isinstance(node, Inert) and not isinstance(node, Gradient):
            first = 1 if isinstance(node, Apply) else 0
            stack += [((*path, i), a) for i, a in enumerate(node._args) if i >= first]


def _other(node: Tree, graph: Graph) -> Iterator[Tree]:
    shapes = graph.shapes
    if isinstance(node, Symbol) and node.name in shapes:
        yield from (
            Symbol(n, real=True) for n, s in shapes.items() if s == shapes[node.name] and n not in (node.name, "L")
        )
        if len(shapes[node.name]) == 2:
            yield apply("transpose", node)
    elif isinstance(node, (Times, Plus)) and len(node._args) > 1:
        head = type(node)
        others = [[a for j, a in enumerate(node._args) if j != i] for i in range(len(node._args))]
        yield from (head(*rest) if len(rest) > 1 else sum_of(rest) for rest in others)
        if isinstance(node, Plus) and isinstance(node._args[1], Neg):
            yield Plus(node._args[1]._args[0], Neg(node._args[0]))
    elif isinstance(node, Apply) and node.name == "matmul":
        yield apply("matmul", node._args[2], node._args[1])
        yield Times(*node.arguments)
    elif isinstance(node, Apply) and node.name in ("transpose", "sum"):
        yield node._args[1]


def rows() -> Iterator[Row]:
    """Yield how many wrong claims are not called wrong, and how many are not named by one repair."""
    made = list(wrong_lines())
    found = [check_working(one.line, given=one.graph).lines[0] for one in made]
    missed = sum(line.verdict != "wrong" for line in found)
    unnamed = sum(line.mistake is None for line in found)
    yield Row(f"of {len(made)} claims about gradients made wrong, not called wrong", missed / len(made), "all", 0.0)
    yield Row("of these, not named by one repair", unnamed / len(made), "all", 0.35)
