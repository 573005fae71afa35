"""Derivatives with the other usual ways to them, each below the first one, under its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.page import json
from symback.page.equations import derivation_answers, derivation_blocks
from symback.page.kinds import Kind, Object, blocks_of, kind_of
from symback.page.options import Options
from symback.page.page import Block, Paragraph, Text


def _blocks(result: Any, options: Options) -> Iterator[Block]:
    yield from derivation_blocks(result.derivation, options)
    for way in result.ways:
        yield Paragraph((Text(f"{way.name}:"),))
        yield from blocks_of(way.result, options)


def _answers(result: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the answer, which all ways have in common."""
    yield from derivation_answers(result.derivation, options, list(derivation_blocks(result.derivation, options)))


def _data(result: Any, options: Options) -> Object:
    """Return the object of the derivation, with the other ways as `alternatives`."""
    ways = [{"way": way.name} | kind_of(way.result).data(way.result, options) for way in result.ways]
    return json.derivation_object(result.derivation, options) | {"alternatives": ways}


KIND = Kind(_blocks, _answers, _data)
