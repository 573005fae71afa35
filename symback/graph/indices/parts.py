"""Parts of arrays: slices, what is joined, and entries, as products of 0 and 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from symback.graph.indices.budget import NotCovered
from symback.graph.indices.forms import POSITION, Base, Delta, Entry, Factor, Index, Part, Pending, Product
from symback.graph.indices.sizes import size_difference, size_sum


def part(start: str, inner: Index, outer: Index) -> Base:
    """Return the base that says that an entry of a part is an entry of the whole."""
    if start == "0" and inner.size == outer.size:
        return Delta(inner, outer)
    if inner.level == POSITION and inner.number >= 0 and start.isdigit():
        return Delta(Index(POSITION, int(start) + inner.number, outer.size), outer)
    return Part(start, inner, outer)


def at_indices(base: Entry | Delta | Part, moves: Mapping[Index, Index]) -> Base:
    """Return a base at other indices."""
    new = moves.get
    if isinstance(base, Entry):
        return Entry(base.name, tuple(new(i, i) for i in base.indices), base.is_symmetric, base.is_normal)
    if isinstance(base, Delta):
        return Delta(*(new(i, i) for i in base.indices))
    return part(base.start, new(base.inner, base.inner), new(base.outer, base.outer))


def joined(product: Product) -> list[Pending] | None:
    """Return the product after two parts of it have met; None where none do."""
    parts = [base for base, _ in product.factors if isinstance(base, Part)]
    for first, second in combinations(parts, 2):
        for met in (*_met(first, second, product), *_met(second, first, product)):
            rest = tuple(factor for factor in product.factors if factor[0] not in (first, second))
            return [Pending(Product(product.coefficient * met[0], met[1], (*rest, *met[2])))]
    return None


def _met(first: Part, second: Part, product: Product) -> Iterator[tuple[int, tuple[Index, ...], tuple[Factor, ...]]]:
    """Yield the sign, bound indices and factors of two parts that share an index."""
    bound = product.bound
    if first.outer == second.outer and first.outer.level != POSITION:
        if first.start == second.start and first.inner.size == second.inner.size and first.inner != second.inner:
            yield 1, bound, _powers(first, Delta(first.inner, second.inner))
        elif _is_before(first, second):
            yield 0, bound, ()
    if first.inner == second.inner and first.start == second.start and first.outer != second.outer:
        if first.outer.size == second.outer.size:
            yield 1, bound, _powers(first, Delta(first.outer, second.outer))
    elif first.outer == second.inner and first.outer in bound and _is_alone(first.outer, (first, second), product):
        others = tuple(i for i in bound if i != first.outer)
        yield 1, others, _powers(part(size_sum(first.start, second.start), first.inner, second.outer))


def _powers(*bases: Base) -> tuple[Factor, ...]:
    return tuple((base, Fraction(1)) for base in bases)


def _is_alone(index: Index, holders: Sequence[Base], product: Product) -> bool:
    return all(index not in base.free or base in holders for base, _ in product.factors)


def _is_before(first: Part, second: Part) -> bool:
    """Tell whether one part ends before the other begins, for any letters."""
    try:
        gap = size_difference(second.start, size_sum(first.start, first.inner.size))
    except NotCovered:
        return False
    return "-" not in gap
