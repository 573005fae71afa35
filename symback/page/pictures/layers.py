"""A layout in columns: the longest path gives the column, barycentres the order, least squares the heights.

After K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical system structures" (1981).
A node with distant consumers has one trunk that runs through the columns between and branches before each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

SWEEPS = 24  # over all columns, to untangle
SETTLING = 30  # sweeps that move the nodes to their heights
GAP = 14.0  # points between two neighbours in a column
TRUNK_HEIGHT = 8.0
STRAIGHT = 8.0  # how much more a trunk wants to be straight than a short edge does


class Layout(NamedTuple):
    """Where everything goes: the column and height of each node, and of each edge the heights it passes on its way.

    `routes[edge]` has an entry (column, height) for every column strictly between the ends.
    """

    columns: tuple[int, ...]
    heights: tuple[float, ...]
    routes: tuple[tuple[tuple[int, float], ...], ...]
    height: float


@dataclass
class _Net:
    """Nodes and the trunk pieces between them, column by column."""

    columns: list[list[int]]
    heights: list[float]
    lefts: list[list[int]] = field(default_factory=list)
    rights: list[list[int]] = field(default_factory=list)


def layered(heights: Sequence[float], edges: Sequence[tuple[int, int]]) -> Layout:
    """Return the layout of nodes of these heights; every edge goes from a smaller to a larger number."""
    columns = _columns(len(heights), edges)
    net, trunks = _with_trunks(heights, columns, edges)
    _untangle(net)
    middles = _settled(net)
    routes = tuple(
        tuple((c, middles[trunks[source][c]]) for c in range(columns[source] + 1, columns[target]))
        for source, target in edges
    )
    lowest = max((m + h / 2 for m, h in zip(middles, net.heights, strict=True)), default=0.0)
    return Layout(tuple(columns), tuple(middles[: len(heights)]), routes, lowest)


# --- columns ------------------------------------------------------------------------------------------------------


def _columns(count: int, edges: Iterable[tuple[int, int]]) -> list[int]:
    """Return each node's column: behind the last of its inputs; what has no inputs stands close to its first use."""
    inputs: list[list[int]] = [[] for _ in range(count)]
    consumers: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        inputs[target].append(source)
        consumers[source].append(target)
    columns = [0] * count
    for node in range(count):
        columns[node] = max((columns[i] + 1 for i in inputs[node]), default=0)
    for node in range(count):
        if not inputs[node] and consumers[node]:
            columns[node] = min(columns[c] for c in consumers[node]) - 1
    return columns


def _with_trunks(
    heights: Sequence[float], columns: Sequence[int], edges: Sequence[tuple[int, int]]
) -> tuple[_Net, Mapping[int, dict[int, int]]]:
    """Return the nodes with a piece of trunk, `trunks[node][column]`, in every column that an edge passes."""
    net = _Net([[] for _ in range(max(columns, default=-1) + 1)], list(heights))
    links: list[tuple[int, int]] = []
    trunks: dict[int, dict[int, int]] = {}
    for node, column in enumerate(columns):
        net.columns[column].append(node)
    for source, target in edges:
        trunk, before = trunks.setdefault(source, {}), source
        for column in range(columns[source] + 1, columns[target]):
            if column not in trunk:
                trunk[column] = len(net.heights)
                net.heights.append(TRUNK_HEIGHT)
                net.columns[column].append(trunk[column])
                links.append((before, trunk[column]))
            before = trunk[column]
        links.append((before, target))
    net.lefts = [[] for _ in net.heights]
    net.rights = [[] for _ in net.heights]
    for left, right in links:
        net.lefts[right].append(left)
        net.rights[left].append(right)
    return net, trunks


# --- order within the columns ---------------------------------------------------------------------------------------


def _untangle(net: _Net) -> None:
    """Order every column by the mean places of its neighbours, to the right and back, and keep the best order met."""
    best, fewest = [list(c) for c in net.columns], _crossings(net)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        rightwards = sweep % 2 == 0
        neighbours = net.lefts if rightwards else net.rights
        order = range(len(net.columns)) if rightwards else reversed(range(len(net.columns)))
        for column in order:
            net.columns[column] = _by_barycentre(net, net.columns[column], neighbours)
        crossings = _crossings(net)
        if crossings < fewest:
            best, fewest = [list(c) for c in net.columns], crossings
    net.columns[:] = best


def _by_barycentre(net: _Net, column: Sequence[int], neighbours: Sequence[Sequence[int]]) -> list[int]:
    place = _places(net)
    free = iter(sorted((n for n in column if neighbours[n]), key=lambda n: _mean(place[m] for m in neighbours[n])))
    return [next(free) if neighbours[n] else n for n in column]  # what has no neighbours there keeps its place


def _places(net: _Net) -> list[float]:
    """Return where each node stands in its column, from 0 at the top to 1."""
    place = [0.0] * len(net.heights)
    for column in net.columns:
        for i, node in enumerate(column):
            place[node] = (i + 0.5) / len(column)
    return place


def _crossings(net: _Net) -> int:
    """Return how many pairs of edges between neighbouring columns cross."""
    place = _places(net)
    total = 0
    for column in net.columns:
        ends = [place[m] for n in column for m in sorted(net.rights[n], key=place.__getitem__)]
        total += sum(a > b for i, a in enumerate(ends) for b in ends[i + 1 :])
    return total


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


# --- heights --------------------------------------------------------------------------------------------------------


def _settled(net: _Net) -> list[float]:
    """Return the height of the middle of every node: close to those of its neighbours, in order, without overlap."""
    middles = [0.0] * len(net.heights)
    for column in net.columns:
        for node, middle in zip(column, _stacked(net, column), strict=True):
            middles[node] = middle
    for sweep in range(SETTLING):
        order = net.columns if sweep % 2 == 0 else net.columns[::-1]
        for column in order:
            for node, middle in zip(column, _fitted(net, column, middles), strict=True):
                middles[node] = middle
    top = min((m - h / 2 for m, h in zip(middles, net.heights, strict=True)), default=0.0)
    return [m - top for m in middles]


def _stacked(net: _Net, column: Sequence[int]) -> Iterator[float]:
    middle = 0.0
    for i, node in enumerate(column):
        middle += _distance(net, column[i - 1], node) if i else 0.0
        yield middle


def _distance(net: _Net, upper: int, lower: int) -> float:
    return (net.heights[upper] + net.heights[lower]) / 2 + GAP


def _fitted(net: _Net, column: Sequence[int], middles: Sequence[float]) -> list[float]:
    """Return the heights nearest, by weighted least squares, to the mean of the neighbours, the distances being kept.

    Taking away the least distances leaves the regression of a rising sequence: pool adjacent violators.
    """
    offsets = [0.0]
    for upper, lower in pairwise(column):
        offsets.append(offsets[-1] + _distance(net, upper, lower))
    blocks: list[tuple[float, float, int]] = []  # the mean, the weight and the number of nodes that move as one
    for node, offset in zip(column, offsets, strict=True):
        wish, weight = _wish(net, node, middles)
        block = (wish - offset, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            block = _pooled(blocks.pop(), block)
        blocks.append(block)
    means = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _pooled(a: tuple[float, float, int], b: tuple[float, float, int]) -> tuple[float, float, int]:
    weight = a[1] + b[1]
    return (a[0] * a[1] + b[0] * b[1]) / weight, weight, a[2] + b[2]


def _wish(net: _Net, node: int, middles: Sequence[float]) -> tuple[float, float]:
    """Return where a node would like to be, and how much."""
    total = wanted = 0.0
    for neighbour in (*net.lefts[node], *net.rights[node]):
        weight = STRAIGHT if _is_trunk(net, node) and _is_trunk(net, neighbour) else 1.0
        total += weight
        wanted += weight * middles[neighbour]
    return (wanted / total, total) if total else (middles[node], 0.1)


def _is_trunk(net: _Net, node: int) -> bool:
    return net.heights[node] == TRUNK_HEIGHT
