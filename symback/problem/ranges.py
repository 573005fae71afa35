"""What may stand under `parameters`: ranges with steps, and choices."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from symback.problem import values as v
from symback.problem.faults import clipped
from symback.problem.fields import Table, optional
from symback.problem.parameters import Parameter, Value, in_range, value_of


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


def _listed(check: Any, count: int = 0) -> Any:
    """Return the check of a list of values (of exactly so many)."""

    def values(given: Any) -> list[Value]:
        if not isinstance(given, list) or not given or (count and len(given) != count):
            v.fault(f"must be a list of {count} numbers" if count else "must be a list of values that is not empty")
        made = []
        for i, entry in enumerate(given):
            try:
                made.append(check(entry))
            except PydanticCustomError as error:
                said = error.context or {}
                v.fault(said["said"], said["hint"], (i,))
        return made

    return values


_VALUES = {"type": "array", "items": {"type": ["number", "string"]}, "minItems": 1}
Range = Annotated[list[Value], v.Checked(_listed(exact_number, 2), {**_VALUES, "minItems": 2, "maxItems": 2})]
Numbers = Annotated[list[Value], v.Checked(_listed(exact_number), _VALUES)]
Choices = Annotated[list[Value], v.Checked(_listed(number_or_text), _VALUES)]
Step = Annotated[Value, v.Checked(exact_number, {"type": ["number", "string"]})]


class Values(Table):
    """The values that a parameter may take: a range with a step, or a choice; `{{name}}` stands for the value."""

    range: Range = optional("The least and the greatest value, as in [2, 9] or ['1/2', '5/2'].")
    step: Step = optional("From one value to the next (1).")
    not_: Numbers = optional("Values of the range that are left out.", alias="not")
    choice: Choices = optional("The values, one by one: numbers, fractions as texts, or words.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        given = self.model_fields_set
        if ("range" in given) == ("choice" in given):
            v.fault("needs either range or choice", "Write {range = [2, 9]} or {choice = [1, 2, 5]}.")
        if "choice" in given and given & {"step", "not_"}:
            v.fault("has step or not beside choice", "They belong to range.")
        if "step" in given and (self.step.number or 0) <= 0:
            v.fault("must be above 0", path=("step",))
        if self.parameter("").count < 1:
            v.fault("has no values", "The first number of range is the least, the second the greatest.")
        return self

    def parameter(self, name: str) -> Parameter:
        """Return the parameter as plain data."""
        given = self.model_fields_set
        if "choice" in given:
            return Parameter(name, choices=tuple(dict.fromkeys(self.choice)))
        step = self.step if "step" in given else exact_number(1)
        decimal = any("." in value.text for value in (*self.range, step))
        return in_range(name, self.range, step, self.not_ if "not_" in given else (), decimal)
