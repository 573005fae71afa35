"""Results where somebody works with them: in the cells of a notebook, and printed by rich."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from typing import Any
from zlib import crc32

from symback.page import render
from symback.page.kinds import page_of
from symback.page.layout_of_solutions import section_of
from symback.page.options import Options
from symback.page.page import Block, Figure, Subheading, Text
from symback.page.solution import Document, Solution
from symback.page.writers import picture_of
from symback.page.writers.html import style
from symback.page.writers.html_blocks import blocks


def bundle(thing: Any, include: Collection[str] | None, exclude: Collection[str] | None) -> dict[str, str]:
    r"""Return a result by the types of what a notebook can show, as IPython asks for them.

    >>> import symback
    >>> sorted(bundle(symback.derive("3x^2", "x"), None, None))
    ['text/html', 'text/latex', 'text/markdown', 'text/plain']
    """
    wanted = [name for name in _TYPES if (not include or name in include) and name not in (exclude or ())]
    written = {name: _TYPES[name](thing) for name in wanted}
    return {name: text for name, text in written.items() if text}


def fragment(thing: Any) -> str:
    """Return a result as a piece of a page, with its picture first; formulas are MathML, which needs no script."""
    shown = (*_pictures(thing), *_blocks(thing))
    name = f"s{crc32(str(shown).encode()):x}"  # the names inside of two pictures must differ
    return f'<div class="symback"><style>{_style()}</style>{blocks(shown, name)}</div>'


def _pictures(thing: Any) -> Iterator[Block]:
    drawn = "" if isinstance(thing, (Document, Solution)) else picture_of(thing)
    if drawn:
        yield Figure(drawn, thing.title or thing.about())


@lru_cache(maxsize=1)
def _style() -> str:
    """Return the look of every page, which reaches no further than the result."""
    return f".symback {{ {style().replace(':root', '&')} {_OWN} }}"


_OWN = "container-type: inline-size; padding: .5rem 1rem; background: var(--paper); color: var(--ink);"


def _blocks(thing: Any) -> Iterator[Block]:
    if isinstance(thing, (Document, Solution)):
        for solution in thing if isinstance(thing, Document) else (thing,):
            section = section_of(solution)
            title = (Text(f"{section.number}. ") if section.number else Text(""), *section.title)
            yield from (Subheading(title), *section.problem, *section.steps)
        return
    yield from page_of(thing, Options())


_TYPES: dict[str, Callable[[Any], str]] = {
    "text/plain": str,
    "text/html": fragment,
    "image/svg+xml": lambda thing: "" if isinstance(thing, (Document, Solution)) else picture_of(thing),
    "text/markdown": lambda thing: str(render(thing, "markdown")),
    "text/latex": lambda thing: str(render(thing, "latex")),
}


class ForRich:
    """A result as rich prints it: as wide as the console, in colours where it has them."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        from rich.text import Text

        colour = console.is_terminal and not console.no_color
        unicode = options.encoding.lower().startswith("utf")
        shown = render(self.thing, "text", width=options.max_width, colour=colour, unicode=unicode)
        yield Text.from_ansi(str(shown), overflow="fold")  # what is wider than the console goes on below


def for_rich(thing: Any) -> ForRich:
    """Return what rich prints in the place of a result."""
    return ForRich(thing)
