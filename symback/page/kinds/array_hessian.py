"""Hessians of a loss on a graph."""

from symback.page import tables
from symback.page.kinds import Kind, late

KIND = Kind(
    tables.blocks_of(tables.array_hessian_parts),
    tables.array_answers(tables.array_hessian_parts),
    late("json", "array_hessian_object"),
)
