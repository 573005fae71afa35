"""Extrema: the story of how they are found, the points with their types, and pictures of curve and contour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.calculus.extrema.story import Equate, Grid, Say, Work
from symback.expr.tree import ZERO, Tree
from symback.page import json, maths
from symback.page.equations import Part, part_blocks
from symback.page.formula.value import Formula, equation, formula, spelled_by
from symback.page.kinds import Kind, Object
from symback.page.kinds.integral import line_objects
from symback.page.lines import has_several, is_long
from symback.page.notation import Notation
from symback.page.options import Options, distinct
from symback.page.page import Block, Display, Equation, Inline, Maths, Paragraph, Table, Text
from symback.verify import approximate


def _blocks(extrema: Any, options: Options) -> Iterator[Block]:
    several = len(extrema.variables) > 1
    for part in extrema.story:
        if isinstance(part, Say):
            yield Paragraph(_inlines(part.words, several))
        elif isinstance(part, Work):
            yield from _work(part, several, options)
        elif isinstance(part, Equate):
            yield Display(tuple(_row(*row, several) for row in part.rows))
        elif isinstance(part, Grid):
            head = tuple(_inlines(cell, several) for cell in part.head)
            yield Table(head, tuple(tuple(_inlines(cell, several) for cell in row) for row in part.rows))


def _row(left: Tree, right: Tree, why: str | Tree, several: bool) -> Equation:
    """Return an equation with its reason, which may be the equation that it comes from."""
    sides = formula(left, several), (formula(right, several),)
    if isinstance(why, str):
        return Equation(*sides, why)
    return Equation(*sides, "from", (equation(formula(why, several), formula(ZERO)),), all_letters=True)


def _work(part: Work, several: bool, options: Options) -> Iterator[Block]:
    left = _named(part.name) if part.place is None else _at(part.name, part.place)
    if part.derivation.moves:
        yield from part_blocks(Part(left, part.derivation, several), options)
    else:
        yield Display((Equation(left, (formula(part.derivation.last, several),)),))


def _named(name: str) -> Formula:
    """Return what a derivation is called: f'(x), f_x, f_{xx}, f(1/2)."""
    return spelled_by(lambda notation: _written(name, notation))


def _at(name: str, place: Tree) -> Formula:
    """Return f(1/2), as each notation writes it."""

    def written(notation: Notation) -> str:
        inside = maths.write(place, notation)
        latex = notation.name == "latex"
        return rf"{notation.symbol(name)}\left({inside}\right)" if latex else f"{name}({inside})"

    return spelled_by(written)


def _written(name: str, notation: Notation) -> str:
    letter, below, rest = name.partition("_")
    if notation.name == "latex":
        if below and not rest.startswith("{"):
            return f"{notation.symbol(letter)}_{{{rest}}}"
        return name
    return f"{letter}_{rest.strip('{}')}" if below else name


def _inlines(said: Sequence[str | Tree], several: bool) -> tuple[Inline, ...]:
    return tuple(Text(part) if isinstance(part, str) else Maths(formula(part, several)) for part in said if part != "")


# --- the answer -------------------------------------------------------------------------------------------------------


def _answers(extrema: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    several = len(extrema.variables) > 1
    if not extrema.points:
        yield Paragraph((Text(f"{extrema.name} has no extremum."),))
        return
    rows = tuple(
        Equation(_point_name(extrema, point), (formula(point.value_tree, several),), _type(point))
        for point in extrema.points
    )
    yield Display(rows)


def _type(point: Any) -> str:
    best = {"minimum": "the smallest value", "maximum": "the largest value"}.get(point.type, "")
    return f"{point.type}, {best}" if point.is_global else str(point.type)


def _point_name(extrema: Any, point: Any) -> Formula:
    """Return f(1, 2), as each notation writes it."""

    def written(notation: Notation) -> str:
        inside = ", ".join(maths.write(tree, notation) for _, tree in point.place)
        name = notation.symbol(extrema.name)
        return rf"{name}\left({inside}\right)" if notation.name == "latex" else f"{name}({inside})"

    return spelled_by(written)


# --- data -------------------------------------------------------------------------------------------------------------


def _data(extrema: Any, options: Options) -> Object:
    made: Object = {
        "schema": json.SCHEMA,
        "kind": "extrema",
        "input": extrema.source or maths.text(extrema.function),
        "read_as": maths.sympy(json.renamed(extrema.function, extrema.originals)),
        "notes": distinct(extrema.notes),
        "wrt": [v.name for v in extrema.variables],
        "points": [_point_object(point) for point in extrema.points],
        "complete": extrema.is_complete,
        "derivations": [_derivation(part, options) for part in extrema.story if isinstance(part, Work)],
    }
    if extrema.interval is not None:
        made["on"] = [maths.text(end) for end in extrema.interval]
    if extrema.constraint is not None:
        made["subject_to"] = " = ".join(maths.text(side) for side in extrema.constraint)
    verdict = options.verdict_on(extrema)
    return made if verdict is None else made | {"verified": {"verdict": verdict.verdict, "points": verdict.points}}


def _point_object(point: Any) -> Object:
    return {
        "at": {symbol.name: maths.sympy(tree) for symbol, tree in point.place},
        "value": maths.sympy(point.value_tree),
        "type": point.type,
        "global": point.is_global,
        "numbers": {symbol.name: approximate(tree) for symbol, tree in point.place},
        "number": approximate(point.value_tree),
        "text": ", ".join(f"{symbol.name} = {maths.text(tree)}" for symbol, tree in point.place),
        "latex": ",\\ ".join(f"{maths.latex(symbol)} = {maths.latex(tree)}" for symbol, tree in point.place),
    }


def _derivation(part: Work, options: Options) -> Object:
    derivation = part.derivation
    several = has_several(derivation)
    return {
        "name": part.name if part.place is None else f"{part.name}({maths.text(part.place)})",
        "answer": json.expression(derivation.last, several),
        "steps": json.steps_of(derivation, several, is_long(derivation)),
        "lines": line_objects(derivation, options),
    }


KIND = Kind(_blocks, _answers, _data)
