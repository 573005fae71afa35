"""Names written out by their definitions, and softmax and the sigmoid by powers of e."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symback.graph.indices.algebra import assembled, call, moved, power, raised, rebuilt, sum_of, summed, times
from symback.graph.indices.cancelling import unified
from symback.graph.indices.canonical import fresh, opened, renamed
from symback.graph.indices.forms import (
    AXIS,
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
    axes,
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


def written_out(form: Form, name: str, definition: Tensor) -> Form:
    """Return the form with a name replaced by what it is."""

    def replace(base: Base) -> Form | None:
        if name not in base.names:
            return power_of(base)
        return at(definition, base.indices) if isinstance(base, Entry) else None

    untouched = Form(term for term in form.terms if name not in term.names)
    return total((untouched, mapped(Form(term for term in form.terms if name in term.names), replace)))


def with_own_value(form: Form, name: str, definition: Tensor) -> Form:
    """Return the form with a name for what it is, where that is one function: h for tanh(z), p_i for softmax(z)_i."""
    term = definition.form.terms[0] if len(definition.form.terms) == 1 else None
    if term is None or term.bound or term.coefficient != 1 or len(term.factors) != 1 or term.factors[0][1] != 1:
        return form
    own, indices = term.factors[0][0], axes(definition.shape)

    def replace(base: Base) -> Form | None:
        for match in unified(own, base, {}, own.free) if base.kind == own.kind else ():
            return power_of(Entry(name, tuple(match.get(i, i) for i in indices)))
        return None

    return mapped(form, replace) if own.free == {i for i in indices if i.level == AXIS} else form


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
