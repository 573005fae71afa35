"""Derivations as Markdown: display formulas with the reasons beside the lines, as GitHub and notebooks show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from symback.render.latex import displays
from symback.render.latex_rows import block
from symback.render.options import GRAPHS, Options, distinct, kind_of, verdict_words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~])")


def render(thing: Any, options: Options) -> str:
    """Return a thing as Markdown."""
    if kind_of(thing) in GRAPHS:
        paragraphs = import_module("symback.render.backprop.markdown").parts(thing, options, escaped)
        return "\n\n".join([*paragraphs, *_notes(thing, options)])
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
    yield from _notes(thing, options)


def _notes(thing: Any, options: Options) -> Iterator[str]:
    if options.notes:
        yield from (f"> note: {escaped(note)}" for note in distinct(thing.notes))
