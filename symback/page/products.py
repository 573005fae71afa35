r"""Products of vectors and matrices: a line for each entry of a small result with its sum, and the result.

(W X)_{11} = 1 \cdot 4 + 2 \cdot 7 + 3 \cdot 6 = 36
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.expr.tree import Apply, Power, Tree
from symback.page import json, maths
from symback.page.formula.value import (
    DOTS,
    Formula,
    Matrix,
    entry_name,
    formula,
    spelled,
)  # fmt: skip
from symback.page.options import Options, distinct
from symback.page.page import Block, Display, Equation, Inline, Maths, Paragraph, Text

MOST_SHOWN = 12  # rows or columns of a matrix that is shown whole
ENDS = 3  # rows or columns at either end of one that is not


def blocks(products: Any, options: Options) -> Iterator[Block]:
    """Yield each operation: its entries with their sums (not in brief), and its result; or why there is none."""
    for product in products.products:
        for step in product.steps:
            entries = _entries(step) if options.detail != "brief" and step.result.shape else ()
            yield Display((*entries, _result(step.tree, step.result, step)))
        if product.refusal:
            yield refusal(product)
        elif not product.steps:
            yield Display((_result(product.tree, product.result),))


def answers(products: Any, options: Options, shown: Sequence[Block]) -> Iterator[Block]:
    """Yield the result of each expression, or why there is none."""
    for product in products.products:
        yield refusal(product) if product.refusal else Display((_result(product.tree, product.result),))


def refusal(product: Any) -> Paragraph:
    """Return why a product does not exist."""
    return Paragraph(tuple(_inline(part) for part in product.refusal))


def _inline(part: str | Tree) -> Inline:
    return Text(part) if isinstance(part, str) else Maths(formula(part))


def _entries(step: Any) -> Iterator[Equation]:
    comma = "," if max(step.result.shape) > 9 else ""
    if step.sums:
        for place, written, entry in zip(_places(step.result), step.sums, step.result.entries, strict=True):
            yield Equation(entry_name(formula(step.tree), place, comma), _links(written, entry))


def _places(array: Any) -> list[tuple[str, ...]]:
    """Return the place of each entry, counted from 1: (1, 2) in a matrix, (3,) in a vector."""
    if len(array.shape) == 2:
        return [(str(i + 1), str(j + 1)) for i in range(array.shape[0]) for j in range(array.shape[1])]
    return [(str(i + 1),) for i in range(array.shape[0])]


def _links(written: Tree, entry: Any) -> tuple[Formula, ...]:
    """Return the sum of an entry and its value, once where they are the same."""
    return tuple(dict.fromkeys((formula(written), formula(entry.tree))))


def _result(tree: Tree, array: Any, step: Any = None) -> Equation:
    left = formula(tree)
    if not array.shape:
        return Equation(left, _links(step.sums[0], array.entries[0]) if step and step.sums else (_matrix(array),))
    return Equation(left, (_matrix(array),), "", _shapes(step) if step else ())


def _matrix(array: Any) -> Formula:
    """Return an array as a matrix; of a large one the corners."""
    rows = [tuple(map(_cell, _abridged(row))) for row in _abridged(array.rows)]
    if not array.shape:
        return rows[0][0]
    return Formula(Matrix(tuple(row or (DOTS,) * len(rows[0]) for row in rows), array.is_row))


def _abridged(items: Sequence[Any]) -> Sequence[Any]:
    """Return rows or cells, of many those at the ends with an empty one between."""
    return items if len(items) <= MOST_SHOWN else (*items[:ENDS], (), *items[-ENDS:])


def _cell(entry: Any) -> Formula:
    return formula(entry.tree) if entry else DOTS


def _shapes(step: Any) -> tuple[Formula, ...]:
    r"""Return the shapes of a product of matrices: (4x3)(3x2) = 4x2; nothing for other steps."""
    is_product = isinstance(step.tree, Power) or (isinstance(step.tree, Apply) and step.tree.name == "matmul")
    if not is_product or len(step.operands) != 2:
        return ()
    first, second, result = map(_shape, (*step.operands, step.result))
    latex = [shape.replace("x", r" \times ") for shape in (first, second, result)]
    plain = f"({first})({second}) = {result}"
    return (spelled(plain, plain, rf"({latex[0]})\,({latex[1]}) = {latex[2]}"),)


def _shape(array: Any) -> str:
    return f"{len(array.rows)}x{len(array.rows[0])}"


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
