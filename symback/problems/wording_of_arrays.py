"""Graphs and arrays as a task gives them: formulas with shapes, and values by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from symback.calculus.question import as_number
from symback.errors import ParseError
from symback.expr.numeric import np
from symback.graph.graph import Graph, canonical
from symback.page.solution import Definitions, Listing, Values
from symback.problems.answers import given

MOST_STATEMENTS = 16  # of a graph that is written as formulas
MOST_ENTRIES = 60  # of an array that is written out


def graph(of: Graph, values: Mapping[str, Any]) -> Listing | Definitions:
    """Return a graph as formulas; as it was typed where it has loops or comments, or is long."""
    given_shapes = {canonical(name): shape for name, value in values.items() if (shape := np.shape(value))}
    if _AS_TYPED.search(of.text) or len(of.statements) > MOST_STATEMENTS:
        return Listing(of.text.strip())
    try:
        nodes, named = of.program(given_shapes)
    except ParseError:  # the values are those of many examples, each of which goes through the graph
        return Listing(of.text.strip())
    found = {name: nodes[i].shape for name, i in named.items()}
    known = {canonical(name) for name in values}
    return Definitions(of, found, tuple(name for name in of.inputs if found[name] and name not in known))


_AS_TYPED = re.compile(r"#|(?:^|[\n;])\s*for\s")


def arrays(*tables: Mapping[str, Any]) -> Values:
    """Return values that are given, a table for each pass.

    >>> arrays({"x": [1, "1/2"]})
    Values(tables=({'x': [1, Quotient(1, 2)]},))
    """
    return Values(tuple({canonical(name): _trees(value, name) for name, value in t.items()} for t in tables))


def _trees(value: Any, name: str) -> Any:
    """Return the numbers of an array as expressions; a large one, of which only the shape is shown, as it is."""
    if np.size(value) > MOST_ENTRIES:
        return value
    return given.nested(value, lambda entry: as_number(given.checked(entry, name)), name)
