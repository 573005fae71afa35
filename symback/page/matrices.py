r"""How gradients on a graph and the operations on vectors and matrices are written, whatever the notation.

text     dL/da   A @ B   A.T   x[3]    X[:, 0:2]    norm(x)   eye(n)   ones(n, m)
unicode  ∂L/∂a   A @ B   Aᵀ    x[3]    X[:, 0:2]    ‖x‖       I_n      ones(n, m)
latex    the fraction, A B, A^{\top}, x_{3}, X_{:,\,0:2}, \left\lVert x\right\rVert, I_{n}, \mathbf{1}_{n \times m}
"""

from __future__ import annotations

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.page.display import SPECIAL as FOR_WRITING_ONLY
from symback.page.display import Writer
from symback.page.names import SUBSCRIPTS
from symback.page.notation import Notation
from symback.page.operations import ENTRIES, along, call, is_multiple
from symback.page.pieces import ATOM, DERIVATIVE, POWER, PRODUCT, QUOTIENT, Piece, Style, bare, bracketed, is_atom

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
    left = left if left.head == "matmul" or is_multiple(left) else _factor(left, notation)
    sign = " " if notation.name == "latex" else " @ "
    return Piece(left.text + sign + _factor(right, notation).text, QUOTIENT, "matmul", "matmul")


def _raised(sign: str) -> Writer:
    def write(arguments: list[Piece], notation: Notation) -> Piece:
        if len(arguments) > 1:
            return call("transpose", [p.text for p in arguments], {}, notation)
        base = _base(arguments[0], notation)
        return Piece(base.text + sign, POWER, _head(base), "power")

    return write


def _latex_inverse(arguments: list[Piece], notation: Notation) -> Piece:
    base = _base(arguments[0], notation).text
    return Piece(base + "^{-1}", POWER, "name", "power", parts=("inv", base))


def _latex_transpose(arguments: list[Piece], notation: Notation) -> Piece:
    """Return A^{\\top}, and A^{-\\top} of an inverse."""
    if len(arguments) > 1:
        return call("transpose", [p.text for p in arguments], {}, notation)
    if arguments[0].parts[:1] == ("inv",):
        return Piece(arguments[0].parts[1] + r"^{-\top}", POWER, "name", "power")
    return Piece(_transposed(arguments[0], notation), POWER, "name", "power")


def _under(base: Piece, place: str, notation: Notation) -> Piece:
    """Return what stands at a place: x[3], X[:, 0:2], x_{3}."""
    base = _base(base, notation)
    if notation.name != "latex":
        return Piece(f"{base.text}[{place}]", ATOM, _head(base), "name")
    base = bracketed(base, notation) if "_" in base.text and not base.text.endswith(")") else base
    return Piece(f"{base.text}_{{{place}}}", ATOM, "name", "name")


def _head(base: Piece) -> str:
    """Return what a piece begins with: a list is apart from a number before it, which it would be the place of."""
    return "diff" if base.text.startswith("[") else "name"


def _entry(arguments: list[Piece], notation: Notation) -> Piece:
    return _under(arguments[0], ", ".join([p.text for p in arguments[1:]]), notation)


def _slice(arguments: list[Piece], notation: Notation) -> Piece:
    """Return the part of an array from one place to before another, all of the axes before its own: X[:, lo:hi]."""
    axis, *ends = (p.text for p in arguments[1:])
    if not axis.isdigit() or len(ends) != 2:  # counted from the end: how many axes come before is not said
        opening, closing = notation.call
        spelled = (
            f"{notation.functions.get('slice', 'slice')}{opening}{', '.join([p.text for p in arguments])}{closing}"
        )
        return Piece(spelled, ATOM, "call", "call")
    low, high = ends
    comma = r",\," if notation.name == "latex" else ", "
    return _under(arguments[0], f":{comma}" * int(axis) + f"{low}:{high}", notation)


def norm(squared: Piece, notation: Notation) -> Piece | None:
    """Return the norm where a root is taken of a squared norm, None of anything else."""
    if squared.parts[:1] != ("norm2",):
        return None
    inside = squared.parts[1]
    if notation.name == "latex":
        return Piece(rf"\left\lVert {inside}\right\rVert", ATOM, "bar", "bar")
    if notation.name == "text" or "‖" in inside:
        return Piece(f"norm({inside})", ATOM, "call", "call")
    return Piece(f"‖{inside}‖", ATOM, "bar", "bar")


def _squared_norm(arguments: list[Piece], notation: Notation) -> Piece:
    inside = arguments[0].loose or arguments[0].text
    parts = ("norm2", inside)
    if notation.name == "latex":
        return Piece(rf"\left\lVert {inside}\right\rVert^{{2}}", POWER, "bar", "bar", parts=parts)
    if notation.name == "text" or "‖" in inside:  # norms in a norm could not be told apart
        return Piece(f"norm2({inside})", ATOM, "call", "call", parts=parts)
    return Piece(f"‖{inside}‖²", POWER, "bar", "bar", parts=parts)


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


def _with_size(sign: str) -> Writer:
    """Return a writer of the identity matrix, of ones or of zeros, whose arguments are sizes."""

    def write(arguments: list[Piece], notation: Notation) -> Piece:
        size = r" \times ".join([a.text for a in arguments])
        return Piece(f"{sign}_{{{size}}}", ATOM, "name" if sign.isalpha() else "number", "name")

    return write


def _identity(arguments: list[Piece], notation: Notation) -> Piece:
    """Return I_n or I₃; where the size is no letter or number, the call."""
    (size,) = arguments
    if not is_atom(size):
        return Piece(f"eye({size.text})", ATOM, "call", "call")
    below = size.text.translate(SUBSCRIPTS) if size.text.isdigit() else f"_{size.text}"
    return Piece(f"I{below}", ATOM, "name", "name")


def _unit_vector(arguments: list[Piece], notation: Notation) -> Piece:
    """Return the unit vector of a place, which is counted from 0 as in the graph."""
    return Piece(rf"\mathbf{{e}}_{{{arguments[0].text}}}", ATOM, "name", "name")


def _of_classes(arguments: list[Piece], notation: Notation) -> Piece:
    """Return the one-hot rows of class numbers; how many classes there are is seen from what they are compared to."""
    opening, closing = notation.call
    inside = arguments[0].loose or arguments[0].text
    return Piece(rf"\operatorname{{onehot}}{opening}{inside}{closing}", ATOM, "call", "call")


def _along(name: str, sign: str) -> Writer:
    r"""Return a writer of sum(x), and of sum(X, 0), whose second argument is the axis: \sum_{i} X_{i \cdot}."""

    def write(arguments: list[Piece], notation: Notation) -> Piece:
        if len(arguments) == 2 and arguments[1].text in ENTRIES:
            return along(sign, arguments[0], arguments[1].text, notation)
        opening, closing = notation.call
        below = f"_{{{arguments[1].text}}}" if len(arguments) > 1 else ""
        inside = arguments[0].loose or arguments[0].text
        return Piece(rf"\operatorname{{{name}}}{below}{opening}{inside}{closing}", ATOM, "call", "call")

    return write


def _joined(arguments: list[Piece], notation: Notation) -> Piece:
    """Return arrays below each other (axis 0) or side by side, as a block matrix."""
    *parts, axis = arguments if arguments[-1].head == "number" else [*arguments, Piece("0")]
    cells = (r" \\ " if axis.text == "0" else " & ").join([p.loose or p.text for p in parts])
    return Piece(rf"\begin{{pmatrix}} {cells} \end{{pmatrix}}", ATOM)


def _infinity(sign: str) -> Writer:
    return lambda arguments, notation: Piece(sign, ATOM, "name", "name")


def _list(arguments: list[Piece], notation: Notation) -> Piece:
    """Return a list as a column; lists of equal length in it are the rows of a matrix."""
    rows = [p.parts[1] if p.parts[:1] == ("list",) else (p.loose or p.text,) for p in arguments]
    cells = tuple(p.loose or p.text for p in arguments)
    if len({len(row) for row in rows}) > 1:
        rows = [(cell,) for cell in cells]
    inside = r" \\ ".join([" & ".join(row) for row in rows])
    return Piece(rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}", ATOM, parts=("list", cells))


# Functions of arrays that are not simply called.
SPECIAL: dict[tuple[str, str], Writer] = {
    ("text", "matmul"): _matrix_product, ("unicode", "matmul"): _matrix_product, ("latex", "matmul"): _matrix_product,
    ("text", "transpose"): _raised(".T"), ("unicode", "transpose"): _raised("ᵀ"),
    ("latex", "transpose"): _latex_transpose, ("latex", "inv"): _latex_inverse,
    ("text", "index"): _entry, ("unicode", "index"): _entry, ("latex", "index"): _entry,
    ("text", "slice"): _slice, ("unicode", "slice"): _slice, ("latex", "slice"): _slice,
    ("text", "norm2"): _squared_norm, ("unicode", "norm2"): _squared_norm, ("latex", "norm2"): _squared_norm,
    ("latex", "dot"): _dot, ("latex", "outer"): _outer, ("latex", "quadratic"): _quadratic,
    ("unicode", "eye"): _identity, ("latex", "eye"): _with_size("I"),
    ("latex", "ones"): _with_size(r"\mathbf{1}"), ("latex", "zeros"): _with_size(r"\mathbf{0}"),
    ("latex", "unit"): _unit_vector, ("latex", "onehot"): _of_classes,
    ("latex", "sum"): _along("sum", r"\sum"), ("latex", "mean"): _along("mean", r"\operatorname{mean}"),
    ("text", "inf"): _infinity("inf"), ("unicode", "inf"): _infinity("∞"), ("latex", "inf"): _infinity(r"\infty"),
    ("sympy", "inf"): _infinity("oo"), ("latex", "array"): _list, ("latex", "concat"): _joined, **FOR_WRITING_ONLY,
}  # fmt: skip
