"""A picture that is too wide, in rows like a text: where to cut it, and where its columns stand then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDEST = 1400.0  # points: a wider picture is cut into rows
ROW = 1000.0  # about the width of such a row
MOST_CUT = 8  # wires that may go on in the next row
LEAD = 46.0  # points before the first column of a further row, where wires come in
BETWEEN = 30.0  # points between two rows


class Column(NamedTuple):
    """Where a column begins and ends, in which row it stands, and how far down that row begins."""

    start: float
    end: float
    row: int = 0
    drop: float = 0.0


def in_rows(
    ends: Sequence[tuple[float, float]], wires: Sequence[tuple[int, int]], height: float, margin: float
) -> list[Column]:
    """Return the columns, in rows where together they are too wide.

    `ends` is where each begins and ends in one row, `wires` from which column to which each wire goes.

    >>> in_rows([(0, 900), (950, 1300), (1350, 1700)], [(0, 1), (1, 2)], 100, 0)[1]
    Column(start=46.0, end=396.0, row=1, drop=130.0)
    """
    if not ends or ends[-1][1] <= WIDEST:
        return [Column(start, end) for start, end in ends]
    placed: list[Column] = []
    row, origin = 0, 0.0
    for column, (start, end) in enumerate(ends):
        is_full = end - origin > ROW and placed and placed[-1].row == row
        if is_full and _cut(column, wires) <= MOST_CUT:
            row += 1
            origin = start - margin - LEAD
        placed.append(Column(start - origin, end - origin, row, row * (height + BETWEEN)))
    return placed


def _cut(column: int, wires: Sequence[tuple[int, int]]) -> int:
    """Return how many columns have wires that would be cut before a column."""
    return len({source for source, target in wires if source < column <= target})
