"""Definite integrals with letters, in the limits or beside the variable: what must hold of them, and the check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any, NamedTuple

import sympy
from mpmath import mp
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.engine import tidy
from symback.calculus.integrals.assumptions import ABOVE, Assumed, in_logarithms, without_implied
from symback.calculus.integrals.breaks import barriers, breaks_inside, said
from symback.calculus.integrals.checking import verify_value
from symback.calculus.integrals.definite import FUNDAMENTAL, INFINITY, LIMIT, number_of
from symback.calculus.integrals.finishing import without_bars
from symback.calculus.integrals.forms import form_of, value_of
from symback.errors import DomainError, SymbackError
from symback.expr.rule import Move, Rule
from symback.expr.tree import (
    ZERO,
    Apply,
    Int,
    Neg,
    Plus,
    Power,
    Quotient,
    Tree,
    at,
    number,
    put,
    substituted,
    symbol,
    symbols_of,
    walk,
)
from symback.result import text_of
from symback.verify import Verification
from symback.verify.compare import Undefined, evaluate

SAMPLES = tuple(Fraction(n, 10) for n in (13, 27, 8, 31, -17, 19, 5, -6, 42, 23))
WIDEST = mp.mpf(12)  # how far from 0 the breaks of an integrand without letters are looked for
ENOUGH = 3  # choices of the letters at which a value must be confirmed
MOST = 6
WITHOUT_LETTERS = "Give numbers for the letters, or leave out the limits for the antiderivative."
SIGN = Rule("sign of a positive number", "sign(a) = 1 where a is positive")
EVERYWHERE = "the integrand has a value everywhere between the limits"


class Lettered(NamedTuple):
    """The moves to a value with letters, the last line, and what is assumed, as sentences and of single letters."""

    moves: tuple[Move, ...]
    last: Tree
    conditions: tuple[str, ...]
    assumed: tuple[Assumed, ...]


def has_letters(start: Int) -> bool:
    """Tell whether a definite integral has letters beside its variable."""
    return bool(letters_of(start))


def letters_of(start: Int) -> list[Symbol]:
    """Return the letters of a definite integral beside its variable, in the order of the alphabet."""
    integrand, variable, low, high = start._args
    found = (symbols_of(integrand) - {variable}) | symbols_of(low) | symbols_of(high)
    return sorted(found - {INFINITY}, key=lambda s: str(s.name))


def work_out_with_letters(start: Int, antiderivative: Tree, assumed: Sequence[Assumed]) -> Lettered:
    """Return the value of a definite integral with letters; DomainError where it has none."""
    variable, low, high = start._args[1:]
    (top, is_limit), (bottom, also) = (_at_end(antiderivative, variable, end) for end in (high, low))
    line: Tree = Plus(top, Neg(bottom))
    is_improper = is_limit or also
    name = f"{FUNDAMENTAL.name}, {LIMIT.name}" if is_improper else FUNDAMENTAL.name
    bound = ((f"F({variable.name})", antiderivative),)
    moves = [Move(Rule(name, FUNDAMENTAL.law), (), start, line, bound)]
    for path, rule, result in without_bars(line, variable):
        moves.append(Move(rule, path, at(line, path), result))
        line = put(line, path, result)
    last = tidy(line, moves, (), True)
    letters = set(symbols_of(antiderivative) - {variable}) if is_improper else set()
    if any(isinstance(node, Apply) and node.name == "sign" for node in walk(last)):
        letters |= symbols_of(last)
        moves.append(Move(SIGN, (), last, simple(_positive(value_of(last), variable))))
        last = moves[-1].result
    positive = [Assumed(s, ABOVE, 0) for s in letters_of(start) if s in letters]
    named = frozenset(symbols_of(start._args[0]) - {variable})
    own = without_implied([*assumed, *positive])
    conditions = tuple(_conditions(start, antiderivative, own))
    if EVERYWHERE not in conditions:  # that would say it too
        own = without_implied([*own, *in_logarithms(line, named)])
    points = _good_points(start, antiderivative, own)
    if not points:
        raise DomainError(
            "The integral does not exist for any of the values of the letters that were tried.", hint=WITHOUT_LETTERS
        )
    return Lettered(tuple(moves), last, conditions, tuple(own))


def verify_with_letters(start: Int, antiderivative: Tree, last: Tree, assumed: Sequence[Assumed]) -> Verification:
    """Check a value with letters by quadrature, for several choices of them."""
    integrand, variable, low, high = start._args
    confirmed = 0
    for point in _good_points(start, antiderivative, assumed)[:MOST]:
        trees = {letter: number(value) for letter, value in point.items()}
        try:
            value = float(evaluate(substituted(last, trees), {}))
        except (Undefined, OverflowError):
            return Verification("failed", 0, "The value is not defined where the integral exists.")
        ends = tuple(number_of(substituted(end, trees)) for end in (low, high))
        inside, its = (substituted(tree, trees) for tree in (integrand, antiderivative))
        breaks = breaks_inside(inside, its, variable, (ends[0], ends[1]))
        found = verify_value(inside, variable, (ends[0], ends[1]), value, list(breaks.inside))
        if found.verdict == "failed":
            return found
        confirmed += found.verdict == "verified"
    if confirmed < ENOUGH:
        return Verification("unverified", 0, "Not verified: the quadrature does not settle.")
    return Verification("verified", confirmed, f"Verified by quadrature for {confirmed} choices of the letters.")


# --- the ends ---------------------------------------------------------------------------------------------------------


def _is_infinite(end: Tree) -> bool:
    return INFINITY in symbols_of(end)


def _at_end(antiderivative: Tree, variable: Symbol, end: Tree) -> tuple[Tree, bool]:
    """Return the antiderivative at an end, or its limit far out or where it has no value, and whether it is a limit.

    In a limit letters count as positive.
    """
    if not _is_infinite(end):
        put_in = substituted(antiderivative, {variable: end})
        if symbols_of(end) or not any(map(_is_doubtful, walk(put_in))):
            return put_in, False
    target = sympy.oo * (-1 if isinstance(end, Neg) else 1) if _is_infinite(end) else value_of(end)
    with suppress(NotImplementedError, ValueError, TypeError, AttributeError):
        found = sympy.limit(_positive(value_of(antiderivative), variable), variable, target)
        if not found.has(sympy.oo, sympy.zoo, sympy.nan, sympy.Limit, sympy.AccumBounds):
            return simple(found), True
    raise DomainError(
        f"The limit of the antiderivative for {variable.name} -> {text_of(end)} was not found.", hint=WITHOUT_LETTERS
    )


def _is_doubtful(node: Tree) -> bool:
    """Tell whether a part has no value for some of its letters: ln 0, 0^n."""
    if isinstance(node, Power) and node._args[0] == ZERO:
        return bool(symbols_of(node._args[1]))
    return isinstance(node, (Apply, Quotient)) and value_of(node).is_finite is False


def simple(value: Expr) -> Tree:
    """Return a value with its letters in the place of those that stood for positive ones."""
    return form_of(value.xreplace({s: symbol(s.name) for s in value.atoms(sympy.Dummy)}))


def _positive(value: Expr, variable: Symbol) -> Expr:
    return value.xreplace({s: sympy.Dummy(s.name, positive=True) for s in value.free_symbols - {variable}})


# --- what must hold ---------------------------------------------------------------------------------------------------


def _choices(start: Int, assumed: Iterable[Assumed]) -> Iterator[Mapping[Symbol, Fraction]]:
    """Yield values of the letters, some of them negative, for which what is assumed holds."""
    letters = letters_of(start)
    rules = list(assumed)
    for turn in range(len(SAMPLES)):
        point = {s: SAMPLES[(turn + 3 * i) % len(SAMPLES)] for i, s in enumerate(letters)}
        if all(_holds(each, point) for each in rules):
            yield point


def _holds(each: Assumed, point: Mapping[Symbol, Fraction]) -> bool:
    try:
        value = evaluate(substituted(each.tree, {s: number(v) for s, v in point.items()}), {})
    except Undefined:
        return False
    return bool(value > each.value if each.sign == ABOVE else value != each.value)


def _good_points(start: Int, antiderivative: Tree, assumed: Sequence[Assumed]) -> list[Mapping[Symbol, Fraction]]:
    """Return the choices of the letters for which the integral exists."""
    return [point for point in _choices(start, assumed) if _exists(start, antiderivative, point)]


def _exists(start: Int, antiderivative: Tree, point: Mapping[Symbol, Fraction]) -> bool:
    trees = {letter: number(value) for letter, value in point.items()}
    integrand, variable, low, high = (substituted(part, trees) for part in start._args)
    try:
        ends = (number_of(low), number_of(high))
        return not breaks_inside(integrand, substituted(antiderivative, trees), variable, ends).jumps
    except SymbackError:
        return False


def _conditions(start: Int, antiderivative: Tree, assumed: Sequence[Assumed]) -> Iterator[str]:
    """Yield what must hold of the limits so that the integrand has a value everywhere between them."""
    integrand, variable, low, high = start._args
    if symbols_of(integrand) - {variable}:
        if not all(_exists(start, antiderivative, point) for point in _choices(start, assumed)):
            yield EVERYWHERE
        return
    places = list(barriers(integrand, antiderivative, variable, WIDEST))
    fixed = [end for end in (low, high) if not symbols_of(end) - {INFINITY}]
    if fixed:
        yield from _beside(number_of(fixed[0]), high if fixed[0] == low else low, places, integrand, variable)
        return
    for place in places:
        yield f"{variable.name} = {said(place)} does not lie between {text_of(low)} and {text_of(high)}"


def _beside(fixed: Any, end: Tree, places: Sequence[Any], integrand: Tree, variable: Symbol) -> Iterator[str]:
    """Yield between which breaks of the integrand a limit must lie, that is where the other limit lies."""
    name = text_of(end)
    below = [p for p in places if p < fixed]
    above = [p for p in places if p > fixed]
    if any(p == fixed for p in places):
        is_right = _is_real(integrand, variable, fixed + (min(above, default=fixed + 2) - fixed) / 2)
        yield f"{name} is {'greater' if is_right else 'less'} than {said(fixed)}"
        below, above = ([], above) if is_right else (below, [])
    if below:
        yield f"{name} is greater than {said(max(below))}"
    if above:
        yield f"{name} is less than {said(min(above))}"


def _is_real(integrand: Tree, variable: Symbol, place: Any) -> bool:
    try:
        evaluate(integrand, {variable: place})
    except Undefined:
        return False
    return True
