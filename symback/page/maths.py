"""One walk over a tree that writes it as text, in Unicode, in LaTeX or in SymPy's syntax.

Brackets are decided by level (a sum binds loosest), and what stands between two factors by the table in `notation.py`.
For text and Unicode the walk is the inverse of the parser: `parse(text(tree)) == tree`.

    text     6xy   2x e^(x^2+y^2)   (1 - x^2)/(x^2 + 1)^2   3y * d/dx [x^2]
    unicode  6xy   2x e^(x²+y²)     (1 - x²)/(x² + 1)²      3y · ∂/∂x [x²]
"""

from __future__ import annotations

from collections.abc import Callable

from sympy.core.basic import Basic
from sympy.core.numbers import Exp1, Integer, One, Pi
from sympy.core.symbol import Str, Symbol

from symback.expr.tree import (
    Apply,
    Decimal,
    Diff,
    Edge,
    Equal,
    Gradient,
    Inert,
    Int,
    Let,
    Lim,
    Neg,
    Plus,
    Power,
    Quotient,
    Rate,
    Size,
    Times,
    Tree,
    symbols_of,
)  # fmt: skip
from symback.page import arithmetic, calls, matrices
from symback.page.notation import LATEX, SYMPY, TEXT, UNICODE, Notation
from symback.page.pieces import COMPARISON, NEGATIVE, Mark, Piece, Style, Taken, bracketed


def text(tree: Tree, several: bool = False) -> str:
    """Return the tree as plain text that reads back: `6xy`, `x^2 e^(3x)`, `3y * d/dx [x^2]`."""
    return write(tree, TEXT, several)


def unicode(tree: Tree, several: bool = False) -> str:
    """Return the tree in Unicode, which reads back too: `3x²y`, `∂/∂x [3x²y]` where there are several variables."""
    return write(tree, UNICODE, several)


def latex(tree: Tree, several: bool = False) -> str:
    r"""Return the tree in LaTeX: `3 x^{2} y`, `\frac{d}{dx}\left[x^{2}\right]`."""
    return write(tree, LATEX, several)


def sympy(tree: Tree) -> str:
    """Return the tree in SymPy's syntax: `6*x*y`, `Derivative(3*x**2*y, x)`."""
    from symback.page.sympy_form import lowered

    return write(lowered(tree), SYMPY)


def write(tree: Tree, notation: Notation, several: bool = False) -> str:
    """Return the tree in a notation, with ∂ for d where it has several variables."""
    names = [s.name for s in symbols_of(tree)]
    words = frozenset([name for name in names if len(name) > 1])
    piece = _piece(tree, _style(notation, notation.partial if several else notation.d, words, "e" in names))
    if piece.level == COMPARISON:
        piece = bracketed(piece, notation)  # beside an equals sign
    written = piece.loose or piece.text
    return _with_marks(written, notation) if OPEN in written or TAKEN in written else written


_styles: dict[tuple[int, str, frozenset[str], bool], Style] = {}
MOST_STYLES = 200
LONGEST_KEPT = 200  # characters; what is longer is seldom the same in two lines


def _style(notation: Notation, d: str, words: frozenset[str], plain_exp: bool) -> Style:
    """Return the one style of its kind, so that what is written in it is known again."""
    key = (id(notation), d, words, plain_exp)  # the style keeps the notation, whose number nothing else can get
    style = _styles.get(key)
    if style is None:
        if len(_styles) >= MOST_STYLES:
            _styles.clear()
        style = _styles[key] = Style(notation, d, words, plain_exp)
    return style


def _piece(tree: Tree, style: Style) -> Piece:
    """Write a tree; a node keeps what it was last written as, because lines of a derivation share most of theirs."""
    results: dict[int, Piece] = {}
    stack: list[tuple[Basic, bool]] = [(tree, False)]
    while stack:
        node, is_ready = stack.pop()
        place = id(node)
        if place in results:
            continue
        if not isinstance(node, Inert):
            results[place] = _WRITERS.get(type(node), arithmetic.other_leaf)(node, [], style)
            continue
        arguments = node._args
        if is_ready:
            inner = [results[id(a)] for a in arguments]
            piece = results[place] = _WRITERS.get(type(node), arithmetic.other_leaf)(node, inner, style)
            if len(piece.text) <= LONGEST_KEPT:
                node._written = style, piece
            continue
        known = getattr(node, "_written", None)
        if known is not None and known[0] is style:
            results[place] = known[1]
            continue
        stack.append((node, True))
        stack += [(a, False) for a in arguments[::-1]]
    return results[id(tree)]


def _let(node: Basic, inner: list[Piece], style: Style) -> Piece:
    return inner[0]


OPEN, CLOSE, TAKEN, LET_GO = "\x02", "\x03", "\x04", "\x05"  # stand round what is marked until the whole is written


def _mark(node: Basic, inner: list[Piece], style: Style) -> Piece:
    return _between(inner[0], OPEN, CLOSE) if any(style.notation.mark) else inner[0]


def _taken(node: Basic, inner: list[Piece], style: Style) -> Piece:
    return _between(inner[0], TAKEN, LET_GO) if any(style.notation.taken) else inner[0]


def _between(piece: Piece, opening: str, closing: str) -> Piece:
    """Return the piece with a mark around it; a minus stays outside, where a sum looks for it."""
    sign = 1 if piece.level == NEGATIVE else 0

    def around(written: str) -> str:
        return f"{written[:sign]}{opening}{written[sign:]}{closing}" if written else ""

    return piece._replace(text=around(piece.text), loose=around(piece.loose), parts=())


def _with_marks(written: str, notation: Notation) -> str:
    """Return the text with the notation's own marks; neighbours that are both marked share one."""
    for first, last, (opening, closing) in ((OPEN, CLOSE, notation.mark), (TAKEN, LET_GO, notation.taken)):
        for between in (*notation.joins, notation.plus, notation.minus):
            written = written.replace(last + between + first, between)
        written = written.replace(first, opening).replace(last, closing)
    return written


_Writer = Callable[[Basic, list[Piece], Style], Piece]
_WRITERS: dict[type, _Writer] = {
    Symbol: arithmetic.name,
    Size: arithmetic.name,
    Integer: arithmetic.integer,
    One: arithmetic.integer,
    Exp1: arithmetic.euler,
    Pi: arithmetic.pi,
    Decimal: arithmetic.decimal,
    Plus: arithmetic.total,
    Neg: arithmetic.negative,
    Times: arithmetic.product,
    Quotient: arithmetic.quotient,
    Power: arithmetic.power,
    Str: calls.function_name,
    Apply: calls.call,
    Diff: calls.derivative,
    Int: calls.integral,
    Lim: calls.limit,
    Gradient: calls.gradient,
    Edge: matrices.gradient,
    Equal: arithmetic.equation,
    Rate: calls.rate,
    Let: _let,
    Mark: _mark,
    Taken: _taken,
}
