"""The backward pass on paper: one derivation for each node, from the gradient asked for to a formula on the graph.

A line starts as `Gradient(L, v)`. The chain rule makes it a sum over the consumers c of v of `Gradient(L, c)` times
`Edge(c, v)`; a gradient found before is put in, an edge of numbers is derived by the scalar rules, and an edge of
arrays by the law of its operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.derive import differentiate, tidy
from symback.functions import FUNCTIONS
from symback.graph.arrays_on_paper import ELEMENTWISE, WHOLE_ARRAYS, ones, over_entries, without_ones
from symback.graph.backward import law_text
from symback.graph.formula_shapes import shape_of
from symback.graph.graph import Graph
from symback.graph.laws_on_paper import Laws
from symback.graph.losses_on_paper import Loss, rewrites, unfused
from symback.graph.nodes import Node, Program, Shape
from symback.graph.operations import FUSED
from symback.graph.rules_on_paper import (
    ALREADY_FOUND,
    CHAIN_RULE,
    GIVEN_DERIVATIVE,
    LOCAL_DERIVATIVE,
    MULTIVARIABLE_CHAIN_RULE,
    NO_PATH,
    OWN_VALUE,
    SEED,
    SPREAD,
    chain_rule_summed,
    with_titles,
)
from symback.laws import UNKNOWN_FUNCTION
from symback.match import fill, joined_product
from symback.rule import Derivation, Move, Rule
from symback.tidy.sums import drop_zeros
from symback.tree import (
    ONE,
    Apply,
    Diff,
    E,
    Edge,
    Gradient,
    Inert,
    Neg,
    Path,
    Plus,
    Power,
    Times,
    Tree,
    apply,
    at,
    fold,
    put,
    sum_of,
    symbol,
    symbols_of,
    walk,
    weight_of,
)

LONGEST_INSERTED = 12  # on paper; a longer gradient keeps its name
MOST_MOVES = 2000


class Paper(Laws):
    """Writes the derivations of one backward pass; gradients that were found are remembered."""

    def __init__(
        self,
        graph: Graph,
        nodes: Program,
        named: Mapping[str, int],
        loss: str,
        not_normal: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(graph, unfused(nodes), named)
        self.named = named
        self.loss = symbol(loss)
        self._trees = {s.name: self._inlined(s.tree) for s in graph.statements}
        self._found: dict[Tree, Tree] = {self.loss: ONE}
        self._shapes = {name: nodes[i].shape for name, i in named.items()}
        self._without_name = {self._label(n): n.id for n in reversed(self.nodes) if not n.name}
        self._users = self._users_of_nodes()
        self._before_loss = self._ancestors(named[loss])
        self._losses = tuple(self._losses_of_probabilities(not_normal))

    # --- which nodes, in which order --------------------------------------------------------------------------------

    def order(self, chosen: Iterable[str]) -> list[str]:
        """Return the names to be derived: those between the loss and the chosen ones, consumers first."""
        wanted = set(chosen)
        between = {n for n in self._trees if self._reaches(n, wanted)} | wanted
        names = [s.name for s in reversed(self.graph.statements)]
        ordered: list[str] = []
        for name in names:
            inputs = [s.name for s in _in_order(self._trees[name])]
            ordered += [n for n in inputs if n in between and n not in ordered and n not in self._trees]
            if name != self.loss.name and name in between and self.named[name] in self._before_loss:
                ordered.append(name)
        # a name is derived after all its consumers: statements in reverse, inputs last of all that use them
        statements = [n for n in names if n in ordered]
        rest = [n for n in ordered if n not in self._trees]
        return [*statements, *rest, *(n for n in chosen if n not in ordered)]

    def _reaches(self, name: str, wanted: set[str]) -> bool:
        return bool(self._ancestors(self.named[name]) & {self.named[n] for n in wanted})

    def _ancestors(self, node: int) -> set[int]:
        seen = {node}
        stack = [node]
        while stack:
            for i in self.nodes[stack.pop()].inputs:
                if i not in seen:
                    seen.add(i)
                    stack.append(i)
        return seen

    def _users_of_nodes(self) -> dict[int, list[tuple[Node, int]]]:
        users: dict[int, list[tuple[Node, int]]] = {}
        for node in self.nodes:
            for place, source in enumerate(node.inputs):
                users.setdefault(source, []).append((node, place))
        return users

    # --- one derivation ---------------------------------------------------------------------------------------------

    def derivation(self, name: str) -> Derivation:
        """Return the derivation of the gradient of the loss by a named node."""
        start = Gradient(self.loss, symbol(name))
        moves: list[Move] = []
        if self.named[name] not in self._before_loss:
            line: Tree = self._move(start, (), NO_PATH, Integer(0), moves)
        elif name == self.loss.name:
            line = self._move(start, (), SEED, ONE, moves)
        else:
            line = self._by_statements(start, name, moves) or self._by_operations(start, self.named[name], moves)
        self._found[symbol(name)] = line
        return Derivation(start, tuple(moves), line, (symbol(name),), name=self.loss.name)

    def _move(
        self,
        line: Tree,
        path: Path,
        rule: Rule,
        result: Tree,
        moves: list[Move],
        bound: Mapping[str, Tree] | None = None,
    ) -> Tree:
        moves.append(Move(rule, path, at(line, path), result, tuple((bound or {}).items())))
        return put(line, path, result)

    def _by_statements(self, start: Tree, name: str, moves: list[Move]) -> Tree | None:
        """Derive through statements of numbers, by the scalar rules; None where an array is involved."""
        v = symbol(name)
        consumers = [s.name for s in self.graph.statements if self._is_consumer(s.name, v)]
        if self.nodes[self.named[name]].shape or not all(map(self._is_of_numbers, consumers)):
            return None
        terms = [self._path_through(c, v, len(consumers)) for c in consumers]
        rule = CHAIN_RULE if len(terms) == 1 else MULTIVARIABLE_CHAIN_RULE
        line = self._move(start, (), rule, sum_of(terms), moves)
        line = self._insert_found(line, moves)
        for path in self._paths(line, Edge):
            consumer = at(line, path)._args[0].name
            line = self._move(line, path, LOCAL_DERIVATIVE, Diff(self._trees[consumer], v), moves)
        before = len(moves)
        line = differentiate(line, moves)
        moves[before:] = [self._named_after_function(m) for m in moves[before:]]
        line = self._insert_given(line, moves)
        for consumer in consumers:
            line = self._insert_own_value(line, symbol(consumer), moves)
        line = self._simplify_losses(line, moves)
        return tidy(line, moves, expand=False)

    def _path_through(self, consumer: str, v: Symbol, count: int) -> Tree:
        """Return dL/dc * dc/dv; where there are other paths, for L itself the derivative of its formula.

        dL/dv stands for the whole gradient, so it cannot stand for one of its parts as well.
        """
        if count > 1 and consumer == self.loss.name:
            return Diff(self._trees[consumer], v)
        return Times(Gradient(self.loss, symbol(consumer)), Edge(symbol(consumer), v))

    def _is_consumer(self, consumer: str, v: Symbol) -> bool:
        return v in symbols_of(self._trees[consumer]) and self.named[consumer] in self._before_loss

    def _is_of_numbers(self, name: str) -> bool:
        tree = self._trees[name]
        return not self.nodes[self.named[name]].shape and all(
            not (isinstance(n, Apply) and n.name not in FUNCTIONS and n.name.rstrip("'") not in self.graph.functions)
            for n in walk(tree)
        )

    def _insert_found(self, line: Tree, moves: list[Move]) -> Tree:
        """Put in the gradients that were found before, where they are short."""
        while True:
            path = next((p for p in self._paths(line, Gradient) if self._is_insertable(line, p)), None)
            if path is None:
                return line
            node = at(line, path)._args[1]
            rule = SEED if node == self.loss else ALREADY_FOUND
            line = self._move(line, path, rule, self._found[node], moves)

    def _is_insertable(self, line: Tree, path: Path) -> bool:
        """Tell whether a gradient was found, is short, and is written with all its entries where all are needed."""
        gradient = at(line, path)
        node = gradient._args[1]
        found = self._found.get(node)
        if found is None or found == gradient:
            return False
        if weight_of(found) > LONGEST_INSERTED and not self._is_probability(node):
            return False
        is_argument = bool(path) and isinstance(at(line, path[:-1]), Apply)
        return not is_argument or self._shape_of(found) == self._shape_of(node)

    def _paths(self, line: Tree, head: type) -> list[Path]:
        """Return where nodes of a kind stand, from left to right."""
        found: list[Path] = []
        stack: list[tuple[Tree, Path]] = [(line, ())]
        while stack:
            node, path = stack.pop()
            if isinstance(node, head):
                found.append(path)
            elif isinstance(node, Inert):
                stack.extend((a, (*path, i)) for i, a in reversed(list(enumerate(node._args))))
        return found[::-1] if head is Edge else found

    # --- arrays -----------------------------------------------------------------------------------------------------

    def _by_operations(self, start: Tree, node: int, moves: list[Move]) -> Tree:
        """Derive through operations on arrays, by their laws, until only named nodes and found gradients are left."""
        line = self._through_users(start, (), node, moves)
        while len(moves) < MOST_MOVES:
            path = next((p for p in self._paths(line, Gradient) if self._inner_node(at(line, p)) is not None), None)
            if path is None:
                break
            inner = self._inner_node(at(line, path))
            line = self._through_users(line, path, inner or 0, moves)
        line = self._insert_found(line, moves)
        line = self._simplify_losses(line, moves)
        line = tidy(line, moves, expand=False)
        if self.nodes[node].shape and line != Integer(0) and self._shape_of(line) == ():
            line = self._move(line, (), SPREAD, apply("spread", line), moves)
        return line

    def _inner_node(self, gradient: Tree) -> int | None:
        """Return the number of the node without a name that a gradient is taken by, None for a named one."""
        label = gradient._args[1]
        return None if isinstance(label, Symbol) else self._without_name.get(label)

    def _through_users(self, line: Tree, path: Path, node: int, moves: list[Move]) -> Tree:
        users = [(k, place) for k, place in self._users.get(node, ()) if self._has_law(k, place)]
        if not users:
            return self._move(line, path, NO_PATH, Integer(0), moves)
        v = self._label(self.nodes[node])
        terms = [Times(Gradient(self.loss, self._label(k)), Edge(self._label(k), v)) for k, _ in users]
        shape = self.nodes[node].shape
        summed = [
            over_entries(t, k.shape, shape) if k.op in ELEMENTWISE else t
            for (k, _), t in zip(users, terms, strict=True)
        ]
        rule = CHAIN_RULE if len(terms) == 1 else MULTIVARIABLE_CHAIN_RULE
        rule = chain_rule_summed(shape) if summed != terms else rule
        direct = [len(users) > 1 and self._label(k) == self.loss for k, _ in users]
        summed = [
            self._direct(k, place, shape) if d else t for (k, place), t, d in zip(users, summed, direct, strict=True)
        ]
        rule = with_titles(rule, [self._title(k) for (k, _), d in zip(users, direct, strict=True) if d])
        line = self._move(line, path, rule, sum_of(summed), moves)
        # a product put into a product joins it, so each term is looked up again by what it is
        for (user, place), term, is_direct in zip(users, terms, direct, strict=True):
            line = line if is_direct else self._apply_law(line, term, user, place, moves)
        return line

    def _direct(self, user: Node, place: int, shape: Shape) -> Tree:
        """Return the derivative of the loss's own formula; dL/dv stands for the whole gradient, not for a part."""
        found = self._law(user, place, ONE)
        return apply("spread", found) if shape and self._shape_of(found) == () else found

    def _has_law(self, user: Node, place: int) -> bool:
        """Tell whether the loss depends on a node's input through it: not so on the class numbers of a one-hot row."""
        is_used = user.id in self._before_loss
        return is_used and (
            user.op in ("call", "concat") or law_text(user, place, [self.nodes[i].shape for i in user.inputs]) != ""
        )

    def _apply_law(self, line: Tree, term: Tree, user: Node, place: int, moves: list[Move]) -> Tree:
        upstream = Gradient(self.loss, self._label(user))
        result = self._law(user, place, ONE if self._label(user) == self.loss else upstream)
        rule = Rule(self._title(user), self._shown_law(user, place))
        bound = {n: self._label(self.nodes[i]) for n, i in zip("ab", user.inputs, strict=False)}
        path, count = _place_of(line, term)
        if count:  # the term's two factors stand among those of a longer product
            parent = at(line, path)
            first = parent._args.index(upstream)
            merged = joined_product([*parent._args[:first], result, *parent._args[first + 2 :]])
            return self._move(line, path, rule, merged, moves, bound)
        shape = user.shape if user.op in ELEMENTWISE else self.nodes[user.inputs[place]].shape
        if shape:
            result = self._spread_out(result, shape, line, path)
        return self._move(line, path, rule, result, moves, bound)

    def _spread_out(self, result: Tree, shape: Shape, line: Tree, path: Path) -> Tree:
        """Return a number or row that is the gradient by several entries as an array, where the line needs one."""
        parent = at(line, path[:-1]) if path else None
        if isinstance(parent, Apply) and parent.name in WHOLE_ARRAYS:
            is_whole = self._shape_of(result) in (shape, None)
            return result if is_whole else without_ones(joined_product([result, ones(shape)]))
        is_term = not path or isinstance(parent, (Plus, Neg))
        return apply("spread", result) if is_term and self._shape_of(result) == () else result

    def _shape_of(self, tree: Tree) -> Shape | None:
        return shape_of(tree, self._shapes)

    # --- losses of probabilities ------------------------------------------------------------------------------------

    def _losses_of_probabilities(self, not_normal: frozenset[int]) -> Iterator[Loss]:
        """Yield the losses whose probabilities are a softmax or a sigmoid, used by nothing else."""
        for node in self.nodes:
            if node.op not in FUSED.values() or self.nodes[node.inputs[0]].op not in ("softmax", "sigmoid"):
                continue
            p, y = node.inputs
            if self._users[p] != [(node, 0)]:
                continue
            shape = self.nodes[p].shape
            count = prod(shape[:-1]) if node.op == "cross_entropy" else (shape[0] if shape else 1)
            by_p = [self._law(node, 0, g) for g in (ONE, Gradient(self.loss, self._label(node)))]
            label = self._label(self.nodes[p])
            normal = y not in not_normal
            yield Loss(node.op, label, self._label(self.nodes[y]), Integer(count), by_p, normal, len(shape) > 1)

    def _is_probability(self, node: Tree) -> bool:
        return any(loss.p == node for loss in self._losses)

    def _simplify_losses(self, line: Tree, moves: list[Move]) -> Tree:
        """Show how the gradient of a loss through its probabilities comes out as p - y."""
        if self._losses:
            while (found := self._zeros(line)) is not None:  # which would stand in the way
                line = self._move(line, *found, moves)
        losses = [loss._replace(by_p=(*loss.by_p, self._found.get(loss.p, ONE))) for loss in self._losses]
        while losses and (found := rewrites(line, losses)) is not None:
            line = self._move(line, *found, moves)
        return line

    def _zeros(self, line: Tree) -> tuple[Path, Rule, Tree] | None:
        """Return where a sum has a zero, and what it is without; None where there is none."""
        for path in self._paths(line, Plus):
            hit = drop_zeros(at(line, path))
            if hit is not None:
                return path, *hit
        return None

    # --- functions of the user's ------------------------------------------------------------------------------------

    def _inlined(self, tree: Tree) -> Tree:
        """Write out the functions whose derivative was not given, so that it is derived."""
        own = {n: d for n, d in self.graph.functions.items() if d.derivative is None}
        if not own:
            return tree

        def combine(node: Any, inner: list[Any]) -> Any:
            if isinstance(node, Apply) and node.name in own:
                definition = own[node.name]
                return fill(self._inlined(definition.body), {definition.parameter: inner[1]}, symbol("x"))
            if not isinstance(node, Inert) or all(a is b for a, b in zip(node._args, inner, strict=True)):
                return node
            return type(node)(*inner)

        return fold(tree, combine)

    def _insert_given(self, line: Tree, moves: list[Move]) -> Tree:
        """Put the derivative that was given in the place of psi'(u)."""
        while True:
            found = next((p for p in self._paths(line, Apply) if self._is_given(at(line, p))), None)
            if found is None:
                return line
            node = at(line, found)
            definition = self.graph.functions[node.name[:-1]]
            rule = Rule(GIVEN_DERIVATIVE, f"the derivative of {definition.name} that was given")
            result = fill(definition.derivative, {definition.parameter: node.arguments[0]}, node.arguments[0])
            line = self._move(line, found, rule, result, moves)

    def _named_after_function(self, move: Move) -> Move:
        """Name the derivative of a function of the user's, which the scalar rules do not know, after the function."""
        if move.rule != UNKNOWN_FUNCTION or move.piece._args[0].name not in self.graph.functions:
            return move
        name = move.piece._args[0].name
        return replace(move, rule=Rule(f"derivative of {name}", f"D({name}(x)) = {name}'(x)"), bound=())

    def _insert_own_value(self, line: Tree, consumer: Symbol, moves: list[Move]) -> Tree:
        """Write a function's value as the node that it is: sigma(z)(1 - sigma(z)) is a(1 - a) for a = sigma(z)."""
        own = self._trees[consumer.name]
        if not (isinstance(own, Apply) or (isinstance(own, Power) and own._args[0] is E)):
            return line
        while True:
            path = next((p for p in self._paths(line, type(own)) if at(line, p) == own), None)
            if path is None:
                return line
            line = self._move(line, path, OWN_VALUE, consumer, moves)

    def _is_given(self, node: Tree) -> bool:
        return isinstance(node, Apply) and node.name.endswith("'") and node.name[:-1] in self.graph.functions


def _in_order(tree: Tree) -> list[Symbol]:
    return list(dict.fromkeys(n for n in walk(tree) if isinstance(n, Symbol)))


def _place_of(line: Tree, term: Tree) -> tuple[Path, int]:
    """Return where a product of two stands: (its path, 0), or (the path of the longer product that it joined, 1)."""
    stack: list[tuple[Tree, Path]] = [(line, ())]
    while stack:
        node, path = stack.pop()
        if node == term:
            return path, 0
        if isinstance(node, Times) and _joins(node._args, term._args):
            return path, 1
        if isinstance(node, Inert):
            stack.extend((a, (*path, i)) for i, a in reversed(list(enumerate(node._args))))
    raise AssertionError("the term stands in the line")


def _joins(factors: Sequence[Tree], pair: Sequence[Tree]) -> bool:
    return any(factors[i] == pair[0] and factors[i + 1] == pair[1] for i in range(len(factors) - 1))
