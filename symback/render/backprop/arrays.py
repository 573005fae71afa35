"""Numbers, vectors and matrices as lines of a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symback.render.quantities import MOST_ENTRIES, SHOWN, is_abridged, is_array, number, quantity, rows_of, shape_of
from symback.render.terminal import bracket

LONGEST_VECTOR = 40


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
        lines = _in_columns(rows, unicode)
        if is_abridged(value) or len(rows[0]) < shape[-1]:
            lines[0] += f"  {_times(shape)}"
        if len(lines[0]) <= room:
            break
    return lines


def _times(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))


def _in_columns(rows: Sequence[Sequence[str]], unicode: bool) -> list[str]:
    """Return rows of cells as the lines of a matrix."""
    if not unicode:
        rows = [["..." if cell == "…" else cell for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    last = len(rows) - 1
    lines = []
    for i, row in enumerate(rows):
        cells = "  ".join(cell.rjust(wide) for cell, wide in zip(row, widths, strict=True))
        opening, closing = bracket(i, last, unicode)
        lines.append(f"{opening} {cells} {closing}")
    return lines
