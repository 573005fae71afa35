r"""Backpropagation as blocks of a page: the forward pass, the gradients with their laws, the update, the check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sympy.core.symbol import Symbol

from symback.render.backprop import proofs
from symback.render.backprop.latex import number_in_latex, value_in_latex
from symback.render.backprop.lines import are_many
from symback.render.backprop.story import (
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
from symback.render.equations import sentence, verdict_kind
from symback.render.latex_rows import WIDEST
from symback.render.latex_width import width
from symback.render.maths import latex
from symback.render.options import Options
from symback.render.page import Block, Display, Equation, Inlines, Maths, Paragraph, Remark, Subheading, Table, Text
from symback.render.quantities import is_array, number, rate
from symback.render.shapes import with_elementwise_signs
from symback.tree import Gradient, Tree, symbol, walk

Written = Callable[[Tree], str]

LONGEST_NUMBERS = 66.0  # digits: a formula with its numbers put in that is wider is left out
MOST_VALUES = 8  # nodes of a graph whose values are all among the answers


def blocks(b: Any, options: Options) -> Iterator[Block]:
    """Yield the forward pass, the backward pass, the update and the gradient check, each under its heading."""
    written = writer(b)
    yield from _section("Forward pass", (_forward(row, written) for row in forward_rows(b, options.detail)))
    yield from _section("Backward pass", _backward(backward_rows(b, options.detail), options, written))
    yield from _section(f"In {b.layout} layout", _backward(transposed_rows(b), options, written))
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
        lines = [(proofs.parted(line.latex), line.reason) for line in law.lines]
        yield Display(tuple(Equation(left, (right,), reason) for (left, right), reason in lines))


def graph_blocks(graph: Any, options: Options) -> Iterator[Block]:
    """Yield the nodes of a graph with their formulas."""
    written = writer(graph)
    rows = (Equation(written(symbol(name)), (written(formula),)) for name, formula in formulas(graph).items())
    yield from _section("Graph", rows)


def no_answers(graph: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield nothing: a graph alone answers no question."""
    return iter(())


def answers(b: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the loss, each gradient that was asked for with its value, and the values after the update.

    Of a small graph of numbers the values of all nodes stand there.
    A gradient that the formulas call by its name is among them.
    """
    written = writer(b)
    is_small = len(b.forward) <= MOST_VALUES and not any(map(is_array, b.forward.values()))
    shown = b.forward if is_small else {name: value for name, value in b.forward.items() if name == b.loss}
    equations = [Equation(written(symbol(name)), (value_in_latex(value),)) for name, value in shown.items()]
    for name, formula in _asked_and_mentioned(b).items():
        value = b.values.get(name, b.node_values.get(name))
        links = (written(formula), *([] if value is None else [value_in_latex(value)]))
        equations.append(Equation(written(gradient_by(b, name)), tuple(dict.fromkeys(links))))
    equations += [Equation(new_name(written(symbol(name))), (value_in_latex(new),)) for name, new in b.updates.items()]
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
    formula = " = ".join((written(row.formula), *_numbers(row.numbers, row.value)))
    named: tuple[Inlines, ...] = ((Maths(written(row.symbol)),), (Maths(formula),))
    if not valued:
        return named
    return (*named, () if row.value is None else (Maths(value_in_latex(row.value)),))


def writer(thing: Any) -> Written:
    r"""Return how expressions on a graph are written: an elementwise product of arrays has the sign \odot."""
    return lambda tree: latex(with_elementwise_signs(tree, thing.shapes), several=True)


# --- rows ---------------------------------------------------------------------------------------------------------


def _section(heading: str, equations: Iterable[Equation]) -> Iterator[Block]:
    shown = tuple(equations)
    if shown:
        yield Subheading((Text(heading),))
        yield Display(shown)


def _forward(row: Forward, written: Written) -> Equation:
    return Equation(written(row.symbol), (written(row.formula), *_numbers(row.numbers, row.value), *_value(row.value)))


def _value(value: Any) -> list[str]:
    return [] if value is None else [value_in_latex(value)]


def _numbers(tree: Tree | None, value: Any) -> list[str]:
    """Return a formula with its numbers put in, where it is no longer than a line and says more than the value."""
    shown = "" if tree is None else latex(tree)
    return [shown] if shown and shown not in _value(value) and width(shown) <= LONGEST_NUMBERS else []


def _backward(rows: Iterable[Backward], options: Options, written: Written) -> Iterator[Equation]:
    for row in rows:
        shapes = (row.shapes.latex,) if row.shapes else ()
        ends = (*_numbers(row.numbers, row.value), *_value(row.value))
        left, lines = written(row.left), [written(line.tree) for line in row.shown]
        whole = Equation(left, (*lines, *ends), ", ".join(row.laws), shapes)
        if options.detail != "full" and _has_room(whole, row):
            yield whole
            continue
        for i, line in enumerate(row.shown):
            is_last = i == len(lines) - 1
            links = (lines[i], *(ends if is_last else ()))
            yield Equation(left, links, ", ".join(line.reasons), shapes if is_last else ())
            left = ""


def _has_room(equation: Equation, row: Backward) -> bool:
    """Tell whether a row stands well on one line: few reasons, or all of them for one of its links."""
    if sum(bool(line.reasons) for line in row.shown) < 2 and len(row.shown) < 3:
        return True
    return not are_many(row.laws) and width(" = ".join((equation.left, *equation.links))) <= WIDEST


def _update(step: Update, written: Written) -> Equation:
    name, by = written(step.symbol), _factor(number_in_latex(rate(step.rate)))
    gradient = written(step.left) if is_array(step.gradient) else _factor(number_in_latex(number(step.gradient)))
    return Equation(new_name(name), (rf"{name} - {by} \cdot {gradient}", value_in_latex(step.new)))


def new_name(name: str) -> str:
    r"""Return the name of a value after an update: w^{\text{new}}."""
    return rf"{name}^{{\text{{new}}}}" if "^" not in name else rf"\left({name}\right)^{{\text{{new}}}}"


def _factor(written: str) -> str:
    return rf"\left({written}\right)" if written.startswith("-") else written
