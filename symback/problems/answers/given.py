"""The numbers of a problem file on their way into mathematics: of what kind, and how large, they may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

from sympy.core.basic import Basic

from symback.calculus.question import as_number
from symback.errors import ParseError, TooLarge, UsageError
from symback.expr.tree import Tree, number_value, symbols_of
from symback.syntax import parse, read_names
from symback.syntax.source import MAX_DIGITS
from symback.verify import approximate

HINT = "Write a number such as 2, 0.5, '1/2' or 'sqrt(2)'."
MOST_NESTED = 8  # axes of an array


def checked(value: Any, name: str) -> Any:
    """Return a number of a file (a text for one that is not a decimal); errors name what it belongs to.

    Raises UsageError for what is not a number, TooLarge where it has too many digits.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction, str)):
        raise UsageError(f"The value of {name} is not a number.", hint=HINT)
    if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS or isinstance(value, Decimal) and not _is_short(value):
        message = f"The value of {name} has more than {MAX_DIGITS} digits, or is not finite."
        raise TooLarge(message, hint=f"Numbers have at most {MAX_DIGITS} digits.")
    return value


def _is_short(value: Decimal) -> bool:
    return value.is_finite() and abs(value.adjusted()) <= MAX_DIGITS and len(value.as_tuple().digits) <= MAX_DIGITS


def point(at: Any) -> dict[str, Tree]:
    """Return the values of a point by canonical name; `{"x": "1/2"}` gives {'x': Quotient(1, 2)}."""
    if at is None:
        return {}
    if not isinstance(at, Mapping):
        raise UsageError("The point must be a table of names and values.", hint="Write at = {x = 2, y = '1/2'}.")
    values: dict[str, Tree] = {}
    for given, value in at.items():
        (name, *others) = read_names(given)
        if others or name in values:
            raise UsageError(f"The point names {given[:60]} twice or not at all.", hint="Give each name one value.")
        values[name] = value if isinstance(value, Basic) else as_number(checked(value, name))
    return values


def array(value: Any, name: str) -> Any:
    """Return a number or nested lists of numbers: exact as fractions, roots and logarithms as floats.

    An array that was read from a file of numbers is left as it is.
    """
    if hasattr(value, "dtype"):
        return value
    return nested(value, lambda entry: exact_or_float(entry, name), name)


def nested(value: Any, entry: Callable[[Any], Any], name: str) -> Any:
    """Return nested lists with each entry replaced; UsageError where they nest too deep or are not rectangular."""

    def inner(value: Any, depth: int) -> Any:
        if not isinstance(value, (list, tuple)):
            return entry(value)
        if depth == MOST_NESTED:
            raise UsageError(f"The value of {name} has more than {MOST_NESTED} lists in lists.", hint=HINT)
        return [inner(part, depth + 1) for part in value]

    made = inner(value, 0)
    if not _is_regular(made):
        hint = "Give every row as many entries, such as [[1, 2], [3, 4]]."
        raise UsageError(f"The rows of {name} are not equally long.", hint=hint)
    return made


def _is_regular(value: Any) -> bool:
    if not isinstance(value, list):
        return True
    shapes = {_shape(part) for part in value}
    return bool(value) and len(shapes) == 1 and None not in shapes


def _shape(value: Any) -> tuple[int, ...] | None:
    if not isinstance(value, list):
        return ()
    shapes = {_shape(part) for part in value}
    inner = shapes.pop() if len(shapes) == 1 else None
    return None if inner is None else (len(value), *inner)


def exact_or_float(value: Any, name: str) -> Fraction | float:
    """Return a number: exact where it is one of digits alone, else as a float.

    >>> exact_or_float("-1/2", "x"), exact_or_float(Decimal("0.25"), "x"), exact_or_float("sqrt(2)", "x")
    (Fraction(-1, 2), Fraction(1, 4), 1.4142135623730951)
    """
    value = checked(value, name)
    if isinstance(value, float) and isfinite(value):
        return value
    if not isinstance(value, str):
        try:
            return Fraction(value)
        except (ValueError, OverflowError):
            raise UsageError(f"The value of {name} is not a finite number.", hint=HINT) from None
    tree = parse(value)
    if symbols_of(tree):
        unknown = min(s.name for s in symbols_of(tree))
        raise ParseError(f"{unknown} is not a number.", value, 0, len(value), hint=HINT)
    exact = number_value(tree)
    found = approximate(tree) if exact is None else exact
    if found is None:
        raise ParseError(f"The value of {name} is not a finite real number.", value, 0, len(value), hint=HINT)
    return found


# --- names ----------------------------------------------------------------------------------------------------------


def texts(value: Any, key: str) -> tuple[str, ...]:
    """Return a text, or a list of texts, as a tuple; UsageError for anything else."""
    found = () if value is None else (value,) if isinstance(value, str) else value
    if not isinstance(found, Sequence) or not all(isinstance(text, str) for text in found):
        raise UsageError(f"{key} must be a text or a list of texts.", hint=f"Write {key} = 'x' or {key} = ['x', 'y'].")
    return tuple(found)


def text(value: Any, key: str) -> str:
    """Return a text; UsageError where it is missing or anything else."""
    if not isinstance(value, str):
        raise UsageError(f"{key} is missing, or is not a text.", hint=f"Write {key} = '...'.")
    return value


def groups(wrt: Any) -> tuple[tuple[str, ...], ...]:
    """Return the variables to differentiate by, a tuple for each text: `["x", "x,y"]` gives (('x',), ('x', 'y'))."""
    return tuple(read_names(one) for one in texts(wrt, "wrt"))


def variables(wrt: Any) -> tuple[str, ...]:
    """Return all variables that are named, each once."""
    return tuple(dict.fromkeys(name for group in groups(wrt) for name in group))
