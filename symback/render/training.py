"""A training as text, Markdown, JSON, and its loss curve as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import fill
from typing import Any

from symback.errors import UsageError
from symback.render.options import Options, distinct
from symback.render.quantities import is_array, nested, number, quantity, rows_of, shape_of
from symback.train.history import FALLEN

DIGITS = 6
BLOCKS = {True: "▁▂▃▄▅▆▇█", False: "._-=*#"}
BARS = 40  # columns of the curve


def render(thing: Any, format: str, options: Options) -> str | bytes:
    """Return a training in one of the formats of `FORMATS`."""
    if format not in FORMATS:
        raise UsageError(f"A training has no format {format!r}.", hint=f"Choose one of: {', '.join(FORMATS)}.")
    return FORMATS[format](thing, options)


# --- text -----------------------------------------------------------------------------------------------------------


def as_text(history: Any, options: Options) -> str:
    """Return the settings, the table of losses, its curve, the reason to stop and the trained parameters."""
    return "\n".join(line.rstrip() for line in _lines(history, options))


def _lines(history: Any, options: Options) -> Iterator[str]:
    if history.title:
        yield history.title
        yield ""
    said = [*what_is_trained(history, options), history.settings.words()]
    yield from (fill(f"{part}", options.columns, initial_indent="  ", subsequent_indent="    ") for part in said)
    yield ""
    epochs, losses = columns(history)
    widths = max(map(len, epochs)), max(map(len, losses))
    for epoch, loss in zip(epochs, losses, strict=True):
        yield f"  {epoch:>{widths[0]}}  {loss:<{widths[1]}}"
    if len(history.losses) > 2:
        yield ""
        yield f"  {_curve(history.losses, options.unicode)}"
    yield ""
    yield f"  {ending(history)}"
    if options.detail != "brief":
        yield ""
        yield from _parameters(history)


def what_is_trained(history: Any, options: Options) -> Iterator[str]:
    times = "×" if options.unicode else "x"
    data = ", ".join(f"{name} {_shape(shape, times)}" for name, shape in history.data)
    count = sum(_count(value) for value in history.parameters.values())
    yield f"loss {history.loss}; {'data ' + data if data else 'no data'}; {count} parameter{'s' * (count != 1)}"


def columns(history: Any) -> tuple[list[str], list[str]]:
    rows = list(history.rows())
    return ["epoch", *(str(epoch) for epoch, _ in rows)], ["loss", *(number(loss, DIGITS) for _, loss in rows)]


def _shape(shape: Sequence[int], times: str) -> str:
    return times.join(map(str, shape)) if shape else "a number"


def _count(value: Any) -> int:
    count = 1
    for size in shape_of(value):
        count *= size
    return count


def _curve(losses: Sequence[float], unicode: bool) -> str:
    """Return the losses as bars of a line of text, each for its part of the epochs."""
    bars = BLOCKS[unicode]
    width = min(BARS, len(losses))
    shown = [losses[round(k * (len(losses) - 1) / (width - 1))] for k in range(width)]
    low, high = min(shown), max(shown)
    span = high - low
    return "".join(bars[int((loss - low) / span * (len(bars) - 1) + 0.5)] if span else bars[0] for loss in shown)


def ending(history: Any) -> str:
    return f"{reason(history)}: {history.loss} = {last_loss(history)}"


def reason(history: Any) -> str:
    """Return why a training ended, and when, in words."""
    tolerance, losses = history.settings.tolerance, history.losses
    has_risen = losses[-1] > min(losses) + tolerance  # then it is no question of how much
    by = "" if history.reason != FALLEN or has_risen or not tolerance else f" by more than {number(tolerance)}"
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
    epochs, losses = columns(history)
    rows = [f"| {epoch} | {loss} |" for epoch, loss in zip(epochs, losses, strict=True)]
    parts.append("\n".join([rows[0], "|--:|:--|", *rows[1:]]))
    parts.append(escaped(ending(history)))
    if options.detail != "brief":
        parts.append("```text\n" + "\n".join(line.removeprefix("  ") for line in _parameters(history)) + "\n```")
    parts += [f"> note: {escaped(note)}" for note in distinct(history.notes) if options.notes]
    return "\n\n".join(parts)


# --- JSON -----------------------------------------------------------------------------------------------------------


def as_object(history: Any) -> dict[str, Any]:
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
        "epochs": history.epochs,
        "reason": history.reason,
        "parameters": {name: nested(value) for name, value in history.parameters.items()},
    }


def as_json(history: Any, options: Options) -> str:
    """Return the object on one line."""
    from symback.render.json import one_line

    return one_line(as_object(history))


# --- the curve ------------------------------------------------------------------------------------------------------


def as_svg(history: Any, options: Options) -> str:
    """Return the loss over the epochs as a picture."""
    from symback.render.picture.loss import curve

    return curve(history)


def as_npz(history: Any, options: Options) -> bytes:
    """Return the trained parameters as an .npz file, which `backprop --values` and the next training read."""
    from io import BytesIO

    import numpy as np

    file = BytesIO()
    arrays: dict[str, Any] = {name: np.asarray(value) for name, value in history.parameters.items()}
    np.savez(file, **arrays)
    return file.getvalue()


FORMATS: dict[str, Callable[[Any, Options], str | bytes]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
    "svg": as_svg,
    "npz": as_npz,
}
