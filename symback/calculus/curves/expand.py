"""Taylor polynomials: by derivatives, by composition too, and of functions that have to be continued.

sin(x)/x has no value at 0, but a limit: the polynomial of its numerator is divided by x. That of e^(x^2) is that of e^u
with x^2 for u.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import sympy

from symback.calculus.curves.parts import letter_for, plain
from symback.calculus.curves.taylor import Expansion, Taylor, Term
from symback.calculus.derive import derive
from symback.calculus.engine import tidy
from symback.calculus.integrals.forms import form_of, tidied, value_of
from symback.calculus.limits import Limit, limit
from symback.calculus.question import Question
from symback.calculus.worked import Chain, Piece, Plot, Said
from symback.errors import DomainError, SymbackError
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import (
    ZERO,
    Apply,
    E,
    Lim,
    Plus,
    Power,
    Quotient,
    Tree,
    apply,
    number,
    substituted,
    sum_of,
    symbol,
    symbols_of,
)  # fmt: skip
from symback.verify import Verification

OUTER = frozenset(("sin", "cos", "tan", "arctan", "arcsin", "sinh", "cosh", "tanh"))
INNER_LETTERS = ("u", "v", "w", "s")
DIVIDE = Rule("divide each term", "(u + v)/w = u/w + v/w")
NUMERATORS = ("g", "h", "p", "q")


@dataclass(frozen=True, repr=False)
class Continued(Taylor):
    """A Taylor polynomial of a function that is continued by its limit; `numerator` is what was expanded."""

    numerator: Taylor = None  # type: ignore[assignment]

    def _verdict_on(self, chain: Chain) -> Verification:
        if not isinstance(chain.derivation, Limit):
            return super()._verdict_on(chain)
        found = chain.derivation.verify()
        is_right = found.verdict == "verified"
        return Verification(found.verdict, found.points, f"Verified at {found.points} points.") if is_right else found

    def _checks(self) -> Iterable[Verification]:
        yield from super()._checks()
        yield self.numerator.verify()


def taylor(f: Any, x: Any = None, about: Any = 0, order: int = 4, *, names: Iterable[str] = ()) -> Taylor:
    """Return the Taylor polynomial of a function about a point, with all derivatives and the remainder.

    `x` is the variable, which may be left out where there is one. A function that has a limit at the point but no
    value, such as sin(x)/x, is continued by it. Raises DomainError where the function or one of its derivatives has no
    value at the point.

    >>> taylor("sin x", "x", 0, 3).answer
    -x**3/6 + x
    >>> taylor("sin(x)/x", "x", 0, 2).answer
    1 - x**2/6
    """
    return Expanded(f, x, about, order, names).result()


class Expanded(Expansion):
    """The question, with the ways beside that of derivatives."""

    def result(self) -> Taylor:
        """Work everything out."""
        try:
            found = super().result()
        except DomainError:
            continued = self._continued()
            if continued is None:
                raise
            return continued
        pieces = tuple(self._by_composition(found))
        return replace(found, pieces=_before_plot(found.pieces, pieces)) if pieces else found

    # --- composition --------------------------------------------------------------------------------------------------

    def _by_composition(self, found: Taylor) -> Iterator[Piece]:
        """Yield the shorter way: the polynomial of the outer function, with the inner one put in."""
        parts = _composed(plain(self.question), self.variable)
        if self.about != ZERO or parts is None:
            return
        u = symbol(next(n for n in INNER_LETTERS if n != self.variable.name))
        outer, inner, degree = parts
        try:
            known = Expansion(outer(u), u.name, 0, self.order // degree).result().last
        except SymbackError:
            return
        start = substituted(known, {u: inner})
        moves: list[Move] = []
        last = tidy(start, moves)
        if moves and _terms(last) == _terms(found.last):
            said = "The same by composition: ", outer(u), " has the Taylor polynomial ", known, ", and ", u, " is "
            yield Said((*said, inner, ":"))
            yield Chain(Derivation(start, tuple(moves), last), found.asked)

    # --- continued functions ------------------------------------------------------------------------------------------

    def _continued(self) -> Taylor | None:
        """Return the polynomial of a function over a power of x - a; None where it has no limit there."""
        function = plain(self.question)
        parts = _over_a_power(function, self.variable, self.about)
        if parts is None:
            return None
        top, bottom, degree = parts
        try:
            at_place: Limit = limit(self.question._replace(tree=Lim(function, self.variable, self.about)))
            numerator = Expansion(
                Question(top, name=_free(NUMERATORS, self)), self.variable, self.about, self.order + degree
            ).result()
        except SymbackError:
            return None
        if not at_place.exists or at_place.is_infinite or at_place.is_by_sides:
            return None
        return self._divided(function, bottom, degree, at_place, numerator)

    def _divided(self, function: Tree, bottom: Tree, degree: int, at_place: Limit, numerator: Taylor) -> Taylor | None:
        name, x = letter_for(self.question, [self.variable]), self.variable
        rows = [t for t in numerator.terms if t.order >= degree]
        scale = value_of(bottom) / (x - self.about.doit()) ** degree
        terms = [self._shifted(t, degree, scale, function) for t in rows]
        polynomial = sum_of([t.term for t in terms if t.term != ZERO])
        asked = apply(f"T_{self.order}", x)
        moves = tuple(_division(Quotient(numerator.last, bottom), polynomial))
        said_first = Said((apply(name, x), " has no value at ", x, " = ", self.about, ", but a limit:"))
        said_then = Said(("It is continued by this limit. The Taylor polynomial of its numerator:",))
        said_last = Said(("Divided by ", bottom, ":"))
        above = (piece for piece in numerator.pieces if not isinstance(piece, Plot))
        pieces = (
            said_first, Chain(at_place), said_then, *above, said_last,
            Chain(Derivation(Quotient(numerator.last, bottom), moves, polynomial), asked),
            self._plot(function, terms, name),
        )  # fmt: skip
        facts = {"wrt": x.name, "about": ((x, self.about),), "order": self.order, "continued": at_place.last,
                 "terms": [t._asdict() for t in terms]}  # fmt: skip
        return Continued(pieces, polynomial, asked, tuple(facts.items()), self.question.notes, self.source, function,
                         self.question.originals, function=function, variable=x, about_value=self.about,
                         terms=tuple(terms), numerator=numerator)  # fmt: skip

    def _shifted(self, term: Term, degree: int, scale: Any, function: Tree) -> Term:
        order = term.order - degree
        derivative = function
        for _ in range(order):
            derivative = derive(Question(derivative), [self.variable]).last
        value = form_of(sympy.factorial(order) * value_of(term.coefficient) / scale)
        return self._term(order, derivative, value)


class _Parts(NamedTuple):
    outer: Any
    inner: Tree
    degree: int


def _composed(tree: Tree, variable: Any) -> _Parts | None:
    """Return the outer function, the inner one, a multiple of a power of the variable, and its degree."""
    if isinstance(tree, Apply) and tree.name in OUTER:
        name, inner = tree.name, tree.arguments[0]
        outer = lambda u: apply(name, u)  # noqa: E731
    elif isinstance(tree, Power) and tree._args[0] == E:
        inner = tree._args[1]
        outer = lambda u: Power(E, u)  # noqa: E731
    elif isinstance(tree, Apply) and tree.name == "ln" and isinstance(tree.arguments[0], Plus):
        one, *others = tree.arguments[0]._args
        if one != number(1) or len(others) != 1:
            return None
        inner = others[0]
        outer = lambda u: apply("ln", Plus(number(1), u))  # noqa: E731
    else:
        return None
    constant, rest = value_of(inner).as_independent(variable, as_Add=False)
    base, exponent = rest.as_base_exp()
    if base != variable or not (exponent.is_Integer and exponent > 0) or inner == variable or not constant.is_number:
        return None
    return _Parts(outer, inner, int(exponent))


def _over_a_power(tree: Tree, variable: Any, about: Tree) -> tuple[Tree, Tree, int] | None:
    """Return the numerator, the denominator c (x - a)^m, and m."""
    if not isinstance(tree, Quotient) or symbols_of(tree) - {variable}:
        return None
    top, bottom = tree._args
    try:
        polynomial = sympy.Poly(value_of(bottom), variable)
    except sympy.PolynomialError:
        return None
    degree = polynomial.degree()
    rest = sympy.simplify(polynomial.as_expr() / (variable - about.doit()) ** degree)
    return None if degree < 1 or rest.free_symbols else (top, bottom, degree)


def _division(start: Tree, last: Tree) -> Iterator[Move]:
    if start != last:
        yield Move(DIVIDE, (), start, last)


def _free(names: tuple[str, ...], asked: Expansion) -> str:
    """Return the first name that stands for nothing else."""
    held = {asked.variable.name, asked.question.name, *(s.name for s in asked.question.variables())}
    return next(n for n in names if n not in held)


def _terms(tree: Tree) -> frozenset[Tree]:
    return frozenset(tidied(t) for t in (tree._args if isinstance(tree, Plus) else (tree,)))


def _before_plot(pieces: tuple[Piece, ...], more: tuple[Piece, ...]) -> tuple[Piece, ...]:
    at = next((i for i, p in enumerate(pieces) if isinstance(p, Plot)), len(pieces))
    return (*pieces[:at], *more, *pieces[at:])


__all__ = ["Continued", "Expanded", "taylor"]
