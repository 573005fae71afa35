"""Names written out by their definitions, and softmax and the sigmoid by powers of e."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from symback.graph.indices.algebra import assembled, call, moved, power, raised, rebuilt, sum_of, summed, times
from symback.graph.indices.canonical import fresh, opened, renamed
from symback.graph.indices.forms import (
    E_FORM,
    ONE,
    Base,
    Bracket,
    Call,
    Entry,
    Factor,
    Form,
    Index,
    Product,
    Term,
    Whole,
    power_of,
)
from symback.graph.indices.powers import content
from symback.graph.indices.sums import total
from symback.graph.indices.tensors import Tensor, at


def mapped(form: Form, replace: Callable[[Base], Form | None]) -> Form:
    """Return the form with bases replaced, in all that it holds too; what gives None stays."""
    return total(_term_mapped(term, replace) for term in form.terms)


def _term_mapped(term: Term, replace: Callable[[Base], Form | None]) -> Form:
    coefficient, bound, factors = opened(term)
    plain: list[Factor] = []
    forms: list[Form] = []
    for base, exponent in factors:
        new = replace(base)
        if new is None and isinstance(base, (Call, Bracket, Whole)):
            new = rebuilt(base, {}, lambda inner: mapped(inner, replace))
        if new is None:
            plain.append((base, exponent))
        else:
            forms.append(power(new, exponent))
    return assembled(Product(coefficient, bound, tuple(plain)), forms)


def names_in(form: Form) -> frozenset[str]:
    """Return the names of arrays in a form."""
    return frozenset(base.name for base in _bases(form) if isinstance(base, Entry))


def _bases(form: Form) -> Iterator[Base]:
    stack = [base for term in form.terms for base, _ in term.factors]
    while stack:
        base = stack.pop()
        yield base
        stack.extend(b for inner in _forms(base) for term in inner.terms for b, _ in term.factors)


def _forms(base: Base) -> tuple[Form, ...]:
    match base:
        case Call():
            return base.arguments
        case Bracket():
            return (base.form,)
        case Whole():
            return (base.body,)
    return ()


def written_out(form: Form, name: str, definition: Tensor) -> Form:
    """Return the form with a name replaced by what it is."""

    def replace(base: Base) -> Form | None:
        return at(definition, base.indices) if isinstance(base, Entry) and base.name == name else None

    return mapped(form, replace)


def made_symmetric(form: Form, name: str) -> Form:
    """Return the form with a matrix known to be symmetric."""

    def replace(base: Base) -> Form | None:
        if not isinstance(base, Entry) or base.name != name or len(base.indices) != 2:
            return None
        return power_of(Entry(name, base.indices, True, base.is_normal))

    return mapped(form, replace)


def over_one(form: Form) -> Form:
    """Return a multiple of the form without fractions, which is 0 only where the form is."""
    return sum_of(content(form, Fraction(1))[1]) if form else form


def in_powers_of_e(form: Form) -> Form:
    """Return the form with softmax, logsumexp, the sigmoid and what is made of them written out."""
    return mapped(form, _by_powers_of_e)


def _by_powers_of_e(base: Base) -> Form | None:
    if isinstance(base, Call) and base.function in ("sigmoid", "softplus", "silu"):
        return _activation(base.function, in_powers_of_e(base.arguments[0]))
    if isinstance(base, Whole) and base.operation in ("softmax", "logsumexp"):
        (formal,) = base.formal
        own = fresh(formal.size)
        body = in_powers_of_e(renamed(base.body, {formal: own}))
        entries = raised(E_FORM, body)
        together = summed(entries, (own,))
        return times(_moved(entries, own, base.indices), power(together, -1)) if base.indices else call("ln", together)
    return None


def _moved(entries: Form, own: Index, indices: tuple[Index, ...]) -> Form:
    return moved(entries, {own: indices[0]})


def _activation(function: str, u: Form) -> Form:
    if function == "softplus":
        return call("ln", total((ONE, raised(E_FORM, u))))
    sigmoid = power(total((ONE, power(raised(E_FORM, u), -1))), -1)
    return times(u, sigmoid) if function == "silu" else sigmoid
