r"""Authors' words for TeX: every character written as itself, those that its fonts lack by something they have.

What is written is ASCII, so it is the same for every TeX and encoding; no word can become a command.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import combining, decomposition, normalize

from symback.page.formula.subset import UNICODE
from symback.page.latex_escapes import escaped
from symback.page.names import SUBSCRIPTS, SUPERSCRIPTS
from symback.page.page import Inline, Inlines, Link, Maths, Text
from symback.page.prose import cleaned

LONGEST_WORD, STEP = 40, 6  # letters: within a longer word a line may end after every few

# Accents that TeX puts on a letter, by the character that Unicode puts behind it.
ACCENTS: dict[str, str] = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0326": "c", "\u0327": "c",
    "\u0331": "b",
}  # fmt: skip

SIGNS: dict[str, str] = {
    "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}",
    "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}", "¿": "?`", "¡": "!`", "§": r"\S{}", "¶": r"\P{}", "©": r"\copyright{}",
    "£": r"\pounds{}", "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "„": ",,",
    "…": r"\dots{}",
    "•": r"\textbullet{}", "€": "EUR", "«": r"$\ll$", "»": r"$\gg$", "°": r"$^{\circ}$", "½": r"$\frac{1}{2}$",
    "✓": r"$\checkmark$", "✗": r"$\times$", "√": r"$\surd$", "\N{NO-BREAK SPACE}": "~", "\u2011": "-", "\u2010": "-",
    "←": r"$\leftarrow$", "⇐": r"$\Leftarrow$", "↔": r"$\leftrightarrow$", "⇔": r"$\Leftrightarrow$",
    **{c: rf"\textsuperscript{{{chr(d)}}}" for d, c in zip(SUPERSCRIPTS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", strict=True)},
    **{c: rf"$_{{{chr(d)}}}$" for d, c in zip(SUBSCRIPTS, "₀₁₂₃₄₅₆₇₈₉", strict=True)},
}  # fmt: skip

_LIGATURES = (("`", "\\`{}"), ("--", "-{}-"), ("''", "'{}'"), (",,", ",{},"))  # which TeX would make one sign of


def words(text: str) -> str:
    r"""Return words for TeX, in one line.

    >>> print(words(r"Ünïcode, 50% & \input{x} 中"))
    \"{U}n\"{\i}code, 50\% \& \textbackslash{}input\{x\} {[}U+4E2D{]}\allowbreak{}
    """
    line = re.sub(r"[\n\t]", " ", cleaned(text))
    return "".join([_piece(piece) for piece in _PIECES.findall(line)])


_PIECES = re.compile(r"[\x20-\x7e]+|[^\x20-\x7e]")


def _piece(piece: str) -> str:
    if not piece.isascii():
        return _sign(piece)
    plain = " ".join(map(_with_breaks, piece.split(" ")))
    return plain.replace("[", "{[}").replace("]", "{]}")


def _with_breaks(word: str) -> str:
    if len(word) <= LONGEST_WORD:
        return _ascii(word)
    return r"\allowbreak{}".join(_ascii(word[i : i + STEP]) for i in range(0, len(word), STEP))


def _ascii(part: str) -> str:
    written = escaped(part)
    for ligature, apart in _LIGATURES:
        written = written.replace(ligature, apart)
    return written.replace("--", "-{}-")


@lru_cache(maxsize=4096)
def _sign(character: str) -> str:
    """Return a character that is no ASCII: a letter with its accent or without, a sign, else by its number."""
    if character in SIGNS:
        return SIGNS[character]
    if character in UNICODE:
        return f"${UNICODE[character].strip()}$"
    accented = _accented(character)
    if accented:
        return accented
    plain = "".join(c for c in normalize("NFKD", character) if not combining(c))
    if plain != character and plain.isascii() and plain.isprintable():
        return _piece(plain)
    return rf"{{[}}U+{ord(character):04X}{{]}}\allowbreak{{}}"


def _accented(character: str) -> str:
    base, _, accent = decomposition(character).partition(" ")
    if not accent or base.startswith("<"):
        return ""
    letter, mark = chr(int(base, 16)), ACCENTS.get(chr(int(accent, 16)))
    if not mark or not (letter.isascii() and letter.isalpha()):
        return ""
    return rf"\{mark}{{{chr(92) + letter if letter in 'ij' and mark not in 'db' else letter}}}"


# --- formulas and lines of words ----------------------------------------------------------------------------------

_RELATIONS = re.compile(r"\\(lt|gt)(?![A-Za-z])")
_OTHER = re.compile(r"[^\x00-\x7f]")


def formula(latex: str) -> str:
    r"""Return a formula for a plain TeX: without the commands that only browsers know, in ASCII.

    >>> print(formula(r"a \lt b \text{ für } c"))
    a < b \text{ f\"{u}r } c
    """
    plain = _RELATIONS.sub(lambda found: {"lt": "<", "gt": ">"}[found[1]], latex)
    return plain if plain.isascii() else _OTHER.sub(lambda found: _sign(found[0]), plain)


def line(inlines: Inlines) -> str:
    """Return a line of words and formulas."""
    return "".join(map(_inline, inlines))


_STYLES = {"strong": r"\textbf", "emphasis": r"\emph", "code": r"\texttt"}


def _inline(part: Inline) -> str:
    if isinstance(part, Maths):
        return f"${formula(part.formula.latex)}$"
    if isinstance(part, Link):
        address = rf"\texttt{{{words(part.address)}}}"
        return address if part.words in (part.address, "") else f"{words(part.words)} ({address})"
    return _styled(part)


def _styled(text: Text) -> str:
    written = words(text.words)
    return f"{_STYLES[text.style]}{{{written}}}" if text.style in _STYLES and written.strip() else written
