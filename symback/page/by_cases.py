r"""Functions by cases and their conditions, in the four notations.

text     cases(x^2, x < 1, 2x)     0 <= x < 1     x < 0 or x > 1
unicode  cases(x², x ≤ 1, 2x)
latex    \begin{cases} x^{2} & \text{if } x < 1 \\ 2 x & \text{otherwise} \end{cases}
sympy    Piecewise((x**2, x < 1), (2*x, True))
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from symback.expr.cases import AND, COMPARISONS, OR
from symback.page.notation import Notation
from symback.page.pieces import ATOM, COMPARISON, DERIVATIVE, Piece, bracketed

COMPARED, JOINED = "compared", "joined"  # the first of the parts of a condition
_SIGNS: dict[str, dict[str, str]] = {
    "text": {},
    "unicode": {"<=": "≤", ">=": "≥", "!=": "≠"},
    "latex": {"<=": r"\le", ">=": r"\ge", "!=": r"\ne"},
}
_SYMPY = {"equal": "Eq", "differs": "Ne"}
_WORDS = {"latex": {AND: r" \text{ and } ", OR: r" \text{ or } "}}
_PLAIN_WORDS = {AND: " and ", OR: " or "}


def comparison(name: str, arguments: Sequence[Piece], piece: Piece) -> Piece:
    """Return the piece of a comparison with what a condition of cases is written from."""
    return piece._replace(parts=(COMPARED, name, tuple(arguments)))


def junction(name: str, arguments: Sequence[Piece], notation: Notation) -> Piece:
    """Return conditions joined by `and` or `or`."""
    piece = Piece("", COMPARISON, "group", "group", parts=(JOINED, name, tuple(arguments)))
    return piece._replace(text=condition(piece, notation))


def condition(piece: Piece, notation: Notation) -> str:
    """Return a condition as it stands in cases: x = 0, 0 <= x < 1, x < 0 or x > 1."""
    if piece.parts[:1] == (COMPARED,):
        return _compared(piece, notation)
    if piece.parts[:1] != (JOINED,):
        return piece.loose or piece.text  # marked, or no condition of ours
    _, name, parts = piece.parts
    if notation.name == "sympy":
        return f" {'&' if name == AND else '|'} ".join(_in_sympy(condition(part, notation)) for part in parts)
    chain = _chain(parts, notation) if name == AND else ""
    words = _WORDS.get(notation.name, _PLAIN_WORDS)
    return chain or words[name].join(_part(part, name, notation) for part in parts)


def _in_sympy(written: str) -> str:
    return written if written.startswith(tuple(f"{name}(" for name in _SYMPY.values())) else f"({written})"


def _part(piece: Piece, above: str, notation: Notation) -> str:
    written = condition(piece, notation)
    is_other = piece.parts[:1] == (JOINED,) and (piece.parts[1] == above or above == AND)
    if not is_other:
        return written
    opening, closing = notation.brackets
    return f"{opening}{written}{closing}"


def _compared(piece: Piece, notation: Notation) -> str:
    _, name, (left, right) = piece.parts
    if notation.name == "sympy" and name in _SYMPY:
        return f"{_SYMPY[name]}({left.text}, {right.text})"
    return f"{_side(left, notation)} {_sign(name, notation)} {_side(right, notation)}"


def _side(piece: Piece, notation: Notation) -> str:
    held = bracketed(piece, notation) if piece.level == COMPARISON else piece
    return held.loose or held.text if notation.name != "sympy" else held.text


def _sign(name: str, notation: Notation) -> str:
    sign = COMPARISONS[name][0]
    return _SIGNS.get(notation.name, {}).get(sign, sign)


def _chain(parts: Sequence[Piece], notation: Notation) -> str:
    """Return 0 <= x < 1 for comparisons that share what stands between them; nothing for others."""
    if len(parts) < 2 or any(part.parts[:1] != (COMPARED,) for part in parts):
        return ""
    names, sides = [part.parts[1] for part in parts], [part.parts[2] for part in parts]
    if {"equal", "differs"} & set(names) or any(one[1].text != other[0].text for one, other in pairwise(sides)):
        return ""
    written = _side(sides[0][0], notation)
    for name, (_, right) in zip(names, sides, strict=True):
        written += f" {_sign(name, notation)} {_side(right, notation)}"
    return written


def cases(arguments: Sequence[Piece], notation: Notation) -> Piece:
    """Return a function by cases."""
    values = [piece.loose or piece.text for piece in arguments[::2]]
    conditions = [condition(piece, notation) for piece in arguments[1::2]]
    has_rest = len(values) > len(conditions)
    if notation.name == "latex":
        return _environment(values, conditions, has_rest)
    if notation.name == "sympy":
        pairs = zip(values, [*conditions, *(["True"] if has_rest else [])], strict=True)
        return Piece(f"Piecewise({', '.join(f'({v}, {c})' for v, c in pairs)})", ATOM, "call", "call")
    inside = [part for pair in zip(values, [*conditions, ""], strict=False) for part in pair if part]
    return Piece(f"cases({', '.join(inside)})", ATOM, "call", "call")


def _environment(values: Sequence[str], conditions: Sequence[str], has_rest: bool) -> Piece:
    rows = [f"{value} & \\text{{if }} {holds}" for value, holds in zip(values, conditions, strict=False)]
    rows += [f"{values[-1]} & \\text{{otherwise}}"] if has_rest else []
    inside = r" \\ ".join(rows)
    return Piece(rf"\begin{{cases}} {inside} \end{{cases}}", DERIVATIVE, "diff", "diff")
