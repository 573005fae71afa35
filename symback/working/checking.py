"""From the text of a working to its lines with their verdicts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from time import process_time
from typing import TYPE_CHECKING

from symback.errors import UsageError
from symback.syntax.source import check_length
from symback.working.implicit_lines import ImplicitLines, curve_of
from symback.working.result import UNKNOWN, Line, Working
from symback.working.rows_of_text import Row, rows_of
from symback.working.scalars import Defined, Scalars
from symback.working.signs import names_a_derivative, plain_fractions, sign_of

if TYPE_CHECKING:
    from symback.working.graph_lines import GraphLines

_ARRAYS = re.compile(
    r"@|\.T\b|\b(?:softmax|sum|mean|norm2|mse|bce|cross_entropy|dot|outer)\(|^\s*(?:def|for)\s"
    r"|^\s*[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*\s*(?::(?!=)|(?:in|∈)\s+[Rℝ])"
)
_OF_NAMES = re.compile(r"(?:[d∂]|\\partial)\s?([^\W\d_]\w*)\s*/\s*(?:[d∂]|\\partial)\s?[^\W\d_]")
LONGEST = 40_000  # characters
SECONDS = 3.0  # of processor time for one working; a problem has 5


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
    deadline = process_time() + SECONDS
    lines: list[Line] = []
    answers, notes = [], []
    for rows in workings:
        reader = _reader(rows, names, given)
        lines += [reader.line(row) if process_time() <= deadline else _too_late(row) for row in rows]
        answers += reader.answers
        notes += reader.notes
    return Working(tuple(lines), tuple(answers), text, tuple(dict.fromkeys(notes)), show_answer)


def _too_late(row: Row) -> Line:
    return Line(row.number, row.text, UNKNOWN, why="the time for one working is over", remark=row.remark)


def _reader(rows: Sequence[Row], names: Sequence[str], given: str) -> Scalars | ImplicitLines | GraphLines:
    curve = curve_of(rows)
    if curve is not None:
        return ImplicitLines(curve, names)
    if is_about_graph(rows, given):
        return _of_graph()(rows, given, names)
    reader = Scalars(names)
    for above in rows_of(given):
        for row in above:
            reader.line(row)
    return reader


def _of_graph() -> Callable[[Sequence[Row], str, Sequence[str]], GraphLines]:
    from symback.working.graph_lines import GraphLines  # NumPy comes with it, which other workings do without

    return GraphLines


def is_about_graph(rows: Sequence[Row], given: str) -> bool:
    """Tell whether a working is about a graph: it has arrays, several paths, or derivatives by nodes defined in it.

    >>> is_about_graph(rows_of("de/da = dc/da d")[0], "c = a + b; d = b + 1; e = c d")
    True
    """
    above = list(chain.from_iterable(rows_of(given)))
    if any(_ARRAYS.search(row.raw) for row in (*above, *rows)):
        return True
    claims = [row for row in rows if row.goes_on or names_a_derivative(row.pieces[0].text)]
    lines = [row for row in (*above, *rows) if len(row.pieces) > 1]
    defined = {name: row.pieces[1].text for row in lines if (name := Defined.left_side(row.pieces[0].text)[0])}
    for row in claims:
        sign = None if row.goes_on else sign_of(row.pieces[0].text, defined)
        if sign is not None and (any(name in defined for name in sign.by) or _has_paths(sign.of, defined)):
            return True
        right = row.pieces if row.goes_on else row.pieces[1:]
        if any(found[1] in defined for p in right for found in _OF_NAMES.finditer(plain_fractions(p.text))):
            return True
    return False


def _has_paths(name: str, defined: Mapping[str, str]) -> bool:
    """Tell whether what a name stands for holds several others that are defined: there are several paths then."""
    used = set(re.findall(r"[^\W\d_]+\d*", defined[name]))
    return len({other for other in defined if other != name and other in used}) > 1
