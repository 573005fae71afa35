"""A formula made shorter by the equation of its curve: -(x^2 + y^2)/y^3 is -25/y^3 where x^2 + y^2 = 25."""

from __future__ import annotations

from itertools import permutations

import sympy
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from symback.errors import SymbackError
from symback.expr.rule import Move, Rule, next_line
from symback.expr.tree import Equal, Inert, Neg, Plus, Quotient, Tree, fold, symbols_of, weight_of
from symback.syntax.convert import from_sympy

USE_EQUATION = "use the equation"
ROOM = 6  # by so much a form may be longer that has no common factor any more
LONGEST = 120  # operations of what is looked at
MOST_LETTERS = 4


def shortened(line: Tree, left: Tree, right: Tree, moves: list[Move]) -> Tree:
    """Return a formula in its shortest form on the curve, adding the moves that lead there."""
    lowest = in_lowest_terms(line)
    if lowest is not None:
        moves.append(Move(lowest[0], (), line, lowest[1], line=moves[-1].line if moves else 1))
        line = lowest[1]
    found = _by_equation(line, left, right)
    if found is None:
        return line
    rule = Rule(USE_EQUATION, "what the equation says to be equal is put in for each other")
    moves.append(Move(rule, (), line, found, line=next_line(moves)))
    return found


LOWEST = Rule("simplify", "one fraction in lowest terms", minor=True)


def in_lowest_terms(line: Tree) -> tuple[Rule, Tree] | None:
    """Return a rational expression as one fraction in lowest terms, factored, where that is shorter; else None."""
    value = _rational(line)
    if value is None:
        return None
    above, below = sympy.fraction(sympy.together(value))
    cancels = sympy.gcd(sympy.expand(above), sympy.expand(below)) != 1
    found = _quotient(*sympy.fraction(sympy.cancel(above / below)))
    room = ROOM if cancels else 0
    return None if found is None or weight_of(found) >= weight_of(line) + room else (LOWEST, found)


def _rational(line: Tree) -> Expr | None:
    """Return a rational expression as SymPy has it; None for any other, and for a long one."""
    value = line.doit()
    if value.count_ops() > LONGEST or len(value.free_symbols) > MOST_LETTERS:
        return None
    return value if value.free_symbols and value.is_rational_function(*value.free_symbols) else None


def _by_equation(line: Tree, left: Tree, right: Tree) -> Tree | None:
    value, curve = _rational(line), _rational(Plus(left, Neg(right)))
    letters = sorted(symbols_of(Equal(left, right)), key=str)
    if value is None or curve is None:
        return None
    curve = sympy.numer(sympy.together(curve))
    above, below = sympy.fraction(sympy.cancel(sympy.together(value)))
    best: Tree | None = None
    for order in permutations(letters):
        remainder = sympy.reduced(sympy.expand(above), [sympy.expand(curve)], *order)[1]
        found = _quotient(*sympy.fraction(sympy.cancel(remainder / below)))
        if found is not None and weight_of(found) < weight_of(best or line):
            best = found
    return best


def _quotient(above: Expr, below: Expr) -> Tree | None:
    """Return a quotient with both parts factored, and its sign in front."""
    above, below = sympy.factor(above), sympy.factor(below)
    if below.could_extract_minus_sign():
        above, below = -above, -below
    sign = above.could_extract_minus_sign()
    above = -above if sign else above
    try:
        top, bottom = (positive_first(from_sympy(part)) for part in (above, below))
    except SymbackError:
        return None
    whole = top if below == 1 else Quotient(top, bottom)
    return Neg(whole) if sign else whole


def positive_first(tree: Tree) -> Tree:
    """Return an expression with what is positive first in each sum."""

    def change(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Plus):
            return Plus(*sorted(inner, key=lambda term: isinstance(term, Neg)))
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, change)
