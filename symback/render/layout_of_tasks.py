r"""What a problem asks, laid out: the author's words, formulas, graphs, values, and what is wrong where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from symback.errors import ParseError, SymbackError
from symback.render.backprop.blocks import writer
from symback.render.equations import left_side
from symback.render.latex_rows import text_in_maths
from symback.render.latex_width import width
from symback.render.maths import latex
from symback.render.names import latex_name
from symback.render.notation import LATEX
from symback.render.page import Block, Display, Equation, Inline, Inlines, Maths, Paragraph, Remark, Table, Text
from symback.render.page import Listing as PageListing
from symback.render.prose import blocks_of_markdown, cleaned
from symback.render.quantities import is_array, shape_of, shape_words
from symback.solution import Definitions, Formula, Listing, Part, Sentence, Solution, Values
from symback.tree import apply, symbol

WIDEST_INLINE = 40.0  # digits: a wider formula stands on a line of its own, because it cannot be broken within words
MOST_ENTRIES = 60  # of an array that is written out
MOST_COLUMNS = 10  # of a matrix, or of a table with a row for each pass


def task_blocks(solution: Solution) -> Iterator[Block]:
    """Yield the author's words, what is asked, and why the problem could not be worked where it could not."""
    yield from blocks_of_markdown(solution.text)
    for is_formula, parts in groupby(solution.task, lambda part: isinstance(part, Formula)):
        if is_formula:
            yield Display(tuple(_formula(part) for part in parts if isinstance(part, Formula)))
        else:
            for part in parts:
                yield from _asked(part)
    if solution.error is not None:
        yield from _error(solution.error)


def _formula(formula: Formula) -> Equation:
    written = latex(formula.tree, formula.several)
    return Equation(left_side(formula.name, LATEX), (written,)) if formula.name else Equation(written, ())


def _asked(part: Part) -> Iterator[Block]:
    match part:
        case Listing():
            yield PageListing(part.text)
        case Definitions():
            yield from _definitions(part)
        case Values():
            yield from _values(part.tables)
        case Formula():
            yield Display((_formula(part),))
        case _:
            yield from _sentence(part)


def _sentence(sentence: Sentence) -> Iterator[Block]:
    """Yield a sentence; a formula in it that is wide stands below the words before it."""
    words: list[Inline] = []
    for part in _inlines(sentence):
        if isinstance(part, Maths) and width(part.latex) > WIDEST_INLINE:
            yield from _paragraph(words)
            yield Display((Equation(part.latex, ()),))
            words = []
        else:
            words.append(part)
    yield from _paragraph(words)


def _paragraph(words: Sequence[Inline]) -> Iterator[Block]:
    if words and words != [Text(".")]:
        yield Paragraph(tuple(words))


def _inlines(sentence: Sentence) -> Iterator[Inline]:
    """Yield words and formulas; an equation is one formula: x = 2."""
    formula = ""
    for part in sentence:
        if not isinstance(part, str):
            formula += latex(part)
        elif formula and part.strip() == "=" and not formula.endswith(" = "):
            formula += " = "
        else:
            yield from _ended(formula)
            formula = ""
            yield Text(part)
    yield from _ended(formula)


def _ended(formula: str) -> Iterator[Inline]:
    if formula:
        yield Maths(formula.removesuffix(" = "))
    if formula.endswith(" = "):
        yield Text(" = ")


def _error(error: SymbackError) -> Iterator[Block]:
    """Yield what is wrong with a problem that could not be worked, what to do about it, and where it stands."""
    yield Remark("error", (Text(cleaned(" ".join(filter(None, (error.message, error.hint))))),))
    if isinstance(error, ParseError) and error.text.strip():
        place, _, _ = error.explain().partition(f"\n{error.message}")
        yield PageListing(cleaned(place))


# --- graphs -------------------------------------------------------------------------------------------------------


def _definitions(part: Definitions) -> Iterator[Block]:
    """Yield the formulas of a graph, and the shapes of the arrays that have no values."""
    graph, write = part.graph, writer(part)
    equations = [equation for f in graph.functions.values() for equation in _function(f)]
    equations += [Equation(write(symbol(name)), (write(tree),)) for name, tree in graph.trees.items()]
    yield Display(tuple(equations))
    if part.open:
        yield Paragraph((Text("Here "), *_shapes([(name, part.shapes[name]) for name in part.open]), Text(".")))


def _function(function: Any) -> Iterator[Equation]:
    r"""Yield the definition of a function, and of its derivative where there is one: psi(t) = ..., psi'(t) = ..."""
    parameter = symbol(function.parameter)
    yield Equation(latex(apply(function.name, parameter)), (latex(function.body),))
    if function.derivative is not None:
        name, argument = latex_name(function.name), latex(parameter)
        yield Equation(rf"{name}'\left({argument}\right)", (latex(function.derivative),))


def _shapes(arrays: Sequence[tuple[str, tuple[int, ...]]]) -> Iterator[Inline]:
    """Yield what each name is: W is a 3×2 matrix and x a vector of 2 entries."""
    for i, (name, shape) in enumerate(arrays):
        if i:
            yield Text(" and " if i == len(arrays) - 1 else ", ")
        yield Maths(latex(symbol(name)))
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
        yield Display(tuple(Equation(latex(symbol(name)), (_value(first[name]),)) for name in shared))
    names = [name for name in first if name not in shared]
    if names:
        yield _table(names, tables)


def _table(names: Sequence[str], tables: Sequence[Mapping[str, Any]]) -> Table:
    head: list[Inlines] = [(Maths(latex(symbol(name))),) for name in names]
    rows: list[list[Inlines]] = [[(Maths(_value(t[name])),) if name in t else () for name in names] for t in tables]
    if len(names) <= MOST_COLUMNS:
        return Table(tuple(head), tuple(map(tuple, rows)))
    titles: list[Inlines] = [(Text(f"pass {i}"),) for i in range(1, len(rows) + 1)]
    return Table(((), *titles), tuple(zip(head, *rows, strict=True)))


def _value(value: Any) -> str:
    """Return a number, a vector in round brackets or a matrix; of a large array its shape in words."""
    if not is_array(value):
        return latex(value)
    shape = shape_of(value)
    count = 1
    for size in shape:
        count *= size
    if len(shape) > 2 or count > MOST_ENTRIES or (len(shape) == 2 and shape[1] > MOST_COLUMNS):
        return text_in_maths(f"an array of {shape_words(shape)}")
    if len(shape) == 1:
        return rf"\left({', '.join(map(latex, value))}\right)"
    rows = r" \\ ".join(" & ".join(map(latex, row)) for row in value)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
