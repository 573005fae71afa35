"""The backward pass as a person writes it: one short derivation per node, symbols first and then numbers.

Nodes are taken in reverse order. The gradient by a node is the sum over its consumers of the gradient by the consumer
times the derivative of that edge; a gradient that was found already is put in where it is short, and keeps its name
where it is long, so that nothing is ever written out into one huge formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from symback.content import ByContent
from symback.errors import UsageError
from symback.expr.functions import FUNCTIONS
from symback.expr.numeric import np
from symback.expr.rule import Derivation
from symback.expr.tree import Tree, symbol
from symback.graph.at_joints import joint_notes, norm_notes
from symback.graph.derivation.checking import Checking
from symback.graph.derivation.names import sums_to_one
from symback.graph.derivation.normal import labels_of, sum_to_one
from symback.graph.derivation.paper import BackwardDerivation
from symback.graph.derivation.transposes import transposed
from symback.graph.gradient_check import GradientCheck
from symback.graph.graph import Graph, as_plain, canonical, shapes_of
from symback.graph.nodes import Dim, GradientProgram, Shape
from symback.graph.program import numbers
from symback.graph.program.build import Builder
from symback.graph.trained import trained
from symback.graph.undefined import require_values
from symback.result import Result

LAYOUTS = ("denominator", "numerator")


@dataclass(frozen=True, eq=False, repr=False)
class Backprop(Result, ByContent):
    """The result of a backward pass.

    `gradients` are formulas on the graph's own nodes; `values`, `forward`, `updates` and `check` are filled with `at`.
    In the denominator layout a gradient has the shape of what it is taken by; the numerator layout transposes it.
    """

    kind: ClassVar[str] = "backprop"
    title: ClassVar[str] = "Backpropagation"
    tells_verdict: ClassVar[bool] = True
    graph: Graph
    loss: str
    wrt: tuple[str, ...]
    gradients: Mapping[str, Tree]
    derivations: Mapping[str, Derivation]
    values: Mapping[str, Any] = field(default_factory=dict)
    forward: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    updates: Mapping[str, Any] = field(default_factory=dict)
    node_values: Mapping[str, Any] = field(default_factory=dict)
    lr: float | None = None
    check: GradientCheck | None = None
    notes: tuple[str, ...] = ()
    layout: str = "denominator"
    shows_loss: bool = True  # whether the loss is one of the graph's own nodes, and no help for working it

    def verify(self) -> Any:
        """Return the gradient check, with its verdict and what it says; None where there is none."""
        return self.check

    def about(self) -> str:
        """Return the loss, by what its gradients are, and whether there are numbers."""
        return f"{self.loss} by {', '.join(self.wrt)}{', with numbers' if self.values else ''}"


def backprop(
    graph: Graph,
    loss: str | None = None,
    at: Mapping[str, Any] | None = None,
    wrt: Sequence[str] | None = None,
    *,
    lr: float | None = None,
    layout: str = "denominator",
    exact: bool = False,
) -> Backprop:
    """Return the backward pass of a graph; see `Graph.backprop`.

    Raises UsageError for unknown names or layouts, ShapeError where the loss is not a number.
    """
    if layout not in LAYOUTS:
        raise UsageError(f"There is no layout {layout!r}.", hint="Choose denominator or numerator.")
    arrays = graph.arrays(at, exact) if at is not None else {}
    actual = shapes_of(arrays)
    nodes, named = graph.program({name: shape for name, shape in actual.items() if name not in graph.source.shapes})
    target = canonical(loss or graph.last)
    chosen = tuple(canonical(n) for n in wrt) if wrt is not None else graph.inputs
    every = tuple(dict.fromkeys((*chosen, *(s.name for s in graph.statements))))
    program = graph.gradient_program(target, every, actual)
    shapes = {name: nodes[i].shape for name, i in named.items()}
    labels = [n for n in labels_of(graph.trees, graph.inputs, shapes) if sum_to_one(n, arrays)]
    paper = BackwardDerivation(graph, shapes, target, labels, graph.symmetric)
    derivations = {name: paper.derivation(name) for name in paper.order(chosen)}
    result: dict[str, Any] = {"shapes": shapes}
    changed, said = trained(graph, None if wrt is None else chosen)
    if at is not None:
        result |= _numbers(graph, program, arrays, chosen, every, layout, exact, target)
        result["updates"] = {} if lr is None else _updates(arrays, result["node_values"], changed, lr, exact)
    checking = Checking(graph, paper.trees, target, derivations, shapes, labels)
    sizes = {
        d.letter: n for k, s in shapes.items() for d, n in zip(s, actual.get(k, ()), strict=False) if isinstance(d, Dim)
    }
    result["check"] = checking.check(chosen, arrays if at is not None else None, sizes)
    return Backprop(
        graph,
        target,
        chosen,
        {name: _laid_out(derivations[name].last, result["shapes"][name], layout) for name in chosen},
        derivations,
        lr=lr,
        notes=(
            *graph.notes,
            *kink_notes(nodes),
            *given_derivative_notes(graph),
            *(_notes_at(graph, {**result["inputs"], **result["forward"]}) if at is not None else ()),
            *assumed_notes(labels, derivations, at),
            *(said if lr is not None else ()),
        ),
        layout=layout,
        **result,
    )


def _notes_at(graph: Graph, values: Mapping[str, Any]) -> list[str]:
    return [note for notes in (joint_notes, norm_notes) for note in notes(graph.trees.values(), values)]


def assumed_notes(labels: Sequence[str], derivations: Mapping[str, Derivation], at: Any) -> list[str]:
    """Say which arrays were taken to sum to 1, where nothing is known of them and a line rests on it."""
    used = {m.rule for d in derivations.values() for m in d.moves}
    rests = [n for n in labels if used & {sums_to_one(n, False), sums_to_one(n, True)}]
    return [f"The entries of {name} are taken to sum to 1." for name in rests] if at is None else []


def _laid_out(tree: Tree, shape: Shape, layout: str) -> Tree:
    return transposed(tree) if layout == "numerator" and shape else tree


def _numbers(
    graph: Graph,
    program: GradientProgram,
    arrays: Mapping[str, Any],
    chosen: Sequence[str],
    every: Sequence[str],
    layout: str,
    exact: bool,
    loss: str,
) -> dict[str, Any]:
    forward = graph.forward(arrays, exact)
    require_values(graph, arrays, forward, loss)
    results = numbers.run(program.nodes, arrays, exact)
    found = {name: as_plain(results[program.gradients[name]]) for name in every}
    values = {
        name: np.transpose(found[name]) if layout == "numerator" and np.ndim(found[name]) == 2 else found[name]
        for name in chosen
    }
    return {
        "values": values,
        "forward": forward,
        "inputs": {name: as_plain(a) for name, a in arrays.items()},
        "node_values": found,
    }


def _updates(
    arrays: Mapping[str, Any], gradients: Mapping[str, Any], changed: Sequence[str], lr: float, exact: bool
) -> dict[str, Any]:
    """Return the values after a step of gradient descent: the old ones less the rate times the gradient."""
    rate = numbers.as_array("lr", lr, exact)
    return {name: as_plain(arrays[name] - rate * gradients[name]) for name in changed}


def given_derivative_notes(graph: Graph) -> list[str]:
    """Say of each derivative that was given by how much it differs from the true one, and nothing where it does not."""
    notes = []
    for definition in graph.functions.values():
        if definition.derivative is None:
            continue
        ratio = _ratio_to_true(graph, definition)
        if ratio is not None and abs(ratio - 1) > 1e-6:
            notes.append(
                f"The derivative given for {definition.name} is {ratio:.6g} times the true one at "
                f"{definition.parameter} = {_SAMPLE}; it is used as it is given."
            )
    return notes


_SAMPLE = 0.7  # an ordinary point, away from the kinks of the usual activations


def _ratio_to_true(graph: Graph, definition: Any) -> float | None:
    t = symbol(definition.parameter)
    builder = Builder(graph.functions)
    source = builder.input(definition.parameter, ())
    given, body = (builder.lower(tree, {t: source}) for tree in (definition.derivative, definition.body))
    h = 1e-6
    left, here, right = (numbers.run(tuple(builder.nodes), {definition.parameter: _SAMPLE + d}) for d in (-h, 0, h))
    true = (float(right[body]) - float(left[body])) / (2 * h)
    return float(here[given]) / true if true else None


def kink_notes(nodes: Sequence[Any]) -> list[str]:
    """Say what is taken for a derivative where there is none, as the function's row has it."""
    names = dict.fromkeys({"maximum": "max", "minimum": "min"}.get(n.op, n.op) for n in nodes)
    rows = [FUNCTIONS[name] for name in names if name in FUNCTIONS and FUNCTIONS[name].kinks]
    return [
        f"{row.name}({'u' if row.arity == 1 else 'u, v'}) has no derivative where {row.kinks_said}; "
        f"by convention {row.at_kink} is taken there."
        for row in rows
    ]
