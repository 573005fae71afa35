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
DEGENERATE = ("positive", "divides by zero", "There is no real value")  # sqrt(x - x)
MOST_UNKNOWN = 4  # in a chunk: wrong answers that nothing tells at the points chosen, as 2 sech(e^(2x + 7))^2


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
    degenerate = any(words in refused for words in DEGENERATE)
    assert degenerate or not is_real_somewhere(text), (text, refused)
    return None


def check_one(text: str, rng: Random) -> bool:
    """Check an expression; True where a wrong answer to it was met with "unknown"."""
    derivation = derived(text)
    if derivation is None:
        return False
    verdict = derivation.verify()
    assert verdict.verdict != "failed", (text, verdict)
    check_against_oracle(text, derivation, ("x",))
    function, right = parse(text), derivation.last
    same = Plus(Quotient(right, TWO), Quotient(right, TWO))
    assert judge(right, same, [function]).verdict in ("yes", "unknown"), text
    return check_a_wrong_answer(text, derivation, rng)


def check_a_wrong_answer(text: str, derivation: Derivation, rng: Random) -> bool:
    """Spoil the answer in one place; it may be confirmed only where the oracle finds nothing wrong with it."""
    try:
        wrong = pairs.one_mutation(maths.sympy(derivation.last), rng)
        given = parse(wrong)
    except (SyntaxError, ParseError, ValueError):
        return False
    found = judge(derivation.last, given, [parse(text)]).verdict
    if found == "no" or not pairs.is_wrong(text, wrong, missing_too=found != "narrower"):
        return False
    assert found == "unknown", (text, wrong, found)
    return True


@pytest.mark.parametrize("seed", range(3))
def test_some_random_expressions(seed: int) -> None:
    rng = Random(f"quick {seed}")
    unknown = sum(check_one(random_expression(rng, rng.choice((1, 2, 2, 3)), shapes=SHAPES), rng) for _ in range(15))
    assert unknown <= 1


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(CHUNKS))
def test_a_hundred_thousand_random_expressions(seed: int) -> None:
    rng = Random(f"many {seed}")
    sizes = (1, 2, 2, 3, 3, 4)
    unknown = sum(check_one(random_expression(rng, rng.choice(sizes), shapes=SHAPES), rng) for _ in range(CHUNK))
    assert unknown <= MOST_UNKNOWN
