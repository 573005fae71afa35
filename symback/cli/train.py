"""The command for training: a TOML file in; the losses, why it ended and the trained parameters out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from symback.cli import output
from symback.cli.arguments import SUFFIXES, ExpressionCommand
from symback.cli.output import Page
from symback.front_page import COMMANDS

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
FORMATS = ("text", "markdown", "json", "svg", "npz")


@click.command("train", cls=ExpressionCommand, short_help=COMMANDS["train"], context_settings=CONTEXT)
@click.argument("file", metavar="FILE")
@click.option("--epochs", type=click.IntRange(0), help="Maximum number of epochs.  [default: as FILE says]")
@click.option(
    "--seed", type=click.IntRange(0), help="Random seed for initial values and shuffling.  [default: as FILE says]"
)
@click.option(
    "--detail",
    type=click.Choice(["brief", "normal", "full"]),
    default="normal",
    help="brief leaves out the parameters.",
)
@click.option(
    "--format",
    "format_",
    metavar="FORMAT",
    help="text, markdown, json; svg for the curve, npz for the parameters.  [default: by OUTPUT]",
)
@click.option("-o", "--output", metavar="OUTPUT", help="Write to OUTPUT (atomically) instead of stdout.")
@click.option("--force", is_flag=True, help="Let -o replace a file.")
def train(file: str, **options: Any) -> Callable[[], int]:
    """Train the network that the TOML file FILE describes.

    \b
    symback train xor.toml
    symback train xor.toml --epochs 2000 -o trained.json
    symback train xor.toml -o curve.svg
    symback train xor.toml -o weights.npz

    FILE needs graph and data; optional keys: title, validation (data, or a part such as 0.2), constants, parameters,
    seed, loss, accuracy, labels, method (full, stochastic, mini-batch), batch, learning_rate, momentum, adam, epochs,
    tolerance, patience, best, axis, symbols. An input without data is a parameter. A progress bar is shown when stderr
    is a terminal. Ctrl-C stops the training; the parameters reached so far are printed and written.
    """  # fmt: skip
    return partial(_train, file, options)


def _train(file: str, options: dict[str, Any]) -> int:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # so that the same file gives the same bits, and memory suffices
    from symback.cli import INTERRUPTED
    from symback.cli.questions import load_engine

    page = Page(_format(options["format_"], options["output"]), options["detail"], options["output"], options["force"])
    load_engine()
    changed = {name: options[name] for name in ("epochs", "seed") if options[name] is not None}
    try:
        is_stopped = _show(page, file, changed)
    except (KeyboardInterrupt, click.exceptions.Exit, click.ClickException):
        raise
    except Exception as error:
        known = output.explained(error)
        page.complain(known)
        page.close()
        return known.exit_code
    page.close()
    return INTERRUPTED if is_stopped else 0


def _show(page: Page, file: str, changed: dict[str, Any]) -> bool:
    """Train and show; tell whether it was stopped by hand."""
    from pathlib import Path

    from symback.render import options_for, render
    from symback.train import train as engine
    from symback.train.history import STOPPED

    history = engine(Path(file.strip()), progress=True, **changed)
    notes = page.path is not None or page.format != "text"
    if not notes:
        for remark in dict.fromkeys(history.notes):
            output.note(remark)
    stream = {"colour": False} if page.path else options_for(sys.stdout)
    page.write(render(history, page.format, page.detail, notes=notes, **stream))
    return history.reason == STOPPED


def _format(name: str | None, path: str | None) -> str:
    from pathlib import Path

    suffix = Path(path or "").suffix.lower()
    wanted = name or (suffix[1:] if suffix in (".svg", ".npz") else SUFFIXES.get(suffix, "text"))
    if wanted not in FORMATS:
        raise click.UsageError(f"A training has no format {wanted[:60]!r}; there are {', '.join(FORMATS)}.")
    if wanted == "npz" and not path:
        raise click.UsageError("Parameters in the form npz are no text; name a file with -o.")
    return wanted
