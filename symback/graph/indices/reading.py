"""From trees to index forms.

Shapes are NumPy's: axes are aligned at the right, a missing axis is a missing index, an axis of size 1 is stretched.
Two sizes are one only if they are the same letter or the same number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Protocol

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import (
    PI,
    Apply,
    E,
    Gradient,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Size,
    Times,
    Tree,
    fold,
    number_value,
)
from symback.graph.indices.algebra import call, power, raised, times
from symback.graph.indices.budget import NotCovered
from symback.graph.indices.forms import E_FORM, Constant, Entry, axes, constant, power_of
from symback.graph.indices.heads import COMPOSITES, CONDITIONS, HEADS, OF_ONE_SHAPE
from symback.graph.indices.sizes import size_form, size_sum, size_text
from symback.graph.indices.sums import scaled, total
from symback.graph.indices.tensors import Tensor, broadcast, elementwise, number
from symback.syntax import parse_matrix
from symback.syntax.arrays import ALONG_THE_LAST

Shapes = Mapping[str, Sequence[int]]


class Definition(Protocol):
    """A function of numbers that the text of a graph defines."""

    @property
    def parameters(self) -> tuple[str, ...]: ...
    @property
    def body(self) -> Tree: ...
    @property
    def derivative(self) -> Tree | None: ...


@dataclass(frozen=True)
class Reader:
    """What the names of a tree are: arrays of some shape, or forms.

    `symmetric` matrices have A_ij = A_ji, the last axis of `normal` arrays sums to 1, and `first` says how the first
    entry of an array is numbered. Names that have no shape are numbers.
    """

    shapes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    symmetric: frozenset[str] = frozenset()
    normal: frozenset[str] = frozenset()
    functions: Mapping[str, Definition] = field(default_factory=dict)
    first: Mapping[str, Sequence[int]] = field(default_factory=dict)
    values: Mapping[str, Tensor] = field(default_factory=dict)

    def read(self, tree: Tree) -> Tensor:
        """Return the index form of a tree; NotCovered where something in it has none."""
        found: Tensor | None = fold(tree, self._node)
        if found is None:
            raise NotCovered(f"{tree} alone")
        return found

    def name(self, name: str) -> Tensor:
        """Return the entries of a name."""
        if name in self.values:
            return self.values[name]
        shape = self.shapes.get(name, ())
        entry = Entry(name, axes(shape), name in self.symmetric and len(shape) == 2, name in self.normal)
        return Tensor(shape, power_of(entry))

    def gradient(self, loss: str, name: str) -> Tensor:
        """Return the entries of the gradient of a loss by a name, which is an array of the same shape."""
        shape = self.shapes.get(name, ())
        return Tensor(shape, power_of(Entry(gradient_name(loss, name), axes(shape))))

    def _node(self, node: Basic, inner: Sequence[Any]) -> Tensor | None:
        if isinstance(node, Symbol):
            return self.name(node.name)
        if isinstance(node, Gradient) and all(isinstance(a, Symbol) for a in node._args):
            return self.gradient(*(a.name for a in node._args))
        value = number_value(node)
        if value is not None:
            return number(constant(value))
        if isinstance(node, Size):
            return number(size_form(node.name))
        if isinstance(node, Apply):
            return self._call(node, [t for t in inner[1:] if t is not None])
        if type(node) in _ARITHMETIC:
            return elementwise(_ARITHMETIC[type(node)], *inner)
        if isinstance(node, Inert):
            raise NotCovered(type(node).__name__)
        return _CONSTANTS.get(node)  # None for the name of a function

    def _call(self, node: Apply, given: Sequence[Tensor]) -> Tensor:
        name = node.name
        if name in self.functions:
            return self._defined(name, given)
        if name == "onehot":
            return self._one_hot(node.arguments[0], given[0].shape, _size_or_number(node.arguments[1]))
        numbers = [_size_or_number(argument) for argument in node.arguments]
        if name == "index":
            numbers[1:] = self._counted_from_0(node.arguments[0], numbers[1:])
        if name in ALONG_THE_LAST and len(numbers) > 1 and numbers[1] not in ("-1", str(len(given[0].shape) - 1)):
            raise NotCovered(f"{name} along another axis than the last")
        if name in HEADS:
            return HEADS[name](given, numbers)
        if name in COMPOSITES:
            return self._composite(node, given)
        if name not in FUNCTIONS or len(given) != 1:
            raise NotCovered(name)
        return elementwise(lambda u: call(name, u), *given)

    def _composite(self, node: Apply, given: Sequence[Tensor]) -> Tensor:
        """Read what a head is made of; class numbers are the one-hot rows that they stand for."""
        name = node.name
        if name == "cross_entropy" and len(given[0].shape) == 2 and given[1].shape == given[0].shape[:1]:
            given = (given[0], self._one_hot(node.arguments[1], given[1].shape, given[0].shape[1]))
        if name in OF_ONE_SHAPE and given[0].shape != given[1].shape:
            raise NotCovered("shapes that differ")
        if name == "where" and not (isinstance(node.arguments[0], Apply) and node.arguments[0].name in CONDITIONS):
            raise NotCovered("a choice by numbers that may be others than 1 and 0")
        return replace(self, values=dict(zip("abc", given, strict=False))).read(_composite(name))

    def _defined(self, name: str, given: Sequence[Tensor]) -> Tensor:
        """Write a function of the author's out, or leave one alone whose derivative is given."""
        definition = self.functions[name]
        if definition.derivative is not None:
            return elementwise(lambda u: call(name, u), *given)
        own = dict(zip(definition.parameters, given, strict=True))
        return Tensor(broadcast(given), self.of_numbers(definition.body, own).form)

    def of_numbers(self, body: Tree, given: Mapping[str, Tensor]) -> Tensor:
        """Return a formula in numbers, for the entries of arrays."""
        return replace(self, values={**self.values, **given}).read(body)

    def _one_hot(self, labels: Tree, shape: tuple[str, ...], classes: str | None) -> Tensor:
        if not isinstance(labels, Symbol) or classes is None:
            raise NotCovered("class numbers that have no name")
        shape = (*shape, classes)
        return Tensor(shape, power_of(Entry(f"onehot({labels.name})", axes(shape), is_normal=True)))

    def _counted_from_0(self, array: Tree, places: Sequence[str | None]) -> list[str | None]:
        first = self.first.get(array.name, ()) if isinstance(array, Symbol) else ()
        starts = (*first, *(0 for _ in places))
        return [str(int(p) - s) if p and p.lstrip("-").isdigit() else p for p, s in zip(places, starts, strict=False)]


@cache
def _composite(name: str) -> Tree:
    return parse_matrix(COMPOSITES[name])


def gradient_name(loss: str, name: str) -> str:
    """Return what the gradient of a loss by a name is called in forms; no name of a graph looks like it."""
    return f"d{loss}/d{name}"


def as_text(shape: Sequence[int]) -> tuple[str, ...]:
    """Return a shape with its sizes as text."""
    return tuple(map(size_text, shape))


def _size_or_number(tree: Tree) -> str | None:
    """Return a size, a sum of sizes, or a whole number as text; None for anything else."""
    value = number_value(tree)
    if value is not None:
        return str(value) if value.denominator == 1 else None
    if isinstance(tree, Size):
        return tree.name
    if isinstance(tree, Plus):
        parts = [_size_or_number(part) for part in tree._args]
        return size_sum(*(part for part in parts if part)) if all(parts) else None
    if isinstance(tree, Times) and len(tree._args) == 2:
        often, part = number_value(tree._args[0]), _size_or_number(tree._args[1])
        return size_sum(*[part] * int(often)) if part and often is not None and often in _FEW else None
    return None


_FEW = range(2, 65)  # the copies of a size that a sum of sizes may have


_ARITHMETIC: dict[type, Any] = {
    Plus: lambda *terms: total(terms),
    Times: times,
    Quotient: lambda a, b: times(a, power(b, -1)),
    Neg: lambda a: scaled(a, -1),
    Power: raised,
}
_CONSTANTS: dict[Any, Tensor] = {E: number(E_FORM), PI: number(power_of(Constant("pi")))}


def index_form(
    tree: Tree,
    shapes: Shapes,
    symmetric: frozenset[str] = frozenset(),
    normal: frozenset[str] = frozenset(),
) -> Tensor:
    """Return the index form of a formula on arrays, with its shape; NotCovered where there is none.

    >>> from symback.expr.tree import apply, symbol
    >>> A, x = symbol("A"), symbol("x")
    >>> index_form(apply("matmul", apply("transpose", A), x), {"A": (2, 3), "x": (2,)}).shape
    ('3',)
    """
    return Reader({name: as_text(shape) for name, shape in shapes.items()}, symmetric, normal).read(tree)
