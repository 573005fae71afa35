"""Backpropagation from a gradient that is given: `given = {"dL/dz" = [1, -2]}`, of a loss that is not in the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symback.calculus.question import as_number
from symback.errors import UsageError
from symback.expr.numeric import np
from symback.expr.tree import Gradient, symbol
from symback.graph.graph import canonical
from symback.graph.upstream import Upstream, backprop_from, letter_for, names_before, with_loss
from symback.page.solution import Part, Picture
from symback.problems import wording_of_arrays
from symback.problems.answers import given
from symback.problems.answers.claims import claim_of
from symback.problems.exercises.graphs import Backpropagation, alike
from symback.problems.pictures import graph_picture

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem

HINT = 'Write it as in given = {"dL/dz" = [1, -2]}, or with a letter, {"dL/dz" = \'G\'}.'


class FromGradient(Backpropagation):
    """A backward pass that begins at a node, with the gradient by it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        if self.forward_only or self.asked.get("function"):
            raise UsageError("A gradient that is given goes with a backward pass.", hint="Leave given out.")
        self.shown = self.graph
        self.given, self.value = _given(self.asked["given"], self)
        if "loss" in self.asked and self.loss != self.given.loss:
            message = f"loss is {self.loss}, and the gradient that is given is one of {self.given.loss}."
            raise UsageError(message, hint="Leave loss out.")
        if self.tables and self.value is None and self.given.letter not in self.tables[0]:
            message = f"There are values, but none for the gradient by {self.given.node}."
            raise UsageError(message, hint="Give its numbers in given.")
        own = {} if self.value is None else {self.given.letter: self.value}
        self.tables = [{**table, **own} for table in self.tables[:1]]
        self.graph = with_loss(self.shown, self.given, alike(self.tables or [own]), self.shown.source.names)
        self.loss = self.given.loss
        self.wrt = self.wrt or tuple(name for name in self.shown.inputs if name in names_before(self.graph, self.given))

    @cached_property
    def formulas(self) -> Part:
        """The graph as it is printed, without a loss."""
        return wording_of_arrays.graph(self.shown, self.tables[0] if self.tables else {})

    def values(self) -> Iterator[Part]:
        """Yield the values, and the gradient that is given."""
        yield from super().values()
        loss, node, letter = map(symbol, self.given)
        is_number = self.value is not None and not np.ndim(self.value)
        number = (" = ", as_number(_value(self.asked["given"]))) if is_number else ()
        yield ("Given is ", Gradient(loss, node), " = ", letter, *number, ".")
        if self.value is not None and not is_number:
            yield wording_of_arrays.arrays({self.given.letter: _value(self.asked["given"])})

    def things(self) -> Iterator[Any]:
        at = self.tables[0] if self.tables else None
        options: dict[str, Any] = {"lr": self.rate, "layout": self.layout, "exact": self.exact}
        yield backprop_from(self.graph, self.given, at, self.wrt or (), **options)

    def picture(self, kind: str, things: Sequence[Any]) -> Picture:
        return graph_picture(self.shown) if kind == "graph" else super().picture(kind, things)


def _value(asked: Mapping[str, Any]) -> Any:
    return next(iter(asked.values()))


def _given(asked: Mapping[str, Any], of: Backpropagation) -> tuple[Upstream, Any]:
    """Return which gradient is given, and its value; None where it is a letter."""
    if len(asked) != 1:
        raise UsageError("One gradient can be given.", hint=HINT)
    ((name, value),) = asked.items()
    claim = claim_of(f"{name} = 0")
    if claim is None or len(claim.by) != 1 or claim.order != 1 or not claim.name:
        raise UsageError(f"{name[:60]} is no gradient by a node.", hint=HINT)
    loss, node = canonical(claim.name), canonical(claim.by[0])
    if node not in of.graph.trees:
        raise UsageError(f"The graph has no node {node}.", hint=f"Its nodes are {', '.join(of.graph.trees)}.")
    if isinstance(value, str) and value.strip().isidentifier():
        return Upstream(loss, node, canonical(value.strip())), None
    return Upstream(loss, node, letter_for(of.graph, node)), given.array(value, name)
