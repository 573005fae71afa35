"""One run: many files in, complete documents out, even if single problems fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from symback.batch import limits, task
from symback.batch.cluster import ELSEWHERE, Cluster
from symback.batch.failures import Reason, of_failure, packed, unpacked
from symback.batch.folder import Names
from symback.batch.limits import Limits
from symback.batch.names import folded
from symback.batch.outputs import Outputs
from symback.batch.plan import INDEX, Options, Output, Source, check_distinct, outputs_of, sources_of
from symback.batch.pool import Answer, Pool
from symback.batch.process import Call
from symback.batch.progress import Watch
from symback.batch.report import Failure, Place, Report, WrongAnswer
from symback.batch.sheet_progress import SheetProgress, sheets_of

LAST_ATTEMPT = 2


class Read(NamedTuple):
    """The key of a call that reads a file."""

    source: int


class Solve(NamedTuple):
    """The key of a call that works a problem; later attempts write what takes its place when it failed."""

    sheet: int
    problem: int
    attempt: int = 0


class Write(NamedTuple):
    """The key of a call that puts a document together."""

    sheet: int
    output: int
    made_from: str


class Index(NamedTuple):
    """The key of the call that writes the page of contents."""


class Run:
    """A run: `pool` works, or the `cluster` does, `watch` is told how far it is."""

    def __init__(self, options: Options, outputs: Outputs, pool: Pool, cluster: Cluster | None, watch: Watch) -> None:
        self.report = Report()
        self._options = options
        self._disk = outputs
        self._pool = pool
        self._cluster = cluster
        self._watch = watch
        self._for_cluster: list[tuple[Solve, Call]] = []
        self._sources: tuple[Source, ...] = ()
        self._outputs: list[list[tuple[Output, ...]]] = []
        self._sheets: list[SheetProgress] = []

    # --- the run ---------------------------------------------------------------------------------------------------

    def go(self, paths: Iterable[str], suffixes: Mapping[str, str]) -> Report:
        """Do everything; `suffixes` are what `suffixes_of` returns."""
        self._plan(paths, suffixes)
        for number, source in enumerate(self._sources):
            arguments = (str(source.path), self._options.count, self._options.seed)
            self._pool.submit(Read(number), Call(task.read, arguments, limits.of_reading(self._options.count)))
        self._hear_all()
        if self._cluster:
            self._cluster.start(self._for_cluster, prepare(self._options), self._pool)
            self._hear_all()
        if self._wants_index():
            self._ask_for_index()
            self._hear_all()
        self._disk.finish(self._folders())
        return self.report

    def _plan(self, paths: Iterable[str], suffixes: Mapping[str, str]) -> None:
        """Decide what is read and written, and refuse before any work what would lose a file."""
        self._sources = sources_of(paths, self._disk.is_own)
        self._outputs = [outputs_of(source, self._options, suffixes) for source in self._sources]
        self.report.files = len(self._sources)
        check_distinct(self._sources, self._outputs)
        self._disk.refuse(self._all_outputs(), {source.path.resolve() for source in self._sources})
        if said := self._disk.start(self._folders(), resume=self._options.resume):
            self.report.notes.append(said)

    def _all_outputs(self) -> Iterator[Output]:
        for sheets in self._outputs:
            for outputs in sheets:
                yield from outputs

    def _folders(self) -> set[Names]:
        return {(), *(output.names[:-1] for output in self._all_outputs())}

    def _hear_all(self) -> None:
        for key, answer in self._pool.answers():
            match key:
                case Read():
                    self._hear_sheets(key, answer)
                case Solve():
                    self._hear_problem(key, answer)
                case Write():
                    self._hear_document(key, answer)
                case Index():
                    self._hear_index(answer)

    # --- files -----------------------------------------------------------------------------------------------------

    def _hear_sheets(self, key: Read, answer: Answer) -> None:
        source, place = self._sources[key.source], Place(key.source)
        if reason := _reason(answer, limits.of_reading(self._options.count), "Reading this file"):
            self.report.failures.append(Failure(place, str(source), reason))
            return
        self.report.read += 1
        if source.in_folder and _is_only_text(answer.said):
            self.report.files -= 1
            return
        for sheet in sheets_of(answer.said, answer.body, place, source, self._outputs[key.source]):
            self._begin(sheet)

    def _begin(self, sheet: SheetProgress) -> None:
        number = len(self._sheets)
        self._sheets.append(sheet)
        self.report.problems += len(sheet.problems)
        self._watch.find(len(sheet.problems))
        if not sheet.problems:
            self._ask_for_documents(number)
        for problem, data in enumerate(sheet.problems):
            if said := self._disk.find(sheet.key(problem)):
                self.report.resumed += 1
                self._take(Solve(number, problem), said)
            else:
                self._solve(Solve(number, problem), Call(task.solve, (data, sheet.wants), limits.OF_PROBLEM))

    def _solve(self, key: Solve, call: Call) -> None:
        """Have a problem worked, here or on the cluster, which is asked when all are known."""
        if self._cluster:
            self._for_cluster.append((key, call))
        else:
            self._pool.submit(key, call)

    # --- problems --------------------------------------------------------------------------------------------------

    def _hear_problem(self, key: Solve, answer: Answer) -> None:
        sheet = self._sheets[key.sheet]
        if answer.failure.startswith(ELSEWHERE):
            self._work_here(key, answer.failure)
            return
        if reason := _reason(answer, limits.OF_PROBLEM, "This"):
            sheet.reasons.setdefault(key.problem, reason)
        elif key.attempt == 0:
            del answer.said["seconds"]
            self._disk.keep(sheet.key(key.problem), answer.said)
        self._take(key, answer.said)

    def _take(self, key: Solve, said: dict[str, Any]) -> None:
        """Take in the parts of a problem, and have those filled that could not be written."""
        sheet = self._sheets[key.sheet]
        place, what, parts = sheet.place_of(key.problem), sheet.called(key.problem), sheet.parts[key.problem]
        parts.update(said.get("parts", {}))
        self.report.confirmed += said.get("right", 0)
        self.report.undecided += said.get("undecided", 0)
        wrong = [WrongAnswer(place, what, *answer) for answer in said.get("wrong", ())]
        self.report.wrong += wrong
        sheet.right += said.get("right", 0)
        sheet.wrong += sum(answer.verdict == "wrong" for answer in wrong)
        empty = tuple(want for want in sheet.wants if str(want) not in parts)
        if empty and key.attempt < LAST_ATTEMPT:
            self._excuse(key._replace(attempt=key.attempt + 1), empty)
            return
        if key.problem in sheet.reasons:
            self.report.failures.append(Failure(place, what, sheet.reasons[key.problem]))
        sheet.missing -= 1
        self._watch.finish()
        if not sheet.missing:
            self._ask_for_documents(key.sheet)

    def _excuse(self, key: Solve, wants: tuple[task.Want, ...]) -> None:
        """Have the place of a problem that failed filled: first with what it asks, and if that fails without."""
        sheet = self._sheets[key.sheet]
        error = packed(sheet.reasons[key.problem])
        arguments = (sheet.problems[key.problem], wants, error, key.attempt == LAST_ATTEMPT)
        self._pool.submit(key, Call(task.excuse, arguments, limits.OF_PROBLEM))

    def _work_here(self, key: Solve, failure: str) -> None:
        """Work a problem that the cluster did not answer."""
        note = f"the cluster was lost ({failure.removeprefix(ELSEWHERE).strip(': ')}); the rest was worked here"
        if note not in self.report.notes:
            self.report.notes.append(note)
        sheet = self._sheets[key.sheet]
        self._pool.submit(key, Call(task.solve, (sheet.problems[key.problem], sheet.wants), limits.OF_PROBLEM))

    # --- documents -------------------------------------------------------------------------------------------------

    def _ask_for_documents(self, number: int) -> None:
        sheet = self._sheets[number]
        for place, output in enumerate(sheet.outputs):
            made_from = sheet.made_from(output.want)
            if self._disk.stands(output, made_from):
                self._end_document(sheet, output)
                continue
            arguments = (output.want, sheet.cover, sheet.parts_for(output.want))
            call = Call(task.document, arguments, limits.of_document(len(sheet.about)))
            self._pool.submit(Write(number, place, made_from), call, first=True)

    def _hear_document(self, key: Write, answer: Answer) -> None:
        sheet = self._sheets[key.sheet]
        output = sheet.outputs[key.output]
        reason = _reason(answer, limits.of_document(len(sheet.about)), f"The document {output}")
        if not reason:
            reason = self._disk.write(output.names, answer.body, key.made_from)
        self._end_document(sheet, output, reason)

    def _end_document(self, sheet: SheetProgress, output: Output, reason: Reason | None = None) -> None:
        """Note that a document is written, or why not."""
        if reason:
            place = sheet.place_of(len(sheet.about))
            self.report.failures.append(Failure(place, f"{sheet.called()}: {output}", reason))
        else:
            sheet.written.append(output)
            self.report.written += 1
        sheet.unwritten -= 1
        if not sheet.unwritten:
            sheet.forget()

    # --- contents --------------------------------------------------------------------------------------------------

    def _wants_index(self) -> bool:
        """A folder's documents get a page of contents, unless a file of that name is among them."""
        taken = {folded(str(output)) for output in self._all_outputs()}
        in_html = any(output.want.format == "html" for sheet in self._sheets for output in sheet.written)
        return in_html and any(source.in_folder for source in self._sources) and folded("/".join(INDEX)) not in taken

    def _ask_for_index(self) -> None:
        sheets = sorted(self._sheets, key=lambda sheet: sheet.place)
        entries = [sheet.listed() for sheet in sheets if sheet.written]
        self._pool.submit(Index(), Call(task.index, (entries,), limits.of_document(len(entries))))

    def _hear_index(self, answer: Answer) -> None:
        reason = _reason(answer, limits.of_document(len(self._sheets)), "The page of contents")
        if not reason:
            reason = self._disk.write(INDEX, answer.body, "")
        if reason:
            self.report.failures.append(Failure(Place(len(self._sources)), "/".join(INDEX), reason))
        else:
            self.report.written += 1


def prepare(options: Options) -> Call:
    """Return the call with which a worker begins."""
    return Call(task.prepare, (options.every_format,))


def suffixes_of(options: Options, pool: Pool) -> dict[str, str]:
    """Return how the names of files in each format end; a worker knows, so that this process loads no engine."""
    pool.submit("suffixes", Call(task.suffixes, (options.every_format,)))
    answer = dict(pool.answers())["suffixes"]
    if answer.failure or "error" in answer.said:
        raise _reason(answer, limits.OF_PROBLEM, "Loading the formats") or AssertionError
    return dict(answer.said["suffixes"])


def _reason(answer: Answer, allowed: Limits, what: str) -> Reason | None:
    """Return why a call came to nothing."""
    if answer.failure:
        return of_failure(answer.failure, allowed, what)
    error = answer.said.get("error")
    return unpacked(error) if error else None


def _is_only_text(said: dict[str, Any]) -> bool:
    """Tell whether a Markdown file holds no problem: it lies in the folder for other readers."""
    return all(sheet["is_notes"] and not sheet["problems"] for sheet in said["sheets"])
