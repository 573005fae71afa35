"""Workings of implicit differentiation: an equation of two letters, and below it lines that hold dy/dx.

A line is right where it holds on the whole curve: solved for dy/dx it is -F_x/F_y, or numbers on the curve fulfil it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from mpmath import mp
from sympy.core.basic import Basic
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.errors import ParseError, SymbackError
from symback.expr.match import negated
from symback.expr.tree import (
    ZERO,
    Diff,
    Inert,
    Neg,
    Plus,
    Quotient,
    Rate,
    Times,
    Tree,
    fold,
    is_free_of,
    product_of,
    put,
    substituted,
    symbol,
    symbols_of,
)
from symback.verify import judge
from symback.verify.compare import Undefined, evaluate
from symback.working.facts import COEFFICIENT, SIGN, TERM, Fact, fact, ratio_of, scaled
from symback.working.judging import NOT_DECIDED
from symback.working.result import FOLLOWS, GIVEN, MENDED, NARROWER, RIGHT, UNKNOWN, WRONG, Line, or_unreadable
from symback.working.right import tidied
from symback.working.rows_of_text import Row, check_parts
from symback.working.scalars import Defined
from symback.working.signs import plain_fractions

SIGN_OF_SLOPE, SLOPE = "ζ", symbol("zeta")  # for dy/dx while a line is read: one sign, so that places in it stay
_PRIME = re.compile(r"(?P<of>[^\W\d_])(?:'|′|’)(?:\((?P<by>[^\W\d_])\))?(?!')")
_RATE = re.compile(r"d(?P<of>[^\W\d_])\s?/\s?d(?P<by>[^\W\d_])(?![\w\[(])")
AT = ("0.7", "1.3", "-0.45", "2.1", "0.2")
STARTS = ("0.5", "-0.8", "2.3", "-3.1", "6")
NEAR = mp.mpf(10) ** -20
FEWEST = 3  # points on the curve for a verdict
NO_SLOPE = "only equations with the first derivative are judged"


class Curve(NamedTuple):
    """The sides of an equation, with the letter that depends on the other one."""

    sides: tuple[Tree, Tree]
    of: Symbol
    by: Symbol

    @property
    def equation(self) -> Tree:
        """What is 0 on the curve."""
        return Plus(self.sides[0], Neg(self.sides[1]))

    @property
    def slope(self) -> Tree:
        """The derivative of the one letter by the other, as a formula of both."""
        by_x, by_y = (tidied(Diff(self.equation, letter)) for letter in (self.by, self.of))
        return tidied(Neg(Quotient(by_x, by_y)))

    def points(self) -> Iterator[dict[Symbol, object]]:
        """Yield points on the curve."""
        for at in AT:
            for start in STARTS:
                with mp.workdps(45), suppress(ValueError, ArithmeticError, TypeError, Undefined):
                    x = mp.mpf(at)
                    y = mp.findroot(lambda y, x=x: evaluate(self.equation, {self.by: x, self.of: y}), mp.mpf(start))
                    if abs(evaluate(self.equation, {self.by: x, self.of: y})) < NEAR:
                        yield {self.by: x, self.of: y}


def curve_of(rows: Sequence[Row]) -> Curve | None:
    """Return the curve that the first row of a working gives, if the derivative of one of its letters is used below.

    >>> from symback.working.rows_of_text import rows_of
    >>> curve_of(rows_of("x^2 + y^2 = 25; 2x + 2y y' = 0")[0])[1:]
    (y, x)
    """
    if len(rows) < 2 or len(rows[0].pieces) != 2 or rows[0].goes_on:
        return None
    below = [plain_fractions(piece.text) for row in rows[1:] for piece in row.pieces]
    found = next((m for text in below for way in (_RATE, _PRIME) for m in way.finditer(text)), None)
    left, right = rows[0].pieces
    is_taken = any(SIGN_OF_SLOPE in row.text or SLOPE.name in row.text for row in rows)
    if found is None or is_taken or Defined.left_side(left.text)[0]:
        return None
    try:
        sides = (Defined().read(left.text).value, Defined().read(right.text).value)
    except SymbackError:
        return None
    of, letters = symbol(found["of"]), symbols_of(Plus(*sides))
    by = symbol(found["by"]) if found["by"] else next(iter(sorted(letters - {of}, key=str)), None)
    return Curve(sides, of, by) if by is not None and {of, by} == letters else None


class ImplicitLines:
    """Reads and judges the rows of a working of implicit differentiation one after the other."""

    def __init__(self, curve: Curve, names: Sequence[str] = ()) -> None:
        self.curve = curve
        self.defined = Defined(tuple(names))
        self.verdict = GIVEN
        self.before: Tree | None = None  # the slope of the line before
        self.left: Tree | None = None  # the left side of the line before, which a line beginning with = goes on with
        self.blamed = 0
        self.is_primed = True
        self.slope: Tree | None = None
        with suppress(SymbackError):
            self.slope = curve.slope
        self.answers: list[tuple[Tree | None, Tree]] = [] if self.slope is None else [(self._rate(), self.slope)]

    @property
    def notes(self) -> list[str]:
        """What is to be said of how the expressions were read."""
        return self.defined.notes

    def _rate(self) -> Tree:
        return Rate(self.curve.of, self.curve.by, Integer(1))

    def line(self, row: Row) -> Line:
        """Return a row as a line with its verdict; what cannot be read is a line with an error."""
        blank = Line(row.number, row.text, GIVEN, label=row.reason, remark=row.remark)
        return or_unreadable(blank, lambda: self._read(blank, row))

    def _read(self, blank: Line, row: Row) -> Line:
        check_parts(row)
        typed = [self._tree(piece.text) for piece in row.pieces]
        written = dict(zip(typed, map(self._on_paper, typed), strict=True))
        trees = [fold(tree, self._whole_derivative) for tree in typed]
        if row.goes_on:
            left = self.left
            if left is None:
                raise ParseError("Nothing stands before this sign.", row.text, 0, 1, hint="Begin with an equation.")
            shown = None
        else:
            left, *trees = trees
            shown, *typed = typed
        self.left = left
        parts = tuple(("=", written[tree]) for tree in typed)
        made = replace(blank, left=None if shown is None else written[shown], parts=parts)
        if not trees:
            return replace(made, left=None, parts=(("", self._on_paper(left)),), verdict=UNKNOWN, why=NO_SLOPE)
        if self.verdict == GIVEN and SLOPE not in symbols_of(Plus(left, *trees)):
            self.verdict = RIGHT
            return made
        return self._judged(made, left, trees[-1])

    def _tree(self, text: str) -> Tree:
        """Return one side of a line, with the letter for dy/dx, also where d/dx stands before a bracket."""

        def one_sign(found: re.Match[str]) -> str:
            return SIGN_OF_SLOPE + " " * (len(found[0]) - 1) if found["of"] == self.curve.of.name else found[0]

        plain = _PRIME.sub(one_sign, _RATE.sub(one_sign, plain_fractions(text)))
        return self.defined.read(plain, [self.curve.by.name]).value

    def _whole_derivative(self, node: Basic, inner: list[Basic]) -> Basic:
        made = type(node)(*inner) if isinstance(node, Inert) and inner else node
        if isinstance(made, Diff) and made._args[1] == self.curve.by:
            return self._total(made._args[0])
        return made

    def _on_paper(self, tree: Tree) -> Tree:
        return substituted(tree, {SLOPE: self._rate()})

    # --- the verdict --------------------------------------------------------------------------------------------------

    def _judged(self, line: Line, left: Tree, right: Tree) -> Line:
        own = _solved(left, right)
        found = self._verdict(left, right, own)
        before, self.before, self.verdict = self.verdict, own, found
        if found == RIGHT and before in (WRONG, FOLLOWS):
            found = self.verdict = MENDED
        if found == NARROWER:
            return replace(line, verdict=NARROWER, why=f"right for {self.curve.of.name} > 0 only", question=1)
        if found == UNKNOWN:
            return replace(line, verdict=UNKNOWN, why=NOT_DECIDED)
        if found == WRONG:
            self.blamed = line.number
            return replace(line, verdict=WRONG, term=self._fact(left, right), question=1)
        return replace(line, verdict=found, follows=self.blamed if found == FOLLOWS else 0, question=1)

    def _verdict(self, left: Tree, right: Tree, own: Tree | None) -> str:
        if self.slope is None:
            return UNKNOWN
        if own is not None and judge(self.slope, own).verdict in ("yes", "narrower"):
            return RIGHT
        may_follow = own is not None and self.before is not None and self.verdict in (WRONG, FOLLOWS)
        if may_follow and judge(self.before, own).verdict in ("yes", "narrower"):
            return FOLLOWS
        return self._on_the_curve(Plus(left, Neg(right)))

    def _on_the_curve(self, difference: Tree) -> str:
        """Return whether an equation holds at points of the curve."""
        zero = substituted(difference, {SLOPE: self.slope})
        held: dict[bool, list[bool]] = {True: [], False: []}  # by whether y is positive
        for point in self.curve.points():
            with suppress(Undefined):
                held[point[self.curve.of] > 0].append(abs(evaluate(zero, point)) < NEAR)  # type: ignore[operator]
        above, below = held.values()
        if len(above) + len(below) < FEWEST:
            return UNKNOWN
        if all(above) and all(below):
            return RIGHT
        return NARROWER if above and all(above) and not any(below) else WRONG

    # --- what is wrong ------------------------------------------------------------------------------------------------

    def _fact(self, left: Tree, right: Tree) -> Fact | None:
        """Return the correction of one term that makes a line right, on the right side where that goes."""
        with suppress(SymbackError, ArithmeticError, ValueError, TypeError):
            by_sides = next(self._by_sides(left, right), None)
            if by_sides is not None:
                return by_sides
            on_the_right = next(self._corrections(right, left), None)
            if on_the_right is not None:
                return on_the_right
            on_the_left = next(self._corrections(left, right), None)
            return None if on_the_left is None else on_the_left._replace(place=None)
        return None

    def _by_sides(self, left: Tree, right: Tree) -> Iterator[Fact]:
        """Yield what is wrong with one side of an equation, the other side of which is differentiated rightly."""
        sides = ((left, right), (right, left))
        for (side, other), (its, others) in zip(sides, (self.curve.sides, self.curve.sides[::-1]), strict=True):
            wanted, theirs = (tidied(self._total(tree)) for tree in (its, others))
            if judge(theirs, other).verdict == "yes" and judge(wanted, side).verdict == "no":
                found = fact(wanted, side)
                given, right_term = (None if t is None else self._on_paper(t) for t in (found.given, found.right))
                place = None if side is left else found.place
                yield Fact(found.how, given, right_term, self._on_paper(found.line), place)

    def _total(self, tree: Tree) -> Tree:
        """Return the derivative of a side, where y is a function of x."""
        by_x, by_y = (tidied(Diff(tree, letter)) for letter in (self.curve.by, self.curve.of))
        return Plus(by_x, Times(by_y, SLOPE)) if by_y != ZERO else by_x

    def _corrections(self, side: Tree, other: Tree) -> Iterator[Fact]:
        terms = side._args if isinstance(side, Plus) else (side,)
        for i, term in enumerate(terms):
            if term == ZERO:
                continue
            rest = [Neg(t) for j, t in enumerate(terms) if j != i]
            needed = tidied(substituted(Plus(other, *rest) if rest else other, {SLOPE: self.slope}))
            value = tidied(substituted(term, {SLOPE: self.slope}))
            for how, right, ratio in self._candidates(term, value, needed):
                if ratio is not None and judge(needed, tidied(ratio)).verdict == "yes":
                    path = (i,) if isinstance(side, Plus) else ()
                    line = put(side, path, right) if path else right
                    yield Fact(how, self._on_paper(term), self._on_paper(right), self._on_paper(line), path)

    def _candidates(self, term: Tree, value: Tree, needed: Tree) -> Iterator[tuple[str, Tree, Tree | None]]:
        ratio = ratio_of(value, needed)
        if ratio not in (None, 1):
            right = negated(term) if ratio == -1 else scaled(term, 1 / ratio)
            yield SIGN if ratio == -1 else COEFFICIENT, right, substituted(right, {SLOPE: self.slope})
        if is_free_of(term, SLOPE):
            yield (
                TERM,
                product_of([*(term._args if isinstance(term, Times) else (term,)), SLOPE]),
                Times(value, self.slope),
            )
        elif isinstance(term, Times):
            without = product_of([factor for factor in term._args if factor != SLOPE])
            yield TERM, without, without


def _solved(left: Tree, right: Tree) -> Tree | None:
    """Return an equation solved for the slope, in which it is linear; None where it is not."""
    difference = Plus(left, Neg(right))
    if SLOPE not in symbols_of(difference):
        return None
    try:
        factor = tidied(Diff(difference, SLOPE))
        if SLOPE in symbols_of(factor) or factor == ZERO:
            return None
        return tidied(Quotient(Neg(substituted(difference, {SLOPE: ZERO})), factor))
    except SymbackError:
        return None
