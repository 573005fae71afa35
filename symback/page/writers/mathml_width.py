"""About how wide a formula is in a page, in ems: the widths of STIX Two Math, right within about a tenth."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from symback.page.formula import (
    Accent,
    Array,
    Bracket,
    Changed,
    Fence,
    Fraction,
    Group,
    Node,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Stacked,
    Styled,
    Words,
)  # fmt: skip
from symback.page.formula.spacing import SPACED, THIN, has_limits, is_tall, places
from symback.page.writers.mathml_signs import Style

SCRIPT = 0.71  # of the size of what a script stands at

_SIGNS: dict[str, float] = {
    **dict.fromkeys("ijlI.,;:!'′|", 0.3),
    **dict.fromkeys("rstJ()[]{}/", 0.4), "f": 0.55, "σ": 0.6,
    **dict.fromkeys("mwMWABCDGHNOQRUVXYKT", 0.72),
    **dict.fromkeys("+−=<>≤≥≈≠±×÷⊙⊗⊕∇", 0.72),
    **dict.fromkeys("→↦⇒∑∏⋯…", 0.95),
    "⋅": 0.29,
}  # fmt: skip
_OTHER_SIGN = 0.52


def width_of(row: Row, display: bool = False) -> float:
    """Return the width of a formula, rather more than less."""
    return round(1.01 * _row(row, Style(display), 1.0), 1)


def _row(row: Row, style: Style, size: float, before: str = "") -> float:
    total = 0.0
    for i, place in enumerate(places(row, style.small, before)):
        node = place.node
        if isinstance(node, Sign):
            total += _text(node.sign) * size + place.gap
            if place.form == "infix" and not style.small and (i or before):
                total += 2 * SPACED.get(node.kind, 0.0) * size
            elif node.kind == "comma" and not style.small:
                total += THIN * size
        else:
            total += _node(node, style, size) + place.gap * size
    return total


@lru_cache(maxsize=4096)
def _text(text: str) -> float:
    return sum(_SIGNS.get(c, _OTHER_SIGN) for c in text)


def _scripts(rows: tuple[Row | None, ...], style: Style, size: float) -> float:
    return max((_row(row, style.in_script(), size * SCRIPT) for row in rows if row), default=0.0)


def _node(node: Node, style: Style, size: float) -> float:
    return _WIDTHS[type(node)](node, style, size)


def _inside(node: Group | Accent | Changed, style: Style, size: float) -> float:
    return _row(node.inside, style, size) + (0.5 * size if getattr(node, "name", "") == "boxed" else 0.0)


def _styled(node: Styled, style: Style, size: float) -> float:
    if node.name in ("displaystyle", "textstyle"):
        style = style._replace(display=node.name == "displaystyle")
    return _row(node.inside, style, size)


def _fraction(node: Fraction, style: Style, size: float) -> float:
    if node.kind in ("dfrac", "tfrac"):
        style = style._replace(display=node.kind == "dfrac")
    inside = size if style.display else size * SCRIPT
    around = 1.25 if node.kind == "binom" else 0.15
    return max(_row(part, style.in_fraction(), inside) for part in (node.over, node.under)) + around * size


def _root(node: Root, style: Style, size: float) -> float:
    return _row(node.inside, style, size) + size + 0.3 * _scripts((node.degree,), style, size)


def _script(node: Script, style: Style, size: float) -> float:
    base, scripts = _row(node.base, style, size), _scripts((node.below, node.above), style, size)
    return max(base, scripts) if has_limits(node, style.display) else base + scripts


def _fence(node: Fence, style: Style, size: float) -> float:
    taller = 0.15 * (bool(node.opening) + bool(node.closing)) if is_tall(node.inside) else 0.0
    return _row(node.inside, style, size) + (_text(node.opening + node.closing) + taller) * size


def _stacked(node: Stacked, style: Style, size: float) -> float:
    return max(_row(node.base, style, size), _scripts((node.above, node.below), style, size))


_AROUND = {"cases": 1.0, "matrix": 0.0, "array": 0.0, "aligned": 0.0, "smallmatrix": 0.0}  # ems for brackets
_BRACKETS = 1.1


def _array(node: Array, style: Style, size: float) -> float:
    inside = style._replace(display=node.environment == "aligned")
    size *= SCRIPT if node.environment == "smallmatrix" else 1.0
    columns = max(map(len, node.rows), default=0)
    widest = [
        max((_row(row[i], inside, size) for row in node.rows if i < len(row)), default=0.0) for i in range(columns)
    ]
    return sum(widest) + (0.8 * columns + _AROUND.get(node.environment, _BRACKETS)) * size


_WIDTHS: dict[type, Callable[[Any, Style, float], float]] = {
    Words: lambda node, style, size: _text(node.words) * size,
    Space: lambda node, style, size: node.ems * size,
    Bracket: lambda node, style, size: (_text(node.sign) + 0.1 * node.ems) * size,
    Group: _inside,
    Accent: _inside,
    Changed: _inside,
    Styled: _styled,
    Fraction: _fraction,
    Root: _root,
    Script: _script,
    Fence: _fence,
    Stacked: _stacked,
    Array: _array,
}
