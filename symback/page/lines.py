"""What is shown of a derivation: which steps share a line, what of each line is marked, and the reason beside it.

Every format shows these lines, so folding is decided in this one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from symback.calculus.board import groups_of, orders_of
from symback.calculus.immediate import CHAIN, SMALL
from symback.calculus.reasons import goes_out_at_the_top, names_of
from symback.errors import UsageError
from symback.expr.rule import Derivation, Move
from symback.expr.tree import Diff, Inert, Path, Plus, Times, Tree, at, number_value, put, symbol, symbols_of
from symback.page.formula.value import NOTHING, Formula, derivative_of, formula
from symback.page.maths import text
from symback.page.pieces import Mark, Taken

SUBSTITUTE = "substitute"  # the rule that puts in the values of a point
DETAILS = ("brief", "normal", "full", "proof")  # proof is normal, with more said of backpropagations
FEW, LOOKED_AT = 40, 8  # steps that are never long, and lines that are looked at where there are more
LARGEST = 200_000  # characters: where all whole lines together are longer, each step is shown where it happens
INNER = "uo"  # the letters of inner functions: all that is said of a chain rule
MOST_REASONS = 3  # of one line: with more, nobody sees what each is about
INFINITY = symbol("oo")  # of an integral or a limit, which is no variable
_FRAMES = frozenset(("seed", "chain rule"))  # seen at once, so they count for nothing


class Line(NamedTuple):
    """A line to show: the tree, the moves that lead to it, the places that they changed, and those taken next."""

    tree: Tree
    moves: tuple[Move, ...] = ()
    marks: tuple[Path, ...] = ()
    decimal: float | None = None  # the value of a last line that is a constant, but no plain number
    taken: tuple[Path, ...] = ()  # what the moves of the next line take
    constants_out: bool = False  # whether a constant factor goes out of the question itself, or of a term of it

    @property
    def marked(self) -> Tree:
        """The tree with a `Mark` around all that changed, and a `Taken` around all that the next line takes."""
        tree = self.tree
        places = [(path, Mark) for path in self.marks] + [(path, Taken) for path in self.taken]
        for path, mark in sorted(places, key=lambda place: len(place[0]), reverse=True):  # what is inside comes first
            if path:  # a line that is new, or taken, as a whole needs no mark
                tree = put(tree, path, mark(at(tree, path)))
        return tree


class Reason(NamedTuple):
    """Why a line equals the one before: rule names, what the letters stand for, further rules folded into it.

    `inner` are the bindings of inner functions, for the sentence "Let u = ...".
    """

    names: tuple[str, ...]
    bindings: tuple[tuple[str, Tree], ...] = ()
    more: tuple[str, ...] = ()
    inner: tuple[tuple[str, Tree], ...] = ()


def has_several(derivation: Derivation) -> bool:
    """Tell whether more than one variable occurs, so that ∂ is written for d."""
    return len(symbols_of(derivation.start) - {INFINITY}) > 1


def shown(derivation: Derivation, detail: str = "normal") -> tuple[Line, ...]:
    """Return the lines to show, the start line first.

    `normal` shows one idea a line, `brief` some of these lines, `full` every step.
    """
    if detail not in DETAILS:
        raise UsageError(f"There is no detail {detail!r}.", hint=f"Choose one of: {', '.join(DETAILS)}.")
    lines = [Line(derivation.start)]
    for group in groups_of(derivation, detail):
        line, taken = _after(lines[-1].tree, group)
        lines[-1] = lines[-1]._replace(taken=taken)
        lines.append(line)
    return (*lines[:-1], lines[-1]._replace(decimal=decimal_of(derivation)))


def decimal_of(derivation: Derivation) -> float | None:
    """Return the decimal value of a derivation that works out a value, where the last line is not a plain number."""
    is_value = derivation.point or not derivation.variables
    return derivation.approximate if is_value and number_value(derivation.last) is None else None


def shown_alone(derivation: Derivation, detail: str = "normal") -> Iterator[tuple[Tree, Line]]:
    """Yield each step by itself, for a derivation that is long: what was there, and a line of what came of it."""
    for move in derivation.moves:
        if detail != "brief" or not move.rule.minor:
            yield move.piece, Line(move.result, (move,))


def is_long(derivation: Derivation) -> bool:
    """Tell whether whole lines would be so long together that each step is shown by itself.

    A few lines on the way are looked at: those of nested products are much longer than the first and the last.
    """
    moves = len(derivation.moves)
    if moves < FEW:
        return False
    lines = derivation.lines()
    return moves * max(len(text(line)) for line in (*lines[:: moves // LOOKED_AT], lines[-1])) > LARGEST


def left_and_lines(
    derivation: Derivation, detail: str, several: bool, left: Formula = NOTHING
) -> tuple[Formula, Sequence[Line]]:
    """Return what stands left of the equals signs, and the lines right of them.

    Left stands the question itself, d/dx [x^2], or where the function has a name its derivative, df/dx.
    """
    lines = shown(derivation, detail)
    if not left and derivation.name and isinstance(derivation.start, Diff):
        left = derivative_of(derivation.name, derivation.variables, several)
    if not left:
        return formula(derivation.start, several), lines[1:]
    begins_with_values = len(lines) > 1 and lines[1].moves[0].rule.name == SUBSTITUTE
    return left, lines[1:] if begins_with_values else lines


# --- higher derivatives -------------------------------------------------------------------------------------------


def by_order(derivation: Derivation) -> tuple[Derivation, ...]:
    """Return a derivation of higher order as one of the first derivative, one of the second from that, and so on."""
    orders = orders_of(derivation)
    if len(orders) < 2 or len(orders) != len(derivation.variables):
        return (derivation,)
    line, found = derivation.start, list[Derivation]()
    for done, moves in enumerate(orders):
        depth = len(orders) - 1 - done
        start = at(line, (0,) * depth)
        for move in moves:
            line = put(line, move.path, move.result)
        inner = tuple(replace(move, path=move.path[depth:]) for move in moves)
        last = at(line, (0,) * depth)
        point = derivation.point if not depth else ()
        variables = derivation.variables[done : done + 1]
        found.append(
            replace(derivation, start=start, moves=inner, last=last, variables=variables, name="", point=point)
        )
    return tuple(found)


# --- lines and marks ----------------------------------------------------------------------------------------------


def _after(before: Tree, group: Sequence[Move]) -> tuple[Line, tuple[Path, ...]]:
    """Return the line that a group of moves leads to, and the places in the line before that they take."""
    tree = before
    marks: list[Path] = []
    taken: list[Path] = []
    done: list[_Done] = []
    constants_out = False
    for move in group:
        constants_out = constants_out or goes_out_at_the_top(tree, move)
        new, shift = places_after(tree, move)
        taken += _places_before(move.path, done)
        done.append((new, shift))
        kept = (shifted(mark, shift) for mark in marks if mark[: len(move.path)] != move.path)
        marks = [*kept, *new]
        tree = put(tree, move.path, move.result)
    return Line(tree, tuple(group), _outermost(tree, marks), constants_out=constants_out), _outermost(before, taken)


_Shift = tuple[Path, int, int]  # in the sum or product at the path, arguments behind the index moved by so many places
_Done = tuple[list[Path], _Shift]  # where the result of a move stands, and what that moved


def _places_before(path: Path, done: Sequence[_Done]) -> Iterator[Path]:
    """Yield where a place stood before some moves; nothing where one of them made what stands there."""
    for places, (parent, index, by) in reversed(done):
        if any(path[: len(place)] == place for place in places):
            return
        depth = len(parent)
        if by and len(path) > depth and path[:depth] == parent and path[depth] > index + by:
            path = (*parent, path[depth] - by, *path[depth + 1 :])
    yield path


def places_after(tree: Tree, move: Move) -> tuple[list[Path], _Shift]:
    """Return where the result of a move stands afterwards: a sum put into a sum is several of its terms."""
    parents = []
    for index in move.path:
        parents.append(tree)
        tree = tree._args[index]
    new, count = type(move.result), len(move.result._args)
    places: list[Path] = [()]
    shift: _Shift = ((), 0, 0)
    for depth in range(len(parents) - 1, -1, -1):
        parent, index = type(parents[depth]), move.path[depth]
        if depth == len(parents) - 1 and new is parent and parent in (Plus, Times):  # as `tree.put` joins
            places = [(index + p[0], *p[1:]) for p in (places if places != [()] else [(i,) for i in range(count)])]
            shift = (move.path[:depth], index, count - 1)
        else:
            places = [(index, *p) for p in places]
    return places, shift


def shifted(mark: Path, shift: _Shift) -> Path:
    parent, index, by = shift
    depth = len(parent)
    if by and len(mark) > depth and mark[:depth] == parent and mark[depth] > index:
        return (*parent, mark[depth] + by, *mark[depth + 1 :])
    return mark


def _outermost(tree: Tree, marks: Sequence[Path]) -> tuple[Path, ...]:
    """Return the marks that stand in the tree and inside no other mark."""
    found = [m for m in marks if _stands(tree, m)]
    return tuple(m for m in found if not any(m != o and m[: len(o)] == o for o in found))


def _stands(tree: Tree, path: Path) -> bool:
    for index in path:
        if not isinstance(tree, Inert) or index >= len(tree._args):
            return False
        tree = tree._args[index]
    return True


# --- reasons ------------------------------------------------------------------------------------------------------


def reason_of(line: Line, detail: str = "normal") -> Reason:
    """Return the reason of a line: `chain rule`, u = 3x, and the exponential rule that was used beside it."""
    if not line.moves:
        return Reason(())
    if detail == "full" or len(line.moves) == 1:
        return _of_one(line.moves[0], detail)
    names = names_of(line.moves, detail == "brief", line.constants_out)
    major = [move for move in line.moves if not move.rule.minor and move.rule.name not in SMALL]
    if names[0] == CHAIN:
        chains = [move for move in major if move.rule.name == CHAIN]
        inner = _inner(chains[0]) if len(chains) == 1 else ()
        return Reason(names[:1], inner, names[1:], inner)
    return Reason(names, _bindings(major[0]) if len(major) == len(names) == 1 else ())


def _of_one(move: Move, detail: str) -> Reason:
    name = move.rule.name
    bindings = _bindings(move) if detail == "full" or not move.rule.minor else ()
    if "chain rule" not in name:
        return Reason((name,), bindings)
    inner = _inner(move)
    return Reason((name,), bindings if detail == "full" or name != "chain rule" else inner, (), inner)


def _inner(move: Move) -> tuple[tuple[str, Tree], ...]:
    """Return the inner functions of a chain rule, by the letters that are shown for them."""
    return tuple((letter, tree) for own, letter, tree in move.roles if own[0] in INNER)


def _bindings(move: Move) -> tuple[tuple[str, Tree], ...]:
    """Return what the letters of a move stand for; an inner function that the user named goes by that name."""
    if move.rule.name != "inner function":
        return move.bindings
    name = dict(move.bound)["o"].name
    return tuple((name, tree) for _, tree in move.bindings)


def are_many(reasons: Iterable[str]) -> bool:
    """Tell whether so many reasons beside one line could not be told apart.

    >>> are_many(("seed", "chain rule", "power rule", "sum rule", "identity rule")), are_many("abcd")
    (False, True)
    """
    return (
        sum(name not in _FRAMES and not name.startswith("sum over") for name in dict.fromkeys(reasons)) > MOST_REASONS
    )
