"""Parts of messages about files: a value as it is quoted, and the word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def clipped(value: object) -> str:
    """Return a value of a file for a message: quoted, cut off, and without characters that do not print.

    >>> clipped("wtr"), clipped(3), clipped("x" * 90)[-5:], clipped(1 << 20_000)
    ("'wtr'", '3', 'xx...', 'a number of more than 60 digits')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 200:
        return "a number of more than 60 digits"
    if isinstance(value, str):
        return repr(value) if len(value) <= 40 else repr(value[:40])[:-1] + "..."
    if isinstance(value, (dict, list)):
        return "a table" if isinstance(value, dict) else "a list"
    text = str(value)
    return text if len(text) <= 40 else text[:40] + "..."


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, "" where none is near.

    >>> suggestion("wtr", ["at", "wrt", "expr"]), suggestion("zzz", ["at"])
    ('wrt', '')
    """
    from difflib import get_close_matches

    return "".join(get_close_matches(word[:60].casefold(), list(known), n=1, cutoff=0.6))
