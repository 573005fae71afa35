"""Answers as people write them: f'(x) = 2x, dy/dx = 2x, f_x = 2xy; what stands left says what the answer is to.

The left side is compared with what is asked: by which variables is differentiated, and how often.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Claim(NamedTuple):
    """The left side of an answer, and where the answer itself begins.

    `by` are the variables of a derivative in the order in which they are taken, () where the left side names none, as
    in f'(x); `order` is how often it is taken, None where the left side is no derivative. `place` is what stands in
    the bracket of f'(2), `of` what is differentiated in d/dx [x^2].
    """

    start: int
    by: tuple[str, ...] = ()
    order: int | None = None
    place: str = ""
    of: str = ""


_WHERE = r"(?:\([^()=]*\))?"  # f'(x), f(2)
_WORD = r"\\?[^\W\d_]+[0-9]*"
_OF = rf"(?: ?{_WORD}{_WHERE})?"
_D = r"(?:\\mathrm(?:\{d\}| d)|\\partial|[d∂]) ?"
_POWER = r"(?:\^\{?[0-9]+\}?)?"
_ONE = rf"\{{?(?:{_WORD}(?:_\{{?\w+?\}}?(?![^\W_]))?)\}}?"
_BELOW = rf"(?P<below>(?: ?{_D}{_ONE}{_POWER})+)"
_ABOVE = rf"{_D}{_POWER}{_OF}"
_PATTERNS = (
    re.compile(rf"{_ABOVE}/{_BELOW}{_OF}{_WHERE}"),  # dy/dx, d/dx f(x)
    re.compile(rf"\\[dt]?frac\{{{_ABOVE}\}}\{{{_BELOW}\}}{_OF}{_WHERE}"),
    re.compile(rf"{_WORD}(?P<primes>'+|\^\{{?\((?P<count>[0-9]+)\)\}}?){_WHERE}"),  # f'(x), f^(4)(x)
    re.compile(rf"[^\W\d_]_\{{?(?P<letters>[^\W\d_]+)\}}?{_WHERE}"),  # f_x, f_{xy}
    re.compile(rf"D_\{{?(?P<letter>[^\W\d_])\}}?{_OF}"),  # D_x f
)
_UNDER = _BELOW.replace("below", "under")
_SIGN = rf"(?:{_D}{_POWER}/{_BELOW}|\\[dt]?frac\{{{_D}{_POWER}\}}\{{{_UNDER}\}})"
_OF_BRACKET = re.compile(rf"{_SIGN} ?[(\[](?P<of>.+)[)\]]")  # d/dx [x^2]
_VALUE = re.compile(rf"{_WORD}\([^()=]*\)|slope|value|answer")  # f(2) = 12
_ONE_BELOW = re.compile(rf"{_D}(?P<name>{_ONE})(?:\^\{{?(?P<times>[0-9]+)\}}?)?")
_DROPPED = re.compile(r"\\left|\\right|\\[,;:! ]|[$~]")
_SPACES = re.compile(r"(?<!\w)\s+|\s+(?!\w)")
_SUPERSCRIPTS = {"²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5", "’": "'", "′": "'", "″": "''", "**": "^"}


def claim_of(text: str) -> Claim | None:
    """Return what the left side of an answer claims, None where the answer has none that is known.

    >>> claim_of("f'(x) = 2x"), claim_of("dy/dx = 2x"), claim_of("2x")
    (Claim(start=7, by=(), order=1, place='x', of=''), Claim(start=7, by=('x',), order=1, place='', of=''), None)
    """
    left, equals, _ = text.partition("=")
    if not equals:
        return None
    plain = _plain(left)
    start = len(left) + 1
    if whole := _OF_BRACKET.fullmatch(plain):
        return _claim(start, {"below": whole["below"] or whole["under"]})._replace(of=whole["of"])
    for pattern in _PATTERNS:
        found = pattern.fullmatch(plain)
        if found:
            return _claim(start, found.groupdict())._replace(place=_place(plain))
    return Claim(start, place=_place(plain)) if _VALUE.fullmatch(plain) else None


def _place(plain: str) -> str:
    """Return what stands in the bracket at the end, as in f'(2)."""
    found = re.search(r"(?<!\^)(?<!\^\{)\(([^()=]*)\)$", plain)
    return found[1] if found else ""


def _claim(start: int, parts: dict[str, str | None]) -> Claim:
    if parts.get("below"):
        below = _ONE_BELOW.finditer(parts["below"] or "")
        by = tuple(found["name"].strip("{}") for found in below for _ in range(int(found["times"] or 1)))
        return Claim(start, by, len(by))
    if parts.get("primes"):
        return Claim(start, (), int(parts["count"] or 0) or (parts["primes"] or "").count("'"))
    letters = parts.get("letters") or parts.get("letter") or ""
    return Claim(start, tuple(letters), len(letters))


def _plain(left: str) -> str:
    """Return the left side without signs that only set it, in one spelling of powers and primes."""
    left = _DROPPED.sub("", left)
    left = re.sub(r"\^\{?((?:\\prime ?)+)\}?", lambda found: "'" * found[1].count("prime"), left)
    for written, meant in _SUPERSCRIPTS.items():
        left = left.replace(written, meant)
    return _SPACES.sub("", left.strip())
