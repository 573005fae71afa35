"""Where a wide picture of a graph may be cut into strips: between its columns, where only wires are."""

from __future__ import annotations

import re
from collections.abc import Iterator

WIDE = 700.0  # pixels: only wider pictures are cut
LEAST = 12.0  # pixels of a gap in which a picture may be cut

_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)"')
_BOX = re.compile(r'<rect x="([\d.]+)" y="[-\d.]+" width="([\d.]+)"')
_TEXT = re.compile(r'<text x="([\d.]+)" y="[-\d.]+" font-size="([\d.]+)" text-anchor="(\w+)"[^>]*>(.*?)</text>')
_TAG = re.compile(r"<[^>]*>|&\w+;")


def cuts_of(svg: str) -> tuple[float, ...]:
    """Return the middles of the gaps between what stands in a picture, as parts of its width; none for a small one.

    >>> head = '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="9">'
    >>> cuts_of(head + '<rect x="0" y="0" width="400"/><rect x="500" y="0" width="500"/></svg>')
    (0.45,)
    """
    size = _SIZE.search(svg)
    if not size or (width := float(size[1])) <= WIDE:
        return ()
    return tuple(round(middle / width, 4) for middle in _gaps(sorted(_spans(svg))))


def _spans(svg: str) -> Iterator[tuple[float, float]]:
    """Yield where boxes and texts begin and end; a text is taken for wider than it is."""
    for x, wide in _BOX.findall(svg):
        yield float(x), float(x) + float(wide)
    for x, size, anchor, text in _TEXT.findall(svg):
        wide = 0.62 * float(size) * len(_TAG.sub("", text))
        start = float(x) - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        yield start, start + wide


def _gaps(spans: list[tuple[float, float]]) -> Iterator[float]:
    end = spans[0][1] if spans else 0.0
    for start, stop in spans:
        if start - end >= LEAST:
            yield (start + end) / 2
        end = max(end, stop)
