"""The graph with its gradients as nodes: g = ∂L/∂w, derived on paper, is a statement after all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import Gradient, Tree, symbol, walk
from symback.graph.derivation.line import Line
from symback.graph.derivation.paper import BackwardDerivation
from symback.graph.derivation.rules import ALREADY_FOUND
from symback.graph.derivation.user_functions import replaced
from symback.graph.graph import Graph, canonical
from symback.graph.language.reader import Statement
from symback.graph.nodes import Shape

BY_NAME = "the gradient by its name"
BACKPROPAGATION = Rule("backpropagation", "the gradient, a node at a time from the loss back")
LETTERS = ("g", "gamma", "grad", "gradient")
LONGEST = 40  # a gradient that gets longer keeps the names of the gradients in it


@dataclass(frozen=True)
class WithGradients:
    """A graph with gradients as its last statements: what each is called, and how it was derived."""

    graph: Graph
    called: Mapping[str, str]  # by what a gradient is taken by
    derivations: Mapping[str, Derivation]
    trees: Mapping[str, Tree]  # the statements without them, functions written out
    shapes: Mapping[str, Shape]

    @property
    def gradients(self) -> dict[str, Tree]:
        """The formulas of the gradients, by what they are taken by."""
        return {name: self.graph.trees[node] for name, node in self.called.items()}

    def summaries(self, loss: str) -> dict[str, Derivation]:
        """Return for each gradient by what name it is called, and its formula, without the steps between."""
        made = {}
        for name, called in self.called.items():
            g, gradient, formula = symbol(called), Gradient(symbol(loss), symbol(name)), self.graph.trees[called]
            moves = (
                Move(Rule(BY_NAME, f"{called} = d{loss}/d{name}"), (), g, gradient),
                Move(BACKPROPAGATION, (), gradient, formula),
            )
            made[called] = Derivation(g, moves, formula, (symbol(name),), name=loss)
        return made

    @property
    def statements(self) -> dict[str, Tree]:
        """The statements of the graph, functions written out, and those of the gradients."""
        return {**self.trees, **{name: self.graph.trees[name] for name in self.called.values()}}


def with_gradients(
    graph: Graph, shapes: Mapping[str, Shape], loss: str, wrt: Sequence[str], labels: Iterable[str]
) -> WithGradients:
    """Return the graph with its gradients by the names of `wrt` as nodes, and those that stand in their formulas.

    NoRule where there is no law. `labels` are taken to sum to 1.
    """
    paper = BackwardDerivation(graph, shapes, loss, labels, graph.symmetric)
    paper.formulas.names.forget(wrt)  # with k = ln(u), a gradient by k has ln(u) in it, which does not move with k
    derivations = {name: paper.derivation(name) for name in paper.order(wrt)}
    for name in wrt:
        derivations[name] = _put_in(paper, derivations[name], name)
    needed = list(_needed(derivations, wrt))
    called = _called(graph, needed, wrt)
    made = tuple(Statement(called[name], _with_names(derivations[name].last, called)) for name in needed)
    own = {name: shape for name, shape in shapes.items() if name in graph.inputs and shape}
    source = replace(graph.source, statements=(*graph.statements, *made), shapes={**own, **graph.source.shapes})
    shown = {name: derivation for name, derivation in derivations.items() if derivation.moves}
    return WithGradients(
        Graph(source), called, shown, paper.trees, {**shapes, **{called[name]: shapes[name] for name in needed}}
    )


def _put_in(paper: BackwardDerivation, derivation: Derivation, name: str) -> Derivation:
    """Return a derivation that goes on to a formula without gradients, where that stays short."""
    formula = paper.found[symbol(name)]
    while names := [n for n in dict.fromkeys(walk(formula)) if isinstance(n, Gradient)]:
        formula = replaced(formula, {n: paper.found[n._args[1]] for n in names})
        if paper.formulas.length(formula) > 2 * LONGEST:
            return derivation
    steps = paper.formulas.steps(formula)
    formula = steps[-1].tree if steps else formula
    if paper.formulas.length(formula) > LONGEST:
        return derivation
    line = Line(derivation.last)
    line.to(ALREADY_FOUND, paper.formulas.shown(formula))
    return replace(derivation, moves=(*derivation.moves, *line.moves), last=line.tree) if line.moves else derivation


def _needed(derivations: Mapping[str, Derivation], wrt: Sequence[str]) -> Iterator[str]:
    """Yield the names whose gradients are nodes, each after those that stand in its formula."""
    done: set[str] = set()
    stack: list[Any] = [*reversed(wrt)]
    while stack:
        name = stack[-1]
        inner = [n._args[1].name for n in walk(derivations[name].last) if isinstance(n, Gradient)]
        waiting = [n for n in inner if n not in done]
        if name in done or not waiting:
            stack.pop()
            if name not in done:
                done.add(name)
                yield name
        else:
            stack.extend(waiting)


def _called(graph: Graph, needed: Sequence[str], wrt: Sequence[str]) -> dict[str, str]:
    """Return names for gradients that the graph does not have: g alone, or g_w and g_b beside each other."""
    taken = {*graph.inputs, *graph.trees, *graph.source.names, *graph.sizes, *graph.functions}
    for letter in LETTERS:
        names = {n: letter if [n] == list(wrt) else canonical(f"{letter}_{_letters_of(n)}") for n in needed}
        if taken.isdisjoint(names.values()) and len(set(names.values())) == len(names):
            return names
    free = (name for i in range(1, 10**9) if (name := f"{LETTERS[-1]}{i}") not in taken)
    return dict(zip(needed, free, strict=False))


def _letters_of(name: str) -> str:
    return "".join(c for c in name if c.isalnum())


def _with_names(tree: Tree, called: Mapping[str, str]) -> Tree:
    inside = {n: symbol(called[n._args[1].name]) for n in walk(tree) if isinstance(n, Gradient)}
    return replaced(tree, inside)
