"""What the rows of composites say, as trees: of the inputs that are given, their shapes, along the axes asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sympy.core.symbol import Symbol

from symback.expr.composites import COMPOSITES, Composite
from symback.expr.tree import (
    ONE,
    ZERO,
    Apply,
    Inert,
    Neg,
    Plus,
    Times,
    Tree,
    fold,
    number_value,
    product_of,
    sum_of,
    symbol,
    walk,
)
from symback.graph.nodes import Shape
from symback.graph.sizes import size_tree
from symback.syntax import parse_matrix

Body = tuple[tuple[Symbol, ...], Tree]
CLASSES = "classes"

# What may hold of the shapes of the inputs.
CASES: dict[str, Callable[[Sequence[Shape | None]], bool]] = {
    "1 axis": lambda shapes: len(shapes[0] or ()) == 1,
    "3 axes": lambda shapes: len(shapes[0] or ()) == 3,
    "4 axes": lambda shapes: len(shapes[0] or ()) == 4,
    "class numbers": lambda shapes: bool(shapes[0]) and shapes[1] == (shapes[0] or ())[:-1],
}


def body_of(call: Apply, shapes: Sequence[Shape | None]) -> Body:
    """Return the inputs that a call of a composite gives, and what it is in terms of them.

    `shapes` are those of the arguments, None where one is not known.

    >>> from symback.expr.tree import apply
    >>> body_of(apply("mae", symbol("z"), symbol("y")), [(3,), (3,)])
    ((a, b), Apply(mean, Apply(abs, Plus(a, Neg(b)))))
    >>> body_of(apply("var", symbol("X"), ZERO), [(2, 3), ()])[1]
    Apply(mean, Power(Plus(x, Neg(Apply(expand, Apply(mean, x, 0), 0))), 2), 0)
    """
    row = COMPOSITES[call.name]
    given = call.arguments[: len(row.inputs)]
    axes = tuple(int(number_value(axis) or 0) for axis in call.arguments[len(given) :])
    if axes in ((0,), (-1,)) and CASES["1 axis"](shapes):
        axes = ()  # along the one axis of a vector is over all entries
    definition = definition_of(row, shapes, bool(axes))
    numbers = {
        name: number for name, number in zip(row.inputs, given, strict=False) if number_value(number) is not None
    }
    inputs, body = _body(row, definition, len(given), axes, tuple(numbers.items()))
    if CLASSES in definition:
        body = _replaced(body, symbol(CLASSES), size_tree((shapes[0] or (1,))[-1]))
    return inputs, body


def definition_of(row: Composite, shapes: Sequence[Shape | None], has_axes: bool = False) -> str:
    """Return the definition of a row that holds for inputs of these shapes."""
    if has_axes:
        return row.along
    return next((text for case, text in row.cases if CASES[case](shapes)), row.definition)


@cache
def _body(
    row: Composite, definition: str, given: int, axes: tuple[int, ...], numbers: tuple[tuple[str, Tree], ...]
) -> Body:
    """Return the body with numbers in it, those that are given and those of inputs that are not."""
    written = f"axis={axes[0]}" if len(axes) == 1 else f"axis=({', '.join(map(str, axes))})"
    text = re.sub(r"\baxis\b(?!=)", written, definition) if axes else definition
    body = parse_matrix(text, (*row.inputs, CLASSES))
    left_out = ((name, parse_matrix(row.defaults[name])) for name in row.inputs[given:])
    for name, value in (*numbers, *left_out):
        body = _without(body, symbol(name), value)
    return tuple(map(symbol, row.inputs[:given])), body


def _without(tree: Tree, name: Symbol, value: Tree) -> Tree:
    """Put a number in place of an input; a factor of 1 and a term of 0 are not written."""

    def combine(node: Any, inner: list[Any]) -> Any:
        if node == name or isinstance(node, Apply) and node.name == "expand" and inner[1] == value:
            return value
        if isinstance(node, Times) and value == ONE:
            return product_of([factor for factor in inner if factor != ONE] or [ONE])
        if isinstance(node, Plus) and value == ZERO:
            return sum_of([term for term in inner if term not in (ZERO, Neg(ZERO))] or [ZERO])
        return _made(node, inner)

    return fold(tree, combine)


def _replaced(tree: Tree, name: Symbol, value: Tree) -> Tree:
    return fold(tree, lambda node, inner: value if node == name else _made(node, inner))


def _made(node: Any, inner: list[Any]) -> Any:
    if not isinstance(node, Inert) or all(a is b for a, b in zip(inner, node._args, strict=True)):
        return node
    return type(node)(*inner)


def composites_used(statements: Iterable[Any]) -> tuple[str, ...]:
    """Say what the composites of a graph are made of: `mae(a, b), the mean absolute error, is mean(abs(a - b)).`"""
    calls = [n for s in statements for n in walk(s.tree) if isinstance(n, Apply) and n.name in COMPOSITES]
    return tuple(
        dict.fromkeys(_said(row, call) for row in COMPOSITES.values() for call in calls if call.name == row.name)
    )


def _said(row: Composite, call: Apply) -> str:
    has_axes = len(call.arguments) > len(row.inputs)
    inputs = [f"{name}={row.defaults[name]}" if name in row.defaults else name for name in row.inputs]
    head = f"{row.name}({', '.join([*inputs, 'axis'] if has_axes else inputs)})"
    cases = "" if has_axes else "".join(f"; with {case} it is {text}" for case, text in row.cases)
    return f"{head}, the {row.title}, is {row.along if has_axes else row.definition}{cases}."
