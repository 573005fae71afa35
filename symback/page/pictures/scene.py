"""What stands in the picture of a graph: nodes, each once, and the wires between them, without places.

Constants stand in the operation that uses them (`×2`, `+1`, `( )²`), and a sum of several terms is one node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from symback.errors import UsageError
from symback.graph.program.stable_program import as_written
from symback.page.maths import unicode
from symback.page.names import SUPERSCRIPTS, unicode_name
from symback.page.quantities import shape_words, short_quantity

MOST = 400  # nodes in one picture

SIGNS = {
    "add": "+", "subtract": "−", "negate": "−", "multiply": "×", "divide": "÷", "power": "^", "matmul": "@",
    "transpose": "ᵀ", "sum": "Σ", "dot": "·", "outer": "outer", "norm2": "‖ ‖²", "sigmoid": "σ", "sqrt": "√",
    "abs": "| |",
    "maximum": "max", "minimum": "min", "logsumexp": "log Σ exp", "log_softmax": "log-softmax", "inverse": "( )⁻¹",
    "cross_entropy": "cross-entropy", "logdet": "ln det",
    "identity": "=",
}  # fmt: skip
MERGED = ("add", "multiply")  # a + b + c is one node
ORDERED = ("subtract", "divide", "power", "matmul", "outer")  # whose inputs are numbered in the picture


class Spot(NamedTuple):
    """A node of the picture; `sign` is empty for an input, `name` for a node that has no name."""

    sign: str = ""
    name: str = ""
    value: str = ""
    gradient: str = ""
    title: str = ""
    is_loss: bool = False


class Wire(NamedTuple):
    """A value on its way from one spot to another; `mark` says which input it is, where that matters."""

    source: int
    target: int
    mark: str = ""


class Scene(NamedTuple):
    """A picture without places: spots in such an order that wires go from smaller to larger numbers."""

    title: str
    description: str
    spots: tuple[Spot, ...]
    wires: tuple[Wire, ...]
    loss: str = ""

    @property
    def has_gradients(self) -> bool:
        return any(spot.gradient for spot in self.spots)


# --- nodes ----------------------------------------------------------------------------------------------------------


class _Gate(NamedTuple):
    """An operation as drawn: its sign, and the nodes whose values go in."""

    sign: str
    inputs: tuple[int, ...]
    numbered: bool = False


def _gate(node: Any, nodes: Sequence[Any]) -> _Gate:
    """Return how an operation is drawn; a constant goes into the sign, a loss of probabilities is drawn as written."""
    (node,) = as_written((node,))
    if node.op == "call":
        return _Gate(unicode_name(str(node.params[0])), node.inputs[:1])
    if _is_entry_of_input(node, nodes):
        return _Gate("", ())
    sign = SIGNS.get(node.op) or node.op.replace("_", "-")
    constants = [nodes[i].op == "constant" and not nodes[i].shape for i in node.inputs]
    if len(node.inputs) == 2 and any(constants) and not all(constants) and node.op in _WITH_CONSTANT:
        k = constants.index(True)
        number = _constant(nodes[node.inputs[k]])
        return _Gate(_WITH_CONSTANT[node.op][k](number), (node.inputs[1 - k],))
    if node.op == "index":
        return _Gate(f"[{', '.join(map(str, node.params))}]", node.inputs)
    if node.op in ("sum", "mean") and node.params:
        sign += f" axis {node.params[0]}"
    return _Gate(sign, node.inputs, node.op in ORDERED and len(node.inputs) > 1)


def _is_entry_of_input(node: Any, nodes: Sequence[Any]) -> bool:
    """Tell whether a node is x[3] of an input x: such entries are drawn like inputs, each where it is used."""
    return bool(node.op == "index" and not node.name and node.tree is not None and nodes[node.inputs[0]].op == "input")


def _power_sign(number: str) -> str:
    whole = number.lstrip("-").isdigit()
    return f"( ){number.translate(SUPERSCRIPTS)}" if whole else f"( )^{_in_brackets(number)}"


def _added(number: str) -> str:
    return f"−{number[1:]}" if number.startswith("-") else f"+{number}"


def _in_brackets(number: str) -> str:
    return f"({number})" if set(number) & set("-−/") else number


_Spelled = tuple[Callable[[str], str], Callable[[str], str]]
_WITH_CONSTANT: dict[str, _Spelled] = {  # the constant stands first, second
    "add": (_added, _added),
    "subtract": (lambda c: f"{c} −", lambda c: f"−{_in_brackets(c)}"),
    "multiply": (lambda c: f"×{_in_brackets(c)}", lambda c: f"×{_in_brackets(c)}"),
    "divide": (lambda c: f"{c} ÷", lambda c: f"÷{_in_brackets(c)}"),
    "power": (lambda c: f"{_in_brackets(c)}^( )", _power_sign),
    "maximum": (lambda c: f"max(·, {c})", lambda c: f"max(·, {c})"),
    "minimum": (lambda c: f"min(·, {c})", lambda c: f"min(·, {c})"),
}


def _constant(node: Any) -> str:
    if node.value is None:
        return {"e": "e", "pi": "π"}.get(str(node.params[0]), str(node.params[0])) if node.params else "?"
    value = Fraction(node.value)
    return short_quantity(value if value.denominator < 10 and 10_000 % value.denominator else float(value))


# --- the scene ------------------------------------------------------------------------------------------------------


def scene_of(
    nodes: Sequence[Any],
    loss: int | None = None,
    values: Mapping[int, Any] | None = None,
    gradients: Mapping[int, Any] | None = None,
    formulas: Mapping[int, str] | None = None,
) -> Scene:
    """Return the picture of a program's nodes, with values and gradients by node number.

    `formulas` are the right-hand sides of named nodes; they are read out to those who cannot see the picture.
    """
    drawn = _drawn(nodes, loss)
    if len(drawn) > MOST:
        hint = "Draw a smaller graph of the same form, for instance with fewer steps or narrower layers."
        raise UsageError(f"The graph has {len(drawn)} nodes; a picture shows {MOST} at most.", hint=hint)
    number = {id_: i for i, id_ in enumerate(drawn)}
    loss_name = _name(nodes[loss], nodes) or "the last node" if loss is not None else ""
    spots, wires = [], []
    for id_, gate in drawn.items():
        node = nodes[id_]
        spot = Spot(
            gate.sign if node.op != "input" else "",
            _name(node, nodes),
            short_quantity(values[id_]) if values and id_ in values else _shape(node),
            short_quantity(gradients[id_]) if gradients and id_ in gradients else "",
            is_loss=id_ == loss,
        )
        spots.append(_titled(spot, (formulas or {}).get(id_, ""), loss_name))
        marks = range(1, len(gate.inputs) + 1) if gate.numbered else [""] * len(gate.inputs)
        wires += [Wire(number[i], number[id_], str(m)) for i, m in zip(gate.inputs, marks, strict=True)]
    title = f"Computation graph of {loss_name}" if loss_name else "Computation graph"
    return Scene(title, _description(spots), tuple(spots), tuple(wires), loss_name)


def _name(node: Any, nodes: Sequence[Any]) -> str:
    if _is_entry_of_input(node, nodes):
        return unicode(node.tree)
    base, bracket, index = str(node.name).partition("[")
    return unicode_name(str(node.name)) if base.endswith("^") else unicode_name(base) + bracket + index


def _shape(node: Any) -> str:
    return shape_words(node.shape) if node.shape else ""


def _titled(spot: Spot, formula: str, loss: str) -> Spot:
    """Return the spot with a sentence that says all of it."""
    said = spot.name or spot.sign
    if formula and formula != spot.name:
        said = f"{said} = {formula}"
    if spot.value:
        said += f", {spot.value}"
    if spot.gradient:
        said += f", ∂{loss}/∂{spot.name or '( )'} {spot.gradient}"
    return Spot(spot.sign, spot.name, spot.value, spot.gradient, said, spot.is_loss)


def _description(spots: Sequence[Spot]) -> str:
    return "; ".join(spot.title for spot in spots if spot.name)


def _drawn(nodes: Sequence[Any], loss: int | None) -> dict[int, _Gate]:
    """Return the nodes that are drawn, in order, each with its gate: named nodes and what they are made from."""
    wanted = {n.id for n in nodes if n.name and n.op != "input"} | ({loss} if loss is not None else set())
    gates: dict[int, _Gate] = {}
    stack = sorted(wanted)
    while stack:
        id_ = stack.pop()
        if id_ in gates:
            continue
        gate = gates[id_] = _gate(nodes[id_], nodes) if nodes[id_].inputs else _Gate(_leaf(nodes[id_]), ())
        stack.extend(gate.inputs)
    merged = _merged(nodes, gates, wanted)
    return {id_: merged[id_] for id_ in sorted(merged)}


def _leaf(node: Any) -> str:
    return _constant(node) if node.op == "constant" else str(node.op)


def _merged(nodes: Sequence[Any], gates: Mapping[int, _Gate], wanted: set[int]) -> dict[int, _Gate]:
    """Put a sum that is a term of one sum, and of nothing else, into it; and so for products."""
    uses: dict[int, int] = {}
    for gate in gates.values():
        for i in gate.inputs:
            uses[i] = uses.get(i, 0) + 1
    inside: set[int] = set()
    result: dict[int, _Gate] = {}
    for id_ in sorted(gates):
        gate = gates[id_]
        inputs: list[int] = []
        for i in gate.inputs:
            if _joins(nodes, gates, id_, i) and uses[i] == 1 and i not in wanted:
                inputs += result[i].inputs
                inside.add(i)
            else:
                inputs.append(i)
        result[id_] = _Gate(gate.sign, tuple(inputs), gate.numbered)
    return {id_: gate for id_, gate in result.items() if id_ not in inside}


def _joins(nodes: Sequence[Any], gates: Mapping[int, _Gate], outer: int, inner: int) -> bool:
    a, b = nodes[outer], nodes[inner]
    same = a.op == b.op and a.op in MERGED and a.shape == b.shape
    return same and gates[outer].sign == gates[inner].sign == SIGNS[a.op]
