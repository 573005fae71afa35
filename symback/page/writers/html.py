"""A document as one page of HTML: no network, no script, formulas as MathML with their font inside.

A problem is a section; its steps can be folded away, and are printed all the same. The look is in `assets/`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from symback.page.page import SHOWS, Cover, Section
from symback.page.prose import cleaned
from symback.page.solution import Solution
from symback.page.writers import Format
from symback.page.writers.html_blocks import blocks
from symback.page.writers.html_words import line, text

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jinja2 import Template

FONT = "STIXTwoMath-subset.woff2"


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem with as much of its solution as is shown, as a section of a page."""
    depth, name = SHOWS.index(show), f"problem-{section.number}"
    say = section.words.say
    shown = [_heading(section, name), blocks(section.asked(depth), f"{name}-a", section.words)]
    if depth >= 1 and section.hints:
        shown.append(f'<div class="hints">\n{blocks(section.hints, f"{name}-b", section.words)}\n</div>')
    if depth >= 2 and section.answers:
        inner = blocks(section.answers, f"{name}-c", section.words)
        shown.append(f'<div class="answers">\n<h3>{say("Answer")}</h3>\n{inner}\n</div>')
    if depth >= 3 and section.steps:
        shown.append(_steps(section, f"{name}-d"))
    inner = "\n".join(filter(None, shown))
    return f'<section class="problem" id="{name}" aria-labelledby="{name}-title">\n{inner}\n</section>'


def _heading(section: Section, name: str) -> str:
    number = f'<span class="number">{section.number}.</span>'
    title = line(section.title) or text(section.words.say("Problem"))
    points = f' <span class="points">{text(section.points)}</span>' if section.points else ""
    return f'<h2 id="{name}-title">{number} <span class="title">{title}</span>{points}</h2>'


def _steps(section: Section, name: str) -> str:
    inner = blocks(section.steps, name, section.words)
    return f'<details class="steps" open>\n<summary>{section.words.say("Steps")}</summary>\n{inner}\n</details>'


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the whole page."""
    from markupsafe import Markup

    return template("document.html.jinja").render(
        title=cleaned(cover.title) or cover.words.say("Problems"),
        language=language(cover.language),
        introduction=Markup(blocks(cover.opening, "introduction", cover.words)),  # noqa: S704
        parts=[Markup(part) for part in parts],  # noqa: S704
        style=Markup(font() + style()),  # noqa: S704
    )


FORMAT = Format("html", part, document)


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
