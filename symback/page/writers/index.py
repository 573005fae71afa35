"""The index of a folder of documents: what is in it, and whether all is well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from symback.formats import FORMATS
from symback.page.prose import cleaned
from symback.page.writers.html import language, style, template
from symback.page.writers.html_blocks import REMARKS
from symback.words import ENGLISH, Words


class Entry(NamedTuple):
    """One document: its title, its files by format, how many problems it has, how many failed, and how many of the
    given answers are wrong and right.

    The files are named from the folder in which the index stands: "rules/powers.html".
    """

    title: str
    files: Mapping[str, str]
    problems: int
    failed: int = 0
    wrong: int = 0
    right: int = 0


def index(entries: Sequence[Entry], title: str, said: Words = ENGLISH) -> str:
    """Return the page that leads to each document in each of its formats, in a language."""
    from markupsafe import Markup

    rows = [
        {
            "title": cleaned(entry.title),
            "problems": said.say(_count(entry.problems, "problem")),
            "files": [(_name_of(name, said), address(file)) for name, file in entry.files.items()],
            "remarks": [_remark(kind, words, said) for kind, words in _remarks(entry)],
        }
        for entry in entries
    ]
    sheet = Markup(style())  # noqa: S704
    return template("index.html.jinja").render(
        title=cleaned(title) or said.say("Problems"), rows=rows, style=sheet, language=language(said.code)
    )


def _name_of(file: str, said: Words) -> str:
    """Return what a file is called: web page; key, web page."""
    called = {one.name: one.called for one in FORMATS}
    return ", ".join(said.say(called.get(part, part)) for part in file.split(", "))


def _remark(kind: str, words: str, said: Words) -> tuple[str, str, str, str]:
    """Return a remark: its kind, its sign, its word, and what is said."""
    sign, word = REMARKS[kind]
    return kind, sign, said.say(word), said.say(words)


def address(file: str) -> str:
    """Return the name of a file as an address in the folder of the index, whatever stands in the name.

    >>> address("a b.html"), address("javascript:x.html")
    ('./a%20b.html', './javascript%3Ax.html')
    """
    return "./" + quote(file.replace("\\", "/"), safe="/", errors="replace")


def _remarks(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.failed:
        yield "error", f"{_count(entry.failed, 'problem')} could not be worked"
    if entry.wrong:
        yield "wrong", f"{_count(entry.wrong, 'given answer')} {'is' if entry.wrong == 1 else 'are'} wrong"

    if entry.right and not entry.wrong and not entry.failed:
        yield "confirmed", f"{_count(entry.right, 'given answer')} {'is' if entry.right == 1 else 'are'} right"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
