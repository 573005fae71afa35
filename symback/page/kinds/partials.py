"""Gradients, Jacobians and Hessians."""

from symback.page import tables
from symback.page.kinds import Kind, late

KIND = Kind(
    tables.blocks_of(tables.partial_parts),
    tables.partial_answers,
    late("json", "partials_object"),
    formats={"svg": late("pictures.contour", "svg_of")},
)
