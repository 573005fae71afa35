"""One idea for one pending derivative: what a line of a textbook does to it, as labelled moves.

Constant factors go out together with what follows. A sum rule at the top stops at its terms; a chain rule works out the
outer derivative and leaves the inner one; a product, a quotient, u^v stop at their formula. What is one step away is
finished where it stands in something greater.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

from symback.calculus import laws
from symback.calculus.clearing import cleared, multiplied, squared
from symback.calculus.immediate import AS_A_POWER, CHAIN, CONSTANT_MULTIPLE, DEEPEST, QUOTIENT, SUMS, Hits, Immediate
from symback.calculus.tidy.fractions import NUMBER_FIRST, as_fraction
from symback.expr.rule import Rule
from symback.expr.tree import Diff, Let, Neg, Path, Plus, Quotient, Times, Tree, is_pending, number_value, put


class Change(NamedTuple):
    """A rewrite of the piece at a path, before it has its place in a derivation."""

    rule: Rule
    path: Path
    piece: Tree
    result: Tree
    bound: Mapping[str, Tree] = {}


class Work(NamedTuple):
    """What became of a tree, and by which changes; paths begin at that tree."""

    tree: Tree
    changes: Sequence[Change] = ()


class Mode(Enum):
    """How far one line goes with a pending derivative."""

    TOP = auto()  # one idea: it is the question itself, a term of its sum, or alone beside constant factors
    NESTED = auto()  # one idea inside something greater, where what is immediate is finished
    CONSTANTS = auto()  # constant factors go out, no more
    FINISHED = auto()
    WAITS = auto()


class Ideas:
    """Works one idea out, by the laws of a strategy."""

    def __init__(self, hits: Hits, keep_negative_powers: bool) -> None:
        self.hits = hits
        self.immediate = Immediate(hits)
        self.keep_negative_powers = keep_negative_powers
        self._finished: dict[Diff, Work] = {}
        self._pending: Sequence[Diff] = ()
        self._chains: bool | None = None

    def begin_line(self, pending: Sequence[Diff]) -> None:
        """Begin a line in which these derivatives are pending."""
        self._pending, self._chains = pending, None

    @property
    def chains(self) -> bool:
        """Whether f(ax + b) is finished in this line: only where all that is pending is immediate."""
        if self._chains is None:
            self._chains = all(map(self.immediate, self._pending))
        return self._chains

    def idea(self, pending: Diff, is_top: bool, in_product: bool) -> tuple[Work, bool]:
        """Return what a line makes of a pending derivative, and whether a number of it is yet to come to the front.

        In a product that number goes to the front of all its factors, and not first before those of the derivative.
        """
        work = self._work(pending, Mode.TOP if is_top else Mode.NESTED, DEEPEST)
        last = work.changes[-1]
        if in_product and last.rule is NUMBER_FIRST and not last.path:
            return Work(last.piece, work.changes[:-1]), True
        return work, False

    def _work(self, pending: Diff, mode: Mode, deep: int) -> Work:
        if mode is Mode.NESTED and self.immediate(pending, self.chains):
            mode = Mode.FINISHED
        if mode is Mode.WAITS or (deep == 0 and mode is not Mode.FINISHED):
            return Work(pending)
        if mode is Mode.FINISHED and pending in self._finished:
            return self._finished[pending]
        rule, result, bound = self.hits(pending)
        if mode is Mode.CONSTANTS and rule.name != CONSTANT_MULTIPLE:
            return Work(pending)
        changes = [Change(rule, (), pending, result, bound)]
        below = _modes_below(rule, mode, pending._args[1])
        inner = worked_below(result, lambda d: self._work(d, below(d), deep - 1))
        changes += inner.changes
        work = self._written(rule, mode, Work(inner.tree, changes))
        if mode is Mode.FINISHED:
            self._finished[pending] = work
        return work

    def _written(self, rule: Rule, mode: Mode, work: Work) -> Work:
        """Write the outcome as one does in passing: numbers multiplied, a fraction again, the square worked out."""
        if rule.name == QUOTIENT and isinstance(work.tree, Quotient):
            return with_changes(work, [((1, *path), piece, hit) for path, piece, hit in squared(work.tree._args[1])])
        if mode is not Mode.FINISHED:
            return work
        minus: Path = (0,) if isinstance(work.tree, Neg) else ()
        if rule.name == CONSTANT_MULTIPLE:
            bare = work.tree._args[0] if minus else work.tree
            hit = multiplied(bare)
            return work if hit is None else with_changes(work, [(minus, bare, hit)])
        if rule.name == AS_A_POWER and not self.keep_negative_powers:
            hit = as_fraction(work.tree)
            return work if hit is None else with_changes(work, [((), work.tree, hit)])
        return work


def _modes_below(rule: Rule, mode: Mode, variable: Tree) -> Callable[[Diff], Mode]:
    """Return how far the line goes with the derivatives that a rule leaves."""
    if mode in (Mode.FINISHED, Mode.CONSTANTS):
        return lambda d: mode
    if rule.name == CONSTANT_MULTIPLE:
        return lambda d: mode
    if rule.name in SUMS:
        return lambda d: Mode.CONSTANTS if mode is Mode.TOP else Mode.NESTED
    if rule.name == AS_A_POWER:
        return lambda d: Mode.WAITS if mode is Mode.TOP else Mode.NESTED
    if rule.name == CHAIN and rule is not laws.CHAIN_RULE:
        return lambda d: Mode.WAITS if d._args[1] == variable or isinstance(d._args[1], Let) else Mode.FINISHED
    return lambda d: Mode.WAITS


# --- putting changes together -----------------------------------------------------------------------------------------


def worked_below(tree: Tree, work: Callable[[Diff], Work]) -> Work:
    """Return the tree with work done on its pending derivatives, and the bookkeeping of that cleared."""
    if isinstance(tree, Diff):
        return work(tree)
    if not is_pending(tree):
        return Work(tree)
    arguments, changes = list(tree._args), list[Change]()
    new, bare = list[int](), list[int]()
    index = 0
    for argument in tree._args:
        width = 1
        if is_pending(argument):
            inner = worked_below(argument, work)
            if inner.changes:
                width, _ = put_into(type(tree), arguments, index, inner, (), changes.append)
                new += range(index, index + width)
                bare += [index] if number_value(inner.tree) is not None else []
        index += width
    if not changes:
        return Work(tree)
    made = type(tree)(*arguments)
    for rule, result in cleared(made, new, bare):
        changes.append(Change(rule, (), made, result))
        made = result
    return Work(made, changes)


def put_into(
    head: type,
    arguments: list[Tree],
    index: int,
    inner: Work,
    base: Path,
    emit: Callable[[Change], None],
    whole: Callable[[list[Tree]], Tree] | None = None,
) -> tuple[int, bool]:
    """Put the outcome of work at a place among the arguments of a node, and emit its changes with paths from there.

    As in `tree.put` a sum joins a sum, and a product a product; from then on what changes it as a whole changes the
    node. Return over how many arguments it goes, and whether the node as a whole was changed.
    """
    width, joined, node_changed = 1, False, False
    made = whole or (lambda parts: head(*parts))
    for change in inner.changes:
        rule, path, piece, result, bound = change
        if path:
            place = (index + path[0], *path[1:]) if joined else (index, *path)
            emit(Change(rule, (*base, *place), piece, result, bound))
            continue
        if joined:
            arguments[index : index + width] = piece._args
            width, before = len(piece._args), made(arguments)
        joins = type(result) is head and head in (Plus, Times)
        parts = result._args if joins else (result,)
        arguments[index : index + width] = parts
        width = len(parts)
        if joined:
            node_changed = True
            emit(Change(rule, base, before, made(arguments), bound))
        else:
            emit(Change(rule, (*base, index), piece, result, bound))
        joined = joins
    parts = inner.tree._args if joined else (inner.tree,)
    arguments[index : index + width] = parts
    return len(parts), node_changed


def with_changes(work: Work, hits: Sequence[tuple[Path, Tree, tuple[Rule, Tree]]]) -> Work:
    """Return the work with further rewrites, each given by its path, what stood there, and its rule and result."""
    tree, changes = work.tree, list(work.changes)
    for path, piece, (rule, result) in hits:
        tree = put(tree, path, result)
        changes.append(Change(rule, path, piece, result))
    return Work(tree, changes)
