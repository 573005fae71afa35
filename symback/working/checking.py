"""From the text of a working to its lines with their verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from symback.errors import UsageError
from symback.parse.source import check_length
from symback.working.result import Line, Working
from symback.working.rows_of_text import Row, rows_of
from symback.working.scalars import Scalars

LONGEST = 40_000  # characters


def check_working(text: str, names: Sequence[str] = (), given: str = "", show_answer: bool = True) -> Working:
    """Return a working with a verdict on each line.

    `given` is text that stands above it: definitions, or a graph whose gradients the lines claim. UsageError where
    there is no line.

    >>> check_working("f = x^3" + chr(10) + "df/dx = 3x^3").first_wrong
    2
    """
    check_length(text, LONGEST)
    workings = rows_of(text.lstrip("\n"))
    if not workings:
        raise UsageError("There is no line to check.", hint="Write what is asked, and below it what is equal to it.")
    lines: list[Line] = []
    answers, notes = [], []
    for rows in workings:
        reader = _reader(rows, names, given)
        lines += [reader.line(row) for row in rows]
        answers += reader.answers
        notes += reader.defined.notes
    return Working(tuple(lines), tuple(answers), text, tuple(dict.fromkeys(notes)), show_answer)


def _reader(rows: Sequence[Row], names: Sequence[str], given: str) -> Scalars:
    reader = Scalars(names)
    for above in rows_of(given):
        for row in above:
            reader.line(row)
    return reader
