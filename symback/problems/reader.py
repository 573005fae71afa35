"""One file, read and checked: the sheet that it holds, and every fault with its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from symback.errors import ParseError, SymbackError
from symback.problems.file import notes
from symback.problems.file.faults import Fault, FileFaults, in_order
from symback.problems.file.fields import Field, Products
from symback.problems.file.messages import clipped, suggestion
from symback.problems.file.parameters import combination, combinations
from symback.problems.file.places import Path as Key
from symback.problems.file.scanner import MOST_PROBLEMS
from symback.problems.file.sheet import Problem, Sheet
from symback.problems.file.toml import Source, table_of
from symback.problems.variants.placeholders import FIXED, names_in, texts_of


class Found(NamedTuple):
    """What a file holds: its sheet (None where that cannot be made), its faults, and remarks that are not faults."""

    file: str
    sheet: Sheet | None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


class Entry(NamedTuple):
    """A problem as it is in a file: the table, its path in the source, and the block of notes it is in."""

    source: Source
    path: Key
    table: dict[str, Any]
    block: int = 0


class Reader:
    """Reads one file, and collects what is wrong with it."""

    def __init__(self, path: Path, file: str, mathematics: bool) -> None:
        self.path = path
        self.file = file
        self.mathematics = mathematics
        self.faults: list[Fault] = []
        self.remarks: list[Fault] = []

    def sheet(self, source: Source) -> Found:
        """Return what a TOML file holds."""
        table = table_of(source)
        if isinstance(table, Fault):
            return Found(self.file, None, (table,))
        head = self._head(source, {key: value for key, value in table.items() if key != "problem"})
        entries = list(self._entries(source, table))
        if "problem" in table or not self.faults:
            self._count(source, table, entries)
        problems = self._problems(entries)
        title = head.get("title", "").strip() or self.path.stem
        text, language = head.get("text", ""), head.get("language", "en")
        return self._found(Sheet(self.file, self.path, title, text, language, problems))

    def notes(self, text: str) -> Found:
        """Return what lecture notes hold."""
        entries: list[Entry] = []
        for number, (block, source) in enumerate(notes.sources(self.file, text)):
            if not block.is_closed:
                hint = "Write ``` below the last line of the problem."
                self.faults.append(source.fault(0, 0, "The block that begins above this line has no end.", hint))
                break
            table = table_of(source)
            if isinstance(table, Fault):
                self.faults.append(table)
            else:
                entries += self._entries_of_block(source, table, number)
        if len(entries) > MOST_PROBLEMS:
            self.faults.append(Fault(self.file, 0, 0, f"The file has more than {MOST_PROBLEMS:,} problems."))
            return Found(self.file, None, tuple(self.faults))
        problems = self._problems(entries)
        title = notes.title_of(text) or self.path.stem
        return self._found(Sheet(self.file, self.path, title, problems=problems, notes=text))

    def _found(self, sheet: Sheet) -> Found:
        if self.mathematics and not self.faults:
            self._try_variants(sheet)
        return Found(self.file, None if self.faults else sheet, in_order(self.faults), in_order(self.remarks))

    def _try_variants(self, sheet: Sheet) -> None:
        """Draw once, so that conditions that reject everything are told."""
        from symback.problems.variants.drawing import with_first_values

        try:
            with_first_values(sheet)
        except FileFaults as error:
            self.faults.extend(error.faults)

    # --- what is in it ----------------------------------------------------------------------------------------

    def _head(self, source: Source, table: dict[str, Any]) -> dict[str, Any]:
        from symback.problems.common import Head
        from symback.problems.complaints import of_head

        wrong = list(of_head(table))
        self.faults += [source.fault_at(w.path, w.message, w.hint, w.is_key) for w in wrong]
        return {} if wrong else Head.read(table)

    def _entries(self, source: Source, table: dict[str, Any], block: int = 0) -> Iterator[Entry]:
        given = table.get("problem", [])
        if isinstance(given, dict):
            message, hint = "A problem begins with two brackets on each side.", "Write [[problem]]."
            self.faults.append(source.fault_at(("problem",), message, hint, is_key=True))
        elif not isinstance(given, list):
            message = f"problem must be a list of tables, not {clipped(given)}."
            self.faults.append(source.fault_at(("problem",), message, "Begin each problem with [[problem]]."))
        for i, problem in enumerate(given if isinstance(given, list) else ()):
            if isinstance(problem, dict):
                yield Entry(source, ("problem", i), problem, block)
            else:
                message = f"A problem must be a table, not {clipped(problem)}."
                self.faults.append(source.fault_at(("problem", i), message, "Begin each problem with [[problem]]."))

    def _entries_of_block(self, source: Source, table: dict[str, Any], block: int) -> Iterator[Entry]:
        """Yield the problems of a block of notes: several with [[problem]], or one whose keys stand there alone."""
        if "problem" not in table:
            yield Entry(source, (), table, block)
            return
        for key in table:
            if key != "problem":
                message = f"{key[:60]} is beside [[problem]] and belongs to no problem."
                hint = "Write it below a [[problem]]; title and text of the sheet are those of the notes."
                self.faults.append(source.fault_at((key,), message, hint, is_key=True))
        yield from self._entries(source, table, block)

    def _count(self, source: Source, table: dict[str, Any], entries: list[Entry]) -> None:
        if len(entries) > MOST_PROBLEMS:
            message = f"The file has more than {MOST_PROBLEMS:,} problems."
            self.faults.append(source.fault_at(("problem",), message, "Make several files of it."))
            entries.clear()
        elif not table.get("problem"):
            hint = "Begin each problem with [[problem]]."
            self.faults.append(source.fault_at(("problem",), "The file has no problems.", hint))

    # --- problems -------------------------------------------------------------------------------------------------

    def _problems(self, entries: list[Entry]) -> tuple[Problem, ...]:
        from symback.problems.complaints import of_problem

        made: list[Problem] = []
        for number, entry in enumerate(map(_with_kind, entries), 1):
            wrong = list(of_problem(entry.table))
            self._add(entry, wrong)
            problem = None if wrong else self._problem(entry, number)
            made += [problem] if problem else []
            self._check_placeholders(entry)
            if problem:
                self._check_conditions(entry, problem)
            if self.mathematics:
                self._check_mathematics(entry, problem)
        self._check_ids(entries)
        return tuple(made)

    def _add(self, entry: Entry, faults: Iterable[tuple[Key, str, str, bool]]) -> None:
        for path, message, hint, is_key in faults:
            self.faults.append(entry.source.fault_at((*entry.path, *path), message, hint, is_key))

    def _problem(self, entry: Entry, number: int) -> Problem:
        from symback.problems.common import Common
        from symback.problems.complaints import parted
        from symback.problems.registry import kind

        common, own = parted({key: value for key, value in entry.table.items() if key != "kind"})
        given = {key: one.default for key, one in Common.fields.items()} | Common.read(common)
        return Problem(
            id=given["id"] or f"p{number}",
            number=number,
            title=" ".join(given["title"].split()),
            kind=entry.table["kind"],
            text=given["text"],
            points=_plain(given["points"]),
            hints=_tuple(given["hints"]),
            pictures=given["picture"],
            asked=kind(entry.table["kind"]).read(own),
            answer=given["answer"],
            symbols=_tuple(given["symbols"]),
            detail=given["detail"],
            file=self.file,
            line=entry.source.line_of(entry.path),
            block=entry.block,
            parameters=tuple(given["parameters"]),
            reject=_tuple(given["reject"]),
        )

    def _check_ids(self, entries: list[Entry]) -> None:
        """Tell of ids that are the same, or would be as names of files."""
        known: dict[str, tuple[str, int]] = {}
        for number, entry in enumerate(entries, 1):
            given = entry.table.get("id")
            name = given if isinstance(given, str) else f"p{number}"
            plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
            if plain in known:
                other, line = known[plain]
                message = f"The problem in line {line} has the id {clipped(name)} already."
                if other != name:
                    message = f"The id {clipped(name)} differs from {clipped(other)} in line {line} in its case alone."
                self._add(entry, [(("id",), message, "Give each problem an id of its own.", False)])
            else:
                known[plain] = name, entry.source.line_of((*entry.path, "id"))

    # --- texts ----------------------------------------------------------------------------------------------------

    def _check_placeholders(self, entry: Entry) -> None:
        """Tell of placeholders without a parameter, and remark on parameters that are not used."""
        given = entry.table.get("parameters")
        known = set(given) if isinstance(given, Mapping) else set()
        used = set()
        for key, value in entry.table.items():
            if key in FIXED and key != "reject":
                continue
            for path, text in texts_of(value, (key,)):
                for name, at, end in names_in(text):
                    used.add(name)
                    if name not in known:
                        self.faults.append(_unknown_parameter(entry, path, name, (at, end), known))
        for name in sorted(known - used):
            path, message = (*entry.path, "parameters", name), f"The parameter {name[:40]} is not used."
            hint = f"Write {{{{{name[:40]}}}}} where its value belongs."
            self.remarks.append(entry.source.fault_at(path, message, hint, is_key=True))

    def _check_mathematics(self, entry: Entry, problem: Problem | None) -> None:
        from symback.problems.mathematics import misread

        values = {}
        if problem and problem.parameters:
            index = Random(f"0 {problem.id}").randrange(combinations(problem.parameters))  # noqa: S311
            values = combination(problem.parameters, index)
        if entry.table.get("parameters") and not values:
            return  # what the texts say is not known
        for at in misread(entry.table, values):
            place = (*entry.path, *at.path)
            self.faults.append(entry.source.fault_in(place, at.at, at.end, at.message, at.hint))
        if problem:
            self._check_reading(entry, problem)

    def _check_conditions(self, entry: Entry, problem: Problem) -> None:
        from symback.problems.variants.conditions import condition_of

        for i, text in enumerate(problem.reject):
            path = (*entry.path, "reject", *([i] if isinstance(entry.table["reject"], list) else []))
            try:
                condition_of(text)
            except ParseError as error:
                self.faults.append(
                    entry.source.fault_in(path, error.at, error.end, error.message, error.to("file").hint)
                )

    def _check_reading(self, entry: Entry, problem: Problem) -> None:
        """Tell where a value does not keep together in an expression."""
        from symback.problems.mathematics import reads_otherwise

        expr = problem.asked.get("expr")
        if not problem.parameters or not isinstance(expr, str) or isinstance(_field(problem, "expr"), Products):
            return
        try:
            names = [*problem.symbols, *_tuple(problem.asked.get("wrt", ()))]
            text = reads_otherwise(expr, problem.parameters, names)
        except SymbackError:
            return  # told already
        if text:
            message = f"With other values this is {clipped(text)}, which reads in another way."
            path = (*entry.path, "expr")
            self.faults.append(entry.source.fault_at(path, message, "Put brackets around what belongs together."))


def _field(problem: Problem, key: str) -> Field[Any] | None:
    from symback.problems.registry import kind

    return kind(problem.kind).fields.get(key)


def _with_kind(entry: Entry) -> Entry:
    """Return a problem with the kind that its keys say, where it names none, and that by its own name."""
    from symback.problems.complaints import said_kind
    from symback.problems.registry import ALSO_CALLED

    given = entry.table.get("kind")
    said = ALSO_CALLED.get(given, "") if isinstance(given, str) else "" if given else said_kind(entry.table)
    return entry._replace(table={**entry.table, "kind": said}) if said else entry


def _unknown_parameter(entry: Entry, path: Key, name: str, span: tuple[int, int], known: set[str]) -> Fault:
    near = suggestion(name, known)
    hint = (
        f"Did you mean {{{{{near}}}}}?" if near else f"Add it, as in parameters = {{{name[:40]} = {{range = [2, 9]}}}}."
    )
    message = f"There is no parameter {name[:40]}."
    return entry.source.fault_in((*entry.path, *path), *span, message, hint)


def _tuple(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _plain(points: Any) -> int | float | None:
    return points if points is None or isinstance(points, int) else float(points)
