"""The largest term: quotients are divided by it, and it is factored out of sums."""

from __future__ import annotations

from fractions import Fraction

import sympy
from sympy.core.symbol import Symbol

from symback.calculus.integrals.forms import form_of, polynomial, value_of
from symback.calculus.limits.algebra import (
    degree,
    inside,
    over,
)
from symback.calculus.limits.laws import (
    DIVIDE,
    DIVIDE_BY,
    FACTOR_OUT,
    JOIN_LOGARITHMS,
)  # fmt: skip
from symback.calculus.limits.work import Work
from symback.expr.tree import (
    ONE,
    Apply,
    Neg,
    Path,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    is_free_of,
    number_value,
    product_of,
    sum_of,
)  # fmt: skip


def divide(work: Work, path: Path, body: Tree) -> bool:
    """Divide both parts of a quotient that grow by the highest power of the variable below."""
    if not work.is_far or not isinstance(body, Quotient):
        return False
    bottom = _terms(body._args[1], work.variable)
    if work.tendency(body._args[1]).kind != "infinite":
        return False
    degrees = [degree(part, work.variable) for part in body._args]
    if None in degrees or not degrees[1]:
        return _divide_by_term(work, path, body, bottom)
    power = degrees[1]
    parts = [_divided(part, work.variable, power, work) for part in body._args]
    if None in parts:
        return False
    shown = form_of(work.variable ** sympy.Rational(power.numerator, power.denominator))
    work.apply(DIVIDE, inside(path), over(*parts), (("w", shown),))
    return True


def _terms(tree: Tree, variable: Symbol) -> list[Tree]:
    parts = tree._args if isinstance(tree, Plus) else (tree,)
    return [p._args[0] if isinstance(p, Neg) else p for p in parts]


def _divided(tree: Tree, variable: Symbol, power: Fraction, work: Work) -> Tree | None:
    """Return a root or polynomial divided by a power of the variable, term by term."""
    value = polynomial(value_of(tree), variable)
    by = variable ** sympy.Rational(power.numerator, power.denominator)
    if value is not None:
        terms = [form_of(sympy.expand(t / by)) for t in value.as_expr().as_ordered_terms()]
        return sum_of(terms)
    if isinstance(tree, Plus):
        parts = [_divided(t, variable, power, work) for t in tree._args]
        return None if None in parts else Plus(*parts)
    if isinstance(tree, Neg):
        inner = _divided(tree._args[0], variable, power, work)
        return None if inner is None else inner._args[0] if isinstance(inner, Neg) else Neg(inner)
    if isinstance(tree, Times):
        return _divided_product(tree, variable, power, work)
    if isinstance(tree, Apply) and tree.name in ("sqrt", "cbrt"):
        index = 2 if tree.name == "sqrt" else 3
        inner = _divided(tree.arguments[0], variable, power * index, work)
        if inner is None:
            return None
        root = apply(tree.name, inner)
        is_negative = index == 2 and work.sides() == (1,) and power.denominator == 1 and power.numerator % 2 == 1
        return Neg(root) if is_negative else root  # x = -sqrt(x^2) for x < 0
    if isinstance(tree, Power):
        exponent = number_value(tree._args[1])
        inner = None if not exponent else _divided(tree._args[0], variable, power / exponent, work)
        return None if inner is None else Power(inner, tree._args[1])
    return form_of(value_of(tree) / by)


def _divided_product(tree: Times, variable: Symbol, power: Fraction, work: Work) -> Tree | None:
    """Divide each factor by as much of the power as it grows."""
    made, left = [], power
    for factor in tree._args:
        grows = min(degree(factor, variable) or Fraction(0), left)
        part = _divided(factor, variable, grows, work) if grows else factor
        if part is None:
            return None
        made.append(part)
        left -= grows
    if left:
        made.append(form_of(1 / variable ** sympy.Rational(left.numerator, left.denominator)))
    return product_of([m for m in made if m != ONE])


def _divide_by_term(work: Work, path: Path, body: Quotient, candidates: list[Tree]) -> bool:
    """Divide by the term below that all others vanish against, as e^x in (e^x - 1)/(e^x + x)."""
    term = _largest(work, candidates)
    if term is None or (len(candidates) == 1 and not isinstance(body._args[0], Plus)):
        return False
    parts = [_by(part, term) for part in body._args]
    if not all(work.tendency(part).kind in ("zero", "finite") for part in parts):
        return False
    work.apply(DIVIDE_BY, inside(path), over(*parts), (("w", term),))
    return True


def _largest(work: Work, terms: list[Tree]) -> Tree | None:
    for term in terms:
        if not is_free_of(term, work.variable) and all(
            other is term or work.tendency(Quotient(other, term)).settles for other in terms
        ):
            bare = [f for f in (term._args if isinstance(term, Times) else (term,)) if not is_free_of(f, work.variable)]
            return product_of(bare)
    return None


def _by(tree: Tree, term: Tree) -> Tree:
    """Return each term of a sum over another one, simplified."""
    parts = tree._args if isinstance(tree, Plus) else (tree,)
    return sum_of([_quotient(part, term) for part in parts])


def _quotient(part: Tree, term: Tree) -> Tree:
    if isinstance(part, Neg):
        return Neg(_quotient(part._args[0], term))
    value = sympy.powsimp(value_of(part) / value_of(term))
    made = form_of(value)
    return _with_positive_exponents(made)


def _with_positive_exponents(tree: Tree) -> Tree:
    """Return e^(-2x) as 1/e^(2x): a part that is seen to vanish."""
    if isinstance(tree, Power) and isinstance(tree._args[1], Neg):
        return Quotient(ONE, Power(tree._args[0], tree._args[1]._args[0]))
    return tree


def factor_out(work: Work, path: Path, body: Tree) -> bool:
    """Factor the largest term out of a sum that grows, or of a difference of what grows."""
    if not work.is_far or not isinstance(body, Plus):
        return False
    terms = _terms(body, work.variable)
    term = _largest(work, terms)
    if term is None or term == ONE:
        return False
    bracket = _by(body, term)
    if work.tendency(bracket).kind != "finite":
        return False
    work.apply(FACTOR_OUT, inside(path), Times(term, bracket), (("u", term),))
    return True


def join_logarithms(work: Work, path: Path, body: Tree) -> bool:
    """The difference of two logarithms that grow is the logarithm of a quotient."""
    if not isinstance(body, Plus) or len(body._args) != 2:
        return False
    first, second = body._args
    if isinstance(first, Neg) and not isinstance(second, Neg):
        first, second = second, first
    if not (isinstance(second, Neg) and _is_ln(first) and _is_ln(second._args[0])):
        return False
    result = apply("ln", Quotient(first._args[1], second._args[0]._args[1]))
    work.apply(JOIN_LOGARITHMS, inside(path), result)
    return True


def _is_ln(tree: Tree) -> bool:
    return isinstance(tree, Apply) and tree.name == "ln"
