"""The text of a file, read within limits, and parsed as TOML; what is wrong with it is told with its place."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple

from symback.problems.file.faults import Fault, FileFaults
from symback.problems.file.messages import clipped
from symback.problems.file.places import Lines, Place, Places, Twice, offset_in_string
from symback.problems.file.places import Path as Key
from symback.problems.file.scanner import DEEPEST, places_in

LARGEST = 1_000_000  # bytes of a file
SHOWN = 200  # characters of a line that are kept with a fault: a line may be a megabyte long, and have 10,000 faults
_UNREADABLE = "Check its name, and whether it may be read."


class Source(NamedTuple):
    """A TOML text and where it is in a file: `text` begins in line `first` of `lines`.

    `indents` has, for each line of the text, how many characters of the file's line stand before it.
    """

    file: str
    text: str
    own: Lines
    lines: Lines
    places: Places
    first: int = 1
    indents: tuple[int, ...] = ()

    def fault(self, at: int, end: int, message: str, hint: str = "") -> Fault:
        """Return the fault of a span of the text."""
        number, column = self.own.line_and_column(at)
        line = number + self.first - 1
        column += self.indents[number - 1] if number <= len(self.indents) else 0
        stop = min(end, at + len(self.own.line(number)) - (at - self.own.starts[number - 1]))
        start = max(0, column - SHOWN // 2)
        shown = self.lines.line(line)[start : start + SHOWN]
        return Fault(self.file, line, column, message, hint, shown, max(stop - at, 1), start)

    def fault_at(self, path: Key, message: str, hint: str = "", is_key: bool = False) -> Fault:
        """Return the fault of a key or of its value; where it is not written out, of the table around it."""
        place = self.places.nearest(path) or Place(0, 0, 0, 0)
        span = (place.key, place.key_end) if is_key else (place.value, place.value_end)
        return self.fault(*span, message, hint)

    def fault_in(self, path: Key, offset: int, end: int, message: str, hint: str = "") -> Fault:
        """Return the fault of a span of a text that is the value of a key."""
        place = self.places.of.get(path)
        if place is None:
            return self.fault_at(path, message, hint)
        at = offset_in_string(self.text, place.value, offset)
        stop = offset_in_string(self.text, place.value, max(end - 1, offset)) + 1
        return self.fault(min(at, place.value_end), min(stop, place.value_end), message, hint)

    def line_of(self, path: Key) -> int:
        """Return the line of the file in which a key or a table begins."""
        place = self.places.nearest(path)
        return (self.own.line_and_column(place.key)[0] if place else 1) + self.first - 1


def read_text(path: Path, file: str) -> str:
    """Return the text of a file as it is, with its line ends; FileFaults where that cannot be."""
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise FileFaults([Fault(file, 0, 0, "Not a regular file.", "Give a .toml or an .md file.")])
        with open(path, "rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise FileFaults([Fault(file, 0, 0, f"The file cannot be read: {why}.", _UNREADABLE)]) from None
    except ValueError:  # a NUL in the name
        raise FileFaults([Fault(file, 0, 0, "This is not the name of a file.", _UNREADABLE)]) from None
    if len(data) > LARGEST:
        hint = "Make several files of it."
        raise FileFaults([Fault(file, 0, 0, f"The file is larger than {LARGEST:,} bytes.", hint)])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8")) + 1
        message = f"The byte {data[error.start]:#04x} is not UTF-8 text."
        raise FileFaults([Fault(file, line, column, message, "Save the file as UTF-8.")]) from None


def source_of(file: str, text: str) -> Source:
    """Return a whole file as a source."""
    plain = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n")
    lines = Lines(plain)
    return Source(file, plain, lines, lines, places_in(plain))


def table_of(source: Source) -> dict[str, Any] | Fault:
    """Return the table that a TOML text describes, with decimals as Decimal; or what is wrong with the text."""
    if source.places.refusal:
        return source.fault(source.places.stopped, source.places.stopped + 1, *source.places.refusal)
    if source.places.twice:
        return _twice(source, source.places.twice)
    try:
        return tomllib.loads(source.text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return _syntax(source, str(error))
    except (ValueError, ArithmeticError):  # a number of more than 4,300 digits
        found = re.search(r"\d[\d_]{399}", source.text)
        at = found.start() if found else 0
        return source.fault(
            at, found.end() if found else at, "This number has too many digits.", "At most 400 are read."
        )
    except RecursionError:
        return source.fault(0, 1, f"The text goes deeper than {DEEPEST} keys and brackets.")


def _twice(source: Source, twice: Twice) -> Fault:
    line = source.own.line_and_column(twice.first.key)[0] + source.first - 1
    place, is_table = twice.second, source.text[twice.second.key] == "["
    what, hint = ("table", _BRACKETS) if is_table else ("key", "Leave one of them out.")
    message = f"The {what} {clipped(twice.name)} is defined twice; the first is in line {line}."
    return source.fault(place.key, place.key_end, message, hint)


_BRACKETS = "Each problem begins with [[problem]], in two brackets each."
_QUOTES = "Put a text between quotation marks: 'x^2 y', or ''' ... ''' for several lines."
# What tomllib says, and what a teacher reads.
_SAID: tuple[tuple[str, str, str], ...] = (
    ("Invalid value", "This is not a value.", _QUOTES),
    ("Expected newline or end of document after a statement", "The line should end here.", _QUOTES),
    ("Expected '=' after a key", "A key is followed by an equals sign.", "Write it as in title = 'Gradients'."),
    ("Unclosed array", "A list goes on with a comma or ends with ].", "Write it as in ['x', 'y']."),
    ("Unclosed inline table", "A table in braces goes on with a comma or ends with }, on one line.",
     "Write it as in {x = 1, y = 2}, or its keys as at.x = 1, at.y = 2."),
    ("Unterminated string", "A text has no quotation mark at its end.", _QUOTES),
    ("Expected \"'", "A text has no quotation mark at its end.", _QUOTES),
    ("Unescaped '\\'", "A backslash is not allowed between double quotation marks.",
     "Use single ones, as in '\\frac{x}{2}'."),
    ("Invalid hex value", "A backslash is not allowed between double quotation marks.",
     "Use single ones, as in '\\frac{x}{2}'."),
    ("Escaped character is not", "This is the number of no character.", ""),
    ("Invalid initial character for a key", "A key is missing here.",
     "Keys have letters, digits, - and _; the last entry has no comma after it."),
    ("Invalid statement", "A line begins with a key of ordinary letters, with a table in brackets, or with #.",
     "Write it as in title = 'Gradients'."),
    ("at the end of a table declaration", "The name of a table is followed by ].", "Write it as in [problem.answer]."),
    ("at the end of an array declaration", "This is followed by ]].", "Write [[problem]]."),
    ("Cannot declare", "This table is defined twice.", _BRACKETS),
    ("Duplicate inline table key", "This key is defined twice.", "Leave one of them out."),
    ("Cannot overwrite a value", "This key has a value already.", "Leave one of them out."),
    ("Cannot mutate", "This table is complete already.", "Write all of its keys in one place."),
    ("Cannot redefine", "This table is complete already.", "Write all of its keys in one place."),
    ("invalid character '\\n'", "A text has no quotation mark at its end.", _QUOTES),
    ("Illegal character '\\n'", "A text has no quotation mark at its end.", _QUOTES),
    ("character", "This character is not allowed here.", "Control characters are not part of a text."),
    ("Invalid date", "This is not a date.", _QUOTES),
)  # fmt: skip


def _syntax(source: Source, said: str) -> Fault:
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", said)
    if found and found[1]:
        at = source.own.starts[int(found[1]) - 1] + int(found[2]) - 1
    else:
        at = _end_of_what_is_open(source)
    comma = _with_comma(source, at)
    if comma:
        return comma
    if said.startswith(_KEYS) and source.text[at : at + 1].isalpha() and not source.text[at].isascii():
        hint = 'Put it between quotation marks, as in "Vorwärts" = 1.'
        return source.fault(at, at + 1, "A key with letters such as this one needs quotation marks.", hint)
    if source.text[at : at + 1] in _CURLY:
        return source.fault(at, at + 1, "This is a quotation mark of print, not one of TOML.", "Write ' or \".")
    known = (words for begin, *words in _SAID if begin in said)
    message, hint = next(known, [f"Not valid TOML: {said}.", ""])
    return source.fault(at, at + 1, message, hint)


_KEYS = ("Expected '=' after a key", "Invalid initial character for a key")
_CURLY = tuple("“”„‘’‚«»")
_COMMA = re.compile(r"=[ \t]*([-+]?\d+),(\d+)(?=[ \t]*(?:[}\]\n#]|$))")


def _with_comma(source: Source, at: int) -> Fault | None:
    """Return the fault of a number with a decimal comma in the line of a place; None where it has none."""
    start = source.text.rfind("\n", 0, at) + 1
    found = _COMMA.search(source.text, start)
    if found is None or "\n" in source.text[start : found.start()]:
        return None
    hint = f"Write {found[1]}.{found[2]}: numbers in a TOML file have a point, in every language."
    return source.fault(found.start(1), found.end(2), "This number has a decimal comma.", hint)


def _end_of_what_is_open(source: Source) -> int:
    """Return the place to show where something is not closed up to the end: where the scanner could not go on."""
    if source.places.stopped >= 0:
        return min(source.places.stopped, max(len(source.text) - 1, 0))
    return max(len(source.text.rstrip()) - 1, 0)
