"""Results of several parts: chains of lines or of equations, sentences, tables, curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

from sympy.core.basic import Basic

from symback.calculus.worked import Chain, Grid, Plot, Said, Words, Worked
from symback.expr.tree import Equal, Tree, number_value
from symback.page import equations, json, maths
from symback.page.equations import Part, at_the_point
from symback.page.formula.value import NOTHING, Formula, equation, formula, name, spelled_by
from symback.page.kinds import Kind, Object
from symback.page.lines import Line, is_long, reason_of, shown
from symback.page.numbers import approximately
from symback.page.options import Options, distinct
from symback.page.page import Block, Display, Equation, Figure, Inline, Inlines, Maths, Paragraph, Table, Text


def _blocks(result: Worked, options: Options) -> Iterator[Block]:
    for piece in result.pieces:
        match piece:
            case Chain():
                yield from _chain(piece, options)
            case Said(words):
                yield Paragraph(_inlines(words))
            case Grid(head, rows):
                yield Table(tuple(map(_inlines, head)), tuple(tuple(map(_inlines, row)) for row in rows))
            case Plot() if options.pictures:
                yield from _picture(piece)


def _inlines(words: Words) -> Inlines:
    made: list[Inline] = [Text(word) if isinstance(word, str) else Maths(formula(word)) for word in words]
    return tuple(made)


def _picture(plot: Plot) -> Iterator[Block]:
    curves = import_module("symback.page.pictures.curves")  # drawn where a page has pictures
    drawn = curves.svg_of(plot)
    if drawn:
        yield Figure(drawn, curves.alt_of(plot))


# --- chains -----------------------------------------------------------------------------------------------------------


def _chain(chain: Chain, options: Options) -> Iterator[Block]:
    if not chain.is_of_equations:
        yield from _of_lines(chain, options)
        return
    lines = shown(chain.derivation, options.detail)
    yield Display(tuple(_equation(line, chain, options) for line in lines))


def _of_lines(chain: Chain, options: Options) -> Iterator[Block]:
    left = NOTHING if chain.left is None else formula(chain.left, chain.several)
    left = at_the_point(left, chain.where) if left and chain.where else left
    if chain.derivation.moves or chain.left is None:
        # a chain is one display whatever its order
        plain = replace(chain.derivation, variables=chain.derivation.variables[:1])
        yield from equations.part_blocks(Part(left, plain, chain.several), options)
    else:
        yield Display((Equation(left, (formula(chain.derivation.start, chain.several),)),))


def _equation(line: Line, chain: Chain, options: Options) -> Equation:
    """Return a line of equations: both sides, the left one before the equals sign."""
    tree = line.marked if options.marks else line.tree
    tree = tree if isinstance(tree, Equal) else line.tree
    left, right = (formula(side, chain.several) for side in tree._args)
    reason = reason_of(line, options.detail)
    letters = tuple(equation(name(letter), formula(tree, chain.several)) for letter, tree in reason.bindings)
    return Equation(left, (right,), ", ".join(reason.names), letters, reason.more)


def _answers(result: Worked, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    rows = [Equation(formula(result.asked), (_with_decimal(result.last),))]
    value = result.fact("value")
    if value is not None:
        where = result.fact("point") or ()
        rows.append(Equation(at_the_point(formula(result.asked), where), (_with_decimal(value),)))
    yield Display(tuple(rows))


def _with_decimal(tree: Tree) -> Formula:
    from symback.verify import approximate

    shown_as = formula(tree)
    decimal = None if number_value(tree) is not None else approximate(tree)
    if decimal is None:
        return shown_as
    return shown_as + spelled_by(lambda notation: approximately(decimal, notation.name))


# --- data -------------------------------------------------------------------------------------------------------------


def _data(result: Worked, options: Options) -> Object:
    chains = result.chains()
    read_as = result.read_as
    made: Object = {
        "schema": json.SCHEMA,
        "kind": result.data_kind or result.kind,
        "input": result.source or maths.text(read_as),
        "read_as": maths.sympy(json.renamed(read_as, result.originals)),
        "notes": distinct(result.notes),
        "answer": json.expression(result.last, False, result.originals),
        **{key: _fact(value, result) for key, value in result.facts},
        "steps": [step for chain in chains for step in _steps(chain)],
        "lines": _lines(chains, options),
    }
    verdict = options.verdict_on(result)
    return made if verdict is None else made | {"verified": {"verdict": verdict.verdict, "points": verdict.points}}


def _steps(chain: Chain) -> list[Object]:
    return json.steps_of(chain.derivation, chain.several, is_long(chain.derivation))


def _lines(chains: Sequence[Chain], options: Options) -> list[Object]:
    """Return the lines of all chains; their steps are counted from the first of all."""
    made: list[Object] = []
    before = 0
    for chain in chains:
        found = json.lines_of(chain.derivation, chain.several, options.detail)
        made += [{**line, "steps": [number + before for number in line["steps"]]} for line in found]
        before += len(chain.derivation.moves)
    return made


def _fact(value: Any, result: Worked) -> Any:
    """Return a fact as JSON: trees as expressions, with their value as a number."""
    if isinstance(value, Basic):
        from symback.verify import approximate

        number = approximate(value)
        made = json.expression(value, False, result.originals)
        return made if number is None else {**made, "number": number}
    if isinstance(value, Mapping):
        return {key: _fact(inner, result) for key, inner in value.items()}
    if isinstance(value, tuple) and value and all(isinstance(pair, tuple) and len(pair) == 2 for pair in value):
        return {str(key): maths.text(inner) for key, inner in value}
    return [_fact(inner, result) for inner in value] if isinstance(value, (tuple, list)) else value


KIND = Kind(_blocks, _answers, _data)
