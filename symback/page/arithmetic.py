"""How numbers, names, sums, products, quotients and powers are written, whatever the notation."""

from __future__ import annotations

from fractions import Fraction

from sympy.core.basic import Basic
from sympy.core.numbers import Exp1, Integer, Rational

from symback.expr.scientific import MOST_DIGITS, decimal_text, integer_text, power_of_ten, scientific_text
from symback.expr.tree import ONE, Edge, Gradient, Neg, Power, Rate, Times, number_value
from symback.page.names import MARKS, SUPERSCRIPTS
from symback.page.notation import BARE, BETWEEN, DOT, RAISED, SPACE, SYMPY, TEXT, WORDS, Notation
from symback.page.pieces import (
    ATOM,
    DERIVATIVE,
    NEGATIVE,
    POWER,
    PRODUCT,
    QUOTIENT,
    SQUARED,
    SUM,
    Piece,
    Style,
    bare,
    bracketed,
    is_atom,
    short,
)  # fmt: skip

_TEN = Integer(10)

# --- leaves -------------------------------------------------------------------------------------------------------


def other_leaf(node: Basic, inner: list[Piece], style: Style) -> Piece:
    if isinstance(node, Integer):
        return integer(node, inner, style)
    if isinstance(node, Rational):  # the value of a decimal, written by its node
        return Piece("")
    return Piece(str(node), SUM)


def integer(node: Basic, inner: list[Piece], style: Style) -> Piece:
    return Piece(integer_text(int(node)), ATOM, "number", "one" if node is ONE else "number")


def pi(node: Basic, inner: list[Piece], style: Style) -> Piece:
    edge = "letter" if len(style.notation.pi) == 1 else "name"
    return Piece(style.notation.pi, ATOM, edge, edge, letters=style.notation.pi if edge == "letter" else "")


def euler(node: Basic, inner: list[Piece], style: Style) -> Piece:
    if style.plain_exp and style.notation is not SYMPY:
        return Piece("exp(1)", ATOM, "call", "call")
    return Piece(style.notation.euler, ATOM, "name", "name")


def name(node: Basic, inner: list[Piece], style: Style) -> Piece:
    written: str = node.name
    spelled = style.notation.symbol(written)
    head, tail = _NAME_EDGES.get(written) or ("letter", "letter")
    if len(written) == 1 or written == "sigma" or _is_one_letter(spelled):
        return Piece(spelled, ATOM, head if _is_one_letter(spelled) else "name", tail, letters=spelled)
    if "[" in written:
        return Piece(spelled, POWER if "^[" in written else ATOM, "name", "name")
    return Piece(spelled, ATOM, "name", "name")


# Names with edges of their own: before a bracket f would be a function, after a number e would begin its exponent.
_NAME_EDGES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("f", "g", "h", "sigma"), ("letter", "name")),
    **dict.fromkeys(("e", "E"), ("name", "letter")),
}
_UNDER = frozenset("₀₁₂₃₄₅₆₇₈₉") | MARKS


def _is_one_letter(spelled: str) -> bool:
    """Tell whether a name is a letter with an accent or small digits, which cannot fuse with what is beside it."""
    return _UNDER.issuperset(spelled[1:])


def decimal(node: Basic, inner: list[Piece], style: Style) -> Piece:
    value = node._args[0]
    scientific = scientific_text(int(value.p), int(value.q))
    if scientific is None:
        return Piece(decimal_text(int(value.p), int(value.q)), ATOM, "number", "number")
    digits, exponent = scientific
    if style.notation is TEXT and not style.plain_exp:  # 2.0e30 would be a product where e is a name
        return Piece(f"{digits}e{exponent}", ATOM, "number", "number")
    return _times_power_of_ten(digits, exponent, style.notation)


def _times_power_of_ten(digits: str, exponent: int, notation: Notation) -> Piece:
    """Return 6.022 · 10²³, which holds together like a power; in SymPy's syntax it is exact, 6022*10**20."""
    if notation.name == "sympy":
        whole, _, decimals = digits.partition(".")
        digits, exponent = whole + decimals, exponent - len(decimals)
    written = str(exponent).translate(SUPERSCRIPTS) if notation.superscripts else str(exponent)
    opening, closing = ("", "") if notation.superscripts else (notation.raise_by, "")
    if notation.name == "latex" or exponent < 0 and not notation.superscripts:
        opening, closing = notation.exponent
    return Piece(f"{digits}{notation.joins[2]}10{opening}{written}{closing}", DERIVATIVE, "number", "power")


# --- sums, products, quotients, powers ----------------------------------------------------------------------------


def total(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation = style.notation
    written: list[str] = []
    for piece in inner:
        if piece.level <= SUM:
            piece = bracketed(piece, notation)
        term = piece.loose or piece.text
        if not written:
            written.append(term)
        elif piece.level == NEGATIVE:
            written.append(notation.minus + term[1:])
        else:
            written.append(notation.plus + term)
    return Piece("".join(written), SUM)


def negative(node: Basic, inner: list[Piece], style: Style) -> Piece:
    piece = inner[0] if inner[0].level > NEGATIVE else bracketed(inner[0], style.notation)
    return Piece("-" + piece.text, NEGATIVE, loose=piece.loose and "-" + piece.loose)


def product(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation = style.notation
    pieces = [p if p.level > PRODUCT else bracketed(p, notation) for p in inner]
    for i in range(1, len(pieces) if notation is not SYMPY else 0):
        if _reads_as_one_number(node._args[i - 1], node._args[i]):
            pieces[i] = bracketed(inner[i], notation)
    apart = _apart(pieces, style.words) if notation.words else ()
    joins = notation.joins
    written: list[str] = []
    for i in range(1, len(pieces)):
        left, right = pieces[i - 1], pieces[i]
        join = SPACE if i in apart else BETWEEN[left.tail, right.head]
        ends = left.tail == "call" and (right.head == "call" or join == DOT)  # sin x cos x, sin x * d/dx [3x]
        written.append(left.loose if ends and left.loose else left.text)
        written.append(joins[join])
    before, last = "".join(written), pieces[-1]
    return Piece(before + last.text, PRODUCT, loose=last.loose and before + last.loose)


def _reads_as_one_number(left: Basic, right: Basic) -> bool:
    """Tell whether a number and a power of ten beside it would be read as one number: 6.5 · (10²³)."""
    digits, power = number_value(bare(left)), bare(right)
    if digits is None or not 1 <= digits < 10 or not isinstance(power, Power) or bare(power._args[0]) != _TEN:
        return False
    exponent = number_value(bare(power._args[1]))
    if exponent is None or exponent.denominator != 1 or abs(exponent) > MOST_DIGITS:
        return False
    value = digits * Fraction(10) ** int(exponent)
    return power_of_ten(value.numerator, value.denominator) is not None


def _apart(pieces: list[Piece], words: frozenset[str]) -> set[int]:
    """Return which factors must not touch what is before them: letters that make a word, a bracket after letters."""
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
    """Tell whether touching letters would be refused (four or more) or mean something else (ln, a declared name)."""
    if len(letters) > 3:
        return True
    pairs = [letters[i] + letters[i + 1] for i in range(len(letters) - 1)]
    return any(run in WORDS or run in words for run in (*pairs, "".join(letters)))


def quotient(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation, (above, below) = style.notation, inner
    if notation.fraction:
        opening, middle, closing = notation.fraction
        return Piece(f"{opening}{above.loose or above.text}{middle}{below.loose or below.text}{closing}", POWER)
    is_chain = above.head == "matmul" and notation is not SYMPY  # A @ B/n is (A @ B)/n
    if (
        (above.level < PRODUCT and not is_chain)
        or isinstance(bare(node._args[0]), (Gradient, Edge))
        or _ends_with_rate(node)
    ):
        above = bracketed(above, notation)
    if below.level <= DERIVATIVE:
        below = bracketed(below, notation)
    return Piece(f"{above.text}/{below.text}", QUOTIENT, loose=below.loose and f"{above.text}/{below.loose}")


def _ends_with_rate(node: Basic) -> bool:
    """Tell whether dy/dx, which has a line of its own, stands above a line: (x · dx/dt)/y."""
    above = bare(node._args[0])
    return isinstance(above, Rate) or (isinstance(above, Times) and any(isinstance(bare(f), Rate) for f in above._args))


def power(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation, (base, exponent) = style.notation, inner
    if isinstance(bare(node._args[0]), Exp1):
        return _exponential(bare(node._args[1]), base, exponent, style)
    above = bare(node._args[1])
    if base.parts and base.parts[0] in RAISED and isinstance(above, Integer) and above > 1 and notation is not SYMPY:
        return _power_of_call(base, _exponent(above, exponent, notation), notation)
    if base.level < ATOM or _is_bare_call(base) and notation is not SYMPY:  # ln(2x)^2 may be the logarithm of a square
        holds_together = base.tail in ("call", "root")  # 3(ln x)^2, as in 3(x + 1)^2
        base = bracketed(base, notation)
        base = base._replace(head="sum") if holds_together else base
    written = base.text + _exponent(above, exponent, notation)
    parts = (SQUARED, inner[0].loose or inner[0].text) if isinstance(above, Integer) and above == 2 else ()
    if base.tail == "letter" and isinstance(above, Integer):
        return Piece(written, POWER, base.head, "raised", letters=base.letters, parts=parts)
    if base.head == "letter" and isinstance(above, Neg):
        return Piece(written, POWER, "power", "power")
    tail = "name" if base.tail == "name" else "power"
    return Piece(written, POWER, base.head, tail, letters=base.letters, parts=parts)


def _is_bare_call(piece: Piece) -> bool:
    return bool(piece.parts) and piece.parts[0] in BARE


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
        if is_atom(piece):
            return notation.raise_by + piece.text
        if whole and notation.words:
            return notation.raise_by + piece.text
    opening, closing = notation.exponent
    return opening + short(piece, notation) + closing


def equation(node: Basic, inner: list[Piece], style: Style) -> Piece:
    """Return an equation; no other expression holds one."""
    left, right = (side.loose or side.text for side in inner)
    return Piece(f"Eq({left}, {right})" if style.notation is SYMPY else f"{left} = {right}", SUM, "sum", "sum")
