"""Exact numbers, vectors and matrices, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from symback.errors import TooLarge, UsageError
from symback.expr.tree import Tree, is_decimal, number, number_value
from symback.syntax import parse
from symback.syntax.source import MAX_DIGITS

MOST_ENTRIES = 10_000
HINT = "Write a number, a list for a vector, or a list of rows of equal length for a matrix: [[1, 2], [3, 4]]."


class Entry(NamedTuple):
    """An exact number; `decimal` tells that it was written, or follows from what was written, with a decimal point."""

    value: Fraction
    decimal: bool = False

    @property
    def tree(self) -> Tree:
        """The number as it is written: a decimal stays one."""
        return number(self.value, self.decimal)

    def plus(self, other: Entry) -> Entry:
        return Entry(self.value + other.value, self.decimal or other.decimal)

    def times(self, other: Entry) -> Entry:
        return Entry(self.value * other.value, self.decimal or other.decimal)


NOTHING = Entry(Fraction(0))


class Array(NamedTuple):
    """A number, vector or matrix: its shape and its entries row by row; `is_row` is a vector lying down."""

    shape: tuple[int, ...]
    entries: tuple[Entry, ...]
    is_row: bool = False

    @property
    def rows(self) -> tuple[tuple[Entry, ...], ...]:
        """The entries as a matrix: a vector is a column, or lying down a row."""
        if not self.shape or self.is_row:
            return (self.entries,)
        wide = self.shape[1] if len(self.shape) == 2 else 1
        return tuple(self.entries[i : i + wide] for i in range(0, len(self.entries), wide))

    @property
    def values(self) -> Any:
        """The entries as a number or nested lists, of fractions."""
        if len(self.shape) == 2:
            return [[entry.value for entry in row] for row in self.rows]
        plain = [entry.value for entry in self.entries]
        return plain if self.shape else plain[0]

    def map(self, function: Callable[[Entry], Entry]) -> Array:
        """Return the array of a function's values."""
        return self._replace(entries=tuple(map(function, self.entries)))

    def transposed(self) -> Array:
        """Return the matrix with rows and columns exchanged, the vector lying down or standing up again."""
        if len(self.shape) < 2:
            return self._replace(is_row=bool(self.shape) and not self.is_row)
        columns = zip(*self.rows, strict=True)
        return Array(self.shape[::-1], tuple(entry for column in columns for entry in column))

    @property
    def words(self) -> str:
        """What it is: `number`, `vector of 3 entries`, `4x3 matrix`."""
        if not self.shape:
            return "number"
        if len(self.shape) == 2:
            return f"{self.shape[0]}x{self.shape[1]} matrix"
        entries = "1 entry" if self.shape[0] == 1 else f"{self.shape[0]} entries"
        return f"{'row' if self.is_row else 'vector'} of {entries}"


def scalar(entry: Entry) -> Array:
    """Return a number as an array."""
    return Array((), (entry,))


def read_array(name: str, value: Any) -> Array:
    """Return a number, a list or a list of rows as an array.

    Raises UsageError for what is none, TooLarge for more than 10,000 entries.

    >>> read_array("x", [1, Decimal("0.5"), "-1/3"]).values
    [Fraction(1, 1), Fraction(1, 2), Fraction(-1, 3)]
    """
    plain = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(plain, (list, tuple)):
        return scalar(read_entry(name, plain))
    if not plain or (isinstance(plain[0], (list, tuple)) and not plain[0]):
        raise UsageError(f"{name} is empty.", hint=HINT)
    wide = len(plain[0]) if isinstance(plain[0], (list, tuple)) else 0
    rows = [tuple(row) if isinstance(row, (list, tuple)) else (row,) for row in plain]
    if any((len(row) if isinstance(row, (list, tuple)) else 0) != wide for row in plain):
        raise UsageError(f"The rows of {name} are not equally long.", hint=HINT)
    if len(rows) * max(wide, 1) > MOST_ENTRIES:
        raise TooLarge(f"{name} has more than {MOST_ENTRIES:,} entries.", hint="Give smaller matrices.")
    shape = (len(rows), wide) if wide else (len(rows),)
    return Array(shape, tuple(read_entry(name, entry) for row in rows for entry in row))


def read_entry(name: str, value: Any) -> Entry:
    """Return a number, which may be a decimal or a text such as `1/2`; UsageError for anything else."""
    if isinstance(value, str):
        tree = parse(value)
        found = number_value(tree)
        if found is not None:
            return Entry(found, is_decimal(tree))
    elif isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        if abs(value) < 10**MAX_DIGITS:
            return Entry(Fraction(value))
    elif isinstance(value, (float, Decimal)):
        written = Decimal(repr(value)) if isinstance(value, float) else value
        if written.is_finite() and abs(written.adjusted()) <= MAX_DIGITS:
            return Entry(Fraction(written), True)
    said = str(value)[:40] if not isinstance(value, int) else "a number of more than 400 digits"
    raise UsageError(f"{name} must hold whole numbers, decimals and fractions, not {said}.", hint=HINT)
