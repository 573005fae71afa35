"""Derivations for a terminal: aligned lines, the rule beside each, the verdict below.

Plain text unless colour is asked for; then the changed part of each line is marked, and rich is imported to do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import Any

from symback.render import differences, layout
from symback.render.layout import BAD, CHANGED, END, GOOD, INDENT, Row
from symback.render.lines import (
    Line,
    Reason,
    decimal_of,
    has_several,
    is_long,
    left_and_lines,
    reason_of,
    reason_parts,
    shown_alone,
)  # fmt: skip
from symback.render.maths import write
from symback.render.notation import TEXT, UNICODE, Notation, marked
from symback.render.numbers import approximately
from symback.render.options import Options, distinct, verdict_words
from symback.render.tables import Part, Table, by_order, parts_of
from symback.rule import Derivation
from symback.tree import Tree

LONG = "The lines are long, so each step is shown by itself, and the whole answer at the end."
BETWEEN_CELLS = 3
STYLES = {CHANGED: "bold cyan", layout.REASON: "italic", GOOD: "green", BAD: "bold red"}


def finished(lines: Sequence[str], options: Options) -> str:
    """Return the lines with colours, or without the signs that stand for them."""
    text = "\n".join(line.rstrip() for line in lines)
    return _coloured(text, options.columns) if options.colour else text.translate(layout.NO_WIDTH)


def notation_for(options: Options) -> Notation:
    """Return Unicode or plain text, with marks where there are colours."""
    notation = UNICODE if options.unicode else TEXT
    return marked(notation, CHANGED, END) if options.colour else notation


# --- one derivation -----------------------------------------------------------------------------------------------


def derivation_lines(derivation: Derivation, options: Options) -> Iterator[str]:
    """Yield the lines of a derivation."""
    return _part(Part("", derivation, has_several(derivation)), options)


def difference_lines(table: Any, options: Options) -> Iterator[str]:
    """Yield the lines of a derivation, and below it the table of difference quotients."""
    yield from derivation_lines(table.derivation, options)
    yield ""
    yield from differences.lines(table, notation_for(options), INDENT)


def _part(part: Part, options: Options) -> Iterator[str]:
    notation = notation_for(options)
    if is_long(part.derivation):
        yield from _step_by_step(part.derivation, lambda tree: part.write(tree, notation), options)
        return
    for order in by_order(part, notation):
        yield from _one_order(order, notation, options)


def _one_order(part: Part, notation: Notation, options: Options) -> Iterator[str]:
    derivation, several = part.derivation, part.several

    def written(tree: Tree) -> str:
        return part.write(tree, notation)

    left, lines = left_and_lines(derivation, options.detail, notation, several, part.left)
    rows = [
        _row(line, written(line.marked) + approximately(line.decimal, notation.name), written, options.detail)
        for line in lines
    ]
    if rows:
        yield from layout.side_by_side(left, rows, options.columns)
    else:
        yield INDENT + left + approximately(decimal_of(derivation), notation.name)


def _row(line: Line, body: str, written: Callable[[Tree], str], detail: str) -> Row:
    reason = reason_of(line, detail)
    longest = 10_000 if detail == "full" else 60
    rule, letters = reason_parts(reason, written, longest)
    return Row(body, rule, letters, _let(reason, written) if detail == "full" else "")


def _let(reason: Reason, written: Callable[[Tree], str]) -> str:
    """Return the sentence before a chain rule: Let u = 3x."""
    said = " and ".join(f"{letter} = {written(tree)}" for letter, tree in reason.inner)
    return f"Let {said}." if said and reason.names[0] == "chain rule" else ""


def _step_by_step(derivation: Derivation, written: Callable[[Tree], str], options: Options) -> Iterator[str]:
    rows = [
        _row(line, f"{written(piece)} = {written(line.tree)}", written, options.detail)
        for piece, line in shown_alone(derivation, options.detail)
    ]
    yield INDENT + LONG
    yield from layout.one_below_the_other(rows, options.columns)
    yield INDENT + "The answer:"
    answer = written(derivation.last) + approximately(decimal_of(derivation), notation_for(options).name)
    yield from layout.one_below_the_other([Row(answer)], options.columns)


# --- several derivations ------------------------------------------------------------------------------------------


def several(thing: Any, options: Options) -> Iterator[str]:
    """Yield the lines of the derivations of a table of derivatives, and the tables of their last lines."""
    notation = notation_for(options)
    for part in parts_of(thing, notation):
        if isinstance(part, Part):
            yield from _part(part, options)
        else:
            yield from _table(part, notation, options)
        yield ""


def _table(table: Table, notation: Notation, options: Options) -> Iterator[str]:
    """Yield a matrix in tall brackets, its name before it."""
    rows = [[write(cell, notation) for cell in row] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lead = f"{INDENT}{table.name} = "
    if len(lead) + sum(widths) + BETWEEN_CELLS * len(widths) > options.columns:
        yield from _cell_by_cell(table.name, rows, options)
        return
    last = len(rows) - 1
    for i, row in enumerate(rows):
        cells = (" " * BETWEEN_CELLS).join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True))
        opening, closing = bracket(i, last, options.unicode)
        yield f"{lead if i == last // 2 else ' ' * len(lead)}{opening} {cells} {closing}"


def _cell_by_cell(name: str, rows: Sequence[Sequence[str]], options: Options) -> Iterator[str]:
    """Yield a matrix that is too wide as a list of its entries."""
    places = [(i, j, cell) for i, row in enumerate(rows, 1) for j, cell in enumerate(row, 1)]
    for i, j, cell in places:
        place = f"{i}" if len(rows[0]) == 1 else f"{i}, {j}"
        yield from layout.side_by_side(f"{name}[{place}]", [Row(cell)], options.columns)


def bracket(i: int, last: int, unicode: bool) -> tuple[str, str]:
    """Return the pieces of tall brackets that stand around line i of a matrix."""
    if not unicode or last == 0:
        return "[", "]"
    return ("⎡", "⎤") if i == 0 else ("⎣", "⎦") if i == last else ("⎢", "⎥")


# --- the end: the verdict and the notes ---------------------------------------------------------------------------


def ending(thing: Any, options: Options) -> Iterator[str]:
    """Yield the verdict on a thing, and its notes."""
    verdict = options.verdict_on(thing)
    if verdict is not None:
        good = verdict.verdict == "verified"
        sign = {"verified": "✓", "failed": "✗"}.get(verdict.verdict, "?") if options.unicode else ""
        yield f"{INDENT}{GOOD if good else BAD}{sign + ' ' if sign else ''}{verdict_words(verdict)}{END}"
    if options.notes:
        for note in distinct(thing.notes):
            yield from wrap(f"note: {note}", options.columns, initial_indent=INDENT, subsequent_indent=INDENT * 2)


# --- colour -------------------------------------------------------------------------------------------------------


def _coloured(text: str, width: int) -> str:
    """Return the text with the terminal's colour codes in place of the control characters."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    line = Text()
    style: list[str] = []
    plain = ""
    for character in text:
        if character in STYLES or character == END:
            line.append(plain, " ".join(style) or None)
            plain = ""
            if character != END:
                style.append(STYLES[character])
            elif style:
                style.pop()
        else:
            plain += character
    line.append(plain)
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=10_000_000, highlight=False, soft_wrap=True)
    console.print(line, end="")
    return out.getvalue()
