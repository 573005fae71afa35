"""From characters to tokens: a walk over the text with an allow-list of characters and one reader for each class.

A token has a kind, a value and a place. The kinds: `number` (value: a tree), `name` (value: the canonical
name), `constant` (e and pi; value: a tree), `function` (value: the row's name), `frac`, `root` (a root sign; value: its
index), `transpose` (.T or ^T, in texts about arrays; value: whether it is .mT), `keyword` (axis= in a call), `compare`
(value: the operation), and the symbols of the grammar, which are their own kind:
`+ - * / ^ @ : ( ) { } [ ] | , = ' _ ∂`; an absolute value whose side is known is `|(` or `|)`. The last token is `end`.
"""

from __future__ import annotations

from collections.abc import Callable
from sys import intern
from typing import Any, NamedTuple

from sympy.core.numbers import Integer

from symback.syntax import arrays, by_cases, integrals, latex, norms, numerals, words
from symback.syntax.alphabet import (
    ACCENTED,
    ASCII_LETTERS,
    DIGITS,
    FRACTIONS,
    GREEK,
    ROOT_SIGNS,
    SPACES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
)
from symback.syntax.refusals import read_degrees, refuse
from symback.syntax.source import Source


class Token(NamedTuple):
    """One token: `text[at:end]` of the source is what was typed."""

    kind: str
    value: Any
    at: int
    end: int


class Lexer:
    """The state of the walk: the source, where to stop, the tokens so far.

    With `whole_words` a run of letters is one name (as in a list of names, or left of an equals sign).
    """

    __slots__ = ("in_norm", "source", "stop", "text", "tokens", "whole_words")

    def __init__(self, source: Source, stop: int, whole_words: bool = False) -> None:
        self.source = source
        self.text = source.text
        self.stop = stop
        self.whole_words = whole_words
        self.in_norm = False  # between the bars of ‖x‖
        self.tokens: list[Token] = []

    def emit(self, kind: str, value: Any, at: int, end: int) -> None:
        value = intern(value) if kind == "name" else value  # one object for a name, so results pickle alike each time
        self.tokens.append(Token(kind, value, at, end))

    def peek(self, at: int) -> str:
        """Return the character at an offset, or an empty text at the end."""
        return self.text[at] if at < self.stop else ""


Reader = Callable[[Lexer, int], int]  # reads what begins at the offset, returns the offset after it


def tokenize(source: Source, at: int = 0, stop: int | None = None, whole_words: bool = False) -> list[Token]:
    """Return the tokens of `source.text[at:stop]`, closed by an `end` token."""
    stop = len(source.text) if stop is None else stop
    at, stop = latex.strip_delimiters(source.text, at, stop)
    lexer = Lexer(source, stop, whole_words)
    text, readers = source.text, READERS
    while at < stop:
        reader = readers.get(text[at], refuse)
        at = reader(lexer, at)
    lexer.emit("end", None, stop, stop)
    return lexer.tokens


def _space(lexer: Lexer, at: int) -> int:
    return at + 1


def _symbol(lexer: Lexer, at: int) -> int:
    if lexer.text[at] == "=" and (lexer.source.arrays is not None or lexer.peek(at + 1) == "="):
        return arrays.read_comparison(lexer, at)
    character = SYMBOLS[lexer.text[at]]
    if character == "*" and lexer.peek(at) == "*" and lexer.peek(at + 1) == "*":
        lexer.emit("^", None, at, at + 2)
        return at + 2
    lexer.emit(character, None, at, at + 1)
    return at + 1


def _power_sign(lexer: Lexer, at: int) -> int:
    transposed = arrays.transpose_end(lexer, at)
    lexer.emit("transpose" if transposed else "^", None, at, transposed or at + 1)
    return transposed or at + 1


def _point(lexer: Lexer, at: int) -> int:
    transposed = arrays.transpose_end(lexer, at)
    if not transposed and (after := by_cases.read_mark(lexer, at)):
        return after
    if not transposed:
        return numerals.read_number(lexer, at)
    lexer.emit("transpose", lexer.text[at + 1] == "m", at, transposed)
    return transposed


def _number(lexer: Lexer, at: int) -> int:
    """Read a number; a full stop behind it that ends a row of cases is none of its digits."""
    end = numerals.read_number(lexer, at)
    if lexer.text[end - 1] == "." and lexer.text[at : end - 1].isdigit() and by_cases.read_mark(lexer, end - 1):
        lexer.tokens[-1] = Token("number", Integer(int(lexer.text[at : end - 1])), at, end - 1)
    return end


def _double_prime(lexer: Lexer, at: int) -> int:
    lexer.emit("'", None, at, at + 1)
    lexer.emit("'", None, at, at + 1)
    return at + 1


def _root_sign(lexer: Lexer, at: int) -> int:
    lexer.emit("root", ROOT_SIGNS[lexer.text[at]], at, at + 1)
    return at + 1


def _as_it_is(lexer: Lexer, at: int) -> int:
    lexer.emit(lexer.text[at], None, at, at + 1)
    return at + 1


def _ampersand(lexer: Lexer, at: int) -> int:
    if not by_cases.is_in_environment(lexer):
        return refuse(lexer, at)
    lexer.emit("&", None, at, at + 1)
    return at + 1


def _junction(lexer: Lexer, at: int) -> int:
    lexer.emit("and" if lexer.text[at] == "∧" else "or", None, at, at + 1)
    return at + 1


READERS: dict[str, Reader] = {
    **dict.fromkeys(SPACES, _space),
    **dict.fromkeys(SYMBOLS, _symbol),
    **dict.fromkeys(ROOT_SIGNS, _root_sign),
    **dict.fromkeys(DIGITS, _number),
    **dict.fromkeys(FRACTIONS, numerals.read_fraction),
    **dict.fromkeys(SUPERSCRIPTS, numerals.read_superscript),
    **dict.fromkeys(ASCII_LETTERS, words.read_word),
    **dict.fromkeys((*GREEK, *ACCENTED), words.read_letter),
    **dict.fromkeys(("_", *SUBSCRIPTS), numerals.read_base),
    ".": _point,
    "^": _power_sign,
    "|": norms.read_bar,
    "∣": norms.read_bar,
    "‖": norms.read_double_bar,
    "@": arrays.read_at_sign,
    ":": lambda lexer, at: by_cases.read_mark(lexer, at) or arrays.read_colon(lexer, at),
    **dict.fromkeys("<>!≤≥≠", arrays.read_comparison),
    "∞": arrays.read_infinity,
    "∫": integrals.read_sign,
    "ᵀ": arrays.read_raised_t,
    "⊤": arrays.read_raised_t,
    "″": _double_prime,
    "\\": latex.read_command,
    "∑": arrays.read_sum_sign,
    **dict.fromkeys("⌊⌋⌈⌉", _as_it_is),
    "&": _ampersand,
    **dict.fromkeys("$;", lambda lexer, at: by_cases.read_mark(lexer, at) or refuse(lexer, at)),
    "∧": _junction,
    "∨": _junction,
    "°": read_degrees,
}
