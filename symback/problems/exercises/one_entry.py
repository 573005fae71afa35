"""One entry of a Jacobian: how an entry of a node changes with an entry of another, `of = 'y[0]'`, `wrt = 'x[1]'`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from symback.calculus.question import as_number
from symback.errors import UsageError
from symback.expr.numeric import np
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import Gradient, Inert, Tree, apply, fold, number, symbol
from symback.graph.backprop import Backprop
from symback.graph.graph import Graph, canonical
from symback.graph.one_entry import entry_of
from symback.page.quantities import number as rounded
from symback.page.solution import Part
from symback.problems.answers.on_graphs import POINTS, reader, same_entry
from symback.problems.answers.rights import Answers, Right
from symback.problems.exercises.graphs import AboutGraph, alike
from symback.verify import Verification

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem

ENTRY = re.compile(r"(?P<name>[^\[\]]+)\[(?P<place>[0-9, ]+)\]\s*")
TAKEN = Rule("entry of the gradient", "(dL/dx)[i] = dL/dx[i]")
SAID = {
    "yes": Verification("verified", POINTS, "Agrees with the backward pass at random values."),
    "no": Verification("failed", POINTS, "Differs from the backward pass."),
    "unknown": Verification("unverified", 0, "No values were found at which it could be compared."),
}
NUMBERS = Rule("numbers put in", "the value of the formula")


def is_entry(text: Any) -> bool:
    """Tell whether a name is that of an entry.

    >>> is_entry("y[0]"), is_entry("y")
    (True, False)
    """
    return isinstance(text, str) and ENTRY.fullmatch(text.strip()) is not None


def _parted(text: str) -> tuple[str, tuple[int, ...]]:
    found = ENTRY.fullmatch(text.strip())
    if found is None:
        return canonical(text), ()
    return canonical(found["name"]), tuple(int(one) for one in found["place"].split(",") if one.strip())


class EntryOfJacobian(AboutGraph):
    """The derivative of an entry of a node by an entry of another."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.of, own = _parted(str(self.asked["of"]))
        self.by, self.place = _parted(str(self.asked["wrt"]))
        self._require(self.of, own)
        self._require(self.by, self.place)
        if self.graph.source.entries:
            raise UsageError("The graph numbers entries itself.", hint="Ask for the whole Jacobian.")
        self.name, line = self.of, ""
        if own:
            self.name = f"{self.of}_{''.join(map(str, own))}"
            line = f"\n{self.name} = {self.of}[{', '.join(map(str, own))}]"
        names = alike(self.tables)
        self.extended = Graph(self.graph.text + line, names, symbols=(*self.graph.source.names, self.name))

    def _require(self, name: str, place: Sequence[int]) -> None:
        """Raise UsageError where there is no such entry."""
        if name not in self.graph.shapes:
            raise UsageError(f"The graph has no node {name}.", hint=f"Its nodes are {', '.join(self.graph.shapes)}.")
        shape = self.graph.shapes[name]
        if len(shape) != len(place) or any(i >= n for i, n in zip(place, shape, strict=True) if _is_number(n)):
            wanted = ", ".join(["0"] * len(shape))
            last = " x ".join(map(str, shape)) or "a number"
            raise UsageError(f"{name} is {last}, and has no entry {list(place)}.",
                             hint=f"The first one is {name}[{wanted}]." if shape else f"Write {name}.")  # fmt: skip

    @property
    def start(self) -> Tree:
        """The derivative that is asked for."""
        by = symbol(self.by)
        return Gradient(symbol(self.name), apply("index", by, *map(number, self.place)) if self.place else by)

    def question(self) -> Iterator[Part]:
        yield ("Find ", self.start, ".")
        yield from self.data()

    def things(self) -> Iterator[Any]:
        at = self.tables[0] if self.tables else None
        found = self.extended.backprop(self.name, at, [self.by])
        yield replace(found, shows_loss=self.name == self.of)
        formula = entry_of(_explicit(found, self.by), self.place, found.shapes)
        moves = [Move(TAKEN, (), self.start, formula)]
        if at is not None:
            value = as_number(rounded(np.asarray(found.node_values[self.by])[self.place].item()))
            moves += [Move(NUMBERS, (), formula, value)] if value != formula else []
        yield Derivation(self.start, tuple(moves), moves[-1].result, names=tuple(sorted(self.extended.shapes)))

    def verification(self, thing: Any) -> Any:
        if isinstance(thing, Backprop):
            self.found = thing
            return thing.check
        return SAID[same_entry(self.found, self.by, self.place)(thing.moves[0].result)]

    def answers(self, things: Sequence[Any]) -> Answers:
        found, entry = things
        formula = entry.moves[0].result
        value = np.asarray(found.node_values[self.by])[self.place].item() if self.tables else None
        right = Right(value, formula, same_entry(found, self.by, self.place))
        return Answers({"entry": right}, "entry", read=reader(self.extended, self.name))


def _explicit(found: Backprop, name: str) -> Tree:
    """Return the formula of a gradient, with what it calls gradients by their names put in."""

    def combine(node: Any, inner: list[Any]) -> Any:
        if isinstance(node, Gradient) and inner[1].name in found.derivations:
            return _explicit(found, inner[1].name)
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(found.derivations[name].last, combine)


def _is_number(size: Any) -> bool:
    return not hasattr(size, "letter")
