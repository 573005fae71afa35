"""The text being read: its limits, the names it may use, and what is to be said about how it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.errors import ParseError, TooLarge, UsageError, quoted
from symback.expr.scientific import MOST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symback.syntax.arrays import Arrays
    from symback.syntax.own_functions import Functions
    from symback.syntax.tokens import Token

MAX_CHARACTERS = 10_000
MAX_DEPTH = 60
MAX_DIGITS = MOST_DIGITS
MAX_NAME = 32
MAX_BARS = 60
MAX_NOTES = 20


class Source:
    """A text with its declared names; it collects the notes and words the errors.

    `law` marks the text of one of symback's own laws, where `D(u)` is a pending derivative. With `arrays` the text is
    about arrays, and has matrix products, transposes and indices. `variables` are those to differentiate by, where they
    are known; `defined` are the functions that a system defines, with their parameters (none for `y = x^2`), and
    `functions` what the text itself uses as functions. `latex` tells that the text is LaTeX, where `^` takes one
    letter: it holds a command or a dollar sign.
    """

    __slots__ = (
        "_notes", "arrays", "defined", "functions", "latex", "law", "names", "prime", "proposals", "text", "variables",
    )  # fmt: skip

    def __init__(
        self,
        text: str,
        names: frozenset[str] = frozenset(),
        law: bool = False,
        arrays: Arrays | None = None,
        variables: frozenset[str] = frozenset(),
        defined: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.text = text
        self.names = names
        self.law = law
        self.arrays = arrays
        self.variables = variables
        self.defined = defined or {}
        self.functions: Functions | None = None
        self.prime: Token | None = None  # one whose variable is not known yet
        self.latex = "\\" in text or "$" in text
        self._notes: list[tuple[int, str]] = []
        self.proposals: list[str] = []

    def note(self, at: int, remark: str) -> None:
        """Remember a remark about the reading of the text at an offset; inputs that it proposes are in backticks."""
        remark, proposals = quoted(remark)
        self.proposals += proposals
        self._notes.append((at, remark))

    def forget(self, at: int, end: int) -> None:
        """Drop the remarks about a part of the text that turned out to mean something else."""
        self._notes = [(place, remark) for place, remark in self._notes if not at <= place < end]

    @property
    def notes(self) -> tuple[str, ...]:
        """The remarks in the order of the text, each once."""
        if not self._notes:
            return ()
        remarks = tuple(dict.fromkeys(remark for _, remark in sorted(self._notes)))
        more = len(remarks) - MAX_NOTES
        return remarks if more <= 0 else (*remarks[:MAX_NOTES], f"There are {more} more such remarks.")

    def clip(self, at: int, end: int) -> str:
        """Return the text of a span for a message, with dots where it is long or does not print."""
        typed = " ".join(self.text[at:end].split())
        typed = typed if len(typed) <= 40 else typed[:37] + "..."
        return typed if typed.isprintable() else "..."

    def error(self, message: str, at: int, end: int | None = None, hint: str = "") -> ParseError:
        """Return the error for a span, with a place inside the text even where something is missing at its end."""
        return ParseError(message, self.text, max(min(at, len(self.text) - 1), 0), end, hint=hint)

    def too_large(self, message: str, at: int, end: int | None = None, hint: str = "") -> TooLarge:
        return TooLarge(message, self.text, at, end, hint=hint)


def check_length(text: str, most: int = MAX_CHARACTERS, hint: str = "Split it into several expressions.") -> None:
    """Refuse a text that is too long before anything looks at it; the limit can be raised from Python alone."""
    check_limit("max_characters", most)
    if len(text) > most:
        raise TooLarge(
            f"The text has {len(text):,} characters; at most {most:,} are read.",
            text[: most + 1],
            most,
            hint=f"{hint} In Python max_characters={len(text)} raises the limit.",
        )


def check_limit(name: str, most: object) -> None:
    """Refuse a limit that is not a whole number above 0."""
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        raise UsageError(f"{name} must be a whole number above 0, not {str(most)[:40]}.")
