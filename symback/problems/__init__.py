"""Problem files: what a teacher writes is read, checked with all faults at once, drawn in variants, and worked.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     path = Path(folder, "sheet.toml")
...     _ = path.write_text('[[problem]]\\nkind = "derive"\\nexpr = "x^2 y"\\nwtr = "x"\\n')
...     fault, = faults_of(path)
>>> fault.line, fault.message, fault.hint
(4, "There is no key 'wtr' in a problem of kind derive.", 'Did you mean wrt?')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from symback.page.solution import Document, Solution
    from symback.problems.file.faults import Fault as Fault
    from symback.problems.file.faults import FileFaults as FileFaults
    from symback.problems.file.sheet import Problem as Problem
    from symback.problems.file.sheet import Sheet as Sheet

__all__ = [
    "Fault",
    "FileFaults",
    "Problem",
    "Sheet",
    "faults_of",
    "files_of",
    "read_sheets",
    "schema",
    "solve",
    "draw",
    "work",
]


# The classes are loaded when they are first asked for: commands need the kinds alone.
_HOME = {"Fault": "file.faults", "FileFaults": "file.faults", "Problem": "file.sheet", "Sheet": "file.sheet"}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"symback.problems.{_HOME[name]}"), name)
    raise AttributeError(f"module 'symback.problems' has no attribute {name!r}")


def read_sheets(path: Path | str) -> tuple[Sheet, ...]:
    """Return the sheets of a file or a folder; FileFaults with everything that is wrong with any of them.

    A sheet with parameters has the values of the first variant of seed 0, and its problems say so in a note.
    """
    from symback.problems.reading import read_sheets as read

    return read(path)


def faults_of(path: Path | str) -> tuple[Fault, ...]:
    """Return everything that is wrong with a file or the files of a folder, in expressions too."""
    from symback.problems.reading import faults_of as faults

    return faults(path)


def files_of(path: Path | str) -> tuple[Path, ...]:
    """Return a file itself, or the problem files of a folder, sorted; FileFaults where it has none."""
    from symback.problems.reading import files_of as files

    return files(path)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a problem file."""
    from symback.problems.json_schema import schema as made

    return made()


def draw(sheet: Sheet, count: int, seed: int = 0) -> Iterator[Sheet]:
    """Yield `count` variants of a sheet, no two alike; UsageError where there are not that many.

    Variant k of a seed is the same however many are made.
    """
    from symback.problems.variants.drawing import draw as drawn

    return drawn(sheet, count, seed)


def work(problem: Problem) -> Solution:
    """Return a problem worked: all the mathematics, verified, and the given answer checked."""
    solution: Solution = import_module("symback.problems.working").work(problem)
    return solution


def solve(path: Path | str, variants: int | None = None, seed: int = 0) -> Document | tuple[Document, ...]:
    """Return the worked document of a file; for a folder, or with `variants`, a tuple of documents.

    FileFaults if a file cannot be read. A problem that cannot be solved has an `error` in its solution.
    """
    sheets = read_sheets(path)
    if variants is not None:
        sheets = tuple(one for sheet in sheets for one in draw(sheet, variants, seed))
    documents = tuple(map(_document, sheets))
    from symback.problems.reading import is_folder

    return documents if variants is not None or is_folder(path) else documents[0]


def _document(sheet: Sheet) -> Document:
    from symback.page.solution import Document

    title = sheet.title if sheet.variant is None else f"{sheet.title}, {sheet.words.say(f'variant {sheet.variant}')}"
    solutions = tuple(map(_worked, sheet.problems))
    return Document(sheet.file, title, sheet.text, solutions, sheet.language, sheet.words, sheet.heading, sheet.variant)


def _worked(problem: Problem) -> Solution:
    from symback.errors import SymbackError
    from symback.page.solution import Solution

    try:
        return work(problem)
    except SymbackError as error:
        asked = (problem.id, problem.title, problem.kind, problem.number, problem.points, problem.text)
        return Solution(
            *asked,
            hints=problem.hints,
            error=error,
            detail=problem.detail,
            asked=problem.asked,
            words=problem.words,
            space=problem.space,
        )
