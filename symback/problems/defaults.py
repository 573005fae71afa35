"""What a sheet says of all its problems, put into their tables: defaults, and points for decimal commas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symback.problems.complaints import parted
from symback.problems.file.decimals import everywhere
from symback.problems.registry import kind, names
from symback.problems.variants.placeholders import style_of

Entries = dict[str, Any]
OF_PARTS = frozenset(("kind", "points", "space"))  # defaults that a problem with parts leaves to them


def with_decimals(table: Entries) -> Entries:
    """Return a problem with points for the decimal commas of its mathematics, and of that of its parts."""
    return {key: _with_decimals(key, value) for key, value in table.items()}


def _with_decimals(key: str, value: Any) -> Any:
    if key == "part" and isinstance(value, list):
        return [with_decimals(part) if isinstance(part, dict) else part for part in value]
    return everywhere(value) if key in ("parameters", "reject") or style_of(key) == "maths" else value


def with_defaults(table: Entries, defaults: Mapping[str, Any]) -> Entries:
    """Return a problem with the keys of the defaults that it does not have itself.

    A default kind counts where all keys of the problem are keys of that kind.
    """
    parts = table.get("part")
    if isinstance(parts, list):
        own = {key: value for key, value in defaults.items() if key not in OF_PARTS}
        left = {key: value for key, value in defaults.items() if key in OF_PARTS and key not in table}
        made = [with_defaults(part, left) if isinstance(part, dict) else part for part in parts]
        return {**own, **table, "part": made}
    given = {key: value for key, value in defaults.items() if key != "kind"}
    default = defaults.get("kind")
    if default in names() and "kind" not in table and parted(table)[1].keys() <= kind(default).fields.keys():
        given["kind"] = default
    return {**given, **table}
