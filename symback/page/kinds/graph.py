"""Graphs by themselves."""

from symback.page.backprop import blocks
from symback.page.kinds import Kind, late

KIND = Kind(
    blocks.graph_blocks, blocks.no_answers, late("backprop.json", "graph_object"), late("pictures.graphs", "of_graph")
)
