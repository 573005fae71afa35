"""Rules of entries: of a list, of what is worked out entry by entry from lists, and of an entry between zeros.

[x, y][1] = y    (2 * [x, y])[0] = 2x    ([[x, 1], [0, y]] @ u)[0] = [x, 1] @ u    put_at(c, 1, 0, 3) = c unit(1, 3)
"""

from __future__ import annotations

from sympy.core.symbol import Symbol

from symback.expr.match import joined_product
from symback.expr.rule import Rule
from symback.expr.tree import Apply, Inert, Neg, Plus, Power, Quotient, Times, Tree, apply, number_value, symbols_of
from symback.graph.derivation.backward_laws import is_elementwise
from symback.graph.derivation.reduce import Found
from symback.graph.derivation.shapes import Shapes, arguments, is_call, ones, zeros

ENTRY = Rule("entry of a list", "[x, y][0] = x, (u + v)[0] = u[0] + v[0]")
UNIT = Rule("zeros around an entry", "put_at(c, i, 0, n) = c*unit(i, n)", minor=True)


class Entries:
    """The rules, for formulas of known shapes."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes

    def simplified(self, tree: Tree) -> Found | None:
        """Return an entry, or an entry between zeros, in other words."""
        if is_call(tree, "put_at"):
            return self._put_at(tree)
        return self._entry(tree) if is_call(tree, "take", "index") else None

    def _put_at(self, tree: Tree) -> Found | None:
        inside, place, axis, *sizes = arguments(tree)
        if len(sizes) == 1:
            return UNIT, joined_product([inside, apply("unit", place, *sizes)])
        if len(sizes) > 2:
            return None
        unit = apply("unit", place, sizes[int(number_value(axis) or 0)])
        return UNIT, apply("outer", unit, inside) if number_value(axis) == 0 else apply("outer", inside, unit)

    def _entry(self, tree: Tree) -> Found | None:
        """Return an entry of what is put together from others; of a name it stays an entry."""
        inside, place, *others = arguments(tree)
        axis = number_value(others[0]) if is_call(tree, "take") else 0
        found = self._at(inside, place, int(axis or 0))
        if found is None or is_call(tree, "take"):
            return None if found is None else (ENTRY, found)
        if isinstance(found, Symbol) and others:
            return None  # the graph may number its entries from 1
        return ENTRY, apply("index", found, *others) if others else found

    def _at(self, inside: Tree, place: Tree, axis: int) -> Tree | None:
        shape = self.shapes.of(inside)
        left = (*shape[:axis], *shape[axis + 1 :])
        if is_call(inside, "ones", "zeros"):
            return ones(left) if is_call(inside, "ones") else zeros(left)
        if isinstance(inside, Apply) and inside.name.partition("[")[0] == "array":
            return self._of_list(inside, place, axis)
        if is_call(inside, "matmul", "outer") and axis == 0:
            return self._of_product(inside, place)
        is_call_by_entry = isinstance(inside, Apply) and is_elementwise(inside.name)
        if is_call_by_entry or isinstance(inside, (Plus, Times, Quotient, Power, Neg)):
            return self._of_every_part(inside, place, axis)
        return None

    def _of_list(self, inside: Apply, place: Tree, axis: int) -> Tree | None:
        along = int(inside.name.partition("[")[2].removesuffix("]") or 0)
        value = number_value(place)
        if along == axis and value is not None and 0 <= value < len(inside.arguments):
            return inside.arguments[int(value)]
        return None

    def _of_product(self, inside: Apply, place: Tree) -> Tree | None:
        first, second = inside.arguments
        if len(self.shapes.of(first)) < (1 if inside.name == "outer" else 2):
            return None
        row = self._at(first, place, 0)
        if inside.name == "outer":
            known = row if row is not None else None if isinstance(first, Symbol) else apply("index", first, place)
            return None if known is None else joined_product([known, second])
        return None if row is None else apply("matmul", row, second)

    def _of_every_part(self, inside: Inert, place: Tree, axis: int) -> Tree | None:
        shape = self.shapes.of(inside)
        parts: list[Tree] = []
        for part in inside._args:
            is_whole = (isinstance(part, Inert) or symbols_of(part)) and self.shapes.of(part) == shape
            made = self._at(part, place, axis) if is_whole else part
            if made is None:
                return None
            parts.append(made)
        return joined_product(parts) if isinstance(inside, Times) else type(inside)(*parts)
