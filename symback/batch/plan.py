"""What a run reads and what it writes, decided by names alone, before any work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from symback.batch.folder import Names
from symback.batch.names import folded, safe_name
from symback.batch.task import Want
from symback.errors import UsageError
from symback.problems.file.settings import companions

NOTES = (".md", ".qmd")
ENDINGS = (".toml", *NOTES)
WORTH_A_WORKER = 8000  # bytes of problem files: some 100 short problems
KEYS = "keys"  # the folder of the keys of variants
INDEX: Names = ("index.html",)


@dataclass(frozen=True)
class Options:
    """How a run is asked for; no `formats` stands for html, and for lecture notes Markdown.

    `count` is the number of variants of each sheet, None for the sheet as it is; `show` is "" where it was not said.
    """

    out: Path
    formats: tuple[str, ...] = ()
    show: str = ""
    jobs: int = 1
    resume: bool = False
    force: bool = False
    count: int | None = None
    seed: int = 0
    cluster: str = ""

    @property
    def every_format(self) -> tuple[str, ...]:
        """The formats in which anything may be written."""
        return self.formats or ("html", "markdown")

    def formats_of(self, source: Source) -> tuple[str, ...]:
        """Return the formats in which a file is written."""
        return self.formats or (("markdown",) if source.path.suffix in NOTES else ("html",))

    @property
    def shown(self) -> str:
        """How much a sheet shows: all of it, but of variants, which are for pupils, the problems alone."""
        return self.show or ("steps" if self.count is None else "problems")


class Source(NamedTuple):
    """A file to be read: its path, whether a folder was given that it lies in, and what its outputs are called."""

    path: Path
    in_folder: bool
    folders: Names
    name: str

    def __str__(self) -> str:
        return str(self.path)


class Output(NamedTuple):
    """A file to be written, below the folder of the outputs."""

    names: Names
    want: Want

    def __str__(self) -> str:
        return "/".join(self.names)


def sources_of(paths: Iterable[str], skip: Callable[[Path], bool]) -> tuple[Source, ...]:
    """Return the files that paths stand for, each once, in order: of a folder all .toml and .md files, but for `skip`.

    Folders inside are gone through too, not those whose name begins with a dot and not through links.
    """
    found: dict[Path, Source] = {}
    for given in map(Path, paths):
        inside = _files_in(given) if given.is_dir() else None
        for path in [given] if inside is None else inside:
            real = path.resolve()
            if inside is None or not skip(real):
                found.setdefault(real, _source(path, None if inside is None else given))
    return tuple(found.values())


def workers_for(paths: Iterable[str], options: Options) -> int:
    """Return how many workers are worth starting at once: one for each part of the files that takes as long as it."""
    sizes = 0
    for given in map(Path, paths):
        with suppress(OSError):
            sizes += sum(path.stat().st_size for path in (_files_in(given) if given.is_dir() else [given]))
    return min(options.jobs, 1 + sizes * (options.count or 1) // WORTH_A_WORKER)


def _source(path: Path, folder: Path | None) -> Source:
    below = path.relative_to(folder).parts[:-1] if folder else ()
    return Source(path, folder is not None, tuple(map(safe_name, below)), safe_name(path.stem))


def _files_in(folder: Path) -> list[Path]:
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in files if name.endswith(ENDINGS) and not name.startswith(".")]
    others = companions(found)
    sheets = [path for path in found if path.resolve() not in others] if others else found
    return sorted(sheets, key=lambda path: path.parts)


def outputs_of(source: Source, options: Options, suffixes: Mapping[str, str]) -> list[tuple[Output, ...]]:
    """Return the outputs of a file: for the sheet, or for each variant, those in each format.

    A variant that does not show all steps has a key besides, which does.
    """
    if options.count is None:
        return [tuple(_outputs(source, source.name, options.shown, options, suffixes))]
    width = max(2, len(str(options.count)))
    sheets = []
    for number in range(1, options.count + 1):
        name = f"{source.name}-{number:0{width}}"
        outputs = [*_outputs(source, name, options.shown, options, suffixes)]
        if options.shown != "steps":
            keys = source._replace(folders=(*source.folders, KEYS))
            outputs += _outputs(keys, f"{name}-key", "steps", options, suffixes)
        sheets.append(tuple(outputs))
    return sheets


def _outputs(source: Source, name: str, show: str, options: Options, suffixes: Mapping[str, str]) -> Iterator[Output]:
    for format_ in options.formats_of(source):
        suffix = source.path.suffix if source.path.suffix in NOTES and format_ == "markdown" else suffixes[format_]
        yield Output((*source.folders, name + suffix), Want(format_, show))


def check_distinct(sources: Sequence[Source], outputs: Sequence[list[tuple[Output, ...]]]) -> None:
    """Refuse two files whose outputs would have one name, also on a system that does not tell capitals apart."""
    owners: dict[str, Source] = {}
    for source, sheets in zip(sources, outputs, strict=True):
        for output in (output for sheet in sheets for output in sheet):
            other = owners.setdefault(folded(str(output)), source)
            if other is not source:
                raise UsageError(
                    f"{other} and {source} would both be written to {output}.",
                    hint="Rename one of them, give the folder that holds both, or solve them into two folders.",
                )
