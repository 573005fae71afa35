"""Which mistake turns one line into the next: named only where exactly one does.

Every mistake is made at every place of the line before. What gives the next line is kept: first by three values in
floats, then by the verifier. Of several the outer one is meant where it brings the others with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from time import process_time
from typing import NamedTuple

from symback.errors import SymbackError
from symback.expr.tree import Diff, Neg, Plus, Tree, is_pending, symbol, symbols_of, walk, weight_of
from symback.verify import same_value
from symback.working.floats import Values, close, points_for, values_at
from symback.working.making import Slip, as_a_habit, slips_of_algebra, slips_of_calculus
from symback.working.mistakes import BRINGS, CALCULUS, SIMPLER
from symback.working.right import tidied, worked_out

STRATEGIES = ("textbook", "literal")
SECONDS = 1.5  # of processor time; where it is over, nothing is known to be the only one
LARGEST = 1500  # signs on paper
UNLIKELY = frozenset(("factor drawn into a power",))  # in the same line as a derivative: 9x^2 is rather a slip of 3x^2
NAMES = tuple(dict.fromkeys(mistake.name for mistake in CALCULUS))


class Explained(NamedTuple):
    """The slip that alone explains a line, else the family of those that do, else the names of two."""

    slip: Slip | None = None
    family: str = ""
    possible: tuple[str, ...] = ()


def explained(before: Tree, line: Tree) -> Explained:
    """Return which mistake turns the line before into a wrong line.

    >>> from symback.syntax import parse
    >>> explained(parse("d/dx [sin(x^2)]"), parse("cos(x^2)")).slip.mistake.name
    'forgot the inner derivative'
    """
    if max(map(weight_of, (before, line))) > LARGEST:
        return Explained()
    try:
        target = worked_out(line)
        truth = worked_out(before)
    except SymbackError:
        return Explained()
    sieve = _Sieve(target, truth)
    deadline = process_time() + SECONDS
    for stage in (_single, _habits, _of_algebra):  # one slip explains more simply than a habit, and that than another
        found: dict[str, Slip] = {}
        for slip in stage(before):
            if process_time() > deadline:
                return Explained()
            known = found.get(slip.mistake.name)
            if (known is None or slip.depth < known.depth) and sieve.lets_through(slip):
                found[slip.mistake.name] = slip
        if found:
            return decided(found)
    return Explained()


class _Sieve:
    """Lets those lines through that have the value of the wrong line, and not that of the right one."""

    def __init__(self, target: Tree, truth: Tree) -> None:
        self.target = target
        self.symbols = symbols_of(target) | symbols_of(truth)
        self.points = points_for(tuple(self.symbols))
        self.wanted, self.truth = (values_at(tree, self.points) for tree in (target, truth))
        self.verdicts: dict[Tree, bool] = {}

    def lets_through(self, slip: Slip) -> bool:
        line = slip.line
        if line not in self.verdicts:
            self.verdicts[line] = self._is_it(line, values_at(line, self.points))
        return self.verdicts[line]

    def _is_it(self, line: Tree, values: Values) -> bool:
        return close(values, self.wanted) and not close(values, self.truth) and same_value(self.target, line) == "yes"


def _single(before: Tree) -> Iterator[Slip]:
    return chain.from_iterable(slips_of_calculus(before, strategy) for strategy in STRATEGIES)


def _habits(before: Tree) -> Iterator[Slip]:
    """Yield the line with each mistake made wherever it can be."""
    for name in NAMES if is_pending(before) else ():
        with suppress(SymbackError, RecursionError):
            slip = as_a_habit(before, name)
            if slip is not None:
                yield slip


def _of_algebra(before: Tree) -> Iterator[Slip]:
    variable = next((n._args[1] for n in walk(before) if isinstance(n, Diff)), symbol("x"))
    forms = [before]
    if is_pending(before):
        with suppress(SymbackError):
            forms = [worked_out(before), worked_out(before, "literal"), tidied(before)]
    for form in dict.fromkeys(forms):
        slips = slips_of_algebra(form, variable)
        yield from (slip for slip in slips if slip.mistake.name not in UNLIKELY or not is_pending(before))


def decided(found: Mapping[str, Slip]) -> Explained:
    """Return what is said of the slips that explain a line, by their names.

    Those are struck out that another one, which stands no deeper, brings with it. One left is named; several of one
    family are that family, and two are both possible.
    """
    left = [name for name in found if not any(_brings(found[other], found[name]) for other in found)]
    if len(left) == 1:
        return Explained(found[left[0]], possible=(left[0],))
    families = {found[name].mistake.family for name in left}
    family = families.pop() if len(families) == 1 else ""
    return Explained(None, family, tuple(sorted(left)) if family or len(left) == 2 else ())


def _brings(outer: Slip, inner: Slip) -> bool:
    name = inner.mistake.name
    is_simpler = name in SIMPLER.get(outer.mistake.name, ())
    return is_simpler or (name in BRINGS.get(outer.mistake.name, ()) and outer.depth <= inner.depth)


def says(slip: Slip, written: Callable[[Tree], str]) -> str:
    """Return the sentence of a slip with what its letters stand for: {u} and {u'}, its derivative."""
    said = slip.mistake.says
    if "{" not in said:
        return said
    terms = {"x": written(slip.variable), **{letter: written(tree) for letter, tree in slip.bound.items()}}
    for letter, tree in slip.bound.items():
        if f"{{{letter}'}}" in said:
            terms[letter + "'"] = in_a_product(tidied(Diff(tree, slip.variable)), written)
    for letter, term in terms.items():
        said = said.replace(f"{{{letter}}}", term)
    return said


def in_a_product(tree: Tree, written: Callable[[Tree], str]) -> str:
    """Return an expression as a factor is written: a sum in brackets."""
    return f"({written(tree)})" if isinstance(tree, (Plus, Neg)) else written(tree)
