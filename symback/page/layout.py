"""Lines of text side by side with their reasons, within a width: wrapped at signs, never cut.

Control characters of no width stand around what is to be coloured; `visible` counts without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from symback.page.names import MARKS

CHANGED, REASON, GOOD, BAD, END = "\x02", "\x04", "\x05", "\x06", "\x03"
NO_WIDTH = {ord(c): None for c in (CHANGED, REASON, GOOD, BAD, END)}
_NO_COLUMN = NO_WIDTH | {ord(mark): None for mark in MARKS}

INDENT = "  "
SMALL = 12  # columns: a left side that may always stand before the equals sign
GAP = "    "  # between a line and its reason
BETWEEN = "   "  # between the name of a rule and its letters
NARROWEST = 22  # columns: less is no room for a reason
MOST_TRIED = 8  # places where the reasons could begin
_SIGNS = ("= ", "+ ", "- ", "· ", "* ")
_COMMAS = (", ",)
_CASES = "cases"
_SHORT = re.compile(r"[(\[][^()\[\]{}]{1,14}[)\]]")  # brackets that are broken last
LAST = 1000  # deeper than any bracket


class Row(NamedTuple):
    """One line of a derivation: the mathematics, the rule, what its letters stand for; `above` is said before it."""

    body: str
    rule: str = ""
    letters: str = ""
    above: str = ""


def visible(text: str) -> int:
    """Return how many columns a text takes."""
    return len(text) if text.isascii() and END not in text else len(text.translate(_NO_COLUMN))


def padded(text: str, columns: int) -> str:
    """Return a text with blanks behind it, so that it takes so many columns."""
    return text + " " * (columns - visible(text))


def side_by_side(left: str, rows: Sequence[Row], width: int) -> Iterator[str]:
    """Yield `left = body   reason` for the first row and `= body   reason`, aligned, for the others."""
    if not _fits(left, rows, width):
        yield from wrapped(left, width - len(INDENT), INDENT, INDENT + GAP)
        left = " "
    first = f"{INDENT}{left} = "
    start = visible(first)
    letters_at = _letters_column(rows)
    column = _reason_column(rows, start, letters_at, width)
    for number, row in enumerate(rows):
        if row.above:
            yield " " * start + row.above
        lead = first if number == 0 else " " * (start - 2) + "= "
        yield from _row(row, lead, start, column, letters_at, width)


def _fits(left: str, rows: Sequence[Row], width: int) -> bool:
    """Tell whether all lines have room for their reasons behind `left =`, so that it need not stand on its own line."""
    start = len(INDENT) + visible(left) + 3
    longest = max(len(row.rule) for row in rows)
    return visible(left) <= SMALL or start + max(visible(row.body) for row in rows) + len(GAP) + longest <= width


def one_below_the_other(rows: Sequence[Row], width: int) -> Iterator[str]:
    """Yield each row by itself with its reason: of a long derivation, where each row is an equation of its own."""
    start = len(INDENT)
    letters_at = _letters_column(rows)
    column = _reason_column(rows, start, letters_at, width)
    for row in rows:
        yield from _row(row, INDENT, start, column, letters_at, width)


def _letters_column(rows: Sequence[Row]) -> int:
    """Return the width of the column of names that the letters stand behind; several names in a row do not widen it."""
    return max((len(row.rule) for row in rows if row.letters and "," not in row.rule), default=0)


def _reason_column(rows: Sequence[Row], start: int, letters_at: int, width: int) -> int:
    """Return where the reasons begin: behind the longest line if there is room, else where fewest lines are needed."""
    ends = sorted({start + visible(row.body) + len(GAP) for row in rows})
    widest = max((len(_reason(row, letters_at, width)[0]) for row in rows if row.rule), default=0)
    if ends[-1] + widest <= width:
        return ends[-1]
    fitting = [end for end in ends if end + NARROWEST <= width]
    tried = [start + len(GAP), *fitting[:: len(fitting) // MOST_TRIED + 1], *fitting[-1:]]
    return min(reversed(tried), key=lambda column: sum(_cost(row, start, column, letters_at, width) for row in rows))


def _cost(row: Row, start: int, column: int, letters_at: int, width: int) -> int:
    """Return how far a row and its reason stretch downwards; a reason below its line counts as one more."""
    reasons = len(_reason(row, letters_at, width - column))
    beside = start + visible(row.body) + len(GAP) <= column
    return 2 * max(reasons - 1, 0) if beside else 2 * reasons + 1


def _row(row: Row, lead: str, start: int, column: int, letters_at: int, width: int) -> Iterator[str]:
    lines = list(wrapped(row.body, width - start, lead, " " * (start + 2)))
    reasons = _reason(row, letters_at, width - column)
    if reasons and visible(lines[-1]) + len(GAP) <= column:
        lines[-1] += " " * (column - visible(lines[-1])) + _said(reasons.pop(0))
    yield from lines
    for reason in reasons:
        yield " " * column + _said(reason)


def _said(reason: str) -> str:
    return f"{REASON}{reason}{END}"


def _reason(row: Row, letters_at: int, room: int) -> list[str]:
    """Return the reason in as many lines as it needs."""
    if not row.letters:
        return wrap(row.rule, max(room, NARROWEST), subsequent_indent=INDENT, break_long_words=False)
    for rule in (row.rule.ljust(letters_at), row.rule):
        if len(rule) + len(BETWEEN) + len(row.letters) <= room:
            return [rule + BETWEEN + row.letters]
    names = wrap(row.rule, max(room, NARROWEST), subsequent_indent=INDENT, break_long_words=False)
    return [*names, *wrapped(row.letters, room - 2, INDENT, INDENT, _COMMAS)]


def wrapped(text: str, room: int, lead: str, hanging: str, breaks: Sequence[str] = _SIGNS) -> Iterator[str]:
    """Yield a text in lines of at most `room` columns, broken before a sign or after a comma, never within a word."""
    if visible(text) <= room:
        yield lead + text
        return
    room_after = max(room + visible(lead) - len(hanging), 20)
    for start, stop in _cuts(text, max(room, 20), room_after, breaks):
        yield lead + text[start:stop].rstrip()
        lead = hanging


def _cuts(text: str, room: int, room_after: int, breaks: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends: before the last + or - that fits, else within a product or a bracket."""
    start = depth = wide = 0
    places = {(0, 0): 0}  # the last place to break, by its depth in brackets, and 0 before = + -, 1 a product, 2 a case
    whole = [found.span() for found in _SHORT.finditer(text)]
    cases: list[tuple[int, int]] = []  # where brackets of cases are open: their depth, and the commas met in them
    for i, character in enumerate(text):
        if ord(character) in _NO_COLUMN:
            continue
        depth += (character in "([{") - (character in ")]}")
        if character == "(" and text.endswith(_CASES, 0, i):
            cases.append((depth, 0))
        elif cases and depth < cases[-1][0]:
            cases.pop()
        elif cases and character == "," and depth == cases[-1][0]:
            cases[-1] = depth, cases[-1][1] + 1
            places[0, 2] = i + 2 if cases[-1][1] % 2 == 0 else places.get((0, 2), 0)
        if i and text[i - 1] == " " and (text[i : i + 2] in breaks or (breaks is _COMMAS and text[i - 2] == ",")):
            is_inside = any(begin < i < end for begin, end in whole)
            places[depth + LAST * is_inside, int(character in "·*")] = i
        wide += 1
        if wide > room and max(places.values()) > start:
            ranked = (places[key] for key in sorted(places))  # a bracket is broken where nothing outside it can be
            stop = next((p for p in ranked if i >= p > start + room // 3), max(places.values()))
            yield start, stop
            start, room, wide = stop, room_after, visible(text[stop : i + 1])
    yield start, len(text)
