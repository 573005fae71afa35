"""Letters that are functions of a variable: y on paper, y(x) for the rules and for the check by numbers.

On paper stands y, and dy/dx for its derivative. A rule must know that y depends on x, and numbers must try many
functions for it, so both are given y(x), an unknown function. The two forms have the same places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sympy.core.basic import Basic
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.expr.rule import Move, Rule
from symback.expr.tree import Apply, Inert, Rate, Tree, apply, fold, substituted
from symback.expr.unknown import parts

UNKNOWN = "derivative of an unknown function"
WRITE_RATE = Rule("write dy/dx", "D(y) = dy/dx for a function y of x", minor=True)


def as_functions(tree: Tree, names: Iterable[Symbol], by: Symbol) -> Tree:
    """Return a tree with letters as functions of a variable, and dy/dx as the derivative y'(x).

    >>> from symback.expr.tree import Times, symbol
    >>> x, y = symbol("x"), symbol("y")
    >>> as_functions(Times(x, Rate(y, x, Integer(1))), [y], x)
    Times(x, Apply(y', x))
    """
    names = frozenset(names)

    def change(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Rate):
            return apply(node._args[0].name + "'" * int(node._args[2]), by)
        if isinstance(node, Symbol):
            return apply(node.name, by) if node in names else node
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, change)


def as_letters(tree: Tree, names: Iterable[Symbol], by: Symbol) -> Tree:
    """Return a tree with the functions of a variable as letters again, and y'(x) as dy/dx."""
    known = {name.name: name for name in names}

    def change(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Apply) and len(node.arguments) == 1 and node.arguments[0] == by:
            own, slots = parts(node.name)
            if own in known:
                return Rate(known[own], by, Integer(len(slots))) if slots else known[own]
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, change)


def on_paper(moves: Iterable[Move], names: Sequence[Symbol], by: Symbol) -> list[Move]:
    """Return moves as they stand on paper: with letters, and the derivative of y written dy/dx."""
    made = []
    for move in moves:
        bound = tuple((letter, as_letters(tree, names, by)) for letter, tree in move.bound)
        piece, result = (as_letters(tree, names, by) for tree in (move.piece, move.result))
        rule = WRITE_RATE if move.rule.name == UNKNOWN and isinstance(result, Rate) else move.rule
        made.append(replace(move, rule=rule, piece=piece, result=result, bound=bound if rule is move.rule else ()))
    return made


def with_rates(tree: Tree, values: Mapping[Tree, Tree]) -> Tree:
    """Return a tree with derivatives such as dy/dx replaced."""

    def change(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Rate):
            return values.get(node, node)
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, change)


def with_letters(tree: Tree, values: Mapping[Symbol, Tree]) -> Tree:
    """Return a tree with letters replaced; the y of dy/dx is no letter there."""
    held: dict[Tree, Symbol] = {}

    def hide(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Rate):
            return held.setdefault(node, Symbol(f"rate{len(held)}", real=True))
        return type(node)(*inner) if isinstance(node, Inert) else node

    hidden = fold(tree, hide)
    back = {stand_in: rate for rate, stand_in in held.items()}
    return substituted(hidden, {**values, **back})
