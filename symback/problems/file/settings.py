"""What stands above the first problem of a file: the head, what it includes from other files, its table of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from symback.problems.file.faults import Fault, FileFaults
from symback.problems.file.messages import clipped
from symback.problems.file.toml import Source, read_text, source_of, table_of
from symback.words import ENGLISH, LANGUAGES, Words, entries_of, faults_of_table, words_of

INCLUDE, WORDS = "include", "words"


class Head(NamedTuple):
    """The keys of a head, with the source in which each stands, and what is wrong in the files it is made from."""

    keys: dict[str, Any]
    homes: dict[str, Source]
    faults: tuple[Fault, ...] = ()


def with_included(source: Source, path: Path, table: dict[str, Any], seen: tuple[Path, ...] = ()) -> Head:
    """Return a head with what it includes: its own keys count before those of included files, later files first."""
    keys: dict[str, Any] = {}
    homes: dict[str, Source] = {}
    faults: list[Fault] = []
    seen = (*seen, path.resolve())
    for i, name in enumerate(_names(table.get(INCLUDE))):
        place = (INCLUDE, i) if isinstance(table[INCLUDE], list) else (INCLUDE,)
        inner = _included(source, path, name, place, seen)
        keys, homes = _joined(keys, inner.keys), {**homes, **inner.homes}
        faults += inner.faults
    own = {key: value for key, value in table.items() if key != INCLUDE}
    return Head(_joined(keys, own), {**homes, **dict.fromkeys(own, source)}, tuple(faults))


def _joined(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return two heads as one; of the defaults each key counts by itself."""
    both = {**first, **second}
    if isinstance(first.get("defaults"), dict) and isinstance(second.get("defaults"), dict):
        both["defaults"] = {**first["defaults"], **second["defaults"]}
    return both


def _names(given: Any) -> list[str]:
    return [name for name in (given if isinstance(given, list) else [given]) if isinstance(name, str)]


def _included(source: Source, path: Path, name: str, place: tuple[Any, ...], seen: tuple[Path, ...]) -> Head:
    def refused(message: str, hint: str = "") -> Head:
        return Head({}, {}, (source.fault_at(place, message, hint),))

    outside = outside_of(name)
    if outside:
        return refused(*outside)
    other = path.parent / name
    if other.resolve() in seen:
        return refused(f"{clipped(name)} includes itself.", "Leave it out.")
    if not other.resolve().is_relative_to(path.parent.resolve()):
        return refused(*_OUTSIDE)
    inner, table = _table(other)
    if inner is None or isinstance(table, tuple):
        return refused(f"{clipped(name)} cannot be read: {table[0].message if isinstance(table, tuple) else ''}")
    if "problem" in table:
        message = f"{clipped(name)} has problems, and only settings are included."
        return refused(message, "Put what stands above the problems into a file of its own.")
    return with_included(inner, other, table, seen)


_OUTSIDE = ("This file is not in the folder of the sheet.", "Nothing outside the folder of the sheet is read.")


def outside_of(name: str) -> tuple[str, str] | None:
    """Return what is wrong with the name of a file beside the sheet; None where nothing is."""
    parts = re.split(r"[/\\]", name)
    if not name.isprintable() or ":" in name or "" in parts or ".." in parts or name.startswith("~"):
        return _OUTSIDE
    if not name.lower().endswith(".toml"):
        return "This must be the name of a .toml file.", ""
    return None


def _table(path: Path) -> tuple[Source | None, Any]:
    """Return the source of a TOML file and its table; a tuple of faults where there is none."""
    try:
        source = source_of(str(path), read_text(path, str(path)))
    except FileFaults as error:
        return None, error.faults
    table = table_of(source)
    return source, (table,) if isinstance(table, Fault) else table


# --- words --------------------------------------------------------------------------------------------------------


def words_for(source: Source, path: Path, head: Head) -> tuple[Words, list[Fault]]:
    """Return the words of a sheet: those of its language, and a table of words beside it where it names one."""
    code = str(head.keys.get("language", "en"))
    known = words_of(code)
    name = head.keys.get(WORDS)
    if not isinstance(name, str):
        return known, []
    home = head.homes.get(WORDS, source)
    outside = outside_of(name)
    other = Path(home.file).parent / name
    if not outside and not other.resolve().is_relative_to(path.parent.resolve()):
        outside = _OUTSIDE
    if outside:
        return known, [home.fault_at((WORDS,), *outside)]
    inner, table = _table(other)
    if inner is None or isinstance(table, tuple):
        said = table[0].message if isinstance(table, tuple) else ""
        return known, [home.fault_at((WORDS,), f"{clipped(name)} cannot be read: {said}")]
    is_own = code.partition("-")[0].lower() not in LANGUAGES
    faults = [
        inner.fault_at(key, message, "`symback words` prints the whole list." if not key else "")
        for key, message in faults_of_table(table, whole=is_own)
    ]
    decimal = str(table.get("decimal", known.decimal))
    return Words(code, {**known.entries, **entries_of(table)}, decimal) if not faults else ENGLISH, faults


# --- files that belong to others --------------------------------------------------------------------------------------

_NAMED = re.compile(rf"^[ \t]*(?:{INCLUDE}|{WORDS})[ \t]*=[ \t]*(\[[^\]]*\]|\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)
_NAME = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_PROBLEM = re.compile(r"^[ \t]*\[\[[ \t]*problem[ \t]*\]\]", re.MULTILINE)
_LOOKED_AT = 100_000  # characters above the first problem


def companions(files: Iterable[Path]) -> frozenset[Path]:
    """Return the files among these that others include or take words from: in a folder they are no sheets."""
    return frozenset(other for file in files if file.suffix == ".toml" for other in _companions_of(file))


def _companions_of(file: Path) -> Iterator[Path]:
    if not file.is_file():  # a pipe would be waited for
        return
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            text = stream.read(_LOOKED_AT)
    except OSError:
        return
    first = _PROBLEM.search(text)
    for found in _NAMED.finditer(text[: first.start()] if first else text):
        for name in _NAME.finditer(found[1]):
            with suppress(OSError, RuntimeError, ValueError):
                yield (file.parent / (name[1] or name[2])).resolve()
