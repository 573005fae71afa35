"""Fit the left side of a law of arrays to a formula, letters by their shapes, and fill its right side."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy.core.symbol import Symbol

from symback.expr.match import joined_product
from symback.expr.tree import Apply, Inert, Times, Tree, apply
from symback.graph.derivation.laws import ArrayLaw
from symback.graph.derivation.product import (
    Powers,
    Product,
    array_part,
    is_multiple,
    power,
    product,
    scalar_part,
    written,
)
from symback.graph.derivation.shapes import Shapes, is_call
from symback.graph.sizes import size_tree as size

Bound = dict[str, Tree]


def rewritten(law: ArrayLaw, tree: Tree, shapes: Shapes) -> tuple[Tree, Bound] | None:
    """Return the right side of a law for a formula that its left side fits, and the letters; None where it does not."""
    fit = _Fit(law, shapes)
    left, right = law.sides
    if not fit.fits(left, tree):
        return None
    made = filled(right, fit.bound)
    return (joined_product([made, fit.rest]) if fit.rest is not None else made), fit.bound


def filled(template: Tree, bound: Bound) -> Tree:
    """Return a template with its letters replaced; a product in a product joins it."""
    if isinstance(template, Symbol):
        return bound[template.name]
    if not isinstance(template, Inert):
        return template
    parts = [filled(part, bound) for part in template._args]
    return joined_product(parts) if isinstance(template, Times) else type(template)(*parts)


class _Fit:
    """One attempt: the letters bound so far, and what a product has beside the factors that a law names."""

    def __init__(self, law: ArrayLaw, shapes: Shapes) -> None:
        self.ranks = law.ranks
        self.shapes = shapes
        self.bound: Bound = {}
        self.rest: Tree | None = None

    def fits(self, pattern: Any, tree: Any) -> bool:
        if isinstance(pattern, Symbol):
            return self._letter(pattern.name, tree)
        if isinstance(pattern, Times):
            return self._product(pattern, tree)
        if not isinstance(pattern, Apply):
            return bool(pattern == tree)
        if not is_call(tree, pattern.name) or len(tree._args) != len(pattern._args):
            return False
        return all(self.fits(p, t) for p, t in zip(pattern.arguments, tree.arguments, strict=True))

    def _letter(self, name: str, tree: Tree) -> bool:
        if name in self.bound:
            return bool(self.bound[name] == tree)
        if name not in self.ranks:
            if not self.shapes.is_size(tree):
                return False
        elif not self._has_shape(self.ranks[name], tree):
            return False
        self.bound[name] = tree
        return True

    def _has_shape(self, sizes: tuple[str, ...] | None, tree: Tree) -> bool:
        shape = self.shapes.of(tree)
        if sizes is None:
            return True
        if len(shape) != len(sizes):
            return False
        return all(self._has_size(s, size(n)) for s, n in zip(sizes, shape, strict=True))

    def _has_size(self, letter: str, length: Tree) -> bool:
        return str(length) == letter if letter.isdigit() else self.bound.setdefault(letter, length) == length

    # --- products -----------------------------------------------------------------------------------------------------

    def _product(self, pattern: Times, tree: Tree) -> bool:
        first, second = pattern._args
        if not isinstance(tree, Inert):
            return False
        found = product(tree, self.shapes)
        if isinstance(first, Symbol) and self.ranks.get(first.name) == ():
            fits = is_multiple(found) and self.fits(first, scalar_part(found))
            return fits and self.fits(second, array_part(found))
        if is_multiple(found) or not found.shape:
            return False
        return self._factors(first, second, found)

    def _factors(self, first: Tree, second: Tree, found: Product) -> bool:
        if isinstance(second, Symbol):  # u*v: the first factor, and all others
            base = next(iter(found.arrays), None)
            rest = {b: e for b, e in found.arrays.items() if b != base}
            fits = bool(rest) and base is not None and self.fits(first, power(base, found.arrays[base]))
            return fits and self.fits(second, _of(found, rest))
        for base, exponent in found.arrays.items():
            factor = _repeated(base, exponent)
            others = {b: e for b, e in found.arrays.items() if b != base}
            before = dict(self.bound)
            if factor is not None and self.fits(second, factor) and self._other_factors(first, found, others):
                return True
            self.bound = before
        return False

    def _other_factors(self, first: Tree, found: Product, others: Powers) -> bool:
        if isinstance(first, Symbol):
            return bool(others) and self.fits(first, _of(found, others))
        for base, exponent in others.items():
            if exponent == 1 and self.fits(first, base):
                left = {b: e for b, e in others.items() if b != base}
                self.rest = _of(found, left) if left else None
                return True
        return False


def _of(found: Product, arrays: Powers) -> Tree:
    return written(Product(found.shape, Fraction(1), False, {}, arrays))


def _repeated(base: Tree, exponent: Fraction) -> Tree | None:
    """Return a power of equal rows or columns as equal rows or columns of powers; other factors as they are."""
    if exponent == 1:
        return base
    if is_call(base, "rows", "columns"):
        return apply(base.name, power(base.arguments[0], exponent), base.arguments[1])
    return None
