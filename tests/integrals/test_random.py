"""Random expressions, differentiated by symback and integrated again: whatever is found is confirmed by numbers."""

from random import Random

import pytest

import symback
from symback.errors import NoRule, SymbackError
from symback.expr.tree import Diff, Tree, symbol
from symback.verify.compare import compare

X = symbol("x")
ATOMS = ("x", "x^2", "x^3", "(2x+1)", "(x^2+1)", "(1-x)", "sqrt(x)", "(3x-2)")
FUNCTIONS = (
    "sin({})", "cos({})", "e^({})", "ln({})", "ln|{}|", "arctan({})", "sqrt({})", "({})^2", "1/({})", "tan({})",
    "sinh({})", "arcsin({})", "({})^(3/2)",
)  # fmt: skip


def expression(rng: Random, depth: int) -> str:
    """Return the text of a random expression."""
    kind = rng.random()
    if depth == 0 or kind < 0.15:
        return rng.choice(ATOMS)
    if kind < 0.45:
        return rng.choice(FUNCTIONS).format(expression(rng, depth - 1))
    sign = "*" if kind < 0.75 else "+"
    return f"({expression(rng, depth - 1)} {sign} {expression(rng, depth - 1)})"


def slope(rng: Random) -> Tree | None:
    """Return the derivative of a random expression; None where it has none."""
    try:
        return symback.derive(expression(rng, 2), "x").last
    except SymbackError:
        return None


def found_of(seed: int, number: int) -> int:
    """Integrate some derivatives, check each result at points of its own, and return how many were found."""
    rng, found = Random(seed), 0
    for integrand in filter(None, (slope(rng) for _ in range(number))):
        try:
            result = symback.integrate(integrand, "x", budget=2.0)
        except NoRule:
            continue
        found += 1
        outcome = compare([(integrand, Diff(result.antiderivative, X))], seed=seed + 1)
        assert not outcome.different, integrand
        assert result.verify().verdict == "verified"
    return found


def test_what_is_found_is_right() -> None:
    assert found_of(5, 7) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 106))
def test_more_of_it(seed: int) -> None:
    assert found_of(seed, 40) >= 28
