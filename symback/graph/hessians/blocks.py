"""The blocks of a Hessian on paper: the Jacobian of each gradient by the names that come with it and after it.

H[x, y] has a row for each entry of x and a column for each of y. H[y, x] is its transpose, because second derivatives
may be taken in either order; only where an author gave a derivative, which may be any formula, both are derived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from symback.errors import NoRule
from symback.graph.derivation.paper import Paper
from symback.graph.graph import Graph
from symback.graph.hessians.gradients import WithGradients, with_gradients
from symback.graph.hessians.values import Pair
from symback.graph.jacobians.paper import JacobianPaper
from symback.graph.nodes import Shape
from symback.rule import Derivation, Move, Rule
from symback.tree import Gradient, Tree, symbol

SYMMETRY = Rule("symmetry of second derivatives", "H[y, x] = H[x, y].T")


@dataclass(frozen=True)
class Derived:
    """What was derived: blocks by pairs, all derivations on the way, and by pair why a block has no formula."""

    extended: WithGradients | None
    is_of_numbers: bool = False
    blocks: Mapping[Pair, Tree] = field(default_factory=dict)
    derivations: Mapping[Pair, Derivation] = field(default_factory=dict)  # of the Jacobians of gradients
    turned: Mapping[Pair, Derivation] = field(default_factory=dict)  # of the transposes
    missing: Mapping[Pair, str] = field(default_factory=dict)

    @property
    def firsts(self) -> tuple[str, ...]:
        """The names whose gradient was differentiated."""
        return tuple(dict.fromkeys(first for first, _ in self.derivations))

    def source_of(self, pair: Pair) -> Pair:
        """Return the pair whose derivation a block comes from: that of its transpose, where it has none of its own."""
        return pair if pair in self.derivations else (pair[1], pair[0])


def derived(
    graph: Graph, shapes: Mapping[str, Shape], loss: str, wrt: Sequence[str], labels: Sequence[str]
) -> Derived:
    """Return the blocks by all pairs of names, as far as there are laws."""
    try:
        extended = with_gradients(graph, shapes, loss, wrt, labels)
    except NoRule as error:
        return Derived(None, missing={(x, y): error.message for x in wrt for y in wrt})
    writing = _Writing(graph, extended, loss)
    for i, first in enumerate(wrt):
        is_given = any(d.derivative is not None for d in graph.functions.values())
        writing.write(first, wrt if is_given else wrt[i:])
    return writing.derived(wrt)


class _Writing:
    """The derivations so far."""

    def __init__(self, graph: Graph, extended: WithGradients, loss: str) -> None:
        self.extended, self.loss = extended, loss
        self.is_of_numbers = not any(extended.shapes.values())
        self.is_symmetric = all(d.derivative is None for d in graph.functions.values())
        self.blocks: dict[Pair, Tree] = {}
        self.derivations: dict[Pair, Derivation] = {}
        self.turned: dict[Pair, Derivation] = {}
        self.missing: dict[Pair, str] = {}

    def write(self, first: str, seconds: Sequence[str]) -> None:
        """Derive the Jacobian of the gradient by one name, by others, and the transposes."""
        paper = self._paper(first)
        failed: dict[str, str] = {}
        for second in seconds:
            order = paper.order([second])
            for name in order:
                if (first, name) not in self.derivations and name not in failed:
                    self._derive(paper, first, name, failed)
            said = next((failed[name] for name in order if name in failed), "")
            pairs = [(first, second), (second, first)] if self.is_symmetric else [(first, second)]
            if said:
                self.missing |= dict.fromkeys(pairs, said)
                continue
            made = self.derivations[first, second] = self._started(first, second)
            self.blocks[first, second] = made.last
            if first != second and self.is_symmetric:
                self._turn(paper, first, second)

    def _paper(self, first: str) -> Any:
        """Return what derives the gradient by a name: by the rules for numbers where there is nothing else."""
        extended = self.extended
        of = extended.called[first]
        if self.is_of_numbers:
            return Paper(extended.graph, extended.shapes, of)
        return JacobianPaper(extended.graph, extended.shapes, of, "numerator")

    def _derive(self, paper: Any, first: str, name: str, failed: dict[str, str]) -> None:
        try:
            self.derivations[first, name] = paper.derivation(name)
        except NoRule as error:
            failed[name] = error.message

    def _started(self, first: str, second: str) -> Derivation:
        """Return a derivation that begins with the second derivative of the loss."""
        derivation = self.derivations[first, second]
        start = Gradient(Gradient(symbol(self.loss), symbol(first)), symbol(second))
        called = self.extended.called[first]
        rule = Rule("the gradient by its name", f"{called} = d{self.loss}/d{first}")
        return replace(
            derivation,
            start=start,
            moves=(Move(rule, (), start, derivation.start), *derivation.moves),
            name=self.loss,
        )

    def _turn(self, paper: Any, first: str, second: str) -> None:
        """Write the transpose of a block."""
        v = symbol(second)
        if self.is_of_numbers:
            tree = self.blocks[first, second]
        else:
            tree = paper.layout.transposed(paper.found[v], self.extended.shapes[second])
        start = Gradient(Gradient(symbol(self.loss), v), symbol(first))
        move = Move(SYMMETRY, (), start, tree)
        self.turned[second, first] = Derivation(start, (move,), tree, (symbol(first),), name=self.loss)
        self.blocks[second, first] = tree

    def derived(self, wrt: Sequence[str]) -> Derived:
        """Return all that was written, the blocks row by row."""
        blocks = {(x, y): self.blocks[x, y] for x in wrt for y in wrt if (x, y) in self.blocks}
        return Derived(self.extended, self.is_of_numbers, blocks, self.derivations, self.turned, self.missing)
