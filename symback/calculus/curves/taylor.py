"""Taylor polynomials: the derivatives, their values at a point, the table, the polynomial, the remainder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import factorial
from typing import Any, ClassVar, NamedTuple

from mpmath import mp
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.calculus.curves.curve_points import evaluate, numbers
from symback.calculus.curves.parts import letter_for, plain, slope, value_chain
from symback.calculus.curves.terms import difference, multiple
from symback.calculus.derive import derive
from symback.calculus.engine import tidy
from symback.calculus.question import Question, as_number, read_question, read_variables
from symback.calculus.worked import Chain, Curve, Grid, Plot, Said, Words, Worked
from symback.errors import DomainError, UsageError
from symback.expr.rule import Derivation
from symback.expr.tree import (
    ONE,
    ZERO,
    Diff,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    number_value,
    substituted,
    sum_of,
    symbol,
    symbols_of,
)
from symback.verify import Undefined, Verification
from symback.verify.compare import compare

LARGEST_ORDER = 20
MOST_CURVES = 4  # of a picture
XI = "xi"


class Term(NamedTuple):
    """A row of the table: the derivative, its value at the point, the coefficient, the term of the polynomial."""

    order: int
    derivative: Tree
    value: Tree
    coefficient: Tree
    term: Tree


@dataclass(frozen=True, repr=False)
class Taylor(Worked):
    """A Taylor polynomial: `answer` is the polynomial, `terms` are its rows.

    >>> import symback
    >>> symback.taylor("e^x", "x", 0, 3).answer
    x**3/6 + x**2/2 + x + 1
    """

    kind: ClassVar[str] = "taylor"
    function: Tree = None
    variable: Symbol = None
    about_value: Tree = None
    terms: tuple[Term, ...] = ()
    following: Tree = None  # the derivative in the remainder

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Taylor polynomial"

    def _checks(self) -> Iterable[Verification]:
        """Check how fast the error of the polynomial falls: halved steps make it 2^(n+1) times as small.

        The remainder is checked too: its derivative, and what it is divided by.
        """
        if self.following is not None:
            yield self._remainder_verdict()
        if symbols_of(self.function) - {self.variable}:
            return
        sides = [found for side in (1, -1) if (found := self._error_falls(side)) is not None]
        if not sides:
            yield Verification("unverified", 0, "Not verified: the function has no values beside the point.")
        elif not all(sides):
            yield Verification("failed", 1, "The polynomial does not fit the function near the point.")
        else:
            yield Verification("verified", 1, "Verified at 1 point.")

    def _remainder_verdict(self) -> Verification:
        xi, n = symbol(XI), len(self.terms)
        base = Power(difference(self.variable, self.about_value), Integer(n))
        inside = substituted(self.following, {self.variable: xi})
        whole = Quotient(Times(inside, base), Integer(factorial(n)))
        pairs = [(Diff(self.terms[-1].derivative, self.variable), self.following), (whole, self.fact("remainder"))]
        outcomes = [compare([pair]) for pair in pairs]
        if any(outcome.different for outcome in outcomes):
            return Verification("failed", 0, "The remainder is not right.")
        reason = next((outcome.reason for outcome in outcomes if outcome.reason), "")
        points = min(outcome.points for outcome in outcomes)
        if reason:
            return Verification("unverified", points, f"Not verified: {reason}.")
        return Verification("verified", points, f"Verified at {points} points.")

    def _error_falls(self, side: int) -> bool | None:
        order = len(self.terms)
        errors = []
        with mp.workdps(50):
            try:
                a = evaluate(self.about_value, {})
                for h in (mp.mpf(1) / 512, mp.mpf(1) / 1024):
                    here = {self.variable: a + side * h * (1 + abs(a)) / 2}
                    errors.append(abs(evaluate(self.function, here) - evaluate(self.last, here)))
            except Undefined:
                return None
            tiny = mp.mpf(10) ** -40
            return bool(errors[1] < tiny or errors[0] > errors[1] * 2**order * mp.mpf("0.9"))


class Expansion:
    """The question: the function, its variable, the point and the order."""

    def __init__(self, f: Any, x: Any, about: Any, order: int, names: Iterable[str] = ()) -> None:
        if not isinstance(order, int) or isinstance(order, bool) or not 0 <= order <= LARGEST_ORDER:
            raise UsageError(f"The order must be a whole number from 0 to {LARGEST_ORDER}, not {order}.")
        self.order = order
        self.following: Tree | None = None  # the derivative in the remainder
        given = [] if x in (None, "") else read_variables(x if not isinstance(x, (list, tuple)) else x[0])
        self.source = f if isinstance(f, str) else ""
        read = f if isinstance(f, Question) else read_question(f, (*names, *(s.name for s in given)))
        self.question: Question = read.posed()
        self.variable = self._variable(given)
        self.about = as_number(about)
        if symbols_of(self.about):
            raise UsageError("The point must be a number.", hint=f"Write --about {self.variable.name}=0.")

    def _variable(self, given: Sequence[Symbol]) -> Symbol:
        if len(given) > 1:
            raise UsageError("A Taylor polynomial is in one variable.", hint="Give one, as in --about x=0.")
        if given:
            return given[0]
        found = self.question.variables()
        if len(found) > 1:
            names = ", ".join(s.name for s in found)
            raise UsageError(f"The expression has {len(found)} variables ({names}).",
                             hint=f"Say which one it is about, for instance --about {found[0].name}=0.")  # fmt: skip
        return found[0] if found else symbol("x")

    # --- what is worked out -------------------------------------------------------------------------------------------

    def result(self) -> Taylor:
        """Work everything out."""
        name = letter_for(self.question, [self.variable])
        values = {self.variable.name: self.about}
        function = plain(self.question)
        chains, terms = self._terms(function, name, values)
        polynomial = sum_of([t.term for t in terms if t.term != ZERO])
        asked = apply(f"T_{self.order}", self.variable)
        pieces: list[Any] = [*chains, self._table(terms)]
        pieces.append(Chain(Derivation(polynomial, (), polynomial), asked))
        remainder, said = self._remainder(terms, name)
        pieces += said
        pieces.append(self._plot(function, terms, name))
        facts = {
            "wrt": self.variable.name,
            "about": ((self.variable, self.about),),
            "order": self.order,
            "terms": [t._asdict() for t in terms],
        }
        facts |= {} if remainder is None else {"remainder": remainder}
        notes = self.question.notes
        return Taylor(tuple(pieces), polynomial, asked, tuple(facts.items()), notes, self.source, function,
                      self.question.originals, function=function, variable=self.variable, about_value=self.about,
                      terms=tuple(terms), following=self.following)  # fmt: skip

    def _terms(self, function: Tree, name: str, values: dict[str, Tree]) -> tuple[list[Any], list[Term]]:
        first = value_chain(function, values, apply(name, self.about))
        chains: list[Any] = []
        terms = [self._term(0, function, first.derivation.last)]
        line = function
        for order in range(1, self.order + 1):
            if line == ZERO:
                terms.append(self._term(order, ZERO, ZERO))
                continue
            try:
                found = slope(Question(line), self.variable, values, name, False)
            except DomainError as error:
                which = "" if order == 1 else f" of order {order}"
                raise DomainError(
                    f"There is no Taylor polynomial of order {self.order}: "
                    f"the derivative{which} fails. {error.message}",
                    hint="Choose another point, or a lower order.",
                ) from None
            chains.append(found.formula._replace(left=apply(name + "'" * order, self.variable)))
            line = found.formula.derivation.last
            terms.append(self._term(order, line, found.value))
        return chains, terms

    def _term(self, order: int, derivative: Tree, value: Tree) -> Term:
        coefficient = tidy(Quotient(value, Integer(factorial(order))), [])
        if order == 0:
            return Term(order, derivative, value, value, value)
        base = difference(self.variable, self.about)
        power = base if order == 1 else Power(base, Integer(order))
        if order == 1 and isinstance(coefficient, Quotient) and coefficient._args[0] == ONE:
            return Term(order, derivative, value, coefficient, Quotient(base, coefficient._args[1]))
        return Term(order, derivative, value, coefficient, sum_of(multiple(coefficient, power)))

    def _table(self, terms: Sequence[Term]) -> Grid:
        head: tuple[Words, ...] = (
            ("k",),
            ("derivative of order k",),
            ("its value at ", self.variable, " = ", self.about),
            ("divided by k!",),
        )
        rows = tuple(((str(t.order),), (t.derivative,), (t.value,), (t.coefficient,)) for t in terms)
        return Grid(head, rows)

    def _remainder(self, terms: Sequence[Term], name: str) -> tuple[Tree | None, list[Any]]:
        """Return the remainder of Lagrange's form, and the sentence that says it."""
        last = terms[-1].derivative
        if last == ZERO:
            return ZERO, [Said(("The remainder is 0: the polynomial is the function itself.",))]
        if XI in {s.name for s in symbols_of(last)}:
            return None, []
        following = derive(Question(last), [self.variable]).last
        xi = symbol(XI)
        base = difference(self.variable, self.about)
        power = Power(base, Integer(self.order + 1)) if self.order else base
        inside = substituted(following, {self.variable: xi})
        if number_value(following) == 0:
            return ZERO, [Said(("The remainder is 0: the polynomial is the function itself.",))]
        coefficient = tidy(Quotient(inside, Integer(factorial(self.order + 1))), [])
        whole = sum_of(multiple(coefficient, power))
        self.following = following
        primes = apply(name + "'" * (self.order + 1), xi)
        general = sum_of(multiple(Quotient(primes, Integer(factorial(self.order + 1))), power))
        words: Words = (
            "The remainder is ", apply(f"R_{self.order}", self.variable), " = ", general, " = ", whole,
            " for some ", xi, " between ", self.about, " and ", self.variable, ".",
        )  # fmt: skip
        return whole, [Said(words)]

    def _plot(self, function: Tree, terms: Sequence[Term], name: str) -> Plot:
        curves = [Curve((apply(name, self.variable),), function)]
        partial: list[Tree] = []
        seen = []
        for t in terms:
            partial += [t.term] if t.term != ZERO else []
            if t.order and t.term != ZERO:
                seen.append(Curve((apply(f"T_{t.order}", self.variable),), sum_of(partial)))
        curves += seen[-MOST_CURVES:]
        points: tuple[tuple[float, float], ...] = ()
        if not symbols_of(terms[0].value):
            a = numbers({self.variable: self.about})[self.variable]
            points = ((float(a), float(evaluate(terms[0].value, {}))),)
        return Plot(tuple(curves), (self.variable, symbol("y")), points)


__all__ = ["Expansion", "Taylor", "Term"]
