"""The cells of arrays in MathML: how they stand, and the lines between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from symback.page.formula import Array, Row

_FENCES: dict[str, tuple[str, str]] = {
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "cases": ("{", ""),
}
_LEFT, _RIGHT = "text-align:left;justify-items:start", "text-align:right;justify-items:end"
_SIDES = {"l": _LEFT, "r": _RIGHT, "c": ""}
_LINE = "1px solid currentcolor"


class Cell(NamedTuple):
    """What stands in a cell, its style, and what stands before it as `formula_spacing` has it."""

    row: Row
    look: str
    before: str


def fences_of(array: Array) -> tuple[str, str]:
    """Return the brackets around an array; empty where there are none."""
    return _FENCES.get(array.environment, ("", ""))


def cells_of(array: Array) -> Iterator[list[Cell]]:
    """Yield the rows of an array."""
    for i, row in enumerate(array.rows):
        yield [Cell(cell, ";".join(filter(None, _look(array, i, j))), _before(array, j)) for j, cell in enumerate(row)]


def _before(array: Array, column: int) -> str:
    return "ordinary" if array.environment == "aligned" and column % 2 else ""


def _look(array: Array, row: int, column: int) -> Iterator[str]:
    if array.environment == "cases":
        yield _LEFT + ";padding-right:0;padding-left:" + ("1em" if column else "0")
    if array.environment == "aligned":
        yield f"{_LEFT};padding-left:0" if column % 2 else f"{_RIGHT};padding-right:0"
    columns = array.columns.replace("|", "")
    if column < len(columns):
        yield _SIDES[columns[column]]
    if row in array.rules:
        yield f"border-top:{_LINE}"
    if row == len(array.rows) - 1 and len(array.rows) in array.rules:
        yield f"border-bottom:{_LINE}"
    if column in (bars := list(_bars(array.columns))) and not column:
        yield f"border-left:{_LINE}"
    if column + 1 in bars:
        yield f"border-right:{_LINE}"


def _bars(columns: str) -> Iterator[int]:
    """Yield how many columns stand before each line that is drawn down."""
    for i, sign in enumerate(columns):
        if sign == "|":
            yield len(columns[:i].replace("|", ""))
