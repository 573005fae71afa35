"""The other usual ways to one derivative: by the quotient rule or as a product, multiplied out first, and so on.

A way rewrites the function by one labelled step, or follows another strategy, and is then derived like any question. It
is shown only if it was verified and ends in the same derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.curves.logarithmic import logarithmic
from symback.calculus.derive import derive, work_out
from symback.calculus.question import Question, names_in, read_question
from symback.errors import SymbackError, UsageError
from symback.expr.rule import Derivation, Move, Rule, next_line
from symback.expr.tree import ONE, Diff, Neg, Plus, Power, Quotient, Times, Tree, is_free_of
from symback.hints import mention
from symback.result import Result
from symback.syntax.convert import from_sympy, to_sympy
from symback.verify import judge

MOST_TERMS = 6  # of a polynomial that is differentiated term by term
MANY_FACTORS = 3  # of a product for which the logarithm is worth its while
QUOTIENT_RULE = "quotient rule"
MOST_FACTORS = 8  # degree: (x + 1)^9 is multiplied out by nobody

AS_A_PRODUCT = Rule("write as a product", "u/v = u*v^(-1)")
MULTIPLY_OUT = Rule("multiply out", "u*(v + w) = u*v + u*w")
DIVIDE = Rule("divide each term", "(u + v)/w = u/w + v/w")
SAME_FORM = Rule("simplify", "u = v")  # to the form of the first way, which has the same value


@dataclass(frozen=True)
class Way:
    """One more way to a derivative: what it is called ("As a product"), and how it goes."""

    name: str
    result: Result


@dataclass(frozen=True, repr=False)
class Alternatives(Result):
    """A derivation, and the other usual ways to the same derivative; `ways` is empty where there is none."""

    kind: ClassVar[str] = "alternatives"
    title: ClassVar[str] = "Derivative"
    derivation: Derivation
    ways: tuple[Way, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes of the derivation, and that there is no other way where none was found."""
        none = () if self.ways else ("There is no other usual way.",)
        return (*self.derivation.notes, *none)

    @property
    def answer(self) -> Tree:
        """The derivative, as an evaluated SymPy expression."""
        return self.derivation.answer

    def verify(self) -> Any:
        """Check the first derivation; the other ways are there because they were checked."""
        return self.derivation.verify()

    def about(self) -> str:
        """Return the derivative, and the names of the other ways."""
        return f"{self.derivation.about()}; {', '.join(way.name for way in self.ways) or 'no other way'}"


def alternatives(
    f: str | Expr,
    wrt: Any = None,
    at: Mapping[Any, Any] | None = None,
    *,
    strategy: str = "textbook",
    names: Iterable[str] = (),
) -> Alternatives:
    """Return a derivation and the other usual ways to the same derivative, each of them verified.

    UsageError where more is asked for than a first derivative by one variable.

    >>> [way.name for way in alternatives("(x + 1)/x^2").ways]
    ['Divided term by term first', 'As a product']
    """
    question = f if isinstance(f, Question) else read_question(f, names, variables=names_in(wrt)).posed()
    variables = question.passes(wrt)
    if len(variables) != 1:
        hint = f"Leave out {mention('alternatives')}, or ask for one derivative."
        raise UsageError("Alternatives belong to a first derivative.", hint=hint)
    first = derive(f if isinstance(f, Question) else question, wrt, at=at, strategy=strategy)
    without_point = derive(question, wrt, strategy=strategy) if at else first
    return Alternatives(first, tuple(_ways(question, variables[0], without_point)))


class _Rewrite(NamedTuple):
    """A way that begins by rewriting the function: its name, the rule, and what becomes of a function of x."""

    name: str
    rule: Rule
    of: Callable[[Tree, Symbol], Tree | None]


def _ways(question: Question, variable: Symbol, first: Derivation) -> Iterator[Way]:
    """Yield the ways that end in the derivative of the first and go by other rules."""
    known = {_rules_of(first)}
    for name, found in _candidates(question, variable, first):
        way = _to_the_same_form(found, first)
        if way is not None and _rules_of(way) not in known:
            known.add(_rules_of(way))
            yield Way(name, way)
    if _factors(question.tree, variable) >= MANY_FACTORS and question.called is None:
        yield from _by_logarithms(question, variable, first)


def _by_logarithms(question: Question, variable: Symbol, first: Derivation) -> Iterator[Way]:
    """Yield logarithmic differentiation, where it is verified and ends in the same value."""
    with suppress(SymbackError):
        found = logarithmic(question, variable)
        if found.verify().verdict == "verified" and judge(first.last, found.last, [question.tree]).verdict == "yes":
            yield Way("By logarithmic differentiation", found)


def _factors(tree: Tree, x: Symbol) -> int:
    """Return how many factors that depend on x stand above and below the fraction bar."""
    if isinstance(tree, (Times, Quotient)):
        return sum(_factors(part, x) for part in tree._args)
    return int(not is_free_of(tree, x))


def _candidates(question: Question, variable: Symbol, first: Derivation) -> Iterator[tuple[str, Derivation]]:
    for way in _REWRITES:
        rewritten = None if question.called is not None else way.of(question.tree, variable)
        if rewritten is not None:
            yield way.name, _rewritten_first(question, variable, way.rule, rewritten)
    if first.strategy == "textbook" and QUOTIENT_RULE not in _rules_of(first):
        found = derive(question, variable, strategy="literal")
        if QUOTIENT_RULE in _rules_of(found):
            yield "By the quotient rule", found


def _rewritten_first(question: Question, variable: Symbol, rule: Rule, rewritten: Tree) -> Derivation:
    """Return a derivation whose first step rewrites the function."""
    start = Diff(question.tree, variable)
    other = question._replace(tree=rewritten)
    made = work_out(Diff(rewritten, variable), [variable], other, "textbook", None, True)
    first = Move(rule, (0,), question.tree, rewritten, (), line=0)
    later = tuple(replace(move, line=move.line + 1) for move in made.moves)
    return replace(made, start=start, moves=(first, *later))


def _to_the_same_form(way: Derivation, first: Derivation) -> Derivation | None:
    """Return a way that ends in the line in which the first ends; None where it is not verified."""
    if way.last != first.last:
        move = Move(SAME_FORM, (), way.last, first.last, (), line=next_line(way.moves))
        way = replace(way, moves=(*way.moves, move), last=first.last)
    return way if way.verify().verdict == "verified" else None


def _rules_of(derivation: Derivation) -> frozenset[str]:
    """Return the rules by which a derivation differentiates, without what only tidies."""
    return frozenset(move.rule.name for move in derivation.moves if not move.rule.minor and move.rule is not SAME_FORM)


# --- the ways that rewrite the function -------------------------------------------------------------------------------


def _as_product(tree: Tree, x: Symbol) -> Tree | None:
    """Return u*v^(-1) for u/v: with the exponent of v made negative where v is a power."""
    if not isinstance(tree, Quotient) or any(is_free_of(part, x) for part in tree._args):
        return None
    above, below = tree._args
    if isinstance(below, Power) and is_free_of(below._args[1], x):
        return Times(above, Power(below._args[0], Neg(below._args[1])))
    return Times(above, Power(below, Neg(ONE)))


def _multiplied_out(tree: Tree, x: Symbol) -> Tree | None:
    """Return the polynomial that a product or power of polynomials is."""
    if not isinstance(tree, (Times, Power)) or not _holds_a_sum(tree):
        return None
    return _polynomial(to_sympy(tree), x, least=0)


def _divided(tree: Tree, x: Symbol) -> Tree | None:
    """Return a sum over one power of x, or over a number times one, divided term by term."""
    if not isinstance(tree, Quotient) or not isinstance(tree._args[0], Plus):
        return None
    below = to_sympy(tree._args[1])
    _, power = below.as_independent(x)
    if below.is_Add or not power.has(x) or power.as_base_exp()[0] != x:
        return None
    return _polynomial(to_sympy(tree), x, least=-MOST_FACTORS)


def _holds_a_sum(tree: Tree) -> bool:
    factors = tree._args if isinstance(tree, Times) else (tree,)
    return any(isinstance(f._args[0] if isinstance(f, Power) else f, Plus) for f in factors)


def _polynomial(expr: Expr, x: Symbol, least: int) -> Tree | None:
    """Return an expression as a sum of few numbers times whole powers of x, the highest first; None for others."""
    if not expr.is_rational_function(x) or not all(e.is_Integer and abs(e) <= MOST_FACTORS for e in _exponents(expr)):
        return None
    terms = sympy.Add.make_args(sympy.expand(expr))
    found = sorted((term.as_coeff_exponent(x) for term in terms), key=lambda term: -term[1])
    if not 2 <= len(found) <= MOST_TERMS or any(c.has(x) or e < least or e > MOST_FACTORS for c, e in found):
        return None
    return Plus(*(from_sympy(c * x**e) for c, e in found))


def _exponents(expr: Expr) -> list[Expr]:
    return [power.exp for power in expr.atoms(sympy.Pow)]


_REWRITES = (
    _Rewrite("Multiplied out first", MULTIPLY_OUT, _multiplied_out),
    _Rewrite("Divided term by term first", DIVIDE, _divided),
    _Rewrite("As a product", AS_A_PRODUCT, _as_product),
)
