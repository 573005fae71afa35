"""The picture of a graph as SVG: one file, no script, no request to anywhere, a title and a description to be read out.

Values are black and stand above the wires; gradients are red, slanted, and stand below, so grey prints keep them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from symback.page.pictures.layers import Layout, layered
from symback.page.pictures.numbers import drawn
from symback.page.pictures.rows import Column, in_rows
from symback.page.pictures.scene import Scene, Spot

INK, WIRE, GRADIENT, BOX, BOX_EDGE, PALE = "#1a1a1a", "#6b7280", "#c0332b", "#e8eef7", "#2f4a6d", "#4b5563"
FONT = "DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif"
NAME_SIZE, VALUE_SIZE, MARK_SIZE = 14.0, 12.0, 9.0
RADIUS = 15.0  # of an operation; half the height of a box is less by one
BOX_HALF = 13.0
LABEL = 16.0  # above and below a wire, for a value and a gradient
CHANNEL = 42.0  # between two columns, where wires may turn
JOINT = 8.0  # between an operation and the box with its name
MARGIN = 16.0
ARROW = 6.5


class _Placed(NamedTuple):
    """A spot with its place: the left end, the middle, and where its wire begins."""

    spot: Spot
    left: float
    middle: float
    out: float
    has_wire: bool

    @property
    def right(self) -> float:
        return self.left + _glyph_width(self.spot)


def svg(scene: Scene) -> str:
    """Return the scene as an SVG document."""
    layout = layered([_height(s) for s in scene.spots], [(w.source, w.target) for w in scene.wires])
    between = [(layout.columns[w.source], layout.columns[w.target]) for w in scene.wires]
    columns = in_rows(_column_ends(scene, layout), between, layout.height, MARGIN)
    sources = {w.source for w in scene.wires}
    placed = [
        _Placed(
            s,
            columns[c].start,
            MARGIN + columns[c].drop + y,
            columns[c].end,
            i in sources or bool(s.value or s.gradient),
        )
        for i, (s, c, y) in enumerate(zip(scene.spots, layout.columns, layout.heights, strict=True))
    ]
    legend = _legend(scene)
    right = max((column.end for column in columns), default=0.0)
    width = max(right, _text_width(legend, MARK_SIZE + 2) + MARGIN) + MARGIN
    height = layout.height + (columns[-1].drop if columns else 0.0) + 2 * MARGIN + (24 if legend else 0)
    body = [*_wires(scene, layout, placed, columns, right), *(part for p in placed for part in _spot(p))]
    if legend:
        body += _legend_parts(scene, height - MARGIN)
    return _document(scene, width, height, body)


def _document(scene: Scene, width: float, height: float, body: Sequence[str]) -> str:
    size = f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}">',
        f"<title>{_escaped(scene.title)}</title>",
        f"<desc>{_escaped(scene.description)}</desc>",
        f'<rect width="{_n(width)}" height="{_n(height)}" fill="#ffffff"/>',
    ]
    return "\n".join([*head, *body, "</svg>"])


def _column_ends(scene: Scene, layout: Layout) -> list[tuple[float, float]]:
    """Return where each column begins and ends."""
    widths = [0.0] * (max(layout.columns, default=-1) + 1)
    crowds = [0] * len(widths)  # wires that turn between a column and the one before
    for spot, column in zip(scene.spots, layout.columns, strict=True):
        widths[column] = max(widths[column], _glyph_width(spot) + _stub_width(spot))
    for wire in scene.wires:
        crowds[layout.columns[wire.target]] += 1
    ends, x = [], MARGIN
    for column, wide in enumerate(widths):
        x += CHANNEL + min(3.0 * crowds[column], 60.0) if column else 0.0
        ends.append((x, x + wide))
        x += wide
    return ends


# --- sizes --------------------------------------------------------------------------------------------------------

_NARROW, _WIDE = frozenset(" .,:;|ijl'()[]‖ᵀ"), frozenset("mwMW@−×∂Σ+=")


def _text_width(text: str, size: float) -> float:
    """Return about how wide a text is: the fonts of the reader are not known, so rather more than less."""
    return size * sum(0.4 if c in _NARROW else 0.9 if c in _WIDE else 0.66 for c in text)


def _gate_width(spot: Spot) -> float:
    return max(2 * RADIUS, _text_width(spot.sign, NAME_SIZE) + 14) if spot.sign else 0.0


def _box_width(spot: Spot) -> float:
    return max(2 * RADIUS, _text_width(spot.name, NAME_SIZE) + 16) if spot.name else 0.0


def _glyph_width(spot: Spot) -> float:
    return _gate_width(spot) + _box_width(spot) + (JOINT if spot.sign and spot.name else 0.0)


def _stub_width(spot: Spot) -> float:
    """Return the length of the wire that a spot's value and gradient stand at."""
    label = max(_text_width(spot.value, VALUE_SIZE), _text_width(spot.gradient, VALUE_SIZE))
    return label + 10 if label else 0.0


def _height(spot: Spot) -> float:
    return 2 * max(RADIUS, LABEL if spot.value or spot.gradient else 0.0) + 2


# --- wires --------------------------------------------------------------------------------------------------------


class _Point(NamedTuple):
    """A point that a wire passes, and its column."""

    x: float
    y: float
    column: int


def _wires(
    scene: Scene, layout: Layout, placed: Sequence[_Placed], columns: Sequence[Column], right: float
) -> Iterator[str]:
    """Yield every wire once; those of one node share their way as far as they go together."""
    ports = _ports(scene, layout, placed, columns)
    for p in placed:
        if p.has_wire and p.out > p.right:
            yield _path([(p.right, p.middle), (p.out, p.middle)])
    known: set[str] = set()
    for index, wire in enumerate(scene.wires):
        source, target = placed[wire.source], placed[wire.target]
        points = [_Point(source.out, source.middle, layout.columns[wire.source])]
        for column, y in layout.routes[index]:
            start, end, _, drop = columns[column]
            points += [_Point(start, MARGIN + drop + y, column), _Point(end, MARGIN + drop + y, column)]
        points.append(_Point(target.left - ARROW, ports[index], layout.columns[wire.target]))
        for pair in pairwise(points):
            pieces = [piece for piece in _stretch(*pair, columns, right, source.spot) if piece not in known]
            known.update(pieces)
            yield from pieces
        yield _arrow(target.left, ports[index])
        if wire.mark:
            x, y = target.left - ARROW - 4, ports[index] - 3
            yield _text(wire.mark, x, y, MARK_SIZE, PALE, "end")


def _stretch(start: _Point, stop: _Point, columns: Sequence[Column], right: float, spot: Spot) -> Iterator[str]:
    """Yield a piece of a wire; where the next column stands in another row, it leaves this one and comes in there."""
    here, there = columns[start.column], columns[stop.column]
    if here.row == there.row:
        yield _path([start[:2], stop[:2]])
        return
    entry = (MARGIN, start.y - here.drop + there.drop)
    yield _path([start[:2], (right, start.y)])
    yield _path([entry, stop[:2]])
    name = spot.name or spot.sign
    yield _text(name, right, start.y - 4, MARK_SIZE + 2, PALE, "end")
    yield _text(name, MARGIN, entry[1] - 4, MARK_SIZE + 2, PALE, "start")


def _ports(scene: Scene, layout: Layout, placed: Sequence[_Placed], columns: Sequence[Column]) -> dict[int, float]:
    """Return the height at which each wire ends: those of one node side by side, in the order in which they come."""
    coming: dict[int, list[tuple[float, int]]] = {}
    for index, wire in enumerate(scene.wires):
        route = layout.routes[index]
        source = layout.columns[wire.source]
        y = route[-1][1] if route else placed[wire.source].middle - MARGIN - columns[source].drop
        coming.setdefault(wire.target, []).append((y, index))
    ports = {}
    for target, wires in coming.items():
        step = min(11.0, 2 * (RADIUS - 4) / len(wires))
        first = placed[target].middle - step * (len(wires) - 1) / 2
        for i, (_, index) in enumerate(sorted(wires)):
            ports[index] = first + i * step
    return ports


def _path(points: Sequence[tuple[float, float]]) -> str:
    (x, y), (to_x, to_y) = points
    if y == to_y:
        way = f"M{_n(x)} {_n(y)}H{_n(to_x)}"
    else:
        middle = (x + to_x) / 2
        way = f"M{_n(x)} {_n(y)}C{_n(middle)} {_n(y)} {_n(middle)} {_n(to_y)} {_n(to_x)} {_n(to_y)}"
    return f'<path d="{way}" fill="none" stroke="{WIRE}" stroke-width="1.3"/>'


def _arrow(x: float, y: float) -> str:
    corners = f"{_n(x)},{_n(y)} {_n(x - ARROW - 1)},{_n(y - 3.5)} {_n(x - ARROW - 1)},{_n(y + 3.5)}"
    return f'<polygon points="{corners}" fill="{WIRE}"/>'


# --- nodes --------------------------------------------------------------------------------------------------------


def _spot(p: _Placed) -> Iterator[str]:
    yield f"<g><title>{_escaped(p.spot.title)}</title>"
    x, gate, box = p.left, _gate_width(p.spot), _box_width(p.spot)
    if p.spot.sign:
        yield _rounded(x, p.middle, gate, RADIUS, RADIUS, "#ffffff", PALE, 1.4)
        yield _text(p.spot.sign, x + gate / 2, p.middle + 5, NAME_SIZE, INK)
        x += gate
        if p.spot.name:
            yield _path([(x, p.middle), (x + JOINT, p.middle)])
            x += JOINT
    if p.spot.name:
        yield _rounded(x, p.middle, box, BOX_HALF, 6, BOX, BOX_EDGE, 2.6 if p.spot.is_loss else 1.4)
        yield _text(p.spot.name, x + box / 2, p.middle + 5, NAME_SIZE, INK, weight="bold")
    if p.spot.value:
        yield _text(drawn(p.spot.value), p.right + 6, p.middle - 5, VALUE_SIZE, INK, "start")
    if p.spot.gradient:
        yield _text(drawn(p.spot.gradient), p.right + 6, p.middle + 14, VALUE_SIZE, GRADIENT, "start", slanted=True)
    yield "</g>"


def _rounded(
    x: float, middle: float, width: float, half: float, radius: float, fill: str, edge: str, line: float
) -> str:
    place = f'x="{_n(x)}" y="{_n(middle - half)}" width="{_n(width)}" height="{_n(2 * half)}" rx="{_n(radius)}"'
    return f'<rect {place} fill="{fill}" stroke="{edge}" stroke-width="{_n(line)}"/>'


def _text(
    text: str, x: float, y: float, size: float, colour: str, anchor: str = "middle", *, weight: str = "",
    slanted: bool = False,
) -> str:  # fmt: skip
    style = f' font-weight="{weight}"' if weight else ""
    style += ' font-style="italic"' if slanted else ""
    place = f'x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}"{style}>{_with_layer(_escaped(text))}</text>'


def _with_layer(text: str) -> str:
    """Return a name such as w₁₁^[1] with its layer raised."""
    name, raised, layer = text.partition("^[")
    return f'{name}<tspan dy="-5" font-size="{_n(MARK_SIZE)}">[{layer}</tspan>' if raised and name else text


# --- the legend -----------------------------------------------------------------------------------------------------


def _legend(scene: Scene) -> str:
    has_values = any(spot.value for spot in scene.spots)
    above = "above a wire: its value" if has_values else ""
    below = f"below: the gradient of {scene.loss} by it" if scene.has_gradients else ""
    return "   ".join(part for part in (above, below) if part)


def _legend_parts(scene: Scene, y: float) -> Iterator[str]:
    x = MARGIN
    for i, part in enumerate(_legend(scene).split("   ")):
        red = part.startswith("below")
        yield _text(part, x, y, MARK_SIZE + 2, GRADIENT if red else PALE, "start", slanted=red)
        x += _text_width(part, MARK_SIZE + 2) + 12 * (i + 1)


def _n(value: float) -> str:
    """Return a coordinate with one digit behind the point at most."""
    return f"{value:.1f}".removesuffix(".0")


def _escaped(text: str) -> str:
    return escape("".join(c for c in text if c.isprintable()))
