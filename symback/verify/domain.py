"""Does a function have a real value at a point, and does its formula for the derivative hold there?

ln x has the derivative 1/x, but not at x = -1; |x| has the derivative sign x, but none at 0. Where a formula jumps, as
sign and step do at 0, it is worked out with the values on both sides: if they differ, there is no derivative.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sympy.core.basic import Basic
from sympy.core.numbers import Float, Rational
from sympy.core.singleton import S
from sympy.core.symbol import Symbol

from symback.errors import DomainError
from symback.expr.cases import has_cases, is_cases, truth, without_cases
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Apply, Inert, Let, Power, Quotient, Tree, fold, number_value, walk, weight_of
from symback.syntax.function_rows import ARGUMENT, switches_of

DIGITS = 30
ZERO_BELOW = 1e-20  # what is smaller at 30 digits is 0
LONGEST_EXACT = 12  # operations: a longer exact value is followed as a decimal number
LARGEST = 5_000  # on paper: what is longer is not looked at
BESIDE = Float("1e-9", DIGITS)  # how far from the point the two sides of a jump are looked at
_JUMPS = frozenset(row.name for row in FUNCTIONS.values() if row.kinks and row.derivative == "0")
_SAID = {"function": "value", "derivative": "slope"}
_NOT_FINITE = (S.ComplexInfinity, S.NaN, S.Infinity, S.NegativeInfinity)
_SECOND_LETTER = {"log": "u, b", "root": "u, n"}
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


def check_point(functions: Iterable[Tree], formula: Tree, by: Iterable[Symbol], point: Point) -> None:
    """Raise DomainError where a function that was differentiated, or the formula found, does not hold at the point.

    `by` are the variables of the derivative: along them both sides of a jump are looked at.
    """
    functions = tuple(functions)
    sides = [(v, point.values[v]) for v in dict.fromkeys(by) if v in point.values and point.values[v].is_number]
    for place, function in enumerate(functions):
        _check(function, point, sides, "derivative" if place else "function", functions)
    _check(formula, point, sides, "derivative", functions)


def check_value(function: Tree, point: Point) -> None:
    """Raise DomainError where a function has no real value at a point, for instance tan at pi/2."""
    if weight_of(function) > LARGEST:
        return
    try:
        _value(function, point, None)
    except _NoValue as reason:
        place = f" at {point.shown}" if point.shown else ""
        hint = "Choose a point where it has a value." if point.shown else "Change that part of the expression."
        raise DomainError(f"There is no real value{place}: {reason}.", hint=hint) from None


def _check(tree: Tree, point: Point, sides: list[tuple[Symbol, Any]], what: str, functions: tuple[Tree, ...]) -> None:
    if weight_of(tree) > LARGEST:
        return
    try:
        found = [_value(tree, point, (v, at.evalf(DIGITS) + s * BESIDE)) for v, at in sides for s in (-1, 1)]
        found = found or [_value(tree, point, None)]
    except _NoValue as reason:
        hint = "Choose a point where the function has a derivative."
        raise DomainError(f"The {what} has no value at {point.shown}: {reason}.", hint=hint) from None
    for left, right in zip(found[::2], found[1::2], strict=False):
        if left != right and not _is_zero(left - right):
            taken = next((text for f in functions for text in _values_of_a_network(f, point)), "")
            raise DomainError(
                f"There is no derivative at {point.shown}: the {_SAID[what]} is {_short(left)} on one side and "
                f"{_short(right)} on the other.",
                hint=taken or "Choose a point to one side of it.",
            )


def _value(tree: Tree, point: Point, beside: tuple[Symbol, Any] | None) -> Any:
    """Return the value with every jump seen from beside the point; _NoValue where a part of it has no real value."""
    if has_cases(tree):
        tree = without_cases(tree, lambda condition: truth(condition, point.values))
        if any(is_cases(node) and not node.arguments for node in walk(tree)):
            raise _NoValue("no case holds there")
    jumps = beside is not None and any(isinstance(n, Apply) and n.name in _JUMPS for n in walk(tree))
    other = dict([beside]) if beside is not None and jumps else {}

    def worked_out(node: Basic, inner: list[tuple[Any, Any]]) -> tuple[Any, Any]:
        if not isinstance(node, Inert):
            here = point.values.get(node, node)
            return here, other.get(node, here)
        if isinstance(node, Let):
            return inner[1]
        here, there = ([pair[side] for pair in inner] for side in (0, 1))
        seen = type(node)(*there).doit() if jumps else None
        if isinstance(node, Apply) and node.name in _JUMPS and _is_at_kink(node.name, here[1]) and seen is not None:
            return seen, seen
        return _real(type(node)(*here).doit(), node, here), seen

    return fold(tree, worked_out)[0]


def _real(value: Any, node: Inert, inner: list[Any]) -> Any:
    """Return a value that is real and finite, a long one as a decimal; what has letters in it passes as it is."""
    if _is_outside(node, inner):
        raise _NoValue(_why(node, inner))
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


def _is_outside(node: Inert, inner: list[Any]) -> bool:
    """Tell whether arguments lie outside a domain though SymPy has a value for them: log(6, 0), arccot(0), 0^0."""
    if isinstance(node, Power):
        is_written = number_value(node._args[1]) is not None and number_value(node._args[0]) is None
        return not is_written and _is_zero(inner[0]) and _is_zero(inner[1])  # x^0 is 1 for x = 0 too
    if not isinstance(node, Apply):
        return False
    if node.name == "arccot":
        return _is_zero(inner[1])
    if node.name == "root":
        return _is_zero(inner[2])
    return node.name == "log" and (_is_zero(inner[2]) or _is_zero(inner[2] - 1) or inner[2].is_negative is True)


def _why(node: Inert, inner: list[Any]) -> str:
    """Say what is wrong with a node whose arguments have the given values."""
    if isinstance(node, Apply):
        domain = FUNCTIONS[node.name].domain if node.name in FUNCTIONS else ""
        named = re.sub(r"\bx\b", "u", domain)
        needs = f", its domain is: {named}" if domain else ""
        letters = _SECOND_LETTER.get(node.name, "u, v") if len(inner) > 2 else "u"
        values = ", ".join(f"{letter} = {value}" for letter, value in zip(letters.split(", "), inner[1:], strict=False))
        return f"{node.name}({letters}) has none for {values}{needs}"
    if isinstance(node, Quotient) and _is_zero(inner[1]):
        return "it divides by zero"
    if isinstance(node, Power) and _is_zero(inner[0]):
        return f"0 has no power {inner[1]}"
    return f"{inner[0]} has no real power {inner[1]}" if isinstance(node, Power) else "it is not a real number"


def _short(value: Any) -> str:
    """Return a number as people write it: a whole number or small fraction as it is, anything else as a decimal."""
    is_short = not value.is_number or (isinstance(value, Rational) and value.q < 100)
    return str(value) if is_short else f"{float(value):g}"


def _is_zero(value: Any) -> bool:
    return bool(value.is_number and value.free_symbols == set() and abs(value.evalf(DIGITS)) < ZERO_BELOW)


def _is_at_kink(function: str, u: Any) -> bool:
    return any(_is_zero(switch.doit().xreplace({ARGUMENT: u})) for switch in switches_of(function))


def _values_of_a_network(function: Tree, point: Point) -> Iterable[str]:
    """Yield what a network takes for the derivative of each part of the function that has its kink at the point."""
    for node in walk(function):
        row = FUNCTIONS.get(node.name) if isinstance(node, Apply) else None
        if row is None or not row.at_kink or not row.kinks:
            continue
        first, *second = (_value(argument, point, None) for argument in node.arguments)
        if _is_zero(first - second[0]) if second else _is_at_kink(row.name, first):
            shown = _SPELLED.get(row.name, f"{row.name}(u)")
            yield f"{shown} has no derivative where {row.kinks_said}; a network takes {row.at_kink} there."
