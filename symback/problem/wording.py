"""What is asked, as a teacher prints it: sentences with expressions between the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from symback.errors import ParseError
from symback.graph.graph import Graph, canonical
from symback.problem import given
from symback.question import Question, as_number
from symback.solution import Definitions, Formula, Listing, Part, Sentence, Values
from symback.tree import Let, Tree, apply, symbol, walk, weight_of

LONGEST = 30  # signs of an expression that stands within a sentence
MOST_LISTED = 16  # names in a sentence
MOST_STATEMENTS = 16  # of a graph that is written as formulas
MOST_ENTRIES = 60  # of an array that is written out
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def listed(items: Sequence[Sentence]) -> Sentence:
    """Return items with commas between them and an and before the last.

    >>> listed([("a",), ("b",), ("c",)])
    ('a', ', ', 'b', ' and ', 'c')
    """
    words: list[str | Tree] = []
    for i, item in enumerate(items):
        words += [*([] if i == 0 else [" and " if i == len(items) - 1 else ", "]), *item]
    return tuple(words)


def names(of: Iterable[str]) -> Sentence:
    """Return names as a list in words: a, b and c."""
    return listed([(symbol(name),) for name in of])


def point(values: Mapping[str, Tree]) -> Sentence:
    """Return the values of a point: x = 2 and y = -1."""
    return listed([(symbol(name), " = ", value) for name, value in values.items()])


def vector(components: Iterable[Tree]) -> Sentence:
    """Return the components of a vector: (3, 4)."""
    words: list[str | Tree] = []
    for component in components:
        words += [", " if words else "(", component]
    return (*words, ")")


def ordinal(order: int) -> str:
    """Return which derivative it is, in words.

    >>> ordinal(2), ordinal(12)
    ('second', '12th')
    """
    return ORDINALS[order - 1] if order <= len(ORDINALS) else f"{order}th"


# --- functions ------------------------------------------------------------------------------------------------------


def is_long(question: Question) -> bool:
    """Tell whether a function needs a line of its own: it is long, or was given with other functions."""
    return question.has_inner or question.called is not None or weight_of(question.tree) > LONGEST


def function(question: Question) -> Sentence:
    """Return a function within a sentence: x^2, or f(x, y) = 3x + y."""
    if not question.name:
        return (question.tree,)
    return (called(question), " = ", question.tree)


def called(question: Question) -> Tree:
    """Return a function by its name: y, or f(x, y)."""
    parameters = [symbol(name) for name in question.parameters]
    return apply(question.name, *parameters) if parameters else symbol(question.name)


def formulas(question: Question) -> Iterator[Formula]:
    """Yield the lines that define a function as it was typed: itself, and the functions that it was given with."""
    yield Formula(question.tree if question.called is None else question.called, question.name)
    yield from inner_formulas(question)


def inner_formulas(question: Question) -> Iterator[Formula]:
    """Yield the functions that a function was given with, each once."""
    yield from (Formula(tree, name) for name, tree in question.insertions)
    seen = set()
    for node in walk(question.tree):
        if isinstance(node, Let) and node._args[0] not in seen:
            seen.add(node._args[0])
            yield Formula(node._args[1], node._args[0].name)


def about(before: str, questions: Sequence[Question], after: Sentence = ()) -> Iterator[Part]:
    """Yield a sentence about functions, which follow on lines of their own where that is easier to read."""
    if len(questions) == 1 and not is_long(questions[0]):
        yield (f"{before} ", *function(questions[0]), *after, ".")
        return
    what = "the function" if len(questions) == 1 else "the functions"
    yield (f"{before} {what}", *after, ":")
    for number, question in enumerate(questions, 1):
        name = question.name or (f"f{number}" if len(questions) > 1 else "")
        yield from formulas(question._replace(name=name))


# --- arrays ---------------------------------------------------------------------------------------------------------


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
