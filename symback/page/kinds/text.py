"""Answers in prose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.page import json
from symback.page.kinds import Kind, Object
from symback.page.options import Options
from symback.page.page import Block
from symback.page.prose import blocks_of_markdown


def _blocks(prose: Any, options: Options) -> Iterator[Block]:
    yield from blocks_of_markdown(prose.words)


def _answers(prose: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    yield from blocks


def _data(prose: Any, options: Options) -> Object:
    return {"schema": json.SCHEMA, "kind": "text", "notes": [], "answer": {"text": prose.words}}


KIND = Kind(_blocks, _answers, _data, is_answer=True)
