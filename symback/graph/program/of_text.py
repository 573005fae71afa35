"""The program of a graph: its statements as nodes, for inputs of given shapes, with letters for sizes or without."""

from __future__ import annotations

from collections.abc import Mapping

from symback.errors import ShapeError
from symback.expr.tree import symbol
from symback.graph.language.clashes import where_given
from symback.graph.language.reader import Source, Statement
from symback.graph.language.shape_lines import first_entries
from symback.graph.nodes import Dim, Program, Shape, shape_text
from symback.graph.program.build import Builder
from symback.graph.sizes import filled, letters_of, samples


def built(source: Source, shapes: Mapping[str, Shape]) -> tuple[Program, dict[str, int]]:
    """Return the nodes of a graph and the numbers of the named ones, for inputs of these shapes.

    Letters get their numbers from the shapes, and stay letters without one. ParseError, at the
    statement, for shapes that do not fit.
    """
    sizes = _sizes(source, shapes)
    known = {**{name: filled(shape, sizes) for name, shape in declared_shapes(source).items()}, **shapes}
    first = {n: f for n, r in source.entries.items() if n in known and (f := first_entries(r, known[n]))}
    builder = Builder(source.functions, first=first, sizes=sizes)
    named = {name: builder.input(name, known[name]) for name in source.inputs}
    environment = {symbol(name): node for name, node in named.items()}
    for statement in source.statements:
        before = len(builder.nodes)
        try:
            node = builder.lower(statement.tree, environment)
        except ShapeError as error:
            hint = where_given(error, source.text, source.places, source.given, source.inputs)
            raise source.error(statement, error.message, hint) from error
        _check_shape(source, statement, builder.shape(node), sizes)
        node = builder.name(node, statement.name, node >= before)
        name = symbol(statement.name)
        named[name.name] = environment[name] = node
    return tuple(builder.nodes), named


def declared_shapes(source: Source) -> dict[str, Shape]:
    """Return the shape of each input: of its shape line, else of the value that was given with the text, else none."""
    known = {**source.given, **source.shapes}
    return {name: known.get(name, ()) for name in source.inputs}


def _sizes(source: Source, shapes: Mapping[str, Shape]) -> dict[str, int]:
    """Return what each letter is: the number that the shapes give it, or the letter with its sample."""
    sizes: dict[str, int] = {letter: Dim(letter, n) for letter, n in samples(source.sizes, least=source.least).items()}
    for name, shape in shapes.items():
        declared = source.shapes.get(name, ())
        sizes |= {d.letter: n for d, n in zip(declared, shape, strict=False) if isinstance(d, Dim)}
    return sizes


def _check_shape(source: Source, statement: Statement, shape: Shape, sizes: dict[str, int]) -> None:
    """Refuse a node of another shape than its shape line says; a letter that only that line has is given there."""
    declared = source.shapes.get(statement.name)
    if declared is None:
        return
    of_inputs = letters_of(source.shapes.get(name, ()) for name in source.inputs)
    for size, found in zip(declared, shape, strict=False):
        if isinstance(size, Dim) and size.letter not in of_inputs and not isinstance(found, Dim):
            known = sizes[size.letter]
            sizes[size.letter] = found if isinstance(known, Dim) else known
    if shape != filled(declared, sizes):
        message = f"{statement.name} is {shape_text(shape)}, but its shape line says {shape_text(declared)}."
        raise source.error(statement, message, "Change one of the two.")
