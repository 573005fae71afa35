"""The JSON Schema of problem files, for editors that complete and check TOML."""

from __future__ import annotations

from typing import Any

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a problem file.

    >>> made = schema()
    >>> made["$schema"], sorted(made["properties"])
    ('https://json-schema.org/draft/2020-12/schema', ['language', 'problem', 'text', 'title'])
    """
    from symback.problem.model import File

    made = File.model_json_schema()
    _without_null_defaults(made)
    return {"$schema": DRAFT, **made, "title": "Problems for symback"}


def _without_null_defaults(part: Any) -> None:
    """Take out `"default": null`, which says of an optional key what TOML cannot say."""
    if isinstance(part, dict):
        if part.get("default", 0) in (None, ()):
            del part["default"]
        for inner in part.values():
            _without_null_defaults(inner)
    elif isinstance(part, list):
        for inner in part:
            _without_null_defaults(inner)
