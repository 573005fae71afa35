"""What is wrong with a line, whatever the reason: the shortest correction of one of its terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any, NamedTuple

import sympy
from sympy.core.add import Add
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.errors import SymbackError
from symback.expr.match import negated
from symback.expr.tree import (
    ZERO,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    number,
    number_value,
    put,
    substituted,
    sum_of,
    symbol,
    symbols_of,
    weight_of,
)
from symback.syntax.convert import from_sympy
from symback.working.floats import points_for, values_at
from symback.working.right import tidied, worked_out

SIGN, COEFFICIENT, EXPONENTS = "wrong sign", "wrong coefficient", "wrong exponents"
MISSING, TOO_MANY, TERM, LINE = "a term is missing", "a term too many", "wrong term", "the whole line"
LARGEST = 300  # signs on paper of what is expanded
LARGEST_BRACKET = 120  # signs on paper of a product that is divided by its other factors
HIGHEST = 12  # power of a sum that is multiplied out
SHORTEST_BREAKS = 1000  # denominator of a coefficient


class Fact(NamedTuple):
    """What a term is and what it should be: None for one that is missing, and for one too many.

    `place` is where the given term stands in the line, None for one that is missing and for a whole line; `line` is the
    line with the correction.
    """

    how: str
    given: Tree | None
    right: Tree | None
    line: Tree
    place: tuple[int, ...] | None = None


def fact(before: Tree, line: Tree) -> Fact:
    """Return the shortest correction that gives the line the value of the line before.

    >>> from symback.syntax import parse
    >>> fact(parse("d/dx [x^3 - 4x]"), parse("3x^2 + 4"))[:3]
    ('wrong sign', 4, Neg(4))
    """
    if isinstance(line, Neg) and isinstance(line._args[0], Plus):
        return _behind_a_minus(fact(negated(before), line._args[0]))
    with suppress(SymbackError, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError):
        best = min(_corrections(before, line), key=lambda found: found[0], default=None)
        if best is not None:
            is_of_the_whole = best[1].how in (SIGN, COEFFICIENT)
            return best[1] if is_of_the_whole else _in_a_bracket(before, line) or best[1]
    try:
        right = tidied(before)
    except SymbackError:
        right = before
    return Fact(LINE, line, right, right)


def _in_a_bracket(before: Tree, line: Tree) -> Fact | None:
    """Return what is wrong with one term in the bracket of w (u + v), where the other factors are right."""
    factors = line._args if isinstance(line, Times) else ()
    places = [i for i, factor in enumerate(factors) if isinstance(factor, Plus)]
    if len(places) != 1 or weight_of(before) + weight_of(line) > LARGEST_BRACKET:
        return None
    place = places[0]
    algebra = Algebra()
    rest = sympy.Mul(*(algebra.expanded(worked_out(f)) for i, f in enumerate(factors) if i != place))
    top, bottom = sympy.fraction(sympy.cancel(algebra.expanded(worked_out(before)) / rest))
    if not bottom.is_number:
        return None
    inside = fact(algebra.back(sympy.expand(top / bottom)), factors[place])
    if inside.how == LINE:
        return None
    whole = Times(*factors[:place], inside.line, *factors[place + 1 :])
    return inside._replace(line=whole, place=None if inside.place is None else (place, *inside.place))


def _behind_a_minus(inside: Fact) -> Fact:
    """Return what is wrong in the bracket of -(u + v) as a fact about the whole line."""
    line = Neg(inside.line)
    if inside.how == LINE and inside.given is not None and inside.right is not None:
        return Fact(LINE, Neg(inside.given), negated(inside.right), negated(inside.line))
    return inside._replace(line=line, place=None if inside.place is None else (0, *inside.place))


Rated = tuple[tuple[float, int], Fact]  # how long the correction is, and the place from the end


def _corrections(before: Tree, line: Tree) -> Iterator[Rated]:
    """Yield each line that differs from the given one in a single term, and is right."""
    wanted = worked_out(before)
    if max(weight_of(wanted), weight_of(line)) > LARGEST:
        return
    algebra = Algebra()
    total = algebra.expanded(wanted)
    shown, terms = _terms(line), _terms(worked_out(line))
    values = [algebra.expanded(term) for term in terms]
    for i, term in enumerate(terms):
        needed = sympy.expand(Add(total, *(-v for j, v in enumerate(values) if j != i)))
        if len(terms) == 1:
            right = tidied(wanted)
        elif needed == 0 or len(Add.make_args(needed)) <= len(Add.make_args(values[i])):
            right = algebra.back(needed)
        else:
            continue  # more than one term: no correction of this one
        length, made = _of_term(line, i, shown[i], term, right)
        yield (length * _size(needed) - _size(values[i]), -i), made
    missing = sympy.expand(Add(total, *(-v for v in values)))
    if not missing.is_Add and missing != 0:
        added = algebra.back(missing)
        yield (_size(missing), 1), Fact(MISSING, None, added, Plus(*shown, added))


def _of_term(line: Tree, place: int, shown: Tree, given: Tree, right: Tree) -> tuple[float, Fact]:
    """Return a correction of one term, and how simple that kind of correction is: 1 for an ordinary one."""
    path = (place,) if isinstance(line, Plus) else ()

    def made(how: str, right: Tree) -> Fact:
        return Fact(how, shown, right, put(line, path, right) if path else right, path)

    if right == ZERO and path:
        others = [t for j, t in enumerate(line._args) if j != place]
        return 1.0, Fact(TOO_MANY, shown, None, sum_of(others), path)
    ratio = ratio_of(given, right)
    if ratio == -1:
        return 0.4, made(SIGN, negated(shown))
    if ratio is not None and ratio != 1:
        return 0.5, made(COEFFICIENT, scaled(shown, 1 / ratio))
    is_power = _powers(given) == _powers(right)
    return (1.0, made(EXPONENTS, right)) if is_power else (1.5, made(TERM, right))


class Algebra:
    """Trees as polynomials for SymPy: whatever is no sum, product or whole power of others is a letter of its own."""

    def __init__(self) -> None:
        self._letters: dict[Tree, Symbol] = {}

    def expanded(self, tree: Tree) -> Expr:
        """Return the polynomial that a tree is, multiplied out."""
        return sympy.expand(self._of(tree))

    def _of(self, tree: Tree) -> Expr:
        args: tuple[Tree, ...] = tree._args if isinstance(tree, Inert) else ()
        value = number_value(tree)
        if value is not None:
            return sympy.Rational(value.numerator, value.denominator)
        if isinstance(tree, (Plus, Times)):
            return (sympy.Add if isinstance(tree, Plus) else sympy.Mul)(*map(self._of, args))
        if isinstance(tree, Neg):
            return -self._of(args[0])
        if isinstance(tree, Quotient):
            return self._of(args[0]) * self._power(args[1], -1)
        if isinstance(tree, Power):
            exponent = number_value(args[1])
            if exponent is not None and exponent.denominator == 1:
                return self._power(args[0], int(exponent))
        return self._letter(tree)

    def _power(self, base: Tree, exponent: int) -> Expr:
        if isinstance(base, Times):
            return sympy.Mul(*(self._power(factor, exponent) for factor in base._args))
        if isinstance(base, Power) and (inner := number_value(base._args[1])) is not None and inner.denominator == 1:
            return self._power(base._args[0], int(inner) * exponent)
        is_whole = isinstance(base, Plus) and not 0 <= exponent <= HIGHEST
        return (self._letter(base) if is_whole else self._of(base)) ** exponent

    def _letter(self, tree: Tree) -> Symbol:
        return self._letters.setdefault(tree, symbol(f"Q{900 + len(self._letters)}"))

    def back(self, expression: Expr) -> Tree:
        """Return a polynomial as a tree in textbook form."""
        return tidied(substituted(from_sympy(expression), {letter: tree for tree, letter in self._letters.items()}))


def _terms(tree: Tree) -> Sequence[Tree]:
    return tree._args if isinstance(tree, Plus) else (tree,)


def _size(expression: Expr) -> float:
    return float(expression.count_ops()) + len(expression.free_symbols) + 1


def ratio_of(given: Tree, right: Tree) -> Fraction | None:
    """Return the number by which a term differs from the right one, None where it is no number."""
    points = points_for(tuple(symbols_of(given) | symbols_of(right)))
    pairs = zip(values_at(given, points), values_at(right, points), strict=True)
    found = [u / v for u, v in pairs if u is not None and v]
    if len(found) < len(points) or not found or max(abs(q - found[0]) for q in found) > 1e-9 * abs(found[0]):
        return None
    ratio = Fraction(found[0].real).limit_denominator(SHORTEST_BREAKS)
    return ratio if ratio and abs(complex(float(ratio)) - found[0]) <= 1e-9 * abs(found[0]) else None


def scaled(term: Tree, factor: Fraction) -> Tree:
    """Return a term times a number, its own number first."""
    if isinstance(term, Neg):
        return negated(scaled(term._args[0], factor))
    return (
        tidied(Times(number(factor), term))
        if number_value(term) is None
        else number(factor * (number_value(term) or 0))
    )


def _powers(tree: Tree) -> Any:
    """Return the size of the number of a product, and the bases of its powers; () where it is none of these."""
    bases: dict[Tree, None] = {}
    size = Fraction(1)
    stack = [(tree, 1)]
    while stack:
        node, way = stack.pop()
        if isinstance(node, Neg):
            stack.append((node._args[0], way))
        elif isinstance(node, Times):
            stack += [(factor, way) for factor in node._args]
        elif isinstance(node, Quotient):
            stack += [(node._args[0], way), (node._args[1], -way)]
        elif isinstance(node, Power) and number_value(node._args[1]) is not None:
            stack.append((node._args[0], way)) if isinstance(node._args[0], Power) else bases.setdefault(node._args[0])
        elif (value := number_value(node)) is not None and value:
            size *= abs(value) ** way
        else:
            bases.setdefault(node)
    return (size, frozenset(bases)) if bases else tree
