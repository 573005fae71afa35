"""Documents of worked problems in each format, from one page.

A format is a module of this folder with a `FORMAT`, and a row in `symback/formats.py`; it is loaded when it is asked
for. `part` writes one problem, in the process that worked it, and `document` puts the parts together: so a thousand
problems are written by many processes, and in one file.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from symback import formats
from symback.errors import UsageError
from symback.page.kinds import kind_of
from symback.page.page import SHOWN, Cover, Section
from symback.page.solution import Document, Solution, Work


class Format(NamedTuple):
    """A format: its name, and the functions that write a problem and a whole document.

    `needs` is the module of a package that comes with the extra of the format's name.
    """

    name: str
    part: Callable[[Solution, Section, str], str]
    document: Callable[[Cover, Sequence[str]], str | bytes]
    needs: str = ""

    @property
    def suffix(self) -> str:
        """The end of its files' names."""
        return formats.row(self.name).endings[0]


FORMATS = formats.names("sheet", "image")


def format_named(name: str) -> Format:
    """Return a format; UsageError where there is none of that name, or where the package that it needs is missing.

    >>> format_named("markdown").suffix
    '.md'
    """
    if name not in FORMATS:
        raise UsageError(f"Unknown document format {name!r}.", hint=f"Choose one of: {', '.join(FORMATS)}.")
    found: Format = importlib.import_module(f"symback.page.writers.{name}").FORMAT
    if found.needs and importlib.util.find_spec(found.needs) is None:
        package = found.needs.replace("_", "-")
        hint = f'Install it: pip install "symback[{name}]"; or choose another format.'
        raise UsageError(f"The format {name} needs the package {package}, which is not installed.", hint=hint)
    return found


def of_works(works: Sequence[tuple[Any, Any]], format: str, detail: str = "normal", marks: bool = True) -> str | bytes:
    """Return worked things, each with the verdict on it, as a document of their own."""
    if format == "png" and len(works) == 1 and (drawn := picture_of(works[0][0])):
        return png_of(drawn)
    solutions = tuple(_solution(number, *work, detail, marks) for number, work in enumerate(works, 1))
    return write(Document("", solutions[0].title, solutions=solutions), format)


def picture_of(thing: Any) -> str:
    """Return the picture that a result has, as SVG; "" where it has none."""
    from symback.page.options import Options

    kind = kind_of(thing)
    try:
        if kind.scene is not None:
            return str(importlib.import_module("symback.page.pictures").svg_of(thing, Options()))
        return str(kind.formats["svg"](thing, Options())) if "svg" in kind.formats else ""
    except UsageError:
        return ""  # such as a contour of three variables


def png_of(svg: str) -> bytes:
    """Return an SVG picture as PNG."""
    _ = format_named("png")  # which says what is missing
    found: bytes = importlib.import_module("symback.page.writers.png").of_svg(svg)
    return found


def _solution(number: int, thing: Any, verdict: Any, detail: str, marks: bool) -> Solution:
    title = thing.title or thing.kind.capitalize()
    return Solution(f"p{number}", title, thing.kind, number, works=(Work(thing, verdict),), detail=detail, marks=marks)


def write(document: Document, format: str = "markdown", show: str = "steps") -> str | bytes:
    """Return a document in a format; `show` says how much of it: problems, hints, answers or steps."""
    from symback.page.layout_of_solutions import cover_of, section_of

    chosen = format_named(format)
    if show not in SHOWN:
        raise UsageError(f"There is no {show!r} to show.", hint=f"Choose one of: {', '.join(SHOWN)}.")
    parts = [chosen.part(solution, section_of(solution), show) for solution in document.solutions]
    return chosen.document(cover_of(document, show), parts)
