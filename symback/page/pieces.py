"""Written subtrees: the text of each, and what its surroundings must know of it to put brackets and signs."""

from __future__ import annotations

from typing import Any, NamedTuple

from sympy.core.basic import Basic

from symback.expr.tree import Inert
from symback.page.notation import Notation

# How tightly a piece holds together; it goes into brackets where its place asks for a higher level.
COMPARISON, SUM, NEGATIVE, QUOTIENT, PRODUCT, DERIVATIVE, POWER, ATOM = range(-1, 7)
SQUARED = "squared"  # the first of the parts of x^2, before what stands for x
SHORT = 16  # characters: up to here the blanks round + and - are left out in exponents and roots


class Mark(Inert):
    """What a step changed: written as what it holds, with the notation's mark around it."""

    __slots__ = ()


class Taken(Mark):
    """What the next step takes, with a mark of its own."""

    __slots__ = ()


class Piece(NamedTuple):
    """A written subtree, and what its surroundings must know of it."""

    text: str
    level: int = ATOM
    head: str = "group"  # what it begins and ends with: the rows and columns of BETWEEN
    tail: str = "group"
    loose: str = ""  # a shorter form for a place where nothing follows: sin x
    letters: str = ""  # of one letter: itself, because letters that touch may read as a word
    parts: tuple[Any, ...] = ()  # of a call: name and argument, for sin^2 x; of a derivative: body and variables


class Style(NamedTuple):
    """A notation and what the whole tree says about it."""

    notation: Notation
    d: str
    words: frozenset[str]  # names of more than one letter: touching letters must not spell one of them
    plain_exp: bool  # e is a name here, so the exponential function is written exp(u)


def bracketed(piece: Piece, notation: Notation) -> Piece:
    """Return the piece in brackets; nothing follows inside of them, so its shorter form does."""
    opening, closing = notation.brackets
    edge = "sum" if piece.level <= SUM else "group"
    return Piece(f"{opening}{piece.loose or piece.text}{closing}", ATOM, edge, edge)


def short(piece: Piece, notation: Notation) -> str:
    """Return a piece without the blanks round + and -, if it is short enough to be read without them."""
    written = piece.loose or piece.text
    if len(written) <= SHORT and notation.name != "latex":
        for sign in (notation.plus, notation.minus, notation.joins[2]):
            written = written.replace(sign, sign.strip())
    return written


def is_atom(piece: Piece) -> bool:
    """Tell whether a piece is one letter, name or number, so that sin x needs no brackets."""
    return piece.level == ATOM and piece.head in ("letter", "name", "number") and not piece.parts


def bare(node: Basic) -> Basic:
    """Return what a mark stands around."""
    while isinstance(node, Mark):
        node = node._args[0]
    return node
