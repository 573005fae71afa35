"""Simplify a formula of arrays by the laws, from the inside out, until none fits; every rewrite is a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from symback.expr.rule import Rule
from symback.expr.tree import ONE, Apply, Gradient, Inert, Tree, walk
from symback.graph.derivation.laws import ArrayLaw, head_of, laws_by_head
from symback.graph.derivation.matching import rewritten
from symback.graph.derivation.shapes import Shapes, is_call

MOST_APART = 6  # parts of a formula that are reduced one after the other; more are reduced side by side
MOST_REWRITES = 200  # of one node; no formula of any test comes near, so reaching it is an error of the table


class Rewrite(NamedTuple):
    """One rule applied: the rule, and the whole formula after it."""

    rule: Rule
    tree: Tree


Found = tuple[Rule, Tree]
RuleOf = Callable[[Tree], "Found | None"]


class Reducer:
    """Applies the laws of the table and the rules of sums and products; what was reduced once is remembered."""

    def __init__(self, shapes: Shapes, rules: Sequence[RuleOf] = ()) -> None:
        self.shapes = shapes
        self.rules: list[RuleOf] = [*rules]
        self._known: dict[Tree, tuple[Rewrite, ...]] = {}

    def reduced(self, tree: Tree) -> Tree:
        """Return a formula that no law fits any more."""
        steps = self.steps(tree)
        return steps[-1].tree if steps else tree

    def steps(self, tree: Tree) -> tuple[Rewrite, ...]:
        """Return the rewrites that reduce a formula, in order."""
        known = self._known.get(tree)
        if known is None:
            known = self._known[tree] = tuple(self._rewrites(tree))
            if known:
                self._known.setdefault(known[-1].tree, ())
        return known

    def _rewrites(self, tree: Tree) -> Iterator[Rewrite]:
        for _ in range(MOST_REWRITES):
            for rewrite in self._inside(tree):
                tree = rewrite.tree
                yield rewrite
            found = self._first(tree)
            if found is None:
                return
            assert self.shapes.of(found[1]) == self.shapes.of(tree), (found[0].name, tree, found[1])
            tree = found[1]
            yield Rewrite(*found)
        raise AssertionError(f"the laws go round in a circle: {tree}")

    def _inside(self, tree: Tree) -> Iterator[Rewrite]:
        """Reduce the parts of a formula, from left to right."""
        if not isinstance(tree, Inert) or isinstance(tree, Gradient):
            return
        parts: list[Any] = list(tree._args)
        if len(parts) > MOST_APART:
            yield from self._together(tree, parts)
            return
        for i, part in enumerate(parts):
            for rule, inner in self.steps(part) if isinstance(part, Inert) else ():
                parts[i] = inner
                yield Rewrite(rule, type(tree)(*parts))

    def _together(self, tree: Inert, parts: list[Any]) -> Iterator[Rewrite]:
        """Reduce many parts side by side: the first step of each, then the second, so that a long sum has few steps."""
        waiting = {i: self.steps(part) for i, part in enumerate(parts) if isinstance(part, Inert)}
        for turn in range(max(map(len, waiting.values()), default=0)):
            rules: dict[Rule, None] = {}
            for i, steps in waiting.items():
                if turn < len(steps):
                    rules[steps[turn].rule] = None
                    parts[i] = steps[turn].tree
            yield Rewrite(_joined(list(rules)), type(tree)(*parts))

    def _first(self, tree: Tree) -> Found | None:
        """Return what the first law or rule makes of a formula whose parts are reduced."""
        for law in laws_by_head().get(head_of(tree), ()):
            found = rewritten(law, tree, self.shapes)
            if found is not None and found[0] != tree and not self._is_worse(law, found[1]):
                return Rule(law.name, law.law), found[0]
        for rule in self.rules:
            other = rule(tree)
            if other is not None and other[1] != tree:
                return other
        return None

    def _is_worse(self, law: ArrayLaw, bound: Mapping[str, Tree]) -> bool:
        """Tell whether a product with a vector would be made of a column or row of the graph, which is none.

        sum(A*c, 0) says what A.T @ sum(c, 1) does, where c is n x 1.
        """
        return law.name == "sum of products" and any(
            is_call(node, "sum") and self.shapes.of(node.arguments[0])[int(node.arguments[1])] == 1
            for letter in "uv"
            for node in walk(bound.get(letter, ONE))
            if isinstance(node, Apply) and len(node.arguments) == 2 and self.shapes.of(node)
        )


def _joined(rules: list[Rule]) -> Rule:
    """Return one rule that is named after all that were used in one step."""
    names = dict.fromkeys(rule.name for rule in rules)
    return Rule(", ".join(names), rules[0].law, all(rule.minor for rule in rules))
