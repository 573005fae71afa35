r"""A formula in pieces between which a page may begin a new line: browsers do not break MathML by themselves.

Pieces end before =, + and -, where that is not enough before \cdot, and where that is not enough inside brackets, which
then have a fixed size, since their two ends stand in different pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from symback.page.writers.mathml import Formula, formula, width

ROOM = 16.0  # ems: a line of a telephone that is 360 pixels wide, less the indent
WIDEST = 21.0  # ems: a formula that fits there when it is set smaller
PAGE = 46.0  # ems: one that fits on a wide page when it is set smaller
STACK = 18.0  # ems: a row of a numerator that is written in rows

_TOKEN = re.compile(
    r"\\(?:left|right|[bB]igg?[lr])\s*(?:\\[A-Za-z]+|\\?.)|\\(?:begin|end)\{[a-z]+\*?\}|\\[A-Za-z]+|\\.|[^\\]",
    re.DOTALL,
)
_TERM_SIGNS = frozenset(("+", "-", "=", r"\approx", r"\le", r"\ge", r"\to", r"\Rightarrow"))
_PRODUCT_SIGNS = frozenset((r"\cdot", r"\times", r"\odot"))
_NO_TERM_BEFORE = re.compile(
    r"(?:^|^\{\}|[-+=<>*/^_({\[,]|\\(?:cdot|times|odot|approx|le|ge|leq|geq|to|in|ne|Rightarrow)|\|)\s*$"
)


class Piece(NamedTuple):
    """A part of a formula that is not broken; `narrow` is how it is written where there is little room, if at all."""

    whole: Formula
    narrow: Formula | None = None

    @property
    def least(self) -> float:
        """The width on a narrow page."""
        return self.whole.width if self.narrow is None else self.narrow.width


class _Pair(NamedTuple):
    """A pair of brackets, or a mark, that stands in no other: the numbers of its first and its last token."""

    start: int
    stop: int


Terms = tuple[tuple[Piece, ...], ...]


@lru_cache(maxsize=4096)
def terms(latex: str, room: float = ROOM, display: bool = True) -> Terms | None:
    r"""Return a formula in terms, each in pieces of at most so many ems; None where it is no mathematics.

    A page keeps the pieces of a term together as far as they fit. A piece that cannot be broken stays as wide as it is.

    >>> [len(term) for term in terms("a + b")], [len(term) for term in terms(" + ".join("abcdefghijklm"))][:3]
    ([1], [1, 1, 1])
    """
    whole = formula(latex, display)
    if whole is None or whole.width <= room:
        return None if whole is None else ((Piece(whole),),)
    found: list[tuple[Piece, ...]] = []
    for term in _broken(latex, _TERM_SIGNS):
        parts = [_piece(part, display) for part in _parts(term, room)]
        found.append(tuple(part for part in parts if part is not None))
        if None in parts:
            return ((Piece(whole),),)
    return tuple(found)


def _piece(latex: str, display: bool) -> Piece | None:
    whole = formula(latex, display)
    if whole is None or whole.width <= WIDEST:
        return whole and Piece(whole)
    narrow = formula(_stacked(latex), display)
    if narrow is None or narrow.width > 0.9 * whole.width:
        return Piece(whole)
    return Piece(whole, narrow) if whole.width <= PAGE else Piece(narrow)


def _parts(latex: str, room: float) -> tuple[str, ...]:
    """Return a formula in parts that fit, as far as it can be broken."""
    done: list[str] = []
    waiting = [latex]
    while waiting:
        part = waiting.pop()
        smaller = [] if _fits(part, room) else _smaller(part, room)
        if smaller:
            waiting += reversed(smaller)
        else:
            done.append(part)
    return tuple(done)


def _fits(latex: str, room: float) -> bool:
    measured = width(latex, True)
    return measured is not None and measured <= room


def _smaller(latex: str, room: float) -> list[str]:
    """Return a formula in smaller parts; nothing where there is no place to break it."""
    for signs in (_TERM_SIGNS, _PRODUCT_SIGNS):
        parts = list(_broken(latex, signs))
        if len(parts) > 1:
            return parts
    opened = _opened(latex, room)
    return [opened] if opened != latex else _parts_of_mark(latex, room)


def _parts_of_mark(latex: str, room: float) -> list[str]:
    """Return a formula in parts that end within its first wide mark, each with a mark of its own."""
    tokens = _TOKEN.findall(latex)
    for mark in _marks(tokens):
        inner = "".join(tokens[mark.start + 2 : mark.stop])
        parts = [] if _fits(inner, room / 3) else _smaller(inner, room)
        if parts:
            marked = [f"{tokens[mark.start]}{{{part}}}" for part in parts]
            marked[0] = "".join(tokens[: mark.start]) + marked[0]
            marked[-1] += "".join(tokens[mark.stop + 1 :])
            return marked
    return []


def _marks(tokens: list[str]) -> Iterator[_Pair]:
    """Yield the marks that stand in no group: from the command to the brace that closes it."""
    depth, start = 0, -1
    for i, part in enumerate(tokens):
        if depth == 0 and part in (r"\changed", r"\taken"):
            start = i
        depth = max(0, depth + _step(part))
        if depth == 0 and part == "}" and start >= 0:
            yield _Pair(start, i)
            start = -1


# --- breaking at signs --------------------------------------------------------------------------------------------


def _broken(latex: str, signs: frozenset[str]) -> Iterator[str]:
    """Yield the parts that begin with a sign or end with a comma that stands in no bracket."""
    depth, part = 0, ""
    for token in _TOKEN.findall(latex):
        depth = max(0, depth + _step(token))
        if depth == 0 and token in signs and not _NO_TERM_BEFORE.search(part):
            yield part.rstrip()
            part = _NOTHING
        part += token
        if depth == 0 and part.endswith(", "):
            yield part
            part = ""
    if part.strip():
        yield part.rstrip()


_NOTHING = "{} "  # so that a sign that stands first is not the sign of a number


def _step(token: str) -> int:
    if token in ("{", "(", "[") or token.startswith((r"\left", r"\begin")):
        return 0 if token.startswith((r"\leftarrow", r"\leftrightarrow")) else 1
    if token in ("}", ")", "]") or token.startswith((r"\right", r"\end")):
        return 0 if token.startswith(r"\rightarrow") else -1
    return 0


# --- opening brackets ---------------------------------------------------------------------------------------------


def _opened(latex: str, room: float) -> str:
    """Return the formula with its outermost wide brackets in a fixed size, so that it can be broken inside them."""
    tokens = _TOKEN.findall(latex)
    for pair in _outermost(tokens):
        inner = "".join(tokens[pair.start + 1 : pair.stop])
        if not _fits(inner, room / 3):
            size = _size(inner)
            tokens[pair.start] = rf"\{size}l{_bracket(tokens[pair.start])} "
            tokens[pair.stop] = rf"\{size}r{_bracket(tokens[pair.stop])}"
    return "".join(tokens)


def _outermost(tokens: list[str]) -> Iterator[_Pair]:
    depth, start = 0, -1
    for i, token in enumerate(tokens):
        step = _step(token)
        if step > 0 and depth == 0:
            start = i
        depth = max(0, depth + step)
        if step < 0 and depth == 0 and start >= 0:
            if _is_bracket(tokens[start]) and _is_bracket(token):
                yield _Pair(start, i)
            start = -1


def _is_bracket(token: str) -> bool:
    return token in ("(", ")", "[", "]") or (token.startswith((r"\left", r"\right")) and not token.endswith("."))


def _bracket(token: str) -> str:
    return token.removeprefix(r"\left").removeprefix(r"\right").strip()


def _size(inner: str) -> str:
    """Return how big a bracket around something is."""
    if r"\begin" in inner:
        return "Bigg"
    return "bigg" if r"\frac" in inner else "big"


# --- fractions ----------------------------------------------------------------------------------------------------


def _stacked(latex: str) -> str:
    """Return a formula with the wide numerators and denominators of its fractions in rows."""
    written, depth, groups, start = "", 0, 0, -1
    tokens = _TOKEN.findall(latex)
    for i, part in enumerate(tokens):
        if depth == 0 and part != " ":
            groups = 2 if part.endswith("frac") else groups * part.startswith("{")
            start = i if groups and part.startswith("{") else -1
        depth = max(0, depth + _step(part))
        if start < 0:
            written += part
        elif depth == 0:
            written += f"{{{_in_rows(''.join(tokens[start + 1 : i]))}}}"
            groups, start = groups - 1, -1
    return written


def _in_rows(latex: str) -> str:
    if _fits(latex, STACK):
        return latex
    rows: list[str] = []
    room = 0.0
    for part in _parts(latex, STACK):
        measured = width(part, True)
        wide = STACK if measured is None else measured
        if not rows or wide > room:
            rows.append(part)
            room = STACK - wide
        else:
            rows[-1] += " " + part.removeprefix(_NOTHING)
            room -= wide
    return rf"\begin{{array}}{{l}} {_NEXT_ROW.join(rows)} \end{{array}}"


_NEXT_ROW = r" \\ \quad "
