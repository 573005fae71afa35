"""The command for problem files: files and folders in, documents with worked solutions out."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

import click

from symback import formats
from symback.cli import output
from symback.cli.output import INTERRUPTED
from symback.cli.pages import Command
from symback.errors import SymbackError
from symback.front_page import COMMANDS

PAUSE = 0.3  # seconds between two looks at the files
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _formats(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Read `--format html,pdf`, also given several times."""
    return tuple(dict.fromkeys(name.strip().lower() for text in value for name in text.split(",") if name.strip()))


def usable_cores() -> int:
    """Return how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@click.command("solve", cls=Command, short_help=COMMANDS["solve"], context_settings=CONTEXT)
@click.argument("paths", nargs=-1, required=True, metavar="FILE|DIR ...")
@click.option("--out", required=True, metavar="DIR", help="Output folder; created if missing.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMATS",
    callback=_formats,
    shell_complete=lambda *_: list(formats.names("sheet")),
    help=f"{', '.join(formats.names('sheet'))}; several as in html,pdf.  [default: html; markdown for lecture notes]",
)
@click.option(
    "--show",
    type=click.Choice(["problems", "hints", "answers", "steps", "reveal"]),
    default=None,
    metavar="PART",
    help="problems, hints, answers or steps, each with those before it; reveal folds all away.  [default: steps; "
    "problems with --variants]",
)
@click.option("--variants", "count", type=click.IntRange(1, 9999), metavar="N", help="Write N variants of each sheet.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Which variants: same seed, same bytes."
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), metavar="N", help="Problems solved at once.  [default: usable cores]"
)
@click.option("--resume", is_flag=True, help="Continue a run that was interrupted.")
@click.option("--force", is_flag=True, help="Also overwrite files that symback did not write or that changed since.")
@click.option("--cluster", default="", metavar="ADDRESS", help="Work on a dask scheduler, as in tcp://host:8786.")
@click.option("--watch", is_flag=True, help="Solve again whenever a file changes, until Ctrl-C.")
@click.option("--open", "opens", is_flag=True, help="Show the first page in a browser.")
def solve(paths: tuple[str, ...], **options: Any) -> Callable[[], int]:
    """Solve problem files (TOML), or the problems in lecture notes (Markdown), and write documents.

    \b
    symback solve sheet.toml --out solutions
    symback solve problems/ --out solutions/ --format html,pdf
    symback solve sheet.toml --out pupils --show hints
    symback solve sheet.toml --out tests --variants 30 --seed 7
    symback solve lecture.md --out handout

    sheet.toml becomes DIR/sheet.html and so on, one document per file and format. For a folder, every .toml and .md
    file is solved; subfolders are kept under DIR, and DIR/index.html links to all documents. Lecture notes come back as
    DIR/lecture.md with the worked solutions in place of their problems; in other formats, the problems alone.

    With --variants 30 a sheet becomes DIR/sheet-01.html to DIR/sheet-30.html, which show what --show says. Each gets a
    key with all steps, DIR/keys/sheet-01-key.html (unless --show is steps).

    Each problem is limited to 5 s of processor time and 1 GiB; one that fails does not stop the others and is reported
    at the end with its reason. Only files that symback wrote itself are replaced. Exit code 0: done; 1: a given answer
    is wrong; 3: no file could be read, or a given answer cannot be read; 4: some problems failed.
    """
    return partial(_watched if options.pop("watch") else _solve, paths, options)


def _watched(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """Solve, and again whenever a file is another one than before; Ctrl-C ends it."""
    try:
        while True:
            before = _state(paths)
            if _solve(paths, dict(options)) == INTERRUPTED:
                return INTERRUPTED
            options["opens"] = False  # the page that is open is there already
            click.echo("watching; Ctrl-C ends it", err=True)
            while _state(paths) == before:
                sleep(PAUSE)
    except KeyboardInterrupt:
        return INTERRUPTED


def _state(paths: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """Return when each file was written, and how long it is; of a folder those of all its files."""
    found = {}
    for path in map(Path, paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            with suppress(OSError):
                about = file.stat()
                found[str(file)] = (about.st_mtime_ns, about.st_size)
    return found


def _solve(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    from symback import batch
    from symback.batch import progress

    options["out"] = Path(options["out"])
    options["jobs"] = options["jobs"] or usable_cores()
    options["show"] = options["show"] or ""
    opens = options.pop("opens")
    with progress.watch() as watch:
        try:
            report = batch.solve(paths, batch.Options(**options), watch)
        except KeyboardInterrupt:
            click.echo(_stopped(watch), err=True)
            return INTERRUPTED
        except (SymbackError, OSError) as error:
            known = output.explained(error)
            output.say(output.in_words(known))
            return known.exit_code
    for line in report.lines():
        click.echo(line, err=True)
    if opens and (page := _first_page(options["out"])):
        click.launch(str(page))
    return report.exit_code


def _first_page(folder: Path) -> Path | None:
    """Return the index of a folder, or its first page; None where it has none."""
    pages = sorted(folder.glob("*.html"), key=lambda page: (page.name != "index.html", page.name))
    return pages[0] if pages else None


def _stopped(watch: Any) -> str:
    how_far = f"{watch.done:,} of {watch.found:,} problems are done" if watch.found else "nothing is done yet"
    return f"stopped: {how_far}; the same command with --resume goes on"
