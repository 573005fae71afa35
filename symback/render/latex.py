r"""Derivations as LaTeX: an `align*` with the reasons in a column of their own.

The fragment needs the package amsmath, and xcolor where the changed parts are marked. Long lines are broken at signs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from symback.render.lines import Line, bindings_shown, has_several, is_long, left_and_lines, reason_of, shown_alone
from symback.render.maths import write
from symback.render.names import GREEK
from symback.render.notation import LATEX, Notation, marked
from symback.render.options import Options, distinct, kind_of, verdict_words
from symback.render.tables import Part, Table, parts_of
from symback.rule import Derivation
from symback.tree import Tree

WIDEST = 70  # signs in a line of a page, reason included
LONGEST_LETTERS = 45  # signs of what the letters of a rule stand for
COLOUR = "blue"


def render(thing: Any, options: Options) -> str:
    """Return a thing as a LaTeX fragment."""
    blocks = [block("align*", rows) for rows in displays(thing, options)]
    return "\n".join([*blocks, *_ending(thing, options)])


def block(environment: str, rows: Sequence[str]) -> str:
    """Return the rows in an environment."""
    inner = " \\\\\n".join(f"  {row}" for row in rows)
    return f"\\begin{{{environment}}}\n{inner}\n\\end{{{environment}}}"


def displays(thing: Any, options: Options) -> Iterator[list[str]]:
    """Yield the rows of each display: one for a derivation, one for each part of a table of derivatives."""
    notation = marked(LATEX, rf"\textcolor{{{COLOUR}}}{{", "}") if options.mark else LATEX
    if kind_of(thing) == "derivation":
        yield list(_part(Part("", thing, has_several(thing)), options, notation))
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
        yield f"& {left}"
        return
    room, sign = WIDEST - signs(left), "&="
    if room < WIDEST // 2:
        yield f"& {left}"
        left, room, sign = "", WIDEST, r"&\quad ="
    for line in lines:
        yield from _rows(f"{left} {sign} ".lstrip(), written(line.marked), _reason(line, written, options.detail), room)
        left = ""


def _step_by_step(derivation: Derivation, written: Callable[[Tree], str], options: Options) -> Iterator[str]:
    for piece, line in shown_alone(derivation, options.detail):
        lead = f"{written(piece)} &= "
        yield from _rows(lead, written(line.tree), _reason(line, written, options.detail), WIDEST - signs(lead))
    yield from _rows(r"\text{answer} &= ", written(derivation.last), "", WIDEST - 8)


def _rows(lead: str, body: str, reason: str, room: int) -> Iterator[str]:
    """Yield one line of a derivation in as many rows as it needs, the reason behind the last or below it."""
    *first, last = broken(body, room)
    for part in first:
        yield lead + part
        lead = r"&\qquad {} "
    if not reason:
        yield lead + last
    elif signs(last) + signs(reason) <= room:
        yield f"{lead}{last} && {reason}"
    else:
        yield lead + last
        yield f"& && {reason}"


def _reason(line: Line, written: Callable[[Tree], str], detail: str) -> str:
    reason = reason_of(line, detail)
    if not reason.names:
        return ""
    letters = [f"{letter} = {written(tree)}" for letter, tree in bindings_shown(reason)]
    if detail != "full" and sum(map(signs, letters)) > LONGEST_LETTERS:
        letters = []
    parts = [*letters, *(text_in_maths(name) for name in reason.more)]
    return r",\ ".join([text_in_maths(", ".join(reason.names)), *parts])


# --- breaking -----------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\\]")
_OPENS = frozenset(("{", r"\left", r"\begin"))
_CLOSES = frozenset(("}", r"\right", r"\end"))
_NO_SIGN = frozenset((r"\frac", r"\left", r"\right", r"\text", r"\textcolor", r"\operatorname", r"\mathrm", "\\ "))
_ONE_SIGN = frozenset((r"\cdot", r"\partial", *("\\" + name for name in GREEK)))
_LAYOUT = frozenset("{}^_ ")


def signs(latex: str) -> int:
    r"""Return about how many signs a formula is wide: `\frac`, braces and blanks are none, `\sin` is three.

    >>> signs(r"2 \sin^{2} x"), signs(r"\frac{x}{y}")
    (6, 2)
    """
    return sum(map(_width, _TOKEN.findall(latex)))


def _width(token: str) -> int:
    if token in _LAYOUT or token in _NO_SIGN:
        return 0
    return 1 if len(token) == 1 or token in _ONE_SIGN else 3


def broken(latex: str, room: int) -> list[str]:
    """Return a formula in rows of about so many signs, broken before a sign that stands in no bracket or group.

    A product is broken only where it does not fit by itself.
    """
    if signs(latex) <= room:
        return [latex]
    rows: list[str] = []
    row, wide = "", 0
    for term in _pieces(latex, _TERM_SIGNS):
        for piece in [term] if signs(term) <= room else _pieces(term, _ANY_SIGN):
            width = signs(piece)
            if row and wide + width > room:
                rows.append(row.rstrip())
                row, wide = "", 0
            row, wide = row + piece, wide + width
    return [*rows, row.rstrip()]


_TERM_SIGNS = frozenset(("+", "-", "="))
_ANY_SIGN = _TERM_SIGNS | {r"\cdot"}


def _pieces(latex: str, breaks: frozenset[str]) -> Iterator[str]:
    depth, piece = 0, ""
    for token in _TOKEN.findall(latex):
        depth += (token in _OPENS) - (token in _CLOSES)
        if depth == 0 and token in breaks and piece.endswith(" "):
            yield piece
            piece = ""
        piece += token
    yield piece


# --- words --------------------------------------------------------------------------------------------------------

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
        "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "|": r"\textbar{}", "<": r"\textless{}",
        ">": r"\textgreater{}", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}",
    }
)  # fmt: skip


def escaped(text: str) -> str:
    r"""Return words for LaTeX: every character that means something there is written as itself.

    >>> print(escaped("100% of x_1"))
    100\% of x\_1
    """
    return "".join(c for c in text if c.isprintable()).translate(_ESCAPES)


def text_in_maths(text: str) -> str:
    """Return words inside a formula."""
    return rf"\text{{{escaped(text)}}}"


def _ending(thing: Any, options: Options) -> Iterator[str]:
    verdict = options.verdict_on(thing)
    said = [verdict_words(verdict)] if verdict is not None else []
    said += [f"note: {note}" for note in distinct(thing.notes)] if options.notes else []
    for sentence in said:
        yield ""
        yield escaped(sentence[:1].upper() + sentence[1:].rstrip(".") + ".")
