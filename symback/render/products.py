r"""Products of vectors and matrices: a line for each entry of a small result with its sum, and the result.

(W X)_{11} = 1 \cdot 4 + 2 \cdot 7 + 3 \cdot 6 = 36
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from symback.render import json, maths
from symback.render.latex_width import width
from symback.render.layout import INDENT, Row, side_by_side
from symback.render.notation import LATEX, Notation
from symback.render.options import Options, distinct
from symback.render.page import Block, Display, Equation, Inline, Maths, Paragraph, Text
from symback.render.terminal import bracket, notation_for
from symback.tree import Apply, Power, Tree

MOST_SHOWN = 12  # rows or columns of a matrix that is shown whole
ENDS = 3  # rows or columns at either end of one that is not
WIDEST_MATRIX = 66.0  # digits: a matrix cannot be broken
BETWEEN_CELLS = "  "
DOTS = {"latex": r"\cdots", "unicode": "…"}

Cells = list[list[str]]


def cells_of(array: Any, notation: Notation) -> Cells:
    """Return the entries of an array as written, row by row; of a large one the corners."""
    rows = [[maths.write(entry.tree, notation) for entry in _ends(row)] for row in _ends(array.rows)]
    dots = DOTS.get(notation.name, "...")
    if rows and len(array.rows[0]) > MOST_SHOWN:
        rows = [[*row[:ENDS], dots, *row[ENDS:]] for row in rows]
    if len(array.rows) > MOST_SHOWN:
        rows.insert(ENDS, [dots] * len(rows[0]))
    return rows


def _ends(items: Sequence[Any]) -> Sequence[Any]:
    return items if len(items) <= MOST_SHOWN else (*items[:ENDS], *items[-ENDS:])


def places(array: Any) -> list[tuple[int, ...]]:
    """Return the place of each entry, counted from 1: (1, 2) in a matrix, (3,) in a vector, () for a number."""
    if len(array.shape) == 2:
        return [(i + 1, j + 1) for i in range(array.shape[0]) for j in range(array.shape[1])]
    return [(i + 1,) for i in range(array.shape[0])] if array.shape else [()]


# --- blocks of a page -------------------------------------------------------------------------------------------------


def blocks(products: Any, options: Options) -> Iterator[Block]:
    """Yield each operation: its entries with their sums (not in brief), and its result; or why there is none."""
    for product in products.products:
        for step in product.steps:
            if step.sums and options.detail != "brief" and step.result.shape:
                yield Display(tuple(_entries(step)))
            yield from _result(step.tree, step.result, step)
        if product.refusal:
            yield refusal(product)
        elif not product.steps:
            yield from _result(product.tree, product.result)


def answers(products: Any, options: Options, shown: Sequence[Block]) -> Iterator[Block]:
    """Yield the result of each expression, or why there is none."""
    for product in products.products:
        if product.refusal:
            yield refusal(product)
        else:
            yield from _result(product.tree, product.result)


def refusal(product: Any) -> Paragraph:
    """Return why a product does not exist."""
    return Paragraph(tuple(_inline(part) for part in product.refusal))


def _inline(part: str | Tree) -> Inline:
    return Text(part) if isinstance(part, str) else Maths(maths.latex(part))


def _entries(step: Any) -> Iterator[Equation]:
    name = maths.latex(step.tree)
    name = name if len(name) == 1 else rf"\left({name}\right)"
    comma = "," if max(step.result.shape) > 9 else ""
    for place, written, entry in zip(places(step.result), step.sums, step.result.entries, strict=True):
        yield Equation(f"{name}_{{{comma.join(map(str, place))}}}", tuple(_links(written, entry, maths.latex)))


def _links(written: Tree, entry: Any, write: Callable[[Tree], str]) -> list[str]:
    """Return the sum of an entry and its value, once where they are the same."""
    return list(dict.fromkeys((write(written), write(entry.tree))))


def _result(tree: Tree, array: Any, step: Any = None) -> Iterator[Block]:
    left = maths.latex(tree)
    if not array.shape:
        links = _links(step.sums[0], array.entries[0], maths.latex) if step and step.sums else [_matrix(array)]
        yield Display((Equation(left, tuple(links)),))
        return
    shapes = (shape_line(step),) if step and shape_line(step) else ()
    written = _matrix(array)
    if width(written) + width(left) <= WIDEST_MATRIX:
        yield Display((Equation(left, (written,), "", shapes),))
        return
    abridged = len(array.rows) > MOST_SHOWN
    for i, row in enumerate(cells_of(array, LATEX), 1):
        name = rf"\text{{a row of }} {left}" if abridged else rf"\text{{row }}{i}\text{{ of }} {left}"
        yield Display((Equation(name, (rf"\left({', '.join(row)}\right)",)),))


def _matrix(array: Any) -> str:
    rows = cells_of(array, LATEX)
    if not array.shape:
        return rows[0][0]
    if array.is_row:
        return rf"\left({', '.join(rows[0])}\right)"
    inside = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}"


def shape_line(step: Any) -> str:
    r"""Return the shapes of a product of matrices: (4 \times 3)\,(3 \times 2) = 4 \times 2; nothing for other steps."""
    if not (isinstance(step.tree, Power) or isinstance(step.tree, Apply) and step.tree.name == "matmul"):
        return ""
    before = r"\,".join(rf"({_shape(array)})" for array in step.operands)
    return f"{before} = {_shape(step.result)}" if len(step.operands) == 2 else ""


def _shape(array: Any) -> str:
    tall, wide = len(array.rows), len(array.rows[0])
    return rf"{tall} \times {wide}"


# --- text -------------------------------------------------------------------------------------------------------------


def lines(products: Any, options: Options) -> Iterator[str]:
    """Yield the lines for a terminal, without the verdict and the notes."""
    notation = notation_for(options)
    for product in products.products:
        for step in product.steps:
            if step.sums and options.detail != "brief" and step.result.shape:
                yield from _entry_lines(step, notation, options)
            yield from _result_lines(step.tree, step.result, notation, options, step.sums)
        if product.refusal:
            yield from side_by_side_words(product, notation, options)
        elif not product.steps:
            yield from _result_lines(product.tree, product.result, notation, options)
        yield ""


def side_by_side_words(product: Any, notation: Notation, options: Options) -> Iterator[str]:
    """Yield why a product does not exist, wrapped."""
    from textwrap import wrap

    said = "".join(part if isinstance(part, str) else maths.write(part, notation) for part in product.refusal)
    yield from wrap(said, options.columns, initial_indent=INDENT, subsequent_indent=INDENT * 2)


def _entry_lines(step: Any, notation: Notation, options: Options) -> Iterator[str]:
    name = maths.write(step.tree, notation)
    labels = [_place_words(place) for place in places(step.result)]
    wide = max(map(len, labels))
    yield f"{INDENT}{name}:"
    for label, written, entry in zip(labels, step.sums, step.result.entries, strict=True):
        links = _links(written, entry, lambda tree: maths.write(tree, notation))
        rows = [Row(link) for link in links]
        yield from side_by_side(f"{INDENT}{label:<{wide}}", _on_one_line(rows, wide, options), options.columns)


def _on_one_line(rows: Sequence[Row], wide: int, options: Options) -> Sequence[Row]:
    """Return sum and value as one row where there is room."""
    whole = " = ".join(row.body for row in rows)
    return [Row(whole)] if len(whole) + wide + 8 <= options.columns else rows


def _place_words(place: tuple[int, ...]) -> str:
    return f"row {place[0]}, column {place[1]}" if len(place) == 2 else f"entry {place[0]}"


def _result_lines(
    tree: Tree, array: Any, notation: Notation, options: Options, sums: Sequence[Tree] = ()
) -> Iterator[str]:
    name = maths.write(tree, notation)
    if not array.shape:
        links = _links(sums[0] if sums else tree, array.entries[0], lambda t: maths.write(t, notation))
        rows = _on_one_line([Row(link) for link in links if link != name], len(name), options)
        yield from side_by_side(name, rows or [Row(links[-1])], options.columns)
        return
    rows_of_cells = cells_of(array, notation)
    widths = [max(map(len, column)) for column in zip(*rows_of_cells, strict=True)]
    lead, last = f"{INDENT}{name} = ", len(rows_of_cells) - 1
    if len(lead) + sum(widths) + len(BETWEEN_CELLS) * len(widths) + 4 > options.columns:
        yield f"{INDENT}{name} ="
        lead = INDENT * 2
    for i, row in enumerate(rows_of_cells):
        written = BETWEEN_CELLS.join(cell.rjust(wide) for cell, wide in zip(row, widths, strict=True))
        opening, closing = bracket(i, last, options.unicode)
        yield f"{lead if i == last // 2 else ' ' * len(lead)}{opening} {written} {closing}"


# --- JSON -------------------------------------------------------------------------------------------------------------


def as_object(products: Any, options: Options) -> dict[str, Any]:
    """Return products as the object that their JSON is; fractions that are no whole numbers are texts."""
    made: dict[str, Any] = {
        "schema": json.SCHEMA,
        "kind": "matrix",
        "input": products.source,
        "notes": distinct(products.notes),
        "values": {name: _plain(array) for name, array in products.values.items()},
        "products": [_product(product) for product in products.products],
    }
    verdict = options.verdict_on(products)
    if verdict is not None:
        made["verified"] = {"verdict": verdict.verdict, "points": verdict.points}
    return made


def _product(product: Any) -> dict[str, Any]:
    made = {"input": product.source, **json.expression(product.tree), "steps": [_step(s) for s in product.steps]}
    if product.refusal:
        return made | {"refused": product.refusal_text}
    return made | {"shape": list(product.result.shape), "value": _plain(product.result)}


def _step(step: Any) -> dict[str, Any]:
    return {
        "expr": json.expression(step.tree),
        "shapes": [list(array.shape) for array in step.operands],
        "value": _plain(step.result),
        "entries": [maths.text(written) for written in step.sums],
    }


def _plain(array: Any) -> Any:
    flat = [_number(entry) for entry in array.entries]
    if len(array.shape) != 2:
        return flat if array.shape else flat[0]
    return [flat[i : i + array.shape[1]] for i in range(0, len(flat), array.shape[1])]


def _number(entry: Any) -> Any:
    if entry.value.denominator == 1:
        return int(entry.value)
    return float(entry.value) if entry.decimal else str(entry.value)
