"""Rules of operations that put entries elsewhere, for arrays of any number of axes: one undoes another, or is none.

reshape(reshape(x, 6), 2, 3) = reshape(x, 2, 3)     squeeze(expand(x, 1), 1) = x     flip(flip(x, 0), 0) = x
sum_to(X, 4) = sum(X, axis=(0, 1))                  [x, y][1] = y                    broadcast_to(v, 2, 3) = rows
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy.core.numbers import Integer

from symback.expr.match import joined_product
from symback.expr.rule import Rule
from symback.expr.tree import ONE, Apply, Tree, apply, number_value
from symback.graph.derivation.product import product, written
from symback.graph.derivation.reduce import Found
from symback.graph.derivation.shapes import Shapes, arguments, count, is_call, ones, zeros
from symback.graph.nodes import Shape
from symback.graph.operations.table import arrays_of, row_of
from symback.graph.sizes import size_tree as size

NOTHING_CHANGED = Rule("nothing is rearranged", "reshape(x, n) = x, where x has n entries", minor=True)
UNDONE = Rule("one undoes the other", "squeeze(expand(x, i), i) = x, flip(flip(x, i), i) = x", minor=True)
APART = Rule("an axis of one entry", "sum(expand(x, 0), 1) = expand(sum(x, 0), 0)", minor=True)
TOGETHER = Rule("two in one", "reshape(reshape(x, k), n, m) = reshape(x, n, m)", minor=True)
OF_MATRIX = Rule("axes of a matrix in another order", "transpose(A, 1, 0) = A.T, A.mT = A.T", minor=True)
OF_PRODUCT = Rule("transpose of a product", "(A @ B).mT = B.mT @ A.mT")
REPEATED = Rule("an array repeated", "broadcast_to(expand(u, 1), n, m) = columns(u, m)", minor=True)
SUMMED = Rule("sum over the repeated axes", "sum_to(X, m) = sum(X, 0), where X is n x m", minor=True)
OF_REPEATED = Rule("sum of what was repeated", "sum_to(broadcast_to(u, n, m), m) = n*u")
OF_ONES = Rule("ones rearranged", "reshape(ones(6), 2, 3) = ones(2, 3)", minor=True)
NUMBER_OUT = Rule("number out of a linear operation", "f(c*u) = c*f(u), where f is linear")
OF_ZEROS = Rule("zeros through a linear operation", "f(zeros(n)) = zeros(m), where f is linear", minor=True)

_OF_PRODUCT = Rule("number out of a product", "(c*A) @ B = c*(A @ B)")
_NUMBER_OUT = {
    "sum": Rule("number out of a sum", "sum(c*x) = c*sum(x)"),
    **dict.fromkeys(("bmm", "einsum", "kron"), _OF_PRODUCT),
}
_LINEAR = ("index", "sum")
_VIEWS = frozenset(("reshape", "flatten", "permute", "matrix_transpose", "flip", "expand", "squeeze", "take", "gather"))


class Rearranging:
    """The rules, for formulas of known shapes."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.by_name: dict[str, Callable[[Tree], Found | None]] = {
            "reshape": self._reshape, "flatten": self._flatten, "permute": self._permute,
            "matrix_transpose": self._matrix_transpose, "flip": self._twice, "expand": self._axis_put_in,
            "squeeze": self._axis_left_out, "sum_to": self._sum_to, "broadcast_to": self._broadcast_to,
            "sum": self._sum,
        }  # fmt: skip

    def rearranged(self, tree: Tree) -> Found | None:
        """Leave out what changes nothing, and what the operation before it undoes."""
        if not isinstance(tree, Apply) or tree.name not in self.by_name:
            return None
        if tree.name in _VIEWS and is_call(tree.arguments[0], "ones"):
            return OF_ONES, ones(self.shapes.of(tree))
        return self.by_name[tree.name](tree)

    def linear(self, tree: Tree) -> Found | None:
        """Take numbers out of a linear operation; of zeros it makes zeros."""
        if not isinstance(tree, Apply):
            return None
        row = row_of(tree.name)
        places = row.linear_places(arrays_of(row, tree.arguments)) if row else (0,) if tree.name in _LINEAR else ()
        for place in places:
            p = product(tree.arguments[place], self.shapes)
            if p.number == 0:
                return OF_ZEROS, zeros(self.shapes.of(tree))
            if p.shape and (p.number != 1 or p.scalars):
                return _NUMBER_OUT.get(tree.name.partition("[")[0], NUMBER_OUT), self._outside(tree, place)
        return None

    def _outside(self, tree: Apply, place: int) -> Tree:
        p = product(tree.arguments[place], self.shapes)
        outside = p.copy()
        p.number, p.scalars, p.decimal = Fraction(1), {}, False
        parts = list(tree.arguments)
        parts[place] = written(p)
        inner = apply(tree.name, *parts)
        outside.shape, outside.arrays = self.shapes.of(tree), {}
        outside.put(inner, Fraction(1), not outside.shape)
        return written(outside)

    # --- one after the other ------------------------------------------------------------------------------------------

    def _reshape(self, tree: Tree) -> Found | None:
        inside = arguments(tree)[0]
        shape = self.shapes.of(tree)
        if self.shapes.of(inside) == shape:
            return NOTHING_CHANGED, inside
        if is_call(inside, "reshape", "flatten"):
            return TOGETHER, apply("reshape", arguments(inside)[0], *map(size, shape))
        return None

    def _flatten(self, tree: Tree) -> Found | None:
        inside = arguments(tree)[0]
        if len(self.shapes.of(inside)) == 1:
            return NOTHING_CHANGED, inside
        return (TOGETHER, apply("flatten", arguments(inside)[0])) if is_call(inside, "reshape") else None

    def _permute(self, tree: Tree) -> Found | None:
        inside, *axes = arguments(tree)
        order = [int(number_value(axis) or 0) for axis in axes]
        if order == sorted(order):
            return NOTHING_CHANGED, inside
        if is_call(inside, "permute"):
            first = arguments(inside)
            return TOGETHER, apply("permute", first[0], *(first[1 + axis] for axis in order))
        return (OF_MATRIX, apply("transpose", inside)) if len(order) == 2 else None

    def _matrix_transpose(self, tree: Tree) -> Found | None:
        (inside,) = arguments(tree)
        if is_call(inside, "matrix_transpose"):
            return UNDONE, arguments(inside)[0]
        if len(self.shapes.of(inside)) == 2:
            return OF_MATRIX, apply("transpose", inside)
        if is_call(inside, "bmm"):
            turned = [apply("matrix_transpose", part) for part in arguments(inside)]
            return OF_PRODUCT, apply("bmm", *reversed(turned))
        return None

    def _twice(self, tree: Tree) -> Found | None:
        inside, axis = arguments(tree)
        is_same = is_call(inside, "flip") and arguments(inside)[1] == axis
        return (UNDONE, arguments(inside)[0]) if is_same else None

    def _axis_put_in(self, tree: Tree) -> Found | None:
        inside, axis = arguments(tree)
        if is_call(inside, "squeeze") and arguments(inside)[1] == axis:
            return UNDONE, arguments(inside)[0]
        shape = self.shapes.of(inside)
        if is_call(inside, "broadcast_to"):
            return self._put_into_repeated(inside, int(number_value(axis) or 0), self.shapes.of(tree))
        if len(shape) == 1:
            return REPEATED, apply("rows" if number_value(axis) == 0 else "columns", inside, ONE)
        return None if shape else (REPEATED, joined_product([inside, ones((1,))]))

    def _put_into_repeated(self, inside: Tree, axis: int, made: Shape) -> Found:
        """Return what was repeated with the axis put in, repeated then: there it is no more than an axis of one."""
        array = arguments(inside)[0]
        place = axis - (len(made) - 1 - len(self.shapes.of(array)))
        wider = apply("expand", array, Integer(place)) if place > 0 else array
        return APART, apply("broadcast_to", wider, *map(size, made))

    def _out_of(self, tree: Tree, name: str) -> Found | None:
        """Take an axis of one entry out of a sum along another axis, or of what leaves out another."""
        (_, axis), (array, own) = arguments(tree), arguments(arguments(tree)[0])
        place, kept = int(number_value(axis) or 0), int(number_value(own) or 0)
        if place == kept:
            return UNDONE, array
        made = apply(name, array, Integer(place if place < kept else place - 1))
        return APART, apply("expand", made, Integer(kept - 1 if place < kept else kept))

    def _axis_left_out(self, tree: Tree) -> Found | None:
        inside, axis = arguments(tree)
        if is_call(inside, "expand") and arguments(inside)[1] == axis:
            return UNDONE, arguments(inside)[0]
        if is_call(inside, "expand"):
            return self._out_of(tree, "squeeze")
        if is_call(inside, "rows" if number_value(axis) == 0 else "columns"):
            return UNDONE, arguments(inside)[0]
        return None

    # --- repeated, and summed -----------------------------------------------------------------------------------------

    def _broadcast_to(self, tree: Tree) -> Found | None:
        inside = arguments(tree)[0]
        own, made = self.shapes.of(inside), self.shapes.of(tree)
        if own == made:
            return NOTHING_CHANGED, inside
        if is_call(inside, "broadcast_to"):
            return TOGETHER, apply("broadcast_to", arguments(inside)[0], *map(size, made))
        if not own:
            return REPEATED, joined_product([inside, ones(made)])
        if len(made) > 2 and is_call(inside, "rows"):
            return REPEATED, apply("broadcast_to", arguments(inside)[0], *map(size, made))
        if len(made) > 2 and is_call(inside, "expand") and is_call(arguments(inside)[0], "rows"):
            return REPEATED, self._without_rows(inside, made)
        if is_call(inside, "ones"):
            return OF_ONES, ones(made)
        return (REPEATED, self._as_matrix(inside, own, made)) if len(made) < 3 else None

    def _without_rows(self, inside: Tree, made: Shape) -> Tree:
        """Return equal rows with an axis put in, repeated: the rows are repeated anyway."""
        rows, axis = arguments(inside)
        place, vector = int(number_value(axis) or 0), arguments(rows)[0]
        kept = apply("expand", vector, Integer(place - 1)) if place else vector
        return apply("broadcast_to", kept, *map(size, made))

    def _sum(self, tree: Tree) -> Found | None:
        """Return the sum of what was repeated: that many times what was repeated."""
        inside, *axes = arguments(tree)
        if axes and is_call(inside, "expand"):
            return self._out_of(tree, "sum")
        if not is_call(inside, "broadcast_to"):
            return None
        array, made = arguments(inside)[0], self.shapes.of(inside)
        own = self.shapes.of(array)
        lead = len(made) - len(own)
        if not axes:
            times = [*made[:lead], *(n for n, m in zip(made[lead:], own, strict=True) if n != m)]
            return OF_REPEATED, joined_product([count(times), apply("sum", array)])
        axis = int(number_value(axes[0]) or 0)
        if axis >= lead and own[axis - lead] == made[axis]:
            return None
        once = array if axis < lead else apply("squeeze", array, Integer(axis - lead))
        left = (*made[:axis], *made[axis + 1 :])
        return OF_REPEATED, joined_product([size(made[axis]), apply("broadcast_to", once, *map(size, left))])

    def _as_matrix(self, inside: Tree, own: Shape, made: Shape) -> Tree:
        """Return an array repeated to a vector or a matrix, by equal rows or columns."""
        if len(made) == 1 or own in ((1,), (1, 1)):
            return joined_product([apply("sum", inside), ones(made)])
        if len(own) == 1:
            return apply("rows", inside, size(made[0]))
        axis, name = (1, "columns") if own[1] == 1 else (0, "rows")
        vector = arguments(inside)[0] if is_call(inside, name) else apply("sum", inside, Integer(axis))
        return apply(name, vector, size(made[axis]))

    def _sum_to(self, tree: Tree) -> Found | None:
        inside = arguments(tree)[0]
        own, made = self.shapes.of(inside), self.shapes.of(tree)
        if own == made:
            return NOTHING_CHANGED, inside
        lead = len(own) - len(made)
        if is_call(inside, "broadcast_to") and self.shapes.of(arguments(inside)[0]) == made:
            times = [*own[:lead], *(n for n, m in zip(own[lead:], made, strict=True) if n != m)]
            return OF_REPEATED, joined_product([count(times), arguments(inside)[0]])
        if not made:
            return SUMMED, apply("sum", inside)
        for _ in range(lead):
            inside = apply("sum", inside, Integer(0))
        for axis, (n, m) in enumerate(zip(own[lead:], made, strict=True)):
            if n != m:
                inside = apply("expand", apply("sum", inside, Integer(axis)), Integer(axis))
        return SUMMED, inside
