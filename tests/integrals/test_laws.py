"""Each law of integration, proved at random: the derivative of its right side is its left side."""

from fractions import Fraction

import pytest

from symback.calculus.integrals.checking import slope_of
from symback.calculus.integrals.laws import LAWS, Condition, Law, holds, sides_of, table_hit
from symback.expr.tree import Tree, number, substituted, symbol
from symback.syntax import parse
from symback.verify.compare import compare

X = symbol("x")
VALUES = (Fraction(2), Fraction(3), Fraction(5, 2), Fraction(-3), Fraction(7, 3), Fraction(1, 2))
WHOLE = ("reduction formula",)  # laws of whole exponents


def cases_of(law: Law) -> list[tuple[Tree, Tree]]:
    """Return both sides of a law for some values of its letters."""
    left, right = law.sides
    letters = [name for name in "ckn" if symbol(name) in left.free_symbols]
    if not letters:
        return [(left, right)]
    found = []
    for turn in range(len(VALUES)):
        values = {name: VALUES[(turn + 2 * i) % len(VALUES)] for i, name in enumerate(letters)}
        if law.rule.name in WHOLE:
            values["n"] = Fraction(3 + turn)
        if all(holds(c, number(values[c.letter])) for c in law.conditions):
            put_in = {symbol(name): number(value) for name, value in values.items()}
            found.append((substituted(left, put_in), substituted(right, put_in)))
    return found


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.rule.law)
def test_the_derivative_of_the_right_side_is_the_left_side(law: Law) -> None:
    cases = cases_of(law)
    proved = 0
    for left, right in cases:
        integrand = left._args[0]
        outcome = compare([(integrand, slope_of(right, X))], seed=3)
        if outcome.reason == "no real values were found":
            continue  # c^x with c below 0
        assert not outcome.different, law.rule.law
        assert not outcome.reason
        assert not outcome.unchecked
        proved += 1
    assert proved


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.rule.law)
def test_the_example_of_a_law_is_met_by_it(law: Law) -> None:
    hit = table_hit(parse(law.example), X)
    assert hit is not None
    assert hit.rule == law.rule


def test_a_wrong_law_would_be_seen() -> None:
    left, right = sides_of("I(x^n) = x^(n + 1)/n")
    put_in = {symbol("n"): number(3)}
    outcome = compare([(substituted(left, put_in)._args[0], slope_of(substituted(right, put_in), X))])
    assert outcome.different


@pytest.mark.parametrize(
    ("text", "condition", "found"),
    [
        ("3", Condition("n", "!=", -1), True),
        ("-1", Condition("n", "!=", -1), False),
        ("a", Condition("n", "!=", -1), None),
        ("a^2 + 1", Condition("c", ">", 0), True),
        ("a", Condition("c", ">", 0), None),
        ("a", Condition("n", ">", 2), False),
        ("-a^2", Condition("c", ">", 0), False),
        ("sqrt(2)", Condition("c", ">", 0), True),
    ],
)
def test_conditions(text: str, condition: Condition, found: bool | None) -> None:
    assert holds(condition, parse(text)) is found
