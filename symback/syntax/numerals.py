"""Numbers: integers, decimals (exact), scientific notation, ½ and its kin, and superscripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy.core.numbers import Integer, Rational

from symback.expr.scientific import decimal_text, power_of_ten, scientific_text
from symback.expr.tree import Decimal, Plus, number
from symback.syntax.alphabet import ASCII_LETTERS, DIGITS, FRACTIONS, SUBSCRIPTS, SUPERSCRIPTS
from symback.syntax.integrals import is_limit
from symback.syntax.refusals import character_error, refuse
from symback.syntax.source import MAX_DIGITS
from symback.syntax.words import emit_letter

if TYPE_CHECKING:
    from symback.expr.tree import Tree
    from symback.syntax.tokens import Lexer, Token

_ALSO_AFTER_POINT = ASCII_LETTERS | DIGITS | frozenset("._")


def read_number(lexer: Lexer, at: int) -> int:
    """Read `12`, `0.25`, `.5` or `2e3`; a decimal is the exact number that is written."""
    text, stop = lexer.text, lexer.stop
    end = _digits(text, at, stop)
    point = _point(lexer, at, end)
    is_decimal = point > end
    _check_digits(lexer, at, point)
    exponent = _exponent_end(lexer, point)
    if exponent > point:
        lexer.emit("number", Decimal(_scientific(lexer, at, point, exponent)), at, exponent)
        return exponent
    _check_neighbours(lexer, at, point)
    value = Decimal(_rational(text[at:point])) if is_decimal else Integer(int(text[at:point]))
    lexer.emit("number", value, at, point)
    return point


def _digits(text: str, at: int, stop: int) -> int:
    while at < stop and text[at] in DIGITS:
        at += 1
    return at


def _point(lexer: Lexer, at: int, end: int) -> int:
    """Return where the decimals after a point end; `end` where there is no point."""
    if lexer.peek(end) != ".":
        return end
    after = _digits(lexer.text, end + 1, lexer.stop)
    if after == end + 1 and (end == at or lexer.peek(after) in _ALSO_AFTER_POINT):
        raise character_error(lexer, end)
    if lexer.peek(after) == ".":
        raise lexer.source.error("A number has only one decimal point.", after, hint="Leave out one of the points.")
    return after


def _exponent_end(lexer: Lexer, end: int) -> int:
    """Return where the exponent of `2e3` or `1e-3` ends; `end` where there is none, or where e or e3 is declared."""
    letter, names = lexer.peek(end), lexer.source.names
    if letter not in ("e", "E") or letter in names:
        return end
    first = end + 1 + (lexer.peek(end + 1) in ("+", "-"))
    stop = _digits(lexer.text, first, lexer.stop)
    return end if stop == first or lexer.text[end:stop] in names else stop


def _scientific(lexer: Lexer, at: int, end: int, stop: int) -> Rational:
    written = lexer.text[at:stop]
    digits = lexer.text[end + 1 : stop].lstrip("+-").lstrip("0") or "0"
    exponent = int(digits) if len(digits) <= 4 else 10_000
    if exponent + end - at > MAX_DIGITS:
        message = f"This number has more than {MAX_DIGITS} digits when it is written out."
        raise lexer.source.too_large(message, at, stop, hint="Use a letter for it.")
    value = _rational(lexer.text[at:end]) * Rational(10) ** (-exponent if "-" in written else exponent)
    sign = lexer.text[end + 1] if lexer.text[end + 1] in "+-" else "*"
    other = f"{lexer.text[at:end]}*{lexer.text[end]}{sign}{lexer.text[end + 1 : stop].lstrip('+-')}"
    lexer.source.note(at, f"{written} is read as the number {_plain(value)}; write `{other}` for the letter e.")
    return value


def _plain(value: Rational) -> str:
    """Return a number for a note: 2000, 0.001 or 6.022*10^23."""
    top, bottom = int(value.p), int(value.q)
    found = scientific_text(top, bottom) if top else None
    if found is None:
        return decimal_text(top, bottom).removesuffix(".0")
    digits, exponent = found
    return f"{digits}*10^{exponent}"


def _rational(written: str) -> Rational:
    whole, _, decimals = written.partition(".")
    return Rational(int(whole + decimals or "0"), 10 ** len(decimals))


def _check_digits(lexer: Lexer, at: int, end: int) -> None:
    if end - at > MAX_DIGITS:
        message = f"This number has {end - at:,} digits; at most {MAX_DIGITS} are read."
        raise lexer.source.too_large(message, at, end, hint="Use a letter for it.")


def _check_neighbours(lexer: Lexer, at: int, end: int) -> None:
    """Refuse `0x1F`, `1_000`: forms of programming languages that would be read as something else."""
    following = lexer.peek(end)
    if following == "_":
        raise lexer.source.error("A number has no underscores.", end, hint="Write the digits without underscores.")
    if following in ("x", "b", "o") and end == at + 1 and lexer.text[at] == "0" and lexer.peek(end + 1) in DIGITS:
        raise lexer.source.error(
            "Numbers are read in base ten only.", at, end + 2, hint="Write the number in base ten."
        )


def read_fraction(lexer: Lexer, at: int) -> int:
    """Read ½ or 2½, which is a mixed number."""
    value = number(FRACTIONS[lexer.text[at]])
    last = lexer.tokens[-1] if lexer.tokens else None
    if last and last.kind == "number" and last.end == at and isinstance(last.value, Integer):
        lexer.tokens.pop()
        written = lexer.source.clip(last.at, at + 1)
        remark = f"{written} is read as a mixed number, a sum; write * before {lexer.text[at]} for a product."
        lexer.source.note(last.at, remark)
        lexer.emit("number", Plus(last.value, value), last.at, at + 1)
    else:
        lexer.emit("number", value, at, at + 1)
    return at + 1


def read_superscript(lexer: Lexer, at: int) -> int:
    """Read ², ⁻¹ or ⁽ⁿ⁺¹⁾ as a power with brackets around the exponent."""
    end = at
    while end < lexer.stop and lexer.text[end] in SUPERSCRIPTS:
        end += 1
    lexer.emit("^", "superscript", at, at)
    lexer.emit("{", None, at, at)
    place = at
    while place < end:
        place = _superscript_part(lexer, place, end)
    lexer.emit("}", None, end, end)
    _unwrap_single(lexer)
    return end


def _superscript_part(lexer: Lexer, at: int, end: int) -> int:
    meaning = SUPERSCRIPTS[lexer.text[at]]
    stop = at + 1
    if meaning in DIGITS:
        while stop < end and SUPERSCRIPTS[lexer.text[stop]] in DIGITS:
            stop += 1
        _check_digits(lexer, at, stop)
        _raised_again(lexer, at, stop)
        lexer.emit("number", Integer(int("".join(SUPERSCRIPTS[c] for c in lexer.text[at:stop]))), at, stop)
    elif meaning in ASCII_LETTERS:
        emit_letter(lexer, meaning, at, stop)
    else:
        lexer.emit(meaning, None, at, stop)
    return stop


def _raised_again(lexer: Lexer, at: int, stop: int) -> None:
    """Read eˣ² as e^(x^2): digits raised after a letter or a bracket are its exponent."""
    last = lexer.tokens[-1]
    if last.end == at and last.kind in ("name", "constant", ")") and last.at < last.end:
        lexer.emit("^", "superscript", at, at)
        if last.kind != ")":
            _note_raised_again(lexer, lexer.text[last.at : at], lexer.text[at:stop])


def _note_raised_again(lexer: Lexer, letter: str, digits: str) -> None:
    """Note `eˣ²`, and the form of e^(2x) that could have been meant."""
    start = next(i for i in range(len(lexer.tokens) - 2, -1, -1) if lexer.tokens[i].value == "superscript")
    base = lexer.tokens[start - 1] if start else None
    written = lexer.source.clip(base.at, base.end) if base and base.kind in ("number", "name", "constant") else "(...)"
    remark = f"{letter}{digits} is read as a power in the exponent; write `{written}{digits}{letter}` for a product."
    lexer.source.note(lexer.tokens[-1].at, remark)


def _unwrap_single(lexer: Lexer) -> None:
    """Drop the brackets around an exponent of one number or letter."""
    tokens = lexer.tokens
    if tokens[-3].kind == "{" and tokens[-2].kind in ("number", "name", "constant"):
        del tokens[-1], tokens[-2]


def _read_limit(lexer: Lexer, at: int) -> int:
    """Read `_` or `₀` directly after an integral sign."""
    lexer.emit("_", None, at, at + (lexer.text[at] == "_"))
    if lexer.text[at] == "_":
        return at + 1
    end = at
    while end < lexer.stop and lexer.text[end] in SUBSCRIPTS:
        end += 1
    written = "".join(SUBSCRIPTS[c] for c in lexer.text[at:end])
    if not written.isdigit():
        raise lexer.source.error("A limit is a number here.", at, end, hint="Write `∫_a^b x dx`.")
    lexer.emit("number", Integer(int(written)), at, end)
    return end


def read_base(lexer: Lexer, at: int) -> int:
    """Read `_2` or `₂` directly after `log`: the base of the logarithm."""
    last = lexer.tokens[-1] if lexer.tokens else None
    if not (last and last.end == at and last.kind == "function" and last.value == "log"):
        if is_limit(lexer):
            return _read_limit(lexer, at)
        if lexer.text[at] in SUBSCRIPTS:
            hint = "Write `x₁` or `x_1`."
            raise lexer.source.error("A subscript belongs directly after a letter.", at, hint=hint)
        return refuse(lexer, at)
    if lexer.text[at] == "_":
        lexer.emit("_", None, at, at + 1)
        return at + 1
    end = at
    while end < lexer.stop and lexer.text[end] in SUBSCRIPTS:
        end += 1
    base = "".join(SUBSCRIPTS[c] for c in lexer.text[at:end])
    lexer.emit("_", None, at, at)
    if base.isdigit():
        _check_digits(lexer, at, end)
        lexer.emit("number", Integer(int(base)), at, end)
    elif len(base) == 1:
        emit_letter(lexer, base, at, end)
    else:
        raise lexer.source.error("The base of a logarithm is one number or letter.", at, end, hint="Write `log(x, b)`.")
    return end


_TEN = Integer(10)
_CLOSES = {"{": "}", "(": ")"}


def with_power_of_ten(tokens: list[Token], index: int) -> tuple[Tree, int] | None:
    """Return the number that 6.022 · 10²³ is, and the index after it, where it begins at a token; else None.

    One digit is before the point, and the number is one that is written with a power of ten (scientific.py).
    """
    if [t.kind for t in tokens[index + 1 : index + 4]] != ["*", "number", "^"] or tokens[index + 2].value != _TEN:
        return None
    mantissa = tokens[index].value
    value = mantissa._args[0] if isinstance(mantissa, Decimal) else mantissa
    place = index + 4
    closing = _CLOSES.get(tokens[place].kind)
    place += closing is not None
    negative = tokens[place].kind == "-"
    place += negative
    exponent = tokens[place]
    after = place + 1 + (closing is not None)
    if exponent.kind != "number" or not isinstance(exponent.value, Integer) or exponent.value > MAX_DIGITS:
        return None
    if (
        (closing and tokens[place + 1].kind != closing)
        or tokens[after].kind == "^"
        or not (value.is_Rational and 1 <= value < 10)
    ):
        return None
    number = value * Rational(10) ** (-exponent.value if negative else exponent.value)
    return (Decimal(number), after) if power_of_ten(int(number.p), int(number.q)) else None
