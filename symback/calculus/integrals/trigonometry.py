"""Powers and products of trigonometric functions: identities that leave something that can be integrated."""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import as_sum, form_of, is_small, terms_of, value_of
from symback.calculus.integrals.plan import Plan
from symback.calculus.integrals.search import Room, Search
from symback.expr.rule import Rule
from symback.expr.tree import Int, Tree

HALF_ANGLE = Rule("half-angle identities", "sin(x)^2 = (1 - cos(2x))/2, cos(x)^2 = (1 + cos(2x))/2")
HALF_ANGLE_HYPERBOLIC = Rule("half-angle identities", "sinh(x)^2 = (cosh(2x) - 1)/2, cosh(x)^2 = (cosh(2x) + 1)/2")
PYTHAGORAS = Rule("Pythagorean identity", "sin(x)^2 + cos(x)^2 = 1")
TANGENT = Rule("Pythagorean identity", "1 + tan(x)^2 = sec(x)^2")
COTANGENT = Rule("Pythagorean identity", "1 + cot(x)^2 = csc(x)^2")
RATIOS = Rule("write with tangent and secant", "tan(x) = sin(x)/cos(x), sec(x) = 1/cos(x)")
SINES = Rule("write with sine and cosine", "tan(x) = sin(x)/cos(x), sec(x) = 1/cos(x)")
PRODUCT_TO_SUM = Rule("product to sum", "sin(u)*cos(v) = (sin(u + v) + sin(u - v))/2, and its kin")
DOUBLE_ANGLE = Rule("double-angle identities", "sin(2x) = 2*sin(x)*cos(x), cos(2x) = 1 - 2*sin(x)^2")
CONJUGATE = Rule("multiply by the conjugate", "1/(1 + u) = (1 - u)/(1 - u^2)")
HYPERBOLIC = Rule("hyperbolic identity", "cosh(x)^2 - sinh(x)^2 = 1")

_TRIGONOMETRIC = (sympy.sin, sympy.cos, sympy.tan, sympy.cot, sympy.sec, sympy.csc)
_HYPERBOLIC = (sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch)
MOST_POWER = 10

Form = tuple[Rule, Expr]


def trigonometric(search: Search, integrand: Tree, variable: Symbol, room: Room) -> Iterator[Plan]:
    """Yield plans that begin with an identity of trigonometric functions."""
    value = value_of(integrand)
    if not is_small(value) or not value.atoms(*_TRIGONOMETRIC, *_HYPERBOLIC):
        return
    seen = {value}
    for rule, form in _forms(value, variable):
        if form in seen or not is_small(form):
            continue
        seen.add(form)
        tree = as_sum(terms_of(form)) if form.is_Add else form_of(form)
        plan = search.plan(rule, Int(tree, variable), variable, room.less())
        if plan is not None:
            yield plan


def _forms(value: Expr, variable: Symbol) -> Iterator[Form]:
    angles = {a.args[0] for a in value.atoms(*_TRIGONOMETRIC, *_HYPERBOLIC) if a.has(variable)}
    if len(angles) == 1:
        (angle,) = angles
        powers = value.as_powers_dict()
        yield from _of_powers(value, angle, powers, variable)
        yield from _conjugate(value, angle)
    else:
        yield from _products(value)
        yield from _double_angles(value, angles)
    plain = in_sines(value)
    yield SINES, sympy.cancel(plain) if plain.is_rational_function(*plain.atoms(sympy.sin, sympy.cos)) else plain


def in_sines(value: Expr) -> Expr:
    """Return a value with tangents, secants and their kin written by sine and cosine."""
    made = {}
    for node in value.atoms(sympy.tan, sympy.sec, sympy.cot, sympy.csc):
        s, c = sympy.sin(node.args[0]), sympy.cos(node.args[0])
        made[node] = {sympy.tan: s / c, sympy.sec: 1 / c, sympy.cot: c / s, sympy.csc: 1 / s}[type(node)]
    return value.xreplace(made)


def _of_powers(value: Expr, angle: Expr, powers: dict[Expr, Expr], variable: Symbol) -> Iterator[Form]:
    """Yield forms of a product of powers of functions of one angle, and of what else does not matter."""
    found = {}
    for function in (*_TRIGONOMETRIC, *_HYPERBOLIC):
        power = powers.get(function(angle), sympy.Integer(0))
        if not power.is_Integer or abs(power) > MOST_POWER:
            return
        found[function.__name__] = int(power)
    rest = value / sympy.Mul(*(getattr(sympy, name)(angle) ** k for name, k in found.items()))
    if rest.atoms(*_TRIGONOMETRIC, *_HYPERBOLIC):
        return
    used = {name for name, k in found.items() if k}
    if used <= {"sin", "cos"}:
        yield from _sines(angle, found["sin"], found["cos"], rest)
    if used <= {"tan", "sec"} and not rest.has(variable):
        yield from _tangents(angle, found["tan"], found["sec"], rest, ("tan", "sec"), TANGENT)
    if used <= {"cot", "csc"} and not rest.has(variable):
        yield from _tangents(angle, found["cot"], found["csc"], rest, ("cot", "csc"), COTANGENT)
    if used <= {"sinh", "cosh"}:
        yield from _hyperbolic_powers(angle, found["sinh"], found["cosh"], rest)


def _sines(angle: Expr, m: int, n: int, rest: Expr) -> Iterator[Form]:
    s, c = sympy.sin(angle), sympy.cos(angle)
    if m >= 0 and n >= 0 and m % 2 == n % 2 == 0 and m + n:
        double = sympy.cos(2 * angle)
        yield HALF_ANGLE, sympy.expand(rest * ((1 - double) / 2) ** (m // 2) * ((1 + double) / 2) ** (n // 2))
    if m == n == 1:
        yield DOUBLE_ANGLE, rest * sympy.sin(2 * angle) / 2
    yield from _fractions(angle, m, n, rest)
    if m >= 3 and m % 2:
        yield PYTHAGORAS, sympy.expand(rest * (1 - c**2) ** (m // 2) * c**n) * s
    if n >= 3 and n % 2:
        yield PYTHAGORAS, sympy.expand(rest * (1 - s**2) ** (n // 2) * s**m) * c


def _fractions(angle: Expr, m: int, n: int, rest: Expr) -> Iterator[Form]:
    """Yield forms of sin^m cos^n where one of the two stands below the bar."""
    s, c = sympy.sin(angle), sympy.cos(angle)
    if m > 0 > n:
        if n + m <= 0:
            yield RATIOS, rest * sympy.tan(angle) ** m * sympy.sec(angle) ** (-n - m)
        if m % 2 == 0:
            yield PYTHAGORAS, sympy.expand(rest * (1 - c**2) ** (m // 2) * c**n)
    if n > 0 > m:
        if n + m <= 0:
            yield RATIOS, rest * sympy.cot(angle) ** n * sympy.csc(angle) ** (-n - m)
        if n % 2 == 0:
            yield PYTHAGORAS, sympy.expand(rest * (1 - s**2) ** (n // 2) * s**m)
    if m < 0 and n < 0:
        yield PYTHAGORAS, rest * (s ** (m + 2) * c**n + s**m * c ** (n + 2))
    if m < 0 == n:
        yield RATIOS, rest * sympy.csc(angle) ** (-m)
    if n < 0 == m:
        yield RATIOS, rest * sympy.sec(angle) ** (-n)


def _tangents(angle: Expr, m: int, n: int, rest: Expr, names: tuple[str, str], rule: Rule) -> Iterator[Form]:
    """Yield forms of tan^m sec^n, or of cot^m csc^n, whose squares differ by 1."""
    t, c = (getattr(sympy, name)(angle) for name in names)
    if n == 0 and m >= 2:
        yield rule, rest * (t ** (m - 2) * c**2 - t ** (m - 2))
    if m >= 2 and m % 2 == 0 and n > 0:
        yield rule, sympy.expand(rest * (c**2 - 1) ** (m // 2) * c**n)
    if n >= 4 and n % 2 == 0:
        yield rule, rest * sympy.expand((1 + t**2) ** ((n - 2) // 2) * t**m) * c**2


def _hyperbolic_powers(angle: Expr, m: int, n: int, rest: Expr) -> Iterator[Form]:
    s, c = sympy.sinh(angle), sympy.cosh(angle)
    if m >= 0 and n >= 0 and m % 2 == n % 2 == 0 and m + n:
        double = sympy.cosh(2 * angle)
        power = ((double - 1) / 2) ** (m // 2) * ((double + 1) / 2) ** (n // 2)
        yield HALF_ANGLE_HYPERBOLIC, sympy.expand(rest * power)
    if m >= 3 and m % 2:
        yield HYPERBOLIC, sympy.expand(rest * (c**2 - 1) ** (m // 2) * c**n) * s
    if n >= 3 and n % 2:
        yield HYPERBOLIC, sympy.expand(rest * (s**2 + 1) ** (n // 2) * s**m) * c


def _conjugate(value: Expr, angle: Expr) -> Iterator[Form]:
    """Yield a fraction with 1 + cos, 1 - sin and so on below, multiplied by the other of the two."""
    top, bottom = sympy.fraction(value)
    for function, other in ((sympy.cos, sympy.sin), (sympy.sin, sympy.cos)):
        u, v = function(angle), other(angle)
        for sign in (1, -1):
            ratio = sympy.cancel(bottom / (1 + sign * u))
            if not ratio.atoms(*_TRIGONOMETRIC):
                yield CONJUGATE, sympy.expand(top * (1 - sign * u) / (ratio * v**2))


def _products(value: Expr) -> Iterator[Form]:
    """Yield a product of two sines and cosines of different angles as a sum."""
    factors = [f for f in sympy.Mul.make_args(value) if isinstance(f, (sympy.sin, sympy.cos))]
    for i, f in enumerate(factors):
        for g in factors[i + 1 :]:
            yield PRODUCT_TO_SUM, sympy.expand(value / (f * g) * _as_sum(f, g))


def _as_sum(f: Expr, g: Expr) -> Expr:
    u, v = f.args[0], g.args[0]
    if isinstance(f, sympy.sin) and isinstance(g, sympy.sin):
        return (sympy.cos(u - v) - sympy.cos(u + v)) / 2
    if isinstance(f, sympy.cos) and isinstance(g, sympy.cos):
        return (sympy.cos(u - v) + sympy.cos(u + v)) / 2
    if isinstance(f, sympy.cos):
        u, v = v, u
    return (sympy.sin(u + v) + sympy.sin(u - v)) / 2


def _double_angles(value: Expr, angles: set[Expr]) -> Iterator[Form]:
    made: dict[Expr, Expr] = {}
    for angle in angles:
        half = angle / 2
        if half in angles:
            s, c = sympy.sin(half), sympy.cos(half)
            made |= {sympy.sin(angle): 2 * s * c, sympy.cos(angle): 1 - 2 * s**2}
    if made:
        yield DOUBLE_ANGLE, in_sines(value).xreplace(made)
