"""Random limits against numbers from both sides, worked out by mpmath's own extrapolation, and the tables of laws."""

from random import Random

import pytest
from mpmath import mp

import symback
from symback.calculus.limits.laws import KNOWN, OUTER, known_limits
from symback.page.maths import text

FACTORS = ("sin({k}x)", "tan({k}x)", "(e^({k}x) - 1)", "ln(1 + {k}x)", "{k}x", "arctan({k}x)", "(sqrt(1 + {k}x) - 1)")


def made(seed: int) -> tuple[str, str]:
    """Return a limit of the form 0/0 at 0, or a rational one far out."""
    rng = Random(seed)
    if seed % 3 == 0:
        top, bottom = ("+".join(f"{rng.randint(1, 9)}x^{n}" for n in rng.sample(range(4), 2)) for _ in range(2))
        return f"({top})/({bottom} + 1)", "oo"
    first, second = (rng.choice(FACTORS).format(k=rng.randint(1, 5)) for _ in range(2))
    return f"{first}/({second})", "0"


def by_numbers(function: str, place: str, side: int) -> float:
    import sympy

    x = sympy.Symbol("x")
    value = sympy.lambdify(x, symback.parse(function).doit().subs(symback.parse("x"), x), "mpmath")
    with mp.workdps(60):
        far = [value(mp.mpf(10) ** n if place == "oo" else side * mp.mpf(10) ** -n) for n in (18, 22)]
        return float(far[-1])


@pytest.mark.parametrize("seed", range(36))
def test_numbers_from_both_sides_agree(seed: int) -> None:
    function, place = made(seed)
    found = symback.limit(function, "x", place)
    assert found.verify().verdict == "verified"
    for side in (-1, 1):
        number = by_numbers(function, place, side)
        if found.is_infinite:
            assert number > 1e6
        else:
            assert abs(number - float(found.answer)) < 1e-9


@pytest.mark.parametrize(("example", "value", "to"), [(row[3], row[1], row[2]) for row in KNOWN])
def test_every_known_limit_is_met_and_right(example: str, value: str, to: str) -> None:
    found = symback.limit(example, "x", to)
    assert found.verify().verdict == "verified"
    assert any("known limit" in move.rule.name for move in found.moves)


def test_laws_say_what_they_do() -> None:
    assert known_limits()[0].rule == ("known limit of sin(u)/u", "lim sin(u)/u = 1 for u -> 0", False)


@pytest.mark.parametrize(("function", "to", "value"), [row for row in OUTER if row[1] != "0"])
def test_functions_far_out(function: str, to: str, value: str) -> None:
    found = symback.limit(function, "x", to)
    assert text(found.last) == text(symback.parse(value)) if "oo" not in value else text(found.last) == value
    assert found.verify().verdict == "verified"
