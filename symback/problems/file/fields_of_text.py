"""Keys whose values are texts: words, mathematics, names, choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symback.problems.file import values as v
from symback.problems.file.field import TEXT, Field, Required, Schema, Style


class Text(Field[str]):
    """A text."""

    style: Style = "prose"

    def check(self, value: Any) -> str:
        return v.a_text(value)

    def schema(self) -> Schema:
        return TEXT


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
        return {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}

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
