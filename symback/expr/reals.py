"""Numbers as NumPy works them out, one at a time: 1/0 is infinite, the root of -1 is no number, and nothing is raised.

A graph of numbers alone needs no arrays, and NumPy takes a tenth of a second to import; in a browser it is not there.
Fractions stay exact in arithmetic, and become floats in functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from math import copysign, inf, isfinite, nan
from typing import Any


class Real(float):
    """A float whose arithmetic is that of IEEE, and of Python's floats otherwise; see `numeric.np` for its functions.

    >>> Real(1) / 0, -Real(1) / 0, Real(-1) ** 0.5
    (inf, -inf, nan)
    """

    __slots__ = ()
    shape = ()
    ndim = 0
    size = 1

    def __truediv__(self, other: Any) -> Any:
        return divide(self, other) if isinstance(other, _NUMBERS) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return divide(other, self) if isinstance(other, _NUMBERS) else NotImplemented

    def __pow__(self, other: Any, modulus: None = None) -> Any:
        return power(self, other) if isinstance(other, _NUMBERS) else NotImplemented

    def __rpow__(self, other: Any, modulus: None = None) -> Any:
        return power(other, self) if isinstance(other, _NUMBERS) else NotImplemented

    def __getitem__(self, place: tuple[()]) -> Real:
        return self

    def item(self) -> float:
        """Return it as Python's own float."""
        return float(self)


_NUMBERS = (float, int, Fraction)


def _closed(name: str) -> Callable[..., Any]:
    """Return an operation of floats with a result that is a Real again."""
    operation = getattr(float, name)

    def of_real(*operands: Any) -> Any:
        made = operation(*operands)
        return made if made is NotImplemented else Real(made)

    return of_real


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "neg", "pos", "abs"):
    setattr(Real, f"__{_name}__", _closed(f"__{_name}__"))


def _kept(x: Any) -> Any:
    """Return a float as a Real; fractions, whole numbers and truth stay as they are."""
    return Real(x) if type(x) is float else x


# --- arithmetic ------------------------------------------------------------------------------------------------------


def add(a: Any, b: Any) -> Any:
    return _kept(a + b)


def subtract(a: Any, b: Any) -> Any:
    return _kept(a - b)


def multiply(a: Any, b: Any) -> Any:
    return _kept(a * b)


def negative(a: Any) -> Any:
    return _kept(-a)


def divide(a: Any, b: Any) -> Any:
    """Return a/b; of fractions it is exact, and ZeroDivisionError where b is 0."""
    if isinstance(a, Fraction) and not isinstance(b, float) or isinstance(b, Fraction) and not isinstance(a, float):
        return a / b
    a, b = float(a), float(b)
    if b:
        return Real(a / b)
    return Real(nan if a == 0 or a != a else copysign(inf, a) * copysign(1.0, b))


def power(a: Any, b: Any) -> Any:
    """Return a^b of floats: infinite where it overflows and for 0 to a negative exponent, nan where it is not real."""
    a, b = float(a), float(b)
    try:
        return Real(math.pow(a, b))
    except OverflowError:
        return Real(-inf if a < 0 and b % 2 == 1 else inf)
    except ValueError:
        return Real(nan if a else copysign(inf, a) if b % 2 == 1 else inf)


def square(a: Any) -> Any:
    return _kept(a * a)


def absolute(a: Any) -> Any:
    return _kept(abs(a))


def maximum(a: Any, b: Any) -> Any:
    return _kept(a if a >= b or a != a else b)


def minimum(a: Any, b: Any) -> Any:
    return _kept(a if a <= b or a != a else b)


def clip(a: Any, low: Any, high: Any) -> Any:
    return minimum(maximum(a, low), high)


def sign(a: Any) -> Any:
    return Real(1.0 if a > 0 else -1.0 if a < 0 else a)


def logaddexp(a: Any, b: Any) -> Any:
    """Return ln(e^a + e^b), without an exponential of a large number."""
    if a == b:
        return Real(a + math.log(2))
    return maximum(a, b) + log1p(exp(-abs(Real(a) - b)))


# --- functions -------------------------------------------------------------------------------------------------------


def _function(of: Callable[[float], float], otherwise: Callable[[float], float]) -> Callable[[Any], Real]:
    """Return a function of `math` that says what IEEE says where `math` raises."""

    def function(x: Any) -> Real:
        x = float(x)
        try:
            return Real(of(x))
        except (ValueError, OverflowError):
            return Real(otherwise(x))

    return function


def _nan(x: float) -> float:
    return nan


def _inf(x: float) -> float:
    return inf


def _signed_inf(x: float) -> float:
    return copysign(inf, x)


def _pole(place: float, value: float) -> Callable[[float], float]:
    return lambda x: copysign(value, x) if x == place else nan


def _same(x: float) -> float:
    return x  # infinity, and nan


def sine(x: Any) -> Real:
    """Return the sine; 0 at the float nearest to a multiple of pi, where the sine is less than that float is exact."""
    return _zero_at_zeros(x, math.sin)


def cosine(x: Any) -> Real:
    """Return the cosine; 0 at the float nearest to an odd multiple of pi/2.

    >>> sine(math.pi), cosine(math.pi / 2), tangent(math.pi / 2), sine(1e-300)
    (0.0, 0.0, inf, 1e-300)
    """
    return _zero_at_zeros(x, math.cos)


def tangent(x: Any) -> Real:
    """Return the tangent, infinite where the cosine is 0."""
    return Real(sine(x) / cosine(x)) if 0.0 in (sine(x), cosine(x)) else _function(math.tan, _nan)(x)


_MOST_TURNS = 1e4  # beyond this the floats are too coarse to say which of them is meant to be a multiple of pi


def _zero_at_zeros(x: Any, of: Callable[[float], float]) -> Real:
    x = float(x)
    if not isfinite(x):
        return Real(nan)
    value = of(x)
    return Real(0.0 if x and abs(value) <= math.ulp(x) and abs(x) < _MOST_TURNS else value)


exp = _function(math.exp, _inf)
log1p = _function(math.log1p, _pole(-1, inf))
sqrt = _function(math.sqrt, _nan)


def log(x: Any) -> Real:
    x = float(x)
    return Real(math.log(x) if x > 0 else -inf if x == 0 else nan)


def arctanh(x: Any) -> Real:
    x = float(x)
    return Real(copysign(inf, x) if abs(x) == 1 else math.atanh(x) if abs(x) < 1 else nan)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{f.__name__: f for f in (add, subtract, multiply, negative, divide, power, square, absolute, maximum, minimum)},
    **{f.__name__: f for f in (clip, sign, logaddexp, log, arctanh)},
    "abs": absolute,
    "hypot": lambda a, b: Real(math.hypot(a, b)),
    "copysign": lambda a, b: Real(copysign(a, b)),
    "exp": exp,
    "log1p": log1p,
    "sqrt": sqrt,
    "cbrt": _function(math.cbrt, _nan),
    "expm1": _function(math.expm1, _inf),
    "sin": sine,
    "cos": cosine,
    "tan": tangent,
    "arcsin": _function(math.asin, _nan),
    "arccos": _function(math.acos, _nan),
    "arctan": _function(math.atan, _nan),
    "sinh": _function(math.sinh, _signed_inf),
    "cosh": _function(math.cosh, _inf),
    "tanh": _function(math.tanh, _nan),
    "arcsinh": _function(math.asinh, _nan),
    "arccosh": _function(math.acosh, _nan),
    "erf": _function(math.erf, _nan),
    "floor": _function(math.floor, _same),
    "ceil": _function(math.ceil, _same),
    "rint": _function(round, _same),
    "isfinite": lambda x: isfinite(x),
    "isnan": lambda x: x != x,
    "isinf": lambda x: x in (inf, -inf),
    "equal": lambda a, b: a == b,
    "not_equal": lambda a, b: a != b,
    "logical_or": lambda a, b: bool(a or b),
    "logical_and": lambda a, b: bool(a and b),
    "logical_not": lambda a: not a,
    "where": lambda condition, a, b: _kept(a if condition else b),
}
