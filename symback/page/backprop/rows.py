"""What is shown of a backpropagation, whatever the format: forward rows, backward rows, updates, the check.

A backward row is a short derivation, `∂L/∂a = ∂L/∂e · ∂e/∂a = c · 1 = c`: the chain rule, what stands in its places,
and the formula, with the laws beside it and the value behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from symback.expr.rule import Derivation
from symback.expr.tree import Gradient, Plus, Tree, symbol
from symback.graph.program.formula_shapes import shape_of
from symback.page.backprop.lines import Line, lines_of, paths_of
from symback.page.quantities import is_array
from symback.page.shapes import ShapeLine, shape_line, with_elementwise_signs
from symback.page.with_numbers import MOST_TERMS, abridged, with_numbers

_WORST = "worst error"


class Forward(NamedTuple):
    """A node of the forward pass: its name, its right-hand side, that with the numbers put in, and its value."""

    name: str
    formula: Tree
    value: Any = None
    numbers: Tree | None = None

    @property
    def symbol(self) -> Tree:
        return symbol(self.name)


class Backward(NamedTuple):
    """The gradient by one node: the lines of its derivation, the last with its numbers put in, and its value.

    `shapes` is how the shapes in the last line fit together; a sum over many paths is abridged in the lines.
    """

    name: str
    left: Tree
    shown: tuple[Line, ...]
    numbers: Tree | None = None
    value: Any = None
    shapes: ShapeLine | None = None
    derivation: Derivation | None = None

    @property
    def lines(self) -> tuple[Tree, ...]:
        """What stands right of the equals signs."""
        return tuple(line.tree for line in self.shown)

    @property
    def laws(self) -> tuple[str, ...]:
        """All reasons, each once."""
        return tuple(dict.fromkeys(reason for line in self.shown for reason in line.reasons))


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


def forward_rows(b: Any, detail: str) -> Iterator[Forward]:
    """Yield the named nodes in order, each with its formula in other named nodes."""
    known = {} if detail == "brief" else numbers_of(b)
    for name, formula in shown_formulas(b).items():
        yield Forward(name, formula, b.forward.get(name), with_numbers(formula, known) if known else None)


def numbers_of(b: Any) -> dict[Tree, Any]:
    """Return the value of every name and of every gradient that is a number."""
    values: dict[Tree, Any] = {symbol(name): value for name, value in {**b.inputs, **b.forward}.items()}
    values |= {gradient_by(b, name): value for name, value in b.node_values.items()}
    return {tree: value for tree, value in values.items() if value is not None and not is_array(value)}


def formulas(graph: Any) -> dict[str, Tree]:
    """Return the right-hand sides of a graph by name, in order."""
    return dict(graph.trees)


def shown_formulas(b: Any) -> dict[str, Tree]:
    """Return the right-hand sides of a backward pass, without that of a loss which is not shown."""
    return {name: tree for name, tree in formulas(b.graph).items() if b.shows_loss or name != b.loss}


def backward_rows(b: Any, detail: str) -> Iterator[Backward]:
    """Yield the gradients in the order in which they are found."""
    known = {} if detail == "brief" else numbers_of(b)
    for name, derivation in b.derivations.items():
        lines = lines_of(derivation, detail)
        lines = _without_repeat(lines, b.shapes) if detail == "normal" else lines
        numbers = with_numbers(lines[-1].tree, known) if known else None
        shapes = _shape_line(lines, b.shapes)
        if paths_of(derivation) > MOST_TERMS:
            lines = tuple(line._replace(tree=abridged(line.tree)) for line in lines)
        yield Backward(name, gradient_by(b, name), lines, numbers, value_of_gradient(b, name), shapes, derivation)


def _without_repeat(lines: tuple[Line, ...], shapes: Mapping[str, Any]) -> tuple[Line, ...]:
    """Return the lines without one before the last that is written as the last is: u * 2v and 2u * v are 2u ⊙ v."""
    if len(lines) < 2:
        return lines
    before, last = lines[-2:]
    if with_elementwise_signs(before.tree, shapes) != with_elementwise_signs(last.tree, shapes):
        return lines
    reasons = tuple(dict.fromkeys((*before.reasons, *last.reasons)))
    moves = range(before.moves.start, last.moves.stop)
    return (*lines[:-2], Line(last.tree, reasons, moves))


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
            yield Backward(name, gradient_by(b, name), (Line(tree),), None, b.values.get(name), line)


def _shape_line(lines: tuple[Line, ...], shapes: Mapping[str, Any]) -> ShapeLine | None:
    """Return the shape line of the last line that is a matrix product, else of the last line; of a number none."""
    found = shape_line(lines[-1].tree, shapes)
    if found is None or found.factors:
        return found
    earlier = (shape_line(line.tree, shapes) for line in reversed(lines[:-1]) if not isinstance(line.tree, Plus))
    return next((line for line in earlier if line and line.factors), found)


def updates(b: Any) -> Iterator[Update]:
    """Yield the update of every value that gradient descent changes."""
    for name, new in b.updates.items():
        yield Update(name, gradient_by(b, name), b.lr, value_of_gradient(b, name), new)


def check_words(check: Any) -> str:
    """Return the verdict of the gradient check: `gradient check at random values: worst error 2e-11`."""
    where = f" {check.where}" if check.where else ""
    if check.verdict == "verified":
        return f"gradient check{where}: {_WORST} {check.worst_error:.1g}{_proved_words(check)}"
    said = (check.message or check.verdict).strip().rstrip(".")
    return f"gradient check: {said[:1].lower()}{said[1:]}"


def _proved_words(check: Any) -> str:
    """Say which formulas are proved for all sizes: nothing more where all are, the names where only some."""
    if not check.proved:
        return ""
    names = f": by {', '.join(check.proved)}" if check.unproved else ""
    return f"; proved for all sizes{names}"


def gradient_shape(b: Any, name: str) -> tuple[int, ...]:
    """Return the shape of a gradient; a scalar's is ()."""
    shape = b.shapes.get(name)
    return tuple(shape) if shape is not None else tuple(shape_of(symbol(name), b.shapes) or ())
