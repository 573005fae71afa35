"""The engine: the next place, the first rule that fits, one labelled step at a time.

`differentiate` works the pending derivatives out in passes (passes.py); `tidy` brings the line into textbook form. It
is one walk over the tree with a stack of its own: a step's path is known from the stack, no line is ever searched again
from its root, and nothing recurses on the depth of a tree.
"""

from __future__ import annotations

from typing import Any

from symback.calculus.pace import lines_of_tidying
from symback.calculus.passes import differentiate
from symback.calculus.tidy import Place, cancel_at_once, place_below, tidy_once, zero_at_once
from symback.calculus.tidy.powers import has_negative_power
from symback.expr.rule import Move, Rule, path_of
from symback.expr.tree import Decimal, Inert, Let, Neg, Path, Plus, Quotient, Times, Tree

__all__ = ["differentiate", "tidy"]


class _Frame:
    """A node whose arguments are being worked on: those done, those to do, and the way to it from the root."""

    __slots__ = ("done", "key", "node", "path", "todo")

    def __init__(self, node: Tree, key: Any, path: Any, todo: list[tuple[Tree, Any]]) -> None:
        self.node = node
        self.key = key
        self.path = path
        self.done: list[Tree] = []
        self.todo = todo

    def rebuilt(self) -> Tree:
        """Return the node with its worked-out arguments; the same object where nothing changed."""
        old, new = self.node._args, self.done
        if len(old) == len(new):
            for before, after in zip(old, new, strict=True):
                if before is not after:
                    break
            else:
                return self.node
        return type(self.node)(*new)


class _Tidy:
    """Bring a tree without pending derivatives into textbook form: one walk that records its moves."""

    def __init__(self, base: Path, keep_negative_powers: bool) -> None:
        self.base = base
        self.rewrites: list[tuple[Rule, Path, Tree, Tree]] = []
        self.keep_negative_powers = keep_negative_powers
        self.known: dict[Tree, tuple[Tree, int]] = {}  # the first of equal trees, and the places where it is finished

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
        self.after(node, frame, stack)

    def _place(self, stack: list[_Frame]) -> Any:
        """Return the path of the argument being worked on, as linked pairs (parent's path, index)."""
        parent = stack[-1]
        return None if len(stack) == 1 else (parent.path, len(parent.done))

    def record(self, rule: Rule, path: Any, piece: Tree, result: Tree) -> None:
        self.rewrites.append((rule, path_of(path, self.base), piece, result))

    def again(self, result: Tree, key: Any, stack: list[_Frame]) -> None:
        """Put a result in its place, to be worked on; in a sum or product of its own kind its parts join the others."""
        parent = stack[-1]
        head = type(parent.node)
        if len(stack) > 1 and head is type(result) and head in (Plus, Times):
            parent.todo += [(a, place_below(parent.node, parent.key, 0)) for a in reversed(result._args)]
        else:
            parent.todo.append((result, key))

    def done(self, node: Inert, key: Place) -> Tree | None:
        first, places = self.known.get(node, (None, 0))
        return first if places >> key & 1 else None

    def settled(self, node: Tree, key: Place | None = None) -> Tree:
        """Return the first of equal trees, so that comparing them again costs nothing; note where it is finished."""
        first, places = self.known.get(node, (node, 0))
        if key is not None and isinstance(node, Inert):
            self.known[first] = first, places | 1 << key
        return first

    def arguments(self, node: Inert, key: Place) -> list[tuple[Tree, Any]]:
        if isinstance(node, Quotient):
            top, bottom = node._args
            return [(bottom, place_below(node, key, 1)), (top, place_below(node, key, 0))]
        below = place_below(node, key, 0)
        return [(a, below) for a in node._args[::-1]]

    def before(self, node: Inert, key: Place, path: Any, stack: list[_Frame]) -> bool:
        hit = zero_at_once(node) or cancel_at_once(node)
        if hit is None:
            return False
        self.record(hit[0], path, node, hit[1])
        self.again(hit[1], key, stack)
        return True

    def after(self, node: Tree, frame: _Frame, stack: list[_Frame]) -> None:
        # x^(-2) as a factor becomes a fraction together with its product: -2x^(-3) = -2/x^3 in one step
        is_factor = self._is_factor(stack)
        waits = is_factor and has_negative_power(node)
        found = tidy_once(node, frame.key, self.keep_negative_powers or waits, is_factor)
        if found is None:
            stack[-1].done.append(self.settled(node, None if waits else frame.key))
            return
        (rule, result), in_numerator = found
        if in_numerator:
            self.record(rule, (frame.path, 0), node._args[0], result)
            result = type(node)(result, node._args[1])
        else:
            self.record(rule, frame.path, node, result)
        self.again(result, frame.key, stack)

    def _is_factor(self, stack: list[_Frame]) -> bool:
        return len(stack) > 1 and isinstance(stack[-1].node, (Times, Quotient, Neg))


def tidy(
    tree: Tree, moves: list[Move], base: Path = (), keep_negative_powers: bool = False, expand: bool = True
) -> Tree:
    """Bring the tree into textbook form, adding the moves, and return it; without `expand` brackets stay closed."""
    work = _Tidy(base, keep_negative_powers)
    result = work.run(tree, Place.LINE if expand else Place.CLOSED)
    lines = lines_of_tidying([(rule, piece) for rule, _, piece, _ in work.rewrites], moves)
    moves += [Move(*rewrite, line=line) for rewrite, line in zip(work.rewrites, lines, strict=True)]
    return result
