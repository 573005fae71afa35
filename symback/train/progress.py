"""A progress bar on stderr, where a person watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[int, float], None]  # epochs done and the loss


def _silent(epoch: int, loss: float) -> None:
    pass


@contextmanager
def progress_bar(epochs: int, wanted: bool) -> Iterator[Report]:
    """Show how far the training is, and its loss; nothing where stderr is no terminal."""
    if not wanted or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[loss]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("training", total=epochs, loss="")
        yield lambda epoch, loss: progress.update(task, completed=epoch, loss=f"loss {loss:.6g}")
