"""Decimal commas in the mathematics of a sheet: 2,5 is a number, 2, 5 and 2; 5 are two of them.

A comma with a digit on either side and no blank is a decimal comma. Between square brackets, and in an index such as
w_{1,2}, commas part what stands there. A sign takes the place of a sign, so that faults keep their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_COMMA = re.compile(r"(?<=\d),(?=\d)")
_WHOLE = re.compile(r"\d+,\d+")


def with_points(text: str) -> str:
    """Return a text with points for decimal commas.

    >>> with_points("0,5 x^2 + max(1, 2,5)"), with_points("x[1,2] + w_{1,2}")
    ('0.5 x^2 + max(1, 2.5)', 'x[1,2] + w_{1,2}')
    """
    if not _COMMA.search(text):
        return text
    places = {at for at, _ in commas_in(text)}
    return "".join("." if i in places else sign for i, sign in enumerate(text))


def commas_in(text: str) -> Iterator[tuple[int, bool]]:
    """Yield the places of decimal commas, and whether each stands in the brackets of a call such as max(1,2)."""
    open_: list[str] = []
    for i, sign in enumerate(text):
        if sign in "([{":
            before = text[i - 1 : i]
            kind = (
                "index" if sign == "[" or (sign == "{" and before == "_") else "call" if before.isalpha() else "other"
            )
            open_.append(kind)
        elif sign in ")]}" and open_:
            open_.pop()
        elif sign == "," and "index" not in open_ and _COMMA.match(text, i):
            yield i, bool(open_) and open_[-1] == "call"


def everywhere(value: Any) -> Any:
    """Return lists and tables with points for the decimal commas in all their texts."""
    if isinstance(value, str):
        return with_points(value)
    if isinstance(value, list):
        return [everywhere(entry) for entry in value]
    if isinstance(value, dict):
        return {key: everywhere(entry) for key, entry in value.items()}
    return value
