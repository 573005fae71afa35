"""The picture of a graph, as SVG and for Graphviz: nodes left to right, values above the wires, gradients below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from symback.errors import UsageError
from symback.render.maths import unicode
from symback.render.options import Options, kind_of
from symback.render.picture.dot import dot
from symback.render.picture.scene import Scene, scene_of
from symback.render.picture.svg import svg
from symback.rule import Derivation

LONGEST_FORMULA = 18  # characters


def svg_of(thing: Any, options: Options) -> str:
    """Return the picture of a graph or a backpropagation as SVG."""
    return svg(scene(thing))


def dot_of(thing: Any, options: Options) -> str:
    """Return the picture of a graph or a backpropagation for Graphviz."""
    return dot(scene(thing))


def scene(thing: Any) -> Scene:
    """Return the picture of a thing; UsageError where there is none."""
    kind = kind_of(thing)
    if kind == "graph":
        return scene_of(thing.nodes, formulas=_formulas(thing, thing.named))
    if kind != "backprop":
        raise UsageError("A derivation has no picture; graphs have.", hint="Choose text, markdown, latex or json.")
    nodes, named = thing.graph.program({name: thing.shapes[name] for name in thing.graph.inputs})
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
    from symback.graph import numbers
    from symback.graph.backward import gradients
    from symback.graph.build import Builder
    from symback.graph.stable_program import stable_program

    exact = any(isinstance(value, Fraction) for value in b.inputs.values())
    stable, places = stable_program(tuple(nodes))
    builder = Builder(b.graph.functions, stable)
    found = gradients(builder, stable, places[loss], range(len(stable)))
    results = numbers.run(tuple(builder.nodes), b.inputs, exact)
    values = {node: results[place] for node, place in enumerate(places)}
    return values, {node: results[found[place]] for node, place in enumerate(places) if place in found}


def _formulas(graph: Any, named: Mapping[str, int]) -> dict[int, str]:
    return {named[name]: unicode(tree, several=True) for name, tree in graph.trees.items()}
