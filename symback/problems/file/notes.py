"""Lecture notes: Markdown with fenced `symback` blocks of problems, which come back with solutions in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from symback.errors import UsageError
from symback.problems.file.places import Lines
from symback.problems.file.scanner import places_in
from symback.problems.file.toml import Source

LANGUAGE = "symback"
ENDINGS = (".md", ".qmd")  # of notes
_FENCE = re.compile(rf"(?:{LANGUAGE}|\{{\s*\.?{LANGUAGE}(?=[\s}}])[^}}]*\}})(?=\s|$)")  # as Quarto writes it too
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Block(NamedTuple):
    """A fenced block: the offsets of all of it, from its fence to the end of its closing one, and its content.

    `line` is the line of the file where the content begins, `indents` has for each line of the content how much is
    before it. `prefix` is what is before the fence in its line, in a quotation or a list.
    """

    at: int
    stop: int
    content: str
    line: int
    indents: tuple[int, ...]
    prefix: str
    is_closed: bool

    @property
    def problems(self) -> int:
        """How many problems the block holds: those of `[[problem]]`, or one."""
        tables = places_in(self.content).of
        return sum(path[:1] == ("problem",) and len(path) == 2 for path in tables) or 1


def fenced(text: str) -> tuple[Block, ...]:
    """Return the fenced `symback` blocks of a Markdown text, with their places in it; ```{.symback} is one too.

    >>> block, = fenced("# Notes\\n\\n```symback\\nkind = 'derive'\\n```\\n")
    >>> block.content, block.line
    ("kind = 'derive'\\n", 4)
    """
    if LANGUAGE not in text:
        return ()
    mark = len(text) - len(text.removeprefix(_MARK))
    lines = [found[0] for found in _LINE.finditer(text[mark:])]
    starts = [mark]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return tuple(_block(token, lines, starts) for token in _tokens(text[mark:]) if _is_ours(token))


def title_of(text: str) -> str:
    """Return the first heading of the first level, "" where there is none.

    >>> title_of("Before\\n\\n# The chain rule #\\n")
    'The chain rule'
    """
    tokens = _tokens(text.removeprefix(_MARK))
    for token, following in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            return str(following.content).strip()
    return ""


def _tokens(text: str) -> list[Any]:
    """Return the blocks of a text; what is within a line is not looked at."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark")
    reader.core.ruler.enableOnly(["normalize", "block"])
    return reader.parse(text)


def _is_ours(token: Any) -> bool:
    return bool(token.type == "fence" and _FENCE.match(token.info.strip()))


def _block(token: Any, lines: list[str], starts: list[int]) -> Block:
    first, end = token.map
    prefix = lines[first][: lines[first].index(token.markup)]
    last = lines[end - 1].rstrip("\r\n")
    closing = re.compile(rf"[>\s]*{re.escape(token.markup[0])}{{{len(token.markup)},}}[ \t]*")
    is_closed = end - 1 > first and closing.fullmatch(last) is not None
    inside = lines[first + 1 : end - is_closed]
    content = token.content.split("\n")
    indents = tuple(
        len(line) - len(own) if line.endswith(own) else 0
        for line, own in zip((line.rstrip("\r\n") for line in inside), content, strict=False)
    )
    stop = starts[end - 1] + len(last)
    return Block(starts[first] + len(prefix), stop, token.content, first + 2, indents, prefix, is_closed)


def sources(file: str, text: str) -> Iterator[tuple[Block, Source]]:
    """Yield each block with the TOML that is in it, whose faults are told with their lines in the notes."""
    lines = Lines(text.removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n"))
    for block in fenced(text):
        own = Lines(block.content)
        yield block, Source(file, block.content, own, lines, places_in(block.content), block.line, block.indents)


# --- solutions in their place ----------------------------------------------------------------------------------------


def replaced(source: str, parts: Sequence[str]) -> str:
    """Return notes with a text in place of each problem; everything else stays as it is, byte for byte.

    `parts` are Markdown, one for each problem in order; where a block holds several problems their texts follow one
    another. In a quotation or a list they are set in as the block was, and lines end as they do in the block.

    >>> replaced("a\\n\\n> ```symback\\n> kind = 'derive'\\n> ```\\n\\nb", ["**1**\\n\\nx\\n"])
    'a\\n\\n> **1**\\n>\\n> x\\n\\nb'
    """
    blocks = fenced(source)
    counts = [block.problems for block in blocks]
    if sum(counts) != len(parts):
        raise UsageError(f"There are {len(parts)} texts for {sum(counts)} problems of the notes.")
    made, at, used = [], 0, 0
    for block, count in zip(blocks, counts, strict=True):
        text = "\n\n".join(part.strip("\n") for part in parts[used : used + count])
        made += [source[at : block.at], _set_in(text, block, source)]
        at, used = block.stop, used + count
    return "".join([*made, source[at:]])


def _set_in(text: str, block: Block, source: str) -> str:
    """Return a text with what is before each line of a block, and with its line ends."""
    found = re.compile(r"\r\n|\n|\r").search(source, block.at)
    end = found[0] if found else "\n"
    before = re.sub(r"[^>\s]", " ", block.prefix)
    first, *rest = text.split("\n")
    return end.join([first, *((before + line) if line.strip() else before.rstrip() for line in rest)])
