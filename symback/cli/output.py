"""What leaves the command line: answers on stdout or in a file, everything else on stderr, and the exit code.

A problem that fails is explained and does not stop the next one; no failure ends in a traceback.
"""

from __future__ import annotations

import io
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic
from typing import Any

import click

from symback import failures, formats
from symback.cli.arguments import Problem
from symback.errors import ParseError, SymbackError, TooLarge, UsageError

SECONDS = 5.0  # of processor time, for one problem
WAITING = 10.0  # times as long on the clock, at which what does not work but waits is ended
AGAIN = 0.5  # seconds until what has swallowed OutOfTime gets it again
LIMITS = "The limits are 5 s and 1 GiB a problem; processor time counts."
SOME_FAILED = 4
ERROR = 131  # of 256 colours: a red that is read on white and on black, 4.5 to 1
INTERRUPTED = 130


KEPT: ContextVar[list[Any] | None] = ContextVar("results that a notebook shows itself", default=None)


class OutOfTime(BaseException):
    """The time for one problem is over; no `except Exception` on the way may swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block after that many seconds of processor time, and again should something swallow it.

    On a busy machine an answer takes longer on the clock, which is not its fault; what only waits is ended as well,
    after WAITING times as long. Several threads use up processor time faster than the clock goes; they are given the
    time on the clock. Only a main thread on a system with alarms can be interrupted; elsewhere the parser's limits have
    to do.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    start = monotonic()

    def stop(*_: object) -> None:
        if monotonic() - start >= 0.9 * seconds:  # the system counts in ticks
            raise OutOfTime

    timers = ((signal.SIGPROF, signal.ITIMER_PROF, seconds), (signal.SIGALRM, signal.ITIMER_REAL, WAITING * seconds))
    handlers = [signal.signal(number, stop) for number, _, _ in timers]
    before = [signal.setitimer(timer, length, AGAIN) for _, timer, length in timers]
    try:
        yield
    finally:
        for (number, timer, _), old, handler in zip(timers, before, handlers, strict=True):
            signal.setitimer(timer, *old)
            signal.signal(number, handler)


def explained(error: BaseException) -> SymbackError:
    """Return whatever went wrong as an error that symback can explain; the limits are those of a command."""
    match error:
        case OutOfTime():
            return TooLarge(f"This was not finished after {SECONDS:g} s.", hint=LIMITS)
        case MemoryError():
            return TooLarge("This needs more memory than one problem may have.", hint=LIMITS)
        case OSError():
            return UsageError(f"The answer cannot be written: {error.strerror or error}.")
    return failures.explained(error)


def in_words(error: SymbackError) -> str:
    """Return what a person who typed a command reads: the line with a caret, the reason and the hint."""
    error.to("typed")
    if isinstance(error, ParseError):
        return error.explain()
    return "\n".join(["Error: " + error.message, *([error.hint] if error.hint else [])])


def say(text: str) -> None:
    """Print on stderr; what went wrong begins in red and bold there, where the terminal has colours."""
    if sys.stderr is not None and sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
        text = re.sub(r"(?m)^Error:", click.style("Error:", fg=ERROR, bold=True), text)
    click.echo(text, err=True)


def show(error: click.ClickException) -> None:
    """Print what click says of a command that was typed wrongly."""
    told = io.StringIO()
    error.show(file=told)
    say(told.getvalue().rstrip("\n"))


class Page:
    """Where the answers of one run go: to stdout as they come, or to a file, whole, at the end."""

    def __init__(self, format: str, detail: str, output: str | None, force: bool, opens: bool = False) -> None:
        self.format = format
        self.detail = detail
        self.opens = opens
        if opens and not output:
            output = str(Path(mkdtemp(prefix="symback-")) / f"page{formats.row(format).endings[0]}")
        self.path = _writable(output, force) if output and output != "-" else None
        self.force = force
        self._parts: list[str] = []
        self._bytes = b""  # of a format that is not a text
        self._worked: list[Any] = []  # of a format that is a document as a whole
        self._asked: Any = None  # the question that is worked now

    def asks(self, exercise: Any, picture: str = "") -> Any:
        """Remember the question that the next results answer, and return it."""
        from symback.cli.direct import Asked

        self._asked = Asked(exercise, picture)
        return exercise

    def show(self, thing: Any) -> None:
        """Verify a result and print it; one that fails its check is withheld."""
        verification = failures.passed(thing.verify())
        if (kept := KEPT.get()) is not None:
            kept.append(thing)
            return
        from symback.page import DOCUMENTS, options_for, render

        if self.format in DOCUMENTS:
            self._keep(thing, None if thing.tells_verdict else verification)
            return
        stream = {"colour": False} if self.path else options_for(sys.stdout)
        notes = self.path is not None or self.format != "text"  # text on stdout leaves the notes to stderr
        self.write(render(thing, self.format, self.detail, verification=verification, notes=notes, **stream))

    def _keep(self, thing: Any, verification: Any) -> None:
        from symback.cli.direct import Worked
        from symback.page.solution import Work

        if not self._worked or self._asked is None or self._worked[-1].asked is not self._asked:
            self._worked.append(Worked(self._asked, []))
        self._worked[-1].works.append(Work(thing, verification))

    def write(self, text: str | bytes) -> None:
        """Print one answer, or keep it for the file."""
        if isinstance(text, bytes):
            self._bytes = text
            return
        text = text.rstrip("\n")
        blank = "" if self.format == "json" or not self._parts else "\n"
        self._parts.append(text if self.path else "")
        if self.path is None:
            with _reader_may_leave():
                click.echo(blank + text)
                sys.stdout.flush()
        elif blank:
            self._parts[-1] = "\n" + text

    def complain(self, error: SymbackError, where: str = "") -> None:
        """Explain an error on stderr; a program that asked for JSON gets an object on stdout too."""
        if KEPT.get() is not None:
            raise error
        say((f"{where}:\n" if where else "") + in_words(error))  # which tells it to whoever typed
        if self.format == "json":
            from symback.page.json import error as as_json

            self.write(as_json(error))

    def close(self) -> None:
        """Write the file, if there is one to write."""
        if self._worked:
            self._write_document()
        elif self.path and self._bytes:
            write_whole(self.path, self._bytes, self.force)
        elif self.path and self._parts:
            write_whole(self.path, "\n".join(self._parts) + "\n", self.force)
        if self.opens and self.path and self.path.is_file():
            click.launch(str(self.path))

    def _write_document(self) -> None:
        from symback.cli.direct import document
        from symback.page.writers import picture_of, png_of, write

        works = [work for worked in self._worked for work in worked.works]
        drawn = picture_of(works[0].thing) if self.format == "png" and len(works) == 1 else ""
        written = png_of(drawn) if drawn else write(document(self._worked, self.detail), self.format)
        if self.path:
            write_whole(self.path, written, self.force)
        elif isinstance(written, str):
            self.write(written)
        elif sys.stdout.isatty():
            raise click.UsageError(f"A {self.format} cannot be shown in a terminal; name a file with -o.")
        else:
            sys.stdout.flush()
            with _reader_may_leave():
                sys.stdout.buffer.write(written)


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """End quietly where the reader of a pipe has seen enough, as `head` has."""
    try:
        yield
    except BrokenPipeError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(0) from None


def _writable(output: str, force: bool) -> Path:
    path = Path(output).resolve()
    if path.is_dir():
        raise click.UsageError(f"{output} is a folder; give the name of a file.")
    if not path.parent.is_dir():
        raise click.UsageError(f"There is no folder {path.parent}.")
    if path.exists() and not path.is_file():
        raise click.UsageError(f"{output} is not an ordinary file; leave -o out to write to standard output.")
    if path.exists() and not force:
        raise click.UsageError(f"{output} exists; --force replaces it.")
    return path


def write_whole(path: Path, text: str | bytes, replace: bool = True) -> None:
    """Write a file whole or not at all: beside its place first, then under its name.

    Without `replace`, a file that another run has made in the meantime is kept, and that is a usage error.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(draft, "xb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)  # fails where the name is taken
    except FileExistsError as error:
        raise click.UsageError(f"{path} exists; --force replaces it.") from error
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def note(text: str) -> None:
    """Say something on stderr that the reader of the answer should know."""
    click.echo(f"note: {text}", err=True)


def answer(page: Page, problems: Iterable[Problem], work: Callable[[Problem], Iterable[Any]]) -> int:
    """Work every problem, within its time, and return the exit code of the run."""
    codes = []
    for problem in problems:
        try:
            with time_limit(SECONDS):
                show_all(page, work(problem))
        except (KeyboardInterrupt, OSError, click.exceptions.Exit, click.ClickException):
            raise
        except (Exception, OutOfTime) as error:
            known = explained(error)
            page.complain(known, problem.where)
            codes.append(known.exit_code)
        else:
            codes.append(0)
    page.close()
    return codes[0] if len(codes) == 1 else SOME_FAILED if any(codes) else 0


def show_all(page: Page, things: Iterable[Any]) -> None:
    """Show results as they come, each after the notes on it that were not said before."""
    said = set()
    for thing in things:
        for remark in thing.notes:
            if remark not in said:
                said.add(remark)
                note(remark)
        page.show(thing)
