"""Keys whose values are points, intervals, arrays and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from symback.problems.file import values as v
from symback.problems.file.field import ARRAY, ARRAYS, NUMBER_OR_TEXT, Field, Schema
from symback.problems.file.fields_of_numbers import as_given
from symback.problems.file.messages import clipped
from symback.problems.file.values import Refused


class Interval(Field[Any]):
    """The two ends of an interval: a list of two numbers, or a text such as "0, pi"."""

    metavar = "A,B"

    def check(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            if len(value) != 2:
                v.must_be("two ends, such as [0, 3]", list(value))
            return [v.a_scalar(end) for end in value]
        text = v.a_maths_text(value)
        if text.count(",") != 1:
            v.must_be("two ends, such as 0,3", text)
        return text

    def schema(self) -> Schema:
        return {"type": ["string", "array"], "items": NUMBER_OR_TEXT}

    def called(self, value: Any) -> Any:
        return [as_given(end) for end in value] if isinstance(value, (list, tuple)) else str(value)


class _Entries(Field["Mapping[str, Any]"]):
    """A table whose values are all of one type."""

    of: Callable[[Any], Any]
    values: ClassVar[Schema]

    def check(self, value: Any) -> dict[str, Any]:
        for refused in self.refusals(value):
            raise refused
        return dict(value)

    def refusals(self, value: Any) -> Iterator[Refused]:
        if not isinstance(value, dict):
            yield Refused(f"must be a table, not {clipped(value)}")
            return
        for name, entry in value.items():
            try:
                v.below(name, type(self).of, entry)
            except Refused as refused:
                yield refused

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.values}

    def typed(self, texts: Sequence[str]) -> Any:
        """Read `x=2,y=max(1,2)`: a comma or a semicolon parts entries only where a name and an equals sign follow."""
        import re

        joined = ",".join(texts)
        entries = [part.partition("=") for part in re.split(r"[,;](?=\s*[^\W\d][\w^{}\[\]]*\s*=(?!=))", joined)]
        if not all(name.strip() and equals and value.strip() for name, equals, value in entries):
            v.must_be("a point such as x=2,y=1/2", joined)
        return {name.strip(): value.strip() for name, _, value in entries}


class Point(_Entries):
    """The values of variables by name: numbers, and texts such as "1/2"."""

    metavar, of, values = "POINT", staticmethod(v.a_scalar), NUMBER_OR_TEXT

    def called(self, value: Any) -> Any:
        return {str(name): as_given(entry) for name, entry in value.items()} if isinstance(value, Mapping) else value


class Place(Point):
    """A point of one variable, as in x = 0, or its value alone."""

    metavar = "PLACE"

    def refusals(self, value: Any) -> Iterator[Refused]:
        if isinstance(value, dict):
            yield from super().refusals(value)
            if len(value) != 1:
                yield Refused("must name one variable", "Write {x = 0}.")
            return
        try:
            v.a_scalar(value)
        except Refused as refused:
            yield refused

    def check(self, value: Any) -> Any:
        for refused in self.refusals(value):
            raise refused
        if isinstance(value, str) and value.count("=") == 1:
            name, _, place = value.partition("=")
            return {name.strip(): place.strip()}
        return dict(value) if isinstance(value, dict) else value

    def schema(self) -> Schema:
        return {"anyOf": [super().schema(), NUMBER_OR_TEXT]}

    def typed(self, texts: Sequence[str]) -> Any:
        return super().typed(texts) if "=" in "".join(texts) else texts[-1].strip()

    def called(self, value: Any) -> Any:
        return super().called(value) if isinstance(value, Mapping) else as_given(value)


def _given(value: Any) -> Any:
    """Return a value of a function, or a table of its values by their places."""
    return (
        {str(place): v.below(place, v.a_scalar, one) for place, one in value.items()}
        if isinstance(value, dict)
        else v.a_scalar(value)
    )


class Given(_Entries):
    """Values of functions: {"g(1)" = 3}, or tables of them: {f = {1 = 3, 2 = 5}}."""

    metavar, of, values = "VALUES", staticmethod(_given), {"type": ["number", "string", "object"]}


class Arrays(_Entries):
    """Numbers and arrays by name."""

    metavar, of, values = "VALUES", staticmethod(v.an_array), ARRAY


class PointsOfGraph(Field[Any]):
    """A table of arrays, or a list of such tables; on the command line one table, whose values may come from files."""

    metavar = "VALUES"

    def check(self, value: Any) -> Any:
        return v.points_of_graph(value)

    def schema(self) -> Schema:
        return {"anyOf": [ARRAYS, {"type": "array", "items": ARRAYS, "minItems": 1}]}


class Direction(Field[Any]):
    """A direction: a list of numbers, or a text such as "3, 4"."""

    metavar = "VECTOR"

    def check(self, value: Any) -> Any:
        return v.a_direction(value)

    def schema(self) -> Schema:
        return {"type": ["string", "array"], "items": NUMBER_OR_TEXT}


class Data(Field[Any]):
    """Training data: a table of arrays, or a file beside the sheet."""

    def check(self, value: Any) -> Any:
        return v.data(value)

    def schema(self) -> Schema:
        return {"type": ["object", "string"]}


class Validation(Field[Any]):
    """Training data, or a part of the data."""

    def check(self, value: Any) -> Any:
        return v.validation(value)

    def schema(self) -> Schema:
        return {"type": ["object", "string", "number"]}


class Accuracy(Field[Any]):
    """The name of a node, or false."""

    def check(self, value: Any) -> Any:
        return v.accuracy(value)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "string", "minLength": 1}, {"const": False}]}


class Answer(Field[Any]):
    """An answer: a text, a number, lists and tables of them."""

    def check(self, value: Any) -> Any:
        return v.an_answer(value)

    def schema(self) -> Schema:
        return {"type": ["string", "number", "array", "object"]}
