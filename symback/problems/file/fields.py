"""The types of keys, one class per type: what a value may be, in words and as JSON Schema. No SymPy is loaded.

A field is written in the body of a kind, `order = Order("How often to differentiate.", 1)`, and is a descriptor: in the
methods of the kind, `self.order` is what was given, or the default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, overload

from symback.problems.file import values as v
from symback.problems.file.messages import clipped
from symback.problems.file.values import Refused

Kept = TypeVar("Kept")
Schema = dict[str, Any]
Style = Literal["maths", "prose", "plain"]


class Required:
    """The default of a field that must be given."""


class Field(Generic[Kept]):
    """One key: what it is for, its default, an example.

    `key` is how files spell it where Python cannot. `option` is what the help of a command says where that differs, and
    None where the command has no such option; `spelled` is the name of the option where that differs.
    """

    metavar = "TEXT"  # of an option
    style: Style = "maths"  # of the values that variants draw, where its texts hold them
    name = ""

    if not TYPE_CHECKING:  # the parameter is for type checkers; made at run time it is most of this file's start

        def __class_getitem__(cls, _: object) -> type:
            return cls

    def __init__(self, says: str, default: Any = Required, *, example: Any = None, key: str = "",
                 option: str | None = "", spelled: str = "") -> None:  # fmt: skip
        self.says, self.default, self.example, self.key = says, default, example, key
        self.option, self.spelled = option, spelled

    def __set_name__(self, owner: object, name: str) -> None:
        self.name, self.key = name, self.key or name

    @overload
    def __get__(self, obj: None, owner: object) -> Field[Kept]: ...
    @overload
    def __get__(self, obj: Any, owner: object) -> Kept: ...
    def __get__(self, obj: Any, owner: object) -> Any:
        if obj is None:
            return self
        return self.kept(obj.asked[self.key]) if self.key in obj.asked else self.default

    @property
    def required(self) -> bool:
        """Whether the key must be given."""
        return self.default is Required

    def check(self, value: Any) -> Any:
        """Return a value as it is kept in a problem; Refused where it cannot be."""
        return value

    def refusals(self, value: Any) -> Iterator[Refused]:
        """Yield all that is wrong with a value."""
        try:
            self.check(value)
        except Refused as refused:
            yield refused

    def schema(self) -> Schema:
        """Return the JSON Schema of a value."""
        return {}

    def described(self) -> Schema:
        """Return the JSON Schema of the key: its value, what it is for, its default and an example."""
        said: Schema = {**self.schema(), "title": _title(self.key), "description": self.says}
        if not self.required and self.default not in (None, ()):
            said["default"] = self.default
        return said if self.example is None else {**said, "examples": [self.example]}

    def kept(self, value: Any) -> Any:
        """Return what the methods of a kind see of a value in a file."""
        return value

    def typed(self, texts: Sequence[str]) -> Any:
        """Return what a file would say, from an option that was given once or several times."""
        return texts[-1]

    def argument(self, text: str) -> Any:
        """Return what a file would say, from the argument of a command."""
        return text

    def called(self, value: Any) -> Any:
        """Return what a file would say, from an argument in Python."""
        return value


def _title(key: str) -> str:
    return key.replace("_", " ").title()


# --- texts -----------------------------------------------------------------------------------------------------------

_TEXT: Schema = {"type": "string"}
_NUMBER_OR_TEXT: Schema = {"type": ["number", "string"]}
_ARRAY: Schema = {"type": ["number", "string", "array"]}
_ARRAYS: Schema = {"type": "object", "additionalProperties": _ARRAY}


class Text(Field[str]):
    """A text."""

    style: Style = "prose"

    def check(self, value: Any) -> str:
        return v.a_text(value)

    def schema(self) -> Schema:
        return _TEXT


class Maths(Field[str]):
    """A text that is not empty, such as an expression, a graph or a name."""

    metavar = "EXPR"

    def check(self, value: Any) -> str:
        return v.a_maths_text(value)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1}

    def called(self, value: Any) -> Any:
        return value if isinstance(value, str) else str(value)


class Expression(Maths):
    """An expression, as in 'x^2 y', or a function with its name."""


class Equation(Expression):
    """An equation, as in 'x^2 + y^2 = 25'."""

    metavar = "EQUATION"


class Side(Maths):
    """A side of an equation, read with the definitions beside it, or on a graph."""


class Where(Text):
    """Definitions of functions, parted by semicolons or lines."""

    style: Style = "maths"


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
        return {"type": ["string", "array"], "items": _NUMBER_OR_TEXT}

    def called(self, value: Any) -> Any:
        return [_number(end) for end in value] if isinstance(value, (list, tuple)) else str(value)


class Name(Maths):
    """The name of a node of a graph."""

    metavar = "NAME"
    style: Style = "plain"


class Graph(Maths):
    """A graph, one assignment per line; on the command line also a file that holds one."""

    metavar = "GRAPH|FILE"


class Texts(Field["tuple[str, ...]"]):
    """A text, or a list of at least one."""

    metavar = "NAMES"
    style: Style = "plain"

    def check(self, value: Any) -> str | list[str]:
        return v.texts(value)

    def schema(self) -> Schema:
        return {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}

    def kept(self, value: Any) -> tuple[str, ...]:
        return (value,) if isinstance(value, str) else tuple(value)

    def typed(self, texts: Sequence[str]) -> Any:
        return texts[0] if len(texts) == 1 else list(texts)

    def called(self, value: Any) -> Any:
        return value if isinstance(value, str) else [str(one) for one in value] if _is_listed(value) else str(value)


def _is_listed(value: Any) -> bool:
    return isinstance(value, (list, tuple))


class Words(Texts):
    """Words of the author, or a list of them."""

    style: Style = "prose"


class Expressions(Texts):
    """Expressions: a list, or one text with semicolons or line breaks between them."""

    metavar = "EXPR"
    style: Style = "maths"

    def argument(self, text: str) -> Any:
        return [part for part in text.replace("\n", ";").split(";") if part.strip()] or text


class Forms(Texts):
    """Other forms of the expression that is asked about."""

    style: Style = "maths"


class Assumptions(Texts):
    """What is assumed, such as 'x > 0'."""

    style: Style = "maths"


class Options(Texts):
    """The options of a choice."""

    style: Style = "maths"


class Products(Expressions):
    """Products of vectors and matrices, in their own notation."""


class Id(Field["str | None"]):
    """A name for links and files."""

    def check(self, value: Any) -> str:
        return v.an_id(value)

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": v.LONGEST_ID, "pattern": "^[^\\W_][\\w-]*$"}


class Language(Text):
    """A language tag."""

    def check(self, value: Any) -> str:
        return v.a_language(value)

    def schema(self) -> Schema:
        return {"type": "string", "examples": ["en", "en-GB"]}


class Length(Text):
    """A length on paper."""

    def check(self, value: Any) -> str:
        return v.a_length(value)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": v.LENGTH, "examples": ["4cm"]}


class Choice(Field[str]):
    """One of a few words."""

    style: Style = "plain"
    words: tuple[str, ...] = ()

    def __init__(self, says: str, default: Any = Required, words: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(says, default, **more)
        self.words = words or self.words

    @property
    def metavar(self) -> str:  # type: ignore[override]
        return f"[{'|'.join(self.words)}]"

    def check(self, value: Any) -> str:
        return v.one_of(self.words, value)

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


class Detail(Choice):
    """How many steps are shown."""

    words = ("brief", "normal", "full", "proof")


class Layout(Choice):
    """How derivatives by vectors are laid out."""

    words = ("denominator", "numerator")


class Pictures(Field["tuple[str, ...]"]):
    """A picture, or a list of them."""

    style: Style = "plain"

    def check(self, value: Any) -> tuple[str, ...]:
        return v.pictures(value)

    def schema(self) -> Schema:
        one = {"enum": list(v.PICTURES)}
        return {"anyOf": [one, {"type": "array", "items": one}]}


class Flag(Field[bool]):
    """True or false."""

    metavar = ""

    def check(self, value: Any) -> bool:
        return v.a_flag(value)

    def schema(self) -> Schema:
        return {"type": "boolean"}

    def typed(self, texts: Sequence[str]) -> Any:
        return bool(texts)


# --- numbers ---------------------------------------------------------------------------------------------------------


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
        return _NUMBER_OR_TEXT

    def called(self, value: Any) -> Any:
        return _number(value)


# --- points, arrays, answers -----------------------------------------------------------------------------------------


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

    metavar, of, values = "POINT", staticmethod(v.a_scalar), _NUMBER_OR_TEXT

    def called(self, value: Any) -> Any:
        return {str(name): _number(entry) for name, entry in value.items()} if isinstance(value, Mapping) else value


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
        return {"anyOf": [super().schema(), _NUMBER_OR_TEXT]}

    def typed(self, texts: Sequence[str]) -> Any:
        return super().typed(texts) if "=" in "".join(texts) else texts[-1].strip()

    def called(self, value: Any) -> Any:
        return super().called(value) if isinstance(value, Mapping) else _number(value)


def _number(value: Any) -> Any:
    from decimal import Decimal

    if isinstance(value, float):
        return Decimal(repr(value))
    return value if isinstance(value, (int, str, Decimal)) else str(value)


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

    metavar, of, values = "VALUES", staticmethod(v.an_array), _ARRAY


class PointsOfGraph(Field[Any]):
    """A table of arrays, or a list of such tables; on the command line one table, whose values may come from files."""

    metavar = "VALUES"

    def check(self, value: Any) -> Any:
        return v.points_of_graph(value)

    def schema(self) -> Schema:
        return {"anyOf": [_ARRAYS, {"type": "array", "items": _ARRAYS, "minItems": 1}]}


class Direction(Field[Any]):
    """A direction: a list of numbers, or a text such as "3, 4"."""

    metavar = "VECTOR"

    def check(self, value: Any) -> Any:
        return v.a_direction(value)

    def schema(self) -> Schema:
        return {"type": ["string", "array"], "items": _NUMBER_OR_TEXT}


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
