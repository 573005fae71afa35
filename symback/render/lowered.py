"""Trees in SymPy's own words: what its syntax has no name for is written out by its definition."""

from __future__ import annotations

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.functions import FUNCTIONS
from symback.laws import ARGUMENT, definition_of
from symback.tree import Apply, Diff, Inert, Let, Tree, apply, fold, is_free_of, symbol
from symback.unknown import parts

_U = symbol("_u")  # the variable that stands in for an inner function
_KNOWN = frozenset({"log", "root", "max", "min"})  # SymPy has these with two arguments, under this or a similar name


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
    own, slots = parts(name)
    return _derivative(own, slots, arguments) if slots else apply(name, *arguments)


def _derivative(own: str, slots: tuple[int, ...], arguments: list[Tree]) -> Tree:
    """Return a derivative of an unknown function: at other arguments than names it is put in afterwards."""
    inner = list(arguments)
    put_in: list[tuple[Tree, Tree]] = []
    for slot in sorted(set(slots)):
        argument, others = arguments[slot], [*arguments[:slot], *arguments[slot + 1 :]]
        if not isinstance(argument, Symbol) or not all(is_free_of(other, argument) for other in others):
            inner[slot] = _U if not put_in else symbol(f"_u{slot + 1}")
            put_in.append((inner[slot], argument))
    pending: Tree = apply(own, *inner)
    for slot in slots:
        pending = Diff(pending, inner[slot])
    for by, argument in put_in:
        pending = apply("Subs", pending, by, argument)
    return pending


def replaced(tree: Tree, old: Basic, new: Basic) -> Tree:
    """Return the tree with every occurrence of a subtree replaced."""

    def combine(node: Basic, inner: list[Tree]) -> Tree:
        if node == old:
            return new
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, combine)
