"""Sheets on the page: TOML in, its faults with their places or its problems out, one worked at a time; and exports."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from symback import failures, formats
from symback.errors import SymbackError, UsageError
from symback.page.layout_of_solutions import cover_of, section_of
from symback.page.page import SHOWS
from symback.page.solution import Document, Solution
from symback.page.writers import format_named, html
from symback.page.writers.html_blocks import blocks
from symback.page.writers.html_words import line
from symback.web import guard
from symback.web.exports import as_bytes
from symback.web.side import File

Object = dict[str, Any]
Made = TypeVar("Made")
LARGEST = 60_000  # characters of a sheet
MOST_PROBLEMS = 60  # in a sheet on the page; files may have more
NAME = "sheet.toml"


def read(given: Object) -> Object:
    """Return the `faults` of a sheet, each with its line and column, or its title and its problems.

    >>> read({"text": '[[problem]]\\nkind = "derive"\\nexpr = "x^"'})["faults"][0]["line"]
    3
    """
    return _in_a_folder(given, _faults_or_problems)


def problem(given: Object) -> Object:
    """Return the problem of a `number`, from 1, worked as HTML; `show` says how much of it.

    >>> found = problem({"text": '[[problem]]\\nkind = "derive"\\nexpr = "x^2"', "number": 1})
    >>> "<math" in found["html"], found["check"]
    (True, 'none')
    """
    return _in_a_folder(given, lambda path: _problem(path, given))


def export(given: Object) -> File:
    """Return a sheet as a file in a `format`."""
    return _in_a_folder(given, lambda path: _export(path, given))


def _in_a_folder(given: Object, make: Callable[[Path], Made]) -> Made:
    """Put a sheet into a folder of its own, which is all that it can see of this machine."""
    text = given.get("text")
    if not isinstance(text, str) or len(text) > LARGEST:
        raise UsageError(f"A sheet is a text of at most {LARGEST:,} characters.")
    with guard.unwatched():
        folder = tempfile.mkdtemp(prefix="symback-")
        path = Path(folder, NAME)
        path.write_text(text, encoding="utf-8", errors="replace", newline="")
    try:
        with guard.watched(folder):
            return make(path)
    finally:
        with guard.unwatched():
            shutil.rmtree(folder, ignore_errors=True)


def _faults_or_problems(path: Path) -> Object:
    from symback.problems import faults_of, read_sheets

    faults = [
        {"line": f.line, "column": f.column, "width": f.width, "message": f.message, "hint": f.hint}
        for f in faults_of(path)
    ]
    if faults:
        return {"faults": faults}
    (sheet,) = read_sheets(path)
    _refuse_many(sheet)
    cover = cover_of(Document(NAME, sheet.title, sheet.text, (), sheet.language), "steps")
    named = [{"number": one.number, "title": one.title or f"Problem {one.number}"} for one in sheet.problems]
    drawn = any(one.parameters or one.values for one in sheet.problems)
    introduction = blocks(cover.introduction, "introduction")
    return {"faults": [], "title": cover.title, "text": introduction, "problems": named, "variants": drawn}


def _refuse_many(sheet: Any) -> None:
    if len(sheet.problems) > MOST_PROBLEMS:
        hint = "Use `symback solve` for it, or make several sheets of it."
        raise UsageError(f"The page shows sheets of up to {MOST_PROBLEMS} problems.", hint=hint)


def _sheet(path: Path, given: Object) -> Any:
    from symback.problems import read_sheets
    from symback.problems.variants.drawing import draw

    (sheet,) = read_sheets(path)
    _refuse_many(sheet)
    wanted = given.get("variant", 0)
    if not isinstance(wanted, int) or not 0 <= wanted <= 99:
        raise UsageError("variant must be a number from 0 to 99.")
    return list(draw(sheet, wanted))[-1] if wanted else sheet


def _shows(given: Object) -> str:
    show = given.get("show", "steps")
    if show not in SHOWS:
        raise UsageError(f"There is no {str(show)[:60]!r} to show.", hint=f"Choose one of: {', '.join(SHOWS)}.")
    return str(show)


def _problem(path: Path, given: Object) -> Object:
    number, show = given.get("number"), _shows(given)
    sheet = _sheet(path, given)
    if not isinstance(number, int) or not 1 <= number <= len(sheet.problems):
        raise UsageError("There is no problem of this number.")
    solution = _worked(sheet.problems[number - 1])
    section = section_of(solution)
    return {"html": html.part(solution, section, show), "title": line(section.title), "check": solution.answer_check}


def _worked(one: Any) -> Solution:
    from symback.problems import work

    try:
        return work(one)
    except SymbackError as error:
        return _failed(one, error)
    except MemoryError:
        raise
    except Exception as error:
        return _failed(one, failures.explained(error))


def _failed(one: Any, error: SymbackError) -> Solution:
    return Solution(one.id, one.title, one.kind, one.number, one.points, one.text, hints=one.hints, error=error)


def _export(path: Path, given: Object) -> File:
    wanted, show = str(given.get("format", "html")), _shows(given)
    chosen = format_named(wanted)
    sheet = _sheet(path, given)
    solutions = tuple(_worked(one) for one in sheet.problems)
    title = sheet.title if sheet.variant is None else f"{sheet.title}, variant {sheet.variant}"
    document = Document(NAME, title, sheet.text, solutions, sheet.language)
    return File(f"sheet{formats.row(wanted).endings[0]}", as_bytes(_write(document, chosen.name, show)))


def _write(document: Document, name: str, show: str) -> str | bytes:
    written: str | bytes = document.render(name, show)
    return written
