"""LaTeX commands, each read as the token it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from symback.composites import COMPOSITE_WORDS
from symback.parse import norms
from symback.parse.alphabet import (
    ASCII_LETTERS,
    GREEK,
    GREEK_NAMES,
    LATEX_ACCENTS,
    LATEX_COMPARISONS,
    LATEX_FRACTIONS,
    LATEX_GREEK,
    LATEX_REFUSED,
    LATEX_SIZES,
    LATEX_SPACES,
    LATEX_SYMBOLS,
    LATEX_WRAPPERS,
    SPACES,
    SYMBOLS,
)
from symback.parse.by_cases import (
    begin_of_cases,
    end_of_cases,
    read_row_end,
    read_words_in_braces,
    read_words_with_dollars,
)
from symback.parse.index_sums import read_sum
from symback.parse.refusals import closest
from symback.parse.words import FUNCTION_WORDS, emit_letter, read_run, with_suffix

if TYPE_CHECKING:
    from symback.errors import ParseError
    from symback.parse.tokens import Lexer

_DELIMITERS = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"))


def strip_delimiters(text: str, at: int, stop: int) -> tuple[int, int]:
    """Return the span of the text within `$...$` and white space."""
    while at < stop and text[at] in SPACES:
        at += 1
    while at < stop and text[stop - 1] in SPACES:
        stop -= 1
    for opening, closing in _DELIMITERS if text[at : at + 1] in ("$", "\\") else ():
        if text.startswith(opening, at) and text.endswith(closing, at + len(opening), stop):
            return at + len(opening), stop - len(closing)
    return at, stop


def read_command(lexer: Lexer, at: int) -> int:
    """Read what begins with a backslash."""
    end = at + 1
    while lexer.peek(end) in ASCII_LETTERS:
        end += 1
    end = max(end, min(at + 2, lexer.stop))
    name = lexer.text[at + 1 : end]
    if name == "sum" and (after := read_sum(lexer, at)):
        return after
    if name in _OF_CASES and (after := _OF_CASES[name](lexer, at)):
        return after
    reader = _READERS.get(name)
    if reader:
        return reader(lexer, name, at, end)
    if name in FUNCTION_WORDS:
        lexer.emit("function", FUNCTION_WORDS[name], at, end)
        return end
    if name in GREEK_NAMES or name in LATEX_GREEK:
        canonical, end = with_suffix(lexer, LATEX_GREEK.get(name, name), end)
        emit_letter(lexer, canonical, at, end)
        return end
    raise _command_error(lexer, name, at, end)


def _nothing(lexer: Lexer, name: str, at: int, end: int) -> int:
    return end


def _fraction(lexer: Lexer, name: str, at: int, end: int) -> int:
    lexer.emit("frac", None, at, end)
    return end


def _square_root(lexer: Lexer, name: str, at: int, end: int) -> int:
    has_bracket = lexer.peek(_skip_spaces(lexer, end)) in ("{", "[", "(")
    if has_bracket:
        lexer.emit("function", "sqrt", at, end)
    else:
        lexer.emit("root", 2, at, end)
    return end


def _symbol(lexer: Lexer, name: str, at: int, end: int) -> int:
    lexer.emit(LATEX_SYMBOLS[name], None, at, end)
    return end


def _comparison(lexer: Lexer, name: str, at: int, end: int) -> int:
    lexer.emit("compare", LATEX_COMPARISONS[name], at, end)
    return end


def _norm(lexer: Lexer, name: str, at: int, end: int) -> int:
    if lexer.source.arrays is None:
        raise _command_error(lexer, name, at, end)
    return norms.read_sign(lexer, at, end)


def _command_error(lexer: Lexer, name: str, at: int, end: int) -> ParseError:
    if name in LATEX_REFUSED:
        reason, hint = LATEX_REFUSED[name]
        return lexer.source.error(reason, at, end, hint=hint)
    if not name or name[0] not in ASCII_LETTERS:
        hint = "Leave it out, or write / for a division."
        return lexer.source.error("A backslash begins a LaTeX command.", at, end, hint=hint)
    known = closest(name, [*FUNCTION_WORDS, *GREEK_NAMES, *LATEX_SYMBOLS, *LATEX_WRAPPERS, "frac", "left", "right"])
    hint = "Did you mean " + " or ".join("\\" + word for word in known) + "?" if known else "Write it without LaTeX."
    return lexer.source.error(f"\\{name[:20]} is not a LaTeX command that is read here.", at, end, hint=hint)


def _skip_spaces(lexer: Lexer, at: int) -> int:
    while lexer.peek(at) in SPACES:
        at += 1
    return at


def _sized_bracket(lexer: Lexer, name: str, at: int, end: int) -> int:
    """Read the bracket after `\\left` or `\\right`; a bar then has a side."""
    side, place = LATEX_SIZES[name], _skip_spaces(lexer, end)
    for bar in ("\\lvert", "\\rvert", "\\vert", "|", "∣"):
        if lexer.text.startswith(bar, place, lexer.stop):
            lexer.emit("|" + side, None, at, place + len(bar))
            return place + len(bar)
    for bars in norms.COMMANDS if lexer.source.arrays is not None else ():
        if lexer.text.startswith(bars, place, lexer.stop):
            return norms.read_sign(lexer, place, place + len(bars))
    bracket = SYMBOLS.get(lexer.peek(place), "")
    if lexer.text.startswith(("\\lbrack", "\\rbrack", *_ROUNDED), place):
        return place
    if bracket not in ("(", ")", "[", "]"):
        command = lexer.text[at:end]
        hint = "Write \\left( and \\right)."
        raise lexer.source.error(f"{command} stands before a round bracket or a bar.", at, place + 1, hint=hint)
    lexer.emit(bracket, None, at, place + 1)
    return place + 1


def _wrapped(lexer: Lexer, name: str, at: int, end: int) -> int:
    """Read the word in `\\operatorname{relu}` or `\\mathrm{e}` like a typed one."""
    if after := read_words_with_dollars(lexer, at):
        return after
    place = end + 1 if lexer.peek(end) == "*" else end
    closing = lexer.text.find("}", place, lexer.stop)
    inside = lexer.text[_skip_spaces(lexer, place) + 1 : closing] if closing > 0 else ""
    if after := read_words_in_braces(lexer, inside, at, closing + 1):
        return after
    first, stop = _braced_word(lexer, at, place)
    word_end = first
    while word_end < stop and lexer.text[word_end] in ASCII_LETTERS:
        word_end += 1
    word = lexer.text[first:stop]
    row = FUNCTION_WORDS.get(word) or _of_arrays(lexer, word)
    if row and word not in lexer.source.names:  # with the underscore of leaky_relu too
        lexer.emit("function", row, at, stop + 1)
        return stop + 1
    if word_end == stop:
        return _wrapped_letters(lexer, at, first, stop)
    canonical, after = with_suffix(lexer, lexer.text[first:word_end], word_end)
    if after != stop or (word_end - first > 1 and canonical not in lexer.source.names and not lexer.whole_words):
        hint = f"Declare it as a name (--symbols {canonical})."
        raise lexer.source.error(f"{lexer.source.clip(first, stop)} is not a known name.", first, stop, hint=hint)
    emit_letter(lexer, canonical, at, stop + 1)
    return stop + 1


def _of_arrays(lexer: Lexer, word: str) -> str | None:
    arrays = lexer.source.arrays
    return None if arrays is None else arrays.reserved.get(word) or COMPOSITE_WORDS.get(word) or arrays.words.get(word)


def _wrapped_letters(lexer: Lexer, at: int, first: int, stop: int) -> int:
    """Read a word of letters between braces; digits or a subscript may follow the closing brace."""
    name, after = with_suffix(lexer, lexer.text[first:stop], stop + 1)
    if stop - first == 1 or name in lexer.source.names or lexer.whole_words:
        emit_letter(lexer, name, at, after)
        return after
    read_run(lexer, first, stop)
    return stop + 1


def _braced_word(lexer: Lexer, at: int, place: int) -> tuple[int, int]:
    place = _skip_spaces(lexer, place)
    stop = lexer.text.find("}", place, lexer.stop)
    word = lexer.text[place + 1 : stop].strip()
    if lexer.peek(place) != "{" or stop < 0 or not word or word[0] not in ASCII_LETTERS:
        command = lexer.text[at:place]
        raise lexer.source.error(f"{command} stands before a word in braces.", at, place + 1, hint="Write \\mathrm{e}.")
    first = lexer.text.index(word, place)
    return first, first + len(word)


def _accented(lexer: Lexer, name: str, at: int, end: int) -> int:
    """Read `\\hat{y}`, `\\hat y` or `\\bar{\\alpha}` as the name yhat or alphabar."""
    place = _skip_spaces(lexer, end)
    braced = lexer.peek(place) == "{"
    inner = _skip_spaces(lexer, place + braced)
    letter_end = _accented_letter(lexer, inner)
    stop = _skip_spaces(lexer, letter_end) if braced else letter_end
    if letter_end == inner or (braced and lexer.peek(stop) != "}"):
        raise lexer.source.error("An accent stands over one letter.", at, stop + 1, hint="Write \\hat{y}.")
    letter = lexer.text[inner:letter_end].lstrip("\\")
    letter = GREEK.get(letter) or LATEX_GREEK.get(letter, letter)
    canonical, after = with_suffix(lexer, letter + LATEX_ACCENTS[name], stop + braced)
    emit_letter(lexer, canonical, at, after)
    return after


def _accented_letter(lexer: Lexer, at: int) -> int:
    """Return where the one letter at the offset ends; the offset itself where there is none."""
    if lexer.peek(at) in ASCII_LETTERS or lexer.peek(at) in GREEK:
        return at + 1
    if lexer.peek(at) != "\\":
        return at
    end = at + 1
    while lexer.peek(end) in ASCII_LETTERS:
        end += 1
    name = lexer.text[at + 1 : end]
    return end if name in GREEK_NAMES or name in LATEX_GREEK else at


_ROUNDED = ("\\lfloor", "\\rfloor", "\\lceil", "\\rceil", "⌊", "⌋", "⌈", "⌉")
_OF_CASES: dict[str, Callable[[Lexer, int], int]] = {
    "begin": begin_of_cases, "left": begin_of_cases, "end": end_of_cases, "\\": read_row_end,
}  # fmt: skip
_READERS: dict[str, Callable[[Lexer, str, int, int], int]] = {
    **dict.fromkeys(LATEX_SPACES, _nothing),
    **dict.fromkeys(LATEX_FRACTIONS, _fraction),
    **dict.fromkeys(LATEX_SYMBOLS, _symbol),
    **dict.fromkeys(LATEX_COMPARISONS, _comparison),
    **dict.fromkeys(LATEX_SIZES, _sized_bracket),
    **dict.fromkeys(LATEX_WRAPPERS, _wrapped),
    **dict.fromkeys(LATEX_ACCENTS, _accented),
    **dict.fromkeys((command[1:] for command in norms.COMMANDS if command[0] == "\\"), _norm),
    "sqrt": _square_root,
}
