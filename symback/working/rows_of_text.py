r"""A working as typed, cut into rows: plain text, Markdown with ```working fences, LaTeX align*.

A row is one line with its number in the text. What stands behind # is a remark, a rule's name at the end a reason. Its
pieces are what stands between = and ≈.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from symback.calculus.laws import RULES
from symback.errors import TooLarge

EQUALS, ABOUT = "=", "≈"
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*(\w*)")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{(?:align|aligned|equation|gather|eqnarray|split|alignat)\*?\}")
_REMARK = re.compile(r"(?:^|\s)#.*$")
_TEXT = re.compile(r"\\(?:text|mathrm|textrm|tag\*?)\s*\{([^{}]*)\}\s*$")
_LET = re.compile(r"^\s*(?:let|with|where|put|set)\s+(?=[^\W\d]\w*\s*=)", re.IGNORECASE)
_SIGN = re.compile(r"(?P<about>≈|\\approx\b)|(?<![<>!=+])=(?!=)")
MOST_PARTS = 30  # of a line, between its signs
LONGEST_REASON = 300  # characters
_OPEN, _CLOSE = "([{", ")]}"


class Piece(NamedTuple):
    """What stands between two signs: the sign before it ("" for the first), the text, where it begins in the row."""

    sign: str
    text: str
    at: int


class Row(NamedTuple):
    """A line of a working: its number, the text as typed, its pieces, the reason and the remark behind it."""

    number: int
    text: str
    pieces: tuple[Piece, ...]
    reason: str = ""
    remark: str = ""
    raw: str = ""  # with the blanks before it, which mean something in the text of a graph

    @property
    def goes_on(self) -> bool:
        """Whether the line goes on with the one above: it begins with = or ≈."""
        return bool(self.pieces and self.pieces[0].sign)


def rows_of(text: str) -> list[list[Row]]:
    """Return the workings of a text, each as its rows; a text without fences is one working.

    >>> [[piece.text for piece in row.pieces] for row in rows_of("f = x^2" + chr(10) + "df/dx = x·2 = 2x")[0]]
    [['f', 'x^2'], ['df/dx', 'x·2', '2x']]
    """
    numbered = list(enumerate(text.splitlines(), 1))
    blocks = list(_fenced(numbered)) or [numbered]
    return [rows for block in blocks if (rows := list(filter(None, (_row(*line) for line in _lines(block)))))]


def check_parts(row: Row) -> None:
    """Raise TooLarge for a line with more equals signs than anybody writes."""
    if len(row.pieces) > MOST_PARTS:
        hint = f"A line may have {MOST_PARTS} parts."
        raise TooLarge("The line has too many equals signs.", row.text, 0, len(row.text), hint=hint)


Numbered = list[tuple[int, str]]


def _fenced(lines: Numbered) -> Iterator[Numbered]:
    """Yield the lines within each ```working fence."""
    fence, inside = "", list[tuple[int, str]]()
    for number, line in lines:
        found = _FENCE.match(line)
        if fence and found and found[1].startswith(fence) and not found[2]:
            yield inside
            fence = ""
        elif not fence and found and found[2] == "working":
            fence, inside = found[1], []
        elif fence:
            inside.append((number, line))
    if fence:
        yield inside


def _lines(block: Numbered) -> Iterator[tuple[int, str]]:
    """Yield the lines, those with semicolons in their parts; those of LaTeX without the signs that only set them."""
    is_latex = any(_ENVIRONMENT.search(line) or "&=" in line.replace(" ", "") for _, line in block)
    for number, line in block:
        if not is_latex:
            parts = re.sub(r"\\\\\s*$", "", line).split(";")
            yield from ((number, part) for part in parts if part.strip())
            continue
        plain = _ENVIRONMENT.sub("", line).replace(r"\nonumber", "").replace("&", "").replace("$$", "")
        plain = re.sub(r"^\s*\\\[|\\\]\s*$", "", plain)
        yield from ((number, part) for part in re.split(r"\\\\(?:\[[^\]]*\])?", plain))


def _row(number: int, line: str) -> Row | None:
    remark = _REMARK.search(line)
    plain = line[: remark.start()] if remark else line
    plain, reason = _without_reason(_LET.sub("", plain.rstrip()))
    if not plain.strip():
        return None
    said = remark[0].strip().lstrip("#").strip() if remark else ""
    return Row(number, plain.strip(), tuple(_pieces(plain)), reason, said, plain)


def _without_reason(line: str) -> tuple[str, str]:
    """Return a line without the reason at its end: names of rules, in brackets or not."""
    found = _TEXT.search(line)
    said = found[1] if found else line
    names = _reasons().search(said, max(0, len(said) - LONGEST_REASON))
    if names:
        start = found.start() if found else names.start()
        return re.sub(r"\\q?quad\s*$|\\[,;:]\s*$", "", line[:start].rstrip()).rstrip(), names["names"].strip()
    return (line[: found.start()].rstrip(), found[1].strip()) if found and found.start() else (line, "")


@cache
def _reasons() -> re.Pattern[str]:
    names = sorted({rule.name for rule in RULES if " " in rule.name}, key=len, reverse=True)
    one = rf"(?:{'|'.join(map(re.escape, names))})"
    several = rf"{one}(?:(?:\s*(?:,|and|&)\s*)+{one})*"
    return re.compile(rf"(?:^|\s)[\[(]?(?:by\s+)?(?:the\s+)?(?P<names>{several})[\])]?\.?\s*$", re.IGNORECASE)


def _pieces(line: str) -> Iterator[Piece]:
    """Yield what stands between the signs that are outside all brackets."""
    sign, start = "", 0
    for found in _SIGN.finditer(line):
        before = line[: found.start()]
        if sum(map(before.count, _OPEN)) > sum(map(before.count, _CLOSE)):
            continue
        if sign or before.strip():
            yield Piece(sign, line[start : found.start()].strip(), _first(line, start))
        sign, start = ABOUT if found["about"] else EQUALS, found.end()
    yield Piece(sign, line[start:].strip().rstrip(".,") if sign else line[start:].strip(), _first(line, start))


def _first(line: str, start: int) -> int:
    return start + len(line[start:]) - len(line[start:].lstrip())
