"""How long a backward pass on paper takes, its text and its checks included: loops, letters for sizes, a classifier."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from time import process_time

import numpy as np

from benchmarks import Row, take_turns
from symback.graph import Graph
from symback.page import render

CLASSIFIER = """
X: {m} x {n}
W1: {n} x {k}
b1: {k}
W2: {k} x {k}
b2: {k}
W3: {k} x {o}
b3: {o}
Y: {m} x {o}
H1 = relu(X @ W1 + b1)
H2 = relu(H1 @ W2 + b2)
P = softmax(H2 @ W3 + b3)
L = cross_entropy(P, Y)
"""
PERCEPTRON = """
X: {m} x {n}
W: {n} x {k}
b: {k}
V: {k} x {o}
c: {o}
Y: {m} x {o}
H = relu(X @ W + b)
P = softmax(H @ V + c)
L = cross_entropy(P, Y)
"""
LEAST_SQUARES = "X: {m} x {n}; w: {n}; y: {m}; L = norm2(X @ w - y)/2"
NUMBERS = {"m": "4", "n": "3", "k": "5", "o": "2"}
LARGE = {"m": "32", "n": "784", "k": "512", "o": "10"}
LETTERS = {name: name for name in NUMBERS}
CHAIN = "for t in 1..{n}:\n    h[t] = sin(w h[t-1])\nL = h[{n}]^2"
RECURRENT = "x: {n}; y: {n}; h[0]:\nfor t in 1..{n}:\n    h[t] = tanh(u x[t] + w h[t-1] + b)\n    L += (h[t] - y[t])^2"


def page(text: str, values: bool = False) -> float:
    """Return the CPU seconds from the text of a graph to the page of its backward pass."""
    given = _random(Graph(text)) if values else None
    gc.collect()
    gc.disable()  # as the command line does
    start = process_time()
    render(Graph(text).backprop(at=given), "text")
    taken = process_time() - start
    gc.enable()
    return taken


def _random(graph: Graph) -> dict[str, np.ndarray]:
    random = np.random.default_rng(7)
    values = {name: random.normal(size=graph.shapes[name]) * 0.1 for name in graph.inputs}
    labels = values["Y"].shape
    return {**values, "Y": np.eye(labels[1])[random.integers(0, labels[1], labels[0])]}


def rows() -> Iterator[Row]:
    """Measure, and yield the lines of the table."""
    page(PERCEPTRON.format(**NUMBERS))  # what is imported and read once
    for what, text, n in (("h = sin(w h)", CHAIN, 100), ("a scalar network", RECURRENT, 50)):
        half, whole = (min(page(text.format(n=k)) for _ in range(3)) for k in (n, 2 * n))
        yield Row(f"page: loop of {what}, {2 * n} steps", whole / half, f"the same, {n} steps ({whole:.1f} s)", 2.4)
    for what, text in (("a perceptron", PERCEPTRON), ("least squares", LEAST_SQUARES)):
        yield _beside(f"page: {what} with letters for sizes", text.format(**LETTERS), text.format(**NUMBERS))
    classifier = CLASSIFIER.format(**LARGE)
    yield _beside("page: 784-512-512-10 with letters for sizes", CLASSIFIER.format(**LETTERS), classifier, 1.3)
    for batch, values in (("32", False), ("1", True), ("32", True)):
        text = CLASSIFIER.format(**{**LARGE, "m": batch})
        least = min(page(text, values) for _ in range(5))
        said = f"page: 784-512-512-10, batch {batch}{', with values' if values else ''}"
        yield Row(said, least * 1000, "milliseconds", 500)


def _beside(what: str, letters: str, numbers: str, bound: float | None = None) -> Row:
    times = take_turns({"letters": lambda: page(letters), "numbers": lambda: page(numbers)}, 11)
    return Row(what, times["letters"].least / times["numbers"].least, "the same with numbers", bound)
