"""The JSON Schema of problem files, for editors that complete and check TOML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LISTED = ("jacobian", "matrix")  # kinds whose expr is a list without being parts
SHEET = "A sheet of problems that symback solves: `symback solve FILE`."


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a problem file.

    >>> made = schema()
    >>> made["$schema"], sorted(made["properties"])[-3:]
    ('https://json-schema.org/draft/2020-12/schema', ['text', 'title', 'words'])
    """
    from symback.problems.common import Head
    from symback.problems.file.ranges import Values
    from symback.problems.file.scanner import MOST_PROBLEMS
    from symback.problems.file.tables import object_of
    from symback.problems.registry import kinds

    made = object_of(Head.fields, SHEET, "Problems for symback")
    places = {name: f"#/$defs/{one.__name__}" for name, one in kinds().items()}
    items = _of_any_kind(places)
    made["properties"]["problem"] = {
        "title": "Problem",
        "description": "The problems, each [[problem]].",
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_PROBLEMS,
        "items": items,
    }
    definitions = {one.__name__: _of_kind(name) for name, one in kinds().items()}
    definitions |= {
        "Values": Values.schema(),
        "WithParts": _with_parts(),
        "Part": _part("A part of a problem.", "Part"),
    }
    return {"$schema": DRAFT, **made, "required": ["problem"], "$defs": definitions}


def _of_any_kind(places: Mapping[str, str]) -> dict[str, Any]:
    """Return the schema of a problem: `kind` says which keys it has, so that an editor marks the key that is wrong.

    A problem with parts, and one whose keys say the kind, may have the keys of all kinds.
    """
    from symback.problems.registry import ALSO_CALLED

    has_parts = {"anyOf": [{"required": ["part"]}, {"properties": {"expr": {"type": "array"}}, "required": ["expr"]}]}
    called = {name: [name, *(other for other, own in ALSO_CALLED.items() if own == name)] for name in places}
    known = [name for names in called.values() for name in names]
    of_kinds = [
        {
            "if": {"properties": {"kind": {"enum": called[name]}}, "required": ["kind"]},
            "then": {"if": has_parts, "then": {"$ref": "#/$defs/WithParts"}, "else": {"$ref": place}}
            if name not in LISTED
            else {"if": {"required": ["part"]}, "then": {"$ref": "#/$defs/WithParts"}, "else": {"$ref": place}},
        }
        for name, place in places.items()
    ]
    without = {"if": {"not": {"required": ["kind"]}}, "then": {"$ref": "#/$defs/Part"}}
    return {
        "type": "object",
        "properties": {"kind": {"title": "Kind", "description": "What is asked.", "enum": known}},
        "discriminator": {"propertyName": "kind", "mapping": dict(places)},
        "allOf": [*of_kinds, without],
    }


def _with_parts() -> dict[str, Any]:
    """Return the schema of a problem with parts: written one by one, or as a list of exercises."""
    listed = {"properties": {"expr": {"type": "array"}}, "required": ["expr"]}
    made = _part("A problem with parts, which have its keys where they do not say them.", "WithParts")
    return {**made, "anyOf": [{"required": ["part"]}, listed]}


def _part(says: str, title: str) -> dict[str, Any]:
    """Return the schema of a table that may have the keys of all kinds, because parts have some from above."""
    from symback.problems.common import Common
    from symback.problems.file.tables import Table
    from symback.problems.registry import kinds, names

    said: dict[str, list[Any]] = {}
    words: dict[str, Any] = {}
    tables: tuple[type[Table], ...] = (Common, *kinds().values())
    for table in tables:
        for key, one in table.fields.items():
            ways = said.setdefault(key, [])
            ways += [one.schema()] if one.schema() not in ways else []
            described = one.described()
            words.setdefault(key, {"title": described["title"], "description": described["description"]})
    several = {"expr", "answer"}
    properties: dict[str, Any] = {
        key: {**words[key], "anyOf": [*ways, *[{"type": "array"}] * (key in several)]} for key, ways in said.items()
    }
    properties["kind"] = {"title": "Kind", "description": "What is asked.", "enum": list(names())}
    parts = {"type": "array", "items": {"$ref": "#/$defs/Part"}}
    properties["part"] = {"title": "Part", "description": "The parts, each [[problem.part]].", **parts}
    return {"title": title, "description": says, "type": "object", "properties": properties,
            "additionalProperties": False}  # fmt: skip


def _of_kind(name: str) -> dict[str, Any]:
    """Return the schema of a problem of one kind; `kind` may be left out where the keys say it."""
    from symback.problems.common import Common
    from symback.problems.file.tables import object_of
    from symback.problems.registry import ALSO_CALLED, kind

    one = kind(name)
    made = object_of({**Common.fields, **one.fields}, one.summary(), one.__name__)
    others = [other for other, own in ALSO_CALLED.items() if own == name]
    said: dict[str, Any] = {"enum": [name, *others]} if others else {"const": name}
    made["properties"]["kind"] = {"title": "Kind", "description": "What is asked.", **said}
    return made
