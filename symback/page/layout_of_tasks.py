r"""What a problem asks, laid out: the author's words, formulas, graphs, values, and what is wrong where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import prod
from typing import Any

from symback.errors import ParseError, SymbackError
from symback.expr.tree import apply, symbol
from symback.page.backprop.blocks import writer
from symback.page.formula.latex_width import width
from symback.page.formula.value import (
    EQUALS,
    NOTHING,
    Formula,
    Matrix,
    formula,
    name,
    words,
)  # fmt: skip
from symback.page.page import Block, Bullets, Display, Equation, Inline, Inlines, Maths, Paragraph, Remark, Table, Text
from symback.page.page import Listing as PageListing
from symback.page.prose import cleaned, inlines_of_markdown
from symback.page.quantities import is_array, shape_of, shape_words
from symback.page.solution import Chart, Definitions, Listing, Options, Part, Sentence, Solution, Values
from symback.page.solution import Formula as Asked

WIDEST_INLINE = 40.0  # digits: a wider formula stands on a line of its own, because it cannot be broken within words
MOST_ENTRIES = 60  # of an array that is written out
MOST_COLUMNS = 10  # of a matrix, or of a table with a row for each pass


def task_blocks(solution: Solution) -> Iterator[Block]:
    """Yield what is asked."""
    for is_formula, parts in groupby(solution.task, lambda part: isinstance(part, Asked)):
        if is_formula:
            yield Display(tuple(_formula(part) for part in parts if isinstance(part, Asked)))
        else:
            for part in parts:
                yield from _asked(part)


def _formula(asked: Asked) -> Equation:
    shown = formula(asked.tree, asked.several)
    return Equation(name(asked.name), (shown,)) if asked.name else Equation(shown, ())


def _asked(part: Part) -> Iterator[Block]:
    match part:
        case Listing():
            yield PageListing(part.text)
        case Definitions():
            yield from _definitions(part)
        case Values():
            yield from _values(part.tables)
        case Asked():
            yield Display((_formula(part),))
        case Chart():
            cells = [tuple(() if c is None else (Maths(formula(c)),) for c in row) for row in (part.head, *part.rows)]
            yield Table(cells[0], tuple(cells[1:]))
        case Options():
            yield Bullets(tuple(map(option_inlines, part.items)), ordered=True)
        case _:
            yield from _sentence(part)


def option_inlines(option: Any) -> Inlines:
    """Return an option to choose: words with formulas, or an expression."""
    return inlines_of_markdown(option) if isinstance(option, str) else (Maths(formula(option)),)


def _sentence(sentence: Sentence) -> Iterator[Block]:
    """Yield a sentence; a formula in it that is wide stands below the words before it."""
    said: list[Inline] = []
    for part in _inlines(sentence):
        if isinstance(part, Maths) and width(part.formula.latex) > WIDEST_INLINE:
            yield from _paragraph(said)
            yield Display((Equation(part.formula, ()),))
            said = []
        else:
            said.append(part)
    yield from _paragraph(said)


def _paragraph(said: Sequence[Inline]) -> Iterator[Block]:
    if said and said != [Text(".")]:
        yield Paragraph(tuple(said))


def _inlines(sentence: Sentence) -> Iterator[Inline]:
    """Yield words and formulas; an equation is one formula: x = 2."""
    shown, is_open = NOTHING, False
    for part in sentence:
        if not isinstance(part, str):
            shown, is_open = shown + (EQUALS if is_open else NOTHING) + formula(part), False
        elif shown and part.strip() == "=" and not is_open:
            is_open = True
        else:
            yield from _ended(shown, is_open)
            shown, is_open = NOTHING, False
            yield Text(part)
    yield from _ended(shown, is_open)


def _ended(shown: Formula, is_open: bool) -> Iterator[Inline]:
    if shown:
        yield Maths(shown)
    if is_open:
        yield Text(" = ")


def error_blocks(error: SymbackError | None) -> Iterator[Block]:
    """Yield why a problem could not be worked where it could not, what to do about it, and where it stands."""
    if error is None:
        return
    yield Remark("error", (Text(cleaned(" ".join(filter(None, (error.message, error.hint))))),))
    if isinstance(error, ParseError) and error.text.strip():
        place, _, _ = error.explain().partition(f"\n{error.message}")
        yield PageListing(cleaned(place))


# --- graphs -------------------------------------------------------------------------------------------------------


def _definitions(part: Definitions) -> Iterator[Block]:
    """Yield the formulas of a graph, and the shapes of the arrays that have no values."""
    graph, write = part.graph, writer(part)
    equations = [equation for f in graph.functions.values() for equation in _function(f)]
    equations += [Equation(write(symbol(own)), (write(tree),)) for own, tree in graph.trees.items()]
    yield Display(tuple(equations))
    if part.open:
        yield Paragraph((Text("Here "), *_shapes([(own, part.shapes[own]) for own in part.open]), Text(".")))


def _function(function: Any) -> Iterator[Equation]:
    r"""Yield the definition of a function, and of its derivative where there is one: psi(t) = ..., psi'(t) = ..."""
    parameters = [symbol(name) for name in function.parameters]
    yield Equation(formula(apply(function.name, *parameters)), (formula(function.body),))
    if function.derivative is not None:
        yield Equation(formula(apply(f"{function.name}'", *parameters)), (formula(function.derivative),))


def _shapes(arrays: Sequence[tuple[str, tuple[int, ...]]]) -> Iterator[Inline]:
    """Yield what each name is: W is a 3×2 matrix and x a vector of 2 entries."""
    for i, (own, shape) in enumerate(arrays):
        if i:
            yield Text(" and " if i == len(arrays) - 1 else ", ")
        yield Maths(name(own))
        yield Text((" is " if i == 0 else " ") + _what(shape))


def _what(shape: tuple[int, ...]) -> str:
    kind = {1: "a vector of {}", 2: "a {} matrix"}.get(len(shape), "an array of {}")
    return kind.format(shape_words(shape))


# --- values -------------------------------------------------------------------------------------------------------


def _values(tables: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    """Yield the values that all passes share as equations, and the others as a table with a row for each pass."""
    first, *others = tables
    shared = [name for name in first if all(other.get(name) == first[name] for other in others)]
    if shared:
        yield Display(tuple(Equation(name(own), (_value(first[own]),)) for own in shared))
    names = [name for name in first if name not in shared]
    if names:
        yield _table(names, tables)


def _table(names: Sequence[str], tables: Sequence[Mapping[str, Any]]) -> Table:
    head: list[Inlines] = [(Maths(name(own)),) for own in names]
    rows: list[list[Inlines]] = [[(Maths(_value(t[own])),) if own in t else () for own in names] for t in tables]
    if len(names) <= MOST_COLUMNS:
        return Table(tuple(head), tuple(map(tuple, rows)))
    titles: list[Inlines] = [(Text(f"pass {i}"),) for i in range(1, len(rows) + 1)]
    return Table(((), *titles), tuple(zip(head, *rows, strict=True)))


def _value(value: Any) -> Formula:
    """Return a number, a vector in round brackets or a matrix; of a large array its shape in words."""
    if not is_array(value):
        return formula(value)
    shape = shape_of(value)
    if len(shape) > 2 or prod(shape) > MOST_ENTRIES or (len(shape) == 2 and shape[1] > MOST_COLUMNS):
        return words(f"an array of {shape_words(shape)}")
    rows = [value] if len(shape) == 1 else value
    return Formula(Matrix(tuple(tuple(map(formula, row)) for row in rows), is_row=len(shape) == 1))
