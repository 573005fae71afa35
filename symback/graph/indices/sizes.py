"""Sizes as text: a number, a letter, or a sum such as `m+n` for what is joined."""

from __future__ import annotations

from collections import Counter

from symback.graph.indices.budget import NotCovered
from symback.graph.indices.forms import Constant, Form, Term, constant, power_of


def size_text(size: int) -> str:
    """Return a size of a shape as text: the letter of one that has a letter, else the number."""
    return getattr(size, "letter", "") or str(int(size))


def size_terms(text: str) -> Counter[str]:
    """Return how often each letter occurs in a size; the number has the key ""."""
    terms: Counter[str] = Counter()
    for part in text.split("+"):
        if part.lstrip("-").isdigit():
            terms[""] += int(part)
        else:
            terms[part] += 1
    return Counter({letter: count for letter, count in terms.items() if count})


def _text(terms: Counter[str]) -> str:
    if any(count < 0 for letter, count in terms.items() if letter):
        raise NotCovered("a size with a minus")
    parts = [letter for letter in sorted(terms) if letter for _ in range(terms[letter])]
    return "+".join([*parts, *([str(terms[""])] if terms[""] or not parts else [])])


def size_sum(*sizes: str) -> str:
    """Return the sum of sizes.

    >>> size_sum("n", "2", "m", "1")
    'm+n+3'
    """
    terms: Counter[str] = Counter()
    for size in sizes:
        terms.update(size_terms(size))
    return _text(terms)


def size_difference(left: str, right: str) -> str:
    """Return left - right; NotCovered where a letter would have a minus."""
    terms = size_terms(left)
    terms.subtract(size_terms(right))
    return _text(Counter({letter: count for letter, count in terms.items() if count}))


def size_form(text: str) -> Form:
    """Return the number that a size is."""
    terms = size_terms(text)
    found = [term for letter in terms for term in _times(letter, terms[letter]).terms]
    return Form(found)


def _times(letter: str, count: int) -> Form:
    if not letter:
        return constant(count)
    (term,) = power_of(Constant(letter)).terms
    return Form((Term(term.coefficient * count, (), term.factors),))
