"""Substitution: an inner function u, where the integrand divided by the derivative of u can be written in u alone."""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import derivative_of, form_of, integral, is_small, polynomial, value_of
from symback.calculus.integrals.laws import SUBSTITUTION
from symback.calculus.integrals.plan import Plan
from symback.calculus.integrals.search import Room, Search
from symback.calculus.integrals.trigonometry import in_sines
from symback.expr.tree import (
    ONE,
    Apply,
    E,
    Inert,
    Let,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    is_free_of,
    number_value,
    symbol,
    walk,
    weight_of,
)

MOST_CANDIDATES = 12
# cos^2 + sin^2 = 1 and its kin: the square of the second is a number plus a multiple of that of the first
SQUARES = {
    "sin": ("cos", 1, -1), "cos": ("sin", 1, -1), "tan": ("sec", 1, 1), "sec": ("tan", -1, 1), "cot": ("csc", 1, 1),
    "csc": ("cot", -1, 1), "sinh": ("cosh", 1, 1), "cosh": ("sinh", -1, 1), "tanh": ("sech", 1, -1),
    "coth": ("csch", -1, 1),
}  # fmt: skip


def substitution(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield plans by substitution, the longest inner function first."""
    if not is_small(value_of(integrand)):
        return
    for inner in candidates(integrand, variable):
        if not (_is_power_of_tangent(integrand, inner) or _leaves_something(integrand, inner, variable)):
            yield from substituted_by(search, integrand, inner, variable, room)


def logarithm(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield the plan by u = ln x, where x itself is written as e^u."""
    inner = apply("ln", variable)
    if any(node == inner for node in walk(integrand)) and is_small(value_of(integrand)):
        yield from substituted_by(search, integrand, inner, variable, room)


def substituted_by(search: Search, integrand: Tree, inner: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield plans by the substitution of one inner function."""
    search.check_time()
    if _is_idle(value_of(integrand), value_of(inner), variable):
        return
    letter = search.new_letter()
    slope = derivative_of(inner, variable)
    for value in in_one_letter(value_of(integrand), value_of(inner), value_of(slope), letter, variable):
        found = in_the_letter(search, value, Let(letter, inner), variable, room)
        if found is not None:
            yield found


def in_the_letter(search: Search, value: Expr, let: Let, variable: Symbol, room: Room) -> Plan | None:
    """Return the plan of an integral that is written in a new letter; the letter is taken while it is worked out."""
    letter, inner = let._args
    slope = derivative_of(inner, variable)
    bound = (("u", let), (f"d{letter.name}", differential(slope, variable)))
    search.taken.add(letter.name)
    try:
        return search.plan(SUBSTITUTION, integral(value, letter), letter, room.less(), bound, let)
    finally:
        search.taken.discard(letter.name)


def _leaves_something(integrand: Tree, inner: Tree, variable: Symbol) -> bool:
    """Tell whether x is left beside ln x, or beside a function of kx + c: parts and identities do better there."""
    value, part = value_of(integrand), value_of(inner)
    if part == sympy.log(variable):
        return bool((value * variable).xreplace({part: sympy.Dummy("u", positive=True)}).has(variable))
    if value.is_algebraic_expr(variable):
        return False
    of_x = polynomial(part, variable)
    is_linear = of_x is not None and of_x.degree() == 1
    return is_linear and value.xreplace({part: sympy.Dummy("u", real=True)}).has(variable)


def _is_power_of_tangent(integrand: Tree, inner: Tree) -> bool:
    """Tell whether an integrand is a power of tan or cot, which an identity breaks up."""
    is_power = isinstance(integrand, Power) and integrand._args[0] == inner
    return is_power and isinstance(inner, Apply) and inner.name in ("tan", "cot")


def _is_idle(value: Expr, inner: Expr, variable: Symbol) -> bool:
    """Tell whether a linear inner function only shifts a rational function, which has ways of its own."""
    of_x = polynomial(inner, variable)
    if of_x is None or of_x.degree() != 1 or not value.is_rational_function(variable):
        return False
    bottom = sympy.fraction(sympy.together(value))[1]
    factors = sympy.factor_list(bottom, variable)[1]
    return any(power == 1 or not sympy.cancel(f / inner).is_number for f, power in factors)


def differential(slope: Tree, variable: Symbol) -> Tree:
    """Return the differential of an inner function, such as 2x dx."""
    dx = symbol(f"d{variable.name}")
    if slope == ONE:
        return dx
    if isinstance(slope, Neg):
        return Neg(differential(slope._args[0], variable))
    return Times(*(slope._args if isinstance(slope, Times) else (slope,)), dx)


def candidates(tree: Tree, variable: Symbol) -> list[Tree]:
    """Return what may be substituted: arguments, bases, exponents, denominators, functions and roots."""
    found: dict[Tree, None] = {}
    for node in walk(tree):
        if isinstance(node, Power):
            found.update(dict.fromkeys((node, *node._args)))
            found.update(dict.fromkeys(_lower_powers(node)))
        elif isinstance(node, Apply):
            found.update(dict.fromkeys((node, *node.arguments)))
        elif isinstance(node, Quotient):
            found[node._args[1]] = None
        elif isinstance(node, Plus):
            found[node] = None
    found.pop(tree, None)
    if isinstance(tree, Power):
        found[tree._args[0]] = None
    kept = [u for u in found if isinstance(u, Inert) and not is_free_of(u, variable)]
    return sorted(kept, key=_length, reverse=True)[:MOST_CANDIDATES]


def _length(tree: Tree) -> float:
    """Return how long a candidate is on paper; e^g comes after its exponent g."""
    is_exponential = isinstance(tree, Power) and tree._args[0] == E
    return weight_of(tree._args[1]) - 0.5 if is_exponential else weight_of(tree)


def _lower_powers(node: Power) -> Iterator[Tree]:
    """Yield x^2 and x^3 for x^6, e^x for e^(2x), and the root of u for u^(3/2)."""
    base, exponent = node._args
    value = number_value(exponent)
    if base == E and isinstance(exponent, Times):
        rest = [f for f in exponent._args if number_value(f) is None]
        if len(rest) == len(exponent._args) - 1:
            yield Power(E, rest[0] if len(rest) == 1 else Times(*rest))
    if value is None:
        return
    if value.denominator == 2:
        yield apply("sqrt", base)
    for power in (3, 2):
        if value.denominator == 1 and value > power and value % power == 0:
            yield form_of(value_of(base) ** power)


# --- writing an integrand in one letter -------------------------------------------------------------------------------


def in_one_letter(value: Expr, inner: Expr, slope: Expr, letter: Symbol, variable: Symbol) -> Iterator[Expr]:
    """Yield forms of an integrand divided by the derivative of the inner function, written in the letter alone."""
    seen: set[Expr] = set()
    for form in _quotients(_replaced(value, inner, letter), _replaced(slope, inner, letter)):
        done = _without(form, inner, letter, variable)
        if done is not None and done not in seen:
            seen.add(done)
            yield done


def _quotients(top: Expr, bottom: Expr) -> Iterator[Expr]:
    """Yield a quotient as it is, with powers joined, cancelled, and in sines and cosines."""
    if bottom == 0:
        return
    yield top / bottom
    yield sympy.powsimp(top / bottom)
    if is_small(top) and is_small(bottom):
        yield sympy.cancel(top / bottom)
        plain = in_sines(top) / in_sines(bottom)
        if plain != top / bottom:
            yield plain
            yield sympy.cancel(plain)


def _replaced(value: Expr, inner: Expr, letter: Symbol) -> Expr:
    """Return a value with the letter in the place of an inner function and of its powers."""
    if isinstance(inner, sympy.exp):
        value = value.replace(
            lambda e: isinstance(e, sympy.exp) and (e.exp / inner.exp).is_Rational and (e.exp / inner.exp).is_Integer,
            lambda e: letter ** (e.exp / inner.exp),
        )
    elif isinstance(inner, sympy.Pow) and inner.exp.is_Rational:
        value = value.replace(
            lambda e: isinstance(e, sympy.Pow) and e.base == inner.base and (e.exp / inner.exp).is_Integer,
            lambda e: letter ** (e.exp / inner.exp),
        )
    return value.xreplace({inner: letter})


def _without(value: Expr, inner: Expr, letter: Symbol, variable: Symbol) -> Expr | None:
    """Return a value in which the variable is gone; what is left of it is written in the letter where that goes."""
    if not value.has(variable):
        return value
    if not is_small(value):
        return None
    for rewritten in (_by_squares, _by_powers if inner != sympy.log(variable) else _by_exponential):
        found = rewritten(value, inner, letter, variable)
        if found is not None and not found.has(variable):
            return found
    return None


def _by_squares(value: Expr, inner: Expr, letter: Symbol, variable: Symbol) -> Expr | None:
    """Write an even power of sin by cos, and so on."""
    name = type(inner).__name__
    if name not in SQUARES:
        return None
    other, number, sign = SQUARES[name]
    function = getattr(sympy, other)(inner.args[0])
    square = number + sign * letter**2
    return value.replace(
        lambda e: isinstance(e, sympy.Pow) and e.base == function and e.exp.is_Integer and e.exp % 2 == 0,
        lambda e: square ** (e.exp / 2),
    )


def _by_exponential(value: Expr, inner: Expr, letter: Symbol, variable: Symbol) -> Expr | None:
    """Write x as e^u where u is ln x."""
    return sympy.powsimp(value.xreplace({variable: sympy.exp(letter)}))


def _by_powers(value: Expr, inner: Expr, letter: Symbol, variable: Symbol) -> Expr | None:
    """Write x^n by a letter that stands for a x^n + b, or for a root of that."""
    index = sympy.Integer(1)
    if isinstance(inner, sympy.Pow) and inner.exp.is_Rational and inner.exp.p == 1:
        inner, index = inner.base, sympy.Integer(inner.exp.q)
    of_x = polynomial(inner, variable)
    if of_x is None or of_x.degree() < 1 or len(of_x.as_dict()) > 1 + (of_x.nth(0) != 0):
        return None
    degree = of_x.degree()
    power = (letter**index - of_x.nth(0)) / of_x.LC()
    if degree == 1:
        return value.xreplace({variable: power})
    top, bottom = (polynomial(part, variable) for part in sympy.fraction(sympy.cancel(value)))
    if top is None or bottom is None or any(k[0] % degree for p in (top, bottom) for k in p.as_dict()):
        return None
    above, below = (sum(c * power ** (k[0] // degree) for k, c in p.as_dict().items()) for p in (top, bottom))
    return above / below
