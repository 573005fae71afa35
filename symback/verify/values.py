"""Real numbers of many digits: the verifier's operations, on mpmath's raw numbers (sign, mantissa, exponent, bits).

What is not real or not finite is `NAN`, which every operation passes on. What would take too long or cannot be trusted
raises `Beyond`: sizes are looked at before mpmath is called, so `9^9^9^9` and `e^e^e^e^10` are refused at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from zlib import crc32

from mpmath import libmp
from mpmath.ctx_mp import MPContext

from symback.expr.functions import FUNCTIONS
from symback.expr.unknown import parts

Raw = tuple[int, int, int, int]
Operation = Callable[..., Raw]

NAN: Raw = libmp.fnan
ZERO: Raw = libmp.fzero
ONE: Raw = libmp.fone
NEAREST = "n"
NOT_REAL = (libmp.ComplexResult, ZeroDivisionError)  # what libmp raises where there is no real value

LARGEST_EXPONENT = 40  # bits: e^u is worked out for |u| < 2^40
ROUNDING_BITS = 8  # of two numbers that are compared
LARGEST_ANGLE = 60  # bits: beyond, the sine of a 50-digit number says nothing


class Beyond(ArithmeticError):
    """The number is too large to be worked out, or to be trusted."""


def is_finite(x: Raw) -> bool:
    """Tell whether a raw number is a real number, neither infinite nor NAN."""
    return bool(x[1]) or not x[2]


def size(x: Raw) -> int:
    """Return the number of bits before the binary point: |x| < 2^size. A zero is smaller than everything."""
    return x[2] + x[3] if x[1] else -(10**9)


def sign_of(x: Raw) -> int:
    """Return -1, 0 or 1."""
    return 0 if not x[1] else -1 if x[0] else 1


def from_fraction(value: Fraction, bits: int) -> Raw:
    """Return the nearest raw number; an integer is exact."""
    if value.denominator == 1:
        return libmp.from_int(value.numerator)  # type: ignore[no-any-return]
    return libmp.from_rational(value.numerator, value.denominator, bits, NEAREST)  # type: ignore[no-any-return]


# --- arithmetic ---------------------------------------------------------------------------------------------------

add: Operation = libmp.mpf_add
subtract: Operation = libmp.mpf_sub
multiply: Operation = libmp.mpf_mul
divide: Operation = libmp.mpf_div


def negative(x: Raw, bits: int) -> Raw:
    return libmp.mpf_neg(x)  # type: ignore[no-any-return]


def exponential(x: Raw, bits: int) -> Raw:
    if size(x) > LARGEST_EXPONENT:
        raise Beyond
    return libmp.mpf_exp(x, bits, NEAREST)  # type: ignore[no-any-return]


def power(base: Raw, exponent: Raw, bits: int) -> Raw:
    """Return base^exponent for a positive base, or a whole exponent (0 to a positive exponent is 0; else not real)."""
    if not (is_finite(base) and is_finite(exponent)):
        return NAN
    if base[0]:
        is_whole = not exponent[1] or (exponent[2] >= 0 and size(exponent) <= LARGEST_EXPONENT)
        return _integer_power(int(libmp.to_int(exponent)))(base, bits) if is_whole else NAN
    if not base[1]:
        return ZERO if sign_of(exponent) > 0 else NAN
    if size(exponent) + abs(size(base)).bit_length() > LARGEST_EXPONENT:
        raise Beyond
    return libmp.mpf_pow(base, exponent, bits, NEAREST)  # type: ignore[no-any-return]


def power_of_positive(base: Raw, exponent: Raw, bits: int) -> Raw:
    """Return base^exponent where a negative base has none: a root whose index is not odd, an exponent that varies.

    (-2)^(1/0.5) would be 4, and x^relu(x) would be 1 for every x below 0.
    """
    return NAN if base[0] else power(base, exponent, bits)


def power_by(exponent: Fraction) -> Operation:
    """Return the function x -> x^exponent for an exponent that is written as a number.

    A negative base has a real power where the exponent's denominator is odd: x^(1/3) is the real cube root.
    """
    over, under = exponent.numerator, exponent.denominator
    if under == 1:
        return _integer_power(over)

    def rational_power(x: Raw, bits: int) -> Raw:
        if not x[1] or not x[0]:
            return power(x, from_fraction(exponent, bits + 40), bits)
        if under % 2 == 0:
            return NAN
        root = power(libmp.mpf_neg(x), from_fraction(exponent, bits + 40), bits)
        return negative(root, bits) if over % 2 else root

    return rational_power


def _integer_power(exponent: int) -> Operation:
    def integer_power(x: Raw, bits: int) -> Raw:
        if not is_finite(x):
            return NAN
        if not x[1]:
            return ZERO if exponent > 0 else ONE if exponent == 0 else NAN
        if exponent.bit_length() + abs(size(x)).bit_length() > LARGEST_EXPONENT:
            raise Beyond
        return libmp.mpf_pow_int(x, exponent, bits, NEAREST)  # type: ignore[no-any-return]

    return integer_power


# --- functions with kinks -----------------------------------------------------------------------------------------


def absolute(x: Raw, bits: int) -> Raw:
    return libmp.mpf_abs(x)  # type: ignore[no-any-return]


def sign(x: Raw, bits: int) -> Raw:
    return libmp.from_int(sign_of(x)) if is_finite(x) else NAN


def step(x: Raw, bits: int) -> Raw:
    return libmp.from_int(sign_of(x) > 0) if is_finite(x) else NAN


def _between_jumps(rounded: Operation) -> Operation:
    """Return a function that jumps at whole numbers or halves; x/x is 1, to whichever side of it it was rounded."""

    def jumping(x: Raw, bits: int) -> Raw:
        if not is_finite(x):
            return NAN
        if size(x) > LARGEST_ANGLE:
            raise Beyond
        half = libmp.mpf_shift(libmp.mpf_nint(libmp.mpf_shift(x, 1), bits, NEAREST), -1)
        is_there = size(libmp.mpf_sub(x, half, bits)) < -bits // 2
        return rounded(half if is_there else x, bits, NEAREST)

    return jumping


def _larger(x: Raw, y: Raw, bits: int) -> Raw:
    if not (is_finite(x) and is_finite(y)):
        return NAN
    return x if libmp.mpf_ge(x, y) else y


def _smaller(x: Raw, y: Raw, bits: int) -> Raw:
    if not (is_finite(x) and is_finite(y)):
        return NAN
    return x if libmp.mpf_le(x, y) else y


def _comparison(holds: Callable[[int], bool]) -> Operation:
    """Return a comparison, which is 1 or 0; what differs in its last digits alone is equal, as sqrt(2)^2 and 2 are."""

    def compared(x: Raw, y: Raw, bits: int) -> Raw:
        if not (is_finite(x) and is_finite(y)):
            return NAN
        difference = libmp.mpf_sub(x, y)
        is_equal = size(difference) < max(size(x), size(y)) - bits + ROUNDING_BITS
        return libmp.from_int(holds(0 if is_equal else sign_of(difference)))  # type: ignore[no-any-return]

    return compared


def all_hold(values: Sequence[Raw], slots: Sequence[int], bits: int) -> Raw:
    """Return 1 where no condition is 0, else 0."""
    found = [values[slot] for slot in slots]
    return NAN if NAN in found else ZERO if ZERO in found else ONE


def one_holds(values: Sequence[Raw], slots: Sequence[int], bits: int) -> Raw:
    """Return 1 where some condition is 1, else 0."""
    found = [values[slot] for slot in slots]
    return NAN if NAN in found else ONE if ONE in found else ZERO


def by_cases(values: Sequence[Raw], slots: Sequence[int], bits: int) -> Raw:
    """Return the value before the first condition that holds, or the last one; NAN where there is none."""
    for place in range(1, len(slots), 2):
        condition = values[slots[place]]
        if condition != ZERO:
            return values[slots[place - 1]] if condition == ONE else NAN
    return values[slots[-1]] if len(slots) % 2 else NAN


MANY: dict[str, Callable[[Sequence[Raw], Sequence[int], int], Raw]] = {
    "cases": by_cases,
    "and": all_hold,
    "or": one_holds,
}


def logarithm(x: Raw, bits: int) -> Raw:
    """Return the natural logarithm; of 0 there is none, so that 3/ln(0) and e^(ln 0) have no value."""
    return libmp.mpf_log(x, bits, NEAREST) if x[1] else NAN


# --- functions of the table ---------------------------------------------------------------------------------------

_context = MPContext()  # its own, so that nobody's precision is changed
_DIRECT: dict[str, Operation] = {
    "abs": absolute,
    "sign": sign,
    "step": step,
    "sqrt": libmp.mpf_sqrt,
    "ln": logarithm,
    "floor": _between_jumps(libmp.mpf_floor),
    "ceil": _between_jumps(libmp.mpf_ceil),
    "round": _between_jumps(libmp.mpf_nint),
}
PAIRWISE: dict[str, Operation] = {
    "max": _larger,
    "min": _smaller,
    "less": _comparison(lambda sign: sign < 0),
    "greater": _comparison(lambda sign: sign > 0),
    "at_most": _comparison(lambda sign: sign <= 0),
    "at_least": _comparison(lambda sign: sign >= 0),
    "equal": _comparison(lambda sign: sign == 0),
    "differs": _comparison(lambda sign: sign != 0),
}


def _table_function(name: str, column: str) -> Operation:
    raw = getattr(libmp, f"mpf_{column}", None)
    whole = getattr(_context, column)
    limit = LARGEST_EXPONENT if column.endswith("h") else LARGEST_ANGLE
    is_inverse = column.startswith("a")  # whose values stay small, however large x is

    def function(x: Raw, bits: int) -> Raw:
        if not is_finite(x):
            return NAN
        if size(x) > limit and not is_inverse:
            raise Beyond
        if name == "arccot" and not x[1]:
            return NAN  # it jumps there
        if raw is not None:
            value = raw(x, bits, NEAREST)
        else:
            _context.prec = bits
            value = getattr(whole(_context.make_mpf(x)), "_mpf_", NAN)  # a complex value has no such attribute
        return value if is_finite(value) else NAN

    function.__name__ = name
    return function


FUNCTION_VALUES: dict[str, Operation] = {
    row.name: _DIRECT.get(row.name) or _table_function(row.name, row.mpmath)
    for row in FUNCTIONS.values()
    if row.mpmath or row.name in _DIRECT
}


def stand_in(name: str) -> Callable[[Sequence[Raw], Sequence[int], int], Raw]:
    """Return a smooth function to stand for an unknown one: f(s, t) = sin(a s + b t + c) + d (k s + l t)^2.

    The numbers a, b, c, d, k, l come from the name; its derivatives are true ones: f'(t) is the slope of f(t), and
    `f,2` that of f(s, t) by t. Two directions, (a, b) and (k, l), so that no derivative is a multiple of another.
    """
    known, by = parts(name)

    def number(key: str) -> Raw:
        return from_fraction(Fraction(500 + crc32(f"{known} {key}".encode()) % 1000, 1000), 400)

    def along(key: str, values: Sequence[Raw], slots: Sequence[int], bits: int) -> tuple[Raw, Raw]:
        """Return the sum of the arguments with their weights, and what the chain rule takes out of it."""
        weights = [number(f"{key} {i}") for i in range(len(slots))]
        inner, factor = ZERO, libmp.from_int(1)
        for weight, slot in zip(weights, slots, strict=True):
            inner = add(inner, multiply(weight, values[slot], bits), bits)
        for place in by:
            factor = multiply(factor, weights[place], bits)
        if not is_finite(inner) or size(inner) > LARGEST_ANGLE:
            raise Beyond
        return inner, factor

    def function(values: Sequence[Raw], slots: Sequence[int], bits: int) -> Raw:
        inner, factor = along("weight", values, slots, bits)
        wave = _sine_derivative(add(inner, number("phase"), bits), len(by), bits)
        other, other_factor = along("slant", values, slots, bits)
        square = multiply(number("square"), _square_derivative(other, len(by), bits), bits)
        return add(multiply(factor, wave, bits), multiply(other_factor, square, bits), bits)

    return function


def _sine_derivative(x: Raw, order: int, bits: int) -> Raw:
    value = (libmp.mpf_sin, libmp.mpf_cos)[order % 2](x, bits, NEAREST)
    return negative(value, bits) if order % 4 >= 2 else value


def _square_derivative(x: Raw, order: int, bits: int) -> Raw:
    if order == 0:
        return multiply(x, x, bits)
    return multiply(libmp.from_int(2), x, bits) if order == 1 else libmp.from_int(2) if order == 2 else ZERO


def shifted(x: Raw, step: Raw, bits: int) -> Raw:
    """Return x with a step added that is taken relative to its size, so that it is neither lost nor goes too far."""
    return add(x, libmp.mpf_shift(step, _scale(x)), bits)


def slope(values: Sequence[Raw], slots: Sequence[int], bits: int) -> Raw:
    """Return the derivative by a central difference.

    The slots hold u(x + h), u(x - h), x, and 1/(2 h) for an x of size 1. The error is of the order h^2, and h so small
    that this is less than what is compared; the working precision has the digits of h more.
    """
    plus, minus, x, by_step = (values[slot] for slot in slots)
    rise = subtract(plus, minus, bits)
    return libmp.mpf_shift(multiply(rise, by_step, bits), -_scale(x))  # type: ignore[no-any-return]


def _scale(x: Raw) -> int:
    return x[2] + x[3] if x[1] else 0
