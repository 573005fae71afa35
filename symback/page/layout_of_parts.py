"""The sections of parts within that of their problem: each part begins with its letter, as on a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from symback.page.page import Block, Blocks, Inlines, Paragraph, Room, Section, Text


def with_parts(whole: Section, parts: Sequence[Section]) -> Section:
    """Return the section of a problem with those of its parts in it, and beside it.

    >>> part = Section("p1a", 1, (), (Paragraph((Text("Find x."),)),), label="a")
    >>> with_parts(Section("p1", 1, (), ()), [part]).problem
    (Paragraph(inlines=(Text(words='(a) ', style='strong'), Text(words='Find x.', style=''))),)
    """
    return whole._replace(
        problem=(*whole.problem, *_each(parts, lambda part: part.problem, asked=True)),
        hints=(*whole.hints, *_each(parts, lambda part: part.hints)),
        answers=(*whole.answers, *_each(parts, lambda part: part.answers)),
        steps=(*whole.steps, *_each(parts, lambda part: part.steps)),
        parts=tuple(parts),
        own=whole.problem,
        hinted=(*whole.problem, *whole.hints, *_each(parts, hinted, asked=True))
        if any(part.hints for part in parts)
        else (),
    )


def hinted(section: Section) -> Blocks:
    """Return what a problem or a part asks with its hints, which stand above the room to write."""
    if section.hinted:
        return section.hinted
    blocks = section.problem
    room = len(blocks) - 1 if blocks and isinstance(blocks[-1], Room) else len(blocks)
    return (*blocks[:room], *section.hints, *blocks[room:])


def _each(parts: Sequence[Section], blocks_of: Callable[[Section], Blocks], asked: bool = False) -> Iterator[Block]:
    for part in parts:
        blocks = blocks_of(part)
        if blocks or asked:
            yield from _labelled(_label(part, asked), blocks)


def _label(part: Section, asked: bool) -> Inlines:
    """Return the letter of a part; where it is asked, with its title and its points."""
    label: Inlines = (Text(f"({part.label}) ", "strong"),)
    if asked and part.title:
        label += (*part.title, Text(". "))
    if asked and part.points:
        label += (Text(f"({part.points})", "emphasis"), Text(" "))
    return label


def _labelled(label: Inlines, blocks: Blocks) -> Iterator[Block]:
    """Yield blocks, a letter before the words of the first; before a formula it stands alone."""
    if blocks and isinstance(blocks[0], Paragraph):
        yield Paragraph((*label, *blocks[0].inlines))
        yield from blocks[1:]
        return
    *before, last = label
    yield Paragraph((*before, Text(last.words.rstrip(), last.style)) if isinstance(last, Text) else label)
    yield from blocks
