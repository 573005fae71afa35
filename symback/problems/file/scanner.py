"""Where in a TOML text each key and value is, which `tomllib` does not say.

A scanner of tokens, without recursion, that accepts every text that is TOML. It stops where a text is none: what is
wrong there, `tomllib` says. It refuses depth before `tomllib` meets it, which would need minutes for a key of 100,000
parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from symback.problems.file.places import PLAIN_LIST, Path, Place, Places, Twice, unescaped

DEEPEST = 20  # keys and brackets, one within another
MOST_KEYS = 100_000
MOST_PROBLEMS = 10_000
_TOO_DEEP = f"The text goes deeper than {DEEPEST} keys and brackets.", "Write it with fewer brackets and dots."
_TOO_LONG = f"The file has more than {MOST_KEYS:,} keys and entries.", "Make several files of it."
_TOO_MANY = f"The file has more than {MOST_PROBLEMS:,} problems.", "Make several files of it."

_BLANKS = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\n]+|#[^\n]*)*+")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r"'''(?s:.*?)'''(?:'{0,2})"
    r'|"""(?:[^"\\]++|\\(?s:.)|"{1,2}(?!"))*+"{3,5}'
    r"|'[^'\n]*'"
    r'|"(?:[^"\\\n]++|\\.)*+"'
)
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*|[^\s,\]}#='\"\[{]+")


class _Stop(Exception):
    """Nothing is read from here on: the text is not TOML, beyond a limit, or has something twice."""

    def __init__(self, at: int, refusal: tuple[str, str] | None = None, twice: Twice | None = None) -> None:
        super().__init__(at)
        self.at = at
        self.refusal = refusal
        self.twice = twice


def places_in(text: str) -> Places:
    """Return where everything is in a text whose lines end with `\\n`.

    >>> places_in("a = 1\\n[[b]]\\nc.d = [1, 'x']").of[("b", 0, "c", "d", 1)]
    Place(key=22, key_end=25, value=22, value_end=25)
    """
    scanner = _Scanner(text)
    try:
        scanner.document()
    except _Stop as stop:
        return Places(text, scanner.places, stop.at, stop.refusal, stop.twice)
    return Places(text, scanner.places)


class _Frame:
    """A list or an inline table that is open: what its entries' paths begin with, and the next index."""

    __slots__ = ("at", "index", "path")

    def __init__(self, path: Path, at: int, index: int) -> None:
        self.path = path
        self.at = at
        self.index = index  # -1 for a table


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[Path, Place] = {}
        self.table: Path = ()
        self.counts: dict[Path, int] = {}  # of tables in lists of tables
        self.headers: dict[Path, Place] = {}

    def document(self) -> None:
        self._skip(_SPACE)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                self._header()
            else:
                self._values(self._key(self.table))
            self._skip(_BLANKS)
            if self.text[self.at : self.at + 1] not in ("", "\n", "#"):
                raise _Stop(self.at)
            self._skip(_SPACE)

    # --- headers and keys -----------------------------------------------------------------------------------------

    def _header(self) -> None:
        start = self.at
        brackets = "[[" if self.text.startswith("[[", start) else "["
        self.at += len(brackets)
        self._skip(_BLANKS)
        parts = self._parts()
        self._take("]" * len(brackets))
        place = Place(start, self.at, start, self.at)
        path = self._resolved([name for name, _, _ in parts[:-1]])
        for length in range(1, len(path) + 1):
            self.places.setdefault(path[:length], place)
        path = (*path, parts[-1][0])
        if brackets == "[[":
            index = self.counts[path] = self.counts.get(path, -1) + 1
            if index >= MOST_PROBLEMS:
                raise _Stop(start, _TOO_MANY)
            self.places.setdefault(path, place)
            path = (*path, index)
        else:
            path = (*path, self.counts[path]) if path in self.counts else path
            self._once(self.headers, path, place)
        self.places[path] = place
        self.table = path

    def _resolved(self, names: Sequence[str]) -> Path:
        """Return the path of a table, with the number of the last one where a name stands for a list of tables."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            path = (*path, self.counts[path]) if path in self.counts else path
        return path

    def _key(self, table: Path) -> Path:
        """Read a key and its equals sign; return its path."""
        parts = self._parts()
        self._take("=")
        path = table
        for name, start, end in parts[:-1]:
            path = (*path, name)
            self.places.setdefault(path, Place(start, end, start, end))
        name, start, end = parts[-1]
        path = (*path, name)
        place = Place(parts[0][1], end, start, end)
        self._once(self.places, path, place)
        if len(path) > DEEPEST:
            raise _Stop(start, _TOO_DEEP)
        return path

    def _once(self, known: dict[Path, Place], path: Path, place: Place) -> None:
        if path in known:
            raise _Stop(place.key, twice=Twice(path[-1], known[path], place))
        known[path] = place
        if len(self.places) > MOST_KEYS:
            raise _Stop(place.key, _TOO_LONG)

    def _parts(self) -> list[tuple[str, int, int]]:
        """Read the parts of a dotted key, each with its span; the blanks after it are passed."""
        parts = []
        while True:
            start = self.at
            parts.append((self._part(), start, self.at))
            if len(parts) > DEEPEST:
                raise _Stop(start, _TOO_DEEP)
            self._skip(_BLANKS)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1
            self._skip(_BLANKS)

    def _part(self) -> str:
        start, quote = self.at, self.text[self.at : self.at + 1]
        found = (_STRING if quote in ("'", '"') else _BARE).match(self.text, self.at) if quote else None
        if not found:
            raise _Stop(self.at)
        self.at = found.end()
        if quote == '"':
            return unescaped(found[0][1:-1])
        return found[0][1:-1] if quote == "'" else self.text[start : self.at]

    # --- values ---------------------------------------------------------------------------------------------------

    def _values(self, path: Path) -> None:
        """Read one value with all that is in it."""
        open_: list[_Frame] = []
        self._skip(_BLANKS)
        while True:
            entered = self._value(path, open_)
            while open_ and not entered and self._closes(open_):
                frame = open_.pop()
                self._ends(frame.path, frame.at)
            if not open_:
                return
            path = self._next(open_[-1])

    def _value(self, path: Path, open_: list[_Frame]) -> bool:
        """Read a value, or the opening bracket of one; tell whether that was a bracket with something in it."""
        start, character = self.at, self.text[self.at : self.at + 1]
        if character == "[" and (found := PLAIN_LIST.match(self.text, start)):
            self.at = found.end()
            self._ends(path, start)
            return False
        if character in ("[", "{") and character:
            if len(path) + 1 > DEEPEST or len(open_) >= DEEPEST:
                raise _Stop(start, _TOO_DEEP)
            open_.append(_Frame(path, start, 0 if character == "[" else -1))
            self.at += 1
            self._skip(_SPACE)
            return self.text[self.at : self.at + 1] not in ("]", "}")
        found = (_STRING if character in ("'", '"') else _SCALAR).match(self.text, start) if character else None
        if not found:
            raise _Stop(start)
        self.at = found.end()
        self._ends(path, start)
        return False

    def _ends(self, path: Path, start: int) -> None:
        """Remember the span of a value that ends here."""
        place = self.places.get(path)
        if len(self.places) > MOST_KEYS:
            raise _Stop(start, _TOO_LONG)
        if place is None or isinstance(path[-1], int):
            self.places[path] = Place(start, self.at, start, self.at)
        else:
            self.places[path] = place._replace(value=start, value_end=self.at)

    def _closes(self, open_: list[_Frame]) -> bool:
        """Pass what is after an entry: a comma, or the bracket that closes the innermost list or table."""
        closing = "}" if open_[-1].index < 0 else "]"
        self._skip(_SPACE)
        if self.text.startswith(",", self.at):
            self.at += 1
            self._skip(_SPACE)
            if closing == "}" or not self.text.startswith("]", self.at):
                return False
        self._take(closing)
        return True

    def _next(self, frame: _Frame) -> Path:
        """Return the path of the entry that begins here."""
        if frame.index < 0:
            path = self._key(frame.path)
            self._skip(_BLANKS)
            return path
        path = (*frame.path, frame.index)
        frame.index += 1
        return path

    # --- characters -----------------------------------------------------------------------------------------------

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _take(self, expected: str) -> None:
        self._skip(_BLANKS)
        if not self.text.startswith(expected, self.at):
            raise _Stop(self.at)
        self.at += len(expected)
