"""The contour picture: level lines of a function of two variables, and its gradient as an arrow at a point.

Both axes have one scale, so the arrow stands at a right angle to the level line through its foot. Values come from the
operations that graphs run on; where the function has no real value the picture stays blank.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from io import StringIO
from math import floor, hypot, isfinite, log10
from typing import Any, NamedTuple

from symback.calculus.partials import Partials
from symback.errors import UsageError
from symback.expr.numeric import numpy
from symback.expr.tree import Neg, Plus, Tree, symbols_of, without_lets
from symback.page.evaluated import RESULT, graph_of
from symback.page.maths import unicode
from symback.page.names import unicode_name
from symback.page.options import Options
from symback.page.prose import cleaned
from symback.page.quantities import short_quantity
from symback.page.solution import Picture
from symback.page.tables import function_names
from symback.verify import approximate

INCHES = 4.8  # the picture is a square
FINENESS = 141  # points along each axis
LEVELS = 12  # about so many lines
HALF = 2.0  # without a point the axes go from -2 to 2
MARGIN = 0.85  # how far from the middle a point or an arrow may reach, as a part of the half width
APART = 0.35  # how near, in steps, a level line may come to the one through the point, so that labels stay apart
INK, LINE, ARROW, DIRECTION = "#1a1a1a", "#7d93ad", "#c0332b", "#2f4a6d"  # apart in grey too
PLAIN: dict[Any, Any] = {
    "svg.hashsalt": "symback",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
}
HINT = 'Install it: pip install "symback[plot]"'


class Subject(NamedTuple):
    """What is drawn: a function, the point, and the gradient and a unit vector there where there are any."""

    name: str
    function: Tree
    variables: tuple[str, str]
    point: tuple[float, float] | None = None
    gradient: tuple[float, float] | None = None
    unit: tuple[float, float] | None = None
    others: Mapping[str, float] = {}
    marks: tuple[tuple[float, float, str], ...] = ()
    constraint: Tree | None = None

    @property
    def arrows(self) -> tuple[tuple[float, float], ...]:
        """The vectors that are drawn from the point."""
        return tuple(vector for vector in (self.unit, self.gradient) if vector is not None and any(vector))


class Window(NamedTuple):
    """The part of the plane that is shown: its middle, and half its width."""

    x: float = 0.0
    y: float = 0.0
    half: float = HALF


def svg(picture: Picture) -> str:
    """Return the contour picture of a gradient, a Hessian or a slope in a direction, with its words as the title.

    UsageError for what is no function of two variables, and where matplotlib is missing.
    """
    subject = subject_of(picture.thing)
    window = window_of(subject.point, subject.arrows) if not subject.marks else _around(subject.marks)
    grid = _values(subject, window)
    return _plain_svg(_drawn(subject, window, *grid), picture.alt or _words(subject))


def svg_of(thing: Any, options: Options) -> str:
    """Return the contour picture of a result."""
    return svg(Picture("contour", thing, "")) + "\n"


# --- what is drawn ------------------------------------------------------------------------------------------------


def subject_of(thing: Any) -> Subject:
    """Return what is drawn of a table of derivatives or a directional derivative."""
    kind = thing.kind
    if kind == "extrema" and len(thing.variables) == 2:
        return _of_extrema(thing)
    table = thing.gradient if kind == "directional" else thing
    if not isinstance(table, Partials) or len(table.functions) != 1 or len(table.variables) != 2:
        raise UsageError(
            "A contour picture shows one function of two variables.",
            hint="Ask for it where the gradient of such a function is asked for; "
            "or choose text, markdown, latex, json or html.",
        )
    values = {symbol.name: _float(tree) for symbol, tree in table.point}
    x, y = (symbol.name for symbol in table.variables)
    others = {name: value for name, value in values.items() if name not in (x, y)}
    function = without_lets(table.functions[0])
    bare = Subject(function_names(table)[0], function, (x, y), others=others)
    if x not in values or y not in values:
        return bare
    slopes = _pair_of(d.last for d in table.values[0]) if table.kind == "gradient" and table.values else None
    unit = _pair_of(thing.unit) if kind == "directional" else None
    return bare._replace(point=(values[x], values[y]), gradient=slopes, unit=unit)


def _of_extrema(thing: Any) -> Subject:
    """Return what is drawn of extrema: the points with their types, and the constraint as a line."""
    x, y = (symbol.name for symbol in thing.variables)
    marks = tuple((_float(p.place[0][1]), _float(p.place[1][1]), p.type) for p in thing.points)
    left, right = thing.constraint or (None, None)
    constraint = None if left is None else Plus(left, Neg(right))
    return Subject(thing.name, without_lets(thing.function), (x, y), marks=marks, constraint=constraint)


def _pair_of(trees: Iterable[Tree]) -> tuple[float, float]:
    x, y = map(_float, trees)
    return x, y


def _float(tree: Tree) -> float:
    value = approximate(tree)
    if value is None or not isfinite(value):
        raise UsageError(
            f"{unicode(tree)} is not a number, so no picture of it can be drawn.",
            hint="Give a value for every letter that is no variable of the gradient.",
        )
    return float(value)


def window_of(point: tuple[float, float] | None, arrows: Sequence[tuple[float, float]] = ()) -> Window:
    """Return what is shown: from -2 to 2 where point and arrows lie well inside, else a square around the point.

    >>> window_of((-0.8, 0.4), [(-0.8, 0.8)]), window_of((1, 6))
    (Window(x=0.0, y=0.0, half=2.0), Window(x=1, y=6, half=3.0))
    """
    if point is None:
        return Window()
    ends = [(p + drawn_scale(arrow, Window()) * v) for arrow in arrows for p, v in zip(point, arrow, strict=True)]
    if max(map(abs, (*point, *ends))) <= MARGIN * HALF:
        return Window()
    return Window(*point, max(HALF, max(map(abs, point)) / 2))


def _around(marks: Sequence[tuple[float, float, str]]) -> Window:
    """Return a window with all marks well inside."""
    return Window(half=max(HALF, *(1.7 * abs(v) for x, y, _ in marks for v in (x, y))))


def _values(subject: Subject, window: Window) -> tuple[Any, Any, Any]:
    """Return the coordinates and values on a grid; what is not real is masked."""
    np = numpy()
    steps = np.linspace(-window.half, window.half, FINENESS)
    x, y = np.meshgrid(window.x + steps, window.y + steps)
    found = np.asarray(_value(subject, (x, y)), dtype=float)
    values = np.ma.masked_invalid(np.broadcast_to(found, x.shape))
    if not values.count():
        raise UsageError("The function has no real value around the point.", hint="Leave the picture out.")
    return x, y, values


def _value(subject: Subject, place: tuple[Any, Any]) -> Any:
    """Return the value of the function for the two variables, numbers or arrays; UsageError where others are open."""
    known = {**dict(zip(subject.variables, place, strict=True)), **subject.others}
    names = sorted(s.name for s in symbols_of(subject.function))
    missing = [name for name in names if name not in known]
    if missing:
        hint = f"Give {missing[0]} a value too, as in at = {{{missing[0]} = 2}}."
        raise UsageError(f"A contour picture needs a value for {', '.join(missing)}.", hint=hint)
    return graph_of(subject.function, names).forward({name: known[name] for name in names})[RESULT]


# --- drawing ------------------------------------------------------------------------------------------------------


def _drawn(subject: Subject, window: Window, x: Any, y: Any, values: Any) -> str:
    try:
        import matplotlib
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError("A contour picture needs matplotlib, which is not installed.", hint=HINT) from None
    file = StringIO()
    with matplotlib.rc_context(PLAIN), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that the font lacks, a function that has one value everywhere
        figure = Figure(figsize=(INCHES, INCHES), layout="constrained")
        axes = figure.add_subplot()
        axes.set_aspect("equal")
        axes.set_xlim(window.x - window.half, window.x + window.half)
        axes.set_ylim(window.y - window.half, window.y + window.half)
        axes.set_xlabel(unicode_name(subject.variables[0]), style="italic", parse_math=False)
        axes.set_ylabel(unicode_name(subject.variables[1]), style="italic", rotation=0, labelpad=8, parse_math=False)
        axes.tick_params(colors="#4b5563")
        axes.set_title(_caption(subject, window), fontsize=10, color=INK, parse_math=False)
        _levels(axes, subject, window, x, y, values)
        _arrows(axes, subject, window)
        _constraint_and_marks(axes, subject, window, x, y)
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(file, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return file.getvalue()


def _constraint_and_marks(axes: Any, subject: Subject, window: Window, x: Any, y: Any) -> None:
    """Draw the line on which the constraint holds, and the extrema with their types."""
    if subject.constraint is not None:
        heights = _values(subject._replace(function=subject.constraint), window)[2]
        axes.contour(x, y, heights, levels=[0.0], colors=ARROW, linewidths=1.6)
    for a, b, kind in subject.marks:
        axes.plot([a], [b], "o", color=INK, markersize=5)
        axes.annotate(kind, (a, b), textcoords="offset points", xytext=(6, 6), fontsize=8, color=INK)


def _levels(axes: Any, subject: Subject, window: Window, x: Any, y: Any, values: Any) -> None:
    """Draw the level lines with their values, and strongly the one through the point."""
    from matplotlib.ticker import MaxNLocator

    np = numpy()
    low, high = np.percentile(values.compressed(), (1, 97))
    own = _at_point(subject)
    ticks = list(MaxNLocator(LEVELS).tick_values(low, high))
    near = APART * (ticks[1] - ticks[0])
    levels = [v for v in ticks if low < v < high and (own is None or abs(v - own) > near)]
    if len(ticks) > 1:
        axes.contourf(x, y, values, levels=ticks, colors=_tints(len(ticks) + 1), extend="both")
    if levels:
        lines = axes.contour(x, y, values, levels=levels, colors=LINE, linewidths=0.9, linestyles="solid")
        axes.clabel(lines, fmt=_number, fontsize=7.5, colors="#4b5563")
    if own is not None and values.min() < own < values.max():
        line = axes.contour(x, y, values, levels=[own], colors=INK, linewidths=1.9)
        place = _place_of_label(line.get_paths()[0].vertices, subject, window)
        axes.clabel(line, fmt=_number, fontsize=8.5, colors=INK, manual=place or False)


def _tints(count: int) -> list[str]:
    """Return colours from white to a pale blue: lines and letters are read on all of them."""
    ends = ((255, 255, 255), (196, 214, 236))
    parts = [i / max(1, count - 1) for i in range(count)]
    mixed = ([round(a + part * (b - a)) for a, b in zip(*ends, strict=True)] for part in parts)
    return ["#" + "".join(f"{one:02x}" for one in colour) for colour in mixed]


def _place_of_label(line: Any, subject: Subject, window: Window) -> list[tuple[float, float]]:
    """Return where the value of the level line through the point stands: away from the point and from the frame."""
    inside = [(x, y) for x, y in line if max(abs(x - window.x), abs(y - window.y)) <= MARGIN * window.half]
    foot = subject.point or (0.0, 0.0)
    wanted = 0.8 * window.half
    return [min(inside, key=lambda end: abs(hypot(end[0] - foot[0], end[1] - foot[1]) - wanted))] if inside else []


def _at_point(subject: Subject) -> float | None:
    if subject.point is None:
        return None
    value = float(_value(subject, subject.point))
    return value if isfinite(value) else None


def _arrows(axes: Any, subject: Subject, window: Window) -> None:
    if subject.point is None:
        return
    for vector, colour, label in (
        (subject.unit, DIRECTION, "u"),
        (subject.gradient, ARROW, f"∇{unicode_name(subject.name)}"),
    ):
        if vector in subject.arrows:
            _arrow(axes, subject.point, vector, drawn_scale(vector, window), colour, label)
    axes.plot(*[[c] for c in subject.point], marker="o", markersize=5.5, color=INK, zorder=6)


def _arrow(
    axes: Any, foot: tuple[float, float], vector: tuple[float, float], scale: float, colour: str, label: str
) -> None:
    x, y = (c + scale * v for c, v in zip(foot, vector, strict=True))
    style = {"arrowstyle": "-|>", "color": colour, "linewidth": 2.2, "mutation_scale": 15, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (x, y), foot, arrowprops=style, zorder=5)
    length = hypot(*vector)
    beyond = tuple(11 * v / length for v in vector)  # points: the label stands where the arrow leads
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    place = {"xytext": beyond, "textcoords": "offset points", "ha": "center", "va": "center"}
    axes.annotate(label, (x, y), **place, color=colour, weight="bold", bbox=box, zorder=7, parse_math=False)


def drawn_scale(vector: tuple[float, float], window: Window) -> float:
    """Return how long a vector is drawn: as it is where it fits, else a power of ten times 1, 2 or 5 of that.

    >>> drawn_scale((-0.8, 0.8), Window()), drawn_scale((30, 40), Window()), drawn_scale((0.0, 0.003), Window())
    (1.0, 0.02, 200.0)
    """
    length = hypot(*vector)
    if 0.25 * window.half <= length <= 0.75 * window.half:
        return 1.0
    wanted = 0.6 * window.half / length
    power = 10.0 ** floor(log10(wanted))
    return float(f"{max(step * power for step in (1, 2, 5) if step * power <= wanted):.0e}")


# --- words --------------------------------------------------------------------------------------------------------


def _number(value: float) -> str:
    return short_quantity(float(f"{value:.4g}")).replace("-", "−")


def _pair(pair: tuple[float, float]) -> str:
    return f"({', '.join(map(_number, pair))})"


def _caption(subject: Subject, window: Window) -> str:
    """Return the line above the picture: the value and the vectors at the point, and how much they are stretched."""
    name = unicode_name(subject.name)
    if subject.point is None:
        return f"{name}({', '.join(map(unicode_name, subject.variables))})"
    value = _at_point(subject)
    first = f"{name}{_pair(subject.point)}" + (f" = {_number(value)}" if value is not None else "")
    vectors = ((f"∇{name}", subject.gradient), ("u", subject.unit))
    return ",  ".join([first, *_vectors(vectors, window)])


def _vectors(vectors: Sequence[tuple[str, tuple[float, float] | None]], window: Window) -> Iterator[str]:
    for label, vector in vectors:
        if vector is not None:
            scale = drawn_scale(vector, window) if any(vector) else 1.0
            yield f"{label} = {_pair(vector)}" + (f" (drawn × {_number(scale)})" if scale != 1 else "")


def _words(subject: Subject) -> str:
    """Return the picture in words, for those who cannot see it."""
    name = unicode_name(subject.name)
    said = f"Level lines of {name}({', '.join(map(unicode_name, subject.variables))}) = {unicode(subject.function)}"
    if subject.point is None or subject.gradient is None:
        return said + "."
    said += f"; at {_pair(subject.point)} the gradient is {_pair(subject.gradient)}"
    return said + (", at a right angle to the level line through the point." if any(subject.gradient) else ".")


# --- the file -----------------------------------------------------------------------------------------------------

_STYLE = re.compile(r"<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>\s*")
_NAMES_OF_GROUPS = re.compile(r'<g id="[^"]*"')
_EMPTY_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_HEAD = re.compile(r"<svg [^>]*>\s*(?:<title>[^<]*</title>\s*)?")


def _plain_svg(written: str, title: str) -> str:
    """Return matplotlib's SVG as a picture that may stand in a page: its style and its names must not reach out of it.

    Its style sheet speaks of every element of the page, and its groups are named alike in every picture.
    """
    body = _EMPTY_METADATA.sub("", _STYLE.sub("", _NAMES_OF_GROUPS.sub("<g", written[written.index("<svg ") :])))
    said = escape(" ".join(cleaned(title).split()))
    size = f"{INCHES * 72:g}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{size}" '
        f'height="{size}" viewBox="0 0 {size} {size}" role="img" stroke-linejoin="round">\n<title>{said}</title>\n'
    )
    return _HEAD.sub(lambda _: head, body, count=1).strip()
