"""What the graph calls by a name: sum(c) is Z where Z = sum(c), c/Z is p where p = c/Z; and what is known of names.

N1 a function's value that has a name is written by it; N2 so is a product that holds all factors of one; N3 a sum is
n times the mean that has a name. Known of names: the entries of a softmax, of one-hot rows and of labels sum to 1, what
is left of numbers when their mean is subtracted sums to 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from sympy.core.symbol import Symbol

from symback.expr.rule import Rule
from symback.expr.tree import Apply, E, Neg, Plus, Power, Times, Tree, apply, number_value, symbol
from symback.graph.derivation.product import Product, product, written
from symback.graph.derivation.reduce import Found, Reducer
from symback.graph.derivation.shapes import Shapes, arguments, is_call, ones, zeros

BY_NAME = Rule("the node's own value", "f(u) = c, where c = f(u)", minor=True)
BY_MEAN = Rule("sum of entries by their mean", "sum(x) = n*m, where m = mean(x)")
DEVIATIONS = Rule("deviations from the mean sum to 0", "sum(x - m) = 0, where m = mean(x)")


def sums_to_one(name: str, in_rows: bool) -> Rule:
    """Return the rule that a vector, or each row of a matrix, holds probabilities."""
    what = f"the entries of each row of {name} sum to 1" if in_rows else f"the entries of {name} sum to 1"
    return Rule(what, f"sum({name}, 1) = 1" if in_rows else f"sum({name}) = 1")


class Names:
    """The definitions of a graph, reduced, and the rules that use them."""

    def __init__(
        self, shapes: Shapes, reducer: Reducer, definitions: Mapping[str, Tree], normal: Iterable[str]
    ) -> None:
        self.shapes = shapes
        self.normal = frozenset(normal)
        self.values: dict[Tree, tuple[Rule, Tree]] = {}  # by formula: N1 and N3
        self.factors: dict[Tree, list[tuple[Symbol, Product]]] = {}  # by the first base: N2
        self.means: dict[Tree, Tree] = {}  # a name or formula -> the sum that it is a multiple of
        self.definitions = definitions
        for name, tree in definitions.items():
            self._add(symbol(name), reducer.reduced(tree))

    def _add(self, name: Symbol, tree: Tree) -> None:
        if isinstance(tree, Power) and tree._args[0] is E or isinstance(tree, Apply) and not is_call(tree, "sqrt"):
            self.values.setdefault(tree, (BY_NAME, name))
        p = product(tree, self.shapes)
        bases = [*p.scalars.items(), *p.arrays.items()]
        if len(p.arrays) + len(p.scalars) >= 1 and self._is_mean(name, p):
            return
        if p.number != 1 or not bases or (len(bases) == 1 and bases[0][1] == 1):
            return
        if all(isinstance(base, Symbol) for base, _ in bases) and all(e > 0 for _, e in bases):
            return  # a plain product of letters: `a b` stays a b, whatever else is called so
        for base, _ in bases[:1]:
            self.factors.setdefault(base, []).append((name, p))

    def _is_mean(self, name: Symbol, p: Product) -> bool:
        sums = [b for b, e in [*p.scalars.items(), *p.arrays.items()] if is_call(b, "sum") and e == 1]
        if len(sums) != 1:
            return False
        rest = Product(p.shape, 1 / p.number, False, {}, {name: Fraction(1)} if p.shape else {})
        if not p.shape:
            rest.scalars[name] = Fraction(1)
        for base, exponent in p.scalars.items():
            if base != sums[0] and (type(base).__name__ != "Size"):
                return False
            if base != sums[0]:
                rest.put(base, -exponent, True)
        if any(b != sums[0] for b in p.arrays) or (p.number == 1 and not (set(p.scalars) - set(sums))):
            return False
        self.values.setdefault(sums[0], (BY_MEAN, written(rest)))
        self.means[name] = sums[0]
        return True

    def forget(self, names: Iterable[str]) -> None:
        """Write nothing by these names any more."""
        symbols = {symbol(name) for name in names}
        self.values = {formula: row for formula, row in self.values.items() if row[1] not in symbols}
        self.factors = {
            base: kept
            for base, rows in self.factors.items()
            if (kept := [row for row in rows if row[0] not in symbols])
        }

    # --- rules --------------------------------------------------------------------------------------------------------

    def named(self, tree: Tree) -> Found | None:
        """Write a formula that has a name by it."""
        return self.values.get(tree)

    def factored(self, tree: Tree) -> Found | None:
        """Write the factors of a name, all of which are in a product, as the name."""
        if not self.factors or not isinstance(tree, (Times, Power)) and type(tree).__name__ not in ("Quotient", "Neg"):
            return None
        p = product(tree, self.shapes)
        for base in [*p.scalars, *p.arrays]:
            for name, factors in self.factors.get(base, ()):
                made = _exchanged(p, name, factors)
                if made is not None:
                    return BY_NAME, written(made)
        return None

    def summed(self, tree: Tree) -> Found | None:
        """Write what the entries of probabilities and of deviations sum to."""
        if not is_call(tree, "sum"):
            return None
        inside, *axis = arguments(tree)
        shape = self.shapes.of(inside)
        is_last = not axis or number_value(axis[0]) == len(shape) - 1
        if is_last and self.is_normal(inside):
            whole = arguments(inside)[0] if is_call(inside, "index") else inside
            name = whole.name if isinstance(whole, Symbol) else "a softmax"
            rule = sums_to_one(name, len(self.shapes.of(whole)) > 1)
            return rule, ones(self.shapes.of(tree)) if axis or len(shape) == 1 else apply("sum", ones(shape[:1]))
        if self._is_deviation(inside, tree):
            return DEVIATIONS, zeros(self.shapes.of(tree))
        return None

    def is_normal(self, tree: Tree) -> bool:
        """Tell whether the entries of a vector, or of each row, sum to 1."""
        if _is_softmax_of_rows(tree) or is_call(tree, "onehot"):
            return True
        if is_call(tree, "index"):  # a row of rows that do
            array, *place = arguments(tree)
            return len(place) == 1 and len(self.shapes.of(array)) == 2 and self.is_normal(array)
        if not isinstance(tree, Symbol):
            return False
        definition = self.definitions.get(tree.name)
        return tree.name in self.normal or _is_softmax_of_rows(definition) or self._is_share(definition)

    def _is_share(self, definition: Tree | None) -> bool:
        """Tell whether a name is c/Z, where Z is the sum of the vector c: a softmax written by hand."""
        if definition is None or len(self.shapes.of(definition)) != 1:
            return False
        p = product(definition, self.shapes)
        if p.number != 1 or len(p.scalars) != 1 or len(p.arrays) != 1:
            return False
        ((below, power),), ((above, one),) = p.scalars.items(), p.arrays.items()
        whole = apply("sum", above)
        return power == -1 and one == 1 and (below == whole or self.values.get(whole, (None, None))[1] == below)

    def _is_deviation(self, inside: Tree, tree: Tree) -> bool:
        """Tell whether x - m is summed where m is the mean of x over the same axes; h = (x - m)/s too."""
        if isinstance(inside, Symbol) and inside.name in self.definitions:
            p = product(self.definitions[inside.name], self.shapes)
            varying = [b for b, e in p.arrays.items() if not _is_constant_along(b, tree)]
            return len(varying) == 1 and p.arrays[varying[0]] == 1 and self._is_deviation(varying[0], tree)
        if not isinstance(inside, Plus) or len(inside._args) != 2 or not isinstance(inside._args[1], Neg):
            return False
        x, mean = inside._args[0], inside._args[1]._args[0]
        if is_call(mean, "rows", "columns"):
            mean = mean.arguments[0]
        p = product(mean, self.shapes)
        name = next(iter([*p.scalars, *p.arrays]), None)
        return name in self.means and self.means[name] == type(tree)(tree._args[0], x, *tree._args[2:])


def _is_softmax_of_rows(tree: Tree | None) -> bool:
    """Tell whether a formula is a softmax along the last axis, which then is not said."""
    return is_call(tree, "softmax") and len(arguments(tree)) == 1 if tree is not None else False


def _is_constant_along(base: Tree, tree: Tree) -> bool:
    """Tell whether a factor is the same along the axis that is summed over."""
    axis = number_value(tree.arguments[1]) if len(tree.arguments) > 1 else None
    return is_call(base, "rows") and axis == 0 or is_call(base, "columns") and axis == 1


def _exchanged(p: Product, name: Symbol, factors: Product) -> Product | None:
    """Return a product with the name in place of its factors; None where they are not all there.

    The exponents must have the same sign and be at least as large; a name of one power may stand for several of it.
    """
    parts = [*((b, e, True) for b, e in factors.scalars.items()), *((b, e, False) for b, e in factors.arrays.items())]
    if factors.shape != p.shape and (factors.shape or not p.shape):
        return None
    times = Fraction(1)
    for base, exponent, is_scalar in parts:
        have = (p.scalars if is_scalar else p.arrays).get(base, Fraction(0))
        if len(parts) == 1:
            times = have / exponent
            if times.denominator != 1 or times == 0:
                return None
        elif have * exponent <= 0 or abs(have) < abs(exponent):
            return None
    made = p.copy()
    for base, exponent, is_scalar in parts:
        made.put(base, -exponent * times, is_scalar)
    made.put(name, times, not factors.shape)
    return made
