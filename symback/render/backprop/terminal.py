"""Backpropagation for a terminal: a row for every node forward and backward, formulas, values and laws in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any, NamedTuple

from symback.render.backprop.arrays import value_lines
from symback.render.backprop.story import (
    Backward,
    backward_rows,
    check_words,
    formulas,
    forward_rows,
    transposed_rows,
    updates,
)  # fmt: skip
from symback.render.layout import BAD, CHANGED, END, GAP, GOOD, INDENT, REASON, visible, wrapped
from symback.render.maths import write
from symback.render.notation import TEXT, UNICODE
from symback.render.options import Options, distinct, kind_of
from symback.render.quantities import is_array, number, rate
from symback.render.terminal import finished
from symback.tree import symbol

HEADING = 11  # columns of the words forward, backward, update
ROOMY = 60  # columns: with fewer, the headings stand above their rows
BEFORE_A_MATRIX = 26  # columns that the heading and a short left side take
NARROWEST = 30
NARROWEST_REASON = 24


class _Row(NamedTuple):
    """What stands in one row: `left = middle = ...`, the value in as many lines as it has, and what is said of it."""

    left: str
    chain: tuple[str, ...]
    value: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()  # one for each link of the chain
    shapes: str = ""

    @property
    def reason(self) -> str:
        """All that is said, for a row on one line."""
        names = dict.fromkeys(name for reason in self.reasons for name in reason.split(", ") if name)
        return "   ".join(part for part in (", ".join(names), unbroken(self.shapes)) if part)

    @property
    def line(self) -> str:
        return " = ".join((self.left, *self.chain))


def render(thing: Any, options: Options) -> str:
    """Return a graph or a backpropagation as text for a terminal."""
    if kind_of(thing) == "graph":
        shown = [*graph_lines(thing, options), *graph_ending(thing, options)]
    else:
        shown = [*lines(thing, options), *ending(thing, options)]
    return finished(shown, options)


class _Columns(NamedTuple):
    """Where the formulas of a section end, how wide its values are, and how wide those that are numbers."""

    end: int
    values: int
    numbers: int

    @property
    def reasons(self) -> int:
        """Where the reasons begin."""
        return self.end + (3 + self.values if self.values else 0) + len(GAP)


def lines(b: Any, options: Options) -> Iterator[str]:
    """Yield the lines of a backpropagation, without the check and the notes."""
    written = _writer(options)
    yield from _section("forward", [_forward(row, written, options) for row in forward_rows(b)], options)
    yield ""
    rows = [_backward(row, written, options) for row in backward_rows(b, options.detail)]
    yield from _section("backward", rows, options, own_lines=options.detail == "full")
    others = [_backward(row, written, options) for row in transposed_rows(b)]
    if others:
        yield ""
        yield f"{INDENT}in {b.layout} layout:"
        yield from _section("", others, options)
    steps = [_update(step, options) for step in updates(b)]
    if steps:
        yield ""
        yield from _section("update", steps, options)


def graph_lines(graph: Any, options: Options) -> Iterator[str]:
    """Yield the lines of a graph alone: its inputs with their shapes, and its nodes with their formulas."""
    written = _writer(options)
    inputs = [f"{written(symbol(name))}{_of_shape(graph, name)}" for name in graph.inputs]
    yield from wrap(", ".join(inputs), options.columns, initial_indent=f"{INDENT}inputs     ",
                    subsequent_indent=" " * (len(INDENT) + HEADING), break_long_words=False)  # fmt: skip
    rows = [
        _Row(written(symbol(name)), (written(formula),), shapes=_of_shape(graph, name).strip(": "))
        for name, formula in formulas(graph).items()
    ]
    yield from _section("graph", rows, options)


def _of_shape(graph: Any, name: str) -> str:
    shape = graph.shapes.get(name) or ()
    return f": {'x'.join(map(str, shape))}" if shape else ""


def graph_ending(graph: Any, options: Options) -> Iterator[str]:
    """Yield the notes of a graph."""
    if options.notes:
        yield from _notes(graph, options)


def ending(b: Any, options: Options) -> Iterator[str]:
    """Yield the gradient check and the notes."""
    if b.check is not None:
        good = b.check.verdict == "verified"
        sign = {"verified": "✓ ", "failed": "✗ "}.get(b.check.verdict, "? ") if options.unicode else ""
        yield f"{INDENT}{GOOD if good else BAD}{sign}{check_words(b.check)}{END}"
    if options.notes:
        yield from _notes(b, options)


def _notes(thing: Any, options: Options) -> Iterator[str]:
    for note in distinct(thing.notes):
        yield from wrap(f"note: {note}", options.columns, initial_indent=INDENT, subsequent_indent=INDENT * 2)


# --- rows ---------------------------------------------------------------------------------------------------------


def _writer(options: Options) -> Any:
    notation = UNICODE if options.unicode else TEXT
    return lambda tree: write(tree, notation, several=True)


def _forward(row: Any, written: Any, options: Options) -> _Row:
    value = () if row.value is None else tuple(_value(row.value, options))
    return _Row(written(row.symbol), (written(row.formula),), value)


def _backward(row: Backward, written: Any, options: Options) -> _Row:
    value = () if row.value is None else tuple(_value(row.value, options))
    reasons = tuple(", ".join(names) for names in row.reasons)
    return _Row(written(row.left), tuple(map(written, row.lines)), value, reasons, row.shapes)


def _update(step: Any, options: Options) -> _Row:
    times, name = ("·" if options.unicode else "*"), _writer(options)(step.symbol)
    by = f"{_in_brackets(rate(step.rate))}{times}"
    if is_array(step.gradient):
        gradient = _writer(options)(step.left)
        return _Row(f"{name}_new", (f"{name} - {by}{gradient}",), tuple(_value(step.new, options)))
    gradient = _in_brackets(number(step.gradient))
    return _Row(f"{name}_new", (f"{name} - {by}{gradient}",), tuple(_value(step.new, options)))


def _in_brackets(written: str) -> str:
    """Return a number as it stands in a product: a negative one in brackets."""
    return f"({written})" if written.startswith("-") else written


def _value(value: Any, options: Options) -> list[str]:
    return value_lines(value, options.unicode, options.columns - BEFORE_A_MATRIX)


# --- columns ------------------------------------------------------------------------------------------------------


def _section(heading: str, rows: Sequence[_Row], options: Options, own_lines: bool = False) -> Iterator[str]:
    """Yield the rows under one heading: beside it, or below where the terminal is narrow."""
    if not rows:
        return
    beside = options.columns >= ROOMY
    lead = INDENT + heading.ljust(HEADING) if beside else INDENT * 2
    if not beside:
        yield INDENT + heading
    room = max(options.columns - len(lead), NARROWEST)
    first = True
    for line in _rows(rows, room, own_lines):
        yield (lead if first else " " * len(lead)) + line
        first = False


def _rows(rows: Sequence[_Row], room: int, own_lines: bool) -> Iterator[str]:
    left = max(visible(row.left) for row in rows)
    left = left if left <= room // 3 else 0
    aligned, columns = _aligned([] if own_lines else rows, left, room)
    for row in rows:
        if row in aligned:
            yield from _one_line(row, left, columns, room)
        else:
            yield from _own_lines(row, left, room)


def _aligned(rows: Sequence[_Row], left: int, room: int) -> tuple[list[_Row], _Columns]:
    """Return the rows that have room on one line, and their columns."""
    rows = sorted(rows, key=lambda row: _width(row, left))
    while rows:
        values = [row.value[0] for row in rows if len(row.value) == 1]
        numbers = [len(value) for value in values if not value.startswith("[")]
        columns = _Columns(_width(rows[-1], left), max(map(len, values), default=0), max(numbers, default=0))
        reason = max(_narrowest(row.reason) for row in rows)
        if columns.reasons - len(GAP) + (len(GAP) + reason if reason else 0) <= room:
            return list(rows), columns
        rows.pop()
    return [], _Columns(0, 0, 0)


def _narrowest(reason: str) -> int:
    """Return the width in which a reason takes two lines at most."""
    return min(len(reason), max(NARROWEST_REASON, len(reason) // 2 + 8))


def _width(row: _Row, left: int) -> int:
    return max(left - visible(row.left), 0) + visible(row.line)


def _one_line(row: _Row, left: int, columns: _Columns, room: int) -> Iterator[str]:
    """Yield a row on one line, its value and its reasons in columns of their own; a matrix stands below."""
    line = " = ".join((row.left.ljust(left), *row.chain)).ljust(columns.end)
    if len(row.value) == 1:
        value = row.value[0] if row.value[0].startswith("[") else row.value[0].rjust(columns.numbers)
        line = f"{line} = {CHANGED}{value.ljust(columns.values if row.reason else 0)}{END}"
    elif columns.values:
        line += " " * (3 + columns.values)
    at = columns.reasons
    reasons = _wrapped_reason(row.reason, max(room - at, NARROWEST_REASON), INDENT)
    if len(row.value) > 1 and not row.reason and visible(line.rstrip()) + 3 + _span(row) <= room:
        yield from _beside(line.rstrip(), row)
        return
    yield f"{line}{GAP}{REASON}{reasons[0]}{END}" if reasons else line
    yield from (f"{' ' * at}{REASON}{reason}{END}" for reason in reasons[1:])
    yield from _tall(row, max(left, visible(row.left)))


def _span(row: _Row) -> int:
    return max(map(len, row.value))


def _beside(line: str, row: _Row) -> Iterator[str]:
    for i, part in enumerate(row.value):
        lead = f"{line} = " if i == 0 else " " * (visible(line) + 3)
        yield f"{lead}{CHANGED}{part}{END}"


def unbroken(text: str) -> str:
    """Return a text that is not broken at its blanks."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _wrapped_reason(reason: str, room: int, indent: str = "") -> list[str]:
    parts = wrap(reason, room, subsequent_indent=indent, break_long_words=False)
    return [part.replace("\N{NO-BREAK SPACE}", " ") for part in parts]


def _tall(row: _Row, left: int) -> Iterator[str]:
    if len(row.value) > 1:
        for i, line in enumerate(row.value):
            yield f"{' ' * left} {'= ' if i == 0 else '  '}{CHANGED}{line}{END}"


def _own_lines(row: _Row, left: int, room: int) -> Iterator[str]:
    """Yield a row with a line for each of its links, the reasons beside them or below."""
    lead, start = f"{row.left.ljust(left)} = ", max(left, visible(row.left)) + 3
    reasons = [*row.reasons, *[""] * (len(row.chain) - len(row.reasons))]
    end = max((visible(link) for link in row.chain), default=0)
    at = start + end + len(GAP)
    for i, (link, reason) in enumerate(zip(row.chain, reasons, strict=True)):
        said = "   ".join(part for part in (reason, unbroken(row.shapes) if i == len(row.chain) - 1 else "") if part)
        last_value = row.value[0] if i == len(row.chain) - 1 and len(row.value) == 1 else ""
        text = f"{link} = {CHANGED}{last_value}{END}" if last_value else link
        yield from _link(text, said, lead, start, at, room)
        lead = " " * (start - 2) + "= "
    yield from _tall(row, start - 3)


def _link(text: str, reason: str, lead: str, start: int, at: int, room: int) -> Iterator[str]:
    lines = list(wrapped(text, room - start, lead, " " * (start + 2)))
    beside = max(at, visible(lines[-1]) + len(GAP))
    if reason and beside + len(reason) <= room:
        lines[-1] += " " * (beside - visible(lines[-1])) + REASON + _wrapped_reason(reason, 10_000)[0] + END
        reason = ""
    yield from lines
    for part in _wrapped_reason(reason, max(room - start - 2, NARROWEST)):
        yield " " * (start + 2) + REASON + part + END
