"""Parts that several questions about curves have: a derivative, a value at a point, a line in its shortest form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sympy.core.symbol import Symbol

from symback.calculus.at_point import SUBSTITUTE, value_at
from symback.calculus.derive import derive
from symback.calculus.question import Question
from symback.calculus.worked import Chain
from symback.expr.rule import Derivation, Move
from symback.expr.tree import Tree, apply, substituted, symbol, without_lets
from symback.verify.domain import check_value, point_of

LIMIT = "limit of the difference quotient"


class Slope(NamedTuple):
    """A derivative, and its value at a point: both as chains of lines."""

    formula: Chain
    at_point: Chain

    @property
    def value(self) -> Tree:
        """The value at the point."""
        return self.at_point.derivation.last


def letter_for(question: Question, taken: Sequence[Symbol] = ()) -> str:
    """Return what a function is called on paper: its own name, or f, or another letter where that is taken."""
    held = {s.name for s in (*question.variables(), *taken)}
    names = (question.name, "f", "g", "h", "F", "phi")
    return next(name for name in names if name and name not in held)


def calm(moves: Sequence[Move]) -> list[Move]:
    """Return the moves of a value as two lines: the values put in, and what they come to."""
    begins = bool(moves) and moves[0].rule.name == SUBSTITUTE
    return [replace(move, line=1 if i == 0 and begins else 2) for i, move in enumerate(moves)]


def value_chain(function: Tree, values: Mapping[str, Tree], left: Tree) -> Chain:
    """Return the working of a value; DomainError where the function has none."""
    check_value(function, point_of(_known(values)))
    moves: list[Move] = []
    last = value_at(function, values, moves)
    return Chain(Derivation(function, tuple(calm(moves)), last), left)


def _known(values: Mapping[str, Tree]) -> dict[Symbol, Tree]:
    return {symbol(name): value for name, value in values.items()}


def slope(question: Question, variable: Symbol, values: Mapping[str, Tree], name: str, several: bool) -> Slope:
    """Return a derivative and its value at a point; DomainError where there is none."""
    found = derive(question, [variable], at=dict(values))
    cut = next(
        (i for i, m in enumerate(found.moves) if m.rule.name == SUBSTITUTE or m.rule.name.startswith(LIMIT)), None
    )
    cut = len(found.moves) if cut is None else cut
    line = found.lines()[cut]
    formula = replace(found, moves=found.moves[:cut], last=line, point=(), notes=(), name="")
    at_point = Derivation(
        line, tuple(calm(found.moves[cut:])), found.last, point=found.point if cut < len(found.moves) else ()
    )
    arguments = question.variables() if several else [variable]
    left = _derivative_name(name, variable, arguments, several)
    return Slope(Chain(formula, left, several), Chain(at_point, substituted(left, _known(values)), several))


def _derivative_name(name: str, variable: Symbol, arguments: Sequence[Symbol], several: bool) -> Tree:
    """Return f'(x), or f_x(x, y) of a function of several variables."""
    return apply(f"{name}_{variable.name}", *arguments) if several else apply(f"{name}'", variable)


def plain(question: Question) -> Tree:
    """Return the function of a question with its inner functions written out."""
    return without_lets(question.tree)
