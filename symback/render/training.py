"""A training as text, Markdown, JSON, and its loss curve as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from textwrap import fill
from typing import Any

from symback.numeric import numpy
from symback.render.options import Options, distinct
from symback.render.quantities import is_array, nested, number, quantity, rows_of, shape_of
from symback.train.history import FALLEN, VALIDATION_FALLEN

DIGITS = 6
BLOCKS = {True: "▁▂▃▄▅▆▇█", False: "._-=*#"}
BARS = 40  # columns of the curve


# --- text -----------------------------------------------------------------------------------------------------------


def lines(history: Any, options: Options) -> Iterator[str]:
    """Yield the settings, the table of losses, its curve, the reason to stop and the trained parameters."""
    if history.title:
        yield history.title
        yield ""
    said = [*what_is_trained(history, options), history.settings.words()]
    yield from (fill(f"{part}", options.columns, initial_indent="  ", subsequent_indent="    ") for part in said)
    yield ""
    epochs, *others = columns(history)
    widths = [max(map(len, column)) for column in (epochs, *others)]
    for epoch, *cells in zip(epochs, *others, strict=True):
        rest = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        yield f"  {epoch:>{widths[0]}}  {rest}"
    if len(history.losses) > 2:
        yield ""
        yield from _curves(history, options.unicode)
    yield ""
    for part in (ending(history), kept(history)):
        if part:
            yield fill(part, options.columns, initial_indent="  ", subsequent_indent="    ")
    if options.detail != "brief":
        yield ""
        yield from _parameters(history)


def what_is_trained(history: Any, options: Options) -> Iterator[str]:
    times = "×" if options.unicode else "x"
    data, held = (
        ", ".join(f"{name} {_shape(shape, times)}" for name, shape in shapes)
        for shapes in (history.data, history.validation)
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


def _shape(shape: Sequence[int], times: str) -> str:
    return times.join(map(str, shape)) if shape else "a number"


def _count(value: Any) -> int:
    count = 1
    for size in shape_of(value):
        count *= size
    return count


def _curves(history: Any, unicode: bool) -> Iterator[str]:
    """Yield the losses as bars, and below them those of the validation data on the same scale."""
    courses = [course for course in (history.losses, history.validation_losses) if course]
    finite = [loss for course in courses for loss in course if isfinite(loss)]
    names = ("loss        ", "validation  ") if len(courses) > 1 else ("",)
    for name, course in zip(names, courses, strict=True):
        yield f"  {name}{_curve(course, min(finite), max(finite), unicode)}"


def _curve(losses: Sequence[float], low: float, high: float, unicode: bool) -> str:
    """Return losses as bars of a line of text, each for its part of the epochs; none for what is not finite."""
    bars = BLOCKS[unicode]
    width = min(BARS, len(losses))
    shown = [losses[round(k * (len(losses) - 1) / (width - 1))] for k in range(width)]
    span = (high - low) or 1.0
    return "".join(bars[int((loss - low) / span * (len(bars) - 1) + 0.5)] if isfinite(loss) else " " for loss in shown)


def ending(history: Any) -> str:
    """Return why a training ended, and what was measured then."""
    return ", ".join(
        [f"{reason(history)}: {history.loss} = {last_loss(history)}", *beside(history.row(history.epochs))]
    )


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


def _parameters(history: Any) -> Iterator[str]:
    width = max(len(name) for name in history.parameters)
    for name, value in history.parameters.items():
        rows = _rows(value)
        yield f"  {name:<{width}} = {rows[0]}"
        yield from (f"  {'':<{width}}   {row}" for row in rows[1:])


def _rows(value: Any) -> list[str]:
    """Return a number or an array, a matrix on a line each row, large ones abridged."""
    if len(shape_of(value)) > 2:
        return [f"an array of {_shape(shape_of(value), 'x')}"]
    if not is_array(value):
        return [quantity(value, DIGITS)]
    rows = rows_of(value)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["[" + "  ".join(f"{c:>{w}}" for c, w in zip(row, widths, strict=True)) + "]" for row in rows]


# --- Markdown -------------------------------------------------------------------------------------------------------


def as_markdown(history: Any, options: Options) -> str:
    """Return the same as Markdown."""
    from symback.render.markdown import escaped

    parts = [f"**{escaped(history.title)}**"] if history.title else []
    parts += [escaped(part) for part in (*what_is_trained(history, options), history.settings.words())]
    table = columns(history)
    rows = [f"| {' | '.join(cells)} |" for cells in zip(*table, strict=True)]
    parts.append("\n".join([rows[0], "|--:|" + ":--|" * (len(table) - 1), *rows[1:]]))
    parts += [escaped(part) for part in (ending(history), kept(history)) if part]
    if options.detail != "brief":
        parts.append("```text\n" + "\n".join(line.removeprefix("  ") for line in _parameters(history)) + "\n```")
    parts += [f"> note: {escaped(note)}" for note in distinct(history.notes) if options.notes]
    return "\n\n".join(parts)


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
    from symback.render.picture.loss import curve

    return curve(history)


def as_npz(history: Any, options: Options) -> bytes:
    """Return the trained parameters as an .npz file, which `backprop --values` and the next training read."""
    from io import BytesIO

    np = numpy()
    file = BytesIO()
    arrays: dict[str, Any] = {name: np.asarray(value) for name, value in history.parameters.items()}
    np.savez(file, **arrays)
    return file.getvalue()


FORMATS: dict[str, Callable[[Any, Options], str | bytes]] = {
    "markdown": as_markdown,
    "svg": as_svg,
    "npz": as_npz,
}
