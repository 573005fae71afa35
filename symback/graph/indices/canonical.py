"""Names of bound indices: renamed in one fixed way, so that equal terms have equal keys.

The order is found by refining colours: indices are told apart by the factors in which they stand and by the colours of
the indices beside them; where that leaves several alike, each is tried in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count

from symback.graph.indices.budget import spend
from symback.graph.indices.forms import (
    COLOUR,
    FRESH,
    Base,
    Bracket,
    Call,
    Delta,
    Entry,
    Factor,
    Form,
    Index,
    Part,
    Product,
    Term,
    Whole,
)

Renaming = Mapping[Index, Index]

_numbers = count(1)


def fresh(size: str) -> Index:
    """Return an index that occurs nowhere else."""
    return Index(FRESH, next(_numbers), size)


def opened(term: Term) -> Product:
    """Return the term with fresh bound indices, so that it can stand beside any other."""
    if not term.bound:
        return Product(term.coefficient, (), term.factors)
    renaming = {i: fresh(i.size) for i in term.bound}
    factors = tuple((renamed_base(base, renaming), exponent) for base, exponent in term.factors)
    return Product(term.coefficient, tuple(renaming.values()), factors)


# --- renaming, where different indices stay different ---------------------------------------------------------------


def renamed(form: Form, renaming: Renaming) -> Form:
    """Return the form with other names for its free indices, all different."""
    if form.free.isdisjoint(renaming):
        return form
    return Form(_renamed_term(term, renaming) for term in form.terms)


def _renamed_term(term: Term, renaming: Renaming) -> Term:
    if term.free.isdisjoint(renaming):
        return term
    factors = tuple((renamed_base(base, renaming), exponent) for base, exponent in term.factors)
    return canonical(Product(term.coefficient, term.bound, factors))


def renamed_base(base: Base, renaming: Renaming) -> Base:
    """Return the base with other names for its free indices, all different."""
    if base.free.isdisjoint(renaming):
        return base
    spend()
    new = renaming.get
    match base:
        case Entry():
            indices = tuple(new(i, i) for i in base.indices)
            return Entry(base.name, indices, base.is_symmetric, base.is_normal)
        case Delta(indices=(i, j)):
            return Delta(new(i, i), new(j, j))
        case Part(start=start, inner=i, outer=j):
            return Part(start, new(i, i), new(j, j))
        case Call():
            return Call(base.function, tuple(renamed(a, renaming) for a in base.arguments))
        case Bracket():
            return Bracket(renamed(base.form, renaming))
        case Whole():
            return whole_base(
                base.operation, base.formal, renamed(base.body, renaming), tuple(new(i, i) for i in base.indices)
            )
    raise TypeError(base)


def whole_base(operation: str, formal: Sequence[Index], body: Form, indices: tuple[Index, ...]) -> Whole:
    """Return a function of a whole array with the formal indices named in one way; inv(A.T) is inv(A).T."""
    named = tuple(Index(body.height + 1, k, i.size) for k, i in enumerate(formal))
    body = renamed(body, dict(zip(formal, named, strict=True)))
    if operation in ("inv", "logdet"):
        turned = renamed(body, {named[0]: named[1], named[1]: named[0]})
        if turned.key == body.key:
            indices = tuple(sorted(indices))
        elif turned.key < body.key:
            body, indices = turned, indices[::-1]
    return Whole(operation, named, body, indices)


# --- the canonical names of bound indices ---------------------------------------------------------------------------


def canonical(product: Product) -> Term:
    """Return the term with its bound indices renamed in one way."""
    coefficient, bound, factors = product
    if not bound:
        return Term(coefficient, (), factors)
    level = 1 + max(base.height for base, _ in factors)
    if len(bound) == 1:
        return _with_order(coefficient, bound, factors, level)
    candidates = _orders(tuple(bound), factors)
    terms = [_with_order(coefficient, order, factors, level) for order in candidates]
    return min(terms, key=lambda term: term.key) if len(terms) > 1 else terms[0]


def _with_order(coefficient: Fraction, order: Sequence[Index], factors: Sequence[Factor], level: int) -> Term:
    names = {index: Index(level, k, index.size) for k, index in enumerate(order)}
    moved = ((renamed_base(base, names), exponent) for base, exponent in factors)
    return Term(coefficient, tuple(names.values()), moved)


def _orders(bound: tuple[Index, ...], factors: Sequence[Factor]) -> list[tuple[Index, ...]]:
    """Return the orders of the bound indices that must be tried: one, where all of them can be told apart."""
    if len(bound) == 1:
        return [bound]
    found: list[tuple[Index, ...]] = []
    stack = [_refined(dict.fromkeys(bound, 0), factors)]
    while stack:
        colours = stack.pop()
        alike = _first_alike(colours)
        if not alike:
            found.append(tuple(sorted(bound, key=colours.__getitem__)))
        for chosen in _different(alike, factors):
            split = {i: 2 * c + (i in alike and i is not chosen) for i, c in colours.items()}
            stack.append(_refined(split, factors))
    return found


def _first_alike(colours: Mapping[Index, int]) -> list[Index]:
    groups: dict[int, list[Index]] = {}
    for index, colour in colours.items():
        groups.setdefault(colour, []).append(index)
    return next((group for _, group in sorted(groups.items()) if len(group) > 1), [])


def _different(alike: Sequence[Index], factors: Sequence[Factor]) -> list[Index]:
    """Leave out each index that can change places with one before it: it would give the same order again."""
    kept: list[Index] = []
    for index in alike:
        if not any(_change_places(index, other, factors) for other in kept):
            kept.append(index)
    return kept


def _change_places(a: Index, b: Index, factors: Sequence[Factor]) -> bool:
    swap = {a: b, b: a}
    holders = [(base, exponent) for base, exponent in factors if not base.free.isdisjoint(swap)]
    before = sorted((base.key, exponent) for base, exponent in holders)
    return before == sorted((renamed_base(base, swap).key, exponent) for base, exponent in holders)


def _refined(colours: dict[Index, int], factors: Sequence[Factor]) -> dict[Index, int]:
    """Return the colours told apart by the factors as far as these go."""
    while len(set(colours.values())) < len(colours):
        names = {i: Index(COLOUR, c, i.size) for i, c in colours.items()}
        signs = {i: (colours[i], i.size, sorted(_signatures(i, names, factors))) for i in colours}
        ranks = {str(sign): k for k, sign in enumerate(sorted(signs.values()))}
        new = {i: ranks[str(signs[i])] for i in colours}
        if len(set(new.values())) == len(set(colours.values())):
            return new
        colours = new
    return colours


def _signatures(index: Index, names: Mapping[Index, Index], factors: Iterable[Factor]) -> Iterator[str]:
    """Yield how the index occurs in each factor that holds it, the others being known by their colours alone."""
    own = {**names, index: Index(COLOUR, -1, index.size)}
    for base, exponent in factors:
        if index in base.free:
            yield f"{_coloured(base, own)}^{exponent}"


def _coloured(base: Base, names: Renaming) -> str:
    return renamed_base(base, names).key
