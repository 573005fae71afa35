"""Gradients, Jacobians, Hessians and directional derivatives as blocks of a page: derivations with their names, and
tables of their last lines, in the order in which they are worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from symback.expr.rule import Derivation
from symback.expr.tree import Apply, Gradient, Tree, symbol, symbols_of, walk
from symback.expr.unknown import parts
from symback.page.equations import Part, part_blocks
from symback.page.formula.value import (
    Formula,
    Matrix,
    derivative_of,
    formula,
    name,
    spelled,
    spelled_by,
)  # fmt: skip
from symback.page.lines import has_several
from symback.page.maths import write
from symback.page.notation import DOT, Notation
from symback.page.options import Options
from symback.page.page import Block, Display, Equation
from symback.page.quantities import is_array, nested, number
from symback.syntax import parse

LETTER = {"gradient": "∇", "jacobian": "J", "hessian": "H"}
UNIT = spelled("u", "u", r"\mathbf{u}")
TIMES = spelled_by(lambda notation: notation.joins[DOT])


class Table(NamedTuple):
    """A matrix or column vector by its name, its cells as trees."""

    name: Formula
    rows: tuple[tuple[Tree, ...], ...]

    @property
    def block(self) -> Display:
        cells = tuple(tuple(map(formula, row)) for row in self.rows)
        return Display((Equation(self.name, (Formula(Matrix(cells)),)),))


Parts = Iterator[Part | Table]


def blocks_of(parts_of: Callable[[Any], Parts]) -> Callable[[Any, Options], Iterator[Block]]:
    """Return what yields the blocks of a result that consists of these parts."""

    def blocks(result: Any, options: Options) -> Iterator[Block]:
        for part in parts_of(result):
            yield from part_blocks(part, options) if isinstance(part, Part) else (part.block,)

    return blocks


# --- what is shown --------------------------------------------------------------------------------------------------


def partial_parts(result: Any) -> Parts:
    """Yield what to show of a table of derivatives."""
    yield from _entries(result)
    yield _answer(result)
    if result.values:
        if any(d.moves for row in result.values for d in row):
            yield from _values(result)
        yield _value(result)


def _answer(result: Any) -> Table:
    return Table(table_name(result), table_rows(result, result.entries))


def _value(result: Any) -> Table:
    return Table(table_name(result) + _point(result), table_rows(result, result.values))


def _entries(result: Any) -> Iterator[Part]:
    for i, row in enumerate(result.entries):
        for derivation in row:
            function = function_names(result)[0 if result.kind == "hessian" else i]
            several = len(result.variables) > 1 or has_several(derivation)
            yield Part(derivative_of(function, derivation.variables, several), derivation, several)


def _values(result: Any) -> Iterator[Part]:
    values = [d for row in result.values for d in row]
    for part, value in zip(_entries(result), values, strict=True):
        yield Part(part.left + _point(result), value)


def array_jacobian_parts(result: Any) -> Parts:
    """Yield the Jacobians of a vector on a graph, and their values."""
    for derivation in result.derivations.values():
        yield Part(Formula(), derivation, shapes=result.shapes)
    for by, value in result.values.items():
        yield Table(formula(Gradient(symbol(result.of), symbol(by)), True), _of_numbers(value))


def array_hessian_parts(result: Any) -> Parts:
    """Yield the second derivatives of a number on a graph: what leads to them, and their values."""
    for derivation in result.derivations.values():
        yield Part(Formula(), derivation, shapes=result.shapes)
    if not any(result.shapes.values()) and len(result.hessians) == len(result.wrt) ** 2 > 1:
        yield Table(name("H"), tuple(tuple(result.hessians[x, y] for y in result.wrt) for x in result.wrt))
    for (first, second), value in result.values.items():
        left = Gradient(Gradient(symbol(result.loss), symbol(first)), symbol(second))
        yield Table(formula(left, True), _of_numbers(value))


def _of_numbers(value: Any) -> tuple[tuple[Tree, ...], ...]:
    return tuple(tuple(map(number_tree, row)) for row in matrix_rows(value))


def matrix_rows(value: Any) -> list[list[Any]]:
    """Return a number, a row or a matrix as the rows of a matrix."""
    cells = nested(value) if is_array(value) else value
    return cells if isinstance(cells, list) and cells and isinstance(cells[0], list) else [[cells]]


def number_tree(value: float) -> Tree:
    """Return a number that was computed as the expression that it is rounded to."""
    return parse(number(value))


def directional_parts(result: Any) -> Parts:
    """Yield the gradient, the unit vector, and the product of both."""
    yield from partial_parts(result.gradient)
    yield Table(spelled("v", "v", r"\mathbf{v}"), tuple((c,) for c in result.direction))
    for i, derivation in enumerate(result.normalisation, 1):
        yield Part(name(f"u{i}"), derivation)
    yield Table(UNIT, tuple((c,) for c in result.unit))
    yield Part(table_name(result.gradient) + _point(result.gradient) + TIMES + UNIT, result.product)


# --- the answers ------------------------------------------------------------------------------------------------------


def partial_answers(result: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the table of derivatives, and its values."""
    yield _answer(result).block
    if result.values:
        yield _value(result).block


def directional_answers(result: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the directional derivative."""
    *_, last = directional_parts(result)
    assert isinstance(last, Part)
    shown = blocks[-1]
    assert isinstance(shown, Display)
    yield Display((Equation(last.left, tuple(link.plain for link in shown.equations[-1].links[-1:])),))


def array_answers(parts_of: Callable[[Any], Parts]) -> Callable[[Any, Options, Sequence[Block]], Iterator[Block]]:
    """Return what yields the formula of each derivative by arrays, and the values."""

    def answers(result: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
        for part in parts_of(result):
            if isinstance(part, Part):
                yield Display((Equation(formula(part.derivation.start, True), (part.formula(part.derivation.last),)),))
            else:
                yield part.block

    return answers


# --- names ------------------------------------------------------------------------------------------------------------


def function_names(result: Any) -> tuple[str, ...]:
    """Return the names of the functions: as given, else f, or f1, f2, ... where there are several.

    A function that holds an f itself is called F.
    """
    given = result.names or ("",)
    if len(given) == 1:
        return (given[0] or ("F" if any(map(_holds_f, getattr(result, "functions", ()))) else "f"),)
    return tuple(own or f"f{i}" for i, own in enumerate(given, 1))


def _holds_f(tree: Tree) -> bool:
    """Tell whether a name f, or a function f, stands in a tree."""
    applied = (parts(node.name)[0] for node in walk(tree) if isinstance(node, Apply))
    return symbol("f") in symbols_of(tree) or "f" in applied


def table_name(result: Any) -> Formula:
    """Return ∇f, J or H; (∇f)ᵀ where the layout asked for is not the usual one."""
    return spelled_by(lambda notation: _table_name(result, notation))


def _table_name(result: Any, notation: Notation) -> str:
    letter = LETTER[result.kind]
    if result.kind == "gradient":
        sign = {"latex": r"\nabla ", "unicode": "∇"}.get(notation.name, "grad ")
        letter = sign + notation.symbol(function_names(result)[0])
    if not result.is_transposed:
        return letter
    letter = f"({letter})" if len(letter) > 1 else letter
    return letter + {"latex": r"^{\top}", "unicode": "ᵀ"}.get(notation.name, "^T")


def table_rows(result: Any, rows: Sequence[Sequence[Derivation]]) -> tuple[tuple[Tree, ...], ...]:
    """Return the last lines as a matrix; a gradient is a column, because it has the shape of what it is taken by.

    In the other layout it is transposed.
    """
    cells = tuple(tuple(d.last for d in row) for row in rows)
    as_columns = result.is_transposed != (result.kind == "gradient")
    return tuple(zip(*cells, strict=True)) if as_columns else cells


def _point(result: Any) -> Formula:
    """Return the point behind a name: (1, 0, 2), or the values by their names where some are left open."""
    return spelled_by(lambda notation: _at(result, notation)) if result.point else Formula()


def _at(result: Any, notation: Notation) -> str:
    opening, closing = notation.brackets
    values = [write(value, notation) for _, value in result.point]
    if [s for s, _ in result.point] != list(result.variables):
        values = [f"{notation.symbol(s.name)} = {v}" for (s, _), v in zip(result.point, values, strict=True)]
    return f"{opening}{', '.join(values)}{closing}"
