"""`{{a}}` in the texts of a problem: the value is put in its place, in mathematics with signs as on paper.

    x^2 + {{a}}x    with a = -3:  x^2 - 3x       with a = 1:  x^2 + x
    x^{{a}}         with a = -2:  x^(-2)         2{{a}}x      with a = 3:   2·3x

Between dollar signs of prose is LaTeX, so that exponents get braces and fractions are built; elsewhere in prose
the value is as it is. A value keeps together, as a letter in its place would: brackets go round it where a sign or
a fraction bar would reach further.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from symback.problems.file.fields import Style
from symback.problems.file.parameters import Value
from symback.problems.variants.substitute import written_between

Values = Mapping[str, Value]

PLACEHOLDER = re.compile(r"\{\{[ \t]*([A-Za-z][A-Za-z0-9_]*)[ \t]*\}\}")
FIXED = frozenset(("id", "parameters", "reject"))  # keys whose texts are not touched


class Filled(NamedTuple):
    """A text with its values, and for each of its characters the offset in the text with the placeholders."""

    text: str
    origins: tuple[int, ...] = ()

    def origin(self, offset: int) -> int:
        """Return where a character of the filled text comes from."""
        if not self.origins:
            return offset
        return self.origins[min(max(offset, 0), len(self.origins) - 1)]


def names_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the names of the placeholders of a text, each with its span.

    >>> list(names_in("{{a}}x + { {{b}} }"))
    [('a', 0, 5), ('b', 11, 16)]
    """
    if "{{" in text:
        yield from ((found[1], *found.span()) for found in PLACEHOLDER.finditer(text))


@cache
def style_of(key: str) -> Style:
    """Return how values are written in the texts of a key, which the type of the key says.

    >>> style_of("text"), style_of("wrt"), style_of("expr")
    ('prose', 'plain', 'maths')
    """
    from symback.problems.common import Common
    from symback.problems.file.tables import Table
    from symback.problems.registry import kinds

    tables: tuple[type[Table], ...] = (Common, *kinds().values())
    return next((table.fields[key].style for table in tables if key in table.fields), "plain")


def texts_of(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield all texts in lists and tables, each with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, (list, tuple)):
        for i, entry in enumerate(value):
            yield from texts_of(entry, (*path, i))
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from texts_of(entry, (*path, key))


def fill_all(value: Any, values: Values, style: Style) -> Any:
    """Return lists and tables with the values put into all their texts."""
    if isinstance(value, str):
        return fill(value, values, style).text
    if isinstance(value, (list, tuple)):
        return type(value)(fill_all(entry, values, style) for entry in value)
    if isinstance(value, Mapping):
        return {key: fill_all(entry, values, style) for key, entry in value.items()}
    return value


def fill(template: str, values: Values, style: Style = "maths") -> Filled:
    """Return a text with the values put in; placeholders without a value stay.

    >>> from symback.problems.file.parameters import value_of
    >>> fill("x^2 + {{a}}x - {{b}}", {"a": value_of(1), "b": value_of(-4)}).text
    'x^2 + x + 4'
    """
    if "{{" not in template:
        return Filled(template)
    page = _Page(template)
    at = 0
    for name, start, stop in names_in(template):
        if name in values and start >= at:
            page.copy(at, start)
            at = page.put(values[name], start, stop, style)
    page.copy(at, len(template))
    return Filled("".join(page.out), (*page.origins, len(template)))


class _Page:
    """A text that is being filled: its characters so far, and where each comes from."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.out: list[str] = []
        self.origins: list[int] = []

    def copy(self, at: int, stop: int) -> None:
        self.out.extend(self.template[at:stop])
        self.origins.extend(range(at, stop))

    def put(self, value: Value, start: int, stop: int, style: Style) -> int:
        """Write a value; return the offset in the template where copying goes on."""
        before, after = "".join(self.out), self.template[stop:]
        latex = style == "prose"
        if latex:
            before, after, is_formula = _formula_around(before, after)
        if style == "plain" or (latex and not is_formula):
            self._write(value.text, start)
            return stop
        change = written_between(value, before, after, latex)
        if change.drop:
            del self.out[-change.drop :]
            del self.origins[-change.drop :]
        self._write(change.text, start)
        return stop + change.skip

    def _write(self, text: str, origin: int) -> None:
        self.out.extend(text)
        self.origins.extend([origin] * len(text))


_DOLLAR = re.compile(r"(?<!\\)(?:\\\\)*(\$\$?)")


def _formula_around(before: str, after: str) -> tuple[str, str, bool]:
    """Return what is before and after a place within its formula, and whether it is in one at all."""
    dollars = list(_DOLLAR.finditer(before))
    if len(dollars) % 2 == 0:
        return before, after, False
    closing = _DOLLAR.search(after)
    return before[dollars[-1].end() :], after[: closing.start(1)] if closing else after, closing is not None
