"""What a key is: a descriptor with what it is for, its default, and what a value may be. No SymPy is loaded.

A field is written in the body of a kind, `order = Order("How often to differentiate.", 1)`, and is a descriptor: in the
methods of the kind, `self.order` is what was given, or the default.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from symback.problems.file.values import Refused

Kept = TypeVar("Kept")
Schema = dict[str, Any]
Style = Literal["maths", "prose", "plain"]
TEXT: Schema = {"type": "string"}
NUMBER_OR_TEXT: Schema = {"type": ["number", "string"]}
ARRAY: Schema = {"type": ["number", "string", "array"]}
ARRAYS: Schema = {"type": "object", "additionalProperties": ARRAY}


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
