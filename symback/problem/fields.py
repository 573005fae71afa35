"""The types of values in problem files, each a check with its JSON Schema."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from symback.problem import values as v
from symback.problem.values import Checked


class Table(BaseModel):
    """A table of the file: keys that are not named here are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def optional(description: str, default: Any = None, *, alias: str | None = None) -> Any:
    """Return a key that may be left out."""
    return Field(default, description=description, alias=alias)


_TEXT = {"type": "string"}
_NUMBER_OR_TEXT = {"type": ["number", "string"]}
_LIST_OF_TEXTS = {"type": "array", "items": _TEXT, "minItems": 1}
_ARRAY = {"type": ["number", "string", "array"]}
_ARRAYS = {"type": "object", "additionalProperties": _ARRAY}
_LIST_OF_ARRAYS = {"type": "array", "items": _ARRAYS, "minItems": 1}
_PICTURE = {"enum": list(v.PICTURES)}

Text = Annotated[str, Checked(v.a_text, _TEXT)]
Maths = Annotated[str, Checked(v.a_maths_text, {"type": "string", "minLength": 1})]
Texts = Annotated[str | list[str], Checked(v.texts, {"anyOf": [_TEXT, _LIST_OF_TEXTS]})]
Id = Annotated[str, Checked(v.an_id, {"type": "string", "maxLength": v.LONGEST_ID, "pattern": "^[^\\W_][\\w-]*$"})]
Language = Annotated[str, Checked(v.a_language, {"type": "string", "examples": ["en", "en-GB"]})]
Pictures = Annotated[tuple[str, ...], Checked(v.pictures, {"anyOf": [_PICTURE, {"type": "array", "items": _PICTURE}]})]
Points = Annotated[int | Decimal, Checked(v.at_least_zero, {"type": "number", "minimum": 0})]
Rate = Annotated[int | Decimal | str, Checked(v.a_rate, {"type": ["number", "string"], "exclusiveMinimum": 0})]
Point = dict[str, Annotated[int | Decimal | str, Checked(v.a_scalar, _NUMBER_OR_TEXT)]]
Arrays = dict[str, Annotated[Any, Checked(v.an_array, _ARRAY)]]
PointsOfGraph = Annotated[Any, Checked(v.points_of_graph, {"anyOf": [_ARRAYS, _LIST_OF_ARRAYS]})]
Direction = Annotated[Any, Checked(v.a_direction, {"type": ["string", "array"], "items": _NUMBER_OR_TEXT})]
Data = Annotated[Any, Checked(v.data, {"type": ["object", "string"]})]
Validation = Annotated[Any, Checked(v.validation, {"type": ["object", "string", "number"]})]
Accuracy = Annotated[str | bool, Checked(v.accuracy, {"anyOf": [{"type": "string", "minLength": 1}, {"const": False}]})]
Answer = Annotated[Any, Checked(v.an_answer, {"type": ["string", "number", "array", "object"]})]
Flag = Annotated[bool, Checked(v.a_flag, {"type": "boolean"})]
Order = Annotated[int, v.a_count(1, 20)]
Count = Annotated[int, v.a_count(0)]
Positive = Annotated[int, v.a_count(1)]
Detail = Annotated[str, v.one_of("brief", "normal", "full", "proof")]
Layout = Annotated[str, v.one_of("denominator", "numerator")]
Strategy = Annotated[str, v.one_of("textbook", "literal")]
Method = Annotated[str, v.one_of("full", "stochastic", "mini-batch")]
