"""Identities of the trigonometric and hyperbolic functions that make an answer shorter.

The tables say which: sin(x)/cos(x) = tan(x), sin(x) sec(x) = tan(x), 1/cos(x)^2 = sec(x)^2, 1 - cos(x)^2 = sin(x)^2.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction

from symback.calculus.tidy.powers import Factor, as_factors, as_power
from symback.calculus.tidy.product import Product, number_of, put_together
from symback.calculus.tidy.terms import Term, as_term
from symback.expr.rule import Rule
from symback.expr.tree import ONE, TWO, Apply, Neg, Plus, Power, Quotient, Times, Tree, apply, number, sum_of

QUOTIENT_IDENTITY = Rule("quotient identity", "sin(u)/cos(u) = tan(u), cos(u)/sin(u) = cot(u)", minor=True)
PRODUCT_IDENTITY = Rule("quotient identity", "sin(u) sec(u) = tan(u), sinh(u) sech(u) = tanh(u)", minor=True)
RECIPROCAL_IDENTITY = Rule("reciprocal identity", "1/cos(u) = sec(u), 1/sin(u) = csc(u)", minor=True)
COMPLEMENT = Rule("Pythagorean identity", "1 - cos(u)^2 = sin(u)^2, 1 + tan(u)^2 = sec(u)^2", minor=True)

_RECIPROCAL = {"cos": "sec", "sin": "csc"}

# A function above, one below, and their quotient.
_RATIOS = {("sin", "cos"): "tan", ("cos", "sin"): "cot", ("sinh", "cosh"): "tanh", ("cosh", "sinh"): "coth"}

# Two functions, and their product; 1 where they are reciprocals.
_PRODUCTS = {
    ("sin", "sec"): "tan", ("cos", "csc"): "cot", ("tan", "cos"): "sin", ("cot", "sin"): "cos",
    ("sin", "csc"): "", ("cos", "sec"): "", ("tan", "cot"): "",
    ("sinh", "sech"): "tanh", ("cosh", "csch"): "coth", ("tanh", "cosh"): "sinh", ("coth", "sinh"): "cosh",
    ("sinh", "csch"): "", ("cosh", "sech"): "", ("tanh", "coth"): "",
}  # fmt: skip

# f, s, g, r of 1 + s f(u)^2 = r g(u)^2.
_SQUARES = {
    "sin": (-1, "cos", 1), "cos": (-1, "sin", 1),
    "tan": (1, "sec", 1), "sec": (-1, "tan", -1), "cot": (1, "csc", 1), "csc": (-1, "cot", -1),
    "sinh": (1, "cosh", 1), "cosh": (-1, "sinh", -1),
    "tanh": (-1, "sech", 1), "sech": (-1, "tanh", 1), "coth": (-1, "csch", -1), "csch": (1, "coth", 1),
}  # fmt: skip


def ratio(product: Product, stands_alone: bool) -> tuple[Rule, Tree] | None:
    """Write sine over cosine as tangent, sine times secant as tangent, and one over a square of them as a square.

    One over a function becomes its reciprocal only where it stands alone: -(1/sin(x)^2) cos(x) is one fraction first.
    """
    above = _functions(product.above)
    below = _functions(product.below) if product.below and (above or not product.above) else []
    if above and below:
        found = _quotient(product, above, below)
        if found is not None:
            return found
    if len(above) > 1:
        return _product(product, above)
    alone = stands_alone and not product.above and len(product.below) == 1
    return _reciprocal(product, below[0][1]) if alone and below else None


_Place = tuple[int, Factor]


def _functions(factors: Sequence[Tree]) -> list[_Place]:
    """Return the powers of functions among the factors, with their places; no roots of them."""
    powers = [(i, as_power(f)) for i, f in enumerate(factors) if _holds_function(f)]
    return [(i, p) for i, p in powers if isinstance(p.base, Apply) and p.base.name in _SQUARES and p.number is not None]


def _holds_function(factor: Tree) -> bool:
    """Tell quickly whether a factor may be a power of one of the functions."""
    while isinstance(factor, Power):
        factor = factor._args[0]
    return isinstance(factor, Apply) and factor.name in _SQUARES


def _quotient(product: Product, above: Sequence[_Place], below: Sequence[_Place]) -> tuple[Rule, Tree] | None:
    for (i, over), (j, under) in itertools.product(above, below):
        new = _RATIOS.get((over.base.name, under.base.name))
        if new is not None and under.exponent == over.exponent and _same(over.base, under.base):
            factors = as_factors(apply(new, over.base._args[1]), over.exponent, over.rooted)
            top = [*product.above[:i], *factors, *product.above[i + 1 :]]
            return QUOTIENT_IDENTITY, _rebuilt(product, top, [*product.below[:j], *product.below[j + 1 :]])
    return None


def _product(product: Product, above: Sequence[_Place]) -> tuple[Rule, Tree] | None:
    """Multiply two functions whose product is a third, as often as both are there: sin(x) sec(x)^2 = tan(x) sec(x)."""
    for (i, a), (j, b) in itertools.permutations(above, 2):
        new = _PRODUCTS.get((a.base.name, b.base.name))
        if new is None or not _same(a.base, b.base) or a.rooted or b.rooted:
            continue
        assert a.number is not None
        assert b.number is not None
        shared = min(a.number, b.number)
        if shared >= 1 and shared.denominator == 1:
            made = as_factors(apply(new, a.base._args[1]), number(shared), False) if new else []
            left = {i: [*made, *as_factors(a.base, number(a.number - shared), False)],
                    j: as_factors(b.base, number(b.number - shared), False)}  # fmt: skip
            top = [f for k, g in enumerate(product.above) for f in left.get(k, (g,))]
            return PRODUCT_IDENTITY, _rebuilt(product, top, product.below)
    return None


def _same(one: Apply, other: Apply) -> bool:
    return bool(one._args[1:] == other._args[1:])


def _reciprocal(product: Product, below: Factor) -> tuple[Rule, Tree] | None:
    if below.base.name not in _RECIPROCAL or below.number not in (1, 2):
        return None
    function = apply(_RECIPROCAL[below.base.name], below.base._args[1])
    return RECIPROCAL_IDENTITY, _rebuilt(product, [function if below.number == 1 else Power(function, TWO)], ())


def _rebuilt(product: Product, above: Iterable[Tree], below: Iterable[Tree]) -> Tree:
    return put_together(number_of(product), above, below, product.negative, product.is_decimal)


def complement(node: Plus) -> Tree | None:
    """Write 1 - cos(u)^2 in a sum as sin(u)^2, and the others of the table; the 1 may have a factor: x + x tan(u)^2."""
    if not any(_is_square(f) for t in node._args for f in _outer(t)):
        return None
    terms = [as_term(t) for t in node._args]
    for index, term in enumerate(terms):
        for function, rest in _squared(term):
            s, name, r = _SQUARES[function.name]
            wanted = rest.key, term.coefficient * s
            place = next((i for i, t in enumerate(terms) if i != index and (t.key, t.coefficient) == wanted), None)
            if place is None:
                continue
            square = Power(apply(name, function._args[1]), TWO)
            part = terms[place].part
            new = put_together(terms[place].coefficient * r, [*part.above, square], part.below, False, term.decimal)
            return sum_of([new if i == place else t for i, t in enumerate(node._args) if i != index])
    return None


def _outer(term: Tree) -> tuple[Tree, ...]:
    """Return the factors of a tidy term above the bar."""
    while isinstance(term, (Neg, Quotient)):
        term = term._args[0]
    return term._args if isinstance(term, Times) else (term,)


def _is_square(factor: Tree) -> bool:
    if not isinstance(factor, Power) or factor._args[1] != 2:
        return False
    return isinstance(factor._args[0], Apply) and factor._args[0].name in _SQUARES


def _squared(term: Term) -> Iterable[tuple[Apply, Term]]:
    """Yield each function of the table whose square is a factor of the term, with the term without it."""
    for index, factor in enumerate(term.part.above):
        if _is_square(factor):
            others = [f for i, f in enumerate(term.part.above) if i != index]
            yield factor._args[0], as_term(put_together(Fraction(1), others or [ONE], term.part.below))
