"""A training as text, Markdown, JSON, and its loss curve as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from math import isfinite
from typing import Any

from symback.expr.numeric import numpy
from symback.page.options import Options, distinct
from symback.page.quantities import nested, number, shape_of
from symback.train.history import FALLEN, VALIDATION_FALLEN

DIGITS = 6


def what_is_trained(history: Any) -> Iterator[str]:
    """Yield what the loss and the data are, and how many parameters there are."""
    data, held = (
        ", ".join(f"{name} {_shape(shape)}" for name, shape in shapes) for shapes in (history.data, history.validation)
    )
    count = sum(_count(value) for value in history.parameters.values())
    given = (f"data {data}" if data else "no data") + (f"; validation {held}" if held else "")
    yield f"loss {history.loss}; {given}; {count} parameter{'s' * (count != 1)}"


def columns(history: Any) -> list[list[str]]:
    """Return the columns of the table, each with its name on top: those for which something was measured."""
    rows = list(history.rows())
    found = [["epoch", *(str(epoch) for epoch, _ in rows)]]
    for name, write, values in zip(MEASURED, WRITTEN, zip(*(row for _, row in rows), strict=True), strict=True):
        if None not in values:
            found.append([name, *map(write, values)])
    return found


def loss_words(loss: float) -> str:
    """Return a loss as a number, where it is one.

    >>> loss_words(0.123456789), loss_words(float("inf"))
    ('0.123457', 'not finite')
    """
    return number(loss, DIGITS) if isfinite(loss) else "not finite"


def percent(part: float) -> str:
    """Return a part as a percentage; only what is whole is called 100%.

    >>> percent(0.9443), percent(1.0), percent(0.9999)
    ('94.4%', '100%', '99.9%')
    """
    return "100%" if part == 1 else f"{min(100 * part, 99.9):.1f}%"


MEASURED = ("loss", "validation loss", "accuracy", "validation accuracy")  # the fields of a row, in words
WRITTEN: tuple[Callable[[Any], str], ...] = (loss_words, loss_words, percent, percent)


def _shape(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape)) if shape else "a number"


def _count(value: Any) -> int:
    count = 1
    for size in shape_of(value):
        count *= size
    return count


def beside(row: Any) -> Iterator[str]:
    """Yield what was measured beside the loss, in words: `validation loss 0.25`, `accuracy 94.4%`."""
    for name, write, value in zip(MEASURED[1:], WRITTEN[1:], row[1:], strict=True):
        if value is not None:
            yield f"{name} {write(value)}"


def kept(history: Any) -> str:
    """Return which parameters were kept where they are not the last ones; "" where they are."""
    if history.best is None:
        return ""
    row = history.row(history.best)
    said = ", ".join([f"{history.loss} = {loss_words(row.loss)}", *beside(row)])
    which = "validation loss" if row.validation_loss is not None else "loss"
    return f"the parameters are those of epoch {history.best}, which has the least {which}: {said}"


def reason(history: Any) -> str:
    """Return why a training ended, and when, in words."""
    tolerance = history.settings.tolerance
    watched = history.validation_losses or history.losses
    has_risen = watched[-1] > min(watched) + tolerance  # then it is no question of how much
    has_fallen = history.reason in (FALLEN, VALIDATION_FALLEN)
    by = "" if not has_fallen or has_risen or not tolerance else f" by more than {number(tolerance)}"
    return f"{history.reason}{by} after {history.epochs} epoch{'s' * (history.epochs != 1)}"


def last_loss(history: Any) -> str:
    """Return the last loss as a number."""
    return number(history.losses[-1], DIGITS)


# --- JSON -----------------------------------------------------------------------------------------------------------


def as_object(history: Any, options: Options) -> dict[str, Any]:
    """Return a training as the object that its JSON is: every loss and every parameter in full."""
    settings = {name: getattr(history.settings, name) for name in type(history.settings).__dataclass_fields__}
    return {
        "schema": 1,
        "kind": "training",
        "title": history.title,
        "notes": distinct(history.notes),
        "loss": history.loss,
        "data": {name: list(shape) for name, shape in history.data},
        "settings": settings,
        "losses": list(history.losses),
        "validation": {name: list(shape) for name, shape in history.validation},
        "validation_losses": [loss if isfinite(loss) else None for loss in history.validation_losses],
        "accuracies": list(history.accuracies),
        "validation_accuracies": list(history.validation_accuracies),
        "kept": history.kept,
        "epochs": history.epochs,
        "reason": history.reason,
        "parameters": {name: nested(value) for name, value in history.parameters.items()},
    }


# --- the curve ------------------------------------------------------------------------------------------------------


def as_svg(history: Any, options: Options) -> str:
    """Return the loss over the epochs as a picture."""
    return str(import_module("symback.page.pictures.loss").curve(history))  # drawn when a picture is asked for


def as_npz(history: Any, options: Options) -> bytes:
    """Return the trained parameters as an .npz file, which `backprop --values` and the next training read."""
    from io import BytesIO

    np = numpy()
    file = BytesIO()
    arrays: dict[str, Any] = {name: np.asarray(value) for name, value in history.parameters.items()}
    np.savez(file, **arrays)
    return file.getvalue()


FORMATS: dict[str, Callable[[Any, Options], str | bytes]] = {
    "svg": as_svg,
    "npz": as_npz,
}
