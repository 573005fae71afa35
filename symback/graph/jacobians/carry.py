"""A Jacobian carried through a formula to a name in it, one operation a step: in numerator layout, vectors of one axis.

The Jacobian of y by a number or of a number is a vector, by a vector a matrix. By a matrix it is the one of sums of
p @ Z @ u, which `ByMatrix` holds. If y itself is a number, the laws of the backward pass do it all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from sympy.core.symbol import Symbol

from symback.errors import NoRule
from symback.expr.match import joined_product
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    ZERO,
    Apply,
    Gradient,
    Inert,
    Neg,
    Plus,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    number_value,
    symbols_of,
)
from symback.graph.derivation.backward_laws import BackwardLaw, is_elementwise, law_side
from symback.graph.derivation.formulas import Formulas
from symback.graph.derivation.product import product, scalar_part, total
from symback.graph.derivation.pull import Pull, filled, from_the_outside
from symback.graph.derivation.rules import CHAIN_RULE, with_titles
from symback.graph.derivation.shapes import Shapes, arguments, is_call, ones
from symback.graph.jacobians.laws import OF_MATRICES, OF_VECTORS, law_for
from symback.graph.nodes import Shape, shape_text
from symback.graph.sizes import size_tree


class ByMatrix(NamedTuple):
    """The derivative of p @ Z @ u by the matrix Z, which is kron(p, u.T); of p @ Z.T @ u, if `is_turned`."""

    p: Tree
    u: Tree
    is_turned: bool


Jacobian: TypeAlias = Tree | tuple[ByMatrix, ...]
Waiting = dict[Tree, Jacobian]
_ENTRY_BY_ENTRY = (Plus, Neg, Times, Quotient)
_HINT = "Give a graph of matrix products, elementwise functions, softmax, and sums."


class _EntryByEntry(Pull):
    """The backward pass of operations between vectors, in which a number stands for one of every entry."""

    def _entries(self, part: Tree, node: Tree, own: Tree) -> Tree:
        return part


class Carry:
    """Carries the Jacobian of a number or vector y of a shape through formulas."""

    def __init__(
        self,
        formulas: Formulas,
        shape: Shape,
        derivatives: Mapping[str, Callable[[Tree], Tree]],
        first: Mapping[str, Shape],
    ) -> None:
        self.formulas, self.shapes, self.shape = formulas, formulas.shapes, shape
        self.derivatives = derivatives
        self.pull = Pull(self.shapes, derivatives, first)
        self.entries = _EntryByEntry(self.shapes, derivatives, first)

    def steps(self, formula: Tree, value: Tree, found: Jacobian, v: Symbol) -> Iterator[tuple[Rule, Waiting]]:
        """Yield for each operation the rule, and the Jacobians of y by what is still to be derived by v.

        The rule is named as a chain rule where something is left to be derived, but for sums, which need none.

        `found` is the Jacobian of y by the formula, `value` what the formula is called.
        """
        waiting: Waiting = {formula: found}
        if formula == v:
            yield Rule("identity rule", "dz/da = eye(n)   (z = a)"), waiting
        for node in from_the_outside(formula, v):
            rule, parts = self._parts(node, waiting.pop(node), value if node == formula else node)
            for place, part in parts:
                inner = node._args[place]
                if v in symbols_of(inner):
                    waiting[inner] = self.added(waiting[inner], part) if inner in waiting else self.reduced(part)
            is_chain = any(t != v for t in waiting) and not isinstance(node, (Plus, Neg))
            yield with_titles(CHAIN_RULE, [rule.name]) if is_chain else rule, dict(waiting)

    # --- sums and products of Jacobians -------------------------------------------------------------------------------

    def reduced(self, found: Jacobian) -> Jacobian:
        """Return a Jacobian that no law fits any more."""
        return self._of_matrices(found) if isinstance(found, tuple) else self._reduced(found)

    def _reduced(self, tree: Tree) -> Tree:
        made = self.formulas.reducer.reduced(without_brackets(tree, self.shapes))
        return ZERO if number_value(made) == 0 else made

    def added(self, *found: Jacobian) -> Jacobian:
        """Return the sum over several paths; by a matrix, those of the same vector are joined."""
        if len(found) == 1:
            return found[0]
        trees = [part for part in found if not isinstance(part, tuple)]
        if trees:
            terms = [*(t for t in trees if not is_call(t, "eye")), *(t for t in trees if is_call(t, "eye"))]  # A + I
            return self.formulas.reducer.reduced(total(terms, self.shapes.of(terms[0])))
        joined: dict[tuple[Tree, bool], list[Tree]] = {}
        for p, u, is_turned in (term for part in found if isinstance(part, tuple) for term in part):
            joined.setdefault((u, is_turned), []).append(p)
        sums = ((total(ps, self.shapes.of(ps[0])), u, is_turned) for (u, is_turned), ps in joined.items())
        return self._of_matrices(ByMatrix(*term) for term in sums)

    def _of_matrices(self, terms: Iterable[ByMatrix]) -> tuple[ByMatrix, ...]:
        return tuple(ByMatrix(self._reduced(p), self._reduced(u), is_turned) for p, u, is_turned in terms)

    # --- operations ---------------------------------------------------------------------------------------------------

    def _parts(self, node: Any, found: Jacobian, z: Tree) -> tuple[Rule, list[tuple[int, Jacobian]]]:
        if not self.shape and not isinstance(found, tuple):
            rule, parts = self.pull.parts(node, found, z)
            return rule, list(parts)
        if isinstance(found, tuple):
            return self._of_matrix(node, found)
        shape = self.shapes.of(node)
        if not shape:
            rule, parts = self.pull.parts(node, ONE, z)
            return rule, [(i, self._after_number(node, found, part)) for i, part in parts]
        if self._is_entry_by_entry(node):
            rule, parts = self.entries.parts(node, ones(shape), z)
            law = f"dz/da = diag(grad a), where grad z = 1: {rule.law}"
            return Rule(rule.name, law), [(i, self._diagonal(found, node, i, part)) for i, part in parts]
        return self._of_vector(node, found, z)

    def _is_entry_by_entry(self, node: Any) -> bool:
        if not isinstance(node, Apply):
            return True
        return is_elementwise(node.name) or node.name in self.derivatives or node.name in ("max", "min")

    def _after_number(self, node: Any, found: Tree, part: Tree) -> Tree:
        """Return the column of derivatives of y by a number times the row of those of the number."""
        axes = len(self.shapes.of(part))
        if axes > 1:
            raise _no_rule(node, "by a matrix")
        return apply("outer", found, part) if axes else joined_product([part, found])

    def _diagonal(self, found: Tree, node: Any, place: int, part: Tree) -> Tree:
        inside = apply("diag", part) if self.shapes.of(node._args[place]) else part
        return apply("matmul", found, inside)

    # --- laws ---------------------------------------------------------------------------------------------------------

    def _of_vector(self, node: Any, found: Tree, z: Tree) -> tuple[Rule, list[tuple[int, Jacobian]]]:
        law, bound = self._law(OF_VECTORS, node)
        made = [self._filled(text, {**bound, "z": z}) for text in law.by]
        parts = [(i + 1, self._after(found, part)) for i, part in enumerate(made)]
        return self._rule(law, node, "dz"), parts

    def _after(self, found: Tree, part: Jacobian) -> Jacobian:
        return mapped(part, lambda p: apply("matmul", found, p))

    def _law(self, laws: tuple[BackwardLaw, ...], node: Any) -> tuple[BackwardLaw, dict[str, Tree]]:
        """Return the law of an operation, and what its letters stand for."""
        name, shapes = self.pull.operation(node) if isinstance(node, Apply) else (type(node).__name__, [])
        law = law_for(laws, name, [len(s) for s in shapes])
        if law is None:
            raise _no_rule(node, "" if laws is OF_VECTORS else "by a matrix")
        inputs = arguments(node)
        bound: dict[str, Tree] = dict(zip("ab", inputs, strict=False))
        for letter, sizes in law.ranks.items():
            bound.update(zip(sizes or (), map(size_tree, self.shapes.of(bound[letter])), strict=False))
        if is_call(node, "index"):
            bound["i"] = self.pull.from_zero(inputs)[0]
        return law, bound

    def _filled(self, text: str, bound: Mapping[str, Tree]) -> Jacobian:
        side = law_side(text)
        if not is_call(side, "kron"):
            return self.formulas.explicit(filled(side, bound))
        parts = [self.formulas.explicit(filled(part, bound)) for part in arguments(side)]
        is_turned = len(self.shapes.of(parts[0])) == 1
        p, u = reversed(parts) if is_turned else parts
        return (ByMatrix(p, u, is_turned),)

    def _rule(self, law: BackwardLaw, node: Any, over: str) -> Rule:
        said = ", ".join(f"{over}/d{letter} = {text}" for letter, text in zip("ab", law.by, strict=False))
        given = " and ".join(shape_text(self.shapes.of(i)) for i in arguments(node)[: len(law.by)])
        return Rule(law.title, f"{said}   ({given})")

    def _of_matrix(self, node: Any, found: tuple[ByMatrix, ...]) -> tuple[Rule, list[tuple[int, Jacobian]]]:
        """Carry on from a matrix Z of which y is a sum of p @ Z @ u."""
        if isinstance(node, _ENTRY_BY_ENTRY):
            return self._linear(node, found)
        parts: dict[int, Jacobian] = {}
        for term in found:
            law, bound = self._law(OF_MATRICES[term.is_turned], node)
            for i, text in enumerate(law.by, 1):
                part = self._filled(text, {**bound, "p": term.p, "u": term.u})
                parts[i] = self.added(parts[i], part) if i in parts else part
        return self._rule(law, node, "dy"), list(parts.items())

    def _linear(self, node: Any, found: tuple[ByMatrix, ...]) -> tuple[Rule, list[tuple[int, Jacobian]]]:
        """Carry on to the terms of a sum of matrices, and to the matrix and the numbers of a multiple."""
        rule, parts = self.entries.parts(node, ones(self.shapes.of(node)), node)
        made: list[tuple[int, Jacobian]] = []
        for i, part in parts:
            if not self.shapes.of(node._args[i]):
                made.append((i, total([_applied(term, part) for term in found], self.shape)))
                continue
            p = product(self.formulas.reducer.reduced(part), self.shapes)
            if p.arrays:
                raise _no_rule(node, "by a matrix")
            made.append((i, mapped(found, partial(_multiplied, scalar_part(p)))))
        return rule, made


def mapped(found: Jacobian, change: Callable[[Tree], Tree]) -> Jacobian:
    """Return a Jacobian whose formula is changed, by a matrix that of the matrices before it.

    >>> from symback.expr.tree import symbol
    >>> mapped(symbol("A"), Neg), mapped((ByMatrix(symbol("A"), symbol("u"), False),), Neg)
    (Neg(A), (ByMatrix(p=Neg(A), u=u, is_turned=False),))
    """
    if isinstance(found, tuple):
        return tuple(ByMatrix(change(p), u, is_turned) for p, u, is_turned in found)
    return change(found)


def without_brackets(tree: Tree, shapes: Shapes) -> Tree:
    """Return a formula with A @ (B @ C) for (A @ B) @ C at once; the law would move one bracket at a time."""

    def combine(node: Any, inner: list[Any]) -> Any:
        if not isinstance(node, Inert) or isinstance(node, Gradient):
            return node
        if is_call(node, "matmul") and is_call(inner[1], "matmul") and len(shapes.of(node.arguments[0])) == 2:
            factors, last = [], inner[1]
            while is_call(last, "matmul"):
                first, last = last.arguments
                factors.append(first)
            made = apply("matmul", last, inner[2])
            for factor in reversed(factors):
                made = apply("matmul", factor, made)
            return made
        return node if all(a is b for a, b in zip(node._args, inner, strict=True)) else type(node)(*inner)

    return fold(tree, combine)


def _multiplied(scalar: Tree, matrix: Tree) -> Tree:
    return joined_product([scalar, matrix])


def _applied(term: ByMatrix, matrix: Tree) -> Tree:
    """Return p @ Z @ u for a matrix Z."""
    return apply("matmul", term.p, apply("matmul", apply("transpose", matrix) if term.is_turned else matrix, term.u))


def _no_rule(node: Any, how: str) -> NoRule:
    name = node.name if isinstance(node, Apply) else "an elementwise operation"
    said = " ".join(filter(None, ("There is no law for the Jacobian of", name, how)))
    return NoRule(f"{said}.", hint=_HINT)
