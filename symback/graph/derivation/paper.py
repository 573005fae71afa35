"""The backward pass on paper: one derivation per node, from the gradient asked for to a formula on the graph.

A line starts as the gradient by v. The chain rule makes it a sum over the consumers c of v, the gradient by c times the
derivative of c by v. A gradient found before keeps its name, unless inserting it makes the line shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sympy.core.symbol import Symbol

from symback.expr.letters import names_held
from symback.expr.match import joined_product
from symback.expr.rule import Derivation, Rule
from symback.expr.tree import ONE, Diff, Edge, Gradient, Plus, Times, Tree, number_value, symbol, walk
from symback.graph.derivation.formulas import Formulas
from symback.graph.derivation.line import Line, Terms
from symback.graph.derivation.local import MOST_TERMS, Locals, with_name
from symback.graph.derivation.product import total
from symback.graph.derivation.pull import Carried, Pull, times
from symback.graph.derivation.reach import Reach
from symback.graph.derivation.reduce import Rewrite
from symback.graph.derivation.rules import (
    ALREADY_FOUND,
    CHAIN_RULE,
    MULTIVARIABLE_CHAIN_RULE,
    NO_PATH,
    SEED,
)
from symback.graph.derivation.shapes import zeros
from symback.graph.derivation.user_functions import given_derivatives, replaced, written_out
from symback.graph.graph import Graph
from symback.graph.nodes import Shape

WRITTEN = Rule("order of the terms", "-u + v = v - u, u + c*ones(n) = u + c", minor=True)
MOST_INSERTED = 4  # gradients within gradients
LONGER = 12  # a formula that has grown so much longer does not get short again
MOST_DIRECT = 2  # terms of a loss that is beside other paths; of more, only those that hold the name
MOST_TRIED = 6  # names of gradients in a line that are put in one by one; of more, only numbers and letters


class BackwardDerivation:
    """Writes the derivations of one backward pass; gradients that were found are remembered."""

    def __init__(
        self,
        graph: Graph,
        shapes: Mapping[str, Shape],
        loss: str,
        normal: Iterable[str] = (),
        symmetric: Iterable[str] = (),
    ) -> None:
        self.graph = graph
        self.loss = symbol(loss)
        self.trees = {s.name: written_out(s.tree, graph.functions, shapes) for s in graph.statements}
        self.names = tuple(sorted(names_held(self.trees.values()).union(self.trees)))
        self.formulas = Formulas(shapes, self.trees, normal, symmetric)
        self.reach = Reach(self.trees, loss)
        self.pull = Pull(self.formulas.shapes, given_derivatives(graph.functions), graph.first_entries(shapes))
        self.locals = Locals(self.trees, graph.functions)
        self.found: dict[Tree, Tree] = {self.loss: ONE}  # explicit, by node

    def order(self, chosen: Iterable[str]) -> list[str]:
        """Return the names to be derived: those between the loss and the chosen ones, consumers first."""
        return self.reach.order(list(chosen))

    def derivation(self, name: str) -> Derivation:
        """Return the derivation of the gradient of the loss by a named node."""
        v = symbol(name)
        line = Line(Gradient(self.loss, v))
        if name == self.loss.name:
            formula: Tree = ONE
            line.to(SEED, ONE)
        elif not self.reach.consumers(name):
            formula = zeros(self.formulas.shapes.of(v))
            line.to(NO_PATH, formula)
        elif self._is_of_numbers(name):
            formula = self._by_rules(v, line)
        else:
            formula = self._by_laws(v, line)
        self.found[v] = formula
        return Derivation(
            line.start, tuple(line.moves), line.tree, (v,), name=self.loss.name, names=tuple(sorted(self.names))
        )

    # --- the chain rule -----------------------------------------------------------------------------------------------

    def _chain_rule(self, v: Symbol, line: Line, direct: Tree | None = None) -> list[str]:
        """Write the sum over the consumers; where there are others, the loss's own part is its derivative at once.

        The gradient by v stands for the whole sum, so it cannot stand for one of its parts as well.
        """
        consumers = self.reach.consumers(v.name)
        terms = [
            direct
            if direct is not None and c == self.loss.name
            else Times(Gradient(self.loss, symbol(c)), Edge(symbol(c), v))
            for c in consumers
        ]
        line.to(CHAIN_RULE if len(terms) == 1 else MULTIVARIABLE_CHAIN_RULE, total(terms, ()))
        return consumers

    def _is_direct(self, consumer: str, consumers: list[str]) -> bool:
        return consumer == self.loss.name and len(consumers) > 1

    def _is_of_numbers(self, name: str) -> bool:
        """Tell whether a node and all that uses it are numbers, by functions that the rules of calculus know."""
        of = self.formulas.shapes.of
        return all(not of(symbol(n)) for n in (name, *self.reach.consumers(name))) and all(
            self.locals.is_of_numbers(c) for c in self.reach.consumers(name)
        )

    def _upstream(self, consumer: str) -> Tree:
        """Return the gradient that flows in: by its name, or as the number or letter that it is."""
        c = symbol(consumer)
        found = self.found.get(c)
        return found if found is not None and _is_short(found) else Gradient(self.loss, c)

    # --- numbers, by the rules of calculus ----------------------------------------------------------------------------

    def _by_rules(self, v: Symbol, line: Line) -> Tree:
        consumers = self._chain_rule(
            v, line, Diff(with_name(self.trees[self.loss.name], v, MOST_DIRECT), v) if self._has_direct(v) else None
        )
        upstream = [ONE if self._is_direct(c, consumers) else Gradient(self.loss, symbol(c)) for c in consumers]
        edges: list[Tree] = [Edge(symbol(c), v) for c in consumers]
        edges = [
            Diff(with_name(self.trees[c], v, MOST_DIRECT), v) if self._is_direct(c, consumers) else e
            for c, e in zip(consumers, edges, strict=True)
        ]
        alone = len(consumers) == 1
        terms = Terms(line, [_path(g, e, alone) for g, e in zip(upstream, edges, strict=True)])
        for i, consumer in enumerate(consumers):
            if upstream[i] != ONE and (g := self._upstream(consumer)) != upstream[i]:
                upstream[i] = g
                rule = SEED if consumer == self.loss.name else ALREADY_FOUND
                terms.put(rule, i, _path(g, edges[i], alone))
        for i, consumer in enumerate(consumers):
            most = MOST_DIRECT if self._is_direct(consumer, consumers) else MOST_TERMS
            for rule, local, bound in self.locals.steps(consumer, v, most):
                edges[i] = local
                terms.put(rule, i, _path(upstream[i], local, alone), bound)
        if not any(isinstance(g, Gradient) for g in upstream):
            return self._tidied(line)
        steps = self.formulas.reducer.steps(self._cleared(line, upstream, edges))
        self._follow(line, steps)
        return self._shortened(line.tree, line)

    def _has_direct(self, v: Symbol) -> bool:
        consumers = self.reach.consumers(v.name)
        return len(consumers) > 1 and self.loss.name in consumers

    def _cleared(self, line: Line, upstream: list[Tree], edges: list[Tree]) -> Tree:
        """Leave out the factors 1 of the local derivatives."""
        cleared = total([times(g, e) for g, e in zip(upstream, edges, strict=True)], ())
        line.to(Rule("multiply by one", "1*u = u", minor=True), cleared)
        return cleared

    def _tidied(self, line: Line) -> Tree:
        moves = self.locals.tidied(line.tree)
        line.follow(moves)
        return line.tree

    # --- arrays, by the laws of their operations ----------------------------------------------------------------------

    def _by_laws(self, v: Symbol, line: Line) -> Tree:
        own = self._own_part(v) if self._has_direct(v) else None
        consumers = self._chain_rule(v, line, None if own is None else self._shown(own))
        parts: list[Tree] = [
            own
            if own is not None and c == self.loss.name
            else Times(Gradient(self.loss, symbol(c)), Edge(symbol(c), v))
            for c in consumers
        ]
        terms = Terms(line, [self._shown(part) for part in parts])
        for i, consumer in enumerate(consumers):
            for step in self._carried(consumer, v):
                parts[i] = step.line
                terms.put(step.rule, i, self._shown(step.line))
        explicit = total(parts, self.formulas.shapes.of(v))
        line.to(WRITTEN, self.formulas.shown(explicit))
        steps = self.formulas.steps(explicit) if len(parts) == 1 else list(self.formulas.reducer.steps(explicit))
        self._follow(line, steps)
        return self._shortened(steps[-1].tree if steps else explicit, line)

    def _own_part(self, v: Symbol) -> Tree:
        """Return the derivative of the loss's own formula, still to be carried; of a long sum the terms that hold v."""
        return Times(ONE, Edge(with_name(self.formulas.definitions[self.loss.name], v), v))

    def _carried(self, consumer: str, v: Symbol) -> Iterator[Carried]:
        formula = with_name(self.formulas.definitions[consumer], v)
        g = ONE if consumer == self.loss.name else self._upstream(consumer)
        if formula == v:
            yield Carried(Rule("identity rule", "grad a = grad z   (z = a)"), g)
        yield from self.pull.steps(formula, symbol(consumer), g, v)

    def _shown(self, part: Tree) -> Tree:
        """Return a part as it is printed, of which some terms may still have to be carried on."""
        terms = part._args if _is_sum_of_edges(part) else (part,)
        return total([_with_edge(t, self.formulas.shown) for t in terms], ())

    def _follow(self, line: Line, steps: Iterable[Rewrite]) -> None:
        for rule, tree in steps:
            line.to(rule, self.formulas.shown(tree))

    # --- gradients put in ---------------------------------------------------------------------------------------------

    def _shortened(self, formula: Tree, line: Line) -> Tree:
        """Put gradients that were found into a formula, as long as it gets shorter."""
        while True:
            best = min(self._with_gradients(formula), key=self._cost_after, default=None)
            if best is None or self._cost_after(best) >= self._cost(formula):
                return formula
            if isinstance(formula, Plus) and self._gradients_in(best[-1].tree):
                return formula  # a term for each path says more
            self._follow(line, best)
            formula = best[-1].tree

    def _cost_after(self, steps: list[Rewrite]) -> tuple[int, int]:
        return self._cost(steps[-1].tree)

    def _cost(self, formula: Tree) -> tuple[int, int]:
        """Return the length of a formula and how many gradients it names, which decides between equal lengths."""
        return self.formulas.length(formula), len(self._gradients_in(formula))

    def _with_gradients(self, formula: Tree) -> Iterator[list[Rewrite]]:
        """Yield the steps by which each gradient is put in, all at once, and those that stand in these too."""
        names = self._gradients_in(formula)
        if not names or len(names) > MOST_TRIED:
            return
        longest = self.formulas.length(formula) + LONGER
        for some in [[n] for n in names] if len(names) > 1 else []:
            yield self._inserted(formula, some, longest)
        steps: list[Rewrite] = []
        for _ in range(MOST_INSERTED):
            steps = [*steps, *self._inserted(formula, names, longest)]
            yield steps
            formula = steps[-1].tree
            names = self._gradients_in(formula)
            if self.formulas.length(formula) > longest or not names:
                break

    def _gradients_in(self, formula: Tree) -> list[Tree]:
        return [n for n in dict.fromkeys(walk(formula)) if isinstance(n, Gradient) and self._is_known(n)]

    def _inserted(self, formula: Tree, gradients: list[Tree], longest: int) -> list[Rewrite]:
        """Return the steps by which gradients are put in; shorter forms are looked for only where one may be found."""
        inserted = replaced(formula, {n: self.found[n._args[1]] for n in gradients})
        steps = [Rewrite(ALREADY_FOUND, inserted), *self.formulas.reducer.steps(inserted)]
        reduced = steps[-1].tree
        return steps if self.formulas.length(reduced) > longest else steps + self.formulas.search.steps(reduced)

    def _is_known(self, gradient: Any) -> bool:
        return gradient._args[1] in self.found and self.found[gradient._args[1]] != gradient


def _is_short(tree: Tree) -> bool:
    return isinstance(tree, Symbol) or number_value(tree) is not None


def _path(g: Tree, edge: Tree, alone: bool) -> Tree:
    """Return the product of a path; a gradient of 1 is written where there is no other path."""
    return joined_product([g, edge]) if alone else times(g, edge)


def _has_edge(term: Tree) -> bool:
    return isinstance(term, Times) and isinstance(term._args[-1], Edge)


def _is_sum_of_edges(part: Tree) -> bool:
    return type(part).__name__ == "Plus" and any(map(_has_edge, part._args))


def _with_edge(term: Tree, shown: Callable[[Tree], Tree]) -> Tree:
    if not _has_edge(term):
        return shown(term)
    *factors, edge = term._args
    c, v = edge._args
    return Times(*map(shown, factors), Edge(shown(c) if not isinstance(c, Symbol) else c, v))
