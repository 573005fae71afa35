"""Rules of einsum: a sum of products that is a matrix product, a transpose or an entry-by-entry product is one.

einsum("ij,jk->ik", A, B) = A @ B      einsum("ij,kj->ik", A, B) = A @ B.T      einsum("i,i->i", u, v) = u*v
"""

from __future__ import annotations

from sympy.core.numbers import Integer

from symback.expr.match import joined_product
from symback.expr.rule import Rule
from symback.expr.tree import Apply, Tree, apply
from symback.graph.derivation.reduce import Found
from symback.graph.derivation.shapes import Shapes
from symback.graph.operations.products import einsum_parts

AS_PRODUCT = Rule("sum of products as a matrix product", 'einsum("ij,jk->ik", A, B) = A @ B')
BY_ENTRY = Rule("products entry by entry", 'einsum("i,i->i", u, v) = u*v')
AS_SUM = Rule("sum of products of one array", 'einsum("ij->i", A) = sum(A, 1), einsum("ij->ji", A) = A.T')
NUMBER_OUT = Rule("number out of a sum of products", 'einsum(",i->i", c, u) = c*u', minor=True)


class Einsums:
    """The rules, for formulas of known shapes."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes

    def simplified(self, tree: Tree) -> Found | None:
        """Return what an einsum is in other words."""
        if not isinstance(tree, Apply) or not tree.name.startswith("einsum["):
            return None
        inputs, result = einsum_parts(tree.name.partition("[")[2].removesuffix("]"))
        parts = list(zip(inputs, tree.arguments, strict=True))
        numbers = [part for letters, part in parts if not letters]
        if numbers and len(numbers) < len(parts):
            rest = [(letters, part) for letters, part in parts if letters]
            return NUMBER_OUT, joined_product([*numbers, _einsum(rest, result)])
        if any(len(set(letters)) < len(letters) for letters in inputs) or max(map(len, inputs)) > 2:
            return None
        if all(letters == result for letters in inputs):
            return BY_ENTRY, joined_product(list(tree.arguments)) if len(parts) > 1 else parts[0][1]
        if len(parts) == 1:
            return self._of_one(*parts[0], result)
        return self._of_two(parts, result) if len(parts) == 2 else None

    def _of_one(self, letters: str, array: Tree, result: str) -> Found:
        if result and len(result) == len(letters):
            return AS_SUM, apply("transpose", array)
        if not result:
            return AS_SUM, apply("sum", array)
        return AS_SUM, apply("sum", array, Integer(1 - letters.index(result)))

    def _of_two(self, parts: list[tuple[str, Tree]], result: str) -> Found | None:
        (a, left), (b, right) = parts
        shared = [letter for letter in a if letter in b]
        if len(shared) > 1 or any(letter in result for letter in shared):
            return None
        first, second = (letters.replace("".join(shared), "") for letters in (a, b))
        if sorted(result) != sorted(first + second):
            return None
        if not shared:
            return (AS_PRODUCT, _outer(left, right, result == first + second)) if len(a) == len(b) == 1 else None
        left = left if a.endswith(shared[0]) else apply("transpose", left)
        right = right if b.startswith(shared[0]) else apply("transpose", right)
        made = apply("matmul", left, right)
        return AS_PRODUCT, made if result == first + second else apply("transpose", made)


def _outer(left: Tree, right: Tree, is_in_order: bool) -> Tree:
    return apply("outer", left, right) if is_in_order else apply("outer", right, left)


def _einsum(parts: list[tuple[str, Tree]], result: str) -> Tree:
    return apply(f"einsum[{','.join(letters for letters, _ in parts)}->{result}]", *(tree for _, tree in parts))
