"""The other ways to a derivative, each below the first one with its name as a heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.page import json
from symback.page.equations import derivation_answers, derivation_blocks
from symback.page.options import Options
from symback.page.page import Block, Paragraph, Text


def blocks(result: Any, options: Options) -> Iterator[Block]:
    """Yield the derivation, and below it every other way under its name."""
    yield from derivation_blocks(result.derivation, options)
    for way in result.ways:
        yield Paragraph((Text(f"{way.name}:"),))
        yield from derivation_blocks(way.derivation, options)


def answers(result: Any, options: Options, shown: Sequence[Block]) -> Iterator[Block]:
    """Yield the answer, which all ways have in common."""
    yield from derivation_answers(result.derivation, options, list(derivation_blocks(result.derivation, options)))


def as_object(result: Any, options: Options) -> dict[str, Any]:
    """Return the object of the derivation, with the other ways as `alternatives`."""
    ways = [{"way": way.name} | json.derivation_object(way.derivation, options) for way in result.ways]
    return json.derivation_object(result.derivation, options) | {"alternatives": ways}
