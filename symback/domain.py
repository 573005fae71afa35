"""Does a function have a real value at a point, and does its formula for the derivative hold there?

ln x has the derivative 1/x, but not at x = -1; |x| has the derivative sign x, but none at 0. Where a formula jumps, as
sign and step do at 0, it is worked out with the values of both sides: if they differ, there is no derivative.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sympy.core.basic import Basic
from sympy.core.numbers import Integer, Rational
from sympy.core.singleton import S
from sympy.core.symbol import Symbol

from symback.errors import DomainError
from symback.functions import FUNCTIONS
from symback.tree import Apply, Inert, Let, Neg, Plus, Power, Quotient, Tree, fold, walk, weight_of

DIGITS = 30
ZERO_BELOW = 1e-20  # what is smaller at 30 digits is 0
LONGEST_EXACT = 12  # operations: a longer exact value is followed as a decimal number
LARGEST = 5_000  # on paper: what is longer is not looked at
_SIDES = {"sign": (-1, 1), "step": (0, 1)}  # the values left and right of the jump at 0
_NOT_FINITE = (S.ComplexInfinity, S.NaN, S.Infinity, S.NegativeInfinity)
_SPELLED = {"abs": "|u|", "max": "max(u, v)", "min": "min(u, v)"}


class _NoValue(Exception):
    """Raised with the reason where a part of an expression has no real value."""


class Point(NamedTuple):
    """The values of the variables, as SymPy numbers, and how the point is written in a message."""

    values: Mapping[Symbol, Any]
    shown: str


def point_of(values: Mapping[Symbol, Tree]) -> Point:
    """Return the point with its name, such as `x = 1, y = 0`."""
    known = {name: tree.doit() for name, tree in values.items()}
    return Point(known, ", ".join(f"{name} = {value}" for name, value in known.items()))


def check_point(functions: Iterable[Tree], formula: Tree, point: Point) -> None:
    """Raise DomainError where a function that was differentiated, or the formula found, does not hold at the point."""
    functions = tuple(functions)
    for function in functions:
        _check(function, point, "function", "value", functions)
    _check(formula, point, "derivative", "slope", functions)


def _check(tree: Tree, point: Point, what: str, verb: str, functions: tuple[Tree, ...]) -> None:
    if weight_of(tree) > LARGEST:
        return
    try:
        left, right = _value(tree, point, 0), _value(tree, point, 1)
    except _NoValue as reason:
        hint = "Choose a point where the function has a derivative."
        raise DomainError(f"The {what} has no value at {point.shown}: {reason}.", hint=hint) from None
    if left != right and not _is_zero(left - right):
        taken = next((text for f in functions for text in _values_of_a_network(f, point)), "")
        raise DomainError(
            f"There is no derivative at {point.shown}: the {verb} is {left} on one side and {right} on the other.",
            hint=taken or "Choose a point to one side of it.",
        )


def _value(tree: Tree, point: Point, side: int) -> Any:
    """Return the value with every jump seen from one side; _NoValue where a part of the tree has no real value."""

    def worked_out(node: Basic, inner: list[Any]) -> Any:
        if not isinstance(node, Inert):
            return point.values.get(node, node)
        if isinstance(node, Let):
            return inner[1]
        if isinstance(node, Apply) and node.name in _SIDES and _is_zero(inner[1]):
            return Integer(_SIDES[node.name][side])
        return _real(type(node)(*inner).doit(), node, inner)

    return fold(tree, worked_out)


def _real(value: Any, node: Inert, inner: list[Any]) -> Any:
    """Return a value that is real and finite, a long one as a decimal number; what has letters in it passes as it is."""
    if isinstance(value, Rational):
        return value
    if value.has(*_NOT_FINITE):
        raise _NoValue(_why(node, inner))
    if not value.is_number:
        return value
    number = value.evalf(DIGITS)
    if not number.is_number:
        return value
    real, imaginary = number.as_real_imag()
    if abs(imaginary) > ZERO_BELOW * (1 + abs(real)):
        raise _NoValue(_why(node, inner))
    return value if value.count_ops() <= LONGEST_EXACT and not imaginary else real


def _why(node: Inert, inner: list[Any]) -> str:
    """Say what is wrong with a node whose arguments have the given values."""
    if isinstance(node, Apply):
        domain = FUNCTIONS[node.name].domain if node.name in FUNCTIONS else ""
        needs = f", it needs {domain.replace('x', 'u')}" if domain else ""
        return f"{node.name}(u) has none for u = {inner[1]}{needs}"
    if isinstance(node, Quotient) and _is_zero(inner[1]):
        return "it divides by zero"
    if isinstance(node, Power) and _is_zero(inner[0]):
        return f"0 has no power {inner[1]}"
    return f"{inner[0]} has no real power {inner[1]}" if isinstance(node, Power) else "it is not a real number"


def _is_zero(value: Any) -> bool:
    return bool(value.is_number and value.free_symbols == set() and abs(value.evalf(DIGITS)) < ZERO_BELOW)


def _values_of_a_network(function: Tree, point: Point) -> Iterable[str]:
    """Yield what a network takes for the derivative of each part of the function that has its kink at the point."""
    for node in walk(function):
        row = FUNCTIONS.get(node.name) if isinstance(node, Apply) else None
        if row is None or not row.at_kink or not row.kinks:
            continue
        first, *second = node.arguments
        difference = Plus(first, Neg(second[0])) if second else first
        if _is_zero(_value(difference, point, 0)):
            where = "u = v" if second else "u = 0"
            shown = _SPELLED.get(row.name, f"{row.name}(u)")
            yield f"{shown} has no derivative where {where}; a network takes {row.at_kink} there."
