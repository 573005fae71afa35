"""What an integral assumes of its letters: those that a line divides by are not 0, and what a law asks for holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import form_of, value_of
from symback.expr.tree import Apply, Power, Quotient, Times, Tree, apply, number_value, sum_of, symbols_of, walk
from symback.result import text_of

NOT, ABOVE = "!=", ">"
WORDS = {NOT: "is not", ABOVE: "is greater than"}


class Assumed(NamedTuple):
    """Something that is assumed of letters: `tree` is not, or is greater than, a whole number."""

    tree: Tree
    sign: str
    value: int

    def __str__(self) -> str:
        return f"{text_of(self.tree)} {WORDS[self.sign]} {self.value}"


def assumptions(integrand: Tree, lines: Iterable[Tree], variable: Symbol, of_laws: Iterable[Assumed]) -> list[Assumed]:
    """Return what is assumed, each thing once: what the laws ask for, and that no line divides by 0.

    What the integrand itself divides by is not 0 anyway.

    >>> from symback.syntax import parse
    >>> x, line = parse("x"), parse("e^(a x)/(a b)")
    >>> [str(each) for each in assumptions(parse("e^(a x)/b"), [line], x, ())]
    ['a is not 0']
    """
    letters = symbols_of(integrand) - {variable}
    if not letters:
        return []
    known = set(_not_zero(integrand, letters))
    found = [simple for each in of_laws for simple in _simple(each)]
    found += [each for line in lines for each in _not_zero(line, letters)]
    return without_implied(each for each in found if each not in known)


def without_implied(found: Iterable[Assumed]) -> list[Assumed]:
    """Return assumptions, each once: what is greater than 0 is not 0."""
    kept = dict.fromkeys(found)
    positive = {each.tree for each in kept if each.sign == ABOVE and each.value == 0}
    positive |= {positive_first(-value_of(tree)) for tree in positive}
    return [each for each in kept if each.sign != NOT or each.value > 0 or each.tree not in positive]


def only_there(tree: Tree, assumed: Iterable[Assumed]) -> Tree:
    """Return a factor times a tree, which has a value only where what is assumed to be greater than 0 is so."""
    factors = [apply("ln", each.tree) for each in assumed if each.sign == ABOVE and each.value == 0]
    return Times(*factors, tree) if factors else tree


def in_logarithms(line: Tree, letters: frozenset[Symbol]) -> Iterator[Assumed]:
    """Yield which single letters are not 0 because a line takes the logarithm of their powers.

    >>> from symback.syntax import parse
    >>> [str(each) for each in in_logarithms(parse("ln(b^2 + a^2)/2 - ln|a^2|/2"), frozenset([parse("a")]))]
    ['a is not 0']
    """
    for node in walk(line):
        if isinstance(node, Apply) and node.name == "ln":
            (of,) = node.arguments
            of = of.arguments[0] if isinstance(of, Apply) and of.name == "abs" else of
            held = symbols_of(of)
            yield from (each for each in _simple(Assumed(of, NOT, 0)) if held and each.tree in letters)


def _not_zero(tree: Tree, letters: frozenset[Symbol]) -> Iterator[Assumed]:
    """Yield what is not 0 because a tree divides by it."""
    for node in walk(tree):
        if isinstance(node, Quotient):
            yield from _factors_not_zero(node._args[1], letters)
        elif isinstance(node, Power) and (number_value(node._args[1]) or 0) < 0:
            yield from _factors_not_zero(node._args[0], letters)


def _factors_not_zero(tree: Tree, letters: frozenset[Symbol]) -> Iterator[Assumed]:
    for factor in tree._args if isinstance(tree, Times) else (tree,):
        held = symbols_of(factor)
        if held and held <= letters:
            yield from _simple(Assumed(factor, NOT, 0))


def _simple(each: Assumed) -> Iterator[Assumed]:
    """Yield an assumption in the simplest words: a b is not 0 as two, a + 1 is not 0 as `a is not -1`."""
    value = value_of(each.tree) - each.value
    if each.sign == ABOVE:
        yield _above(value) if each.value == 0 else each
        return
    for factor in _bases(value):
        if isinstance(factor, sympy.log):
            yield from _simple(Assumed(form_of(factor.args[0]), NOT, 1))
        elif isinstance(factor, sympy.Abs):
            yield from _simple(Assumed(form_of(factor.args[0]), NOT, 0))
        elif not _is_never_zero(factor):
            yield _solved(factor)


def _bases(value: Expr) -> Iterator[Expr]:
    """Yield what a value is a product of powers of, above the bar."""
    above = sympy.factor(sympy.numer(sympy.together(value)))
    for factor in sympy.Mul.make_args(above):
        base = factor.base if isinstance(factor, sympy.Pow) and factor.exp.is_number else factor
        if base.free_symbols:
            yield from (base,) if base == above or base.is_Atom else _bases(base)


def _solved(factor: Expr) -> Assumed:
    letters = factor.free_symbols
    if len(letters) == 1:
        (letter,) = letters
        slope = factor.diff(letter)
        value = -factor.xreplace({letter: sympy.Integer(0)}) / slope if slope.is_Rational else None
        if value is not None and value.is_Integer:
            return Assumed(letter, NOT, int(value))
    return Assumed(positive_first(-factor if factor.could_extract_minus_sign() else factor), NOT, 0)


def positive_first(value: Expr) -> Tree:
    """Return a sum with a term that has no minus first."""
    terms = sorted(value.as_ordered_terms(), key=lambda t: bool(t.could_extract_minus_sign()))
    return sum_of([form_of(term) for term in terms])


def _is_never_zero(factor: Expr) -> bool:
    """Tell whether a factor is certainly not 0, as e^a or a^2 + 1."""
    return bool(factor.is_nonzero) or isinstance(factor, sympy.exp)


def _above(value: Expr) -> Assumed:
    """Return that a value is greater than 0 without the factors that always are."""
    above, below = sympy.fraction(sympy.factor(sympy.together(value)))
    left = [sympy.sign(f) if f.is_number else f for f in sympy.Mul.make_args(above * below) if not _is_square(f)]
    return Assumed(positive_first(sympy.expand(sympy.Mul(*left))), ABOVE, 0)


def _is_square(factor: Expr) -> bool:
    return bool(factor.is_positive) or (isinstance(factor, sympy.Pow) and factor.exp.is_even is True)
