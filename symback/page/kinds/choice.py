"""Options to choose from: which is right, and the mistakes that lead to the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.page import json, maths
from symback.page.kinds import Kind, Object
from symback.page.layout_of_tasks import option_inlines
from symback.page.options import Options
from symback.page.page import Block, Bullets, Inlines, Paragraph, Text


def _blocks(chosen: Any, options: Options) -> Iterator[Block]:
    """Yield the right option, and for each wrong one the mistake that leads there."""
    yield _right(chosen)
    wrong = [(i, one) for i, one in enumerate(chosen.options, 1) if one.mistake]
    if wrong:
        yield Paragraph((Text("The other options come from mistakes:"),))
        yield Bullets(tuple(_mistake(i, one) for i, one in wrong))


def _mistake(number: int, option: Any) -> Inlines:
    said = f": {option.mistake}. {option.says}" if option.says else f": {option.mistake}."
    return (Text(f"Option {number}, "), *option_inlines(option.shown), Text(said))


def _answers(chosen: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    yield _right(chosen)


def _right(chosen: Any) -> Paragraph:
    return Paragraph((Text(f"Option {chosen.right}: "), *option_inlines(chosen.options[chosen.right - 1].shown)))


def _data(chosen: Any, options: Options) -> Object:
    right = chosen.options[chosen.right - 1]
    return {
        "schema": json.SCHEMA,
        "kind": "choice",
        "notes": list(chosen.notes),
        "options": [_text(one) for one in chosen.options],
        "mistakes": [one.mistake or None for one in chosen.options],
        "answer": {"option": chosen.right, "text": _text(right)},
    }


def _text(option: Any) -> str:
    return option.shown if isinstance(option.shown, str) else maths.text(option.shown)


KIND = Kind(_blocks, _answers, _data, is_answer=True)
