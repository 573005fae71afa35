"""What may stand in a formula, and about how wide it is: one walk over its MathML answers both.

The widths are those of STIX Two Math, the font in the page, and right within about a tenth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

SCRIPT = 0.71  # of the size of what a script stands at

# --- what may stand in a formula ----------------------------------------------------------------------------------

TAGS = frozenset(
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mspace",
        "mfrac",
        "msqrt",
        "mroot",
        "msup",
        "msub",
        "msubsup",
        "mover",
        "munder",
        "munderover",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "mpadded",
        "mphantom",
    ]
)
ATTRIBUTES = frozenset(
    [
        "accent",
        "accentunder",
        "class",
        "columnspan",
        "depth",
        "display",
        "displaystyle",
        "form",
        "height",
        "largeop",
        "linethickness",
        "lspace",
        "mathvariant",
        "maxsize",
        "minsize",
        "movablelimits",
        "rspace",
        "scriptlevel",
        "separator",
        "stretchy",
        "style",
        "symmetric",
        "voffset",
        "width",
    ]
)
_ATTRIBUTE = re.compile(r'\s+([a-z]+)="([^"<>&]*)"')


class NotAllowed(Exception):
    """The formula holds an element or an attribute that a formula has no need of."""


@lru_cache(maxsize=1024)
def _attributes(written: str) -> dict[str, str]:
    if _ATTRIBUTE.sub("", written).strip():
        raise NotAllowed
    found = dict(_ATTRIBUTE.findall(written))
    if not found.keys() <= ATTRIBUTES or "url" in found.get("style", ""):
        raise NotAllowed
    return found


# --- widths -------------------------------------------------------------------------------------------------------

_TAG = re.compile(r"<(/?)([a-z]+)((?:\s[^<>]*?)?)(/?)>|([^<]+)")
_SIGNS: dict[str, float] = {
    **dict.fromkeys("ijlI.,;:!'′|", 0.3),
    **dict.fromkeys("rstJ()[]{}/", 0.4), "f": 0.55, "σ": 0.6,
    **dict.fromkeys("mwMWABCDGHNOQRUVXYKT", 0.72),
    **dict.fromkeys("+−=<>≤≥≈≠±×÷⊙⊗⊕∇", 0.72),
    **dict.fromkeys("→↦⇒∑∏⋯…", 0.95),
    "⋅": 0.29, "\N{FUNCTION APPLICATION}": 0.0, "\N{INVISIBLE TIMES}": 0.0, "\N{INVISIBLE SEPARATOR}": 0.0,
}  # fmt: skip
_OTHER_SIGN = 0.52
_SPACED = {**dict.fromkeys("=<>≤≥≈≠→↦⇒∈", 0.556), **dict.fromkeys("+−±×÷⋅⊙⊗⊕", 0.444), ",": 0.167}
_FENCES = frozenset("()[]{}|‖⌊⌋⌈⌉⟨⟩")
_SCRIPTS = frozenset(("msup", "msub", "msubsup"))
_LIMITS = frozenset(("mover", "munder", "munderover"))
_LEAVES = frozenset(("mi", "mn", "mo", "mtext"))


@dataclass
class _Box:
    """An element that is being read, with the widths of what stood in it so far."""

    tag: str
    scale: float
    compact: bool  # in the style of a line of text, not of a formula by itself
    attributes: dict[str, str]
    text: str = ""
    widths: list[float] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)
    fences: int = 0
    is_tall: bool = False


def width_of(mathml: str) -> float:
    """Return the width of a formula; NotAllowed where it holds what does not belong there."""
    outside = _Box("", 1.0, False, {})
    open_boxes = [outside]
    for closing, tag, written, alone, text in _TAG.findall(mathml):
        if text:
            open_boxes[-1].text += text
        elif closing:
            box = open_boxes.pop()
            _put(box, open_boxes[-1])
        else:
            if tag not in TAGS:
                raise NotAllowed
            box = _box_in(open_boxes[-1], tag, _attributes(written))
            if alone:
                _put(box, open_boxes[-1])
            else:
                open_boxes.append(box)
    return round(1.01 * sum(outside.widths), 1)  # rather more than less


def _box_in(parent: _Box, tag: str, attributes: dict[str, str]) -> _Box:
    scale, compact = parent.scale, parent.compact
    if parent.tag == "mfrac":
        scale, compact = scale * (SCRIPT if compact else 1.0), True
    elif parent.widths and (parent.tag in _SCRIPTS or parent.tag in _LIMITS or parent.tag == "mroot"):
        scale, compact = scale * SCRIPT, True
    if "displaystyle" in attributes:
        compact = attributes["displaystyle"] != "true"
    return _Box(tag, scale, compact, attributes)


def _put(box: _Box, parent: _Box) -> None:
    """Add a finished element to the one it stands in."""
    if box.tag == "mtr":
        parent.rows.append(box.widths)
        return
    parent.is_tall |= box.is_tall or box.tag in ("mfrac", "mtable")
    parent.fences += box.tag == "mo" and box.text in _FENCES
    parent.widths.append(_width(box, first=not parent.widths))


def _width(box: _Box, first: bool) -> float:
    widths = box.widths
    if box.tag in _LEAVES:
        return _leaf(box, first)
    if box.tag == "mspace":
        return _ems(box.attributes.get("width", "0")) * box.scale
    if box.tag == "mfrac":
        return max(widths, default=0.0) + 0.15 * box.scale
    if box.tag == "msubsup":
        return widths[0] + max(widths[1:], default=0.0)
    if box.tag in _LIMITS:
        return max(widths, default=0.0)
    if box.tag == "mtable":
        columns = max(map(len, box.rows), default=0)
        return sum(
            max((row[i] for row in box.rows if i < len(row)), default=0.0) + 0.8 * box.scale for i in range(columns)
        )
    root = 1.0 * box.scale if box.tag in ("msqrt", "mroot") else 0.0
    tall = 0.15 * box.fences * box.scale if box.is_tall else 0.0
    return sum(widths) + root + tall


def _leaf(box: _Box, first: bool) -> float:
    text = box.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    spaces = 0.0
    if box.tag == "mo":
        around = 0.0 if first else _SPACED.get(text, 0.0)
        left, right = box.attributes.get("lspace"), box.attributes.get("rspace")
        spaces = (around / 2 if left is None else _ems(left)) + (around / 2 if right is None else _ems(right))
    return (sum(_SIGNS.get(c, _OTHER_SIGN) for c in text) + spaces) * box.scale


def _ems(length: str) -> float:
    try:
        return float(length.removesuffix("em"))
    except ValueError:
        return 0.0
