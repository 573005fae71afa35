"""Printed formulas against the true gradients: what is right, what is wrong, what could not be checked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import symback
from symback.expr.tree import ZERO
from symback.graph.graph import Graph
from symback.page.maths import text

from .inputs import Drawn
from .reading import Pending, Unreadable, gradient_names, read_back
from .slopes import forward, slopes
from .worth import NoNode, NotKnown, Place, worth

Array = Any
RELATIVE = 1e-6  # of the largest entry of a gradient; a wrong formula is hardly ever nearer
ROUNDING = 1e-9  # of the largest entry of all gradients of the graph, for what cancels out

RIGHT, WRONG, NOT_CHECKED, PENDING = "right", "wrong", "not checked", "pending"


@dataclass(frozen=True)
class Found:
    """The verdict on one printed formula: by what it is the gradient, and whether it is the end or a line before it."""

    name: str
    is_end: bool
    text: str
    verdict: str
    says: str = ""


@dataclass(frozen=True)
class Point:
    """Sizes and values at which formulas are worked out, and the true gradients there."""

    place: Place
    slopes: Mapping[str, Array]
    largest: float


def judged(graph: Drawn, given: bool = False, whole: bool = True) -> list[Found]:
    """Return the verdict on every formula that is printed for a graph: gradients, and every line of the derivations.

    With `given` symback is given values, else it has the shapes alone; what does not print is wrong. With `whole` the
    formulas are taken from the JSON, else the same are written by the same writer, in half the time.
    """
    read = [(graph.with_numbers(sizes), graph.values(which, sizes), sizes) for which, sizes in enumerate(graph.sizes)]
    at = read[0][1] if given else None
    return judged_text(graph.text, [point_of(*one) for one in read], graph.wrt, at, whole=whole)


def judged_text(
    source: str,
    points: Sequence[Point],
    wrt: Iterable[str],
    at: Mapping[str, Any] | None = None,
    loss: str | None = None,
    whole: bool = True,
) -> list[Found]:
    """Return the verdict on every formula that is printed for the text of a graph, at these points."""
    try:
        read = Graph(source)
        result = read.backprop(loss, at=at, wrt=list(wrt))
        shown = list(in_json(result) if whole else in_text(result))
    except Exception as error:  # whatever it is, it is what a person would see
        return [Found("", True, "", WRONG, f"{type(error).__name__}: {str(error).splitlines()[0]}")]
    found = [verdict(read, result.loss, one, points) for one in dict.fromkeys(shown)]
    return found + list(_on_check(result.check, found))


Printed = tuple[str, bool, str]  # by what it is the gradient, whether it is the end of its derivation, the text


def in_json(result: Any) -> Iterator[Printed]:
    """Yield each formula of a backward pass that its JSON holds."""
    shown = json.loads(symback.render(result, "json"))
    for name, one in shown["gradients"].items():
        yield name, True, one["text"]
    for node in shown["nodes"]:
        if node["grad"] and node["name"] not in shown["gradients"]:
            yield node["name"], True, node["grad"]["text"]
    if not any("hold only what a step changes" in note for note in shown["notes"]):
        for step in shown["steps"]:
            yield step["node"], False, step["after"]["text"]


def in_text(result: Any) -> Iterator[Printed]:
    """Yield each formula of a backward pass, written as JSON and text write it."""
    yield from ((name, True, text(tree, True)) for name, tree in result.gradients.items())
    for name, derivation in result.derivations.items():
        yield name, True, text(derivation.last, True)
        yield from ((name, False, text(line, True)) for line in derivation.lines()[1:])


def point_of(source: str, values: Mapping[str, Array], sizes: Mapping[str, int], loss: str | None = None) -> Point:
    """Return the values and the true gradients of a graph whose sizes are numbers."""
    graph = Graph(source)
    known = forward(graph, values)
    true = slopes(graph, loss or graph.last, values)
    names = gradient_names(names_of(graph))
    named = {names[name]: slope for name, slope in true.items() if name in names}
    largest = max(float(np.max(np.abs(s), initial=0.0)) for s in true.values())
    return Point(Place(np, {**sizes, **known, **named}, graph.functions, graph.source.first), true, largest)


def names_of(graph: Graph) -> tuple[str, ...]:
    """Return the names of the inputs and of the nodes."""
    return (*graph.inputs, *(statement.name for statement in graph.statements))


def verdict(read: Graph, loss: str, formula: Printed, points: Sequence[Point]) -> Found:
    """Return the verdict on one printed formula of a graph."""
    name, is_end, shown = formula
    if name not in points[0].slopes:
        return Found(name, is_end, shown, NOT_CHECKED, "an inner node")
    try:
        names = names_of(read)
        shapes = {name: np.shape(points[0].place.values[name]) for name in names if name in points[0].place.values}
        tree = read_back(shown, loss, names, read.functions, shapes, read.sizes)
        faults = [said for point in points if (said := _fault(tree, point, name))]
    except Pending:
        return Found(name, is_end, shown, WRONG if is_end else PENDING, "unfinished")
    except NoNode as error:
        return Found(name, is_end, shown, WRONG, f"{error} is not a node of the graph")
    except (Unreadable, NotKnown) as error:
        return Found(name, is_end, shown, NOT_CHECKED, str(error))
    return Found(name, is_end, shown, WRONG if faults else RIGHT, "; ".join(faults[:1]))


def _fault(tree: Any, point: Point, name: str) -> str:
    """Return what is wrong with a formula at a point, "" where nothing is."""
    true = point.slopes[name]
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(worth(tree, point.place), dtype=float)
    except (ValueError, TypeError, IndexError, np.linalg.LinAlgError) as error:
        return f"no value: {str(error).splitlines()[0][:80]}"
    if np.shape(found) != np.shape(true) and tree != ZERO:  # a bare 0 says that nothing flows, whatever the shape
        return f"shape {np.shape(found)}, not {np.shape(true)}"
    apart = float(np.max(np.abs(found - true), initial=0.0))
    within = RELATIVE * float(np.max(np.abs(true), initial=0.0)) + ROUNDING * (1 + point.largest)
    return "" if apart <= within else f"off by {apart:.3g} of {np.max(np.abs(true)):.3g}"  # nan is a fault too


def _on_check(check: Any, found: list[Found]) -> Iterator[Found]:
    """Hold symback's own verdict against this one: a tick over a wrong formula, an alarm over right ones."""
    verdict = check.verdict if check is not None else ""
    ends = {one.verdict for one in found if one.is_end}
    if WRONG in ends and verdict == "verified":
        yield Found("", False, "", WRONG, "symback says verified, and a formula is wrong")
    if ends == {RIGHT} and verdict == "failed":
        yield Found("", True, "", WRONG, f"symback says failed, and every formula is right: {check.message}")


def counted(found: Iterable[Found]) -> Counter[tuple[bool, str]]:
    """Return how many formulas there are of each verdict, ends of derivations and lines before them apart."""
    return Counter((one.is_end, one.verdict) for one in found)


def bad(found: Iterable[Found]) -> list[Found]:
    """Return what is wrong, and ends of derivations that could not be checked."""
    return [one for one in found if one.verdict == WRONG or (one.is_end and one.verdict != RIGHT)]
