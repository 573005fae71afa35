"""Hessians of a loss on a graph."""

from symback.render import tables
from symback.render.kinds import Kind, late

KIND = Kind(
    tables.blocks_of(tables.array_hessian_parts),
    tables.array_answers(tables.array_hessian_parts),
    late("json", "array_hessian_object"),
)
