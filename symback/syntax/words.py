"""Words: which run of letters is a declared name, a function, a Greek letter, or a product of letters.

Declared names come first, the longest before the shorter; then functions and Greek letters; then a run of two or
three letters is a product, and a longer one an error with suggestions. A name may carry digits or a subscript; it is
kept under one canonical spelling: `x1`, `x_1`, `x₁` and `x_{1}` are all `x1`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.expr.functions import FUNCTIONS, SPELLINGS
from symback.expr.tree import PI, E, apply
from symback.hints import mention
from symback.syntax.alphabet import (
    ACCENT_WORDS,
    ACCENTED,
    ACCENTS,
    ASCII_LETTERS,
    DIGITS,
    GREEK,
    GREEK_NAMES,
    SPACES,
    SUBSCRIPTS,
)
from symback.syntax.arrays import entry_end, read_head, read_keyword, word_end
from symback.syntax.by_cases import read_word_of_cases
from symback.syntax.index_sums import read_sum
from symback.syntax.integrals import read_sign as read_integral
from symback.syntax.limits import SIGN as LIMIT
from symback.syntax.limits import read_sign as read_limit
from symback.syntax.refusals import DEGREES, closest, degrees_error
from symback.syntax.source import MAX_NAME

if TYPE_CHECKING:
    from symback.errors import ParseError
    from symback.syntax.tokens import Lexer

CONSTANTS = {"e": E, "pi": PI}
INFINITY = "inf"  # in texts about arrays, for the entries that a mask takes out
# exp(u) is a power of e; lg is the logarithm to base 10, lb and ld to base 2: they have no row of their own
FUNCTION_WORDS: dict[str, str] = {s: row for s, row in SPELLINGS.items() if s not in GREEK_NAMES and s not in GREEK}
FUNCTION_WORDS |= {name: name for name in ("exp", "lg", "lb", "ld")}
# the functions that LaTeX has a command for cannot be declared as names; step or sign can
RESERVED = frozenset(("exp", "abs", *(name for name, row in FUNCTIONS.items() if row.latex == "\\" + name)))
# a Greek letter that is a function where a bracket follows: sigma(x)
GREEK_FUNCTIONS: dict[str, str] = {s: row for s, row in SPELLINGS.items() if s in GREEK_NAMES}
UNKNOWN_FUNCTIONS = frozenset("fgh")

_SHORT_WORDS = frozenset(w for w in (*FUNCTION_WORDS, *GREEK_NAMES) if len(w) == 2)
_PLAIN_LETTERS = frozenset("abckmntuvwxyz")  # nobody takes a run of these for a name
_SUFFIX_START = DIGITS | frozenset("_^[") | frozenset(SUBSCRIPTS) | frozenset(ACCENTS)


def read_word(lexer: Lexer, at: int) -> int:
    """Read a run of letters, with the digits or subscript of its last one, as one or several tokens."""
    text, stop = lexer.text, lexer.stop
    end = at + 1
    while end < stop and text[end] in ASCII_LETTERS:
        end += 1
    after = (read_keyword(lexer, at) or read_sum(lexer, at)) if lexer.source.arrays is not None else 0
    if after:
        return after
    after = read_word_of_cases(lexer, at, end)
    if after:
        return after
    after = _read_calculus(lexer, at, end)
    if after:
        return after
    mixed = _mixed_end(lexer, end)
    if mixed and (lexer.whole_words or text[at:mixed] in lexer.source.names):
        emit_letter(lexer, text[at:mixed], at, mixed)
        return mixed
    if end - at == 1:
        return read_letter(lexer, at)
    if text[at:end] in DEGREES and not lexer.whole_words and text[at:end] not in lexer.source.names:
        raise degrees_error(lexer, at, end)
    if lexer.source.arrays is not None and (after := _read_of_arrays(lexer, at, end)):
        return after
    if text[at] == "d" and _after_d_over(lexer):  # d/dalpha
        lexer.emit("name", "d", at, at + 1)
        at += 1
    return read_run(lexer, at, end)


def _read_calculus(lexer: Lexer, at: int, end: int) -> int:
    """Read the word for an integral or a limit sign; 0 where none stands there."""
    if is_integral(lexer, at, end) and (after := read_integral(lexer, at)):
        return after
    return read_limit(lexer, at, end) if lexer.text[at:end] == LIMIT else 0


def is_integral(lexer: Lexer, at: int, end: int) -> bool:
    """Tell whether a run of letters may be the word for an integral sign."""
    plain = lexer.source.arrays is None and not lexer.whole_words and not lexer.source.law
    return lexer.text[at:end] == "int" and plain and "int" not in lexer.source.names


def _read_of_arrays(lexer: Lexer, at: int, end: int) -> int:
    """Read a word that only texts about arrays have; 0 for no such word."""
    if lexer.text[at:end] == INFINITY and INFINITY not in lexer.source.names:
        lexer.emit("constant", apply(INFINITY), at, end)
        return end
    return read_head(lexer, at)


def _mixed_end(lexer: Lexer, at: int) -> int:
    """Return where a name such as x1w1 ends, whose letters go on after the digits at the offset; 0 for no such name."""
    end, stop, text = at, min(lexer.stop, at + MAX_NAME), lexer.text
    while end < stop and text[end] in DIGITS:
        end += 1
    if end in (at, stop) or text[end] not in ASCII_LETTERS:
        return 0
    while end < stop and (text[end] in ASCII_LETTERS or text[end] in DIGITS):
        end += 1
    return end


def read_letter(lexer: Lexer, at: int) -> int:
    """Read one letter, Latin or Greek, with its digits or subscript."""
    character = lexer.text[at]
    if character == "Σ" and (after := read_sum(lexer, at)):
        return after
    name, end = GREEK.get(character) or ACCENTED.get(character) or character, at + 1
    if lexer.peek(end) in _SUFFIX_START:
        name, end = _exponent_letter(lexer, name, end) or with_suffix(lexer, name, end)
    emit_letter(lexer, name, at, end)
    return end


def _exponent_letter(lexer: Lexer, name: str, end: int) -> tuple[str, int] | None:
    """Return the letter alone where it is an exponent before digits, as in 2^x3^x of LaTeX; note it in plain text."""
    last = lexer.tokens[-1] if lexer.tokens else None
    if last is None or last.kind != "^" or last.value is not None or lexer.peek(end) not in DIGITS:
        return None
    whole, after = with_suffix(lexer, name, end)
    if whole in lexer.source.names or lexer.whole_words:
        return None
    if lexer.source.latex:
        return name, end
    digits = lexer.text[end:after]
    remark = f"{whole} in the exponent is read as one name; write `{name}*{digits}` for a factor {digits} after it."
    lexer.source.note(end - 1, remark)
    return None


def emit_letter(lexer: Lexer, name: str, at: int, end: int) -> None:
    """Emit a name, or the constant that it is where nobody declared it."""
    if len(name) > MAX_NAME:
        message = f"This name has {len(name)} characters; at most {MAX_NAME} are read."
        raise lexer.source.too_large(message, at, end, hint="Choose a shorter name.")
    name = _as_declared(name, lexer.source.names)
    if name in CONSTANTS and name not in lexer.source.names and not lexer.whole_words:
        lexer.emit("constant", CONSTANTS[name], at, end)
    else:
        lexer.emit("name", name, at, end)


def _as_declared(name: str, names: frozenset[str]) -> str:
    """Return y_hat for yhat, which is how a letter with a hat is read, where only y_hat is declared.

    >>> _as_declared("yhat1", frozenset(("y_hat1",))), _as_declared("yhat", frozenset(("yhat", "y_hat")))
    ('y_hat1', 'yhat')
    """
    if name not in names:
        for accent in ACCENT_WORDS:
            letter, found, rest = name.partition(accent)
            if found and letter and f"{letter}_{accent}{rest}" in names:
                return f"{letter}_{accent}{rest}"
    return name


def read_run(lexer: Lexer, at: int, end: int) -> int:
    """Read the run of letters `text[at:end]`, by declared names first."""
    start, names, text = at, lexer.source.names, lexer.text
    while at < end:
        after = _whole(lexer, at, end)
        if after:
            break
        length = _declared_length(text, at, end, names)
        if not length:
            _check_run(lexer, start, at, end)
            after = _letters(lexer, at, end)
            break
        emit_letter(lexer, text[at : at + length], at, at + length)
        at = after = at + length
    if at > start or not _is_one_token(lexer, start):
        _note_run(lexer, start, end)
    return after


def _is_one_token(lexer: Lexer, start: int) -> bool:
    return lexer.tokens[-1].at == start


def _whole(lexer: Lexer, at: int, end: int) -> int:
    """Read the rest of a run as one declared name, function, Greek letter or letter; 0 where it is none of them."""
    run = lexer.text[at:end]
    if run in FUNCTION_WORDS or run == "leaky":
        identifier = _identifier_end(lexer, end)
        run = lexer.text[at:identifier]
        if canonical(run) in lexer.source.names or lexer.whole_words:
            return _name(lexer, at, end)
        row = FUNCTION_WORDS.get(run)
        stop = identifier if row else end
        row = row or FUNCTION_WORDS.get(lexer.text[at:end])
        if row:
            lexer.emit("function", row, at, stop)
            return stop
    name, after = with_suffix(lexer, run, end)
    if name in lexer.source.names or len(run) == 1 or lexer.whole_words or run in GREEK_NAMES or _is_accented(run):
        emit_letter(lexer, name, at, after)
        return after
    return 0


def _name(lexer: Lexer, at: int, end: int) -> int:
    name, after = with_suffix(lexer, lexer.text[at:end], end)
    emit_letter(lexer, name, at, after)
    return after


def _identifier_end(lexer: Lexer, end: int) -> int:
    stop = min(lexer.stop, end + MAX_NAME)
    while end < stop and (lexer.text[end] in ASCII_LETTERS or lexer.text[end] in DIGITS or lexer.text[end] == "_"):
        end += 1
    return end


def _is_accented(run: str) -> bool:
    """Tell whether a run is a letter with an accent in words, such as yhat or sigmabar."""
    for accent in ACCENT_WORDS:
        letter = run.removesuffix(accent)
        if letter != run:
            return len(letter) == 1 or letter in GREEK_NAMES
    return False


def _declared_length(text: str, at: int, end: int, names: frozenset[str]) -> int:
    """Return the length of the longest declared name at the offset."""
    for length in range(min(end - at, MAX_NAME), 0, -1) if names else ():
        if text[at : at + length] in names:
            return length
    return 0


def _letters(lexer: Lexer, at: int, end: int) -> int:
    for place in range(at, end - 1):
        emit_letter(lexer, lexer.text[place], place, place + 1)
    return read_letter(lexer, end - 1)


# --- runs that are no known name -------------------------------------------------------------------------------------


def _check_run(lexer: Lexer, start: int, at: int, end: int) -> None:
    """Refuse a run that is not a product of letters: too long, with a function in it, or applied like a function."""
    run = lexer.text[at:end]
    if len(run) > 3:
        raise _unknown_word(lexer, start, end)
    is_declared = all(c in lexer.source.names for c in run)
    if lexer.source.arrays is not None and not is_declared and _near_name(run, lexer.source.names):
        raise _unknown_word(lexer, start, end)
    if len(run) == 3 and (run[:2] in _SHORT_WORDS or run[1:] in _SHORT_WORDS):
        word, parts = (run[:2], f"{run[:2]} {run[2]}") if run[:2] in _SHORT_WORDS else (run[1:], f"{run[0]} {run[1:]}")
        hint = f"Write `{parts}` for {word}, or `{' '.join(run)}` for a product of letters."
        raise lexer.source.error(f"{run} can be read in two ways.", start, end, hint=hint)
    if _looks_applied(lexer, run, end) and not is_declared:
        if lexer.source.arrays is not None:
            raise _unknown_word(lexer, start, end)
        known = closest(run, list(FUNCTION_WORDS))
        hint = f"Did you mean {' or '.join(known)}? " if known else ""
        hint += f"For a product write `{'*'.join(run)}*(...)`; f, g and h are unknown functions."
        raise lexer.source.error(f"There is no function called {run}.", start, end, hint=hint)


def _looks_applied(lexer: Lexer, run: str, end: int) -> bool:
    """Tell whether `foo(` looks like a function: three letters before a bracket, or two before a single name in one."""
    if lexer.peek(end) != "(":
        return False
    if len(run) == 3:
        return True
    close = lexer.text.find(")", end, lexer.stop)
    inside = lexer.text[end + 1 : close] if close > 0 else ""
    return len(run) == 2 and run[-1] not in UNKNOWN_FUNCTIONS and inside.isascii() and inside.isalnum()


def _unknown_word(lexer: Lexer, at: int, end: int) -> ParseError:
    end = max(end, word_end(lexer, at)) if lexer.source.arrays is not None else end
    word = lexer.text[at:end]
    shown = word if len(word) <= 20 else word[:20] + "..."
    applied = lexer.text[end : lexer.stop].lstrip()[:1] == "("
    message = f"There is no function called {shown}." if applied else f"{shown} is not a known name."
    return lexer.source.error(message, at, end, hint=_suggestion(lexer, word[:40], applied))


def _suggestion(lexer: Lexer, word: str, applied: bool) -> str:
    arrays, names = lexer.source.arrays, lexer.source.names
    inside = "" if applied else _function_inside(word)
    if inside:
        before, after = word.split(inside, 1)
        return f"Write `{''.join(c + ' ' for c in before)}{inside}({after or '...'})`."
    functions = FUNCTION_WORDS if arrays is None else {*FUNCTION_WORDS, *arrays.reserved, *arrays.words}
    known = closest(word, [*sorted(names), *functions, *sorted(GREEK_NAMES)])
    if known:
        return f"Did you mean {' or '.join(known)}?"
    if arrays is not None:
        return _declaration(word, applied)
    if applied:
        return "Use a function of the table (symback rules lists them), or f, g, h for one that is not known."
    return f"Declare it as one name ({mention('symbols', word)}), or put * between the letters of a product."


def _declaration(word: str, applied: bool) -> str:
    if applied:
        return f"Define it, as in def {word}(t) = t^2; symback rules lists the functions that are known."
    return f"Give it a shape, {word}: for a number or {word}: 3x2 for a matrix, or put * between letters of a product."


def _function_inside(word: str) -> str:
    """Return the longest function word in a run, where at most three letters are left over: sin in xsinx."""
    for length in range(len(word) - 1, max(len(word) - 4, 1), -1):
        for at in range(len(word) - length + 1):
            part = word[at : at + length]
            if part in FUNCTION_WORDS and (length > 2 or part == "ln"):
                return part
    return ""


def _note_run(lexer: Lexer, start: int, end: int) -> None:
    run, names = lexer.text[start:end], lexer.source.names
    if all(c in names for c in run):
        _note_declared_letters(lexer, run, start)
        return
    if all(c in _PLAIN_LETTERS for c in run):
        return
    if run.endswith("e") and lexer.peek(end) == "^" and all(c in _PLAIN_LETTERS or c in names for c in run[:-1]):
        return  # xe^x
    if run[-1] in UNKNOWN_FUNCTIONS and lexer.peek(end) == "(" and all(c in _PLAIN_LETTERS for c in run[:-1]):
        return  # xf(x)
    latest = lexer.tokens[start - end :]  # at most one token a letter
    parts = "*".join(lexer.text[t.at : t.end] for t in latest if t.at >= start)
    remedy = "declare it as a symbol if it is one name"
    if lexer.source.arrays is not None:
        remedy = f"give it a shape for one name ({run}: 3x2)"
    lexer.source.note(start, f"{run} is read as the product {parts}; {remedy}.")


def _note_declared_letters(lexer: Lexer, run: str, start: int) -> None:
    """Note a product of declared letters that is nearly a declared name, and in graphs dd for d times d."""
    near, product = _near_name(run, lexer.source.names), "*".join(run)
    if near:
        lexer.source.note(start, f"{run} is read as the product {product}; write `{near}` for that name.")
    elif lexer.source.arrays is not None and len(set(run)) < len(run):
        other = f"write `{product}` to say so, or give it a shape for one name ({run}: 3x2)"
        lexer.source.note(start, f"{run} is read as the product {product}; {other}.")


def _near_name(run: str, names: frozenset[str]) -> str:
    """Return a declared name that three letters begin, or that one other letter makes of them: dist for dis."""
    if len(run) != 3:
        return ""
    for name in sorted(names):
        one_other = len(name) == 3 and sum(a != b for a, b in zip(name, run, strict=True)) == 1
        if name != run and name.isalpha() and ((len(name) == 4 and name.startswith(run)) or one_other):
            return name
    return ""


def _after_d_over(lexer: Lexer) -> bool:
    """Tell whether the tokens so far end in `d/`, `d^2/`, or `d}{` of a LaTeX fraction."""
    kinds = [t.kind for t in lexer.tokens[-6:]]
    if kinds[-1:] == ["/"]:
        before = lexer.tokens[:-1][-5:]
    elif kinds[-2:] == ["}", "{"]:
        before = lexer.tokens[:-2][-5:]
    else:
        return False
    while before and before[-1].kind in ("number", "^", "{", "}"):
        before.pop()
    return bool(before) and before[-1].value == "d"


# --- subscripts -----------------------------------------------------------------------------------------------------


def with_suffix(lexer: Lexer, name: str, at: int) -> tuple[str, int]:
    """Return the canonical name with the accent, digits, subscript and layer that follow, and the offset after them."""
    text, stop = lexer.text, lexer.stop
    while at < stop and text[at] in ACCENTS:
        name, at = name + ACCENTS[text[at]], at + 1
    end = at
    while end < stop and text[end] in DIGITS:
        end += 1
    name, at = name + text[at:end], end
    if at < stop and text[at] in SUBSCRIPTS:
        while end < stop and text[end] in SUBSCRIPTS:
            end += 1
        name, at = joined(name, "".join(SUBSCRIPTS[c] for c in text[at:end])), end
    while at < stop and text[at] == "_":
        parts, at = _subscript(lexer, at + 1)
        for part in parts:
            name = joined(name, part)
    name, at = _with_layer(lexer, name, at)
    return entry_end(lexer, name, at) if lexer.peek(at) == "[" else (name, at)


def joined(name: str, subscript: str) -> str:
    """Return a name with one more subscript: digits directly after a letter, anything else after an underscore.

    A subscript that cannot be read back without its braces keeps them.

    >>> joined("x", "1"), joined("x1", "2"), joined("x", "max"), joined("x", "2k")
    ('x1', 'x1_2', 'x_max', 'x_{2k}')
    """
    if subscript.isdigit():
        return name + subscript if name[-1] in ASCII_LETTERS else f"{name}_{subscript}"
    return f"{name}_{subscript}" if subscript.rstrip("0123456789").isalpha() else f"{name}_{{{subscript}}}"


def _subscript(lexer: Lexer, at: int) -> tuple[list[str], int]:
    """Read what follows an underscore: digits, or letters and their digits, or such in curly brackets."""
    text, stop = lexer.text, lexer.stop
    if lexer.peek(at) == "{":
        return _braced_subscript(lexer, at)
    end = at
    while end < stop and text[end] in ASCII_LETTERS:
        end += 1
    if end > at + 1 and lexer.source.latex and not _is_word(lexer, at, end):
        end = at + 1  # a_nx is a_n x in LaTeX
    while end < stop and text[end] in DIGITS:
        end += 1
    if end == at and lexer.peek(at) in GREEK:
        return [GREEK[text[at]]], at + 1
    if end == at:
        hint = "Write letters or digits directly after it, as in `x_1` or `w_{32}`."
        raise lexer.source.error("The subscript is missing.", at - 1, hint=hint)
    return [text[at:end]], end


def _is_word(lexer: Lexer, at: int, end: int) -> bool:
    """Tell whether a subscript is that of a declared name, such as x_max."""
    subscript = lexer.text[at:end]
    return any(name.partition("_")[2].startswith(subscript) for name in lexer.source.names) or lexer.whole_words


def _braced_subscript(lexer: Lexer, at: int) -> tuple[list[str], int]:
    """Read `{32}`, `{max}`, `{1,2}` or `{\\text{max}}`."""
    end = _closing_brace(lexer, at)
    if not end:
        raise lexer.source.error("This bracket is never closed.", at, hint="Add a } after the subscript.")
    parts = [_unwrapped(part) for part in lexer.text[at + 1 : end].split(",")]
    if not all(part and part.isascii() and (part.isalnum() or _is_below_zero(part)) for part in parts):
        hint = "Write letters or digits in a subscript, as in `x_1` or `w_{32}`."
        raise lexer.source.error("A subscript holds letters and digits only.", at, end + 1, hint=hint)
    return parts, end + 1


def _is_below_zero(part: str) -> bool:
    return part[0] == "-" and part[1:].isdigit()  # v_{-1}, an input of a trace


def _closing_brace(lexer: Lexer, at: int) -> int:
    """Return the offset of the brace that closes the one at `at`; 0 where there is none."""
    depth = 0
    for place in range(at, min(lexer.stop, at + 4 * MAX_NAME)):
        depth += {"{": 1, "}": -1}.get(lexer.text[place], 0)
        if not depth:
            return place
    return 0


def _unwrapped(part: str) -> str:
    """Return one part of a subscript without blanks and without `\\text{...}` or its kin."""
    part = "".join(c for c in part if c not in SPACES)
    for wrapper in ("\\text{", "\\mathrm{"):
        if part.startswith(wrapper) and part.endswith("}"):
            return part[len(wrapper) : -1]
    return part.removeprefix("\\rm")


def _with_layer(lexer: Lexer, name: str, at: int) -> tuple[str, int]:
    """Read the layer of a weight, `^{[1]}` or `^[1]`, into its name."""
    if lexer.peek(at) != "^":
        return name, at
    braced = lexer.peek(at + 1) == "{"
    first = at + 2 + braced
    if lexer.peek(first - 1) != "[":
        return name, at
    end = lexer.text.find("]", first, lexer.stop)
    layer = lexer.text[first:end] if end > 0 else ""
    after = end + 1 + braced
    if not (layer.isascii() and layer.isalnum()) or (braced and lexer.peek(end + 1) != "}"):
        hint = "Write the layer as in `w_{32}^{[1]}`, and a power with ^2 or ^(...)."
        raise lexer.source.error("A square bracket after ^ holds the number of a layer.", first - 1, hint=hint)
    return f"{name}^[{layer}]", after


def canonical(identifier: str) -> str:
    """Return the canonical spelling of a plain identifier: `w_1` is `w1`, `x_max` stays."""
    name, *subscripts = identifier.split("_")
    for subscript in subscripts:
        if not (name and subscript):
            return identifier
        name = joined(name, subscript)
    return name
