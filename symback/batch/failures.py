"""Why a problem failed, in words: every failure becomes an error that symback can explain."""

from __future__ import annotations

import json

from symback import failures
from symback.batch.limits import Limits
from symback.errors import ParseError, SymbackError, UsageError


class Reason(SymbackError):
    """An error that crossed from a worker process as words: `text` is all of it, with a caret where there was one."""

    def __init__(self, message: str, *, hint: str = "", code: str = "error", text: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.exit_code = 2 if code == UsageError.code else self.exit_code
        self.text = text or "\n".join(part for part in (message, hint) if part)


def explained(error: Exception) -> SymbackError:
    """Return an exception as an error that symback can explain to the reader of a file."""
    if isinstance(error, OSError):
        return SymbackError(f"A file cannot be read: {error.strerror or error}.")
    return failures.explained(error).to("file")


def packed(error: SymbackError) -> dict[str, str]:
    """Return an error as plain data."""
    text = error.explain() if isinstance(error, ParseError) else ""
    return {"code": error.code, "message": error.message, "hint": error.hint, "text": text}


def unpacked(said: dict[str, str]) -> Reason:
    """Return the error that `packed` made plain data of."""
    return Reason(said["message"], hint=said["hint"], code=said["code"], text=said["text"])


def of_failure(failure: str, limits: Limits, what: str = "This") -> Reason:
    """Return why a call to a worker failed: it took too long, too much, or its process ended twice.

    >>> print(of_failure("time", Limits()).text)
    This was not finished after 5 s.
    The limits are 5 s and 1 GiB a problem; processor time counts.
    """
    hint = f"The limits are {Limits()} a problem; processor time counts."
    match failure:
        case "time":
            return Reason(f"{what} was not finished after {limits.seconds:g} s.", hint=hint, code="limit")
        case "memory":
            return Reason(f"{what} needs more memory than it may have.", hint=hint, code="limit")
    if ":" in failure:
        found = failures.bug(failure)
        return Reason(found.message, hint=found.hint)
    why = f"{what} ended its process, and the next one too ({failure})."
    return Reason(why, hint=f"Too much memory may be the reason. {hint}", code="limit")


def visible(text: str) -> str:
    """Return text for a terminal: what does not print, or changes the direction, is written as an escape.

    >>> print(visible("a\\x1b[2Jb\\u202ec"))
    a\\u001b[2Jb\\u202ec
    """
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)
