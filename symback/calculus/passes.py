"""Differentiation in passes: each takes every pending derivative one idea further, and is one line of a textbook.

What is still pending is kept as open nodes, so a pass walks along these alone: a term that is done is not looked at
again, and nothing recurses on the depth of a tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from importlib import import_module
from typing import Any

from sympy.core.symbol import Symbol

from symback.calculus import laws
from symback.calculus.clearing import cleared, needs_clearing
from symback.calculus.idea import Change, Ideas, put_into
from symback.calculus.immediate import Hits
from symback.expr.rule import Move, next_line, path_of
from symback.expr.tree import (
    Diff,
    Edge,
    Neg,
    Path,
    Plus,
    Quotient,
    Times,
    Tree,
    is_free_of,
    is_pending,
    number_value,
    walk,
)


class _Open:
    """A node with pending derivatives below it: those of its arguments that are open, by their places."""

    __slots__ = ("arguments", "cases", "head", "open")

    def __init__(self, head: Any, arguments: Sequence[Any], places: list[int], cases: Any = None) -> None:
        self.head = head
        self.arguments = list(arguments)
        self.open = places
        self.cases = cases  # of a function by cases: what was differentiated, by what


class _Frame:
    """An open node during a pass: what is still to be visited, and what has been found of it."""

    __slots__ = ("bare", "done", "index", "is_top", "kept", "new", "node", "path", "shift", "todo")

    def __init__(self, node: _Open, path: Any, index: int, is_top: bool) -> None:
        self.node = node
        self.path = path  # linked pairs (parent's path, index)
        self.index = index  # in the parent
        self.is_top = is_top
        self.todo = node.open[::-1]
        self.shift = 0  # by how much places further right have moved
        self.kept: list[int] = []  # open after the pass
        self.new: list[int] = []
        self.done: list[int] = []  # new, and nothing pending in it
        self.bare: list[int] = []

    def path_of(self, index: int) -> Any:
        return None if self.node.head is None else (self.path, index)


class _Passes:
    """The work on one tree; a move is recorded with the number of its line."""

    def __init__(self, base: Path, moves: list[Move], ideas: Ideas) -> None:
        self.base = base
        self.moves = moves
        self.ideas = ideas
        self.line = next_line(moves) - 1
        self.variables: set[Symbol] = set()
        self.has_edges = False
        self.regions: dict[int, tuple[Tree, Diff]] = {}  # by identity: a function by cases, and what it is derived from

    def run(self, tree: Tree) -> Tree:
        for node in walk(tree):
            self.has_edges = self.has_edges or isinstance(node, Edge)
            if isinstance(node, Diff) and isinstance(node._args[1], Symbol):
                self.variables.add(node._args[1])
        root = _Open(None, [tree], [])
        self._open(root, 0)
        while root.open:
            self.line += 1
            self.ideas.begin_line(list(_leaves(root)))
            self._one_pass(root)
        result: Tree = root.arguments[0]
        return result

    def _one_pass(self, root: _Open) -> None:
        stack = [_Frame(root, None, 0, True)]
        while stack:
            frame = stack[-1]
            if not frame.todo:
                stack.pop()
                self._leave(frame, stack[-1] if stack else None)
                continue
            index = frame.todo.pop() + frame.shift
            child = frame.node.arguments[index]
            if isinstance(child, Diff):
                self._work(frame, index, child, stack)
            elif child.open:
                stack.append(_Frame(child, frame.path_of(index), index, self._is_top_below(frame)))
            else:
                self._at_the_joints(frame, index, child)

    def _work(self, frame: _Frame, index: int, pending: Diff, stack: list[_Frame]) -> None:
        """Take a pending derivative one idea further."""
        node, path = frame.node, path_of(frame.path, self.base)
        work, has_number = self.ideas.idea(pending, self._is_top_below(frame), node.head is Times)
        for change in work.changes:
            if change.rule is laws.CASE_BY_CASE:
                self.regions[id(change.result)] = (change.result, change.piece)
        if node.head is None:
            for change in work.changes:
                self._emit(change._replace(path=path + change.path))
            node.arguments[0] = work.tree
            self._found(frame, 0, 1)
            return
        width, changed = put_into(node.head, node.arguments, index, work, path, self._emit, partial(self._built, node))
        self._found(frame, index, width)
        if has_number:
            frame.bare += [i for i in range(index, index + width) if number_value(node.arguments[i]) is not None]
        if changed and len(stack) > 1 and _joins(node.head, stack[-2].node.head):
            stack.pop()
            _move_up(frame, stack[-1])

    def _leave(self, frame: _Frame, parent: _Frame | None) -> None:
        """Clear the bookkeeping of a node whose turn is over, and give it to its parent."""
        node = frame.node
        node.open = frame.kept
        if parent is None:
            return
        if _may_be_cleared(node, frame):
            tree = before = self._built(node)
            for rule, result in cleared(tree, frame.new, frame.bare):
                self._emit(Change(rule, path_of(frame.path, self.base), tree, result))
                tree = result
            if tree is not before:
                self._put(parent, frame.index, tree)
                return
        if node.open or node.cases is not None:
            parent.kept.append(frame.index)
        else:
            parent.node.arguments[frame.index] = node.head(*node.arguments)
            self._found(parent, frame.index, 1)

    def _at_the_joints(self, frame: _Frame, index: int, node: _Open) -> None:
        """Put the joints where the derivative exists to the regions beside them."""
        function, variable = node.cases._args
        tree: Tree = node.head(*node.arguments)
        result = tree
        if isinstance(variable, Symbol):
            at_joints = import_module("symback.verify.at_joints")  # loaded where a derivation needs it
            result = at_joints.closed(function, tree, variable)
        if result != tree:
            self._emit(Change(laws.JOINTS, path_of(frame.path_of(index), self.base), tree, result))
            self._put(frame, index, result)
        else:
            frame.node.arguments[index] = tree
            self._found(frame, index, 1)

    def _is_top_below(self, frame: _Frame) -> bool:
        """Tell whether what is pending below a node stands for itself: in a sum, or beside constant factors alone."""
        node = frame.node
        if not frame.is_top or node.head in (None, Plus, Neg, Diff):
            return frame.is_top
        if node.head not in (Times, Quotient) or len(node.open) > 1:
            return False
        others = (a for i, a in enumerate(node.arguments) if i != node.open[0])
        return all(is_free_of(a, v) for a in others for v in self.variables)

    # --- what is open -------------------------------------------------------------------------------------------------

    def _put(self, frame: _Frame, index: int, tree: Tree) -> None:
        """Put a rewritten argument in its place, where a sum joins a sum and a product a product."""
        parts = tree._args if _joins(type(tree), frame.node.head) else (tree,)
        frame.node.arguments[index : index + 1] = parts
        self._found(frame, index, len(parts))

    def _found(self, frame: _Frame, index: int, width: int) -> None:
        """Note what stands at a place after work: what is open there, what is new, what is a bare number."""
        arguments = frame.node.arguments
        frame.shift += width - 1
        for place in range(index, index + width):
            frame.new.append(place)
            is_done = not is_pending(arguments[place]) or not self._open(frame.node, place, listed=False)
            (frame.done if is_done else frame.kept).append(place)
        if width == 1 and frame.done[-1:] == [index] and number_value(arguments[index]) is not None:
            frame.bare.append(index)

    def _open(self, node: _Open, place: int, listed: bool = True) -> bool:
        """Take a tree apart as far as it is pending; tell whether it is, and list it among the node's open places."""
        todo = [(node, place, listed)]
        found = False
        while todo:
            holder, index, is_listed = todo.pop()
            tree = holder.arguments[index]
            if not self._is_pending(tree):
                continue
            found = True
            if is_listed:
                holder.open.append(index)
            if not isinstance(tree, Diff) or self._is_pending(tree._args[0]):
                region = self.regions.get(id(tree))
                opened = _Open(type(tree), tree._args, [], None if region is None else region[1])
                holder.arguments[index] = opened
                todo += [(opened, i, True) for i in reversed(range(len(tree._args)))]
        return found

    def _is_pending(self, tree: Tree) -> bool:
        if not self.has_edges:
            return is_pending(tree)
        return any(isinstance(node, Diff) for node in walk(tree))

    def _built(self, node: _Open, arguments: Sequence[Any] | None = None) -> Tree:
        """Return the tree that an open node stands for, or would with other arguments."""
        stack: list[tuple[_Open, list[Any], list[Tree]]] = [(node, list(arguments or node.arguments)[::-1], [])]
        while True:
            open_node, todo, done = stack[-1]
            if todo:
                argument = todo.pop()
                if isinstance(argument, _Open):
                    stack.append((argument, argument.arguments[::-1], []))
                else:
                    done.append(argument)
                continue
            stack.pop()
            tree: Tree = open_node.head(*done)
            if open_node.cases is not None:
                self.regions[id(tree)] = (tree, open_node.cases)
            if not stack:
                return tree
            stack[-1][2].append(tree)

    # --- records ------------------------------------------------------------------------------------------------------

    def _emit(self, change: Change) -> None:
        rule, path, piece, result, bound = change
        self.moves.append(Move(rule, path, piece, result, tuple(bound.items()), line=self.line))


def _joins(head: Any, other: Any) -> bool:
    return head is other and head in (Plus, Times)


def _may_be_cleared(node: _Open, frame: _Frame) -> bool:
    first = node.arguments[0]
    if isinstance(first, _Open) and first.head is Neg and frame.new[:1] == [0]:  # what is pending may have a minus too
        return node.head in (Neg, Times)
    return needs_clearing(node.head, node.arguments, frame.done, frame.bare)


def _move_up(frame: _Frame, parent: _Frame) -> None:
    """Join a product that was changed as a whole to the product around it; what it has left waits for the next pass."""
    arguments, index = frame.node.arguments, frame.index
    parent.node.arguments[index : index + 1] = arguments
    left = [*frame.kept, *(place + frame.shift for place in reversed(frame.todo))]
    parent.kept += [index + place for place in left]
    parent.shift += len(arguments) - 1


def _leaves(root: _Open) -> Iterator[Diff]:
    """Yield the pending derivatives that a pass will work on."""
    todo = [root]
    while todo:
        node = todo.pop()
        for index in node.open:
            child = node.arguments[index]
            if isinstance(child, Diff):
                yield child
            else:
                todo.append(child)


def differentiate(
    tree: Tree,
    moves: list[Move],
    base: Path = (),
    strategy: str = "textbook",
    named_inner: bool = False,
    keep_negative_powers: bool = False,
) -> Tree:
    """Work out the pending derivatives of the tree, adding the moves, and return what comes out (not yet tidied)."""
    return _Passes(base, moves, Ideas(Hits(strategy, named_inner), keep_negative_powers)).run(tree)
