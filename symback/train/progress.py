"""A progress bar on stderr, where a person watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite

from symback.train.history import Row

Report = Callable[[int, Row], None]  # epochs done, and what was measured then


def _silent(epoch: int, row: Row) -> None:
    pass


def said(row: Row) -> str:
    """Return what was measured, for the bar.

    >>> said(Row(0.25)), said(Row(0.25, 0.3125, 0.95, 0.9))
    ('loss 0.25', 'loss 0.25, validation 0.3125, accuracy 95.0%, validation 90.0%')
    >>> said(Row(0.25, float("inf")))
    'loss 0.25, validation not finite'
    """
    words = ("loss", "validation", "accuracy", "validation")
    forms = ("{:.6g}", "{:.6g}", "{:.1%}", "{:.1%}")
    pairs = zip(words, forms, row, strict=True)
    return ", ".join(
        f"{word} {form.format(value) if isfinite(value) else 'not finite'}"
        for word, form, value in pairs
        if value is not None
    )


@contextmanager
def progress_bar(epochs: int, wanted: bool) -> Iterator[Report]:
    """Show how far the training is, and its loss; nothing where stderr is not a terminal."""
    if not wanted or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[loss]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("training", total=epochs, loss="")
        yield lambda epoch, row: progress.update(task, completed=epoch, loss=said(row))
