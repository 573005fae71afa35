"""Jacobians on paper: one derivation per node, by the chain rule with matrices, to a formula on the graph.

A line starts as dy/dv. The chain rule makes it a sum over the consumers c of v of dy/dc @ dc/dv, and each law takes it
one operation further. A Jacobian found before is inserted, unless that makes the line too long to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.expr.letters import names_held
from symback.expr.rule import Derivation, Rule
from symback.expr.tree import ONE, Gradient, Tree, apply, sum_of, symbol, walk
from symback.graph.derivation.formulas import Formulas
from symback.graph.derivation.line import Line
from symback.graph.derivation.reach import Reach
from symback.graph.derivation.reduce import Rewrite
from symback.graph.derivation.rules import (
    ALREADY_FOUND,
    CHAIN_RULE,
    MULTIVARIABLE_CHAIN_RULE,
    NO_PATH,
    SEED,
    with_titles,
)
from symback.graph.derivation.shapes import is_call, zeros
from symback.graph.derivation.user_functions import given_derivatives, replaced, written_out
from symback.graph.graph import Graph
from symback.graph.jacobians.carry import Carry, Jacobian, Waiting, mapped
from symback.graph.jacobians.layout import JacobianShapes, Layout
from symback.graph.nodes import Shape
from symback.graph.sizes import size_tree

SHORTER = Rule("collect like terms", "kron(A, u.T) + kron(B, u.T) = kron(A + B, u.T)")
MOST_TRIED = 6  # names that are tried one by one where there is no room for all
LONGEST = 40  # a line that gets longer keeps the names of Jacobians
LONGEST_TRIED = 60  # what is so long before it is reduced stays too long


class JacobianPaper:
    """Writes the derivations of the Jacobians of one node; those that were found are remembered."""

    def __init__(self, graph: Graph, shapes: Mapping[str, Shape], of: str, layout: str) -> None:
        self.y = symbol(of)
        self.trees = {s.name: written_out(s.tree, graph.functions, shapes) for s in graph.statements}
        self.names = tuple(sorted(names_held(self.trees.values()).union(self.trees)))
        self.shapes = JacobianShapes(shapes, shapes[of])
        self.layout = Layout(self.shapes, shapes[of], layout, frozenset(graph.symmetric))
        self.formulas = Formulas(self.shapes, self.trees, (), graph.symmetric, self.layout.columns)
        given = given_derivatives(graph.functions)
        self.carry = Carry(self.formulas, shapes[of], given, graph.first_entries(shapes))
        self.reach = Reach(self.trees, of)
        self.found: dict[Tree, Jacobian] = {self.y: self._identity(shapes[of])}

    def _identity(self, shape: Shape) -> Tree:
        return apply("eye", size_tree(shape[0])) if shape else ONE

    def _none(self, shape: Shape) -> Tree:
        """Return the Jacobian by what y does not depend on; by a matrix, just 0."""
        of = self.shapes.target
        return Integer(0) if of and len(shape) > 1 else zeros((*of, *shape))

    def order(self, chosen: Iterable[str]) -> list[str]:
        """Return the names to be derived: those between y and the chosen ones, consumers first."""
        return self.reach.order(list(chosen))

    def derivation(self, name: str) -> Derivation:
        """Return the derivation of the Jacobian by a named node; NoRule where there is no law."""
        v = symbol(name)
        line = Line(Gradient(self.y, v))
        shape = self.shapes.of(v)
        if v == self.y:
            line.to(SEED, self.layout(self.found[v], shape))
        elif not self.reach.consumers(name):
            self.found[v] = self._none(shape)
            line.to(NO_PATH, self.layout(self.found[v], shape))
        else:
            self.found[v] = self._by_laws(v, line)
        return Derivation(
            line.start, tuple(line.moves), line.tree, (v,), name=self.y.name, names=tuple(sorted(self.names))
        )

    # --- the chain rule -----------------------------------------------------------------------------------------------

    def _by_laws(self, v: Symbol, line: Line) -> Jacobian:
        consumers = self.reach.consumers(v.name)
        parts: list[Waiting] = [{symbol(c): self._upstream(c)} for c in consumers]
        titles = self._direct(v, consumers, parts) if len(consumers) > 1 else []
        shown = [self._shown(part, v) for part in parts]
        rules: list[Rule] = []  # of lines that are not written
        if consumers != [self.y.name]:
            rules = [with_titles(CHAIN_RULE if len(consumers) == 1 else MULTIVARIABLE_CHAIN_RULE, titles)]
            rules = self._written(line, parts, shown, rules)
        for i, consumer in enumerate(consumers):
            for rule, waiting in self._steps(consumer, v) if symbol(consumer) in parts[i] else ():
                parts[i], shown[i] = waiting, self._shown(waiting, v)
                rules = self._written(line, parts, shown, [*rules, rule])
        return self._ended(self.carry.added(*(part[v] for part in parts)), v, line)

    def _written(self, line: Line, parts: list[Waiting], shown: list[Tree], rules: list[Rule]) -> list[Rule]:
        """Write a line, named after the rules since the one before; return these rules if it cannot be written.

        The derivative of a number by a matrix is not a factor of a product of matrices.
        """
        if not self.shapes.target and any(len(self.shapes.of(node)) > 1 for part in parts for node in part):
            return rules
        line.to(with_titles(rules[0], [rule.name for rule in rules[1:]]), sum_of(shown))
        return []

    def _direct(self, v: Symbol, consumers: list[str], parts: list[Waiting]) -> list[str]:
        """Write y's own part at once, since dy/dv is the whole Jacobian; return the names of its laws."""
        if self.y.name not in consumers:
            return []
        steps = list(self._steps(self.y.name, v))
        parts[consumers.index(self.y.name)] = steps[-1][1]
        return [rule.name for rule, _ in steps]

    def _steps(self, consumer: str, v: Symbol) -> Iterator[tuple[Rule, Waiting]]:
        c = symbol(consumer)
        return self.carry.steps(self.formulas.definitions[consumer], c, self._upstream(consumer), v)

    def _upstream(self, consumer: str) -> Jacobian:
        """Return the Jacobian by a consumer: by its name, or as the identity or the products that it is."""
        c = symbol(consumer)
        found = self.found.get(c)
        is_put_in = isinstance(found, tuple) or found == ONE or is_call(found, "eye")
        return found if found is not None and is_put_in else Gradient(self.y, c)

    def _shown(self, part: Waiting, v: Symbol) -> Tree:
        shape = self.shapes.of(v)
        return sum_of(
            [
                self.layout(found, shape) if node == v else self.layout.before_edge(found, node, v)
                for node, found in part.items()
            ]
        )

    # --- the end ------------------------------------------------------------------------------------------------------

    def _ended(self, found: Jacobian, v: Symbol, line: Line) -> Jacobian:
        """Put Jacobians that were found into a line where it stays short, and write it as short as it gets."""
        shape = self.shapes.of(v)
        found = self._simplified(found, line, shape)
        inserted = self._inserted(found)
        if inserted == found:
            return found
        line.to(ALREADY_FOUND, self.layout(inserted, shape))
        return self._simplified(inserted, line, shape)

    def _inserted(self, found: Jacobian) -> Jacobian:
        """Put in all Jacobians that are called by their names, or those at which the line does not get too long."""
        rest = self._length(found)
        if not isinstance(found, tuple):
            return self._with_names_in(found, 0)
        terms = []
        for term in found:
            own = self.formulas.length(term.p)
            made = self._with_names_in(term.p, rest - own)
            rest += self.formulas.length(made) - own
            terms.append(term._replace(p=made))
        return tuple(terms)

    def _with_names_in(self, tree: Tree, rest: int) -> Tree:
        names = [n for n in dict.fromkeys(walk(tree)) if isinstance(n, Gradient) and n._args[1] in self.found]
        for some in [names, *([name] for name in names[:MOST_TRIED] if len(names) > 1)]:
            made = replaced(tree, {name: self.found[name._args[1]] for name in some})
            if self.formulas.length(made) + rest > LONGEST_TRIED:
                continue
            made = self.carry.reduced(made)
            if self.formulas.length(made) + rest <= LONGEST:
                tree = made
        return tree

    def _simplified(self, found: Jacobian, line: Line, shape: Shape) -> Jacobian:
        """Write a Jacobian as short as it gets; by a matrix, at once."""
        if isinstance(found, tuple):
            shorter = mapped(found, lambda p: (self.formulas.steps(p) or [Rewrite(ALREADY_FOUND, p)])[-1].tree)
            line.to(SHORTER, self.layout(shorter, shape))
            return shorter
        steps = self.formulas.steps(found)
        for rule, tree in steps:
            line.to(rule, self.layout(tree, shape))
        return steps[-1].tree if steps else found

    def _length(self, found: Jacobian) -> int:
        trees = [term.p for term in found] if isinstance(found, tuple) else [found]
        return sum(map(self.formulas.length, trees))
