r"""How gradients on a graph and the operations on vectors and matrices are written, whatever the notation.

text     dL/da   A @ B   A.T   x[3]    norm2(x)   outer(a, b)
unicode  ∂L/∂a   A @ B   Aᵀ    x[3]    ‖x‖²       outer(a, b)
latex    the fraction, A B, A^{\top}, x_{3}, \left\|x\right\|^{2}, a b^{\top}
"""

from __future__ import annotations

from collections.abc import Callable

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.render.notation import Notation
from symback.render.pieces import ATOM, DERIVATIVE, POWER, PRODUCT, QUOTIENT, Piece, Style, bare, bracketed

Writer = Callable[[list[Piece], Notation], Piece]
HADAMARD = "elementwise product"  # a head for writing only: a product of arrays, where LaTeX needs a sign of its own


# --- gradients ----------------------------------------------------------------------------------------------------


def gradient(node: Basic, inner: list[Piece], style: Style) -> Piece:
    """Return ∂L/∂a, of the whole gradient and of the derivative along one edge alike."""
    notation = style.notation
    above, below = (
        p if p.level == ATOM or notation.name == "sympy" or isinstance(bare(tree), Symbol) else bracketed(p, notation)
        for p, tree in zip(inner, node._args, strict=True)
    )
    if notation.name == "sympy":
        return Piece(f"Derivative({above.text}, {below.text})", ATOM, "call", "call")
    d = notation.partial
    if notation.name == "latex":
        return Piece(rf"\frac{{{d} {above.text}}}{{{d} {below.text}}}", DERIVATIVE, "diff", "diff")
    return Piece(f"{d}{above.text}/{d}{below.text}", DERIVATIVE, "diff", "diff")


# --- operations on arrays -----------------------------------------------------------------------------------------


def _factor(piece: Piece, notation: Notation) -> Piece:
    return piece if piece.level > PRODUCT else bracketed(piece, notation)


def _base(piece: Piece, notation: Notation) -> Piece:
    return piece if piece.level == ATOM else bracketed(piece, notation)


def _matrix_product(arguments: list[Piece], notation: Notation) -> Piece:
    left, right = arguments
    left = left if left.head == "matmul" else _factor(left, notation)
    sign = " " if notation.name == "latex" else " @ "
    return Piece(left.text + sign + _factor(right, notation).text, QUOTIENT, "matmul", "matmul")


def _elementwise(arguments: list[Piece], notation: Notation) -> Piece:
    return Piece(r" \odot ".join([_factor(p, notation).text for p in arguments]), QUOTIENT)


def _raised(sign: str) -> Writer:
    def write(arguments: list[Piece], notation: Notation) -> Piece:
        return Piece(_base(arguments[0], notation).text + sign, POWER, "name", "power")

    return write


def _entry(arguments: list[Piece], notation: Notation) -> Piece:
    base = _base(arguments[0], notation)
    place = ", ".join([p.text for p in arguments[1:]])
    if notation.name != "latex":
        return Piece(f"{base.text}[{place}]", ATOM, "name", "name")
    base = bracketed(base, notation) if "_" in base.text and not base.text.endswith(")") else base
    return Piece(f"{base.text}_{{{place}}}", ATOM, "name", "name")


def _norm(opening: str, closing: str) -> Writer:
    def write(arguments: list[Piece], notation: Notation) -> Piece:
        return Piece(f"{opening}{arguments[0].loose or arguments[0].text}{closing}", POWER, "bar", "bar")

    return write


def _transposed(piece: Piece, notation: Notation) -> str:
    return _base(piece, notation).text + r"^{\top}"


def _dot(arguments: list[Piece], notation: Notation) -> Piece:
    a, b = arguments
    return Piece(f"{_transposed(a, notation)} {_factor(b, notation).text}", QUOTIENT, "matmul", "matmul")


def _outer(arguments: list[Piece], notation: Notation) -> Piece:
    a, b = arguments
    return Piece(f"{_factor(a, notation).text} {_transposed(b, notation)}", QUOTIENT, "matmul", "matmul")


def _quadratic(arguments: list[Piece], notation: Notation) -> Piece:
    x, a = arguments
    inner = f"{_factor(a, notation).text} {_factor(x, notation).text}"
    return Piece(f"{_transposed(x, notation)} {inner}", QUOTIENT, "matmul", "matmul")


def _kronecker(arguments: list[Piece], notation: Notation) -> Piece:
    a, b = arguments
    return Piece(rf"{_factor(a, notation).text} \otimes {_factor(b, notation).text}", QUOTIENT, "matmul", "matmul")


def _with_size(sign: str) -> Writer:
    """Return a writer of the identity matrix I_3 or the vector of ones, whose argument is the size."""

    def write(arguments: list[Piece], notation: Notation) -> Piece:
        size = r" \times ".join([a.text for a in arguments])
        return Piece(f"{sign}_{{{size}}}", ATOM, "name", "name")

    return write


def _unit_vector(arguments: list[Piece], notation: Notation) -> Piece:
    """Return the unit vector of a place, which is counted from 0 as in the graph."""
    return Piece(rf"\mathbf{{e}}_{{[{arguments[0].text}]}}", ATOM, "name", "name")


def _along(name: str) -> Writer:
    """Return a writer of sum(x, 0), whose second argument is the axis."""

    def write(arguments: list[Piece], notation: Notation) -> Piece:
        opening, closing = notation.call
        below = f"_{{{arguments[1].text}}}" if len(arguments) > 1 else ""
        inside = arguments[0].loose or arguments[0].text
        return Piece(rf"\operatorname{{{name}}}{below}{opening}{inside}{closing}", ATOM, "call", "call")

    return write


# Functions of arrays that are not simply called.
SPECIAL: dict[tuple[str, str], Writer] = {
    ("text", "matmul"): _matrix_product, ("unicode", "matmul"): _matrix_product, ("latex", "matmul"): _matrix_product,
    ("text", "transpose"): _raised(".T"), ("unicode", "transpose"): _raised("ᵀ"),
    ("latex", "transpose"): _raised(r"^{\top}"), ("latex", "inv"): _raised("^{-1}"),
    ("text", "index"): _entry, ("unicode", "index"): _entry, ("latex", "index"): _entry,
    ("unicode", "norm2"): _norm("‖", "‖²"), ("latex", "norm2"): _norm(r"\left\|", r"\right\|^{2}"),
    ("latex", "dot"): _dot, ("latex", "outer"): _outer, ("latex", "quadratic"): _quadratic,
    ("latex", "eye"): _with_size("I"), ("latex", "ones"): _with_size(r"\mathbf{1}"), ("latex", "unit"): _unit_vector,
    ("latex", "kron"): _kronecker, ("latex", "sum"): _along("sum"), ("latex", "mean"): _along("mean"),
    ("latex", "spread"): _along("spread"), ("latex", HADAMARD): _elementwise,
}  # fmt: skip
