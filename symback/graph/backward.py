"""The backward pass on nodes: the law of each operation, in reverse order, summed over the consumers.

The result is a program again: gradient nodes are ordinary operations after the forward ones, so that numbers, code and
formulas all come from the same laws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from math import prod

from sympy.core.symbol import Symbol

from symback.errors import NoRule, ShapeError, UsageError
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Times, Tree, symbol
from symback.graph.nodes import Dim, GradientProgram, Node, Program, Shape, shape_text
from symback.graph.operations import FUSED, PROBABILITIES, laws_of
from symback.graph.operations.table import TABLE, law_of, letters_of
from symback.graph.program.build import Builder, pruned
from symback.graph.program.stable_program import inside
from symback.graph.program.zero_wins import guarded
from symback.graph.sizes import total
from symback.syntax import parse_matrix

A, B, C, OUT, UPSTREAM, ARGUMENT, OWN_VALUE = (symbol(n) for n in ("a", "b", "c", "z", "g", "x", "out"))
_PLACES = {"a": 0, "b": 1, "c": 2, "x": 0}  # of the inputs that letters stand for


@cache
def law_tree(text: str) -> Tree:
    """Return a law's text as a tree."""
    return parse_matrix(text, ("out",))


def gradient_program(
    nodes: Program, loss: int, wrt: Mapping[str, int], functions: Mapping[str, object] | None = None
) -> GradientProgram:
    """Return the forward nodes followed by the gradients of the loss by the nodes of `wrt`.

    ShapeError where the loss is not a number.
    """
    if nodes[loss].shape:
        raise ShapeError(
            f"The loss must be a number, but {nodes[loss].name or 'it'} is a {shape_text(nodes[loss].shape)}.",
            hint="Take its sum or mean; the derivative of a vector is found by symback jacobian, or Graph.jacobian.",
        )
    builder = Builder(functions, nodes)
    found = gradients(builder, nodes, loss, wrt.values())
    zero = {name: _zero(builder, nodes[i].shape) for name, i in wrt.items() if i not in found}
    ids = {name: zero.get(name, found.get(i, 0)) for name, i in wrt.items()}
    program, places = pruned(builder.nodes, [loss, *ids.values()])
    return GradientProgram(program, places[loss], {name: places[i] for name, i in ids.items()})


def _zero(builder: Builder, shape: Shape) -> int:
    zero = builder.constant(0)
    return builder.add("broadcast", (zero,), (shape, None)) if shape else zero


def gradients(builder: Builder, nodes: Sequence[Node], loss: int, wrt: Iterable[int]) -> dict[int, int]:
    """Return the gradient node of every node between the loss and what is differentiated by."""
    first = len(builder.nodes)
    wanted = set(wrt)
    relevant = _depending_on(nodes, wanted)
    flow = _Flow(builder)
    flow.add(loss, builder.constant(1))
    for node in reversed(nodes[: loss + 1]):
        for ends, upstream in flow.through(node.id):
            for place, source in enumerate(node.inputs):
                stop = _stop(node, place, ends)
                if source not in relevant or source in ends or stop is None:
                    continue
                if stop is not ends and wanted.isdisjoint(inside(nodes, source, stop)):
                    continue
                part = contribution(builder, node, place, upstream)
                if part is not None:
                    flow.add(source, part, stop)
    guarded(builder.nodes, first)
    return flow.found


_NOWHERE: frozenset[int] = frozenset()


class _Flow:
    """The parts of gradients on their way down; a part that went on past its node has nodes at which it ends.

    The logarithm of a softmax is worked out from the logits, and its gradient goes to them; what the probabilities get
    of it is their gradient too, but passes no further than to the logits, which have it already.
    """

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.found: dict[int, int] = {}
        self._parts: dict[int, dict[frozenset[int], list[int]]] = {}

    def add(self, node: int, part: int, ends: frozenset[int] = _NOWHERE) -> None:
        self._parts.setdefault(node, {}).setdefault(ends, []).append(part)

    def through(self, node: int) -> list[tuple[frozenset[int], int]]:
        """Return the sums of the parts that go on from a node, by where they end; note its gradient."""
        groups = self._parts.pop(node, None)
        if groups is None:
            return []
        if len(groups) == 1:  # as nearly everywhere
            ((ends, parts),) = groups.items()
            self.found[node] = _added(self.builder, parts)
            return [(ends, self.found[node])]
        sums = [(ends, _added(self.builder, parts)) for ends, parts in sorted(groups.items(), key=lambda g: len(g[0]))]
        self.found[node] = _added(self.builder, [total for _, total in sums])
        return sums


def _stop(node: Node, place: int, ends: frozenset[int]) -> frozenset[int] | None:
    """Return where a part ends that a node passes on to its input at `place`; None where it passes nothing on."""
    if node.op in FUSED and place == PROBABILITIES:
        return ends | {node.inputs[0]}
    if node.op == "instead" and place == 1:
        return ends | {*node.inputs[2:]}
    return None if node.op == "instead" and place > 1 else ends


def _added(builder: Builder, parts: Sequence[int]) -> int:
    total = parts[0]
    for part in parts[1:]:
        total = builder.add("add", (total, part))
    return total


def _depending_on(nodes: Sequence[Node], wrt: set[int]) -> set[int]:
    depending = set(wrt)
    for node in nodes:
        if any(i in depending for i in node.inputs):
            depending.add(node.id)
    return depending


def contribution(builder: Builder, node: Node, place: int, upstream: int) -> int | None:
    """Return what a node adds to the gradient of its input at `place`; None where it adds nothing."""
    if node.op in TABLE:
        return _by_row(builder, node, place, upstream)
    built = _by_own_law(builder, node, place, upstream)
    if built is None:
        text = _FINITE.get(node.op) or law_text(node, place, [builder.shape(i) for i in node.inputs])
        if not text:
            return None
        built = _by_law(builder, node, text, upstream)
    wanted = builder.shape(node.inputs[place])
    return built if builder.shape(built) == wanted else _fitted(builder, built, wanted)


def _by_law(builder: Builder, node: Node, text: str, upstream: int) -> int:
    """Return the node of a law; most laws are `g` or `g*b`, which need no walk over a tree."""
    letters = _letters(text)
    if letters:
        parts = [_letter(letter, node, upstream) for letter in letters]
        return builder.add("multiply", parts) if len(parts) > 1 else parts[0]
    names = dict(zip((A, B, C), node.inputs, strict=False))
    names |= {OUT: node.id, UPSTREAM: upstream}
    if node.inputs:
        names |= {ARGUMENT: node.inputs[0], OWN_VALUE: node.id}
    return builder.lower(law_tree(text), names, _special(builder, node))


@cache
def _letters(text: str) -> tuple[str, ...]:
    """Return the letters of a law that is a letter or a product of two; none for other laws.

    >>> _letters("g*b"), _letters("g"), _letters("g*cos(x)")
    (('g', 'b'), ('g',), ())
    """
    law = law_tree(text)
    parts = law.args if isinstance(law, Times) and len(law.args) == 2 else (law,)
    return tuple(part.name for part in parts) if all(isinstance(part, Symbol) for part in parts) else ()


def _letter(letter: str, node: Node, upstream: int) -> int:
    """Return what a letter of a law stands for: what flows in, the node itself, or one of its inputs."""
    if letter == UPSTREAM.name:
        return upstream
    if letter in (OUT.name, OWN_VALUE.name):
        return node.id
    return node.inputs[_PLACES[letter]]


def _by_row(builder: Builder, node: Node, place: int, upstream: int) -> int | None:
    """Return the contribution of an operation of the table."""
    row = TABLE[node.op]
    if not row.laws:
        raise NoRule(f"There is no law for the gradient of {row.name}.", hint="Its row in the table says none.")
    shapes = [builder.shape(i) for i in node.inputs]
    ids = {**dict(zip(letters_of(row, len(shapes)), node.inputs, strict=True)), "g": upstream, "z": node.id}
    found = law_of(row, place, node.params, shapes, {letter: symbol(letter) for letter in ids})
    if found is None:
        return None
    builder.sizes = {**builder.sizes, **{n.letter: n for s in (*shapes, node.shape) for n in s if isinstance(n, Dim)}}
    built = builder.lower(found[0], {symbol(letter): i for letter, i in ids.items()}, {"no": _never})
    wanted = shapes[place]
    return built if builder.shape(built) == wanted else _fitted(builder, built, wanted)


def _never(*_: int) -> int:
    raise AssertionError("only there so that a law is taken as it is written")


# what is worked out for a derivative that would be 0 times an overflow as it is written
_FINITE = {
    "elu": "g*min(e^x, 1)",
    "selu": "g*(1.0507009873554805*step(x) + 1.7580993408473769*(1 - step(x))*min(e^x, 1))",
}


def law_text(node: Node, place: int, shapes: Sequence[Shape]) -> str:
    """Return the text of the law of a node's input: from the table, or g times the function's derivative."""
    row = FUNCTIONS.get(node.op)
    if row is not None and node.op not in ("max", "min", "log", "root"):
        return f"g*({row.derivative})" if row.derivative != "0" else ""
    laws = laws_of(node.op, shapes)
    return laws[place] if place < len(laws) else ""


def _fitted(builder: Builder, node: int, wanted: Shape) -> int:
    """Sum over the axes along which an input was spread, or spread a number over its shape."""
    if len(builder.shape(node)) < len(wanted) or prod(builder.shape(node)) < prod(wanted):
        return builder.add("broadcast", (node,), (wanted, None))
    return builder.add("reduce", (node,), (wanted, None))


def _by_own_law(builder: Builder, node: Node, place: int, upstream: int) -> int | None:
    """Return the contribution for the few operations whose law is not a formula in a, b, z and g."""
    if node.op == "call":
        if place == 1:
            return None
        definition = builder.functions[node.params[0]]
        names = definition.bound(node.inputs[:1])
        return builder.add("multiply", (upstream, builder.lower(definition.derivative, names)))
    if node.op == "concat":
        axis = node.params[0] % len(node.shape)
        sizes = [builder.shape(i)[axis] for i in node.inputs]
        return builder.add("slice", (upstream,), (axis, total(sizes[:place]), total(sizes[: place + 1])))
    row = _OWN_LAWS.get(node.op)
    return None if row is None else row(builder, node, upstream)


def _between_zeros(builder: Builder, node: Node, upstream: int) -> int:
    """Return what flows into a slice in its place, with zeros before and after it."""
    axis, start, stop = node.params
    shape = builder.shape(node.inputs[0])
    sides = [(*shape[:axis], length, *shape[axis + 1 :]) for length in (start, total(shape[axis : axis + 1], [stop]))]
    before, after = ([_zero(builder, side)] if int(side[axis]) else [] for side in sides)
    parts = [*before, upstream, *after]
    return builder.add("concat", parts, (axis,)) if len(parts) > 1 else upstream


def _gathered(builder: Builder, node: Node, upstream: int) -> int:
    """Return the sum of what flows into the copies that a value was spread into."""
    axis = node.params[1]
    if axis is not None:
        return builder.add("sum", (upstream,), (axis,))
    return builder.add("reduce", (upstream,), (builder.shape(node.inputs[0]), None))


def _spread_again(builder: Builder, node: Node, upstream: int) -> int:
    """Return what flows into a sum over broadcast axes, for each of its terms."""
    return builder.add("broadcast", (upstream,), (builder.shape(node.inputs[0]), None))


def _taken_out(builder: Builder, node: Node, upstream: int) -> int:
    """Return the entry of what flows into zeros, at the place where the value was put."""
    return builder.add("index", (upstream,), node.params[0])


# operations with one input whose law needs the shapes at hand; gradients are made of them
_OWN_LAWS: dict[str, Callable[[Builder, Node, int], int]] = {
    "slice": _between_zeros,
    "broadcast": _gathered,
    "reduce": _spread_again,
    "scatter": _taken_out,
}


def _special(builder: Builder, node: Node) -> dict[str, Callable[..., int]]:
    """Return the functions that laws use of the shapes at hand."""
    shape = builder.shape(node.inputs[0])
    axis = node.params[0] % len(shape) if node.op in ("sum", "mean") and node.params else None
    along = shape[axis] if axis is not None else prod(shape)

    def spread(g: int) -> int:
        return builder.add("broadcast", (g,), (shape, axis if node.op in ("sum", "mean") else _last(shape, g)))

    def _last(shape: Shape, g: int) -> int | None:
        return len(shape) - 1 if builder.shape(g) and len(builder.shape(g)) < len(shape) else None

    return {
        "spread": spread,
        "count": lambda a: builder.constant(along),
        "rows": lambda a: builder.constant(shape[0] if shape else 1),
        "samples": lambda a: builder.constant(prod(shape[:-1])),
        "scatter": lambda g: builder.add("scatter", (g,), (node.params, shape)),
        "eye": lambda a: builder.add("eye", (), (shape[0],)),
    }


def node_of(names: Mapping[str, int], name: str) -> int:
    """Return the number of a named node; UsageError for a name that the graph does not have."""
    if name not in names:
        known = ", ".join(names)
        raise UsageError(f"The graph has no node {name}.", hint=f"Its nodes are {known}.")
    return names[name]
