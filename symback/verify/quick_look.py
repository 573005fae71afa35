"""A quick look whether a tree has a real value: intervals of floats, at two points, wide enough for every rounding.

A yes is sure, since every value lies between the ends that are carried along, and every function is asked well inside
its domain. Anything else says nothing; the search with many digits then decides (somewhere.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from sympy.core.basic import Basic
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.expr.tree import (
    PI,
    Apply,
    Decimal,
    E,
    Inert,
    Let,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    fold,
    number_value,
    symbols_of,
)

Between = tuple[float, float]  # the ends of an interval in which the value lies
_Function = Callable[[float, float], Between]

COORDINATES = ((0.7310585786300049, 1.3862943611198906, 0.4812118250596034), (2.718281828459045, 0.8598744820488384))
ROUNDING = 2.0**-48  # sixteen times the rounding of a float, as functions of the C library may be off by a few
LARGEST = 1e100
NOTHING = (math.nan, math.nan)  # nothing that is worked out with it is taken for a value


class _Unsure(ArithmeticError):
    """Floats cannot tell."""


def is_surely_real(tree: Tree) -> bool:
    """Tell whether the tree surely has a real, finite value at a point; False where floats cannot tell.

    >>> from symback.syntax import parse
    >>> is_surely_real(parse("sqrt(1 - x^2)")), is_surely_real(parse("ln(-x^2)"))
    (True, False)
    """
    names = sorted(symbols_of(tree), key=str)
    for numbers in COORDINATES:
        point = {name: _about(numbers[i % len(numbers)] + i // len(numbers)) for i, name in enumerate(names)}
        try:
            low, high = fold(tree, lambda node, inner, at=point: _value(node, inner, at))  # type: ignore[misc]
        except (_Unsure, ArithmeticError, ValueError):
            continue
        if -LARGEST < low <= high < LARGEST:
            return True
    return False


def _about(value: float) -> Between:
    """Return an interval around a rounded value."""
    return _widened(value, value)


def _widened(low: float, high: float) -> Between:
    if not -LARGEST < low <= high < LARGEST:
        raise _Unsure
    return low - abs(low) * ROUNDING - 1e-200, high + abs(high) * ROUNDING + 1e-200


def _value(node: Basic, inner: list[Between], point: dict[Symbol, Between]) -> Between:
    if isinstance(node, Symbol):
        return point.get(node, NOTHING)
    if isinstance(node, (Integer, Decimal)):
        return _about(float(number_value(node) or 0))
    if not isinstance(node, Inert):  # names of functions, and the digits of a decimal, which its node reads
        return _about(math.e if node is E else math.pi) if node in (E, PI) else NOTHING
    if isinstance(node, Let):
        return inner[1]
    if isinstance(node, Apply) and node.name == "log" and len(inner) == 3:
        return _quotient([_FUNCTIONS["ln"](*inner[1]), _FUNCTIONS["ln"](*inner[2])])
    if isinstance(node, Apply) and len(inner) == 2:
        found = _FUNCTIONS.get(node.name)
        return _raise() if found is None else found(*inner[1])
    worked_out = _OPERATIONS.get(type(node))
    return _raise() if worked_out is None else worked_out(inner)


def _raise() -> Between:
    raise _Unsure


# --- arithmetic ----------------------------------------------------------------------------------------------------


def _sum(parts: list[Between]) -> Between:
    low = high = reach = 0.0
    for a, b in parts:
        low, high, reach = low + a, high + b, max(reach, abs(low), abs(high), abs(a), abs(b))
    return low - len(parts) * reach * ROUNDING, high + len(parts) * reach * ROUNDING


def _product(factors: list[Between]) -> Between:
    low, high = factors[0]
    for a, b in factors[1:]:
        ends = (low * a, low * b, high * a, high * b)
        low, high = _widened(min(ends), max(ends))
    return low, high


def _quotient(parts: list[Between]) -> Between:
    above, below = parts
    return _product([above, _inverse(*below)])


def _inverse(low: float, high: float) -> Between:
    if low <= 0.0 <= high:
        raise _Unsure
    return _widened(1.0 / high, 1.0 / low)


def _power(parts: list[Between]) -> Between:
    (low, high), exponent = parts
    if low <= 0.0:  # a negative base: only the search knows which exponents are whole
        raise _Unsure
    ends = [e * math.log(b) for b in (low, high) for e in exponent]
    reach = (max(map(abs, ends)) + 1.0) * ROUNDING
    return _widened(math.exp(min(ends) - reach), math.exp(max(ends) + reach))


_OPERATIONS: dict[type, Callable[[list[Between]], Between]] = {
    Plus: _sum,
    Times: _product,
    Quotient: _quotient,
    Power: _power,
    Neg: lambda parts: (-parts[0][1], -parts[0][0]),
}


# --- functions ----------------------------------------------------------------------------------------------------


def _rising(function: Callable[[float], float], above: float = -math.inf, below: float = math.inf) -> _Function:
    """Return a rising function on an interval inside its domain."""

    def found(low: float, high: float) -> Between:
        if not above < low <= high < below:
            raise _Unsure
        return _widened(function(low), function(high))

    return found


def _wave(function: Callable[[float], float]) -> _Function:
    """Return sine or cosine, whose slope is never steeper than 1."""

    def found(low: float, high: float) -> Between:
        if max(abs(low), abs(high)) > 1e6:
            raise _Unsure
        value = function(low)
        return value - (high - low) - ROUNDING, value + (high - low) + ROUNDING

    return found


def _absolute(low: float, high: float) -> Between:
    return (low, high) if low > 0 else (-high, -low) if high < 0 else (0.0, max(-low, high))


def _cosh(low: float, high: float) -> Between:
    low, high = _absolute(low, high)
    return _widened(math.cosh(low), math.cosh(high))


_sine, _cosine, _tanh = _wave(math.sin), _wave(math.cos), _rising(math.tanh)
_sinh = _rising(math.sinh)
_FUNCTIONS: dict[str, _Function] = {
    "sin": _sine,
    "cos": _cosine,
    "tan": lambda low, high: _quotient([_sine(low, high), _cosine(low, high)]),
    "cot": lambda low, high: _quotient([_cosine(low, high), _sine(low, high)]),
    "sec": lambda low, high: _inverse(*_cosine(low, high)),
    "csc": lambda low, high: _inverse(*_sine(low, high)),
    "arcsin": _rising(math.asin, -1.0, 1.0),
    "arccos": lambda low, high: _sum([_about(math.pi / 2), _OPERATIONS[Neg]([_FUNCTIONS["arcsin"](low, high)])]),
    "arctan": _rising(math.atan),
    "arccot": lambda low, high: _FUNCTIONS["arctan"](*_inverse(low, high)),
    "arcsec": lambda low, high: _FUNCTIONS["arccos"](*_inverse(low, high)),
    "arccsc": lambda low, high: _FUNCTIONS["arcsin"](*_inverse(low, high)),
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "csch": lambda low, high: _inverse(*_sinh(low, high)),
    "coth": lambda low, high: _inverse(*_tanh(low, high)),
    "sech": lambda low, high: _inverse(*_cosh(low, high)),
    "arsinh": _rising(math.asinh),
    "arcosh": _rising(math.acosh, 1.0),
    "artanh": _rising(math.atanh, -1.0, 1.0),
    "ln": _rising(math.log, 0.0),
    "sqrt": _rising(math.sqrt, 0.0),
    "cbrt": _rising(math.cbrt),
    "abs": _absolute,
}
