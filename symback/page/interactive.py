"""Results where somebody works with them: in the cells of a notebook, and printed by rich."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from symback.page import render
from symback.page.kinds import page_of
from symback.page.layout_of_solutions import section_of
from symback.page.options import Options
from symback.page.page import Block
from symback.page.solution import Document, Solution
from symback.page.writers.html_fragment import html


def bundle(thing: Any, include: Collection[str] | None, exclude: Collection[str] | None) -> dict[str, str]:
    r"""Return a result by the types of what a notebook can show, as IPython asks for them.

    >>> import symback
    >>> sorted(bundle(symback.derive("3x^2", "x"), None, None))
    ['text/html', 'text/latex', 'text/markdown', 'text/plain']
    """
    wanted = [name for name in _TYPES if (not include or name in include) and name not in (exclude or ())]
    return {name: _TYPES[name](thing) for name in wanted}


def fragment(thing: Any) -> str:
    """Return a result as a piece of a page, its formulas in LaTeX for MathJax, which notebooks have."""
    return f"<div>{html(tuple(_blocks(thing)))}</div>"


def _blocks(thing: Any) -> Iterator[Block]:
    if isinstance(thing, (Document, Solution)):
        for solution in thing if isinstance(thing, Document) else (thing,):
            section = section_of(solution)
            yield from (*section.problem, *section.steps)
        return
    yield from page_of(thing, Options())


_TYPES: dict[str, Callable[[Any], str]] = {
    "text/plain": str,
    "text/html": fragment,
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
