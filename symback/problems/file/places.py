"""Places in a TOML text: of keys, values and entries by their paths; lines and columns; characters in strings."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice
from typing import NamedTuple

Key = str | int
Path = tuple[Key, ...]


PLAIN_LIST = re.compile(r"\[[^\[\]{}\"'#=]*+\]")  # of numbers: 100,000 of them are one token


class Place(NamedTuple):
    """The span of a key (for an entry of a list: of the entry), and that of its value."""

    key: int
    key_end: int
    value: int
    value_end: int


class Twice(NamedTuple):
    """A key or a table that is defined twice, and both places."""

    name: Key
    first: Place
    second: Place


class Places(NamedTuple):
    """The places of keys and entries by their paths, up to the offset `stopped` (-1: the end), and why there.

    `refusal` is a limit that the text goes beyond, with what to do; `twice` a key that is defined twice.
    Where both are missing, the text is not TOML from there on.
    """

    text: str
    of: dict[Path, Place]
    stopped: int = -1
    refusal: tuple[str, str] | None = None
    twice: Twice | None = None

    def nearest(self, path: Path) -> Place | None:
        """Return the place of a path, or of the innermost table or list around it that is written out."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.of:
                found = self.of[path[:length]]
                inner = path[length : length + 1]
                return self._entry(found, inner[0]) if inner and isinstance(inner[0], int) else found
        return None

    def _entry(self, place: Place, index: int) -> Place:
        """Return the place of an entry of a plain list, whose entries were not looked at one by one."""
        entries = re.finditer(r"[^\s,\[\]]+(?:[ \t]+[^\s,\[\]]+)?", self.text[place.value : place.value_end])
        found = next(islice(entries, index, None), None)
        if not found or not PLAIN_LIST.match(self.text, place.value):
            return place
        start, end = (place.value + offset for offset in found.span())
        return Place(start, end, start, end)


class Lines:
    """The lines of a text, for turning offsets into lines and columns, which count from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line(self, number: int) -> str:
        end = self.starts[number] - 1 if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end]


# --- inside strings --------------------------------------------------------------------------------------------------

_UNIT = re.compile(r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|(\\[ \t]*\n[ \t\n]*)|\\?(?s:.)")
_MEANT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


def unescaped(inside: str) -> str:
    """Return what a string with escapes means, as far as keys need it."""
    if "\\" not in inside:
        return inside
    return "".join(_meaning(unit[0]) for unit in _UNIT.finditer(inside) if not unit[1])


def _meaning(unit: str) -> str:
    if unit[0] != "\\" or len(unit) == 1:
        return unit
    digits = unit[2:]
    code = int(digits, 16) if digits else -1
    if code >= 0:
        return chr(code) if code < 0x110000 else unit
    return _MEANT.get(unit[1], unit[1])


def offset_in_string(text: str, start: int, offset: int) -> int:
    """Return the place in a TOML text of the character of a string at an offset in its value.

    `start` is where the string begins, with its quotation marks.

    >>> text = 'a = "x\\\\u0041y"'
    >>> text[offset_in_string(text, 4, 2)]
    'y'
    """
    quote = text[start : start + 1]
    opening = quote * 3 if quote and text.startswith(quote * 3, start) and len(text) > start + 3 else quote
    at = start + len(opening)
    if len(opening) == 3 and text.startswith("\n", at):
        at += 1
    if quote != '"':
        return at + offset
    while offset > 0 and (unit := _UNIT.match(text, at)):
        offset -= not unit[1]
        at = unit.end()
    continued = _UNIT.match(text, at)
    return continued.end() if continued and continued[1] else at
