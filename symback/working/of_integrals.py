"""Workings of an integral: a line is right where its derivative is the integrand, up to a constant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.calculus.integrals import integrate
from symback.calculus.integrals.assumptions import assumptions
from symback.calculus.integrals.checking import slope_of
from symback.errors import NoRule, SymbackError
from symback.expr.match import negated
from symback.expr.tree import (
    Inert,
    Int,
    Neg,
    Plus,
    Tree,
    fold,
    is_free_of,
    put,
    sum_of,
    symbol,
    symbols_of,
    walk,
    without_lets,
)
from symback.verify import Judged, judge
from symback.working.facts import COEFFICIENT, LINE, SIGN, TERM, Fact, fact, ratio_of, scaled
from symback.working.judging import NOT_DECIDED, Chain, Digits, Verdict, for_positive, where_text
from symback.working.result import FOLLOWS, MENDED, NARROWER, RIGHT, UNKNOWN, WRONG
from symback.working.right import tidied

SECONDS = 1.0  # for an integral
NO_CONSTANT = "the constant is missing"
NOT_FOUND = "the integral between the limits was not found"
NO_LIMITS = "an integral without limits has no value"
NOT_DIFFERENTIABLE = "an integral stands where it cannot be differentiated"


def has_integral(tree: Tree) -> bool:
    """Tell whether an integral sign stands in a tree."""
    return any(isinstance(node, Int) for node in walk(tree))


def with_values(tree: Tree) -> Tree:
    """Return a tree with the value of each integral between limits; SymbackError where one is not found.

    >>> from symback.syntax import parse
    >>> with_values(parse("2 int_0^1 x dx"))
    Times(2, Quotient(1, 2))
    """

    def value(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Int) and len(inner) == 4:
            found = integrate(inner[0], inner[1], inner[2:], budget=SECONDS).definite
            return node if found is None else found.last
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, value)


class ValueChain(Chain):
    """A chain that begins with an integral between limits: its lines are numbers."""

    def __init__(self, question: Tree, is_open: bool = False) -> None:
        super().__init__(question, is_open)
        self.is_open, self.why = False, ""
        try:
            self.question = self.before = with_values(question)
        except SymbackError:
            self.why = NOT_FOUND

    def _judged(self, tree: Tree, sign: str, digits: Digits) -> Verdict:
        if self.why:
            return Verdict(UNKNOWN, self.why)
        try:
            value = with_values(tree)
        except SymbackError:
            return Verdict(UNKNOWN, NOT_FOUND)
        return Verdict(UNKNOWN, NO_LIMITS) if has_integral(value) else super()._judged(value, sign, digits)


class AntiderivativeChain(Chain):
    """A chain that begins with an integral without limits."""

    def __init__(self, question: Tree, is_open: bool = False) -> None:
        super().__init__(question, is_open)
        self.variable: Symbol = next(node._args[1] for node in walk(question) if isinstance(node, Int))
        self.slope = self._slope(question)
        self.slope_before = self.slope

    def _slope(self, tree: Tree) -> Tree | None:
        with suppress(ValueError, SymbackError):
            return slope_of(self._without_constants(without_lets(tree)), self.variable)
        return None

    def _without_constants(self, tree: Tree) -> Tree:
        terms = tree._args if isinstance(tree, Plus) else (tree,)
        kept = [t for t in terms if has_integral(t) or not is_free_of(t, self.variable)]
        return tree if len(kept) == len(terms) else sum_of(kept)

    def _judged(self, tree: Tree, sign: str, digits: Digits) -> Verdict:
        slope = self._slope(tree)
        if slope is None or self.slope is None:
            return Verdict(UNKNOWN, NOT_DIFFERENTIABLE)
        before, self.slope_before = self.slope_before, slope
        whole = self._same(slope)
        if whole.verdict == "yes":
            return Verdict(MENDED if self.verdict in (WRONG, FOLLOWS) else RIGHT, self._remark(tree))
        if whole.verdict == "narrower":
            return Verdict(NARROWER, where_text(whole))
        if whole.verdict == "unknown" or before is None:
            return Verdict(UNKNOWN, NOT_DECIDED)
        condition = for_positive(slope, self.slope)  # int 1/(x sqrt(x^2 - 1)) dx = arcsec x
        if condition:
            return Verdict(NARROWER, condition)
        if self.verdict in (WRONG, FOLLOWS) and judge(before, slope, [self.slope]).verdict == "yes":
            return Verdict(FOLLOWS)
        return Verdict(WRONG, "", self._fact(tree))

    def _same(self, slope: Tree) -> Judged:
        return judge(self.slope, slope, [self.slope])

    def _remark(self, tree: Tree) -> str:
        """Return what is to be said of a right line: no constant where no integral sign is left, a condition."""
        if has_integral(tree):
            return ""
        new = symbols_of(tree) - symbols_of(self.question)
        where = assumptions(without_lets(self.slope), [tree], self.variable, ())
        said = [f"where {each}" for each in where[:1]] + [f"and {each}" for each in where[1:]]
        return ", ".join(filter(None, ("" if new else NO_CONSTANT, " ".join(said))))

    # --- what is wrong ------------------------------------------------------------------------------------------------

    def _fact(self, tree: Tree) -> Fact | None:
        """Return the shortest correction that numbers confirm, None where they confirm none."""
        for found in (*self._multiples(tree), *self._by_answer(tree)):
            slope = self._slope(found.line)
            if slope is not None and self._same(slope).verdict == "yes":
                return found
        return None

    def _multiples(self, tree: Tree) -> Iterator[Fact]:
        """Yield the corrections of one term by its sign or a coefficient."""
        terms = tree._args if isinstance(tree, Plus) else (tree,)
        for i, term in enumerate(terms):
            others = [Neg(self._slope(t)) for j, t in enumerate(terms) if j != i]
            with suppress(SymbackError, ArithmeticError, TypeError, ValueError):
                needed = tidied(Plus(self.slope, *others) if others else self.slope)
                ratio = ratio_of(tidied(self._slope(term)), needed)
                if ratio is None or ratio == 1:
                    continue
                path = (i,) if isinstance(tree, Plus) else ()
                right = negated(term) if ratio == -1 else scaled(term, 1 / ratio)
                line = put(tree, path, right) if path else right
                yield Fact(SIGN if ratio == -1 else COEFFICIENT, term, right, line, path)

    def _by_answer(self, tree: Tree) -> Iterator[Fact]:
        """Yield the correction that turns a line without integral signs into the antiderivative."""
        if has_integral(tree):
            return
        with suppress(SymbackError):
            terms = tree._args if isinstance(tree, Plus) else (tree,)
            constants = [t for t in terms if is_free_of(t, self.variable)]
            answer = antiderivative(self.question, self.variable)
            right = _sum(answer, *constants)
            found = fact(right, tree)
            if found.how != TERM or found.right in right._args:  # two wrong terms are not one
                yield found
            yield Fact(LINE, tree, right, right)


def antiderivative(question: Tree, variable: Symbol) -> Tree:
    """Return the antiderivative of an integral; SymbackError where none is found, or the question is no single one."""
    if not isinstance(question, Int):
        raise NoRule("The question is no single integral.")
    found: Tree = integrate(question._args[0], variable, budget=SECONDS).antiderivative
    return found


def _sum(first: Tree, *others: Tree) -> Tree:
    return Plus(*(first._args if isinstance(first, Plus) else (first,)), *others) if others else first


def answer_of(question: Tree) -> Tree | None:
    """Return the right answer of an integral, with the constant C where it has no limits; None where none is found."""
    with suppress(SymbackError, ValueError):
        value = with_values(question)
        if not has_integral(value):
            return tidied(value)
        found = antiderivative(question, question._args[1])
        return _sum(found, symbol("C"))
    return None


def chain_of(question: Tree, is_open: bool = False) -> Chain:
    """Return the chain that a question begins."""
    found = [node for node in walk(question) if isinstance(node, Int)]
    if not found:
        return Chain(question, is_open)
    return ValueChain(question, is_open) if len(found[0]._args) == 4 else AntiderivativeChain(question, is_open)
