"""The pages of help of the commands, as wide as the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import click

from symback.front_page import broken, columns

BESIDE = 30  # columns of the names of options, at most; of a narrow page a third
_UNWRAPPED = "\b\n"


class Help(click.HelpFormatter):
    """A page of help: nothing in it is wider than the terminal, and its examples can be copied."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        super().__init__(indent_increment, width or columns(), max_width)

    def write_text(self, text: str) -> None:
        wide = self.width - self.current_indent
        super().write_text("\n\n".join(_paragraphs(text, wide)))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = BESIDE, col_spacing: int = 2) -> None:
        super().write_dl(rows, min(col_max, self.width // 3), col_spacing)


def _paragraphs(text: str, wide: int) -> Iterator[str]:
    """Yield the paragraphs of a text; the lines of one that is not wrapped are command lines."""
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.startswith(_UNWRAPPED):
            lines = [
                line for row in paragraph.removeprefix(_UNWRAPPED).split("\n") for line in broken(row.strip(), wide)
            ]
            yield _UNWRAPPED + "\n".join(lines)
        else:
            yield paragraph


class Context(click.Context):
    formatter_class = Help


class Command(click.Command):
    """A command whose help is such a page."""

    context_class = Context
