"""Expressions as Maxima reads them, for questions of STACK; what it has no sign for is None."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from sympy.core.basic import Basic

from symback.expr.tree import Tree
from symback.page import maths

FUNCTIONS = {
    "sin": "sin", "cos": "cos", "tan": "tan", "cot": "cot", "sec": "sec", "csc": "csc", "asin": "asin", "acos": "acos",
    "atan": "atan", "acot": "acot", "asec": "asec", "acsc": "acsc", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
    "coth": "coth", "sech": "sech", "csch": "csch", "asinh": "asinh", "acosh": "acosh", "atanh": "atanh", "exp": "exp",
    "log": "log", "ln": "log", "sqrt": "sqrt", "Abs": "abs", "sign": "signum", "Max": "max", "Min": "min",
    "Heaviside": "unit_step", "erf": "erf", "floor": "floor", "ceiling": "ceiling",
}  # fmt: skip
CONSTANTS = {"pi": "%pi", "E": "%e"}
TAKEN = frozenset(("e", "i", "j", "pi", "inf", "D", "I", "lambda", "gamma", "beta"))  # names that mean something there
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DECIMAL = re.compile(r"\d+\.\d+(?:e[-+]?\d+)?")
_PLAIN = re.compile(r"[A-Za-z0-9_+\-*/^(), .]*")


def written(tree: Any) -> str | None:
    r"""Return an expression for Maxima.

    >>> import symback
    >>> written(symback.parse("3x^2 e^(2x) + ln x")), written(symback.parse("f(x)"))
    ('3*x^2*exp(2*x) + log(x)', None)
    """
    if not isinstance(tree, Basic):
        return f"{float(tree):.15g}" if isinstance(tree, (int, float)) else None
    text = _DECIMAL.sub(_fraction, maths.sympy(_as_tree(tree)).replace("**", "^"))
    if not _PLAIN.fullmatch(text):
        return None
    found = [_name(text, match) for match in _NAME.finditer(text)]
    if None in found:
        return None
    names = iter(found)
    return _NAME.sub(lambda _: str(next(names)), text)


def _fraction(found: re.Match[str]) -> str:
    """Return a decimal as a fraction: Maxima compares those exactly."""
    exact = Fraction(found[0])
    return str(exact) if exact.denominator == 1 else f"({exact})"


def _as_tree(tree: Any) -> Tree:
    return tree


def _name(text: str, match: re.Match[str]) -> str | None:
    name = match[0]
    if text[match.end() : match.end() + 1] == "(":
        return FUNCTIONS.get(name)
    if name in CONSTANTS:
        return CONSTANTS[name]
    return None if name in TAKEN or name in FUNCTIONS else name


def matrix(rows: list[list[str | None]]) -> str | None:
    """Return rows of entries as a matrix of Maxima; None where one of them is none."""
    if any(entry is None for row in rows for entry in row):
        return None
    return f"matrix({', '.join('[' + ', '.join(map(str, row)) + ']' for row in rows)})"
