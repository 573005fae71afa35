"""The second derivative test beside the table of signs: f'' at each zero of f', and what its sign says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy
from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.derive import derive
from symback.calculus.evaluate import evaluate as work_out
from symback.calculus.extrema.places import TINY, Place
from symback.calculus.extrema.solving import is_rounded, number_of
from symback.calculus.extrema.story import Grid, Part, Words, Work
from symback.calculus.integrals.forms import value_of
from symback.calculus.question import Question
from symback.errors import SymbackError
from symback.expr.rule import Derivation
from symback.expr.tree import Tree, weight_of

LONGEST, MOST_STEPS = 30, 24  # of f' and f'': where these are longer nobody takes this test
SIGNS = {1: (" > 0", "minimum"), -1: (" < 0", "maximum"), 0: ("", "the test tells nothing")}


def second_derivative_test(
    question: Question, slope: Tree, variable: Symbol, places: Sequence[Place], name: str
) -> Iterator[Part]:
    """Yield the second derivative, and the table of its signs; nothing where it is long or there is no exact place."""
    exact = [p for p in places if p.why == "zero" and not is_rounded(p.tree)]
    if weight_of(slope) > LONGEST or has_roots(slope, variable):
        return
    found = _second(question, slope, variable) if exact else None
    if found is None:
        return
    rows = []
    for place in exact:
        try:
            value = work_out(found.last, {variable.name: place.tree}).last
        except SymbackError:
            return
        number = number_of(value)
        sign, said = SIGNS[0 if abs(number) < TINY else int(mp.sign(number))]
        rows.append(((place.tree,), (value, sign), (said,)))
    yield Work(f"{name}''({variable.name})", found)
    head: tuple[Words, ...] = ((variable,), (f"{name}''({variable.name})",), ("second derivative test",))
    yield Grid(head, tuple(rows))


def _second(question: Question, slope: Tree, variable: Symbol) -> Derivation | None:
    try:
        found: Derivation = derive(question._replace(tree=slope, name="", notes=()), variable)
    except SymbackError:
        return None
    return found if weight_of(found.last) <= LONGEST and len(found.moves) <= MOST_STEPS else None


def has_roots(tree: Tree, variable: Symbol) -> bool:
    """Tell whether a root of something with the variable is in a tree."""
    powers = value_of(tree).atoms(sympy.Pow)
    return any(not power.exp.is_Integer and power.base.has(variable) for power in powers)
