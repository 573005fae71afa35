"""Numbers, vectors and matrices as lines of a terminal, and numbers in their order as bars."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

from symback.page.layout import padded, visible
from symback.page.quantities import MOST_ENTRIES, SHOWN, is_abridged, is_array, number, quantity, rows_of, shape_of

LONGEST_VECTOR = 40
BARS = {True: "▁▂▃▄▅▆▇█", False: "._-=*#"}
MOST_BARS = 40  # columns of a course
_NUMBER = re.compile(r"-?[0-9./]+|…|\.\.\.")


def value_lines(value: Any, unicode: bool = True, room: int = 100) -> list[str]:
    """Return a number or a short vector on one line, a matrix in tall brackets, a large one abridged."""
    if not is_array(value):
        return [number(value)]
    shape = shape_of(value)
    flat = quantity(value) if len(shape) == 1 and not is_abridged(value) else ""
    if flat and len(flat) <= LONGEST_VECTOR:
        return [flat]
    if 0 in shape:
        return [f"[] {_times(shape)}"]
    lines = []
    for shown, most in ((SHOWN, MOST_ENTRIES), (SHOWN, 2 * SHOWN + 1), (2, 5), (1, 3)):
        rows = rows_of(value, shown=shown, most=most)
        lines = in_columns(rows, unicode, has_numbers=True)
        if is_abridged(value) or len(rows[0]) < shape[-1]:
            lines[0] += f"  {_times(shape)}"
        if len(lines[0]) <= room:
            break
    return lines


def _times(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))


def in_columns(rows: Sequence[Sequence[str]], unicode: bool, has_numbers: bool = False) -> list[str]:
    """Return rows of cells as the lines of a matrix, numbers to the right."""
    has_numbers = has_numbers or all(_NUMBER.fullmatch(cell) for row in rows for cell in row)
    if not unicode:
        rows = [["..." if cell == "…" else cell for cell in row] for row in rows]
    widths = [max(map(visible, column)) for column in zip(*rows, strict=True)]
    between = "  " if has_numbers else "   "
    lines = []
    for i, row in enumerate(rows):
        cells = [cell.rjust(n) if has_numbers else padded(cell, n) for cell, n in zip(row, widths, strict=True)]
        opening, closing = _bracket(i, len(rows) - 1, unicode)
        lines.append(f"{opening} {between.join(cells)} {closing}")
    return lines


def _bracket(i: int, last: int, unicode: bool) -> tuple[str, str]:
    """Return the pieces of tall brackets that stand around line i of a matrix."""
    if not unicode or last == 0:
        return "[", "]"
    return ("⎡", "⎤") if i == 0 else ("⎣", "⎦") if i == last else ("⎢", "⎥")


def bars(courses: Sequence[tuple[str, Sequence[float]]], unicode: bool) -> Iterator[str]:
    """Yield numbers in their order as bars, each course on a line after its name, all on the same scale."""
    finite = [number for _, course in courses for number in course if isfinite(number)]
    wide = max(len(name) for name, _ in courses)
    for name, course in courses:
        yield (f"{name:<{wide}}  " if len(courses) > 1 else "") + _bars(course, min(finite), max(finite), BARS[unicode])


def _bars(course: Sequence[float], low: float, high: float, signs: str) -> str:
    """Return numbers as bars of a line of text, each for its part of them; none for what is not finite."""
    width = min(MOST_BARS, len(course))
    shown = [course[round(k * (len(course) - 1) / (width - 1))] for k in range(width)]
    span = (high - low) or 1.0
    return "".join(signs[int((n - low) / span * (len(signs) - 1) + 0.5)] if isfinite(n) else " " for n in shown)
