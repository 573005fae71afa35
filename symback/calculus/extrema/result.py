"""Extrema that are found: the points with their values and types, and the story of how they were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from sympy.core.symbol import Symbol

from symback.calculus.extrema.checking import verify_points
from symback.calculus.extrema.story import Part, Work
from symback.expr.rule import Derivation
from symback.expr.tree import Tree
from symback.result import Result, text_of
from symback.verify import Verification, verify_all


@dataclass(frozen=True)
class Point:
    """A point that was looked at: where it is, the value there, and its type.

    The type is "minimum", "maximum", "saddle", "neither" or "undecided"; `is_global` is true where the value is known
    to be the smallest or the largest of all.
    """

    place: tuple[tuple[Symbol, Tree], ...]
    value_tree: Tree
    type: str
    is_global: bool = False

    @property
    def at(self) -> dict[str, Any]:
        """The coordinates by name, as SymPy numbers."""
        return {symbol.name: tree.doit() for symbol, tree in self.place}

    @property
    def value(self) -> Any:
        """The value of the function there, as a SymPy number."""
        return self.value_tree.doit()


@dataclass(frozen=True, repr=False)
class Extrema(Result):
    """The extrema of a function, with all steps.

    >>> import symback
    >>> [(p.at["x"], p.value, p.type) for p in symback.extrema("x^3 - 3x", "x").points]
    [(-1, 2, 'maximum'), (1, -2, 'minimum')]
    """

    kind: ClassVar[str] = "extrema"
    title: ClassVar[str] = "Extrema"
    function: Tree
    variables: tuple[Symbol, ...]
    points: tuple[Point, ...]
    story: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    name: str = ""
    interval: tuple[Tree, Tree] | None = None
    constraint: tuple[Tree, Tree] | None = None
    is_complete: bool = True
    originals: tuple[tuple[Tree, Tree], ...] = field(default=(), compare=False)

    @property
    def answer(self) -> tuple[Mapping[str, Any], ...]:
        """The points with their types, as plain objects."""
        return tuple({"at": p.at, "value": p.value, "type": p.type} for p in self.points)

    def derivations(self) -> tuple[Derivation, ...]:
        """Return the derivations of the story."""
        return tuple(part.derivation for part in self.story if isinstance(part, Work))

    @cached_property
    def _verdict(self) -> Verification:
        steps = [d for d in self.derivations() if d.moves]
        found = verify_all(steps) if steps else Verification("verified", 1)
        return found if found.verdict != "verified" else verify_points(self)

    def verify(self) -> Verification:
        """Check every derivation, each point by its slopes, and each type by the values around it."""
        return self._verdict

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k != "_verdict"}

    def about(self) -> str:
        """Return of what the extrema are, and how many there are."""
        return f"{text_of(self.function)}, {len(self.points)} point{'s' * (len(self.points) != 1)}"
