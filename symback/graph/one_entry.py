"""One entry of a formula of arrays: the entry (1, 2) of outer(u, v) is u_1 v_2.

What has no law here stays as it is, with the entry taken of the whole: (A @ B)_12. Entries are counted from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import ONE, ZERO, Apply, Neg, Plus, Power, Quotient, Times, Tree, apply, number, number_value
from symback.graph.nodes import Dim, Shape
from symback.graph.program.formula_shapes import shape_of

MOST_SUMMED = 4  # entries of a vector whose products are written out

Shapes = Mapping[str, Shape]
Place = tuple[int, ...]


def entry_of(tree: Tree, place: Place, shapes: Shapes) -> Tree:
    """Return an entry of a formula of arrays; of a number, () is the place.

    >>> from symback.expr.tree import symbol
    >>> u, v = symbol("u"), symbol("v")
    >>> entry_of(apply("outer", u, v), (0, 1), {"u": (2,), "v": (3,)})
    Times(Apply(index, u, 0), Apply(index, v, 1))
    """
    if isinstance(tree, Apply) and tree.name == "unit":
        return _unit(tree, place)
    shape = shape_of(tree, shapes)
    if shape is None or len(shape) != len(place):
        return _whole(tree, place)
    if isinstance(tree, (Plus, Neg, Times, Quotient, Power)):
        parts = [_part(one, place, shapes) for one in tree._args]
        return _put_together(tree, parts)
    if not isinstance(tree, Apply):
        return _whole(tree, place)
    rule = _LAWS.get(tree.name)
    if rule is not None:
        found = rule(tree.arguments, place, shapes)
        return _whole(tree, place) if found is None else found
    if tree.name in FUNCTIONS and len(tree.arguments) == 1 and place:
        return apply(tree.name, entry_of(tree.arguments[0], place, shapes))
    return _whole(tree, place)


def _whole(tree: Tree, place: Place) -> Tree:
    return apply("index", tree, *map(number, place)) if place else tree


def _part(tree: Tree, place: Place, shapes: Shapes) -> Tree:
    """Return the entry of an operand, which may be a number beside an array."""
    shape = shape_of(tree, shapes)
    return entry_of(tree, () if shape == () else place, shapes)


def _put_together(tree: Tree, parts: Sequence[Tree]) -> Tree:
    if isinstance(tree, Plus):
        terms = [one for one in parts if one not in (ZERO, Neg(ZERO))]
        return Plus(*terms) if len(terms) > 1 else terms[0] if terms else ZERO
    if isinstance(tree, Times):
        return _product(parts)
    if isinstance(tree, Neg):
        return ZERO if parts[0] == ZERO else Neg(parts[0])
    return ZERO if isinstance(tree, Quotient) and parts[0] == ZERO else type(tree)(*parts)


def _product(factors: Sequence[Tree]) -> Tree:
    flat = [part for one in factors for part in (one._args if isinstance(one, Times) else (one,))]
    is_negative = sum(isinstance(one, Neg) for one in flat) % 2 == 1
    kept = [one for factor in flat if (one := factor._args[0] if isinstance(factor, Neg) else factor) != ONE]
    if ZERO in kept:
        return ZERO
    made = Times(*kept) if len(kept) > 1 else kept[0] if kept else ONE
    return Neg(made) if is_negative else made


# --- laws -------------------------------------------------------------------------------------------------------------


def _unit(tree: Apply, place: Place) -> Tree:
    at = tuple(map(number_value, tree.arguments[: len(place)]))
    if len(tree.arguments) != 2 * len(place) or None in at:
        return _whole(tree, place)
    return ONE if at == place else ZERO


def _outer(arguments: Sequence[Tree], place: Place, shapes: Shapes) -> Tree | None:
    if any(len(shape_of(one, shapes) or ()) != 1 for one in arguments):
        return None
    return _product([entry_of(one, (i,), shapes) for one, i in zip(arguments, place, strict=True)])


def _transpose(arguments: Sequence[Tree], place: Place, shapes: Shapes) -> Tree | None:
    return entry_of(arguments[0], place[::-1], shapes)


def _diagonal(arguments: Sequence[Tree], place: Place, shapes: Shapes) -> Tree | None:
    if len(shape_of(arguments[0], shapes) or ()) != 1:
        return None
    return entry_of(arguments[0], place[:1], shapes) if place[0] == place[1] else ZERO


def _product_of_matrices(arguments: Sequence[Tree], place: Place, shapes: Shapes) -> Tree | None:
    if len(arguments) != 2:
        return None
    first, second = arguments
    left, right = shape_of(first, shapes), shape_of(second, shapes)
    if not left or not right or len(left) > 2 or len(right) > 2:
        return None
    rows, columns = place[: len(left) - 1], place[len(left) - 1 :]
    inner = _summed_over(first, second, left[-1])
    if inner is None:
        return None
    terms = [_product([entry_of(first, (*rows, k), shapes), entry_of(second, (k, *columns), shapes)]) for k in inner]
    return _put_together(Plus(ONE, ONE), terms)


def _summed_over(first: Tree, second: Tree, size: int) -> Sequence[int] | None:
    """Return the places of the sum in a product that are not 0; None where they are too many."""
    for one in (first, second):
        at = _only_place(one)
        if at is not None:
            return (at,)
    return range(size) if not isinstance(size, Dim) and size <= MOST_SUMMED else None


def _only_place(tree: Tree) -> int | None:
    """Return the one place at which a vector is not 0, as far as its form says."""
    if isinstance(tree, Apply) and tree.name == "unit" and len(tree.arguments) == 2:
        at = number_value(tree.arguments[0])
        return None if at is None else int(at)
    factors = tree._args if isinstance(tree, Times) else ()
    return next((place for one in factors if (place := _only_place(one)) is not None), None)


_LAWS = {
    "outer": _outer,
    "transpose": _transpose,
    "diag": _diagonal,
    "matmul": _product_of_matrices,
}
