"""A document as a Jupyter notebook: words and formulas as Markdown, and code that lets a student check an answer.

The checks need nothing that is not in Python (NumPy for arrays, and they say so); one more cell a problem uses the
package, and says that it is skipped where that is not installed. A notebook is a small JSON object whose form (4.5) is
settled, so it is written here without a library; the tests validate it with nbformat.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from symback.page.page import SHOWS, Block, Blocks, Cover, Display, Figure, Listing, Photo, Section, depth_of
from symback.page.quantities import is_array
from symback.page.solution import Solution
from symback.page.writers import Format, checks, checks_of_arrays
from symback.page.writers.calls import call_of
from symback.page.writers.html_fragment import inside, portable
from symback.page.writers.markdown import block_in_markdown, escaped, words_in_markdown

Cell = dict[str, Any]

OPTIONAL = """\
# Optional: this cell needs symback (pip install symback). It works the problem again, with every step.
try:
    import symback
except ImportError:
    print("Skipped: symback is not installed. To install it: pip install symback")
else:
"""


def part(solution: Solution, section: Section, show: str) -> str:
    """Return the cells of a problem as JSON."""
    return json.dumps(list(_cells(solution, section, depth_of(show))), ensure_ascii=False)


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the notebook; its cells have names made from the place of their problem, so they are always the same."""
    words = [f"# {_words(escaped(cover.title))}", *map(_block, cover.opening)]
    cells = [_markdown("title", "\n\n".join(filter(None, words)))]
    for number, text in enumerate(parts, 1):
        for cell in json.loads(text):
            cells.append({**cell, "id": f"problem-{number}-{cell['id']}"})  # noqa: PERF401
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _cells(solution: Solution, section: Section, level: int) -> Iterator[Cell]:
    points = f" ({section.points})" if section.points else ""
    title = _words(words_in_markdown(section.title))
    heading = f"{section.number}. {title}" if section.number else title or section.words.say("Problem")
    asked = section.hinted if section.parts and level >= SHOWS.index("hints") else ()
    asked = asked or section.asked()
    yield _markdown("problem", "\n\n".join([f"## {heading}{points}".rstrip(), *map(_block, asked)]))
    if level >= SHOWS.index("hints") and not (section.parts and section.hinted):
        yield from _part("hints", "", section.hints)
    if level >= SHOWS.index("answers"):
        yield from _part("answer", f"### {section.words.say('Answer')}", section.answers)
    if level >= SHOWS.index("steps"):
        yield from _part("steps", f"### {section.words.say('Steps')}", section.steps)
    yield from _code_cells(solution, level >= SHOWS.index("answers"))


def _code_cells(solution: Solution, reveal: bool) -> Iterator[Cell]:
    things = [work.thing for leaf in solution.leaves() for work in leaf.works]
    for i, check in enumerate(checks_of(things, reveal), 1):
        yield _code(f"check-{i}" if i > 1 else "check", check)
    calls = [call_of(thing) for thing in things] if reveal else []
    if any(calls):
        yield _code("symback", OPTIONAL + "\n".join(f"    print({call})" for call in calls if call))


def checks_of(things: Sequence[Any], reveal: bool) -> Iterator[str]:
    """Yield the code that checks answers by numbers, with the answers or with places for a student's own.

    All derivations are checked by one cell, each backward pass by a cell of its own.
    """
    passes = [thing for thing in things if thing.kind == "backprop"]
    others = [thing for thing in things if thing.kind != "backprop"]
    yield from filter(
        None, [checks.cell(others, reveal) if others else "", *(_pass(thing, reveal) for thing in passes)]
    )


def _pass(thing: Any, reveal: bool) -> str:
    has_arrays = any(map(is_array, thing.inputs.values()))
    return checks_of_arrays.cell(thing, reveal) if has_arrays else checks.cell([thing], reveal)


# --- cells --------------------------------------------------------------------------------------------------------


def _part(name: str, heading: str, blocks: Blocks) -> Iterator[Cell]:
    if blocks:
        yield _markdown(name, "\n\n".join(filter(None, [heading, *map(_block, blocks)])))


def _markdown(name: str, text: str) -> Cell:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(name: str, text: str) -> Cell:
    cell: Cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {"tags": [name.partition("-")[0]]},
        "outputs": [],
    }
    return {**cell, "source": text.splitlines(keepends=True)}


# --- Markdown as notebooks show it --------------------------------------------------------------------------------


def _block(block: Block) -> str:
    if isinstance(block, (Figure, Photo)):
        return inside(block)  # Markdown's own form of a picture is refused for SVG in some notebooks
    written = block_in_markdown(block)
    if isinstance(block, Listing):
        return written
    return portable(written) if isinstance(block, Display) else _words(written)


_PIECE = re.compile(r"\\(.)|(`+)(?!`).*?(?<!`)\2(?!`)|\$[^$]*\$", re.DOTALL)


def _words(markdown: str) -> str:
    r"""Return Markdown whose words begin no formula: notebooks look for \$ and \\( before they read Markdown.

    >>> print(_words(r"costs \$5, so $x_1$"))
    costs <span>&#36;</span>5, so $x_1$
    """

    def safe(found: re.Match[str]) -> str:
        if found[1] in ("$", "\\"):
            return f"<span>&#{ord(found[1])};</span>"
        return portable(found[0]) if found[0].startswith("$") else found[0]

    return _PIECE.sub(safe, markdown)


FORMAT = Format("notebook", part, document)
