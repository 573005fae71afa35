"""Training a network that a TOML file describes: the losses, why it ended and the trained parameters."""

from __future__ import annotations

import os
from pathlib import Path

import click

from symback.cli import output
from symback.cli.output import INTERRUPTED, Page
from symback.cli.questions import Given, load_engine, page_of
from symback.problems.kind import Kind


def ask(declared: type[Kind], texts: tuple[str, ...], given: Given, options: Given) -> int:
    """Train, print, and return the exit code; the options that are given are used instead of what the file says."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # so that the same file gives the same bits, and memory suffices
    page = page_of(declared, options)
    if page.format == "npz" and not page.path:
        raise click.UsageError("The format npz cannot be shown in a terminal; name a file with -o.")
    load_engine()
    try:
        is_stopped = _show(page, texts[0], given)
    except (KeyboardInterrupt, click.exceptions.Exit, click.ClickException):
        raise
    except Exception as error:
        known = output.explained(error)
        page.complain(known)
        page.close()
        return known.exit_code
    page.close()
    return INTERRUPTED if is_stopped else 0


def _show(page: Page, file: str, changed: Given) -> bool:
    """Train and show; tell whether it was stopped by hand."""
    from symback.train import train
    from symback.train.history import STOPPED

    history = train(Path(file.strip()), progress=True, **changed)
    output.show_all(page, [history])
    return history.reason == STOPPED
