"""The picture of a graph, as SVG and for Graphviz: nodes left to right, values above the wires, gradients below."""

from __future__ import annotations

from typing import Any

from symback.errors import UsageError
from symback.page.kinds import kind_of
from symback.page.options import Options
from symback.page.pictures.dot import dot
from symback.page.pictures.scene import Scene
from symback.page.pictures.svg import svg


def svg_of(thing: Any, options: Options) -> str:
    """Return the picture of a graph or a backpropagation as SVG."""
    return svg(scene(thing))


def dot_of(thing: Any, options: Options) -> str:
    """Return the picture of a graph or a backpropagation for Graphviz."""
    return dot(scene(thing))


def scene(thing: Any) -> Scene:
    """Return the picture of a thing; UsageError where there is none."""
    drawn = kind_of(thing).scene
    if drawn is None:
        raise UsageError("A derivation has no picture; graphs have.", hint="Choose text, markdown, latex or json.")
    found: Scene = drawn(thing)
    return found
