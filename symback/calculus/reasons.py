"""What is said beside a line: structure first, then leaves, three rules at most."""

from __future__ import annotations

from collections.abc import Sequence

from symback.calculus import laws
from symback.calculus.immediate import AS_A_POWER, CONSTANT_MULTIPLE, SMALL, SUMS
from symback.calculus.pace import ARITHMETIC, kind_of
from symback.expr.rule import Move
from symback.expr.tree import Diff, Neg, Plus, Tree, symbols_of

MOST = 3
MOST_IDEAS = 2
SEVERAL = "simplify"  # said of arithmetic of several kinds
OF, OF_SEVERAL = "derivative of ", "derivatives of "
FIRST_LEFT_OUT = (CONSTANT_MULTIPLE, AS_A_POWER)  # where more was done than is said: they only prepare the rules beside
LEAVES = frozenset(("power rule", "exponential rule", "logarithm rule"))


def names_of(moves: Sequence[Move], brief: bool = False, constants_out: bool = False) -> tuple[str, ...]:
    """Return the names said beside a line; `constants_out` tells that a constant factor goes out of all it says."""
    rules = list(dict.fromkeys(m.rule.name for m in moves if not m.rule.minor))
    if not rules:
        return _of_tidying(moves, brief)
    leaves = [name for name in rules if name in LEAVES or name.startswith(OF)]
    small = [name for name in SMALL if name in rules]
    structure = _structure([name for name in rules if name not in (*leaves, *small)], bool(leaves) and not brief)
    said = [*structure, *_joined(leaves)]
    has_sum = any(name in SUMS for name in rules)
    if not said:
        said = small[:2]
    elif CONSTANT_MULTIPLE in small and has_sum and set(structure) <= SUMS and not leaves:
        said.append(CONSTANT_MULTIPLE)
    elif constants_out and not has_sum:
        said.insert(0, CONSTANT_MULTIPLE)
    if said == ["power rule"] and laws.CONSTANT_RULE.name in small and not has_sum and not brief:
        said.append(laws.CONSTANT_RULE.name)
    return tuple(_the_most(said))


def _the_most(names: Sequence[str]) -> Sequence[str]:
    """Return as many names as are said."""
    for name in FIRST_LEFT_OUT:
        if len(names) > MOST:
            names = [other for other in names if other != name]
    return names[:MOST]


def _structure(names: list[str], beside_leaves: bool) -> list[str]:
    """Return the rules that give a line its shape; those of sums are silent beside greater ones, and beside leaves."""
    sums = [name for name in names if name in SUMS]
    others = [name for name in names if name not in SUMS]
    if not sums or others or beside_leaves:
        return others
    return sums if len(sums) == 1 else [laws.SUM_AND_DIFFERENCE_RULE.name]


def _joined(leaves: Sequence[str]) -> list[str]:
    """Join the rows of the table: derivatives of sine and cosine."""
    rows = [name.removeprefix(OF) for name in leaves if name.startswith(OF)]
    others = [name for name in leaves if not name.startswith(OF)]
    if len(rows) < 2:
        return [*others, *(OF + row for row in rows)]
    return [*others, f"{OF_SEVERAL}{', '.join(rows[:-1])} and {rows[-1]}"]


def _of_tidying(moves: Sequence[Move], brief: bool) -> tuple[str, ...]:
    kinds = {move.rule.name: kind_of(move.rule, move.piece) for move in moves}
    ideas = [name for name, kind in kinds.items() if kind not in ("", ARITHMETIC)]
    arithmetic = [name for name, kind in kinds.items() if kind == ARITHMETIC]
    if ideas and not all(symbols_of(move.piece) for move in moves):  # numbers: each rule is worth its name
        named = [name for name, kind in kinds.items() if kind]
        return tuple(named) if len(named) <= MOST else (SEVERAL,)
    if ideas:
        return (" and ".join(ideas[: MOST_IDEAS if brief else 1]), *_behind(ideas[0], list(kinds), arithmetic))
    named = arithmetic or list(kinds)
    return (named[0] if len(named) == 1 else SEVERAL,)


def _behind(idea: str, names: Sequence[str], arithmetic: Sequence[str]) -> tuple[str, ...]:
    """Return what is said of arithmetic that follows an idea in its line; what only prepares it goes unsaid."""
    after = [name for name in arithmetic if names.index(name) > names.index(idea)]
    return () if not after else (after[0] if len(after) == 1 else SEVERAL,)


def goes_out_at_the_top(tree: Tree, move: Move) -> bool:
    """Tell whether a move takes a constant factor out of what the line says, or of a term of it."""
    if move.rule.name != CONSTANT_MULTIPLE:
        return False
    for index in move.path:
        if not isinstance(tree, (Plus, Neg, Diff)) or index >= len(tree._args):
            return False
        tree = tree._args[index]
    return True
