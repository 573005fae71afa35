r"""Heads for writing only, which no formula of the mathematics holds: what a reader sees and a parser never makes.

elementwise product   A * B in text, A ⊙ B in Unicode, A \odot B
digits                a number rounded for display: 0.3, 2e-11
product of numbers    -0.25 · (-2): a sign between all factors, the first without brackets
in brackets           (-2) as a term of a sum
dots                  the terms that are left out of a long sum
"""

from __future__ import annotations

from collections.abc import Callable

from sympy.core.symbol import Str

from symback.expr.tree import Apply, Tree, apply
from symback.page.notation import DOT, Notation
from symback.page.pieces import ATOM, NEGATIVE, PRODUCT, QUOTIENT, Piece, bracketed

Writer = Callable[[list[Piece], Notation], Piece]

HADAMARD, DIGITS, NUMBERS, BRACKETS, DOTS = (
    "elementwise product", "digits", "product of numbers", "in brackets", "dots",
)  # fmt: skip
_ELEMENTWISE = {"text": " * ", "unicode": " ⊙ ", "latex": r" \odot ", "sympy": "*"}


def digits(written: str) -> Tree:
    """Return a number that is not negative, as it is to be written."""
    return Apply(Str(DIGITS), Str(written))


def dots() -> Tree:
    """Return what stands for the terms that are left out."""
    return apply(DOTS)


def _factors(arguments: list[Piece], notation: Notation, least: int) -> list[str]:
    """Return factors in brackets where they need them; of the first the level may be lower."""
    kept = [p if p.level > (PRODUCT if i else least) else bracketed(p, notation) for i, p in enumerate(arguments)]
    return [p.text for p in kept]


def _elementwise(arguments: list[Piece], notation: Notation) -> Piece:
    return Piece(_ELEMENTWISE[notation.name].join(_factors(arguments, notation, QUOTIENT)), QUOTIENT)


def _numbers(arguments: list[Piece], notation: Notation) -> Piece:
    is_negative = arguments[0].level == NEGATIVE
    first = [arguments[0]._replace(level=ATOM)] if is_negative else arguments[:1]
    written = notation.joins[DOT].join(_factors([*first, *arguments[1:]], notation, QUOTIENT))
    return Piece(written, NEGATIVE if is_negative else PRODUCT, "number", "number")


def _digits(arguments: list[Piece], notation: Notation) -> Piece:
    written = arguments[0].text
    if notation.name == "latex" and "e" in written:
        mantissa, exponent = written.split("e")
        return Piece(rf"{mantissa} \cdot 10^{{{int(exponent)}}}", PRODUCT, "number", "number")
    return Piece(written, ATOM, "number", "number")


def _in_brackets(arguments: list[Piece], notation: Notation) -> Piece:
    return bracketed(arguments[0], notation)


def _dots(arguments: list[Piece], notation: Notation) -> Piece:
    return Piece(r"\cdots" if notation.name == "latex" else "...", ATOM, "name", "name")


SPECIAL: dict[tuple[str, str], Writer] = {
    (notation, head): write
    for notation in _ELEMENTWISE
    for head, write in (
        (HADAMARD, _elementwise), (DIGITS, _digits), (NUMBERS, _numbers), (BRACKETS, _in_brackets), (DOTS, _dots),
    )
}  # fmt: skip
