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
    Room,
    Section,
    Subheading,
    Table,
    answers_of,
    depth_of,
)
from symback.page.prose import cleaned
from symback.page.solution import Solution
from symback.page.writers import Format
from symback.page.writers.html_blocks import REMARKS, blocks
from symback.page.writers.html_words import line, text

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jinja2 import Template

MARKS = "In each step dots stand below what is taken, and a line below what came in its place."
FONT = "STIXTwoMath-subset.woff2"


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem with as much of its solution as is shown, as a section of a page."""
    name = f"problem-{section.number}"
    depth = depth_of(show)
    beside = section.parts and section.hinted and show != REVEAL  # the hints stand beside their parts
    asked = section.asked_with_hints(depth, depth) if beside else section.asked(depth)
    shown = [_heading(section, name), blocks(asked, f"{name}-a", section.words)]
    shown += _folded(section, name) if show == REVEAL else _open(section, name, show)
    inner = "\n".join(filter(None, shown))
    return f'<section class="problem" id="{name}" aria-labelledby="{name}-title">\n{inner}\n</section>'


def _open(section: Section, name: str, show: str) -> Iterator[str]:
    """Yield what is shown of a solution; a sheet of problems alone has room to write on paper."""
    depth, words = SHOWS.index(show), section.words
    if depth >= 1 and section.hints and not (section.parts and section.hinted):
        yield f'<div class="hints">\n{blocks(section.hints, f"{name}-b", words)}\n</div>'
    if depth >= 2 and (answers := answers_of(section, show)):
        inner = blocks(answers, f"{name}-c", words)
        yield f'<div class="answers">\n<h3>{text(words.say("Answer"))}</h3>\n{inner}\n</div>'
    if depth >= 3 and section.steps:
        steps = blocks(section.steps, f"{name}-d", words)
        yield f'<details class="steps" open>\n<summary>{text(words.say("Steps"))}</summary>\n{steps}\n</details>'
    if depth < 2 and not any(isinstance(block, Room) for block in section.problem):
        yield '<div class="room" aria-hidden="true"></div>'


def _folded(section: Section, name: str) -> Iterator[str]:
    """Yield hints, the answer and each line of the steps, which a learner opens one after the other."""
    words = section.words
    for number, hint in enumerate(section.hints, 1):
        said = f"{words.say('Hint')} {number}" if len(section.hints) > 1 else words.say("Hint")
        yield _fold(said, blocks((hint,), f"{name}-b{number}", words))
    if section.steps:
        number = 0
        for i, block in enumerate(section.steps, 1):
            if not isinstance(block, Display):
                inside = blocks((block,), f"{name}-d{i}", words)
                yield inside if isinstance(block, Subheading) else _fold(words.say(_said_of(block)), inside)
                continue
            for equation in block.equations:
                number += 1
                inside = blocks((Display((equation,), block.joins),), f"{name}-d{i}-{number}", words)
                yield _fold(f"{words.say('Step')} {number}", inside)
    if answers := answers_of(section, REVEAL):
        yield _fold(words.say("Answer"), blocks(answers, f"{name}-c", words))


def _said_of(block: Block) -> str:
    """Return what is said of a block that is folded away."""
    if isinstance(block, Remark):
        return REMARKS[block.kind][1]
    return {Figure: "Picture", Table: "Table"}.get(type(block), "More")


def _fold(said: str, inside: str) -> str:
    return f'<details class="fold">\n<summary>{text(said)}</summary>\n{inside}\n</details>'


def _heading(section: Section, name: str) -> str:
    number = f'<span class="number">{section.number}.</span> ' if section.number else ""
    title = line(section.title) or text(section.words.say("Problem"))
    points = f' <span class="points">{text(section.points)}</span>' if section.points else ""
    return f'<h2 id="{name}-title">{number}<span class="title">{title}</span>{points}</h2>'


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the whole page."""
    from markupsafe import Markup

    return template("document.html.jinja").render(
        title=cleaned(cover.title) or cover.words.say("Problems"),
        language=language(cover.language),
        introduction=Markup(blocks(cover.opening, "introduction", cover.words)),  # noqa: S704
        parts=[Markup(part) for part in parts],  # noqa: S704
        contents=list(_contents(parts)) if len(parts) >= LONG else [],
        contents_title=cover.words.say("Contents"),
        marks=cover.words.say(MARKS) if any('class="taken"' in part for part in parts) else "",
        worked_by=cover.words.say(f"Worked by symback {__version__}"),
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
