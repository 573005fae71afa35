"""What a bracket or an inverse cancels beside it, by one law: its leading term is itself less the other terms.

    x (x + y)^-1            =  1 - y (x + y)^-1
    sum_k inv(A)_ik A_kj    =  delta_ij

The leading term is the largest, so that the law ends; its bound indices must stand nowhere else in the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import permutations

from symback.graph.indices.budget import spend
from symback.graph.indices.canonical import opened, renamed, renamed_base
from symback.graph.indices.forms import Base, Bracket, Delta, Entry, Factor, Form, Index, Pending, Product, Term, Whole

Bound = dict[Index, Index]  # what the indices of the law stand for


def cancelled(product: Product) -> list[Pending] | None:
    """Return the terms of the product after one cancellation, None where there is none."""
    for place, (base, exponent) in enumerate(product.factors):
        if isinstance(base, Bracket) and (exponent < 0 or exponent.denominator > 1):
            found = _by_bracket(product, place)
        elif isinstance(base, Whole) and base.operation == "inv" and exponent == 1:
            found = _by_inverse(product, place)
        else:
            found = None
        if found is not None:
            return found
    return None


def _by_bracket(product: Product, place: int) -> list[Pending] | None:
    base, exponent = product.factors[place]
    assert isinstance(base, Bracket)
    lead = leading_term(base.form.terms)
    others = (*product.factors[:place], *product.factors[place + 1 :])
    found = _found(lead, others, product.bound, base.free) if lead else None
    if lead is None or found is None:
        return None
    taken, left = found
    bound = tuple(i for i in product.bound if i not in taken)
    number = product.coefficient / lead.coefficient
    results = [Pending(Product(number, bound, (*left, (base, exponent + 1))))]
    rest = Form(term for term in base.form.terms if term is not lead)
    if rest:
        results.append(Pending(Product(-number, bound, (*left, (base, exponent))), (rest,)))
    return results


def leading_term(terms: Sequence[Term]) -> Term | None:
    """Return the largest term that is neither a number nor a multiple of the identity, None where there is none."""
    terms = [t for t in terms if t.factors and not any(isinstance(base, Delta) for base, _ in t.factors)]
    return max(terms, key=_degree) if terms else None


def _degree(term: Term) -> tuple[Fraction, list[str], str]:
    degree = sum((e for base, e in term.factors if e > 0 and base.free), Fraction(0))
    return degree, sorted(base.kind for base, _ in term.factors), term.key


def _found(
    lead: Term, factors: tuple[Factor, ...], bound: Sequence[Index], held: frozenset[Index]
) -> tuple[set[Index], tuple[Factor, ...]] | None:
    """Find the factors of the leading term; return its bound indices there, and the factors that are left."""
    own = opened(lead)
    for match, left in matches(own.factors, factors, {}, frozenset(own.bound)):
        taken = {match[i] for i in own.bound if i in match}  # a sum over what no factor holds stands for nothing
        beside = held.union(*(base.free for base, _ in left))
        if len(taken) == len(own.bound) and taken <= set(bound) and taken.isdisjoint(beside):
            return taken, left
    return None


# --- inverse matrices -----------------------------------------------------------------------------------------------


def _by_inverse(product: Product, place: int) -> list[Pending] | None:
    """Cancel inv(M) with M on its right, or on its left."""
    base, _ = product.factors[place]
    assert isinstance(base, Whole)
    others = (*product.factors[:place], *product.factors[place + 1 :])
    for side in (1, 0):
        summed, stays = base.indices[side], base.indices[1 - side]
        if summed not in product.bound or summed == stays:
            continue
        found = _times_inverse(product, base, others, side)
        if found is not None:
            return found
    return None


def _times_inverse(product: Product, base: Whole, others: tuple[Factor, ...], side: int) -> list[Pending] | None:
    """Cancel sum_k inv(M)_ik M_kj (side 1) or sum_k M_jk inv(M)_ki (side 0)."""
    summed, stays = base.indices[side], base.indices[1 - side]
    near, far = base.formal[1 - side], base.formal[side]
    body = renamed(base.body, {near: summed})
    lead = leading_term(body.terms)
    if lead is None or summed not in lead.free or far not in lead.free:
        return None
    own = opened(lead)
    for match, left in matches(own.factors, others, {}, frozenset((*own.bound, far))):
        taken = {summed, *(match[i] for i in own.bound)}
        beside = frozenset((stays, match[far])).union(*(b.free for b, _ in left))
        if len(taken) <= len(own.bound) or not taken <= set(product.bound) or not taken.isdisjoint(beside):
            continue
        bound = tuple(i for i in product.bound if i not in taken)
        number = product.coefficient / lead.coefficient
        unit = (Delta(stays, match[far]), Fraction(1))
        results = [Pending(Product(number, bound, (*left, unit)))]
        rest = renamed(Form(term for term in body.terms if term is not lead), {far: match[far]})
        if rest:
            kept = Product(-number, (*bound, summed), (*left, (base, Fraction(1))))
            results.append(Pending(kept, (rest,)))
        return results
    return None


# --- finding factors ------------------------------------------------------------------------------------------------


def matches(
    pattern: Sequence[Factor], factors: tuple[Factor, ...], match: Bound, variables: frozenset[Index]
) -> Iterator[tuple[Bound, tuple[Factor, ...]]]:
    """Yield what the variables of the pattern stand for, and the factors that are left, for each way to find it."""
    if not pattern:
        yield match, factors
        return
    base, exponent = pattern[0]
    for place, (other, power) in enumerate(factors):
        if other.kind != base.kind or power * exponent <= 0 or abs(power) < abs(exponent):
            continue
        spend()
        left = (*factors[:place], *factors[place + 1 :])
        if power != exponent:
            left = (*left, (other, power - exponent))
        for more in unified(base, other, match, variables):
            yield from matches(pattern[1:], left, more, variables)


def unified(base: Base, other: Base, match: Bound, variables: frozenset[Index]) -> Iterator[Bound]:
    """Yield what the variables stand for where a base is another one."""
    if base == other and base.free.isdisjoint(variables):
        yield match
    elif isinstance(base, Entry) and isinstance(other, Entry):
        orders = {other.indices, other.indices[::-1]} if base.is_symmetric else {other.indices}
        for indices in sorted(orders):
            found = _paired(base.indices, indices, match, variables)
            if found is not None:
                yield found
    else:
        yield from _unified_forms(base, other, match, variables)


def _paired(
    indices: Sequence[Index], others: Sequence[Index], match: Mapping[Index, Index], variables: frozenset[Index]
) -> Bound | None:
    found = dict(match)
    if len(indices) != len(others):
        return None
    for index, other in zip(indices, others, strict=True):
        if index not in variables:
            if index != other:
                return None
        elif index.size != other.size or found.setdefault(index, other) != other:
            return None
    return found


def _unified_forms(base: Base, other: Base, match: Bound, variables: frozenset[Index]) -> Iterator[Bound]:
    """Try the free indices of what holds forms in every order: there are two or three."""
    own = sorted(base.free & variables)
    rest = base.free - variables
    candidates = sorted(other.free - rest) if len(other.free) == len(base.free) <= 4 else []
    for indices in permutations(candidates, len(own)):
        spend()
        found = _paired(own, indices, match, variables)
        if found is not None and renamed_base(base, dict(zip(own, indices, strict=True))).key == other.key:
            yield found
