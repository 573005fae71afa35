"""The gradient check: the gradients of a program beside central differences of its own loss."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symback.graph import numbers
from symback.graph.losses_on_paper import unfused
from symback.graph.nodes import GradientProgram, Program

LARGEST_CHECKED = 200  # entries of each input; of larger arrays so many are checked, evenly spread
LEAST_CHECKED = 4
WORK = 2_000_000  # entries worked out for each input's check; a large network is checked at fewer places
GOOD = 1e-6  # the worst relative error that rounding in float64 explains
STEP = 6e-6  # about the cube root of the rounding unit


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The verdict, the worst relative error, and the number of entries that were compared."""

    verdict: str
    worst_error: float
    points: int
    message: str = ""


def check_gradients(program: GradientProgram, values: Mapping[str, Any], names: Sequence[str]) -> GradientCheck:
    """Compare each gradient with (L(x + h) - L(x - h))/2h in float64, entry by entry.

    A node between the inputs and the loss is moved as if it were an input.
    "unverified" where the loss is not finite, or where a kink lies so near that the two sides differ.
    """
    inputs = {name: np.array(value, dtype=float) for name, value in values.items()}
    found = numbers.run(program.nodes, inputs)
    base = float(found[program.loss])
    if not np.isfinite(base):
        return GradientCheck("unverified", float("nan"), 0, "The loss is not finite at this point.")
    forward = unfused(program.nodes[: program.loss + 1])  # so that the loss depends on each of its nodes
    places = {node.name: node.id for node in forward if node.name}
    size = sum(math.prod(node.shape) for node in forward)
    most = max(LEAST_CHECKED, min(LARGEST_CHECKED, WORK // max(size, 1)))
    worst, points, kinks = 0.0, 0, 0
    for name in (n for n in names if n in places):
        point = np.array(found[places[name]], dtype=float)
        gradient = np.broadcast_to(np.asarray(found[program.gradients[name]], dtype=float), point.shape)
        for place in _places(point.shape, most):
            slopes = _slopes(forward, inputs, places[name], point, place, base)
            if not math.isfinite(sum(slopes)):  # the loss ends here, as ln p does at p = 0
                kinks += 1
                continue
            if abs(slopes[1] - slopes[2]) > 1e-3 * (1 + abs(slopes[0])):
                kinks += 1
                continue
            error = max(0.0, abs(slopes[0] - gradient[place]) - _rounding(base, point[place]))
            worst = max(worst, error / (1 + abs(slopes[0])))
            points += 1
    if not points:
        return GradientCheck("unverified", worst, 0, "There is nothing to compare." if not kinks else _AT_KINKS)
    verdict = "verified" if worst <= GOOD else "failed"
    return GradientCheck(verdict, float(worst), points, _AT_KINKS if kinks else "")


_AT_KINKS = "At a kink, or where the loss ends, the two sides differ, so nothing is compared there."


def _places(shape: tuple[int, ...], most: int) -> list[tuple[int, ...]]:
    count = math.prod(shape)
    chosen = range(count) if count <= most else np.linspace(0, count - 1, most).astype(int)
    return [tuple(int(i) for i in np.unravel_index(k, shape)) if shape else () for k in chosen]


def _rounding(loss: float, entry: Any) -> float:
    """Return how far off a slope may be because a large loss was rounded: two roundings, over the step."""
    noise = 2 * np.finfo(float).eps * abs(loss) / (STEP * max(1.0, abs(float(entry))))
    return float(noise) if noise > GOOD else 0.0


def _slopes(
    forward: Program, inputs: Mapping[str, Any], node: int, point: Any, place: tuple[int, ...], base: float
) -> tuple[float, float, float]:
    """Return the central slope of the last node by an entry of a node, and the slopes to the right and to the left."""
    original = float(point[place])
    h = STEP * max(1.0, abs(original))
    moved = {}
    for sign in (1, -1):
        shifted = point.copy()
        shifted[place] = original + sign * h
        moved[sign] = float(numbers.run(forward, inputs, fixed={node: shifted[()]})[-1])
    return (moved[1] - moved[-1]) / (2 * h), (moved[1] - base) / h, (base - moved[-1]) / h
