r"""Where a long formula may be broken: before its signs, and where that does not do, inside its brackets.

Widths are counted in letters; Typst measures the pieces and decides which of the places it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from symback.page.formula import (
    Accent,
    Array,
    Bracket,
    Changed,
    Fence,
    Fraction,
    Group,
    Node,
    Root,
    Row,
    Script,
    Sign,
    Stacked,
    Styled,
    Words,
)  # fmt: skip

ROOM = 40.0  # letters: a piece that is wider is broken further, where it can be
WIDEST_FRACTION = 76.0  # letters: a fraction or root that is wider is written in one line, which can be broken


class Piece(NamedTuple):
    """A part of a formula that may begin a line: its sign, if it begins with one, and what follows."""

    sign: Sign | None
    row: Row


# --- sizes --------------------------------------------------------------------------------------------------------


def width(row: Row) -> float:
    """Return about how wide a row is, in letters."""
    return sum(map(_width, row))


def _width(node: Node) -> float:
    match node:
        case Sign(sign, kind):
            return 2.2 if kind in ("plus", "relation") else 1.2 if kind == "times" else len(sign) * 1.0
        case Words(words, _):
            return len(words) * 0.9 + 0.3
        case Fraction(over, under, _):
            return max(width(over), width(under)) + 0.5
        case Root(inside, _):
            return width(inside) + 1.5
        case Script(base, below, above, _):
            return width(base) + 0.7 * max(width(below or ()), width(above or ()))
        case Fence(_, inside, _):
            return width(inside) + 1.6
        case Stacked(base, _, _):
            return width(base)
        case Array(_, rows, _, _):
            return _width_of_array(rows)
        case Group(inside) | Accent(_, inside) | Styled(_, inside) | Changed(inside):
            return width(inside)
    return 0.6


def _width_of_array(rows: tuple[tuple[Row, ...], ...]) -> float:
    columns = max(map(len, rows), default=0)
    return sum(max(width(row[i]) if i < len(row) else 0.0 for row in rows) + 1.5 for i in range(columns)) + 1.0


def height(row: Row) -> float:
    """Return about how high a row is, in ems, for a bracket that stands apart from the other."""
    return max(map(_height, row), default=1.0)


def _height(node: Node) -> float:
    match node:
        case Fraction(over, under, _):
            return height(over) + height(under) + 0.2
        case Script(base, _, above, _):
            return height(base) + (0.35 * height(above) if above else 0.0)
        case Fence(_, inside, _) | Root(inside, _):
            return height(inside) + 0.1
        case Group(inside) | Accent(_, inside) | Styled(_, inside) | Changed(inside):
            return height(inside)
        case Array(_, rows, _, _):
            return sum(max(map(height, row), default=1.0) + 0.2 for row in rows)
    return 1.0


# --- pieces -------------------------------------------------------------------------------------------------------


def links_of(row: Row) -> list[Row]:
    """Return a row cut before its relations: a = b = c is a, = b, = c."""
    return [_whole(piece) for piece in _cut(row, ("relation",))]


def terms_of(row: Row) -> list[Piece]:
    """Return a row cut before its relations, plus and minus signs."""
    return list(_cut(row, ("relation", "plus")))


def _whole(piece: Piece) -> Row:
    return (piece.sign, *piece.row) if piece.sign else piece.row


def _cut(row: Row, kinds: tuple[str, ...], inside: bool = False) -> Iterator[Piece]:
    """Yield a row cut before signs of these kinds, those inside its simple brackets only where that is asked for."""
    sign: Sign | None = None
    start = depth = 0
    for i, node in enumerate(row):
        if not isinstance(node, Sign):
            continue
        depth = max(0, depth + (node.kind == "open") - (node.kind == "close"))
        if i and node.kind in kinds and (inside or depth == 0) and not _is_prefix(row, i):
            yield Piece(sign, row[start:i])
            sign, start = node, i + 1
    yield Piece(sign, row[start:])


def _is_prefix(row: Row, i: int) -> bool:
    """Tell whether a sign belongs to what follows: the minus of x = -2."""
    before = row[i - 1]
    return isinstance(before, Sign) and before.kind in ("relation", "plus", "times", "open", "comma")


def fine_pieces(row: Row, room: float = ROOM) -> list[Piece]:
    """Return a row in pieces that are no wider than so many letters, as far as it can be broken."""
    return [fine for term in terms_of(row) for fine in _finer(term, room)]


def _finer(term: Piece, room: float) -> Iterator[Piece]:
    if width(term.row) <= room:
        yield term
        return
    for i, factor in enumerate(_cut(term.row, ("times",))):
        sign = factor.sign if i else term.sign
        if width(factor.row) <= room:
            yield Piece(sign, factor.row)
        elif len(parts := list(_cut(factor.row, ("relation", "plus", "times"), inside=True))) > 1:
            yield from (fine for part in [parts[0]._replace(sign=sign), *parts[1:]] for fine in _finer(part, room))
        else:
            yield from _packed(sign, [piece for node in factor.row for piece in _opened(node, room)], room)


def _packed(sign: Sign | None, pieces: list[Piece], room: float) -> Iterator[Piece]:
    """Yield neighbouring pieces that begin with no sign as one, while there is room; the first with this sign."""
    row: Row = ()
    for piece in pieces:
        if row and (piece.sign or width(row) + width(piece.row) > room):
            yield Piece(sign, row)
            sign, row = piece.sign, ()
        elif piece.sign:
            sign = piece.sign
        row += piece.row
    yield Piece(sign, row)


def _opened(node: Node, room: float) -> list[Piece]:
    """Return a node in pieces: a wide one in brackets with its brackets apart."""
    if _width(node) <= room:
        return [Piece(None, (node,))]
    match node:
        case Fence(opening, inside, closing):
            return _bracketed(opening, inside, closing, room)
        case Script((Fence(opening, inside, closing),), below, above, place):
            *first, last = _bracketed(opening, inside, closing, room)
            return [*first, last._replace(row=(*last.row[:-1], Script(last.row[-1:], below, above, place)))]
        case Fraction(over, under, "frac") if _width(node) > WIDEST_FRACTION:
            return [*_in_brackets(over, room), Piece(None, (Sign("/", "sign"),)), *_in_brackets(under, room)]
        case Root(inside, index) if _width(node) > WIDEST_FRACTION:
            exponent = (Sign("1", "number"), Sign("/", "sign"), *(index or (Sign("2", "number"),)))
            return _opened(Script((Fence("(", inside, ")"),), None, exponent), room)
        case Changed(inside):
            return [Piece(p.sign, (Changed(p.row),)) for p in fine_pieces(inside, room)]
        case Group(inside):
            return fine_pieces(inside, room)
        case Words(words, kind) if kind != "limits":
            return [Piece(None, (Words(part, kind),)) for part in _parts(words, int(room / 2))]
        case Sign(sign, "number"):
            return [Piece(None, (Sign(part, "number"),)) for part in _parts(sign, int(room / 2))]
    return [Piece(None, (node,))]


def _in_brackets(row: Row, room: float) -> list[Piece]:
    if len(row) == 1 and _width(row[0]) <= room:
        return [Piece(None, row)]
    return _bracketed("(", row, ")", room)


def _bracketed(opening: str, inside: Row, closing: str, room: float) -> list[Piece]:
    ems = height(inside)
    first, *others = fine_pieces(inside, room)
    pieces = [Piece(None, (first.sign, *first.row) if first.sign else first.row), *others]
    if opening:
        pieces[0] = Piece(None, (Bracket(opening, ems, "open"), *pieces[0].row))
    pieces[-1] = pieces[-1]._replace(row=(*pieces[-1].row, Bracket(closing, ems, "close")))
    return pieces


def _parts(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]
