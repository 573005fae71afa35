"""The verdict on one expression of a chain: against the question, and against the line before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from importlib import import_module
from typing import NamedTuple

from symback.errors import SymbackError
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import (
    Apply,
    Decimal,
    Diff,
    E,
    Power,
    Tree,
    is_pending,
    number_value,
    substituted,
    symbol,
    symbols_of,
    walk,
)
from symback.verify import Judged, approximate, judge
from symback.verify.compare import unknown_functions
from symback.verify.rounding import is_rounding
from symback.verify.where import parts_of
from symback.working.facts import LINE, Fact, fact
from symback.working.naming import Explained, explained, says
from symback.working.result import (
    FOLLOWS,
    MENDED,
    NARROWER,
    RIGHT,
    ROUNDED,
    UNKNOWN,
    WRONG,
    Named,
)
from symback.working.right import tidied
from symback.working.rows_of_text import ABOUT

NO_DIGITS = "≈ without decimals says nothing about how close it is"
AN_EQUATION = "it holds for some values only, as an equation does"
NOT_DECIDED = "numbers could neither confirm nor refute it"
Digits = Mapping[Fraction, int]


class Verdict(NamedTuple):
    """A verdict with what is to be said of it."""

    verdict: str
    why: str = ""
    term: Fact | None = None
    mistake: Named | None = None
    possible: tuple[str, ...] = ()
    family: str = ""


class Chain:
    """A question and the expressions that are said to be equal to it, one after the other."""

    def __init__(self, question: Tree, is_open: bool = False) -> None:
        self.question = question
        self.is_open = is_open  # whether it is an expression that was typed as the left side of an equals sign
        self.before = question
        self.verdict = RIGHT  # of what stands before
        self.within: tuple[Tree, ...] = ()
        inner = question
        while isinstance(inner, Diff):
            inner = inner._args[0]
            self.within = (inner,)

    def judged(self, tree: Tree, sign: str, digits: Digits) -> Verdict:
        """Return the verdict on the next expression, which is then what stands before."""
        found = self._judged(tree, sign, digits)
        self.before, self.verdict = tree, found.verdict
        return found

    def _judged(self, tree: Tree, sign: str, digits: Digits) -> Verdict:
        unknown = self._not_given(tree)
        if unknown:
            return Verdict(UNKNOWN, unknown)
        whole = self._compared(self.question, tree)
        if whole.verdict == "yes":
            return Verdict(MENDED if self.verdict in (WRONG, FOLLOWS) else RIGHT)
        if whole.verdict == "narrower":
            return Verdict(NARROWER, where_text(whole))
        step = whole if self.before == self.question else self._compared(self.before, tree)
        if whole.verdict == "unknown":
            return self._undecided(step, tree)
        return self._excused(step, tree, sign, digits) or self._of_a_wrong_line(tree)

    def _excused(self, step: Judged, tree: Tree, sign: str, digits: Digits) -> Verdict | None:
        """Return the verdict on an expression that differs from the question but is not simply wrong; else None."""
        if self._is_rounded(tree, sign, digits):
            return Verdict(ROUNDED)
        if self.before != self.question and step.verdict in ("yes", "narrower"):
            if self.verdict in (WRONG, FOLLOWS):
                return Verdict(FOLLOWS)
            if self.verdict in (ROUNDED, NARROWER):
                return Verdict(self.verdict)
        condition = for_positive(self.question, tree)
        if condition:
            return Verdict(NARROWER, condition)
        if sign == ABOUT and not any(isinstance(n, Decimal) for n in walk(tree)):
            return Verdict(UNKNOWN, NO_DIGITS)
        return None

    def _of_a_wrong_line(self, tree: Tree) -> Verdict:
        found = wrong(self.before, tree)
        return Verdict(UNKNOWN, AN_EQUATION) if self._may_be_equation(found) else found

    def _not_given(self, tree: Tree) -> str:
        """Return why nothing can be said of a line that has other unknown functions than the question."""
        asked, held = (set(unknown_functions(t)) for t in (self.question, tree))
        names = sorted(asked ^ held)
        return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} not given" if names else ""

    def _may_be_equation(self, found: Verdict) -> bool:
        """Tell whether x^2 + y^2 = 25 may be meant as a condition: a first line whose letters stand on the left."""
        is_first = self.before is self.question and not is_pending(self.question)
        return is_first and self.is_open and bool(symbols_of(self.question)) and found.mistake is None

    def _compared(self, right: Tree, tree: Tree) -> Judged:
        return judge(right, tree, within=self.within)

    def _undecided(self, step: Judged, tree: Tree) -> Verdict:
        """Judge by the line before alone, where numbers cannot compare an expression with the question."""
        if step.verdict == "yes":
            return Verdict(FOLLOWS if self.verdict == WRONG else self.verdict, NOT_DECIDED * (self.verdict == UNKNOWN))
        if step.verdict == "no" and self.verdict in (RIGHT, MENDED):
            return wrong(self.before, tree)
        return Verdict(UNKNOWN, NOT_DECIDED)

    def _is_rounded(self, tree: Tree, sign: str, digits: Digits) -> bool:
        exact = self.before if self.verdict == RIGHT else self.question
        if any(isinstance(n, Decimal) for n in walk(tree)):
            return any(is_rounding(tidied(t), tree, digits) for t in dict.fromkeys((exact, self.question)))
        value = number_value(tree)
        if sign != ABOUT or value is None or symbols_of(self.question):
            return False
        exact_value = approximate(tidied(self.question))
        return exact_value is not None and abs(Fraction(exact_value) - value) <= Fraction(1, 2)


def where_text(found: Judged) -> str:
    """Return where a narrower line is right: "for x > 0"."""
    if not found.where:
        return "right only in a part of the domain"
    written = import_module("symback.page.maths").unicode
    said = "".join(part if isinstance(part, str) else written(part) for part in parts_of(found.where))
    return f"right for {said} only"


def for_positive(right: Tree, given: Tree) -> str:
    """Return the condition x > 0 where two expressions agree for positive values alone, and nothing has a kink."""
    symbols = symbols_of(right) | symbols_of(given)
    if len(symbols) != 1 or any(isinstance(n, Apply) and _has_kinks(n) for t in (right, given) for n in walk(t)):
        return ""
    (x,) = symbols
    positive = {x: Power(E, symbol("t") if x.name != "t" else symbol("s"))}
    try:
        formula = tidied(right)
    except SymbackError:
        return ""
    found = judge(substituted(formula, positive), substituted(given, positive))
    return f"right for {x.name} > 0 only" if found.verdict == "yes" else ""


def _has_kinks(node: Apply) -> bool:
    return node.name in FUNCTIONS and bool(FUNCTIONS[node.name].kinks)


def wrong(before: Tree, tree: Tree) -> Verdict:
    """Return what is wrong with an expression that has not the value of the one before."""
    cause = explained(before, tree)
    return Verdict(WRONG, "", _sure(before, tree), _named(cause), () if cause.slip else cause.possible, cause.family)


def _sure(before: Tree, tree: Tree) -> Fact | None:
    """Return the shortest correction that numbers confirm, None where they confirm none."""
    found = fact(before, tree)
    if judge(before, found.line).verdict == "yes":
        return found
    with suppress(SymbackError):
        right = tidied(before)
        if judge(before, right).verdict == "yes":
            return Fact(LINE, tree, right, right)
    return None


def _named(cause: Explained) -> Named | None:
    if cause.slip is None:
        return None
    slip = cause.slip
    written = import_module("symback.page.maths").unicode
    return Named(slip.mistake.name, slip.mistake.law, tuple(slip.bound.items()), says(slip, written))


def digits_in(texts: Sequence[str]) -> dict[Fraction, int]:
    """Return with how many digits after the point the decimals of texts are written."""
    found: dict[Fraction, int] = {}
    for text in texts:
        for literal in re.findall(r"(?<![\w.])\d*\.\d+", text):
            value = Fraction(literal)
            found[value] = max(found.get(value, 0), len(literal.partition(".")[2]))
    return found
