"""Rules of sums and products that no single line can say: any number of terms and factors, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm

from sympy.core.symbol import Symbol

from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    TWO,
    Apply,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    dump,
    number_value,
    symbols_of,
    weight_of,
)
from symback.graph.derivation.backward_laws import is_elementwise
from symback.graph.derivation.product import Product, product, terms_of, total, written
from symback.graph.derivation.reduce import Found
from symback.graph.derivation.shapes import Shapes, arguments, count, is_call, zeros
from symback.graph.sizes import size_tree
from symback.graph.sizes import total as whole

MULTIPLY = Rule("multiply factors", "u^m * u^n = u^(m + n)", minor=True)
TIMES_ZERO = Rule("multiply by zero", "0*u = 0", minor=True)
COLLECT = Rule("collect like terms", "m*u + n*u = (m + n)*u")
NUMBER_OUT = Rule("number out of a bracket", "(c*u + c*v) = c*(u + v)")
SIGN = Rule("sign of a bracket", "-(u - v) = v - u", minor=True)
TRANSPOSED_PARTS = Rule("transpose of every part", "(A + B).T = A.T + B.T, (A*B).T = A.T*B.T, f(A).T = f(A.T)")
PARTS = Rule("part of every part", "(u + v)[i:j] = u[i:j] + v[i:j], concat(u, v)[0:n] = u")
MEAN = Rule("mean of entries", "mean(u) = sum(u)/n", minor=True)
SQUARED_NORM = Rule("squared norm", "sum(u*u) = norm2(u)", minor=True)
NUMBER_OUT_OF_NORM = Rule("number out of a norm", "norm2(c*u) = c^2*norm2(u)")
CANCEL_IN_SUM = Rule("cancel in a sum of products", "u @ (v/u) = sum(v)")
ORDER = Rule("order of a dot product", "u @ v = v @ u", minor=True)

_PRODUCTS = (Times, Quotient, Neg, Power)


def is_product(tree: Tree) -> bool:
    """Tell whether a formula is a product of others: roots and powers too."""
    return isinstance(tree, _PRODUCTS) and number_value(tree) is None or is_call(tree, "sqrt")


class Algebra:
    """The rules, for formulas of known shapes."""

    def __init__(self, shapes: Shapes, has_norms: bool = False, means: Mapping[Tree, int] | None = None) -> None:
        self.shapes = shapes
        self.means = means or {}  # the sums in the graph's means, and of how many entries: sum(x)/3 has the number 1
        self.joined: Mapping[str, Tree] = {}  # names of arrays that were put together
        self.has_norms = has_norms  # a graph with norms gets norms: a sum of squares is the square of one

    # --- products -----------------------------------------------------------------------------------------------------

    def multiplied(self, tree: Tree) -> Found | None:
        """Bring a product to its form: one number, equal bases together, nothing with 0, brackets without a number."""
        if not is_product(tree):
            return None
        p = product(tree, self.shapes)
        if p.number == 0:
            return TIMES_ZERO, zeros(p.shape)
        rule = MULTIPLY
        for base, exponent in [*p.scalars.items(), *p.arrays.items()]:
            if isinstance(base, Plus) and exponent.denominator == 1:
                inner, bracket = self.content(base)
                if inner != 1 and (p.shape or _is_simpler(p.number * inner ** int(exponent), p.number)):
                    rule = NUMBER_OUT if abs(inner) != 1 else SIGN
                    p.number *= inner ** int(exponent)
                    _exchange(p, base, bracket)
        if p.number < 0:
            rule = SIGN if self._flipped(p) else rule
        return rule, written(p)

    def _flipped(self, p: Product) -> bool:
        """Take a minus sign into the one bracket that is a difference: -(u - v) is v - u, but -(1 - u) stays."""
        brackets = [b for b in (*p.scalars, *p.arrays) if isinstance(b, Plus)]
        if len(brackets) != 1 or not self._is_difference(brackets[0]):
            return False
        (base,) = brackets
        if {**p.scalars, **p.arrays}[base] != 1:
            return False
        p.number = -p.number
        _exchange(p, base, total([_negative(t) for t in base._args], self.shapes.of(base)))
        return True

    def _is_difference(self, tree: Plus) -> bool:
        signs = [isinstance(term, Neg) for term in tree._args]
        first = product(tree._args[0], self.shapes)
        return any(signs) and not all(signs) and bool(first.scalars or first.arrays)

    def content(self, tree: Tree) -> tuple[Fraction, Tree]:
        """Return the common number of the terms of a sum, and the sum without it."""
        terms = [product(t, self.shapes) for t in terms_of(tree)]
        numbers = [t.number * self._divided_by(t) for t in terms]
        if 0 in numbers or any(t.decimal for t in terms):
            return Fraction(1), tree
        common = Fraction(gcd(*(n.numerator for n in numbers)), lcm(*(n.denominator for n in numbers)))
        common = -common if all(n < 0 for n in numbers) else common
        if common == 1:
            return common, tree
        for term in terms:
            term.number /= common
        return common, total([written(t) for t in terms], self.shapes.of(tree))

    def _divided_by(self, p: Product) -> int:
        """Return by which number a sum in a product is divided where it is a mean, else 1."""
        if not self.means:
            return 1
        bases = map(_what_is_repeated, (*p.scalars, *p.arrays))
        counts = (self.means.get(base, 1) for base in bases)
        return next((n for n in counts if n > 1 and p.number.denominator % n == 0), 1)

    # --- sums ---------------------------------------------------------------------------------------------------------

    def collected(self, tree: Tree) -> Found | None:
        """Collect like terms, and leave out zeros."""
        if not isinstance(tree, Plus):
            return None
        found: dict[object, Product] = {}
        for term in terms_of(tree):
            p = product(term, self.shapes)
            if p.key in found:
                found[p.key].number += p.number
                found[p.key].decimal |= p.decimal
            else:
                found[p.key] = p
        kept = [written(p) for p in found.values() if p.number != 0]
        return COLLECT, total(kept, self.shapes.of(tree))

    # --- what goes through to every part ------------------------------------------------------------------------------

    def transposed(self, tree: Tree) -> Found | None:
        """Take a transpose to every part of a sum, an elementwise product or an elementwise function."""
        if not is_call(tree, "transpose"):
            return None
        inside = arguments(tree)[0]
        if isinstance(inside, Plus) or is_product(inside):
            parts = [self._transposed_part(part) for part in inside._args]
            return TRANSPOSED_PARTS, type(inside)(*parts)
        if isinstance(inside, Apply) and is_elementwise(inside.name):
            return TRANSPOSED_PARTS, apply(inside.name, *map(self._transposed_part, inside.arguments))
        return None

    def _transposed_part(self, part: Tree) -> Tree:
        is_matrix = isinstance(part, Inert) or symbols_of(part)
        return apply("transpose", part) if is_matrix and len(self._shape(part)) == 2 else part

    def _shape(self, part: Tree) -> tuple[int, ...]:
        return self.shapes.of(part) if isinstance(part, Inert) or symbols_of(part) else ()

    def sliced(self, tree: Tree) -> Found | None:
        """Take a part of every part of a formula, where that ends at arrays that were put together."""
        if not is_call(tree, "slice"):
            return None
        inside, axis, low, high = arguments(tree)
        made = self._slice(inside, int(axis), self.shapes.length(low), self.shapes.length(high))
        return None if made is None else (PARTS, made)

    def _slice(self, inside: Tree, axis: int, low: int, high: int) -> Tree | None:
        shape = self.shapes.of(inside)
        if low == 0 and high == shape[axis]:
            return inside
        if is_call(inside, "ones", "zeros"):
            sizes = [size_tree(whole([high], [low])) if i == axis else n for i, n in enumerate(arguments(inside))]
            return apply(inside.name, *sizes)
        if is_call(inside, "rows", "columns"):
            return self._slice_repeated(inside, axis, low, high)
        if isinstance(inside, Symbol):
            inside = self.joined.get(inside.name, inside)
        if is_call(inside, "concat"):
            return self._slice_of_parts(inside, axis, low, high)
        is_call_by_entry = isinstance(inside, Apply) and is_elementwise(inside.name)
        if is_call_by_entry or isinstance(inside, (Plus, Times, Quotient, Power, Neg)):
            return self._slice_inside(inside, axis, low, high)
        return None

    def _slice_inside(self, inside: Inert, axis: int, low: int, high: int) -> Tree | None:
        shape = self.shapes.of(inside)
        parts = []
        for part in inside._args:
            is_whole = (isinstance(part, Inert) or symbols_of(part)) and self.shapes.of(part) == shape
            made = self._slice(part, axis, low, high) if is_whole else part
            if made is None:
                return None
            parts.append(made)
        return type(inside)(*parts)

    def _slice_repeated(self, inside: Apply, axis: int, low: int, high: int) -> Tree | None:
        vector, length = arguments(inside)
        if (axis == 0) == (inside.name == "rows"):
            return apply(inside.name, vector, size_tree(whole([high], [low])))
        made = self._slice(vector, 0, low, high)
        return None if made is None else apply(inside.name, made, length)

    def _slice_of_parts(self, inside: Apply, axis: int, low: int, high: int) -> Tree | None:
        parts = list(arguments(inside))
        along = int(parts.pop()) if not self.shapes.of(parts[-1]) else 0
        start = 0
        for part in parts if along == axis else ():
            stop = whole([start, self.shapes.of(part)[axis]])
            if (start, stop) == (low, high):
                return part
            start = stop
        return None

    # --- other words --------------------------------------------------------------------------------------------------

    def renamed(self, tree: Tree) -> Found | None:
        """Write a mean as a sum, a sum of squares as a squared norm, and a dot product in one order."""
        if is_call(tree, "mean"):
            return MEAN, self._mean(tree)
        if self.has_norms and is_call(tree, "sum") and len(arguments(tree)) == 1:
            inside = arguments(tree)[0]
            if isinstance(inside, Power) and inside._args[1] == TWO:
                return SQUARED_NORM, apply("norm2", inside._args[0])
        if is_call(tree, "norm2"):
            return self._norm2(arguments(tree)[0])
        if is_call(tree, "matmul") and not self.shapes.of(tree):
            u, v = arguments(tree)
            if u == v and self.has_norms:
                return SQUARED_NORM, apply("norm2", u)
            if (cancelled := self._cancelled(u, v)) is not None:
                return CANCEL_IN_SUM, cancelled
            if (weight_of(v), dump(v)) < (weight_of(u), dump(u)):
                return ORDER, apply("matmul", v, u)
        return None

    def _cancelled(self, u: Tree, v: Tree) -> Tree | None:
        """Return a dot product in which factors cancel as the sum of what is left."""
        p, q = product(u, self.shapes), product(v, self.shapes)
        if not (self._divides(p, q) or self._divides(q, p)):
            return None
        for base, exponent in q.arrays.items():
            p.put(base, exponent, False)
        for base, exponent in q.scalars.items():
            p.put(base, exponent, True)
        p.number *= q.number
        return apply("sum", written(p))

    def _divides(self, p: Product, q: Product) -> bool:
        """Tell whether a product, or a term of a bracket in it, is divided by a factor of another."""
        if any(e < 0 and q.arrays.get(b, 0) > 0 for b, e in p.arrays.items()):
            return True
        terms = [t for b, e in p.arrays.items() if isinstance(b, Plus) and e == 1 for t in b._args]
        return any(self._divides(product(t, self.shapes), q) for t in terms)

    def _mean(self, tree: Tree) -> Tree:
        inside, *axis = arguments(tree)
        shape = self.shapes.of(inside)
        along = shape if not axis else (shape[int(axis[0])],)
        return (
            Quotient(apply("sum", inside, *axis), count(along)) if count(along) != ONE else apply("sum", inside, *axis)
        )

    def _norm2(self, inside: Tree) -> Found | None:
        p = product(inside, self.shapes)
        if not p.shape:
            return SQUARED_NORM, Power(inside, TWO)
        if p.number == 1 and not p.scalars:
            return None
        outside = Product((), p.number**2, p.decimal, {b: 2 * e for b, e in p.scalars.items()})
        p.number, p.scalars = Fraction(1), {}
        return NUMBER_OUT_OF_NORM, Times(written(outside), apply("norm2", written(p)))


def _exchange(p: Product, old: Tree, new: Tree) -> None:
    """Put another base in place of one, in the same order."""
    for name in ("scalars", "arrays"):
        powers = getattr(p, name)
        if old in powers:
            items = list(powers.items())
            powers.clear()
            for base, exponent in items:
                p.put(new if base == old else base, exponent, name == "scalars")


def _is_simpler(number: Fraction, before: Fraction) -> bool:
    return abs(number.numerator) * number.denominator < abs(before.numerator) * before.denominator


def _what_is_repeated(tree: Tree) -> Tree:
    while is_call(tree, "rows", "columns", "expand", "broadcast_to"):
        tree = arguments(tree)[0]
    return tree


def _negative(term: Tree) -> Tree:
    return term._args[0] if isinstance(term, Neg) else Neg(term)
