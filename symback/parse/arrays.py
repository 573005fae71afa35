"""The part of the language that only graphs have: matrix products, transposes, indices, functions of whole arrays.

    A @ B   A.T   A^T   x[3]   X[0, 2]   x[0:2]   sum(x)   sum(x, 0)   dot(a, b)   ‖x‖   psi(t), defined by the user

It is an option of the one parser: a `Source` with `Arrays` has it, and without it all of this is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from symback.composites import COMPOSITE_WORDS, COMPOSITES
from symback.functions import SPELLINGS
from symback.parse.alphabet import ASCII_LETTERS, DIGITS, SPACES
from symback.parse.refusals import refuse
from symback.parse.source import MAX_NAME
from symback.tree import Tree, apply

if TYPE_CHECKING:
    from symback.parse.source import Source
    from symback.parse.tokens import Lexer


class Arrays(NamedTuple):
    """What a text about arrays may use: the functions that the user defined, and the shapes that are known by name."""

    functions: frozenset[str] = frozenset()
    shapes: Mapping[str, tuple[int, ...]] = MappingProxyType({})

    def axes(self, name: object) -> int:
        """Return how many axes an array is known to have; 0 for a number, and where nothing is known."""
        return len(self.shapes.get(name, ())) if isinstance(name, str) else 0


_MANY = 64

# fmt: off
# Functions of whole arrays: the fewest and the most values that each takes.
HEADS: dict[str, tuple[int, int]] = {
    "matmul": (2, 2), "transpose": (1, 1), "index": (2, 8), "concat": (2, _MANY),
    "sum": (1, 2), "mean": (1, 2), "dot": (2, 2), "outer": (2, 2), "norm": (1, 1), "norm2": (1, 1),
    "softmax": (1, 1), "log_softmax": (1, 1), "logsumexp": (1, 1),
    "cross_entropy": (2, 2), "bce": (2, 2), "mse": (2, 2),
    "trace": (1, 1), "logdet": (1, 1), "inv": (1, 1), "quadratic": (2, 2),
    "ones": (1, 3), "zeros": (1, 3), "eye": (1, 1), "diag": (1, 1), "diagonal": (1, 1), "unit": (2, 2),
    "onehot": (2, 2), "slice": (4, 4), "kron": (2, 2),
}
HEAD_WORDS: dict[str, str] = {
    **{name: name for name in HEADS}, "logsoftmax": "log_softmax", "crossentropy": "cross_entropy", "inverse": "inv",
    "concatenate": "concat", "one_hot": "onehot",
}
# fmt: on

_TRANSPOSES = ("{\\intercal}", "{\\top}", "{T}", "\\intercal", "\\top", "T")  # what stands after ^
_ORDINARY = frozenset((*SPELLINGS, "exp", "lg"))  # functions that every text has
_WORD = ASCII_LETTERS | DIGITS | frozenset("_")


# --- characters ------------------------------------------------------------------------------------------------------


def read_at_sign(lexer: Lexer, at: int) -> int:
    """Read `@`, the matrix product."""
    if lexer.source.arrays is None:
        return refuse(lexer, at)
    lexer.emit("@", None, at, at + 1)
    return at + 1


def read_colon(lexer: Lexer, at: int) -> int:
    """Read `:`, which stands in a slice."""
    if lexer.source.arrays is None:
        return refuse(lexer, at)
    lexer.emit(":", None, at, at + 1)
    return at + 1


def read_raised_t(lexer: Lexer, at: int) -> int:
    """Read `ᵀ`."""
    if lexer.source.arrays is None:
        return refuse(lexer, at)
    lexer.emit("transpose", None, at, at + 1)
    return at + 1


def transpose_end(lexer: Lexer, at: int) -> int:
    """Return where `.T` or `^T`, whose sign stands at the offset, ends; 0 where it is none of them."""
    if lexer.source.arrays is None or "T" in lexer.source.names and lexer.text[at] == "^":
        return 0
    for written in _TRANSPOSES if lexer.text[at] == "^" else ("T",):
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
    name = HEAD_WORDS.get(word) or (word if is_applied and source.law and word not in _ORDINARY else "")
    if not name and is_applied and source.arrays is not None and word not in source.arrays.functions:
        name = COMPOSITE_WORDS.get(word, "")
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
    if underscore and first in HEAD_WORDS and not any(name.startswith(first) for name in lexer.source.names):
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


# --- functions --------------------------------------------------------------------------------------------------------


def counts_of(source: Source, name: str) -> tuple[int, int] | None:
    """Return the fewest and the most values of a function of graphs: of whole arrays, the user's, or a law's own."""
    if source.arrays is None:
        return None
    if name.rstrip("'") in source.arrays.functions:
        return 1, 1
    if name in HEADS:
        return HEADS[name]
    if name in COMPOSITES:
        return (len(COMPOSITES[name].inputs),) * 2
    return (1, _MANY) if source.law and len(name.rstrip("'")) > 1 and name not in _ORDINARY else None


def applied(name: str, arguments: list[Tree]) -> Tree:
    """Return a function of graphs applied; a norm is the root of the squared norm."""
    return apply("sqrt", apply("norm2", *arguments)) if name == "norm" else apply(name, *arguments)
