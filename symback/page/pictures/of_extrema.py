"""The curve of a function of one variable as SVG, with its extrema marked; it needs no plotting library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from symback.errors import UsageError
from symback.expr.tree import Tree
from symback.page.maths import unicode
from symback.page.prose import cleaned
from symback.page.solution import Picture
from symback.verify import Undefined, approximate, evaluate

WIDE, HIGH, LEFT, TOP = 440.0, 260.0, 20.0, 34.0
STEPS = 240
ROOM = 1.0  # of the axis on each side, as a part of what the points span
LONGEST = 60
FONT = "DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif"
INK, PALE, LINE, MARK = "#1a1a1a", "#4b5563", "#1b5e9b", "#b1400c"
STEEP = 3.0  # heights of the picture between two points: the curve is broken there

Spots = Sequence[tuple[float, float] | None]


def svg(picture: Picture) -> str:
    """Return the curve of a function of one variable with its extrema; UsageError for any other thing."""
    found = picture.thing
    if getattr(found, "kind", "") != "extrema" or len(found.variables) != 1:
        raise UsageError("A curve shows the extrema of a function of one variable.", hint="Use the kind extrema.")
    low, high = _window(found)
    spots = list(_spots(found.function, found.variables[0], low, high))
    marks = [(_float(p.place[0][1]), _float(p.value_tree), p) for p in found.points]
    bottom, top = _heights(spots, [y for _, y, _ in marks])
    frame = _Frame(low, high, bottom, top)
    body = [*_axes(frame), *_curve(spots, frame), *_marks(marks, frame)]
    width, height = WIDE + 2 * LEFT, HIGH + TOP + 24
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    title = f"{found.name}({found.variables[0].name}) = {unicode(found.function)}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" font-size="12">',
            f"<title>{escape(' '.join(cleaned(picture.alt).split()))}</title>",
            f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>',
            _text(title if len(title) <= LONGEST else "The curve", LEFT, 20, "start", INK),
            *body,
            "</svg>\n",
        ]
    )


def _float(tree: Tree) -> float:
    value = approximate(tree)
    return 0.0 if value is None else value


def _window(found: Any) -> tuple[float, float]:
    """Return the part of the axis that is shown: the interval, or the points with some room around."""
    ends = [approximate(end) for end in found.interval or ()]
    if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
        return ends[0], ends[1]
    places = [_float(p.place[0][1]) for p in found.points] or [0.0]
    room = max(1.0, ROOM * (max(places) - min(places)))
    return min(places) - room, max(places) + room


def _spots(function: Tree, variable: Any, low: float, high: float) -> Iterator[tuple[float, float] | None]:
    for k in range(STEPS + 1):
        x = low + (high - low) * k / STEPS
        try:
            yield x, float(evaluate(function, {variable: x}, 20))
        except (Undefined, ArithmeticError, ValueError, OverflowError):
            yield None


def _heights(spots: Spots, marks: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and the highest value shown: most of the curve, and all marks."""
    values = sorted(y for _, y in filter(None, spots))
    if not values:
        return -1.0, 1.0
    inner = values[len(values) // 20 : len(values) - len(values) // 20] or values
    low, high = min([*inner, *marks]), max([*inner, *marks])
    room = 0.12 * (high - low) or 1.0
    return low - room, high + room


class _Frame:
    """Where numbers stand on the picture."""

    def __init__(self, low: float, high: float, bottom: float, top: float) -> None:
        self.low, self.high, self.bottom, self.top = low, high, bottom, top

    def x(self, value: float) -> float:
        return LEFT + WIDE * (value - self.low) / (self.high - self.low)

    def y(self, value: float) -> float:
        return TOP + HIGH * (self.top - value) / (self.top - self.bottom)


def _axes(frame: _Frame) -> Iterator[str]:
    yield f'<rect x="{LEFT:g}" y="{TOP:g}" width="{WIDE:g}" height="{HIGH:g}" fill="none" stroke="#d9dde3"/>'
    if frame.bottom < 0 < frame.top:
        yield f'<path d="M{LEFT:g} {frame.y(0):.1f}h{WIDE:g}" stroke="{PALE}"/>'
    if frame.low < 0 < frame.high:
        yield f'<path d="M{frame.x(0):.1f} {TOP:g}v{HIGH:g}" stroke="{PALE}"/>'


def _curve(spots: Spots, frame: _Frame) -> Iterator[str]:
    """Yield the curve, broken where the function has no value or leaps."""
    path = ""
    for before, spot in pairwise([None, *spots]):
        if spot is None or not (-HIGH < frame.y(spot[1]) < 3 * HIGH):
            continue
        leaps = before is None or abs(frame.y(spot[1]) - frame.y(before[1])) > STEEP * HIGH
        path += f"{'M' if leaps or not path else 'L'}{frame.x(spot[0]):.1f} {frame.y(spot[1]):.1f}"
    width = WIDE + 2 * LEFT
    yield f'<svg y="{TOP:g}" width="{width:g}" height="{HIGH:g}" viewBox="0 {TOP:g} {width:g} {HIGH:g}">'
    yield f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.8"/>'
    yield "</svg>"


def _marks(marks: Sequence[tuple[float, float, Any]], frame: _Frame) -> Iterator[str]:
    for x, y, point in marks:
        yield f'<circle cx="{frame.x(x):.1f}" cy="{frame.y(y):.1f}" r="4" fill="{MARK}"/>'
        above = point.type != "minimum"
        label = f"{point.type} ({unicode(point.place[0][1])}, {unicode(point.value_tree)})"
        label = label if len(label) < LONGEST // 2 else point.type
        place = min(max(frame.x(x), LEFT + 60), LEFT + WIDE - 60)
        yield _text(label, place, frame.y(y) + (-9 if above else 18), "middle", INK)


def _text(said: str, x: float, y: float, anchor: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(said)}</text>'
