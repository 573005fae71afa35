"""Backward passes."""

from typing import Any

from symback.render.backprop import blocks, json, terminal
from symback.render.kinds import Kind


def _scene(b: Any) -> Any:
    from symback.render.picture.graphs import of_backprop  # drawn when a picture is asked for

    return of_backprop(b)


KIND = Kind(terminal.lines, blocks.blocks, blocks.answers, json.as_object, terminal.ending, _scene)
