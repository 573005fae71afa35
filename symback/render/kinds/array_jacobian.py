"""Jacobians of vectors on a graph."""

from symback.render import tables
from symback.render.kinds import Kind, late

KIND = Kind(
    tables.blocks_of(tables.array_jacobian_parts),
    tables.array_answers(tables.array_jacobian_parts),
    late("json", "array_jacobian_object"),
)
