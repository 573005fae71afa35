"""Values and derivatives that do not exist, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.page import json
from symback.page.kinds import Kind, Object
from symback.page.options import Options
from symback.page.page import Block, Paragraph, Text
from symback.page.prose import cleaned


def _blocks(missing: Any, options: Options) -> Iterator[Block]:
    yield Paragraph((Text(cleaned(missing.why)),))


def _answers(missing: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    yield Paragraph((Text("It does not exist."),))


def _data(missing: Any, options: Options) -> Object:
    answer = {"text": missing.kind, "exists": False, "why": missing.why}
    return {"schema": json.SCHEMA, "kind": missing.kind, "notes": list(missing.notes), "answer": answer}


KIND = Kind(_blocks, _answers, _data)
