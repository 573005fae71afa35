"""Jacobians on paper: the chain rule with matrices, and the laws of operations between vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy.core.numbers import Integer

from symback.errors import NoRule
from symback.functions import FUNCTIONS
from symback.graph.arrays_on_paper import ELEMENTWISE
from symback.graph.backward import law_text, law_tree
from symback.graph.build import Builder
from symback.graph.graph import Graph
from symback.graph.nodes import Node, Program, Shape
from symback.graph.on_paper import Paper
from symback.graph.rules_on_paper import CHAIN_RULE, MULTIVARIABLE_CHAIN_RULE, NO_PATH, with_titles
from symback.match import fill, joined_product
from symback.rule import Derivation, Move, Rule
from symback.tree import (
    ONE,
    Apply,
    Edge,
    Gradient,
    Inert,
    Neg,
    Path,
    Times,
    Tree,
    apply,
    at,
    fold,
    number_value,
    sum_of,
    symbol,
)  # fmt: skip

LAYOUTS = ("numerator", "denominator")
ENTRY_BY_ENTRY = (
    ELEMENTWISE | FUNCTIONS.keys() | {"exp", "negate", "identity", "call"}
)  # operations whose Jacobian is diagonal
IDENTITY = Rule("multiply by the identity matrix", "I @ A = A", minor=True)
BRACKETS = Rule("leave out brackets", "A @ (B @ C) = A @ B @ C", minor=True)
NUMBER = Rule("take the number out", "(c A) @ B = c (A @ B)", minor=True)
DIAGONAL = Rule("multiply a vector of ones by a diagonal matrix", "ones.T @ diag(u) = u.T", minor=True)
SIGN = Rule("take the sign out", "A @ (-B) = -(A @ B)", minor=True)

# Jacobians of operations between vectors that are not worked entry by entry, in both layouts. a and b are the inputs,
# z is the result; I stands for the identity matrix of the size of the result. By a matrix: entry i of A @ b holds row i
# of A times b, so its derivatives by all rows are blocks, b in block i.
BETWEEN_VECTORS: dict[tuple[str, int], tuple[str, str]] = {
    # operation, input      numerator                     denominator
    ("matmul 2 1", 0): ("kron(eye(z), b.T)", "kron(eye(z), b)"),
    ("matmul 2 1", 1): ("a", "a.T"),
    ("matmul 1 2", 0): ("b.T", "b"),
    ("matmul 1 2", 1): ("kron(a.T, eye(z))", "kron(a, eye(z))"),
    ("transpose 1", 0): ("eye(z)", "eye(z)"),
    ("softmax 1", 0): ("diag(z) - z @ z.T", "diag(z) - z @ z.T"),
    ("log_softmax 1", 0): ("eye(z) - ones(z) @ softmax(a).T", "eye(z) - softmax(a) @ ones(z).T"),
}


class Chain(Paper):
    """Writes the derivations of Jacobians: products of matrices in the place of products of numbers."""

    def __init__(self, graph: Graph, nodes: Program, named: Mapping[str, int], of: str, layout: str) -> None:
        super().__init__(graph, nodes, named, of)
        self.column = LAYOUTS.index(layout)

    def derivation(self, name: str) -> Derivation:
        """Return the derivation of the Jacobian by a named node."""
        start = Gradient(self.loss, symbol(name))
        moves: list[Move] = []
        if self.named[name] not in self._before_loss:
            line = self._move(start, (), NO_PATH, Integer(0), moves)
        else:
            line = self._by_users(start, (), self.named[name], moves)
            while (path := self._inner_gradient(line)) is not None:
                line = self._by_users(line, path, self._inner_node(at(line, path)) or 0, moves)
            line = self._insert_found(line, moves)
            line = self._tidied(line, moves)
        self._found[symbol(name)] = line
        return Derivation(start, tuple(moves), line, (symbol(name),), name=self.loss.name)

    def _shape_of(self, tree: Tree) -> Shape | None:
        """Return no shape: a Jacobian has that of two nodes, so it may be put in wherever it was found."""
        return None

    def _tidied(self, line: Tree, moves: list[Move]) -> Tree:
        while True:
            products = (p for p in _places(line) if _is(at(line, p), "matmul"))
            places = ((p, _simpler_product(at(line, p))) for p in products)
            path, found = next(((p, f) for p, f in places if f is not None), ((), None))
            if found is None:
                return line
            line = self._move(line, path, *found, moves)

    def _inner_gradient(self, line: Tree) -> Path | None:
        return next((p for p in self._paths(line, Gradient) if self._inner_node(at(line, p)) is not None), None)

    def _by_users(self, line: Tree, path: Path, node: int, moves: list[Move]) -> Tree:
        """Go one step along the graph: the chain rule over the users of a node, and the law of each."""
        users = [(k, place) for k, place in self._users.get(node, ()) if k.id in self._before_loss]
        last = [self._label(k) == self.loss for k, _ in users]
        several = len(users) > 1
        # dy/dv stands for the whole Jacobian, so the part of y's own formula is written out at once
        terms = [
            self.local(k, place) if is_last and several else self._term(k, node)
            for (k, place), is_last in zip(users, last, strict=True)
        ]
        if several or not last[0]:
            rule = CHAIN_RULE if len(terms) == 1 else MULTIVARIABLE_CHAIN_RULE
            titles = [self._title(k) for (k, _), is_last in zip(users, last, strict=True) if is_last and several]
            line = self._move(line, path, with_titles(rule, titles), sum_of(terms), moves)
        for user, place in (u for u, is_last in zip(users, last, strict=True) if not (is_last and several)):
            edge = Edge(self._label(user), self._label(self.nodes[node]))
            where = next((p for p in self._paths(line, Edge) if at(line, p) == edge), path)
            rule = Rule(self._title(user), self._local_law(user, place))
            line = self._move(line, where, rule, self.local(user, place), moves)
        return line

    def _term(self, user: Node, node: int) -> Tree:
        """Return dy/dc @ dc/dv in the order of the layout, and dy/dv alone where c is y."""
        edge = Edge(self._label(user), self._label(self.nodes[node]))
        if self._label(user) == self.loss:
            return edge
        upstream = Gradient(self.loss, self._label(user))
        y, v = self.nodes[self.named[self.loss.name]].shape, self.nodes[node].shape
        if not user.shape and not (y and v):
            return Times(upstream, edge)
        return apply("matmul", *((upstream, edge) if self.column == 0 else (edge, upstream)))

    # --- laws -----------------------------------------------------------------------------------------------------

    def local(self, user: Node, place: int) -> Tree:
        """Return the Jacobian of an operation by one of its inputs."""
        own = self.nodes[user.inputs[place]].shape
        if user.shape and own and user.op not in ENTRY_BY_ENTRY:
            return self._between_vectors(user, place)
        factor = with_unit_vectors(self._law(user, place, ONE), own)
        if not user.shape and own and number_value(factor) is not None:  # every entry has this derivative
            ones = apply("ones", *map(Integer, own))
            return _times(factor, ones if self.column == 1 else apply("transpose", ones))
        if not user.shape:
            return factor if len(own) == 0 or self.column == 1 else apply("transpose", factor)
        return self._entry_by_entry(factor, user, own)

    def _entry_by_entry(self, factor: Tree, user: Node, own: Shape) -> Tree:
        size = Integer(user.shape[0])
        value = number_value(factor)
        is_number = value is not None or self._shape(factor) == ()
        if own and own != user.shape:
            raise NoRule(f"There is no law for the Jacobian of {user.op} where a vector is spread over another.")
        if own:
            return _times(factor, apply("eye", size)) if is_number else apply("diag", factor)
        column = _times(factor, apply("ones", size)) if is_number else factor
        return column if self.column == 0 else apply("transpose", column)

    def _shape(self, tree: Tree) -> Shape | None:
        """Return the shape of a formula on nodes, by building it."""
        builder = Builder(self.graph.functions, self.nodes)
        labels: dict[Any, int] = {symbol(name): i for name, i in self.named.items()}
        return builder.shape(builder.lower(tree, labels))

    def _local_law(self, user: Node, place: int) -> str:
        """Return the law of an edge as text: that of the gradient with g = 1, for entries on the diagonal."""
        shapes = [self.nodes[i].shape for i in user.inputs]
        axes = " ".join(str(len(shape)) for shape in shapes)
        laws = BETWEEN_VECTORS.get((f"{user.op} {axes}", place)) if user.shape and shapes[place] else None
        left = f"dz/d{'ab'[place] if place < 2 else 'input'}"
        if laws is not None:
            return f"{left} = {laws[self.column]}"
        law = law_text(user, place, shapes)
        return f"{left} = diag({law}), g = 1" if user.shape and shapes[place] else f"{left} = {law}, g = 1"

    def _between_vectors(self, user: Node, place: int) -> Tree:
        axes = " ".join(str(len(self.nodes[i].shape)) for i in user.inputs)
        laws = BETWEEN_VECTORS.get((f"{user.op} {axes}", place))
        if laws is None:
            raise NoRule(
                f"There is no law for the Jacobian of {user.op} by its input {place + 1}.",
                hint="Give a graph of matrix products, elementwise functions, softmax, and sums.",
            )
        labels = [self._label(self.nodes[i]) for i in user.inputs]
        bound = {"z": self._label(user), **dict(zip("ab", labels, strict=False))}
        return sized(fill(law_tree(laws[self.column]), bound, labels[0]), user.shape[0])


def _times(factor: Tree, matrix: Tree) -> Tree:
    value = number_value(factor)
    if value is not None and abs(value) == 1:
        return matrix if value == 1 else Neg(matrix)
    return Times(factor, matrix)


def with_unit_vectors(tree: Tree, shape: Shape) -> Tree:
    """Write the gradient of an entry of a vector as the unit vector that it is."""

    def combine(node: Any, inner: list[Any]) -> Any:
        if _is(node, "scatter") and len(shape) == 1 and inner[1] == ONE:
            return apply("unit", inner[2], Integer(shape[0]))
        return node if not isinstance(node, Inert) else type(node)(*inner)

    return fold(tree, combine)


def sized(tree: Tree, size: int) -> Tree:
    """Write the size of identity matrices and of vectors of ones for the node whose size they have."""

    def combine(node: Any, inner: list[Any]) -> Any:
        if isinstance(node, Apply) and node.name in ("eye", "ones"):
            return apply(node.name, Integer(size))
        return node if not isinstance(node, Inert) else type(node)(*inner)

    return fold(tree, combine)


# --- tidying ----------------------------------------------------------------------------------------------------------


def _places(line: Tree) -> Iterator[Path]:
    """Yield every place in a line, from the outside in."""
    stack: list[tuple[Tree, Path]] = [(line, ())]
    while stack:
        node, path = stack.pop()
        yield path
        if isinstance(node, Inert):
            stack.extend((a, (*path, i)) for i, a in reversed(list(enumerate(node._args))))


def _is(tree: Tree, name: str) -> bool:
    return isinstance(tree, Apply) and tree.name == name


def _simpler_product(product: Tree) -> tuple[Rule, Tree] | None:
    """Return what a matrix product with an identity matrix, a minus or a number is, and the rule that says so."""
    left, right = product.arguments
    if _is(right, "matmul"):
        a, b = right.arguments
        return BRACKETS, apply("matmul", apply("matmul", left, a), b)
    if _is(left, "eye") or _is(right, "eye"):
        return IDENTITY, right if _is(left, "eye") else left
    for i, factor in enumerate((left, right)):
        if isinstance(factor, Neg):
            return SIGN, Neg(_with_factor(product, i, factor._args[0]))
        if isinstance(factor, Times) and len(factor._args) == 2 and _is_special(factor._args[1]):
            return NUMBER, joined_product([factor._args[0], _with_factor(product, i, factor._args[1])])
    if _is_transposed_ones(left) and _is(right, "diag"):
        return DIAGONAL, apply("transpose", right.arguments[0])
    if _is(left, "diag") and _is(right, "ones"):
        return DIAGONAL, left.arguments[0]
    return None


def _with_factor(product: Tree, place: int, factor: Tree) -> Tree:
    factors = list(product.arguments)
    factors[place] = factor
    return apply("matmul", *factors)


def _is_special(tree: Tree) -> bool:
    """Tell whether a factor is a matrix that a law has made, so that what stands before it is a number."""
    return any(_is(tree, name) for name in ("eye", "ones", "diag", "kron")) or _is_transposed_ones(tree)


def _is_transposed_ones(tree: Tree) -> bool:
    return _is(tree, "transpose") and _is(tree.arguments[0], "ones")
