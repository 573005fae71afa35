"""A result of several parts in an order that a reader follows: chains of lines, sentences, tables, curves.

Each chain is a derivation: one labelled step between two lines, or between two equations where its first line is an
`Equal`. What shows the parts knows no mathematics, and what works them out knows no format.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from symback.expr.rule import Derivation, Step
from symback.expr.tree import Equal, Tree
from symback.result import Result, text_of
from symback.verify import Verification, verify

Words = tuple["str | Tree", ...]  # plain words, and expressions between them

_BADNESS = {"verified": 0, "unverified": 1, "failed": 2}


class Said(NamedTuple):
    """A sentence."""

    words: Words


class Chain(NamedTuple):
    """Lines that are equal, or equations that follow from each other; `left` stands before the first equals sign.

    Derivatives are written with ∂ where `several` variables are independent of each other. `where` are the values at
    which `left` is taken.
    """

    derivation: Derivation
    left: Tree | None = None
    several: bool = False
    where: tuple[tuple[Tree, Tree], ...] = ()

    @property
    def is_of_equations(self) -> bool:
        """Whether its lines are equations."""
        return isinstance(self.derivation.start, Equal)


class Grid(NamedTuple):
    """A table: the heads of its columns, and its rows."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


class Curve(NamedTuple):
    """A curve of a picture: its name, and what it is made of, a function of the variable or an equation of x and y."""

    name: Words
    tree: Tree


class Plot(NamedTuple):
    """Curves over a variable, with marked points; `names` are those of the two axes."""

    curves: tuple[Curve, ...]
    names: tuple[Tree, Tree]
    points: tuple[tuple[float, float], ...] = ()


Piece = Said | Chain | Grid | Plot


@dataclass(frozen=True, repr=False)
class Worked(Result):
    """A worked result: its parts, its answer as a tree (`last`), and what else is asked for by name (`facts`).

    A subclass says its `kind`, its `title`, and the checks beside those of its chains.
    """

    kind: ClassVar[str] = "worked"
    data_kind: ClassVar[str] = ""  # the kind that its JSON says, where that is another
    pieces: tuple[Piece, ...]
    last: Tree
    asked: Tree = None  # what the answer is of: dy/dx
    facts: tuple[tuple[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""
    read_as: Tree = None
    originals: tuple[tuple[Tree, Tree], ...] = ()

    def chains(self) -> tuple[Chain, ...]:
        """Return the parts that are chains of lines."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Chain))

    @cached_property
    def answer(self) -> Tree:
        """The answer as an ordinary SymPy expression."""
        return self._ordinary(self.last)

    @property
    def value(self) -> Tree | None:
        """The value at the point as a SymPy expression; None where no point was given."""
        found = self.fact("value")
        return None if found is None else self._ordinary(found)

    def fact(self, name: str) -> Any:
        """Return what is known under a name, None where nothing is."""
        return dict(self.facts).get(name)

    def _ordinary(self, tree: Tree) -> Tree:
        found = tree.doit()
        return found.xreplace(dict(self.originals)) if self.originals else found

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of all chains, in order."""
        return tuple(step for chain in self.chains() for step in chain.derivation.steps)

    def lines(self) -> list[Tree]:
        """Return every line of all chains as a tree."""
        return [line for chain in self.chains() for line in chain.derivation.lines()]

    def verify(self) -> Verification:
        """Check every chain, and the answer, by numbers."""
        return self._verdict

    @cached_property
    def _verdict(self) -> Verification:
        return worst([*(self._verdict_on(chain) for chain in self.chains()), *self._checks()])

    def _verdict_on(self, chain: Chain) -> Verification:
        verdict: Verification = verify(chain.derivation)
        return verdict

    def _checks(self) -> Iterable[Verification]:
        """Yield the verdicts on what no chain says."""
        return ()

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("answer", "steps", "_verdict")}

    def about(self) -> str:
        """Return what was asked for and what it comes to."""
        return f"{text_of(self.asked)} = {text_of(self.last)}"


def worst(found: Sequence[Verification]) -> Verification:
    """Return the worst of several verdicts; of good ones the one that rests on the fewest points, not one alone."""
    if not found:
        return Verification("unverified", 0, "There is nothing to verify.")
    bad = max(found, key=lambda v: _BADNESS[v.verdict])
    if bad.verdict != "verified":
        return bad
    return min(found, key=lambda v: (v.points <= 1, v.points))
