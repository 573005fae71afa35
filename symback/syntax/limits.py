r"""Limit signs: `lim x->0 [sin(x)/x]`, `lim_{x \to 0^+} \frac{1}{x}`, `lim x→∞ (1 + 1/x)^x`.

The sign with what stands below it is one token. A bracket that follows holds the whole of what it is the limit of; else
that is the product that follows, as for d/dx without brackets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symback.errors import ParseError
from symback.expr.tree import ONE, Lim, Neg, Tree, symbol
from symback.syntax.alphabet import GREEK

if TYPE_CHECKING:
    from symback.syntax.source import Source
    from symback.syntax.tokens import Lexer

SIGN = "lim"
INFINITY = symbol("oo")
WRITE = "Write `lim x->0 [sin(x)/x]`, `lim x->oo [1/x]` or `lim x->0+ [1/x]`."
_ARROW = re.compile(r"\s*(?:->|→|\\to(?![A-Za-z])|\\rightarrow(?![A-Za-z])|\\longrightarrow(?![A-Za-z]))\s*")
_NAME = re.compile(r"\s*(\\?[A-Za-z]+\d*|[^\W\d_]\d*)")
_UNDER = "\\limits"
_PAIRS = {"(": ")", "{": "}", "[": "]"}
_SIDES = (("^{+}", 1), ("^{-}", -1), ("^+", 1), ("^-", -1), ("⁺", 1), ("⁻", -1), ("+", 1), ("-", -1))
_INFINITE = ("oo", "∞", "\\infty", "inf", "infinity")

Below = tuple[Tree, Tree, int]  # the variable, what it tends to, and from which side


def read_sign(lexer: Lexer, at: int, end: int) -> int:
    """Read a limit sign with what stands below it, at which the word ends; 0 where no such thing follows."""
    if lexer.source.arrays is not None or lexer.source.law or SIGN in lexer.source.names:
        return 0
    text = lexer.text
    start = end + len(_UNDER) if text.startswith(_UNDER, end) else end
    while text[start : start + 1] in ("_", " ") and start < lexer.stop:
        start += 1
    bracketed = text[start : start + 1] in ("{", "(")
    stop = _partner(text, start, lexer.stop) if bracketed else lexer.stop
    inside = text[start + 1 : stop] if bracketed else text[start:stop]
    named = _NAME.match(inside)
    arrow = _ARROW.match(inside, named.end()) if named else None
    if named is None or arrow is None:
        return 0
    length = len(inside) if bracketed else _end_of_target(inside, arrow.end())
    after = start + bracketed + length + bracketed
    lexer.emit(SIGN, _below(lexer.source, named[1], inside[arrow.end() : length], at, after), at, after)
    return after


def _partner(text: str, start: int, stop: int) -> int:
    depth = 0
    for place in range(start, stop):
        depth += (text[place] in _PAIRS) - (text[place] in _PAIRS.values())
        if not depth:
            return place
    return stop


def _end_of_target(text: str, start: int) -> int:
    """Return where a target without brackets ends: at the next blank, or where a square bracket opens."""
    depth = 0
    for place in range(start, len(text)):
        if depth == 0 and (text[place].isspace() or text[place] == "["):
            return place
        depth += (text[place] in _PAIRS) - (text[place] in _PAIRS.values())
    return len(text)


def _below(source: Source, name: str, written: str, at: int, end: int) -> Below:
    from symback.syntax.reading import parse  # which knows this file

    target, side = _sided(written.strip())
    bare = name.removeprefix("\\")
    if len(bare) > 1 and bare not in GREEK.values() and bare not in source.names and not bare[1:].isdigit():
        raise source.error(f"The limit is by {bare}, which is no name.", at, end, hint=WRITE)
    try:
        tree = infinite(target)
        return symbol(bare), parse(target) if tree is None else tree, side
    except ParseError:
        raise source.error("It cannot be read what the variable of the limit tends to.", at, end, hint=WRITE) from None


def _sided(written: str) -> tuple[str, int]:
    """Return a target without the sign of a side at its end, and the side."""
    for sign, side in _SIDES:
        if written.endswith(sign) and len(written) > len(sign):
            return written.removesuffix(sign).strip(), side
    return written, 0


def infinite(written: str) -> Tree | None:
    r"""Return the tree of oo, -oo, ∞ or \infty; None for anything else.

    >>> infinite("-oo"), infinite("2")
    (Neg(oo), None)
    """
    bare = written.strip().replace("−", "-")
    if bare.lstrip("+-").strip().casefold() not in _INFINITE:
        return None
    return Neg(INFINITY) if bare.startswith("-") else INFINITY


def limit_of(body: Tree, below: Below) -> Lim:
    """Return the limit of a body, by what stands below the sign."""
    variable, target, side = below
    return Lim(body, variable, target) if not side else Lim(body, variable, target, ONE if side > 0 else Neg(ONE))
