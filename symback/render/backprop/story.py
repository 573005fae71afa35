"""What is shown of a backpropagation, whatever the format: forward rows, backward rows, updates, the check.

A backward row is a short derivation, `∂L/∂a = ∂L/∂e · ∂e/∂a = c · 1 = c`: the chain rule, what stands in its places,
and the formula, with the laws beside it and the value behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from symback.render.lines import SUBSTITUTE, reason_of, shown
from symback.render.shapes import shape_line, shape_of
from symback.rule import Derivation, Move
from symback.tree import Gradient, Plus, Tree, symbol

SILENT = frozenset(
    ("multivariable chain rule", "local derivative", "already found", "identity rule", "constant rule", SUBSTITUTE)
)  # said by the line itself
_WORST = "worst error"


class Forward(NamedTuple):
    """A node of the forward pass: its name, its right-hand side, and its value where there is one."""

    name: str
    formula: Tree
    value: Any = None

    @property
    def symbol(self) -> Tree:
        return symbol(self.name)


class Backward(NamedTuple):
    """The gradient by one node: the lines of its derivation with the reasons of each, its value and its shape line."""

    name: str
    left: Tree
    lines: tuple[Tree, ...]
    reasons: tuple[tuple[str, ...], ...]  # one for each line
    value: Any = None
    shapes: str = ""
    derivation: Derivation | None = None

    @property
    def laws(self) -> tuple[str, ...]:
        """All reasons, each once."""
        return tuple(dict.fromkeys(reason for line in self.reasons for reason in line))


class Update(NamedTuple):
    """A step of gradient descent: the new value is the old one less the rate times the gradient."""

    name: str
    left: Tree
    rate: Any
    gradient: Any
    new: Any

    @property
    def symbol(self) -> Tree:
        return symbol(self.name)


def forward_rows(b: Any) -> Iterator[Forward]:
    """Yield the named nodes in order, each with its formula in other named nodes."""
    for name, formula in formulas(b.graph).items():
        yield Forward(name, formula, b.forward.get(name))


def formulas(graph: Any) -> dict[str, Tree]:
    """Return the right-hand sides of a graph by name, in order."""
    return dict(graph.trees)


def backward_rows(b: Any, detail: str) -> Iterator[Backward]:
    """Yield the gradients in the order in which they are found."""
    for name, derivation in b.derivations.items():
        left = gradient_by(b, name)
        lines, reasons = _lines(derivation, detail)
        value = value_of_gradient(b, name)
        yield Backward(name, left, lines, reasons, value, _shape_line(derivation, b.shapes), derivation)


def gradient_by(b: Any, name: str) -> Tree:
    """Return the gradient of the loss by a node, not yet worked out."""
    return Gradient(symbol(b.loss), symbol(name))


def value_of_gradient(b: Any, name: str) -> Any:
    """Return the number or array of a gradient in the denominator layout; None without values."""
    return b.node_values.get(name)


def transposed_rows(b: Any) -> Iterator[Backward]:
    """Yield the gradients that the numerator layout writes otherwise."""
    for name in b.wrt:
        tree = b.gradients[name]
        if tree != b.derivations[name].last:
            line = shape_line(tree, b.shapes)
            yield Backward(name, gradient_by(b, name), (tree,), ((),), b.values.get(name), line)


def _shape_line(derivation: Derivation, shapes: Mapping[str, Any]) -> str:
    """Return the shape line of the last line that is a matrix product, else of the last line."""
    for line in reversed(derivation.lines()[1:]):
        found = shape_line(line, shapes)
        if "=" in found:
            return found
    return shape_line(derivation.last, shapes)


def _lines(derivation: Derivation, detail: str) -> tuple[tuple[Tree, ...], tuple[tuple[str, ...], ...]]:
    """Return the lines that are shown right of the equals signs, and the reasons of each."""
    if detail == "full":
        full = shown(derivation, "full")[1:]
        return tuple(line.tree for line in full), tuple(reason_of(line, "full").names for line in full)
    if not derivation.moves:
        return (derivation.last,), ((),)
    ends = [len(derivation.moves)] if detail == "brief" else _ends(derivation.moves)
    all_lines = derivation.lines()
    trees: list[Tree] = []
    reasons: list[tuple[str, ...]] = []
    start = 0
    for end in ends:
        names = _laws(derivation.moves[start:end])
        if trees and trees[-1] == all_lines[end]:
            reasons[-1] += names
        else:
            trees.append(all_lines[end])
            reasons.append(names)
        start = end
    return tuple(trees), tuple(reasons)


def _ends(moves: Sequence[Move]) -> list[int]:
    """Return after how many moves a line is shown: after the chain rule, after the last law, at the end."""
    rule = moves[0].rule.name
    first = 1 if rule == "multivariable chain rule" else 0
    last_law = max((i + 1 for i, move in enumerate(moves) if not move.rule.minor), default=0)
    return sorted({end for end in (first, last_law, len(moves)) if end})


def _laws(moves: Sequence[Move]) -> tuple[str, ...]:
    """Return the names of the laws that a reader does not see in the line itself, and how many paths a sum has."""
    names = []
    for move in moves:
        if move.rule.name == "multivariable chain rule" and isinstance(move.result, Plus):
            names.append(f"sum over {len(move.result.args)} consumers")
        elif not move.rule.minor and move.rule.name not in SILENT:
            names.append(move.rule.name)
    return tuple(dict.fromkeys(names))


def updates(b: Any) -> Iterator[Update]:
    """Yield the update of every value that gradient descent changes."""
    for name, new in b.updates.items():
        yield Update(name, gradient_by(b, name), b.lr, value_of_gradient(b, name), new)


def check_words(check: Any) -> str:
    """Return the verdict of the gradient check: `gradient check: worst error 2e-11`."""
    if check.verdict == "verified":
        return f"gradient check: {_WORST} {check.worst_error:.1g}"
    said = (check.message or check.verdict).strip().rstrip(".")
    return f"gradient check: {said[:1].lower()}{said[1:]}"


def gradient_shape(b: Any, name: str) -> tuple[int, ...]:
    """Return the shape of a gradient; a scalar's is ()."""
    shape = b.shapes.get(name)
    return tuple(shape) if shape is not None else tuple(shape_of(symbol(name), b.shapes) or ())
