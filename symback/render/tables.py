"""What is shown of gradients, Jacobians, Hessians and directional derivatives: derivations with their names, and tables
of their last lines, in the order in which they are worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from symback.render.calls import derivative_name
from symback.render.lines import has_several
from symback.render.maths import write
from symback.render.notation import Notation
from symback.rule import Derivation
from symback.tree import Tree

LETTER = {"gradient": "∇", "jacobian": "J", "hessian": "H"}


class Part(NamedTuple):
    """A derivation, what stands left of its equals signs (∂f/∂x), and whether there are several variables."""

    left: str
    derivation: Derivation
    several: bool = True


class Table(NamedTuple):
    """A matrix or column vector by its name, its cells as trees."""

    name: str
    rows: tuple[tuple[Tree, ...], ...]


def parts_of(thing: Any, notation: Notation) -> Iterator[Part | Table]:
    """Yield what to show of a table of derivatives, or of a directional derivative."""
    if hasattr(thing, "unit"):
        yield from parts_of(thing.gradient, notation)
        yield from _direction(thing, notation)
        return
    yield from _entries(thing, notation, thing.entries)
    yield Table(table_name(thing, notation), table_rows(thing, thing.entries))
    if thing.values:
        if any(d.moves for row in thing.values for d in row):
            yield from _values(thing, notation)
        yield Table(table_name(thing, notation) + _point(thing, notation), table_rows(thing, thing.values))


def _entries(thing: Any, notation: Notation, rows: Sequence[Sequence[Derivation]]) -> Iterator[Part]:
    for i, row in enumerate(rows):
        for derivation in row:
            name = function_names(thing)[0 if thing.kind == "hessian" else i]
            several = len(thing.variables) > 1 or has_several(derivation)
            yield Part(derivative_name(name, derivation.variables, notation, several), derivation, several)


def _values(thing: Any, notation: Notation) -> Iterator[Part]:
    formulas = [part.left for part in _entries(thing, notation, thing.entries)]
    values = [d for row in thing.values for d in row]
    for formula, value in zip(formulas, values, strict=True):
        yield Part(formula + _point(thing, notation), value)


def _direction(thing: Any, notation: Notation) -> Iterator[Part | Table]:
    latex = notation.name == "latex"
    yield Table(r"\mathbf{v}" if latex else "v", tuple((c,) for c in thing.direction))
    for i, derivation in enumerate(thing.normalisation, 1):
        yield Part(rf"u_{{{i}}}" if latex else notation.symbol(f"u{i}"), derivation)
    unit = r"\mathbf{u}" if latex else "u"
    yield Table(unit, tuple((c,) for c in thing.unit))
    dot = notation.joins[2]
    at_point = _point(thing.gradient, notation)
    yield Part(f"{table_name(thing.gradient, notation)}{at_point}{dot}{unit}", thing.product)


def function_names(thing: Any) -> tuple[str, ...]:
    """Return the names of the functions: as given, else f, or f1, f2, ... where there are several."""
    given = thing.names or ("",)
    if len(given) == 1:
        return (given[0] or "f",)
    return tuple(name or f"f{i}" for i, name in enumerate(given, 1))


def table_name(thing: Any, notation: Notation) -> str:
    """Return ∇f, J or H."""
    if thing.kind != "gradient":
        return LETTER[thing.kind]
    name = notation.symbol(function_names(thing)[0])
    sign = {"latex": r"\nabla ", "unicode": "∇"}.get(notation.name, "grad ")
    return sign + name


def table_rows(thing: Any, rows: Sequence[Sequence[Derivation]]) -> tuple[tuple[Tree, ...], ...]:
    """Return the last lines as a matrix; a gradient is a column, because it has the shape of what it is taken by."""
    if thing.kind == "gradient":
        return tuple((d.last,) for d in rows[0])
    return tuple(tuple(d.last for d in row) for row in rows)


def _point(thing: Any, notation: Notation) -> str:
    """Return the point behind a name: (1, 0, 2), or the values by their names where some are left open."""
    if not thing.point:
        return ""
    opening, closing = notation.brackets
    values = [write(value, notation) for _, value in thing.point]
    if [s for s, _ in thing.point] != list(thing.variables):
        values = [f"{notation.symbol(s.name)} = {v}" for (s, _), v in zip(thing.point, values, strict=True)]
    return f"{opening}{', '.join(values)}{closing}"
