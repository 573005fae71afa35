"""What is shown of a backpropagation, whatever the format: forward rows, backward rows, updates, the check.

A backward row is a short derivation, `∂L/∂a = ∂L/∂e · ∂e/∂a = c · 1 = c`: the chain rule, what stands in its places,
and the formula, with the laws beside it and the value behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sympy.core.symbol import Symbol

from symback.graph.formula_shapes import shape_of
from symback.render.lines import reason_of, shown
from symback.render.shapes import shape_line
from symback.rule import Derivation, Move
from symback.tree import Diff, Edge, Gradient, Plus, Tree, symbol, walk

SILENT = frozenset(("local derivative", "already found", "identity rule", "constant rule"))  # said by the line itself
TRIVIAL = frozenset(("multiply by one", "multiply by zero", "drop zeros"))  # what 1 and 0 leave is not worth a line
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
    all_lines = derivation.lines()
    ends = [len(derivation.moves)] if detail == "brief" else _ends(derivation.moves, all_lines)
    trees: list[Tree] = []
    reasons: list[tuple[str, ...]] = []
    start = 0
    for end in ends:
        trees.append(all_lines[end])
        reasons.append(_laws(derivation.moves[start:end]))
        start = end
    return tuple(trees), tuple(reasons)


def _ends(moves: Sequence[Move], lines: Sequence[Tree]) -> list[int]:
    """Return after how many moves a line is shown: after the chain rule, when all is worked out, and at the end."""
    last = len(moves)
    by_chain_rule = 1 if _is_chain_rule(moves[0]) and not _inner_gradients(lines[1]) else 0
    clean = next((i for i in range(1, last + 1) if not _is_pending(lines[i])), last)
    clean = max([i for i in range(clean + 1, last) if moves[i - 1].rule.name in TRIVIAL], default=clean)
    ends = [end for end in (by_chain_rule, clean) if end and lines[end] != lines[last]]
    return [*dict.fromkeys(ends), last]


def _is_chain_rule(move: Move) -> bool:
    """Tell whether a move takes a gradient through the consumers of its node."""
    return isinstance(move.piece, Gradient) and move.rule.name.endswith("chain rule")


def _is_pending(line: Tree) -> bool:
    """Tell whether something in a line is still to be derived: all but the gradients by nodes with a name."""
    return _inner_gradients(line) or any(isinstance(node, (Edge, Diff)) for node in walk(line))


def _inner_gradients(line: Tree) -> bool:
    return any(isinstance(n, (Gradient, Edge)) and not isinstance(n.args[1], Symbol) for n in walk(line))


def _laws(moves: Sequence[Move]) -> tuple[str, ...]:
    """Return the names of the laws that a reader does not see in the line itself, and how many paths a sum has."""
    names = []
    for move in moves:
        if _is_chain_rule(move):
            if isinstance(move.result, Plus):
                names.append(f"sum over {len(move.result.args)} paths")
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
