"""Directional derivatives."""

from symback.page import tables
from symback.page.kinds import Kind, late

KIND = Kind(
    tables.blocks_of(tables.directional_parts),
    tables.directional_answers,
    late("json", "directional_object"),
    formats={"svg": late("pictures.contour", "svg_of")},
)
