"""`{a.x}` in the texts of a part: the answer of an earlier part, by its letter or its id.

Braces that LaTeX has are none: those of a command, of an exponent or an index, and those of `{{placeholders}}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_REFERENCE = re.compile(r"(?<!\{)\{[ \t]*([^\W_][\w-]*(?:\.[^\s.{}]+)*)[ \t]*\}(?!\})")
_SPACED = re.compile(r"(?:\\[A-Za-z]+|[\^_])[ \t]*$|[^\W\d]$|[}\]]$")
_INDEX = re.compile(r"[\^_][0-9]+$")
_LETTER = re.compile(r"[^\W\d][0-9]+$")


class Reference(NamedTuple):
    """A reference, and the span of the text that it is: the name of a part, and the key of an answer of it."""

    name: str
    keys: tuple[str, ...]
    at: int
    end: int

    @property
    def typed(self) -> str:
        """The reference as it is written."""
        return "{" + ".".join((self.name, *self.keys)) + "}"


def references_in(text: str) -> Iterator[Reference]:
    r"""Yield the references in a text.

    >>> [r.typed for r in references_in(r"{a.x} + 2{b}")], list(references_in(r"\frac{a}{b} x^{a} {{a}}"))
    (['{a.x}', '{b}'], [])
    """
    for found in _REFERENCE.finditer(text) if "{" in text else ():
        before = text[: found.start()]
        if not (_SPACED.search(before) or _INDEX.search(before) or _LETTER.search(before)):
            name, *keys = found[1].split(".")
            yield Reference(name, tuple(keys), *found.span())


def masked(text: str) -> str:
    """Return a text with a number in place of each reference, as long as it was, so that places stay.

    >>> masked("{a.x} + y")
    '(2)   + y'
    """
    for one in references_in(text):
        text = f"{text[: one.at]}{'(2)':{one.end - one.at}}{text[one.end :]}"
    return text


def letter(number: int) -> str:
    """Return the letter of a part: a, b, ..., from 0 on."""
    return "abcdefghijklmnopqrstuvwxyz"[number]


_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def roman(number: int) -> str:
    """Return the sign of a part within a part, from 0 on.

    >>> [roman(i) for i in (0, 3, 8, 25)]
    ['i', 'iv', 'ix', 'xxvi']
    """
    left, text = number + 1, ""
    for value, sign in _ROMAN:
        count, left = divmod(left, value)
        text += sign * count
    return text
