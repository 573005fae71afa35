r"""Derivations as LaTeX: an `align*` with the reasons in a column of their own.

The fragment needs the package amsmath, and xcolor where the changed parts are marked. Long lines are broken at signs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from symback.render import differences
from symback.render.latex_rows import WIDEST, block, broken, equation_rows, escaped, sentences, signs, text_in_maths
from symback.render.lines import (
    Line,
    bindings_shown,
    decimal_of,
    has_several,
    is_long,
    left_and_lines,
    reason_of,
    shown_alone,
)
from symback.render.maths import write
from symback.render.notation import LATEX, Notation, marked
from symback.render.numbers import approximately
from symback.render.options import GRAPHS, Options, kind_of, verdict_words
from symback.render.tables import Part, Table, parts_of
from symback.rule import Derivation
from symback.tree import Tree

LONGEST_LETTERS = 45  # signs of what the letters of a rule stand for
COLOUR = "blue"


def render(thing: Any, options: Options) -> str:
    """Return a thing as a LaTeX fragment."""
    if kind_of(thing) in GRAPHS:
        return str(import_module("symback.render.backprop.latex").render(thing, options))
    blocks = [block("align*", rows) for rows in displays(thing, options)]
    return "\n".join([*blocks, *_ending(thing, options)])


def displays(thing: Any, options: Options) -> Iterator[list[str]]:
    """Yield the rows of each display: one for a derivation, one for each part of a table of derivatives."""
    notation = marked(LATEX, rf"\textcolor{{{COLOUR}}}{{", "}") if options.mark else LATEX
    if kind_of(thing) == "derivation":
        yield list(_part(Part("", thing, has_several(thing)), options, notation))
        return
    if kind_of(thing) == "differences":
        yield from displays(thing.derivation, options)
        yield [f"& {differences.array(thing)}"]
        return
    for part in parts_of(thing, notation):
        if isinstance(part, Part):
            yield list(_part(part, options, notation))
        else:
            yield [f"{part.name} &= {matrix(part, notation)}"]


def matrix(table: Table, notation: Notation = LATEX) -> str:
    """Return a table as a matrix."""
    rows = r" \\ ".join(" & ".join(write(cell, notation) for cell in row) for row in table.rows)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


# --- rows ---------------------------------------------------------------------------------------------------------


def _part(part: Part, options: Options, notation: Notation) -> Iterator[str]:
    derivation, several = part.derivation, part.several

    def written(tree: Tree) -> str:
        return write(tree, notation, several)

    if is_long(derivation):
        yield from _step_by_step(derivation, written, options)
        return
    left, lines = left_and_lines(derivation, options.detail, notation, several, part.left)
    if not lines:
        yield f"& {left}{approximately(decimal_of(derivation), 'latex')}"
        return
    room, sign = WIDEST - signs(left), "&="
    if room < WIDEST // 2:
        yield f"& {left}"
        left, room, sign = "", WIDEST, r"&\quad ="
    for line in lines:
        reason = _reason(line, written, options.detail)
        body = written(line.marked) + approximately(line.decimal, "latex")
        yield from equation_rows(f"{left} {sign} ".lstrip(), body, reason, room)
        left = ""


def _step_by_step(derivation: Derivation, written: Callable[[Tree], str], options: Options) -> Iterator[str]:
    for piece, line in shown_alone(derivation, options.detail):
        lead = f"{written(piece)} &= "
        yield from equation_rows(lead, written(line.tree), _reason(line, written, options.detail), WIDEST - signs(lead))
    answer = written(derivation.last) + approximately(decimal_of(derivation), "latex")
    yield from equation_rows(r"\text{answer} &= ", answer, "", WIDEST - 8)


def _reason(line: Line, written: Callable[[Tree], str], detail: str) -> str:
    reason = reason_of(line, detail)
    if not reason.names:
        return ""
    letters = [f"{letter} = {written(tree)}" for letter, tree in bindings_shown(reason)]
    if detail != "full" and sum(map(signs, letters)) > LONGEST_LETTERS:
        letters = []
    parts = [*letters, *(text_in_maths(name) for name in reason.more)]
    return r",\ ".join([text_in_maths(", ".join(reason.names)), *parts])


def _ending(thing: Any, options: Options) -> Iterator[str]:
    verdict = options.verdict_on(thing)
    yield from sentences([verdict_words(verdict)] if verdict is not None else [], thing.notes if options.notes else ())


__all__ = ["block", "broken", "displays", "equation_rows", "escaped", "matrix", "render", "signs", "text_in_maths"]
