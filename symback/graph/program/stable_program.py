"""Formulas over several nodes that overflow or lose digits as written, and what is computed instead.

With `p = softmax(z)`, `L = -sum(y*ln(p))` is the logarithm of 0 where z is large, though L is no larger than z. Numbers
and code take log_softmax(z) for ln(p); on paper a formula is derived as written. The gradient goes the same way, past
p straight to z, so that y/p and p(1 - p) never meet. The gradient by p itself is there all the same: a node `instead`
has the stable value and the formula as it was written as its inputs, and what the formula passes on ends at z.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from symback.expr.tree import symbol
from symback.graph.nodes import Node, Program
from symback.graph.operations import FUSED, PROBABILITIES
from symback.graph.program.build import Builder
from symback.syntax import parse_matrix

# The letters: u and v are any nodes; a condition names what must hold of them.
_FORMS = """
ln(softmax(u))              log_softmax(u)
ln(sigmoid(u))              -softplus(-u)
ln(1 - sigmoid(u))          -softplus(u)
1/(1 + e^(-u))              sigmoid(u)
1/(e^(-u) + 1)              sigmoid(u)
e^u/(1 + e^u)               sigmoid(u)
e^u/(e^u + 1)               sigmoid(u)
ln(1 + e^u)                 softplus(u)
ln(e^u + 1)                 softplus(u)
e^u/sum(e^u)                softmax(u)              u is a vector
ln(sum(e^u))                logsumexp(u)            u is a vector
u*ln(v)                     xlogy(u, v)             u is given beside v
ln(v)*u                     xlogy(u, v)             u is given beside v
dot(u, ln(v))               sum(xlogy(u, v))        u is given beside v
dot(ln(v), u)               sum(xlogy(u, v))        u is given beside v
u @ ln(v)                   sum(xlogy(u, v))        both are vectors
ln(v) @ u                   sum(xlogy(u, v))        both are vectors
"""
_PARTS = frozenset(("index", "slice", "transpose"))  # the logarithm of a part is a part of the logarithm


class _Form(NamedTuple):
    """A pattern as nodes, its last one on top; the letters by their nodes; what replaces it; a condition."""

    pattern: tuple[Node, ...]
    letters: Mapping[int, str]
    right: str
    condition: str


def stable_program(nodes: Program) -> tuple[Program, list[int]]:
    """Return the nodes with what is worked out in place of formulas, and where each of the old nodes is then."""
    if not any(node.op in _NEEDED for node in nodes):
        return nodes, list(range(len(nodes)))
    writing = _Writing(len(nodes))
    for node in nodes:
        writing.add(node)
    return tuple(writing.builder.nodes), writing.places


class _Writing:
    """The nodes so far; `places` says where the old ones are, `given` which inputs each one depends on, as bits."""

    def __init__(self, count: int) -> None:
        self.builder = Builder()
        self.places: list[int] = []
        self.given: list[int] = []

    def add(self, node: Node) -> None:
        """Write a node of the old program, or what is worked out instead."""
        builder = self.builder
        own = replace(node, id=len(builder.nodes), inputs=tuple(self.places[i] for i in node.inputs))
        builder._append(own, unique=bool(node.name))
        self.places.append(own.id)
        found = self._stable(own)
        if isinstance(found, Node):
            builder.nodes[own.id] = found
        elif found is not None:
            stable, leaves = found
            builder.nodes[own.id] = replace(own, name="")
            inputs = (stable, own.id, *leaves)
            self.places[-1] = len(builder.nodes)
            builder._append(replace(own, id=len(builder.nodes), op="instead", inputs=inputs, params=()), unique=True)
        self._note_inputs()

    def _note_inputs(self) -> None:
        for node in self.builder.nodes[len(self.given) :]:
            bits = 1 << node.id if node.op == "input" else 0
            for i in node.inputs:
                bits |= self.given[i]
            self.given.append(bits)

    def _stable(self, node: Node) -> Node | tuple[int, tuple[int, ...]] | None:
        """Return the fused loss that a node is, or the node of its stable form and what that is made of."""
        nodes = self.builder.nodes
        if node.op in _LOSSES:
            p = _seen(nodes, node.inputs[0])
            fused, of = _LOSSES[node.op]
            return replace(node, op=fused, inputs=(p.inputs[0], node.inputs[1], node.inputs[0])) if p.op == of else None
        for form in _forms().get(node.op, ()):
            bound = _matched(nodes, node.id, form)
            if bound is not None and _CONDITIONS[form.condition](self, bound):
                return self._lowered(form.right, bound), tuple(bound.values())
        return self._logarithm_of_part(node) if node.op == "ln" else None

    def _lowered(self, text: str, bound: Mapping[str, int]) -> int:
        special = {"xlogy": lambda u, v: self.builder.add("xlogy", (u, v))}
        return self.builder.lower(parse_matrix(text), {symbol(letter): i for letter, i in bound.items()}, special)

    def _logarithm_of_part(self, node: Node) -> tuple[int, tuple[int, ...]] | None:
        """Return the part of the logarithm of p where the node is the logarithm of a part of p, as in ln(p[k])."""
        nodes = self.builder.nodes
        cuts: list[Node] = []
        inner = _seen(nodes, node.inputs[0])
        while inner.op in _PARTS:
            cuts.append(inner)
            inner = _seen(nodes, inner.inputs[0])
        if not cuts or inner.op not in ("softmax", "sigmoid"):
            return None
        z = inner.inputs[0]
        found = self._lowered(_OF_PART[inner.op], {"u": z})
        for cut in reversed(cuts):
            found = self.builder.add(cut.op, (found,), cut.params)
        return found, (z,)


_OF_PART = {"softmax": "log_softmax(u)", "sigmoid": "-softplus(-u)"}
_NEEDED = frozenset(("ln", "exp", *FUSED.values()))  # without one of these no formula is in the table
_LOSSES = {old: (fused, of) for (fused, old), of in zip(FUSED.items(), ("softmax", "sigmoid"), strict=True)}


# --- matching --------------------------------------------------------------------------------------------------------


@cache
def _forms() -> dict[str, list[_Form]]:
    """Return the rows of the table by the operation on top."""
    forms: dict[str, list[_Form]] = {}
    for line in _FORMS.strip().splitlines():
        left, right, *condition = (part.strip() for part in line.split("  ") if part.strip())
        builder = Builder()
        shape = (2,) if "@" in left or "dot" in left or "softmax" in left or "sum" in left else ()
        letters = {builder.input(letter, shape): letter for letter in "uv"}
        builder.lower(parse_matrix(left), {symbol(letter): i for i, letter in letters.items()}, {"no": _never})
        row = _Form(tuple(builder.nodes), letters, right, condition[0] if condition else "")
        forms.setdefault(row.pattern[-1].op, []).append(row)
    return forms


def _never(*_: int) -> int:
    raise AssertionError("only there so that a pattern is taken as it is written")


def _seen(nodes: Sequence[Node], i: int) -> Node:
    """Return what a node is worked out from: the stable form, and not another name for it."""
    while nodes[i].op in ("instead", "identity"):
        i = nodes[i].inputs[0]
    return nodes[i]


def _matched(nodes: Sequence[Node], top: int, form: _Form) -> dict[str, int] | None:
    """Return the nodes that the letters stand for, None where the pattern does not fit."""
    bound: dict[str, int] = {}

    def fits(pattern: Node, i: int) -> bool:
        letter = form.letters.get(pattern.id)
        if letter is not None:
            return bound.setdefault(letter, i) == i
        node = _seen(nodes, i) if i != top else nodes[i]
        same = (node.op, node.params, node.value) == (pattern.op, pattern.params, pattern.value)
        return (
            same
            and len(node.inputs) == len(pattern.inputs)
            and all(fits(form.pattern[p], j) for p, j in zip(pattern.inputs, node.inputs, strict=True))
        )

    return bound if fits(form.pattern[-1], top) else None


def _is_given_beside(writing: _Writing, bound: Mapping[str, int]) -> bool:
    """Tell whether a factor of a logarithm is a label or weight of it: an array, or what shares no input with it.

    So is p itself in p ln p, which is 0 where p is 0.
    """
    if bound["u"] == bound["v"]:
        return True
    u, v = (writing.given[bound[letter]] for letter in "uv")
    return u != 0 and (bool(writing.builder.shape(bound["u"])) or not u & v)


def _are_vectors(writing: _Writing, bound: Mapping[str, int]) -> bool:
    return all(len(writing.builder.shape(i)) == 1 for i in bound.values())


_CONDITIONS: dict[str, Callable[[_Writing, Mapping[str, int]], bool]] = {
    "": lambda writing, bound: True,
    "u is a vector": lambda writing, bound: len(writing.builder.shape(bound["u"])) == 1,
    "u is given beside v": _is_given_beside,
    "both are vectors": _are_vectors,
}


# --- the formulas as they were written -------------------------------------------------------------------------------


def as_written(nodes: Program, moved: int | None = None) -> Program:
    """Return the nodes with the formulas as they were written; with `moved`, only those that this node is a part of.

    Where p is moved by hand, what is worked out past it from z would not notice.
    """
    return tuple(_restored(nodes, node, moved) for node in nodes)


def _restored(nodes: Program, node: Node, moved: int | None) -> Node:
    if node.op in FUSED and len(node.inputs) > PROBABILITIES:
        z, y, p = node.inputs
        if moved is None or moved in inside(nodes, p, {z}):
            return replace(node, op=FUSED[node.op], inputs=(p, y))
    if node.op == "instead":
        _, written, *leaves = node.inputs
        if moved is None or moved in inside(nodes, written, set(leaves)):
            return replace(node, op="identity", inputs=(written,))
    return node


def inside(nodes: Sequence[Node], top: int, leaves: Collection[int]) -> Iterator[int]:
    """Yield the nodes of a formula, down to what it is made of."""
    stack, seen = [top], set(leaves)
    while stack:
        i = stack.pop()
        if i not in seen:
            seen.add(i)
            yield i
            stack.extend(nodes[i].inputs)
