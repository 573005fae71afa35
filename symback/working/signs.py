r"""Derivative signs on the left of a line: df/dx, ∂f/∂x, f'(x), f_x, d²f/dx², dL/dh[t], \frac{df}{dx}."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from symback.errors import SymbackError
from symback.syntax import read_names


class Sign(NamedTuple):
    """The derivative of a named function: by which variables in their order, () where none is named, as in f'(x).

    `place` is what stands in the bracket of f'(2).
    """

    of: str
    by: tuple[str, ...]
    order: int = 1
    place: str = ""


_D = r"(?:\\mathrm\{d\}|\\partial\b|[d∂])\s?"
_POWER = r"(?:\^\{?([0-9]+)\}?)?"
_NAME = r"\\?[^\W\d_]+[0-9]*(?:_\{?\w+\}?)?(?:\s?\[[^\[\]]*\])?"
_CALL = r"(?:\s?\(([^()]*)\))?"
_BELOW = rf"(?P<below>(?:\s?{_D}{_NAME}(?:\^\{{?[0-9]+\}}?)?)+)"
_OVER = re.compile(rf"{_D}{_POWER}\s?(?P<of>{_NAME})?{_CALL}\s?/\s?{_BELOW}\s?(?P<behind>{_NAME})?{_CALL}")
_PRIMES = re.compile(rf"(?P<of>{_NAME})(?P<primes>'+){_CALL}")
_BELOW_LINE = re.compile(rf"(?P<of>[^\W\d_])_\{{?(?P<letters>[^\W\d_]+)\}}?{_CALL}")
_ONE_BELOW = re.compile(rf"{_D}(?P<name>{_NAME})(?:\^\{{?(?P<times>[0-9]+)\}}?)?")
_FRACTION = re.compile(r"\\[dt]?frac\s?\{((?:[^{}]|\{[^{}]*\})*)\}\s?\{((?:[^{}]|\{[^{}]*\})*)\}")
_SPELLED = {"²": "^2", "³": "^3", "⁴": "^4", "’": "'", "′": "'", "″": "''", r"\prime": "'", "**": "^", "^{'}": "'"}


def sign_of(text: str, known: Collection[str]) -> Sign | None:
    """Return the derivative sign that a left side is, of one of the known names; None where it is none.

    >>> sign_of("df/dx", {"f"}), sign_of("∂²f/∂x∂y", {"f"}), sign_of("f'(2)", {"f"}), sign_of("2x", {"f"})
    (Sign(of='f', by=('x',), order=1, place=''), Sign(of='f', by=('x', 'y'), order=2, place=''), \
Sign(of='f', by=(), order=1, place='2'), None)
    """
    plain = _plain(text)
    if found := _OVER.fullmatch(plain):
        of = found["of"] or found["behind"] or ""
        below = list(_ONE_BELOW.finditer(found["below"]))
        by = tuple(one["name"] for one in below for _ in range(int(one["times"] or 1)))
        return _known(Sign(of, by, len(by)), known) if len(by) == int(found[1] or 1) else None
    if found := _PRIMES.fullmatch(plain):
        return _known(Sign(found["of"], (), len(found["primes"]), (found[3] or "").strip()), known)
    if found := _BELOW_LINE.fullmatch(plain):
        return _known(Sign(found["of"], tuple(found["letters"]), len(found["letters"])), known)
    return None


def names_a_derivative(text: str) -> bool:
    """Tell whether a left side is a derivative sign of some name over another one: dL/dW1, and not L or f'(x)."""
    return _OVER.fullmatch(_plain(text)) is not None


def plain_fractions(text: str) -> str:
    r"""Return a text with derivative signs that are fractions of LaTeX in one line: \frac{dL}{dz} is dL/dz."""

    def plain(found: re.Match[str]) -> str:
        one = _plain(found[0])
        return f" {one} " if _OVER.fullmatch(one) else found[0]

    return _FRACTION.sub(plain, text)


def _known(sign: Sign, known: Collection[str]) -> Sign | None:
    try:
        of, *by = map(spelled, (sign.of, *sign.by)) if sign.of else ("",)
    except SymbackError:
        return None
    return sign._replace(of=of, by=tuple(by)) if of in known else None


def spelled(name: str) -> str:
    """Return the one spelling of a name: x_1 is x1, h[0] keeps its bracket."""
    head, bracket, index = name.strip().partition("[")
    own = read_names(head.strip())[0]
    return f"{own}[{index.replace(' ', '')}" if bracket else own


def _plain(text: str) -> str:
    """Return a left side in one spelling of fractions, powers and primes."""
    plain = re.sub(r"\\left|\\right|\\[,;:! ]|[$~]", "", text.strip())
    for written, meant in _SPELLED.items():
        plain = plain.replace(written, meant)
    plain = _FRACTION.sub(r"\1/\2", plain)
    return re.sub(r"\s+", " ", plain).strip()
