"""What is drawn of a graph and of a backward pass: the formulas of the nodes, values and gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from symback.expr.rule import Derivation
from symback.page.maths import unicode
from symback.page.pictures.scene import Scene, scene_of

LONGEST_FORMULA = 18  # characters


def of_graph(graph: Any) -> Scene:
    """Return the picture of a graph by itself."""
    return scene_of(graph.nodes, formulas=_formulas(graph, graph.named))


def of_backprop(thing: Any) -> Scene:
    """Return the picture of a backward pass."""
    from symback.graph.graph import shapes_of

    shapes = shapes_of(thing.inputs) if thing.inputs else {name: thing.shapes[name] for name in thing.graph.inputs}
    nodes, named = thing.graph.program(shapes)
    formulas = _formulas(thing.graph, named)
    loss = named[thing.loss]
    if thing.inputs:
        return scene_of(nodes, loss, *_numbers(thing, nodes, loss), formulas)
    gradients = {named[name]: _formula(d) for name, d in thing.derivations.items()}
    return scene_of(nodes, loss, {}, {loss: "1", **gradients}, formulas)


def _formula(derivation: Derivation) -> str:
    """Return the formula of a gradient, or where that is long its name."""
    written = unicode(derivation.last, several=True)
    return written if len(written) <= LONGEST_FORMULA else unicode(derivation.start, several=True)


def _numbers(b: Any, nodes: Sequence[Any], loss: int) -> tuple[dict[int, Any], dict[int, Any]]:
    """Return the value of every node, and its gradient where the loss depends on it."""
    from symback.graph.backward import gradients
    from symback.graph.program import numbers
    from symback.graph.program.build import Builder
    from symback.graph.program.stable_program import stable_program

    exact = any(isinstance(value, Fraction) for value in b.inputs.values())
    stable, places = stable_program(tuple(nodes))
    builder = Builder(b.graph.functions, stable)
    found = gradients(builder, stable, places[loss], range(len(stable)))
    results = numbers.run(tuple(builder.nodes), b.inputs, exact)
    values = {node: results[place] for node, place in enumerate(places)}
    return values, {node: results[found[place]] for node, place in enumerate(places) if place in found}


def _formulas(graph: Any, named: Mapping[str, int]) -> dict[int, str]:
    return {named[name]: unicode(tree, several=True) for name, tree in graph.trees.items()}
