"""Integrals that no elementary function is the answer to, by name: what to say where none is found."""

from __future__ import annotations

from functools import cache

from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import value_of
from symback.expr.tree import Tree
from symback.syntax import parse

# fmt: off
NOT_ELEMENTARY = (  # an integrand in x, and what its integral is called
    ("sin(x)/x", "the sine integral Si(x)"), ("cos(x)/x", "the cosine integral Ci(x)"),
    ("e^x/x", "the exponential integral Ei(x)"), ("e^(-x)/x", "the exponential integral"),
    ("1/ln(x)", "the logarithmic integral li(x)"), ("e^(x^2)", "the imaginary error function"),
    ("sin(x^2)", "a Fresnel integral"), ("cos(x^2)", "a Fresnel integral"), ("e^(e^x)", "an exponential integral"),
    ("x^x", ""), ("ln(ln(x))", "a logarithmic integral"), ("ln(sin(x))", "a Clausen function"), ("ln(cos(x))", ""),
    ("x tan(x)", ""), ("x/sin(x)", ""), ("x/tan(x)", ""), ("tan(x)/x", ""), ("sqrt(sin(x))", "an elliptic integral"),
    ("sqrt(cos(x))", "an elliptic integral"), ("1/sqrt(1 - x^4)", "an elliptic integral"), ("sin(sin(x))", ""),
    ("sqrt(1 + x^4)", "an elliptic integral"), ("1/sqrt(1 + x^4)", "an elliptic integral"),
    ("sqrt(1 + x^3)", "an elliptic integral"), ("1/sqrt(1 + x^3)", "an elliptic integral"),
    ("ln(1 + x)/x", "a dilogarithm"),
    ("ln(1 - x)/x", "a dilogarithm"), ("ln(x)/(1 + x)", "a dilogarithm"), ("arctan(x)/x", ""), ("e^x ln(x)", ""),
    ("sin(x)/x^2", "the cosine integral"), ("e^x/x^2", "the exponential integral"),
    ("x/ln(x)", "the logarithmic integral"),
    ("sinh(x)/x", "the hyperbolic sine integral"), ("e^(1/x)", "the exponential integral"),
    ("sin(1/x)", "the cosine integral"),
    ("e^(sin(x))", ""), ("e^(cos(x))", ""), ("cos(cos(x))", ""), ("sin(x) ln(x)", ""),
)
# fmt: on


@cache
def _values() -> dict[object, tuple[str, str]]:
    return {value_of(parse(text)): (text, name) for text, name in NOT_ELEMENTARY}


def not_elementary(integrand: Tree, variable: Symbol) -> str:
    """Return what is known of an integrand whose integral is not elementary, as a sentence; empty where nothing is.

    >>> from symback.expr.tree import symbol
    >>> not_elementary(parse("3sin(t)/t"), symbol("t"))
    'The integral of sin(t)/t is not an elementary function: it is the sine integral Si(t).'
    """
    value = value_of(integrand).as_independent(variable, as_Add=False)[1]
    found = _values().get(value.xreplace({variable: Symbol("x", real=True)}))
    if found is None:
        return ""
    text, name = (part.replace("x", variable.name) for part in found)
    if variable.name != "x":
        text = text.replace(f"e{variable.name}p", "exp")
        name = name.replace(f"e{variable.name}p", "exp")
    more = f": it is {name}" if name else ""
    return f"The integral of {text} is not an elementary function{more}."
