"""Tables of a file: which keys they have is declared once, and read, described and completed from there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from symback.problems.file.fields import Field, Schema
from symback.problems.file.values import Refused


class Unknown(Refused):
    """A key that a table does not have."""


class Missing(Refused):
    """A key that a table needs."""


class Table:
    """A table of a file; a subclass declares its keys as fields in its body."""

    fields: ClassVar[Mapping[str, Field[Any]]] = {}  # by key, in the order of the body

    def __init_subclass__(cls) -> None:
        own = [value for value in vars(cls).values() if isinstance(value, Field)]
        cls.fields = {**cls.fields, **{one.key: one for one in own}}

    @classmethod
    def summary(cls) -> str:
        """Return what the table is, in a sentence."""
        return (cls.__doc__ or "").partition("\n")[0]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the checked values of the keys that are given; of a table without faults."""
        return {key: cls.fields[key].check(value) for key, value in given.items()}

    @classmethod
    def faults(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        """Yield everything that is wrong with a table; what keys say together is told where each is right."""
        found = list(_faults(cls.fields, given))
        yield from found or cls.disagree(cls.read(given))

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        """Yield what is wrong between keys that are each right; `given` has their values, as they are kept."""
        yield from ()

    @classmethod
    def schema(cls) -> Schema:
        """Return the JSON Schema of the table."""
        return object_of(cls.fields, cls.summary(), cls.__name__)


def _faults(fields: Mapping[str, Field[Any]], given: Mapping[str, Any]) -> Iterator[Refused]:
    for key, value in given.items():
        if key not in fields:
            yield Unknown("", path=(key,))
            continue
        for refused in fields[key].refusals(value):
            yield type(refused)(refused.said, refused.hint, (key, *refused.path))
    for key, one in fields.items():
        if one.required and key not in given:
            yield Missing("", path=(key,))


def object_of(fields: Mapping[str, Field[Any]], description: str, title: str) -> Schema:
    """Return the JSON Schema of a table of these keys and no others."""
    made: Schema = {
        "title": title,
        "description": description,
        "type": "object",
        "properties": {key: one.described() for key, one in fields.items()},
        "additionalProperties": False,
    }
    needed = [key for key, one in fields.items() if one.required]
    return {**made, "required": needed} if needed else made
