"""Every error that symback raises on purpose: what is wrong, where, and what to do.

Each class carries a `code` (the word in the JSON error object) and an `exit_code` (what the command line returns).
"""

from __future__ import annotations

from typing import Self

from symback.hints import told


class SymbackError(Exception):
    """Something symback can explain: `message` is one sentence, `hint` says what to do, `str(error)` is both in lines.

    `about` is the name of the value at fault, if there is one, so that a caller that knows where it was typed can point
    at it. `advice` is the hint before its mentions of keys are written for a reader, see `symback.hints`.
    """

    code = "error"
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", about: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = hint
        self.about = about
        self.manner = "python"

    @property
    def hint(self) -> str:
        """What to do about it, "" where nothing can be said."""
        return told(self.advice, self.manner)

    def to(self, manner: str) -> Self:
        """Return the error itself, from now on told to a reader of the command line (typed) or of a file (file)."""
        self.manner = manner
        return self

    def __str__(self) -> str:
        return "\n".join(filter(None, (self.message, self.hint)))

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows in place of a traceback, which would be sixty lines of our own."""
        return [f"{type(self).__name__}: {self}"]

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by the attributes, so that an error crosses from a worker process whole."""
        return (_rebuild, (type(self), self.message, self.__dict__))


def _rebuild(kind: type[SymbackError], message: str, state: dict[str, object]) -> SymbackError:
    error = kind.__new__(kind)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


def quoted(said: str) -> tuple[str, tuple[str, ...]]:
    """Return a sentence without its backticks, and what stood between them: the inputs that it proposes.

    >>> quoted("Write `1/(2x)` or `x/2`.")
    ('Write 1/(2x) or x/2.', ('1/(2x)', 'x/2'))
    """
    parts = said.split("`")
    return "".join(parts), tuple(parts[1::2])


class ParseError(SymbackError, ValueError):
    """The text cannot be read; `at` is the offset of the first character that cannot be read, `end` one past the last.

    `explain()` draws the line with a caret under the place. `proposals` are the inputs that the hint proposes; code
    that raises an error writes them between backticks in the hint.
    """

    code = "parse"
    exit_code = 3

    def __init__(self, message: str, text: str = "", at: int = 0, end: int | None = None, *, hint: str = "") -> None:
        hint, self.proposals = quoted(hint)
        super().__init__(message, hint=hint)
        self.text = text
        self.at = at
        self.end = at + 1 if end is None else max(end, at + 1)

    def __str__(self) -> str:
        return "\n".join(filter(None, (self.message, *self._drawing(76), self.hint)))

    @property
    def line(self) -> int:
        """The number of the line, from 1."""
        return self.text.count("\n", 0, self.at) + 1

    @property
    def column(self) -> int:
        """The place in that line, from 1."""
        return self._line_and_column()[1] + 1

    def explain(self, width: int = 76) -> str:
        """Return the offending line, a caret under the place, the reason and the hint, as lines of plain text.

        Where the text has several lines, the number of the line and the column come first.

        >>> print(ParseError("The sum has no right-hand side.", "2 sin x +", 8, hint="Write a term after +.").explain())
        2 sin x +
                ^
        The sum has no right-hand side.
        Write a term after +.
        """
        return "\n".join(filter(None, [*self._drawing(width), self.message, self.hint]))

    def _drawing(self, width: int) -> list[str]:
        """Return the offending line and a caret under the place; nothing where there is no text."""
        line, column = self._line_and_column()
        shown, column = _window(line, column, width)
        marks = " " * column + "^" * max(1, min(self.end - self.at, len(shown) - column))
        drawing = [_visible(shown), marks] if shown.strip() else []
        if drawing and "\n" in self.text.strip():
            drawing.insert(0, f"line {self.line}, column {self.column}:")
        return drawing

    def _line_and_column(self) -> tuple[str, int]:
        start = self.text.rfind("\n", 0, self.at) + 1
        stop = self.text.find("\n", self.at)
        return self.text[start : stop if stop >= 0 else len(self.text)], self.at - start


def _window(line: str, column: int, width: int) -> tuple[str, int]:
    """Cut a long line to `width` characters around the column, so that a megabyte of input is never echoed."""
    if len(line) <= width:
        return line, column
    start = max(0, min(column - width // 2, len(line) - width))
    return line[start : start + width], column - start


def _visible(text: str) -> str:
    """Replace every character that does not print by one that does, so that the caret stays under its place."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


class TooLarge(ParseError):
    """The input is beyond a limit that is printed with the error."""

    code = "limit"


class NoRule(SymbackError):
    """No rule says how to differentiate this; an unknown function is never taken for a constant."""

    code = "no-rule"


class VerificationFailed(SymbackError):
    """A line of the derivation does not equal the line before it; the derivation is withheld."""

    code = "verification"


class DomainError(SymbackError):
    """The expression has no real value at the point asked for."""

    code = "domain"


class ShapeError(SymbackError):
    """Two shapes do not fit; both are named."""

    code = "shape"
    exit_code = 3


class UsageError(SymbackError):
    """The question itself is wrong: a variable that is not a name, a direction of the wrong length, an order of 0."""

    code = "usage"
    exit_code = 2


class FileError(SymbackError):
    """A file cannot be read, or what is in it is not what is needed; all faults are named at once."""

    code = "file"
    exit_code = 3
