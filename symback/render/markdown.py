"""Derivations as Markdown: display formulas with the reasons beside the lines, as GitHub and notebooks show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from symback.render.latex import block, displays
from symback.render.options import Options, distinct, verdict_words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~])")


def render(thing: Any, options: Options) -> str:
    """Return a thing as Markdown."""
    formulas = [f"$$\n{block('aligned', rows)}\n$$" for rows in displays(thing, options)]
    return "\n\n".join([*formulas, *_ending(thing, options)])


def escaped(text: str) -> str:
    r"""Return words for Markdown: every character that means something there is written as itself.

    >>> print(escaped("x_1 * |y|"))
    x\_1 \* \|y\|
    """
    return _SPECIAL.sub(r"\\\1", "".join(c for c in text if c.isprintable()))


def _ending(thing: Any, options: Options) -> Iterator[str]:
    verdict = options.verdict_on(thing)
    if verdict is not None:
        sign = {"verified": "✓ ", "failed": "✗ "}.get(verdict.verdict, "")
        yield escaped(sign + verdict_words(verdict))
    if options.notes:
        yield from (f"> note: {escaped(note)}" for note in distinct(thing.notes))
