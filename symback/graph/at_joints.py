"""What is said of a graph at the joints of its choices, where both sides of a comparison are equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any

from symback.expr.numeric import np
from symback.expr.tree import Apply, Tree, symbol, walk
from symback.graph.operations.choosing import COMPARISONS
from symback.graph.program.formula_values import NotAlone, value_of


def joint_notes(trees: Iterable[Tree], values: Mapping[str, Any]) -> list[str]:
    """Say of each comparison whose sides are equal at the values that the case that holds is derived.

    Of arrays it is said where some entries are equal.
    """
    known = {symbol(name): _number_or_array(value) for name, value in values.items()}
    text = import_module("symback.page.maths").text  # page stands above this file
    notes = []
    for condition in dict.fromkeys(_conditions(trees)):
        sides = tuple(_value(side, known) for side in condition.arguments)
        if any(side is None for side in sides):
            continue
        is_equal = sides[0] == sides[1]
        is_array = getattr(is_equal, "ndim", 0) > 0
        if not (is_equal.any() if is_array else is_equal):
            continue
        equal = " = ".join(map(text, condition.arguments))
        some = " for some entries" if is_array else ""
        notes.append(
            f"The values lie at a joint, {equal}{some}: the case that holds there is derived, and where the slopes of "
            "the cases differ, there is no derivative."
        )
    return notes


def norm_notes(trees: Iterable[Tree], values: Mapping[str, Any]) -> list[str]:
    """Say of each norm of a whole array that is 0 at the values which derivative is taken there."""
    known = {symbol(name): _number_or_array(value) for name, value in values.items()}
    text = import_module("symback.page.maths").text  # page stands above this file
    norms = (node for tree in trees for node in walk(tree) if _is_norm(node))
    at_0 = [n for n in dict.fromkeys(norms) if np.all(np.equal(_value(n, known), 0.0))]
    return [f"At its value 0, as here, {text(n)} has no derivative; 0 is taken by convention." for n in at_0]


def _is_norm(node: Any) -> bool:
    inner = node.arguments[0] if isinstance(node, Apply) and node.name == "sqrt" else None
    return isinstance(inner, Apply) and inner.name == "norm2" and len(inner.arguments) == 1


def _number_or_array(value: Any) -> Any:
    return float(value) if isinstance(value, (int, float)) else np.asarray(value, dtype=float)


def _conditions(trees: Iterable[Tree]) -> Iterator[Apply]:
    names = frozenset(COMPARISONS.values())
    for tree in trees:
        yield from (node for node in walk(tree) if isinstance(node, Apply) and node.name in names)


def _value(tree: Tree, known: Mapping[Tree, Any]) -> Any:
    try:
        return value_of(tree, known)
    except (NotAlone, KeyError, ValueError, TypeError):
        return None
