"""Lines made wrong on purpose: one mistake at one place, all else by the right laws.

A line before with pending derivatives gives mistakes of calculus, its right value mistakes of algebra. Each line comes
with how deep in the derivation the mistake was made, so that an outer one is told from what it brings with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from sympy.core.symbol import Symbol

from symback.calculus.laws import differentiate_once
from symback.errors import SymbackError
from symback.expr.match import Bindings
from symback.expr.tree import (
    Apply,
    Diff,
    Inert,
    Neg,
    Plus,
    Times,
    Tree,
    is_free_of,
    is_pending,
    product_of,
    sum_of,
    symbols_of,
)
from symback.working.mistakes import (
    ALL_VARIABLES,
    CALCULUS,
    CONSTANT_AS_VARIABLE,
    FIRST_TERM_ONLY,
    LOST_BRACKET,
    OF_FORMS,
    OTHER_VARIABLE,
    Mistake,
)
from symback.working.right import tidied, worked_out

EVERYWHERE, IN_ALGEBRA = 90, 99  # depths beyond that of every place: a habit, and a slip after the calculus
DEEPEST = 40


class Slip(NamedTuple):
    """A mistake made at a piece: what its letters stand for, by which variable, and the line that comes out."""

    depth: int
    mistake: Mistake
    line: Tree
    bound: Bindings
    variable: Tree

    def within(self, around: Callable[[Tree], Tree]) -> Slip:
        """Return the slip in a larger line."""
        return self._replace(line=around(self.line))


# --- calculus --------------------------------------------------------------------------------------------------------


def slips_of_calculus(tree: Tree, strategy: str, depth: int = 0) -> Iterator[Slip]:
    """Yield the line with one mistake of calculus at each place in turn, worked out to its end."""
    if not isinstance(tree, Inert) or not is_pending(tree) or depth > DEEPEST:
        return
    if not isinstance(tree, Diff):
        yield from _in_an_argument(tree, strategy, depth)
        return
    inner, variable = tree._args
    if is_pending(inner):
        for slip in slips_of_calculus(inner, strategy, depth):
            yield slip.within(lambda made: worked_out(Diff(made, variable), strategy))
        yield from slips_of_calculus(Diff(worked_out(inner, strategy), variable), strategy, depth)
        return
    yield from _at(tree, strategy, depth)
    with suppress(SymbackError):
        yield from slips_of_calculus(differentiate_once(tree, strategy)[1], strategy, depth + 1)


def _at(tree: Diff, strategy: str, depth: int) -> Iterator[Slip]:
    argument, variable = tree._args
    for mistake in CALCULUS:
        made = mistake.made_at(argument, variable)
        if made is not None:
            with suppress(SymbackError):
                yield Slip(depth, mistake, worked_out(made[0], strategy), made[1], variable)
    if isinstance(variable, Symbol):
        with suppress(SymbackError):
            yield from _by_other_letters(argument, variable, strategy, depth)


def _by_other_letters(argument: Tree, variable: Symbol, strategy: str, depth: int) -> Iterator[Slip]:
    """Yield what comes out where another letter is taken for the variable, or every letter."""
    others = sorted((s for s in symbols_of(argument) if s != variable), key=lambda s: s.name)
    by_each = {s: worked_out(Diff(argument, s), strategy) for s in others}
    if depth == 0:
        yield from (Slip(depth, OTHER_VARIABLE, made, {}, variable) for made in by_each.values())
    elif is_free_of(argument, variable):
        yield from (Slip(depth, CONSTANT_AS_VARIABLE, made, {"c": argument}, variable) for made in by_each.values())
    if depth == 0 and others and variable in symbols_of(argument):
        own = worked_out(Diff(argument, variable), strategy)
        yield Slip(depth, ALL_VARIABLES, Plus(own, *by_each.values()), {}, variable)


def _in_an_argument(tree: Inert, strategy: str, depth: int) -> Iterator[Slip]:
    for place, argument in enumerate(tree._args):
        if not is_pending(argument):
            continue
        rest = [worked_out(a, strategy) if isinstance(a, Inert) else a for a in tree._args]
        for slip in slips_of_calculus(argument, strategy, depth):
            yield slip._replace(line=type(tree)(*rest[:place], slip.line, *rest[place + 1 :]))


def as_a_habit(tree: Tree, name: str, strategy: str = "textbook") -> Slip | None:
    """Return the line with a mistake made wherever it can be; None where it cannot be made."""
    laws = [mistake for mistake in CALCULUS if mistake.name == name]
    made: list[tuple[Mistake, Bindings, Tree]] = []

    def go(tree: Tree, depth: int) -> Tree:
        if not isinstance(tree, Inert) or not is_pending(tree) or depth > DEEPEST:
            return tree
        if not isinstance(tree, Diff):
            return type(tree)(*(go(a, depth + 1) for a in tree._args))
        inner, variable = go(tree._args[0], depth + 1), tree._args[1]
        for mistake in laws:
            found = mistake.made_at(inner, variable)
            if found is not None:
                made.append((mistake, found[1], variable))
                return go(found[0], depth + 1)
        return go(differentiate_once(Diff(inner, variable), strategy)[1], depth + 1)

    line = go(tree, 0)
    return Slip(EVERYWHERE, *_turned(made[0], line)) if made else None


def _turned(first: tuple[Mistake, Bindings, Tree], line: Tree) -> tuple[Mistake, Tree, Bindings, Tree]:
    mistake, bound, variable = first
    return mistake, line, bound, variable


# --- algebra ---------------------------------------------------------------------------------------------------------


def slips_of_algebra(tree: Tree, variable: Tree) -> Iterator[Slip]:
    """Yield the line with one wrong law of algebra at each place in turn."""
    if not isinstance(tree, Inert):
        return
    if not isinstance(tree, Diff):
        for mistake in OF_FORMS:
            made = mistake.made_at(tree, variable)
            if made is not None:
                yield Slip(IN_ALGEBRA, mistake, made[0], made[1], variable)
        yield from (Slip(IN_ALGEBRA, mistake, line, {}, variable) for mistake, line in _brackets(tree))
    skipped = 0 if isinstance(tree, Apply) else 1 if isinstance(tree, Diff) else -1
    for place, argument in enumerate(tree._args):
        if place != skipped:
            for slip in slips_of_algebra(argument, variable):
                yield slip._replace(line=type(tree)(*tree._args[:place], slip.line, *tree._args[place + 1 :]))


def _brackets(tree: Inert) -> Iterator[tuple[Mistake, Tree]]:
    """Yield what comes out where a minus or a factor reaches only the first term of a bracket."""
    inside = tree._args[0]
    if isinstance(tree, Neg) and isinstance(inside, Plus):
        yield LOST_BRACKET, Plus(Neg(inside._args[0]), *inside._args[1:])
    if isinstance(tree, Times):
        for rest, terms in _sums_in(tree):
            yield FIRST_TERM_ONLY, Plus(product_of((*rest, terms[0])), *terms[1:])
    if isinstance(tree, Neg) and isinstance(inside, Times):
        for rest, terms in _sums_in(inside):
            yield LOST_BRACKET, Plus(Neg(product_of((*rest, terms[0]))), *(product_of((*rest, t)) for t in terms[1:]))
        whole = tidied(inside)
        if isinstance(whole, Plus):
            yield LOST_BRACKET, sum_of((Neg(whole._args[0]), *whole._args[1:]))


def _sums_in(product: Inert) -> Iterator[tuple[tuple[Tree, ...], tuple[Tree, ...]]]:
    """Yield each sum among the factors by its terms, with the other factors before it."""
    for place, factor in enumerate(product._args):
        if isinstance(factor, Plus):
            yield (*product._args[:place], *product._args[place + 1 :]), factor._args
