"""Forms in which two sides of an identity can meet: one fraction, factored, with more and more known of its functions.

Each form has the name of what leads to it. What is rewritten is checked by numbers like every step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sympy import (
    Add,
    Dummy,
    Pow,
    cos,
    cosh,
    cot,
    coth,
    csc,
    csch,
    exp,
    expand_trig,
    factor,
    log,
    sec,
    sech,
    sin,
    sinh,
    tan,
    tanh,
    together,
)
from sympy.core.function import Function

from symback.errors import SymbackError
from symback.expr.rule import Rule
from symback.expr.tree import Tree, symbols_of
from symback.syntax.convert import from_sympy

ONE_FRACTION = Rule("common denominator", "a/b + c/d = (a d + b c)/(b d), and what is above and below is factored")
REDUCED = Rule("multiply or cancel above and below", "a/b = (a c)/(b c)")
FACTORED = Rule("factor", "a b + a c = a (b + c)")
DEFINITIONS = Rule("definitions of the functions", "tan u = sin u/cos u, tanh u = (e^u - e^-u)/(e^u + e^-u), and so on")
ADDITION = Rule("addition formulas", "sin(u + v) = sin u cos v + cos u sin v, sin 2u = 2 sin u cos u, and so on")
PYTHAGORAS = Rule("Pythagorean identity", "sin^2 u + cos^2 u = 1")
EXPONENTS = Rule("laws of exponents", "e^(u + v) = e^u e^v, e^-u = 1/e^u")
LOGARITHMS = Rule("laws of logarithms", "ln(u v) = ln u + ln v, ln(u^n) = n ln u")
LONGEST = 400  # operations of an expression that is brought into other forms


def forms_of(tree: Tree) -> Iterator[tuple[Rule, Tree]]:
    """Yield the forms of an expression, each made from the one before, with what leads to it.

    >>> from symback.syntax import parse
    >>> [(rule.name, form) for rule, form in forms_of(parse("1/(1 + u)*(1 - 1/(1 + u))"))][0]
    ('common denominator', Quotient(u, Power(Plus(u, 1), 2)))
    """
    expr = tree.doit()
    if expr.count_ops() > LONGEST:
        return
    for rule, change in _CHANGES:
        try:
            changed = change(expr)
            made = from_sympy(changed)
        except (SymbackError, ArithmeticError, TypeError, ValueError, NotImplementedError, AttributeError):
            continue
        if changed != expr and symbols_of(made) <= symbols_of(tree):
            yield _named(rule, expr), made
            expr = changed


def _named(rule: Rule, expr: Any) -> Rule:
    """Return what bringing an expression to one factored fraction is called: by what there is to be done in it."""
    if rule not in (ONE_FRACTION, REDUCED):
        return rule
    if any(_has_fraction(term) for one in expr.atoms(Add) for term in one.args):
        return ONE_FRACTION
    return REDUCED if _has_fraction(expr) else FACTORED


def _has_fraction(expr: Any) -> bool:
    return any(node.is_Pow and node.exp.could_extract_minus_sign() for node in expr.atoms(Pow))


def _opaque(expr: Any) -> Any:
    """Return one factored fraction, in which every function is only a letter."""
    names = {}
    for atom in sorted(expr.atoms(Function, exp), key=lambda one: -one.count_ops()):
        names[atom] = Dummy()
        expr = expr.xreplace({atom: names[atom]})
    made = factor(together(expr))
    for atom, name in reversed(names.items()):
        made = made.xreplace({name: atom})
    return made


def _by_definition(expr: Any) -> Any:
    rows: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
        (tan, lambda u: sin(u) / cos(u)),
        (cot, lambda u: cos(u) / sin(u)),
        (sec, lambda u: 1 / cos(u)),
        (csc, lambda u: 1 / sin(u)),
        (tanh, lambda u: (exp(u) - exp(-u)) / (exp(u) + exp(-u))),
        (coth, lambda u: (exp(u) + exp(-u)) / (exp(u) - exp(-u))),
        (sech, lambda u: 2 / (exp(u) + exp(-u))),
        (csch, lambda u: 2 / (exp(u) - exp(-u))),
        (sinh, lambda u: (exp(u) - exp(-u)) / 2),
        (cosh, lambda u: (exp(u) + exp(-u)) / 2),
    )
    for function, meaning in rows:
        expr = expr.replace(function, meaning)
    return expr


def _pythagoras(expr: Any) -> Any:
    """Return a fraction with even powers of sines written with cosines, above and below."""
    above, below = together(expr).as_numer_denom()
    return factor(_only_cosines(above.expand()) / _only_cosines(below.expand()))


def _only_cosines(expr: Any) -> Any:
    def changed(base: Any, power: Any) -> Any:
        if isinstance(base, sin) and power.is_Integer and power >= 2:
            return (1 - cos(base.args[0]) ** 2) ** (power // 2) * base ** (power % 2)
        return Pow(base, power)

    return factor(expr.replace(Pow, changed).expand())


def _powers_apart(expr: Any) -> Any:
    return expr.expand(power_exp=True, mul=False, multinomial=False, log=False, power_base=False, basic=False)


def _logarithms(expr: Any) -> Any:
    from sympy import expand_log

    return expand_log(expr, force=True) if expr.has(log) else expr


_CHANGES: tuple[tuple[Rule, Callable[[Any], Any]], ...] = (
    (ONE_FRACTION, _opaque),
    (DEFINITIONS, _by_definition),
    (ADDITION, lambda expr: expand_trig(expr) if expr.has(sin, cos) else expr),
    (EXPONENTS, lambda expr: _powers_apart(expr) if expr.has(exp) else expr),
    (LOGARITHMS, _logarithms),
    (REDUCED, lambda expr: factor(together(expr))),
    (PYTHAGORAS, lambda expr: _pythagoras(expr) if expr.has(sin) else expr),
)
