"""The picture of a graph in the language of Graphviz, for those who lay it out or style it themselves."""

from __future__ import annotations

from collections.abc import Iterator

from symback.page.pictures.scene import Scene, Spot
from symback.page.pictures.svg import BOX, BOX_EDGE, GRADIENT, INK, PALE, WIRE

MANY = 60  # wires: with more, Graphviz takes minutes for curved ones that go past many columns


def dot(scene: Scene) -> str:
    """Return the scene as a digraph."""
    return "\n".join(["digraph symback {", *("  " + line for line in _lines(scene)), "}"])


def _lines(scene: Scene) -> Iterator[str]:
    quick = ", splines=line, nslimit=1" if len(scene.wires) > MANY else ""
    yield f"graph [rankdir=LR, label={_quoted(scene.title)}, labelloc=t, tooltip={_quoted(scene.description)}{quick}];"
    yield 'node [fontname="DejaVu Sans", fontsize=13]; edge [fontname="DejaVu Sans", fontsize=11, arrowsize=0.7];'
    for i, spot in enumerate(scene.spots):
        yield from _spot(i, spot)
    said: set[int] = set()
    for wire in scene.wires:
        label = "" if wire.source in said else _label(scene.spots[wire.source])  # once, on the first of its wires
        said.add(wire.source)
        number = f", headlabel={_quoted(wire.mark)}" if wire.mark else ""
        yield f'{_out(wire.source, scene)} -> {_into(wire.target, scene)} [color="{WIRE}"{label}{number}];'
    for i, spot in enumerate(scene.spots):
        if not any(wire.source == i for wire in scene.wires) and _label(spot):
            yield f'end{i} [shape=none, label="", width=0, height=0];'
            yield f'{_out(i, scene)} -> end{i} [color="{WIRE}"{_label(spot)}];'


def _spot(i: int, spot: Spot) -> Iterator[str]:
    tip = f"tooltip={_quoted(spot.title)}"
    if spot.sign:
        yield f'op{i} [shape=circle, margin=0.02, color="{PALE}", label={_quoted(spot.sign)}, {tip}];'
    if spot.name:
        line = 2.2 if spot.is_loss else 1.2
        style = f'style="rounded,filled", fillcolor="{BOX}", color="{BOX_EDGE}", penwidth={line}'
        yield f"n{i} [shape=box, {style}, label={_quoted(spot.name)}, {tip}];"
    if spot.sign and spot.name:
        yield f'op{i} -> n{i} [arrowhead=none, weight=10, color="{WIRE}"];'


def _out(i: int, scene: Scene) -> str:
    return f"n{i}" if scene.spots[i].name else f"op{i}"


def _into(i: int, scene: Scene) -> str:
    return f"op{i}" if scene.spots[i].sign else f"n{i}"


def _label(spot: Spot) -> str:
    """Return the value and, below it, the gradient."""
    value = f'<FONT COLOR="{INK}">{_html(spot.value)}</FONT>' if spot.value else ""
    gradient = f'<BR/><FONT COLOR="{GRADIENT}"><I>{_html(spot.gradient)}</I></FONT>' if spot.gradient else ""
    return f", label=<{value or ' '}{gradient}>" if value or gradient else ""


def _quoted(text: str) -> str:
    plain = "".join(c for c in text if c.isprintable())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _html(text: str) -> str:
    from html import escape

    return escape("".join(c for c in text if c.isprintable()))
