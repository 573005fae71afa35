"""Trees in SymPy's own words: what its syntax has no name for is written out by its definition."""

from __future__ import annotations

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.functions import FUNCTIONS
from symback.laws import ARGUMENT, definition_of
from symback.tree import Apply, Diff, Inert, Let, Tree, apply, fold, symbol

_U = symbol("_u")  # the variable that stands in for an inner function
_KNOWN = frozenset(
    {"log", "root", "max", "min", "mod"}
)  # SymPy has these with two arguments, under this or a similar name


def lowered(tree: Tree) -> Tree:
    """Return the tree with inner functions, definitions and unknown derivatives in terms that SymPy can read."""
    return fold(tree, _lowered)


def _lowered(node: Basic, inner: list[Tree]) -> Tree:
    if not isinstance(node, Inert):
        return node
    if isinstance(node, Let):
        return inner[1]
    if isinstance(node, Diff) and not isinstance(inner[1], Symbol):
        return apply("Subs", Diff(replaced(inner[0], inner[1], _U), _U), _U, inner[1])
    if isinstance(node, Apply):
        return _function(node.name, inner[1:])
    return type(node)(*inner)


def _function(name: str, arguments: list[Tree]) -> Tree:
    row = FUNCTIONS.get(name)
    if row and row.definition and not row.sympy and name not in _KNOWN:
        return lowered(replaced(definition_of(name), ARGUMENT, arguments[0]))
    if name.endswith("'"):
        inner = arguments[0]
        by = inner if isinstance(inner, Symbol) else _U
        pending: Tree = _function(name.removesuffix("'"), [by, *arguments[1:]])
        pending = Diff(pending, by)
        return pending if by is inner else apply("Subs", pending, _U, inner)
    return apply(name, *arguments)


def replaced(tree: Tree, old: Basic, new: Basic) -> Tree:
    """Return the tree with every occurrence of a subtree replaced."""

    def combine(node: Basic, inner: list[Tree]) -> Tree:
        if node == old:
            return new
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, combine)
