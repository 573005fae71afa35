"""What is right: the pending derivatives of a line worked out by the right laws, and lines in textbook form."""

from __future__ import annotations

from functools import lru_cache

from symback.calculus.engine import tidy
from symback.calculus.laws import differentiate_once
from symback.expr.tree import Diff, Inert, Tree, is_pending


@lru_cache(maxsize=20_000)
def worked_out(tree: Tree, strategy: str = "textbook") -> Tree:
    """Return the tree with every pending derivative worked out, not tidied; NoRule where there is no law for one.

    >>> from symback.syntax import parse
    >>> worked_out(parse("x d/dx [x^3]"))
    Times(x, Times(3, Power(x, 2)))
    """
    if not isinstance(tree, Inert) or not is_pending(tree):
        return tree
    if isinstance(tree, Diff):
        inner = worked_out(tree._args[0], strategy)
        return worked_out(differentiate_once(Diff(inner, tree._args[1]), strategy)[1], strategy)
    return type(tree)(*(worked_out(argument, strategy) for argument in tree._args))


@lru_cache(maxsize=2_000)
def tidied(tree: Tree) -> Tree:
    """Return the right value of a tree in textbook form."""
    return tidy(worked_out(tree), [])
