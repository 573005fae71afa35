"""Given values of functions: `given = {"g(1)" = 3, "f'(3)" = 6}`, or tables of them, `given = {f = {1 = 3}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from symback.calculus.question import as_number
from symback.errors import UsageError
from symback.expr.tree import Apply, Tree, apply, symbol
from symback.page.solution import Chart, Part
from symback.problems.answers.given import checked
from symback.syntax import parse

HINT = 'Write it as in given = {"g(1)" = 3, "f\'(3)" = 6}.'
PLACE = "x"  # the variable of a table's head


def known_values(given: Any) -> dict[Tree, Tree]:
    """Return the values by what they are the values of.

    >>> known_values({"g(1)": 3, "f'": {"2": "1/2"}})
    {Apply(g, 1): 3, Apply(f', 2): Quotient(1, 2)}
    """
    found: dict[Tree, Tree] = {}
    for name, value in (given or {}).items():
        entries = value.items() if isinstance(value, Mapping) else [("", value)]
        for place, one in entries:
            written = f"{name}({place})" if place else str(name)
            tree = parse(written)
            if not isinstance(tree, Apply) or tree in found:
                message = (
                    f"{written[:60]} is given twice." if tree in found else f"{written[:60]} is no value of a function."
                )
                raise UsageError(message, hint=HINT)
            found[tree] = as_number(checked(one, written))
    return found


def parts_of(given: Mapping[str, Any], known: Mapping[Tree, Tree]) -> Iterator[Part]:
    """Yield given values as they are printed: single ones in a sentence, those of tables in one table."""
    single = [known_values({name: value}) for name, value in given.items() if not isinstance(value, Mapping)]
    words: list[str | Tree] = []
    for i, one in enumerate(pair for values in single for pair in values.items()):
        words += [", " if i else "Given are ", one[0], " = ", one[1]]
    if words:
        yield (*words, ".")
    tables = {name: dict(value) for name, value in given.items() if isinstance(value, Mapping)}
    if tables:
        yield _chart(tables)


def _chart(tables: Mapping[str, Mapping[str, Any]]) -> Chart:
    """Return tables of functions as one, with a row for each place."""
    places = dict.fromkeys(place for table in tables.values() for place in table)
    head = (symbol(PLACE), *(apply(name, symbol(PLACE)) for name in tables))
    rows = (
        (parse(place), *(as_number(table[place]) if place in table else None for table in tables.values()))
        for place in places
    )
    return Chart(head, tuple(rows))
