"""What is asked, as a teacher prints it: sentences with expressions between the words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from symback.calculus.question import Question
from symback.expr.tree import Let, Tree, apply, symbol, walk, weight_of
from symback.page.solution import Formula, Part, Sentence

LONGEST = 30  # signs of an expression that is within a sentence
MOST_LISTED = 16  # names in a sentence
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
