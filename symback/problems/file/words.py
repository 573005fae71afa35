"""Words of a sheet that come out otherwise than they were meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

KEYS = ("text", "hints", "title")
_FORMULA = re.compile(r"(?<![\\$])\$([^$\n]+)\$(?!\$)")
_BRACKETS = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)


def strange_words(table: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], int, int, str, str]]:
    """Yield what is strange in the words of a problem: the path of the text, the span in it, a message and a hint.

    >>> [found[3] for found in strange_words({"text": r"Let \\(x\\) be $\\frac{1}{$."})]
    ['This is no formula here.', 'This formula cannot be set, and is shown as it is typed.']
    """
    for key in KEYS:
        given = table.get(key)
        for i, text in enumerate(given if isinstance(given, list) else [given]):
            if isinstance(text, str) and "{{" not in text:
                path = (key, i) if isinstance(given, list) else (key,)
                yield from ((path, *found) for found in _in(text))


def _in(text: str) -> Iterator[tuple[int, int, str, str]]:
    for found in _BRACKETS.finditer(text):
        inner = (found[1] or found[2]).strip()
        yield found.start(), found.end(), "This is no formula here.", f"Write it between dollar signs: ${inner[:40]}$."
    if "$" in text and "`" not in text:
        safe = import_module("symback.page.formula.subset").safe_latex  # it is in a higher layer, and loaded late
        for found in _FORMULA.finditer(text):
            if not safe(found[1]):
                hint = "Look for a bracket that is not closed, or a command that is not known."
                yield found.start(), found.end(), "This formula cannot be set, and is shown as it is typed.", hint
