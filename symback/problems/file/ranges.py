"""What `parameters` may hold: ranges with steps, and choices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from symback.problems.file import values as v
from symback.problems.file.fields import Field, Schema
from symback.problems.file.messages import clipped
from symback.problems.file.parameters import NAME, Parameter, Value, in_range, value_of
from symback.problems.file.tables import Table
from symback.problems.file.values import Refused


def number_or_text(value: Any) -> Value:
    found = value_of(v.a_scalar(value))
    if found is None:
        v.fault("must not divide by 0")
    return found


def exact_number(value: Any) -> Value:
    found = number_or_text(value)
    if found.number is None:
        v.fault(f"must be a number or a fraction such as '1/2', not {clipped(value)}")
    return found


class Listed(Field["list[Value]"]):
    """A list of values (of exactly `count`)."""

    count = 0
    entry: Callable[[Any], Value] = staticmethod(exact_number)

    def check(self, value: Any) -> list[Value]:
        if not isinstance(value, list) or not value or (self.count and len(value) != self.count):
            v.fault(f"must be a list of {self.count} numbers" if self.count
                    else "must be a list of values that is not empty")  # fmt: skip
        return [v.below(i, type(self).entry, entry) for i, entry in enumerate(value)]

    def schema(self) -> Schema:
        limits = {"minItems": self.count, "maxItems": self.count} if self.count else {"minItems": 1}
        return {"type": "array", "items": {"type": ["number", "string"]}, **limits}


class Range(Listed):
    """The least and the greatest of some values."""

    count = 2


class Choices(Listed):
    """Values one by one, words among them."""

    entry = staticmethod(number_or_text)


class Step(Field[Value]):
    """From one value to the next."""

    def check(self, value: Any) -> Value:
        return exact_number(value)

    def schema(self) -> Schema:
        return {"type": ["number", "string"]}


class Formula(Field[str]):
    """A formula of other parameters."""

    def check(self, value: Any) -> str:
        return v.a_maths_text(value)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1}


class Values(Table):
    """The values that a parameter may take: a range with a step, or a choice; `{{name}}` stands for the value."""

    range = Range("The least and the greatest value, as in [2, 9] or ['1/2', '5/2'].", None)
    step = Step("From one value to the next (1).", None)
    not_ = Listed("Values of the range that are left out.", None, key="not")
    choice = Choices("The values, one by one: numbers, fractions as texts, or words.", None)

    value = Formula("A formula of other parameters, as in '{{a}} - 1'.", None)

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        if "value" in given:
            if len(given) > 1:
                yield Refused("has other keys beside value", "The value is worked out; leave them out.")
        elif ("range" in given) == ("choice" in given):
            yield Refused("needs either range or choice", "Write {range = [2, 9]} or {choice = [1, 2, 5]}.")
        elif "choice" in given and given.keys() & {"step", "not"}:
            yield Refused("has step or not beside choice", "They belong to range.")
        elif "step" in given and (given["step"].number or 0) <= 0:
            yield Refused("must be above 0", path=("step",))
        elif parameter("", given).count < 1:
            yield Refused("has no values", "The first number of range is the least, the second the greatest.")


def parameter(name: str, given: Mapping[str, Any]) -> Parameter:
    """Return the parameter that a checked table of values describes."""
    if "value" in given:
        return Parameter(name, size=1, formula=given["value"])
    if "choice" in given:
        return Parameter(name, choices=tuple(dict.fromkeys(given["choice"])))
    step = given.get("step", exact_number(1))
    decimal = any("." in value.text for value in (*given["range"], step))
    return in_range(name, given["range"], step, given.get("not", ()), decimal)


class Parameters(Field["tuple[Parameter, ...]"]):
    """Parameters by name, each with the values that it may take."""

    def check(self, value: Any) -> tuple[Parameter, ...]:
        return tuple(parameter(name, Values.read(table)) for name, table in value.items())

    def refusals(self, value: Any) -> Iterator[Refused]:
        if not isinstance(value, dict):
            yield Refused(f"must be a table, not {clipped(value)}")
            return
        for name, table in value.items():
            if not NAME.fullmatch(name):
                yield Refused("must begin with a letter and go on with letters, digits or _", path=(name,))
            yield from _of_one(name, table)

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": {"$ref": "#/$defs/Values"}}


def _of_one(name: str, table: Any) -> Iterator[Refused]:
    if not isinstance(table, dict):
        yield Refused(f"must be a table, not {clipped(table)}", path=(name,))
        return
    for refused in Values.faults(table):
        yield type(refused)(refused.said, refused.hint, (name, *refused.path))
