"""A line of a derivation as it is rewritten: whole lines go in, and come out as moves at the place that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symback.expr.rule import Move, Rule
from symback.expr.tree import Edge, Neg, Path, Plus, Quotient, Times, Tree, at, put, sum_of


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
    """Return the innermost place that holds everything in which two lines differ, and that is worth the same in both.

    Equal sums with one other term have equal terms there; equal powers and values of functions tell nothing of what
    they are of: (-u)^2 is u^2, and trace(A.T) is trace(A).
    """
    path: list[int] = []
    while isinstance(old, (Plus, Times, Quotient, Neg)) and type(old) is type(new) and len(old._args) == len(new._args):
        places = [i for i, (a, b) in enumerate(zip(old._args, new._args, strict=True)) if a != b]
        if len(places) != 1 or isinstance(old._args[places[0]], Edge):
            break  # an edge comes with its gradient
        path.append(places[0])
        old, new = old._args[places[0]], new._args[places[0]]
    return tuple(path)
