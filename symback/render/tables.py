"""What is shown of gradients, Jacobians, Hessians and directional derivatives: derivations with their names, and tables
of their last lines, in the order in which they are worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from symback.parse import parse
from symback.render import lines
from symback.render.calls import derivative_name
from symback.render.lines import has_several
from symback.render.maths import write
from symback.render.notation import Notation
from symback.render.quantities import is_array, nested, number
from symback.rule import Derivation
from symback.tree import Apply, Gradient, Tree, symbol, symbols_of, walk
from symback.unknown import parts

LETTER = {"gradient": "∇", "jacobian": "J", "hessian": "H"}


class Part(NamedTuple):
    """A derivation, what stands left of its equals signs (∂f/∂x), whether there are several variables, their shapes."""

    left: str
    derivation: Derivation
    several: bool = True
    shapes: Mapping[str, tuple[int, ...]] = MappingProxyType({})

    def write(self, tree: Tree, notation: Notation) -> str:
        """Return a tree as it is written here: a product of arrays has a sign of its own."""
        if self.shapes:
            from symback.render.shapes import with_elementwise_signs  # only what is about arrays needs graphs

            tree = with_elementwise_signs(tree, self.shapes)
        return write(tree, notation, self.several)


class Table(NamedTuple):
    """A matrix or column vector by its name, its cells as trees."""

    name: str
    rows: tuple[tuple[Tree, ...], ...]


def by_order(part: Part, notation: Notation) -> list[Part]:
    """Return the first derivative, the second, and so on, each with its name and its derivation."""
    derivation, several = part.derivation, part.several
    found = lines.by_order(derivation)
    names = [_name_of_order(derivation, order, notation, several) for order in range(1, len(found) + 1)]
    if part.left:
        names[-1] = part.left
    if not derivation.name and len(found) > 1:
        names[0] = ""  # the question itself
    if len(found) == 1:
        return [part]
    return [part._replace(left=name, derivation=d) for name, d in zip(names, found, strict=True)]


def _name_of_order(derivation: Derivation, order: int, notation: Notation, several: bool) -> str:
    variables = derivation.variables[:order]
    if derivation.name:
        return derivative_name(derivation.name, variables, notation, several)
    tree = derivation.start
    for _ in derivation.variables[order:]:
        tree = tree._args[0]
    return write(tree, notation, several)


def parts_of(thing: Any, notation: Notation) -> Iterator[Part | Table]:
    """Yield what to show of a table of derivatives, or of a directional derivative."""
    if hasattr(thing, "unit"):
        yield from parts_of(thing.gradient, notation)
        yield from _direction(thing, notation)
        return
    if hasattr(thing, "jacobians"):
        yield from _of_arrays(thing, notation)
        return
    if hasattr(thing, "hessians"):
        yield from _of_loss(thing, notation)
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


def _of_arrays(thing: Any, notation: Notation) -> Iterator[Part | Table]:
    """Yield the Jacobians of a vector on a graph, and their values."""
    for derivation in thing.derivations.values():
        yield Part("", derivation, shapes=thing.shapes)
    for name in thing.values:
        left = write(Gradient(symbol(thing.of), symbol(name)), notation, True)
        yield Table(left, tuple(tuple(map(number_tree, row)) for row in matrix_rows(thing.values[name])))


def _of_loss(thing: Any, notation: Notation) -> Iterator[Part | Table]:
    """Yield the second derivatives of a number on a graph: what leads to them, and their values."""
    for derivation in thing.derivations.values():
        yield Part("", derivation, shapes=thing.shapes)
    if not any(thing.shapes.values()) and len(thing.hessians) == len(thing.wrt) ** 2 > 1:
        yield Table("H", tuple(tuple(thing.hessians[x, y] for y in thing.wrt) for x in thing.wrt))
    for first, second in thing.values:
        left = write(Gradient(Gradient(symbol(thing.loss), symbol(first)), symbol(second)), notation, True)
        rows = matrix_rows(thing.values[first, second])
        yield Table(left, tuple(tuple(map(number_tree, row)) for row in rows))


def matrix_rows(value: Any) -> list[list[Any]]:
    """Return a number, a row or a matrix as the rows of a matrix."""
    cells = nested(value) if is_array(value) else value
    return cells if isinstance(cells, list) and cells and isinstance(cells[0], list) else [[cells]]


def number_tree(value: float) -> Tree:
    """Return a number that was computed as the expression that it is rounded to."""
    return parse(number(value))


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
    """Return the names of the functions: as given, else f, or f1, f2, ... where there are several.

    A function that holds an f itself is called F.
    """
    given = thing.names or ("",)
    if len(given) == 1:
        return (given[0] or ("F" if any(map(_holds_f, getattr(thing, "functions", ()))) else "f"),)
    return tuple(name or f"f{i}" for i, name in enumerate(given, 1))


def _holds_f(tree: Tree) -> bool:
    """Tell whether a name f, or a function f, stands in a tree."""
    applied = (parts(node.name)[0] for node in walk(tree) if isinstance(node, Apply))
    return symbol("f") in symbols_of(tree) or "f" in applied


def table_name(thing: Any, notation: Notation) -> str:
    """Return ∇f, J or H; (∇f)ᵀ where the layout asked for is not the usual one."""
    letter = LETTER[thing.kind]
    if thing.kind == "gradient":
        sign = {"latex": r"\nabla ", "unicode": "∇"}.get(notation.name, "grad ")
        letter = sign + notation.symbol(function_names(thing)[0])
    if not thing.is_transposed:
        return letter
    letter = f"({letter})" if len(letter) > 1 else letter
    return letter + {"latex": r"^{\top}", "unicode": "ᵀ"}.get(notation.name, "^T")


def table_rows(thing: Any, rows: Sequence[Sequence[Derivation]]) -> tuple[tuple[Tree, ...], ...]:
    """Return the last lines as a matrix; a gradient is a column, because it has the shape of what it is taken by.

    In the other layout it is transposed.
    """
    cells = tuple(tuple(d.last for d in row) for row in rows)
    as_columns = thing.is_transposed != (thing.kind == "gradient")
    return tuple(zip(*cells, strict=True)) if as_columns else cells


def _point(thing: Any, notation: Notation) -> str:
    """Return the point behind a name: (1, 0, 2), or the values by their names where some are left open."""
    if not thing.point:
        return ""
    opening, closing = notation.brackets
    values = [write(value, notation) for _, value in thing.point]
    if [s for s, _ in thing.point] != list(thing.variables):
        values = [f"{notation.symbol(s.name)} = {v}" for (s, _), v in zip(thing.point, values, strict=True)]
    return f"{opening}{', '.join(values)}{closing}"
