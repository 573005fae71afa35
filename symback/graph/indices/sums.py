"""Sums of index forms: like terms are taken together."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symback.graph.indices.budget import MOST_TERMS, TooLong
from symback.graph.indices.forms import ZERO, Form, Term


def total(forms: Iterable[Form]) -> Form:
    """Return the sum of forms, like terms taken together."""
    terms: dict[str, Term] = {}
    coefficients: dict[str, Fraction] = {}
    for form in forms:
        for term in form.terms:
            key = term.key
            if key in terms:
                coefficients[key] += term.coefficient
            else:
                terms[key], coefficients[key] = term, term.coefficient
    if len(terms) > MOST_TERMS:
        raise TooLong
    return Form(with_number(terms[key], value) for key, value in coefficients.items() if value)


def with_number(term: Term, coefficient: Fraction) -> Term:
    """Return the term with another number."""
    return term if term.coefficient == coefficient else term.with_number(coefficient)


def scaled(form: Form, by: Fraction | int) -> Form:
    """Return a multiple of the form."""
    if by == 1:
        return form
    return Form(with_number(term, term.coefficient * by) for term in form.terms) if by else ZERO


def difference(left: Form, right: Form) -> Form:
    """Return left - right."""
    return total((left, scaled(right, -1)))
