"""Backpropagation for a terminal: a row for every node forward and backward, formulas, values and laws in columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import Any

from symback.graph.formula_shapes import Shapes
from symback.render.backprop import proofs
from symback.render.backprop.arrays import value_lines
from symback.render.backprop.columns import HEADING, NARROWEST, ROOMY, Row, below, section
from symback.render.backprop.story import (
    Backward,
    Forward,
    backward_rows,
    check_words,
    formulas,
    forward_rows,
    transposed_rows,
    updates,
)
from symback.render.layout import BAD, END, GOOD, INDENT, visible
from symback.render.maths import write
from symback.render.notation import TEXT, UNICODE
from symback.render.options import Options, distinct
from symback.render.quantities import is_array, number, rate
from symback.render.shapes import ShapeLine, with_elementwise_signs
from symback.tree import Tree, symbol

Written = Callable[[Tree], str]

BEFORE_A_MATRIX = 26  # columns that the heading and a short left side take


def lines(b: Any, options: Options) -> Iterator[str]:
    """Yield the lines of a backpropagation, without the check and the notes."""
    written = _writer(options, b.shapes)
    yield from section(
        "forward", [_forward(row, written, options) for row in forward_rows(b, options.detail)], options.columns
    )
    yield ""
    rows = [_backward(row, written, options) for row in backward_rows(b, options.detail)]
    yield from section("backward", rows, options.columns, own_lines=options.detail == "full")
    others = [_backward(row, written, options) for row in transposed_rows(b)]
    if others:
        yield ""
        yield f"{INDENT}in {b.layout} layout:"
        yield from section("", others, options.columns)
    if options.detail == "proof":
        yield from _proofs(b, options)
    steps = [_update(step, options) for step in updates(b)]
    if steps:
        yield ""
        yield from section("update", steps, options.columns)


def _proofs(b: Any, options: Options) -> Iterator[str]:
    """Yield the laws that were used, each derived by indices under a line that says which it is."""
    written = _writer(options, {})
    shown = tuple(proofs.proofs(b))
    yield ""
    yield INDENT + (proofs.HEADING.lower() if shown else proofs.NONE)
    for law in shown:
        yield ""
        yield f"{INDENT * 2}{written(law.operation)} by {written(law.by)}, as in {written(law.node)}"
        yield from below([_proof_line(line, options) for line in law.lines], options.columns, INDENT * 3)


def _proof_line(line: Any, options: Options) -> Row:
    left, right = proofs.parted(line.unicode if options.unicode else line.text)
    return Row(left, (right,), reasons=((line.reason,),))


def graph_lines(graph: Any, options: Options) -> Iterator[str]:
    """Yield the lines of a graph alone: its inputs with their shapes, and its nodes with their formulas."""
    written = _writer(options, graph.shapes)
    inputs = [f"{written(symbol(name))}{_of_shape(graph, name, options)}" for name in graph.inputs]
    yield from wrap(", ".join(inputs), options.columns, initial_indent=f"{INDENT}inputs     ",
                    subsequent_indent=" " * (len(INDENT) + HEADING), break_long_words=False)  # fmt: skip
    rows = [
        Row(written(symbol(name)), (written(formula),), shapes=_of_shape(graph, name, options).strip(": "))
        for name, formula in formulas(graph).items()
    ]
    yield from section("graph", rows, options.columns)


def _of_shape(graph: Any, name: str, options: Options) -> str:
    shape = graph.shapes.get(name) or ()
    return f": {ShapeLine(shape).text(options.unicode).removeprefix('shape ')}" if shape else ""


def graph_ending(graph: Any, options: Options) -> Iterator[str]:
    """Yield the notes of a graph."""
    if options.notes:
        yield from _notes(graph, options)


def ending(b: Any, options: Options) -> Iterator[str]:
    """Yield the gradient check and the notes."""
    if b.check is not None:
        good = b.check.verdict == "verified"
        sign = {"verified": "✓ ", "failed": "✗ "}.get(b.check.verdict, "? ") if options.unicode else ""
        said = wrap(sign + check_words(b.check), max(options.columns - len(INDENT), NARROWEST))
        for i, line in enumerate(said):
            yield f"{INDENT if i == 0 else INDENT * 2}{GOOD if good else BAD}{line}{END}"
    if options.notes:
        yield from _notes(b, options)


def _notes(thing: Any, options: Options) -> Iterator[str]:
    for note in distinct(thing.notes):
        yield from wrap(f"note: {note}", options.columns, initial_indent=INDENT, subsequent_indent=INDENT * 2)


# --- rows ---------------------------------------------------------------------------------------------------------


def _writer(options: Options, shapes: Shapes) -> Written:
    """Return how expressions on a graph are written: a product of arrays has a sign of its own."""
    notation = UNICODE if options.unicode else TEXT
    return lambda tree: write(with_elementwise_signs(tree, shapes), notation, several=True)


def _forward(row: Forward, written: Written, options: Options) -> Row:
    value = () if row.value is None else tuple(_value(row.value, options))
    left = written(row.symbol)
    return Row(left, (written(row.formula),), value, numbers=_numbers(row.numbers, left, value, written, options))


def _backward(row: Backward, written: Written, options: Options) -> Row:
    value = () if row.value is None else tuple(_value(row.value, options))
    left, shapes = written(row.left), row.shapes.text(options.unicode) if row.shapes else ""
    numbers = _numbers(row.numbers, left, value, written, options)
    chain, reasons = tuple(map(written, row.lines)), tuple(line.reasons for line in row.shown)
    return Row(left, chain, value, reasons, shapes, numbers)


def _numbers(tree: Tree | None, left: str, value: Sequence[str], written: Written, options: Options) -> str:
    """Return a formula with its numbers put in, where a line has room for it and its value, and where it says more."""
    shown = "" if tree is None else write(tree, UNICODE if options.unicode else TEXT)
    lead = len(INDENT) + HEADING if options.columns >= ROOMY else len(INDENT) * 2
    wide = visible(f"{left} = {shown} = {''.join(value[:1])}")
    return shown if len(value) == 1 and shown != value[0] and lead + wide <= options.columns else ""


def _update(step: Any, options: Options) -> Row:
    times, name = ("·" if options.unicode else "*"), _writer(options, {})(step.symbol)
    by = f"{_in_brackets(rate(step.rate))}{times}"
    if is_array(step.gradient):
        gradient = _writer(options, {})(step.left)
        return Row(f"{name}_new", (f"{name} - {by}{gradient}",), tuple(_value(step.new, options)))
    gradient = _in_brackets(number(step.gradient))
    return Row(f"{name}_new", (f"{name} - {by}{gradient}",), tuple(_value(step.new, options)))


def _in_brackets(written: str) -> str:
    """Return a number as it stands in a product: a negative one in brackets."""
    return f"({written})" if written.startswith("-") else written


def _value(value: Any, options: Options) -> list[str]:
    return value_lines(value, options.unicode, options.columns - BEFORE_A_MATRIX)
