r"""A picture in TikZ, for TeX, which cannot draw SVG: the shapes and words of our own pictures, one command each.

A picture is as wide as its SVG says, or as the page.
All places are worked out here, in points of TeX, because TeX has no numbers for large coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import cos, hypot, radians, sin
from typing import NamedTuple
from xml.etree import ElementTree

from symback.page.writers.html_pictures import SVG, XLINK
from symback.page.writers.latex_words import words

PICTURE = r"\begin{tikzpicture}"
PAGE, HIGHEST = 480.0, 600.0  # points of a line, and of a picture on one page
PIXEL = 0.753  # points of TeX, where the page has room

_LOOK = ("fill", "stroke", "stroke-width", "stroke-dasharray", "fill-opacity", "stroke-opacity", "opacity")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_TRANSFORM = re.compile(r"(\w+)\(([^)]*)\)")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}


class _Pen(NamedTuple):
    """How the inside of an element is drawn: where a point (x, y) stands, the look, and elements by their names.

    The place is (a x + c y + e, b x + d y + f), in points.
    """

    place: tuple[float, float, float, float, float, float]
    look: Mapping[str, str]
    named: Mapping[str, ElementTree.Element]

    def at(self, x: float, y: float) -> str:
        a, b, c, d, e, f = self.place
        return f"({_n(a * x + c * y + e)}pt,{_n(b * x + d * y + f)}pt)"

    @property
    def scale(self) -> float:
        return hypot(self.place[0], self.place[1])

    def of(self, element: ElementTree.Element) -> _Pen:
        """Return the pen for an element: with its own look, at its own place."""
        pen = self._replace(look={**self.look, **_look_of(element)})
        for name, numbers in _TRANSFORM.findall(element.get("transform", "")):
            pen = pen.moved(*_matrix(name, _numbers(numbers)))
        return pen

    def moved(self, p: float, q: float, r: float, s: float, t: float, u: float) -> _Pen:
        a, b, c, d, e, f = self.place
        place = (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)
        return self._replace(place=place)


def tikz(svg: str) -> str:
    """Return a picture as commands of TikZ; nothing where it cannot be read."""
    drawn = "<svg" + re.sub("<!--.*?-->", "", svg, flags=re.DOTALL).partition("<svg")[2]
    try:
        root = ElementTree.fromstring(drawn) if "<!" not in drawn else None  # noqa: S314
    except ElementTree.ParseError:
        return ""
    box = _numbers(root.get("viewBox", "")) if root is not None else []
    if root is None or len(box) != 4:
        return ""
    pixels = _numbers(root.get("width", "0"))[0] * (4 / 3 if root.get("width", "").endswith("pt") else 1)
    scale = min(PIXEL * pixels / box[2], PAGE / box[2], HIGHEST / box[3])
    pen = _Pen((scale, 0.0, 0.0, -scale, 0.0, 0.0), {}, {e.get("id", ""): e for e in root.iter()})
    frame = rf"\clip {pen.at(0, 0)} rectangle {pen.at(box[2], box[3])};"
    return "\n".join([PICTURE, frame, *_children(root, pen), r"\end{tikzpicture}"])


def _children(element: ElementTree.Element, pen: _Pen) -> Iterator[str]:
    for child in element:
        if write := _SHAPES.get(str(child.tag).removeprefix(SVG)):
            yield from _clipped(child, list(write(child, pen.of(child))), pen)


def _clipped(element: ElementTree.Element, drawn: Sequence[str], pen: _Pen) -> Iterator[str]:
    """Yield what is drawn, within the clip path of its element."""
    clip = _REFERENCE.search(element.get("clip-path", ""))
    inside = pen.named.get(clip[1]) if clip else None
    if inside is None or not drawn:
        yield from drawn
        return
    shapes = _children(inside, pen._replace(look={"fill": "none"}))
    yield from (r"\begin{scope}", *(shape.replace(r"\path[]", r"\clip") for shape in shapes), *drawn, r"\end{scope}")


# --- shapes -----------------------------------------------------------------------------------------------------------


def _use(element: ElementTree.Element, pen: _Pen) -> Iterator[str]:
    target = pen.named.get((element.get("href") or element.get(f"{XLINK}href") or "").removeprefix("#"))
    if target is not None and target.tag == f"{SVG}path":
        x, y = _at(element, "x", "y")
        yield from _path(target, pen.moved(1, 0, 0, 1, x, y).of(target))


def _path(element: ElementTree.Element, pen: _Pen) -> Iterator[str]:
    if way := element.get("d", "").strip():
        yield _drawn(pen, _along(way, pen))


def _polygon(element: ElementTree.Element, pen: _Pen) -> Iterator[str]:
    yield _drawn(pen, _along(f"M {element.get('points', '')} Z", pen))


def _polyline(element: ElementTree.Element, pen: _Pen) -> Iterator[str]:
    yield _drawn(pen, _along(f"M {element.get('points', '')}", pen))


def _rect(element: ElementTree.Element, pen: _Pen) -> Iterator[str]:
    x, y, wide, high, radius = _at(element, "x", "y", "width", "height", "rx")
    corners = f"[rounded corners={_n(radius * pen.scale)}pt] " if radius else ""
    yield _drawn(pen, f"{corners}{pen.at(x, y)} rectangle {pen.at(x + wide, y + high)}")


def _circle(element: ElementTree.Element, pen: _Pen) -> Iterator[str]:
    x, y, radius = _at(element, "cx", "cy", "r")
    yield _drawn(pen, f"{pen.at(x, y)} circle[radius={_n(radius * pen.scale)}pt]")


def _text(element: ElementTree.Element, pen: _Pen) -> Iterator[str]:
    size = float(element.get("font-size") or 12) * pen.scale
    bold = r"\bfseries" if element.get("font-weight") == "bold" else ""
    slanted = r"\itshape" if element.get("font-style") == "italic" else ""
    said = words(element.text or "")
    for raised in element:
        small, lift = _at(raised, "font-size", "dy")
        inner = _font(small * pen.scale) + words(raised.text or "")
        said += rf"\raisebox{{{_n(-lift * pen.scale)}pt}}{{{inner}}}{words(raised.tail or '')}"
    anchor = _ANCHORS.get(element.get("text-anchor", "start"), "base west")
    options = f"anchor={anchor}, inner sep=0pt, text={_colour(pen.look.get('fill', '#000000'))}"
    yield rf"\node[{options}] at {pen.at(*_at(element, 'x', 'y'))} {{{_font(size)}\sffamily{bold}{slanted}{{}}{said}}};"


def _font(size: float) -> str:
    return rf"\fontsize{{{_n(size)}}}{{{_n(size * 1.2)}}}\selectfont{{}}"


_SHAPES: dict[str, Callable[[ElementTree.Element, _Pen], Iterator[str]]] = {
    "g": _children, "use": _use, "path": _path, "polygon": _polygon, "polyline": _polyline, "rect": _rect,
    "circle": _circle, "text": _text,
}  # fmt: skip


# --- along a path -----------------------------------------------------------------------------------------------------

_COMMANDS = re.compile(r"([MLHVCQZ])([^MLHVCQZ]*)", re.IGNORECASE)
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4}  # numbers of a command


def _along(way: str, pen: _Pen) -> str:
    """Return a path of SVG as one of TikZ."""
    here, first = (0.0, 0.0), (0.0, 0.0)
    written = []
    for letter, said in _COMMANDS.findall(way):
        command, numbers = letter.upper(), _numbers(said)
        if command == "Z":
            written.append("-- cycle")
            here = first
            continue
        for i in range(0, len(numbers), _TAKES[command]):
            start = here if letter.islower() else (0.0, 0.0)
            points = _points(command, numbers[i : i + _TAKES[command]], start, here)
            written.append(_stretch("L" if command == "M" and i else command, here, points, pen))
            here = points[-1]
            first = here if command == "M" and not i else first
    return " ".join(written)


_Points = list[tuple[float, float]]


def _points(command: str, numbers: Sequence[float], start: tuple[float, float], here: tuple[float, float]) -> _Points:
    """Return the points that a command names, the last of them where it ends."""
    if command == "H":
        return [(start[0] + numbers[0], here[1])]
    if command == "V":
        return [(here[0], start[1] + numbers[0])]
    return [(start[0] + x, start[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _stretch(command: str, here: tuple[float, float], points: _Points, pen: _Pen) -> str:
    end = pen.at(*points[-1])
    if command == "M":
        return end
    if command == "Q":  # a curve with one handle is one with two, each two thirds of the way to it
        points = [((a + 2 * x) / 3, (b + 2 * y) / 3) for (x, y) in points[:1] for a, b in (here, points[-1])]
    handles = " and ".join(pen.at(*point) for point in points[:2])
    return f".. controls {handles} .. {end}" if command in "CQ" else f"-- {end}"


# --- looks and numbers ------------------------------------------------------------------------------------------------


def _matrix(name: str, numbers: Sequence[float]) -> tuple[float, float, float, float, float, float]:
    first = numbers[0]
    if name == "translate":
        return 1.0, 0.0, 0.0, 1.0, first, numbers[1] if len(numbers) > 1 else 0.0
    if name == "scale":
        return first, 0.0, 0.0, numbers[1] if len(numbers) > 1 else first, 0.0, 0.0
    turn = radians(first)
    return cos(turn), sin(turn), -sin(turn), cos(turn), 0.0, 0.0


def _look_of(element: ElementTree.Element) -> dict[str, str]:
    styled = dict(part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    given = {**element.attrib, **{key.strip(): value.strip() for key, value in styled.items()}}
    return {key: given[key] for key in _LOOK if key in given}


def _drawn(pen: _Pen, shape: str) -> str:
    """Return a shape that is filled and drawn as its look says; SVG fills where nothing is said."""
    options, look = [], pen.look
    if (fill := look.get("fill", "#000000")) != "none":
        options.append(f"fill={_colour(fill)}")
    if (stroke := look.get("stroke", "none")) != "none":
        wide = _numbers(look.get("stroke-width", "1"))[0] * pen.scale
        options += [f"draw={_colour(stroke)}", f"line width={_n(wide)}pt"]
        if dashes := _numbers(look.get("stroke-dasharray", "")):
            lengths = [f"{'off' if i % 2 else 'on'} {_n(dash * pen.scale)}pt" for i, dash in enumerate(dashes)]
            options.append(f"dash pattern={' '.join(lengths)}")
    options += [f"{key.replace('stroke', 'draw').replace('-', ' ')}={look[key]}" for key in _LOOK[-3:] if key in look]
    return rf"\path[{', '.join(options)}] {shape};"


def _colour(written: str) -> str:
    """Return #1a2b3c as TikZ mixes it; what is no such colour is black."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", written):
        return "black"
    red, green, blue = (int(written[i : i + 2], 16) for i in (1, 3, 5))
    return f"{{rgb,255:red,{red};green,{green};blue,{blue}}}"


def _numbers(written: str) -> list[float]:
    return [float(found) for found in _NUMBER.findall(written)]


def _at(element: ElementTree.Element, *names: str) -> list[float]:
    return [float(element.get(name, 0)) for name in names]


def _n(value: float) -> str:
    """Return a number with two digits behind the point at most."""
    return "0" if abs(value) < 0.005 else f"{value:.2f}".rstrip("0").rstrip(".")
