"""Backpropagation as a JSON object: nodes and gradients as text, in SymPy's syntax, in LaTeX, and as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import isfinite
from typing import Any

from symback.expr.rule import Derivation
from symback.expr.tree import Tree, symbol
from symback.graph.nodes import Dim, Shape
from symback.page.backprop.lines import lines_of
from symback.page.backprop.local import LocalDerivatives, value_at
from symback.page.backprop.proofs import proofs
from symback.page.backprop.rows import formulas, gradient_shape, shown_formulas, value_of_gradient
from symback.page.json import SCHEMA, expression, steps_of
from symback.page.lines import is_long
from symback.page.options import Options, distinct
from symback.page.quantities import is_array, nested
from symback.page.shapes import with_elementwise_signs

Object = dict[str, Any]
Expression = Callable[[Tree], Object]


def as_object(b: Any, options: Options) -> Object:
    """Return a backpropagation as its object; in the detail `proof` with the laws that were used."""
    signed = _signed(b)
    trees, local = shown_formulas(b), _local_derivatives(b, signed)
    made: Object = {
        "schema": SCHEMA,
        "kind": "backprop",
        "input": source_of(b.graph),
        "notes": distinct(b.notes),
        "loss": b.loss,
        "wrt": list(b.wrt),
        "layout": b.layout,
        "inputs": [_input(b, name) | {"local": local.get(name, {})} for name in b.graph.inputs],
        "nodes": [_node(b, name, tree, signed) | {"local": local.get(name, {})} for name, tree in trees.items()],
        "gradients": {name: _gradient(b, name, signed) for name in b.wrt},
        "steps": [{"node": name, **step} for name, found in b.derivations.items() for step in _steps(found)],
        "lines": list(_lines(b, signed)),
    }
    if options.detail == "proof":
        made["proofs"] = [_proof(law, _expression) for law in proofs(b)]
    if b.updates:
        made |= {"learning_rate": plain(b.lr), "update": {name: plain(new) for name, new in b.updates.items()}}
    if b.check is not None:
        made["check"] = _check(b.check)
    return made


def _signed(thing: Any) -> Expression:
    """Return how formulas on a graph are written: a product of arrays has a sign of its own."""
    return lambda tree: expression(with_elementwise_signs(tree, thing.shapes), True)


def _expression(tree: Tree) -> Object:
    return expression(tree, True)


def _steps(derivation: Derivation) -> list[Object]:
    return steps_of(derivation, True, is_long(derivation))


def graph_object(graph: Any, options: Options) -> Object:
    """Return a graph alone as an object."""
    signed = _signed(graph)
    nodes = [
        {"name": name, "expr": signed(tree), "shape": _shape(graph.shapes.get(name))}
        for name, tree in formulas(graph).items()
    ]
    inputs = [{"name": name, "shape": _shape(graph.shapes.get(name))} for name in graph.inputs]
    return {
        "schema": SCHEMA,
        "kind": "graph",
        "input": source_of(graph),
        "notes": distinct(graph.notes),
        "inputs": inputs,
        "nodes": nodes,
    }


def source_of(graph: Any) -> str:
    """Return the text of a graph: as it was typed, or its statements."""
    source = getattr(graph, "source", "")
    if isinstance(source, str):
        return source
    text = getattr(source, "text", None)
    return text if isinstance(text, str) else "; ".join(s.text for s in getattr(source, "statements", ()))


def _shape(shape: Shape | None) -> list[int | str]:
    """Return the sizes of a shape: numbers, and letters as texts."""
    return [size.letter if isinstance(size, Dim) else size for size in shape or ()]


def _lines(b: Any, expression: Expression) -> Iterator[Object]:
    """Yield the lines that a person is shown, each with the places of its steps among all steps."""
    start = 0
    for name, derivation in b.derivations.items():
        for line in lines_of(derivation, "normal"):
            written = expression(line.tree)
            yield {
                "node": name,
                "text": written["text"],
                "latex": written["latex"],
                "reason": ", ".join(line.reasons),
                "steps": [start + move for move in line.moves],
            }
        start += len(derivation.moves)


def _proof(law: Any, expression: Expression) -> Object:
    operation, by = (expression(tree)["text"] for tree in (law.operation, law.by))
    lines = [{"text": line.text, "latex": line.latex, "reason": line.reason} for line in law.lines]
    return {"law": f"{operation} by {by}", "lines": lines}


def _local_derivatives(b: Any, expression: Expression) -> dict[str, dict[str, Object]]:
    """Return for each node its consumers with their derivatives by the node, and the value where there are values."""
    values = {symbol(name): value for name, value in {**b.inputs, **b.forward}.items()}
    local = LocalDerivatives(b)
    return {
        name: {
            consumer: {
                "text": expression(tree)["text"],
                "value": plain(value_at(tree, values, b.graph)) if values else None,
            }
            for consumer, tree in local.of(name).items()
        }
        for name in b.derivations
    }


def _input(b: Any, name: str) -> Object:
    made: Object = {"name": name, "shape": _shape(gradient_shape(b, name))}
    value = b.inputs.get(name)
    return made | ({"value": plain(value)} if value is not None else {})


def _node(b: Any, name: str, tree: Tree, expression: Expression) -> Object:
    found = b.derivations.get(name)
    formula = found.last if found is not None else None
    return {
        "name": name,
        "expr": expression(tree),
        "shape": _shape(gradient_shape(b, name)),
        "value": plain(b.forward.get(name)),
        "grad": None if formula is None else expression(formula),
        "grad_value": plain(value_of_gradient(b, name)),
    } | _exactly(b.forward.get(name), "exact_value")


def _gradient(b: Any, name: str, expression: Expression) -> Object:
    value = b.values.get(name)
    made = expression(b.gradients[name]) | {"value": plain(value), "shape": _shape(gradient_shape(b, name))}
    return made | _exactly(value, "exact")


def _exactly(value: Any, key: str) -> Object:
    """Return a fraction that is no decimal as a text too: no number of JSON can hold it."""
    return {key: str(value)} if isinstance(value, Fraction) and value.denominator != 1 else {}


def _check(check: Any) -> Object:
    made = {"verdict": check.verdict, "worst_error": plain(check.worst_error), "points": check.points}
    made |= {"where": check.where, "proved": list(check.proved)}
    return made | ({"message": check.message} if check.message else {})


def plain(value: Any) -> Any:
    """Return a number or an array as numbers and lists; what is not finite is null, for JSON has no word for it."""
    if value is None:
        return None
    if is_array(value):
        return [plain(entry) for entry in nested(value)]
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    if isinstance(value, int):
        return value
    number = float(value)
    return number if isfinite(number) else None
