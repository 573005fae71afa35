"""Files of data: arrays by name from an .npz file, columns by name from a .csv file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from symback.errors import FileError
from symback.expr.numeric import np

LARGEST = 1 << 28  # bytes of a data file


def read_arrays(path: Path) -> dict[str, Any]:
    """Return the columns of a .csv file or the arrays of an .npz file by name; FileError where it cannot be read."""
    readers = {".csv": _from_csv, ".npz": _from_npz}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FileError(f"{path.name} is neither a .csv nor an .npz file.")
    try:
        if path.stat().st_size > LARGEST:
            raise FileError(f"{path.name} is larger than {LARGEST >> 20} MiB.")
        return reader(path)
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}.") from None


def _from_npz(path: Path) -> dict[str, Any]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            found = {name: np.asarray(archive[name]) for name in archive.files}
    except (ValueError, EOFError, KeyError, AttributeError, TypeError) as error:
        raise FileError(f"{path.name} cannot be read: {' '.join(str(error).split())[:200]}.") from None
    for name, array in found.items():
        if array.dtype.kind not in "biuf":
            raise FileError(f"{path.name}: {name} does not hold real numbers.")
    return found


def _from_csv(path: Path) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            names = [name.strip() for name in next(lines, [])]
            rows = list(_rows(path, lines, names))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileError(f"{path.name} cannot be read: {error}.") from None
    if not rows or not all(names) or len(set(names)) < len(names):
        raise FileError(f"{path.name} must begin with a line of column names, each its own, and have lines of numbers.")
    return dict(zip(names, np.array(rows).T.copy(), strict=True))


def _rows(path: Path, lines: Any, names: list[str]) -> Iterator[list[float]]:
    for line in lines:
        if not any(entry.strip() for entry in line):
            continue
        if len(line) != len(names):
            message = f"line {lines.line_num} has {len(line)} entries, but there are {len(names)} columns"
            raise FileError(f"{path.name}: {message}.")
        yield [_number(path, lines.line_num, name, entry) for name, entry in zip(names, line, strict=True)]


def _number(path: Path, line: int, name: str, entry: str) -> float:
    try:
        return float(entry)
    except ValueError:
        raise FileError(
            f"{path.name}: {entry.strip()[:40]!r} in line {line}, column {name}, is not a number."
        ) from None
