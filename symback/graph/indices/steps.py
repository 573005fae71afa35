"""The steps of a proof by indices: what the engine does to a product, one at a time, so that each can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from symback.expr.tree import Tree
from symback.graph.indices.algebra import without_delta
from symback.graph.indices.cancelling import matches
from symback.graph.indices.canonical import opened
from symback.graph.indices.forms import Base, Entry, Form, Index, Product
from symback.graph.indices.laws import merged, without_unused

Products: TypeAlias = tuple[Product, ...]  # a sum


class Matrix(NamedTuple):
    """An entry of a formula of arrays: (G @ B.T)_pq."""

    tree: Tree
    indices: tuple[Index, ...]


class Line(NamedTuple):
    """One line of a proof: left = right, and why."""

    left: Products
    right: Products | Matrix
    reason: str


def product_of(*bases: Base, bound: Sequence[Index] = (), number: int = 1) -> Product:
    """Return the product of bases."""
    return Product(Fraction(number), tuple(bound), tuple((base, Fraction(1)) for base in bases))


def products_of(form: Form) -> Products:
    """Return the terms of a form, with bound indices of their own."""
    return tuple(map(opened, form.terms))


def joined(left: Product, right: Product) -> Product:
    """Return a product of two, as it is."""
    number = left.coefficient * right.coefficient
    return merged(Product(number, left.bound + right.bound, left.factors + right.factors))


def without_deltas(product: Product) -> Product:
    """Let every delta take its index, and count over the indices that are left in no factor."""
    while True:
        found = without_delta(product) or without_unused(product)
        if found is None:
            return product
        ((product, forms),) = found
        for form in forms:  # the size of an axis
            (size,) = products_of(form)
            product = joined(product, size)


def with_own_value(product: Product, value: Product, name: Entry) -> Product:
    """Return the product with z for what z is, as often as that occurs."""
    for match, left in matches(value.factors, product.factors, {}, frozenset(name.free)):
        own = Entry(name.name, tuple(match[i] for i in name.indices))
        number = product.coefficient / value.coefficient
        return with_own_value(merged(Product(number, product.bound, (*left, (own, Fraction(1))))), value, name)
    return product
