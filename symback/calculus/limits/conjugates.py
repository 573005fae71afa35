"""A difference with a square root in it is multiplied by its conjugate, above and below."""

from __future__ import annotations

import sympy

from symback.calculus.integrals.forms import form_of, polynomial, value_of
from symback.calculus.limits.algebra import (
    cancelled,
    common_factor,
    factored,
    factors_of,
    has_form,
    inside,
    joined,
)
from symback.calculus.limits.laws import (
    CONJUGATE,
    THIRD_BINOMIAL,
)  # fmt: skip
from symback.calculus.limits.work import Work
from symback.expr.tree import (
    ONE,
    Apply,
    Neg,
    Path,
    Plus,
    Quotient,
    Times,
    Tree,
    is_free_of,
    sum_of,
)  # fmt: skip


def conjugate(work: Work, path: Path, body: Tree) -> bool:
    """Multiply a difference with a square root in it by its conjugate, above and below."""
    top, bottom = body._args if isinstance(body, Quotient) else (body, ONE)
    if isinstance(body, Quotient):
        if not (has_form(work, body, "zero") or has_form(work, body, "infinite")):
            return False
    elif work.tendency(body).kind not in ("zero", "finite") and not _is_difference_of_infinities(work, body):
        return False
    for part, is_top in ((top, True), (bottom, False)):
        partner = _conjugate_of(part)
        if partner is None or is_free_of(part, work.variable) or work.tendency(partner).kind == "zero":
            continue
        if isinstance(body, Quotient) and work.is_far and work.tendency(part).kind == "infinite":
            continue  # no difference of what is equally large
        square = _opened(part, partner)
        if square is None:
            continue
        if is_top:
            first = Quotient(Times(part, partner), joined(bottom, partner))
            second = Quotient(square, joined(bottom, partner))
        else:
            first = Quotient(joined(top, partner), Times(part, partner))
            second = Quotient(joined(top, partner), square)
        work.apply(CONJUGATE, inside(path), first, (("u + v" if _is_minus(part) else "u - v", partner),))
        work.apply(THIRD_BINOMIAL, inside(path), second)
        _cancel_beside(work, path, second, is_top)
        return True
    return False


def _is_minus(part: Tree) -> bool:
    return isinstance(part, Plus) and any(isinstance(t, Neg) for t in part._args)


def _is_difference_of_infinities(work: Work, body: Tree) -> bool:
    return isinstance(body, Plus) and all(
        work.tendency(t._args[0] if isinstance(t, Neg) else t).kind == "infinite" for t in body._args
    )


def _conjugate_of(tree: Tree) -> Tree | None:
    """Return u + v for u - v, and the other way round, where a square root is one of the two; None for other sums."""
    if not isinstance(tree, Plus) or not any(_has_root(term) for term in tree._args):
        return None
    if len(tree._args) == 2:
        first, second = tree._args
    else:
        roots = [t for t in tree._args if _has_root(t)]
        others = [t for t in tree._args if not _has_root(t)]
        if len(roots) != 1:
            return None
        first, second = roots[0], sum_of(others)
        return Plus(first, *(t._args[0] if isinstance(t, Neg) else Neg(t) for t in others))
    turned = second._args[0] if isinstance(second, Neg) else Neg(second)
    if isinstance(first, Neg):  # -u + v: the conjugate is u + v
        return Plus(first._args[0], second)
    return Plus(first, turned)


def _has_root(term: Tree) -> bool:
    bare = term._args[0] if isinstance(term, Neg) else term
    factors = bare._args if isinstance(bare, Times) else (bare,)
    return any(isinstance(f, Apply) and f.name == "sqrt" for f in factors)


def _opened(part: Tree, partner: Tree) -> Tree | None:
    value = sympy.expand(value_of(part) * value_of(partner))
    roots = (p for p in value.atoms(sympy.Pow) if p.exp == sympy.Rational(1, 2))
    if any(root.base.free_symbols for root in roots):
        return None
    return form_of(value)


def _cancel_beside(work: Work, path: Path, body: Tree, is_top: bool) -> None:
    """Cancel a common factor of a polynomial and of what stands on the other side of the bar."""
    top, bottom = body._args
    whole, product = (top, bottom) if is_top else (bottom, top)
    factors = list(product._args) if isinstance(product, Times) else [product]
    value = polynomial(value_of(whole), work.variable)
    others = [polynomial(value_of(f), work.variable) for f in factors]
    known = [o for o in others if o is not None]
    if value is None or not known or work.is_far:
        return
    beside = known[0]
    for other in known[1:]:
        beside = beside * other
    common = common_factor(value, beside) if is_top else common_factor(beside, value)
    if common is None:
        return
    roots = [f for f, o in zip(factors, others, strict=True) if o is None]
    shared = factors_of(common.as_expr(), work.variable)
    first, second = (factored(part, common, work.variable) for part in (value, beside))
    sides = (first, [*second, *roots])
    cancelled(work, path, shared, *(sides if is_top else reversed(sides)))
