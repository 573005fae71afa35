"""One walk over a tree that writes it as text, in Unicode, in LaTeX or in SymPy's syntax.

Brackets are decided by level (a sum binds loosest), and what stands between two factors by the table in `notation.py`.
For text and Unicode the walk is the inverse of the parser: `parse(text(tree)) == tree`.

    text     6xy   2x e^(x^2+y^2)   (1 - x^2)/(x^2 + 1)^2   3y * d/dx [x^2]
    unicode  6xy   2x e^(x²+y²)     (1 - x²)/(x² + 1)²      3y · ∂/∂x [x²]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sympy.core.basic import Basic
from sympy.core.numbers import Exp1, Integer, One, Pi, Rational
from sympy.core.symbol import Str, Symbol

from symback.render.names import SUBSCRIPTS, SUPERSCRIPTS
from symback.render.notation import (
    BARE, BETWEEN, LATEX, RAISED, SPACE, SYMPY, TEXT, UNICODE, WORDS, Notation,
)  # fmt: skip
from symback.render.numbers import decimal_text, integer_text
from symback.tree import (
    ONE, Apply, Decimal, Diff, Inert, Let, Neg, Plus, Power, Quotient, Times, Tree, fold, symbols_of,
)  # fmt: skip

# How tightly a piece holds together; it goes into brackets where its place asks for a higher level.
SUM, NEGATIVE, QUOTIENT, PRODUCT, DERIVATIVE, POWER, ATOM = range(7)
SHORT = 16  # characters: up to here the blanks round + and - are left out in exponents and roots


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
    from symback.render.lowered import lowered

    return write(lowered(tree), SYMPY)


class Mark(Inert):
    """What a step changed: written as what it holds, with the notation's mark around it."""

    __slots__ = ()


class Piece(NamedTuple):
    """A written subtree, and what its surroundings must know of it."""

    text: str
    level: int = ATOM
    head: str = "group"  # what it begins and ends with: the rows and columns of BETWEEN
    tail: str = "group"
    loose: str = ""  # a shorter form for a place where nothing follows: sin x
    letters: str = ""  # of one letter: itself, because letters that touch may read as a word
    parts: tuple[Any, ...] = ()  # of a call: name and argument, for sin^2 x; of a derivative: body and variables


@dataclass(frozen=True, slots=True)
class Style:
    """A notation and what the whole tree says about it."""

    notation: Notation
    d: str
    words: frozenset[str]  # names of more than one letter: touching letters must not spell one of them
    plain_exp: bool  # e is a name here, so the exponential function is written exp(u)


def write(tree: Tree, notation: Notation, several: bool = False) -> str:
    """Return the tree in a notation, with ∂ for d where it has several variables."""
    names = [s.name for s in symbols_of(tree)]
    words = frozenset(name for name in names if len(name) > 1)
    style = Style(notation, notation.partial if several else notation.d, words, "e" in names)
    piece = fold(tree, lambda node, inner: _WRITERS.get(type(node), _other_leaf)(node, inner, style))
    written = piece.loose or piece.text
    return _with_marks(written, notation) if OPEN in written else written


# --- leaves -------------------------------------------------------------------------------------------------------


def _other_leaf(node: Basic, inner: list[Piece], style: Style) -> Piece:
    if isinstance(node, Integer):
        return _integer(node, inner, style)
    if isinstance(node, Rational):  # the value of a decimal, written by its node
        return Piece("")
    return Piece(str(node), SUM)


def _integer(node: Basic, inner: list[Piece], style: Style) -> Piece:
    return Piece(integer_text(int(node)), ATOM, "number", "one" if node is ONE else "number")


def _function_name(node: Basic, inner: list[Piece], style: Style) -> Piece:
    return Piece(style.notation.functions.get(node.name, node.name))


def _pi(node: Basic, inner: list[Piece], style: Style) -> Piece:
    edge = "letter" if len(style.notation.pi) == 1 else "name"
    return Piece(style.notation.pi, ATOM, edge, edge, letters=style.notation.pi if edge == "letter" else "")


def _euler(node: Basic, inner: list[Piece], style: Style) -> Piece:
    if style.plain_exp and style.notation is not SYMPY:
        return Piece("exp(1)", ATOM, "call", "call")
    return Piece(style.notation.euler, ATOM, "name", "name")


def _symbol(node: Basic, inner: list[Piece], style: Style) -> Piece:
    name: str = node.name
    spelled = style.notation.symbol(name)
    head, tail = _NAME_EDGES.get(name) or ("letter", "letter")
    if len(name) == 1 or name == "sigma" or _is_one_letter(spelled):
        return Piece(spelled, ATOM, head if _is_one_letter(spelled) else "name", tail, letters=spelled)
    if "[" in name:
        return Piece(spelled, POWER, "name", "name")
    return Piece(spelled, ATOM, "name", "name")


# Names with edges of their own: before a bracket f would be a function, after a number e would begin its exponent (2e-3).
_NAME_EDGES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("f", "g", "h", "sigma"), ("letter", "name")),
    **dict.fromkeys(("e", "E"), ("name", "letter")),
}
_UNDER = frozenset("₀₁₂₃₄₅₆₇₈₉")


def _is_one_letter(spelled: str) -> bool:
    """Tell whether a name is a letter with small digits below it, which cannot fuse with its neighbours."""
    return _UNDER.issuperset(spelled[1:])


def _decimal(node: Basic, inner: list[Piece], style: Style) -> Piece:
    value = node._args[0]
    digits = decimal_text(int(value.p), int(value.q))
    if "e" in digits and style.notation.name == "latex":
        mantissa, exponent = digits.split("e")
        return Piece(rf"{mantissa} \cdot 10^{{{exponent}}}", PRODUCT, "number", "number")
    return Piece(digits, ATOM, "number", "number")


# --- sums, products, quotients, powers ----------------------------------------------------------------------------


def _bracketed(piece: Piece, notation: Notation) -> Piece:
    opening, closing = notation.brackets
    edge = "sum" if piece.level == SUM else "group"
    return Piece(f"{opening}{piece.loose or piece.text}{closing}", ATOM, edge, edge)


def _sum(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation = style.notation
    written = []
    for piece in inner:
        if piece.level == SUM:
            piece = _bracketed(piece, notation)
        term = piece.loose or piece.text
        if not written:
            written.append(term)
        elif piece.level == NEGATIVE:
            written.append(notation.minus + term[1:])
        else:
            written.append(notation.plus + term)
    return Piece("".join(written), SUM)


def _negative(node: Basic, inner: list[Piece], style: Style) -> Piece:
    piece = inner[0] if inner[0].level > NEGATIVE else _bracketed(inner[0], style.notation)
    return Piece("-" + piece.text, NEGATIVE, loose=piece.loose and "-" + piece.loose)


def _product(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation = style.notation
    pieces = [p if p.level > PRODUCT else _bracketed(p, notation) for p in inner]
    apart = _apart(pieces, style.words) if notation.words else ()
    joins = notation.joins
    written = []
    for i in range(1, len(pieces)):
        left, right = pieces[i - 1], pieces[i]
        ends = left.tail == "call" and right.head in ("call", "diff")  # sin x cos x, sin x * d/dx [3x]
        written.append(left.loose if ends and left.loose else left.text)
        written.append(joins[SPACE if i in apart else BETWEEN[left.tail, right.head]])
    before, last = "".join(written), pieces[-1]
    return Piece(before + last.text, PRODUCT, loose=last.loose and before + last.loose)


def _apart(pieces: list[Piece], words: frozenset[str]) -> set[int]:
    """Return which factors must not touch what is before them: letters that would read as a word, a bracket after letters."""
    apart: set[int] = set()
    start = 0
    for i in range(1, len(pieces) + 1):
        if i < len(pieces) and pieces[i - 1].tail == "letter" and pieces[i].head == "letter":
            continue
        if i - start > 1:
            if _reads_as_word([p.letters for p in pieces[start:i]], words):
                apart.update(range(start + 1, i))
            if i < len(pieces) and pieces[i].head == "sum" and pieces[i - 1].tail == "letter":
                apart.add(i)
        start = i
    return apart


def _reads_as_word(letters: list[str], words: frozenset[str]) -> bool:
    """Tell whether touching letters would be refused (four or more) or mean something else (ln, pi, a declared name)."""
    if len(letters) > 3:
        return True
    pairs = [letters[i] + letters[i + 1] for i in range(len(letters) - 1)]
    return any(run in WORDS or run in words for run in (*pairs, "".join(letters)))


def _quotient(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation, (above, below) = style.notation, inner
    if notation.fraction:
        opening, middle, closing = notation.fraction
        return Piece(f"{opening}{above.loose or above.text}{middle}{below.loose or below.text}{closing}", POWER)
    if above.level < PRODUCT:
        above = _bracketed(above, notation)
    if below.level <= DERIVATIVE:
        below = _bracketed(below, notation)
    return Piece(f"{above.text}/{below.text}", QUOTIENT, loose=below.loose and f"{above.text}/{below.loose}")


def _power(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation, (base, exponent) = style.notation, inner
    if isinstance(_bare(node._args[0]), Exp1):
        return _exponential(_bare(node._args[1]), base, exponent, style)
    above = _bare(node._args[1])
    if base.parts and base.parts[0] in RAISED and isinstance(above, Integer) and above > 1 and notation is not SYMPY:
        return _power_of_call(base, _exponent(above, exponent, notation), notation)
    if base.level < ATOM:
        base = _bracketed(base, notation)
    written = base.text + _exponent(above, exponent, notation)
    if base.tail == "letter" and isinstance(above, Integer):
        return Piece(written, POWER, base.head, "raised", letters=base.letters)
    if base.head == "letter" and isinstance(above, Neg):
        return Piece(written, POWER, "power", "power")
    return Piece(written, POWER, base.head, "name" if base.tail == "name" else "power", letters=base.letters)


def _exponential(above: Basic, base: Piece, exponent: Piece, style: Style) -> Piece:
    notation = style.notation
    if notation.name == "sympy" or style.plain_exp:
        name = r"\exp" if notation.name == "latex" else "exp"
        opening, closing = notation.call
        return Piece(f"{name}{opening}{exponent.loose or exponent.text}{closing}", ATOM, "call", "call")
    return Piece(base.text + _exponent(above, exponent, notation), POWER, "exp", "exp")


def _power_of_call(base: Piece, exponent: str, notation: Notation) -> Piece:
    """Return sin^2(x), or sin^2 x where nothing follows."""
    _, name, argument, letter = base.parts
    loose = f"{name}{exponent} {letter}" if letter else ""
    return Piece(f"{name}{exponent}{argument}", POWER, "call", "call", loose)


def _exponent(node: Basic, piece: Piece, notation: Notation) -> str:
    """Return what stands behind the base: ², ^n, ^(3x), ^{3 x}, **(3*x)."""
    whole = isinstance(node, Integer) or (isinstance(node, Neg) and isinstance(node._args[0], Integer))
    if whole and notation.superscripts:
        return piece.text.translate(SUPERSCRIPTS)
    if notation.name != "latex":
        if _is_atom(piece):
            return notation.raise_by + piece.text
        if whole and notation.words:
            return notation.raise_by + piece.text
    opening, closing = notation.exponent
    return opening + _short(piece, notation) + closing


def _short(piece: Piece, notation: Notation) -> str:
    """Return a piece without the blanks round + and -, if it is short enough to be read without them."""
    written = piece.loose or piece.text
    if len(written) <= SHORT and notation.name != "latex":
        for sign in (notation.plus, notation.minus, notation.joins[2]):
            written = written.replace(sign, sign.strip())
    return written


# --- functions and derivatives ------------------------------------------------------------------------------------


def _call(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation, arguments, name = style.notation, inner[1:], node._args[0].name
    special = _SPECIAL.get((notation.name, name))
    if special:
        return special(arguments, notation)
    spelled = notation.functions.get(name) or _unknown(name, notation)
    if spelled == "σ" and "sigma" in style.words:
        spelled = name
    return _called(name, spelled, arguments, notation)


def _unknown(name: str, notation: Notation) -> str:
    if notation.name == "latex" and len(name.rstrip("'")) > 1:
        return rf"\operatorname{{{notation.symbol(name)}}}"
    return name


def _called(name: str, spelled: str, arguments: list[Piece], notation: Notation) -> Piece:
    opening, closing = notation.call
    inside = f"{opening}{', '.join([a.loose or a.text for a in arguments])}{closing}"
    bare = name in BARE and len(arguments) == 1 and notation is not SYMPY and _is_atom(arguments[0])
    letter = arguments[0].text if bare else ""
    loose = f"{spelled} {letter}" if letter else ""

    head = "call" if len(name.rstrip("'")) > 1 and spelled != "σ" else "name"  # what sin x h(x) would take for sin(x h(x))
    return Piece(spelled + inside, ATOM, head, "call", loose, parts=(name, spelled, inside, letter))


def _is_atom(piece: Piece) -> bool:
    """Tell whether a piece is one letter, name or number, so that sin x needs no brackets."""
    return piece.level == ATOM and piece.head in ("letter", "name", "number") and not piece.parts


def _bars(arguments: list[Piece], notation: Notation) -> Piece:
    inside = arguments[0].loose or arguments[0].text
    if "|" in inside:
        return _called("abs", "abs", arguments, notation)
    return Piece(f"|{inside}|", ATOM, "bar", "bar")


def _latex_bars(arguments: list[Piece], notation: Notation) -> Piece:
    inside = arguments[0].loose or arguments[0].text
    return Piece(rf"\left|{inside}\right|", ATOM, "bar", "bar")


def _root(arguments: list[Piece], notation: Notation) -> Piece:
    return Piece(f"sqrt({_short(arguments[0], notation)})", ATOM, "root", "root")


def _unicode_root(arguments: list[Piece], notation: Notation) -> Piece:
    inside = _short(arguments[0], notation)
    return Piece(f"√{inside}" if _is_atom(arguments[0]) else f"√({inside})", ATOM, "root", "root")


def _latex_root(arguments: list[Piece], notation: Notation) -> Piece:
    index = f"[{arguments[1].text}]" if len(arguments) > 1 else ""
    return Piece(rf"\sqrt{index}{{{arguments[0].loose or arguments[0].text}}}", ATOM, "root", "root")


def _latex_cube_root(arguments: list[Piece], notation: Notation) -> Piece:
    return _latex_root([arguments[0], Piece("3")], notation)


def _logarithm(arguments: list[Piece], notation: Notation) -> Piece:
    base = arguments[1]
    if not _is_atom(base) or (base.head == "number" and not base.text.isdigit()):
        return _called("log", "log", arguments, notation)
    small = notation.superscripts and base.head == "number"
    return _called("ln", "log" + (base.text.translate(SUBSCRIPTS) if small else "_" + base.text), arguments[:1], notation)


def _latex_logarithm(arguments: list[Piece], notation: Notation) -> Piece:
    return _called("ln", rf"\log_{{{arguments[1].loose or arguments[1].text}}}", arguments[:1], notation)


def _derivative(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation, (body, by) = style.notation, inner
    if notation.name == "sympy":
        return Piece(f"Derivative({body.text}, {by.text})", ATOM, "call", "call")
    if not isinstance(_bare(node._args[1]), Symbol):
        opening, closing = notation.brackets
        variables: tuple[str, ...] = (f"{opening}{_short(by, notation)}{closing}",)
        inside = body.loose or body.text
    elif isinstance(node._args[0], Diff) and body.parts and _may_stand_together(by.text, *body.parts[1]):
        inside, variables = body.parts[0], (by.text, *body.parts[1])  # d/dx [d/dx [u]] is d^2/dx^2 [u]
    else:
        inside, variables = body.loose or body.text, (by.text,)
    opening, closing = (r"\left[", r"\right]") if notation.name == "latex" else (" [", "]")
    written = f"{_d_over_d('', variables, notation, style.d)}{opening}{inside}{closing}"
    return Piece(written, DERIVATIVE, "diff", "diff", parts=(inside, variables))


def _may_stand_together(*variables: str) -> bool:
    """Tell whether derivatives by these make one sign: not by an inner function, nor by words, as in dalphadbeta."""
    return all(not v.endswith(")") and not v[1:].isalpha() for v in variables)


def derivative_name(name: str, variables: Sequence[Symbol], notation: Notation, several: bool = False) -> str:
    r"""Return the derivative of a named function: `df/dx`, `∂²f/∂x∂y`, `\frac{df}{dx}`."""
    by = tuple(notation.symbol(v.name) for v in reversed(variables))
    return _d_over_d(notation.symbol(name), by, notation, notation.partial if several else notation.d)


def _d_over_d(name: str, variables: tuple[str, ...], notation: Notation, d: str) -> str:
    def raised(count: int) -> str:
        if count == 1:
            return ""
        if notation.superscripts:
            return str(count).translate(SUPERSCRIPTS)
        return f"^{{{count}}}" if notation.name == "latex" else f"^{count}"

    if notation.name != "latex":
        below = ("" if d == "∂" else " ").join(f"{d}{v}{raised(count)}" for v, count in _counted(variables))
        return f"{d}{raised(len(variables))}{name}/{below}"
    blank = " " if len(d) > 1 else ""
    below = " ".join(f"{d}{blank}{v}{raised(count)}" for v, count in _counted(variables))
    return rf"\frac{{{d}{raised(len(variables))}{name and blank + name}}}{{{below}}}"


def _counted(variables: tuple[str, ...]) -> list[tuple[str, int]]:
    runs: list[tuple[str, int]] = []
    for name in variables:
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + 1)
        else:
            runs.append((name, 1))
    return runs


def _let(node: Basic, inner: list[Piece], style: Style) -> Piece:
    return inner[0]


OPEN, CLOSE = "\x02", "\x03"  # stand round what is marked until the whole is written


def _mark(node: Basic, inner: list[Piece], style: Style) -> Piece:
    """Return the piece with a mark around it; a minus stays outside, where a sum looks for it."""
    piece = inner[0]
    sign = 1 if piece.level == NEGATIVE else 0

    def around(written: str) -> str:
        return f"{written[:sign]}{OPEN}{written[sign:]}{CLOSE}" if written else ""

    return piece._replace(text=around(piece.text), loose=around(piece.loose), parts=())


def _with_marks(written: str, notation: Notation) -> str:
    """Return the text with the notation's own marks; neighbours that are both marked share one."""
    for between in (*notation.joins, notation.plus, notation.minus):
        written = written.replace(CLOSE + between + OPEN, between)
    opening, closing = notation.mark
    return written.replace(OPEN, opening).replace(CLOSE, closing)


def _bare(node: Basic) -> Basic:
    while isinstance(node, Mark):
        node = node._args[0]
    return node


_Writer = Callable[[Basic, list[Piece], Style], Piece]
_WRITERS: dict[type, _Writer] = {
    Plus: _sum, Times: _product, Quotient: _quotient, Power: _power, Neg: _negative, Decimal: _decimal,
    Apply: _call, Diff: _derivative, Let: _let, Mark: _mark,
    Symbol: _symbol, Integer: _integer, One: _integer, Exp1: _euler, Pi: _pi, Str: _function_name,
}  # fmt: skip

# Functions that are not simply called.
_SPECIAL: dict[tuple[str, str], Callable[[list[Piece], Notation], Piece]] = {
    ("text", "abs"): _bars, ("unicode", "abs"): _bars, ("latex", "abs"): _latex_bars,
    ("text", "sqrt"): _root, ("unicode", "sqrt"): _unicode_root, ("latex", "sqrt"): _latex_root,
    ("latex", "cbrt"): _latex_cube_root, ("latex", "root"): _latex_root,
    ("text", "log"): _logarithm, ("unicode", "log"): _logarithm, ("latex", "log"): _latex_logarithm,
}  # fmt: skip
