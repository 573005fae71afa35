"""Curves over a variable as SVG: a function with its tangent, or with its Taylor polynomials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import floor, isfinite, log10
from typing import Any, NamedTuple

from mpmath import mp

from symback.calculus.worked import Plot, Words
from symback.errors import SymbackError
from symback.expr.tree import Tree, symbols_of
from symback.page.maths import unicode
from symback.page.prose import cleaned

WIDE, HIGH, LEFT, TOP, RIGHT, FOOT = 420.0, 280.0, 46.0, 14.0, 14.0, 34.0  # points
KEY = 18.0  # points of a line of the key
SAMPLES = 160
FONT = "DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif"
INK, PALE, GRID = "#1a1a1a", "#4b5563", "#d9dde3"
LOOKS = (("#1b5e9b", ""), ("#b1400c", "7 3"), ("#1f7a4d", "2 3"), ("#7a3fa0", "10 3 2 3"), ("#8a6d00", "4 4"))
Course = list[tuple[float, float]]


class Window(NamedTuple):
    """The part of the plane that is shown."""

    left: float
    right: float
    low: float
    high: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point stands on the page."""
        return (
            LEFT + WIDE * (x - self.left) / (self.right - self.left),
            TOP + HIGH - HIGH * (y - self.low) / (self.high - self.low),
        )


def svg_of(plot: Plot) -> str:
    """Return the picture; an empty text where nothing can be drawn, as where letters have no values."""
    variable = plot.names[0]
    if any(symbols_of(curve.tree) - {variable} for curve in plot.curves):
        return ""
    centre = plot.points[0][0] if plot.points else 0.0
    half = max(2.0, abs(centre))
    left, right = centre - half, centre + half
    courses = [_course(curve.tree, variable, left, right) for curve in plot.curves]
    if not courses[0]:
        return ""
    window = _window(left, right, courses, plot.points)
    body = [*_grid(window), *_names(plot.names, window)]
    for course, (colour, dashes) in zip(courses, LOOKS, strict=False):
        body += _lines(course, window, colour, dashes)
    body += [_dot(window.place(x, y)) for x, y in plot.points]
    body += _key(plot)
    height = TOP + HIGH + FOOT + KEY * len(plot.curves)
    width = LEFT + WIDE + RIGHT
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    first = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" font-size="12">'
    clip = f'<clipPath id="plane"><rect x="{LEFT:g}" y="{TOP:g}" width="{WIDE:g}" height="{HIGH:g}"/></clipPath>'
    paper = f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>'
    title = f"<title>{escape(alt_of(plot))}</title>"
    return "\n".join([first, title, clip, paper, *body, "</svg>\n"])


def alt_of(plot: Plot) -> str:
    """Return what a picture shows, in words."""
    said = [f"{_spoken(curve.name)} {unicode(curve.tree)}" for curve in plot.curves]
    at = "".join(f"; a dot at ({x:.4g}, {y:.4g})" for x, y in plot.points)
    return cleaned(f"Curves over {unicode(plot.names[0])}: {', '.join(said)}{at}.")


def _spoken(name: Words) -> str:
    return "".join(word if isinstance(word, str) else unicode(word) for word in name)


# --- values -----------------------------------------------------------------------------------------------------------


def _course(tree: Tree, variable: Any, left: float, right: float) -> Course:
    from symback.verify.boundaries import Values
    from symback.verify.values import Beyond

    values = Values(tree, variable, {})
    found: Course = []
    for i in range(SAMPLES + 1):
        x = left + (right - left) * i / SAMPLES
        try:
            y = values(mp.mpf(x))
        except (SymbackError, ArithmeticError, ValueError, Beyond):
            y = None
        found.append((x, float(y) if y is not None and abs(y) < 1e12 else float("nan")))
    return found if any(isfinite(y) for _, y in found) else []


def _window(left: float, right: float, courses: Sequence[Course], points: Sequence[tuple[float, float]]) -> Window:
    """Return what is shown: the first curve, without what shoots up near a pole, and the points."""
    heights = sorted(y for _, y in courses[0] if isfinite(y))
    inner = heights[len(heights) // 20 : len(heights) - len(heights) // 20] or heights
    low = min([inner[0], *(y for _, y in points)])
    high = max([inner[-1], *(y for _, y in points)])
    room = (high - low) * 0.15 or 1.0
    return Window(left, right, low - room, high + room)


# --- parts of the picture ---------------------------------------------------------------------------------------------


def _step(span: float, about: int = 6) -> float:
    power = 10.0 ** floor(log10(span / about))
    return next((k * power for k in (1.0, 2.0, 5.0) if span / (k * power) <= about + 1), 10 * power)


def _ticks(low: float, high: float) -> Iterator[float]:
    step = _step(high - low)
    first = floor(low / step) + 1
    for k in range(first, first + 20):
        if k * step > high:
            return
        yield float(f"{k * step:.10g}")


def _grid(window: Window) -> Iterator[str]:
    for x in _ticks(window.left, window.right):
        place, _ = window.place(x, 0)
        yield f'<path d="M{place:.1f} {TOP:g}V{TOP + HIGH:g}" stroke="{PALE if x == 0 else GRID}"/>'
        yield _text(f"{x:g}", place, TOP + HIGH + 15, "middle")
    for y in _ticks(window.low, window.high):
        _, place = window.place(0, y)
        yield f'<path d="M{LEFT:g} {place:.1f}H{LEFT + WIDE:g}" stroke="{PALE if y == 0 else GRID}"/>'
        yield _text(f"{y:g}", LEFT - 5, place + 4, "end")


def _names(names: tuple[Tree, Tree], window: Window) -> Iterator[str]:
    yield _text(unicode(names[0]), LEFT + WIDE, TOP + HIGH + 28, "end")
    yield _text(unicode(names[1]), LEFT + 4, TOP + 11, "start")


def _lines(course: Course, window: Window, colour: str, dashes: str) -> Iterator[str]:
    """Yield a curve in pieces: it is cut where it has no value, and where it jumps across the window."""
    piece: list[str] = []
    before = None
    tall = 4 * (window.high - window.low)
    for x, y in course:
        is_cut = not isfinite(y) or abs(y) > abs(window.high) + abs(window.low) + tall
        jumps = before is not None and not is_cut and abs(y - before) > tall / 2
        if is_cut or jumps:
            yield from _polyline(piece, colour, dashes)
            piece = []
        if not is_cut:
            a, b = window.place(x, y)
            piece.append(f"{a:.1f},{b:.1f}")
        before = None if is_cut else y
    yield from _polyline(piece, colour, dashes)


def _polyline(piece: Sequence[str], colour: str, dashes: str) -> Iterator[str]:
    if len(piece) > 1:
        look = f' stroke-dasharray="{dashes}"' if dashes else ""
        shape = f'fill="none" stroke="{colour}" stroke-width="2" clip-path="url(#plane)"{look}'
        yield f'<polyline points="{" ".join(piece)}" {shape}/>'


def _dot(place: tuple[float, float]) -> str:
    return f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="4" fill="{INK}"/>'


def _key(plot: Plot) -> Iterator[str]:
    for i, (curve, (colour, dashes)) in enumerate(zip(plot.curves, LOOKS, strict=False)):
        y = TOP + HIGH + FOOT + KEY * i + 4
        look = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield f'<path d="M{LEFT:g} {y:g}h26" stroke="{colour}" stroke-width="2"{look}/>'
        yield _text(f"{_spoken(curve.name)}: {unicode(curve.tree)}"[:70], LEFT + 34, y + 4, "start")


def _text(said: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{PALE}">{escape(cleaned(said))}</text>'
