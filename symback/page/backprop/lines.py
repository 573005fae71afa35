"""Which lines of a derivation on a graph are shown, and the reasons that stand beside each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.expr.rule import Derivation, Move
from symback.expr.tree import Diff, Edge, Gradient, Inert, Plus, Tree
from symback.page.lines import are_many, reason_of, shown

SILENT = frozenset(("local derivative", "already found", "identity rule", "constant rule"))  # said by the line itself
TRIVIAL = frozenset(("multiply by one", "multiply by zero", "drop zeros"))  # what 1 and 0 leave is not worth a line
_ENDINGS = SILENT - {"local derivative"}  # belong to what stands before them


class Line(NamedTuple):
    """What stands right of an equals sign, why, and which moves of the derivation led to it."""

    tree: Tree
    reasons: tuple[str, ...] = ()
    moves: range = range(0)


def lines_of(derivation: Derivation, detail: str) -> tuple[Line, ...]:
    """Return the lines that are shown right of the equals signs.

    `full` shows every step, `brief` the formula alone. `normal` shows the chain rule, then what comes of it when all is
    worked out, in as many lines as the reasons need, then the tidied formula.
    """
    moves = derivation.moves
    if not moves:
        return (Line(derivation.last),)
    if detail == "full":
        return tuple(_every_step(derivation))
    if detail == "brief":
        return (Line(derivation.last, _laws(moves), range(len(moves))),)
    trees = derivation.lines()
    ends = _ends(moves, trees, _pending_after(derivation.start, moves))
    return tuple(_grouped(moves, trees, ends))


def paths_of(derivation: Derivation) -> int:
    """Return how many paths from the loss to the node the first line sums over."""
    first = derivation.moves[0] if derivation.moves else None
    return len(first.result._args) if first and _is_chain_rule(first) and isinstance(first.result, Plus) else 1


def _every_step(derivation: Derivation) -> Iterator[Line]:
    start = 0
    for line in shown(derivation, "full")[1:]:
        stop = start + len(line.moves)
        yield Line(line.tree, reason_of(line, "full").names, range(start, stop))
        start = stop


def _grouped(moves: Sequence[Move], trees: Sequence[Tree], ends: Sequence[int]) -> Iterator[Line]:
    start = 0
    for end in ends:
        for stop in (*_stops(moves, trees, start, end), end):
            yield Line(trees[stop], _laws(moves[start:stop]), range(start, stop))
            start = stop


# --- where a line ends ----------------------------------------------------------------------------------------------


def _ends(moves: Sequence[Move], lines: Sequence[Tree], pending: Sequence[_Pending]) -> list[int]:
    """Return after how many moves a line is shown: after the chain rule, when all is worked out, and at the end."""
    last = len(moves)
    by_chain_rule = 1 if _is_chain_rule(moves[0]) and not pending[1].inner else 0
    clean = next((i for i in range(1, last + 1) if not pending[i].all), last)
    clean = max([i for i in range(clean + 1, last) if moves[i - 1].rule.name in TRIVIAL], default=clean)
    if clean < last and moves[-1].rule.name == "drop zeros":
        clean = last  # x + 0 is not worth a line
    ends = [end for end in (by_chain_rule, clean) if end and lines[end] != lines[last]]
    return [*dict.fromkeys(ends), last]


def _stops(moves: Sequence[Move], trees: Sequence[Tree], start: int, end: int) -> Iterator[int]:
    """Yield where a group of moves with more reasons than a line has room for is parted.

    That is before an inner function is derived, else behind a reason.
    """
    first, stop, inner = start, start, 0
    said: dict[str, None] = {}
    for i in range(start, end):
        new = _laws(moves[i : i + 1])
        if new and are_many((*said, *new)) and stop > first and trees[stop] not in (trees[first], trees[end]):
            first = inner if inner > first else stop
            said = dict.fromkeys(_laws(moves[first:i]))
            yield first
        said |= dict.fromkeys(new)
        if new or moves[i].rule.minor or moves[i].rule.name in _ENDINGS:
            stop = i + 1
        if i > start and moves[i - 1].rule.name == "chain rule" and not _is_chain_rule(moves[i - 1]):
            inner = stop


class _Pending(NamedTuple):
    """How much is still to be derived: gradients by nodes without a name, and all together."""

    inner: int
    all: int


def _pending_after(start: Tree, moves: Sequence[Move]) -> list[_Pending]:
    """Return what is still to be derived in each line; each node of a tree is looked at once in all lines together."""
    known: dict[int, _Pending] = {}
    found = [_pending_in(start, known)]
    for move in moves:
        before, after = (_pending_in(tree, known) for tree in (move.piece, move.result))
        found.append(_Pending(found[-1].inner - before.inner + after.inner, found[-1].all - before.all + after.all))
    return found


def _pending_in(tree: Tree, known: dict[int, _Pending]) -> _Pending:
    stack: list[Basic] = [tree]
    while stack:
        node = stack[-1]
        arguments: tuple[Basic, ...] = node._args if isinstance(node, Inert) else ()
        missing = [a for a in arguments if isinstance(a, Inert) and id(a) not in known]
        if missing and id(node) not in known:
            stack.extend(missing)
            continue
        stack.pop()
        if id(node) not in known:
            parts = [known[id(a)] for a in arguments if isinstance(a, Inert)]
            inner = isinstance(node, (Gradient, Edge)) and not isinstance(arguments[1], Symbol)
            own = inner or isinstance(node, (Edge, Diff))
            known[id(node)] = _Pending(inner + sum(p.inner for p in parts), own + sum(p.all for p in parts))
    return known[id(tree)]


# --- reasons --------------------------------------------------------------------------------------------------------


def _is_chain_rule(move: Move) -> bool:
    """Tell whether a move takes a gradient through the consumers of its node."""
    return isinstance(move.piece, Gradient) and move.rule.name.endswith("chain rule")


def _laws(moves: Sequence[Move]) -> tuple[str, ...]:
    """Return the names of the laws that a reader does not see in the line itself, and how many paths a sum has."""
    names = []
    for move in moves:
        if _is_chain_rule(move):
            if isinstance(move.result, Plus):
                names.append(f"sum over {len(move.result.args)} paths")
        elif not move.rule.minor and move.rule.name not in SILENT:
            names.append(move.rule.name)
    return tuple(dict.fromkeys(names))
