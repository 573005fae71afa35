"""The part of the language that only graphs have: matrix products, transposes, indices, functions of whole arrays.

    A @ B   A.T   A^T   x[3]   X[0, 2]   x[0:2]   sum(x)   sum(x, 0)   dot(a, b)   ‖x‖   psi(t), defined by the user

It is an option of the one parser: a `Source` with `Arrays` has it, and without it all of this is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sympy.core.numbers import Integer

from symback.expr.composites import COMPOSITE_WORDS, COMPOSITES, parameters
from symback.expr.functions import SPELLINGS
from symback.expr.tree import TWO, ZERO, Apply, Power, Tree, apply, number, number_value
from symback.syntax import integrals
from symback.syntax.alphabet import ASCII_LETTERS, DIGITS, SPACES
from symback.syntax.index_sums import read_sum
from symback.syntax.refusals import refuse
from symback.syntax.source import MAX_NAME

if TYPE_CHECKING:
    from symback.syntax.source import Source
    from symback.syntax.tokens import Lexer


class Call(NamedTuple):
    """How a function of whole arrays is called: the arrays, then the parameters with their defaults.

    A default is None where the parameter must be given; `along` says that an axis may be left out, and that one of a
    single entry may be kept in its place (`keepdims`). `has_many` takes any number of arrays.
    """

    name: str
    least: int
    most: int
    parameters: tuple[tuple[str, int | None], ...] = ()
    along: bool = False
    has_many: bool = False
    arrays: int = 1


class Arrays(NamedTuple):
    """What a text about arrays may use: functions of the user's, the shapes that are known by name, and operations."""

    functions: Mapping[str, tuple[str, ...]] = MappingProxyType({})  # with their parameters
    shapes: Mapping[str, tuple[int, ...]] = MappingProxyType({})
    calls: Mapping[str, Call] = MappingProxyType({})
    words: Mapping[str, str] = MappingProxyType({})  # names of operations where a bracket follows
    reserved: Mapping[str, str] = MappingProxyType({})  # those that are never a product of letters

    def axes(self, name: object) -> int:
        """Return how many axes an array is known to have; 0 for a number, and where nothing is known."""
        return len(self.shapes.get(name, ())) if isinstance(name, str) else 0


_MANY = 64

# fmt: off
# Functions along an axis, which may be left out: `sum(x)`, `sum(X, 0)`, `sum(X, axis=0, keepdims)`.
ALONG_AN_AXIS = ("sum", "mean", "norm", "norm2")
ALONG_THE_LAST = ("softmax", "log_softmax", "logsumexp")
_CALLS: dict[str, Call] = {
    **{name: Call(name, 1, 3, along=True) for name in ALONG_AN_AXIS},
    **{name: Call(name, 1, 3, along=True) for name in ALONG_THE_LAST},
    "concat": Call("concat", 2, _MANY, has_many=True),
    "max": Call("max", 1, 3, along=True), "min": Call("min", 1, 3, along=True),
}
# fmt: on

_TRANSPOSES = ("{\\intercal}", "{\\top}", "{T}", "{⊤}", "\\intercal", "\\top", "T", "⊤")  # what is after ^
_ORDINARY = frozenset((*SPELLINGS, "exp", "lg"))  # functions that every text has
_WORD = ASCII_LETTERS | DIGITS | frozenset("_")


# --- characters ------------------------------------------------------------------------------------------------------


def read_at_sign(lexer: Lexer, at: int) -> int:
    """Read `@`, the matrix product."""
    if lexer.source.arrays is None:
        return refuse(lexer, at)
    lexer.emit("@", None, at, at + 1)
    return at + 1


def read_infinity(lexer: Lexer, at: int) -> int:
    """Read `∞`, which a mask may put in place of entries."""
    if lexer.source.arrays is None:
        return integrals.read_infinity(lexer, at, at + 1) or refuse(lexer, at)
    lexer.emit("constant", apply("inf"), at, at + 1)
    return at + 1


def read_colon(lexer: Lexer, at: int) -> int:
    """Read `:`, which is in a slice."""
    if lexer.source.arrays is None:
        return refuse(lexer, at)
    lexer.emit(":", None, at, at + 1)
    return at + 1


def read_raised_t(lexer: Lexer, at: int) -> int:
    """Read `ᵀ` or `⊤`."""
    if lexer.source.arrays is None:
        return refuse(lexer, at)
    lexer.emit("transpose", None, at, at + 1)
    return at + 1


def transpose_end(lexer: Lexer, at: int) -> int:
    """Return where `.T` or `^T`, whose sign is at the offset, ends; 0 where it is none of them."""
    if lexer.source.arrays is None or "T" in lexer.source.names and lexer.text[at] == "^":
        return 0
    for written in _TRANSPOSES if lexer.text[at] == "^" else ("T", "mT"):
        end = at + 1 + len(written)
        closed = written.endswith("}") or lexer.peek(end) not in _WORD
        if closed and lexer.text.startswith(written, at + 1, lexer.stop):
            return end
    return 0


def read_head(lexer: Lexer, at: int) -> int:
    """Read a function of whole arrays, such as `log_softmax(`; return where its name ends, 0 where there is none."""
    source, end = lexer.source, word_end(lexer, at)
    word = lexer.text[at:end]
    if word in source.names or lexer.whole_words:
        return 0
    is_applied = lexer.text[end : lexer.stop].lstrip()[:1] == "("
    reserved = source.arrays.reserved if source.arrays is not None else {}
    name = reserved.get(word) or (word if is_applied and source.law and word not in _ORDINARY else "")
    if not name and is_applied and source.arrays is not None and word not in source.arrays.functions:
        name = COMPOSITE_WORDS.get(word, "") or source.arrays.words.get(word, "")
        if name == EINSUM:
            return _read_subscripts(lexer, at, end)
    if not name:
        _refuse_index_under(lexer, word, at)
        return 0
    if not is_applied:
        hint = f"Write {word}(...), or declare {word} as a name."
        raise source.error(f"{word} takes what it is applied to in brackets.", at, end, hint=hint)
    lexer.emit("function", name, at, end)
    return end


def _refuse_index_under(lexer: Lexer, word: str, at: int) -> None:
    """Refuse `sum_i x_i`: sums over an index are not part of the language."""
    first, underscore, _ = word.partition("_")
    arrays = lexer.source.arrays
    if (
        underscore
        and arrays is not None
        and first in arrays.reserved
        and not any(name.startswith(first) for name in lexer.source.names)
    ):
        hint = f"Write {first}(x) for a whole array, and a loop with += for terms of other kinds."
        raise lexer.source.error(f"{first} has no index below it.", at, at + len(word), hint=hint)


def word_end(lexer: Lexer, at: int) -> int:
    """Return where the letters, digits and underscores that begin at the offset end."""
    end, stop = at, min(lexer.stop, at + MAX_NAME)
    while end < stop and lexer.text[end] in _WORD:
        end += 1
    return end


def entry_end(lexer: Lexer, name: str, at: int) -> tuple[str, int]:
    """Return the name with the entry in brackets that follows it, where that is a name: `h[3]` as one of a family."""
    end = lexer.text.find("]", at, lexer.stop)
    inside = "".join(c for c in lexer.text[at + 1 : end] if c not in SPACES) if end > 0 else ""
    if inside and all(part.removeprefix("-").isdigit() and part.isascii() for part in inside.split(",")):
        entry = f"{name}[{inside}]"
        if entry in lexer.source.names or lexer.whole_words:
            return entry, end + 1
    return name, at


# --- what a call may name --------------------------------------------------------------------------------------------

KEYWORDS = {"axis": "axis", "dim": "axis", "keepdims": "keepdims", "keepdim": "keepdims", "stride": "stride",
            "padding": "padding", "size": "size", "place": "place", "axes": "axes", "shape": "shape"}  # fmt: skip
_TRUTH = {"True": 1, "False": 0, "true": 1, "false": 0}
_KEYWORD = re.compile(r"([A-Za-z]+)\s*(=(?!=)|(?=\s*[,)]))")
COMPARISONS = {">": "greater", "<": "less", ">=": "at_least", "<=": "at_most", "==": "equal", "!=": "differs",
               "≥": "at_least", "≤": "at_most", "≠": "differs"}  # fmt: skip
EINSUM = "einsum"


def read_sum_sign(lexer: Lexer, at: int) -> int:
    """Read `∑_i`, the sum over an index."""
    return read_sum(lexer, at) or refuse(lexer, at)


def read_keyword(lexer: Lexer, at: int) -> int:
    """Read `axis=` in a call, or keepdims alone; return where it ends, 0 where there is none."""
    if not lexer.tokens or lexer.tokens[-1].kind not in ("(", ",", "keyword"):
        return 0
    found = _KEYWORD.match(lexer.text, at, lexer.stop)
    word = found[1] if found else ""
    if found is None or word in lexer.source.names and not found[2]:
        return 0
    if word in _TRUTH and not found[2]:
        lexer.emit("number", Integer(_TRUTH[word]), at, at + len(word))
    elif word in KEYWORDS and (found[2] or KEYWORDS[word] == "keepdims") or found[2] and word in parameters():
        lexer.emit("keyword", KEYWORDS.get(word, word), at, found.end())
        if not found[2]:
            lexer.emit("number", Integer(1), at, found.end())
    else:
        return 0
    return found.end()


def read_comparison(lexer: Lexer, at: int) -> int:
    """Read `<`, `>=`, `==` and their kin."""
    sign = lexer.text[at]
    if lexer.peek(at + 1) == "=" and sign in "<>=!":
        sign += "="
    if sign not in COMPARISONS:
        if sign == "=":
            lexer.emit("=", None, at, at + 1)
            return at + 1
        return refuse(lexer, at)
    lexer.emit("compare", COMPARISONS[sign], at, at + len(sign))
    return at + len(sign)


def _read_subscripts(lexer: Lexer, at: int, end: int) -> int:
    """Read `einsum("ij,jk->ik",`: the letters of the axes become part of the name of the function."""
    found = _SUBSCRIPTS.match(lexer.text, end, lexer.stop)
    if found is None:
        hint = 'Write the letters of all axes in quotes, as in einsum("ij,jk->ik", A, B).'
        raise lexer.source.error("einsum begins with the letters of the axes.", at, end, hint=hint)
    letters = "".join(c for c in found[2] if c not in SPACES)
    if not _LETTERS_OF_AXES.fullmatch(letters):
        hint = 'One letter for each axis, a comma between arrays, and an arrow, as in "ij,jk->ik".'
        raise lexer.source.error("These letters of axes cannot be read.", found.start(2), found.end(2), hint=hint)
    lexer.emit("function", f"{EINSUM}[{letters}]", at, end)
    lexer.emit("(", None, end, end + 1)
    return found.end()


_SUBSCRIPTS = re.compile(r"""\s*\(\s*(["'])([^"']{1,64})\1\s*,""")
_LETTERS_OF_AXES = re.compile(r"[A-Za-z]*(,[A-Za-z]*)*(->[A-Za-z]*)?")


# --- functions --------------------------------------------------------------------------------------------------------


def call_of(source: Source, name: str) -> Call | None:
    """Return how a function of graphs is called: one of whole arrays, of the user's, or a law's own."""
    if source.arrays is None:
        return None
    own = source.arrays.functions.get(name.rstrip("'"))
    if own is not None:
        return Call(name, len(own), len(own))
    known = source.arrays.calls.get(name.partition("[")[0]) or _CALLS.get(name)
    if known is not None:
        return known
    if name in COMPOSITES:
        row = COMPOSITES[name]
        return Call(
            name, *row.counts, tuple((name, 0) for name in row.defaults), row.has_axis
        )  # the row has the number
    return Call(name, 1, _MANY) if source.law and len(name.rstrip("'")) > 1 and name not in _ORDINARY else None


class Named(NamedTuple):
    """The name of a parameter, which is among the arguments of a call before its value."""

    parameter: str


def parted(arguments: list[Any]) -> tuple[list[Tree], dict[str, Tree]]:
    """Return the arguments by place, and those by name."""
    by_place: list[Tree] = []
    by_name: dict[str, Tree] = {}
    waiting = ""
    for argument in arguments:
        if isinstance(argument, Named):
            waiting = argument.parameter
        elif waiting:
            by_name[waiting], waiting = argument, ""
        else:
            by_place.append(argument)
    return by_place, by_name


def applied(call: Call, name: str, arguments: list[Tree], named: Mapping[str, Tree]) -> Tree:
    """Return a function of arrays applied: parameters in their order, along each axis that is named."""
    if name in COMPOSITES:
        return _composite(name, arguments, dict(named))
    if call.along:
        return _along(call, name, arguments, dict(named))
    if call.has_many:
        axis = named.get("axis")
        place = None if axis is None else number_value(axis)
        if name == "concat":
            return apply(name, *arguments, *([axis] if axis is not None else []))
        return apply(name if not place else f"{name}[{int(place)}]", *arguments)
    values = list(arguments)
    for parameter, default in call.parameters[len(arguments) - call.arrays :] if named else ():
        value = named.get(parameter, None if default is None else Integer(default))
        if value is None:
            break
        values.extend(value.arguments if is_list(value) else [value])
    return apply(name, *values)


def _composite(name: str, arguments: list[Tree], named: dict[str, Tree]) -> Tree:
    """Return a composite of the inputs that are given, the axes behind them; what is kept is an axis of one entry."""
    row = COMPOSITES[name]
    given, axes = arguments[: len(row.inputs)], arguments[len(row.inputs) :]
    wanted = [i for i, parameter in enumerate(row.inputs) if parameter in named or i < len(given)]
    for parameter in row.inputs[len(given) : max(wanted, default=-1) + 1]:
        given.append(named[parameter] if parameter in named else _number(row.defaults[parameter]))
    if "axis" in named:
        axes = list(named["axis"].arguments) if is_list(named["axis"]) else [named["axis"]]
    return _kept(apply(name, *given, *axes), axes, named)


def _number(text: str) -> Tree:
    return number(Fraction(text), decimal=not text.isdigit())


def is_list(tree: Any) -> bool:
    """Tell whether a tree is several numbers in brackets, as in axis=(0, 1)."""
    return isinstance(tree, Apply) and tree.name == LIST


LIST = "tuple"
_ALONG = {"max": "max_along", "min": "min_along"}


def _along(call: Call, name: str, arguments: list[Tree], named: dict[str, Tree]) -> Tree:
    """Return an operation along an axis, or one axis after the other; what is kept is an axis of one entry."""
    if len(arguments) > 2:
        named.setdefault("keepdims", arguments.pop())
    if len(arguments) > 1 and name not in _ALONG:
        named.setdefault("axis", arguments.pop())
    axis = named.get("axis")
    if axis is None and name in _ALONG and len(arguments) > 1:
        return apply(name, *arguments)
    name, inside = _ALONG.get(name, name), arguments[0]
    axes = [] if axis is None else list(axis.arguments if is_list(axis) else [axis])
    made = inside
    for one in _in_order(axes) or [None]:
        is_norm = name in ("norm", "norm2")
        made = _norm_along(name, made, one) if is_norm else apply(name, made, *([] if one is None else [one]))
    return _kept(made, axes, named)


def _kept(made: Tree, axes: list[Tree], named: Mapping[str, Tree]) -> Tree:
    """Put an axis of one entry in place of each that is gone, where that is asked for."""
    if "keepdims" not in named or number_value(named["keepdims"]) == 0:
        return made
    for one in reversed(_in_order(axes)) if axes else [ZERO, ZERO]:
        made = apply("expand", made, one)
    return made


def _in_order(axes: list[Tree]) -> list[Tree]:
    """Return axes so that none that is gone changes the number of the next: from the end they are counted upwards."""
    return sorted(axes, key=lambda axis: (_place(axis) < 0, -_place(axis) if _place(axis) >= 0 else _place(axis)))


def _place(axis: Tree) -> Fraction:
    return number_value(axis) or Fraction(0)


def _norm_along(name: str, inside: Tree, axis: Tree | None) -> Tree:
    """Return a norm, the root of the squared norm; along an axis it is the root of a sum of squares."""
    squared = apply("norm2", inside) if axis is None else apply("sum", Power(inside, TWO), axis)
    return squared if name == "norm2" else apply("sqrt", squared)
