"""A document as one page of HTML: no network, no script, formulas as MathML with their font inside.

A problem is a section; its steps can be folded away, and are printed all the same. The look is in `assets/`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from symback import __version__
from symback.page.page import (
    REVEAL,
    SHOWS,
    Block,
    Cover,
    Display,
    Figure,
    Remark,
    Section,
    Subheading,
    Table,
    answers_of,
)
from symback.page.prose import cleaned
from symback.page.solution import Solution
from symback.page.writers import Format
from symback.page.writers.html_blocks import REMARKS, blocks
from symback.page.writers.html_words import line, text

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jinja2 import Template

FONT = "STIXTwoMath-subset.woff2"


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem with as much of its solution as is shown, as a section of a page."""
    name = f"problem-{section.number}"
    shown = [_heading(section, name), blocks(section.problem, f"{name}-a")]
    shown += _folded(section, name) if show == REVEAL else _open(section, name, show)
    inner = "\n".join(filter(None, shown))
    return f'<section class="problem" id="{name}" aria-labelledby="{name}-title">\n{inner}\n</section>'


def _open(section: Section, name: str, show: str) -> Iterator[str]:
    """Yield what is shown of a solution; a sheet of problems alone has room to write on paper."""
    depth = SHOWS.index(show)
    if depth >= 1 and section.hints:
        yield f'<div class="hints">\n{blocks(section.hints, f"{name}-b")}\n</div>'
    if depth >= 2 and (answers := answers_of(section, show)):
        yield f'<div class="answers">\n<h3>Answer</h3>\n{blocks(answers, f"{name}-c")}\n</div>'
    if depth >= 3 and section.steps:
        steps = blocks(section.steps, f"{name}-d")
        yield f'<details class="steps" open>\n<summary>Steps</summary>\n{steps}\n</details>'
    if depth < 2:
        yield '<div class="room" aria-hidden="true"></div>'


def _folded(section: Section, name: str) -> Iterator[str]:
    """Yield hints, the answer and each line of the steps, which a learner opens one after the other."""
    for number, hint in enumerate(section.hints, 1):
        said = f"Hint {number}" if len(section.hints) > 1 else "Hint"
        yield _fold(said, blocks((hint,), f"{name}-b{number}"))
    if section.steps:
        number = 0
        for i, block in enumerate(section.steps, 1):
            if not isinstance(block, Display):
                inside = blocks((block,), f"{name}-d{i}")
                yield inside if isinstance(block, Subheading) else _fold(_said_of(block), inside)
                continue
            for equation in block.equations:
                number += 1
                yield _fold(f"Step {number}", blocks((Display((equation,), block.joins),), f"{name}-d{i}-{number}"))
    if answers := answers_of(section, REVEAL):
        yield _fold("Answer", blocks(answers, f"{name}-c"))


def _said_of(block: Block) -> str:
    """Return what is said of a block that is folded away."""
    if isinstance(block, Remark):
        return REMARKS[block.kind][1]
    return {Figure: "Picture", Table: "Table"}.get(type(block), "More")


def _fold(said: str, inside: str) -> str:
    return f'<details class="fold">\n<summary>{text(said)}</summary>\n{inside}\n</details>'


def _heading(section: Section, name: str) -> str:
    number = f'<span class="number">{section.number}.</span> ' if section.number else ""
    title = line(section.title) or "Problem"
    points = f' <span class="points">{text(section.points)}</span>' if section.points else ""
    return f'<h2 id="{name}-title">{number}<span class="title">{title}</span>{points}</h2>'


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the whole page."""
    from markupsafe import Markup

    return template("document.html.jinja").render(
        title=cleaned(cover.title),
        language=language(cover.language),
        introduction=Markup(blocks(cover.introduction, "introduction")),  # noqa: S704
        parts=[Markup(part) for part in parts],  # noqa: S704
        contents=list(_contents(parts)) if len(parts) >= LONG else [],
        version=__version__,
        style=Markup(font() + style()),  # noqa: S704
    )


def _contents(parts: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield the name and the heading of each problem."""
    from markupsafe import Markup

    for part in parts:
        if found := _TITLE.search(part):
            yield found[1], Markup(found[2])  # noqa: S704


FORMAT = Format("html", part, document)
LONG = 6  # problems from which a sheet has a table of contents
_TITLE = re.compile(r'<h2 id="(problem-\d+)-title">(.*?)(?: <span class="points">.*)?</h2>', re.DOTALL)


# --- what every page has ------------------------------------------------------------------------------------------


def language(code: str) -> str:
    """Return a language as HTML names it; English where it is no name of a language.

    >>> language("de-CH"), language('"><script>')
    ('de-CH', 'en')
    """
    return code if code.replace("-", "").isalnum() and code.isascii() and len(code) <= 20 else "en"


@lru_cache(maxsize=4)
def template(name: str) -> Template:
    """Return a template of a page, which escapes all that it is given as plain text."""
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("symback.page.writers", "assets")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(name)


@lru_cache(maxsize=1)
def font() -> str:
    """Return the style rule that brings the font of formulas with the page."""
    data = b64encode((_assets() / FONT).read_bytes()).decode()
    source = f'url(data:font/woff2;base64,{data}) format("woff2")'
    return f'@font-face {{ font-family: "Symback Math"; src: {source}; font-display: block; }}\n'


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style sheet of every page."""
    return (_assets() / "page.css").read_text(encoding="utf-8")


def _assets() -> Traversable:
    return files("symback.page.writers") / "assets"
