r"""The parts of LaTeX that every display is made from: rows broken at signs, environments, words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from symback.render.names import GREEK
from symback.render.options import distinct

WIDEST = 70  # signs in a line of a page, reason included


def block(environment: str, rows: Sequence[str]) -> str:
    """Return the rows in an environment."""
    inner = " \\\\\n".join(f"  {row}" for row in rows)
    return f"\\begin{{{environment}}}\n{inner}\n\\end{{{environment}}}"


def equation_rows(lead: str, body: str, reason: str, room: int) -> Iterator[str]:
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


def sentences(said: Sequence[str], notes: Iterable[str]) -> Iterator[str]:
    """Yield what is said below the formulas, and the notes, as paragraphs."""
    for sentence in (*said, *(f"note: {note}" for note in distinct(notes))):
        yield ""
        yield escaped(sentence[:1].upper() + sentence[1:].rstrip(".") + ".")
