"""Local derivatives between numbers, by the rules of calculus: c = sigmoid(w x + b) by w, in its textbook form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy.core.symbol import Symbol

from symback.calculus.engine import differentiate, tidy
from symback.calculus.laws import UNKNOWN_FUNCTION
from symback.expr.functions import FUNCTIONS
from symback.expr.rule import Move, Rule
from symback.expr.tree import (
    Apply,
    Diff,
    E,
    Inert,
    Path,
    Plus,
    Power,
    Times,
    Tree,
    at,
    dump,
    put,
    sum_of,
    symbol,
    symbols_of,
    walk,
)
from symback.graph.derivation.rules import GIVEN_DERIVATIVE, LOCAL_DERIVATIVE, OWN_VALUE
from symback.graph.derivation.user_functions import given_derivatives

MOST_TERMS = 6  # of a sum whose derivative is written out term by term, constants too
Step = tuple[Rule, Tree, Mapping[str, Tree]]


class Locals:
    """The derivatives of the statements of a graph by the names in them."""

    def __init__(self, trees: Mapping[str, Tree], functions: Mapping[str, Any]) -> None:
        self.trees = trees
        self.functions = functions
        self.given = given_derivatives(functions)

    def is_of_numbers(self, name: str) -> bool:
        """Tell whether a statement has only functions that the rules of calculus know, or the user's own."""
        return all(not isinstance(node, Apply) or self._is_known(node) for node in walk(self.trees[name]))

    def _is_known(self, call: Apply) -> bool:
        """Tell whether the rules can derive a call; an entry of a named array, x[3], is a letter to them."""
        if call.name == "index":
            return isinstance(call.arguments[0], Symbol)
        return call.name in FUNCTIONS or call.name.rstrip("'") in self.functions

    def steps(self, consumer: str, v: Symbol, most: int = MOST_TERMS) -> Iterator[Step]:
        """Yield the steps from the derivative of a statement by a name to its textbook form.

        Of a sum of more than `most` terms only those are derived in which the name is.
        """
        local: Tree = Diff(with_name(self.trees[consumer], v, most), v)
        yield LOCAL_DERIVATIVE, local, {}
        moves: list[Move] = []
        differentiate(local, moves)
        for move in map(self._named, moves):
            local = put(local, move.path, move.result)
            yield move.rule, local, dict(move.bound)
        for rule, local in self._own_words(local, consumer):  # noqa: B020
            yield rule, local, {}
        for move in _without_reordering(local, self.tidied(local)):
            local = put(local, move.path, move.result)
            yield move.rule, local, dict(move.bound)

    def tidied(self, tree: Tree) -> list[Move]:
        """Return the moves that bring a formula of numbers to its textbook form."""
        moves: list[Move] = []
        tidy(tree, moves, expand=False)
        return moves

    def _own_words(self, local: Tree, consumer: str) -> Iterator[tuple[Rule, Tree]]:
        """Put in derivatives that were given, and write the value of the statement by its name."""
        while (path := _place(local, self._is_given)) is not None:
            name, argument = at(local, path).name[:-1], at(local, path).arguments[0]
            rule = Rule(GIVEN_DERIVATIVE, f"the derivative of {name} that was given")
            local = put(local, path, self.given[name](argument))
            yield rule, local
        own = self.trees[consumer]
        if isinstance(own, Apply) or (isinstance(own, Power) and own._args[0] is E):
            while (path := _place(local, lambda node: node == own)) is not None:
                local = put(local, path, symbol(consumer))
                yield OWN_VALUE, local

    def _is_given(self, node: Tree) -> bool:
        return isinstance(node, Apply) and node.name.endswith("'") and node.name[:-1] in self.given

    def _named(self, move: Move) -> Move:
        """Name the derivative of a function of the user's, which the rules do not know, after the function."""
        if move.rule != UNKNOWN_FUNCTION or move.piece._args[0].name not in self.functions:
            return move
        name = move.piece._args[0].name
        rule = Rule(f"derivative of {name}", f"D({name}(x)) = {name}'(x)")
        return Move(rule, move.path, move.piece, move.result)


def with_name(tree: Tree, v: Symbol, most: int = MOST_TERMS) -> Tree:
    """Return a long sum without the terms in which a name is not: as many lines would say that they are constants."""
    if not isinstance(tree, Plus) or len(tree._args) <= most:
        return tree
    return sum_of([term for term in tree._args if v in symbols_of(term)])


def _without_reordering(local: Tree, moves: list[Move]) -> list[Move]:
    """Return the moves up to where only the order of factors is still another: a path keeps the one it was gone in."""
    lines = [local]
    for move in moves:
        lines.append(put(lines[-1], move.path, move.result))
    wanted = _factors(lines[-1])
    return moves[: next(i for i, line in enumerate(lines) if _factors(line) == wanted)]


def _factors(tree: Tree) -> list[str]:
    return sorted(map(dump, tree._args if isinstance(tree, Times) else (tree,)))


def _place(tree: Tree, is_wanted: Any) -> Path | None:
    """Return the first place of a formula that is wanted."""
    stack: list[tuple[Tree, Path]] = [(tree, ())]
    while stack:
        node, path = stack.pop()
        if is_wanted(node):
            return path
        if isinstance(node, Inert):
            stack.extend((a, (*path, i)) for i, a in reversed(list(enumerate(node._args))))
    return None
