"""Limits: the lines that lead to the value, or those of each side and what they say together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.page import equations, json, maths
from symback.page.formula.value import equation, formula
from symback.page.kinds import Kind, Object
from symback.page.kinds.integral import line_objects
from symback.page.lines import has_several, is_long
from symback.page.options import Options, distinct
from symback.page.page import Block, Display, Equation, Inline, Maths, Paragraph, Text


def _blocks(limit: Any, options: Options) -> Iterator[Block]:
    if limit.along:
        yield from _two_sequences(limit, options)
        return
    if not limit.is_by_sides:
        if limit.moves:
            yield from equations.derivation_blocks(limit, options)
        if not limit.exists:
            yield _conclusion(limit)
        return
    for side, said in ((limit.left, "From the left:"), (limit.right, "From the right:")):
        yield Paragraph((Text(said),))
        yield from _blocks(side, options)
    yield _conclusion(limit)


def _two_sequences(limit: Any, options: Options) -> Iterator[Block]:
    """Yield the places of each sequence, what the function comes to along them, and what that means."""
    several = has_several(limit)
    for one in limit.along:
        places = Maths(equation(formula(limit.variable), formula(one.places)))
        wave = Maths(equation(formula(one.wave), formula(one.value)))
        yield Paragraph((Text("Along "), places, Text(" there is "), wave, Text(":")))
        if one.limit.moves:
            yield from equations.derivation_blocks(one.limit, options)
    first, second = (Maths(formula(one.limit.last, several)) for one in limit.along)
    said = Text("The function tends to "), first, Text(" along the first places and to "), second
    shown = Maths(formula(limit.start, several))
    yield Paragraph((*said, Text(" along the second, so "), shown, Text(" does not exist.")))


def _conclusion(limit: Any) -> Block:
    """Return the sentence that says what the sides, or the values that swing, mean for the limit."""
    shown = Maths(formula(limit.start, has_several(limit)))
    if not limit.exists:
        return Paragraph((*_reason(limit), Text("so "), shown, Text(" does not exist.")))
    value = Maths(formula(limit.last, has_several(limit)))
    return Paragraph((Text("Both one-sided limits are "), value, Text(", so "), _equation(limit), Text(".")))


def _reason(limit: Any) -> tuple[Inline, ...]:
    if not limit.is_by_sides:
        return (Text(f"{limit.why[:1].upper()}{limit.why[1:]}, "),)
    if not (limit.left.exists and limit.right.exists):
        return (Text(f"{limit.why[:1].upper()}{limit.why[1:]}, "),)
    left, right = (Maths(formula(side.last, has_several(side))) for side in (limit.left, limit.right))
    between, end = Text(", the one from the right is "), Text(": they differ, ")
    return (Text("The limit from the left is "), left, between, right, end)


def _equation(limit: Any) -> Maths:
    several = has_several(limit)
    return Maths(equation(formula(limit.start, several), formula(limit.last, several)))


def _answers(limit: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    if limit.along:
        yield blocks[-1]
        return
    if not limit.exists:
        yield _conclusion(limit)
        return
    several = has_several(limit)
    yield Display((Equation(formula(limit.start, several), (formula(limit.last, several),)),))


def _data(limit: Any, options: Options) -> Object:
    body, variable, target = limit.start._args[:3]
    made: Object = {
        "schema": json.SCHEMA,
        "kind": "limit",
        "input": limit.source or maths.text(body),
        "read_as": maths.sympy(json.renamed(body, limit.originals)),
        "notes": distinct(limit.notes),
        "wrt": [variable.name],
        "to": {variable.name: maths.text(target)},
        "side": {0: None, 1: "right", -1: "left"}[limit.start.side],
        "answer": _answer(limit),
    }
    if limit.is_by_sides:
        made |= {name: _worked(side, options) | {"answer": _answer(side)} for name, side in
                 (("left", limit.left), ("right", limit.right))}  # fmt: skip
    if limit.along:
        made["along"] = [_sequence(one, options, several=has_several(limit)) for one in limit.along]
    made |= _worked(limit, options)
    verdict = options.verdict_on(limit)
    return made if verdict is None else made | {"verified": {"verdict": verdict.verdict, "points": verdict.points}}


def _sequence(one: Any, options: Options, several: bool) -> Object:
    places = {"places": json.expression(one.places, several), "answer": _answer(one.limit)}
    return places | _worked(one.limit, options)


def _answer(limit: Any) -> Object:
    if not limit.exists:
        return {"text": "does not exist", "sympy": None, "latex": r"\text{does not exist}", "exists": False}
    return {**json.expression(limit.last, has_several(limit), limit.originals), "exists": True}


def _worked(limit: Any, options: Options) -> Object:
    """Return the steps and lines; of a limit by sides none are its own."""
    several = has_several(limit)
    return {
        "steps": json.steps_of(limit, several, is_long(limit)),
        "lines": line_objects(limit, options),
        **({} if limit.exists else {"why": limit.why}),
    }


KIND = Kind(_blocks, _answers, _data)
