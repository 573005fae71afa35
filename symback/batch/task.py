"""What worker processes are asked to do: read a file, work a problem, put a document together.

Each function returns plain data, and bytes. Problems and sheets travel as bytes that the run passes on unopened: they
are made in one worker and opened in another.
"""

from __future__ import annotations

import gc
import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from symback import __version__
from symback.batch.failures import explained, packed, unpacked
from symback.errors import SymbackError, VerificationFailed

Said = tuple[dict[str, Any], bytes]
DATA = (".csv", ".npz")  # the ends of names of files with data


class Want(NamedTuple):
    """A format, and how much of a problem it shows."""

    format: str
    show: str

    def __str__(self) -> str:
        return f"{self.format} {self.show}"


# --- loading -------------------------------------------------------------------------------------------------------


def prepare(formats: Sequence[str]) -> Said:
    """Load the engine and the formats, once for all problems."""
    gc.disable()
    try:
        from symback.page.writers import format_named

        for name in formats:
            with suppress(SymbackError):  # it is `suffixes` that says what is missing
                format_named(name)
    finally:
        gc.freeze()  # what is loaded stays
        gc.enable()
    return {}, b""


def suffixes(formats: Sequence[str]) -> Said:
    """Return with what the names of files of each format end, or the `error` of a format that there is not."""
    from symback.page.writers import format_named

    try:
        return {"suffixes": {name: format_named(name).suffix for name in formats}}, b""
    except SymbackError as error:
        return {"error": packed(error)}, b""


# --- reading -------------------------------------------------------------------------------------------------------


def read(path: str, count: int | None, seed: int) -> Said:
    """Read a file, and with a `count` make that many variants of it.

    What is said has an `error`, or `sheets`, and for each its `problems`; the bytes hold each sheet without its
    problems, and then these.
    """
    try:
        sheets = tuple(_sheets(Path(path), count, seed))
    except MemoryError:
        raise
    except Exception as error:
        return {"error": packed(explained(error))}, b""
    blob = bytearray()
    said = [_packed_sheet(sheet, blob) for sheet in sheets]
    return {"sheets": said}, bytes(blob)


def _sheets(path: Path, count: int | None, seed: int) -> Iterator[Any]:
    from symback.problems import draw, read_sheets

    for sheet in read_sheets(path):
        if count is None:
            yield sheet
        else:
            yield from draw(sheet, count, seed)


def _packed_sheet(sheet: Any, blob: bytearray) -> dict[str, Any]:
    from dataclasses import replace

    cover = replace(sheet, problems=(), template=None)
    problems = [_packed_problem(problem, blob) for problem in sheet.problems]
    return {
        "title": sheet.title,
        "language": sheet.words.code,
        "variant": sheet.variant,
        "is_notes": sheet.notes is not None,
        "cover": _add(blob, pickle.dumps(cover)),
        "problems": problems,
    }


def _packed_problem(problem: Any, blob: bytearray) -> dict[str, Any]:
    data = pickle.dumps(problem)
    key = sha256(f"{__version__} {problem!r}".encode("utf-8", "surrogatepass"))
    key.update(repr(_parts_of(problem)).encode("utf-8", "surrogatepass") if problem.parts else b"")
    for path in (path for leaf in problem.leaves() for path in _data_of(leaf)):
        key.update(path.read_bytes())
    return {"id": problem.id, "title": problem.title, "key": key.hexdigest()[:32], "span": _add(blob, data)}


def _parts_of(problem: Any) -> list[Any]:
    """Return all parts with what they have from above, which changes how they are shown."""
    return [(part, sorted(part.inherited), _parts_of(part)) for part in problem.parts]


def _data_of(problem: Any) -> Iterator[Path]:
    """Yield the files of data that a problem names: they lie beside its own."""
    entries = [inner for entry in problem.asked.values() for inner in (entry.values() if _is_table(entry) else [entry])]
    for name in entries:
        if isinstance(name, str) and len(name) < 200 and name.endswith(DATA):
            path = Path(problem.file).parent / name
            if path.is_file():
                yield path


def _is_table(entry: Any) -> bool:
    return isinstance(entry, Mapping)


def _add(blob: bytearray, data: bytes) -> tuple[int, int]:
    blob += data
    return len(blob) - len(data), len(blob)


# --- working -------------------------------------------------------------------------------------------------------


def solve(data: bytes, wants: Sequence[Want]) -> Said:
    """Work a problem and write it in each format; what is said is `parts`, `wrong` answers, and an `error` or None."""
    from symback.problems import work

    problem = pickle.loads(data)  # noqa: S301
    start = perf_counter()
    try:
        solution = work(problem)
    except MemoryError:
        raise
    except Exception as error:
        solution = _failed(problem, explained(error))
    return _shown(solution, wants, start)


def excuse(data: bytes, wants: Sequence[Want], error: dict[str, str], bare: bool) -> Said:
    """Write a problem that failed, with its error in place of its solution; `bare` leaves out what it asks."""
    problem = pickle.loads(data)  # noqa: S301
    return _shown(_failed(problem, unpacked(error), bare=bare), wants, perf_counter())


def _shown(solution: Any, wants: Sequence[Want], start: float) -> Said:
    from symback.page.layout_of_solutions import section_of
    from symback.page.writers import format_named

    error = _error_of(solution)
    worked = perf_counter()
    parts: dict[str, str] = {}
    section: Any = None
    for want in wants:
        try:
            section = section or section_of(solution)
            parts[str(want)] = format_named(want.format).part(solution, section, want.show)
        except MemoryError:
            raise
        except Exception as fault:  # the other formats are none the worse for it
            error = error or explained(fault)
    seconds = {"work": worked - start, "render": perf_counter() - worked}
    wrong = [
        (check.key, check.given, check.right, check.verdict, check.where or check.reason)
        for check in solution.checks
        if check.verdict in ("wrong", "narrower", "unreadable")
    ]
    right = sum(check.verdict == "confirmed" for check in solution.checks)
    said = {"parts": parts, "wrong": wrong, "right": right, "seconds": seconds}
    said["undecided"] = len(solution.checks) - len(wrong) - right
    return {**said, "error": packed(error) if error else None}, b""


def _error_of(solution: Any) -> SymbackError | None:
    """Return why a solution is none: its error, or a verification that failed; of a part with its name before it."""
    for leaf in solution.leaves():
        error = leaf.error
        for work in leaf.works:
            if getattr(work.verification, "verdict", "") == "failed":
                error = VerificationFailed(work.verification.message)
        if error is not None:
            return error if leaf is solution else _of_part(leaf.id, error)
    return None


def _of_part(name: str, error: SymbackError) -> SymbackError:
    told = copy(error)
    told.message = f"Part {name}: {error.message}"
    return told


def _failed(problem: Any, error: SymbackError, *, bare: bool = False) -> Any:
    from symback.page.solution import Solution

    asked = (
        {"words": problem.words}
        if bare
        else {"words": problem.words, "title": problem.title, "text": problem.text, "hints": problem.hints}
    )
    return Solution(
        **{"id": problem.id, "title": "", "kind": problem.kind, "number": problem.number, "points": problem.points}
        | asked,
        error=error,
    )


# --- documents -----------------------------------------------------------------------------------------------------


def document(want: Want, sheet: bytes, parts: Sequence[str]) -> Said:
    """Put the parts of a sheet together; what is said has an `error`, or the bytes are the document."""
    try:
        return {}, _in_bytes(_document(want, pickle.loads(sheet), parts))  # noqa: S301
    except MemoryError:
        raise
    except Exception as error:
        return {"error": packed(explained(error))}, b""


def _document(want: Want, sheet: Any, parts: Sequence[str]) -> str | bytes:
    from symback.page.layout_of_solutions import cover_of
    from symback.page.solution import Document
    from symback.page.writers import format_named

    if sheet.notes is not None and want.format == "markdown":
        from symback.problems.file.notes import replaced

        text: str = replaced(sheet.notes, parts)
        return text
    title = sheet.title if sheet.variant is None else f"{sheet.title}, {sheet.words.say(f'variant {sheet.variant}')}"
    cover = cover_of(
        Document(sheet.file, title, sheet.text, (), sheet.language, sheet.words, sheet.heading, sheet.variant),
        want.show,
    )
    return format_named(want.format).document(cover, parts)


class Listed(NamedTuple):
    """A sheet in the page of contents: its files, each with whether it is the key of a variant, and how it went."""

    title: str
    files: Sequence[tuple[str, str, bool]]  # format, name, whether it is a key
    language: str
    problems: int
    failed: int
    wrong: int
    right: int = 0


def index(entries: Sequence[Listed]) -> Said:
    """Write the page that leads to all documents."""
    from symback.page.writers.index import Entry
    from symback.page.writers.index import index as page
    from symback.words import ENGLISH, words_of

    languages = {words_of(one.language) for one in entries}
    said = languages.pop() if len(languages) == 1 else ENGLISH  # sheets of several languages have it in English

    def words(name: str, key: bool) -> str:
        return f"{said.say('key')}, {name}" if key else name

    listed = [
        Entry(title, {words(name, key): path for name, path, key in files}, *counts)
        for title, files, _, *counts in entries
    ]
    return {}, _in_bytes(page(listed, said.say("Problems"), said))


def _in_bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf-8", "replace")
