"""What is wrong with a problem file: each fault with its place, in a sentence, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from symback.errors import FileError, ParseError

MOST_LISTED = 20  # faults in the message of an error; `.faults` has them all


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file. Lines and columns count from 1; line 0 means the file as a whole.

    `shown` is the line of the file (of a long one, the part after `start` characters) and `width` the number of
    characters that the fault is about.

    >>> print(Fault("sheet.toml", 3, 1, "There is no key 'wtr'.", "Did you mean wrt?", 'wtr = "x"', 3).explain())
    sheet.toml:3:1: There is no key 'wtr'.
        wtr = "x"
        ^^^
    Did you mean wrt?
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    shown: str = ""
    width: int = 1
    start: int = 0

    @property
    def where(self) -> str:
        """The place as editors and terminals understand it: `sheet.toml:12:1`."""
        name = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in self.file)
        return f"{name}:{self.line}:{self.column}" if self.line else name

    def __str__(self) -> str:
        return f"{self.where}: {self.message}{' ' if self.hint else ''}{self.hint}"

    def explain(self) -> str:
        """Return the place and the reason, the line with a caret under the place, and what to do."""
        drawing = []
        if self.shown.strip():
            at, line = self.column - 1 - self.start, self.shown.replace("\t", " ")
            drawn = ParseError("", line, at, at + self.width).explain().rstrip("\n")
            drawing = ["    " + part for part in drawn.split("\n")]
        return "\n".join([f"{self.where}: {self.message}", *drawing, *([self.hint] if self.hint else [])])


class FileFaults(FileError):
    """A problem file cannot be used; `faults` has everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        has_places = any(fault.line for fault in faults)  # a file that is not there has none
        hint = "`symback validate` shows each fault at its place." if has_places else ""
        super().__init__(_listed(faults), hint=hint)
        self.faults = tuple(faults)


def _listed(faults: Sequence[Fault]) -> str:
    if len(faults) == 1:
        return str(faults[0])
    more = len(faults) - MOST_LISTED
    lines = [f"There are {len(faults)} faults:", *(f"  {fault}" for fault in faults[:MOST_LISTED])]
    return "\n".join([*lines, *([f"  and {more} more."] if more > 0 else [])])


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the faults of one file from its top to its bottom."""
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))
