"""What the parts of a problem share, said once above them: the function, or the graph with its values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.expr.tree import Tree
from symback.page.solution import Definitions, Formula, Listing, Part, Values

SAID = "$"  # the author's text has formulas of its own


def shared_by(exercise: Any, inherited: frozenset[str], text: str) -> tuple[Part, ...]:
    """Return what a problem says above its parts, of what this part of it has from there.

    Functions stand there only where the author's text has no formula; graphs always, because parts do not repeat them.
    """
    if "graph" in inherited:
        parts = tuple(exercise.data())
        is_graph = (isinstance(part, (Definitions, Listing)) for part in parts)
        return parts if "at" in inherited else tuple(p for p, yes in zip(parts, is_graph, strict=True) if yes)
    values = tuple(exercise.values_given()) if "given" in inherited and hasattr(exercise, "values_given") else ()
    function = getattr(exercise, "function", None)
    if "expr" not in inherited or SAID in text or function is None or not function.name:
        return values
    return (*_definitions(function), *values)


def _definitions(function: Any) -> Iterator[Part]:
    from symback.problems import wording

    yield ("Let ", wording.called(function), " = ", function.tree if function.called is None else function.called, ".")


def without_shared(task: Sequence[Part], exercise: Any, inherited: frozenset[str]) -> tuple[Part, ...]:
    """Return what a part asks, without what its problem says already."""
    if "graph" in inherited:
        said = [part for part in exercise.data() if "at" in inherited or isinstance(part, (Definitions, Listing))]
        return tuple(part for part in task if not any(_are_same(part, other) for other in said))
    if "given" in inherited and hasattr(exercise, "values_given"):
        values = tuple(exercise.values_given())
        task = [part for part in task if part not in values]
    function = getattr(exercise, "function", None)
    if "expr" in inherited and function is not None and function.name:
        return tuple(_shortened(part, function) for part in task if not _defines(part, function))
    return tuple(task)


def _are_same(one: Part, other: Part) -> bool:
    if isinstance(one, Definitions) and isinstance(other, Definitions):
        return one.graph is other.graph
    if isinstance(one, Values) and isinstance(other, Values):
        return dict(one.tables[0]) == dict(other.tables[0])
    return one == other


def _defines(part: Part, function: Any) -> bool:
    return isinstance(part, Formula) and part.name == function.name


def _shortened(part: Part, function: Any) -> Part:
    """Return a sentence that names a function without its definition: f(x) for f(x) = x^2."""
    if isinstance(part, (Formula, Listing, Definitions, Values)):
        return part
    words: list[str | Tree] = []
    for i, word in enumerate(part):
        is_definition = word == function.tree and i >= 2 and part[i - 1] == " = "
        if is_definition:
            words.pop()
        else:
            words.append(word)
    return tuple(words)
