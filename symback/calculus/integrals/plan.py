"""A plan of an integral: which rule comes first, what it leaves to be integrated, and the plans of that.

`steps_of` carries a plan out, line by line. The integral that is worked on is always the first one in the line; what a
substitution ends with, and what is solved for, changes the line as a whole.
"""

from __future__ import annotations

from typing import NamedTuple

from sympy.core.basic import Basic

from symback.calculus.integrals.assumptions import Assumed
from symback.calculus.integrals.laws import INSERT, SOLVE
from symback.expr.rule import Move, Rule
from symback.expr.tree import (
    ONE,
    Inert,
    Int,
    Let,
    Neg,
    Path,
    Plus,
    Quotient,
    Times,
    Tree,
    at,
    fold,
    product_of,
    put,
    substituted,
    walk,
)

Bound = tuple[tuple[str, Tree], ...]


class Plan(NamedTuple):
    """One move on an integral: `result` holds the integrals of the plans `inner`, in this order.

    `let` is the inner function of a substitution, inserted when the inner plans are done. `solved` is what the integral
    comes to where it is met again on the way; the plan that meets it is a `loop`, with the depth of the other one.
    `assumed` are conditions on letters.
    """

    rule: Rule
    result: Tree
    bound: Bound = ()
    inner: tuple[Plan, ...] = ()
    let: Let | None = None
    solved: Tree | None = None
    loop: int = 0
    assumed: tuple[Assumed, ...] = ()

    def everything(self) -> list[Plan]:
        """Return the plan and all plans in it."""
        return [self, *(plan for inner in self.inner for plan in inner.everything())]


def first_integral(tree: Tree) -> Path | None:
    """Return the place of the first integral in a tree, None where there is none."""
    stack: list[tuple[Basic, Path]] = [(tree, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, Int):
            return path
        if isinstance(node, Inert) and not isinstance(node, Let):
            stack.extend((a, (*path, i)) for i, a in reversed(list(enumerate(node._args))))
    return None


def count_integrals(tree: Tree) -> int:
    """Return how many integrals stand in a tree."""
    return sum(isinstance(node, Int) for node in walk(tree))


class _Running:
    """A plan being carried out: the line, and the moves so far."""

    def __init__(self, start: Tree) -> None:
        self.line = start
        self.moves: list[Move] = []
        self.waiting: list[tuple[Tree, Path, Tree | None]] = []  # lines before integrals that may be solved for

    def _move(self, rule: Rule, path: Path, result: Tree, bound: Bound) -> None:
        self.moves.append(Move(rule, path, at(self.line, path), result, bound))
        self.line = put(self.line, path, result)

    def run(self, plan: Plan, named: dict[Tree, Tree]) -> None:
        path = first_integral(self.line)
        assert path is not None
        if plan.loop:
            before, place, solved = next(w for w in reversed(self.waiting) if w[2] is not None)
            assert solved is not None
            self._move(SOLVE, (), put(before, place, substituted(solved, named)), ())
            return
        self.waiting.append((self.line, path, plan.solved))
        bound = tuple((letter, substituted(tree, named)) for letter, tree in plan.bound)
        below = named
        if plan.let is not None:
            let = Let(plan.let._args[0], substituted(plan.let._args[1], named))
            below = {**named, plan.let._args[0]: let}
            bound = tuple((letter, substituted(tree, below) if letter[:1] == "d" else tree) for letter, tree in bound)
        self._move(plan.rule, path, substituted(plan.result, below), bound)
        for inner in plan.inner:
            self.run(inner, below)
        self.waiting.pop()
        if plan.let is not None:
            self._insert(below[plan.let._args[0]])

    def _insert(self, let: Tree) -> None:
        """Put the definition in the place of an inner function, in the smallest part of the line that holds it."""
        path = _around(self.line, let)
        if path is not None:
            piece = at(self.line, path)
            self._move(INSERT, path, _written_out(piece, let), ((let._args[0].name, let),))


def _around(tree: Tree, part: Tree) -> Path | None:
    """Return the place of the smallest part that holds a part everywhere it stands."""
    found: list[Path] = []
    stack: list[tuple[Basic, Path]] = [(tree, ())]
    while stack:
        node, path = stack.pop()
        if node == part:
            found.append(path)
        elif isinstance(node, Inert):
            stack.extend((a, (*path, i)) for i, a in enumerate(node._args))
    if not found:
        return None
    shared = 0
    while all(len(p) > shared and p[shared] == found[0][shared] for p in found):
        shared += 1
    return found[0][:shared]


def _written_out(tree: Tree, let: Tree) -> Tree:
    """Return a tree with an inner function as what it stands for; within others it is put in too."""

    def replace(node: Basic, inner: list[Basic]) -> Basic:
        if not isinstance(node, Inert) or not inner:
            return node
        made = type(node)(*inner)
        return let._args[1] if made == let else made

    return fold(tree, replace)


def steps_of(start: Tree, plan: Plan) -> tuple[list[Move], Tree]:
    """Return the moves of a plan from an integral on, and the last line."""
    running = _Running(start)
    running.run(plan, {})
    return running.moves, running.line


def coefficient(tree: Tree, path: Path) -> Tree | None:
    """Return what an integral in a sum is multiplied with; None where it does not stand in a sum of multiples."""
    factors: list[Tree] = []
    negative = False
    for index in path:
        if isinstance(tree, Times):
            factors += [a for i, a in enumerate(tree._args) if i != index]
        elif isinstance(tree, Quotient) and index == 0:
            factors.append(Quotient(ONE, tree._args[1]))
        elif isinstance(tree, Neg):
            negative = not negative
        elif not isinstance(tree, Plus):
            return None
        tree = tree._args[index]
    return Neg(product_of(factors)) if negative else product_of(factors)
