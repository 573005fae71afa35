"""How a hint mentions a key of a question: `--at x=2` when typed, `at = {x = 2}` in a file, `at={"x": 2}` in Python.

Who writes a hint says which key is meant, `mention("at", "x=2")`; who shows it says how.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_MENTION = re.compile("⟦(.+?)⟧")
IN_PYTHON = {"symbols": "names"}  # what a key is called there


def mention(key: str, value: str = "") -> str:
    """Return a mention of a key within a hint, alone or with a value as it is typed.

    >>> [told(f"Give {mention('at', 'x=2')}.", manner) for manner in ("typed", "file", "python")]
    ['Give --at x=2.', 'Give at = {x = 2}.', "Give at={'x': 2}."]
    """
    return f"⟦{key} {value}⟧"


def told(hint: str, manner: str) -> str:
    """Return a hint for a reader: of the command line (typed), of a problem file (file), or of a program (python).

    >>> [told(mention("wrt", "x,y"), manner) for manner in ("typed", "file", "python")]
    ['--wrt x,y', "wrt = ['x', 'y']", "wrt=['x', 'y']"]
    """
    return _MENTION.sub(lambda found: _MANNERS[manner](*found[1].split(" ", 1)), hint) if "⟦" in hint else hint


def _typed(key: str, value: str) -> str:
    return f"--{key.replace('_', '-')} {value}".rstrip()


def _in_a_file(key: str, value: str) -> str:
    if not value:
        return key
    name, equals, number = value.partition("=")
    return f"{key} = {{{name} = {number}}}" if equals else f"{key} = {_listed(value)}"


def _in_python(key: str, value: str) -> str:
    key = IN_PYTHON.get(key, key)
    if not value:
        return key
    name, equals, number = value.partition("=")
    return f"{key}={{{name!r}: {number}}}" if equals else f"{key}={_listed(value)}"


def _listed(value: str) -> str:
    """Return numbers as a list of numbers, and names as a list of texts."""
    parts = value.split(",")
    return f"[{', '.join(part if part.lstrip('-').isdigit() else repr(part) for part in parts)}]"


_MANNERS: dict[str, Callable[[str, str], str]] = {"typed": _typed, "file": _in_a_file, "python": _in_python}
