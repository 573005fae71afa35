"""The rows of a backpropagation in a terminal: formulas, values and reasons in columns, within a width.

A row that fits stands on one line; any other has a line for each of its links, with its own reasons beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from symback.page.computed import array_of
from symback.page.formula.value import Formula
from symback.page.layout import CHANGED, END, GAP, INDENT, REASON, padded, visible, wrapped
from symback.page.lines import are_many
from symback.page.page import Display, Equation, runs_of
from symback.page.paper import Paper
from symback.page.text_arrays import value_lines

HEADING = 11  # columns of the words forward, backward, update
ROOMY = 60  # columns: with fewer, the headings stand above their rows
BEFORE_A_MATRIX = 26  # columns that the heading and a short left side take
NARROWEST = 30
NARROWEST_REASON = 24


class Row(NamedTuple):
    """What stands in one row: `left = middle = ...`, the value in as many lines as it has, and what is said of it."""

    left: str
    chain: tuple[str, ...]
    value: tuple[str, ...] = ()
    reasons: tuple[tuple[str, ...], ...] = ()  # some for each link of the chain
    shapes: str = ""
    numbers: str = ""  # the last link with its numbers put in

    @property
    def names(self) -> tuple[str, ...]:
        """All reasons, each once."""
        return tuple(dict.fromkeys(name for names in self.reasons for name in names))

    @property
    def reason(self) -> str:
        """All that is said, for a row on one line."""
        return "   ".join(part for part in (", ".join(self.names), unbroken(self.shapes)) if part)

    @property
    def has_many_reasons(self) -> bool:
        """Tell whether a reader would not see which reason belongs to which link, if all stood on one line."""
        return are_many(self.names) and sum(map(bool, self.reasons)) > 1

    @property
    def links(self) -> tuple[str, ...]:
        return (*self.chain, self.numbers) if self.numbers else self.chain

    @property
    def line(self) -> str:
        return " = ".join((self.left, *self.links))


class _Columns(NamedTuple):
    """Where the formulas of a section end, how wide its values are, and how wide those that are numbers."""

    end: int
    values: int
    numbers: int

    @property
    def reasons(self) -> int:
        """Where the reasons begin."""
        return self.end + (3 + self.values if self.values else 0) + len(GAP)


def section(heading: str, display: Display, paper: Paper) -> Iterator[str]:
    """Yield equations under one heading: beside it, or below where it is long or the terminal is narrow."""
    rows = [_row_of(run, paper) for run in runs_of(display.equations)]
    heading = heading.removesuffix(" pass").lower()
    beside = paper.columns >= ROOMY and len(heading) < HEADING
    lead = INDENT + (heading if beside else "").ljust(HEADING) if paper.columns >= ROOMY else INDENT * 2
    if not beside:
        yield f"{INDENT}{heading}{':' if len(heading) >= HEADING else ''}"
    for line in _rows(rows, max(paper.columns - len(lead), NARROWEST), own_lines=not display.joins):
        yield lead + line
        lead = " " * len(lead)


def below(display: Display, paper: Paper) -> Iterator[str]:
    """Yield equations without a heading, a line each, aligned."""
    rows = [_row_of((equation,), paper) for equation in display.equations]
    for line in _rows(rows, max(paper.columns - len(INDENT), NARROWEST), own_lines=False):
        yield INDENT + line


def _row_of(run: Sequence[Equation], paper: Paper) -> Row:
    """Return a line and those that go on from it as a row."""
    last = run[-1]
    value = _value(last.value, paper)
    chain = tuple(" = ".join(map(paper.write, line.links)) for line in run)
    reasons = tuple(tuple(filter(None, line.rule.split(", "))) for line in run)
    shapes = ", ".join(map(paper.write, last.letters))
    left = paper.write(run[0].left)
    return Row(left, chain, value, reasons, shapes, _numbers(last.numbers, left, value, paper))


def _value(value: Formula, paper: Paper) -> tuple[str, ...]:
    array = array_of(value)
    if array is None:
        return (paper.write(value),) if value else ()
    return tuple(value_lines(array, paper.unicode, paper.columns - BEFORE_A_MATRIX))


def _numbers(numbers: Formula, left: str, value: Sequence[str], paper: Paper) -> str:
    """Return a formula with its numbers put in, where a line has room for it and its value, and where it says more."""
    shown = paper.write(numbers)
    lead = len(INDENT) + HEADING if paper.columns >= ROOMY else len(INDENT) * 2
    wide = visible(f"{left} = {shown} = {''.join(value[:1])}")
    return shown if len(value) == 1 and shown != value[0] and lead + wide <= paper.columns else ""


def _rows(rows: Sequence[Row], room: int, own_lines: bool) -> Iterator[str]:
    left = max(visible(row.left) for row in rows)
    left = left if left <= room // 3 else 0
    together = [] if own_lines else [row for row in rows if not row.has_many_reasons]
    aligned, columns = _aligned(together, left, room)
    places = set(map(id, aligned))
    for row in rows:
        if id(row) in places:
            yield from _one_line(row, left, columns, room)
        else:
            yield from _own_lines(row, left, room)


def _aligned(rows: Sequence[Row], left: int, room: int) -> tuple[list[Row], _Columns]:
    """Return the rows that have room on one line, and their columns: as many as go together, the shortest first."""
    fitting, columns = 0, _Columns(0, 0, 0)
    values = numbers = reasons = 0
    rows = sorted(rows, key=lambda row: _width(row, left))
    for count, row in enumerate(rows, 1):
        value = row.value[0] if len(row.value) == 1 else ""
        values = max(values, len(value))
        numbers = max(numbers, 0 if value.startswith("[") else len(value))
        reasons = max(reasons, _narrowest(row.reason))
        found = _Columns(_width(row, left), values, numbers)
        if found.reasons - len(GAP) + (len(GAP) + reasons if reasons else 0) <= room:
            fitting, columns = count, found
    return rows[:fitting], columns


def _narrowest(reason: str) -> int:
    """Return the width in which a reason takes two lines at most."""
    return min(len(reason), max(NARROWEST_REASON, len(reason) // 2 + 8))


def _width(row: Row, left: int) -> int:
    return max(left - visible(row.left), 0) + visible(row.line)


def _one_line(row: Row, left: int, columns: _Columns, room: int) -> Iterator[str]:
    """Yield a row on one line, its value and its reasons in columns of their own; a matrix stands below."""
    line = padded(" = ".join((padded(row.left, left), *row.links)), columns.end)
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


def _span(row: Row) -> int:
    return max(map(len, row.value))


def _beside(line: str, row: Row) -> Iterator[str]:
    for i, part in enumerate(row.value):
        lead = f"{line} = " if i == 0 else " " * (visible(line) + 3)
        yield f"{lead}{CHANGED}{part}{END}"


def unbroken(text: str) -> str:
    """Return a text that is not broken at its blanks."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _wrapped_reason(reason: str, room: int, indent: str = "") -> list[str]:
    parts = wrap(reason, room, subsequent_indent=indent, break_long_words=False)
    return [part.replace("\N{NO-BREAK SPACE}", " ") for part in parts]


def _tall(row: Row, left: int) -> Iterator[str]:
    if len(row.value) > 1:
        for i, line in enumerate(row.value):
            yield f"{' ' * left} {'= ' if i == 0 else '  '}{CHANGED}{line}{END}"


def _own_lines(row: Row, left: int, room: int) -> Iterator[str]:
    """Yield a row with a line for each of its links, the reasons beside them or below."""
    lead, start = f"{padded(row.left, left)} = ", max(left, visible(row.left)) + 3
    links, value = _with_numbers(row, room - start), row.value[0] if len(row.value) == 1 else ""
    reasons = [*map(", ".join, row.reasons), *[""] * (len(links) - len(row.reasons))]
    end = max(map(visible, row.chain), default=0)
    at, last = start + end + len(GAP), len(row.chain) - 1
    for i, (link, reason) in enumerate(zip(links, reasons, strict=True)):
        said = "   ".join(part for part in (reason, unbroken(row.shapes) if i == last else "") if part)
        text = f"{link} = {CHANGED}{value}{END}" if value and i == len(links) - 1 else link
        yield from _link(text, said, lead, start, at, room)
        lead = " " * (start - 2) + "= "
    yield from _tall(row, start - 3)


def _with_numbers(row: Row, room: int) -> list[str]:
    """Return the links of a row, the last two as one where they and the value have room on a line and no reason."""
    if not row.numbers:
        return list(row.chain)
    joined = f"{row.chain[-1]} = {row.numbers}"
    fits = visible(f"{joined} = {row.value[0]}") <= room and not (row.shapes or any(row.reasons[-1:]))
    return [*row.chain[:-1], joined] if fits else [*row.chain, row.numbers]


def _link(text: str, reason: str, lead: str, start: int, at: int, room: int) -> Iterator[str]:
    lines = list(wrapped(text, room - start, lead, " " * (start + 2)))
    ends = visible(lines[-1]) + len(GAP)
    beside = max(at, ends) if max(at, ends) + len(reason) <= room else ends
    if reason and beside + len(reason) <= room:
        lines[-1] += " " * (beside - visible(lines[-1])) + REASON + _wrapped_reason(reason, 10_000)[0] + END
        reason = ""
    yield from lines
    below = min(start + 2, max(room - NARROWEST, 2))
    for part in _wrapped_reason(reason, room - below):
        yield " " * below + REASON + part + END
