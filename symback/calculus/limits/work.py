"""The work on one limit: the line at hand, the moves so far, and what numbers say of its parts.

Numbers only choose the way: what a part tends to tells which form the limit has. Each step is a law, and all steps are
checked afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import process_time
from typing import Any, NamedTuple

import sympy
from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import value_of
from symback.errors import NoRule, SymbackError
from symback.expr.rule import Move, Rule
from symback.expr.tree import ZERO, Inert, Lim, Neg, Path, Power, Tree, at, put, substituted, symbols_of, walk
from symback.verify import evaluate
from symback.verify.approach import Trend
from symback.verify.limits import INFINITY, Letters, Side, one_sided, points_for, sides_of, values_beside

NOTHING = mp.mpf(10) ** -15
DEEPEST = 24
BUDGET = 6.0  # seconds


class Stuck(Exception):
    """No method leads on from here."""


class Depends(NoRule):
    """What a part tends to depends on the letters in it."""


class Tendency(NamedTuple):
    """What a part does: "zero", "finite", "infinite", "swings" or "unknown".

    `sign` is that of its values near the place: 1 or -1, 0 where it changes or is not known. `value` is the number that
    it comes to, where there are no letters.
    """

    kind: str
    sign: int = 0
    value: Any = None

    @property
    def settles(self) -> bool:
        return self.kind in ("zero", "finite")


class Work:
    """One limit that is worked out."""

    def __init__(self, start: Lim, letters: Sequence[Symbol]) -> None:
        self.line: Tree = start
        self.limit = start
        self.moves: list[Move] = []
        self.points = points_for(start)
        self.letters = letters
        self.deadline = process_time() + BUDGET
        self.seen: list[Tree] = []

    @property
    def variable(self) -> Symbol:
        return self.limit._args[1]

    @property
    def target(self) -> Tree:
        return self.limit._args[2]

    @property
    def is_far(self) -> bool:
        """Whether the variable grows beyond all bounds."""
        return self.target in (INFINITY, Neg(INFINITY))

    # --- steps --------------------------------------------------------------------------------------------------------

    def apply(self, rule: Rule, path: Path, result: Tree, bound: tuple[tuple[str, Tree], ...] = ()) -> None:
        """Add a step that stands in a line of its own."""
        piece = at(self.line, path)
        if piece == result:
            raise Stuck
        self.moves.append(Move(rule, path, piece, result, bound))
        self.line = put(self.line, path, result)

    def tidied_by(self, work: Callable[[Tree, list[Move], Path], Tree], path: Path) -> None:
        """Let the engine work on the piece at a path, with its own steps."""
        result = work(at(self.line, path), self.moves, path)
        self.line = put(self.line, path, result)

    def new(self, body: Tree) -> Lim:
        """Return the limit of another function at the same place."""
        return Lim(body, *self.limit._args[1:])

    # --- what numbers say ---------------------------------------------------------------------------------------------

    def sides(self) -> tuple[int, ...]:
        return sides_of(self.limit)

    def found(self, tree: Tree) -> list[Side]:
        """Return what a part does, for each value of the letters and each side."""
        places = [(point, side) for point in self.points for side in self.sides()]
        return [one_sided(tree, self.variable, self.target, side, point) for point, side in places]

    def tendency(self, tree: Tree) -> Tendency:
        """Return what a part tends to; Depends where letters decide."""
        found = self.found(tree)
        kinds = {_kind(side) for side in found}
        if len(kinds) > 1:
            if self.letters and "unknown" not in kinds and symbols_of(tree) & set(self.letters):
                raise self.depends()
            return Tendency("unknown")
        (kind,) = kinds
        value = found[0].value if not self.letters and found[0].is_known else None
        return Tendency(kind, self._sign(tree, found, kind), value)

    def depends(self) -> Depends:
        """Return the error that letters decide what the limit is."""
        names = " and ".join(str(s.name) for s in self.letters)
        return Depends(f"The limit depends on {names}.", hint="Give numbers for the letters.")

    def _sign(self, tree: Tree, found: Sequence[Side], kind: str) -> int:
        if kind == "finite" or kind == "infinite":
            signs = {int(mp.sign(side.value)) for side in found}
        elif kind == "zero":
            signs = {self.sign_beside(tree, side, point) for point in self.points for side in self.sides()}
        else:
            return 0
        return signs.pop() if len(signs) == 1 else 0

    def sign_beside(self, tree: Tree, side: int, letters: Letters) -> int:
        """Return the sign of a function close to the place, 0 where it changes or cannot be told."""
        signs = {int(mp.sign(v)) if v is not None else 0 for v in values_beside(tree, self.limit, side, letters)}
        return signs.pop() if len(signs) == 1 else 0

    def numbers(self, tree: Tree) -> list[Any] | None:
        """Return the values of a tree without the variable, for each value of the letters; None where it has none."""
        if self.variable in symbols_of(tree) or not is_exact(tree):
            return None
        try:
            return [evaluate(tree, point) for point in self.points]
        except (SymbackError, ArithmeticError, ValueError):
            return None

    def comes_to(self, tree: Tree, value: Tree) -> bool:
        """Tell whether numbers say that a function comes to a value."""
        numbers = self.numbers(value)
        if numbers is None or self.has_zero_to_zero(tree):
            return False
        each = [Side(Trend.SETTLES, n) for n in numbers for _ in self.sides()]
        return all(a.agrees(b) for a, b in zip(self.found(tree), each, strict=True))

    def has_zero_to_zero(self, tree: Tree) -> bool:
        """Tell whether a power in a function becomes 0^0 at the place, for which there is no value."""
        powers = (node for node in walk(tree) if isinstance(node, Power) and self.variable in symbols_of(node._args[1]))
        return any(self.tendency(node._args[0]).kind == "zero" for node in powers)

    def put_in(self, tree: Tree) -> Tree:
        """Return a tree with the place in the place of the variable."""
        value = substituted(tree, {self.variable: self.target})
        return ZERO if value == Neg(ZERO) else value


def is_exact(tree: Tree) -> bool:
    """Tell whether a constant has a value by exact arithmetic: sin(pi)/sin(2pi) has none, though numbers see one."""
    try:
        return not value_of(tree).has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo)
    except (SymbackError, ArithmeticError, ValueError, TypeError):
        return False


def _kind(side: Side) -> str:
    if side.trend is Trend.SWINGS:
        return "swings"
    if not side.is_known:
        return "unknown"
    if mp.isinf(side.value):
        return "infinite"
    return "zero" if abs(side.value) <= max(10 * side.error, NOTHING) else "finite"


def first_limit(tree: Tree) -> Path | None:
    """Return the place of the first limit in a line."""
    stack: list[tuple[Tree, Path]] = [(tree, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, Lim):
            return path
        if isinstance(node, Inert):
            stack.extend((a, (*path, i)) for i, a in reversed(list(enumerate(node._args))))
    return None


def has_limit(tree: Tree) -> bool:
    """Tell whether a limit is still to be worked out."""
    return any(isinstance(node, Lim) for node in walk(tree))


Method = Callable[[Work, Path, Tree], bool]


def run(work: Work, methods: Sequence[Method]) -> None:
    """Work all limits of the line out, by the first method that leads to the end; Stuck where none does."""
    path = first_limit(work.line)
    if path is None:
        return
    if process_time() > work.deadline or len(work.seen) > DEEPEST:
        raise Stuck
    limit = at(work.line, path)
    body = limit._args[0]
    if limit in work.seen:
        raise Stuck
    work.seen.append(limit)
    moves, line, seen = list(work.moves), work.line, list(work.seen)
    for method in methods:
        try:
            if method(work, path, body):
                run(work, methods)
                return
        except (Stuck, SymbackError, ArithmeticError, NotImplementedError, sympy.PolynomialError) as error:
            if isinstance(error, Depends):
                raise
        work.moves[:], work.line, work.seen = moves, line, list(seen)
    raise Stuck
