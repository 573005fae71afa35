"""Jacobians of vectors on a graph."""

from symback.page import tables
from symback.page.kinds import Kind, late

KIND = Kind(
    tables.blocks_of(tables.array_jacobian_parts),
    tables.array_answers(tables.array_jacobian_parts),
    late("json", "array_jacobian_object"),
)
