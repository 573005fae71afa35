"""What a format is told besides the thing to show, and what all formats do alike."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from typing import Any, NamedTuple, TextIO

WIDTH = 80


class Options(NamedTuple):
    """How to show a thing; a format takes from these what it can use.

    `verification` is the verdict to print; without one the thing is verified first, unless `verify` is off. What a step
    changed is marked in pages, and in a terminal that has `colour`; `mark` asks for it in LaTeX too, or nowhere.
    `pictures` are for pages.
    """

    detail: str = "normal"
    verification: Any = None
    verify: bool = True
    notes: bool = True
    mark: bool | None = None
    width: int = 0
    colour: bool = False
    unicode: bool = True
    pictures: bool = True

    def verdict_on(self, thing: Any) -> Any:
        """Return the verification to print, None for none: graphs and backpropagations say theirs themselves."""
        if thing.tells_verdict:
            return None
        return thing.verify() if self.verification is None and self.verify else self.verification

    @property
    def marks(self) -> bool:
        """Whether formulas hold marks, for formats that show them."""
        return self.mark is not False

    @property
    def columns(self) -> int:
        """The width of a line: as asked for, else that of the terminal, else 80."""
        return self.width or shutil.get_terminal_size((WIDTH, 24)).columns


def options_for(stream: TextIO) -> dict[str, Any]:
    """Return how to print on a stream: colours on a terminal that has them, signs that its encoding has.

    NO_COLOR is honoured, and so are pipes.
    """
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("-", "")
    return {"colour": terminal and not os.environ.get("NO_COLOR"), "unicode": encoding.startswith("utf")}


def verdict_words(verification: Any) -> str:
    """Return a verdict as the end of a line: `verified at 12 points`."""
    said: str = (verification.message or verification.verdict).strip().rstrip(".")
    return said[:1].lower() + said[1:]


def distinct(notes: Iterable[str]) -> list[str]:
    """Return the notes, each once."""
    return list(dict.fromkeys(notes))
