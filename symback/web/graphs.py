"""A graph on the page: its picture, and every step of its forward and backward pass with the node that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.page.backprop.rows import formulas
from symback.page.kinds import blocks_of
from symback.page.names import unicode_name
from symback.page.options import Options
from symback.page.page import Display, Subheading, plain_words, runs_of
from symback.page.pictures import scene, svg_of
from symback.page.pictures.scene import Scene
from symback.page.remarks import remarks_of
from symback.page.writers.html_blocks import blocks
from symback.page.writers.html_pictures import inline_svg
from symback.web.asked import asked
from symback.web.questions import object_of, worked

Object = dict[str, Any]


def graph(given: Object) -> Object:
    """Return a graph worked: its picture, the steps of both passes as HTML, and its data.

    >>> found = graph({"fields": {"graph": "d = 2b; L = d^2", "at": "b=3"}})
    >>> [step["node"] for step in found["steps"]], found["data"]["gradients"]["b"]["value"]
    (['d', 'L', 'L', 'd', 'b'], 24.0)
    """
    solution = worked(asked({**given, "kind": "backprop"}))
    work = next((one for one in solution.works if one.thing.kind == "backprop"), solution.works[0])
    thing = work.thing
    found: Object = {"data": object_of(solution), "steps": list(_steps(thing)), "rest": _rest(thing)}
    verdict = None if thing.tells_verdict else work.verification
    found["remarks"] = blocks(tuple(remarks_of(thing, verdict, notes=True)), "remarks")
    if thing.kind == "backprop":
        drawn = scene(thing)
        found["svg"] = inline_svg(svg_of(thing, Options()), drawn.description or drawn.title, "graph")
        found |= _places(drawn, [*thing.graph.inputs, *thing.forward, *thing.derivations])
    return found


def _places(drawn: Scene, names: Sequence[str]) -> Object:
    """Return the spots of a picture with the nodes that they show, and the wires between them."""
    node_of = {unicode_name(name): name for name in names}
    spots = [{"node": node_of.get(spot.name, spot.name), "title": spot.title} for spot in drawn.spots]
    return {"spots": spots, "wires": [[wire.source, wire.target] for wire in drawn.wires]}


def _steps(thing: Any) -> Iterator[Object]:
    """Yield the lines of the forward pass, the seed, and the lines of the backward pass, each with its node."""
    passes = _displays(thing)
    graph = thing.graph if thing.kind == "backprop" else None
    if graph is None:
        return
    for name, html in _named(passes.get("forward", ()), list(_nodes(graph)), "forward"):
        yield {"pass": "forward", "node": name, "html": html}
    yield {"pass": "seed", "node": thing.loss, "html": ""}
    for name, html in _named(passes.get("backward", ()), list(thing.derivations), "backward"):
        yield {"pass": "backward", "node": name, "html": html}


def _nodes(graph: Any) -> Iterator[str]:
    yield from formulas(graph)


def _named(displays: Sequence[Display], names: Sequence[str], prefix: str) -> Iterator[tuple[str, str]]:
    """Yield the lines about each node; where it is not known which they are about, the names are left out."""
    runs = [run for display in displays for run in runs_of(display.equations)]
    known = names if len(names) == len(runs) else [""] * len(runs)
    for i, (name, run) in enumerate(zip(known, runs, strict=True)):
        yield name, blocks((Display(run, joins=True),), f"{prefix}-{i}")


def _displays(thing: Any) -> dict[str, list[Display]]:
    """Return the displays below the headings of the forward and of the backward pass."""
    found: dict[str, list[Display]] = {}
    here = ""
    for block in blocks_of(thing, Options("normal", verify=False)):
        if isinstance(block, Subheading):
            here = plain_words(block.inlines).split()[0].lower()
        elif isinstance(block, Display):
            found.setdefault(here, []).append(block)
    return found


def _rest(thing: Any) -> str:
    """Return what stands below the two passes, such as a step of gradient descent, as HTML."""
    shown, keeps = [], thing.kind != "backprop"
    for block in blocks_of(thing, Options("normal", verify=False)):
        if isinstance(block, Subheading):
            keeps = plain_words(block.inlines).split()[0].lower() not in ("forward", "backward")
        if keeps:
            shown.append(block)
    return blocks(tuple(shown), "rest")
