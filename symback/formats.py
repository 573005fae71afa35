"""The formats in which results, sheets and graphs are written, one row per format.

The choices of `--format`, the format that the ending of a file asks for, the help of the commands and the links of an
index come from here. A format with "sheet" is the file of its name in `symback/page/writers`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Format(NamedTuple):
    """A format: its name, what people call it, the endings of its files (the first is written), what it is for."""

    name: str
    called: str
    endings: tuple[str, ...]
    uses: tuple[str, ...]


def _row(name: str, called: str, endings: str, uses: str) -> Format:
    return Format(name, called, tuple(endings.split()), tuple(uses.split()))


FORMATS = [
    # name       people call it    endings         for
    _row("text",     "text",         ".txt",         "result"),
    _row("markdown", "Markdown",     ".md",          "result sheet"),
    _row("latex",    "LaTeX",        ".tex",         "result sheet"),
    _row("json",     "JSON",         ".json .jsonl", "result sheet"),
    _row("html",     "web page",     ".html .htm",   "result sheet"),
    _row("typst",    "Typst",        ".typ",         "result sheet"),
    _row("pdf",      "PDF",          ".pdf",         "result sheet"),
    _row("notebook", "notebook",     ".ipynb",       "result sheet"),
    _row("anki",     "Anki cards",   ".anki.tsv",    "sheet"),
    _row("moodle",   "Moodle quiz",  ".moodle.xml",  "sheet"),
    _row("stack",    "STACK quiz",   ".stack.xml",   "sheet"),
    _row("png",      "PNG picture",  ".png",         "result image"),
    _row("svg",      "SVG picture",  ".svg",         "picture"),
    _row("dot",      "Graphviz",     ".dot .gv",     "picture"),
    _row("npz",      "NumPy arrays", ".npz",         "parameters"),
]  # fmt: skip


def add(name: str, called: str, endings: str, uses: str = "result sheet") -> None:
    """Add a format, as a row of the table would."""
    FORMATS.append(_row(name, called, endings, uses))


def names(*uses: str) -> tuple[str, ...]:
    """Return the names of the formats for any of these uses.

    >>> names("picture"), names("picture", "parameters")
    (('svg', 'dot'), ('svg', 'dot', 'npz'))
    """
    return tuple(one.name for one in FORMATS if set(uses) & set(one.uses))


def row(name: str) -> Format:
    """Return the row of a format."""
    return next(one for one in FORMATS if one.name == name)


def endings(known: Iterable[str]) -> tuple[str, ...]:
    """Return the endings of the files of these formats.

    >>> endings(("html", "pdf"))
    ('.html', '.htm', '.pdf')
    """
    return tuple(ending for one in FORMATS if one.name in set(known) for ending in one.endings)


def of_file(file: str) -> str:
    """Return the format that the ending of a file asks for, "" where it asks for none.

    >>> of_file("out/slope.TEX"), of_file("cards.anki.tsv"), of_file("slope")
    ('latex', 'anki', '')
    """
    return next((one.name for one in FORMATS if file.lower().endswith(one.endings)), "")
