"""A progress bar on stderr, where that is a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


class Watch:
    """Somebody who is told how far a run is; this one only remembers."""

    def __init__(self) -> None:
        self.found = 0
        self.done = 0

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        return None

    def find(self, problems: int) -> None:
        """So many more problems are to be worked."""
        self.found += problems

    def finish(self) -> None:
        """One more problem is done."""
        self.done += 1


class _BarWatch(Watch):
    def __init__(self, bar: Bar) -> None:
        super().__init__()
        self._bar = bar
        self._task = bar.add_task("problems", total=None)

    def __enter__(self) -> Watch:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def find(self, problems: int) -> None:
        super().find(problems)
        self._bar.update(self._task, total=self.found)

    def finish(self) -> None:
        super().finish()
        self._bar.update(self._task, completed=self.done)


def watch() -> Watch:
    """Return who watches a run: a bar on a terminal, else nobody."""
    if not sys.stderr.isatty():
        return Watch()
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return _BarWatch(Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=5))
