r"""LaTeX that TOML has changed: between double quotation marks \t is a tab, and \theta a tab with "heta" behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symback.problems.file.faults import Fault
from symback.problems.file.toml import Source

CALLED = {"b": "a backspace", "f": "a form feed", "r": "a carriage return", "t": "a tab", "n": "a new line"}
# \b, \f and \r are never meant; a tab or a new line may be, unless a command of LaTeX begins there.
_COMMANDS = "au|ext\\w*|extbf|heta|imes|an|anh|o|op|frac|riangle\\w*|ilde|abla|eq|otin|eg|onumber|ormalsize"
_LOST = re.compile(
    rf"\\(?:\\|(?P<never>[bfr])(?P<rest>[A-Za-z]*)|(?P<maybe>[tn])(?P<word>{_COMMANDS})(?![A-Za-z]))"
)  # a backslash that is written twice is one, and no escape begins there
_DOUBLE = re.compile(r'"""(?:[^"\\]++|\\(?s:.)|"{1,2}(?!"))*+"{3,5}' r'|"(?:[^"\\\n]++|\\.)*+"')


def lost_commands(source: Source) -> Iterator[Fault]:
    """Yield a fault for each command of LaTeX that a text between double quotation marks has lost."""
    if '"' not in source.text or "\\" not in source.text:
        return
    spans = {(place.value, place.value_end) for place in source.places.of.values()}
    for start, stop in sorted(spans):
        if source.text.startswith('"', start) and (found := _DOUBLE.match(source.text, start, stop)):
            yield from _in(source, start, found[0])


def _in(source: Source, start: int, text: str) -> Iterator[Fault]:
    for found in (one for one in _LOST.finditer(text) if one["never"] or one["maybe"]):
        letter, rest = (found["never"], found["rest"]) if found["never"] else (found["maybe"], found["word"])
        at = start + found.start("never" if found["never"] else "maybe") - 1
        command = f", not \\{letter}{rest}" if rest else ""
        message = f"\\{letter} is {CALLED[letter]} here{command}."
        yield source.fault(at, at + 2 + len(rest), message, "Write the text between single quotation marks.")
