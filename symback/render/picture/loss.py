"""The loss curve of a training as SVG: the loss over the epochs, on a logarithmic scale where it falls far.

Written by hand like the pictures of graphs: a curve and two axes need no plotting library.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, floor, isfinite, log10
from typing import Any, NamedTuple

from symback.errors import UsageError
from symback.render.names import SUPERSCRIPTS, unicode_name
from symback.render.options import kind_of
from symback.render.prose import cleaned
from symback.render.quantities import number
from symback.solution import Picture

WIDE, HIGH, LEFT, FOOT, TOP, RIGHT = 448.0, 220.0, 64.0, 44.0, 40.0, 70.0  # points
MOST_POINTS = 400  # of the curve
FEW = 20  # epochs that get a dot each
LARGEST = 1e300  # what is not finite, or nearly so, is left out
LONGEST = 50  # letters of the title above the curve
FAR = 100  # the fall from which the scale is logarithmic: two decades
FONT = "DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif"
INK, PALE, GRID, CURVE = "#1a1a1a", "#4b5563", "#d9dde3", "#1b5e9b"


class Scale(NamedTuple):
    """The losses at the foot and the top of the picture, and whether heights are logarithms."""

    low: float
    high: float
    is_log: bool

    def height(self, loss: float) -> float:
        """Return how far a loss lies below the top of the page, in points."""
        low, high, here = (log10(v) if self.is_log else v for v in (self.low, self.high, loss))
        return TOP + HIGH - HIGH * (here - low) / (high - low)


def svg(picture: Picture) -> str:
    """Return the loss curve of a training; UsageError for any other thing."""
    if kind_of(picture.thing) != "training":
        raise UsageError("A loss curve needs a training.", hint="Ask for it in a problem of the kind train.")
    return curve(picture.thing, picture.alt)


def curve(history: Any, words: str = "") -> str:
    """Return the loss curve of a training; `words` say what it shows to those who cannot see it."""
    shown = [(epoch, loss) for epoch, loss in enumerate(history.losses) if abs(loss) < LARGEST]
    scale = scale_of([loss for _, loss in shown])
    body = [*_head(history, scale), *_grid(scale), *_epochs(history.epochs), *_line(shown, scale, history.epochs)]
    width, height = LEFT + WIDE + RIGHT, TOP + HIGH + FOOT
    size = f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
    first = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" font-size="12">'
    paper = f'<rect width="{_n(width)}" height="{_n(height)}" fill="#ffffff"/>'
    return "\n".join([first, f"<title>{_escaped(words or said_of(history))}</title>", paper, *body, "</svg>\n"])


def said_of(history: Any) -> str:
    """Return a training in a sentence.

    >>> from symback.train import History
    >>> said_of(History((4.0, 1.0, 0.5), {}, "all epochs done"))
    'The loss L over 2 epochs: from 4 to 0.5.'
    """
    name = f"{history.title}: the" if history.title else "The"
    first, last = (number(history.losses[k], 4) for k in (0, -1))
    return f"{name} loss {unicode_name(history.loss)} over {history.epochs} epochs: from {first} to {last}."


# --- scales -------------------------------------------------------------------------------------------------------


def scale_of(losses: Sequence[float]) -> Scale:
    """Return the scale on which losses are shown; zero is on it where they come near.

    >>> scale_of([4.0, 1.0, 0.5]), scale_of([4.0, 0.001])
    (Scale(low=0.0, high=4.0, is_log=False), Scale(low=0.001, high=10.0, is_log=True))
    """
    low, high = min(losses, default=0.0), max(losses, default=1.0)
    if low > 0 and high > FAR * low:
        return Scale(10.0 ** floor(log10(low)), 10.0 ** ceil(log10(high)), True)
    if high > 0 and 0 <= low <= 0.6 * high:
        low = 0.0
    if high == low:
        low, high = (low - 1, high + 1) if low == 0 else (low - abs(low) / 2, high + abs(high) / 2)
    step = _step(high - low)
    return Scale(_tidy(floor(low / step + 1e-9) * step), _tidy(ceil(high / step - 1e-9) * step), False)


def _step(span: float, about: int = 5) -> float:
    """Return 1, 2 or 5 times a power of ten, so that a span has about so many steps."""
    power = 10.0 ** floor(log10(span / about))
    return next((k * power for k in (1.0, 2.0, 5.0) if span / (k * power) <= about + 1), 10 * power)


def _tidy(value: float) -> float:
    return float(f"{value:.12g}")


def _ticks(scale: Scale) -> Iterator[tuple[float, str]]:
    """Yield the losses that have a line of their own, with their labels."""
    if scale.is_log:
        first, last = round(log10(scale.low)), round(log10(scale.high))
        for power in range(first, last + 1, max(1, ceil((last - first) / 6))):
            yield 10.0**power, f"10{str(power).translate(SUPERSCRIPTS)}" if abs(power) > 3 else number(10.0**power, 3)
        return
    step = _step(scale.high - scale.low)
    for k in range(round((scale.high - scale.low) / step) + 1):
        value = _tidy(scale.low + k * step)
        yield value, number(value, 6)


# --- parts of the picture -----------------------------------------------------------------------------------------


def _head(history: Any, scale: Scale) -> Iterator[str]:
    said = f"loss {unicode_name(history.loss)}" + (", logarithmic scale" if scale.is_log else "")
    if not all(map(isfinite, history.losses)):
        said += ", no longer finite"
    name = history.title if len(history.title) <= LONGEST else history.title[: LONGEST - 1] + "…"
    title = f"{name}: {said}" if name else said[:1].upper() + said[1:]
    yield _text(title, LEFT, 22, "start", INK, bold=True)


def _grid(scale: Scale) -> Iterator[str]:
    for loss, label in _ticks(scale):
        y = scale.height(loss)
        yield f'<path d="M{_n(LEFT)} {_n(y)}H{_n(LEFT + WIDE)}" stroke="{GRID}"/>'
        yield _text(label, LEFT - 8, y + 4, "end", PALE)
    yield f'<path d="M{_n(LEFT)} {_n(TOP)}V{_n(TOP + HIGH)}H{_n(LEFT + WIDE)}" fill="none" stroke="{PALE}"/>'


def _epochs(count: int) -> Iterator[str]:
    step = max(1, round(_step(count))) if count else 1
    foot = TOP + HIGH
    for epoch in range(0, count + 1, step):
        x = _x(epoch, count)
        yield f'<path d="M{_n(x)} {_n(foot)}v4" stroke="{PALE}"/>'
        yield _text(str(epoch), x, foot + 18, "middle", PALE)
    yield _text("epoch", LEFT + WIDE / 2, foot + 36, "middle", PALE)


def _line(shown: Sequence[tuple[int, float]], scale: Scale, count: int) -> Iterator[str]:
    """Yield the curve, a dot for each epoch where there are few, and the last loss beside its end."""
    if not shown:
        return
    every = max(1, len(shown) // MOST_POINTS)
    chosen = [*shown[:-1:every], shown[-1]]
    places = [(_x(epoch, count), scale.height(loss)) for epoch, loss in chosen]
    width = 2 if len(places) < MOST_POINTS else 1.2
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in places)
    yield f'<polyline points="{points}" fill="none" stroke="{CURVE}" stroke-width="{width}" stroke-linejoin="round"/>'
    dots = places if len(places) <= FEW + 1 else places[-1:]
    yield from (f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3.2" fill="{CURVE}"/>' for x, y in dots)
    yield _text(number(shown[-1][1], 4), places[-1][0] + 8, places[-1][1] + 4, "start", CURVE, bold=True)


def _x(epoch: int, count: int) -> float:
    return LEFT + WIDE * epoch / max(1, count)


def _text(text: str, x: float, y: float, anchor: str, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}"{weight}>{_escaped(text)}</text>'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _escaped(text: str) -> str:
    return escape(" ".join(cleaned(text).split()))
