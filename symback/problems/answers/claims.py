"""Answers as people write them: f'(x) = 2x, dy/dx = 2x, f_x(1, 2) = 4; what stands left says what the answer is to.

The left side is compared with what is asked: which function, by which variables and how often it is differentiated,
and at which point. What stands right may be a chain, as in dy/dx = 2x = 2*x.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple


class Claim(NamedTuple):
    """The left side of an answer, and where the answer itself begins.

    `by` are the variables of a derivative in the order in which they are taken, () where the left side names none, as
    in f'(x); `order` is how often it is taken, None where the left side is no derivative. `place` is what stands in
    the bracket of f_x(1, 2) or below the bar of |_{x=1}: names ("" where there is none) and values. `of` is what is
    differentiated in d/dx [x^2], `name` the name of a function.
    """

    start: int
    by: tuple[str, ...] = ()
    order: int | None = None
    place: tuple[tuple[str, str], ...] = ()
    of: str = ""
    name: str = ""


_INSIDE = r"(?:[^()=]|\([^()=]*\))*"
_WHERE = rf"(?:\((?P<where>{_INSIDE})\))?"  # f'(x), f_x(1, 2)
_WORD = r"\\?[^\W\d_]+[0-9]*"
_OF = rf"(?: ?(?P<name>{_WORD}){_WHERE})?"
_ABOVE_OF = rf"(?: ?(?P<above>{_WORD})(?:\([^()=]*\))?)?"
_D = r"(?:\\mathrm(?:\{d\}| d)|\\partial|[d∂]) ?"
_POWER = r"(?:\^\{?[0-9]+\}?)?"
_ONE = rf"\{{?(?:{_WORD}(?:_\{{?\w+?\}}?(?![^\W_]))?)\}}?"
_BELOW = rf"(?P<below>(?: ?{_D}{_ONE}{_POWER})+)"
_ABOVE = rf"{_D}{_POWER}{_ABOVE_OF}"
_PATTERNS = (
    re.compile(rf"{_ABOVE}/{_BELOW}(?:{_OF}|{_WHERE.replace('where', 'at')})"),  # dy/dx, d/dx f(x), dy/dx(3)
    re.compile(rf"\\[dt]?frac\{{{_ABOVE}\}}\{{{_BELOW}\}}(?:{_OF}|{_WHERE.replace('where', 'at')})"),
    re.compile(rf"(?P<name>{_WORD})(?P<primes>'+|\^\{{?\((?P<count>[0-9]+)\)\}}?){_WHERE}"),  # f'(x), f^(4)(x)
    re.compile(rf"(?P<name>[^\W\d_])_(?:\{{(?P<letters>[^\W\d_]+)\}}|(?P<bare>[^\W\d_]+)){_WHERE}"),  # f_x, f_{xy}
    re.compile(rf"D_\{{?(?P<letter>[^\W\d_])\}}?{_OF}"),  # D_x f
)
_UNDER = _BELOW.replace("below", "under")
_SIGN = rf"(?:{_D}{_POWER}/{_BELOW}|\\[dt]?frac\{{{_D}{_POWER}\}}\{{{_UNDER}\}})"
_OF_BRACKET = re.compile(rf"{_SIGN} ?[(\[](?P<of>.+)[)\]]")  # d/dx [x^2]
_VALUE = re.compile(rf"(?P<name>{_WORD})\((?P<where>{_INSIDE})\)|slope|value|answer")  # f(2) = 12
_BARE = re.compile(r"[^\W\d_]")  # y = 12
_ONE_BELOW = re.compile(rf"{_D}(?P<name>{_ONE})(?:\^\{{?(?P<times>[0-9]+)\}}?)?")
_SIZES = r"(?:\\(?:left|right|(?:big|Big|bigg|Bigg)[lrm]?))"
_DROPPED = re.compile(rf"{_SIZES}(?![a-z])\.?|\\[,;:! ]|[$~]")
_SPACES = re.compile(r"(?<!\w)\s+|\s+(?!\w)")
_SUPERSCRIPTS = {"²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5", "’": "'", "′": "'", "″": "''", "**": "^"}
_BAR = re.compile(r"(?P<left>.+?)(?:\||\\r?vert|\\mid|∣)_(?:\{(?P<set>[^{}]+)\}|\((?P<bracket>.+)\)|(?P<one>.+))")
_AT = re.compile(r"(?P<left>.+?)\s*(?:,|\\text\{\s*at\s*\}|\bat\b)\s*(?P<one>[^\W\d_]\w*\s*=.+)")
# a condition may hold an equals sign of its own, and so may what follows `where`
_CASES = re.compile(r"\\begin|;|\b(?:if|for|where|else|otherwise|when)\b|\\text\s*\{\s*(?:if|for|else|where)")
_LINK = re.compile(r"(?<![<>!=:])=(?!=)|≈|\\approx(?![a-z])")


def claim_of(text: str) -> Claim | None:
    """Return what the left side of an answer claims, None where the answer has none that is known.

    >>> claim_of("f'(x) = 2x"), claim_of("2x")
    (Claim(start=7, by=(), order=1, place=(('', 'x'),), of='', name='f'), None)
    >>> claim_of("dy/dx|_{x=3} = 6")
    Claim(start=14, by=('x',), order=1, place=(('x', '3'),), of='', name='y')
    """
    start = _end_of_left(text)
    if start is None:
        return None
    claim = _of_left(text[: start - 1])
    return None if claim is None else claim._replace(start=start)


def links_of(text: str) -> list[str]:
    """Return the links of a chain of equal expressions; a text that is none is its only link.

    >>> links_of("2x = x + x ≈ 2.0x"), links_of("cases(x, x = 1, 2)")
    (['2x', 'x + x', '2.0x'], ['cases(x, x = 1, 2)'])
    """
    if _CASES.search(text):
        return [text]
    ends = [(0, 0), *_signs(text), (len(text), len(text))]
    return [text[a[1] : b[0]].strip() for a, b in pairwise(ends)]


def claims_of(text: str) -> list[Claim]:
    """Return what all left sides of an answer claim: those of f'(x) = dy/dx = 2x, and of 2x = f'(x).

    >>> [claim.name for claim in claims_of("f'(x) = dy/dx = 2x")], claims_of("2x = x + x")
    (['f', 'y'], [])
    """
    found, rest = [], text
    while (claim := claim_of(rest)) is not None:
        found.append(claim)
        rest = rest[claim.start :]
    return found + [claim for link in links_of(rest)[1:] if (claim := _of_left(link)) is not None and claim.order]


def _signs(text: str) -> list[tuple[int, int]]:
    """Return where the equals signs stand that are in no bracket."""
    depth, depths = 0, []
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        depths.append(depth)
    return [found.span() for found in _LINK.finditer(text) if not depths[found.start()]]


def _end_of_left(text: str) -> int | None:
    """Return where the answer begins after a left side: that of dy/dx at x = 3 holds an equals sign itself."""
    ends = [end for _, end in _signs(text)]
    if len(ends) > 1 and (_BAR.fullmatch(text[: ends[1] - 1]) or _AT.fullmatch(text[: ends[1] - 1].strip())):
        return ends[1]
    return ends[0] if ends else None


def _of_left(left: str) -> Claim | None:
    plain = _plain(left)
    below = _BAR.fullmatch(plain) or _AT.fullmatch(plain)
    if below:
        parts = below.groupdict()
        inner = _of_left(below["left"])
        place = _place(parts.get("set") or parts.get("bracket") or parts["one"])
        return None if inner is None or inner.order is None else inner._replace(place=place)
    if whole := _OF_BRACKET.fullmatch(plain):
        return _claim({"below": whole["below"] or whole["under"]})._replace(of=whole["of"])
    for pattern in _PATTERNS:
        found = pattern.fullmatch(plain)
        if found:
            return _claim(found.groupdict())
    if found := _VALUE.fullmatch(plain) or _BARE.fullmatch(plain):
        parts = found.groupdict()
        named = parts.get("name") or ("" if "name" in parts else found[0])
        return Claim(0, name=named, place=_place(parts.get("where")))
    return None


def _place(text: str | None) -> tuple[tuple[str, str], ...]:
    """Return the names and values of a place: "x = 1, y = 2", "1, 2", "(1, 2)" or "(x, y) = (1, 2)"."""
    plain = (text or "").strip()
    name, _, value = plain.partition("=")
    if name[:1] == "(" and name[-1:] == ")" and value[:1] == "(" and value[-1:] == ")":
        return tuple(zip(name[1:-1].split(","), value[1:-1].split(","), strict=False))
    if plain[:1] == "(" and plain[-1:] == ")" and "," in plain:
        plain = plain[1:-1]
    parts = [part.partition("=") for part in plain.split(",") if part.strip()]
    return tuple((name.strip(), value.strip()) if equals else ("", name.strip()) for name, equals, value in parts)


def _claim(parts: dict[str, str | None]) -> Claim:
    name = parts.get("name") or parts.get("above") or ""
    place = _place(parts.get("where") or parts.get("at"))
    if parts.get("below"):
        below = _ONE_BELOW.finditer(parts["below"] or "")
        by = tuple(found["name"].strip("{}") for found in below for _ in range(int(found["times"] or 1)))
        return Claim(0, by, len(by), place, name=name)
    if parts.get("primes"):
        order = int(parts["count"] or 0) or (parts["primes"] or "").count("'")
        return Claim(0, (), order, place, name=name)
    letters = parts.get("letters") or parts.get("bare") or parts.get("letter") or ""
    return Claim(0, tuple(letters), len(letters), place, name=name)


def _plain(left: str) -> str:
    """Return the left side without signs that only set it, in one spelling of powers and primes."""
    left = _DROPPED.sub("", left)
    left = re.sub(r"\^\{?((?:\\prime ?)+)\}?", lambda found: "'" * found[1].count("prime"), left)
    for written, meant in _SUPERSCRIPTS.items():
        left = left.replace(written, meant)
    return _SPACES.sub("", left.strip())
