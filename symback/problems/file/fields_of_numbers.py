"""Keys whose values are numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symback.problems.file import values as v
from symback.problems.file.field import NUMBER_OR_TEXT, Field, Schema


class Whole(Field[int]):
    """A whole number within limits."""

    metavar = "N"
    least = 0
    most: int | None = None

    def check(self, value: Any) -> int:
        return v.a_count(value, self.least, self.most)

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, **({} if self.most is None else {"maximum": self.most})}

    def typed(self, texts: Sequence[str]) -> Any:
        text = texts[-1].strip()
        is_number = text.lstrip("-").isdecimal() and text.isascii() and len(text) <= v.MOST_DIGITS
        return int(text) if is_number and text.count("-") <= 1 else text


class Order(Whole):
    """How often something is done, up to 20 times."""

    least, most = 1, 20


class Positive(Whole):
    """A whole number above 0."""

    least = 1


class Distractors(Whole):
    """How many wrong options are made."""

    least, most = 1, 8


class Points(Field[Any]):
    """A number, 0 or more, or a table of them by what they are given for: {rule = 1, answer = 2}."""

    metavar = "NUMBER"

    def check(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return v.at_least_zero(value)
        if not value:
            v.must_be("a number, or a table such as {rule = 1, answer = 2}", value)
        return {str(what): v.below(what, v.at_least_zero, one) for what, one in value.items()}

    def schema(self) -> Schema:
        number = {"type": "number", "minimum": 0}
        return {"anyOf": [number, {"type": "object", "additionalProperties": number, "minProperties": 1}]}


class Rate(Field[Any]):
    """A number above 0, or a text such as "1/10"."""

    metavar = "NUMBER"

    def check(self, value: Any) -> Any:
        return v.a_rate(value)

    def schema(self) -> Schema:
        return {"type": ["number", "string"], "exclusiveMinimum": 0}


class Scalar(Field[Any]):
    """A number, or a text such as "1/2"."""

    metavar = "NUMBER"

    def check(self, value: Any) -> Any:
        return v.a_scalar(value)

    def schema(self) -> Schema:
        return NUMBER_OR_TEXT

    def called(self, value: Any) -> Any:
        return as_given(value)


def as_given(value: Any) -> Any:
    """Return a number as it was written: 0.1 is a tenth."""
    from decimal import Decimal

    if isinstance(value, float):
        return Decimal(repr(value))
    return value if isinstance(value, (int, str, Decimal)) else str(value)
