"""What a run tells when it is over: what failed and why, which given answers are wrong, and its exit code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from symback.batch.failures import Reason, visible

WRONG, UNREADABLE, SOME_FAILED = 1, 3, 4
VERIFICATION = "verification"
MOST_LINES = 200  # of each kind; who has more failures than that does not read them one by one


class Place(NamedTuple):
    """Where something happened, in the order of the files: a file, a variant of it, a problem (0: the whole)."""

    source: int
    sheet: int = 0
    problem: int = 0


class Failure(NamedTuple):
    """A problem, a file or a document that failed: its place, what it is called, and the reason."""

    place: Place
    what: str
    reason: Reason


class WrongAnswer(NamedTuple):
    """An answer given in a file that is not right: its place, the problem, the answers as text, and why not.

    The verdict is `wrong`, `unreadable` (`why` says what cannot be read) or `narrower` (`why` says where it is right).
    """

    place: Place
    what: str
    key: str
    given: str
    right: str
    verdict: str = "wrong"
    why: str = ""

    def said(self) -> str:
        """Return what is wrong with the answer, in a sentence."""
        if self.verdict == "narrower":
            return f"is right only {f'for {self.why}' if self.why else 'in a part of the domain'}; it is {self.right}"
        if self.verdict == "unreadable":
            return f"cannot be read: {self.why.rstrip('.')}; it is {self.right}"
        return f"is wrong; it is {self.right}" if self.right else "belongs to nothing that is asked"


@dataclass
class Report:
    """What a run has done so far."""

    files: int = 0
    read: int = 0
    problems: int = 0
    confirmed: int = 0
    undecided: int = 0
    resumed: int = 0
    written: int = 0
    failures: list[Failure] = field(default_factory=list)
    wrong: list[WrongAnswer] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """Return how the run ended.

        0; 1 where an answer or a verification is wrong; 3 where no file, or an answer, could not be read; 4 where
        something failed.
        """
        if not self.read:
            return UNREADABLE
        if any(failure.reason.code != VERIFICATION for failure in self.failures):
            return SOME_FAILED
        if self._count("wrong") or self.failures:
            return WRONG
        return UNREADABLE if self._count("unreadable") else 0

    def _count(self, verdict: str) -> int:
        return sum(answer.verdict == verdict for answer in self.wrong)

    def lines(self) -> Iterator[str]:
        """Yield what a person should know, in the order of the files."""
        yield from (f"note: {visible(text)}" for text in self.notes)
        for failure in sorted(self.failures, key=_place)[:MOST_LINES]:
            yield from _told(failure)
        for wrong in sorted(self.wrong, key=_place)[:MOST_LINES]:
            key = f" for {wrong.key}" if wrong.key else ""
            yield visible(f"{wrong.what}: the answer {wrong.given}{key} {wrong.said()}")
        hidden = max(0, len(self.failures) - MOST_LINES) + max(0, len(self.wrong) - MOST_LINES)
        if hidden:
            yield f"... and {hidden:,} more"
        yield self.summary()

    def summary(self) -> str:
        """Return how it went in a sentence."""
        parts = [f"{_counted(self.problems, 'problem')} in {_counted(self.files, 'file')}"]
        if self.resumed:
            parts.append(f"{self.resumed:,} of them done before")
        if self.confirmed:
            parts.append(f"{_counted(self.confirmed, 'given answer')} confirmed")
        if self.undecided:
            parts.append(f"{self.undecided:,} could not be checked")
        counts = {"narrower": "right only in a part", "unreadable": "that cannot be read", "wrong": "wrong"}
        parts += [f"{self._count(verdict):,} {said}" for verdict, said in counts.items() if self._count(verdict)]
        if self.failures:
            parts.append(f"{len(self.failures):,} failed")
        return f"{', '.join(parts)}; {_counted(self.written, 'document')} written"


def _place(what: Failure | WrongAnswer) -> Place:
    return what.place


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _told(failure: Failure) -> Iterator[str]:
    """Yield what failed and why, on one line where the reason is one line; a reason may name the file itself."""
    lines = visible(failure.reason.text).splitlines() or [""]
    what = visible(failure.what)
    if lines[0].startswith(what):
        yield from lines
    elif len(lines) == 1:
        yield f"{what}: {lines[0]}"
    else:
        yield f"{what}:"
        yield from (f"  {line}" for line in lines)
