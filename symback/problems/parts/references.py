"""References between parts in a file: each must name an earlier part of its own problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from symback.problems.common import Common
from symback.problems.file.fields import Field
from symback.problems.file.places import Path
from symback.problems.file.references import Reference, masked, references_in
from symback.problems.parts.entry import Entry
from symback.problems.registry import kind, names
from symback.problems.variants.placeholders import texts_of

EARLIER = "A part can use the answers of the parts before it."


class Dangling(NamedTuple):
    """A reference that leads to no earlier part: in which part, the path and the span of it, and why."""

    entry: Entry
    path: Path
    at: int
    end: int
    message: str
    hint: str


def may_refer(key: str, field: Field[Any] | None) -> bool:
    """Tell whether the texts of a key may hold references: those that are mathematics."""
    return field is not None and field.style == "maths" and key not in ("parameters", "points")


def texts_with_references(table: Mapping[str, Any]) -> Iterator[tuple[Path, str, Reference]]:
    """Yield the references in a part's table, each with the path of its text."""
    for key, value in table.items():
        if may_refer(key, _field(table, key)):
            for path, text in texts_of(value, (key,)):
                for reference in references_in(text):
                    yield path, text, reference


def _field(table: Mapping[str, Any], key: str) -> Field[Any] | None:
    name = table.get("kind")
    own = kind(name).fields if isinstance(name, str) and name in names() else {}
    return own.get(key) or Common.fields.get(key)


def without_references(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with numbers in place of references, so that the rest of its mathematics can be read."""
    return {key: _masked(value) if may_refer(key, _field(table, key)) else value for key, value in table.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [_masked(entry) for entry in value]
    return {key: _masked(entry) for key, entry in value.items()} if isinstance(value, Mapping) else value


def dangling(entry: Entry, elsewhere: Sequence[str] = ()) -> Iterator[Dangling]:
    """Yield the references of a problem's parts that lead to no earlier part; `elsewhere` are ids of other problems."""
    yield from _of_parts(entry.parts, [], elsewhere)


def _of_parts(parts: Sequence[Entry], known: list[str], elsewhere: Sequence[str]) -> Iterator[Dangling]:
    earlier = list(known)
    for i, part in enumerate(parts):
        later = [name for one in parts[i + 1 :] for name in called(one)]
        if part.parts:
            yield from _of_parts(part.parts, earlier, elsewhere)
        else:
            for path, _, reference in texts_with_references(part.table):
                if reference.name not in earlier:
                    message = _why(reference, part, later, elsewhere)
                    names_ = ", ".join(dict.fromkeys(earlier))
                    hint = f"{EARLIER} Here they are: {names_}." if names_ else f"{EARLIER} Before this one is none."
                    yield Dangling(part, path, reference.at, reference.end, message, hint)
        earlier += called(part)


def called(part: Entry) -> tuple[str, ...]:
    """Return the names by which later parts may speak of a part: its letter, and its id where it has one."""
    given = part.table.get("id")
    return (part.label, given) if isinstance(given, str) else (part.label,)


def _why(reference: Reference, part: Entry, later: Sequence[str], elsewhere: Sequence[str]) -> str:
    name = reference.name
    if name in called(part):
        return f"{reference.typed} is the answer of this part itself."
    if name in later:
        return f"{reference.typed} is the answer of a later part."
    if name in elsewhere:
        return f"{reference.typed} is the answer of another problem."
    return f"There is no part {name}."
