"""One file, read and checked: the sheet that it holds, and every fault with its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from symback.errors import ParseError, SymbackError
from symback.page.heading import Heading
from symback.problems.defaults import with_decimals, with_defaults
from symback.problems.file import notes
from symback.problems.file.escapes import lost_commands
from symback.problems.file.faults import Fault, FileFaults, in_order
from symback.problems.file.fields import Field, Products
from symback.problems.file.images import images_of
from symback.problems.file.messages import clipped, suggestion
from symback.problems.file.parameters import Value, combinations
from symback.problems.file.places import Path as Key
from symback.problems.file.scanner import MOST_PROBLEMS
from symback.problems.file.settings import with_included, words_for
from symback.problems.file.sheet import Problem, Sheet
from symback.problems.file.toml import Source, table_of
from symback.problems.parts.entry import Entry
from symback.problems.parts.inheriting import has_parts, own_keys, with_parts
from symback.problems.parts.references import dangling, without_references
from symback.problems.variants.computed import values_of
from symback.problems.variants.placeholders import FIXED, names_in, texts_of
from symback.words import ENGLISH

if TYPE_CHECKING:
    from symback.problems.complaints import Wrong


class Found(NamedTuple):
    """What a file holds: its sheet (None where that cannot be made), its faults, and remarks that are not faults."""

    file: str
    sheet: Sheet | None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


class Reader:
    """Reads one file, and collects what is wrong with it."""

    def __init__(self, path: Path, file: str, mathematics: bool) -> None:
        self.path = path
        self.file = file
        self.mathematics = mathematics
        self.words = ENGLISH
        self.defaults: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self.remarks: list[Fault] = []

    def sheet(self, source: Source) -> Found:
        """Return what a TOML file holds."""
        table = table_of(source)
        if isinstance(table, Fault):
            return Found(self.file, None, (table,))
        self.faults += lost_commands(source)
        head = self._head(source, {key: value for key, value in table.items() if key != "problem"})
        self.defaults = head.get("defaults", {})
        entries = list(self._entries(source, table))
        if "problem" in table or not self.faults:
            self._count(source, table, entries)
        problems = self._problems(entries)
        title = head.get("title", "").strip() or self.path.stem
        text, language = head.get("text", ""), head.get("language", "en")
        heading = _heading(head, problems)
        made = Sheet(self.file, self.path, title, text, language, problems, words=self.words, heading=heading)
        return self._found(made)

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
                self.faults += lost_commands(source)
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
        whole = with_included(source, self.path, table)
        included = {key: value for key, value in whole.keys.items() if whole.homes[key] is not source}
        for key, home in {key: whole.homes[key] for key in included}.items():
            wrong_there = list(of_head({key: included[key]}))
            self.faults += [home.fault_at(w.path, w.message, w.hint, w.is_key) for w in wrong_there]
        self.faults += [source.fault_at(w.path, w.message, w.hint, w.is_key) for w in wrong]
        self.faults += whole.faults
        if wrong or self.faults:
            return {}
        self.words, faults = words_for(source, self.path, whole)
        self.faults += faults
        return Head.read(whole.keys)

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
        expanded = [self._expanded(self._completed(entry)) for entry in entries]
        for number, entry in enumerate(expanded, 1):
            if has_parts(entry) and not entry.parts:
                continue  # what is wrong with its parts has been told
            wrong = [(part, one) for part in entry.leaves() for one in of_problem(part.table)]
            wrong += [(entry, one) for one in self._own_faults(entry)] if entry.parts else []
            for part, one in wrong:
                self._add(part, [one])
            self._check_images(entry, is_right=not wrong)
            problem = None if wrong else self._problem(entry, number)
            made += [problem] if problem else []
            self._check_placeholders(entry)
            self._check_references(entry, expanded)
            if problem:
                self._check_conditions(entry)
            if self.mathematics:
                self._check_words(entry)
                self._check_mathematics(entry, problem)
        self._check_ids(expanded)
        return tuple(made)

    def _check_images(self, entry: Entry, is_right: bool) -> None:
        """Tell of images that cannot be shown; those in a text are remarks, because their words stand for them."""
        if not is_right:
            return
        for path, message, hint in images_of(entry.table, self.path.parent)[1]:
            told = self.remarks if path == ("text",) else self.faults
            told.append(entry.source.fault_at(entry.place(path), message, hint))
        for part in entry.parts:
            self._check_images(part, is_right)

    def _check_words(self, entry: Entry) -> None:
        """Remark on words that come out otherwise than they were meant: formulas that cannot be set, LaTeX brackets."""
        from symback.problems.file.words import strange_words

        for path, at, end, message, hint in strange_words(entry.table):
            self.remarks.append(entry.source.fault_in((*entry.path, *path), at, end, message, hint))
        for part in entry.parts:
            self._check_words(part)

    def _completed(self, entry: Entry) -> Entry:
        """Return a problem with points for its decimal commas, and with the defaults of the sheet."""
        table = entry.table
        if self.words.decimal == ",":
            table = with_decimals(table)
        if self.defaults:
            table = with_defaults(table, self.defaults)
        return entry._replace(table=table)

    def _expanded(self, entry: Entry) -> Entry:
        """Return a problem with its parts, and tell what is wrong with their form."""
        wrong: list[tuple[Entry, Wrong]] = []
        found = with_parts(entry, wrong)
        for part, one in wrong:
            self._add(part, [one])
        return found

    def _own_faults(self, entry: Entry) -> Iterator[Wrong]:
        """Yield what is wrong with the keys that a problem with parts has for itself."""
        from symback.problems.complaints import of_common, of_total

        wrong = list(of_common(own_keys(entry.table)))
        yield from wrong or of_total(entry.table, [part.table for part in entry.parts])
        for part in entry.parts:
            if part.parts:
                yield from self._own_faults(part)

    def _add(self, entry: Entry, faults: Iterable[tuple[Key, str, str, bool]]) -> None:
        for path, message, hint, is_key in faults:
            self._tell(entry, entry.source.fault_at(entry.place(path), message, hint, is_key))

    def _tell(self, entry: Entry, fault: Fault) -> None:
        """Add a fault; what is wrong in a problem is wrong in each of its parts, and told once."""
        if not ((entry.label or entry.parts) and fault in self.faults):
            self.faults.append(fault)

    def _problem(self, entry: Entry, number: int, above: str = "") -> Problem:
        from symback.problems.common import Common
        from symback.problems.complaints import parted, points_together
        from symback.problems.registry import kind

        name = "parts" if entry.parts else entry.table["kind"]
        given_keys = {key: value for key, value in entry.table.items() if key != "kind"}
        common, own = (own_keys(given_keys), {}) if entry.parts else parted(given_keys)
        given = {key: one.default for key, one in Common.fields.items()} | Common.read(common)
        id_ = given["id"] or (f"{above}{entry.label}" if above else f"p{number}")
        parts = tuple(self._problem(part, i, id_) for i, part in enumerate(entry.parts, 1))
        return Problem(
            id=id_,
            number=number,
            title=" ".join(given["title"].split()),
            kind=name,
            text=given["text"],
            points=_plain(points_together(given["points"])),
            rubric=_rubric(given["points"]),
            hints=_tuple(given["hints"]),
            pictures=given["picture"],
            asked=kind(name).read(own) if not parts else {},
            answer=given["answer"],
            symbols=_tuple(given["symbols"]),
            detail=given["detail"],
            file=self.file,
            line=entry.source.line_of(entry.path),
            block=entry.block,
            parameters=(*given["parameters"], *(one for part in parts for one in part.parameters)),
            reject=(*_tuple(given["reject"]), *(one for part in parts for one in part.reject)),
            parts=parts,
            label=entry.label,
            inherited=entry.inherited,
            words=self.words,
            space=given["space"],
            images=tuple(images_of(common, self.path.parent)[0]),
        )

    def _check_ids(self, entries: list[Entry]) -> None:
        """Tell of ids that are the same, or would be as names of files."""
        known: dict[str, tuple[str, int]] = {}
        for name, entry in (named for number, one in enumerate(entries, 1) for named in _names(one, f"p{number}")):
            plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
            if plain in known:
                other, line = known[plain]
                message = f"The problem in line {line} has the id {clipped(name)} already."
                if other != name:
                    message = f"The id {clipped(name)} differs from {clipped(other)} in line {line} in its case alone."
                self._add(entry, [(("id",), message, "Give each problem an id of its own.", False)])
            else:
                known[plain] = name, entry.source.line_of((*entry.path, "id"))

    def _check_references(self, entry: Entry, entries: list[Entry]) -> None:
        """Tell of references in parts that lead to no earlier part."""
        if not entry.parts:
            return
        elsewhere = [name for i, one in enumerate(entries, 1) if one is not entry for name, _ in _names(one, f"p{i}")]
        for one in dangling(entry, elsewhere):
            place = one.entry.place(one.path)
            self._tell(one.entry, entry.source.fault_in(place, one.at, one.end, one.message, one.hint))

    # --- texts ----------------------------------------------------------------------------------------------------

    def _check_placeholders(self, entry: Entry) -> None:
        """Tell of placeholders without a parameter, and remark on parameters that are not used."""
        known, used = {name for name, _ in _parameters(entry)}, set()
        for path, (name, at, end) in _placeholders(entry.table):
            used.add(name)
            if name not in known:
                self.faults.append(_unknown_parameter(entry, path, name, (at, end), known))
        seen: set[str] = set()
        for name, path in sorted(_parameters(entry)):
            if name in seen:
                message = f"The parameter {name[:40]} is that of another part too."
                self.faults.append(entry.source.fault_at(path, message, "Give each a name of its own.", is_key=True))
            if name not in used | seen:
                message = f"The parameter {name[:40]} is not used."
                hint = f"Write {{{{{name[:40]}}}}} where its value belongs."
                self.remarks.append(entry.source.fault_at(path, message, hint, is_key=True))
            seen.add(name)

    def _check_mathematics(self, entry: Entry, problem: Problem | None) -> None:
        values = self._first_values(entry, problem) if problem and problem.parameters else {}
        if list(_parameters(entry)) and not values:
            return  # what the texts say is not known
        for part in entry.leaves():
            self._check_mathematics_of(part, values)
        if problem and not problem.parameters:
            self._check_questions(entry, problem)
        for leaf, one in zip(entry.leaves(), problem.leaves() if problem else (), strict=False):
            self._check_reading(leaf, replace(one, parameters=problem.parameters if problem else ()))

    def _check_questions(self, entry: Entry, problem: Problem) -> None:
        """Tell of what is wrong with a problem as a question, where each of its texts can be read.

        What goes on from the answer of an earlier part is not known.
        """
        from symback.problems.mathematics import cannot_be_asked, does_not_occur

        if any(fault.line >= entry.source.line_of(entry.path) for fault in self.faults):
            return
        for leaf, one in zip(entry.leaves(), problem.leaves(), strict=True):
            if leaf.label and without_references(leaf.table) != leaf.table:
                continue
            for path, message, hint in cannot_be_asked(one):
                self._tell(leaf, leaf.source.fault_at(leaf.place(path), message, hint))
            for path, message, hint in does_not_occur(one):
                self.remarks.append(leaf.source.fault_at(leaf.place(path), message, hint))

    def _first_values(self, entry: Entry, problem: Problem) -> dict[str, Value]:
        """Return the values of the first variant, none where one cannot be worked out, which is told."""
        index = Random(f"0 {problem.id}").randrange(combinations(problem.parameters))  # noqa: S311
        try:
            return values_of(problem.parameters, index)
        except SymbackError as error:
            name = next((one.name for one in problem.parameters if f"parameter {one.name} " in error.message), "")
            path = next((path for own, path in _parameters(entry) if own == name), entry.path)
            self.faults.append(entry.source.fault_at(path, error.message, error.to("file").hint))
            return {}

    def _check_mathematics_of(self, entry: Entry, values: Mapping[str, Value]) -> None:
        from symback.problems.mathematics import misread

        table = without_references(entry.table) if entry.label else entry.table
        for at in misread(table, values):
            self._tell(entry, entry.source.fault_in(entry.place(at.path), at.at, at.end, at.message, at.hint))

    def _check_conditions(self, entry: Entry) -> None:
        from symback.problems.variants.conditions import condition_of

        given = entry.table.get("reject", ())
        for i, text in enumerate(_tuple(given)):
            path = (*entry.path, "reject", *([i] if isinstance(given, list) else []))
            try:
                condition_of(text)
            except ParseError as error:
                self.faults.append(
                    entry.source.fault_in(path, error.at, error.end, error.message, error.to("file").hint)
                )
        for part in entry.parts:
            self._check_conditions(part)

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


def _heading(head: Mapping[str, Any], problems: Iterable[Problem]) -> Heading:
    """Return what stands above the title of a sheet, and how many points it gives."""
    total = sum(map(_points_of, problems)) if head.get("points") else None
    return Heading(head.get("course", ""), head.get("date", ""), _tuple(head.get("lines", ())), total)


def _points_of(problem: Problem) -> float:
    """Return the points of a problem, or of its parts together."""
    return problem.points if problem.points is not None else sum(map(_points_of, problem.parts))


def _names(entry: Entry, name: str) -> Iterator[tuple[str, Entry]]:
    """Yield the ids of a problem and of its parts, each with where it is."""
    given = entry.table.get("id")
    own = given if isinstance(given, str) else name
    yield own, entry
    for part in entry.parts:
        yield from _names(part, f"{own}{part.label}")


def _placeholders(table: Mapping[str, Any]) -> Iterator[tuple[Key, tuple[str, int, int]]]:
    """Yield the placeholders in the texts of a problem and its parts, each with the path of its text and its span."""
    for key, value in table.items():
        if key == "part" and isinstance(value, list):
            for i, part in enumerate(value):
                inner = _placeholders(part) if isinstance(part, Mapping) else ()
                yield from (((key, i, *path), found) for path, found in inner)
        elif key == "parameters" and isinstance(value, Mapping):
            formulas = (((key, name, "value"), one.get("value")) for name, one in value.items() if _is_table(one))
            yield from ((path, found) for path, text in formulas if isinstance(text, str) for found in names_in(text))
        elif key not in FIXED or key == "reject":
            for path, text in texts_of(value, (key,)):
                yield from ((path, found) for found in names_in(text))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _parameters(entry: Entry) -> Iterator[tuple[str, Key]]:
    """Yield the parameters of a problem and of its parts, each with its path."""
    given = entry.table.get("parameters")
    for name in given if isinstance(given, Mapping) else ():
        yield name, (*entry.path, "parameters", name)
    for part in entry.parts:
        yield from _parameters(part)


def _unknown_parameter(entry: Entry, path: Key, name: str, span: tuple[int, int], known: set[str]) -> Fault:
    near = suggestion(name, known)
    hint = (
        f"Did you mean {{{{{near}}}}}?" if near else f"Add it, as in parameters = {{{name[:40]} = {{range = [2, 9]}}}}."
    )
    message = f"There is no parameter {name[:40]}."
    return entry.source.fault_in((*entry.path, *path), *span, message, hint)


def _tuple(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _rubric(points: Any) -> tuple[tuple[str, float], ...]:
    """Return for what points are given, each with how many; nothing where they are given for the whole."""
    return tuple((what, float(one)) for what, one in points.items()) if isinstance(points, Mapping) else ()


def _plain(points: Any) -> int | float | None:
    return points if points is None or isinstance(points, int) else float(points)
