"""A line of a derivation as it is rewritten: whole lines go in, and come out as moves at the place that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy.core.symbol import Str

from symback.rule import Move, Rule
from symback.tree import Apply, Diff, Edge, Gradient, Inert, Path, Plus, Tree, at, put, sum_of


class Line:
    """The current line, and the moves that led to it."""

    def __init__(self, start: Tree) -> None:
        self.start = start
        self.tree = start
        self.moves: list[Move] = []

    def to(self, rule: Rule, line: Tree, bound: Mapping[str, Tree] | None = None) -> None:
        """Go on to another line; a line that is printed as the one before is none."""
        if line == self.tree:
            return
        path = _changed(self.tree, line)
        while path and put(self.tree, path, at(line, path)) != line:  # a sum put into a sum joins it
            path = path[:-1]
        self.moves.append(Move(rule, path, at(self.tree, path), at(line, path), tuple((bound or {}).items())))
        self.tree = line

    def follow(self, moves: Iterable[Move]) -> None:
        """Go on by moves at their places."""
        for move in moves:
            self.moves.append(move)
            self.tree = put(self.tree, move.path, move.result)


# functions that have sizes and axes as arguments, and the place of the first of these
_FIRST_SIZE = {"ones": 1, "zeros": 1, "eye": 1, "unit": 1, "sum": 2, "mean": 2, "slice": 2, "index": 2, "onehot": 2}


class Terms:
    """The terms of a line that is a sum over paths, each rewritten for itself: what a term costs, no other pays."""

    def __init__(self, line: Line, terms: list[Tree]) -> None:
        self.line = line
        self.terms = terms

    def put(self, rule: Rule, place: int, term: Tree, bound: Mapping[str, Tree] | None = None) -> None:
        """Go on to another form of one term."""
        before, self.terms[place] = self.terms[place], term
        if len(self.terms) == 1 or isinstance(term, Plus) or not self._stands(place, before):
            self.line.to(
                rule, sum_of([part for t in self.terms for part in (t._args if isinstance(t, Plus) else (t,))]), bound
            )
        elif term != before:
            self.line.moves.append(Move(rule, (place,), before, term, tuple((bound or {}).items())))
            self.line.tree = Plus(*self.terms)

    def _stands(self, place: int, term: Tree) -> bool:
        """Tell whether the terms are those of the line, one by one."""
        args = self.line.tree._args if isinstance(self.line.tree, Plus) else ()
        return len(args) == len(self.terms) and args[place] is term


def _changed(old: Tree, new: Tree) -> Path:
    """Return the innermost place that holds everything in which two lines differ."""
    path: list[int] = []
    while (
        isinstance(old, Inert)
        and not isinstance(old, (Diff, Edge, Gradient))
        and type(old) is type(new)
        and len(old._args) == len(new._args)
    ):
        places = [i for i, (a, b) in enumerate(zip(old._args, new._args, strict=True)) if a != b]
        if len(places) != 1:
            break
        (place,) = places
        if isinstance(old._args[place], (Str, Edge)):
            break  # the name of a function is no place in a line, and an edge stands together with its gradient
        if isinstance(old, Apply) and place >= _FIRST_SIZE.get(old.name, len(old._args)):
            break  # nor is a size or an axis
        path.append(place)
        old, new = old._args[place], new._args[place]
    return tuple(path)
