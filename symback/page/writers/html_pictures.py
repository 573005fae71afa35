"""Pictures as they may stand inside a page: shapes and letters only, names that differ from those of other pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree

from symback.page.prose import cleaned

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


ELEMENTS = _words("svg g path rect circle ellipse line polyline polygon text tspan title desc defs use clipPath marker")
ATTRIBUTES = _words(
    "width height viewBox x y x1 y1 x2 y2 dx dy cx cy r rx ry d points transform fill fill-opacity stroke stroke-width"
    " stroke-opacity stroke-linejoin stroke-linecap stroke-dasharray stroke-dashoffset stroke-miterlimit opacity"
    " font-family font-size font-weight font-style text-anchor clip-path clip-rule fill-rule id style orient refX refY"
    " markerWidth markerHeight marker-end"
)
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_REFERENCE = re.compile(r"url\(\s*#([^)]+?)\s*\)")
_STYLE = re.compile(r"[-a-z0-9.#%,:;()\s'\"+]*", re.IGNORECASE)


def inline_svg(svg: str, alt: str, name: str) -> str:
    """Return a picture to stand in a page, read out as its alternative text; nothing where it cannot be read.

    `name` begins every name inside, so that two pictures in one page have none in common.
    """
    drawn = _COMMENT.sub("", "<svg" + svg.partition("<svg")[2])
    if "<!" in drawn:
        return ""  # no picture of ours declares anything
    try:
        root = ElementTree.fromstring(drawn)  # noqa: S314
    except ElementTree.ParseError:
        return ""
    return "".join(_written(root, alt, name))


def _written(root: ElementTree.Element, alt: str, name: str) -> Iterator[str]:
    """Yield the elements that may stand in a page, from a stack, since pictures may be deep."""
    said = f' role="img" aria-label="{escape(cleaned(alt))}"{_size(root)}'
    waiting: list[ElementTree.Element | str] = [root]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            yield element
            continue
        tag = str(element.tag).removeprefix(SVG)
        tail = "" if element is root else _text(element.tail)
        if tag not in ELEMENTS:
            waiting.append(tail)
            continue
        extra = said if element is root else ""
        yield f"<{tag}{extra}{_attributes(element, name, tag)}>{_text(element.text)}"
        waiting.append(f"</{tag}>{tail}")
        waiting += reversed(element)


def _size(root: ElementTree.Element) -> str:
    """Return the width as a style: the page makes a wide picture smaller, as far as it stays readable."""
    try:
        return f' style="--width:{float(root.get("width", "").removesuffix("pt")):g}px"'
    except ValueError:
        return ""


def _attributes(element: ElementTree.Element, name: str, tag: str) -> str:
    written = ""
    for key, value in element.attrib.items():
        if tag == "svg" and key == "style":
            continue  # the page's own stands there
        if key in ("href", f"{XLINK}href") and value.startswith("#"):
            written += f' href="#{name}-{escape(value[1:])}"'
        elif key == "id":
            written += f' id="{name}-{escape(value)}"'
        elif key in ATTRIBUTES and (key != "style" or _STYLE.fullmatch(_REFERENCE.sub("", value))):
            local = _REFERENCE.sub(lambda found: f"url(#{name}-{found[1]})", value)
            if "url(" not in local.replace(f"url(#{name}-", ""):
                written += f' {key}="{escape(local)}"'
    return written


def _text(words: str | None) -> str:
    return escape(cleaned(words), quote=False) if words and words.strip() else ""
