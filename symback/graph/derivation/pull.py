"""The gradient that flows into a formula, carried by the laws to a name in it: one operation a step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.errors import NoRule
from symback.expr.functions import FUNCTIONS
from symback.expr.match import fill, joined_product
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    Apply,
    E,
    Edge,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    number,
    number_value,
    symbols_of,
)
from symback.graph.derivation.backward_laws import BackwardLaw, is_elementwise, law_for, law_side
from symback.graph.derivation.product import product, scalar_part, total
from symback.graph.derivation.shapes import Shapes, arguments, is_call, ones, zeros
from symback.graph.nodes import Dim, Shape, shape_text
from symback.graph.operations.row import ArrayOperation
from symback.graph.operations.table import GENERAL, arrays_of, law_of, letters_of, parameters_of, row_of
from symback.graph.sizes import size_tree as size
from symback.graph.sizes import total as whole
from symback.syntax.arrays import ALONG_THE_LAST

MOST_APART = 6  # terms of a sum that are carried one after the other
Part = tuple[int, Tree]  # the place of an input among the arguments, and what the operation adds to its gradient


class Carried(NamedTuple):
    """One step: the rule, and the whole line after it, with what is still to be carried as g times an edge."""

    rule: Rule
    line: Tree


class Pull:
    """Carries gradients through formulas; `derivatives` are those that the author gave for functions."""

    def __init__(
        self, shapes: Shapes, derivatives: Mapping[str, Callable[[Tree], Tree]], first: Mapping[str, Shape]
    ) -> None:
        self.shapes = shapes
        self.first = first  # how the first entry of an array is numbered along each axis
        self.derivatives = derivatives

    def steps(self, formula: Tree, value: Tree, upstream: Tree, v: Symbol) -> Iterator[Carried]:
        """Yield a line for each operation between a formula and a name in it; `value` is what the formula is called.

        The last line is the gradient by v as far as it goes through this formula.
        """
        waiting: dict[Tree, list[Tree]] = {formula: [upstream]}  # what flows in, from each place a part is in
        done: Rule | None = None  # of a long sum, the same law in many terms is one step
        for node in from_the_outside(formula, v):
            if node not in waiting:
                continue  # nothing flows to it: the condition of a choice, the place of an entry
            g = total(waiting[node], self.shapes.of(node))
            rule, parts = self.parts(node, g, value if node == formula else node)
            if done is not None and rule.name != done.name:
                yield Carried(done, self._line(waiting, v))
            del waiting[node]
            for place, part in parts:
                inner = node._args[place]
                if v in symbols_of(inner):
                    waiting.setdefault(inner, []).append(part)
            done = rule if len(waiting) > MOST_APART else None
            if done is None:
                yield Carried(rule, self._line(waiting, v))
        if done is not None:
            yield Carried(done, self._line(waiting, v))

    def _line(self, waiting: Mapping[Tree, list[Tree]], v: Symbol) -> Tree:
        terms = [
            term
            for node, gs in waiting.items()
            for term in (gs if node == v else [Times(total(gs, self.shapes.of(node)), Edge(node, v))])
        ]
        return total(terms, self.shapes.of(v))

    # --- laws ---------------------------------------------------------------------------------------------------------

    def parts(self, node: Any, g: Tree, z: Tree) -> tuple[Rule, list[Part]]:
        """Return what an operation adds to the gradients of its inputs, and the rule."""
        if isinstance(node, (Plus, Neg)):
            return self._sum(node, g)
        if isinstance(node, Times):
            return self._product(node, g)
        if isinstance(node, Quotient):
            return self._quotient(node, g)
        if isinstance(node, Power):
            return self._power(node, g, z)
        return self._call(node, g, z)

    def _sum(self, node: Any, g: Tree) -> tuple[Rule, list[Part]]:
        if isinstance(node, Neg):
            return Rule("constant multiple rule", "grad a = -grad z   (z = -a)"), [(0, negative(g))]
        has_sign = any(isinstance(term, Neg) for term in node._args)
        rule = Rule("difference rule", "grad a = grad z, grad b = -grad z   (z = a - b)")
        return rule if has_sign else Rule("sum rule", "grad a = grad z   (z = a + b)"), [
            (i, g) for i in range(len(node._args))
        ]

    def _product(self, node: Times, g: Tree) -> tuple[Rule, list[Part]]:
        parts = []
        for i, factor in enumerate(node._args):
            others = [f for k, f in enumerate(node._args) if k != i]
            parts.append((i, self._entries(times(g, *others), node, factor)))
        if is_call(node._args[-1], "ones") and not any(map(self.shapes.of, node._args[:-1])):
            return Rule("chain rule, summed over the entries", "grad a = sum(grad z)   (z = a*ones)"), parts
        has_number = any(number_value(f) is not None for f in node._args) and len(node._args) == 2
        name = "constant multiple rule" if has_number else self._name("product", node)
        return Rule(name, "grad a = grad z * b   (z = a*b)"), parts

    def _entries(self, part: Tree, node: Tree, own: Tree) -> Tree:
        """Sum over the entries that a number goes into."""
        return apply("sum", part) if self.shapes.of(node) and not self.shapes.of(own) else part

    def _name(self, kind: str, node: Tree) -> str:
        return f"elementwise {kind}" if self.shapes.of(node) else f"{kind} rule"

    def _quotient(self, node: Quotient, g: Tree) -> tuple[Rule, list[Part]]:
        a, b = node._args
        by_a = self._entries(over(g, b), node, a)
        by_b = self._entries(negative(over(times(g, a), Power(b, Integer(2)))), node, b)
        name = "constant multiple rule" if not symbols_of(b) else self._name("quotient", node)
        return Rule(name, "grad a = grad z / b, grad b = -grad z * a/b^2   (z = a/b)"), [(0, by_a), (1, by_b)]

    def _power(self, node: Power, g: Tree, z: Tree) -> tuple[Rule, list[Part]]:
        a, b = node._args
        by_b = times(g, z) if a is E else times(g, z, apply("ln", self._one_of(a)))
        exponential = (1, self._entries(by_b, node, b))
        rule = Rule("exponential rule", "grad b = grad z * z * ln(a)   (z = a^b)")
        if a is E:
            return Rule("exponential rule", "grad b = grad z * z   (z = e^b)"), [exponential]
        n = number_value(b)
        less = Plus(b, Neg(ones(self.shapes.of(b)))) if n is None else number(n - 1)
        lowered = Power(a, less) if less != ONE else a
        by_a = self._entries(times(g, b, lowered), node, a)
        return (Rule("power rule", "grad a = grad z * n*a^(n - 1)   (z = a^n)") if n is not None else rule), [
            (0, by_a), exponential]  # fmt: skip

    def _one_of(self, a: Tree) -> Tree:
        """Return an entry of an array of equal entries, c of c*ones(n); other arrays as they are."""
        p = product(a, self.shapes)
        return a if p.arrays else scalar_part(p)

    def _call(self, node: Tree, g: Tree, z: Tree) -> tuple[Rule, list[Part]]:
        name, inputs = (node.name, arguments(node)) if isinstance(node, Apply) else ("", ())
        if name in self.derivatives:
            rule = Rule("given derivative", f"the derivative of {name} that was given")
            return rule, [(1, times(g, self._local(self.derivatives[name](inputs[0]), inputs[0])))]
        if is_elementwise(name) and len(inputs) == 1:
            row = FUNCTIONS[name]
            local = fill(law_side(row.derivative), {"out": z}, inputs[0])
            rule = Rule(row.rule_name, f"grad a = grad z * ({row.derivative})   (x = a, out = z)")
            return rule, [(1, times(g, self._local(local, inputs[0])))]
        if name in ("concat", "slice"):
            return self._places(node, g)
        if name in ("max", "min") and not symbols_of(inputs[0]) and symbols_of(inputs[1]):
            rule, parts = self._call(apply(name, inputs[1], inputs[0]), g, z)  # a number counts as the second
            return rule, [(3 - place, part) for place, part in parts]
        if name == "onehot":  # a row is chosen by its number: nothing is in between
            return Rule("class numbers", "grad a = 0   (z = onehot(a))"), [(1, zeros(self.shapes.of(inputs[0])))]
        law = law_for(*self.operation(node))
        operation = GENERAL.get(name) or row_of(name) if law is None else None
        if operation is not None:
            return self._by_row(operation, node, g, z)
        if law is None:
            raise NoRule(f"There is no law for the gradient of {name or type(node).__name__} on paper.")
        return self._by_law(law, node, g, z)

    def _local(self, local: Tree, a: Tree) -> Tree:
        """Return the derivative of a function of one number, entry by entry."""
        shape = self.shapes.of(a)
        if not shape:
            return local

        def combine(node: Any, inner: list[Any]) -> Any:
            if isinstance(node, Plus):
                return Plus(*(t if self.shapes.of(t) else joined_product([t, ones(shape)]) for t in inner))
            if not isinstance(node, Inert) or node == a:
                return node
            return node if all(p is q for p, q in zip(inner, node._args, strict=True)) else type(node)(*inner)

        found = fold(local, combine)
        return found if self.shapes.of(found) else joined_product([found, ones(shape)])

    def operation(self, node: Tree) -> tuple[str, list[Any]]:
        """Return the operation with its axis, and the shapes of its inputs."""
        inputs = arguments(node)
        shapes = [self.shapes.of(i) for i in inputs]
        if is_call(node, "sum", "mean") and len(inputs) == 2:
            return f"{node.name} {inputs[1]}", shapes[:1]
        if is_call(node, "index"):
            return f"index {len(inputs) - 1}", shapes[:1]
        if is_call(node, *ALONG_THE_LAST) and len(inputs) == 2:
            return f"{node.name} along an axis", shapes[:1]
        return node.name, shapes

    def _by_law(self, law: BackwardLaw, node: Tree, g: Tree, z: Tree) -> tuple[Rule, list[Part]]:
        inputs = arguments(node)
        bound = {"g": g, "z": z, **dict(zip("ab", inputs, strict=False))}
        for letter, sizes in law.ranks.items():
            shape = self.shapes.of(bound[letter])
            bound.update(zip(sizes or (), map(size, shape), strict=False))
        if is_call(node, "index"):
            bound |= dict(zip("ij", self.from_zero(inputs), strict=False))
        parts = [(i + 1, filled(law_side(text), bound)) for i, text in enumerate(law.by) if text]
        given = " and ".join(shape_text(self.shapes.of(i)) for i in inputs)
        said = ", ".join(f"grad {letter} = {_grad_z(text)}" for letter, text in zip("ab", law.by, strict=False))
        return Rule(law.title, f"{said}   ({given})"), parts

    def _by_row(self, row: ArrayOperation, node: Tree, g: Tree, z: Tree) -> tuple[Rule, list[Part]]:
        """Carry a gradient through an operation of the table, by the laws of its row."""
        inputs = arguments(node)
        if is_call(node, "index"):
            inputs = (inputs[0], *self.from_zero(inputs))
        count = arrays_of(row, inputs)
        shapes = [self.shapes.of(i) for i in inputs[:count]]
        given = [int(v) if (v := number_value(i)) is not None else self.shapes.length(i) for i in inputs[count:]]
        params = parameters_of(row, node.name, given, shapes)
        letters = letters_of(row, count)
        known = {"g": g, "z": z, **dict(zip(letters, inputs, strict=False))}
        parts: list[Part] = []
        said: list[str] = []
        for place, letter in enumerate(letters):
            found = law_of(row, place, params, shapes, known)
            if found is not None:
                parts.append((place + 1, tidied(found[0])))
                said.append(f"grad {letter} = {_grad_z(found[1])}")
        given_shapes = " and ".join(map(shape_text, shapes))
        return Rule(row.title, f"{', '.join(said) or 'grad a = 0'}   ({given_shapes})"), parts

    def from_zero(self, inputs: tuple[Tree, ...]) -> list[Tree]:
        """Return the place of an entry, counted from 0 along each axis."""
        array, *place = inputs
        first = (*self.first.get(str(array), ()), *[0] * len(place))
        counted = [number((number_value(i) or 0) - k) for i, k in zip(place, first, strict=False)]
        return [_forwards(i, n) for i, n in zip(counted, self.shapes.of(array), strict=False)]

    def _places(self, node: Apply, g: Tree) -> tuple[Rule, list[Part]]:
        """Carry a gradient through parts put together, and through a part of an array."""
        if node.name == "slice":
            return self._beside_zeros(node, g)
        inputs = list(node.arguments)
        axis = inputs.pop() if not self.shapes.of(inputs[-1]) else Integer(0)
        made, start = [], 0
        for i, part in enumerate(inputs):
            stop = whole([start, self.shapes.of(part)[int(axis)]])
            made.append((i + 1, apply("slice", g, axis, size(start), size(stop))))
            start = stop
        return Rule("concatenation", "grad a = the part of grad z where a stands"), made

    def _beside_zeros(self, node: Apply, g: Tree) -> tuple[Rule, list[Part]]:
        """Put zeros before and after the gradient by a part of an array."""
        inside, axis, low, high = node.arguments
        shape = self.shapes.of(inside)
        place = int(axis)
        parts = [g]
        for length, is_before in (
            (self.shapes.length(low), True),
            (whole([shape[place]], [self.shapes.length(high)]), False),
        ):
            if int(length):
                empty = zeros((*shape[:place], length, *shape[place + 1 :]))
                parts = [empty, *parts] if is_before else [*parts, empty]
        joined = apply("concat", *parts, axis) if len(parts) > 1 else g
        return Rule("part of an array", "grad a = grad z, with zeros beside it"), [(1, joined)]


def _forwards(place: Tree, length: int) -> Tree:
    """Return a place that is counted from the end, as in x[-1], counted from 0."""
    value = number_value(place) or 0
    if value >= 0:
        return place
    return Plus(size(length), number(value)) if isinstance(length, Dim) else number(value + length)


def _grad_z(text: str) -> str:
    return re.sub(r"\bg\b", "grad z", text)


def tidied(tree: Tree) -> Tree:
    """Return a law that was filled in without factors of 1, signs in front."""
    return filled(tree, {s.name: s for s in symbols_of(tree)})


def times(*factors: Tree) -> Tree:
    """Return a product without the factors 1, a minus sign of the first factor in front."""
    kept = [f for f in factors if f != ONE]
    if kept and isinstance(kept[0], Neg):
        return Neg(times(kept[0]._args[0], *kept[1:]))
    return joined_product(kept) if kept else ONE


def over(top: Tree, bottom: Tree) -> Tree:
    """Return a quotient, a minus sign of the numerator in front."""
    if bottom == ONE:
        return top
    return Neg(over(top._args[0], bottom)) if isinstance(top, Neg) else Quotient(top, bottom)


def negative(tree: Tree) -> Tree:
    """Return -u, where -(-u) is u."""
    return tree._args[0] if isinstance(tree, Neg) else Neg(tree)


def filled(template: Tree, bound: Mapping[str, Tree]) -> Tree:
    """Return the right side of a law with its letters replaced; a gradient of 1 is not written as a factor."""
    if isinstance(template, Symbol):
        return bound[template.name]
    if not isinstance(template, Inert):
        return template
    parts = [filled(p, bound) for p in template._args]
    if isinstance(template, Times):
        return times(*parts)
    if isinstance(template, Quotient):
        return over(*parts)
    return negative(parts[0]) if isinstance(template, Neg) else type(template)(*parts)


def from_the_outside(tree: Tree, v: Symbol) -> list[Tree]:
    """Return every part of a formula that holds a name, once, each after all parts that it is in."""
    heights: dict[Tree, int] = {}

    def height(node: Tree) -> int:
        if node not in heights:
            inner = [height(part) for part in node._args if isinstance(part, Inert) and v in symbols_of(part)]
            heights[node] = 1 + max(inner, default=0)
        return heights[node]

    if isinstance(tree, Inert):
        height(tree)
    places = {node: i for i, node in enumerate(heights)}
    return sorted(heights, key=lambda node: (-heights[node], places[node]))
