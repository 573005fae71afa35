"""What is left of the gradient of a loss of probabilities: p - y, derived from the laws of the loss and of p.

softmax, cross-entropy:         p * (-y/p - sum(-y/p * p)) = p sum(y) - y = p - y, where the entries of y sum to 1
sigmoid, binary cross-entropy:  ((1 - y)/(1 - p) - y/p) * p * (1 - p) = p(1 - y) - y(1 - p) = p - y
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from symback.graph.nodes import Program
from symback.graph.operations import FUSED, PROBABILITIES
from symback.rule import Rule
from symback.tree import ONE, Inert, Neg, Path, Plus, Quotient, Times, Tree, apply

CANCEL_P = Rule("multiply out and cancel p", "p*(-y/p - sum(-y/p * p)) = p*sum(y) - y")
SUMS_TO_ONE = Rule("the entries of y sum to 1", "p*sum(y) - y = p - y, where sum(y) = 1")
ROWS_SUM_TO_ONE = Rule("the entries of each row of y sum to 1", "p*sum(y, -1) - y = p - y, where sum(y, -1) = 1")
CANCEL_BOTH = Rule("multiply out and cancel p and 1 - p", "((1 - y)/(1 - p) - y/p)*p*(1 - p) = p*(1 - y) - y*(1 - p)")
COLLECT = Rule("multiply out and collect", "p*(1 - y) - y*(1 - p) = p - y")

Rewrite = tuple[Path, Rule, Tree]


class Loss(NamedTuple):
    """A loss of probabilities: which it is, p and y as expressions, and the number that it is divided by.

    `by_p` are the ways its gradient by p may stand in a line; `normal` tells that the entries of y sum to 1, `in_rows`
    that p is a matrix, whose row sums are spread over the rows again.
    """

    op: str
    p: Tree
    y: Tree
    count: Tree
    by_p: Sequence[Tree]
    normal: bool = True
    in_rows: bool = False

    def summed(self, tree: Tree) -> Tree:
        """Return the sum of the entries of each row."""
        total = apply("sum", tree, Neg(ONE))
        return apply("spread", total, Neg(ONE)) if self.in_rows else total


def unfused(nodes: Program) -> Program:
    """Return the nodes as they were written: a loss of probabilities takes these, and not what they are made of."""
    return tuple(
        replace(n, op=FUSED[n.op], inputs=(n.inputs[PROBABILITIES], n.inputs[1]))
        if n.op in FUSED and len(n.inputs) > PROBABILITIES
        else n
        for n in nodes
    )


def rewrites(line: Tree, losses: Iterable[Loss]) -> Rewrite | None:
    """Return the first rewrite towards p - y that fits in a line, None where none does."""
    losses = tuple(losses)
    for tree, path in _places(line):
        for loss in losses:
            found = (_softmax if loss.op == "cross_entropy" else _sigmoid)(tree, loss)
            if found is not None:
                return path, *found
    return None


def _places(line: Tree) -> Iterator[tuple[Tree, Path]]:
    stack: list[tuple[Tree, Path]] = [(line, ())]
    while stack:
        node, path = stack.pop()
        yield node, path
        if isinstance(node, Inert):
            stack.extend((a, (*path, i)) for i, a in reversed(list(enumerate(node._args))))


def _over(tree: Tree, count: Tree) -> Tree:
    return tree if count == ONE else Quotient(tree, count)


def _softmax(tree: Tree, loss: Loss) -> tuple[Rule, Tree] | None:
    total = Plus(Times(loss.p, loss.summed(loss.y)), Neg(loss.y))
    if loss.normal and tree == total:
        return ROWS_SUM_TO_ONE if loss.in_rows else SUMS_TO_ONE, Plus(loss.p, Neg(loss.y))
    if not isinstance(tree, Times):
        return None
    for by_p in loss.by_p:
        inner = Plus(by_p, Neg(loss.summed(Times(by_p, loss.p))))
        if tree._args[-2:] == (loss.p, inner):
            return CANCEL_P, _with_others(tree._args[:-2], _over(total, loss.count))
    return None


def _sigmoid(tree: Tree, loss: Loss) -> tuple[Rule, Tree] | None:
    rest_p, rest_y = (Plus(ONE, Neg(t)) for t in (loss.p, loss.y))
    total = Plus(Times(loss.p, rest_y), Neg(Times(loss.y, rest_p)))
    if tree == total:
        return COLLECT, Plus(loss.p, Neg(loss.y))
    if not isinstance(tree, Times):
        return None
    for by_p in loss.by_p:
        others = list(tree._args)
        if all(factor in others for factor in (by_p, loss.p, rest_p)):
            for factor in (by_p, loss.p, rest_p):
                others.remove(factor)
            return CANCEL_BOTH, _with_others(others, _over(total, loss.count))
    return None


def _with_others(others: Sequence[Tree], tree: Tree) -> Tree:
    return Times(*others, tree) if others else tree
