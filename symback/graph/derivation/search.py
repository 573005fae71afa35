"""Moves that are kept only where the formula gets shorter: multiply out, take common numbers and factors out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from sympy.core.symbol import Symbol

from symback.expr.match import joined_product
from symback.expr.rule import Rule
from symback.expr.tree import ONE, Gradient, Inert, Plus, Tree, apply
from symback.graph.derivation.algebra import NUMBER_OUT, Algebra, is_product
from symback.graph.derivation.product import (
    Product,
    array_part,
    product,
    scalar_part,
    terms_of,
    total,
    written,
)
from symback.graph.derivation.reduce import Found, Reducer, Rewrite
from symback.graph.derivation.shapes import Shapes, arguments, is_call

MULTIPLY_OUT = Rule("multiply out and collect", "(u + v)*w = u*w + v*w")
FACTOR_OUT = Rule("take the common factor out", "u*w + v*w = (u + v)*w")
MATRIX_OUT = Rule("take the common matrix out", "A @ B + A @ C = A @ (B + C)")
MOST_ROUNDS = 6
MOST_TERMS = 8  # of a sum in which pairs with a common factor are looked for
MOST_MULTIPLIED = 24  # terms of a sum that is multiplied out; longer ones have a term for each step of a loop


class Search:
    """Looks for shorter forms of reduced formulas; `length` says how long one is as it is printed."""

    def __init__(
        self, shapes: Shapes, reducer: Reducer, length: Callable[[Tree], int], algebra: Algebra | None = None
    ) -> None:
        self.shapes = shapes
        self.reducer = reducer
        self.length = length
        self.algebra = algebra or Algebra(shapes)
        self._known: dict[Tree, list[Rewrite]] = {}

    def steps(self, tree: Tree) -> list[Rewrite]:
        """Return the rewrites that make a reduced formula shorter: first inside its parts, then of the whole."""
        known = self._known.get(tree)
        if known is None:
            made = self._inside(tree)
            made += self._outside(made[-1].tree if made else tree)
            known = self._known[tree] = made
        return known

    def _inside(self, tree: Tree) -> list[Rewrite]:
        if not isinstance(tree, Inert) or isinstance(tree, Gradient):
            return []
        made: list[Rewrite] = []
        parts = list(tree._args)
        for i, part in enumerate(parts):
            for rule, inner in self.steps(part) if isinstance(part, Inert) else ():
                parts[i] = inner
                made.append(Rewrite(rule, type(tree)(*parts)))
        return made + list(self.reducer.steps(made[-1].tree)) if made else made

    def _outside(self, tree: Tree) -> list[Rewrite]:
        made: list[Rewrite] = []
        for _ in range(MOST_ROUNDS):
            now = self.length(tree)
            tried = [t for t in self._tried(tree) if self.length(t[-1].tree) < now + self._is_better_alike(t[0])]
            best = min(tried, key=lambda found: self.length(found[-1].tree), default=None)
            if best is None or best[-1].tree == tree:
                break
            made += best
            made += self._inside(best[-1].tree)
            tree = made[-1].tree
        return made

    def _is_better_alike(self, move: Rewrite) -> bool:
        """Tell whether a form is better than one as long: 2(p - y) than 2p - 2y, and a(p - y) than ap - ay."""
        return move.rule == NUMBER_OUT or move.rule == FACTOR_OUT and bool(self.shapes.of(move.tree))

    def _tried(self, tree: Tree) -> Iterator[list[Rewrite]]:
        for rule, moved in self._moves(tree):
            assert self.shapes.of(moved) == self.shapes.of(tree), (rule.name, tree, moved)
            steps = [Rewrite(rule, moved), *self.reducer.steps(moved)]
            joins = len(terms_of(steps[-1].tree)) < len(terms_of(moved))
            if rule != MULTIPLY_OUT or joins or self._is_number_times_bracket(tree):
                yield steps  # z(1 - z) stays; p(1 - y) - y(1 - p) is p - y

    def _is_number_times_bracket(self, tree: Tree) -> bool:
        """Tell whether a formula is (3p - 1)/3, which is p - 1/3."""
        p = product(tree, self.shapes)
        return len(p.scalars) + len(p.arrays) == 1 and p.number.numerator in (1, -1)

    def _moves(self, tree: Tree) -> Iterator[Found]:
        yield from self._multiplied_out(tree)
        if isinstance(tree, Plus):
            number, bracket = self.algebra.content(tree)
            if number != 1:
                yield NUMBER_OUT, joined_product([written(Product((), number)), bracket])
            yield from self._pairs(tree)

    # --- multiplying out ----------------------------------------------------------------------------------------------

    def _multiplied_out(self, tree: Tree) -> Iterator[Found]:
        terms = terms_of(tree)
        if len(terms) > MOST_MULTIPLIED:
            return
        expanded = [self.expanded(term) for term in terms]
        if any(len(parts) > 1 for parts in expanded):
            yield MULTIPLY_OUT, total([t for parts in expanded for t in parts], self.shapes.of(tree))

    def expanded(self, term: Tree) -> list[Tree]:
        """Return a product with its first bracket multiplied out, as terms; the term itself where it has none."""
        if not is_product(term):
            return [term]
        p = product(term, self.shapes)
        for powers in (p.arrays, p.scalars):
            for base, exponent in powers.items():
                if isinstance(base, Plus) and exponent == 1:
                    rest = p.copy()
                    rest.put(base, Fraction(-1), powers is p.scalars)
                    factor = written(rest) if powers is p.scalars else written_factor(rest)
                    return [part for t in terms_of(base) for part in self.expanded(joined_product([factor, t]))]
        return [term]

    # --- common factors -----------------------------------------------------------------------------------------------

    def _pairs(self, tree: Plus) -> Iterator[Found]:
        terms = terms_of(tree)
        if len(terms) > MOST_TERMS:
            return
        for i, first in enumerate(terms):
            for k in range(i + 1, len(terms)):
                for rule, joined in self._joined(first, terms[k]):
                    rest = [t for j, t in enumerate(terms) if j not in (i, k)]
                    yield rule, total([*rest[:i], joined, *rest[i:]], self.shapes.of(tree))

    def _joined(self, first: Tree, second: Tree) -> Iterator[Found]:
        p, q = product(first, self.shapes), product(second, self.shapes)
        yield from self._with_common_powers(p.copy(), q.copy())
        if p.shape and len(p.arrays) == len(q.arrays) == 1:
            yield from self._with_common_matrix(p, q)

    def _with_common_powers(self, p: Product, q: Product) -> Iterator[Found]:
        common = Product(p.shape)
        for name in ("scalars", "arrays"):
            mine, other = getattr(p, name), getattr(q, name)
            for base, exponent in mine.items():
                if base in other and exponent * other[base] > 0:
                    least = min(exponent, other[base], key=abs)
                    common.put(base, least, name == "scalars")
        if not common.scalars and not common.arrays:
            return
        for part in (p, q):
            for base, exponent in common.scalars.items():
                part.put(base, -exponent, True)
            for base, exponent in common.arrays.items():
                part.put(base, -exponent, False)
        inner = p.shape if any(x.arrays for x in (p, q)) or not common.arrays else ()
        p.shape = q.shape = inner
        common.shape = p.shape if not common.arrays else common.shape
        bracket = total([written(p), written(q)], inner)
        yield FACTOR_OUT, joined_product([written_factor(common), bracket])

    def _with_common_matrix(self, p: Product, q: Product) -> Iterator[Found]:
        x, y = array_part(p), array_part(q)
        if not (is_call(x, "matmul") and is_call(y, "matmul") or is_call(x, "outer") and is_call(y, "outer")):
            return
        (a, b), (c, d) = arguments(x), arguments(y)
        cp, cq = scalar_part(p), scalar_part(q)
        if b == d and self.shapes.of(a) == self.shapes.of(c):
            yield MATRIX_OUT, apply(x.name, total([_times(cp, a), _times(cq, c)], self.shapes.of(a)), b)
        if a == c and self.shapes.of(b) == self.shapes.of(d):
            yield MATRIX_OUT, apply(x.name, a, total([_times(cp, b), _times(cq, d)], self.shapes.of(b)))
        if is_call(x, "matmul"):
            yield from self._with_common_end(cp, cq, _chain(x), _chain(y))

    def _with_common_end(self, cp: Tree, cq: Tree, first: list[Tree], second: list[Tree]) -> Iterator[Found]:
        if first[-1] != second[-1] or min(len(first), len(second)) < 2 or max(len(first), len(second)) < 3:
            return
        a, c = _product_of(first[:-1]), _product_of(second[:-1])
        if self.shapes.of(a) == self.shapes.of(c) and len(self.shapes.of(a)) == 2:
            yield MATRIX_OUT, apply("matmul", total([_times(cp, a), _times(cq, c)], self.shapes.of(a)), first[-1])


class Cancelling:
    """Rules that multiply a bracket out because something cancels, and sums of terms because something is known."""

    def __init__(self, shapes: Shapes, reducer: Reducer, length: Callable[[Tree], int]) -> None:
        self.shapes = shapes
        self.reducer = reducer
        self.length = length

    def cancelled(self, tree: Tree) -> Found | None:
        """Multiply out where a term of a bracket is divided by a factor beside it: p*(y/p + v) = y + p*v."""
        if not is_product(tree):
            return None
        p = product(tree, self.shapes)
        for powers in (p.arrays, p.scalars):
            for base, exponent in powers.items():
                if isinstance(base, Plus) and exponent == 1:
                    rest = p.copy()
                    rest.put(base, Fraction(-1), powers is p.scalars)
                    divided = self._divided_by(base, rest)
                    if divided:
                        factor = written(rest) if powers is p.scalars else written_factor(rest)
                        terms = [joined_product([factor, t]) for t in terms_of(base)]
                        return _cancel(divided), total(terms, p.shape)
        return None

    def _divided_by(self, bracket: Plus, rest: Product) -> list[Tree]:
        found: dict[Tree, None] = {}
        for term in terms_of(bracket):
            p = product(term, self.shapes)
            for mine, others in ((p.scalars, rest.scalars), (p.arrays, rest.arrays)):
                found.update((b, None) for b, e in mine.items() if e < 0 and others.get(b, 0) > 0)
        return list(found)

    def linear(self, tree: Tree) -> Found | None:
        """Sum term by term, or take the trace of every term, where that comes out shorter."""
        if not is_call(tree, "sum", "trace", "diagonal") or not isinstance(arguments(tree)[0], Plus):
            return None
        inside, *others = arguments(tree)
        parts = [apply(tree.name, term, *others) for term in terms_of(inside)]
        made = total([self.reducer.reduced(part) for part in parts], self.shapes.of(tree))
        if is_call(tree, "diagonal") or self.length(self.reducer.reduced(made)) < self.length(tree):
            return Rule(f"{tree.name} of every term", f"{tree.name}(u + v) = {tree.name}(u) + {tree.name}(v)"), made
        return None


def _cancel(bases: list[Tree]) -> Rule:
    names = [b.name for b in bases if isinstance(b, Symbol)]
    said = f" {' and '.join(names)}" if names and len(names) == len(bases) else ""
    return Rule(f"multiply out and cancel{said}", "u*(v/u + w) = v + u*w")


def written_factor(p: Product) -> Tree:
    """Return a product as a factor: without the ones that only say its shape."""
    if p.shape and not p.arrays:
        return written(Product((), p.number, p.decimal, p.scalars))
    return written(p)


def _times(scalar: Tree, array: Tree) -> Tree:
    return array if scalar == ONE else joined_product([scalar, array])


def _chain(tree: Tree) -> list[Tree]:
    found = []
    while is_call(tree, "matmul"):
        first, tree = arguments(tree)
        found.append(first)
    return [*found, tree]


def _product_of(factors: list[Tree]) -> Tree:
    made = factors[-1]
    for factor in reversed(factors[:-1]):
        made = apply("matmul", factor, made)
    return made
