"""A textbook's pace: which tidying shares a line, and which lines a board leaves out.

Three kinds of tidying. Bookkeeping (zeros, ones, signs, order) belongs to the line that makes it. Arithmetic shares one
line, whatever the places. An idea (expand, collect, factor out) has its line, once for all places that follow each
other; arithmetic joins the idea that it prepares.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from symback.calculus.tidy import rules
from symback.expr.rule import Move, Rule, next_line
from symback.expr.tree import Plus, Tree, walk

BOOKKEEPING = frozenset(
    rule.name
    for rule in (
        rules.MULTIPLY_BY_ONE,
        rules.MULTIPLY_BY_ZERO,
        rules.DIVIDE_BY_ONE,
        rules.ZERO_NUMERATOR,
        rules.DROP_ZEROS,
        rules.EXPONENT_ONE,
        rules.EXPONENT_ZERO,
        rules.NUMBER_FIRST,
        rules.REORDER,
        rules.REMOVE_BRACKETS,
        rules.REMOVE_MINUS_BRACKETS,
        rules.SIMPLIFY_SIGNS,
    )
)
IDEAS = frozenset(
    rule.name
    for rule in (
        rules.EXPAND,
        rules.COLLECT,
        rules.ADD_NUMBERS,
        rules.ADD_FRACTIONS,
        rules.DIVIDE_FRACTIONS,
        rules.FACTOR_OUT,
        rules.FACTOR,
        rules.CANCEL,
        rules.CLEAR_FRACTIONS,
        rules.PYTHAGORAS,
        rules.COMPLEMENT,
        rules.QUOTIENT_IDENTITY,
        rules.RECIPROCAL_IDENTITY,
        rules.CHANGE_BASE,
        rules.CHOOSE,
        rules.REFERENCE_ANGLE,
    )
)
# Ideas that arithmetic prepares, so that both are one line; unless it does more than multiply and combine.
PREPARED = frozenset(
    rule.name
    for rule in (
        rules.EXPAND,
        rules.COLLECT,
        rules.ADD_NUMBERS,
        rules.PYTHAGORAS,
        rules.QUOTIENT_IDENTITY,
        rules.RECIPROCAL_IDENTITY,
    )
)
SEEN = frozenset((rules.POWER_OF_POWER.name, rules.NEGATIVE_POWER.name, rules.NUMBER_POWER.name))
ARITHMETIC = "arithmetic"
SUBSTITUTE = "substitute"


def kind_of(rule: Rule, piece: Tree, of_values: bool = False) -> str:
    """Return the kind of a tidying rule: the name of an idea, ARITHMETIC, or "" for bookkeeping.

    Where a value is worked out, arithmetic is what is to be seen, so each of its rules is an idea.
    """
    if rule.name in BOOKKEEPING:
        return ""
    if of_values:
        return rule.name
    if rule.name not in IDEAS or (rule is rules.CANCEL and not any(isinstance(n, Plus) for n in walk(piece))):
        return ARITHMETIC  # x/x is arithmetic, where a bracket cancels it is an idea
    return rule.name


def lines_of_tidying(done: Sequence[tuple[Rule, Tree]], before: Sequence[Move]) -> list[int]:
    """Return the number of the line of each rewrite, a rule and the piece it changed, that comes after some moves.

    Bookkeeping goes with the arithmetic or idea behind it, at the end with the line before; but values that were put in
    are seen as they are.
    """
    of_values = not before or any(move.rule.name == SUBSTITUTE for move in before)
    line = next_line(before) - (0 if of_values and done and not kind_of(*done[0]) else 1)
    kind, names, lines = "", set[str](), list[int]()
    waiting = 0
    for rule, piece in done:
        new = kind_of(rule, piece, of_values)
        names.add(rule.name)
        if not new:
            lines.append(line)
            waiting += not kind and not of_values
            continue
        if not _joins(new, kind, names - {rule.name}):
            line += 1
            lines[len(lines) - waiting :] = [line] * waiting
            kind, names, waiting = new, {rule.name}, 0
        elif new != ARITHMETIC:
            kind = new
        lines.append(line)
    return lines


def _joins(new: str, kind: str, names: Set[str]) -> bool:
    """Tell whether tidying of a kind joins the line that has the other kind and these rules."""
    if not kind:
        return False
    if new in (ARITHMETIC, kind):
        return True
    if kind != ARITHMETIC:
        return False
    if new == rules.CLEAR_FRACTIONS.name:
        return rules.NEGATIVE_POWER.name in names
    if new not in PREPARED or names & SEEN:
        return False
    return new == rules.ADD_NUMBERS.name or rules.MULTIPLY_FRACTIONS.name not in names
