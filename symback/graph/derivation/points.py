"""Random values at which the formulas of a graph are evaluated, if none are given or the given ones are special."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from symback.errors import DomainError
from symback.expr.numeric import generator, np
from symback.graph.graph import Graph
from symback.graph.language.given_values import numbered
from symback.graph.nodes import Dim, Node, Shape
from symback.graph.operations.choosing import COMPARISONS
from symback.graph.program import numbers

Array = Any
Draw = Callable[[Any, tuple[int, ...]], Array]
MOST_POINTS = 2
NEARLY_SINGULAR = 1e8  # the condition of a matrix beyond which half of the digits of its inverse are lost
LARGEST = 1e9  # a loss beyond it is too steep to compare anything at

# Values are drawn from these in turn until the loss is finite: positive ones first, for logarithms and roots.
DRAWS: tuple[Draw, ...] = (
    lambda random, shape: random.uniform(0.3, 1.7, shape),
    lambda random, shape: random.uniform(0.05, 0.95, shape),
    lambda random, shape: random.normal(0.0, 1.0, shape),
    lambda random, shape: random.uniform(1.1, 2.5, shape),
    lambda random, shape: random.uniform(0.02, 0.3, shape),
)


class Point(NamedTuple):
    """Values of the inputs, and the number that each letter for a size is."""

    values: Mapping[str, Array]
    sizes: Mapping[str, int]


def random_points(
    graph: Graph, shapes: Mapping[str, Shape], loss: str, normal: Iterable[str], first_seed: int = 0
) -> Iterator[Point]:
    """Yield a point where the loss is finite, or with letters for sizes one for each of two sets of sizes.

    `shapes` are those of the inputs; the entries of `normal` ones are made to sum to 1.
    """
    letters = {d.letter for shape in shapes.values() for d in shape if isinstance(d, Dim)}
    found = 0
    for seed, sizes in enumerate(_sets_of_sizes(graph) if letters else [{}], first_seed):
        actual = {name: tuple(sizes.get(getattr(d, "letter", ""), int(d)) for d in s) for name, s in shapes.items()}
        point = _finite(graph, actual, sizes, loss, frozenset(normal), seed)
        if point is not None and found < MOST_POINTS:
            found += 1
            yield point


def _sets_of_sizes(graph: Graph) -> Iterator[Mapping[str, int]]:
    """Yield numbers for the letters: two sets, and both turned round, for X.T @ X has no inverse if X is wide."""
    sets = [graph.samples(), graph.samples(second=True)]
    yield from sets
    for sizes in sets:
        turned = dict(zip(sizes, reversed(sizes.values()), strict=True))
        if all(turned[letter] >= least for letter, least in graph.source.least.items() if letter in turned):
            yield turned


def _finite(
    graph: Graph, shapes: Mapping[str, Shape], sizes: Mapping[str, int], loss: str, normal: frozenset[str], seed: int
) -> Point | None:
    nodes, named = graph.numeric(shapes)
    classes = {name: one.most for name, one in numbered(nodes).items()}
    masks = _masks(nodes)
    for draw in DRAWS:
        random = generator(seed, shapes.values())
        values = {}
        for name, shape in shapes.items():
            value = draw(random, shape)
            value = value - np.mean(value) if name in masks else value
            value = random.integers(0, classes[name], shape) if name in classes else _suited(graph, name, value, normal)
            values[name] = np.asarray(value, dtype=float)[()]
        try:
            results = numbers.run(nodes[: named[loss] + 1], values)
        except DomainError:  # a matrix has no inverse
            continue
        result = results[named[loss]]
        if np.all(np.isfinite(result)) and np.all(np.abs(result) < LARGEST) and not _is_singular(nodes, results):
            return Point(values, sizes)
    return None


def _is_singular(nodes: Sequence[Node], results: Sequence[Array]) -> bool:
    """Tell whether a matrix whose inverse or determinant is taken has none to speak of."""
    matrices = [results[n.inputs[0]] for n in nodes[: len(results)] if n.op in ("inverse", "logdet", "solve")]
    return any(np.linalg.cond(np.asarray(m, dtype=float)) > NEARLY_SINGULAR for m in matrices)


def _masks(nodes: Sequence[Node]) -> frozenset[str]:
    """Return the inputs that are only compared with something: for both outcomes their entries have both signs."""
    users = [(nodes[i], node.op) for node in nodes for i in node.inputs if nodes[i].op == "input"]
    others = {source.name for source, op in users if op not in COMPARISONS.values()}
    return frozenset(source.name for source, _ in users) - others


def _suited(graph: Graph, name: str, value: Array, normal: frozenset[str]) -> Array:
    """Return values with what is known of a name: far from singular if square, symmetric, summing to 1."""
    if np.ndim(value) == 2:
        value = value * 2 / sum(value.shape)  # sums of many entries would saturate a sigmoid
    if np.ndim(value) > 2:
        value = value / sum(value.shape[1:])  # as in a convolution over all channels
    if np.ndim(value) == 2 and value.shape[0] == value.shape[1]:
        value = value + 1.5 * np.eye(value.shape[0])
    if name in graph.symmetric:
        value = (value + value.T) / 2
    if name in normal:
        value = np.abs(value) / np.sum(np.abs(value), axis=-1, keepdims=True)
    return value
