"""An equation that is linear in one derivative, solved for it: expand, collect, factor out, divide."""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd
from typing import NamedTuple

from symback.calculus.curves.on_the_curve import in_lowest_terms
from symback.calculus.engine import tidy
from symback.errors import NoRule
from symback.expr.rule import Move, Rule, next_line
from symback.expr.tree import (
    ONE,
    ZERO,
    Equal,
    Neg,
    Path,
    Plus,
    Quotient,
    Times,
    Tree,
    number,
    number_value,
    product_of,
    put,
    sum_of,
    walk,
)

EXPAND = Rule("expand", "u*(v + w) = u*v + u*w")
REDUCE = Rule("cancel common factors", "(u*w)/(v*w) = u/v", minor=True)
SHORT = frozenset(
    ("simplify signs", "reduce the fraction", "cancel common factors", "drop zeros", "put the number first",
     "reorder factors", "divide by one", "multiply by one", "zero numerator")
)  # rules of arithmetic that go with the division  # fmt: skip
MULTIPLY = Rule("multiply both sides", "u = v gives u*w = v*w")


class Term(NamedTuple):
    """A term of one side: its sign, its factors, its divisors, and whether the derivative is a factor of it."""

    is_negative: bool
    above: tuple[Tree, ...]
    below: tuple[Tree, ...]
    holds: bool

    @property
    def tree(self) -> Tree:
        """The term without the derivative."""
        top = product_of([f for f in self.above if f != ONE])
        whole = Quotient(top, product_of(self.below)) if self.below else top
        return Neg(whole) if self.is_negative else whole

    def times(self, rate: Tree) -> Tree:
        """Return the term as it stands, with the derivative where it has it."""
        if not self.holds:
            return self.tree
        whole = product_of([f for f in (*self._above_and_below, rate) if f != ONE])
        return Neg(whole) if self.is_negative else whole

    @property
    def _above_and_below(self) -> tuple[Tree, ...]:
        """The factors, in one fraction where there are divisors."""
        if not self.below:
            return self.above
        return (Quotient(product_of([f for f in self.above if f != ONE]), product_of(self.below)),)

    def negated(self) -> Term:
        """Return the term with the other sign."""
        return self._replace(is_negative=not self.is_negative)


def holds(tree: Tree, rate: Tree) -> bool:
    """Tell whether a derivative stands in a tree."""
    return any(node == rate for node in walk(tree))


def terms_of(tree: Tree, rate: Tree) -> list[Term]:
    """Return the terms of a side; brackets and quotients with the derivative in them are taken apart.

    NoRule where the derivative stands where it cannot be collected.
    """
    if tree == rate:
        return [Term(False, (), (), True)]
    if isinstance(tree, Plus):
        return [term for part in tree._args for term in terms_of(part, rate)]
    if isinstance(tree, Neg):
        return [term.negated() for term in terms_of(tree._args[0], rate)]
    if not holds(tree, rate):
        return [] if tree == ZERO else [_plain(tree)]
    if isinstance(tree, Times):
        holding = [f for f in tree._args if holds(f, rate)]
        if len(holding) == 1:
            others = [f for f in tree._args if f is not holding[0]]
            inner = terms_of(holding[0], rate)
            return [_multiplied(term, others) for term in inner]
    if isinstance(tree, Quotient) and not holds(tree._args[1], rate):
        below = _factors(tree._args[1])
        return [t._replace(below=(*t.below, *below)) for t in terms_of(tree._args[0], rate)]
    raise NoRule("The derivative cannot be collected: it stands inside a function or below a line.")


def _plain(tree: Tree) -> Term:
    if isinstance(tree, Quotient):
        return Term(False, _factors(tree._args[0]), _factors(tree._args[1]), False)
    return Term(False, _factors(tree), (), False)


def _multiplied(term: Term, others: list[Tree]) -> Term:
    above = list(others)
    is_negative = term.is_negative
    for i, factor in enumerate(above):
        if isinstance(factor, Neg):
            above[i] = factor._args[0]
            is_negative = not is_negative
    tops = [f for f in above if not isinstance(f, Quotient)]
    quotients = [f for f in above if isinstance(f, Quotient)]
    tops += [f for q in quotients for f in _factors(q._args[0])]
    below = tuple(f for q in quotients for f in _factors(q._args[1]))
    return Term(is_negative, (*tops, *term.above), (*term.below, *below), term.holds)


def _factors(tree: Tree) -> tuple[Tree, ...]:
    return tree._args if isinstance(tree, Times) else (tree,)


# --- the steps --------------------------------------------------------------------------------------------------------


class Solver:
    """An equation on its way to dy/dx = ..., with the moves that lead there."""

    def __init__(self, equation: Equal, rate: Tree, name: str, moves: list[Move]) -> None:
        self.line, self.rate, self.name, self.moves = equation, rate, name, moves

    def solve(self) -> Tree:
        """Add the moves, and return what the derivative is equal to; NoRule where it is not determined."""
        self._multiply_out_quotients()
        self._expand()
        self._collect()
        self._factor_out()
        self._divide()
        return self.line._args[1]

    def _whole(self, rule: Rule, result: Equal, bound: tuple[tuple[str, Tree], ...] = ()) -> None:
        if result != self.line:
            self.moves.append(Move(rule, (), self.line, result, bound, line=next_line(self.moves)))
            self.line = result

    def _add(self, moves: Iterable[Move], line: int = 0) -> None:
        """Add moves that only tidy, in the line that was just made or in one of their own."""
        for move in moves:
            self.moves.append(Move(move.rule, move.path, move.piece, move.result, move.bound, line=line or move.line))
            self.line = put(self.line, move.path, move.result)

    def _finish(self) -> None:
        """Bring the right side into its final form: short arithmetic in the line of the division, all else below."""
        made: list[Move] = []
        tidy(self.line._args[1], made, (1,))
        here, after = self.moves[-1].line, next_line(self.moves)
        is_short = all(move.rule.name in SHORT for move in made)
        self._add(made, here if is_short else after)
        for finish in (without_common_number, in_lowest_terms):
            found = finish(self.line._args[1])
            if found is not None:
                rule, result = found
                line = self.moves[-1].line if is_short and rule is REDUCE else next_line(self.moves)
                self._add([Move(rule, (1,), self.line._args[1], result)], line)

    def _multiply_out_quotients(self) -> None:
        """Multiply both sides by a divisor below the derivative, where the whole side is one fraction or both are."""
        left, right = self.line._args
        for _ in range(2):
            divisor = _divisor(left, self.rate) or _divisor(right, self.rate)
            if divisor is None or (_is_sum(left) or _is_sum(right)):
                return
            result = Equal(_times(left, divisor), _times(right, divisor))
            self._whole(MULTIPLY, result, (("w", divisor),))
            left, right = self.line._args

    def _expand(self) -> None:
        """Multiply out the brackets that the derivative stands in, on both sides in one line."""
        line = next_line(self.moves)
        for side in (0, 1):
            before = self.line._args[side]
            terms = terms_of(before, self.rate)
            if len(terms) != _count(before):
                self._add([Move(EXPAND, (side,), before, _sum([term.times(self.rate) for term in terms]))], line)
                self._add(tidied(self.line._args[side], (side,), self.rate), line)

    def _collect(self) -> None:
        """Bring the derivative to the left, and everything else to the right."""
        left, right = (terms_of(side, self.rate) for side in self.line._args)
        here = [t for t in left if t.holds] + [t.negated() for t in right if t.holds]
        there = [t for t in right if not t.holds] + [t.negated() for t in left if not t.holds]
        if not here:
            raise NoRule(
                f"{self.name} is not determined: it drops out of the equation.",
                hint="Give an equation whose both sides do not have the same derivative.",
            )
        if all(t.is_negative for t in here):  # as if it had been collected on the other side
            here, there = [t.negated() for t in here], [t.negated() for t in there]
        result = Equal(_sum([t.times(self.rate) for t in here]), _sum([t.tree for t in there]))
        if result != self.line:
            self._whole(Rule(f"collect {self.name}", "what holds it to the left, all else to the right"), result)

    def _factor_out(self) -> None:
        terms = terms_of(self.line._args[0], self.rate)
        if len(terms) < 2:
            return
        factor = _sum([t.tree for t in terms])
        result = Equal(Times(factor, self.rate), self.line._args[1])
        self._whole(Rule(f"factor out {self.name}", "u*w + v*w = (u + v)*w"), result)
        made: list[Move] = []
        tidy(factor, made, (0, 0), expand=False)
        self._add(made, next_line(self.moves))

    def _divide(self) -> None:
        left, right = self.line._args
        if left == self.rate:
            self._finish()
            return
        terms = terms_of(left, self.rate) if not isinstance(left, Times) else []
        divisor = (
            product_of([f for f in left._args if f != self.rate])
            if isinstance(left, Times) and self.rate in left._args
            else terms[0].tree
        )
        if number_value(divisor) == 0:
            raise NoRule(f"{self.name} is not determined: its factor is 0.")
        rule = Rule(f"divide by the factor of {self.name}", "u*w = v gives w = v/u")
        self._whole(rule, Equal(self.rate, Quotient(right, divisor)), (("u", divisor),))
        self._finish()


def tidied(tree: Tree, base: Path, rate: Tree) -> list[Move]:
    """Return the moves that bring a side into textbook form; dy/dx stays behind its factor, not above a line."""
    made: list[Move] = []
    tidy(tree, made, base, expand=False)
    return without_rates_above(made, rate)


def without_rates_above(made: list[Move], rate: Tree) -> list[Move]:
    """Return moves without those that only bring dy/dx above a line, as in (1/y) dy/dx."""
    kept = []
    for i, move in enumerate(made):
        is_wanted = not _brings_above(move, rate) or any(_touch(move.path, later.path) for later in made[i + 1 :])
        kept += [move] if is_wanted else []
    return kept


def _brings_above(move: Move, rate: Tree) -> bool:
    return (
        move.rule.name == "multiply fractions"
        and isinstance(move.result, Quotient)
        and any(factor == rate for factor in _factors(move.result._args[0]))
    )


def _touch(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def without_common_number(tree: Tree) -> tuple[Rule, Tree] | None:
    """Return a quotient of sums without a number that divides all their terms; None where there is none.

    >>> from symback.syntax import parse
    >>> without_common_number(parse("(6y - 3x^2)/(3y^2 - 6x)"))[1] == parse("(2y - x^2)/(y^2 - 2x)")
    True
    """
    inner = tree._args[0] if isinstance(tree, Neg) else tree
    if not isinstance(inner, Quotient):
        return None
    parts = [_numbered(term) for side in inner._args for term in _terms(side)]
    if any(n is None for n in parts):
        return None
    common = gcd(*(n for n in parts if n is not None))
    if common < 2:
        return None
    top, bottom = (sum_of([_divided(term, common) for term in _terms(side)]) for side in inner._args)
    found = Quotient(top, bottom)
    return REDUCE, Neg(found) if isinstance(tree, Neg) else found


def _terms(tree: Tree) -> tuple[Tree, ...]:
    return tree._args if isinstance(tree, Plus) else (tree,)


def _numbered(term: Tree) -> int | None:
    """Return the whole number in front of a term; None where there is none."""
    inner = term._args[0] if isinstance(term, Neg) else term
    first = number_value(_factors(inner)[0])
    return int(first) if first is not None and first.denominator == 1 and first else 1


def _divided(term: Tree, by: int) -> Tree:
    if isinstance(term, Neg):
        return Neg(_divided(term._args[0], by))
    first, *others = _factors(term)
    value = number_value(first)
    return product_of([f for f in (number(value / by), *others) if f != ONE]) if value is not None else term


def _sum(terms: list[Tree]) -> Tree:
    """Return a sum with what is positive first."""
    positive = [t for t in terms if not isinstance(t, Neg)]
    return sum_of([*positive, *(t for t in terms if isinstance(t, Neg))] if positive else terms)


def _count(tree: Tree) -> int:
    """Return how many terms a side is written with."""
    if tree == ZERO:
        return 0
    if isinstance(tree, Neg) and isinstance(tree._args[0], Plus):
        return -1
    return len(tree._args) if isinstance(tree, Plus) else 1


def _is_sum(tree: Tree) -> bool:
    return isinstance(tree, Plus)


def _divisor(tree: Tree, rate: Tree) -> Tree | None:
    """Return what a side that is one fraction with a sum above is divided by."""
    inner = tree._args[0] if isinstance(tree, Neg) else tree
    if isinstance(inner, Quotient) and holds(inner, rate) and isinstance(inner._args[0], (Plus, Times)):
        has_sum = any(isinstance(f, Plus) for f in _factors(inner._args[0]))
        return inner._args[1] if has_sum else None
    return None


def _times(tree: Tree, factor: Tree) -> Tree:
    if tree == ZERO:
        return ZERO
    if isinstance(tree, Neg):
        return Neg(_times(tree._args[0], factor))
    if isinstance(tree, Quotient) and tree._args[1] == factor:
        return tree._args[0]
    if isinstance(tree, Quotient):
        return Quotient(product_of([*_factors(factor), *_factors(tree._args[0])]), tree._args[1])
    return factor if tree == ONE else product_of([*_factors(factor), *_factors(tree)])
