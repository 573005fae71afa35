"""The loss curve of a training as SVG: the loss over the epochs, on a logarithmic scale where it falls far.

The validation loss is a second curve, which is dashed and has squares, so that the two are told apart without colour.
Written by hand like the pictures of graphs: a curve and two axes need no plotting library.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, floor, isfinite, log10
from typing import Any, NamedTuple

from symback.errors import UsageError
from symback.page.names import SUPERSCRIPTS, unicode_name
from symback.page.pictures.numbers import drawn
from symback.page.prose import cleaned
from symback.page.quantities import number
from symback.page.solution import Picture

WIDE, HIGH, LEFT, FOOT, TOP, RIGHT = 448.0, 220.0, 64.0, 44.0, 40.0, 104.0  # points
MOST_POINTS = 400  # of the curve
FEW = 20  # epochs that get a dot each
LARGEST = 1e300  # what is not finite, or nearly so, is left out
LONGEST = 50  # letters of the title above the curve
FAR = 100  # the fall from which the scale is logarithmic: two decades
FONT = "DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif"
INK, PALE, GRID = "#1a1a1a", "#4b5563", "#d9dde3"
APART = 15.0  # points between the numbers at the ends of two curves
KEY = 26.0  # points of a curve in the key


class Course(NamedTuple):
    """A curve: what it shows, in a word; its colour, its dashes, and whether its dots are squares."""

    word: str
    colour: str
    dashes: str
    has_squares: bool


TRAINING, VALIDATION = Course("training", "#1b5e9b", "", False), Course("validation", "#b1400c", "6 3", True)
Points = Sequence[tuple[int, float]]  # epochs and losses


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
    if picture.thing.kind != "training":
        raise UsageError("A loss curve needs a training.", hint="Ask for it in a problem of the kind train.")
    return curve(picture.thing, picture.alt)


def curve(history: Any, words: str = "") -> str:
    """Return the loss curve of a training; `words` say what it shows to those who cannot see it."""
    courses = [(TRAINING, _shown(history.losses))]
    if history.validation_losses:
        courses.append((VALIDATION, _shown(history.validation_losses)))
    scale = scale_of([loss for _, points in courses for _, loss in points])
    body = [*_head(history, scale), *_grid(scale), *_epochs(history.epochs, len(courses) > 1)]
    for course, points in courses:
        body += _line(course, points, scale, history.epochs)
    body += [*_ends(courses, scale, history.epochs), *(_key(courses) if len(courses) > 1 else ())]
    width, height = LEFT + WIDE + RIGHT, TOP + HIGH + FOOT
    size = f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
    first = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" font-size="12">'
    paper = f'<rect width="{_n(width)}" height="{_n(height)}" fill="#ffffff"/>'
    return "\n".join([first, f"<title>{_escaped(words or said_of(history))}</title>", paper, *body, "</svg>\n"])


def _shown(losses: Sequence[float]) -> Points:
    return [(epoch, loss) for epoch, loss in enumerate(losses) if abs(loss) < LARGEST]


def said_of(history: Any) -> str:
    """Return a training in a sentence.

    >>> from symback.train import History
    >>> said_of(History((4.0, 1.0, 0.5), {}, "all epochs done"))
    'The loss L over 2 epochs: from 4 to 0.5.'
    """
    name = f"{history.title}: the" if history.title else "The"
    first, last = (number(history.losses[k], 4) for k in (0, -1))
    said = f"{name} loss {unicode_name(history.loss)} over {history.epochs} epochs: from {first} to {last}"
    if history.validation_losses:
        first, last = (number(history.validation_losses[k], 4) for k in (0, -1))
        said += f"; the validation loss: from {first} to {last}"
    return f"{said}."


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
            yield (
                10.0**power,
                f"10{str(power).translate(SUPERSCRIPTS)}" if abs(power) > 3 else drawn(number(10.0**power, 3)),
            )
        return
    step = _step(scale.high - scale.low)
    for k in range(round((scale.high - scale.low) / step) + 1):
        value = _tidy(scale.low + k * step)
        yield value, drawn(number(value, 6))


# --- parts of the picture -----------------------------------------------------------------------------------------


def _head(history: Any, scale: Scale) -> Iterator[str]:
    said = f"loss {unicode_name(history.loss)}" + (", logarithmic scale" if scale.is_log else "")
    if not all(map(isfinite, (*history.losses, *history.validation_losses))):
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


def _epochs(count: int, has_key: bool) -> Iterator[str]:
    """Yield the numbers of the epochs, and what they are: at the end where the middle is for the key."""
    step = max(1, round(_step(count))) if count else 1
    foot = TOP + HIGH
    for epoch in range(0, count + 1, step):
        x = _x(epoch, count)
        yield f'<path d="M{_n(x)} {_n(foot)}v4" stroke="{PALE}"/>'
        yield _text(str(epoch), x, foot + 18, "middle", PALE)
    x, anchor = (LEFT + WIDE, "end") if has_key else (LEFT + WIDE / 2, "middle")
    yield _text("epoch", x, foot + 36, anchor, PALE)


def _line(course: Course, shown: Points, scale: Scale, count: int) -> Iterator[str]:
    """Yield a curve, with a dot for each epoch where there are few."""
    if not shown:
        return
    every = max(1, len(shown) // MOST_POINTS)
    chosen = [*shown[:-1:every], shown[-1]]
    places = [(_x(epoch, count), scale.height(loss)) for epoch, loss in chosen]
    width = 2 if len(places) < MOST_POINTS else 1.2
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in places)
    look = f'fill="none" stroke="{course.colour}" stroke-width="{width}" stroke-linejoin="round"{_dashes(course)}'
    yield f'<polyline points="{points}" {look}/>'
    yield from (_dot(course, x, y) for x, y in (places if len(places) <= FEW + 1 else places[-1:]))


def _dashes(course: Course) -> str:
    return f' stroke-dasharray="{course.dashes}"' if course.dashes else ""


def _dot(course: Course, x: float, y: float) -> str:
    if course.has_squares:
        return f'<rect x="{_n(x - 3)}" y="{_n(y - 3)}" width="6" height="6" fill="{course.colour}"/>'
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3.2" fill="{course.colour}"/>'


def _ends(courses: Sequence[tuple[Course, Points]], scale: Scale, count: int) -> Iterator[str]:
    """Yield the last loss beside the end of each curve, moved apart where they would stand upon each other."""
    ends = [(scale.height(points[-1][1]), points[-1], course) for course, points in courses if points]
    ends.sort(key=lambda end: end[0])
    heights = [y for y, _, _ in ends]
    if len(heights) > 1 and heights[1] - heights[0] < APART:
        middle = sum(heights) / 2
        heights = [middle - APART / 2, middle + APART / 2]
    for y, (_, (epoch, loss), course) in zip(heights, ends, strict=True):
        yield _text(drawn(number(loss, 4)), _x(epoch, count) + 8, y + 4, "start", course.colour, bold=True)


def _key(courses: Sequence[tuple[Course, Points]]) -> Iterator[str]:
    """Yield what each curve shows, at the foot of the picture."""
    x, y = LEFT, TOP + HIGH + 36
    for course, _ in courses:
        line = f'stroke="{course.colour}" stroke-width="2"{_dashes(course)}'
        yield f'<path d="M{_n(x)} {_n(y - 4)}h{_n(KEY)}" {line}/>'
        yield _dot(course, x + KEY / 2, y - 4)
        yield _text(course.word, x + KEY + 6, y, "start", course.colour)
        x += KEY + 14 + 7.5 * len(course.word)


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
