"""Why something failed, in words: every failure becomes an error that symback can explain; a failed check withholds.

This is said once, for the command line, for problem files and for batches of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from symback.errors import DomainError, SymbackError, TooLarge, VerificationFailed

REPORT = "Please report it, with your input and what `symback --version` prints, where you got symback."


def passed(verdict: Any) -> Any:
    """Return the verdict on a result, None for none; a result that failed its check is withheld.

    Raises DomainError where the point lies outside the domain, VerificationFailed where the check failed.
    """
    if getattr(verdict, "outside", False):
        raise DomainError(verdict.message, hint="Choose another point.")
    if getattr(verdict, "verdict", "") == "failed":
        raise VerificationFailed(
            verdict.message or "The check of this result failed.", hint=f"It is withheld. {REPORT}"
        )
    return verdict


def explained(error: BaseException) -> SymbackError:
    """Return whatever went wrong as an error that symback can explain; what nobody foresaw is a bug, with its place.

    >>> print(explained(KeyError("versin")).message)
    This is a bug in symback: KeyError: 'versin'
    """
    match error:
        case SymbackError():
            return error
        case RecursionError():
            return TooLarge("This is nested too deeply.", hint="Give inner parts names of their own.")
    from traceback import extract_tb

    place = extract_tb(error.__traceback__)[-1:]
    where = f" ({Path(place[0].filename).name}:{place[0].lineno})" if place else ""
    return bug(f"{type(error).__name__}: {' '.join(str(error).split())[:200]}{where}")


def bug(what: str) -> SymbackError:
    """Return the error for what symback itself did wrong."""
    return SymbackError(f"This is a bug in symback: {what}", hint=REPORT)
