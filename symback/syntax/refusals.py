"""Why a character or a word is not accepted, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.syntax.alphabet import LOOKALIKES, REFUSED

if TYPE_CHECKING:
    from symback.errors import ParseError
    from symback.syntax.tokens import Lexer

_INVISIBLE = frozenset(("Cf", "Cc", "Zl", "Zp", "Mn", "Me", "Cs", "Cn", "Co"))


def refuse(lexer: Lexer, at: int) -> int:
    """Raise the error for a character that is not in the alphabet."""
    raise character_error(lexer, at)


def character_error(lexer: Lexer, at: int) -> ParseError:
    """Return the error for the character at an offset: why it is not read, and what to write instead."""
    character, source = lexer.text[at], lexer.source
    if character in REFUSED:
        reason, hint = REFUSED[character]
        return source.error(reason, at, hint=hint)
    import unicodedata  # only a refusal needs it

    name = unicodedata.name(character, "a character without a name")
    shown = f"U+{ord(character):04X} {name}"
    if character in LOOKALIKES:
        wanted = LOOKALIKES[character]
        return source.error(
            f"{shown} looks like {wanted} but is another character.", at, hint=f"Type `{wanted}` instead."
        )
    if unicodedata.category(character) in _INVISIBLE:
        return source.error(f"{shown} is a character that cannot be seen.", at, hint="Delete it.")
    plain = unicodedata.normalize("NFKC", character)
    hint = f"Type `{plain}` instead." if plain.isascii() and plain.isprintable() and plain else "Leave it out."
    return source.error(f"{shown} is not part of the language.", at, hint=hint)


def closest(word: str, known: list[str]) -> list[str]:
    """Return up to three known words that are spelled much like this one."""
    import difflib  # only an error needs it

    return difflib.get_close_matches(word, known, n=3, cutoff=0.6)


DEGREES = frozenset(("deg", "degree", "degrees"))


def degrees_error(lexer: Lexer, at: int, end: int) -> ParseError:
    """Return the error for 45°, 45deg and 45^\\circ."""
    number = next((t for t in reversed(lexer.tokens[-3:]) if t.kind in ("number", "name")), None)
    what = lexer.source.clip(number.at, number.end) if number else "x"
    reason = "Angles are in radians here; the sign for degrees is not part of the language."
    return lexer.source.error(reason, at, end, hint=f"Write `({what}*pi/180)` for {what} degrees.")


def read_degrees(lexer: Lexer, at: int) -> int:
    raise degrees_error(lexer, at, at + 1)


def read_degree_command(lexer: Lexer, name: str, at: int, end: int) -> int:
    raise degrees_error(lexer, at, end)
