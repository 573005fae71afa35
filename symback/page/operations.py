r"""Operations of the table as they are written: in the notation of their row, or as calls.

text     C[ix]   x > 0   max(X, axis=1)   sum(X, axis=1, keepdims)   einsum("ij,jk->ik", A, B)   conv2d(x, K, stride=2)
unicode  C[ix]   x ≥ 0
latex    C_{\mathrm{ix}}   x \ge 0   \max_{j} X_{\cdot j}   x \star K

In the notation of a row `{a}`, `{b}` and `{c}` are the arrays as they stand between commas, `{all}` are all of them,
and parameters have their names. `{a.base}`, `{a.factor}` and `{a.term}` are in brackets unless they are names or calls,
factors of a product, terms of a sum. The loosest of these says how tightly the whole holds together.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from symback.expr.functions import FUNCTIONS
from symback.page.notation import Notation
from symback.page.pieces import ATOM, COMPARISON, POWER, PRODUCT, QUOTIENT, SQUARED, Piece, bracketed

if TYPE_CHECKING:
    from symback.graph.operations.row import ArrayOperation, Parameter

_LARGE = (r"\prod",)  # signs that are not read without an index below
_REDUCTIONS = frozenset(("sum", "mean", "logsumexp"))
_SIGNS = (" * ", "·", "⊙", r"\cdot", r"\odot", "/", r"\frac")  # of products and quotients that brackets hold together
_UNICODE = {" >= ": " ≥ ", " <= ": " ≤ ", " != ": " ≠ "}
ENTRIES = {"0": ("i", r"i \cdot"), "1": ("j", r"\cdot j"), "-1": ("j", r"\cdot j")}


class _Operand:
    """An array in the notation of a row."""

    def __init__(self, piece: Piece, notation: Notation) -> None:
        self.piece, self.notation = piece, notation

    def __str__(self) -> str:
        return self.piece.loose or self.piece.text

    def _above(self, level: int) -> str:
        return (self.piece if self.piece.level > level else bracketed(self.piece, self.notation)).text

    @property
    def base(self) -> str:
        return self._above(POWER)

    @property
    def factor(self) -> str:
        return self._above(PRODUCT)

    @property
    def chain(self) -> str:
        """The first factor of a product of matrices: such a product itself, or a multiple of one, 2A @ B."""
        return self.piece.text if self.piece.head == "matmul" or is_multiple(self.piece) else self.factor

    @property
    def under(self) -> str:
        r"""What stands before an index: in LaTeX x_{1} has one already."""
        base = self.base
        has_one = self.notation.name == "latex" and "_" in base and not base.endswith(")")
        return bracketed(self.piece, self.notation).text if has_one else base

    @property
    def term(self) -> str:
        return self._above(COMPARISON)


def _row_of(name: str) -> ArrayOperation | None:
    """Return the row of an operation on arrays; the table, with NumPy, is not loaded for functions of numbers."""
    if name in FUNCTIONS:
        return None
    from symback.graph.operations.table import row_of

    return row_of(name)


def is_multiple(left: Piece) -> bool:
    """Tell whether a product is a number times a matrix, 2A @ x, which needs no brackets; (A * B) @ x has them."""
    return left.level in (QUOTIENT, PRODUCT) and not any(sign in left.text for sign in _SIGNS)


def _is_line(notation: str) -> bool:
    """Tell whether a notation of a row is a line with places for arrays, and not a name."""
    return any(place in notation for place in ("{a}", "{a.", "{all}"))


class _Called(NamedTuple):
    """A call of an operation, taken apart: the arrays, and the parameters by name, of which some are options."""

    row: ArrayOperation
    arrays: Sequence[Piece]
    parameters: dict[str, str]
    options: dict[str, str]


def written(name: str, arguments: Sequence[Piece], notation: Notation) -> Piece | None:
    """Return an operation of the table as it is written; None where the table has no such row."""
    row = _row_of(name)
    if row is None or len(arguments) < row.arrays[0]:
        return None
    return _written(row, _taken_apart(row, name, arguments), notation)


def _written(row: ArrayOperation, called: _Called, notation: Notation) -> Piece:
    if notation.name == "sympy":
        return _call(called, notation)
    template = row.latex if notation.name == "latex" else row.text
    if _is_line(template):
        says_all = "{options}" in template or not called.options
        return _filled(template, called, notation) if says_all else _call(called, notation)
    return _named(row, called, notation) if notation.name == "latex" and template else _call(called, notation)


def _taken_apart(row: ArrayOperation, name: str, arguments: Sequence[Piece]) -> _Called:
    from symback.graph.operations.table import arrays_of

    count = arrays_of(row, arguments)
    inside = name.partition("[")[2].removesuffix("]")
    if row.has_many:
        own = {row.parameters[0].name: inside} if inside else {}
        return _Called(row, arguments, own, own if "axis" in own else {})
    known = {p.name: str(p.default) for p in row.parameters if p.default is not None}
    values = [p.loose or p.text for p in arguments[count:]]
    for place, parameter in enumerate(row.parameters[: len(values)]):
        known[parameter.name] = values[place]
        if parameter.takes_rest:
            rest = ", ".join(values[place:])
            known[parameter.name] = f"({rest})" if len(row.parameters) > 1 else rest
    unusual = {p.name for p in _options(row) if p.name in known and known[p.name] != str(p.default)}
    return _Called(row, arguments[:count], known, {name: known[name] for name in known if name in unusual})


def _options(row: ArrayOperation) -> list[Parameter]:
    """Return the parameters that are written by their names: those that may be left out, and all before sizes."""
    has_rest = len(row.parameters) > 1 and row.parameters[-1].takes_rest
    is_in_line = [_is_line(row.text) and f"{{{p.name}}}" in row.text for p in row.parameters]
    return [
        p
        for p, is_placed in zip(row.parameters, is_in_line, strict=True)
        if not is_placed and (has_rest or p.is_optional or p.may_be_left_out)
    ]


def _call(called: _Called, notation: Notation) -> Piece:
    """Return max(X, axis=1): the arrays, what must be given, and options that are not the usual ones, by name."""
    row = called.row
    name = row.called
    options = {p.name for p in _options(row)}
    parts = [a.loose or a.text for a in called.arrays]
    parts += [value for key, value in called.parameters.items() if key not in options]
    if row.name == "einsum":
        parts = [f'"{called.parameters.get("spec", "")}"', *parts[: len(called.arrays)]]  # in SymPy's syntax
    return call(name, parts, called.options, notation)


def call(name: str, parts: Sequence[str], options: dict[str, str], notation: Notation) -> Piece:
    """Return a call with options by name; one without a value is the name alone."""
    opening, closing = notation.call
    head = rf"\operatorname{{{name.replace('_', '-')}}}" if notation.name == "latex" else name
    inside = ", ".join([*parts, *_by_name(options, notation)])
    return Piece(f"{head}{opening}{inside}{closing}", ATOM, "call", "call")


def _by_name(options: dict[str, str], notation: Notation) -> list[str]:
    if notation.name == "latex":
        return [rf"\mathrm{{{key}}}{f' = {value}' if value else ''}" for key, value in options.items()]
    return [f"{key}={value}" if value else key for key, value in options.items()]


def _filled(template: str, called: _Called, notation: Notation) -> Piece:
    from symback.graph.operations.row import ARRAYS

    operands = [_Operand(piece, notation) for piece in called.arrays]
    fields = {**dict(zip(ARRAYS, operands, strict=False)), **called.parameters}
    if "{letters}" in template:
        fields["letters"] = _letters(called.parameters["spec"])
    level, edge = _binds(template)
    if notation.name == "unicode":
        for sign, other in _UNICODE.items():
            template = template.replace(sign, other)
    fields["options"] = "".join(f", {option}" for option in _by_name(called.options, notation))
    made = template.format(all=", ".join(map(str, operands)), **fields)
    return Piece(made, level, "diff" if made.startswith("[") else edge, edge)  # 2 * [x, y], which is no index


def _letters(spec: str) -> str:
    r"""Return the letters of an einsum in LaTeX: \text{ij,jk} \to \text{ik}."""
    left, arrow, right = spec.partition("->")
    after = (rf" \to \text{{{right}}}" if right else r" \to 1") if arrow else ""
    return rf"\text{{{left}}}{after}"


@cache
def _binds(template: str) -> tuple[int, str]:
    """Return how tightly what a notation writes holds together, and what it begins and ends with."""
    if ".term" in template and not template.endswith(")"):
        return COMPARISON, "group"
    if ".factor" in template or ".chain" in template:
        return QUOTIENT, "matmul"
    if ".base" in template:
        return POWER, "name"
    return (ATOM, "name") if ".under" in template else (ATOM, "call")


# --- along an axis ---------------------------------------------------------------------------------------------------


class Along(NamedTuple):
    """What is worked out along axes, as it would be written if these stayed: sum(X, axis=1, keepdims).

    `kept` are the axes that were put in again, one after the other; once these are all of them, it is written so.
    """

    name: str
    inside: str
    axes: tuple[str, ...]
    squared: str = ""  # x of x^2, so that the root of their sum is a norm
    kept: int = 0

    @property
    def axis(self) -> str:
        """The axes as they are named in a call."""
        return self.axes[0] if len(self.axes) == 1 else f"({', '.join(self.axes)})"


def is_reduction(name: str) -> bool:
    """Tell whether a function leaves out the axis that it goes along."""
    row = _row_of(name)
    is_along = row is not None and row.arrays == (1, 1) and any(p.is_optional for p in row.parameters)
    return name in _REDUCTIONS or bool(row and is_along and row.shape([(2, 3)], (1,)) == (2,))


def with_axis(name: str, piece: Piece, arguments: Sequence[Piece], notation: Notation) -> Piece:
    """Return a piece that knows along which axis it is worked out; the root of a sum of squares is a norm."""
    if notation.name == "sympy" or not arguments:
        return piece
    found = next(iter(arguments[0].parts), None)
    if name == "sqrt" and isinstance(found, Along) and found.name == "sum" and found.squared and not found.kept:
        return piece._replace(parts=(found._replace(name="norm", inside=found.squared),))
    if name == "expand" and isinstance(found, Along) and found.kept < len(found.axes):
        return _kept(found._replace(kept=found.kept + 1), arguments[1].text, piece, notation)
    if len(arguments) == 2 and is_reduction(name):
        row = _row_of(name)
        return _reduced(row.called if row else name, piece, arguments, notation)
    return piece


def _reduced(name: str, piece: Piece, arguments: Sequence[Piece], notation: Notation) -> Piece:
    """Return sum(X, axis=(0, 2)) for the sum of a sum."""
    array, axis = arguments
    found = next(iter(array.parts), None)
    if isinstance(found, Along) and found.name == name and not found.kept and _are_whole(*found.axes, axis.text):
        both = found._replace(axes=_both(found.axes, axis.text), squared="")
        return call(name, [found.inside], {"axis": both.axis}, notation)._replace(parts=(both,))
    squared = array.parts[1] if array.parts[:1] == (SQUARED,) else ""
    return piece._replace(parts=(Along(name, array.loose or array.text, (axis.text,), squared),))


def _are_whole(*axes: str) -> bool:
    return all(map(str.isdigit, axes))


def _both(axes: Sequence[str], axis: str) -> tuple[str, ...]:
    """Return the axes that are gone, and one of those that were left, as they are counted of the whole array."""
    place = int(axis)
    for before in sorted(map(int, axes)):
        place += before <= place
    return tuple(map(str, sorted((*map(int, axes), place))))


def _kept(along: Along, axis: str, piece: Piece, notation: Notation) -> Piece:
    """Return sum(X, axis=1, keepdims) where all axes along which a sum was taken are put in again."""
    if along.axes[along.kept - 1] != axis:
        return piece
    is_whole = along.kept == len(along.axes)
    made = call(along.name, [along.inside], {"axis": along.axis, "keepdims": ""}, notation) if is_whole else piece
    return made._replace(parts=(along,))


def _named(row: ArrayOperation, called: _Called, notation: Notation) -> Piece:
    r"""Return \det\left(A\right), and \max_{j} X_{\cdot j} along an axis."""
    (array,) = called.arrays
    axis = called.parameters.get("axis")
    if axis in ENTRIES:
        return along(row.latex, array, axis, notation)
    opening, closing = notation.call
    if axis is not None or row.latex in _LARGE:
        options = {} if axis is None else {"axis": axis}
        return call(row.called, [array.loose or array.text], options, notation)
    return Piece(f"{row.latex}{opening}{array.loose or array.text}{closing}", ATOM, "call", "call")


def along(sign: str, array: Piece, axis: str, notation: Notation) -> Piece:
    r"""Return \sum_{i} X_{i \cdot}, and \sum_{j} X_{\cdot j}."""
    letter, entry = ENTRIES[axis]
    return Piece(f"{sign}_{{{letter}}} {_Operand(array, notation).under}_{{{entry}}}", POWER, "call", "call")
