"""The networks that docs/networks.md derives: graphs and formulas taken from the page itself, held against JAX."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symback.graph.graph import Graph
from tests.marks import every
from tests.test_docs import ROOT, files, sessions

from .sweep.judging import bad, judged_text, point_of

Array = Any
Values = Mapping[str, Array]
PAGE = ROOT / "docs" / "networks.md"


@pytest.fixture(scope="module")
def jax() -> Iterator[ModuleType]:
    """jax at double precision, where it is installed."""
    module = pytest.importorskip("jax", reason="jax is not installed")
    precision = module.config.jax_enable_x64
    module.config.update("jax_enable_x64", True)
    yield module
    module.config.update("jax_enable_x64", precision)


# --- what the page says -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One derivation of the page: its graph, and by what it derives."""

    graph: Graph
    wrt: tuple[str, ...]

    def with_numbers(self, sizes: Mapping[str, int]) -> str:
        """Return the text of the graph with numbers for its sizes."""
        return re.sub(r"\b[a-z]\b", lambda found: str(sizes.get(found[0], found[0])), self.graph.text)


def shown(heading: str) -> Shown:
    """Return the derivation in a section of the page."""
    section = PAGE.read_text(encoding="utf-8").partition(f"### {heading}\n")[2].partition("\n##")[0]
    ((command, _),) = sessions(section.partition("```console\n")[2].partition("```")[0])
    words = shlex.split(command)
    return Shown(Graph(files(PAGE).get(words[2], words[2])), tuple(words[words.index("--wrt") + 1].split(",")))


# --- the same in jax --------------------------------------------------------------------------------------------------


def cell(xp: Any, p: Values) -> Array:
    gate = {k: p[f"W_{k}"] @ p["x"] + p[f"U_{k}"] @ p["h0"] + p[f"b_{k}"] for k in "fiog"}
    f, i, o = (1 / (1 + xp.exp(-gate[k])) for k in "fio")
    c = f * p["c0"] + i * xp.tanh(gate["g"])
    return xp.sum((o * xp.tanh(c) - p["y"]) ** 2)


def attention(xp: Any, p: Values) -> Array:
    s = xp.where(p["M"] > 0, p["Q"] @ p["K"].T / p["Q"].shape[1] ** 0.5, -xp.inf)
    e = xp.exp(s - xp.max(s, axis=1, keepdims=True))
    return xp.mean((e / xp.sum(e, axis=1, keepdims=True) @ p["V"] - p["Y"]) ** 2)


def convolution(xp: Any, p: Values) -> Array:
    from jax import lax

    z = lax.conv_general_dilated(p["X"][None, None], p["K"][None, None], (1, 1), "VALID")[0, 0] + p["b"]
    return xp.sum((z - p["T"]) ** 2)


def batch_norm(xp: Any, p: Values) -> Array:
    n = (p["X"] - xp.mean(p["X"], axis=0)) / xp.sqrt(xp.var(p["X"], axis=0) + 1e-5)
    return xp.sum(p["G"] * (p["gamma"] * n + p["beta"]))


NETWORKS: dict[str, Callable[[Any, Values], Array]] = {
    "One cell of an LSTM": cell,
    "Attention with a mask": attention,
    "A convolution": convolution,
    "Batch norm": batch_norm,
}


def values_of(graph: Graph, sizes: Mapping[str, int]) -> dict[str, Array]:
    """Return random values; with a mask each row sees itself and those before it."""
    random = np.random.default_rng(11)
    shapes = {name: tuple(map(int, shape)) for name, shape in graph.sized(sizes).items()}
    values = {name: random.normal(size=shape) for name, shape in shapes.items()}
    return values | ({"M": np.tri(shapes["M"][0])} if "M" in shapes else {})


def true_gradients(jax: ModuleType, heading: str, values: Values, names: Sequence[str]) -> dict[str, Array]:
    arrays = {name: jax.numpy.asarray(value) for name, value in values.items()}
    rest = {name: value for name, value in arrays.items() if name not in names}
    loss = jax.grad(lambda own: NETWORKS[heading](jax.numpy, {**rest, **own}))
    return {name: np.asarray(slope) for name, slope in loss({n: arrays[n] for n in names}).items()}


@pytest.mark.parametrize("heading", NETWORKS)
@pytest.mark.parametrize("which", every(2, [0, 1]))
def test_gradients_are_those_of_jax(jax: ModuleType, heading: str, which: int) -> None:
    page = shown(heading)
    values = values_of(page.graph, page.graph.samples(second=which == 1))
    b = page.graph.backprop(at=values, wrt=page.wrt)
    assert b.check.verdict == "verified"
    for name, slope in true_gradients(jax, heading, values, page.wrt).items():
        np.testing.assert_allclose(b.values[name], slope, rtol=1e-10, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("heading", NETWORKS)
def test_every_line_is_right(heading: str) -> None:
    """What is printed is read back and worked out by a table that knows nothing of symback's own numbers."""
    page = shown(heading)
    sets = [page.graph.samples(), page.graph.samples(second=True)]
    points = [point_of(page.with_numbers(sizes), values_of(page.graph, sizes), sizes) for sizes in sets]
    found = judged_text(page.graph.text, points, page.wrt)
    assert not bad(found), bad(found)
    assert {one.name for one in found} >= set(page.wrt)
