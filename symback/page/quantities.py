"""How numbers that were computed are written: rounded where rounding was, arrays in rows, large ones abridged.

NumPy is not needed here: an array is anything with `shape` and `tolist`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import pi, prod, ulp
from typing import Any

DIGITS = 10  # significant digits: what is left of float64 when a dozen roundings are forgiven
FEW = 5  # in tables of arrays, and in pictures
MOST_ENTRIES = 12  # in a row or column that is shown whole
SHOWN = 3  # entries at either end of one that is not
LONGEST_SHORT = 28  # characters of an array in a picture
LONGEST_EXACT = 12  # characters of a fraction there


def quantity(value: Any, digits: int = DIGITS) -> str:
    """Return a number or an array on one line.

    >>> quantity(-2.0), quantity(0.1 + 0.2), quantity(Fraction(-1, 3)), quantity(1e-20), quantity([[1.0, 0.5], [0, 2]])
    ('-2', '0.3', '-1/3', '1e-20', '[[1, 0.5], [0, 2]]')
    """
    if is_array(value):
        return _listed(nested(value), min(digits, FEW))
    return number(value, digits)


def number(value: Any, digits: int = DIGITS) -> str:
    """Return the shortest decimal that rounds to the value at so many significant digits; fractions as they are."""
    if isinstance(value, (int, Fraction)):
        return str(value)
    value = float(value)
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "nan", "inf": "∞", "-inf": "-∞"}[str(value)]
    whole = f"{value:.{digits}g}"
    if "e" in whole:
        mantissa, exponent = whole.split("e")
        return f"{_trimmed(mantissa)}e{int(exponent)}"
    return _trimmed(whole)


MOST_PARTS = 12  # of pi: pi/12 is an angle that people write


def parts_of_pi(value: float) -> Fraction | None:
    """Return how many times pi a float is, where it is the float nearest to a simple multiple of pi.

    >>> parts_of_pi(3.141592653589793), parts_of_pi(-1.5707963267948966), parts_of_pi(3.14159), parts_of_pi(0.0)
    (Fraction(1, 1), Fraction(-1, 2), None, None)
    """
    if not value or abs(value) > 2 * MOST_PARTS * pi:
        return None
    found = Fraction(value / pi).limit_denominator(MOST_PARTS)
    return found if abs(float(found) * pi - value) <= ulp(value) else None


def rate(value: Any) -> str:
    """Return a learning rate: a decimal where it is one, whatever it was computed with.

    >>> rate(Fraction(1, 10)), rate(Fraction(1, 3)), rate(0.05)
    ('0.1', '1/3', '0.05')
    """
    return number(float(value)) if Fraction(number(float(value))) == value else number(value)


def _trimmed(digits: str) -> str:
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if digits == "-0" else digits


def short_quantity(value: Any) -> str:
    """Return a number at four digits, or a small array; of a large one its shape; a text as it is."""
    if isinstance(value, str):
        return value
    if not is_array(value):
        is_short = isinstance(value, (int, Fraction)) and len(str(value)) <= LONGEST_EXACT
        return str(value) if is_short else number(float(value), FEW - 1)
    shape = shape_of(value)
    written = _listed(nested(value), 3) if prod(shape) <= 4 else ""
    return written if written and len(written) <= LONGEST_SHORT else shape_words(shape)


def shape_words(shape: tuple[int, ...]) -> str:
    """Return a shape that cannot be taken for a number: `3×2`, `5 entries`."""
    if len(shape) > 1:
        return "×".join(map(str, shape))
    return "1 entry" if shape[0] == 1 else f"{shape[0]} entries"


# --- arrays -------------------------------------------------------------------------------------------------------


def is_array(value: Any) -> bool:
    """Tell whether a value has rows: an array with at least one axis, or a list."""
    return isinstance(value, (list, tuple)) or bool(getattr(value, "shape", ()))


def nested(value: Any) -> Any:
    """Return an array as nested lists."""
    return value.tolist() if hasattr(value, "tolist") else value


def shape_of(value: Any) -> tuple[int, ...]:
    """Return the shape of a number or an array.

    >>> shape_of([[1, 2, 3], [4, 5, 6]]), shape_of(2.5)
    ((2, 3), ())
    """
    if hasattr(value, "shape"):
        return tuple(value.shape)
    shape = []
    while isinstance(value, (list, tuple)):
        shape.append(len(value))
        value = value[0] if value else 0
    return tuple(shape)


def _listed(value: Any, digits: int) -> str:
    if not isinstance(value, (list, tuple)):
        return number(value, digits)
    return f"[{', '.join(_listed(v, digits) for v in value)}]"


def rows_of(value: Any, digits: int = FEW, shown: int = SHOWN, most: int = MOST_ENTRIES) -> list[list[str]]:
    """Return the entries of a vector (one row) or a matrix as texts, "…" where rows or columns are left out.

    Of more than `most` columns `shown` stand at either end, of many rows three.
    """
    lists = value if len(shape_of(value)) > 1 else [value]
    rows = [[_GAP] * len(lists[0]) if row is _GAP else row for row in _ends(lists, SHOWN, MOST_ENTRIES)]
    return [[_cell(entry, digits) for entry in _ends(row, shown, most)] for row in rows]


_GAP: Any = object()


def _cell(entry: Any, digits: int) -> str:
    return "…" if entry is _GAP else _listed(nested(entry), digits)


def _ends(items: Sequence[Any], shown: int, most: int) -> list[Any]:
    return list(items) if len(items) <= most else [*items[:shown], _GAP, *items[-shown:]]


def is_abridged(value: Any) -> bool:
    """Tell whether `rows_of` leaves something out."""
    return any(n > MOST_ENTRIES for n in shape_of(value))
