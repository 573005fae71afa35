"""A checked working as text: each line as it was written, with its verdict beside it in one column."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from symback.expr.tree import Tree
from symback.page.layout import BAD, END, GOOD, INDENT, padded, visible, wrapped
from symback.page.maths import write
from symback.page.options import Options, distinct
from symback.page.terminal import finished, notation_for
from symback.page.working import SIGNS, Write, cause, corrected, left_of, said, several_letters
from symback.working.result import MENDED, RIGHT, ROUNDED, WRONG, Line, Working

GAP = "   "
PLAIN = {"✓": "ok", "✗": "x", "↳": ">"}


def render(working: Working, options: Options) -> str:
    """Return a checked working as text for a terminal."""
    return finished([*lines(working, options), *_notes(working, options)], options)


def lines(working: Working, options: Options) -> Iterator[str]:
    """Yield the lines for a terminal."""
    several = several_letters(working)
    notation = notation_for(options)

    def written(tree: Tree) -> str:
        return write(tree, notation, several)

    lefts = [left_of(line, several).write(notation) for line in working.lines]
    bodies = [_body(line, written) for line in working.lines]
    wide = max(map(visible, lefts), default=0)
    beside = wide + 1 if wide else 0
    start = len(INDENT) + beside
    room = max(options.columns - start, 20)
    column = max((visible(b) for b in bodies if visible(b) <= room), default=0)
    for line, left, body in zip(working.lines, lefts, bodies, strict=True):
        yield from _row(line, INDENT + padded(left, beside), body, column, options, written)
    yield from _rights(working, written, options)
    yield working.summary()


def _body(line: Line, written: Write) -> str:
    """Return the parts of a line with the sign before each; a line that cannot be read as it was typed."""
    if line.error is not None or not line.parts:
        return line.text
    first = "" if line.left is None else "= "
    parts = [(f"{sign} " if sign else first if i == 0 else "") + written(t) for i, (sign, t) in enumerate(line.parts)]
    return " ".join(parts)


def _row(line: Line, lead: str, body: str, column: int, options: Options, written: Write) -> Iterator[str]:
    start = visible(lead)
    rows = list(wrapped(body, max(options.columns - start, 20), lead, " " * (start + 2)))
    sign = SIGNS.get(line.verdict, "")
    sign = sign if options.unicode else PLAIN.get(sign, sign)
    style = GOOD if line.verdict in (RIGHT, ROUNDED, MENDED) else BAD
    words = f"{sign} {said(line, written)}".strip()
    place = start + column + len(GAP)
    beside = max(options.columns - place, 0)
    told = wrap(words, beside, subsequent_indent=INDENT) if words and (beside >= 24 or len(words) <= beside) else []
    if told and visible(rows[-1]) + len(GAP) <= place:
        rows[-1] = padded(rows[-1], place) + f"{style}{told[0]}{END}"
        yield from rows
        yield from (" " * place + f"{style}{more}{END}" for more in told[1:])
    else:
        yield from rows
        indent = " " * (len(INDENT) + 4)
        yield from (f"{indent}{style}{part}{END}" for part in wrap(words, options.columns - len(indent)) if words)
    if line.verdict == WRONG and cause(line):
        indent = " " * (len(INDENT) + 4)
        yield from wrap(cause(line), options.columns, initial_indent=indent, subsequent_indent=indent + "  ")


def _rights(working: Working, written: Write, options: Options) -> Iterator[str]:
    """Yield the lines as they should be, and the answers of the questions that have a wrong line."""
    if not working.show_answer or not working.mistakes:
        return
    rows = [(f"line {line.number}", tree) for line in working.lines if (tree := corrected(line)) is not None]
    rows += [("answer", tree) for tree in dict.fromkeys(tree for _, tree in working.answers_of_wrong())]
    wide = max((len(name) for name, _ in rows), default=0)
    for i, (name, tree) in enumerate(rows):
        lead = f"{INDENT}{'right: ' if i == 0 else '       '}{name.ljust(wide)}  = "
        yield from wrapped(written(tree), max(options.columns - len(lead), 20), lead, " " * len(lead))


def _notes(working: Working, options: Options) -> Iterator[str]:
    for note in distinct(working.notes) if options.notes else ():
        yield from wrap(f"note: {note}", options.columns, initial_indent=INDENT, subsequent_indent=INDENT * 2)
