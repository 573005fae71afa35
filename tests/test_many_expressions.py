"""A hundred thousand random expressions: every derivative right by the oracle, every verdict on an answer right.

The long run is among the slow tests; a short one of the same kind runs always.
"""

from __future__ import annotations

from random import Random

import pytest

from symback.calculus.derive import derive
from symback.errors import DomainError, ParseError, TooLarge
from symback.expr.rule import Derivation
from symback.expr.tree import TWO, Plus, Quotient
from symback.page import maths
from symback.syntax import parse
from symback.verify import judge
from tests import oracle, pairs
from tests.strategies import COMMON, NEW, random_expression
from tests.test_properties import check_against_oracle, some_points

SHAPES = (*COMMON, *NEW, *NEW)
CHUNK, CHUNKS = 2_000, 50


def is_real_somewhere(text: str) -> bool:
    """Tell whether the oracle finds a real value at some point of ordinary size."""
    for point in some_points(60):
        try:
            oracle.value(text, point)
        except oracle.NotReal:
            continue
        return True
    return False


def derived(text: str) -> Derivation | None:
    """Return the derivation; None where the expression is refused, which must be with reason."""
    try:
        return derive(text, "x")
    except TooLarge:
        return None
    except DomainError as error:
        refused = error.message
    degenerate = "positive" in refused or "divides by zero" in refused  # as sqrt(x - x), whose formula has no value
    assert degenerate or not is_real_somewhere(text), (text, refused)
    return None


def check_one(text: str, rng: Random) -> None:
    derivation = derived(text)
    if derivation is None:
        return
    verdict = derivation.verify()
    assert verdict.verdict != "failed", (text, verdict)
    check_against_oracle(text, derivation, ("x",))
    function, right = parse(text), derivation.last
    same = Plus(Quotient(right, TWO), Quotient(right, TWO))
    assert judge(right, same, [function]).verdict in ("yes", "unknown"), text
    check_a_wrong_answer(text, derivation, rng)


def check_a_wrong_answer(text: str, derivation: Derivation, rng: Random) -> None:
    """Spoil the answer in one place; it may be confirmed only where the oracle finds nothing wrong with it."""
    try:
        wrong = pairs.one_mutation(maths.sympy(derivation.last), rng)
        given = parse(wrong)
    except (SyntaxError, ParseError, ValueError):
        return
    found = judge(derivation.last, given, [parse(text)]).verdict
    missing_too = found != "narrower"
    assert found == "no" or not pairs.is_wrong(text, wrong, missing_too=missing_too), (text, wrong, found)


@pytest.mark.parametrize("seed", range(3))
def test_some_random_expressions(seed: int) -> None:
    rng = Random(f"quick {seed}")
    for _ in range(40):
        check_one(random_expression(rng, rng.choice((1, 2, 2, 3)), shapes=SHAPES), rng)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(CHUNKS))
def test_a_hundred_thousand_random_expressions(seed: int) -> None:
    rng = Random(f"many {seed}")
    for _ in range(CHUNK):
        check_one(random_expression(rng, rng.choice((1, 2, 2, 3, 3, 4)), shapes=SHAPES), rng)
