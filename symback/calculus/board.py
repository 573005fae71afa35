"""A board's pace: which of a derivation's lines `brief` keeps, and the lines of every detail as groups of moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symback.calculus import laws
from symback.calculus.immediate import AS_A_POWER, CHAIN, SMALL, SUMS, Hits, Immediate
from symback.calculus.pace import ARITHMETIC, BOOKKEEPING, SUBSTITUTE, kind_of
from symback.expr.rule import Derivation, Move
from symback.expr.tree import Diff, Equal, Inert, Quotient, Tree, is_pending, put

MOST_STEPS = 8  # in a line of `brief`: a reader has to do them in the head
MOST_ARITHMETIC, MOST_BESIDE_ARITHMETIC = 3, 6
SILENT = frozenset((*SMALL, *SUMS, AS_A_POWER))  # of these alone a board has no line
OWN_LINE = frozenset(
    (SUBSTITUTE, laws.INSERT_FUNCTIONS.name, laws.SUBSTITUTE_BACK.name, laws.JOINTS.name, laws.CASE_BY_CASE.name)
)
Group = tuple[Move, ...]


def groups_of(derivation: Derivation, detail: str) -> list[Group]:
    """Return the moves that share a line, line by line."""
    if detail == "full":
        return [(move,) for move in derivation.moves]
    lines = lines_of(derivation.moves)
    if detail != "brief":
        return lines
    kept: list[Group] = []
    tree = derivation.start
    for order in orders_of(derivation):
        board = _Board(tree, derivation.strategy)
        kept += board.lines(lines_of(order))
        tree = board.tree
    return kept


def lines_of(moves: Sequence[Move]) -> list[Group]:
    """Return the moves by the lines that they are recorded for; one without a number stands alone."""
    groups: list[Group] = []
    start = 0
    for stop in range(1, len(moves) + 1):
        if stop == len(moves) or not moves[start].line or moves[stop].line != moves[start].line:
            groups.append(tuple(moves[start:stop]))
            start = stop
    return groups


def orders_of(derivation: Derivation) -> list[Sequence[Move]]:
    """Return the moves for each order of a higher derivative: those that work the first derivative out, the second."""
    orders: list[list[Move]] = [[]]
    depth = len(derivation.variables) - 1
    for move in derivation.moves:
        while len(move.path) < depth and move.path == (0,) * len(move.path):
            depth -= 1
            orders.append([])
        orders[-1].append(move)
    return [order for order in orders if order]


class _Board:
    """Selects lines of one order: the first in which nothing is pending that a board derives in the head."""

    def __init__(self, tree: Tree, strategy: str) -> None:
        self.tree = tree
        self.immediate = Immediate(Hits(strategy), brief=True)
        self.batch: list[Move] = []
        self.is_tidying = False

    def lines(self, lines: Sequence[Group]) -> Iterator[Group]:
        for line in lines:
            names = {move.rule.name for move in line}
            if names & OWN_LINE or not line[0].line or isinstance(line[0].piece, Equal):
                yield from self._taken()
                yield line
                self._go_on(line)
            elif all(move.rule.minor for move in line):
                yield from self._tidied(line)
            else:
                yield from self._derived(line)
        yield from self._taken()

    def _derived(self, line: Group) -> Iterator[Group]:
        if self.is_tidying or count([*self.batch, *line]) > MOST_STEPS:
            yield from self._taken()
        self._go_on(line)
        self.batch += line
        if all(move.rule.name in SILENT or move.rule.minor for move in self.batch):
            return
        pending = list(_leaves(self.tree))
        if pending and not any(self.immediate(leaf, True, in_quotient) for leaf, in_quotient in pending):
            yield from self._taken()

    def _tidied(self, line: Group) -> Iterator[Group]:
        if not self._takes(line):
            yield from self._taken()
        self._go_on(line)
        self.is_tidying = self.is_tidying or not self.batch
        self.batch += line

    def _takes(self, line: Group) -> bool:
        """Tell whether tidying goes into the line at hand: all tidying is one line, and short arithmetic needs none."""
        if count([*self.batch, *line]) > MOST_STEPS:
            return False
        if self.is_tidying or not self.batch:
            return True
        chains = sum(move.rule.name == CHAIN for move in self.batch)
        is_short = count(line) <= MOST_ARITHMETIC and count(self.batch) <= MOST_BESIDE_ARITHMETIC and chains <= 1
        return is_short and all(kind_of(move.rule, move.piece) in ("", ARITHMETIC) for move in line)

    def _go_on(self, line: Group) -> None:
        for move in line:
            self.tree = put(self.tree, move.path, move.result)

    def _taken(self) -> Iterator[Group]:
        if self.batch:
            yield tuple(self.batch)
        self.batch, self.is_tidying = [], False


def count(moves: Sequence[Move]) -> int:
    """Return how many steps a reader has to follow: bookkeeping, constants and d/dx [x] = 1 are none."""
    return sum(move.rule.name not in BOOKKEEPING and move.rule.name not in SMALL for move in moves)


def _leaves(tree: Tree) -> Iterator[tuple[Diff, bool]]:
    """Yield the pending derivatives that hold no other, and whether they stand in a quotient."""
    stack = [(tree, False)]
    while stack:
        node, in_quotient = stack.pop()
        if not isinstance(node, Inert) or not is_pending(node):
            continue
        if isinstance(node, Diff) and not is_pending(node._args[0]):
            yield node, in_quotient
        else:
            inside = in_quotient or isinstance(node, Quotient)
            stack.extend((a, inside) for a in node._args)
