"""The blocks of a Hessian on paper: the Jacobian of each gradient by the names that come with it and after it.

H[x, y] has a row for each entry of x and a column for each of y. H[y, x] is its transpose, because second derivatives
may be taken in either order; where an author gave a derivative too, whatever it is, since it is used in both orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from symback.calculus.engine import differentiate, tidy
from symback.errors import NoRule, ShapeError
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import Diff, Gradient, Tree, symbol, walk
from symback.graph.derivation.line import Line
from symback.graph.derivation.local import Locals
from symback.graph.derivation.paper import BackwardDerivation
from symback.graph.derivation.rules import ALREADY_FOUND
from symback.graph.derivation.user_functions import replaced
from symback.graph.graph import Graph
from symback.graph.hessians.gradients import BY_NAME, LONGEST, WithGradients, with_gradients
from symback.graph.hessians.values import Pair
from symback.graph.jacobians.paper import JacobianPaper
from symback.graph.nodes import Shape

NO_LAW = "There is no law for a product of the arrays in it."
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


def derived(graph: Graph, shapes: Mapping[str, Shape], loss: str, wrt: Sequence[str], labels: Sequence[str]) -> Derived:
    """Return the blocks by all pairs of names, as far as there are laws."""
    try:
        extended = with_gradients(graph, shapes, loss, wrt, labels)
    except NoRule as error:
        return Derived(None, missing={(x, y): error.message for x in wrt for y in wrt})
    writing = _Writing(graph, extended, loss)
    for i, first in enumerate(wrt):
        writing.write(first, wrt[i:])
    return writing.derived(wrt)


class _Writing:
    """The derivations so far."""

    def __init__(self, graph: Graph, extended: WithGradients, loss: str) -> None:
        self.extended, self.loss = extended, loss
        self.is_of_numbers = not any(extended.shapes.values())
        self.locals = Locals(extended.statements, graph.functions)
        self.blocks: dict[Pair, Tree] = {}
        self.derivations: dict[Pair, Derivation] = {}
        self.turned: dict[Pair, Derivation] = {}
        self.missing: dict[Pair, str] = {}

    def write(self, first: str, seconds: Sequence[str]) -> None:
        """Derive the Jacobian of the gradient by one name, by others, and the transposes."""
        paper = self._paper(first)
        failed: dict[str, str] = {}
        for second in seconds:
            said = self._derive(paper, first, second, failed)
            if said:
                self.missing |= dict.fromkeys([(first, second), (second, first)], said)
                continue
            self.blocks[first, second] = self.derivations[first, second].last
            if first != second:
                self._turn(paper, first, second)

    def derived(self, wrt: Sequence[str]) -> Derived:
        """Return all that was written, the blocks row by row."""
        blocks = {(x, y): self.blocks[x, y] for x in wrt for y in wrt if (x, y) in self.blocks}
        return Derived(self.extended, self.is_of_numbers, blocks, self.derivations, self.turned, self.missing)

    # --- one block ----------------------------------------------------------------------------------------------------

    def _paper(self, first: str) -> Any:
        """Return what derives the gradient by a name: by the rules for numbers where there is nothing else."""
        extended = self.extended
        of = extended.called[first]
        if self.is_of_numbers:
            return BackwardDerivation(extended.graph, extended.shapes, of)
        paper = JacobianPaper(extended.graph, extended.shapes, of, "numerator")
        paper.formulas.names.forget(extended.called.values())  # they are written out where that is short
        return paper

    def _derive(self, paper: Any, first: str, second: str, failed: dict[str, str]) -> str:
        """Derive a block and what leads to it; return what is said where there is no law for one of these."""
        order = paper.order([second])
        if self.is_of_numbers and order == [second] and self._is_known(paper, second):
            self.derivations[first, second] = self._by_calculus(first, second)
            return ""
        for name in order:
            if (first, name) not in self.derivations and name not in failed:
                try:
                    self.derivations[first, name] = paper.derivation(name)
                except (NoRule, ShapeError) as error:  # shapes that do not fit: a step that no law was made for
                    failed[name] = error.message if isinstance(error, NoRule) else NO_LAW
        if said := next((failed[name] for name in order if name in failed), ""):
            return said
        self._begin(paper, first, second)
        return ""

    def _start(self, first: str, second: str) -> Tree:
        return Gradient(Gradient(symbol(self.loss), symbol(first)), symbol(second))

    def _begin(self, paper: Any, first: str, second: str) -> None:
        """Let a derivation begin with the second derivative of the loss, and end without the gradient's own name."""
        made = self.derivations[first, second]
        start, called = self._start(first, second), self.extended.called[first]
        move = Move(_by_name(called, self.loss, first), (), start, made.start)
        ending = Line(made.last)
        if not self.is_of_numbers:
            self._put_in(paper, second, ending)
        moves = (move, *made.moves, *ending.moves)
        self.derivations[first, second] = replace(made, start=start, moves=moves, last=ending.tree, name=self.loss)

    def _put_in(self, paper: JacobianPaper, second: str, line: Line) -> None:
        """Write gradients out that a block still calls by their names, where it stays short."""
        v, shape = symbol(second), self.extended.shapes[second]
        found: Any = paper.found[v]
        formulas = {symbol(n): paper.formulas.definitions[n] for n in self.extended.called.values()}
        written = replaced(found, formulas | {n: n for n in walk(found) if isinstance(n, Gradient)})
        if written == found or paper.formulas.length(written) > LONGEST:
            return
        line.to(ALREADY_FOUND, paper.layout(written, shape))
        for rule, tree in paper.formulas.steps(written):
            written = tree
            line.to(rule, paper.layout(tree, shape))
        paper.found[v] = written

    def _turn(self, paper: Any, first: str, second: str) -> None:
        """Write the transpose of a block."""
        v = symbol(second)
        tree = self.blocks[first, second]
        if not self.is_of_numbers:
            tree = paper.layout.transposed(paper.found[v], self.extended.shapes[second])
        start = self._start(second, first)
        move = Move(SYMMETRY, (), start, tree)
        self.turned[second, first] = Derivation(start, (move,), tree, (symbol(first),), name=self.loss)
        self.blocks[second, first] = tree

    # --- numbers --------------------------------------------------------------------------------------------------

    def _is_known(self, paper: BackwardDerivation, second: str) -> bool:
        """Tell whether a gradient is a formula in this number itself, by functions that the rules of calculus know."""
        of = paper.loss.name
        return paper.reach.consumers(second) == [of] and self.locals.is_of_numbers(of)

    def _by_calculus(self, first: str, second: str) -> Derivation:
        """Return the derivation of a number by a number, by the rules of calculus."""
        called, v = self.extended.called[first], symbol(second)
        start = self._start(first, second)
        line: Tree = Diff(self.extended.graph.trees[called], v)
        moves = [Move(_by_name(called, self.loss, first), (), start, line)]
        line = tidy(differentiate(line, moves), moves)
        return Derivation(start, tuple(moves), line, (v,), name=self.loss)


def _by_name(called: str, loss: str, name: str) -> Rule:
    return Rule(BY_NAME, f"{called} = d{loss}/d{name}")
