r"""Blocks of a page as HTML for programs that set formulas with MathJax: Anki and Moodle.

Formulas stand between \( \) and \[ \]. Words can neither be markup nor begin a formula, and the whole is one line, so
that it fits into a cell of a table.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from html import escape

from symback.page.fitting import fitting
from symback.page.latex_rows import block, rows_of
from symback.page.page import (
    Block,
    Blocks,
    Bullets,
    Display,
    Figure,
    Inline,
    Inlines,
    Link,
    Listing,
    Maths,
    Paragraph,
    Photo,
    Remark,
    Room,
    Subheading,
    Table,
    Text,
)  # fmt: skip
from symback.page.prose import cleaned

WIDEST = 60  # digits in a line of a page on a screen
SIGNS = {"confirmed": "✓ ", "verified": "✓ ", "wrong": "✗ ", "failed": "✗ ", "error": "✗ "}
STYLES = {"strong": "b", "emphasis": "i", "code": "code"}

Show = Callable[[Figure | Photo], str]


def data_address(svg: str) -> str:
    """Return a picture as an address that holds all of it."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def inside(figure: Figure | Photo) -> str:
    """Return a picture that stands in the page itself."""
    address = figure.image.address if isinstance(figure, Photo) else data_address(figure.svg)
    return f'<img src="{address}" alt="{attribute(figure.alt)}"{width_of(figure)}>'


def width_of(figure: Figure | Photo) -> str:
    """Return the attribute of how wide a picture is shown."""
    if not isinstance(figure, Photo):
        return ""
    width = f"; width: {figure.image.width}" if figure.image.width else ""
    return f' style="max-width: 100%{width}"'


def html(blocks: Blocks, show: Show = inside, widest: float = WIDEST) -> str:
    r"""Return blocks as HTML in one line; `show` writes a picture, and formulas are about so many digits wide.

    >>> from symback.page.formula.value import typed
    >>> html((Paragraph((Text("a < b, so "), Maths(typed("x<y")), Text(" costs $5"))),))
    '<p>a &lt; b, so \\(x&lt;y\\) costs <span>&#36;</span>5</p>'
    """
    return "".join(_block(part, show, widest) for part in blocks)


def _block(part: Block, show: Show, widest: float) -> str:
    match part:
        case Paragraph(inlines):
            return f"<p>{line(inlines)}</p>"
        case Subheading(inlines):
            return f"<h4>{line(inlines)}</h4>"
        case Bullets(items, ordered):
            name = "ol" if ordered else "ul"
            return f"<{name}>{''.join(f'<li>{line(item)}</li>' for item in items)}</{name}>"
        case Listing(text):
            return f"<pre>{'<br>'.join(words(row.expandtabs(4)) for row in cleaned(text).splitlines())}</pre>"
        case Display():
            return displayed(aligned(part, widest))
        case Table(head, rows):
            return _table(head, rows)
        case Figure() | Photo():
            return f"<p>{show(part)}</p>"
        case Room():
            return ""
        case Remark(kind, inlines):
            return f"<p><i>{SIGNS.get(kind, '')}{line(inlines)}</i></p>"


def _table(head: tuple[Inlines, ...], rows: tuple[tuple[Inlines, ...], ...]) -> str:
    first = "".join(f"<th>{line(cell)}</th>" for cell in head)
    others = "".join(f"<tr>{''.join(f'<td>{line(cell)}</td>' for cell in row)}</tr>" for row in rows)
    top = f"<thead><tr>{first}</tr></thead>" if any(head) else ""
    return f'<table border="1" cellpadding="4" style="border-collapse: collapse">{top}<tbody>{others}</tbody></table>'


# --- words --------------------------------------------------------------------------------------------------------


def line(inlines: Inlines) -> str:
    """Return the words and formulas of a line."""
    return "".join(map(_inline, inlines))


def _inline(part: Inline) -> str:
    match part:
        case Maths(formula):
            return inline_formula(formula.latex)
        case Link(said, address):
            return f'<a href="{attribute(address)}">{words(said)}</a>'
        case Text(said, style):
            name = STYLES.get(style)
            return f"<{name}>{words(said)}</{name}>" if name else words(said)


# What begins a formula, alone in its element, begins none; [ begins sounds and LaTeX in Anki.
_BEGINS = {"\\": "<span>&#92;</span>", "$": "<span>&#36;</span>", "[": "&#91;", "{": "&#123;"}


def words(text: str) -> str:
    """Return words that are read as they are: no markup, no formula, nothing that is not seen."""
    plain = escape("".join(" " if c.isspace() else c for c in cleaned(text)))
    return "".join(_BEGINS.get(c, c) for c in plain)


def attribute(text: str) -> str:
    """Return words as the value of an attribute, between double quotes; some look for formulas even there."""
    plain = escape("".join(" " if c.isspace() else c for c in cleaned(text)))
    return "".join(f"&#{ord(c)};" if c in _BEGINS else c for c in plain)


# --- formulas -----------------------------------------------------------------------------------------------------


def inline_formula(latex: str) -> str:
    r"""Return a formula in a line of text."""
    return rf"\({_formula(latex)}\)"


def displayed(latex: str) -> str:
    r"""Return a formula in a line of its own, which can be moved where it is too wide for the screen all the same."""
    # with a blank, so that no \[latex] comes about, which is something else to Anki
    return rf'<div style="overflow-x: auto">\[ {_formula(latex)} \]</div>'


def _formula(latex: str) -> str:
    latex += " " * latex.endswith("\\")  # which would take the end of the formula with it
    return escape(portable(re.sub(r"\s+", " ", latex)), quote=False).replace("[", "&#91;")


def aligned(display: Display, widest: float) -> str:
    """Return equations below each other, aligned at their equals signs; one that is alone stands as it is."""
    equations = fitting(display)
    only = equations[0] if len(equations) == 1 else None
    if only is not None and not only.links and not only.rule:
        return only.left.latex
    return block("aligned", rows_of(equations, widest))


_TEXT = re.compile(r"\\text\{((?:[^\\{}]|\\[^A-Za-z]|\\[a-z]+\{\d?\})*)\}")
_SPECIAL = re.compile(r"\\[^A-Za-z\s]|\\[a-z]+\{\d?\}")
_IN_FORMULAS = {
    r"\textbackslash{}": r"\backslash ",
    r"\textasciicircum{}": r"\wedge ",
    r"\textasciitilde{}": r"\sim ",
    r"\textbar{}": "|",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textsuperscript{2}": "{}^{2}",
    r"\textsuperscript{3}": "{}^{3}",
}


def portable(latex: str) -> str:
    r"""Return a formula without commands inside of words, which MathJax would show as they are typed.

    >>> portable(r"x && \text{see w\_1}")
    'x && \\text{see w}\\_\\text{1}'
    """

    def outside(found: re.Match[str]) -> str:
        return "}" + _IN_FORMULAS.get(found[0], found[0]) + r"\text{"

    if r"\text{" not in latex:
        return latex
    return _TEXT.sub(lambda found: rf"\text{{{_SPECIAL.sub(outside, found[1])}}}", latex).replace(r"\text{}", "")
