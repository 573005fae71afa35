r"""Backpropagation as blocks of a page: the forward pass, the gradients with their laws, the update, the check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sympy.core.symbol import Symbol

from symback.expr.tree import Gradient, Tree, symbol, walk
from symback.page.backprop import proofs
from symback.page.backprop.rows import (
    Backward,
    Forward,
    Update,
    backward_rows,
    check_words,
    formulas,
    forward_rows,
    gradient_by,
    transposed_rows,
    updates,
)
from symback.page.computed import computed, number_formula
from symback.page.formula.value import (
    EQUALS,
    NOTHING,
    Expression,
    Formula,
    formula,
    name,
    spelled,
    spelled_by,
)  # fmt: skip
from symback.page.notation import Notation
from symback.page.options import Options
from symback.page.page import Block, Display, Equation, Inlines, Maths, Paragraph, Remark, Subheading, Table, Text
from symback.page.quantities import is_array, number, rate
from symback.page.remarks import sentence, verdict_kind
from symback.page.shapes import ShapeLine, with_elementwise_signs

Written = Callable[[Tree], Formula]

MOST_VALUES = 8  # nodes of a graph whose values are all among the answers


def blocks(b: Any, options: Options) -> Iterator[Block]:
    """Yield the forward pass, the backward pass, the update and the gradient check, each under its heading."""
    written, joins = writer(b), options.detail != "full"
    yield from _section("Forward pass", (_forward(row, written) for row in forward_rows(b, options.detail)))
    yield from _section("Backward pass", _backward(backward_rows(b, options.detail), written), joins)
    yield from _section(f"In {b.layout} layout", _backward(transposed_rows(b), written), joins)
    if options.detail == "proof":
        yield from _proofs(b, written)
    yield from _section("Update", (_update(step, written) for step in updates(b)))
    if b.check is not None:
        yield Remark(verdict_kind(b.check.verdict), (Text(sentence(check_words(b.check))),))


def _proofs(b: Any, written: Written) -> Iterator[Block]:
    """Yield the laws that were used, each derived by indices after words that say which it is."""
    shown = tuple(proofs.proofs(b))
    yield Subheading((Text(proofs.HEADING),))
    if not shown:
        yield Paragraph((Text(proofs.NONE),))
    for law in shown:
        operation, by, node = (Maths(written(tree)) for tree in (law.operation, law.by, law.node))
        yield Paragraph((operation, Text(" by "), by, Text(", as in "), node, Text(":")))
        yield Display(tuple(map(_proof_line, law.lines)))


def _proof_line(line: Any) -> Equation:
    sides = [proofs.parted(side) for side in (line.text, line.unicode, line.latex)]
    left, right = (spelled(*side) for side in zip(*sides, strict=True))
    return Equation(left if sides[0][0] else NOTHING, (right,), line.reason)


def graph_blocks(graph: Any, options: Options) -> Iterator[Block]:
    """Yield the inputs of a graph with their shapes, and its nodes with their formulas."""
    written = writer(graph)
    if graph.inputs:
        yield Paragraph((Text("Inputs: "), *_inputs(graph)))
    rows = (
        Equation(written(symbol(own)), (written(tree),), "", _shape(graph, own))
        for own, tree in formulas(graph).items()
    )
    yield from _section("Graph", rows)


def _inputs(graph: Any) -> Iterator[Maths | Text]:
    for i, own in enumerate(graph.inputs):
        if i:
            yield Text(", ")
        yield Maths(name(own))
        yield from (part for shape in _shape(graph, own) for part in (Text(" of "), Maths(shape)))


def _shape(graph: Any, own: str) -> tuple[Formula, ...]:
    """Return the shape of a node, where it is an array."""
    shape = graph.shapes.get(own)
    if not shape:
        return ()
    return (_shape_line(ShapeLine(shape)),)


def no_answers(graph: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield nothing: a graph alone answers no question."""
    return iter(())


def answers(b: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the loss, each gradient that was asked for with its value, and the values after the update.

    Of a small graph of numbers the values of all nodes stand there.
    A gradient that the formulas call by its name is among them.
    """
    written = writer(b)
    values = {own: value for own, value in b.forward.items() if b.shows_loss or own != b.loss}
    is_small = len(values) <= MOST_VALUES and not any(map(is_array, values.values()))
    shown = values if is_small else {own: value for own, value in values.items() if own == b.loss}
    equations = [Equation(written(symbol(own)), (computed(value),)) for own, value in shown.items()]
    for own, tree in _asked_and_mentioned(b).items():
        value = b.values.get(own, b.node_values.get(own))
        links = (written(tree), *([] if value is None else [computed(value)]))
        equations.append(Equation(written(gradient_by(b, own)), tuple({link.latex: link for link in links}.values())))
    equations += [Equation(new_name(own), (computed(new),)) for own, new in b.updates.items()]
    yield Display(tuple(equations))


def _asked_and_mentioned(b: Any) -> dict[str, Tree]:
    """Return the formulas of the gradients that were asked for, each after those that it calls by their names."""
    found: dict[str, Tree] = {}
    waiting = list(reversed(b.wrt))
    while waiting:
        name = waiting[-1]
        formula = b.gradients[name] if name in b.gradients else b.derivations[name].last
        called = [n._args[1].name for n in walk(formula) if isinstance(n, Gradient) and isinstance(n._args[1], Symbol)]
        missing = [n for n in dict.fromkeys(called) if n in b.derivations and n not in found and n not in waiting]
        waiting += missing
        if not missing:
            found.setdefault(waiting.pop(), formula)
    return found


def forward_table(b: Any, options: Options) -> Table:
    """Return the forward pass as a table: node, formula, and the value where there are values."""
    written = writer(b)
    rows = list(forward_rows(b, options.detail))
    valued = any(row.value is not None for row in rows)
    head = ("node", "formula", "value") if valued else ("node", "formula")
    return Table(tuple((Text(word),) for word in head), tuple(_cells(row, written, valued) for row in rows))


def _cells(row: Forward, written: Written, valued: bool) -> tuple[Inlines, ...]:
    shown = written(row.formula)
    if row.numbers is not None and row.value is not None and formula(row.numbers).latex != computed(row.value).latex:
        shown += EQUALS + formula(row.numbers)
    named: tuple[Inlines, ...] = ((Maths(written(row.symbol)),), (Maths(shown),))
    if not valued:
        return named
    return (*named, () if row.value is None else (Maths(computed(row.value)),))


def writer(result: Any) -> Written:
    r"""Return how expressions on a graph are written: an elementwise product of arrays has the sign \odot."""
    return lambda tree: Formula(Expression(with_elementwise_signs(tree, result.shapes), several=True))


# --- rows ---------------------------------------------------------------------------------------------------------


def _section(heading: str, equations: Iterable[Equation], joins: bool = True) -> Iterator[Block]:
    shown = tuple(equations)
    if shown:
        yield Subheading((Text(heading),))
        yield Display(shown, joins)


def _forward(row: Forward, written: Written) -> Equation:
    return Equation(
        written(row.symbol), (written(row.formula),), numbers=_numbers(row.numbers), value=_value(row.value)
    )


def _numbers(tree: Tree | None) -> Formula:
    return NOTHING if tree is None else formula(tree)


def _value(value: Any) -> Formula:
    return NOTHING if value is None else computed(value)


def _backward(rows: Iterable[Backward], written: Written) -> Iterator[Equation]:
    for row in rows:
        lines = [Equation(NOTHING, (written(line.tree),), ", ".join(line.reasons)) for line in row.shown]
        lines[0] = lines[0]._replace(left=written(row.left))
        shapes = (_shape_line(row.shapes),) if row.shapes else ()
        yield from lines[:-1]
        yield lines[-1]._replace(letters=shapes, numbers=_numbers(row.numbers), value=_value(row.value))


def _shape_line(line: ShapeLine) -> Formula:
    return spelled(line.text(unicode=False), line.text(), line.latex)


def _update(step: Update, written: Written) -> Equation:
    by = _factor(number_formula(rate(step.rate)))
    gradient = written(step.left) if is_array(step.gradient) else _factor(number_formula(number(step.gradient)))
    minus, times = spelled(" - ", " - ", " - "), spelled("*", "·", r" \cdot ")
    return Equation(new_name(step.name), (name(step.name) + minus + by + times + gradient,), value=computed(step.new))


def new_name(of: str) -> Formula:
    r"""Return the name of a value after an update: w_new, w^{\text{new}}."""

    def written(notation: Notation) -> str:
        own = notation.symbol(of)
        if notation.name != "latex":
            return f"{own}_new"
        return rf"{own}^{{\text{{new}}}}" if "^" not in own else rf"\left({own}\right)^{{\text{{new}}}}"

    return spelled_by(written)


def _factor(shown: Formula) -> Formula:
    """Return a number as it stands in a product: a negative one in brackets."""

    def written(notation: Notation) -> str:
        own = shown.write(notation)
        return f"{notation.brackets[0]}{own}{notation.brackets[1]}" if own.startswith("-") else own

    return spelled_by(written)
