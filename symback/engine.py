"""The engine: the next place, the first rule that fits, one labelled step at a time.

`differentiate` works the pending derivatives out, leftmost and outermost first; `tidy` brings the line into textbook
form. Both are one walk over the tree with a stack of its own: a step's path is known from the stack, no line is ever
searched again from its root, and nothing recurses on the depth of a tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

from sympy.core.symbol import Symbol

from symback import laws
from symback.rule import Move, Rule
from symback.tidy import Place, cancel_at_once, place_below, tidy_once, zero_at_once
from symback.tidy.fractions import MULTIPLY_BY_ONE
from symback.tidy.powers import has_negative_power
from symback.tree import (
    ONE,
    Decimal,
    Diff,
    Inert,
    Let,
    Neg,
    Path,
    Plus,
    Quotient,
    Times,
    Tree,
    is_pending,
    product_of,
)


class _Frame:
    """A node whose arguments are being worked on: those done, those to do, and the way to it from the root."""

    __slots__ = ("done", "key", "node", "ones", "path", "todo")

    def __init__(self, node: Tree, key: Any, path: Any, todo: list[tuple[Tree, Any]]) -> None:
        self.node = node
        self.key = key
        self.path = path
        self.done: list[Tree] = []
        self.todo = todo
        self.ones = 0

    def rebuilt(self) -> Tree:
        """Return the node with its worked-out arguments; the same object where nothing changed."""
        old, new = self.node._args, self.done
        if len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True)):
            return self.node
        return type(self.node)(*new)


class _Walk:
    """One pass over a tree that records its moves; a subclass says what to do before and after the arguments."""

    def __init__(self, base: Path, moves: list[Move]) -> None:
        self.base = base
        self.moves = moves

    def run(self, tree: Tree, key: Any) -> Tree:
        root = _Frame(tree, None, None, [(tree, key)])
        stack = [root]
        while True:
            frame = stack[-1]
            if frame.todo:
                node, key = frame.todo.pop()
                self._enter(node, key, stack)
            elif frame is root:
                return root.done[0]
            else:
                stack.pop()
                self._leave(frame, stack)

    def _enter(self, node: Tree, key: Any, stack: list[_Frame]) -> None:
        known = node if not isinstance(node, Inert) or isinstance(node, (Decimal, Let)) else self.done(node, key)
        if known is not None:
            stack[-1].done.append(known)
            return
        path = self._place(stack)
        if not self.before(node, key, path, stack):
            stack.append(_Frame(node, key, path, self.arguments(node, key)))

    def _leave(self, frame: _Frame, stack: list[_Frame]) -> None:
        node = frame.rebuilt()
        if not self.after(node, frame, stack):
            stack[-1].done.append(self.settled(node))

    def _place(self, stack: list[_Frame]) -> Any:
        """Return the path of the argument being worked on, as linked pairs (parent's path, index)."""
        parent = stack[-1]
        return None if len(stack) == 1 else (parent.path, len(parent.done))

    def record(self, rule: Rule, path: Any, piece: Tree, result: Tree, bound: Mapping[str, Tree]) -> None:
        self.moves.append(Move(rule, self._flat(path), piece, result, tuple(bound.items())))

    def _flat(self, path: Any) -> Path:
        indices = []
        while path is not None:
            path, index = path
            indices.append(index)
        return self.base + tuple(reversed(indices))

    def again(self, result: Tree, key: Any, stack: list[_Frame]) -> None:
        """Put a result in its place, to be worked on; in a sum or product of its own kind its parts join the others."""
        parent = stack[-1]
        head = type(parent.node)
        if len(stack) > 1 and head is type(result) and head in (Plus, Times):
            parent.todo += [(a, self.key_below(parent, key)) for a in reversed(result._args)]
        else:
            parent.todo.append((result, key))

    def key_below(self, parent: _Frame, key: Any) -> Any:
        return key

    def done(self, node: Inert, key: Any) -> Tree | None:
        """Return the node where nothing is to be done in it, else None."""
        raise NotImplementedError

    def settled(self, node: Tree) -> Tree:
        """Return the object that stands for a finished node."""
        return node

    def arguments(self, node: Inert, key: Any) -> list[tuple[Tree, Any]]:
        raise NotImplementedError

    def before(self, node: Inert, key: Any, path: Any, stack: list[_Frame]) -> bool:
        raise NotImplementedError

    def after(self, node: Tree, frame: _Frame, stack: list[_Frame]) -> bool:
        raise NotImplementedError


class _ByCases(NamedTuple):
    """Marks the derivative of a function by cases, whose joints are looked at when all branches are worked out."""

    function: Tree
    variable: Tree


_UNIT = "unit"  # marks the D(x) of a constant multiple c*D(x), whose 1 is multiplied away at once


class _Differentiate(_Walk):
    """Work out every pending derivative of a tree."""

    def __init__(self, base: Path, moves: list[Move], strategy: str, named_inner: bool) -> None:
        super().__init__(base, moves)
        self.strategy = strategy
        self.named_inner = named_inner

    def done(self, node: Inert, key: Any) -> Tree | None:
        return None if is_pending(node) else node

    def arguments(self, node: Inert, key: Any) -> list[tuple[Tree, Any]]:
        if isinstance(node, Diff):
            return [(node._args[0], None)]
        todo = [(a, None) for a in reversed(node._args)]
        if key is _UNIT:
            todo[0] = (todo[0][0], _UNIT)
        return todo

    def before(self, node: Inert, key: Any, path: Any, stack: list[_Frame]) -> bool:
        if not isinstance(node, Diff) or is_pending(node._args[0]):
            return False
        self._differentiate(node, key, path, stack)
        return True

    def after(self, node: Tree, frame: _Frame, stack: list[_Frame]) -> bool:
        if isinstance(frame.node, Diff):
            self._differentiate(Diff(frame.done[0], frame.node._args[1]), None, frame.path, stack)
            return True
        if isinstance(frame.key, _ByCases):
            return self._at_the_joints(node, frame, stack)
        if frame.ones:
            result = product_of(_without_marked(node, frame))
            self.record(MULTIPLY_BY_ONE, frame.path, node, result, {})
            parent = stack[-1]
            if len(stack) > 1 and type(parent.node) is type(result) and type(result) in (Plus, Times):
                parent.done += result._args
            else:
                parent.done.append(result)
            return True
        return False

    def _at_the_joints(self, node: Tree, frame: _Frame, stack: list[_Frame]) -> bool:
        """Put the joints where the derivative exists to the regions beside them."""
        function, variable = frame.key
        if not isinstance(variable, Symbol):
            return False
        at_joints = import_module("symback.check.at_joints")  # check stands above this file
        result = at_joints.closed(function, node, variable)
        if result == node:
            return False
        self.record(laws.JOINTS, frame.path, node, result, {})
        self.again(result, None, stack)
        return True

    def _differentiate(self, node: Diff, key: Any, path: Any, stack: list[_Frame]) -> None:
        rule, result, bound = self._hit(node)
        self.record(rule, path, node, result, bound)
        is_unit = rule.name == "constant multiple rule" and bound.get("u") == node._args[1]
        if key is _UNIT and result == ONE:
            stack[-1].ones += 1
        parent = stack[-1]
        if is_unit and isinstance(result, Times):
            if len(stack) > 1 and isinstance(parent.node, Times):
                marked: list[tuple[Tree, Any]] = [(a, None) for a in reversed(result._args)]
                marked[0] = (marked[0][0], _UNIT)
                parent.todo += marked
                return
            self.again(result, _UNIT, stack)
            return
        self.again(result, _ByCases(*node._args) if rule is laws.CASE_BY_CASE else None, stack)

    def _hit(self, node: Diff) -> laws.Hit:
        if self.named_inner:
            hit = laws.chain_through_named(node)
            if hit is not None:
                return hit
        return laws.differentiate_once(node, self.strategy)


def _without_marked(node: Tree, frame: _Frame) -> list[Tree]:
    """Return the factors without the ones that the identity rule has just put at the end of constant multiples."""
    left = frame.ones
    kept = []
    for factor in reversed(node._args):
        if left and factor == ONE:
            left -= 1
        else:
            kept.append(factor)
    return kept[::-1]


class _Tidy(_Walk):
    """Bring a tree without pending derivatives into textbook form."""

    def __init__(self, base: Path, moves: list[Move], keep_negative_powers: bool) -> None:
        super().__init__(base, moves)
        self.keep_negative_powers = keep_negative_powers
        self.finished: set[tuple[Tree, Place]] = set()
        self.known: dict[Tree, Tree] = {}

    def done(self, node: Inert, key: Place) -> Tree | None:
        return self.known[node] if (node, key) in self.finished else None

    def settled(self, node: Tree) -> Tree:
        return self.known.get(node, node)  # the first of equal trees, so that comparing them again costs nothing

    def arguments(self, node: Inert, key: Place) -> list[tuple[Tree, Any]]:
        last = len(node._args) - 1
        return [(a, place_below(node, key, last - i)) for i, a in enumerate(reversed(node._args))]

    def key_below(self, parent: _Frame, key: Place) -> Place:
        return place_below(parent.node, parent.key, 0)

    def before(self, node: Inert, key: Place, path: Any, stack: list[_Frame]) -> bool:
        hit = zero_at_once(node) or cancel_at_once(node)
        if hit is None:
            return False
        self.record(hit[0], path, node, hit[1], {})
        self.again(hit[1], key, stack)
        return True

    def after(self, node: Tree, frame: _Frame, stack: list[_Frame]) -> bool:
        # x^(-2) as a factor becomes a fraction together with its product: -2x^(-3) = -2/x^3 in one step
        is_factor = self._is_factor(stack)
        waits = is_factor and has_negative_power(node)
        found = tidy_once(node, frame.key, self.keep_negative_powers or waits, is_factor)
        if found is None:
            if not waits:
                self.finished.add((self.known.setdefault(node, node), frame.key))
            return False
        (rule, result), in_numerator = found
        if in_numerator:
            self.record(rule, (frame.path, 0), node._args[0], result, {})
            result = type(node)(result, node._args[1])
        else:
            self.record(rule, frame.path, node, result, {})
        self.again(result, frame.key, stack)
        return True

    def _is_factor(self, stack: list[_Frame]) -> bool:
        return len(stack) > 1 and isinstance(stack[-1].node, (Times, Quotient, Neg))


def differentiate(
    tree: Tree, moves: list[Move], base: Path = (), strategy: str = "textbook", named_inner: bool = False
) -> Tree:
    """Work out the pending derivatives of the tree, adding the moves, and return what comes out (not yet tidied)."""
    return _Differentiate(base, moves, strategy, named_inner).run(tree, None)


def tidy(
    tree: Tree, moves: list[Move], base: Path = (), keep_negative_powers: bool = False, expand: bool = True
) -> Tree:
    """Bring the tree into textbook form, adding the moves, and return it; without `expand` brackets stay closed."""
    return _Tidy(base, moves, keep_negative_powers).run(tree, Place.LINE if expand else Place.CLOSED)
