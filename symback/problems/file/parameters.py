"""Parameters of a problem: the values that each may take, exactly, and how a value is written."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import NamedTuple

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_NUMBER = re.compile(r"[+-]?\d{1,400}(\.\d{1,400})?|[+-]?\.\d{1,400}|[+-]?\d{1,400}/\d{1,400}")


class Value(NamedTuple):
    """A value as it is written, and the exact number that it is (None: a word, such as the name of a function)."""

    text: str
    number: Fraction | None = None


@dataclass(frozen=True)
class Parameter:
    """A parameter: `low`, `low + step`, ... up to `size` values without those of the `barred` indices, or choices.

    One with a `formula` is worked out from others, and has one value for each combination of these.
    """

    name: str
    low: Fraction = Fraction(0)
    step: Fraction = Fraction(1)
    size: int = 0
    barred: tuple[int, ...] = ()
    choices: tuple[Value, ...] = ()
    decimal: bool = False
    formula: str = field(default="", repr=False)

    @property
    def count(self) -> int:
        """How many values there are."""
        return len(self.choices) or self.size - len(self.barred)

    def value(self, index: int) -> Value:
        """Return the value of an index from 0 up to, but not, `count`."""
        if self.choices:
            return self.choices[index]
        place = index
        while (shifted := index + bisect_right(self.barred, place)) != place:
            place = shifted
        number = self.low + place * self.step
        return Value(written(number, self.decimal), number)


def in_range(name: str, bounds: Sequence[Value], step: Value, excluded: Sequence[Value], decimal: bool) -> Parameter:
    """Return a parameter that goes from the first bound to the second in steps; all values are numbers."""
    (low, high), by = (bound.number or Fraction(0) for bound in bounds), step.number or Fraction(1)
    size = (high - low) // by + 1
    places = {(value.number - low) / by for value in excluded if value.number is not None}
    barred = sorted(int(place) for place in places if place.denominator == 1 and 0 <= place < size)
    return Parameter(name, low, by, max(size, 0), tuple(barred), decimal=decimal)


def written(number: Fraction, decimal: bool = False) -> str:
    """Return a number as text: a whole one, a fraction, or a decimal where that is asked for and ends.

    >>> written(Fraction(-3)), written(Fraction(1, 2)), written(Fraction(1, 4), True), written(Fraction(1, 3), True)
    ('-3', '1/2', '0.25', '1/3')
    """
    places = _places(number.denominator) if decimal else 0
    if not places:
        return str(number)
    digits = str(abs(number.numerator) * 10**places // number.denominator).zfill(places + 1)
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _places(denominator: int) -> int:
    """Return how many decimal places a fraction with this denominator has; 0 for a whole number and without end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else 0


def value_of(given: int | Decimal | str) -> Value | None:
    """Return a number or a text of a file as a value; None for a text that divides by 0.

    >>> value_of("-1/2"), value_of(Decimal("0.50")).text, value_of("sin")
    (Value(text='-1/2', number=Fraction(-1, 2)), '0.5', Value(text='sin', number=None))
    """
    if isinstance(given, str):
        text = given.strip()
        if not _NUMBER.fullmatch(text):
            return Value(text)
        top, _, bottom = text.partition("/")
        if bottom and not int(bottom):
            return None
        number = Fraction(top) / int(bottom or 1)
        return Value(written(number, "." in text), number)
    number = Fraction(given)
    return Value(written(number, isinstance(given, Decimal)), number)


# --- all of a problem's ----------------------------------------------------------------------------------------------


def combinations(parameters: Sequence[Parameter]) -> int:
    """Return in how many ways the parameters can be chosen."""
    return prod(parameter.count for parameter in parameters)


def combination(parameters: Sequence[Parameter], number: int) -> dict[str, Value]:
    """Return the values of a combination; they are numbered from 0."""
    values = {}
    for parameter in parameters:
        number, index = divmod(number, parameter.count)
        values[parameter.name] = parameter.value(index)
    return values


def extremes(parameters: Sequence[Parameter]) -> Iterator[Mapping[str, Value]]:
    """Yield the combinations of all the first and of all the last values."""
    yield {parameter.name: parameter.value(0) for parameter in parameters}
    yield {parameter.name: parameter.value(parameter.count - 1) for parameter in parameters}
