"""Integrals: the antiderivative step by step, and the value between limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.expr.rule import Derivation
from symback.page import equations, json, maths
from symback.page.kinds import Kind, Object
from symback.page.lines import has_several, is_long, reason_of, shown
from symback.page.options import Options, distinct
from symback.page.page import Block, Display


def _blocks(integral: Any, options: Options) -> Iterator[Block]:
    for derivation in integral.derivations():
        yield from equations.derivation_blocks(derivation, options)


def _answers(integral: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    displays = [block for block in blocks if isinstance(block, Display)]
    for derivation, display in zip(integral.derivations(), displays, strict=False):
        yield from equations.derivation_answers(derivation, options, [display])


def _data(integral: Any, options: Options) -> Object:
    function = integral.start._args[0]
    made: Object = {
        "schema": json.SCHEMA,
        "kind": "integral",
        "input": integral.source or maths.text(function),
        "read_as": maths.sympy(json.renamed(function, integral.originals)),
        "notes": distinct(integral.notes),
        "wrt": [integral.variable.name],
        "answer": json.expression(integral.antiderivative, False, integral.originals),
        "constant": integral.constant,
        "steps": json.steps_of(integral, False, is_long(integral)),
        "lines": line_objects(integral, options),
    }
    if integral.definite is not None:
        made |= _between(integral, options)
    verdict = options.verdict_on(integral)
    return made if verdict is None else made | {"verified": {"verdict": verdict.verdict, "points": verdict.points}}


def _between(integral: Any, options: Options) -> Object:
    """Return what an integral between limits has beside its antiderivative."""
    definite = integral.definite
    return {
        "limits": [maths.text(end) for end in definite.start._args[2:]],
        "value": {**json.expression(definite.last), "number": definite.approximate},
        "value_steps": json.steps_of(definite, False, is_long(definite)),
        "value_lines": line_objects(definite, options),
    }


def line_objects(derivation: Derivation, options: Options) -> list[Object]:
    """Return the lines that are shown, each with its reason and the numbers of its steps."""
    made, first = [], 0
    for line in shown(derivation, options.detail)[1:]:
        steps = list(range(first, first + len(line.moves)))
        first += len(line.moves)
        reason = ", ".join(reason_of(line, options.detail).names)
        written = {"text": maths.text(line.tree), "latex": maths.latex(line.tree, has_several(derivation))}
        made.append({**written, "reason": reason, "steps": steps})
    return made


KIND = Kind(_blocks, _answers, _data)
