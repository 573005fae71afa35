r"""Words for Typst: what an author wrote, as text that Typst shows and does not run."""

from __future__ import annotations

import re

LONGEST_WORD = 32  # characters: a longer word may be broken after each third of them, lest it stand out of the line
BREAK = "\u200b"  # a place for a break, of no width

# What begins something in Typst wherever it stands; a stroke or a point may begin it together with its neighbours.
_SPECIAL = re.compile(r"[\\`*_#$@<\[\]~/]|(?<![^\W\d_])-|-(?![^\W\d_])|(?<=\.)\.|\.(?=\.)")
_BEGINS = re.compile(r"^(\s*)([=+]|[0-9]+(?=\.))")  # at the beginning: a heading, an item


def escaped(text: str, longest: int = LONGEST_WORD) -> str:
    r"""Return words as Typst markup: every sign that means something there is written as itself.

    >>> print(escaped("100% of x_1, see #2 // *"))
    100% of x\_1, see \#2 \/\/ \*
    """
    line = breakable(printable(text), longest).replace("\n", " ")
    line = _PRIMES.sub(lambda found: "′" * len(found[0]), line)
    return _DASHES.sub(rf"\g<0>{NO_LIGATURE}", _BEGINS.sub(_harmless, _SPECIAL.sub(r"\\\g<0>", line)))


_PRIMES = re.compile(r"(?<=\b[A-Za-z])'{1,3}(?=\()")  # f'(x), where Typst would make quotation marks of them
NO_LIGATURE = "\u200c"
_DASHES = re.compile(r"\\-(?=\\-)")  # two hyphens, of which the letters of the sheet would make one dash


def _harmless(found: re.Match[str]) -> str:
    """Return the beginning of a line that would make it a heading or an item, as words."""
    sign = found[2]
    return f"{found[1]}{sign}\\" if sign[0].isdigit() else f"{found[1]}\\{sign}"


def literal(text: str, break_words: bool = False) -> str:
    r"""Return a text as a string of Typst's code.

    >>> print(literal('a "b" \\ c'))
    "a \"b\" \\ c"
    """
    shown = breakable(printable(text)) if break_words else printable(text)
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def printable(text: str) -> str:
    """Return a text without characters that do not print; ends of lines stay, other space is made of blanks."""
    return "".join(c if c.isprintable() or c == "\n" else " " * c.isspace() for c in text.expandtabs(4))


def breakable(text: str, longest: int = LONGEST_WORD) -> str:
    """Return a text in which words that are longer than so many characters have places for breaks."""
    part = re.compile(rf"\S{{{max(1, longest // 3)}}}(?=\S)")
    return re.sub(rf"\S{{{longest + 1},}}", lambda word: part.sub(rf"\g<0>{BREAK}", word[0]), text)
