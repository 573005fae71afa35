"""A sheet on its way through a run: its problems, the parts that are finished, its documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from symback.batch.failures import Reason
from symback.batch.plan import Output, Source
from symback.batch.report import Place
from symback.batch.task import Listed, Want
from symback.words import words_of


@dataclass
class SheetProgress:
    """A sheet: what it is made of, in the bytes that workers open, the parts there are, and what is missing."""

    place: Place
    source: Source
    title: str
    language: str
    cover: bytes
    problems: list[bytes]
    about: list[dict[str, Any]]
    outputs: tuple[Output, ...]
    parts: list[dict[str, str]]
    missing: int  # parts
    unwritten: int  # documents
    reasons: dict[int, Reason] = field(default_factory=dict)
    written: list[Output] = field(default_factory=list)
    wrong: int = 0
    right: int = 0

    @property
    def wants(self) -> tuple[Want, ...]:
        """How each problem is to be written."""
        return tuple(output.want for output in self.outputs)

    def forget(self) -> None:
        """Let go of what takes memory, when all is written."""
        self.parts.clear()
        self.problems.clear()

    def place_of(self, problem: int) -> Place:
        """Return the place of a problem."""
        return self.place._replace(problem=problem + 1)

    def called(self, problem: int | None = None) -> str:
        """Return what the sheet, or a problem of it, is called in messages."""
        name = f"{self.source}, variant {self.variant}" if self.variant else str(self.source)
        if problem is None:
            return name
        about = self.about[problem]
        return f"{name}: {about['id']} ({about['title']})" if about["title"] else f"{name}: {about['id']}"

    @property
    def variant(self) -> int | None:
        """The number of the variant that the sheet is, if it is one."""
        return self.about[0]["variant"] if self.about else None

    def listed(self) -> Listed:
        """Return what the page of contents says of the sheet."""
        said = words_of(self.language)
        title = f"{self.title}, {said.say(f'variant {self.variant}')}" if self.variant else self.title
        first = self.outputs[0].want.show
        written = [output for output in self.outputs if output in self.written]
        files = [(output.want.format, str(output), output.want.show != first) for output in written]
        return Listed(title, files, self.language, len(self.about), len(self.reasons), self.wrong, self.right)

    def key(self, problem: int) -> str:
        """Return the key under which the journal keeps a problem: it tells what is asked and how it is written."""
        return " ".join([self.about[problem]["key"], *map(str, self.wants)])

    def parts_for(self, want: Want) -> list[str]:
        """Return the parts of a document, in order."""
        return [parts.get(str(want), "") for parts in self.parts]

    def made_from(self, want: Want) -> str:
        """Return a fingerprint of all that a document is made from."""
        return fingerprint([str(want).encode(), self.cover, *(part.encode() for part in self.parts_for(want))])


def sheets_of(
    said: dict[str, Any], blob: bytes, place: Place, source: Source, outputs: Sequence[tuple[Output, ...]]
) -> list[SheetProgress]:
    """Return the sheets that a worker read from a file."""
    sheets = []
    for number, (about, its_outputs) in enumerate(zip(said["sheets"], outputs, strict=True)):
        problems = [{**problem, "variant": about["variant"]} for problem in about["problems"]]
        sheets.append(
            SheetProgress(
                place=place._replace(sheet=number),
                source=source,
                title=about["title"],
                language=about["language"],
                cover=blob[slice(*about["cover"])],
                problems=[blob[slice(*problem["span"])] for problem in problems],
                about=problems,
                outputs=its_outputs,
                parts=[{} for _ in problems],
                missing=len(problems),
                unwritten=len(its_outputs),
            )
        )
    return sheets


def fingerprint(pieces: Sequence[bytes]) -> str:
    """Return a hash of pieces that tells where one ends and the next begins."""
    whole = sha256()
    for piece in pieces:
        whole.update(b"%d " % len(piece))
        whole.update(piece)
    return whole.hexdigest()[:32]
