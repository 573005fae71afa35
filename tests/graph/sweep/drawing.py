"""Random graphs of arrays as text: every operation of the language, broadcasting both ways, losses that go on, loops.

    drawn(7).text              a graph whose sizes are numbers, 1 and 2 among them
    drawn(7, letters=True)     the same operations on arrays whose sizes are letters

The same seed makes the same graph. What is drawn stays away from kinks and poles, where two right answers may differ
by a convention: arguments are made safe where they are written (`ln(1 + u^2)`), the rest is tried out and drawn anew.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .inputs import Drawn, Shape
from .operations import BROADCAST, COMMON, ELEMENTWISE, FUNCTIONS, OF_LOSS
from .slopes import is_tame

LETTERS = ("n", "m", "k")
SIZES = ({"n": 3, "m": 5, "k": 4}, {"n": 4, "m": 2, "k": 6})  # two sets for letters, none of them the samples
NUMBERS = (1, 2, 2, 3, 3, 4, 5)


# --- drawing ---------------------------------------------------------------------------------------------------------


@dataclass
class Pen:
    """A graph under construction: its lines, and what stands for a value of each shape."""

    random: random.Random
    lines: list[str] = field(default_factory=list)
    inputs: dict[str, tuple[Shape, str]] = field(default_factory=dict)
    nodes: dict[str, Shape] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def often(self, chance: float) -> bool:
        return self.random.random() < chance

    def input(self, shape: Shape, kind: str = "positive", again: float = 0.65) -> str:
        """Return an input of a shape and kind, often one that is there already."""
        known = [name for name, found in self.inputs.items() if found == (shape, kind)]
        if known and self.often(again):
            return self.pick(*known)
        name = f"{self.pick(*('abc', 'xyz', 'ABW', 'RST')[len(shape)])}{len(self.inputs)}"
        self.inputs[name] = shape, kind
        return name

    def atom(self, shape: Shape) -> str:
        """Return a node or an input of a shape."""
        known = [name for name, found in self.nodes.items() if found == shape]
        fresh = [name for name in known if name not in self.taken]
        if not known or self.often(0.3):
            return self.input(shape)
        name = self.pick(*(fresh or known))
        self.taken.add(name)
        return str(name)

    def node(self, text: str, shape: Shape, name: str = "") -> str:
        """Add a line to the graph and return its name."""
        name = name or f"{'hjq'[len(shape)]}{len(self.nodes)}"
        self.lines.append(f"{name} = {text}")
        self.nodes[name] = shape
        return name

    def letter(self) -> str:
        return self.pick(*LETTERS)

    def stretched(self, shape: Shape) -> Shape:
        """Return a shape that broadcasting stretches to this one, or the shape itself."""
        if not shape or self.often(0.6):
            return shape
        return self.pick((), *([shape[1:], ("1", shape[1]), (shape[0], "1")] if len(shape) == 2 else []))


def inside(text: str) -> str:
    """Return a text so that it can stand inside any other: in brackets, unless it is a name."""
    return text if text.isidentifier() else f"({text})"


def value(pen: Pen, shape: Shape, depth: int) -> str:
    """Return a random expression of a shape."""
    if depth <= 0 or pen.often(0.1):
        return pen.atom(shape)
    kind = pen.random.random()
    if kind < 0.34:
        return _combined(pen, shape, depth)
    if kind < 0.62 or shape in (("1", "1"), ("1",)):
        way = pen.pick(*(ELEMENTWISE if pen.often(0.6) else COMMON))
        return str(way).format(inside(value(pen, shape, depth - 1)))
    return (_number, _vector, _matrix)[len(shape)](pen, shape, lambda other: inside(value(pen, other, depth - 1)))


def _combined(pen: Pen, shape: Shape, depth: int) -> str:
    shapes = [pen.stretched(shape), shape]
    pen.random.shuffle(shapes)
    return str(pen.pick(*BROADCAST)).format(*(inside(value(pen, s, depth - 1)) for s in shapes))


Inner = Callable[[Shape], str]


def _number(pen: Pen, shape: Shape, inner: Inner) -> str:
    m, k = pen.letter(), pen.letter()
    some = pen.pick((m,), (m, k), (m, k))
    ways: list[Callable[[], str]] = [
        lambda: f"sum({inner(some)})",
        lambda: f"sum({inner(some)})",
        lambda: f"mean({inner(some)})",
        lambda: f"dot({inner((m,))}, {inner((m,))})",
        lambda: f"{inner((m,))} @ {inner((m,))}",
        lambda: f"norm2({inner(some)})",
        lambda: f"norm({inner(some)})",
        lambda: f"logsumexp({inner((m,))})",
        lambda: f"trace({inner((m, m))})",
        lambda: f"trace({inner((m, k))} @ {inner((k, m))})",
        lambda: f"logdet({pen.input((m, m), 'square')})",
        lambda: f"logdet({inner((m, k))} @ {pen.atom((m, k))}.T/9 + {pen.input((m, m), 'symmetric')})",
        lambda: f"{inner((m,))}[0]",
        lambda: f"{inner((m, k))}[0, 0]",
        lambda: f"quadratic({inner((m,))}, {inner((m, m))})",
        lambda: f"{inner((m,))} @ {inner((m, m))} @ {inner((m,))}",
        lambda: f"mse({inner(some)}, {inner(some)})",
        lambda: _cross_entropy(pen, some, inner),
        lambda: _cross_entropy(pen, some, inner),
        lambda: _binary(pen, some, inner),
        lambda: f"max({inner(some)})",
        lambda: f"prod({inner((m,))})",
        lambda: f"det({pen.input((m, m), 'square')})",
        lambda: f'einsum("pq,pq->", {inner((m, k))}, {inner((m, k))})',
        lambda: f"norm2({_batch(pen, k, m, inner)})",
        lambda: f"sum(max({_batch(pen, k, m, inner)}, axis={pen.pick(0, 1, 2)}))",
    ]
    return pen.pick(*ways)()


def _batch(pen: Pen, n: str, m: str, inner: Inner) -> str:
    """Return an array with three axes, k by n by m, of one that is given."""
    k = pen.letter()
    given = pen.input((k, n, m))
    ways = [
        f"{given} + {inner((n, m))}", f"{given} * {inner((m,))}", f"softmax({given}, axis={pen.pick(0, 1, 2)})",
        f"{pen.input((k, m, n))}.mT", f"{given} @ {inner((m, m))}", f"where({given} > {inner((n, m))}, {given}, 0)",
        f"{given} - mean({given}, axis={pen.pick(0, 1, 2)}, keepdims)", f"{given} @ {given}.mT @ {given}",
        f"cumsum({given}, axis={pen.pick(0, 1, 2)})", f"{given} * expand({inner((n,))}, 1)",
    ]  # fmt: skip
    return f"({pen.pick(*ways)})"


def _cross_entropy(pen: Pen, shape: Shape, inner: Inner) -> str:
    y = pen.input(shape, "probabilities", again=0.3)
    p = f"softmax({inner(shape)})"
    p = pen.node(p, shape) if pen.often(0.6) else p
    written_out = f"-sum({y} * ln({p}))"
    return str(pen.pick(f"cross_entropy({p}, {y})", f"cross_entropy({p}, {y})", written_out, f"-sum({y} * log_{p})"
                        if p.startswith("softmax") else written_out))  # fmt: skip


def _binary(pen: Pen, shape: Shape, inner: Inner) -> str:
    y = pen.input(shape, "between", again=0.3)
    p = f"sigmoid({inner(shape)})"
    p = pen.node(p, shape) if pen.often(0.6) else p
    return str(pen.pick(f"bce({p}, {y})", f"-sum({y} * ln({p}) + (1 - {y}) * ln(1 - {p}))"))


def _vector(pen: Pen, shape: Shape, inner: Inner) -> str:
    (n,), m = shape, pen.letter()
    ways: list[Callable[[], str]] = [
        lambda: f"{inner((n, m))} @ {inner((m,))}",
        lambda: f"{inner((m,))} @ {inner((m, n))}",
        lambda: f"{inner((m, n))}.T @ {inner((m,))}",
        lambda: f"softmax({inner(shape)})",
        lambda: f"log_softmax({inner(shape)})",
        lambda: f"{pen.pick('sum', 'mean')}({inner((m, n))}, 0)",
        lambda: f"{pen.pick('sum', 'mean')}({inner((n, m))}, 1)",
        lambda: f"sum({inner((n, m))}, -1)",
        lambda: f"logsumexp({inner((n, m))})",
        lambda: f"{inner((m, n))}[0]",
        lambda: f"inv({pen.input((n, n), 'square')}) @ {inner((n,))}",
        lambda: f"solve({pen.input((n, n), 'square')}, {inner((n,))})",
        lambda: f"{pen.pick('max', 'min', 'prod')}({inner((m, n))}, axis=0)",
        lambda: f"{pen.pick('cumsum', 'flip')}({inner(shape)})",
        lambda: f"{inner((m,))}[{pen.input(shape, f'classes {m}')}]",
        lambda: f'einsum("pq,pq->p", {inner((n, m))}, {inner((n, m))})',
        lambda: f"sum({_batch(pen, n, m, inner)}, axis=(0, 2))",
    ]
    return pen.pick(*ways)()


def _matrix(pen: Pen, shape: Shape, inner: Inner) -> str:
    n, m = shape
    k = pen.letter()
    ways: list[Callable[[], str]] = [
        lambda: f"{inner((n, k))} @ {inner((k, m))}",
        lambda: f"{inner((n, k))} @ {inner((k, m))}",
        lambda: f"{inner((n, k))} @ {inner((m, k))}.T",
        lambda: f"{inner((k, n))}.T @ {inner((k, m))}",
        lambda: f"{inner((m, n))}.T",
        lambda: f"softmax({inner(shape)})",
        lambda: f"log_softmax({inner(shape)})",
        lambda: f"softmax({inner(shape)}, axis=0)",
        lambda: f"{pen.pick('cumsum', 'flip')}({inner(shape)}, axis={pen.pick(0, 1)})",
        lambda: _kept(pen, shape, inner),
        lambda: _kept(pen, shape, inner),
        lambda: f"where({inner(shape)} > {inner(shape)}, {inner(shape)}, 0)",
        lambda: f'einsum("pq,rq->pr", {inner((n, k))}, {inner((m, k))})',
        lambda: f"sum({_batch(pen, n, m, inner)}, axis=0)",
        lambda: f"{inner((k, m))}[{pen.input((n,), f'classes {k}')}]",
    ]
    if "1" not in shape:
        ways += [lambda: f"outer({inner((n,))}, {inner((m,))})", lambda: _centred(pen, shape, inner)]
    if n == m != "1":
        ways += [
            lambda: f"inv({pen.input(shape, 'square')})",
            lambda: f"inv({pen.input(shape, 'square')} + {inner(shape)}/9)",
        ]
    return pen.pick(*ways)()


def _kept(pen: Pen, shape: Shape, inner: Inner) -> str:
    """Return a matrix beside what is worked out along one of its axes, which is kept."""
    matrix = pen.node(inner(shape), shape)
    name = pen.pick("sum", "mean", "max", "min", "logsumexp", "norm")
    along = f"{name}({matrix}, axis={pen.pick(0, 1)}, keepdims)"
    return str(pen.pick(f"{matrix} - {along}", f"{matrix} * {along}", f"{matrix}/(1 + {along}^2)"))


def _centred(pen: Pen, shape: Shape, inner: Inner) -> str:
    """Return the columns of a matrix without their means."""
    columns = pen.node(inner(shape), shape)
    return f"{columns} - mean({columns}, 0)"


def _joined(pen: Pen) -> None:
    """Add a node that joins two arrays, whose size is one of its own: it is summed up at once."""
    m, k = pen.letter(), pen.letter()
    one, other = pen.pick(((m,), (k,)), ((m, k), (m, k)), ((m, k), (k, k)))
    joined = f"concat({pen.atom(one)}, {pen.atom(other)})"
    pen.node(f"sum({str(pen.pick(*COMMON)).format(joined)})", ())


def _loop(pen: Pen) -> str:
    """Add a loop of three steps whose states feed a loss, and return the loss."""
    n, m = pen.letter(), pen.letter()
    x, y = pen.input(("3", m)), pen.input(("3", n), "probabilities", again=0)
    step = f"{pen.input((n, m))} @ {x}[t]"
    step += f" + {pen.input((n, n))} @ h[t-1]" if pen.often(0.6) else " + h[t-1]"
    state = str(pen.pick("tanh({0})", "sin({0})", "sigmoid({0})", "relu({0})", "softmax({0})")).format(step)
    loss = str(pen.pick("norm2(h[t] - {0}[t])", "cross_entropy(softmax(h[t]), {0}[t])/2", "sum((h[t] - {0}[t])^2)",
                        "{1} cross_entropy(softmax(h[t]), {0}[t])", "mean(h[t] * {0}[t])"))  # fmt: skip
    pen.inputs["h[0]"] = (n,), "positive"
    pen.lines.append(f"for t in 1..3:\n    h[t] = {state}\n    J += {loss.format(y, pen.input(()))}")
    pen.nodes["J"] = ()
    return "J"


def _graph(pen: Pen) -> None:
    """Draw the lines of a graph; the last one is L."""
    for _ in range(pen.pick(0, 1, 1, 2, 3)):
        n, m = pen.letter(), pen.letter()
        shape = pen.pick((), (n,), (n,), (n, m), (n, m), (n, n))
        text = value(pen, shape, pen.pick(1, 2))
        if not text.isidentifier():
            pen.node(text, shape)
    if pen.often(0.1):
        _joined(pen)
    loss = _loop(pen) if pen.often(0.12) else value(pen, (), pen.pick(2, 3, 3))
    if pen.often(0.5):
        loss = pen.node(loss, ()) if not loss.isidentifier() else loss
        loss = str(pen.pick(*OF_LOSS)).format(loss, pen.input(()))
    pen.node(loss, (), "L")


def drawn(seed: int, letters: bool = False) -> Drawn:
    """Return the random graph of a seed: one that can be worked out, away from kinks, with values that are not wild."""
    for again in range(100):
        pen = Pen(random.Random(f"{seed} {again}"))
        _graph(pen)
        graph = _written(pen, seed, letters)
        if graph.wrt and all(is_tame(graph, which, sizes) for which, sizes in enumerate(graph.sizes)):
            return graph
    raise AssertionError(f"no graph for the seed {seed}")


def _used(lines: list[str]) -> list[str]:
    """Return the lines whose names are used, and the last."""
    kept: list[str] = []
    for line in reversed(lines):
        name = line.partition(" = ")[0]
        if not kept or line.startswith("for") or name in _words("\n".join(kept)):
            kept.insert(0, line)
    return kept


def _words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]\w*", text))


def _written(pen: Pen, seed: int, letters: bool) -> Drawn:
    sizes: tuple[Mapping[str, int], ...] = SIZES if letters else ({letter: pen.pick(*NUMBERS) for letter in LETTERS},)
    text = "\n".join(pen.lines if pen.often(0.05) else _used(pen.lines))
    words = _words(text)
    head = [line for line in FUNCTIONS if re.findall(r"\w+", line)[1] in words]
    used = {name: one for name, one in pen.inputs.items() if name.partition("[")[0] in words}
    wrt = [
        name
        for name, (_, kind) in used.items()
        if kind not in ("probabilities", "symmetric") and not kind.startswith("classes")
    ]
    return Drawn(seed, "\n".join([*head, text]), tuple(wrt), used, sizes, letters)


def seeds_of(text: str) -> Sequence[int]:
    """Return the seeds of `0:1000`, or of a single number.

    >>> list(seeds_of("3:6")), list(seeds_of("7"))
    ([3, 4, 5], [7])
    """
    first, colon, stop = text.partition(":")
    return range(int(first), int(stop) if colon else int(first) + 1)
