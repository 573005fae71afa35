"""LaTeX commands, each read as the token it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from symback.expr.composites import COMPOSITE_WORDS
from symback.hints import mention
from symback.syntax import integrals, limits, norms, plain_tex
from symback.syntax.alphabet import (
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
    LATEX_STYLES,
    LATEX_SYMBOLS,
    LATEX_WRAPPERS,
    SPACES,
    SYMBOLS,
)
from symback.syntax.by_cases import (
    begin_of_cases,
    end_of_cases,
    read_row_end,
    read_words_in_braces,
    read_words_with_dollars,
)
from symback.syntax.index_sums import read_sum
from symback.syntax.refusals import closest, read_degree_command
from symback.syntax.words import FUNCTION_WORDS, emit_letter, with_suffix

if TYPE_CHECKING:
    from symback.errors import ParseError
    from symback.syntax.tokens import Lexer

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
    if name == "int":
        lexer.emit(integrals.SIGN, None, at, end)
        return end
    if name == limits.SIGN and (after := limits.read_sign(lexer, at, end)):
        return after
    if name == "infty" and (after := integrals.read_infinity(lexer, at, end)):
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


def _style(lexer: Lexer, name: str, at: int, end: int) -> int:
    """Read `{\rm sen}` as `\\mathrm{sen}`."""
    last = lexer.tokens[-1] if lexer.tokens else None
    begins = last is not None and last.kind == "{" and not lexer.text[last.end : at].strip()
    if last is None or not begins or lexer.peek(_skip_spaces(lexer, end)) == "\\":
        return end
    lexer.tokens.pop()
    return _wrapped(lexer, name, at, last.at)


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


_BRACKET = re.compile(r"[lr](?:floor|ceil|vert|brace|brack|angle|group)")


def _command_error(lexer: Lexer, name: str, at: int, end: int) -> ParseError:
    if name in LATEX_REFUSED:
        reason, hint = LATEX_REFUSED[name]
        return lexer.source.error(reason, at, end, hint=hint)
    if not name or name[0] not in ASCII_LETTERS:
        hint = "Leave it out, or write / for a division."
        return lexer.source.error("A backslash begins a LaTeX command.", at, end, hint=hint)
    signs = [word for word in LATEX_SYMBOLS if not _BRACKET.fullmatch(word)]  # half a pair of brackets is not a term
    known = closest(name, [*FUNCTION_WORDS, *GREEK_NAMES, *signs, *LATEX_WRAPPERS, "frac", "left", "right"])
    hint = "Did you mean " + " or ".join(f"`\\{word}`" for word in known) + "?" if known else "Write it without LaTeX."
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
    if lexer.text.startswith((*_BRACKETS, *_ROUNDED), place):
        return place
    if bracket not in ("(", ")", "[", "]"):
        command = lexer.text[at:end]
        hint = "Write `\\left( x \\right)`."
        raise lexer.source.error(f"{command} needs a round bracket or a bar after it.", at, place + 1, hint=hint)
    lexer.emit(bracket, None, at, place + 1)
    return place + 1


def _wrapped(lexer: Lexer, name: str, at: int, end: int) -> int:
    """Read what `\\operatorname{relu}`, `\\mathrm{e}` or `\\text{-}` holds: one sign, or one name."""
    if after := read_words_with_dollars(lexer, at):
        return after
    place = end + 1 if lexer.peek(end) == "*" else end
    closing = lexer.text.find("}", place, lexer.stop)
    inside = lexer.text[_skip_spaces(lexer, place) + 1 : closing] if closing > 0 else ""
    if after := read_words_in_braces(lexer, inside, at, closing + 1):
        return after
    letter = _skip_spaces(lexer, place)
    if place < letter < lexer.stop and lexer.text[letter] in ASCII_LETTERS:  # \\mathrm d takes one token
        emit_letter(lexer, lexer.text[letter], at, letter + 1)
        return letter + 1
    first, stop, after = _braced(lexer, at, place)
    written = _unwrapped(lexer.text[first:stop])
    if written in SYMBOLS and written not in "{}":
        lexer.emit(SYMBOLS[written], None, at, after)
        return after
    if len(written) == 2 and written[0] == "d" and written not in lexer.source.names and written.isalpha():
        emit_letter(lexer, "d", first, first + 1)  # \\mathrm{dx}
        emit_letter(lexer, written[1], first + 1, stop)
        return after
    row = FUNCTION_WORDS.get(written) or _of_arrays(lexer, written)
    if row and written not in lexer.source.names:  # with the underscore of leaky_relu too
        lexer.emit("function", row, at, after)
        return after
    name, taken = with_suffix(lexer, *_word_at(lexer, first, stop))
    if not name or taken < stop:
        raise _unknown_group(lexer, written, at, first, stop)
    if taken <= stop:  # digits or a subscript may follow the closing brace
        name, after = with_suffix(lexer, name, after)
    is_letter = len(name.rstrip("0123456789").partition("_")[0]) == 1 or name in GREEK_NAMES
    if not is_letter and name not in lexer.source.names and not lexer.whole_words:
        raise _unknown_group(lexer, written, at, first, stop)
    emit_letter(lexer, name, at, after)
    return after


def _word_at(lexer: Lexer, first: int, stop: int) -> tuple[str, int]:
    end = first
    while end < stop and lexer.text[end] in ASCII_LETTERS:
        end += 1
    return lexer.text[first:end], end


def _unwrapped(written: str) -> str:
    """Return the content of a group without blanks and without `\\rm`: `arc\\,sin` is arcsin."""
    for inner in ("\\rm", "\\,", "\\!", "\\;", "\\ ", "~", *SPACES):
        written = written.replace(inner, "")
    return written


def _unknown_group(lexer: Lexer, written: str, at: int, first: int, stop: int) -> ParseError:
    shown = lexer.source.clip(first, stop)
    known = closest(written.lower(), [*FUNCTION_WORDS, *sorted(lexer.source.names)])
    hint = f"Did you mean {' or '.join(known)}? " if known else ""
    if written.isascii() and written.isalpha():
        name = mention("symbols", written[:20])
        hint += f"It is one name; declare it ({name}), or put * between the letters of a product."
    return lexer.source.error(
        f"{shown} is not a known name.", first, stop, hint=hint or "Write one name in the braces."
    )


def _of_arrays(lexer: Lexer, word: str) -> str | None:
    arrays = lexer.source.arrays
    return None if arrays is None else arrays.reserved.get(word) or COMPOSITE_WORDS.get(word) or arrays.words.get(word)


def _braced(lexer: Lexer, at: int, place: int) -> tuple[int, int, int]:
    """Return where the content of the braces begins and ends, and where they end; wrappers are left out."""
    place = _skip_spaces(lexer, place)
    stop = lexer.text.find("}", place, lexer.stop)
    word = lexer.text[place + 1 : stop].strip() if stop > 0 else ""
    command = lexer.text[at:place]
    if lexer.peek(place) != "{" or not word:
        hint = f"Write `{command.strip()}{{e}}`."
        raise lexer.source.error(f"{command} needs a word in braces after it.", at, place + 1, hint=hint)
    first = lexer.text.index(word, place)
    style = next((f"\\{style}" for style in LATEX_STYLES if word.startswith(f"\\{style} ")), "")
    first, word = _skip_spaces(lexer, first + len(style)), word[len(style) :].lstrip()
    if word[0] == "\\" and "{" in word:  # \\mathop{\\mathrm{sen}}
        inner = _braced(lexer, first, lexer.text.index("{", first))
        after = _skip_spaces(lexer, inner[2])
        if lexer.peek(after) == "}":
            return inner[0], inner[1], after + 1
    return first, first + len(word), stop + 1


def _accented(lexer: Lexer, name: str, at: int, end: int) -> int:
    """Read `\\hat{y}`, `\\hat y` or `\\bar{\\alpha}` as the name yhat or alphabar."""
    place = _skip_spaces(lexer, end)
    braced = lexer.peek(place) == "{"
    inner = _skip_spaces(lexer, place + braced)
    letter_end = _accented_letter(lexer, inner)
    stop = _skip_spaces(lexer, letter_end) if braced else letter_end
    if letter_end == inner or (braced and lexer.peek(stop) != "}"):
        raise lexer.source.error("An accent goes over one letter.", at, stop + 1, hint="Write `\\hat{y}`.")
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


_BRACKETS = ("\\lbrack", "\\rbrack", "\\lbrace", "\\rbrace", "\\{", "\\}")
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
    **dict.fromkeys(("circ", "degree"), read_degree_command),
    **dict.fromkeys(LATEX_STYLES, _style),
    "over": plain_tex.read_over,
    "root": plain_tex.read_root,
    "of": plain_tex.read_of,
}
