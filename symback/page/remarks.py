"""The verdict on a result and its notes, as remarks of a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symback.page.options import distinct, verdict_words
from symback.page.page import Remark, Text


def remarks_of(result: Any, verification: Any, notes: bool = True) -> Iterator[Remark]:
    """Yield the verdict on a result, where there is one, and its notes."""
    if verification is not None:
        yield Remark(verdict_kind(verification.verdict), (Text(sentence(verdict_words(verification))),))
    if notes:
        yield from (Remark("note", (Text(note),)) for note in distinct(result.notes))


def verdict_kind(verdict: str) -> str:
    """Return the kind of the remark that says a verdict."""
    return verdict if verdict in ("verified", "failed") else "unverified"


def sentence(words: str) -> str:
    """Return words with a capital and a full stop."""
    return words[:1].upper() + words[1:].rstrip(".") + "."
