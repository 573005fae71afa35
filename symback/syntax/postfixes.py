"""What follows an array directly: its transpose `A.T`, its index `x[3]` or `X[0, 2]`, its slice `x[0:2]`.

A slice `X[:, 0:2]` is `slice(X, 1, 0, 2)`: the axis, the first entry, and the one after the last. Its ends are counted
from 0 and are numbers or sizes; an end that is left out is the size of the axis, where that is known.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy.core.numbers import Integer
from sympy.core.symbol import Str, Symbol

from symback.errors import ParseError
from symback.expr.tree import ONE, ZERO, Apply, Neg, Plus, Tree, apply, number_value, size
from symback.syntax import errors as complaints
from symback.syntax.arrays import LIST, Named
from symback.syntax.derivatives import by_prime
from symback.syntax.source import MAX_DEPTH
from symback.syntax.stack import FRAME, PREFIX, Parser

MAX_INDICES = 8
_MISSING = Str("")  # the end of a slice that is left out
_SLICE = ":"


def take_transpose(parser: Parser) -> bool:
    """Transpose the term before `.T` or `^T`, which binds more tightly than everything else."""
    token = parser.tokens[parser.index]
    if parser.operators[-1].level >= PREFIX and parser.source.text[token.at] == "^":
        raise complaints.at_token(parser, "It is not clear what is transposed.", "Write (A^2)^T, or A.T.")
    _check_length(parser)
    parser.terms.append(apply("matrix_transpose" if token.value else "transpose", parser.terms.pop()))
    parser.index += 1
    return False


def take_prime(parser: Parser) -> bool:
    """Transpose the term before a prime, as in X'; outside arrays (x^2)' is a derivative."""
    if parser.source.arrays is None:
        return _differentiated(parser)
    return take_transpose(parser)


def _differentiated(parser: Parser) -> bool:
    """Differentiate what is in the bracket before primes, as in (x^2)'."""
    first = parser.index
    if parser.tokens[first - 1].kind not in (")", "]", "|)") or parser.source.law:
        return complaints.no_operator(parser)
    while parser.tokens[parser.index].kind == "'":
        parser.index += 1
    primes = parser.index - first
    parser.terms.append(by_prime(parser.source, parser.terms.pop(), primes, parser.tokens[first]))
    return False


# --- lists -----------------------------------------------------------------------------------------------------------


def open_list(parser: Parser) -> bool:
    """Open the bracket of a list, as in [1, 2] or [[1, 0], [0, 1]], where a term is wanted."""
    if parser.source.arrays is None:
        complaints.no_term(parser)
    parser.push(FRAME, "]", (close_list, None, []))
    parser.index += 1
    return True


def close_list(parser: Parser, last: Tree, _: None, items: list[Tree]) -> bool:
    """Close a list: its items are the entries or the rows of an array."""
    parser.terms.append(apply("array", *items, last))
    return False


def close_tuple(parser: Parser, last: Tree, _: None, items: list[Tree]) -> bool:
    """Close several numbers in brackets after the name of a parameter, as in axis=(0, 1)."""
    parser.terms.append(apply(LIST, *items, last) if items else last)
    return False


def take_keyword(parser: Parser) -> bool:
    """Note the name of a parameter, whose value follows."""
    frame, token = parser.operators[-1], parser.tokens[parser.index]
    if frame.level != FRAME or not isinstance(frame.data, tuple) or len(frame.data) != 3 or not frame.data[2:]:
        raise complaints.at_token(parser, f"{token.value} belongs into a call.", "Write it as in sum(X, axis=1).")
    frame.data[2].append(Named(token.value))
    parser.index += 1
    return True


def _check_length(parser: Parser) -> None:
    """Refuse a run of transposes that nests too deep."""
    run = parser.tokens[max(parser.index - MAX_DEPTH, 0) : parser.index]
    if len(run) == MAX_DEPTH and all(token.kind == "transpose" for token in run):
        raise complaints.too_deep(parser)


def open_entry(parser: Parser) -> bool:
    """Open the bracket of an index, as in x[3]."""
    if parser.source.arrays is None:
        raise complaints.square_bracket(parser)
    before = parser.tokens[parser.index - 1]
    if before.kind in ("number", "constant"):
        raise complaints.at_token(parser, "A number has no entries.", "Write an index after a name, as in x[3].")
    parser.push(FRAME, "]", (close_entry, parser.terms.pop(), [], []))
    parser.index += 1
    return True


def close_entry(parser: Parser, last: Tree, base: Tree, indices: list[Tree], ends: list[Tree]) -> bool:
    """Close the bracket of an index; the entry of a row that was taken by an index is one of the array."""
    indices = [*indices, index_part(last, ends)]
    if (
        isinstance(base, Apply)
        and base.name == "index"
        and not any(map(_is_slice, indices))
        and not _has_rows(parser, base)
    ):
        base, *first = base.arguments
        indices = [*first, *indices]
    if len(indices) > MAX_INDICES:
        raise complaints.at_token(parser, f"There are more than {MAX_INDICES} indices.", "Leave the others out.")
    parser.terms.append(_entry(parser, base, indices))
    return False


def _has_rows(parser: Parser, entry: Apply) -> bool:
    """Tell whether an entry is rows by their numbers, C[ix] with an array ix: C[ix][0] is the first of these rows."""
    arrays, indices = parser.source.arrays, entry.arguments[1:]
    return arrays is not None and any(arrays.axes(getattr(index, "name", None)) for index in indices)


def take_colon(parser: Parser) -> bool:
    """Read the colon of a slice after its first end."""
    parser.build_above(FRAME)
    return _colon(parser, parser.terms.pop())


def take_first_colon(parser: Parser) -> bool:
    """Read a colon where a term is wanted: the slice has no first end."""
    if parser.tokens[parser.index - 1].kind not in ("[", ",", ":"):
        complaints.no_term(parser)
    return _colon(parser, _MISSING)


def _colon(parser: Parser, first: Tree) -> bool:
    data = parser.operators[-1].data
    if not isinstance(data, tuple) or data[0] is not close_entry:
        raise complaints.at_token(parser, "A colon is allowed only in a slice.", "Write x[0:2], or / for a division.")
    if data[3]:
        raise complaints.at_token(parser, "A slice has two ends and no step.", "Write x[0:2].")
    data[3].append(first)
    parser.index += 1
    if parser.tokens[parser.index].kind not in (",", "]"):
        return True
    parser.terms.append(_MISSING)
    return False


def index_part(term: Tree, ends: list[Tree]) -> Tree:
    """Return an index, or the slice whose first end waits in `ends`."""
    return apply(_SLICE, ends.pop(), term) if ends else term


# --- slices ----------------------------------------------------------------------------------------------------------


def _is_slice(part: Tree) -> bool:
    return isinstance(part, Apply) and part.name == _SLICE


def _entry(parser: Parser, base: Tree, parts: Sequence[Tree]) -> Tree:
    """Return an array with its indices and slices: whole numbers in front first, then the slices, axis by axis."""
    count = next((place for place, part in enumerate(parts) if _is_slice(part)), len(parts))
    tree = apply("index", base, *parts[:count]) if count else base
    shape = _shape_of(parser, base)
    known = None if shape is None else shape[count:]
    rest = parts[count:]
    if len(parts) == 2 and count == 0 and known is not None and len(known) == 2 and not _is_slice(parts[1]):
        return apply("index", apply("transpose", _sliced(parser, tree, 0, rest[0], known)), rest[1])  # a column
    axis = 0
    for part in rest:
        if _is_slice(part):
            tree = _sliced(parser, tree, axis, part, known)
            axis += 1
        else:
            tree = _without_axis(parser, tree, axis, part)
            known = None if known is None else known[:axis] + known[axis + 1 :]
    return tree


def _without_axis(parser: Parser, tree: Tree, axis: int, index: Tree) -> Tree:
    """Return one entry along an axis that is not the first: the sum over a slice that holds nothing else."""
    value = number_value(index)
    if value is not None and value < 0:
        raise _no_size(parser)
    after = Plus(index, ONE) if value is None else Integer(int(value) + 1)
    return apply("sum", apply("slice", tree, Integer(axis), index, after), Integer(axis))


def _sliced(parser: Parser, tree: Tree, axis: int, part: Tree, shape: tuple[int, ...] | None) -> Tree:
    first, last = part.arguments
    if first is _MISSING and last is _MISSING:
        return tree
    ends = (_end(parser, end, axis, shape) for end in (ZERO if first is _MISSING else first, last))
    return apply("slice", tree, Integer(axis), *ends)


def _end(parser: Parser, end: Tree, axis: int, shape: tuple[int, ...] | None) -> Tree:
    """Return an end of a slice, counted from 0."""
    value = None if end is _MISSING else number_value(end)
    if end is not _MISSING and (value is None or value >= 0):
        return end
    if shape is None or axis >= len(shape):
        raise _no_size(parser)
    length = size(shape[axis])
    if value is None:
        return length
    return Integer(int(length) + int(value)) if isinstance(length, Integer) else Plus(length, Neg(Integer(-int(value))))


def _shape_of(parser: Parser, base: Tree) -> tuple[int, ...] | None:
    arrays = parser.source.arrays
    return arrays.shapes.get(base.name) if arrays is not None and isinstance(base, Symbol) else None


def _no_size(parser: Parser) -> ParseError:
    close = parser.tokens[parser.index - 1]
    hint = "Count from 0 and write both ends, as in x[1:3]; or give the array a shape."
    return parser.source.error(
        "Where this slice ends depends on a size that is not known.", close.at, close.end, hint=hint
    )
