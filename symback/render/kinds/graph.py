"""Graphs by themselves."""

from typing import Any

from symback.render.backprop import blocks, json, terminal
from symback.render.kinds import Kind


def _scene(graph: Any) -> Any:
    from symback.render.picture.graphs import of_graph  # drawn when a picture is asked for

    return of_graph(graph)


KIND = Kind(
    terminal.graph_lines, blocks.graph_blocks, blocks.no_answers, json.graph_object, terminal.graph_ending, _scene
)
