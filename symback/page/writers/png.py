"""A document as one PNG picture, as high as it needs, set by the compiler that comes with the extra `pdf`.

A result that has a picture of its own, such as a graph, is that picture.
"""

from __future__ import annotations

from collections.abc import Sequence

from symback.page.page import Cover
from symback.page.writers import Format
from symback.page.writers import typst as sheet
from symback.page.writers.pdf import compiled
from symback.page.writers.typst_words import literal

DOTS = 144.0  # an inch
OPENING = "#show: sheet.with("


def document(cover: Cover, parts: Sequence[str]) -> bytes:
    """Return the document as a picture; UsageError where the compiler is not installed."""
    source = sheet.document(cover, parts)
    return _drawn(source.replace(OPENING, f"{OPENING}tall: true, ", 1))


def of_svg(svg: str) -> bytes:
    """Return an SVG picture as PNG."""
    return _drawn(f'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes({literal(svg)}), format: "svg")\n')


def _drawn(source: str) -> bytes:
    return compiled(source, "png", ppi=DOTS)


FORMAT = Format("png", sheet.part, document, needs="typst")
