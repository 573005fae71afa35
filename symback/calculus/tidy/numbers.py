"""Functions of plain numbers worked out exactly: sqrt(9) = 3, cbrt(-8) = -2, log_2(8) = 3, max(2, 3) = 3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor, log

from sympy.core.numbers import Integer

from symback.calculus.tidy.surds import LARGEST, taken_out
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    ZERO,
    Apply,
    E,
    Neg,
    Plus,
    Power,
    Quotient,
    Tree,
    apply,
    is_decimal,
    number,
    number_value,
    product_of,
)

NUMBER_ROOT = Rule("work out the root", "sqrt(9) = 3", minor=True)
SIMPLIFY_ROOT = Rule("simplify the root", "sqrt(50) = 5 sqrt(2)", minor=True)
NUMBER_LOGARITHM = Rule("work out the logarithm", "log(8, 2) = 3", minor=True)
SIZE_OF_NUMBER = Rule("work out the value", "|-3| = 3", minor=True)

LARGEST_DEGREE = 100
LARGEST_LOGARITHM = 400  # digits of the powers that are compared
MOST_PARTS = 12  # log_8(2) = 1/3: the denominators that are tried

Hit = tuple[Rule, Tree]


def value_of_numbers(node: Apply) -> Hit | None:
    """Return the rule and the value of a function whose arguments are all plain numbers, where it is a short one."""
    values = [number_value(a) for a in node.arguments]
    if not values or any(v is None for v in values):
        return None
    known = [v for v in values if v is not None]
    decimal = any(map(is_decimal, node.arguments))
    if node.name in ("sqrt", "cbrt", "root"):
        return _root(node.name, known, decimal)
    if node.name == "log":
        found = exact_logarithm(known[0], known[1])
        return None if found is None else (NUMBER_LOGARITHM, number(found))
    work_out = _RESULTS.get(node.name)
    result = None if work_out is None else work_out(known, decimal)
    return None if result is None else (SIZE_OF_NUMBER, result)


# --- roots ------------------------------------------------------------------------------------------------------------


def exact_root(value: Fraction, degree: int) -> Fraction | None:
    """Return the real root of a number where it is a fraction, None where it is not, or where there is none.

    >>> exact_root(Fraction(-8, 27), 3)
    Fraction(-2, 3)
    """
    if value < 0:
        opposite = exact_root(-value, degree) if degree % 2 else None
        return None if opposite is None else -opposite
    top, bottom = _whole_root(value.numerator, degree), _whole_root(value.denominator, degree)
    return None if top is None or bottom is None else Fraction(top, bottom)


def _whole_root(n: int, degree: int) -> int | None:
    low, high = 0, 1 << (n.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**degree <= n else (low, middle - 1)
    return low if low**degree == n else None


def _root(name: str, known: Sequence[Fraction], decimal: bool) -> Hit | None:
    index = known[1] if name == "root" else Fraction(2 if name == "sqrt" else 3)
    if index.denominator != 1 or not 1 <= index <= LARGEST_DEGREE or (known[0] < 0 and index % 2 == 0):
        return None
    degree = int(index)
    exact = exact_root(known[0], degree)
    if exact is not None:
        return NUMBER_ROOT, number(exact, decimal)
    return None if decimal else _simpler_root(name, known[0], degree)


def _simpler_root(name: str, value: Fraction, degree: int) -> Hit | None:
    """Return a root with what comes out of it in front: sqrt(50) = 5 sqrt(2), sqrt(1/2) = sqrt(2)/2."""
    under = abs(value.numerator) * value.denominator ** (degree - 1)
    if under > LARGEST:
        return None
    outside, left = taken_out(under, degree)
    front = Fraction(outside, value.denominator)
    if front == 1 and value > 0:
        return None
    index = [Integer(degree)] if name == "root" else []
    root = apply(name, Integer(left), *index)
    top = product_of([n for n in (Integer(front.numerator),) if n != 1] + [root])
    result = top if front.denominator == 1 else Quotient(top, Integer(front.denominator))
    return SIMPLIFY_ROOT, Neg(result) if value < 0 else result


# --- logarithms -------------------------------------------------------------------------------------------------------


def exact_logarithm(value: Fraction, base: Fraction) -> Fraction | None:
    """Return the logarithm of a number where it is a short fraction: log_4(8) = 3/2.

    >>> exact_logarithm(Fraction(1, 1000), Fraction(10))
    Fraction(-3, 1)
    """
    if value <= 0 or base <= 0 or base == 1 or max(map(_digits, (value, base))) > LARGEST_LOGARITHM:
        return None
    ratio = _logarithm(value) / _logarithm(base)
    for part in range(1, MOST_PARTS + 1):
        times = round(ratio * part)
        if max(part * _digits(value), abs(times) * _digits(base)) > LARGEST_LOGARITHM:
            return None
        if value**part == base**times:
            return Fraction(times, part)
    return None


def _logarithm(value: Fraction) -> float:
    return log(value.numerator) - log(value.denominator)


def _digits(value: Fraction) -> int:
    return len(str(max(value.numerator, value.denominator)))


# --- functions with kinks, and those that are fractions of fractions --------------------------------------------------

_Result = Callable[[Sequence[Fraction], bool], Tree | None]
_HUNDREDTH = Fraction(1, 100)


def _elu(known: Sequence[Fraction], decimal: bool) -> Tree:
    value = number(known[0], decimal)
    return value if known[0] >= 0 else Plus(Power(E, value), Neg(ONE))


_RESULTS: dict[str, _Result] = {
    "abs": lambda known, decimal: number(abs(known[0]), decimal),
    "sign": lambda known, decimal: ZERO if known[0] == 0 else ONE if known[0] > 0 else Neg(ONE),
    "step": lambda known, decimal: ONE if known[0] > 0 else ZERO,
    "relu": lambda known, decimal: number(max(known[0], Fraction(0)), decimal),
    "leaky_relu": lambda known, decimal: number(max(known[0], _HUNDREDTH * known[0]), decimal or known[0] < 0),
    "hardtanh": lambda known, decimal: number(max(min(known[0], Fraction(1)), Fraction(-1)), decimal),
    "softsign": lambda known, decimal: number(known[0] / (1 + abs(known[0])), decimal),
    "elu": _elu,
    "floor": lambda known, decimal: number(floor(known[0])),
    "ceil": lambda known, decimal: number(ceil(known[0])),
    "round": lambda known, decimal: number(round(known[0])),
    "mod": lambda known, decimal: number(known[0] % known[1], decimal) if known[1] else None,
    "max": lambda known, decimal: number(max(known), decimal),
    "min": lambda known, decimal: number(min(known), decimal),
}
