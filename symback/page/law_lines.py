"""A law as a page shows it beside a line: (u v)' = u' v + u v', whatever variable the line is derived by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sympy.core.symbol import Str

from symback.errors import SymbackError
from symback.expr.rule import Move, Rule
from symback.expr.tree import Diff, Tree, symbol
from symback.page.formula.value import EQUALS, NOTHING, Formula, spelled_by
from symback.page.maths import write
from symback.page.notation import Notation
from symback.page.page import Law
from symback.syntax import parse_law

X = symbol("x")
BRACKETS = {"latex": (r"\left(", r"\right)")}
STANDS_FOR = "q{}"  # a name for a derivative while the formula around it is written: no law has such a letter


def laws_of(moves: Sequence[Move], names: Sequence[str]) -> tuple[Law, ...]:
    """Return the laws that were used in a line, those whose names are said beside it, each once."""
    used = dict.fromkeys(_shown(move) for move in moves if not move.rule.minor)
    found = (Law(rule.name, law_formula(rule.law)) for rule in used)
    said = " ".join(names)
    return tuple(law for law in found if law.formula and _is_said(law.name, said))


def _shown(move: Move) -> Rule:
    """Return the rule in the letters that are shown; with its own x where x is not what the line is derived by."""
    return move.rule if "x" in dict(move.letters) else move.rule_shown


def _is_said(name: str, said: str) -> bool:
    return name.removeprefix("derivative of ") in said


@lru_cache(maxsize=512)
def law_formula(law: str) -> Formula:
    r"""Return a law as a formula; nothing where it is a sentence.

    >>> law_formula("D(u*v) = D(u)*v + u*D(v)").latex
    "\\left(u v\\right)' = u' v + u v'"
    >>> law_formula("a derivative of its own")
    Formula('')
    """
    left, equals, right = law.partition(" = ")
    try:
        sides = (parse_law(left), parse_law(right)) if equals else ()
    except SymbackError:
        return NOTHING
    if not sides:
        return NOTHING
    return _formula(sides[0]) + EQUALS + _formula(sides[1])


def _formula(tree: Tree) -> Formula:
    return spelled_by(lambda notation: _written(tree, notation))


def _written(tree: Tree, notation: Notation) -> str:
    """Return a tree whose derivatives by x have a prime: first what is derived, then the formula with that put in."""
    primed: list[str] = []

    def put(part: Tree) -> Tree:
        if isinstance(part, Diff) and part._args[1] == X:
            inner = _written(part._args[0], notation)
            opening, closing = BRACKETS.get(notation.name, ("(", ")"))
            primed.append(f"{inner}'" if len(inner) == 1 else f"{opening}{inner}{closing}'")
            return symbol(STANDS_FOR.format(len(primed)))
        arguments = tuple(put(one) if type(one) is not Str else one for one in part.args)
        return part if arguments == part.args else type(part)(*arguments)

    changed = put(tree)
    written = write(changed, notation)
    for i, shown in enumerate(primed, 1):
        written = written.replace(write(symbol(STANDS_FOR.format(i)), notation), shown)
    return written
