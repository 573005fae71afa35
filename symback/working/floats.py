"""Values of trees in complex floats at three points: a quick sieve; the verifier has the last word."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import PI, Apply, Decimal, E, Inert, Let, Neg, Plus, Power, Quotient, Times, Tree, fold
from symback.syntax.function_rows import ARGUMENT, definition_of

Value = complex
Point = Mapping[Symbol, Value]
Values = tuple[Value | None, ...]

POINTS = 3
SAME = 1e-9
_NUMBERS: dict[str, Callable[..., Any]] = {
    **{name: getattr(cmath, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "sqrt")},
    "arcsin": cmath.asin, "arccos": cmath.acos, "arctan": cmath.atan,
    "arsinh": cmath.asinh, "arcosh": cmath.acosh, "artanh": cmath.atanh, "ln": cmath.log,
    "cot": lambda z: 1 / cmath.tan(z), "sec": lambda z: 1 / cmath.cos(z), "csc": lambda z: 1 / cmath.sin(z),
    "coth": lambda z: 1 / cmath.tanh(z), "sech": lambda z: 1 / cmath.cosh(z), "csch": lambda z: 1 / cmath.sinh(z),
    "arccot": lambda z: cmath.atan(1 / z), "arcsec": lambda z: cmath.acos(1 / z), "arccsc": lambda z: cmath.asin(1 / z),
    "arcoth": lambda z: cmath.atanh(1 / z), "arsech": lambda z: cmath.acosh(1 / z),
    "arcsch": lambda z: cmath.asinh(1 / z), "cbrt": lambda z: z ** (1 / 3),
    "abs": lambda z: abs(z.real), "sign": lambda z: math.copysign(1, z.real), "step": lambda z: float(z.real > 0),
    "floor": lambda z: math.floor(z.real), "ceil": lambda z: math.ceil(z.real), "erf": lambda z: math.erf(z.real),
    "log": lambda u, b: cmath.log(u) / cmath.log(b), "root": lambda u, n: u ** (1 / n),
    "max": lambda u, v: max(u.real, v.real), "min": lambda u, v: min(u.real, v.real),
    "mod": lambda u, v: u.real % v.real,
}  # fmt: skip
_ARITHMETIC: dict[type, Callable[..., Value]] = {
    Plus: lambda *terms: sum(terms),
    Times: lambda *factors: math.prod(factors),
    Neg: lambda u: -u,
    Quotient: lambda u, v: u / v,
    Power: lambda u, n: u**n,
}


def points_for(symbols: Sequence[Symbol]) -> list[Point]:
    """Return points with positive values for the symbols, always the same ones."""
    random = Random(1)  # noqa: S311
    names = sorted(set(symbols), key=lambda s: s.name)
    return [{s: complex(random.uniform(0.31, 0.97) * random.choice((1, 1, 1.7))) for s in names} for _ in range(POINTS)]


def values_at(tree: Tree, points: Sequence[Point]) -> Values:
    """Return the value of a tree at each point, None where it has none."""
    return tuple(_value(tree, point) for point in points)


def _value(tree: Tree, point: Point) -> Value | None:
    def combine(node: Basic, inner: list[Any]) -> Any:
        if type(node) in _ARITHMETIC:
            return _ARITHMETIC[type(node)](*inner)
        if isinstance(node, Symbol):
            return point[node]
        if isinstance(node, Let):
            return inner[1]
        if isinstance(node, Apply):
            return _called(node.name, inner[1:])
        if isinstance(node, Decimal):
            return complex(float(node._args[0]))
        if isinstance(node, Inert):
            raise ValueError  # a pending derivative, a condition: no number here
        is_number = node is E or node is PI or getattr(node, "is_number", False)
        return complex(float(node)) if is_number else 0j

    try:
        return complex(fold(tree, combine))
    except (ArithmeticError, ValueError, TypeError, KeyError):
        return None


def _called(name: str, arguments: Sequence[Value]) -> Value:
    if name in _NUMBERS:
        return _NUMBERS[name](*arguments)  # type: ignore[no-any-return]
    if name in FUNCTIONS and FUNCTIONS[name].definition and len(arguments) == 1:
        found = _value(definition_of(name), {ARGUMENT: arguments[0]})
        if found is None:
            raise ValueError
        return found
    random = Random(name)  # noqa: S311 - an unknown function, and each derivative of it, is some smooth function
    first, second = random.uniform(0.5, 2), random.uniform(0.5, 2)
    return sum((k + 1) * (cmath.sin(first * u) + second * u**2) for k, u in enumerate(arguments))


def close(a: Values, b: Values) -> bool:
    """Tell whether values agree wherever there are both, at two points at the least."""
    pairs = [(u, v) for u, v in zip(a, b, strict=True) if u is not None and v is not None]
    good = [(u, v) for u, v in pairs if cmath.isfinite(u) and cmath.isfinite(v)]
    return len(good) >= POINTS - 1 and all(abs(u - v) <= SAME * max(1, abs(u), abs(v)) for u, v in good)
