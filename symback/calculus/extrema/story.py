"""What is told of extrema, before it has a format: sentences, derivations, equations and tables in their order."""

from __future__ import annotations

from typing import NamedTuple

from symback.expr.rule import Derivation
from symback.expr.tree import Tree

Cell = str | Tree
Words = tuple[Cell, ...]


class Say(NamedTuple):
    """A sentence with formulas in it."""

    words: Words


class Work(NamedTuple):
    """A derivation under a name of its own: f'(x), or f at a place, with the lines that lead to it."""

    name: str
    derivation: Derivation
    place: Tree | None = None


class Equate(NamedTuple):
    """Equations below each other, each with the reason beside it: words, or an equation that it comes from."""

    rows: tuple[tuple[Tree, Tree, str | Tree], ...]


class Grid(NamedTuple):
    """A table: its head, and its rows."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


Part = Say | Work | Equate | Grid


def listed(items: list[Words]) -> Words:
    """Return items with commas between them and an and before the last.

    >>> listed([("a",), ("b",), ("c",)])
    ('a', ', ', 'b', ' and ', 'c')
    """
    words: list[Cell] = []
    for i, item in enumerate(items):
        words += [*([] if i == 0 else [" and " if i == len(items) - 1 else ", "]), *item]
    return tuple(words)
